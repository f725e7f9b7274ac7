//! What reading a whole text by another encoding gains, straight through: an estimate that tells the few of some two hundred pairs
//! of encodings that are worth a search.
//!
//! In: a text as it stands, and pairs of encodings. Out: what each gains. Must not: find where a mixup begins or ends.
//!
//! Most pairs say the same as another: pages agree on most letters that a text has. So what a text becomes is weighed once,
//! and so are two encodings in which it has the same bytes.

use std::cell::RefCell;
use std::sync::LazyLock;

use super::Cell;
use super::hopeful::Bound;
use super::lattice::as_it_stands;
use crate::codec::{Encoding, LONGEST_GROUP, Multi, Page};
use crate::model::{Context, PER_NAT, Symbol};

/// A pair is given up once it has lost this much, in eighths of a nat.
const HOPELESS: i32 = -16 * PER_NAT;
/// Text that nowhere costs this much beyond what is usual is let alone, in eighths of a nat.
const ODDNESS: i32 = 8 * PER_NAT;
/// How much more than usual a character costs before that counts.
const MORE: i32 = 2 * PER_NAT;
/// A character of a multi-byte encoding takes no more bytes than this.
const LONGEST: usize = 4;
/// A text mostly becomes no more different texts than this by pages.
const READINGS: usize = 48;
/// After so many characters as they stand a reading goes on as the text does.
const FORGOTTEN: usize = 2;

/// The characters of the upper half of a page.
type UpperHalf = [Option<(char, Symbol)>; 128];

/// The upper half of each page; `None` where it leaves a byte undefined.
static SYMBOLS: LazyLock<Vec<UpperHalf>> = LazyLock::new(|| {
    Page::all().map(|page| std::array::from_fn(|i| page.decode(0x80 + i as u8).map(|c| (c, Symbol::of(c))))).collect()
});

/// A text of which readings are estimated.
pub struct Estimates {
    /// The characters outside ASCII, each once, and how often each stands there.
    distinct: Vec<(Cell, u32)>,
    /// Where the next character outside ASCII is, from each on.
    next: Vec<u32>,
    known: RefCell<Known>,
}

/// What was estimated before.
#[derive(Default)]
struct Known {
    /// What the distinct characters became in each reading by a single-byte page, one reading after the other; a number made of
    /// that, by which most of those that differ are told apart; and what it gains.
    became: Vec<char>,
    hashes: Vec<u64>,
    gains: Vec<Option<i32>>,
    /// What a group of bytes decodes to: kept so that it need not be allocated again.
    decoded: Vec<char>,
}

impl Estimates {
    pub fn new(cells: &[Cell]) -> Estimates {
        let mut all: Vec<&Cell> = Vec::with_capacity(cells.len());
        all.extend(cells.iter().filter(|cell| !cell.c.is_ascii()));
        all.sort_unstable_by_key(|cell| cell.c);
        let distinct = all.chunk_by(|a, b| a.c == b.c).map(|same| (*same[0], same.len() as u32)).collect();
        let mut next = vec![cells.len() as u32; cells.len()];
        let mut at = cells.len();
        for (i, cell) in cells.iter().enumerate().rev() {
            if !cell.c.is_ascii() {
                at = i;
            }
            next[i] = at as u32;
        }
        Estimates { distinct, next, known: RefCell::default() }
    }

    /// The characters outside ASCII, each once, with how often it stands there.
    pub fn distinct(&self) -> &[(Cell, u32)] {
        &self.distinct
    }

    /// Whether the bytes of any character may begin a sequence of UTF-8.
    pub fn may_be_utf8(&self, read: Encoding) -> bool {
        let begins = |bytes: &[u8]| match bytes {
            [lead, rest @ ..] => (0xC2..=0xF4).contains(lead) && rest.first().is_none_or(|next| next & 0xC0 == 0x80),
            [] => false,
        };
        self.distinct.iter().any(|(cell, _)| read.encode(cell.c).is_some_and(|bytes| begins(bytes.as_slice())))
    }

    /// What reading every character by another single-byte page gains; `None` where that is hopeless.
    pub fn single(&self, bound: &Bound, meant: Page, read: Page) -> Option<i32> {
        let Known { became, hashes, gains, .. } = &mut *self.known.borrow_mut();
        let table = &SYMBOLS[meant.number()];
        if hashes.is_empty() {
            became.reserve(READINGS * self.distinct.len());
            hashes.reserve(READINGS);
            gains.reserve(READINGS);
        }
        let (from, mut hash) = (became.len(), 0u64);
        for (cell, _) in &self.distinct {
            // What the page does not have stands as it is, which is weighed otherwise than what it decodes to.
            let c = match cell.record.byte(read) {
                0 => '\0',
                byte => table[usize::from(byte - 0x80)].map_or('\0', |(c, _)| c),
            };
            became.push(c);
            hash = (hash ^ u64::from(u32::from(c))).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
        }
        let (earlier, new) = became.split_at(from);
        let is_same = |at: &usize| hashes[*at] == hash && earlier[at * new.len()..][..new.len()] == *new;
        if let Some(same) = (0..hashes.len()).find(is_same) {
            became.truncate(from);
            return gains[same];
        }
        let gain = self.single_by(bound, table, read);
        hashes.push(hash);
        gains.push(gain);
        gain
    }

    fn single_by(&self, bound: &Bound, table: &UpperHalf, read: Page) -> Option<i32> {
        let cells = bound.cells();
        let (mut gain, mut plain) = (0, FORGOTTEN);
        let mut at = self.skip_plain(bound, 0);
        while let Some((i, mut context)) = at {
            let byte = cells[i].record.byte(read);
            let decoded = if byte == 0 { None } else { table[usize::from(byte - 0x80)] };
            // What stands as it is after two that do costs what it does in the text.
            if decoded.is_none() && plain >= FORGOTTEN {
                at = self.skip_plain(bound, i + 1);
                continue;
            }
            gain += bound.costs(i);
            match decoded {
                Some((_, symbol)) => {
                    gain -= context.push(symbol);
                    plain = 0;
                }
                None => {
                    gain -= as_it_stands(&mut context, &cells[i]);
                    plain += 1;
                }
            }
            if gain < HOPELESS {
                return None;
            }
            at = self.skip(bound, i + 1, plain, context);
        }
        Some(gain)
    }

    /// What decoding all bytes straight through gains; `None` where that is hopeless.
    pub fn straight(&self, bound: &Bound, bytes: &mut ReadAs, meant: Encoding) -> Option<i32> {
        let cells = bound.cells();
        let (mut gain, mut plain) = (0, FORGOTTEN);
        let decoded = &mut self.known.borrow_mut().decoded;
        let mut at = self.skip_plain(bound, 0);
        while let Some((i, mut context)) = at {
            decoded.clear();
            let taken = if cells[i].c.is_ascii() { None } else { bytes.group(cells, i, meant, decoded) };
            if taken.is_none() && plain >= FORGOTTEN {
                at = self.skip_plain(bound, i + 1);
                continue;
            }
            plain = if taken.is_some() { 0 } else { plain + 1 };
            if taken.is_none() {
                gain -= as_it_stands(&mut context, &cells[i]);
            }
            for &c in &*decoded {
                gain -= context.push(Symbol::of(c));
            }
            let end = taken.unwrap_or(i + 1);
            gain += bound.cost(i..end);
            if gain < HOPELESS {
                return None;
            }
            at = self.skip(bound, end, plain, context);
        }
        Some(gain)
    }

    /// Goes on over ASCII from `i`, where the last `plain` characters were read as they stand: there nothing is gained and
    /// nothing lost. The place, if any is left, and what stands before it.
    fn skip(&self, bound: &Bound, i: usize, plain: usize, context: Context) -> Option<(usize, Context)> {
        let next = *self.next.get(i)? as usize;
        if plain < FORGOTTEN || next == i { Some((i, context)) } else { Some((next, bound.before(next)?)) }
    }

    /// The same where all that comes before `i` is read as it stands.
    fn skip_plain(&self, bound: &Bound, i: usize) -> Option<(usize, Context)> {
        let next = *self.next.get(i)? as usize;
        Some((next, bound.before(next)?))
    }
}

/// Whether any part of a text costs so much more than usual text that it may be something else.
pub fn is_odd(bound: &Bound) -> bool {
    let (mut sum, mut last_ascii) = (0, true);
    for (i, cell) in bound.cells().iter().enumerate() {
        let ascii = cell.c.is_ascii();
        if !ascii || !last_ascii {
            sum = (sum + bound.costs(i) - cell.symbol.usual() - MORE).max(0);
        }
        last_ascii = ascii;
        if sum >= ODDNESS {
            return true;
        }
    }
    false
}

/// A text as the bytes that it was in the encoding it was read as.
pub enum ReadAs {
    Single(Single),
    Multi(Groups),
}

/// In a single-byte page: a byte for each character; 0 where the page does not have it.
pub struct Single {
    page: Page,
    bytes: Vec<u8>,
}

/// In another encoding. Most readings are given up early, so the bytes are made as they are asked for.
pub struct Groups {
    read: Encoding,
    /// The bytes of the first characters.
    bytes: Vec<u8>,
    /// Where the bytes of each of these begin, and the end.
    starts: Vec<u32>,
    /// Characters that the encoding does not have; a byte stands in for each.
    missing: Vec<bool>,
}

impl ReadAs {
    pub fn new(cells: &[Cell], read: Encoding) -> ReadAs {
        if let Encoding::Page(page) = read {
            let byte = |cell: &Cell| if cell.c.is_ascii() { cell.c as u8 } else { cell.record.byte(page) };
            return ReadAs::Single(Single { page, bytes: cells.iter().map(byte).collect() });
        }
        let (mut starts, missing) = (Vec::with_capacity(cells.len() + 1), Vec::with_capacity(cells.len()));
        starts.push(0);
        ReadAs::Multi(Groups { read, bytes: Vec::with_capacity(2 * cells.len()), starts, missing })
    }

    /// Whether the characters have the same bytes in a page.
    pub fn is_same(&self, distinct: &[(Cell, u32)], read: Encoding) -> bool {
        match (self, read) {
            (ReadAs::Single(single), Encoding::Page(page)) => {
                distinct.iter().all(|(cell, _)| cell.record.byte(single.page) == cell.record.byte(page))
            }
            _ => false,
        }
    }

    /// Whether an encoding reads these bytes otherwise than the one that differs from it in a few codes, which was tried before,
    /// as far as any were asked for; true where there is none.
    pub fn are_apart(&mut self, cells: &[Cell], meant: Multi) -> bool {
        match self {
            ReadAs::Single(single) => meant.is_needed_for(&single.bytes),
            ReadAs::Multi(groups) => {
                if groups.read == Encoding::Multi(Multi::BIG5) {
                    // That one was not tried.
                    groups.make(cells);
                }
                meant.is_needed_for(&groups.bytes)
            }
        }
    }

    /// Decodes from character `i` on until the bytes end with a character: what that is, and the character after it.
    pub fn group(&mut self, cells: &[Cell], i: usize, meant: Encoding, decoded: &mut Vec<char>) -> Option<usize> {
        match self {
            ReadAs::Single(single) => {
                let (c, len) = single.decode(i, meant)?;
                decoded.push(c);
                Some(i + len)
            }
            ReadAs::Multi(groups) => groups.group(cells, i, meant, decoded),
        }
    }
}

impl Single {
    /// What the bytes from a character on, which is not of ASCII, begin with in another encoding, and how many they are.
    fn decode(&self, i: usize, meant: Encoding) -> Option<(char, usize)> {
        let rest = &self.bytes[i..(i + LONGEST).min(self.bytes.len())];
        // What the page does not have is no later byte of anything.
        if rest[0] == 0 { None } else { meant.decode(rest) }
    }
}

impl Groups {
    /// Makes the bytes of these first characters, if they are not there.
    #[inline]
    fn make(&mut self, cells: &[Cell]) {
        while let Some(cell) = cells.get(self.missing.len()) {
            // Nearly all are of one byte or two.
            let code = match self.read {
                _ if cell.c.is_ascii() => cell.c as u16,
                Encoding::Multi(multi) => multi.two_bytes(cell.c),
                _ => 0,
            };
            let bytes = match code {
                0 => self.read.encode(cell.c),
                _ => None,
            };
            self.missing.push(code == 0 && bytes.is_none());
            match (code, bytes) {
                (0, Some(bytes)) => self.bytes.extend_from_slice(bytes.as_slice()),
                (0, None) => self.bytes.push(0xFF),
                (1..0x100, _) => self.bytes.push(code as u8),
                _ => self.bytes.extend_from_slice(&code.to_be_bytes()),
            }
            self.starts.push(self.bytes.len() as u32);
        }
    }

    fn group(&mut self, cells: &[Cell], i: usize, meant: Encoding, decoded: &mut Vec<char>) -> Option<usize> {
        let last = (i + LONGEST_GROUP).min(cells.len());
        self.make(&cells[..last]);
        let bytes = &self.bytes[..self.starts[last] as usize];
        let mut at = self.starts[i] as usize;
        let mut end = i;
        while let Some((c, len)) = meant.decode(&bytes[at..]) {
            decoded.push(c);
            at += len;
            while (self.starts[end] as usize) < at && !self.missing[end] {
                end += 1;
            }
            if (self.starts[end] as usize) < at {
                break;
            }
            if self.starts[end] as usize == at {
                return Some(end);
            }
        }
        decoded.clear();
        None
    }
}
