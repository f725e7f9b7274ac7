//! A text as it stands, with what is worked out of it once, however many searches want it.

use std::cell::OnceCell;

use super::Cell;
use super::estimate::Estimates;
use super::hopeful::Bound;
use crate::model::Symbol;

/// Cells, and the character that they stand after.
pub struct Text<'c> {
    pub cells: &'c [Cell],
    pub before: Symbol,
    bound: OnceCell<Bound<'c>>,
    estimates: OnceCell<Estimates>,
}

impl<'c> Text<'c> {
    pub fn new(cells: &'c [Cell], before: Symbol) -> Text<'c> {
        Text { cells, before, bound: OnceCell::new(), estimates: OnceCell::new() }
    }

    /// What its characters cost.
    pub fn bound(&self) -> &Bound<'c> {
        self.bound.get_or_init(|| Bound::new(self.cells, self.before))
    }

    /// What it gains by being read otherwise.
    pub fn estimates(&self) -> &Estimates {
        self.estimates.get_or_init(|| Estimates::new(self.cells))
    }
}
