//! What the scan wants to know of each pair of characters, computed by `build/scan.rs` from the model and the code pages.
//!
//! Code points are taken in blocks of 64, so that the last byte of a UTF-8 sequence is the place in a block and the bytes
//! before it say which block. A pair is looked up in three steps, none of which waits for the pair before: the two blocks
//! give a group of rows, the place of the first character gives a row of four parts, the place of the second one gives the part
//! and in it the [`Entry`]. Blocks that hardly ever meet in the corpus share a group, and equal parts are stored once, so that
//! what one language uses fits the nearest cache.
//!
//! Most pairs are of the same 128 or 256 characters. Where the corpus has many of these, their entries are laid out anew, all pairs
//! in one table ([`Dense`]), when a text first has one of them: then a pair is one step.
//!
//! For scripts with thousands of characters there are no pairs: after its like, a character has a surprise of its own, and
//! between such a script and a small one the tables hold an upper bound.

use std::sync::OnceLock;

use super::packed::Packed;
use super::thresholds::{COMMON_WITHIN, MORE, VERY_COMMON_WITHIN};

include!(concat!(env!("OUT_DIR"), "/scan.rs"));

/// All that the scan wants to know.
pub struct Tables {
    /// A quarter of a row each.
    parts: Packed<CHUNK, { PARTS.len() }>,
    /// The numbers of the parts of 64 rows a group.
    groups: Packed<CHUNK, { GROUPS.len() }>,
    /// The number of the group of each two blocks.
    group_of: Packed<{ KINDS * KINDS }, 1>,
    /// For each character of the large scripts: its surprise after its like in the low byte, and its level.
    alone: Packed<ALONE_CHUNK, 1>,
    /// For each character of a small script: what one of a large script costs more after it, for two kinds of large scripts;
    /// and the most surprise that a very common one may add there, a common one, and another one.
    extra: Packed<CHUNK, { EXTRA.len() }>,
}

/// Of each 128 characters, the number of the table in [`DENSE`] that they are in, counted from 1; 0 is none.
static DENSE_OF: &[u8; 512] = include_bytes!(concat!(env!("OUT_DIR"), "/scan-dense-of.bin"));

/// The number of "a block of a large script", and of "a block of which nothing is known here".
const LARGE: usize = KINDS - 2;
const UNKNOWN: usize = KINDS - 1;
/// In place of a surprise: among the large scripts, but not of them.
const NOT_LARGE: u8 = 127;
/// An extra that says nothing is known.
const NO_EXTRA: u16 = 255;

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

    /// The one with a code point of a small script.
    #[inline(always)]
    fn at(c: usize) -> Letter {
        Letter { block: usize::from(BLOCK_OF[c >> 6 & 1023]), place: c & 0x3F }
    }

    /// Whether it is of a large script.
    #[inline(always)]
    pub fn is_large(self) -> bool {
        self.block == LARGE
    }
}

impl Tables {
    /// The tables.
    #[inline(always)]
    pub fn get() -> &'static Tables {
        macro_rules! packed {
            ($name:literal, $ends:ident) => {
                Packed::new(include_bytes!(concat!(env!("OUT_DIR"), "/scan-", $name, ".deflate")), &$ends)
            };
        }
        static TABLES: Tables = Tables {
            parts: packed!("parts", PARTS),
            groups: packed!("groups", GROUPS),
            group_of: packed!("group-of", GROUP_OF),
            alone: packed!("alone", ALONE),
            extra: packed!("extra", EXTRA),
        };
        &TABLES
    }

    /// The letter of any character.
    #[inline]
    pub fn letter(&self, c: char) -> Letter {
        if c.is_ascii() { Letter::ascii(c as u8) } else { self.pair_of(Letter::UNKNOWN, c.into()).0 }
    }

    /// The letter of a code point outside ASCII, and the entry of it after `last`.
    #[inline]
    pub fn pair_of(&self, last: Letter, c: u32) -> (Letter, Entry) {
        match c {
            ..0x1_0000 => self.pair(last, c as usize >> 6, c as usize & 0x3F),
            _ => (Letter::UNKNOWN, Entry::UNKNOWN),
        }
    }

    /// The letter with block `high` (its code point over 64) and place `low`, and the entry of it after `last`.
    #[inline(always)]
    pub fn pair(&self, last: Letter, high: usize, low: usize) -> (Letter, Entry) {
        let block = usize::from(BLOCK_OF[high & 1023]);
        if block == LARGE {
            return self.large(last, (high << 6 | low).wrapping_sub(FIRST_LARGE));
        }
        let letter = Letter { block, place: low };
        (letter, Entry(self.part(last, letter)[low % PART]))
    }

    /// The part that has the entry of a letter after another.
    #[inline(always)]
    fn part(&self, last: Letter, letter: Letter) -> &[u16; PART] {
        let group = usize::from(self.group_of.at(last.block * KINDS + letter.block));
        let part = self.groups.at((group * 64 + last.place) * (64 / PART) + letter.place / PART);
        self.parts.row(usize::from(part))
    }

    #[inline(always)]
    fn large(&self, last: Letter, index: usize) -> (Letter, Entry) {
        let large = Large(self.alone.at(index));
        let (letter, surprise) = (large.letter(), large.surprise());
        if last.block == LARGE {
            return (letter, large.entry());
        }
        let after: &[u16; EXTRAS] = self.extra.row(last.block * 64 + last.place);
        let extra = after[letter.place >> 5 & 1];
        if extra == NO_EXTRA {
            return (letter, Entry::UNKNOWN);
        }
        let rarity = usize::from(surprise > VERY_COMMON_WITHIN - MORE) + usize::from(surprise > COMMON_WITHIN - MORE);
        let most = (surprise + i32::from(extra)).min(i32::from(after[2 + rarity]));
        (letter, Entry(0x9000 | u16::from(most as i8 as u8)))
    }

    /// The characters of the large scripts, which [`Large::first`] looks for.
    #[inline(always)]
    pub fn large_ones(&self) -> &[u16] {
        self.alone.chunk(0)
    }
}

/// A character of a large script, after its like: its surprise, and its level.
#[derive(Clone, Copy)]
pub struct Large(u16);

impl Large {
    /// The one, of `all` of them, that stands at the start of a text.
    #[inline(always)]
    pub fn first(all: &[u16], text: &[u8]) -> Option<Large> {
        let &[lead @ 0xE3..=0xED, second, third] = text.first_chunk()? else { return None };
        let c = usize::from(lead & 0x0F) << 12 | usize::from(second & 0x3F) << 6 | usize::from(third & 0x3F);
        all.get(c.wrapping_sub(FIRST_LARGE)).filter(|large| **large as u8 != NOT_LARGE).map(|large| Large(*large))
    }

    /// What it adds to the surprise.
    #[inline(always)]
    pub fn surprise(self) -> i32 {
        i32::from(self.0 as u8 as i8)
    }

    #[inline(always)]
    pub fn letter(self) -> Letter {
        Letter { block: LARGE, place: usize::from(self.0 >> 8) }
    }

    #[inline(always)]
    pub fn entry(self) -> Entry {
        Entry(0x9000 | self.0 & 0xFF)
    }
}

/// The entries of all pairs of the same 128 or 256 characters, first ones by rows. Most pairs of a text are in a few of these.
pub struct Dense {
    /// The first of them.
    first: usize,
    /// How many bits tell one of them.
    bits: u32,
    entries: Vec<Entry>,
}

impl Dense {
    /// The table of the characters that a code point is of, if there is one. It is made when it is first asked for.
    #[inline(always)]
    pub fn of(c: usize) -> Option<&'static Dense> {
        static ALL: [OnceLock<Dense>; DENSE.len()] = [const { OnceLock::new() }; DENSE.len()];
        let number = usize::from(DENSE_OF[c >> 7 & 511]).wrapping_sub(1);
        ALL.get(number).map(|dense| dense.get_or_init(|| Dense::new(DENSE[number])))
    }

    #[cold]
    fn new((first, bits): (usize, u32)) -> Dense {
        let tables = Tables::get();
        let letter = |place: usize| Letter::at(first + place);
        let mut entries = vec![Entry::UNKNOWN; 1 << (2 * bits)];
        for (before, row) in entries.chunks_exact_mut(1 << bits).enumerate() {
            for (at, part) in row.chunks_exact_mut(PART).enumerate() {
                let entries = tables.part(letter(before), letter(at * PART));
                part.iter_mut().zip(entries).for_each(|(entry, of)| *entry = Entry(*of));
            }
        }
        Dense { first, bits, entries }
    }

    /// Which of them a code point is.
    #[inline(always)]
    pub fn place(&self, c: usize) -> Option<usize> {
        let place = c.wrapping_sub(self.first);
        (place >> self.bits == 0).then_some(place)
    }

    /// The entry of a pair of them, each told by its place.
    #[inline(always)]
    pub fn entry(&self, first: usize, second: usize) -> Entry {
        self.entries.get(first << self.bits | second).copied().unwrap_or(Entry::UNKNOWN)
    }

    /// The letter with this place.
    #[inline(always)]
    pub fn letter(&self, place: usize) -> Letter {
        Letter::at(self.first + place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dense_tables_say_what_the_others_say() {
        let (all, mut tables) = (Tables::get(), 0);
        for (first, bits) in DENSE {
            let dense = Dense::of(first).expect("a table");
            assert_eq!(
                (dense.place(first), dense.place(first - 1), dense.place(first + (1 << bits))),
                (Some(0), None, None)
            );
            for (a, b) in (0..1 << bits).flat_map(|a| (0..1 << bits).map(move |b| (a, b))) {
                let (last, _) = all.pair(Letter::UNKNOWN, (first + a) >> 6, (first + a) & 0x3F);
                let (letter, entry) = all.pair(last, (first + b) >> 6, (first + b) & 0x3F);
                let (dense_entry, dense_letter) = (dense.entry(a, b), dense.letter(b));
                assert_eq!(
                    (dense_entry.0, dense_letter.block, dense_letter.place),
                    (entry.0, letter.block, letter.place)
                );
            }
            tables += 1;
        }
        assert!(tables > 10);
    }
}
