//! Is the evidence enough? Pools what repairs with the same chain gain, and gives each its odds and its level.
//!
//! The search says which reading is the likeliest; whether it is likely enough is decided here and in [`super::odds`], more
//! warily: what is odd as it stands counts only so far, the same damage again is hardly new evidence, and a part-repair is refused.

use std::cell::LazyCell;

use unicode_script::UnicodeScript;

use super::company::{
    REACH, beside_letter, drawn, has_words, is_alien, is_bare, is_lone_letter, is_misplaced, is_torn, is_word_alone,
    makes_a_word, may_be_letter_and_mark, right_letters, scripts, single_char, word,
};
use super::lattice::{self, ODD};
use super::odds::{Evidence, LIKELY, VARIED, is_surely, is_vouched, level, odds};
use super::states::State;
use super::throughout::{Run, same_bytes};
use super::{Cell, Item, Limits, Mixup, Repair, Undone};
use crate::codec::{self, Encoding, Page, PageSet};
use crate::edit::Confidence;
use crate::model::{Context, PER_NAT, Symbol};

/// How many repairs back it is looked for the same damage.
const LOOK_BACK: usize = 64;
/// What a character outside ASCII costs more than is usual for its like before it looks broken.
const ROUGH: i32 = 4 * PER_NAT;
/// What a capital costs in usual text, at most.
const CAPITAL: i32 = 4 * PER_NAT;
/// A page that explains the damage this much worse, or less, leaves it open which it was; and where there is more damage
/// than so many pieces it is not asked, for then they tell.
const CLOSE: i32 = PER_NAT;
const FEW: usize = 3;

/// A repair with what speaks for it.
struct Candidate {
    repair: Repair,
    chain: usize,
    gain: i32,
    /// What the repaired characters cost beyond what is usual for their like, and how many they are.
    strange: i32,
    chars: i32,
}

/// The repairs that the evidence is enough for, and how many it is not.
pub fn weigh(
    items: &[Item],
    chains: &[Vec<Mixup>],
    cells: &[Cell],
    before: Symbol,
    after: Symbol,
    limits: &Limits,
) -> (Vec<Repair>, usize) {
    let candidates = candidates(items, chains, cells, before, after);
    let broken = still_broken(items, before);
    let right = right_letters(items);
    let scripts = LazyCell::new(|| scripts(items));
    let mut evidence = vec![
        Evidence {
            unsure: true,
            lone_large: true,
            lone_letter: true,
            alien: true,
            misplaced: true,
            torn: true,
            is_word: true,
            is_bare: true,
            ..Evidence::default()
        };
        chains.len()
    ];
    let plain: Vec<bool> =
        chains.iter().map(|chain| is_vouched(chain) && is_surely(chain) && !limits.established.lifts(chain)).collect();
    let has_words = has_words(cells);
    for (at, candidate) in candidates.iter().enumerate() {
        let Repair { start, len, .. } = candidate.repair;
        let pooled = &mut evidence[candidate.chain];
        let same = |other: &&Candidate| {
            let chars = |r: &Repair| cells[r.start..r.start + r.len].iter().map(|cell| cell.c);
            other.chain == candidate.chain
                && other.repair.len == len
                && chars(&other.repair).eq(chars(&candidate.repair))
        };
        let repeats = candidates[..at].iter().rev().take(LOOK_BACK).filter(same).count();
        pooled.gain += again(candidate.gain, repeats);
        pooled.whole |= !candidate.repair.lossy;
        pooled.kinds += usize::from(repeats == 0);
        pooled.strange += candidate.strange;
        pooled.chars += candidate.chars;
        let stands = &cells[start..start + len];
        // What UTF-8 vouches for is nothing drawn or listed, and its words count only where letters were inferred.
        let is_plain = plain[candidate.chain];
        if !is_plain {
            pooled.pairs += len as i32 - 1;
            pooled.drawn += drawn(stands, &candidate.repair.after);
            let alone = candidate.chars == 1 && !beside_letter(cells, start, len);
            pooled.lonely += i32::from(alone && candidate.repair.after.chars().all(char::is_alphabetic));
            note(&mut pooled.different, VARIED, candidate.repair.after.chars());
            note(&mut pooled.stands, 2, stands.iter().map(|cell| cell.c).filter(|c| !c.is_ascii()));
            pooled.tells |= candidate.repair.after.contains(|c: char| !c.is_ascii() && c != '\u{fffd}');
            pooled.alien = pooled.alien && is_alien(&scripts, &candidate.repair.after);
        }
        if !is_plain || candidate.repair.lossy {
            pooled.longest_word = pooled.longest_word.max(word(cells, &candidate.repair));
        }
        let large = |c: char| Symbol::of(c).is_of_large_script();
        pooled.lone_large = pooled.lone_large && candidate.chars == 1 && candidate.repair.after.chars().all(large);
        pooled.lone_letter = pooled.lone_letter
            && single_char(&candidate.repair.after)
                .is_some_and(|c| is_lone_letter(cells, start, len, c) && !scripts.contains(&c.script()));
        pooled.unsure = pooled.unsure && may_be_letter_and_mark(cells, start, len, candidate.repair.lossy);
        pooled.is_common = pooled.is_common || candidate.repair.lossy && makes_a_word(cells, &candidate.repair);
        pooled.misplaced = pooled.misplaced && is_misplaced(cells, start, len);
        pooled.torn = pooled.torn && is_torn(&right, start, len, &candidate.repair.after);
        pooled.is_word = pooled.is_word && has_words && !pooled.misplaced && is_word_alone(cells, &candidate.repair);
        pooled.is_bare = pooled.is_bare && !has_words && !pooled.misplaced && is_bare(stands);
        let from = start.saturating_sub(REACH).max(pooled.summed_to);
        let to = (start + len + REACH).min(cells.len()).max(from);
        pooled.residue += broken[to] - broken[from];
        pooled.summed_to = to;
        if let Some(letters) = &limits.letters {
            pooled.hints.add(letters, stands.iter().map(|cell| cell.c), candidate.repair.after.chars());
        }
    }
    let mut verdicts: Vec<Option<i32>> =
        evidence.iter().zip(chains).map(|(pooled, chain)| odds(pooled, chain, limits)).collect();
    for (chain, verdict) in verdicts.iter_mut().enumerate() {
        if let (Some(odds), &[mixup]) = (*verdict, &chains[chain][..]) {
            let mine: Vec<&Repair> =
                candidates.iter().filter(|c| c.chain == chain).map(|c| &c.repair).take(FEW + 1).collect();
            if odds >= LIKELY && mine.len() <= FEW && is_ambiguous(&mine, mixup, cells, limits) {
                *verdict = Some(LIKELY - 1);
            }
        }
    }
    let (mut kept, mut refused) = (Vec::new(), 0);
    for Candidate { mut repair, chain, .. } in candidates {
        let odds = verdicts[chain].filter(|_| chains[chain].len() <= limits.max_layers);
        let Some((odds, level)) = odds.and_then(|odds| Some((odds, level(odds)?))) else {
            refused += 1;
            continue;
        };
        repair.odds = odds;
        // UTF-8 vouches for itself; without it, a line is never enough to be certain.
        repair.confidence =
            if repair.lossy || !is_vouched(&chains[chain]) { level.min(Confidence::Likely) } else { level };
        kept.push(repair);
    }
    (kept, refused)
}

/// The same where all is broken by one mixup of UTF-8 and a single-byte page, and what each run of it gains is known.
pub fn throughout(cells: &[Cell], state: &State, runs: &[Run], limits: &Limits) -> (Vec<Repair>, usize) {
    let chain = &state.chain[..];
    let &[mixup @ Mixup { read: Encoding::Page(page), .. }] = chain else { return (Vec::new(), runs.len()) };
    let mut pooled = Evidence { whole: true, unsure: true, lone_large: true, lone_letter: true, ..Evidence::default() };
    let stands = |run: &Run| cells[run.start..run.end].iter().map(|cell| cell.c);
    let mut unit = 0;
    for (at, run) in runs.iter().enumerate() {
        let len = run.end - run.start;
        let same = |other: &&Run| {
            other.end - other.start == len
                && cells[other.end - 1].c == cells[run.end - 1].c
                && stands(other).eq(stands(run))
        };
        let repeats = runs[..at].iter().rev().take(LOOK_BACK).filter(same).count();
        pooled.gain += again(run.gain, repeats);
        pooled.kinds += usize::from(repeats == 0);
        let single = Some(state.units[unit].meant).filter(|_| run.units == 1);
        pooled.lone_large = pooled.lone_large && single.is_some_and(|c| Symbol::of(c).is_of_large_script());
        // Nothing but ASCII is left.
        pooled.lone_letter = pooled.lone_letter && single.is_some_and(|c| is_lone_letter(cells, run.start, len, c));
        pooled.unsure = pooled.unsure && may_be_letter_and_mark(cells, run.start, len, false);
        unit += run.units;
    }
    let verdict = odds(&pooled, chain, limits).filter(|_| limits.max_layers > 0);
    let Some((mut odds, Some(mut confidence))) = verdict.map(|odds| (odds, level(odds))) else {
        return (Vec::new(), runs.len());
    };
    let undone = Undone::utf8(page);
    let mut units = state.units.iter();
    let repair = |run: &Run| Repair {
        start: run.start,
        len: run.end - run.start,
        after: units.by_ref().take(run.units).map(|unit| unit.meant).collect(),
        undone: undone.clone(),
        lossy: false,
        odds,
        confidence,
    };
    let mut repairs: Vec<Repair> = runs.iter().map(repair).collect();
    if odds >= LIKELY && repairs.len() <= FEW && is_ambiguous(&repairs.iter().collect::<Vec<_>>(), mixup, cells, limits)
    {
        (odds, confidence) = (LIKELY - 1, Confidence::Possible);
        repairs.iter_mut().for_each(|repair| (repair.odds, repair.confidence) = (odds, confidence));
    }
    (repairs, 0)
}

/// Notes characters that are not yet among the `different` ones, up to so many.
fn note(different: &mut Vec<char>, most: usize, chars: impl Iterator<Item = char>) {
    for c in chars {
        if different.len() < most && !different.contains(&c) {
            different.push(c);
        }
    }
}

/// What something says that was said so many times before: the same again is hardly new evidence.
fn again(says: i32, repeats: usize) -> i32 {
    if repeats == 0 { says } else { says / (2 << repeats.min(4)) }
}

/// Whether another page explains the same damage nearly as well, and as another text.
fn is_ambiguous(repairs: &[&Repair], mixup: Mixup, cells: &[Cell], limits: &Limits) -> bool {
    let (Encoding::Utf8, Encoding::Page(read)) = (mixup.meant, mixup.read) else { return false };
    // Whether the text is the same when the repairs are read through a page. That is asked first, for it mostly is.
    let is_same = |page: Page| {
        let mut same = true;
        for repair in repairs {
            let (mut at, end) = (repair.start, repair.start + repair.len);
            let mut meant = repair.after.chars();
            while at < end {
                let unit = codec::unit(&cells[at..end], page)?;
                same &= meant.next() == Some(unit.meant);
                at += usize::from(unit.len);
            }
        }
        Some(same)
    };
    // What the repairs cost then.
    let through = |page: Page| {
        let mut cost = limits.established.enter(&[Mixup::utf8(page)]);
        for repair in repairs {
            let (mut at, end) = (repair.start, repair.start + repair.len);
            let symbol = |at: usize| cells.get(at).map_or(Symbol::edge(), |cell| cell.symbol);
            let mut context = Context::after(if at > 1 { symbol(at - 2) } else { Symbol::edge() });
            context.push(if at > 0 { symbol(at - 1) } else { Symbol::edge() });
            while at < end {
                let unit = codec::unit(&cells[at..end], page)?;
                cost += context.push(Symbol::of(unit.meant));
                at += usize::from(unit.len);
            }
            cost += context.push(symbol(end)) + context.push(symbol(end + 1));
        }
        Some(cost)
    };
    if is_same(read) != Some(true) {
        return false;
    }
    // Only those in which all repairs begin with a unit.
    let pages = repairs.iter().fold(limits.pages.0, |pages, repair| pages & codec::pages_at(&cells[repair.start..]));
    let same_bytes = |page: Page| {
        repairs.iter().all(|repair| same_bytes(&cells[repair.start..repair.start + repair.len], read, page))
    };
    let mut others =
        PageSet(pages).iter().filter(|page| !same_bytes(*page) && is_same(*page) == Some(false)).peekable();
    let Some(cost) = others.peek().and_then(|_| through(read)) else { return false };
    others.filter_map(through).any(|other| other < cost + CLOSE)
}

/// Runs of changed characters with one chain, and what each gains.
fn candidates(items: &[Item], chains: &[Vec<Mixup>], cells: &[Cell], before: Symbol, after: Symbol) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let (mut new, mut old) = (Context::after(before), Context::after(before));
    let mut open = false;
    let mut plain = 0;
    let mut undone: Vec<Option<Undone>> = vec![None; chains.len()];
    for (at, item) in items.iter().enumerate() {
        let symbol = item.cell.symbol;
        // Where ASCII goes on that stays as it is, nothing is gained and nothing lost.
        plain = if item.chain == 0 && item.cell.c.is_ascii() { plain + 1 } else { 0 };
        if plain > FORGOTTEN {
            continue;
        }
        if plain == 0 && at > FORGOTTEN && is_plain(&items[at - FORGOTTEN - 1..at]) {
            new = Context::of(items[at - 2].cell.symbol, items[at - 1].cell.symbol);
            old = new;
        }
        let cost = if item.chain == 0 { new.push(symbol) } else { lattice::decoded(&mut new, item.cell.c) };
        let stands = &cells[item.start..item.start + item.len];
        let gain = stands.iter().map(|cell| lattice::as_it_stands(&mut old, cell)).sum::<i32>() - cost;
        match found.last_mut().filter(|_| open) {
            // What came out of the same cells as the character before goes with it, whatever became of that in a deeper layer.
            Some(last) if last.chain == item.chain || item.len == 0 => {
                last.repair.lossy |= last.chain != item.chain;
                last.gain += gain;
                last.repair.len = item.start + item.len - last.repair.start;
                last.repair.after.push(item.cell.c);
                last.repair.lossy |= item.lossy;
            }
            // The character after a repair is judged by what it now follows.
            Some(last) if item.chain == 0 => last.gain += gain,
            _ => {}
        }
        let goes_on = |last: &Candidate| last.chain == item.chain || item.len == 0;
        if item.chain != 0 && !(open && found.last().is_some_and(goes_on)) {
            let repair = Repair {
                start: item.start,
                len: item.len,
                after: item.cell.c.to_string(),
                undone: undone[item.chain].get_or_insert_with(|| Undone::new(&chains[item.chain])).clone(),
                lossy: item.lossy,
                odds: 0,
                confidence: Confidence::Possible,
            };
            found.push(Candidate { repair, chain: item.chain, gain, strange: 0, chars: 0 });
        }
        open = item.chain != 0;
        if let Some(last) = found.last_mut().filter(|_| open) {
            // Capitals are few in any corpus, so next to anything is usual for them.
            let usual = if item.cell.c.is_uppercase() { symbol.usual().min(CAPITAL) } else { symbol.usual() };
            // In a script with thousands of characters most pairs are new; what counts is how rare the character is.
            let cost = if symbol.is_of_large_script() { cost.min(symbol.within()) } else { cost };
            last.strange += cost - usual;
            last.chars += 1;
        }
    }
    if let Some(last) = found.last_mut().filter(|_| open) {
        last.gain += old.cost(after) - new.cost(after);
    }
    found
}

/// After so many characters that stay as they are, it makes no difference what comes before them.
const FORGOTTEN: usize = 2;

/// Whether all of these are ASCII and stay as they are.
fn is_plain(items: &[Item]) -> bool {
    items.iter().all(|item| item.chain == 0 && item.cell.c.is_ascii())
}

/// For each cell of the source, how much what was left alone up to there, all told, looks like damage.
fn still_broken(items: &[Item], before: Symbol) -> Vec<i32> {
    // What is lost for good is no evidence that could be destroyed.
    let is_left = |item: &Item| {
        let shows = !item.cell.c.is_ascii() && item.cell.symbol.is_visible() && item.cell.c != '\u{fffd}';
        item.chain == 0 && shows && !item.lost
    };
    if !items.iter().any(is_left) {
        return vec![0; 1 + items.iter().map(|item| item.len).sum::<usize>()];
    }
    let mut sums = Vec::with_capacity(items.len() + 1);
    sums.push(0);
    let mut sum = 0;
    let mut seen: Vec<(Symbol, char)> = Vec::new();
    let symbol = |at: Option<usize>| at.map_or(before, |at| items[at].cell.symbol);
    for (at, item) in items.iter().enumerate() {
        let here = item.cell.symbol;
        if is_left(item) {
            let last = symbol(at.checked_sub(1));
            let context = if at == 0 { Context::after(last) } else { Context::of(symbol(at.checked_sub(2)), last) };
            let rough = (context.cost(here).min(2 * ODD) - here.usual() - ROUGH).max(0);
            let mut repeats = 0;
            // The same mark again is no more against a repair than the same damage again is for it.
            if rough > 0 && (last.is_mark() || here.is_mark()) {
                let mark = (last, item.cell.c);
                repeats = seen.iter().rev().take(LOOK_BACK).filter(|other| **other == mark).count();
                seen.push(mark);
            }
            sum += again(rough, repeats);
        }
        sums.extend(std::iter::repeat_n(sum, item.len));
    }
    sums
}
