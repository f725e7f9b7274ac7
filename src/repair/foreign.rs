//! Mixups other than UTF-8 read as a single-byte page: UTF-8 read as a multi-byte page, one legacy encoding read as another.
//!
//! There are many pairs of encodings, so they are first estimated: the whole text is decoded under each, straight through,
//! and weighed. Only the few that gain most become states of the search.

use std::sync::LazyLock;

use super::hopeful::Bound;
use super::lattice::as_it_stands;
use super::states::State;
use super::torn::{Found, Torn};
use super::{Cell, Limits, Mixup, weigh};
use crate::codec::{Encoding, LONGEST_GROUP, Loss, Multi, Page};
use crate::model::{Context, PER_NAT, Symbol};

/// No more than this many become states.
const MOST: usize = 6;
/// A pair is given up once it has lost this much, in eighths of a nat.
const HOPELESS: i32 = -16 * PER_NAT;
/// A text must be in the page that it was read as, all but one character in so many.
const ONE_IN: usize = 6;
/// Text that nowhere costs this much beyond what is usual is let alone, in eighths of a nat.
const ODDNESS: i32 = 8 * PER_NAT;
/// How much more than usual a character costs before that counts.
const MORE: i32 = 2 * PER_NAT;
/// A character of a multi-byte encoding takes no more bytes than this.
const LONGEST: usize = 4;

/// Pairs that occur: what the text was read as, and what it was.
struct Pairs {
    read: Vec<Encoding>,
    meant: Vec<Encoding>,
}

static PAIRS: LazyLock<Vec<Pairs>> = LazyLock::new(|| {
    let pages = |labels: &str| labels.split(' ').filter_map(Page::for_label).map(Encoding::Page).collect::<Vec<_>>();
    let multi = || Multi::all().map(Encoding::Multi);
    let cyrillic = "windows-1251 koi8-r koi8-u ibm866 iso-8859-5 x-mac-cyrillic ibm855";
    let national = "windows-1250 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 windows-1258 windows-874 \
                    iso-8859-2 iso-8859-7 iso-8859-9 iso-8859-5 iso-8859-8 iso-8859-6 iso-8859-13 ibm852 ibm737 ibm862 \
                    x-mac-ce x-mac-greek x-mac-turkish";
    let western = "windows-1252 macintosh ibm437 ibm850";
    let all = || pages(western).into_iter().chain(pages(cyrillic)).chain(pages(national)).collect::<Vec<_>>();
    vec![
        Pairs {
            read: pages("windows-1252 iso-8859-1 windows-1254"),
            meant: all().into_iter().chain(pages("tcvn5712-1 viscii")).chain(multi()).collect(),
        },
        Pairs { read: pages("macintosh ibm437 ibm850"), meant: all().into_iter().chain(multi()).collect() },
        Pairs { read: pages(cyrillic), meant: pages(cyrillic) },
        Pairs { read: multi().collect(), meant: std::iter::once(Encoding::Utf8).chain(multi()).collect() },
    ]
});

/// The characters of the upper half of a page.
type UpperHalf = [Option<(char, Symbol)>; 128];

/// The upper half of each page; `None` where it leaves a byte undefined.
static SYMBOLS: LazyLock<Vec<UpperHalf>> = LazyLock::new(|| {
    Page::all().map(|page| std::array::from_fn(|i| page.decode(0x80 + i as u8).map(|c| (c, Symbol::of(c))))).collect()
});

/// The most promising of these mixups, as states.
pub fn states(bound: &Bound, cells: &[Cell], before: Symbol, limits: &Limits) -> Vec<State> {
    let visible = |cell: &&Cell| !cell.c.is_ascii() && cell.symbol.is_visible() && cell.c != '\u{fffd}';
    let count = cells.iter().filter(visible).count();
    if count == 0 {
        return Vec::new();
    }
    let text = Text::of(cells, bound.stands());
    let may_be_odd = limits.established.has_legacy() || limits.letters.is_some();
    if !may_be_odd && !text.is_odd() && !weigh::has_single_large(cells) {
        return Vec::new();
    }
    let mut best: Vec<(i32, Mixup, Option<Vec<Found>>)> = Vec::new();
    let mut known = Known::new(cells);
    let torn = cells.iter().any(|cell| matches!(cell.c, '\u{fffd}' | '?' | '・' | '€'));
    for pairs in PAIRS.iter() {
        for &read in pairs.read.iter().filter(|read| limits.read.is_empty() || limits.read.contains(read)) {
            let mut spare = count / ONE_IN;
            let is_other = known.counted().filter(|(cell, _)| visible(cell) && !has(read, cell)).any(|(_, times)| {
                let is_too_many = times as usize > spare;
                spare = spare.saturating_sub(times as usize);
                is_too_many
            });
            if is_other {
                continue;
            }
            if matches!(read, Encoding::Multi(read) if !read.is_needed(cells.iter().map(|cell| cell.c))) {
                continue;
            }
            let mut bytes = None;
            for &meant in pairs.meant.iter().filter(|meant| **meant != read) {
                let mixup = Mixup { meant, read };
                // That one is searched anyway.
                if mixup == Mixup::C1 {
                    continue;
                }
                let enter = limits.established.enter(&[mixup]);
                let gain = match (meant, read) {
                    (Encoding::Page(meant), Encoding::Page(read)) => known.gain(&text, meant, read),
                    _ => {
                        // What decodes nowhere gains nothing.
                        if meant == Encoding::Utf8 && enter >= 0 && !torn && !known.may_be_utf8(read) {
                            continue;
                        }
                        let bytes = bytes.get_or_insert_with(|| ReadAs::new(cells, read));
                        if matches!(meant, Encoding::Multi(meant) if !bytes.are_apart(meant)) {
                            continue;
                        }
                        text.straight(bytes, meant)
                    }
                };
                let straight = gain.filter(|gain| *gain > enter / 2).map(|gain| gain - enter);
                // Where bytes were lost, decoding straight through gains less than what can be gained.
                let may_be_torn = gain.is_some_and(|gain| gain >= 0);
                let lossy = match (meant, read) {
                    (Encoding::Utf8, Encoding::Multi(read)) if torn => {
                        Torn::new(cells, read).filter(|torn| may_be_torn || torn.is_plausible())
                    }
                    _ => None,
                };
                let lossy = lossy.map(|torn| torn.units(before));
                let gain = match &lossy {
                    Some((_, cost)) => Some(text.stands.iter().sum::<i32>() - cost - enter).max(straight),
                    None => straight,
                };
                if let Some(gain) = gain.filter(|gain| *gain > -enter / 2) {
                    best.push((gain, mixup, lossy.map(|(units, _)| units)));
                }
            }
        }
    }
    best.sort_by_key(|(gain, ..)| std::cmp::Reverse(*gain));
    best.truncate(MOST);
    best.into_iter().map(|(_, mixup, lossy)| state(cells, mixup, lossy, limits)).collect()
}

/// The single-byte mixups that letters in general speak against least, with what each gains.
pub fn single_byte(cells: &[Cell], before: Symbol, most: usize, limits: &Limits) -> Vec<(i32, Page, Page)> {
    let visible = |cell: &&Cell| !cell.c.is_ascii() && cell.symbol.is_visible();
    let text = Text::new(cells, before);
    let mut known = Known::new(cells);
    let mut best = Vec::new();
    for pairs in PAIRS.iter() {
        for &read in pairs.read.iter().filter(|read| limits.read.is_empty() || limits.read.contains(read)) {
            let Encoding::Page(page) = read else { continue };
            if known.cells.iter().filter(visible).any(|cell| !has(read, cell)) {
                continue;
            }
            for &meant in pairs.meant.iter().filter(|meant| **meant != read) {
                let Encoding::Page(meant) = meant else { continue };
                if let Some(gain) = known.gain(&text, meant, page) {
                    best.push((gain, meant, page));
                }
            }
        }
    }
    best.sort_by_key(|(gain, ..)| std::cmp::Reverse(*gain));
    best.truncate(most);
    best
}

fn has(read: Encoding, cell: &Cell) -> bool {
    match read {
        Encoding::Page(page) => cell.record.byte(page) != 0,
        Encoding::Multi(multi) => multi.has(cell.c),
        other => other.encode(cell.c).is_some(),
    }
}

/// A text with what each character costs as it stands.
struct Text<'c> {
    cells: &'c [Cell],
    stands: Vec<i32>,
    /// What stands before each character.
    contexts: Vec<Context>,
    /// Where the next character outside ASCII is, from each on.
    next: Vec<u32>,
}

/// After so many characters as they stand a reading goes on as the text does.
const FORGOTTEN: usize = 2;

impl Text<'_> {
    fn new(cells: &[Cell], before: Symbol) -> Text<'_> {
        Text::of(cells, Bound::new(cells, before).stands())
    }

    /// The text of which it is known what it costs and what stands before each character.
    fn of(cells: &[Cell], (stands, contexts): (Vec<i32>, Vec<Context>)) -> Text<'_> {
        let mut text = Text { cells, stands, contexts, next: vec![cells.len() as u32; cells.len()] };
        let mut next = cells.len();
        for (i, cell) in cells.iter().enumerate().rev() {
            if !cell.c.is_ascii() {
                next = i;
            }
            text.next[i] = next as u32;
        }
        text
    }

    /// Goes on over ASCII from `i`, where the last `plain` characters were read as they stand: there nothing is gained and
    /// nothing lost. The place, if any is left, and what stands before it.
    fn skip(&self, i: usize, plain: usize, context: Context) -> Option<(usize, Context)> {
        let next = *self.next.get(i)? as usize;
        if plain < FORGOTTEN || next == i { Some((i, context)) } else { Some((next, *self.contexts.get(next)?)) }
    }

    /// The same where all that comes before `i` is read as it stands.
    fn skip_plain(&self, i: usize) -> Option<(usize, Context)> {
        let next = *self.next.get(i)? as usize;
        Some((next, *self.contexts.get(next)?))
    }

    /// Whether any part of it costs so much more than usual text that it may be something else.
    fn is_odd(&self) -> bool {
        let (mut sum, mut last_ascii) = (0, true);
        for (cell, stands) in self.cells.iter().zip(&self.stands) {
            let ascii = cell.c.is_ascii();
            if !ascii || !last_ascii {
                sum = (sum + stands - cell.symbol.usual() - MORE).max(0);
            }
            last_ascii = ascii;
            if sum >= ODDNESS {
                return true;
            }
        }
        false
    }

    /// What reading every character by another single-byte page gains; `None` where that is hopeless.
    fn single(&self, meant: Page, read: Page) -> Option<i32> {
        let table = &SYMBOLS[meant.number()];
        let (mut gain, mut plain) = (0, FORGOTTEN);
        let mut at = self.skip(0, plain, *self.contexts.first()?);
        while let Some((i, mut context)) = at {
            let byte = self.cells[i].record.byte(read);
            let decoded = if byte == 0 { None } else { table[usize::from(byte - 0x80)] };
            // What stands as it is after two that do costs what it does in the text.
            if decoded.is_none() && plain >= FORGOTTEN {
                at = self.skip_plain(i + 1);
                continue;
            }
            gain += self.stands[i];
            match decoded {
                Some((_, symbol)) => {
                    gain -= context.push(symbol);
                    plain = 0;
                }
                None => {
                    gain -= as_it_stands(&mut context, &self.cells[i]);
                    plain += 1;
                }
            }
            if gain < HOPELESS {
                return None;
            }
            at = self.skip(i + 1, plain, context);
        }
        Some(gain)
    }

    /// What decoding all bytes straight through gains; `None` where that is hopeless.
    fn straight(&self, bytes: &mut ReadAs, meant: Encoding) -> Option<i32> {
        let (mut gain, mut plain) = (0, FORGOTTEN);
        let mut decoded = Vec::new();
        let mut at = self.skip(0, plain, *self.contexts.first()?);
        while let Some((i, mut context)) = at {
            decoded.clear();
            let taken = if self.cells[i].c.is_ascii() { None } else { bytes.group(i, meant, &mut decoded) };
            if taken.is_none() && plain >= FORGOTTEN {
                at = self.skip_plain(i + 1);
                continue;
            }
            plain = if taken.is_some() { 0 } else { plain + 1 };
            if taken.is_none() {
                gain -= as_it_stands(&mut context, &self.cells[i]);
            }
            for &c in &decoded {
                gain -= context.push(Symbol::of(c));
            }
            let end = taken.unwrap_or(i + 1);
            gain += self.stands[i..end].iter().sum::<i32>();
            if gain < HOPELESS {
                return None;
            }
            at = self.skip(end, plain, context);
        }
        Some(gain)
    }
}

/// What reading by one page for another gains, by what the characters of the text become: many pairs of pages make the same
/// of them.
struct Known {
    /// The characters outside ASCII, each once.
    cells: Vec<Cell>,
    /// How often each stands there.
    times: Vec<u32>,
    /// What they became in each reading that was weighed, one reading after the other.
    became: Vec<char>,
    gains: Vec<Option<i32>>,
}

impl Known {
    fn new(cells: &[Cell]) -> Known {
        let mut all: Vec<Cell> = cells.iter().filter(|cell| !cell.c.is_ascii()).copied().collect();
        all.sort_unstable_by_key(|cell| cell.c);
        let (mut distinct, mut times) = (Vec::new(), Vec::new());
        for same in all.chunk_by(|a, b| a.c == b.c) {
            distinct.push(same[0]);
            times.push(same.len() as u32);
        }
        Known { cells: distinct, times, became: Vec::new(), gains: Vec::new() }
    }

    /// The characters outside ASCII, each with how often it stands there.
    fn counted(&self) -> impl Iterator<Item = (&Cell, u32)> {
        self.cells.iter().zip(self.times.iter().copied())
    }

    /// Whether the bytes of any of them may begin a sequence of UTF-8.
    fn may_be_utf8(&self, read: Encoding) -> bool {
        let begins = |bytes: &[u8]| match bytes {
            [lead, rest @ ..] => (0xC2..=0xF4).contains(lead) && rest.first().is_none_or(|next| next & 0xC0 == 0x80),
            [] => false,
        };
        self.cells.iter().any(|cell| read.encode(cell.c).is_some_and(|bytes| begins(bytes.as_slice())))
    }

    fn gain(&mut self, text: &Text, meant: Page, read: Page) -> Option<i32> {
        let table = &SYMBOLS[meant.number()];
        let from = self.became.len();
        // What the page does not have stands as it is, which is weighed otherwise than what it decodes to.
        self.became.extend(self.cells.iter().map(|cell| match cell.record.byte(read) {
            0 => '\0',
            byte => table[usize::from(byte - 0x80)].map_or('\0', |(c, _)| c),
        }));
        let (earlier, new) = self.became.split_at(from);
        if let Some(same) = earlier.chunks_exact(new.len().max(1)).position(|one| one == new) {
            self.became.truncate(from);
            return self.gains[same];
        }
        let gain = text.single(meant, read);
        self.gains.push(gain);
        gain
    }
}

/// A text as the bytes that it was in the encoding it was read as. Most readings are given up early, so the bytes are made as they
/// are asked for.
struct ReadAs<'c> {
    cells: &'c [Cell],
    read: Encoding,
    /// The bytes of the first characters.
    bytes: Vec<u8>,
    /// Where the bytes of each of these begin, and the end.
    starts: Vec<u32>,
    /// Characters that the encoding does not have; a byte stands in for each.
    missing: Vec<bool>,
    /// No group of characters is longer.
    longest: usize,
}

impl ReadAs<'_> {
    fn new(cells: &[Cell], read: Encoding) -> ReadAs<'_> {
        let longest = if matches!(read, Encoding::Page(_)) { LONGEST } else { LONGEST_GROUP };
        let (mut starts, missing) = (Vec::with_capacity(cells.len() + 1), Vec::with_capacity(cells.len()));
        starts.push(0);
        ReadAs { cells, read, bytes: Vec::with_capacity(2 * cells.len()), starts, missing, longest }
    }

    /// Makes the bytes of the first `count` characters, if they are not there.
    #[inline]
    fn make(&mut self, count: usize) {
        while let Some(cell) = self.cells[..count].get(self.missing.len()) {
            // Nearly all are of one byte or two.
            let code = match self.read {
                _ if cell.c.is_ascii() => cell.c as u16,
                Encoding::Page(page) => cell.record.byte(page).into(),
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

    /// Whether an encoding reads these bytes otherwise than the one that differs from it in a few codes, which was tried before,
    /// as far as any were asked for; true where there is none.
    fn are_apart(&mut self, meant: Multi) -> bool {
        if self.read == Encoding::Multi(Multi::BIG5) {
            // That one was not tried.
            self.make(self.cells.len());
        }
        meant.is_needed_for(&self.bytes)
    }

    /// Decodes from character `i` on until the bytes end with a character: what that is, and the character after it.
    fn group(&mut self, i: usize, meant: Encoding, decoded: &mut Vec<char>) -> Option<usize> {
        let last = (i + self.longest).min(self.cells.len());
        self.make(last);
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

/// The state of a mixup, with its units wherever one may begin, or with those of a text of which bytes were lost.
fn state(cells: &[Cell], mixup: Mixup, lossy: Option<Vec<Found>>, limits: &Limits) -> State {
    let mut state = State::new(vec![mixup], Vec::new(), limits);
    if let Some(units) = lossy {
        units.iter().for_each(|unit| state.add(unit.at, unit.len, &unit.meant, unit.loss));
    } else {
        let mut bytes = ReadAs::new(cells, mixup.read);
        let mut decoded = Vec::new();
        for i in (0..cells.len()).filter(|i| !cells[*i].c.is_ascii()) {
            decoded.clear();
            if let Some(end) = bytes.group(i, mixup.meant, &mut decoded) {
                state.add(i, end - i, &decoded, Loss::None);
            }
        }
    }
    // One that stands where it cannot belong needs no more to be looked into.
    let utf8_as_large = matches!((mixup.meant, mixup.read), (Encoding::Utf8, Encoding::Multi(_)));
    if utf8_as_large && (0..cells.len()).any(|at| weigh::is_misplaced(cells, at, 1)) {
        state.enter -= weigh::MISPLACED;
    }
    state.heed(limits);
    state
}
