//! The scan for suspects.

use crate::codec::{self, Record};

/// The byte offset of the first suspect at or after `from` (a character border).
pub fn next_suspect(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        at += ascii_len(&bytes[at..]);
        // A run of characters outside ASCII: the records of the last three say whether a sequence began there.
        let mut chars = text[at..].chars();
        let mut window: [Option<(usize, &'static Record)>; 3] = [None; 3];
        loop {
            let here = text.len() - chars.as_str().len();
            let Some(c) = chars.next() else { return None };
            if c.is_ascii() {
                at = here;
                break;
            }
            if ('\u{80}'..='\u{9f}').contains(&c) {
                // An earlier sequence that this control ends begins before it.
                return Some(window.iter().flatten().map(|w| w.0).min().unwrap_or(here));
            }
            let record = codec::record(c);
            let mut trail = record.trail;
            if trail != 0 {
                if let Some((start, first)) = window[0] {
                    if first.lead2 & trail != 0 {
                        return Some(start);
                    }
                    if let Some((start, earlier)) = window[1] {
                        trail &= first.trail;
                        if earlier.lead3 & trail != 0 {
                            return Some(start);
                        }
                        if let Some((start, earliest)) = window[2] {
                            if earliest.lead4 & trail & earlier.trail != 0 {
                                return Some(start);
                            }
                        }
                    }
                }
            }
            window = [Some((here, record)), window[0], window[1]];
        }
    }
}

/// How many bytes of ASCII come first.
fn ascii_len(bytes: &[u8]) -> usize {
    let mut at = 0;
    for chunk in bytes.chunks_exact(16) {
        if !chunk.is_ascii() {
            break;
        }
        at += 16;
    }
    at + bytes[at..].iter().take_while(|b| b.is_ascii()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suspects() {
        assert_eq!(next_suspect("plain", 0), None);
        assert_eq!(next_suspect("naïve café – “right” Привет", 0), None);
        assert_eq!(next_suspect("ab cafÃ©", 0), Some(6));
        assert_eq!(next_suspect("éâ€™s", 0), Some(2));
        assert_eq!(next_suspect("x ðŸ˜€", 0), Some(2));
        assert_eq!(next_suspect("lone \u{92} control", 0), Some(5));
        assert_eq!(next_suspect("cafÃ©", 7), None);
    }
}
