//! What are these bytes?
//!
//! In: the bytes of a source, and what its user says of it. Out: in which encoding it is and how that is known
//! ([`identify`], [`declared`]) or guessed ([`guess`]), and a [`View`]: the text, with the map back to the bytes it came from. The engine judges the view as any
//! text; what it would change is an edit of the bytes again, in the encoding that they are in. Must not: decide what is
//! damage; or take for text what is none: what is no character stays what it is.
//!
//! UTF-8 needs no view and gets none.

mod charset;
mod declared;
pub mod escapes;
mod identify;
mod kind;
mod legacy;
mod map;
#[cfg(feature = "cli")]
mod readable;
mod shifts;

pub use charset::Charset;
pub use declared::declared;
pub use identify::{Known, identify};
pub use kind::Kind;
pub use legacy::{Guess, guess, mixed_view};
pub use map::Map;
#[cfg(feature = "cli")]
pub use readable::{is_binary, readable};
pub use shifts::{Shifts, has_kanji_shift, shifted};

use crate::edit::Span;

/// A source as text.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The text.
    pub text: String,
    /// Where it comes from.
    pub map: Map,
    /// Runs of bytes that are no text. There is a U+FFFD in the text for each unit of them.
    pub invalid: Vec<Span>,
}

impl View {
    /// Takes note of bytes that are no text: runs that touch are one.
    fn note_invalid(&mut self, run: Span) {
        match self.invalid.last_mut().filter(|last| last.end == run.start) {
            Some(last) => last.end = run.end,
            None => self.invalid.push(run),
        }
    }
}
