//! What was it meant to be? Proposes readings, weighs them, and keeps those that are likelier than the text as it stands.
//!
//! In: a stretch of characters. Out: the repairs in it, each with its chain, its odds and its confidence. Must not: know
//! about files, bytes of a file, or settings beyond what may be considered.
//!
//! [`lattice::best_path`] undoes one layer; it is called on its own result until nothing changes, so that the layers of a
//! chain may differ and so that repairing a repaired text changes nothing. What the layers did to one place makes one
//! repair. The evidence of all repairs with the same chain in the stretch is pooled, and weighed against the prior of
//! the chain.

mod beam;
mod foreign;
mod inferred;
mod lattice;
mod layered;
mod mixup;
mod prior;
mod recased;
mod states;
mod torn;
mod weigh;
mod wide;

pub use lattice::Cell;
pub use mixup::{Limits, Mixup};

use crate::codec::Loss;
use crate::edit::{Chain, Confidence};
use crate::model::Symbol;

/// A repair of a stretch of cells.
#[derive(Clone, Debug)]
pub struct Repair {
    /// The first cell that changes.
    pub start: usize,
    /// How many cells change.
    pub len: usize,
    /// What they become.
    pub after: String,
    /// The mixups undone, outermost first.
    pub mixups: Vec<Mixup>,
    /// Whether something was inferred.
    pub lossy: bool,
    /// The odds, in eighths of a nat: of this repair together with the others of its chain.
    pub odds: i32,
    /// How sure it is.
    pub confidence: Confidence,
}

impl Repair {
    /// Its chain.
    pub fn chain(&self) -> Chain {
        Chain::from(self.mixups.iter().map(|m| m.step()).collect::<Vec<_>>())
    }
}

/// How many times the search runs at most; what has not settled by then is left alone.
const ROUNDS: usize = 12;

/// A character of the text as repaired so far.
#[derive(Clone)]
struct Item {
    cell: Cell,
    /// The cells of the source that it stands for.
    start: usize,
    len: usize,
    /// What was undone, as a place in the list of chains; 0 is nothing.
    chain: usize,
    lossy: bool,
}

/// The repairs of `cells`, which stand after the character `before` and before `after`, and how many more were found
/// that are too weak.
pub fn repairs(cells: &[Cell], before: Symbol, after: Symbol, limits: &Limits) -> (Vec<Repair>, usize) {
    let Some((found, refused)) = once(cells, before, after, limits) else { return (Vec::new(), 0) };
    // The search took a reading that the evidence is not enough for, and there may be a weaker one that it is enough for:
    // UTF-8 vouches for itself, other encodings do not.
    let is_unvouched = |repair: &Repair| repair.mixups.iter().any(|mixup| mixup.is_foreign());
    if refused.iter().any(is_unvouched) && !found.iter().any(is_unvouched) {
        let vouched = Limits { foreign: false, ..limits.clone() };
        if let Some((again, rest)) = once(cells, before, after, &vouched).filter(|(again, _)| !again.is_empty()) {
            return (again, refused.len().max(rest.len()));
        }
    }
    (found, refused.len())
}

/// The repairs of `cells`, and those that are too weak.
fn once(cells: &[Cell], before: Symbol, after: Symbol, limits: &Limits) -> Option<(Vec<Repair>, Vec<Repair>)> {
    let mut chains: Vec<Vec<Mixup>> = vec![Vec::new()];
    let items = settle(cells, before, limits, &mut chains)?;
    Some(weigh::weigh(&items, &chains, cells, before, after, limits))
}

/// Undoes layer after layer until nothing changes; `None` when nothing changed at all, or when it does not settle.
fn settle(cells: &[Cell], before: Symbol, limits: &Limits, chains: &mut Vec<Vec<Mixup>>) -> Option<Vec<Item>> {
    let mut items: Vec<Item> = Vec::new();
    let mut current: Vec<Cell> = cells.to_vec();
    for _ in 0..ROUNDS {
        let (fixes, states) = lattice::best_path(&current, before, limits);
        let mut fixes = beam::second_look(&current, before, fixes, &states);
        // Most pages agree on some characters; those do not change.
        fixes.retain(|fix| {
            !current[fix.start..fix.start + fix.len].iter().map(|cell| cell.c).eq(fix.meant.iter().copied())
        });
        if fixes.is_empty() {
            return (!items.is_empty()).then_some(items);
        }
        if items.is_empty() {
            items = cells
                .iter()
                .enumerate()
                .map(|(start, &cell)| Item { cell, start, len: 1, chain: 0, lossy: false })
                .collect();
        }
        let mut next = Vec::with_capacity(items.len());
        let mut at = 0;
        for fix in fixes {
            next.extend(items[at..fix.start].iter().cloned());
            let parts = &items[fix.start..fix.start + fix.len];
            at = fix.start + fix.len;
            let longest = parts.iter().map(|p| p.chain).max_by_key(|&c| chains[c].len()).unwrap_or(0);
            let mut mixups = chains[longest].clone();
            mixups.extend(&states[fix.state].chain);
            let chain = chains.iter().position(|c| *c == mixups).unwrap_or_else(|| {
                chains.push(mixups);
                chains.len() - 1
            });
            let uneven = parts.iter().any(|p| p.chain != parts[0].chain);
            let (first, last) = (&parts[0], &parts[parts.len() - 1]);
            // The first character stands for all the cells; the others came with it.
            let end = last.start + last.len;
            let lossy = fix.loss != Loss::None || uneven || parts.iter().any(|p| p.lossy);
            for (k, &meant) in fix.meant.iter().enumerate() {
                let (start, len) = if k == 0 { (first.start, end - first.start) } else { (end, 0) };
                next.push(Item { cell: Cell::of(meant), start, len, chain, lossy });
            }
        }
        next.extend(items[at..].iter().cloned());
        items = next;
        current.clear();
        current.extend(items.iter().map(|item| item.cell));
    }
    None
}
