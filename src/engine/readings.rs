//! Which readings of a damaged place there are, and how they compare: for a person who wants to see why.

use super::Engine;
use crate::edit::{Chain, Edit};
use crate::model::{PER_NAT, Symbol};
use crate::repair::{self, Alternative};

/// One way to read a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What the place would become.
    pub after: String,
    /// The mixups that would be undone.
    pub chain: Chain,
    /// How many nats likelier that is than the text as it stands, by this place alone: other damage with the same chain,
    /// and the doubts that the judge has, are left out.
    pub odds: f32,
}

impl Engine {
    /// The readings of the place of an edit, its own among them, likeliest first. Those that are less likely than the text
    /// as it stands have odds below 0. What the place says of its surroundings is all that is looked at.
    ///
    /// This is slow, compared with finding the edit.
    ///
    /// ```
    /// let engine = unbake::Engine::default();
    /// let plan = engine.plan("le cafÃ© noir".as_bytes());
    /// let readings = engine.readings(&plan.edits()[0]);
    /// assert_eq!(readings[0].after, "é");
    /// assert!(readings.len() > 1 && readings[0].odds > readings[1].odds);
    /// ```
    pub fn readings(&self, edit: &Edit) -> Vec<Reading> {
        let before = edit.before_text();
        let text = edit.place.left.chars().chain(before.chars()).chain(edit.place.right.chars());
        let cells = repair::cells(text);
        let start = edit.place.left.chars().count();
        let end = start + before.chars().count();
        let reading = |found: &Alternative| Reading {
            after: found.after.clone(),
            chain: found.chain(),
            odds: found.odds as f32 / PER_NAT as f32,
        };
        let edge = Symbol::edge();
        let found = repair::alternatives(&cells, edge, start, end, &self.rules.limits);
        found.iter().map(reading).filter(|reading| self.rules.allow(&reading.chain)).collect()
    }
}
