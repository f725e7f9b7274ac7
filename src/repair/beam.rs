//! A second look at what was inferred: more than one way to each place is kept.
//!
//! The search for the best path keeps one way to each place and state. Where many characters in a row could each be one of
//! several, the right one often shows only two or three characters later. So spans in which anything was inferred are read
//! once more, by a search that keeps the best few ways.

use super::Cell;
use super::lattice::{self, Fix, as_it_stands};
use super::prior;
use super::states::{State, Unit};
use crate::codec::{Case, Loss};
use crate::model::{Context, Symbol};

/// So many ways to a place are kept.
const WIDTH: usize = 16;
/// Repairs with no more characters between them are read together.
const GAP: usize = 8;
/// So many characters before a span bear on it, and after.
const AROUND: usize = 2;

/// The repairs with what was inferred in them read once more.
pub fn second_look(cells: &[Cell], before: Symbol, fixes: Vec<Fix>, states: &[State]) -> Vec<Fix> {
    let mut all = Vec::with_capacity(fixes.len());
    let near = |a: &Fix, b: &Fix| a.state == b.state && b.start() <= a.end() + GAP;
    for run in fixes.chunk_by(near) {
        let state = &states[run[0].state];
        let (first, last) = (&run[0], &run[run.len() - 1]);
        let inferred = run.iter().any(|fix| fix.unit.loss != Loss::None);
        let cased = run.iter().any(|fix| fix.unit.loss == Loss::Case);
        let end = last.end();
        let again = if inferred { read(cells, before, first.start(), end, state, cased) } else { None };
        match again {
            Some(units) => all.extend(units.into_iter().map(|unit| Fix { state: first.state, unit })),
            None => all.extend_from_slice(run),
        }
    }
    all
}

/// One way to a place.
#[derive(Clone, Copy)]
struct Way {
    cost: i32,
    context: Context,
    /// The last two characters.
    tail: [char; 2],
    /// The step that led here, as a place in the list of steps.
    step: u32,
}

/// The units of `state` on the cheapest way from cell `start` to `end`.
fn read(cells: &[Cell], before: Symbol, start: usize, end: usize, state: &State, cased: bool) -> Option<Vec<Unit>> {
    // Capitals are few in any corpus: where case was changed, which letters they are is judged as if they were small.
    let symbol = |c: char| Symbol::of(if cased { Case::Lower.put(c) } else { c });
    let mut context = Context::after(before);
    for cell in &cells[start.saturating_sub(AROUND)..start] {
        context.push(symbol(cell.c));
    }
    // What led to each step, and the unit that it took.
    let mut steps: Vec<(u32, Option<Unit>)> = vec![(0, None)];
    let mut ways: Vec<Vec<Way>> = vec![Vec::new(); end - start + 1];
    ways[0].push(Way { cost: 0, context, tail: ['\0'; 2], step: 0 });
    let mut next = state.units.partition_point(|unit| (unit.at as usize) < start);
    for at in start..end {
        let here = std::mem::take(&mut ways[at - start]);
        let from = next;
        while state.units.get(next).is_some_and(|unit| unit.at as usize == at) {
            next += 1;
        }
        for way in here {
            let mut reach = |way: Way, unit: Option<Unit>, to: usize| {
                keep(&mut ways[to - start], way, || {
                    steps.push((way.step, unit));
                    steps.len() as u32 - 1
                });
            };
            let cell = if cased { Cell::of(Case::Lower.put(cells[at].c)) } else { cells[at] };
            let mut passed = way;
            passed.cost += as_it_stands(&mut passed.context, &cell) + if cell.c.is_ascii() { 0 } else { prior::PASS };
            passed.tail = [way.tail[1], cell.c];
            reach(passed, None, at + 1);
            for &unit in state.units[from..next].iter().filter(|unit| unit.end() <= end) {
                let mut taken = Way { cost: way.cost + prior::loss(unit.loss), ..way };
                for c in state.meant(unit) {
                    let small = if cased { Case::Lower.put(c) } else { c };
                    taken.cost += lattice::decoded(&mut taken.context, small);
                    taken.tail = [taken.tail[1], c];
                }
                reach(taken, Some(unit), unit.end());
            }
        }
    }
    let after: Vec<Symbol> =
        (end..end + AROUND).map(|at| cells.get(at).map_or(Symbol::edge(), |cell| symbol(cell.c))).collect();
    let total = |way: &Way| {
        let mut context = way.context;
        way.cost + after.iter().map(|symbol| context.push(*symbol)).sum::<i32>()
    };
    let best = ways[end - start].iter().min_by_key(|way| total(way))?;
    let (mut units, mut step) = (Vec::new(), best.step);
    while step != 0 {
        let (from, unit) = steps[step as usize];
        units.extend(unit);
        step = from;
    }
    units.reverse();
    Some(units)
}

/// Keeps a way if it is among the best few; of those with the same tail only the best goes on.
fn keep(ways: &mut Vec<Way>, way: Way, step: impl FnOnce() -> u32) {
    if let Some(same) = ways.iter_mut().find(|other| other.tail == way.tail) {
        if way.cost < same.cost {
            *same = Way { step: step(), ..way };
        }
        return;
    }
    if ways.len() < WIDTH {
        ways.push(Way { step: step(), ..way });
        return;
    }
    if let Some(worst) = ways.iter_mut().max_by_key(|other| other.cost).filter(|worst| way.cost < worst.cost) {
        *worst = Way { step: step(), ..way };
    }
}
