//! What the scan wants to know of each pair of characters, computed by `build/scan.rs` from the model and the code pages.
//!
//! Code points are taken in blocks of 64, so that the last byte of a UTF-8 sequence is the place in a block and the bytes
//! before it say which block. A pair is looked up in three steps, none of which waits for the pair before: the two blocks
//! give a group of rows, the place of the first character gives a row of four parts, the place of the second one gives the part
//! and in it the [`Entry`]. Blocks that hardly ever meet in the corpus share a group, and equal parts are stored once, so that
//! what one language uses fits the nearest cache.
//!
//! For scripts with thousands of characters there are no pairs: after its like, a character has a surprise of its own, and
//! between such a script and a small one the tables hold an upper bound.

use super::thresholds::{COMMON_WITHIN, MORE, VERY_COMMON_WITHIN};

include!(concat!(env!("OUT_DIR"), "/scan.rs"));

/// A quarter of a row each.
static PARTS_OF: &[[[u8; 2]; PART]] =
    include_bytes!(concat!(env!("OUT_DIR"), "/scan-parts.bin")).as_chunks().0.as_chunks().0;
/// The numbers of the parts of 64 rows a group.
static GROUPS_OF: &[[u8; 2]] = include_bytes!(concat!(env!("OUT_DIR"), "/scan-groups.bin")).as_chunks().0;
/// The number of the group of each two blocks.
static GROUP_OF: &[[u8; 2]] = include_bytes!(concat!(env!("OUT_DIR"), "/scan-group-of.bin")).as_chunks().0;
/// For each character of the large scripts: its surprise after its like, and its level.
static ALONE: &[[u8; 2]] = include_bytes!(concat!(env!("OUT_DIR"), "/scan-alone.bin")).as_chunks().0;
/// For each character of a small script: what one of a large script costs more after it, for two kinds of large scripts;
/// and the most surprise that a very common one may add there, a common one, and another one.
static EXTRA: &[u8; KINDS * 64 * EXTRAS] = include_bytes!(concat!(env!("OUT_DIR"), "/scan-extra.bin"));

/// Of each 128 characters, the number of their list of pairs that change nothing; 0 is an empty one.
static CALM_OF: &[u8; 512] = include_bytes!(concat!(env!("OUT_DIR"), "/scan-calm-of.bin"));
/// For each character of a list, which of the same 128 may follow it so that nothing changes, a bit each.
static CALM_AFTER: &[[u8; 16]; CALM] = sets(include_bytes!(concat!(env!("OUT_DIR"), "/scan-calm.bin")));

/// The number of "a block of a large script", and of "a block of which nothing is known here".
const LARGE: usize = KINDS - 2;
const UNKNOWN: usize = KINDS - 1;
/// An extra that says nothing is known.
const NO_EXTRA: u8 = 255;

/// What a pair adds to the surprise (the low byte), what it may be part of, and what the next pair must be to matter.
#[derive(Clone, Copy)]
pub struct Entry(u16);

impl Entry {
    /// Of what stands before the first character: nothing goes on from here.
    pub const START: Entry = Entry(0x9000);
    /// In no table: the model must be asked, and anything may go on from here.
    pub const UNKNOWN: Entry = Entry(0xFF00);

    /// At most how much surprise the pair adds.
    #[inline]
    pub fn surprise(self) -> i32 {
        i32::from(self.0 as u8 as i8)
    }

    /// How much surprise the pair of these letters adds, where that is known and no bound.
    #[inline]
    pub fn exactly(self, first: Letter, second: Letter) -> Option<i32> {
        let is_bound = self.is_unknown() || first.block == LARGE || second.block == LARGE;
        (!is_bound).then(|| self.surprise())
    }

    /// Whether the second character may be the last of a sequence worth a look, given the pair before; or nothing is known.
    #[inline]
    pub fn is_hot(self, before: Entry) -> bool {
        self.0 & before.0 >> 4 & 0x0F00 != 0
    }

    /// Whether a pair of those that [`pass_calm`] passes may follow.
    #[inline]
    pub fn is_calm(self) -> bool {
        self.0 & 0x2000 == 0
    }

    /// Whether nothing is known.
    #[inline]
    pub fn is_unknown(self) -> bool {
        self.0 & 0x0800 != 0
    }
}

/// A character as the tables see it: its block and its place there; for one of a large script, its level.
#[derive(Clone, Copy)]
pub struct Letter {
    block: usize,
    place: usize,
}

impl Letter {
    /// One of which nothing is known here.
    pub const UNKNOWN: Letter = Letter { block: UNKNOWN, place: 0 };

    /// A character of ASCII.
    #[inline]
    pub fn ascii(byte: u8) -> Letter {
        Letter { block: usize::from(byte >> 6), place: usize::from(byte & 0x3F) }
    }

    /// Any character.
    #[inline]
    pub fn of(c: char) -> Letter {
        if c.is_ascii() { Letter::ascii(c as u8) } else { Letter::UNKNOWN.pair_of(c.into()).0 }
    }

    /// The letter of a code point outside ASCII, and the entry of it after `self`.
    #[inline]
    pub fn pair_of(self, c: u32) -> (Letter, Entry) {
        match c {
            ..0x1_0000 => self.pair(c as usize >> 6, c as usize & 0x3F),
            _ => (Letter::UNKNOWN, Entry::UNKNOWN),
        }
    }

    /// Whether it is of a large script.
    #[inline(always)]
    pub fn is_large(self) -> bool {
        self.block == LARGE
    }

    /// The first character of a text, if it is of a large script, and the entry of it after another one.
    #[inline(always)]
    pub fn next_large(text: &[u8]) -> Option<(Letter, Entry)> {
        let &[lead @ 0xE3..=0xED, second, third] = text.first_chunk()? else { return None };
        let high = usize::from(lead & 0x0F) << 6 | usize::from(second & 0x3F);
        let is_large = BLOCK_OF[high & 1023] == LARGE as u8;
        is_large.then(|| Letter { block: LARGE, place: 0 }.large((high << 6 | usize::from(third & 0x3F)) - FIRST_LARGE))
    }

    /// The letter with block `high` (its code point over 64) and place `low`, and the entry of it after `self`.
    #[inline(always)]
    pub fn pair(self, high: usize, low: usize) -> (Letter, Entry) {
        let block = usize::from(BLOCK_OF[high & 1023]);
        if block == LARGE {
            return self.large((high << 6 | low).wrapping_sub(FIRST_LARGE));
        }
        let group = two(GROUP_OF, self.block * KINDS + block);
        let part = two(GROUPS_OF, (group * 64 + self.place) * (64 / PART) + low / PART);
        let entry = u16::from_le_bytes(PARTS_OF[part][low % PART]);
        (Letter { block, place: low }, Entry(entry))
    }

    #[inline(always)]
    fn large(self, index: usize) -> (Letter, Entry) {
        let both = two(ALONE, index);
        let place = both >> 8;
        let letter = Letter { block: LARGE, place };
        if self.block == LARGE {
            return (letter, Entry(0x9000 | (both & 0xFF) as u16));
        }
        let surprise = i32::from(both as u8 as i8);
        let after = ((self.block * 64 + self.place) * EXTRAS) & (EXTRA.len() - EXTRAS);
        let extra = EXTRA[after | place >> 5 & 1];
        if extra == NO_EXTRA {
            return (letter, Entry::UNKNOWN);
        }
        let rarity = usize::from(surprise > VERY_COMMON_WITHIN - MORE) + usize::from(surprise > COMMON_WITHIN - MORE);
        let most = (surprise + i32::from(extra)).min(i32::from(EXTRA[after + 2 + rarity]));
        (letter, Entry(0x9000 | u16::from(most as i8 as u8)))
    }
}

/// Goes on over characters outside ASCII that change nothing where there is no surprise and the pair before is calm: no pair
/// raises it, and in none a sequence can end that is worth a look. `end` is the byte after the character `last`, which is of
/// no large script; the place after the last such character, with the one before it and that one. `None` if there is none.
#[inline(always)]
pub fn pass_calm(bytes: &[u8], end: usize, last: usize) -> Option<(usize, usize, usize)> {
    if last < 0x800 {
        pass_page(bytes, end, last, |[first, second, _], page| {
            (usize::from(first) == 0xC0 | page << 1 | usize::from(first & 1))
                .then_some((usize::from(first & 1) << 6 | usize::from(second & 0x3F), 2))
        })
    } else {
        pass_page(bytes, end, last, |[first, second, third], page| {
            let is_here = usize::from(first) == 0xE0 | page >> 5
                && usize::from(second) == 0x80 | (page & 0x1F) << 1 | usize::from(second & 1);
            is_here.then_some((usize::from(second & 1) << 6 | usize::from(third & 0x3F), 3))
        })
    }
}

/// The same among 128 characters, of which `place` tells which one stands at the start of three bytes, and how long it is.
#[inline(always)]
fn pass_page(
    bytes: &[u8],
    end: usize,
    last: usize,
    place: impl Fn([u8; 3], usize) -> Option<(usize, usize)>,
) -> Option<(usize, usize, usize)> {
    let (page, last) = (last >> 7, last & 127);
    let list = usize::from(CALM_OF[page & 511]);
    let after = CALM_AFTER.as_chunks::<128>().0.get(list).filter(|_| list != 0)?;
    let (mut to, mut before, mut last) = (end, last, last);
    while let Some(&chunk) = bytes.get(to..).and_then(|rest| rest.first_chunk()) {
        let Some((next, len)) = place(chunk, page) else { break };
        if !has(&after[last & 127], next) {
            break;
        }
        (to, before, last) = (to + len, last, next);
    }
    (to != end).then_some((to, page << 7 | before, page << 7 | last))
}

/// Whether a set of 128 characters has this one.
#[inline(always)]
fn has(set: &[u8; 16], c: usize) -> bool {
    set[c >> 3 & 15] >> (c & 7) & 1 != 0
}

/// A table as sets of 128 bits.
const fn sets<const N: usize>(table: &[u8]) -> &[[u8; 16]; N] {
    table.as_chunks().0.first_chunk().expect("so many sets")
}

/// The number at a place of a table.
#[inline(always)]
fn two(table: &[[u8; 2]], at: usize) -> usize {
    usize::from(u16::from_le_bytes(table[at]))
}
