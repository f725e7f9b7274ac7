//! The key of three characters in the table of Chinese, Japanese and Korean. `build/large.rs` reads this file too.

/// The key of three characters by their numbers, in 28 bits; 0 in place of the third is for what none of the listed ones is.
pub fn key(before: usize, last: usize, next: usize) -> u32 {
    let all = (before << 28 | last << 14 | next) as u64;
    let mixed = (all ^ all >> 23).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed ^ mixed >> 29).wrapping_mul(0xD6E8_FEB8_6659_FD93) >> 36) as u32
}
