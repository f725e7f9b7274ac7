//! The mixups, and chains of them, in which anything in a text decodes.
//!
//! A chain of layers is found from the outside in: the units of the outer mixup decode to characters, and where those
//! characters are again units of some page, the two together are a unit of the chain.

use super::prior;
use crate::codec::{self, Loss, Page, PageSet, Unit};
use crate::edit::Step;

use super::Cell;

/// A mixup that the search can be inside of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mixup {
    /// UTF-8 read as this page.
    Utf8(Page),
    /// windows-1252 read as ISO-8859-1: C1 controls that were meant as printable characters.
    C1,
}

impl Mixup {
    /// The step that a chain names.
    pub fn step(self) -> Step {
        match self {
            Mixup::Utf8(page) => Step::new("utf-8", page.label()),
            Mixup::C1 => Step::new("windows-1252", "iso-8859-1"),
        }
    }
}

/// What may be considered.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The pages that text may have been read as.
    pub pages: PageSet,
    /// Whether lone C1 controls may be windows-1252.
    pub c1: bool,
    /// How many layers are undone at most.
    pub max_layers: usize,
}

/// A place where a unit of a state begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which cell it begins at.
    pub at: u32,
    /// How many cells it takes.
    pub len: u32,
    /// The character that it stands for.
    pub meant: char,
    /// What was inferred.
    pub loss: Loss,
}

impl Found {
    fn end(self) -> u32 {
        self.at + self.len
    }
}

/// A chain of mixups, outermost first, and all its units in the text.
pub struct State {
    pub chain: Vec<Mixup>,
    pub enter: i32,
    /// Sorted by place. At one place there is one whole unit, or there are lossy ones.
    pub units: Vec<Found>,
}

/// No more chains than this are searched, and no more of them than half are of one layer.
const MOST: usize = 24;

/// The chains in which anything decodes, without those that say nothing that a commoner one does not.
pub fn states(cells: &[Cell], limits: &Limits) -> Vec<State> {
    let mut kept: Vec<State> = Vec::new();
    let mut seen = 0;
    let mut c1 = false;
    for (i, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.c.is_ascii()) {
        seen |= codec::pages_at(&cells[i..]);
        c1 |= is_c1(cell.c);
    }
    for page in PageSet(seen & limits.pages.0).iter() {
        let mut units = Vec::new();
        for (i, _) in cells.iter().enumerate().filter(|(_, cell)| !cell.c.is_ascii()) {
            let mut push = |unit: Unit| {
                units.push(Found { at: i as u32, len: u32::from(unit.len), meant: unit.meant, loss: unit.loss });
            };
            match codec::unit(&cells[i..], page) {
                Some(unit) => push(unit),
                None => codec::lossy_units(&cells[i..], page, push),
            }
        }
        keep(&mut kept, vec![Mixup::Utf8(page)], units);
    }
    if c1 && limits.c1 {
        let plain =
            cells.iter().enumerate().map(|(i, cell)| Found { at: i as u32, len: 1, meant: cell.c, loss: Loss::None });
        keep(&mut kept, vec![Mixup::C1], plain.filter_map(printable).collect());
    }
    strongest(&mut kept, 0, MOST / 2);
    let mut parent = 0;
    while parent < kept.len() && kept.len() < MOST {
        if kept[parent].chain.len() < limits.max_layers && !kept[parent].chain.contains(&Mixup::C1) {
            let before = kept.len();
            for (mixup, units) in children(&kept[parent].units, cells, limits) {
                let mut chain = kept[parent].chain.clone();
                chain.push(mixup);
                keep(&mut kept, chain, units);
            }
            strongest(&mut kept, before, CHILDREN);
        }
        parent += 1;
    }
    kept.truncate(MOST);
    kept
}

/// No more than this many inner mixups are tried within one outer chain.
const CHILDREN: usize = 5;

/// Of the states from `from` on, keeps the `most` that explain the most characters, strongest first.
fn strongest(kept: &mut Vec<State>, from: usize, most: usize) {
    // What a character of damage that is undone saves, roughly, in eighths of a nat.
    const SAVED: i32 = 32;
    let weight = |state: &State| {
        let undone: u32 = state.units.iter().filter(|unit| unit.loss == Loss::None).map(|unit| unit.len - 1).sum();
        undone.min(1 << 20) as i32 * SAVED - state.enter
    };
    kept[from..].sort_by_key(|state| std::cmp::Reverse(weight(state)));
    kept.truncate(from + most);
}

/// The mixups under which the characters that `outer` decodes to are units again.
fn children(outer: &[Found], cells: &[Cell], limits: &Limits) -> Vec<(Mixup, Vec<Found>)> {
    let decoded: Vec<Cell> = outer.iter().map(|found| Cell::of(found.meant)).collect();
    let mut runs: Vec<Vec<usize>> = Vec::with_capacity(outer.len());
    let mut seen = 0;
    let mut c1 = false;
    for (i, found) in outer.iter().enumerate() {
        // The shortest look ahead that can be a unit; lossy neighbours only make it wider.
        let mut run = vec![i];
        let mut end = found.end();
        for (j, next) in outer.iter().enumerate().skip(i + 1).take(12) {
            if next.at == end {
                run.push(j);
                end = next.end();
                if run.len() == 4 {
                    break;
                }
            } else if next.at > end {
                break;
            }
        }
        let view: Vec<Cell> = run.iter().map(|&j| decoded[j]).collect();
        seen |= codec::pages_at(&view);
        c1 |= is_c1(found.meant);
        runs.push(run);
    }
    let mut children = Vec::new();
    for page in PageSet(seen & limits.pages.0).iter() {
        let mut units = Vec::new();
        for (i, run) in runs.iter().enumerate() {
            let first = outer[i];
            let mut view: Vec<Cell> = run.iter().map(|&j| decoded[j]).collect();
            let mut ends: Vec<u32> = run.iter().map(|&j| outer[j].end()).collect();
            let loss =
                |taken: usize| run[..taken.min(run.len())].iter().map(|&j| outer[j].loss).max().unwrap_or(Loss::None);
            if let Some(unit) = codec::unit(&view, page) {
                let taken = usize::from(unit.len);
                units.push(Found {
                    at: first.at,
                    len: ends[taken - 1] - first.at,
                    meant: unit.meant,
                    loss: loss(taken),
                });
                continue;
            }
            // A space or a quote that no layer touched may be what is left of the next byte.
            let end = ends[ends.len() - 1];
            if let Some(cell) = cells.get(end as usize).filter(|cell| cell.c.is_ascii()) {
                view.push(*cell);
                ends.push(end + 1);
            }
            codec::lossy_units(&view, page, |unit| {
                let taken = usize::from(unit.len);
                if loss(taken) == Loss::None {
                    units.push(Found {
                        at: first.at,
                        len: ends[taken - 1] - first.at,
                        meant: unit.meant,
                        loss: unit.loss,
                    });
                }
            });
        }
        children.push((Mixup::Utf8(page), units));
    }
    if c1 && limits.c1 {
        children.push((Mixup::C1, outer.iter().copied().filter_map(printable).collect()));
    }
    children
}

/// Adds a state, unless it has no whole unit or a state that is no rarer has all of them.
fn keep(kept: &mut Vec<State>, chain: Vec<Mixup>, units: Vec<Found>) {
    let enter = prior::chain(&chain);
    let whole = units.iter().any(|unit| unit.loss == Loss::None);
    if whole && !kept.iter().any(|other| other.enter <= enter && is_subset(&units, &other.units)) {
        kept.push(State { chain, enter, units });
    }
}

/// Whether all whole units of `a`, sorted by place, are in `b`.
fn is_subset(a: &[Found], b: &[Found]) -> bool {
    let mut rest = b.iter();
    a.iter().filter(|x| x.loss == Loss::None).all(|x| rest.by_ref().any(|y| x == y))
}

fn is_c1(c: char) -> bool {
    ('\u{80}'..='\u{9f}').contains(&c)
}

/// The unit with the printable character that windows-1252 has in place of its C1 control.
fn printable(found: Found) -> Option<Found> {
    let meant = Page::WINDOWS_1252.decode(is_c1(found.meant).then_some(found.meant as u32 as u8)?)?;
    (meant != found.meant).then_some(Found { meant, ..found })
}
