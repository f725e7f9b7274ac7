//! Text whose case was changed as a whole after the damage.
//!
//! `Ã©` that was put into lower case is `ã©`, and the bytes are known only up to the case of letters. That is worth a thought
//! only where all letters around are of one case. What is read is put into the case that the text is in.

use super::layered::{add, inner_units};
use super::states::{SAVED, State, Unit};
use super::{Cell, Limits, Mixup, prior};
use crate::codec::{self, Case, Loss, Page, PageSet};
use crate::model::{Context, PER_NAT, Symbol};

/// How many letters of one case there must be, those of the damage included.
const LETTERS: usize = 6;
/// No more chains than this are searched, of one layer and of two.
const MOST: usize = 4;
/// Pages that cost more than this to enter are not considered.
const LIKELY: i32 = 11 * PER_NAT;

/// The chains in which something decodes if the case of the text was changed after the damage.
pub fn states(cells: &[Cell], limits: &Limits) -> Vec<State> {
    let Some(case) = case(cells) else { return Vec::new() };
    let pages: Vec<Page> = limits.pages.iter().filter(|page| prior::one(Mixup::utf8(*page)) <= LIKELY).collect();
    let begins = |(_, cell): &(usize, &Cell)| !cell.c.is_ascii() && codec::may_begin(*cell, case);
    let places: Vec<usize> = cells.iter().enumerate().filter(begins).map(|(at, _)| at).collect();
    let mut states: Vec<State> = Vec::new();
    if places.is_empty() {
        return states;
    }
    // What no unit may hold, in any page, is held in no layer either.
    let letters = Letters::of(cells);
    let inside = codec::may_be_in_units(cells, pages.iter().copied().fold(PageSet::default(), PageSet::with), case);
    if !letters.are_mostly((0..cells.len()).filter(|at| inside[*at]).map(|at| letters.within(at, at + 1)).sum()) {
        return states;
    }
    for &page in &pages {
        keep(&mut states, vec![Mixup::utf8(page)], units(cells, &places, page, case), limits);
    }
    strongest(&mut states, 0);
    if limits.max_layers > 1 {
        for parent in 0..states.len() {
            for &page in &pages {
                let inner = inner_units(&states[parent].units, page);
                let mut chain = states[parent].chain.clone();
                chain.push(Mixup::utf8(page));
                keep(&mut states, chain, inner, limits);
            }
        }
        let from = MOST.min(states.len());
        strongest(&mut states, from);
    }
    states.retain_mut(|state| {
        // That the case was changed shows where only that makes a unit, and in capitals by the letters around.
        let shown =
            state.units.chunk_by(|a, b| a.at == b.at).any(|here| here.iter().all(|unit| unit.loss != Loss::None));
        let shown = shown || case == Case::Upper && letters_around(cells, &state.units) >= LETTERS / 2;
        put(&mut state.units, case, shown);
        state.units.iter().any(|unit| unit.loss != Loss::None) && explains(&letters, state)
    });
    states
}

/// The case that a text may have been put into.
fn case(cells: &[Cell]) -> Option<Case> {
    Case::of(cells.iter().map(|cell| cell.c), LETTERS)
}

/// Whether text that whole units of `page` explain may still have been put into a case after the damage: in small letters and
/// in capitals, of which there are some around, something reads better if that is what happened. Where another page than the
/// commonest explains the text, it may be that one because of it.
pub fn shows(cells: &[Cell], before: Symbol, units: &[Unit], page: Page) -> bool {
    match case(cells) {
        None => false,
        Some(_) if page != Page::WINDOWS_1252 => true,
        Some(Case::Upper) if letters_around(cells, units) < LETTERS / 2 => false,
        Some(case) => reads_better(cells, before, units, page, case),
    }
}

/// A way to read the units up to a place: what it costs, what stands at its end, and whether any unit was put into another case.
#[derive(Clone, Copy)]
struct Way {
    cost: i32,
    context: Context,
    is_cased: bool,
}

/// Whether the cheapest way to read the units has one in it whose letters were put into this case.
fn reads_better(cells: &[Cell], before: Symbol, units: &[Unit], page: Page, case: Case) -> bool {
    let changes = |cell: &Cell| Case::Upper.changes(cell.c) && page.encode(Case::Upper.put(cell.c)).is_some();
    // The ways whose last two characters differ; few do.
    let mut ways = vec![Way { cost: 0, context: Context::after(before), is_cased: false }];
    let mut next: Vec<Way> = Vec::new();
    let mut at = 0;
    let go_on = |way: &mut Way, symbol: Symbol| way.cost += way.context.push(symbol);
    for unit in units {
        let (start, end) = (unit.at as usize, unit.end());
        for cell in &cells[at..start] {
            ways.iter_mut().for_each(|way| go_on(way, cell.symbol));
        }
        if start - at > 1 {
            // All ways have come to the same.
            let best = ways.iter().copied().min_by_key(|way| way.cost);
            ways.clear();
            ways.extend(best);
        }
        at = end;
        next.clear();
        let mut read = |meant: char, loss: i32, is_cased: bool| {
            let best = ways.iter().map(|way| {
                let mut way = *way;
                go_on(&mut way, Symbol::of(meant));
                Way { cost: way.cost + loss, is_cased: way.is_cased || is_cased, ..way }
            });
            next.extend(best.min_by_key(|way| way.cost));
        };
        read(unit.meant, 0, false);
        match case {
            Case::Lower if !cells[start + 1..end].iter().any(changes) => {}
            Case::Lower => codec::cased_units(&cells[start..], page, case, |cased| {
                if u32::from(cased.len) == unit.len && cased.loss != Loss::None {
                    read(case.put(cased.meant), prior::loss(cased.loss), true);
                }
            }),
            Case::Upper => {
                let meant = case.put(unit.meant);
                if meant != unit.meant {
                    read(meant, prior::loss(Loss::Case), true);
                }
            }
        }
        std::mem::swap(&mut ways, &mut next);
    }
    for cell in &cells[at..] {
        ways.iter_mut().for_each(|way| go_on(way, cell.symbol));
    }
    ways.iter().min_by_key(|way| way.cost).is_some_and(|way| way.is_cased)
}

/// Whether a state accounts for most of the letters that are not ASCII: text in which the same letters stand elsewhere is
/// right, whatever follows one of them.
fn explains(letters: &Letters, state: &State) -> bool {
    let (mut end, mut taken) = (0, 0);
    for unit in &state.units {
        taken += letters.within((unit.at as usize).max(end).min(unit.end()), unit.end());
        end = end.max(unit.end());
    }
    letters.are_mostly(taken)
}

/// How many letters that are not ASCII a text has before each place, and before its end.
struct Letters(Vec<usize>);

impl Letters {
    fn of(cells: &[Cell]) -> Letters {
        let mut count = 0;
        let letters = cells.iter().map(|cell| {
            count += usize::from(!cell.c.is_ascii() && codec::is_letter(cell.c));
            count
        });
        Letters(std::iter::once(0).chain(letters).collect())
    }

    fn within(&self, start: usize, end: usize) -> usize {
        self.0[end] - self.0[start]
    }

    /// Whether so many are most of them.
    fn are_mostly(&self, taken: usize) -> bool {
        4 * taken > 3 * self.within(0, self.0.len() - 1)
    }
}

/// How many capitals there are in no unit.
fn letters_around(cells: &[Cell], units: &[Unit]) -> usize {
    let mut end = 0;
    let mut letters = 0;
    for unit in units {
        let at = unit.at as usize;
        letters += cells[end.min(at)..at].iter().filter(|cell| cell.c.is_uppercase()).count();
        end = end.max(unit.end());
    }
    letters + cells[end..].iter().filter(|cell| cell.c.is_uppercase()).count()
}

/// The units that may begin at each of these places, in the case that they had before.
fn units(cells: &[Cell], places: &[usize], page: Page, case: Case) -> Vec<Unit> {
    let mut units = Vec::new();
    for &i in places {
        let from = units.len();
        codec::cased_units(&cells[i..], page, case, |unit| {
            if Symbol::of(unit.meant).is_assigned() {
                add(&mut units, from, Unit { loss: unit.loss, ..Unit::whole(i, usize::from(unit.len), unit.meant) });
            }
        });
    }
    units
}

/// Puts what units stand for into the case of the text; those whose bytes are all there only where that is `shown` to be
/// what happened.
fn put(units: &mut Vec<Unit>, case: Case, shown: bool) {
    let mut made: Vec<Unit> = Vec::with_capacity(units.len());
    let mut from = 0;
    for &unit in units.iter() {
        if made.last().is_some_and(|last| last.at != unit.at) {
            from = made.len();
        }
        let meant = if shown || unit.loss != Loss::None { case.put(unit.meant) } else { unit.meant };
        let loss = if meant == unit.meant { unit.loss } else { unit.loss.max(Loss::Case) };
        add(&mut made, from, Unit { meant, loss, ..unit });
    }
    *units = made;
}

/// Adds a state, unless it has no unit or a state that is no rarer has all of them.
fn keep(states: &mut Vec<State>, chain: Vec<Mixup>, units: Vec<Unit>, limits: &Limits) {
    let state = State::new(chain, units, limits);
    let same = |x: &Unit, y: &Unit| (x.at, x.len, x.meant) == (y.at, y.len, y.meant);
    let has_all = |other: &State| {
        let at = |x: &Unit| other.units.partition_point(|y| y.at < x.at);
        let has = |x: &Unit| other.units[at(x)..].iter().take_while(|y| y.at == x.at).any(|y| same(x, y));
        state.units.iter().all(has)
    };
    if !state.units.is_empty() && !states.iter().any(|other| other.enter <= state.enter && has_all(other)) {
        states.push(state);
    }
}

/// Of the states from `from` on, keeps those that explain the most characters.
fn strongest(states: &mut Vec<State>, from: usize) {
    states[from..].sort_by_cached_key(|state| std::cmp::Reverse(weight(state)));
    states.truncate(from + MOST);
}

/// Roughly, what a state saves, counting one unit at a place.
fn weight(state: &State) -> i32 {
    let (mut undone, mut end) = (0, 0);
    for unit in state.units.iter().filter(|unit| unit.loss <= Loss::Case) {
        if unit.at >= end {
            undone += unit.len - 1;
            end = unit.at + unit.len;
        }
    }
    undone.min(1 << 20) as i32 * SAVED - state.enter
}
