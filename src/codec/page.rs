//! Single-byte code pages, all of them at once.
//!
//! A page differs from ASCII only in its upper half. The tables are built from `data/codepages` and, for the pages of the
//! WHATWG standard, from `encoding_rs`; see `data/README.md`.

use std::fmt;

use super::multi::Multi;

include!(concat!(env!("OUT_DIR"), "/codepages.rs"));

/// A single-byte code page.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Page(u8);

impl Page {
    /// `windows-1252`.
    pub const WINDOWS_1252: Page = Page(0);
    /// `iso-8859-1`, whose bytes 80 to 9F are the C1 controls.
    pub const ISO_8859_1: Page = Page(1);

    /// All pages, in order of preference.
    pub fn all() -> impl Iterator<Item = Page> {
        (0..PAGES as u8).map(Page)
    }

    /// The page with this label (lower case).
    pub fn for_label(label: &str) -> Option<Page> {
        LABELS.get(label).map(|&number| Page(number))
    }

    /// The page that a person means by `label`: any WHATWG label, `cp437` for `ibm437`, `mac-roman`, in any case.
    ///
    /// `iso-8859-1` and `latin1` are the page with C1 controls, which the WHATWG standard takes for `windows-1252`.
    pub fn for_alias(label: &str) -> Option<Page> {
        let label = label.trim().to_ascii_lowercase().replace('_', "-");
        let spelled = match label.as_str() {
            "latin1" | "latin-1" | "iso8859-1" => "iso-8859-1",
            "latin5" | "iso8859-9" => "iso-8859-9",
            "tis-620" => "iso-8859-11",
            "mac-roman" | "macroman" => "macintosh",
            "mac-cyrillic" => "x-mac-cyrillic",
            "mac-latin2" | "mac-ce" => "x-mac-ce",
            "mac-greek" => "x-mac-greek",
            "mac-turkish" => "x-mac-turkish",
            "mac-iceland" | "mac-icelandic" => "x-mac-icelandic",
            other => other,
        };
        let dos = || Page::for_label(&format!("ibm{}", spelled.strip_prefix("cp").or(spelled.strip_prefix("ibm-"))?));
        let standard =
            || Page::for_label(&encoding_rs::Encoding::for_label(spelled.as_bytes())?.name().to_ascii_lowercase());
        Page::for_label(spelled).or_else(dos).or_else(standard)
    }

    /// Its WHATWG label, or its IBM or Apple name.
    pub fn label(self) -> &'static str {
        NAMES[usize::from(self.0)].0
    }

    /// A few words on what it is for.
    pub fn about(self) -> &'static str {
        NAMES[usize::from(self.0)].1
    }

    /// The page's number: its place in the order of preference.
    pub fn number(self) -> usize {
        usize::from(self.0)
    }

    /// The character of a byte; `None` where the page leaves it undefined.
    pub fn decode(self, byte: u8) -> Option<char> {
        if byte < 0x80 {
            return Some(char::from(byte));
        }
        match UPPER[usize::from(self.0)][usize::from(byte - 0x80)] {
            0 => None,
            c => char::from_u32(u32::from(c)),
        }
    }

    /// The bytes from 80 to BF that software tends to lose, because the page leaves them undefined or has C1 controls there.
    pub fn losable(self) -> impl Iterator<Item = u8> {
        let mut rest = LOSABLE[usize::from(self.0)];
        std::iter::from_fn(move || {
            (rest != 0).then(|| {
                let byte = 0x80 + rest.trailing_zeros() as u8;
                rest &= rest - 1;
                byte
            })
        })
    }

    /// The byte of a character; `None` where the page does not have it.
    pub fn encode(self, c: char) -> Option<u8> {
        if c.is_ascii() {
            return Some(c as u8);
        }
        match record(c).bytes[usize::from(self.0)] {
            0 => None,
            byte => Some(byte),
        }
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// A set of pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageSet(pub u64);

impl PageSet {
    /// Every page.
    pub const ALL: PageSet = PageSet(u64::MAX >> (64 - PAGES));

    /// Whether `page` is in it.
    pub fn contains(self, page: Page) -> bool {
        self.0 >> page.0 & 1 == 1
    }

    /// The set with `page`.
    #[must_use]
    pub fn with(self, page: Page) -> PageSet {
        PageSet(self.0 | 1 << page.0)
    }

    /// Its pages, in order of preference.
    pub fn iter(self) -> impl Iterator<Item = Page> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            (rest != 0).then(|| {
                let page = Page(rest.trailing_zeros() as u8);
                rest &= rest - 1;
                page
            })
        })
    }
}

/// Which part of a UTF-8 sequence a character is, as a byte of each page; a bit a page.
#[derive(Clone, Copy, Debug)]
pub struct Roles {
    /// Pages in which it is the first byte of a sequence of two bytes.
    pub lead2: u64,
    /// Pages in which it is the first byte of a sequence of three bytes.
    pub lead3: u64,
    /// Pages in which it is the first byte of a sequence of four bytes.
    pub lead4: u64,
    /// Pages in which it is a later byte of a sequence.
    pub trail: u64,
}

/// What one character is in all pages.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// Which part of a UTF-8 sequence it is.
    pub roles: Roles,
    /// Its byte in each page; 0 where a page does not have it.
    bytes: [u8; PAGES],
}

impl Record {
    /// Its byte in `page`; 0 where the page does not have it.
    #[inline]
    pub fn byte(&self, page: Page) -> u8 {
        self.bytes[usize::from(page.0)]
    }

    /// Whether it begins a UTF-8 sequence in any page.
    pub fn leads(&self) -> bool {
        self.roles.lead2 | self.roles.lead3 | self.roles.lead4 != 0
    }
}

/// Whether `c` is a C1 control, U+0080 to U+009F.
pub fn is_c1(c: char) -> bool {
    ('\u{80}'..='\u{9f}').contains(&c)
}

/// What `c` is in all pages. ASCII is in none: it means the same everywhere.
#[inline]
pub fn record(c: char) -> &'static Record {
    &RECORDS[record_number(c as u32)]
}

/// The roles of a code point in all pages.
#[inline]
pub fn roles(c: u32) -> &'static Roles {
    &ROLES[record_number(c)]
}

#[inline]
fn record_number(c: u32) -> usize {
    if c > 0xFFFF {
        return 0;
    }
    let block = &BLOCKS[usize::from(BLOCK_OF[(c >> 8) as usize])];
    usize::from(block[(c & 0xFF) as usize])
}

/// An encoding that unbake knows, for listings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodingInfo {
    /// Its label, as options and output name it.
    pub label: &'static str,
    /// A few words on what it is for.
    pub about: &'static str,
}

/// Every encoding that text can have been read as by mistake.
pub fn encodings() -> impl Iterator<Item = EncodingInfo> {
    let multi = Multi::all().map(|multi| EncodingInfo { label: multi.label(), about: multi.about() });
    Page::all().map(|page| EncodingInfo { label: page.label(), about: page.about() }).chain(multi)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_reads_what_it_writes() {
        for page in Page::all() {
            for byte in 0x80..=0xFF {
                if let Some(c) = page.decode(byte) {
                    let back = page.encode(c).expect("a decoded character has a byte");
                    assert_eq!(page.decode(back), Some(c), "{page:?} {byte:02X}");
                }
            }
        }
    }

    #[test]
    fn the_named_pages_are_where_they_are_said_to_be() {
        assert_eq!(Page::for_label("windows-1252"), Some(Page::WINDOWS_1252));
        assert_eq!(Page::for_label("iso-8859-1"), Some(Page::ISO_8859_1));
        assert_eq!(Page::WINDOWS_1252.decode(0x99), Some('™'));
        assert_eq!(Page::WINDOWS_1252.decode(0x81), Some('\u{81}'));
        assert_eq!(Page::ISO_8859_1.decode(0x99), Some('\u{99}'));
    }
}
