//! What was it meant to be? Proposes readings, weighs them, and keeps those that are likelier than the text as it stands.
//!
//! In: a stretch of characters. Out: the repairs in it, each with its chain, its odds and its confidence. Must not: know
//! about files, bytes of a file, or settings beyond what may be considered.
//!
//! [`lattice::best_path`] undoes one layer; it is called on its own result until nothing changes, so that the layers of a
//! chain may differ and so that repairing a repaired text changes nothing. What the layers did to one place makes one
//! repair. The evidence of all repairs with the same chain in the stretch is pooled, and weighed against the prior of
//! the chain.

mod alternatives;
mod beam;
mod brackets;
mod change;
mod company;
mod estimate;
mod foreign;
mod hopeful;
mod inferred;
mod known;
mod lattice;
mod layered;
mod mixup;
mod national;
mod odds;
mod pattern;
mod prior;
mod recased;
mod spoken;
mod states;
mod text;
mod throughout;
mod torn;
mod ways;
mod weigh;
mod wide;
mod worded;
mod wording;

pub use alternatives::{Alternative, alternatives};
pub use known::{Established, Letters};
pub use lattice::{Cell, cells};
pub use mixup::{Limits, Mixup};
pub use odds::likely_nats;
pub use worded::{LOST, Restored, restored};

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

use crate::codec::{Encoding, Loss, Page};
use crate::detect;
use crate::edit::{Chain, Confidence};
use crate::model::Symbol;
use text::Text;
use throughout::{Clear, Throughout};

/// A repair of a stretch of cells.
#[derive(Clone, Debug)]
pub struct Repair {
    /// The first cell that changes.
    pub start: usize,
    /// How many cells change.
    pub len: usize,
    /// What they become.
    pub after: String,
    /// The mixups undone, outermost first; all repairs of a text that undo the same share them.
    pub undone: Undone,
    /// Whether something was inferred.
    pub lossy: bool,
    /// The odds, in eighths of a nat: of this repair together with the others of its chain.
    pub odds: i32,
    /// How sure it is.
    pub confidence: Confidence,
}

/// What a repair undoes.
#[derive(Clone, Debug)]
pub struct Undone {
    /// The mixups, outermost first.
    pub mixups: Arc<[Mixup]>,
    /// The same for those who do not judge.
    pub chain: Chain,
}

impl Undone {
    fn new(mixups: &[Mixup]) -> Undone {
        Undone { mixups: mixups.into(), chain: mixup::chain(mixups) }
    }

    /// The same where UTF-8 was read as a single-byte page: what nearly all repairs undo, so it is made once in a thread.
    fn utf8(page: Page) -> Undone {
        thread_local! {
            static MADE: RefCell<Vec<(Page, Undone)>> = const { RefCell::new(Vec::new()) };
        }
        MADE.with_borrow_mut(|made| {
            if let Some((_, known)) = made.iter().find(|(known, _)| *known == page) {
                return known.clone();
            }
            let undone = Undone::new(&[Mixup::utf8(page)]);
            made.push((page, undone.clone()));
            undone
        })
    }

    /// Whether one single-byte page was read as another.
    fn is_national(&self) -> bool {
        matches!(self.mixups[..], [Mixup { meant: Encoding::Page(_), read: Encoding::Page(_) }])
    }
}

impl Repair {
    /// Whether it makes of some of its cells what `other` makes of them.
    fn covers(&self, other: &Repair) -> bool {
        let inside = self.start <= other.start && other.start + other.len <= self.start + self.len;
        inside && self.after.chars().skip(other.start - self.start).take(other.len).eq(other.after.chars())
    }
}

/// How many times the search runs at most; what has not settled by then is left alone.
const ROUNDS: usize = 12;

/// A character of the text as repaired so far.
#[derive(Clone, Copy)]
struct Item {
    cell: Cell,
    /// The cells of the source that it stands for.
    start: usize,
    len: usize,
    /// What was undone, as a place in the list of chains; 0 is nothing.
    chain: usize,
    lossy: bool,
    /// Whether it stands as it is because what it was is lost for good, by a mixup that explains it.
    lost: bool,
}

/// What was found in a text.
#[derive(Default)]
pub struct Found {
    /// The repairs, in order.
    pub repairs: Vec<Repair>,
    /// How many more there were that are too weak.
    pub dropped: usize,
    /// Whether it is known that nothing is suspect once all of them are made.
    pub is_sound: bool,
}

/// The repairs of `cells`, which stand after the character `before` and before `after`.
pub fn repairs(cells: &[Cell], before: Symbol, after: Symbol, limits: &Limits) -> Found {
    let text = Text::new(cells, before);
    let found = searched(&text, after, limits);
    if !limits.foreign || found.repairs.iter().any(|repair| !repair.undone.is_national()) {
        return found;
    }
    let repairs = national::repairs(&text, limits);
    // What was found letter by letter may be a part of what the words tell.
    let has_all =
        |repair: &Repair| repairs.iter().any(|other| other.covers(repair) && other.confidence >= repair.confidence);
    if repairs.is_empty() || !found.repairs.iter().all(has_all) {
        return found;
    }
    // What is left must be such that nothing is found in it.
    let again = made(cells, &repairs);
    let again = Text::new(&again, before);
    let settled = searched(&again, after, limits).repairs.is_empty() && national::repairs(&again, limits).is_empty();
    if settled { Found { repairs, is_sound: false, ..found } } else { found }
}

/// What the search for the best path finds.
fn searched(text: &Text, after: Symbol, limits: &Limits) -> Found {
    let (mut found, doubts) = searched_once(text, after, limits, true);
    // A mixup that was not believed in the end may have stood in the way of one that is.
    let believed = |found: &Found| {
        let repairs = found.repairs.iter().filter(|repair| repair.confidence >= Confidence::Likely);
        repairs.map(|repair| repair.len).sum::<usize>()
    };
    let mut instead = |limits: &Limits, goes_deeper: bool| {
        let (other, _) = searched_once(text, after, limits, goes_deeper);
        if believed(&other) > believed(&found) {
            found = other;
        }
    };
    if doubts.foreign && limits.foreign {
        instead(&Limits { foreign: false, ..limits.clone() }, true);
    }
    if doubts.deeper {
        instead(&Limits { max_layers: 1, ..limits.clone() }, false);
    }
    found
}

/// Whether something was found that is not believed in the end.
#[derive(Clone, Copy, Default)]
struct Doubts {
    /// A mixup in which no UTF-8 was read as a single-byte page.
    foreign: bool,
    /// A layer below another, in UTF-8.
    deeper: bool,
}

/// What one search finds, be it below a layer that it undid or not, and what of it is doubted.
fn searched_once(text: &Text, after: Symbol, limits: &Limits, goes_deeper: bool) -> (Found, Doubts) {
    let Text { cells, before, .. } = *text;
    let throughout = match throughout::read(cells, before, after, limits) {
        Some(Throughout::Clear(Clear { state, runs: Some(runs), .. })) => {
            let (repairs, dropped) = weigh::throughout(cells, &state, &runs, limits);
            return (Found { repairs, dropped, is_sound: dropped == 0 }, Doubts::default());
        }
        other => other,
    };
    let mut chains: Vec<Vec<Mixup>> = vec![Vec::new()];
    let settled = settle(text, after, limits, &mut chains, throughout, goes_deeper);
    let Some((items, is_sound)) = settled else { return (Found::default(), Doubts::default()) };
    let (repairs, dropped) = weigh::weigh(&items, &chains, cells, before, after, limits);
    let believed = |chain: &Vec<Mixup>| {
        repairs.iter().any(|repair| repair.undone.mixups[..] == chain[..] && repair.confidence >= Confidence::Likely)
    };
    let doubted = |of: &dyn Fn(&Vec<Mixup>) -> bool| chains.iter().any(|chain| of(chain) && !believed(chain));
    let foreign = doubted(&|chain| chain.iter().any(|mixup| mixup.is_foreign()));
    let deeper = !foreign && doubted(&|chain| chain.len() > 1);
    (Found { repairs, dropped, is_sound: is_sound && dropped == 0 }, Doubts { foreign, deeper })
}

/// The text with the repairs made.
fn made(cells: &[Cell], repairs: &[Repair]) -> Vec<Cell> {
    let (mut out, mut at) = (Vec::with_capacity(cells.len()), 0);
    for repair in repairs {
        out.extend_from_slice(&cells[at..repair.start]);
        out.extend(repair.after.chars().map(Cell::of));
        at = repair.start + repair.len;
    }
    out.extend_from_slice(&cells[at..]);
    out
}

/// Undoes layer after layer until nothing changes, or one only; `None` when nothing changed at all, or when it does not
/// settle. Says whether it is known that nothing is suspect then. Of the first layer it is known whether it is `throughout`.
fn settle(
    text: &Text,
    after: Symbol,
    limits: &Limits,
    chains: &mut Vec<Vec<Mixup>>,
    throughout: Option<Throughout>,
    goes_deeper: bool,
) -> Option<(Vec<Item>, bool)> {
    let Text { cells, before, .. } = *text;
    let mut items: Vec<Item> = Vec::new();
    let mut current = Cow::Borrowed(cells);
    let mut first = Some(throughout);
    let mut limits = Cow::Borrowed(limits);
    for _ in 0..ROUNDS {
        let throughout = first.take().unwrap_or_else(|| throughout::read(&current, before, after, &limits));
        let path = match items.is_empty() {
            true => lattice::best_path(text, &limits, throughout),
            false => lattice::best_path(&Text::new(&current, before), &limits, throughout),
        };
        let lattice::Path { fixes, states, is_sound } = path;
        let fixes = beam::second_look(&current, before, fixes, &states);
        let mut fixes = wording::reread(&current, before, fixes, &states);
        // Most pages agree on some characters; those do not change.
        fixes.retain(|fix| {
            let stands = current[fix.start()..fix.end()].iter().map(|cell| cell.c);
            !stands.eq(states[fix.state].meant(fix.unit))
        });
        if fixes.iter().all(|fix| states[fix.state].is_lost(fix.unit)) {
            if !items.is_empty() {
                fixes.iter().for_each(|fix| items[fix.start()..fix.end()].iter_mut().for_each(|item| item.lost = true));
                return Some((items, false));
            }
            return None;
        }
        // Before the first layer each cell stands for itself.
        let item = |at: usize| match items.get(at) {
            Some(item) => *item,
            None => Item { cell: cells[at], start: at, len: 1, chain: 0, lossy: false, lost: false },
        };
        let mut next = Vec::with_capacity(current.len());
        let mut at = 0;
        let mut last: Option<(usize, usize, usize)> = None;
        for fix in fixes {
            next.extend((at..fix.start()).map(item));
            let parts = || (fix.start()..fix.end()).map(item);
            at = fix.end();
            // What a mixup explains but cannot give back stays as it is, and speaks against nothing.
            if states[fix.state].is_lost(fix.unit) {
                next.extend(parts().map(|part| Item { lost: true, ..part }));
                continue;
            }
            let longest = parts().map(|p| p.chain).max_by_key(|&c| chains[c].len()).unwrap_or(0);
            // Neighbours mostly have the same.
            let chain = match last.filter(|last| (last.0, last.1) == (longest, fix.state)) {
                Some((_, _, chain)) => chain,
                None => joined(chains, longest, &states[fix.state].chain),
            };
            last = Some((longest, fix.state, chain));
            let (first, end) = (item(fix.start()), item(fix.end() - 1));
            let uneven = parts().any(|p| p.chain != first.chain);
            // The first character stands for all the cells; the others came with it.
            let end = end.start + end.len;
            let lossy = fix.unit.loss != Loss::None || uneven || parts().any(|p| p.lossy);
            for (k, meant) in states[fix.state].meant(fix.unit).enumerate() {
                let (start, len) = if k == 0 { (first.start, end - first.start) } else { (end, 0) };
                next.push(Item { cell: Cell::of(meant), start, len, chain, lossy, lost: false });
            }
        }
        next.extend((at..current.len()).map(item));
        items = next;
        // What is lost for good is no mark of another loss.
        if limits.foreign && items.iter().any(|item| item.chain != 0 && item.cell.c == '\u{fffd}') {
            limits.to_mut().foreign = false;
        }
        if is_sound || !goes_deeper {
            return Some((items, is_sound));
        }
        current = items.iter().map(|item| item.cell).collect();
        let text: String = current.iter().map(|cell| cell.c).collect();
        if detect::next_suspect(&text, 0).is_none() {
            return Some((items, true));
        }
    }
    None
}

/// The chain in which `inner` was undone within one of `chains`, which is added to them if it is new.
fn joined(chains: &mut Vec<Vec<Mixup>>, outer: usize, inner: &[Mixup]) -> usize {
    let same = |chain: &Vec<Mixup>| chain.strip_prefix(&chains[outer][..]).is_some_and(|rest| rest == inner);
    if let Some(known) = chains.iter().position(same) {
        return known;
    }
    chains.push([&chains[outer][..], inner].concat());
    chains.len() - 1
}
