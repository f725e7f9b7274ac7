//! The evidence that makes a place a suspect: surprise, and the promise of sequences.
//!
//! *Surprise* is how much more a stretch costs than text usually does: legacy text read by another legacy page shows itself
//! by nothing else. It rises with each character that costs more than usual and a margin, falls with the others, and never
//! below nothing.
//!
//! A *promise* is what undoing one sequence would gain: what the characters cost as they stand, less what the decoded
//! character costs after what comes before it, be that as it stands or decoded as well. Promises close together add up;
//! where they never reach what the commonest mixup costs to enter, no reading can win.

use super::thresholds::{
    self, BEGINS, COMMON_WITHIN, DEAREST, ENOUGH, FADES, Kind, LEAST, MORE, TOO_MUCH, VERY_COMMON_WITHIN,
};
use crate::codec::{self, PageSet, Record, Roles};
use crate::model::{self, Symbol};

const _: () = assert!(thresholds::PER_NAT == model::PER_NAT, "one scale");

/// How much more than usual a character costs after another, as far as that counts.
#[inline]
pub fn beyond(last: Symbol, symbol: Symbol) -> i32 {
    // In large scripts most pairs are new; what counts is how rare the character is.
    let large = symbol.is_of_large_script() && last.is_of_large_script();
    let cost = if large { symbol.within() } else { model::cost(last, symbol) };
    (cost - symbol.usual()).min(MORE + thresholds::most(kind(last), kind(symbol)))
}

#[inline]
fn kind(symbol: Symbol) -> Kind {
    Kind {
        class: symbol.class(),
        is_cjk: symbol.is_cjk(),
        is_sign: symbol.is_sign(),
        is_space: symbol == Symbol::edge(),
        is_plain_letter: symbol.is_plain_letter(),
        is_mark: symbol.is_mark(),
        is_unseen: symbol.is_mark() && !symbol.is_visible(),
        is_other_letter: symbol.is_other_letter(),
        is_cyrillic: symbol.is_cyrillic(),
        is_common: symbol.within() <= symbol.usual() + COMMON_WITHIN,
        is_very_common: symbol.within() <= symbol.usual() + VERY_COMMON_WITHIN,
    }
}

/// How much a stretch of text costs beyond what text costs: a sum that falls in usual text and never below nothing.
#[derive(Clone, Copy)]
pub struct Surprise {
    pub sum: i32,
    /// Where it began to rise.
    pub first: usize,
    pub last: Symbol,
}

impl Default for Surprise {
    fn default() -> Surprise {
        Surprise { sum: 0, first: 0, last: Symbol::edge() }
    }
}

impl Surprise {
    /// Goes on over ASCII; says whether the first of it is too much.
    pub fn pass(&mut self, ascii: &[u8]) -> bool {
        let ([first, .., last] | [first @ last]) = ascii else { return false };
        if self.sum > 0 {
            self.sum += by_ascii(self.last, *first);
        }
        let enough = self.sum >= TOO_MUCH;
        self.sum = (self.sum - FADES * ascii.len().min(1 << 16) as i32).max(0);
        self.last = Symbol::of(char::from(*last));
        enough
    }

    /// Whether the end of the text, as ASCII would, makes it too much.
    pub fn is_enough_at_the_end(&self) -> bool {
        self.sum + LEAST >= TOO_MUCH
    }

    /// Goes on by one character at byte `at`, which costs `beyond` too much; says whether that is enough.
    #[inline]
    pub fn add(&mut self, beyond: i32, at: usize) -> bool {
        if self.sum == 0 {
            self.first = at;
        }
        self.sum = (self.sum + beyond.min(DEAREST)).max(0);
        self.sum >= TOO_MUCH
    }
}

/// How much the first byte of ASCII after a character adds to a surprise.
pub fn by_ascii(last: Symbol, first: u8) -> i32 {
    (beyond(last, Symbol::of(char::from(first))) - MORE).clamp(LEAST, DEAREST)
}

/// The sequences that the last characters have begun, by page.
#[derive(Default)]
pub struct Open {
    /// Sequences of two, three and four bytes of which the last byte is missing.
    last: [u64; 3],
    /// Sequences of three and four bytes of which two bytes are missing.
    two: [u64; 2],
    /// Sequences of four bytes of which three are missing.
    three: u64,
}

impl Open {
    /// Goes on by one character: the pages in which sequences of four, three and two characters end with it.
    #[inline]
    pub fn take(&mut self, roles: &Roles) -> [u64; 3] {
        let trail = roles.trail;
        let hits = [self.last[2] & trail, self.last[1] & trail, self.last[0] & trail];
        self.last = [roles.lead2, self.two[0] & trail, self.two[1] & trail];
        self.two = [roles.lead3, self.three & trail];
        self.three = roles.lead4;
        hits
    }

    /// Whether three characters of a sequence of four are there.
    pub fn lacks_the_fourth(&self) -> bool {
        self.last[2] != 0
    }

    /// Whether two characters of a sequence of three or four are there.
    pub fn lacks_the_third(&self) -> bool {
        (self.last[1] | self.two[1]) != 0
    }
}

/// Sequences close together, and what undoing them promises.
pub struct Cluster {
    promised: i32,
    /// Where it begins.
    pub first: usize,
    /// Where the last sequence ended.
    reached: usize,
    /// What the last sequence decoded to.
    decoded: Symbol,
}

impl Default for Cluster {
    fn default() -> Cluster {
        Cluster { promised: 0, first: 0, reached: usize::MAX, decoded: Symbol::edge() }
    }
}

impl Cluster {
    /// Adds the sequence of `count` characters that ends at byte `end`; says whether the promises are enough.
    #[inline(never)]
    pub fn add(&mut self, text: &str, end: usize, count: usize, pages: u64) -> bool {
        let mut run = [('\0', codec::record('a')); 4];
        let mut start = end;
        for (slot, (at, c)) in run[..count].iter_mut().rev().zip(text[..end].char_indices().rev()) {
            *slot = (c, codec::record(c));
            start = at;
        }
        let faded = FADES * start.abs_diff(self.reached).min(1 << 16) as i32;
        let left = (self.promised - faded).max(0);
        let joined = (self.reached == start).then_some(self.decoded);
        let Some((gain, meant)) = promise(text, start, &run[..count], pages, joined) else {
            return false;
        };
        if left == 0 {
            self.first = start;
        }
        self.promised = left + gain;
        self.reached = end;
        self.decoded = meant;
        self.promised >= ENOUGH
    }

    /// Whether a sequence cannot gain anything, from byte `start` to `end`, in any of `pages`, that costs no more than `stands`
    /// as it stands: then [`Cluster::add`] would change nothing. True only where that is quickly told.
    pub fn cannot_gain(&self, text: &str, start: usize, end: usize, pages: u64, stands: i32) -> bool {
        if self.reached == start {
            return false;
        }
        let before = text[..start].chars().next_back().map_or(Symbol::edge(), Symbol::of);
        let (run, count) = first_four(&text[start..end]);
        let mut units = PageSet(pages).iter().filter_map(|page| codec::unit(&run[..count], page));
        units.all(|unit| model::least_cost(before, Symbol::of(unit.meant)) >= stands)
    }

    /// Where the last sequence ended that promised anything.
    pub fn reached(&self) -> usize {
        self.reached
    }

    /// Where a suspect begins that ends a run from `start` on.
    pub fn begins(&self, start: usize) -> usize {
        if self.promised > 0 { self.first.min(start) } else { start }
    }
}

/// The code point at the start of valid UTF-8 and its length; `None` for ASCII, or at the end.
#[inline]
pub fn character(bytes: &[u8]) -> Option<(u32, usize)> {
    let low = |i: usize| u32::from(bytes.get(i).copied().unwrap_or(0) & 0x3F);
    match bytes.first().copied()? {
        0..0x80 => None,
        b @ ..0xE0 => Some((u32::from(b & 0x1F) << 6 | low(1), 2)),
        b @ ..0xF0 => Some((u32::from(b & 0x0F) << 12 | low(1) << 6 | low(2), 3)),
        b => Some((u32::from(b & 0x07) << 18 | low(1) << 12 | low(2) << 6 | low(3), 4)),
    }
}

/// What undoing the sequence `run`, which begins at byte `start`, gains at best in any of `pages`, and the character it
/// then is. `joined` is what the sequence right before it decoded to.
fn promise(
    text: &str,
    start: usize,
    run: &[(char, &'static Record)],
    pages: u64,
    joined: Option<Symbol>,
) -> Option<(i32, Symbol)> {
    let before = text[..start].chars().next_back().map_or(Symbol::edge(), Symbol::of);
    let end = start + run.iter().map(|(c, _)| c.len_utf8()).sum::<usize>();
    // Inside of a word its first letter counts only so far; see `thresholds::most`.
    let next = goes_on(&text[end..], pages);
    let is_in_word = next.is_some_and(Symbol::is_other_letter);
    let (mut last, mut stands) = (before, 0);
    for symbol in run.iter().map(|(c, _)| Symbol::of(*c)) {
        let cost = model::cost(last, symbol);
        let begins = is_in_word && symbol.is_other_letter() && kind(last).is_between_words();
        stands += if begins { cost.min(symbol.usual() + BEGINS) } else { cost };
        last = symbol;
    }
    // What goes on behind it may have belonged to what stands here better; that it did less so says nothing, for it may be damage of
    // another kind.
    let loses = |meant: Symbol| next.map_or(0, |next| (model::cost(meant, next) - model::cost(last, next)).max(0));
    let promises = PageSet(pages).iter().filter_map(|page| codec::unit(run, page)).filter_map(|unit| {
        let meant = Symbol::of(unit.meant);
        // Most chance sequences decode to what cannot stand here, which the classes alone can tell.
        if joined.is_none() && model::least_cost(before, meant) >= stands {
            return None;
        }
        let enters = model::cost(before, meant);
        let enters = joined.map_or(enters, |joined| enters.min(model::cost(joined, meant)));
        Some((stands - enters - loses(meant), meant))
    });
    promises.max_by_key(|promise| promise.0).filter(|promise| promise.0 > 0)
}

/// The first characters of a text with what they are in all pages, as many as a sequence has at most; and how many they are.
fn first_four(text: &str) -> ([(char, &'static Record); 4], usize) {
    let mut run = [('\0', codec::record('a')); 4];
    let mut count = 0;
    for (slot, c) in run.iter_mut().zip(text.chars()) {
        *slot = (c, codec::record(c));
        count += 1;
    }
    (run, count)
}

/// The character outside ASCII that a text begins with, if it is not the first of a sequence in any of `pages`: it stays as it is,
/// and what stands before it then goes on with it.
fn goes_on(text: &str, pages: u64) -> Option<Symbol> {
    let (next, count) = first_four(text);
    let stays = !next[0].0.is_ascii() && codec::pages_at(&next[..count]) & pages == 0;
    stays.then(|| Symbol::of(next[0].0))
}

/// Where the sequence begins, no earlier than `from`, that the C1 control at byte `start` may end.
pub fn run_of_control(text: &str, start: usize, from: usize) -> usize {
    let run = text[..start].char_indices().rev().take(3).take_while(|(_, c)| !c.is_ascii());
    run.filter(|(at, c)| *at >= from && codec::record(*c).leads()).last().map_or(start, |(at, _)| at)
}
