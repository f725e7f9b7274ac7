//! One best path through the readings of a text: which spans went through which mixup.
//!
//! A node is (position, mixup in force or none). An edge emits the character as it stands, or, inside a mixup, the
//! character that the next unit of that page decodes to. Entering a mixup costs its prior; leaving is free; ASCII passes
//! in every state. The weight of an emitted character is its cost after the one emitted before it. The cheapest path is
//! the repaired text, together with its spans and mixups. One call undoes one layer.
//!
//! The search keeps, for each state, the cheapest way to it only, and of these only the ones that may still win: where one
//! page explains the damage, hardly more than one, and in right text none (see [`Bound`]). Time and memory grow with the characters times the states at worst, and
//! the states are the few pages in which anything decodes.

use std::cell::RefCell;
use std::sync::LazyLock;

use super::Limits;
use super::hopeful::{Bound, LEAST};
use super::prior;
use super::states::{self, State, Unit};
use super::text::Text;
use super::throughout::{Clear, Throughout};
use crate::codec;
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
    #[inline]
    pub fn of(c: char) -> Cell {
        match ASCII.get(c as usize) {
            Some(cell) => *cell,
            None => Cell::looked_up(c),
        }
    }

    fn looked_up(c: char) -> Cell {
        Cell { c, symbol: Symbol::of(c), record: codec::record(c) }
    }
}

/// The cells of a text. The letter of an escape such as `\n` is no part of the word after it: it counts as a space; and what joins
/// two letters counts as what is usual there.
pub fn cells(mut text: impl Iterator<Item = char> + Clone) -> Vec<Cell> {
    let (mut cells, mut escapes, mut last) = (Vec::with_capacity(text.size_hint().0), false, ' ');
    let ascii = &*ASCII;
    while let Some(c) = text.next() {
        let is_escaped = escapes && matches!(c, 'n' | 'r' | 't');
        escapes = c == '\\' && !escapes;
        let counts_as = match c {
            _ if is_escaped => Some(' '),
            '\u{AD}' | '·' | '´' if text.clone().next().is_some_and(char::is_alphabetic) => joint(last, c),
            _ => None,
        };
        let cell = ascii.get(c as usize).copied().unwrap_or_else(|| Cell::looked_up(c));
        cells.push(counts_as.map_or(cell, |other| Cell { symbol: Symbol::of(other), ..cell }));
        last = c;
    }
    cells
}

/// What a character before a letter counts as if it joins that with the letter before: a soft hyphen and a hyphenation point as a
/// hyphen, an acute accent as an apostrophe. Each may be the last byte of a sequence, but no sequence begins with a letter of
/// ASCII; nor does one of two bytes with a small letter of another script, where a soft hyphen is the other.
fn joint(before: char, c: char) -> Option<char> {
    let is_plain = before.is_ascii_alphabetic();
    let is_small = before > '\u{36F}' && before.is_lowercase();
    match c {
        '\u{AD}' if is_plain || is_small => Some('-'),
        '·' if is_plain => Some('-'),
        '´' if is_plain => Some('’'),
        _ => None,
    }
}

/// The cells of ASCII, which are most of them.
static ASCII: LazyLock<[Cell; 0x80]> = LazyLock::new(|| std::array::from_fn(|c| Cell::looked_up(char::from(c as u8))));

impl codec::Cell for Cell {
    fn c(&self) -> char {
        self.c
    }
    fn record(&self) -> &'static codec::Record {
        self.record
    }
}

/// A unit on the path, and the state that it is of.
#[derive(Clone, Copy, Debug)]
pub struct Fix {
    pub state: usize,
    pub unit: Unit,
}

impl Fix {
    /// The first cell that it changes.
    pub fn start(&self) -> usize {
        self.unit.at as usize
    }

    /// The cell after it.
    pub fn end(&self) -> usize {
        self.unit.end()
    }
}

/// Beyond this a character's cost counts for less as it stands, in eighths of a nat.
pub const ODD: i32 = 11 * PER_NAT;

/// What a character costs as it stands. Right text that the model has never seen the like of exists, so what is beyond
/// [`ODD`] counts for less; least so for a C1 control, which is hardly ever right.
#[inline]
pub fn as_it_stands(context: &mut Context, cell: &Cell) -> i32 {
    as_it_counts(context.push(cell.symbol), cell)
}

/// How much of what a character costs counts as it stands.
#[inline]
pub fn as_it_counts(cost: i32, cell: &Cell) -> i32 {
    let beyond = (cost - ODD).max(0);
    let is_c1 = codec::is_c1(cell.c);
    cost.min(ODD) + beyond / if is_c1 { 2 } else { 3 }
}

/// What it costs to enter or leave a mixup of two old encodings between two letters of one word, or to let a letter stand while it
/// goes on: what was read as another page was so throughout.
const BORDER: i32 = 8 * PER_NAT;
/// What a character costs that was lost for good.
pub const LOST: i32 = 10 * PER_NAT;

/// What a character costs that bytes decode to.
pub fn decoded(context: &mut Context, c: char) -> i32 {
    match c {
        '\u{fffd}' => LOST,
        c => context.push(Symbol::of(c)),
    }
}

/// A way to a place that costs this much more than the best way to it, or to a place further on, is given up, if it costs more
/// than to leave the state of that and enter its own again as well. Costs never fall along a way, and ways that emit the same two
/// characters go on alike, so the bound is for what two characters can make up for. Of 172,000 lines of a
/// development set some eight come out otherwise than without it, most of them rubble (25 November 2026).
const HOPELESS: i32 = 12 * PER_NAT;
/// So far ahead other ways are looked at for that, in cells: the length of most units.
const AHEAD: usize = 6;

const FAR: i32 = i32::MAX / 2;
const NONE: u32 = u32::MAX;

/// A way to a place.
#[derive(Clone, Copy)]
struct Node {
    cost: i32,
    context: Context,
    /// The way that it goes on from, as a place in the list of nodes.
    from: u32,
    /// The unit that was taken, as a place in its state's list; `NONE` for a character that stands as it is.
    unit: u32,
    /// Another way to the same place.
    sibling: u32,
    /// The state in force: 0 for none, else one more than its place among the states.
    state: u32,
}

/// The search under way: the ways that are not given up, by place.
#[derive(Default)]
struct Search {
    nodes: Vec<Node>,
    /// How many states there are, and none; and the way to each place in each of them.
    width: usize,
    slots: Vec<u32>,
    /// The first way to each place.
    heads: Vec<u32>,
    /// What the cheapest way to each place costs.
    least: Vec<i32>,
    /// The units that begin at each place, as state and place in its list; and where those of each place begin.
    units: Vec<(u32, u32)>,
    starts: Vec<u32>,
    /// The ways to the place at hand.
    here: Vec<u32>,
    /// By how much more than the best a way may cost, by its state.
    margins: Vec<i32>,
    /// What a way may cost at most that can still win, by its state and place; none where that is not known.
    most: Vec<i32>,
}

thread_local! {
    /// Kept from call to call, so that a search allocates nothing.
    static SEARCH: RefCell<Search> = RefCell::default();
}

/// The cheapest path.
pub struct Path {
    /// The repairs on it, in order. None when the text is likeliest as it stands.
    pub fixes: Vec<Fix>,
    /// The states that it may go through.
    pub states: Vec<State>,
    /// Whether it is known that nothing is suspect in the text to which the repairs lead.
    pub is_sound: bool,
}

/// The cheapest path through a text of which it is known whether it is broken throughout.
pub fn best_path(text: &Text, limits: &Limits, throughout: Option<Throughout>) -> Path {
    let (cells, before) = (text.cells, text.before);
    let path = |states: Vec<State>, bound: Option<&Bound>| {
        let fixes = match states.is_empty() {
            true => Vec::new(),
            false => SEARCH.with_borrow_mut(|search| search.run(cells, before, &states, bound)),
        };
        Path { fixes, states, is_sound: false }
    };
    match throughout {
        Some(Throughout::Clear(Clear { state, is_sound, .. })) => {
            let fixes = state.units.iter().map(|&unit| Fix { state: 0, unit }).collect();
            Path { fixes, states: vec![state], is_sound }
        }
        Some(Throughout::Open(states)) => path(states, None),
        None => {
            let bound = Some(text.bound());
            match states::worth_searching(text, limits) {
                states::Search::All(states) => path(states, bound),
                states::Search::First(first, rest) => {
                    let found = path(first, bound);
                    if found.fixes.is_empty() {
                        return found;
                    }
                    path(rest.all(found.states, cells, limits), bound)
                }
            }
        }
    }
}

impl Search {
    fn run(&mut self, cells: &[Cell], before: Symbol, states: &[State], bound: Option<&Bound>) -> Vec<Fix> {
        let n = cells.len();
        self.begin(n, states);
        self.most.clear();
        if let Some(bound) = bound {
            states.iter().for_each(|state| bound.still_hopeful(state, &mut self.most));
        }
        self.push(
            0,
            Node { cost: 0, context: Context::after(before), from: NONE, unit: NONE, sibling: NONE, state: 0 },
        );
        self.least[0] = 0;
        // Whether units begin or end in the middle of ASCII.
        let in_ascii = states.iter().any(|state| state.chain.iter().any(|mixup| mixup.is_wide()));
        let any_old = states.iter().any(State::is_of_old);
        let words: Vec<Vec<bool>> = states.iter().map(|state| state.inside_words(n)).collect();
        let mut i = 0;
        while i < n {
            let begins = |at: usize| self.starts[at] < self.starts[at + 1];
            // In the middle of ASCII all states cost alike: on to its end, or to where a unit begins in it.
            if !in_ascii && in_ascii_run(cells, i + 1) && !begins(i) {
                let end = (i + 1..n).find(|&at| !cells[at].c.is_ascii() || begins(at)).unwrap_or(n);
                self.pass_ascii(i, end, Context::after(cells[end - 1].symbol));
                i = end;
                continue;
            }
            self.step(cells, i, states, any_old, &words);
            i += 1;
        }
        self.fixes(n, states)
    }

    /// Forgets the last search and lists the units by place.
    fn begin(&mut self, n: usize, states: &[State]) {
        self.nodes.clear();
        self.width = states.len() + 1;
        self.slots.clear();
        self.slots.resize((n + 1) * self.width, NONE);
        let leaving = if states.iter().any(State::is_of_old) { HOPELESS + BORDER } else { HOPELESS };
        self.margins.clear();
        self.margins.push(leaving);
        self.margins.extend(states.iter().map(|state| {
            let losses = state.units.iter().map(|unit| prior::loss(unit.loss)).max().unwrap_or(0);
            let lossy = if losses > 0 { losses + prior::LOSS_ENTERS } else { 0 };
            leaving + state.enter + lossy + if state.is_of_old() { BORDER } else { 0 }
        }));
        self.heads.clear();
        self.heads.resize(n + 1, NONE);
        self.least.clear();
        self.least.resize(n + 1 + AHEAD, FAR);
        self.starts.clear();
        self.starts.resize(n + 2, 0);
        let all =
            || states.iter().enumerate().flat_map(|(s, state)| state.units.iter().enumerate().map(move |u| (s, u)));
        for (_, (_, unit)) in all() {
            self.starts[unit.at as usize + 2] += 1;
        }
        for at in 2..n + 2 {
            self.starts[at] += self.starts[at - 1];
        }
        self.units.clear();
        self.units.resize(self.starts[n + 1] as usize, (0, 0));
        for (s, (number, unit)) in all() {
            let slot = &mut self.starts[unit.at as usize + 1];
            self.units[*slot as usize] = (s as u32, number as u32);
            *slot += 1;
        }
    }

    fn push(&mut self, at: usize, node: Node) {
        let head = &mut self.heads[at];
        self.nodes.push(Node { sibling: *head, ..node });
        *head = self.nodes.len() as u32 - 1;
        self.slots[at * self.width + node.state as usize] = *head;
    }

    /// The way to a place in a state, if there is one.
    fn find(&self, at: usize, state: u32) -> Option<u32> {
        Some(self.slots[at * self.width + state as usize]).filter(|node| *node != NONE)
    }

    /// What a way may cost at most that can still win, at a place in a state other than none.
    fn most(&self, at: usize, state: u32) -> i32 {
        self.most.get((state as usize - 1) * self.heads.len() + at).copied().unwrap_or(FAR)
    }

    /// Takes note of a way to a place, unless one in the same state costs no more, or it cannot win.
    fn reach(&mut self, cells: &[Cell], at: usize, node: Node) {
        if node.state != 0 && node.cost > self.most(at, node.state) {
            return;
        }
        match self.find(at, node.state) {
            Some(same) if self.nodes[same as usize].cost <= node.cost => return,
            Some(same) => {
                let same = &mut self.nodes[same as usize];
                *same = Node { sibling: same.sibling, ..node };
            }
            None => self.push(at, node),
        }
        // What ends in the middle of ASCII is passed by.
        if !in_ascii_run(cells, at) {
            self.least[at] = self.least[at].min(node.cost);
        }
    }

    /// All ways go on over ASCII up to `end`.
    fn pass_ascii(&mut self, i: usize, end: usize, context: Context) {
        self.heads[end] = NONE;
        self.slots[end * self.width..(end + 1) * self.width].fill(NONE);
        let mut next = self.heads[i];
        while next != NONE {
            let node = self.nodes[next as usize];
            self.push(end, Node { context, from: next, unit: NONE, ..node });
            next = node.sibling;
        }
    }

    /// All ways go on from a place, by a character or a unit.
    fn step(&mut self, cells: &[Cell], i: usize, states: &[State], any_old: bool, words: &[Vec<bool>]) {
        // Leaving a mixup is free; but where whole words were read as another page, none was in part.
        let letter = |at: usize| any_old && !cells[at].c.is_ascii() && cells[at].c.is_alphabetic();
        let in_word = i > 0 && letter(i - 1) && letter(i);
        let border = |state: u32| match state {
            0 => 0,
            s if in_word && states[s as usize - 1].is_of_old() => BORDER,
            s if words[s as usize - 1].get(i).is_some_and(|inside| *inside) => BORDER,
            _ => 0,
        };
        let least = self.least[i..=i + AHEAD].iter().copied().min().unwrap_or(FAR);
        let mut here = std::mem::take(&mut self.here);
        here.clear();
        let mut next = self.heads[i];
        let mut best: Option<(i32, u32, u32)> = None;
        while next != NONE {
            let node = &self.nodes[next as usize];
            if node.cost > least.saturating_add(self.margins[node.state as usize]) {
                self.slots[i * self.width + node.state as usize] = NONE;
            } else {
                here.push(next);
                let leaving = (node.cost + border(node.state), node.state, next);
                best = Some(best.map_or(leaving, |best| best.min(leaving)));
            }
            next = node.sibling;
        }
        if let Some((cost, _, best)) = best {
            let left = Node { cost, ..self.nodes[best as usize] };
            let cell = &cells[i];
            let stands = |from: &Node, number: u32, state: u32, extra: i32| {
                let mut context = from.context;
                let cost = from.cost + as_it_stands(&mut context, cell) + extra;
                Node { cost, context, from: number, unit: NONE, sibling: NONE, state }
            };
            self.reach(cells, i + 1, stands(&left, best, 0, 0));
            for &number in here.iter() {
                let inside = self.nodes[number as usize];
                if inside.state == 0 {
                    continue;
                }
                let state = &states[inside.state as usize - 1];
                let pauses = any_old && state.is_of_old() && letter(i);
                let passing = match () {
                    () if cell.c.is_ascii() => 0,
                    () if pauses => BORDER,
                    () => prior::PASS,
                };
                if inside.cost + passing <= self.most(i + 1, inside.state) {
                    self.reach(cells, i + 1, stands(&inside, number, inside.state, passing));
                }
            }
            for at in self.starts[i]..self.starts[i + 1] {
                let (s, number) = self.units[at as usize];
                let (state, inside) = (&states[s as usize], s + 1);
                let unit = state.units[number as usize];
                let lost = prior::loss(unit.loss);
                let emit = |from: &Node, of: u32, extra: i32| {
                    let mut context = from.context;
                    let cost = state.meant(unit).map(|c| decoded(&mut context, c)).sum::<i32>();
                    Node {
                        cost: from.cost + extra + cost,
                        context,
                        from: of,
                        unit: number,
                        sibling: NONE,
                        state: inside,
                    }
                };
                // No character costs less than this, so some need not be asked for.
                let most = self.most(unit.end(), inside) - LEAST;
                let mut known = FAR;
                if let Some(of) = self.find(i, inside).filter(|of| self.nodes[*of as usize].cost + lost <= most) {
                    let node = emit(&self.nodes[of as usize], of, lost);
                    known = node.cost;
                    self.reach(cells, unit.end(), node);
                }
                let enter = state.enter + prior::loss_entering(unit.loss) + border(inside);
                if left.cost + enter < known && left.cost + enter <= most {
                    self.reach(cells, unit.end(), emit(&left, best, enter));
                }
            }
        }
        self.here = here;
    }

    /// The units on the cheapest way to the end.
    fn fixes(&self, n: usize, states: &[State]) -> Vec<Fix> {
        let edge = Symbol::edge();
        let mut best = (i32::MAX, 0, NONE);
        let mut next = self.heads[n];
        while next != NONE {
            let node = &self.nodes[next as usize];
            best = best.min((node.cost + node.context.cost(edge), node.state, next));
            next = node.sibling;
        }
        let mut fixes = Vec::new();
        let mut at = best.2;
        while at != NONE {
            let node = &self.nodes[at as usize];
            if node.unit != NONE {
                let state = node.state as usize - 1;
                fixes.push(Fix { state, unit: states[state].units[node.unit as usize] });
            }
            at = node.from;
        }
        fixes.reverse();
        fixes
    }
}

/// Whether the two characters before a place are of ASCII.
fn in_ascii_run(cells: &[Cell], at: usize) -> bool {
    at >= 2 && cells[at - 1].c.is_ascii() && cells[at - 2].c.is_ascii()
}
