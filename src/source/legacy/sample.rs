//! A part of a source that is enough to tell its encoding: what stands around bytes outside ASCII, from all over it.
//!
//! In: the bytes. Out: pieces of lines. What is no valid UTF-8 may be rare among what is, and has a share of its own. Must not:
//! hold more than a bounded number of pieces, however large the source.

use std::ops::Range;

/// So many bytes of a line make a piece, about.
const PIECE: usize = 400;
/// So much of what stands before the first byte outside ASCII belongs to it.
const BEFORE: usize = 80;
/// So many bytes are sampled in all, about.
const MOST: usize = 12 << 10;
/// So many pieces are held meanwhile.
const HELD: usize = 2 << 10;

/// The pieces of a source: those that are no valid UTF-8, and those that are; each in order.
pub fn pieces(source: &[u8]) -> (Vec<&[u8]>, Vec<&[u8]>) {
    let (mut invalid, mut valid) = (Share::default(), Share::default());
    let mut from = 0;
    while let Some(piece) = next(source, from) {
        from = piece.end;
        let is_valid = simdutf8::basic::from_utf8(&source[piece.clone()]).is_ok();
        if is_valid { valid.add(piece) } else { invalid.add(piece) }
    }
    (invalid.taken(source), valid.taken(source))
}

/// Pieces of one kind: when there are too many, every second one goes, and from then on half as many come.
#[derive(Default)]
struct Share {
    held: Vec<Range<usize>>,
    count: usize,
    halved: u32,
}

impl Share {
    fn add(&mut self, piece: Range<usize>) {
        if self.count.is_multiple_of(1 << self.halved) {
            self.held.push(piece);
        }
        self.count += 1;
        if self.held.len() == HELD {
            let mut number = 0;
            self.held.retain(|_| {
                number += 1;
                number % 2 == 1
            });
            self.halved += 1;
        }
    }

    fn taken(self, source: &[u8]) -> Vec<&[u8]> {
        let total: usize = self.held.iter().map(Range::len).sum();
        self.held.into_iter().step_by(total.div_ceil(MOST).max(1)).map(|piece| &source[piece]).collect()
    }
}

/// The first piece that begins at `from` or later.
fn next(source: &[u8], from: usize) -> Option<Range<usize>> {
    let at = from + source[from..].iter().position(|byte| !byte.is_ascii())?;
    let line = memchr::memrchr(b'\n', &source[from..at]).map_or(from, |feed| from + feed + 1);
    let near = at.saturating_sub(BEFORE).max(line);
    let start = if near == line { line } else { memchr::memchr(b' ', &source[near..at]).map_or(near, |at| near + at) };
    let far = source.len().min(start + PIECE);
    let end = match memchr::memchr(b'\n', &source[at..far]) {
        Some(feed) => at + feed,
        None if far == source.len() => far,
        // Not in the middle of a word, nor of a character.
        None => memchr::memrchr(b' ', &source[at..far]).map_or(far, |space| at + space),
    };
    Some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_bytes_outside_ascii_and_no_others() {
        let source = b"plain\nGr\xFC\xDFe\n\nplain\n\xE9t\xE9\n\xC3\xA9";
        assert_eq!(pieces(source), (vec![&b"Gr\xFC\xDFe"[..], b"\xE9t\xE9"], vec![&b"\xC3\xA9"[..]]));
        assert!(pieces(b"").0.is_empty() && pieces(b"plain").0.is_empty());
    }

    #[test]
    fn a_large_source_gives_a_small_sample_from_all_over() {
        let line = b"Gr\xFC\xDFe aus dem Norden\n";
        let source = line.repeat(100_000);
        let (sample, _) = pieces(&source);
        let total: usize = sample.iter().map(|piece| piece.len()).sum();
        assert!(total > MOST / 4 && total <= MOST + PIECE, "{total}");
        let place = |piece: &[u8]| piece.as_ptr() as usize - source.as_ptr() as usize;
        assert!(place(sample[sample.len() - 1]) > source.len() / 2);
        let long = b"Gr\xFC\xDFe ".repeat(10_000);
        assert!(pieces(&long).0.iter().all(|piece| piece.len() <= PIECE));
    }
}
