//! Text that is gone for good.

use std::borrow::Cow;

use super::{Place, Span};

/// How a loss shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Loss {
    /// U+FFFD stands in place of letters.
    Replaced,
    /// Question marks stand in place of letters.
    Questioned,
    /// U+FFFD stood in place of letters, and was then misread itself: `锟斤拷`, `ï¿½`.
    Misread,
}

impl Loss {
    /// The kind's name, as written in output.
    pub fn name(self) -> &'static str {
        match self {
            Loss::Replaced => "replaced",
            Loss::Questioned => "questioned",
            Loss::Misread => "misread",
        }
    }

    /// What happened, in a few words.
    pub fn about(self) -> &'static str {
        match self {
            Loss::Replaced => "U+FFFD in place of text",
            Loss::Questioned => "question marks in place of letters",
            Loss::Misread => "U+FFFD in place of text, misread again",
        }
    }
}

/// A place where text is gone for good: no repair can know what stood there.
#[derive(Clone, Debug, PartialEq)]
pub struct Lost {
    /// The bytes of the source that stand in place of the text.
    pub span: Span,
    /// What stands there.
    pub text: Vec<u8>,
    /// How it shows.
    pub loss: Loss,
    /// Where it is, for people.
    pub place: Place,
}

impl Lost {
    /// What stands there, as a person reads it.
    pub fn text(&self) -> Cow<'_, str> {
        match &self.place.shown {
            Some(shown) => Cow::Borrowed(&shown.before),
            None => String::from_utf8_lossy(&self.text),
        }
    }
}
