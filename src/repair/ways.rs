//! All ways to decode a text of which bytes were lost, and the best of them.
//!
//! In: a text as [`Torn`] has it, and the program that lost the bytes. Out: units. Ways that are worth it are followed side by
//! side from end to end, and meet where they have the same last two characters, so what comes later tells as much as what came
//! before. What is likeliest is told by the words ([`Following`]) and by what is still to be closed ([`Open`]). How sure a character
//! is, is what share of all ways makes it; where two are too close to choose, it stays lost. Must not: keep more than the ways since
//! the last place that all lead through.

use super::brackets::{Open, closes_later};
use super::lattice::{LOST, as_it_counts};
use super::pattern::Pattern;
use super::prior;
use super::torn::{At, Found, Torn};
use crate::codec::{Loss, Reader};
use crate::model::large::{Before, Following};
use crate::model::{PER_NAT, Symbol};

/// So many ways are followed at each place, and none that costs this much more than the best there.
const WIDTH: usize = 16;
const HOPELESS: i32 = 9 * PER_NAT;
/// So many characters are tried for one that was lost.
const TRIED: usize = 32;
/// No character is inferred that costs this much or more.
const UNLIKELY: i32 = 16 * PER_NAT;
/// What it costs that something is no part of the damage in the midst of it.
const STANDS: i32 = 8 * PER_NAT;
/// What speaks for a character that closes what is open, and against one that closes what is not.
const CLOSES: i32 = 8 * PER_NAT;
const CLOSES_NOTHING: i32 = 6 * PER_NAT;
/// What it costs that something else was swallowed where something is to be closed.
const LEAVES_OPEN: i32 = 4 * PER_NAT;
/// So many places further on a character ends at most.
const REACH: usize = 10;
/// What it costs that a text or a line ends with what something follows.
const GOES_ON: i32 = 3 * PER_NAT;
/// What it costs that a text ended with ASCII that was swallowed and closes nothing.
const ENDS_TEXT: i32 = 4 * PER_NAT;
/// ASCII that may have been swallowed, and what of it can be told by what stands around.
const SWALLOWED: &str = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
const TOLD: &str = " .,";

const NONE: u32 = u32::MAX;

/// Where ways meet: they go on alike from here.
#[derive(Clone, Copy)]
struct Node {
    at: At,
    /// The last two characters, and what they make of the next.
    tail: [char; 2],
    before: Before,
    open: Open,
    /// The first byte of the gap that is not taken whole.
    gap_byte: u8,
    /// What the best way here costs, and its last step.
    cost: i32,
    best: u32,
    /// The last of the steps that lead here.
    steps: u32,
    /// The share of all ways to here, and from here on, in nats.
    share: f32,
    rest: f32,
}

/// A step from one node to another.
#[derive(Clone, Copy)]
struct Step {
    from: u32,
    c: char,
    cost: i32,
    kind: Kind,
    loss: Loss,
    /// How many of its bytes were lost.
    lost: u32,
    /// Another step to the same node.
    sibling: u32,
}

/// What a step makes of what it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// It stands as it is.
    Stands,
    /// The bytes are all there.
    Whole,
    /// It is inferred.
    Inferred,
}

/// All ways to decode a text, as one program lost its bytes.
pub struct Search<'t> {
    torn: &'t Torn<'t>,
    reader: Reader,
    nodes: Vec<Node>,
    steps: Vec<Step>,
    /// The nodes at each place, from the first on that is not settled.
    places: Vec<Vec<u32>>,
    /// Their tails, as numbers to look for.
    tails: Vec<Vec<u64>>,
    /// What the best of them cost.
    least: Vec<i32>,
    from: usize,
    found: Vec<Found>,
}

impl Search<'_> {
    pub fn new<'t>(torn: &'t Torn<'t>, reader: Reader, before: Symbol) -> Search<'t> {
        let first = Node {
            at: At { slot: 0, second: false },
            tail: ['\0'; 2],
            before: Before::after(before),
            open: Open::default(),
            gap_byte: 0,
            cost: 0,
            best: NONE,
            steps: NONE,
            share: 0.0,
            rest: 0.0,
        };
        Search {
            torn,
            reader,
            nodes: vec![first],
            steps: Vec::new(),
            places: vec![vec![0]],
            tails: vec![vec![0]],
            least: vec![0],
            from: 0,
            found: Vec::new(),
        }
    }

    /// The units on the best way, and what it costs; `None` once that is more than `most`.
    pub fn run(mut self, most: i32) -> Option<(Vec<Found>, i32)> {
        let end = 2 * self.torn.len();
        let mut place = 0;
        while let Some(here) = self.places.get_mut(place - self.from).map(std::mem::take) {
            let here = self.pruned(here);
            for &node in &here {
                self.nodes[node as usize].share = self.shared(node);
            }
            self.places[place - self.from] = here.clone();
            // All ways lead through one node: what comes before it is settled.
            let is_only = here.len() == 1 && self.places.len() == place + 1 - self.from && place > self.from;
            if place == end || is_only && place % 2 == 0 && self.torn.cell_at(place / 2).is_some() {
                self.settle(&here);
                if self.nodes[0].cost > most {
                    return None;
                }
                if place == end {
                    break;
                }
            }
            for node in self.places[place - self.from].clone() {
                self.go_on(node);
            }
            place += 1;
        }
        let cost = self.nodes.first()?.cost;
        Some((self.found, cost))
    }

    /// The nodes that are worth following, best first.
    fn pruned(&self, mut here: Vec<u32>) -> Vec<u32> {
        let cost = |node: &u32| self.nodes[*node as usize].cost;
        here.sort_by_key(cost);
        here.truncate(WIDTH);
        if let Some(least) = here.first().map(cost) {
            here.retain(|node| cost(node) <= least + HOPELESS);
        }
        here
    }

    /// The share of the ways to a node, in nats.
    fn shared(&self, node: u32) -> f32 {
        let mut all = f32::NEG_INFINITY;
        for step in self.steps_to(node) {
            all = added(all, self.nodes[step.from as usize].share - nats(step.cost));
        }
        if all == f32::NEG_INFINITY { 0.0 } else { all }
    }

    fn steps_to(&self, node: u32) -> impl Iterator<Item = &Step> {
        let first = self.steps.get(self.nodes[node as usize].steps as usize);
        std::iter::successors(first, |step| self.steps.get(step.sibling as usize))
    }

    /// All steps from a node.
    fn go_on(&mut self, number: u32) {
        let node = self.nodes[number as usize];
        let following = node.before.following();
        let At { slot, second } = node.at;
        if second && self.torn.is_gap(slot) {
            self.swallow(number, &node, &following);
        } else if let Some(cell) = self.torn.cell_at(slot) {
            self.stand(number, &node, &following, cell);
        }
        let torn = self.torn;
        let mut pattern = Pattern::default();
        torn.fill(&mut pattern, node.at, self.reader, &mut |pattern, to| {
            self.decode(number, &node, &following, pattern, to);
        });
    }

    /// A cell stands as it is.
    fn stand(&mut self, number: u32, node: &Node, following: &Following, cell: usize) {
        let Some(here) = self.torn.cells.get(cell) else { return };
        let passing = match here.c {
            '\u{fffd}' => LOST,
            c if c.is_ascii() => 0,
            _ => STANDS,
        };
        // White space in a row counts once, as it was counted; but a space that was swallowed beside one is another.
        let is_blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        let goes_on =
            |c: char| is_blank(c) && (node.tail[1] == '\n' || cell > 0 && is_blank(self.torn.cells[cell - 1].c));
        let cost = match here.c {
            c if goes_on(c) => 0,
            '\n' | '\r' => following.cost(here.symbol) + ending(node.tail[1]),
            _ => as_it_counts(following.cost(here.symbol), here) + passing,
        };
        let to = At { slot: self.torn.starts[cell + 1] as usize, second: false };
        let step = Step { from: number, c: here.c, cost, kind: Kind::Stands, loss: Loss::None, lost: 0, sibling: NONE };
        self.reach(node, to, here.symbol, 0, step);
    }

    /// The second byte of a gap is one of ASCII.
    fn swallow(&mut self, number: u32, node: &Node, following: &Following) {
        let torn = self.torn;
        let to = At { slot: node.at.slot + 1, second: false };
        let Some(cell) = torn.cell_at(to.slot) else { return };
        let loss = torn.loss(node.at.slot);
        let goes_on = |at: usize| torn.cells.get(cell + at).map(|cell| cell.c);
        // What stands far in begins a line.
        let begins_line = goes_on(0) == Some('\t') || goes_on(0) == Some(' ') && goes_on(1) == Some(' ');
        let closing = SWALLOWED.chars().find(|c| node.open.is_closed_by(*c) && !closes_later(torn.cells, cell, *c));
        let closing = closing.or((goes_on(0) == Some('/')).then_some('<'));
        // A text does not end with it, but for what closes something.
        let at_end = if goes_on(0).is_none() { ENDS_TEXT } else { 0 };
        for c in SWALLOWED.chars() {
            if !torn.loses_two([node.gap_byte, c as u8], self.reader) {
                continue;
            }
            let symbol = Symbol::of(c);
            let cost = following.cost(symbol);
            let (c, cost) = match closing {
                // What closes something stands where a text may end.
                Some(closing) if closing == c => (c, cost.min(following.cost(Symbol::edge()))),
                Some(_) if TOLD.contains(c) => (c, cost + LEAVES_OPEN),
                Some(_) => ('\u{fffd}', cost + LEAVES_OPEN),
                None if !TOLD.contains(c) => ('\u{fffd}', cost + at_end),
                None if c == ' ' && begins_line => ('\n', cost + ending(node.tail[1])),
                None => (c, cost + at_end),
            };
            let step = Step { from: number, c, cost, kind: Kind::Inferred, loss, lost: 1, sibling: NONE };
            self.reach(node, to, symbol, 0, step);
        }
        // Or a letter or a digit.
        let symbol = Symbol::of('0');
        let cost = LOST + at_end + following.cost(symbol);
        let step = Step { from: number, c: '\u{fffd}', cost, kind: Kind::Inferred, loss, lost: 1, sibling: NONE };
        self.reach(node, to, symbol, 0, step);
    }

    /// A character is decoded, or inferred.
    fn decode(&mut self, number: u32, node: &Node, following: &Following, pattern: &Pattern, to: At) {
        let (loss, lost) = (pattern.loss, pattern.lost());
        let step = |c: char, cost: i32, kind: Kind| Step { from: number, c, cost, kind, loss, lost, sibling: NONE };
        if pattern.has_all() {
            if let Some(c) = pattern.decode() {
                let symbol = Symbol::of(c);
                let cost = following.cost(symbol);
                let closes_nothing = Open::closes_plainly(c) && !node.open.is_closed_by(c);
                let cost = if closes_nothing { cost + CLOSES_NOTHING } else { cost };
                let gone = if loss == Loss::Dropped { prior::loss(loss) } else { 0 };
                self.reach(node, to, symbol, 0, step(c, cost + gone, Kind::Whole));
            }
            return;
        }
        // Only where two bytes are lost at a time, so much is lost in places while the rest is there.
        let is_open = pattern.lost() > 2 || pattern.lost() == 2 && !pattern.is_gap(0);
        let candidates = match self.reader {
            _ if pattern.lost() > 1 && self.torn.is_dense => [].into(),
            Reader::Single if is_open => [].into(),
            Reader::Browser if pattern.lost() > 2 => [].into(),
            reader => self.torn.candidates(pattern, to, node.gap_byte, reader),
        };
        let mut best: Vec<(i32, char, Symbol, u8)> = Vec::new();
        for &(c, symbol, gap_byte) in candidates.iter() {
            let cost = following.cost(symbol);
            if cost >= UNLIKELY {
                continue;
            }
            let cost = match () {
                () if node.open.is_closed_by(c) => cost - CLOSES,
                () if Open::closes(c) && c != '’' => cost + CLOSES_NOTHING,
                () => cost,
            };
            best.push((cost.max(1), c, symbol, gap_byte));
        }
        best.sort_unstable_by_key(|(cost, c, ..)| (*cost, *c));
        let worth = best.first().map_or(0, |(cost, ..)| cost + HOPELESS);
        for &(cost, c, symbol, gap_byte) in best.iter().take(TRIED).take_while(|(cost, ..)| *cost <= worth) {
            self.reach(node, to, symbol, gap_byte, step(c, cost, Kind::Inferred));
        }
        if best.is_empty() && !to.second {
            self.reach(node, to, Symbol::of('\u{fffd}'), 0, step('\u{fffd}', LOST, Kind::Inferred));
        }
    }

    /// Takes note of a step from a node to a place.
    fn reach(&mut self, from: &Node, to: At, symbol: Symbol, gap_byte: u8, step: Step) {
        let place = to.place() - self.from;
        if self.places.len() <= place {
            self.places.resize(place + 1, Vec::new());
            self.tails.resize(place + 1, Vec::new());
            self.least.resize(place + 1, i32::MAX - HOPELESS);
        }
        let cost = from.cost + step.cost;
        if cost > self.least[place] + HOPELESS {
            return;
        }
        self.least[place] = self.least[place].min(cost);
        let tail = [from.tail[1], step.c];
        let is_word = from.tail[1].is_alphanumeric();
        // What is inferred mostly opens nothing: which mark it was, and so what closes it, depends on the language.
        let open = match step.kind {
            Kind::Inferred if !from.open.is_closed_by(step.c) && !Open::opens_plainly(step.c) => from.open,
            _ => from.open.then(step.c, is_word),
        };
        let number_of = u64::from(u32::from(tail[0])) << 32 | u64::from(u32::from(tail[1]));
        let alike = self.tails[place].iter().zip(&self.places[place]).filter(|(tail, _)| **tail == number_of);
        let same = alike.map(|(_, node)| *node).find(|node| {
            let node = &self.nodes[*node as usize];
            (node.gap_byte, node.open) == (gap_byte, open)
        });
        let number = self.steps.len() as u32;
        let node = match same {
            Some(same) => same,
            None => {
                self.places[place].push(self.nodes.len() as u32);
                self.tails[place].push(number_of);
                let new = Node {
                    at: to,
                    tail,
                    before: from.before.then(symbol),
                    open,
                    gap_byte,
                    cost: i32::MAX,
                    best: NONE,
                    steps: NONE,
                    ..*from
                };
                self.nodes.push(new);
                self.nodes.len() as u32 - 1
            }
        };
        let node = &mut self.nodes[node as usize];
        self.steps.push(Step { sibling: node.steps, ..step });
        node.steps = number;
        if cost < node.cost {
            (node.cost, node.best) = (cost, number);
        }
    }

    /// Lists the units on the best way to one of these nodes, and forgets all ways that lead there.
    fn settle(&mut self, ends: &[u32]) {
        let edge = Symbol::edge();
        let at_end = self.nodes[ends[0] as usize].at.slot == self.torn.len();
        let rest = |node: &Node| if at_end { node.before.following().cost(edge) + ending(node.tail[1]) } else { 0 };
        self.nodes.iter_mut().for_each(|node| node.rest = f32::NEG_INFINITY);
        let mut all = f32::NEG_INFINITY;
        for &end in ends {
            let node = &mut self.nodes[end as usize];
            node.rest = -nats(rest(node));
            all = added(all, node.share + node.rest);
        }
        for place in (0..self.places.len()).rev() {
            for at in 0..self.places[place].len() {
                let to = self.places[place][at];
                let rest = self.nodes[to as usize].rest;
                let mut number = self.nodes[to as usize].steps;
                while number != NONE && rest != f32::NEG_INFINITY {
                    let step = self.steps[number as usize];
                    let from = &mut self.nodes[step.from as usize];
                    from.rest = added(from.rest, rest - nats(step.cost));
                    number = step.sibling;
                }
            }
        }
        let end = ends.iter().copied().min_by_key(|node| {
            let node = &self.nodes[*node as usize];
            node.cost + rest(node)
        });
        let Some(end) = end else { return };
        self.list(end, all);
        let last = Node { best: NONE, steps: NONE, share: 0.0, ..self.nodes[end as usize] };
        self.from = last.at.place();
        self.nodes.clear();
        self.nodes.push(last);
        self.steps.clear();
        self.places.clear();
        self.places.push(vec![0]);
        self.tails = vec![vec![0]];
        self.least = vec![last.cost];
    }

    /// Lists the units on the best way to a node, where `all` is the share of all ways.
    fn list(&mut self, end: u32, all: f32) {
        let mut path = Vec::new();
        let mut node = end;
        while let Some(step) = self.steps.get(self.nodes[node as usize].best as usize) {
            path.push((node, *step));
            node = step.from;
        }
        path.reverse();
        let mut unit: Option<Found> = None;
        for (to, step) in path {
            let (from, at) = (self.nodes[step.from as usize].at, self.nodes[to as usize].at);
            if step.kind == Kind::Stands {
                continue;
            }
            let start = || self.torn.starts.partition_point(|start| *start as usize <= from.slot) - 1;
            let open = unit.get_or_insert_with(|| Found { at: start(), len: 0, meant: Vec::new(), loss: Loss::None });
            let is_known = step.kind == Kind::Whole
                || self.carries(&step, all) >= share_of(&step, self.nodes[step.from as usize].tail[1]);
            open.meant.push(if is_known { step.c } else { '\u{fffd}' });
            open.loss = open.loss.max(step.loss);
            if let Some(cell) = self.torn.cell_at(at.slot).filter(|_| !at.second) {
                open.len = cell - open.at;
                self.found.extend(unit.take());
            }
        }
    }

    /// What share of all ways makes what a step does of what it takes.
    fn carries(&self, step: &Step, all: f32) -> f32 {
        let from = self.nodes[step.from as usize].at;
        let same = |other: &&Step| other.c == step.c && self.nodes[other.from as usize].at == from;
        let mut share = 0.0;
        // It may end within a gap or behind it.
        for &other in self.places[from.place() + 1 - self.from..].iter().take(REACH).flatten() {
            let rest = self.nodes[other as usize].rest;
            let steps = self.steps_to(other).filter(same);
            share += steps
                .map(|step| (self.nodes[step.from as usize].share - nats(step.cost) + rest - all).exp())
                .sum::<f32>();
        }
        share
    }
}

/// What it costs that a text or a line ends with a character.
fn ending(with: char) -> i32 {
    if matches!(with, '、' | '，' | '・') || Open::opens(with) { GOES_ON } else { 0 }
}

fn nats(cost: i32) -> f32 {
    cost as f32 / PER_NAT as f32
}

/// The logarithm of the sum of what these are logarithms of.
fn added(a: f32, b: f32) -> f32 {
    let (less, more) = if a < b { (a, b) } else { (b, a) };
    if less == f32::NEG_INFINITY { more } else { more + (less - more).exp().ln_1p() }
}

/// What share of the weight an inferred character has to carry; the more the less of it is left. Of 3,000 damaged lines of
/// messages never seen (three kinds of programs, five pages, thirteen languages) 14.8 % come back whole, and 4.2 % with a
/// character that was not there; with a table of hashes, which was wrong now and then, and without sharing out what is left for
/// the unlisted, it was 10.7 and 5.6 % (28 November 2026).
fn share_of(step: &Step, before: char) -> f32 {
    match step.c {
        // Hardly anything else of the like stands after a letter.
        '’' if before.is_alphabetic() => 0.9,
        c if c.is_ascii() => 0.95,
        // Of scripts with few letters nothing is known but which letters stand side by side.
        c if !Symbol::of(c).is_cjk() => {
            if step.lost > 1 {
                0.995
            } else {
                0.98
            }
        }
        _ => {
            if step.lost > 1 {
                0.98
            } else {
                0.95
            }
        }
    }
}
