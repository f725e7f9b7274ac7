//! What the pooled evidence for a mixup comes to: its odds, and how sure that is.
//!
//! In: what speaks for a chain of mixups in a text, and against it, as [`super::weigh`] pools it. Out: the odds, in eighths of a nat, and
//! a level for them. All that has to be gained beyond what a mixup costs to enter stands here.

use super::company::WORD;
use super::known::Hints;
use super::{Limits, Mixup, prior};
use crate::codec::Encoding;
use crate::edit::Confidence;
use crate::model::{PER_NAT, Symbol};

/// Odds for each level, in eighths of a nat.
const POSSIBLE: i32 = 0;
pub const LIKELY: i32 = 2 * PER_NAT;
const CERTAIN: i32 = 10 * PER_NAT;
/// How much more than usual text is, on average, a text costs that no UTF-8 vouches for, at most.
const STRANGE: i32 = 2 * PER_NAT;
/// Text of so many different characters is no pattern.
pub const VARIED: usize = 6;
/// What speaks for a mixup on top where each piece of damage is a single hanzi or hangul out of place.
pub const MISPLACED: i32 = 6 * PER_NAT;
/// The same where each becomes a letter that is a word by itself in the language of the text, or where a character that had to
/// be inferred makes a common word.
const IS_WORD: i32 = 3 * PER_NAT;
/// What a single sequence has to gain more that becomes a single hanzi or hangul: those come in company, and three letters
/// of an old encoding may look the same; and what a single hanzi or hangul has to gain where no word stands near: it is one of a list.
const LONE_LARGE: i32 = 20 * PER_NAT;
/// What has to be gained more where all damage becomes letters that stand alone, each of a script of which there is no other
/// letter, if the mixup is none of the commonest: two characters that seldom meet may be such a letter by chance.
const LONE_LETTER: i32 = 12 * PER_NAT;
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
/// What each of so few different sequences has to gain more that could as well be a letter and a mark after it.
const LETTER_AND_MARK: i32 = 4 * PER_NAT;
const FEW_MARKS: usize = 2;
/// What damage has to gain more of which all stands in words of which other letters are right: what is read as another page is so
/// throughout a word.
const TORN: i32 = 8 * PER_NAT;
const RARE_AND_TORN: i32 = 8 * PER_NAT;
/// What a few letters of a script of which there is no other have to gain more where hanzi or hangul stand.
const ALIEN: i32 = 6 * PER_NAT;

/// The odds from which on a repair is likely, in nats.
pub fn likely_nats() -> f32 {
    LIKELY as f32 / PER_NAT as f32
}

/// What speaks for a chain, and against it.
#[derive(Clone, Default)]
pub struct Evidence {
    pub gain: i32,
    pub strange: i32,
    pub chars: i32,
    /// How many different pieces of damage there are.
    pub kinds: usize,
    /// Whether any of it is not inferred.
    pub whole: bool,
    /// Whether all of them could be a letter and a mark after it.
    pub unsure: bool,
    /// Whether all of them become a single character of a script with thousands of them.
    pub lone_large: bool,
    /// Whether all of them stand as single such characters, stuck to letters or digits of another script and far from any of
    /// their own.
    pub misplaced: bool,
    /// Whether all of them stand beside a letter outside ASCII that is right as it stands, in one word with it.
    pub torn: bool,
    /// Whether all of them become a letter that is a word by itself.
    pub is_word: bool,
    /// Whether all of them stand as single characters of such a script, beside no word at all, as in a list of such.
    pub is_bare: bool,
    /// Whether an inferred character is of a common word.
    pub is_common: bool,
    /// Pairs of neighbours that are repaired, and how many of them are alike, as in lines drawn of characters, or follow
    /// each other in code, as in a table.
    pub pairs: i32,
    pub drawn: i32,
    /// The different characters that the repairs make, up to so many that the text is varied.
    pub different: Vec<char>,
    /// The different characters outside ASCII that stand there, up to two.
    pub stands: Vec<char>,
    /// Whether anything outside ASCII becomes known.
    pub tells: bool,
    /// Whether all of them become letters of a script of which there is no other; and whether each is one that stands alone.
    pub alien: bool,
    pub lone_letter: bool,
    /// Letters that stand alone once repaired, as in a table.
    pub lonely: i32,
    /// The longest word that a repair is part of, in letters.
    pub longest_word: usize,
    /// What still looks broken around the repairs, and up to where that was summed.
    pub residue: i32,
    pub summed_to: usize,
    /// What the hints say.
    pub hints: Hints,
}

/// Whether UTF-8 vouches for a chain: it is not by chance that bytes are well-formed.
pub fn is_vouched(chain: &[Mixup]) -> bool {
    chain.iter().all(|mixup| mixup.is_utf8() || *mixup == Mixup::C1)
}

/// Whether that is so by single bytes only: it vouches for those best.
pub fn is_surely(chain: &[Mixup]) -> bool {
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

/// The odds of a chain; `None` where it is out of the question.
pub fn odds(pooled: &Evidence, chain: &[Mixup], limits: &Limits) -> Option<i32> {
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
    // Two or three characters in turn are a pattern, and so is the same one among ASCII over and over: kana may begin with the same
    // byte all, but hanzi do not.
    let is_large = |c: &char| Symbol::of(*c).is_of_large_script();
    let same = pooled.different.len() < VARIED && 2 * (pooled.different.len() as i32) < pooled.chars
        || pooled.stands.len() == 1 && pooled.chars > SHORT && pooled.different.iter().all(is_large);
    if !vouched && (drawn || same || listed || pooled.longest_word < WORD || strange(STRANGE)) {
        return None;
    }
    let prior = prior::chain(chain);
    let large = chain.iter().any(|mixup| matches!(mixup.meant, Encoding::Multi(_)));
    let doubt = match () {
        () if !vouched && large && pooled.chars <= SHORT => 2 * UNVOUCHED,
        () if !vouched => UNVOUCHED,
        () if pooled.kinds == 1 && (pooled.lone_large || pooled.is_bare) => LONE_LARGE,
        () if pooled.kinds <= FEW_MARKS && pooled.unsure => LETTER_AND_MARK * pooled.kinds as i32,
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
