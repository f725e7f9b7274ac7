//! Where a text is cut.

/// A line longer than this many bytes is cut into pieces.
pub const LONG_LINE: usize = 64 << 10;
/// No piece is longer than this many bytes.
pub const LONGEST_PIECE: usize = 2 * LONG_LINE;
/// A long line is cut inside a run of this many bytes of ASCII.
const CUT_RUN: usize = 16;
/// Evidence does not reach across this many bytes of ASCII.
const STRETCH_GAP: usize = 256;

/// Where the piece ends that begins at the start of `text`, which must itself be the start of a piece: after the line
/// feed, or, in a long line, after a run of ASCII.
///
/// What it says depends on the first [`LONGEST_PIECE`] + 3 bytes of `text` only.
pub fn piece_end(text: &[u8]) -> usize {
    let head = &text[..text.len().min(LONG_LINE)];
    if let Some(at) = memchr::memchr(b'\n', head) {
        return at + 1;
    }
    if text.len() <= LONG_LINE {
        return text.len();
    }
    let mut run = 0;
    for (at, &byte) in text.iter().enumerate().take(LONGEST_PIECE).skip(LONG_LINE - CUT_RUN) {
        run = if byte.is_ascii() { run + 1 } else { 0 };
        if byte == b'\n' || run >= CUT_RUN && at >= LONG_LINE {
            return at + 1;
        }
    }
    // No such run: as far as fits, but inside no character. One that reaches across begins at most three bytes before.
    let end = text.len().min(LONGEST_PIECE);
    if end == text.len() || (text[end] as i8) >= -0x40 {
        return end;
    }
    (end - 3..end).rev().find(|&at| text[at] >= 0xC0).unwrap_or(end)
}

/// The stretches of a piece: cut where a long run of ASCII lets no evidence through. The cut lies inside the run.
pub fn stretches(piece: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = piece.as_bytes();
    let mut start = 0;
    std::iter::from_fn(move || {
        if start >= bytes.len() {
            return None;
        }
        let (mut run, mut end) = (0, bytes.len());
        for (at, byte) in bytes.iter().enumerate().skip(start) {
            run = if byte.is_ascii() { run + 1 } else { 0 };
            if run == STRETCH_GAP {
                end = at + 1 - STRETCH_GAP / 2;
                break;
            }
        }
        let stretch = (start, &piece[start..end]);
        start = end;
        Some(stretch)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_ends_with_its_line() {
        assert_eq!(piece_end(b"ab\ncd"), 3);
        assert_eq!(piece_end(b"ab"), 2);
    }

    #[test]
    fn a_long_line_is_cut_in_ascii_or_at_a_character() {
        let words = "é and some more plain words ".repeat(9000);
        let end = piece_end(words.as_bytes());
        assert!((LONG_LINE..=LONGEST_PIECE).contains(&end) && words.is_char_boundary(end));
        for shift in 0..4 {
            let dense = "x".repeat(shift) + &"😀".repeat(100_000);
            let end = piece_end(dense.as_bytes());
            assert!((LONG_LINE..=LONGEST_PIECE).contains(&end) && dense.is_char_boundary(end));
        }
    }

    #[test]
    fn stretches_put_together_are_the_piece() {
        let piece = format!("a é {} é b {} é", "x".repeat(300), "y".repeat(1000));
        let all: String = stretches(&piece).map(|(_, s)| s).collect();
        assert_eq!(all, piece);
        assert!(stretches(&piece).count() >= 3);
    }
}
