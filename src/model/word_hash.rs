//! The number of a word in the list of common words. `build/words.rs` reads this file too.

/// Goes through a word letter by letter.
#[derive(Clone, Copy)]
pub struct WordHash(u64);

/// How many bits say which group a word is in, and how many tell it from the others of its group.
pub const GROUP_BITS: u32 = 17;
pub const NUMBER_BITS: u32 = 14;
/// How many bits an entry has: the number, and the family of languages that the word is of.
pub const ENTRY_BITS: u32 = NUMBER_BITS + 3;
/// In place of a family: several.
pub const MIXED: u32 = 7;
/// Of so many groups together it is known where they begin.
pub const RUN: usize = 16;
/// How many bits say which group a word is in among those whose languages are listed one by one.
pub const RIVAL_BITS: u32 = 11;

impl WordHash {
    /// Before the first letter.
    pub const START: WordHash = WordHash(0x243F_6A88_85A3_08D3);

    /// Goes on by one letter, in lower case.
    #[inline]
    pub fn letter(&mut self, c: char) {
        self.0 = (self.0 ^ u64::from(u32::from(c))).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 ^= self.0 >> 29;
    }

    /// The group of the word, and what it is in it.
    #[inline]
    pub fn place(self) -> (usize, u32) {
        let mixed = self.0.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        ((mixed >> (64 - GROUP_BITS)) as usize, (mixed >> 24) as u32 & ((1 << NUMBER_BITS) - 1))
    }

    /// The same among those whose languages are listed one by one.
    pub fn rival(self) -> (usize, u16) {
        let mixed = self.0.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        ((mixed >> (64 - RIVAL_BITS)) as usize, (mixed >> 24 & 0xFFFF) as u16)
    }
}
