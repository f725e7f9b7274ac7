//! What was inferred, weighed once more by the words that it makes.
//!
//! Letter pairs of all languages together say that `Älä` and `Álä` are both text; that one of them is a word, and that the
//! text around is Finnish, says which it was. So each word in which a byte was inferred is read with all that the byte may have
//! been, and what it costs within one language at a time decides (see [`prose`]). Where two readings are too close to choose,
//! nothing is inferred: what stands there is left as it is, and speaks against nothing.

use super::lattice::Fix;
use super::states::{State, Unit};
use super::{Cell, Mixup, prior};
use crate::codec::{Encoding, Loss, Page};
use crate::model::prose::{self, Tongue};
use crate::model::{Context, PER_NAT, Symbol};

/// So many ways to read a word are weighed.
const WIDTH: usize = 48;
/// No more than so many characters are read together.
const LONGEST: usize = 40;
/// What a byte has to gain that only ISO-8859-1 loses, where windows-1252, which is commoner, explains the rest as well.
const RARER: i32 = 2 * PER_NAT;
/// What share of the weight an inferred character has to carry.
const SHARE: f32 = 0.4;

/// The repairs, with what was inferred in them weighed by its words.
pub fn reread(cells: &[Cell], before: Symbol, mut fixes: Vec<Fix>, states: &[State]) -> Vec<Fix> {
    let is_open = |fix: &Fix| fix.unit.loss > Loss::Case && is_single(fix.unit) && of_single_bytes(&states[fix.state]);
    if !fixes.iter().any(is_open) {
        return fixes;
    }
    let narrow = widen(&mut fixes, states).map(|state| &states[state]);
    let text = decoded(cells, &fixes, states, is_open);
    let tongue = tongue(&text);
    let mut at = 0;
    while at < text.len() {
        if text[at].fix.is_none() {
            at += 1;
            continue;
        }
        let start = text[..at].iter().rposition(|entry| !entry.is_of_word()).map_or(0, |edge| edge + 1);
        let start = start.max(at.saturating_sub(LONGEST / 2));
        let len = text[at..].iter().take(LONGEST).take_while(|entry| entry.is_of_word()).count();
        let word = Word { text: &text, start, end: at + len, before, narrow };
        for (number, unit) in word.read(&fixes, states, &tongue) {
            fixes[number].unit = unit;
        }
        at += len;
    }
    fixes
}

/// Whether a unit stands for one character.
fn is_single(unit: Unit) -> bool {
    unit.more.1 == 0
}

/// Whether UTF-8 was read as single bytes in all layers.
fn of_single_bytes(state: &State) -> bool {
    state.chain.iter().all(|mixup| mixup.is_utf8() && matches!(mixup.read, Encoding::Page(_)))
}

/// What windows-1252 and ISO-8859-1 explain alike may have been either, and of the bytes that were lost the second leaves
/// more open. Returns the state that they were in.
fn widen(fixes: &mut [Fix], states: &[State]) -> Option<usize> {
    let of = |page: Page| states.iter().position(|state| state.chain == [Mixup::utf8(page)]);
    let (narrow, wide) = (of(Page::WINDOWS_1252)?, of(Page::ISO_8859_1)?);
    let twin = |unit: Unit| {
        let same = |other: &&Unit| (other.len, other.meant, other.loss) == (unit.len, unit.meant, unit.loss);
        here(&states[wide], unit.at).iter().find(same).copied()
    };
    let mine = || fixes.iter().filter(|fix| fix.state == narrow);
    if mine().any(|fix| fix.unit.loss > Loss::Case) && mine().all(|fix| twin(fix.unit).is_some()) {
        fixes.iter_mut().filter(|fix| fix.state == narrow).for_each(|fix| fix.state = wide);
        return Some(narrow);
    }
    None
}

/// The units that begin at a cell.
fn here(state: &State, at: u32) -> &[Unit] {
    let from = state.units.partition_point(|unit| unit.at < at);
    let count = state.units[from..].iter().take_while(|unit| unit.at == at).count();
    &state.units[from..from + count]
}

/// A character of the repaired text.
struct Entry {
    c: char,
    /// The repair that it is of, where that was inferred.
    fix: Option<usize>,
}

impl Entry {
    fn is_of_word(&self) -> bool {
        self.fix.is_some() || self.c.is_alphabetic() || matches!(self.c, '’' | '\'')
    }
}

/// The text with the repairs made.
fn decoded(cells: &[Cell], fixes: &[Fix], states: &[State], is_open: impl Fn(&Fix) -> bool) -> Vec<Entry> {
    let mut text = Vec::with_capacity(cells.len());
    let mut at = 0;
    let stands = |cell: &Cell| Entry { c: cell.c, fix: None };
    for (number, fix) in fixes.iter().enumerate() {
        text.extend(cells[at..fix.start()].iter().map(stands));
        let fixed = is_open(fix).then_some(number);
        text.extend(states[fix.state].meant(fix.unit).map(|c| Entry { c, fix: fixed }));
        at = fix.end();
    }
    text.extend(cells[at..].iter().map(stands));
    text
}

/// The language of the words in which nothing was inferred.
fn tongue(text: &[Entry]) -> Tongue {
    let words = text.split(|entry| !entry.is_of_word());
    let known = words.filter(|word| word.iter().all(|entry| entry.fix.is_none()));
    Tongue::of(known.map(|word| word.iter().map(|entry| entry.c)))
}

/// A word in which something was inferred.
struct Word<'t> {
    text: &'t [Entry],
    start: usize,
    end: usize,
    before: Symbol,
    /// The state of windows-1252, where ISO-8859-1 is read in its place.
    narrow: Option<&'t State>,
}

/// One way to read a word.
#[derive(Clone)]
struct Way {
    /// What its letter pairs cost, and what was lost.
    pairs: i32,
    losses: i32,
    context: Context,
    chars: Vec<char>,
    /// The units inferred.
    units: Vec<(usize, Unit)>,
}

impl Word<'_> {
    /// The units to infer, with the repairs that they are of; those that stand for U+FFFD are not known.
    fn read(&self, fixes: &[Fix], states: &[State], tongue: &Tongue) -> Vec<(usize, Unit)> {
        let mut ways = self.ways(fixes, states);
        if ways.is_empty() {
            return Vec::new();
        }
        ways.sort_by_key(|way| way.pairs + way.losses);
        let is_weighed = ways[0].chars.iter().all(|c| !c.is_alphabetic() || prose::is_weighed(*c));
        let costs: Vec<i32> = ways
            .iter()
            .map(|way| way.losses + if is_weighed { (way.pairs + tongue.cost(&way.chars)) / 2 } else { way.pairs })
            .collect();
        let Some(best) = (0..ways.len()).min_by_key(|&way| costs[way]) else { return Vec::new() };
        let weights: Vec<f32> =
            costs.iter().map(|cost| (-((cost - costs[best]) as f32) / PER_NAT as f32).exp()).collect();
        let all: f32 = weights.iter().sum();
        let known = |slot: usize| {
            let meant = ways[best].units[slot].1.meant;
            let same = ways.iter().zip(&weights).filter(|(way, _)| way.units[slot].1.meant == meant);
            same.map(|(_, weight)| weight).sum::<f32>() >= SHARE * all
        };
        let units = ways[best].units.iter().enumerate();
        units
            .map(|(slot, &(number, unit))| {
                (number, if known(slot) { unit } else { Unit { meant: '\u{fffd}', ..unit } })
            })
            .collect()
    }

    /// The likeliest ways to read it.
    fn ways(&self, fixes: &[Fix], states: &[State]) -> Vec<Way> {
        let symbol = |at: Option<usize>| at.map_or(self.before, |at| Symbol::of(self.text[at].c));
        let mut context = Context::after(symbol(self.start.checked_sub(2)));
        context.push(symbol(self.start.checked_sub(1)));
        let mut ways = vec![Way { pairs: 0, losses: 0, context, chars: Vec::new(), units: Vec::new() }];
        for entry in &self.text[self.start..self.end] {
            let Some(number) = entry.fix else {
                for way in &mut ways {
                    way.pairs += way.context.push(Symbol::of(entry.c));
                    way.chars.push(entry.c);
                }
                continue;
            };
            let fix = fixes[number];
            let units = here(&states[fix.state], fix.unit.at);
            let is_rarer = |unit: &Unit| self.narrow.is_some_and(|narrow| !here(narrow, unit.at).contains(unit));
            let mut next: Vec<Way> = Vec::new();
            for way in &ways {
                for &unit in units.iter().filter(|unit| unit.len == fix.unit.len && is_single(**unit)) {
                    let mut way = way.clone();
                    way.pairs += way.context.push(Symbol::of(unit.meant));
                    way.losses += prior::loss(unit.loss) + if is_rarer(&unit) { RARER } else { 0 };
                    way.chars.push(unit.meant);
                    way.units.push((number, unit));
                    next.push(way);
                }
            }
            next.sort_by_key(|way| way.pairs + way.losses);
            next.dedup_by(|a, b| a.chars == b.chars);
            next.truncate(WIDTH);
            ways = next;
        }
        let after = self.text.get(self.end).map_or(Symbol::edge(), |entry| Symbol::of(entry.c));
        ways.iter_mut().for_each(|way| way.pairs += way.context.push(after));
        ways
    }
}
