//! A mixup as the judge sees it.

use super::known::{Established, Letters};
use crate::codec::{Encoding, Page, PageSet};
use crate::edit::{Chain, Step};

/// Text in one encoding that was read as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mixup {
    /// The encoding that the bytes were in.
    pub meant: Encoding,
    /// The encoding that they were read as.
    pub read: Encoding,
}

impl Mixup {
    /// windows-1252 read as ISO-8859-1: C1 controls that were meant as printable characters.
    pub const C1: Mixup = Mixup { meant: Encoding::Page(Page::WINDOWS_1252), read: Encoding::Page(Page::ISO_8859_1) };

    /// UTF-8 read as `page`.
    pub fn utf8(page: Page) -> Mixup {
        Mixup { meant: Encoding::Utf8, read: Encoding::Page(page) }
    }

    /// Whether UTF-8 was read as something else.
    pub fn is_utf8(self) -> bool {
        self.meant == Encoding::Utf8 && !self.is_wide()
    }

    /// Whether no UTF-8 was read as a single-byte page in it.
    pub fn is_foreign(self) -> bool {
        self != Mixup::C1 && !matches!((self.meant, self.read), (Encoding::Utf8, Encoding::Page(_)))
    }

    /// Whether ASCII too was changed by it.
    pub fn is_wide(self) -> bool {
        matches!((self.meant, self.read), (Encoding::Wide(_), _) | (_, Encoding::Wide(_)))
    }

    /// Whether text that reads so as it stands was surely this before: what it becomes has the very bytes that were read. Some
    /// characters have two codes in an encoding of several bytes, and are written with the other one.
    pub fn leads_back(self, stands: impl Iterator<Item = char>, meant: &str) -> bool {
        if !matches!(self.meant, Encoding::Multi(_)) {
            return true;
        }
        let written = bytes(self.meant, meant.chars());
        written.is_some() && written == bytes(self.read, stands)
    }

    /// The step that a chain names.
    pub fn step(self) -> Step {
        Step::new(self.meant.label(), self.read.label())
    }
}

/// A text in an encoding; `None` where that does not have all of it.
fn bytes(encoding: Encoding, text: impl Iterator<Item = char>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for c in text {
        match encoding.encode(c) {
            Some(code) => bytes.extend_from_slice(code.as_slice()),
            None => bytes.push(u8::try_from(c).ok().filter(u8::is_ascii)?),
        }
    }
    Some(bytes)
}

/// The chain of these mixups, outermost first.
pub fn chain(mixups: &[Mixup]) -> Chain {
    Chain::from(mixups.iter().map(|mixup| mixup.step()).collect::<Vec<_>>())
}

/// What may be considered.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The pages that text may have been read as.
    pub pages: PageSet,
    /// Whether lone C1 controls may be windows-1252.
    pub c1: bool,
    /// Whether mixups are considered in which no UTF-8 was read as a single-byte page.
    pub foreign: bool,
    /// What text may have been read as in these mixups; empty: anything.
    pub read: Vec<Encoding>,
    /// How many layers are undone at most.
    pub max_layers: usize,
    /// The chains that the document is known to have gone through.
    pub established: Established,
    /// The letters of the languages that the text is said to be in.
    pub letters: Option<Letters>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Multi;

    #[test]
    fn a_code_that_is_not_written_does_not_lead_back() {
        let mixup = Mixup { meant: Encoding::Multi(Multi::SHIFT_JIS), read: Encoding::Page(Page::WINDOWS_1252) };
        // U+589E has a second code, which came from NEC.
        assert!(mixup.leads_back("‚\u{A0}".chars(), "あ"));
        assert!(!mixup.leads_back("í\u{81}".chars(), "\u{589E}"));
    }
}
