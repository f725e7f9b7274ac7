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

    /// The step that a chain names.
    pub fn step(self) -> Step {
        Step::new(self.meant.label(), self.read.label())
    }
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
