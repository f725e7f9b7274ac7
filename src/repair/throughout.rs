//! Text that is broken throughout, by one layer of UTF-8 read as a single-byte page.
//!
//! That is what damage looks like nearly always: every character outside ASCII is a part of a whole unit of one page, and
//! what the units stand for is nothing that the scan would stop at. Then no other reading can win: each has to be entered
//! as well, and has to save more than that where nothing odd is left to save. So nothing else is looked for, neither deeper
//! layers nor lost bytes nor other encodings, which takes most of the time that damaged text would take. Where the scan would
//! stop at something, but no deeper layer can be there, what is left is judged as a text of its own.
//!
//! In: a stretch of characters. Out: if this is such text, how it is to be read, and what that gains: the walk that proves it
//! weighs each run of damage as well, so that nothing has to be weighed again.

use super::lattice::{as_it_counts, as_it_stands};
use super::states::{State, Unit, may_be_chance};
use super::{Cell, Limits, Mixup, prior, recased};
use crate::codec::{self, Page, PageSet};
use crate::detect;
use crate::model::{Context, PER_NAT, Symbol};

/// After so many characters that stand as they are, it makes no difference what comes before them.
const FORGOTTEN: usize = 2;

/// What each unit of a clear text gains, at least, in eighths of a nat: more than its neighbours can make up for.
const CLEAR: i32 = 3 * PER_NAT;

/// Pages that cost no more than this to enter are common.
const COMMON: i32 = 10 * PER_NAT;

/// How a text is to be read that one page explains.
pub enum Throughout {
    /// Each unit gains so much that there is nothing to search: all of them are undone.
    Clear(Clear),
    /// These states are worth searching.
    Open(Vec<State>),
}

/// A text all of whose units are undone.
pub struct Clear {
    /// The mixup, and all units.
    pub state: State,
    /// Whether nothing is suspect once they are undone. Else what is left is a text of its own: right mostly, or broken in a
    /// deeper layer.
    pub is_sound: bool,
    /// What is gained, by run of damage; `None` where that does not tell all, for something is suspect, or a unit stands for what
    /// was lost before.
    pub runs: Option<Vec<Run>>,
}

/// Units that follow each other without a gap.
pub struct Run {
    /// The first cell.
    pub start: usize,
    /// The cell after the last.
    pub end: usize,
    /// How many units they are.
    pub units: usize,
    /// What is gained by undoing them, in eighths of a nat; with the character after them, which then follows another.
    pub gain: i32,
}

/// How a text that one page explains is to be read, which stands after the character `before` and before `after`; `None`
/// where none does, or where more has to be considered.
pub fn read(cells: &[Cell], before: Symbol, after: Symbol, limits: &Limits) -> Option<Throughout> {
    if limits.letters.is_some() || !limits.established.is_empty() {
        return None;
    }
    let Seen { throughout, anywhere } = Seen::of(cells);
    let throughout = PageSet(throughout & limits.pages.0);
    let enter = |page: &Page| prior::one(Mixup::utf8(*page));
    let commonest = throughout.iter().min_by_key(enter)?;
    let units = units(cells, commonest)?;
    if may_be_chance(&units) {
        return None;
    }
    let result = result(cells, &units);
    let is_sound = detect::next_suspect(&result, 0).is_none();
    if !is_sound && goes_deeper(&result, limits) {
        return None;
    }
    let is_recased = recased::shows(cells, before, &units, commonest);
    let mut states = vec![State::new(vec![Mixup::utf8(commonest)], units, limits)];
    if is_recased {
        states.extend(recased::states(cells, limits));
    }
    // Others that explain all of it nearly as well, and commoner ones that explain a part.
    let rivals = PageSet(throughout.0 & !PageSet::default().with(commonest).0);
    if rivals != PageSet::default() {
        let runs = runs(&states[0].units);
        let same = |page: Page| runs.iter().all(|&(start, end)| same_bytes(&cells[start..end], commonest, page));
        let mut others = rivals.iter().filter(|page| !same(*page)).peekable();
        let own = others.peek().and_then(|_| cost(cells, before, &runs, commonest, i32::MAX));
        let most = own.map_or(i32::MAX, |own| own + CLEAR);
        for page in others {
            if cost(cells, before, &runs, page, most).is_some() {
                add(&mut states, cells, page, limits);
            }
        }
    }
    let bar = enter(&commonest);
    for page in PageSet(anywhere & limits.pages.0).iter().filter(|page| enter(page) < bar) {
        add(&mut states, cells, page, limits);
    }
    if let [state] = &states[..]
        && let Some(runs) = gains(cells, before, after, state)
    {
        let knows_all = state.units.iter().all(|unit| unit.meant != '\u{fffd}');
        let runs = (knows_all && is_sound).then_some(runs);
        return states.pop().map(|state| Throughout::Clear(Clear { state, is_sound, runs }));
    }
    is_sound.then_some(Throughout::Open(states))
}

/// Adds the state of a page, unless another has the same units.
fn add(states: &mut Vec<State>, cells: &[Cell], page: Page, limits: &Limits) {
    if let Some(units) = units(cells, page)
        && !states.iter().any(|other| other.units == units)
    {
        states.push(State::new(vec![Mixup::utf8(page)], units, limits));
    }
}

/// The runs of cells that the units cover.
fn runs(units: &[Unit]) -> Vec<(usize, usize)> {
    units.chunk_by(|a, b| a.end() == b.at as usize).map(|run| (run[0].at as usize, run[run.len() - 1].end())).collect()
}

/// What it costs to read all of it through a page, which is units in these runs; ASCII far from any is left out. `None` where
/// that is more than `most`, or a unit stands for nothing.
fn cost(cells: &[Cell], before: Symbol, runs: &[(usize, usize)], page: Page, most: i32) -> Option<i32> {
    let mut cost = prior::one(Mixup::utf8(page));
    let (mut context, mut at) = (Context::after(before), 0);
    for &(start, end) in runs {
        for cell in &cells[at..start.min(at + FORGOTTEN)] {
            cost += as_it_stands(&mut context, cell);
        }
        if start > at + FORGOTTEN {
            context = Context::of(cells[start - 2].symbol, cells[start - 1].symbol);
        }
        at = start;
        while at < end {
            let unit = codec::unit(&cells[at..end], page)?;
            let meant = Symbol::of(unit.meant);
            cost += context.push(meant);
            if cost > most || !meant.is_assigned() {
                return None;
            }
            at += usize::from(unit.len);
        }
    }
    let rest = cells[at..].iter().take(FORGOTTEN);
    cost += rest.map(|cell| as_it_stands(&mut context, cell)).sum::<i32>();
    (cost <= most).then_some(cost)
}

/// Whether two pages have the same bytes for these cells, and so the same units.
pub fn same_bytes(cells: &[Cell], one: Page, other: Page) -> bool {
    cells.iter().all(|cell| cell.record.byte(one) == cell.record.byte(other))
}

/// What each run of damage gains by being undone; `None` unless each unit gains by it, and all of them what entering costs.
fn gains(cells: &[Cell], before: Symbol, after: Symbol, state: &State) -> Option<Vec<Run>> {
    let (mut old, mut new) = (Context::after(before), Context::after(before));
    let (mut total, mut at) = (0, 0);
    let mut runs: Vec<Run> = Vec::new();
    for unit in &state.units {
        let start = unit.at as usize;
        let mut gain = 0;
        for (i, cell) in cells[at..start.min(at + FORGOTTEN)].iter().enumerate() {
            let (stands, follows) = (as_it_stands(&mut old, cell), new.push(cell.symbol));
            gain += stands - as_it_counts(follows, cell);
            if let Some(run) = runs.last_mut().filter(|_| i == 0) {
                run.gain += stands - follows;
            }
        }
        if start > at + FORGOTTEN {
            old = Context::of(cells[start - 2].symbol, cells[start - 1].symbol);
            new = old;
        }
        let stands: i32 = cells[start..unit.end()].iter().map(|cell| as_it_stands(&mut old, cell)).sum();
        let own = stands - new.push(Symbol::of(unit.meant));
        gain = gain.min(0) + own;
        if gain < CLEAR {
            return None;
        }
        total += gain;
        match runs.last_mut().filter(|run| run.end == start) {
            Some(run) => {
                run.end = unit.end();
                run.units += 1;
                run.gain += own;
            }
            None => runs.push(Run { start, end: unit.end(), units: 1, gain: own }),
        }
        at = unit.end();
    }
    if let Some(run) = runs.last_mut() {
        run.gain += match cells.get(at) {
            Some(cell) => as_it_stands(&mut old, cell) - new.push(cell.symbol),
            None => old.cost(after) - new.cost(after),
        };
    }
    (total >= state.enter + CLEAR).then_some(runs)
}

/// The pages in which sequences are whole, a bit a page.
struct Seen {
    /// Those in which every character outside ASCII is part of one.
    throughout: u64,
    /// Those in which any is.
    anywhere: u64,
}

impl Seen {
    /// One walk over the text for all pages at once.
    fn of(cells: &[Cell]) -> Seen {
        let mut seen = Seen { throughout: PageSet::ALL.0, anywhere: 0 };
        // By page: how many bytes of a sequence are missing.
        let [mut one, mut two, mut three] = [0; 3];
        for cell in cells {
            let open = one | two | three;
            if cell.c.is_ascii() {
                seen.throughout &= !open;
                [one, two, three] = [0; 3];
                continue;
            }
            let roles = &cell.record.roles;
            let goes_on = open & roles.trail;
            let begins = (roles.lead2 | roles.lead3 | roles.lead4) & !open;
            seen.throughout &= goes_on | begins;
            seen.anywhere |= one & roles.trail;
            [one, two, three] = [
                two & roles.trail | roles.lead2 & !goes_on,
                three & roles.trail | roles.lead3 & !goes_on,
                roles.lead4 & !goes_on,
            ];
        }
        seen.throughout &= !(one | two | three);
        seen
    }
}

/// The units of a page; `None` where one stands for nothing, or where there is none.
fn units(cells: &[Cell], page: Page) -> Option<Vec<Unit>> {
    let mut units = Vec::with_capacity(cells.len() / 2);
    let mut at = 0;
    while at < cells.len() {
        let unit = if cells[at].c.is_ascii() { None } else { codec::unit(&cells[at..], page) };
        match unit {
            Some(unit) => {
                if !Symbol::of(unit.meant).is_assigned() {
                    return None;
                }
                units.push(Unit::whole(at, usize::from(unit.len), unit.meant));
                at += usize::from(unit.len);
            }
            None => at += 1,
        }
    }
    (!units.is_empty()).then_some(units)
}

/// The text with the units undone.
fn result(cells: &[Cell], units: &[Unit]) -> String {
    let mut text = String::with_capacity(cells.len() + 4 * units.len());
    let mut at = 0;
    for unit in units {
        text.extend(cells[at..unit.at as usize].iter().map(|cell| cell.c));
        text.push(unit.meant);
        at = unit.end();
    }
    text.extend(cells[at..].iter().map(|cell| cell.c));
    text
}

/// Whether anything in a text is UTF-8 read as one of the commoner pages: a deeper layer, which is easier to believe together
/// with the one above it.
fn goes_deeper(text: &str, limits: &Limits) -> bool {
    let cells: Vec<Cell> = text.chars().map(Cell::of).collect();
    let pages = PageSet(Seen::of(&cells).anywhere & limits.pages.0);
    pages.iter().any(|page| prior::one(Mixup::utf8(page)) <= COMMON)
}
