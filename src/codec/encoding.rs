//! An encoding, of whatever kind.

use super::multi::{Bytes, Multi};
use super::page::Page;
use super::wide::Wide;

/// An encoding that text can be in, or be read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// A single-byte code page.
    Page(Page),
    /// A multi-byte code page.
    Multi(Multi),
    /// An encoding in which ASCII too is something else.
    Wide(Wide),
}

impl Encoding {
    /// The encoding that a person means by `label`.
    pub fn for_alias(label: &str) -> Option<Encoding> {
        match label.trim().to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Some(Encoding::Utf8),
            label => {
                let wide = || Wide::for_alias(label).map(Encoding::Wide);
                let multi = || Multi::for_alias(label).map(Encoding::Multi);
                Page::for_alias(label).map(Encoding::Page).or_else(multi).or_else(wide)
            }
        }
    }

    /// Its label.
    pub fn label(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Page(page) => page.label(),
            Encoding::Multi(multi) => multi.label(),
            Encoding::Wide(wide) => wide.label(),
        }
    }

    /// The character at the start of `bytes`, and how many of them it takes; `None` where they begin none.
    pub fn decode(self, bytes: &[u8]) -> Option<(char, usize)> {
        match self {
            Encoding::Utf8 => super::unit::decode_first(bytes),
            Encoding::Page(page) => page.decode(*bytes.first()?).map(|c| (c, 1)),
            Encoding::Multi(multi) => multi.decode(bytes),
            Encoding::Wide(wide) => wide.decode(bytes),
        }
    }

    /// The bytes of a character in a code page; `None` where the page does not have it, and for UTF-8.
    pub fn encode(self, c: char) -> Option<Bytes> {
        match self {
            Encoding::Utf8 => None,
            Encoding::Page(page) => page.encode(c).and_then(|byte| Bytes::new(&[byte])),
            Encoding::Multi(multi) => multi.encode(c),
            Encoding::Wide(wide) => wide.encode(c),
        }
    }
}
