//! Suspects in plain ASCII: NUL between characters, as UTF-16 leaves it that was read as single bytes.

/// The first NUL at or after `from` that has a character other than NUL before or after it.
pub fn next_suspect(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr(0, rest)) {
        let nul = at + found;
        let other = |at: usize| text.get(at).is_some_and(|&byte| byte != 0);
        if nul > 0 && other(nul - 1) || other(nul + 1) {
            return Some(nul);
        }
        at = nul + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_beside_something() {
        assert_eq!(next_suspect(b"plain", 0), None);
        assert_eq!(next_suspect(b"H\0e\0", 0), Some(1));
        assert_eq!(next_suspect(b"H\0e\0", 2), Some(3));
        assert_eq!(next_suspect(b"\0\0\0", 0), None);
    }
}
