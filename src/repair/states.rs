//! The chains of mixups in which anything in a text decodes, and what it decodes to.
//!
//! A chain of layers is found from the outside in: the units of the outer mixup decode to characters, and where those
//! characters are again units of some page, the two together are a unit of the chain.

use super::foreign;
use super::hopeful::Gains;
use super::inferred;
use super::known::Hints;
use super::recased;
use super::text::Text;
use super::wide;
use super::{Cell, Limits, Mixup};
use crate::codec::{self, Encoding, Loss, Page, PageSet};
use crate::model::{self, PER_NAT, Symbol};

/// A run of cells that, under a chain, stands for other characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Which cell it begins at.
    pub at: u32,
    /// How many cells it takes.
    pub len: u32,
    /// The first of the characters that it stands for.
    pub meant: char,
    /// The others, as a place in the state's `more` (start, number).
    pub more: (u32, u32),
    /// What was inferred.
    pub loss: Loss,
}

impl Unit {
    /// A unit of which nothing was lost.
    pub fn whole(at: usize, len: usize, meant: char) -> Unit {
        Unit { at: at as u32, len: len as u32, meant, more: (0, 0), loss: Loss::None }
    }

    /// The cell after it.
    pub fn end(self) -> usize {
        (self.at + self.len) as usize
    }
}

/// A chain of mixups, outermost first, and all its units in the text.
#[derive(Clone)]
pub struct State {
    pub chain: Vec<Mixup>,
    pub enter: i32,
    /// Sorted by place. At one place there is one whole unit, or there are lossy ones.
    pub units: Vec<Unit>,
    /// What units stand for beyond their first character.
    pub more: Vec<char>,
}

impl State {
    /// The state of a chain all of whose units stand for single characters.
    pub fn new(chain: Vec<Mixup>, units: Vec<Unit>, limits: &Limits) -> State {
        let mut state = State { enter: limits.established.enter(&chain), chain, units, more: Vec::new() };
        state.heed(limits);
        state
    }

    /// Makes it easier to enter where its units are letters that were hinted at.
    pub fn heed(&mut self, limits: &Limits) {
        if let Some(letters) = &limits.letters {
            let mut hints = Hints::default();
            self.units.iter().for_each(|unit| hints.add(letters, std::iter::empty(), self.meant(*unit)));
            self.enter = (self.enter - hints.entering()).max(0);
        }
    }

    /// Adds a unit of `len` cells from `at` on that stands for the characters `meant`, of which there is one at least.
    pub fn add(&mut self, at: usize, len: usize, meant: &[char], loss: Loss) {
        let from = self.more.len() as u32;
        self.more.extend_from_slice(&meant[1..]);
        let more = (from, meant.len() as u32 - 1);
        self.units.push(Unit { more, loss, ..Unit::whole(at, len, meant[0]) });
    }

    /// The single-byte page that was read as last, if one was.
    fn pages(&self) -> PageSet {
        match self.chain[0].read {
            Encoding::Page(page) => PageSet::default().with(page),
            _ => PageSet::default(),
        }
    }

    /// Whether text in one old encoding was read as another.
    pub fn is_of_old(&self) -> bool {
        self.chain.iter().all(|mixup| mixup.meant != Encoding::Utf8 && !mixup.is_wide() && *mixup != Mixup::C1)
    }

    /// Of each place up to `n`, whether it lies inside a word of what is meant: a letter ends there, and another begins. Only
    /// for text in one old encoding that was read as another.
    pub fn inside_words(&self, n: usize) -> Vec<bool> {
        if !self.is_of_old() {
            return Vec::new();
        }
        let mut ends = vec![false; n + 1];
        let mut inside = vec![false; n + 1];
        for unit in &self.units {
            let at = unit.at as usize;
            inside[at] |= ends[at] && unit.meant.is_alphabetic();
            ends[unit.end()] |= self.meant(*unit).last().is_some_and(char::is_alphabetic);
        }
        inside
    }

    /// Whether more of what a unit stands for is lost for good than is known.
    pub fn is_lost(&self, unit: Unit) -> bool {
        let (mut lost, mut all) = (0, 0);
        for c in self.meant(unit) {
            lost += usize::from(c == '\u{fffd}');
            all += 1;
        }
        unit.loss != Loss::None && 2 * lost > all
    }

    /// The characters that a unit stands for.
    pub fn meant(&self, unit: Unit) -> impl Iterator<Item = char> + '_ {
        let (start, count) = unit.more;
        std::iter::once(unit.meant).chain(self.more[start as usize..(start + count) as usize].iter().copied())
    }
}

/// No more chains than this are searched, and no more of them than half are of one layer.
const MOST: usize = 24;
/// No more than this many inner mixups are tried within one outer chain.
const CHILDREN: usize = 5;
/// Fewer units explain no text, and fewer long ones may be chance.
const FEW: usize = 3;
const FEW_LONG: usize = 4;
/// How much more than usual a character costs, on average, in a reading that explains a text.
const STRANGE: i32 = PER_NAT;

/// The chains in which anything decodes, without those that say nothing that a commoner one does not.
pub fn states(cells: &[Cell], before: Symbol, limits: &Limits) -> Vec<State> {
    let layers = Layers::of(cells, limits);
    let is_explained = layers.explaining(cells, limits).is_some();
    layers.all(&Text::new(cells, before), is_explained, limits)
}

/// What is searched for the best path.
pub enum Search {
    /// These chains.
    All(Vec<State>),
    /// These chains; and where anything is found in them, all.
    First(Vec<State>, Rest),
}

/// What was left out at first.
pub struct Rest {
    layers: Layers,
    /// How many of the first states are of other kinds; these come last.
    others: usize,
}

impl Rest {
    /// All chains, those searched at `first` among them.
    pub fn all(self, mut first: Vec<State>, cells: &[Cell], limits: &Limits) -> Vec<State> {
        let others = first.split_off(first.len() - self.others);
        let mut kept = self.layers.inferred(cells, limits);
        kept.extend(others);
        kept
    }
}

/// Those of them that could be on the best path.
pub fn worth_searching(text: &Text, limits: &Limits) -> Search {
    let (cells, bound) = (text.cells, text.bound());
    let layers = Layers::of(cells, limits);
    let explaining = layers.explaining(cells, limits);
    // Where nothing is left of which a part could be lost, and nothing shows that case was changed, whole units will do.
    if let Some(state) = explaining
        && leaves_no_lead(state)
        && let Encoding::Page(page) = state.chain[0].read
        && !recased::shows(cells, text.before, &state.units, page)
    {
        return Search::All(layers.kept);
    }
    let is_explained = explaining.is_some();
    if is_explained || limits.letters.is_some() || !layers.are_of_one() {
        return Search::All(layers.all(text, is_explained, limits));
    }
    // Most of what looks broken is right: bytes are inferred only in pages that may gain anything, and of those in which there are
    // whole units only where one of these does.
    let gains: Vec<Gains> = layers.kept.iter().map(|state| bound.gains(state)).collect();
    if gains.iter().any(|gains| gains.is_high) {
        return Search::All(layers.all(text, is_explained, limits));
    }
    let pages = layers.pages().with(Page::WINDOWS_1252).with(Page::ISO_8859_1);
    let hopeless = layers.kept.iter().zip(&gains).filter(|(_, gains)| !gains.any);
    let hopeless = PageSet(hopeless.fold(0, |pages, (state, _)| pages | state.pages().0));
    let hopeful = bound.hopeful(PageSet(pages.0 & limits.pages.0), hopeless, limits);
    let mut first = layers.only(hopeful).inferred(cells, &Limits { pages: hopeful, ..limits.clone() });
    let others = others(text, false, limits);
    let rest = Rest { layers, others: others.len() };
    first.extend(others);
    Search::First(first, rest)
}

/// All that is no UTF-8 read as single-byte pages with its case as it was.
fn others(text: &Text, is_explained: bool, limits: &Limits) -> Vec<State> {
    let mut states = recased::states(text.cells, limits);
    if limits.foreign {
        states.extend(wide::states(text.cells, text.before, limits));
        if !is_explained {
            states.extend(foreign::states(text, limits));
        }
    }
    states
}

/// Whether no unit stands for what begins a sequence in the commonest pages.
fn leaves_no_lead(state: &State) -> bool {
    let pages = [Page::WINDOWS_1252, Page::ISO_8859_1];
    let leads = |unit: &Unit| pages.iter().any(|page| codec::record(unit.meant).byte(*page) >= 0xC2);
    !state.units.iter().any(leads)
}

/// The chains of whole units, in one layer and more.
pub struct Layers {
    kept: Vec<State>,
    /// The state within which each was found.
    parents: Vec<Option<usize>>,
    /// Pages that say nothing that another does not, as long as nothing was lost.
    shadowed: Vec<Page>,
}

impl Layers {
    fn of(cells: &[Cell], limits: &Limits) -> Layers {
        let mut kept: Vec<State> = Vec::new();
        let mut seen = 0;
        let mut c1 = false;
        let mut places = Vec::new();
        let mut shadowed = Vec::new();
        for (i, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.c.is_ascii()) {
            let pages = codec::pages_at(&cells[i..]);
            seen |= pages;
            if pages != 0 {
                places.push((i, pages));
            }
            c1 |= codec::is_c1(cell.c);
        }
        for page in PageSet(seen & limits.pages.0).iter() {
            let here = places.iter().filter(|(_, pages)| PageSet(*pages).contains(page));
            let units = here.filter_map(|&(i, _)| {
                let unit = codec::unit(&cells[i..], page)?;
                Symbol::of(unit.meant).is_assigned().then(|| Unit::whole(i, usize::from(unit.len), unit.meant))
            });
            if !keep(&mut kept, vec![Mixup::utf8(page)], units.collect(), limits) {
                shadowed.push(page);
            }
        }
        if c1 && limits.c1 {
            let plain = cells.iter().enumerate().map(|(i, cell)| Unit::whole(i, 1, cell.c));
            keep(&mut kept, vec![Mixup::C1], plain.filter_map(printable).collect(), limits);
        }
        strongest(&mut kept, 0, MOST / 2);
        let mut parents: Vec<Option<usize>> = vec![None; kept.len()];
        let mut parent = 0;
        while parent < kept.len() && kept.len() < MOST {
            if kept[parent].chain.len() < limits.max_layers && kept[parent].chain.iter().all(|mixup| mixup.is_utf8()) {
                let before = kept.len();
                for (mixup, units) in children(&kept[parent].units, limits) {
                    let mut chain = kept[parent].chain.clone();
                    chain.push(mixup);
                    keep(&mut kept, chain, units, limits);
                }
                strongest(&mut kept, before, CHILDREN);
                parents.resize(kept.len(), Some(parent));
            }
            parent += 1;
        }
        kept.truncate(MOST);
        parents.truncate(MOST);
        Layers { kept, parents, shadowed }
    }

    /// The layer that explains all, if one does, so that no other encoding needs to be asked.
    fn explaining(&self, cells: &[Cell], limits: &Limits) -> Option<&State> {
        if limits.letters.is_some() || limits.established.has_legacy() {
            return None;
        }
        let visible = |cell: &&Cell| !cell.c.is_ascii() && cell.symbol.is_visible();
        let odd = cells.iter().filter(visible).count();
        let one = |state: &&State| state.chain.len() == 1 && state.chain[0].is_utf8();
        self.kept.iter().filter(one).find(|state| explains(state, cells, odd))
    }

    /// With all that is no whole unit of UTF-8 in single-byte pages.
    fn all(self, text: &Text, is_explained: bool, limits: &Limits) -> Vec<State> {
        let mut kept = self.inferred(text.cells, limits);
        kept.extend(others(text, is_explained, limits));
        kept
    }

    /// With the units of which a byte was lost.
    fn inferred(self, cells: &[Cell], limits: &Limits) -> Vec<State> {
        let Layers { mut kept, mut parents, shadowed } = self;
        inferred::infer(&mut kept, &mut parents, &shadowed, cells, limits);
        kept
    }

    /// Whether all are of UTF-8 in one layer.
    fn are_of_one(&self) -> bool {
        self.kept.iter().all(|state| state.chain.len() == 1 && state.chain[0].is_utf8())
    }

    /// The pages that were read as.
    fn pages(&self) -> PageSet {
        PageSet(self.kept.iter().fold(0, |pages, state| pages | state.pages().0))
    }

    /// Those of one layer that are of these pages.
    fn only(&self, pages: PageSet) -> Layers {
        let is_of = |state: &&State| matches!(state.chain[0].read, Encoding::Page(page) if pages.contains(page));
        let kept: Vec<State> = self.kept.iter().filter(is_of).cloned().collect();
        Layers { parents: vec![None; kept.len()], kept, shadowed: self.shadowed.clone() }
    }
}

/// Whether a layer accounts for all that is not ASCII, of which `odd` leave a mark, by letters and marks that are usual where
/// they come to stand: then no other encoding is asked, which takes most of the time that damaged text takes. A unit or two,
/// or a few hanzi, may be chance.
fn explains(state: &State, cells: &[Cell], odd: usize) -> bool {
    let visible = |cell: &&Cell| !cell.c.is_ascii() && cell.symbol.is_visible();
    let (mut taken, mut strange, mut count) = (0, 0, 0);
    let mut last: Option<&Unit> = None;
    for unit in &state.units {
        let before = match last.filter(|last| last.end() == unit.at as usize) {
            Some(last) => Symbol::of(last.meant),
            None => unit.at.checked_sub(1).map_or(Symbol::edge(), |at| cells[at as usize].symbol),
        };
        let meant = Symbol::of(unit.meant);
        // Of a large script most pairs are new; what counts is how rare its characters are.
        let is_large = meant.is_of_large_script();
        let cost = model::cost(before, meant);
        strange += if is_large { cost.min(meant.within()) } else { cost } - meant.usual();
        count += 1;
        taken += cells[unit.at as usize..unit.end()].iter().filter(visible).count();
        last = Some(unit);
    }
    count >= FEW && !may_be_chance(&state.units) && taken == odd && strange <= count as i32 * STRANGE
}

/// Whether units stand for hanzi or hangul, and so few of them are of three bytes or more that three letters of an old encoding
/// may look the same.
pub fn may_be_chance(units: &[Unit]) -> bool {
    units.iter().filter(|unit| unit.len > 2).count() < FEW_LONG
        && units.iter().any(|unit| Symbol::of(unit.meant).is_of_large_script())
}

/// Adds a state, unless it has no unit or a state that is no rarer has all of them; says whether it did.
fn keep(kept: &mut Vec<State>, chain: Vec<Mixup>, units: Vec<Unit>, limits: &Limits) -> bool {
    let state = State::new(chain, units, limits);
    let is_subset = |other: &State| {
        let mut rest = other.units.iter();
        state.units.iter().all(|x| rest.by_ref().any(|y| x == y))
    };
    let says_more = !state.units.is_empty() && !kept.iter().any(|other| other.enter <= state.enter && is_subset(other));
    if says_more {
        kept.push(state);
    }
    says_more
}

/// Of the states from `from` on, keeps the `most` that explain the most characters, strongest first.
fn strongest(kept: &mut Vec<State>, from: usize, most: usize) {
    kept[from..].sort_by_key(|state| std::cmp::Reverse(weight(state)));
    kept.truncate(from + most);
}

/// What a character of damage that is undone saves, roughly, in eighths of a nat.
pub const SAVED: i32 = 32;

/// Roughly, what a state saves.
pub fn weight(state: &State) -> i32 {
    let undone: u32 = state.units.iter().map(|unit| unit.len - 1).sum();
    undone.min(1 << 20) as i32 * SAVED - state.enter
}

/// The units that follow each other without a gap, from each one of `outer`, as places in `outer`; at most four.
pub fn runs(outer: &[Unit]) -> impl Iterator<Item = (usize, [usize; 4], usize)> + '_ {
    (0..outer.len()).map(|i| {
        let (mut run, mut count, mut end) = ([i; 4], 1, outer[i].end());
        for (j, next) in outer.iter().enumerate().skip(i + 1).take(12) {
            if next.at as usize == end {
                run[count] = j;
                count += 1;
                end = next.end();
                if count == 4 {
                    break;
                }
            } else if next.at as usize > end {
                break;
            }
        }
        (i, run, count)
    })
}

/// The mixups under which the characters that `outer` decodes to are units again.
fn children(outer: &[Unit], limits: &Limits) -> Vec<(Mixup, Vec<Unit>)> {
    let decoded: Vec<Cell> = outer.iter().map(|unit| Cell::of(unit.meant)).collect();
    let mut seen = 0;
    let mut places = Vec::new();
    for (i, run, count) in runs(outer) {
        let view = run.map(|j| decoded[j]);
        let pages = codec::pages_at(&view[..count]);
        seen |= pages;
        if pages != 0 {
            places.push((i, run, count, pages));
        }
    }
    let mut children = Vec::new();
    for page in PageSet(seen & limits.pages.0).iter() {
        let here = places.iter().filter(|place| PageSet(place.3).contains(page));
        let units = here.filter_map(|&(i, run, count, _)| {
            let view = run.map(|j| decoded[j]);
            let unit = codec::unit(&view[..count], page).filter(|unit| Symbol::of(unit.meant).is_assigned())?;
            let at = outer[i].at as usize;
            Some(Unit::whole(at, outer[run[usize::from(unit.len) - 1]].end() - at, unit.meant))
        });
        children.push((Mixup::utf8(page), units.collect()));
    }
    if limits.c1 && outer.iter().any(|unit| codec::is_c1(unit.meant)) {
        children.push((Mixup::C1, outer.iter().copied().filter_map(printable).collect()));
    }
    children
}

/// The unit with the printable character that windows-1252 has in place of its C1 control.
fn printable(unit: Unit) -> Option<Unit> {
    let meant = Page::WINDOWS_1252.decode(codec::is_c1(unit.meant).then_some(unit.meant as u32 as u8)?)?;
    (meant != unit.meant).then_some(Unit { meant, ..unit })
}
