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
/// How many bits say which group a word is in among those of which it is known how often they are met.
const FREQUENT_BITS: u32 = 11;
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

    /// The same among those of which it is known how often they are met.
    pub fn frequent(self) -> (usize, u32) {
        let mixed = self.0.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        ((mixed >> (64 - FREQUENT_BITS)) as usize, (mixed >> (46 - FREQUENT_BITS)) as u32 & ((1 << 18) - 1))
    }

    /// How many groups these are in.
    #[allow(dead_code, reason = "for the build script")]
    pub const FREQUENT_GROUPS: usize = 1 << FREQUENT_BITS;

    /// The same among those whose languages are listed one by one.
    pub fn rival(self) -> (usize, u16) {
        let mixed = self.0.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        ((mixed >> (64 - RIVAL_BITS)) as usize, (mixed >> 24 & 0xFFFF) as u16)
    }
}

/// A word of which it is known how often it is met, as it is kept: its number in 18 bits, how it begins within a sentence in 2, a
/// language in 7, what it costs there in 5.
#[allow(dead_code, reason = "for the build script")]
pub fn frequent_entry(number: u32, case: u32, language: u32, cost: u32) -> u32 {
    number << 14 | case << 12 | language << 5 | cost
}

/// The number, how it begins, the language and the cost.
#[allow(dead_code, reason = "not for the build script")]
pub fn of_frequent_entry(entry: u32) -> (u32, u32, usize, i32) {
    (entry >> 14, entry >> 12 & 3, (entry >> 5 & 0x7F) as usize, (entry & 0x1F) as i32)
}
