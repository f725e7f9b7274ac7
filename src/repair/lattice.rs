//! One best path through the readings of a text: which spans went through which mixup.
//!
//! A node is (position, mixup in force or none). An edge emits the character as it stands, or, inside a mixup, the
//! character that the next unit of that page decodes to. Entering a mixup costs its prior; leaving is free; ASCII passes
//! in every state. The weight of an emitted character is its cost after the one emitted before it. The cheapest path is
//! the repaired text, together with its spans and mixups. One call undoes one layer.
//!
//! The search keeps, for each state, the cheapest way to it only. Time and memory grow with the characters times the
//! states, and the states are the few pages in which anything decodes.

use super::Limits;
use super::prior;
use super::states::{State, states};
use crate::codec::{self, Loss};
use crate::model::{Context, PER_NAT, Symbol};

/// A character of the text with all that the search wants to know of it.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// The character.
    pub c: char,
    /// What the model sees.
    pub symbol: Symbol,
    /// What it is in all pages.
    pub record: &'static codec::Record,
}

impl Cell {
    /// The cell of `c`.
    pub fn of(c: char) -> Cell {
        Cell { c, symbol: Symbol::of(c), record: codec::record(c) }
    }
}

impl codec::Cell for Cell {
    fn c(&self) -> char {
        self.c
    }
    fn record(&self) -> &'static codec::Record {
        self.record
    }
}

/// A span that the path repairs: `len` characters from `start` become `meant`.
#[derive(Clone, Debug)]
pub struct Fix {
    pub start: usize,
    pub len: usize,
    pub meant: Vec<char>,
    /// Which of the states it went through.
    pub state: usize,
    pub loss: Loss,
}

/// Beyond this a character's cost counts for less as it stands, in eighths of a nat.
pub const ODD: i32 = 11 * PER_NAT;

/// What a character costs as it stands. Right text that the model has never seen the like of exists, so what is beyond
/// [`ODD`] counts for less; least so for a C1 control, which is hardly ever right.
pub fn as_it_stands(context: &mut Context, cell: &Cell) -> i32 {
    let cost = context.push(cell.symbol);
    let beyond = (cost - ODD).max(0);
    let is_c1 = codec::is_c1(cell.c);
    cost.min(ODD) + beyond / if is_c1 { 2 } else { 3 }
}

/// What it costs to enter, leave or pause a mixup of two old encodings between two letters of one word.
const BORDER: i32 = 8 * PER_NAT;
/// What a character costs that was lost for good.
const LOST: i32 = 10 * PER_NAT;

/// What a character costs that bytes decode to.
pub fn decoded(context: &mut Context, c: char) -> i32 {
    match c {
        '\u{fffd}' => LOST,
        c => context.push(Symbol::of(c)),
    }
}

#[derive(Clone, Copy)]
struct Node {
    cost: i32,
    context: Context,
    /// Where the path came from: position and state, and what was emitted.
    from: u32,
    from_state: u8,
    /// The unit, as a place in its state's list; `PASSED` for a character that stands as it is.
    unit: u32,
}

const FAR: i32 = i32::MAX / 2;
const NOWHERE: Node = Node { cost: FAR, context: Context::NONE, from: 0, from_state: 0, unit: PASSED };
const PASSED: u32 = u32::MAX;

/// The repairs on the cheapest path, in order. Empty when the text is likeliest as it stands.
///
/// `before` is the character before the text.
pub fn best_path(cells: &[Cell], before: Symbol, limits: &Limits) -> (Vec<Fix>, Vec<State>) {
    let states = states(cells, before, limits);
    if states.is_empty() {
        return (Vec::new(), states);
    }
    let n = cells.len();
    let width = states.len() + 1;
    let mut nodes = vec![NOWHERE; (n + 1) * width];
    nodes[0] = Node { cost: 0, context: Context::after(before), ..NOWHERE };
    // Whether units begin or end in the middle of ASCII.
    let in_ascii = states.iter().any(|state| state.chain.iter().any(|mixup| mixup.is_wide()));
    let mut next_unit = vec![0usize; states.len()];
    let words: Vec<Vec<bool>> = states.iter().map(|state| state.inside_words(n)).collect();

    let mut i = 0;
    while i < n {
        // In the middle of ASCII all states cost alike: on to its end, or to where a unit begins in it.
        let next =
            || states.iter().zip(&next_unit).filter_map(|(state, next)| state.units.get(*next)).map(|u| u.at as usize);
        if !in_ascii && i > 0 && cells[i].c.is_ascii() && cells[i - 1].c.is_ascii() && next().all(|at| at != i) {
            let end = i + cells[i..].iter().take_while(|cell| cell.c.is_ascii()).count();
            let end = next().filter(|at| *at > i).min().map_or(end, |at| at.min(end));
            for s in 0..width {
                let context = Context::after(cells[end - 1].symbol);
                let cost = nodes[i * width + s].cost;
                nodes[end * width + s] = Node { cost, context, from: i as u32, from_state: s as u8, unit: PASSED };
            }
            i = end;
            continue;
        }
        let (done, ahead) = nodes.split_at_mut((i + 1) * width);
        let here = &mut done[i * width..];
        let mut reach = |to: usize, state: usize, node: Node| {
            let slot = &mut ahead[(to - i - 1) * width + state];
            if node.cost < slot.cost {
                *slot = node;
            }
        };
        // Leaving a mixup is free; but where whole words were read as another page, none was in part.
        let letter = |at: usize| !cells[at].c.is_ascii() && cells[at].c.is_alphabetic();
        let in_word = i > 0 && letter(i - 1) && letter(i);
        let border = |s: usize| {
            if in_word && states[s].is_of_old() || words[s].get(i).is_some_and(|inside| *inside) { BORDER } else { 0 }
        };
        let leaving = |s: usize, node: &Node| node.cost + if s > 0 { border(s - 1) } else { 0 };
        let (best, cheapest) =
            here.iter().enumerate().min_by_key(|(s, node)| (leaving(*s, node), *s)).expect("a state");
        if cheapest.cost >= FAR {
            i += 1;
            continue;
        }
        let left = Node { cost: leaving(best, cheapest), ..*cheapest };
        let cell = cells[i];
        let stands = |from: &Node, from_state: usize, extra: i32| {
            let mut context = from.context;
            let cost = from.cost + as_it_stands(&mut context, &cell) + extra;
            Node { cost, context, from: i as u32, from_state: from_state as u8, unit: PASSED }
        };
        reach(i + 1, 0, stands(&left, best, 0));
        for (s, state) in states.iter().enumerate() {
            let inside = here[s + 1];
            let pauses = state.is_of_old() && letter(i) && (in_word || i + 1 < n && letter(i + 1));
            let passing = match () {
                () if cell.c.is_ascii() => 0,
                () if pauses => BORDER,
                () => prior::PASS,
            };
            if inside.cost < FAR {
                reach(i + 1, s + 1, stands(&inside, s + 1, passing));
            }
            let next = &mut next_unit[s];
            while let Some(unit) = state.units.get(*next).filter(|unit| unit.at as usize == i) {
                let to = i + unit.len as usize;
                let lost = prior::loss(unit.loss);
                let lost_entering = if lost > 0 { lost + prior::LOSS_ENTERS } else { 0 };
                let emit = |from: &Node, from_state: usize, extra: i32| {
                    let mut context = from.context;
                    let cost = state.meant(*unit).map(|c| decoded(&mut context, c)).sum::<i32>();
                    let cost = from.cost + extra + cost;
                    Node { cost, context, from: i as u32, from_state: from_state as u8, unit: *next as u32 }
                };
                if inside.cost < FAR {
                    reach(to, s + 1, emit(&inside, s + 1, lost));
                }
                reach(to, s + 1, emit(&left, best, state.enter + lost_entering + border(s)));
                *next += 1;
            }
        }
        i += 1;
    }

    let edge = Symbol::edge();
    let last = &nodes[n * width..];
    let mut state = (0..width)
        .filter(|&s| last[s].cost < FAR)
        .min_by_key(|&s| last[s].cost + last[s].context.cost(edge))
        .unwrap_or(0);
    let mut fixes = Vec::new();
    let mut at = n;
    while at > 0 {
        let node = nodes[at * width + state];
        let from = node.from as usize;
        if node.unit != PASSED {
            let chain = &states[state - 1];
            let unit = chain.units[node.unit as usize];
            let meant = chain.meant(unit).collect();
            fixes.push(Fix { start: from, len: at - from, meant, state: state - 1, loss: unit.loss });
        }
        at = from;
        state = usize::from(node.from_state);
    }
    fixes.reverse();
    (fixes, states)
}
