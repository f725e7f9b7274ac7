//! What else could it have been? The other readings of a place that was repaired, for a person to compare.
//!
//! In: the text and the place. Out: readings with their odds, likeliest first. Must not: be called where speed counts: it
//! weighs every chain in which anything there decodes, each by itself.

use super::states::{State, Unit, states};
use super::{Cell, Limits, Mixup, lattice, mixup, prior};
use crate::edit::Chain;
use crate::model::{Context, Symbol};

/// How many cells around a place are looked at.
const AROUND: usize = 64;

/// Another reading of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// What it would become.
    pub after: String,
    /// The mixups that would be undone, outermost first.
    pub mixups: Vec<Mixup>,
    /// By how much this reading is likelier than the text as it stands, by this place alone, in eighths of a nat.
    pub odds: i32,
}

impl Alternative {
    /// Its chain.
    pub fn chain(&self) -> Chain {
        mixup::chain(&self.mixups)
    }
}

/// The readings of the cells `start..end`, which stand in `cells` after `before`, under every chain, likeliest first; a text that several chains lead to is
/// named once, with the likeliest of them.
pub fn alternatives(cells: &[Cell], before: Symbol, start: usize, end: usize, limits: &Limits) -> Vec<Alternative> {
    let from = start.saturating_sub(AROUND);
    let to = (end + AROUND).min(cells.len());
    let before = from.checked_sub(1).map_or(before, |i| cells[i].symbol);
    let near = &cells[from..to];
    let mut found: Vec<Alternative> = Vec::new();
    for state in states(near, before, limits) {
        let Some(reading) = read(near, &state, start - from, end - from, before) else { continue };
        match found.iter_mut().find(|other| other.after == reading.after) {
            Some(other) if other.odds >= reading.odds => {}
            Some(other) => *other = reading,
            None => found.push(reading),
        }
    }
    found.sort_by(|a, b| b.odds.cmp(&a.odds).then_with(|| a.after.cmp(&b.after)));
    found
}

/// A place read through one chain; `None` when nothing there decodes.
fn read(cells: &[Cell], state: &State, start: usize, end: usize, before: Symbol) -> Option<Alternative> {
    let (mut new, mut old) = (Context::after(before), Context::after(before));
    for cell in &cells[start.saturating_sub(2)..start] {
        new.push(cell.symbol);
        old.push(cell.symbol);
    }
    let (mut after, mut gain, mut at, mut decoded) = (String::new(), 0, start, false);
    while at < end {
        let first = state.units.partition_point(|unit| (unit.at as usize) < at);
        let fits = |unit: &&Unit| at + unit.len as usize <= end;
        let here = state.units[first..].iter().take_while(|unit| unit.at as usize == at).filter(fits);
        // Of several ways to infer what was lost the likeliest one.
        let best = here.min_by_key(|unit| {
            let mut context = new;
            prior::loss(unit.loss) + state.meant(**unit).map(|c| context.push(Symbol::of(c))).sum::<i32>()
        });
        match best {
            Some(unit) => {
                gain -= state.meant(*unit).map(|c| new.push(Symbol::of(c))).sum::<i32>();
                gain -= prior::loss(unit.loss);
                after.extend(state.meant(*unit));
                decoded = true;
                for cell in &cells[at..at + unit.len as usize] {
                    gain += lattice::as_it_stands(&mut old, cell);
                }
                at += unit.len as usize;
            }
            None => {
                gain += lattice::as_it_stands(&mut old, &cells[at]) - new.push(cells[at].symbol);
                after.push(cells[at].c);
                at += 1;
            }
        }
    }
    for cell in cells.iter().skip(end).take(2) {
        gain += old.push(cell.symbol) - new.push(cell.symbol);
    }
    let same = after.chars().eq(cells[start..end].iter().map(|cell| cell.c));
    (decoded && !same).then(|| Alternative { after, mixups: state.chain.clone(), odds: gain - state.enter })
}
