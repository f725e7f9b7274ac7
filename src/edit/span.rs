//! A half-open range of bytes.

use std::ops::Range;

/// A half-open range of byte offsets (0-based) into a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u64,
    /// Offset after the last byte.
    pub end: u64,
}

impl Span {
    /// A span from `start` up to, not including, `end`.
    ///
    /// # Panics
    /// When `end < start`.
    pub fn new(start: u64, end: u64) -> Span {
        assert!(start <= end, "a span ends before it starts: {start}..{end}");
        Span { start, end }
    }

    /// The number of bytes in it.
    pub fn len(&self) -> u64 {
        self.end - self.start
    }

    /// Whether it holds no byte.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// The span as a range to index a buffer that begins at offset `base` of the source.
    ///
    /// # Panics
    /// When the span begins before `base`.
    pub fn range_from(&self, base: u64) -> Range<usize> {
        let at = |offset: u64| {
            usize::try_from(offset.checked_sub(base).expect("span before its buffer")).expect("buffer in memory")
        };
        at(self.start)..at(self.end)
    }

    /// The span as a range into the whole source.
    pub fn range(&self) -> Range<usize> {
        self.range_from(0)
    }
}
