//! Is the evidence enough? Pools what repairs with the same chain gain, and gives each its odds and its level.
//!
//! The search says which reading is the likeliest; whether it is likely enough is decided here, more warily: what is odd
//! as it stands counts only so far, the same damage again is hardly new evidence, and a part-repair is refused.

use unicode_script::{Script, UnicodeScript};

use super::known::Hints;
use super::lattice::{self, ODD};
use super::states::State;
use super::throughout::{Run, same_bytes};
use super::{Cell, Item, Limits, Mixup, Repair, Undone, prior};
use crate::codec::{self, Encoding, Page, PageSet};
use crate::edit::Confidence;
use crate::model::{CLOSING, Context, PER_NAT, Symbol, prose};

/// Odds for each level, in eighths of a nat.
const POSSIBLE: i32 = 0;
const LIKELY: i32 = 2 * PER_NAT;
const CERTAIN: i32 = 10 * PER_NAT;

/// The odds from which on a repair is likely, in nats.
pub fn likely_nats() -> f32 {
    LIKELY as f32 / PER_NAT as f32
}

/// How many repairs back it is looked for the same damage.
const LOOK_BACK: usize = 64;
/// How far around a repair what still looks broken speaks against it, in characters.
const REACH: usize = 24;
/// What a character outside ASCII costs more than is usual for its like before it looks broken.
const ROUGH: i32 = 4 * PER_NAT;
/// What a capital costs in usual text, at most.
const CAPITAL: i32 = 4 * PER_NAT;
/// How much more than usual text is, on average, a text costs that no UTF-8 vouches for, at most.
const STRANGE: i32 = 2 * PER_NAT;
/// Text of so many different characters is no pattern.
const VARIED: usize = 6;
/// No legacy mixup is believed that makes no word of this many letters.
const WORD: usize = 4;
/// What speaks for a mixup on top where each piece of damage is a single hanzi or hangul out of place.
pub const MISPLACED: i32 = 6 * PER_NAT;
/// The same where each becomes a letter that is a word by itself in the language of the text, or where a character that had to
/// be inferred makes a common word; and what that letter costs there at most.
const IS_WORD: i32 = 3 * PER_NAT;
const WORD_COSTS: i32 = 6 * PER_NAT;
/// What a single sequence has to gain more that becomes a single hanzi or hangul: those come in company, and three letters
/// of an old encoding may look the same; and what a single hanzi or hangul has to gain where no word stands near: it is one of a list.
const LONE_LARGE: i32 = 20 * PER_NAT;
/// What has to be gained more where all damage becomes letters that stand alone, each of a script of which there is no other
/// letter, if the mixup is none of the commonest: two characters that seldom meet may be such a letter by chance.
const LONE_LETTER: i32 = 12 * PER_NAT;
/// So many other letters tell in which language a text is.
const WORDS: usize = 6;
/// A page that explains the damage this much worse, or less, leaves it open which it was; and where there is more damage
/// than so many pieces it is not asked, for then they tell.
const CLOSE: i32 = PER_NAT;
const FEW: usize = 3;
/// A mixup that costs this much to enter is rare; and what it has to gain more by a single piece of damage.
const RARE: i32 = 14 * PER_NAT;
const RARE_AND_ALONE: i32 = 2 * PER_NAT;
/// What inferred characters have to gain more where no whole one shows that there is damage.
const ALL_INFERRED: i32 = 3 * PER_NAT;
/// The same on top, where the mixup costs more to enter than this.
const RARE_AND_INFERRED: i32 = 4 * PER_NAT;
const COMMON: i32 = 9 * PER_NAT;
/// What a repair has to gain more that no UTF-8 vouches for.
const UNVOUCHED: i32 = 8 * PER_NAT;
/// So few characters are no text, unless much speaks for it.
const SHORT: i32 = 3;
/// What a single sequence has to gain more that could as well be a letter and a mark after it.
const LETTER_AND_MARK: i32 = 4 * PER_NAT;

/// What damage has to gain more of which all stands in words of which other letters are right: what is read as another page is so
/// throughout a word.
const TORN: i32 = 8 * PER_NAT;
const RARE_AND_TORN: i32 = 8 * PER_NAT;
/// What a few letters of a script of which there is no other have to gain more where hanzi or hangul stand.
const ALIEN: i32 = 6 * PER_NAT;

/// What a quotation or a speech opens with.
const OPENING: &str = "“‘«‹„‚»›”’–—…¿¡";

/// A repair with what speaks for it.
struct Candidate {
    repair: Repair,
    chain: usize,
    gain: i32,
    /// What the repaired characters cost beyond what is usual for their like, and how many they are.
    strange: i32,
    chars: i32,
}

/// What speaks for a chain, and against it.
#[derive(Clone, Default)]
struct Evidence {
    gain: i32,
    strange: i32,
    chars: i32,
    /// How many different pieces of damage there are.
    kinds: usize,
    /// Whether any of it is not inferred.
    whole: bool,
    /// Whether all of them could be a letter and a mark after it.
    unsure: bool,
    /// Whether all of them become a single character of a script with thousands of them.
    lone_large: bool,
    /// Whether all of them become a letter that stands alone, of a script of which there is no other.
    lone_letter: bool,
    /// Whether all of them stand as single such characters, stuck to letters or digits of another script and far from any of
    /// their own.
    misplaced: bool,
    /// Whether all of them stand beside a letter outside ASCII that is right as it stands, in one word with it.
    torn: bool,
    /// Whether all of them become a letter that is a word by itself.
    is_word: bool,
    /// Whether all of them stand as single characters of such a script, beside no word at all, as in a list of such.
    is_bare: bool,
    /// Whether an inferred character is of a common word.
    is_common: bool,
    /// Pairs of neighbours that are repaired, and how many of them are alike, as in lines drawn of characters, or follow
    /// each other in code, as in a table.
    pairs: i32,
    drawn: i32,
    /// The different characters that the repairs make, up to so many that the text is varied.
    different: Vec<char>,
    /// The different characters outside ASCII that stand there, up to two.
    stands: Vec<char>,
    /// Whether anything outside ASCII becomes known.
    tells: bool,
    /// Whether all of them become letters of a script of which there is no other.
    alien: bool,
    /// Letters that stand alone once repaired, as in a table.
    lonely: i32,
    /// The longest word that a repair is part of, in letters.
    longest_word: usize,
    /// What still looks broken around the repairs, and up to where that was summed.
    residue: i32,
    summed_to: usize,
    /// What the hints say.
    hints: Hints,
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
        }
        if !is_plain {
            for c in candidate.repair.after.chars() {
                if pooled.different.len() < VARIED && !pooled.different.contains(&c) {
                    pooled.different.push(c);
                }
            }
        }
        for cell in stands.iter().filter(|cell| !cell.c.is_ascii()) {
            if pooled.stands.len() < 2 && !pooled.stands.contains(&cell.c) {
                pooled.stands.push(cell.c);
            }
        }
        pooled.tells |= candidate.repair.after.contains(|c: char| !c.is_ascii() && c != '\u{fffd}');
        pooled.alien = pooled.alien && !is_plain && is_alien(items, &candidate.repair.after);
        if !is_plain || candidate.repair.lossy {
            pooled.longest_word = pooled.longest_word.max(word(cells, &candidate.repair));
        }
        let large = |c: char| Symbol::of(c).is_of_large_script();
        pooled.lone_large = pooled.lone_large && candidate.chars == 1 && candidate.repair.after.chars().all(large);
        pooled.lone_letter = pooled.lone_letter
            && single_char(&candidate.repair.after)
                .is_some_and(|c| is_lone_letter(cells, start, len, c) && !has_script(items, c.script()));
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

/// What something says that was said so many times before: the same again is hardly new evidence.
fn again(says: i32, repeats: usize) -> i32 {
    if repeats == 0 { says } else { says / (2 << repeats.min(4)) }
}

/// Whether UTF-8 vouches for a chain: it is not by chance that bytes are well-formed.
fn is_vouched(chain: &[Mixup]) -> bool {
    chain.iter().all(|mixup| mixup.is_utf8() || *mixup == Mixup::C1)
}

/// Whether it does so by single bytes only, which it does best.
fn is_surely(chain: &[Mixup]) -> bool {
    chain.iter().all(|mixup| !matches!(mixup.read, Encoding::Multi(_)))
}

/// The level of these odds; `None` where they are too small for any.
pub fn level(odds: i32) -> Option<Confidence> {
    match odds {
        CERTAIN.. => Some(Confidence::Certain),
        LIKELY.. => Some(Confidence::Likely),
        POSSIBLE.. => Some(Confidence::Possible),
        _ => None,
    }
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

/// The odds of a chain; `None` where it is out of the question.
fn odds(pooled: &Evidence, chain: &[Mixup], limits: &Limits) -> Option<i32> {
    // Where more looks broken than this explains, something else happened, and a part-repair would destroy the evidence.
    if 2 * pooled.residue > pooled.gain {
        return None;
    }
    // UTF-8 vouches for itself, somewhat less so in pairs of bytes. Anything else must read like text.
    let vouched = is_vouched(chain);
    let surely = is_surely(chain);
    if !vouched && 5 * pooled.residue > pooled.gain {
        return None;
    }
    let drawn = 2 * pooled.drawn > pooled.pairs.max(2);
    let listed = 2 * pooled.lonely > pooled.chars;
    let strange = |bound: i32| pooled.strange > bound * pooled.chars && 6 * pooled.strange > pooled.gain;
    // What only its surroundings speak for must be nothing strange.
    if limits.established.lifts(chain) && (drawn || pooled.strange > STRANGE * pooled.chars) {
        return None;
    }
    // A control may be no character at all, so one that makes no sense where it stands is none.
    if (vouched && !surely || chain.contains(&Mixup::C1)) && strange(3 * STRANGE) {
        return None;
    }
    // Marks of lost bytes beside ASCII are nothing that UTF-8 could vouch for.
    if vouched && !surely && (drawn || !pooled.tells) {
        return None;
    }
    // Two or three characters in turn are a pattern, and so is the same one among ASCII over and over.
    let same = pooled.different.len() < VARIED && 2 * (pooled.different.len() as i32) < pooled.chars
        || pooled.stands.len() == 1 && pooled.chars > SHORT;
    if !vouched && (drawn || same || listed || pooled.longest_word < WORD || strange(STRANGE)) {
        return None;
    }
    let prior = prior::chain(chain);
    let large = chain.iter().any(|mixup| matches!(mixup.meant, Encoding::Multi(_)));
    let doubt = match () {
        () if !vouched && large && pooled.chars <= SHORT => 2 * UNVOUCHED,
        () if !vouched => UNVOUCHED,
        () if pooled.kinds == 1 && (pooled.lone_large || pooled.is_bare) => LONE_LARGE,
        () if pooled.kinds == 1 && pooled.unsure => LETTER_AND_MARK,
        () if !surely && pooled.alien && pooled.chars <= SHORT => ALIEN,
        () if surely && pooled.lone_letter && prior > COMMON && !limits.established.lifts(chain) => LONE_LETTER,
        () if surely && pooled.torn => TORN + if prior >= RARE { RARE_AND_TORN } else { 0 },
        () if pooled.kinds == 1 && chain.len() == 1 && prior >= RARE => RARE_AND_ALONE,
        () => 0,
    };
    let rare = chain.first().is_some_and(|mixup| prior::one(*mixup) > COMMON);
    let inferred = match pooled.whole || !surely {
        true => 0,
        // Letters are those of words, not of a list.
        false if rare && pooled.longest_word == 1 => return None,
        false if rare => ALL_INFERRED + RARE_AND_INFERRED,
        false => ALL_INFERRED,
    };
    let company = match () {
        () if pooled.misplaced => MISPLACED,
        () if pooled.is_word || pooled.is_common => IS_WORD,
        () => 0,
    };
    let bar = limits.established.lowered(prior + doubt, chain);
    Some(pooled.gain + company - bar - inferred + pooled.hints.odds())
}

/// How many neighbours are alike, as in lines drawn of characters, or follow each other in code, as in a table; as they stand,
/// or as they would be.
fn drawn(stands: &[Cell], after: &str) -> i32 {
    let follows = |a: &Cell, b: &Cell| a.c as u32 + 1 == b.c as u32;
    let pair = |pair: &&[Cell]| {
        let lost = matches!(pair[0].c, '\u{fffd}' | '?');
        let alike = pair[0].c.to_lowercase().eq(pair[1].c.to_lowercase());
        alike && !lost || follows(&pair[0], &pair[1])
    };
    // Capitals and small letters in turn, as in a table of both.
    let in_turn = |four: &&[Cell]| follows(&four[0], &four[2]) && follows(&four[1], &four[3]);
    let becomes = after.chars().zip(after.chars().skip(1)).filter(|(a, b)| *a as u32 + 1 == *b as u32);
    (stands.windows(2).filter(pair).count() + stands.windows(4).filter(in_turn).count() + becomes.count()) as i32
}

/// How many letters the word has that a repair is part of. A character of a script with thousands of them counts twice;
/// text in capitals counts for a third, for it may be anything, unless it is a common word.
fn word(cells: &[Cell], repair: &Repair) -> usize {
    let letter = |cell: &&Cell| cell.c.is_alphabetic();
    let before = cells[..repair.start].iter().rev().take_while(letter).count();
    let after = cells[repair.start + repair.len..].iter().take_while(letter).count();
    let large = |c: char| Symbol::of(c).is_of_large_script() || ('\u{3040}'..'\u{3100}').contains(&c);
    let inside: usize = repair
        .after
        .split(|c: char| !c.is_alphabetic())
        .map(|run| run.chars().map(|c| 1 + usize::from(large(c))).sum())
        .max()
        .unwrap_or(0);
    let capitals = !repair.after.chars().any(|c| c.is_lowercase() || c.is_alphabetic() && !c.is_uppercase());
    let is_common = || {
        let words = repair.after.split(|c: char| !c.is_alphabetic()).map(|word| word.chars().collect::<Vec<_>>());
        words.filter(|word| word.len() >= WORD).any(|word| prose::is_common(&word))
    };
    (before + inside + after) / if capitals && !is_common() { 3 } else { 1 }
}

/// Whether the word that a repair is part of is a common one.
fn makes_a_word(cells: &[Cell], repair: &Repair) -> bool {
    let letter = |c: &char| c.is_alphabetic();
    let (before, after) = (&cells[..repair.start], &cells[repair.start + repair.len..]);
    let mut word: Vec<char> = before.iter().rev().map(|cell| cell.c).take_while(letter).collect();
    word.reverse();
    word.extend(repair.after.chars().chain(after.iter().map(|cell| cell.c)).take_while(letter));
    word.len() >= WORD && prose::is_common(&word)
}

/// Whether there is a single character of a script with thousands of them, or the same again.
pub fn has_single_large(cells: &[Cell]) -> bool {
    let mut large = cells.iter().filter(|cell| cell.symbol.is_of_large_script());
    let Some(first) = large.next() else { return false };
    large.all(|cell| cell.c == first.c)
}

/// Whether a single character of a script with thousands of them is stuck to other letters or digits, or stands before a
/// number, and has none of its like around it, where such characters come in company.
pub fn is_misplaced(cells: &[Cell], start: usize, len: usize) -> bool {
    // What is left of lost bytes is one with it.
    let is_mark = |at: usize| cells.get(at).is_some_and(|cell| matches!(cell.c, '?' | '\u{fffd}'));
    let (start, len) = if len == 2 && is_mark(start) { (start + 1, 1) } else { (start, len) };
    let Some(here) = cells.get(start).filter(|cell| len == 1 && cell.symbol.is_of_large_script()) else { return false };
    let other = |cell: Option<&Cell>| cell.is_some_and(|cell| cell.c.is_alphanumeric());
    let by_mark = start > 1 && is_mark(start - 1) && other(cells.get(start - 2));
    let before_number = cells.get(start + 1).is_some_and(|cell| cell.c == ' ')
        && cells.get(start + 2).is_some_and(|cell| cell.c.is_ascii_digit());
    let stuck = start > 0 && other(cells.get(start - 1)) || other(cells.get(start + len)) || before_number || by_mark;
    let near = &cells[start.saturating_sub(REACH)..(start + len + REACH).min(cells.len())];
    stuck && !near.iter().any(|cell| cell.symbol.is_of_large_script() && cell.c != here.c)
}

/// Whether these are a single character of such a script.
fn is_bare(stands: &[Cell]) -> bool {
    matches!(stands, [cell] if cell.symbol.is_of_large_script())
}

/// Whether a single character of such a script, with none of its like around it, becomes a letter that is a word by itself in
/// the language of the text, as `è` is in Italian.
fn is_word_alone(cells: &[Cell], repair: &Repair) -> bool {
    let (before, after) = (&cells[..repair.start], &cells[repair.start + repair.len..]);
    let mut letters = repair.after.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else { return false };
    if repair.len != 1 || !letter.is_lowercase() || !has_single_large(cells) {
        return false;
    }
    let cost = |here: &[char]| {
        let chars = |cells: &[Cell]| cells.iter().map(|cell| cell.c).collect::<Vec<_>>();
        prose::weigh(&[&chars(before), here, &chars(after)].concat()).cost
    };
    !beside_letter(cells, repair.start, 1) && cost(&[letter]) - cost(&[' ']) <= WORD_COSTS
}

/// Whether there are enough letters, but for the characters of scripts with thousands of them, to be text in some language.
fn has_words(cells: &[Cell]) -> bool {
    cells.iter().filter(|cell| cell.c.is_alphabetic() && !cell.symbol.is_of_large_script()).take(WORDS).count() == WORDS
}

/// Whether what these characters become is a letter that stands alone. Those of Greek are signs as well, and those of scripts with
/// thousands of characters have a measure of their own.
fn is_lone_letter(cells: &[Cell], start: usize, len: usize, c: char) -> bool {
    c.is_alphabetic()
        && !beside_letter(cells, start, len)
        && !Symbol::of(c).is_of_large_script()
        && !is_anywhere(c.script())
}

/// The character that a text is, if it is one.
fn single_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// Whether all of a text is letters of scripts of which there is no other where nothing is repaired.
fn is_alien(items: &[Item], text: &str) -> bool {
    text.chars().all(|c| c.is_alphabetic() && !is_anywhere(c.script()) && !has_script(items, c.script()))
}

/// Whether letters of a script stand in text of any, as words or as signs.
fn is_anywhere(script: Script) -> bool {
    matches!(script, Script::Latin | Script::Greek | Script::Common | Script::Inherited)
}

/// Whether a letter of a script stands where nothing is repaired.
fn has_script(items: &[Item], script: Script) -> bool {
    items.iter().any(|item| item.chain == 0 && item.cell.c.script() == script)
}

/// Whether a letter stands before or after.
fn beside_letter(cells: &[Cell], start: usize, len: usize) -> bool {
    let letter = |cell: Option<&Cell>| cell.is_some_and(|cell| cell.c.is_alphabetic());
    start > 0 && letter(cells.get(start - 1)) || letter(cells.get(start + len))
}

/// Whether the characters could as well be a letter and a mark beside it; a small letter before a mark counts only where it takes
/// a loss, or more than two characters, to read them otherwise.
fn may_be_letter_and_mark(cells: &[Cell], start: usize, len: usize, lossy: bool) -> bool {
    capital_and_mark(cells, start, len)
        || (lossy || len > 2) && letter_and_marks(cells, start, len)
        || mark_and_letter(cells, start, len)
}

/// Whether the characters are a capital and a mark after it, at the end of a word and not in the middle of lower case:
/// text in capitals before a closing quote is just that.
fn capital_and_mark(cells: &[Cell], start: usize, len: usize) -> bool {
    let Some(first) = cells.get(start).map(|cell| cell.c).filter(|_| len == 2) else { return false };
    let lower_before = start > 0 && cells[start - 1].c.is_lowercase();
    let letter_after = cells.get(start + len).is_some_and(|cell| cell.c.is_alphabetic());
    let mark = cells.get(start + 1).is_some_and(|cell| !cell.c.is_alphanumeric());
    // A stray Â before a mark is hardly anything else than damage, unless it ends a word, or is the letter that is quoted.
    let before = start.checked_sub(1).map(|at| cells[at].c);
    let is_quoted = before.is_some_and(|c| OPENING.contains(c))
        && cells.get(start + 1).is_some_and(|cell| CLOSING.contains(cell.c));
    let stray = first == 'Â' && !before.is_some_and(char::is_alphabetic) && !is_quoted;
    !stray && !first.is_lowercase() && mark && !lower_before && !letter_after
}

/// Whether the characters are a small letter and what may stand right behind any: quotation marks that close, a dash, an ellipsis;
/// at the end of a word.
fn letter_and_marks(cells: &[Cell], start: usize, len: usize) -> bool {
    let letter_after = cells.get(start + len).is_some_and(|cell| cell.c.is_alphabetic());
    let [first, marks @ ..] = &cells[start..start + len] else { return false };
    let closes = |cell: &Cell| CLOSING.contains(cell.c);
    first.c.is_lowercase() && !marks.is_empty() && marks.iter().all(closes) && !letter_after
}

/// Whether the characters are what a quotation or a speech opens with, or an apostrophe, and a letter of the word that follows.
fn mark_and_letter(cells: &[Cell], start: usize, len: usize) -> bool {
    let [first, second] = &cells[start..start + len] else { return false };
    let is_in_word = start > 0 && cells[start - 1].c.is_alphabetic();
    OPENING.contains(first.c) && second.c.is_alphabetic() && !is_in_word
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

/// For each cell of the source, whether a letter outside ASCII stands there that was left alone.
fn right_letters(items: &[Item]) -> Vec<bool> {
    let mut right = Vec::new();
    for item in items {
        let is_right = item.chain == 0 && !item.lost && !item.cell.c.is_ascii() && item.cell.c.is_alphabetic();
        right.extend(std::iter::repeat_n(is_right, item.len));
    }
    right
}

/// Whether letters that these characters become are of one word with such a letter.
fn is_torn(right: &[bool], start: usize, len: usize, after: &str) -> bool {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let is_right = |at: Option<usize>| at.and_then(|at| right.get(at)).is_some_and(|right| *right);
    is_right(start.checked_sub(1)) && letter(after.chars().next())
        || is_right(Some(start + len)) && letter(after.chars().next_back())
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
