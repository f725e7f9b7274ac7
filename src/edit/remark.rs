//! What is reported and not changed.

use std::borrow::Cow;

use super::{Place, Rule, Span};

/// A place that a rule reports: nothing is changed there.
#[derive(Clone, Debug, PartialEq)]
pub struct Remark {
    /// The bytes of the source that it is about.
    pub span: Span,
    /// What stands there.
    pub text: Vec<u8>,
    /// The rule that reports it.
    pub rule: Rule,
    /// What is wrong, in a few words.
    pub why: String,
    /// Where it is, for people.
    pub place: Place,
}

impl Remark {
    /// What stands there, as a person reads it.
    pub fn text(&self) -> Cow<'_, str> {
        match &self.place.shown {
            Some(shown) => Cow::Borrowed(&shown.before),
            None => String::from_utf8_lossy(&self.text),
        }
    }
}
