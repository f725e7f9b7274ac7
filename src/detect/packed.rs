//! Tables that the program holds packed. A chunk of one is unpacked when a number in it is first asked for.
//!
//! Most texts are of one script, which needs few chunks, for what it needs stands together (`build/scan.rs`). The low bytes of
//! a chunk are packed before the high ones: what stands side by side is alike then.

use std::sync::OnceLock;

/// A table of `N` chunks of up to `CHUNK` numbers.
pub struct Packed<const CHUNK: usize, const N: usize> {
    packed: &'static [u8],
    /// Where each chunk ends in `packed`.
    ends: &'static [u32; N],
    chunks: [OnceLock<Vec<u16>>; N],
}

impl<const CHUNK: usize, const N: usize> Packed<CHUNK, N> {
    /// Nothing of it is unpacked.
    pub const fn new(packed: &'static [u8], ends: &'static [u32; N]) -> Packed<CHUNK, N> {
        Packed { packed, ends, chunks: [const { OnceLock::new() }; N] }
    }

    /// The row with this number; a chunk has rows of one length only.
    ///
    /// # Panics
    /// If there is none.
    #[inline(always)]
    pub fn row<const LEN: usize>(&self, row: usize) -> &[u16; LEN] {
        let rows = CHUNK / LEN;
        &self.chunk(row / rows).as_chunks().0[row % rows]
    }

    /// The number at `at`.
    ///
    /// # Panics
    /// If there is none.
    #[inline(always)]
    pub fn at(&self, at: usize) -> u16 {
        self.chunk(at / CHUNK)[at % CHUNK]
    }

    /// The numbers of a chunk.
    ///
    /// # Panics
    /// If there is none.
    #[inline(always)]
    pub fn chunk(&self, number: usize) -> &[u16] {
        self.chunks[number].get_or_init(|| self.unpack(number))
    }

    #[cold]
    fn unpack(&self, number: usize) -> Vec<u16> {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        let packed = &self.packed[start..self.ends[number] as usize];
        // The build has packed them.
        let bytes = miniz_oxide::inflate::decompress_to_vec_with_limit(packed, 2 * CHUNK).unwrap_or_default();
        let (low, high) = bytes.split_at(bytes.len() / 2);
        low.iter().zip(high).map(|(low, high)| u16::from_le_bytes([*low, *high])).collect()
    }
}
