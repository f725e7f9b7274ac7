//! What was it meant to be? Proposes readings, weighs them, and keeps those that are likelier than the text as it stands.
//!
//! In: a stretch of characters. Out: the repairs in it, each with its chain, its odds and its confidence. Must not: know
//! about files, bytes of a file, or settings beyond what may be considered.
//!
//! [`lattice::best_path`] undoes one layer; it is called on its own result until nothing changes, so that the layers of a
//! chain may differ and so that repairing a repaired text changes nothing. What the layers did to one place makes one
//! repair. The evidence of all repairs with the same chain in the stretch is pooled, and weighed against the prior of
//! the chain.

mod foreign;
mod lattice;
mod mixup;
mod prior;
mod states;

pub use lattice::Cell;
pub use mixup::{Limits, Mixup};

use crate::codec::Loss;
use crate::edit::{Chain, Confidence};
use crate::model::{Context, PER_NAT, Symbol};

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
/// Odds for each level, in eighths of a nat.
const POSSIBLE: i32 = 0;
const LIKELY: i32 = 2 * PER_NAT;
const CERTAIN: i32 = 10 * PER_NAT;

/// What a character outside ASCII costs in right text, at most, most of the time.
const PLAIN: i32 = 6 * PER_NAT;
/// How many repairs back it is looked for the same damage.
const LOOK_BACK: usize = 64;
/// How far around a repair what still looks broken speaks against it, in characters.
const REACH: usize = 24;

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
    let mut chains: Vec<Vec<Mixup>> = vec![Vec::new()];
    let Some(items) = settle(cells, before, limits, &mut chains) else { return (Vec::new(), 0) };

    // Runs of changed characters with one chain; what each gained in likelihood.
    let mut found: Vec<(Repair, i32, usize)> = Vec::new();
    let (mut new, mut old) = (Context::after(before), Context::after(before));
    let mut open = false;
    for item in &items {
        let mut gain = -new.push(item.cell.symbol);
        for cell in &cells[item.start..item.start + item.len] {
            gain += lattice::as_it_stands(&mut old, cell);
        }
        match found.last_mut().filter(|_| open) {
            Some((repair, sum, chain)) if *chain == item.chain => {
                *sum += gain;
                repair.len = item.start + item.len - repair.start;
                repair.after.push(item.cell.c);
                repair.lossy |= item.lossy;
            }
            // The character after a repair is judged by what it now follows.
            Some((_, sum, _)) if item.chain == 0 => *sum += gain,
            _ => {}
        }
        if item.chain != 0 && !(open && found.last().is_some_and(|f| f.2 == item.chain)) {
            let repair = Repair {
                start: item.start,
                len: item.len,
                after: item.cell.c.to_string(),
                mixups: chains[item.chain].clone(),
                lossy: item.lossy,
                odds: 0,
                confidence: Confidence::Possible,
            };
            found.push((repair, gain, item.chain));
        }
        open = item.chain != 0;
    }
    if open {
        if let Some((_, sum, _)) = found.last_mut() {
            *sum += old.cost(after) - new.cost(after);
        }
    }
    let broken = still_broken(&items, before);
    let count = found.len();
    let kept = weigh(found, &chains, cells, &broken, limits);
    let dropped = count - kept.len();
    (kept, dropped)
}

/// For each cell of the source, how much what was left alone up to there, all told, looks like damage.
fn still_broken(items: &[Item], before: Symbol) -> Vec<i32> {
    let mut sums = vec![0];
    let mut context = Context::after(before);
    for item in items {
        let cost = context.push(item.cell.symbol);
        let excess = if item.chain == 0 && !item.cell.c.is_ascii() && item.cell.symbol.is_visible() {
            (cost.min(2 * lattice::ODD) - PLAIN).max(0)
        } else {
            0
        };
        let sum = sums[sums.len() - 1] + excess;
        sums.extend(std::iter::repeat_n(sum, item.len));
    }
    sums
}

/// Undoes layer after layer until nothing changes; `None` when nothing changed at all, or when it does not settle.
fn settle(cells: &[Cell], before: Symbol, limits: &Limits, chains: &mut Vec<Vec<Mixup>>) -> Option<Vec<Item>> {
    let mut items: Vec<Item> = Vec::new();
    let mut current: Vec<Cell> = cells.to_vec();
    for _ in 0..ROUNDS {
        let (fixes, states) = lattice::best_path(&current, before, limits);
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

/// Pools the evidence of each chain and gives each repair its odds and its level.
fn weigh(
    found: Vec<(Repair, i32, usize)>,
    chains: &[Vec<Mixup>],
    cells: &[Cell],
    broken: &[i32],
    limits: &Limits,
) -> Vec<Repair> {
    let mut pooled = vec![0i32; chains.len()];
    let mut residue = vec![0i32; chains.len()];
    let mut seen_to = vec![0usize; chains.len()];
    for (at, (repair, gain, chain)) in found.iter().enumerate() {
        // The same damage again is the same evidence again, not new evidence.
        let same = |other: &Repair| {
            let chars = |r: &Repair| cells[r.start..r.start + r.len].iter().map(|cell| cell.c);
            other.len == repair.len && chars(other).eq(chars(repair))
        };
        let repeats =
            found[..at].iter().rev().take(LOOK_BACK).filter(|(other, _, c)| c == chain && same(other)).count();
        let from = repair.start.saturating_sub(REACH).max(seen_to[*chain]);
        let to = (repair.start + repair.len + REACH).min(cells.len()).max(from);
        residue[*chain] += broken[to] - broken[from];
        seen_to[*chain] = to;
        pooled[*chain] += if repeats == 0 { *gain } else { gain / (2 << repeats.min(4)) };
    }
    let priors: Vec<i32> = chains.iter().map(|mixups| prior::chain(mixups)).collect();
    found
        .into_iter()
        .filter(|(repair, _, _)| repair.mixups.len() <= limits.max_layers)
        .filter_map(|(mut repair, _, chain)| {
            // Where more looks broken than this explains, something else happened, and a part-repair would destroy the
            // evidence.
            if 2 * residue[chain] > pooled[chain] {
                return None;
            }
            repair.odds = pooled[chain] - priors[chain];
            repair.confidence = match repair.odds {
                CERTAIN.. => Confidence::Certain,
                LIKELY.. => Confidence::Likely,
                POSSIBLE.. => Confidence::Possible,
                _ => return None,
            };
            if repair.lossy {
                repair.confidence = repair.confidence.min(Confidence::Likely);
            }
            Some(repair)
        })
        .collect()
}
