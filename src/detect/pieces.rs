//! Where a text is cut.

use crate::codec::Roles;

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
    let end = text.len().min(LONGEST_PIECE);
    if end == text.len() {
        return end;
    }
    dense_cut(&text[..=end])
}

/// Where to cut text without such a run, before its last byte: after a blank, or else between two characters where no
/// damaged character lies across, in any page; or else inside no character at least.
fn dense_cut(text: &[u8]) -> usize {
    let last = text.len() - 1;
    if let Some(at) = memchr::memrchr(b' ', &text[LONG_LINE..last]) {
        return LONG_LINE + at + 1;
    }
    // A character that reaches across begins at most three bytes before.
    let is_inside = |at: usize| (text[at] as i8) < -0x40;
    let border =
        |at: usize| if is_inside(at) { (at - 3..at).rev().find(|&at| text[at] >= 0xC0).unwrap_or(at) } else { at };
    let (start, end) = (border(last - NEAR), border(last));
    let mut begun = Begun::default();
    let mut cut = end;
    let near = std::str::from_utf8(&text[start..end]).unwrap_or_default();
    for (at, c) in near.char_indices() {
        let roles = crate::codec::record(c).roles;
        // The first few may belong to something begun before.
        if at >= NEAR / 4 && !begun.goes_on(&roles) {
            cut = start + at;
        }
        begun.take(&roles);
    }
    cut
}

/// How far back from where it must be, at most, a cut between damaged characters is looked for, in bytes.
const NEAR: usize = 64;

/// The damaged characters that have begun and not ended, by page: those of which one, two or three bytes are missing.
#[derive(Default)]
struct Begun([u64; 3]);

impl Begun {
    fn goes_on(&self, roles: &Roles) -> bool {
        (self.0[0] | self.0[1] | self.0[2]) & roles.trail != 0
    }

    fn take(&mut self, roles: &Roles) {
        let [_, two, three] = self.0;
        self.0 = [roles.lead2 | two & roles.trail, roles.lead3 | three & roles.trail, roles.lead4];
    }
}

/// The stretches of a piece: cut where a long run of ASCII lets no evidence through. The cut lies inside the run.
pub fn stretches(piece: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = piece.as_bytes();
    let mut start = 0;
    std::iter::from_fn(move || {
        if start >= bytes.len() {
            return None;
        }
        // Where the run may begin: after the last character that is in its way.
        let mut run = start;
        let end = loop {
            let Some(gap) = bytes.get(run..run + STRETCH_GAP) else { break bytes.len() };
            match gap.iter().rposition(|byte| !byte.is_ascii()) {
                Some(last) => run += last + 1,
                None => break run + STRETCH_GAP / 2,
            }
        };
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
