//! What stands beside an edit.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// A few characters of a source: a part of a text that edits close together share, for there may be millions of them.
/// Use it as a `&str`.
///
/// ```
/// let plan = unbake::Engine::default().plan("Peterâ€™s café".as_bytes());
/// let place = &plan.edits()[0].place;
/// assert_eq!((&*place.left, &*place.right), ("Peter", "s café"));
/// ```
#[derive(Clone, Default)]
pub struct Context {
    text: Arc<str>,
    start: u32,
    end: u32,
}

impl Context {
    /// A part of a shared text, which must be at the borders of characters.
    pub(crate) fn of(text: &Arc<str>, range: Range<usize>) -> Context {
        debug_assert!(text.get(range.clone()).is_some(), "{range:?} is no part of the text");
        Context { text: Arc::clone(text), start: range.start as u32, end: range.end as u32 }
    }
}

impl Deref for Context {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text[self.start as usize..self.end as usize]
    }
}

impl From<&str> for Context {
    fn from(text: &str) -> Context {
        Context::of(&Arc::from(text), 0..text.len())
    }
}

impl PartialEq for Context {
    fn eq(&self, other: &Context) -> bool {
        **self == **other
    }
}

impl Eq for Context {}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}
