//! An encoding, of whatever kind.

use super::page::Page;

/// An encoding that text can be in, or be read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// A single-byte code page.
    Page(Page),
}

impl Encoding {
    /// Its label.
    pub fn label(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Page(page) => page.label(),
        }
    }
}
