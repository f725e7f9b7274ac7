//! Text that was judged lately and in which nothing was found: files repeat themselves, and each other.
//!
//! In: a window of text, the characters around it, and the settings it is judged by. Out: whether it is known that nothing is
//! found in it. Must not: change any answer. A window is known by all that the search for repairs sees of it, not by a hash
//! of that, and only where it proposed nothing: what is refused may be refused for what stands farther away. What the memory
//! has no room for is forgotten, and judged again.

use std::cell::RefCell;
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many windows are remembered in each thread: more of them hardly are met again. Of 423,000 windows of right text in 560 MB
/// of files, twenty-two in a hundred were known with so many, and twenty-four with four times as many (29 November 2026).
const SLOTS: usize = 4096;
/// No longer window is remembered, in bytes.
const LONGEST: usize = 640;

/// A window as it is judged.
#[derive(Clone, Copy, Hash)]
pub struct Window<'t> {
    pub text: &'t str,
    /// The characters before it and after it, if any.
    pub around: [Option<char>; 2],
    /// The number of the settings.
    pub rules: u64,
}

/// A window that is remembered.
struct Known {
    text: Box<str>,
    around: [Option<char>; 2],
    rules: u64,
}

thread_local! {
    static KNOWN: RefCell<Vec<Option<Known>>> = const { RefCell::new(Vec::new()) };
}

impl Window<'_> {
    /// Whether it is known that nothing is found in it.
    pub fn is_harmless(self) -> bool {
        let Some(slot) = self.slot() else { return false };
        KNOWN.with_borrow(|known| known.get(slot).and_then(Option::as_ref).is_some_and(|known| self.is(known)))
    }

    /// Remembers that nothing is found in it.
    pub fn remember(self) {
        let Some(slot) = self.slot() else { return };
        KNOWN.with_borrow_mut(|known| {
            known.resize_with(SLOTS, || None);
            known[slot] = Some(Known { text: self.text.into(), around: self.around, rules: self.rules });
        });
    }

    fn is(self, known: &Known) -> bool {
        *known.text == *self.text && known.around == self.around && known.rules == self.rules
    }

    /// Where it is remembered, if it is not too long for that.
    fn slot(self) -> Option<usize> {
        let mut hasher = DefaultHasher::new();
        (self.text.len() <= LONGEST).then(|| {
            self.hash(&mut hasher);
            hasher.finish() as usize % SLOTS
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_known_by_all_that_is_seen_of_it() {
        let window = Window { text: "naïveté", around: [Some(' '), None], rules: 1 };
        assert!(!window.is_harmless());
        window.remember();
        assert!(window.is_harmless());
        let others = [
            Window { text: "naïvete", ..window },
            Window { around: [None, None], ..window },
            Window { around: [Some(' '), Some('.')], ..window },
            Window { rules: 2, ..window },
        ];
        assert!(others.iter().all(|other| !other.is_harmless()));
        let long = "é".repeat(LONGEST);
        Window { text: &long, ..window }.remember();
        assert!(!Window { text: &long, ..window }.is_harmless());
    }
}
