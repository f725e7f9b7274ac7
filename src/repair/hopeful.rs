//! In which single-byte pages could UTF-8 gain anything by being undone, whatever was lost in it?
//!
//! Text that turns out right is mostly told from broken text by one bound: what all that stands there costs, less the least
//! that units of UTF-8 take to read it otherwise. Where that is below what entering costs, no way through the page is on the best
//! path, and neither need its units be inferred nor searched. The bound hardly ever asks the model: but for a unit with
//! which the page is entered, what units stand for is taken to cost next to nothing, and so are the characters next to them.
//!
//! In: a stretch of characters, and pages. Out: those of the pages that may gain. Must not: leave one out that could.

use std::ops::Range;
use std::sync::LazyLock;

use super::lattice::{as_it_stands, decoded};
use super::states::State;
use super::{Cell, Limits, Mixup, prior};
use crate::codec::{self, Loss, Page, PageSet};
use crate::model::{Context, PER_NAT, Symbol};

/// The longest unit: a pair of surrogates, three bytes each.
const LONGEST: usize = 6;
/// No character costs less that bytes decode to.
pub const LEAST: i32 = 1;
/// What each unit gains, roughly and on average, of text that is plainly broken.
const PLAIN: i32 = 4 * PER_NAT;
/// No way.
const NONE: i32 = i32::MIN / 2;

/// A text with what each of its characters costs as it stands.
pub struct Bound<'c> {
    cells: &'c [Cell],
    /// What the characters before each place cost, all told; and the edge after them.
    sums: Vec<i32>,
    /// What stands before each place.
    contexts: Vec<Context>,
}

/// What the units of a state gain.
pub struct Gains {
    /// Whether any of them gains anything.
    pub any: bool,
    /// What they gain all told, less what it costs to enter.
    pub all: i32,
    /// Whether that is so much that the text is broken for all one can see.
    pub is_high: bool,
}

/// A way through a page up to the end of a unit.
#[derive(Clone, Copy)]
struct Way {
    /// The most that it gains.
    gain: i32,
    /// The unit, where it is known what it costs: the page is entered with it.
    entered: Option<(usize, char)>,
}

impl Way {
    const NONE: Way = Way { gain: NONE, entered: None };
}

impl Bound<'_> {
    /// The text of `cells`, which stands after the character `before`.
    pub fn new(cells: &[Cell], before: Symbol) -> Bound<'_> {
        let mut context = Context::after(before);
        let mut sums = Vec::with_capacity(cells.len() + 3);
        let mut contexts = Vec::with_capacity(cells.len());
        let mut sum = 0;
        sums.push(0);
        for cell in cells {
            contexts.push(context);
            sum += as_it_stands(&mut context, cell);
            sums.push(sum);
        }
        // Beyond it the text stands as it is.
        sum += context.cost(Symbol::edge());
        sums.extend([sum, sum]);
        Bound { cells, sums, contexts }
    }

    /// The characters.
    pub fn cells(&self) -> &[Cell] {
        self.cells
    }

    /// What stands before a character.
    pub fn before(&self, at: usize) -> Option<Context> {
        self.contexts.get(at).copied()
    }

    /// What a character costs as it stands.
    pub fn costs(&self, at: usize) -> i32 {
        self.sums[at + 1] - self.sums[at]
    }

    /// What these characters cost as they stand.
    pub fn cost(&self, range: Range<usize>) -> i32 {
        self.sums[range.end] - self.sums[range.start]
    }

    /// Adds, for each place and the end, the most that a way there may cost in a state that can still come out no dearer than
    /// the text as it stands.
    pub fn still_hopeful(&self, state: &State, most: &mut Vec<i32>) {
        let (n, from) = (self.cells.len(), most.len());
        most.resize(from + n + 1, 0);
        let most = &mut most[from..];
        // What may be gained from a place on: right after a unit, one character later, and after that.
        let edge = self.sums[n + 1] - self.sums[n];
        most[n] = edge;
        let (mut one, mut stale) = (edge, 0);
        let mut units = state.units.iter().rev().peekable();
        for at in (0..n).rev() {
            let mut by_unit = NONE;
            while let Some(unit) = units.next_if(|unit| unit.at as usize == at) {
                let end = unit.end();
                let own = self.sums[end] - self.sums[at] - prior::loss(unit.loss) - LEAST;
                by_unit = by_unit.max(own + most[end]);
            }
            let passing = if self.cells[at].c.is_ascii() { 0 } else { prior::PASS };
            let costs = self.costs(at);
            most[at] = by_unit.max(self.sums[at + 2] - self.sums[at]).max(costs - passing + one);
            one = by_unit.max(costs).max(costs - passing + stale);
            stale = by_unit.max(0).max(stale - passing);
        }
        most.iter_mut().zip(&self.sums).for_each(|(gain, sum)| *gain += sum);
    }

    /// What the units of a state gain that nothing was lost of.
    pub fn gains(&self, state: &State) -> Gains {
        let mut gains = Gains { any: false, all: -state.enter, is_high: false };
        let (mut context, mut end) = (Context::after(Symbol::edge()), usize::MAX);
        for unit in &state.units {
            let at = unit.at as usize;
            if at != end {
                context = self.contexts[at];
            }
            end = unit.end();
            let gain = self.sums[end] - self.sums[at] - decoded(&mut context, unit.meant);
            gains.any |= gain > 0;
            gains.all += gain;
        }
        gains.is_high = gains.all > 0 && gains.all + state.enter > PLAIN * state.units.len() as i32;
        gains
    }

    /// Those of `pages` in which anything may be gained; in one layer only those that are not `hopeless` there.
    pub fn hopeful(&self, pages: PageSet, hopeless: PageSet, limits: &Limits) -> PageSet {
        let may = |page: &Page| {
            !hopeless.contains(*page) && self.may_gain(*page, limits) || limits.max_layers > 1 && self.may_nest(*page)
        };
        pages.iter().filter(may).fold(PageSet::default(), PageSet::with)
    }

    /// Whether any way through one layer of a page may cost no more than the text as it stands, up to any place.
    fn may_gain(&self, page: Page, limits: &Limits) -> bool {
        let enter = limits.established.enter(&[Mixup::utf8(page)]);
        let byte = |at: usize| self.cells.get(at).map_or(0, |cell| cell.record.byte(page));
        // The most that is gained by ways whose last unit ended one character before, and earlier than that.
        let (mut earlier, mut one) = (NONE, NONE);
        let mut ends = [Way::NONE; LONGEST + 2];
        for at in 0..=self.cells.len() {
            let slot = at % ends.len();
            let Way { gain: fresh, entered } = std::mem::replace(&mut ends[slot], Way::NONE);
            // The two characters after a unit follow something else, and may cost next to nothing there.
            let last = (at + 2).min(self.sums.len() - 1);
            if fresh > NONE
                && fresh + self.sums[last] - self.sums[at] >= 0
                && entered.is_none_or(|(from, meant)| fresh + self.gains_after(from, meant, at) >= 0)
            {
                return true;
            }
            let Some(cell) = self.cells.get(at) else { break };
            let inside = fresh.max(one).max(earlier);
            if cell.c.is_ascii() {
                if inside > NONE {
                    earlier = earlier.max(gone_on(one, self.costs(at)));
                    one = gone_on(fresh, self.costs(at));
                }
                continue;
            }
            let first = byte(at);
            if first >= 0xC2 {
                self.units(at, first, byte, |end, loss| {
                    let stands = self.sums[end] - self.sums[at];
                    let entering = if loss > 0 { enter + prior::LOSS_ENTERS } else { enter };
                    let mut way = Way { gain: inside.max(-entering) + stands - loss - LEAST, entered: None };
                    // Where the page is entered with a whole unit, it is known what that costs.
                    if loss == 0
                        && inside <= -entering
                        && let Some(unit) =
                            codec::unit(&self.cells[at..], page).filter(|u| at + usize::from(u.len) == end)
                    {
                        let cost = decoded(&mut self.contexts[at].clone(), unit.meant);
                        let known = stands - enter - cost;
                        let on = gone_on(inside, stands - LEAST);
                        way = match known >= on {
                            true => Way { gain: known, entered: Some((at, unit.meant)) },
                            false => Way { gain: on, entered: None },
                        };
                    }
                    let slot = &mut ends[end % (LONGEST + 2)];
                    // Of two ways to a place the one that is less known counts as both.
                    let entered = if slot.gain == NONE { way.entered } else { None };
                    *slot = Way { gain: slot.gain.max(way.gain), entered };
                });
            }
            earlier = gone_on(earlier, -prior::PASS).max(gone_on(one, self.costs(at) - prior::PASS));
            one = gone_on(fresh, self.costs(at) - prior::PASS);
        }
        false
    }

    /// What the characters after a unit gain by following it, that begins at a place and ends at another.
    fn gains_after(&self, from: usize, meant: char, end: usize) -> i32 {
        let mut context = self.contexts[from];
        decoded(&mut context, meant);
        let after = &self.cells[end..(end + 2).min(self.cells.len())];
        let stand: i32 = after.iter().map(|cell| as_it_stands(&mut context, cell)).sum();
        let edge = if after.len() < 2 { context.cost(Symbol::edge()) } else { 0 };
        let last = if after.len() < 2 { self.sums.len() - 1 } else { end + 2 };
        self.sums[last] - self.sums[end] - stand - edge
    }

    /// Hands over where units may end that begin at a place with this byte, and what is lost in them at least.
    fn units(&self, at: usize, first: u8, byte: impl Fn(usize) -> u8, mut found: impl FnMut(usize, i32)) {
        let Some(len) = codec::sequence_len(first) else { return };
        let end = self.cells.len();
        let trails = (1..len).take_while(|k| (0x80..0xC0).contains(&byte(at + k))).count();
        if trails + 1 == len {
            found(at + len, 0);
            if first == 0xED && at + LONGEST <= end && byte(at + 3) == 0xED {
                found(at + LONGEST, 0);
            }
        }
        let merged = |after: usize| self.cells.get(after).is_some_and(|cell| cell.c == ' ');
        let dropped = |after: usize| prior::loss(if merged(after) { Loss::SpaceMerged } else { Loss::Dropped });
        // All bytes but one are there, or all but one with a mark in its place.
        if trails + 2 >= len {
            found(at + len - 1, dropped(at + len - 1));
        }
        let mark = at + 1 + trails;
        if mark < end && (mark + 1..at + len).all(|k| (0x80..0xC0).contains(&byte(k))) && at + len <= end {
            let loss = match self.cells[mark].c {
                '\u{fffd}' => Some(Loss::Replaced),
                '?' | ' ' | '\'' | '"' => Some(Loss::Space),
                _ => None,
            };
            if let Some(loss) = loss {
                found(at + len, prior::loss(loss));
            }
        }
        if first == 0xE2 {
            found(at + 1, prior::loss(Loss::BothDropped));
            let replaced = |k: usize| self.cells.get(k).is_some_and(|cell| cell.c == '\u{fffd}');
            if replaced(at + 1) && replaced(at + 2) {
                found(at + 3, prior::loss(Loss::BothReplaced));
            }
        }
    }

    /// Whether what units of a page stand for may be units of it again, of which bytes were lost in either layer.
    fn may_nest(&self, page: Page) -> bool {
        let nests = &NESTS[page.number()];
        let first = |at: usize| self.cells.get(at).map_or(0, |cell| cell.record.byte(page));
        let whole =
            |at: usize| codec::unit(&self.cells[at..], page).filter(|unit| Symbol::of(unit.meant).is_assigned());
        let may = |byte: u8, bits: u64| byte >= 0xC2 && bits >> (byte - 0xC2) & 1 == 1;
        let trails = |at: usize| match first(at) {
            0..0xC2 => false,
            byte => match whole(at) {
                Some(unit) => (0x80..0xC0).contains(&codec::record(unit.meant).byte(page)),
                None => may(byte, nests.trails),
            },
        };
        (0..self.cells.len()).any(|at| {
            let byte = first(at);
            let Some(len) = codec::sequence_len(byte) else { return false };
            match whole(at) {
                Some(unit) => codec::record(unit.meant).byte(page) >= 0xC2 && trails(at + usize::from(unit.len)),
                // Of a dash or a quote two bytes may be gone.
                None => {
                    let least = if byte == 0xE2 { 1 } else { len - 1 };
                    may(byte, nests.leads) && (at + least..=at + len).any(trails)
                }
            }
        })
    }
}

/// What is gained after one more character; nothing where there is no way.
fn gone_on(gain: i32, more: i32) -> i32 {
    if gain > NONE { gain + more } else { NONE }
}

/// The first bytes, a bit each from C2 on, of sequences of which a byte was lost that may stand for the first byte of a
/// sequence in the same page, and for a later one.
struct Nests {
    leads: u64,
    trails: u64,
}

static NESTS: LazyLock<Vec<Nests>> = LazyLock::new(|| Page::all().map(Nests::of).collect());

impl Nests {
    fn of(page: Page) -> Nests {
        let inferred = ['\u{A0}', '\u{AD}', '“', '”', '„', '‟', '‘', '’', '‚', '‛'];
        let inferred: Vec<u8> = page.losable().chain(inferred.into_iter().filter_map(|c| page.encode(c))).collect();
        let mut nests = Nests { leads: 0, trails: 0 };
        for byte in 0x80..=0xFF {
            let Some(c) = page.decode(byte) else { continue };
            let mut bytes = [0; 4];
            let sequence = c.encode_utf8(&mut bytes).as_bytes();
            if !sequence[1..].iter().any(|byte| inferred.contains(byte)) && sequence[0] != 0xE2 {
                continue;
            }
            let bit = 1 << (sequence[0] - 0xC2);
            match byte {
                0x80..0xC0 => nests.trails |= bit,
                0xC2.. => nests.leads |= bit,
                _ => {}
            }
        }
        nests
    }
}
