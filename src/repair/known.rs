//! What is known besides the text: which chains its document went through, and which letters its language has.
//!
//! In: settings, and what the engine found elsewhere. Out: what that adds to the odds. Must not: make a reading possible
//! that the judge rules out; it only moves the bar.

use std::sync::Arc;

use super::{Mixup, prior};
use crate::edit::Chain;
use crate::model::PER_NAT;

/// However often a chain was seen, entering it costs this much, in eighths of a nat.
const LEAST: i32 = 3 * PER_NAT;
/// What a reading gains whose new letters are all of the languages hinted at, and what one loses that makes others.
const HINTED: i32 = 6 * PER_NAT;
const NOT_HINTED: i32 = 6 * PER_NAT;
/// What letters that are not hinted at, as they stand, speak for it that they were others; and those that are against it.
const OUT_OF_PLACE: i32 = 4 * PER_NAT;
const IN_PLACE: i32 = 6 * PER_NAT;

/// Chains that a document went through, and what each adds to the odds of the same chain elsewhere in it.
#[derive(Clone, Debug, Default)]
pub struct Established(Vec<(Chain, i32)>);

impl Established {
    /// These chains, with what each adds, in nats.
    pub fn new(chains: impl IntoIterator<Item = (Chain, i32)>) -> Established {
        Established(chains.into_iter().map(|(chain, nats)| (chain, nats * PER_NAT)).collect())
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether anything speaks for a chain.
    pub fn has(&self, chain: &Chain) -> bool {
        self.0.iter().any(|(known, _)| known == chain)
    }

    /// What speaks for a chain, in nats.
    pub fn nats(&self, chain: &Chain) -> f32 {
        self.0.iter().find(|(known, _)| known == chain).map_or(0.0, |(_, bonus)| *bonus as f32 / PER_NAT as f32)
    }

    /// What speaks for a chain, in eighths of a nat.
    fn bonus(&self, mixups: &[Mixup]) -> i32 {
        let same = |chain: &Chain| {
            chain.steps().len() == mixups.len() && chain.steps().iter().zip(mixups).all(|(step, m)| *step == m.step())
        };
        self.0.iter().find(|(chain, _)| same(chain)).map_or(0, |(_, bonus)| *bonus)
    }

    /// Whether anything speaks for these mixups.
    pub fn lifts(&self, mixups: &[Mixup]) -> bool {
        !self.0.is_empty() && self.bonus(mixups) > 0
    }

    /// Whether a chain is known that is not UTF-8 read as something else.
    pub fn has_legacy(&self) -> bool {
        self.0.iter().any(|(chain, _)| chain.steps().iter().any(|step| step.encoded != "utf-8"))
    }

    /// What a chain has to gain to be entered.
    pub fn enter(&self, mixups: &[Mixup]) -> i32 {
        self.lowered(prior::chain(mixups), mixups)
    }

    /// `bar`, lowered by what speaks for a chain.
    pub fn lowered(&self, bar: i32, mixups: &[Mixup]) -> i32 {
        if self.0.is_empty() {
            return bar;
        }
        (bar - self.bonus(mixups)).max(bar.min(LEAST))
    }
}

/// The letters of the languages that the text is said to be in, as ranges of code points in order.
#[derive(Clone, Debug)]
pub struct Letters(Arc<[(u32, u32)]>);

impl Letters {
    /// The letters in these ranges (both ends are in), in any order.
    pub fn new(mut ranges: Vec<(u32, u32)>) -> Letters {
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match merged.last_mut().filter(|range| first <= range.1.saturating_add(1)) {
                Some(range) => range.1 = range.1.max(last),
                None => merged.push((first, last)),
            }
        }
        Letters(merged.into())
    }

    fn has(&self, c: char) -> bool {
        let at = self.0.partition_point(|range| range.1 < c as u32);
        self.0.get(at).is_some_and(|range| range.0 <= c as u32)
    }
}

/// What a hint says of readings with the same chain: how many of their letters are hinted at and how many are not, as
/// they stand and as they would be.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints {
    stands: (i32, i32),
    becomes: (i32, i32),
}

impl Hints {
    /// Takes note of a reading.
    pub fn add(&mut self, letters: &Letters, stands: impl Iterator<Item = char>, becomes: impl Iterator<Item = char>) {
        let count = |(yes, no): &mut (i32, i32), c: char| {
            *if letters.has(c) { yes } else { no } += 1;
        };
        let telling = |c: &char| !c.is_ascii() && c.is_alphabetic();
        stands.filter(telling).for_each(|c| count(&mut self.stands, c));
        becomes.filter(telling).for_each(|c| count(&mut self.becomes, c));
    }

    /// What that adds to the odds, in eighths of a nat.
    pub fn odds(self) -> i32 {
        let becomes = match self.becomes {
            (0, 0) => 0,
            (_, 0) => HINTED,
            _ => -NOT_HINTED,
        };
        let stands = match self.stands {
            (0, 0) => 0,
            (_, 0) => -IN_PLACE,
            (0, _) => OUT_OF_PLACE,
            _ => 0,
        };
        becomes + stands
    }

    /// What it adds to that when a state is entered, before it is known which of its readings will be taken.
    pub fn entering(self) -> i32 {
        if self.becomes.0 > 4 * self.becomes.1 { HINTED } else { 0 }
    }
}
