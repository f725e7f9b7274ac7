//! The encoding of a whole source: reads it as text with a map, and writes text in it.
//!
//! In: bytes or text. Out: a [`View`], or bytes. What is no character of the encoding is U+FFFD in the view and is listed,
//! so that nobody takes it for text. Must not: guess which encoding it is.

use super::View;
use crate::codec::iso2022jp::{self, Shift};
use crate::codec::{Encoding, Page, Wide, encodings};
use crate::edit::Span;
use crate::error::Error;

/// An encoding that a source can be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Charset {
    /// UTF-32, the low byte first.
    Utf32Le,
    /// UTF-32, the high byte first.
    Utf32Be,
    /// ISO-2022-JP, which switches between sets of characters.
    Iso2022Jp,
    /// Another one.
    Of(Encoding),
}

impl Charset {
    /// UTF-8.
    pub const UTF_8: Charset = Charset::Of(Encoding::Utf8);
    /// UTF-16, the low byte first.
    pub const UTF_16LE: Charset = Charset::Of(Encoding::Wide(Wide::Utf16Le));
    /// UTF-16, the high byte first.
    pub const UTF_16BE: Charset = Charset::Of(Encoding::Wide(Wide::Utf16Be));
    /// Japanese mail, for decades.
    pub const ISO_2022_JP: Charset = Charset::Iso2022Jp;
    /// What programs mean by a file "in Latin-1", and nearly always what files that say so are in.
    pub const WINDOWS_1252: Charset = Charset::Of(Encoding::Page(Page::WINDOWS_1252));

    /// The one that a file means by its label. `iso-8859-1` and `us-ascii` are windows-1252, as in browsers.
    pub fn for_label(label: &str) -> Option<Charset> {
        let label = label.trim().to_ascii_lowercase().replace('_', "-");
        match label.as_str() {
            "utf-32" | "utf-32le" | "ucs-4" | "ucs-4le" => Some(Charset::Utf32Le),
            "utf-32be" | "ucs-4be" => Some(Charset::Utf32Be),
            "ucs-2" | "ucs-2le" => Some(Charset::UTF_16LE),
            "ucs-2be" => Some(Charset::UTF_16BE),
            "iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" | "l1" | "us-ascii" | "ascii" => {
                Some(Charset::WINDOWS_1252)
            }
            "iso-2022-jp" | "csiso2022jp" | "cp50220" | "cp50221" => Some(Charset::ISO_2022_JP),
            "utf8" | "utf-8" | "utf8mb4" | "utf8mb3" | "utf-8-sig" => Some(Charset::UTF_8),
            "shift-jis" => Encoding::for_alias("shift_jis").map(Charset::Of),
            label => Encoding::for_alias(label).map(Charset::Of),
        }
    }

    /// The one that a user means by a label.
    ///
    /// # Errors
    /// When there is none; the message names the nearest.
    pub fn for_user(label: &str) -> Result<Charset, Error> {
        Charset::for_label(label).ok_or_else(|| {
            let wanted = label.to_ascii_lowercase();
            let known = ["utf-8", "utf-16le", "utf-16be", "utf-32le", "utf-32be", "iso-2022-jp"].into_iter();
            let alike = |known: &&str| known.chars().zip(wanted.chars()).take_while(|(a, b)| a == b).count();
            let nearest = known.chain(encodings().map(|e| e.label)).max_by_key(alike).unwrap_or_default();
            Error::usage(format!(
                "unknown encoding `{label}`: did you mean `{nearest}`? Use utf-8, utf-16le, utf-16be, utf-32le, utf-32be, \
                 iso-2022-jp, ibm037 or one of those that `unbake encodings` lists"
            ))
        })
    }

    /// Its label.
    pub fn label(self) -> &'static str {
        match self {
            Charset::Utf32Le => "utf-32le",
            Charset::Utf32Be => "utf-32be",
            Charset::Iso2022Jp => "iso-2022-jp",
            Charset::Of(encoding) => encoding.label(),
        }
    }

    /// How many bytes a unit of it takes at least, and all units are multiples of.
    pub fn unit(self) -> usize {
        match self {
            Charset::Utf32Le | Charset::Utf32Be => 4,
            Charset::UTF_16LE | Charset::UTF_16BE => 2,
            Charset::Iso2022Jp | Charset::Of(_) => 1,
        }
    }

    /// The character at the start of `bytes`, and how many of them it takes; `None` where they begin none.
    pub fn decode(self, bytes: &[u8]) -> Option<(char, usize)> {
        let number = |read: fn([u8; 4]) -> u32| Some((char::from_u32(read(*bytes.first_chunk()?))?, 4));
        match self {
            Charset::Utf32Le => number(u32::from_le_bytes),
            Charset::Utf32Be => number(u32::from_be_bytes),
            Charset::Iso2022Jp => {
                let (c, len) = iso2022jp::next(&mut Shift::default(), bytes);
                c.map(|c| (c, len))
            }
            Charset::Of(encoding) => encoding.decode(bytes),
        }
    }

    /// Writes text in it.
    ///
    /// # Errors
    /// The first character that it does not have.
    pub fn encode(self, text: &str) -> Result<Vec<u8>, char> {
        if self == Charset::ISO_2022_JP {
            return iso2022jp::encode(text, Shift::Ascii, Some(Shift::Ascii), Shift::Kanji1983, false);
        }
        let mut out = Vec::with_capacity(text.len() * self.unit());
        for c in text.chars() {
            match self {
                Charset::UTF_8 => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                Charset::Utf32Le => out.extend_from_slice(&u32::from(c).to_le_bytes()),
                Charset::Utf32Be => out.extend_from_slice(&u32::from(c).to_be_bytes()),
                // Done with above.
                Charset::Iso2022Jp => return Err(c),
                Charset::Of(encoding) => {
                    let bytes = encoding.encode(c).ok_or(c)?;
                    out.extend_from_slice(bytes.as_slice());
                }
            }
        }
        Ok(out)
    }

    /// A whole source as text.
    pub fn view(self, source: &[u8]) -> View {
        let mut view = View::default();
        view.text.reserve(source.len());
        self.read(source, &mut view);
        view
    }

    /// Adds bytes in it to a view.
    pub fn read(self, bytes: &[u8], view: &mut View) {
        let base = view.map.len().1;
        let mut at = 0;
        let mut shift = Shift::default();
        while at < bytes.len() {
            // Where ASCII is ASCII, most goes by at once.
            let plain = match self {
                // Sequences at the end belong to the last character.
                Charset::Iso2022Jp if shift == Shift::Ascii => {
                    let is_plain = |byte: &&u8| byte.is_ascii() && !matches!(**byte, 0x0E | 0x0F | 0x1B);
                    bytes[at..].iter().take_while(is_plain).count().saturating_sub(1)
                }
                _ if self.has_ascii() => bytes[at..].iter().take_while(|byte| byte.is_ascii()).count(),
                _ => 0,
            };
            if plain > 0 {
                view.text.extend(bytes[at..at + plain].iter().map(|&byte| char::from(byte)));
                view.map.same(plain);
                at += plain;
                continue;
            }
            let (found, len) = match self {
                Charset::Iso2022Jp => iso2022jp::next(&mut shift, &bytes[at..]),
                _ => {
                    let found = self.decode(&bytes[at..]);
                    (found.map(|(c, _)| c), found.map_or(self.unit().min(bytes.len() - at), |(_, len)| len))
                }
            };
            match found {
                Some(c) => {
                    view.text.push(c);
                    view.map.push(1, c.len_utf8(), len);
                    at += len;
                }
                None => {
                    view.text.push(char::REPLACEMENT_CHARACTER);
                    view.map.push(1, char::REPLACEMENT_CHARACTER.len_utf8(), len);
                    view.note_invalid(Span::new((base + at) as u64, (base + at + len) as u64));
                    at += len;
                }
            }
        }
    }

    /// Whether lines end with the byte 0A and nothing else has it, so that a patch of its lines is one of text.
    #[cfg(feature = "cli")]
    pub fn has_lines(self) -> bool {
        self == Charset::ISO_2022_JP || self.unit() == 1 && self.has_ascii()
    }

    /// Whether a byte below 80 at the start of a character is ASCII.
    pub fn has_ascii(self) -> bool {
        matches!(self, Charset::Of(Encoding::Utf8 | Encoding::Page(_) | Encoding::Multi(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [&str; 12] = [
        "utf-8",
        "utf-16le",
        "utf-16be",
        "utf-32le",
        "utf-32be",
        "windows-1252",
        "windows-1251",
        "gb18030",
        "shift_jis",
        "euc-kr",
        "big5",
        "ibm037",
    ];

    #[test]
    fn each_reads_what_it_writes() {
        for label in ALL {
            let charset = Charset::for_label(label).expect("known");
            assert_eq!(charset.label(), label);
            let text: String = "Hi é Ж 漢 😀\r\n".chars().filter(|&c| charset.encode(&c.to_string()).is_ok()).collect();
            let bytes = charset.encode(&text).expect("encoded");
            let view = charset.view(&bytes);
            assert_eq!(view.text, text, "{label}");
            assert!(view.invalid.is_empty());
            for (at, _) in text.char_indices() {
                let start = view.map.source(at).expect("a border");
                assert_eq!(charset.encode(&text[..at]).expect("encoded").len(), start, "{label}");
            }
        }
    }

    #[test]
    fn what_is_no_text_is_listed() {
        let view = Charset::UTF_16LE.view(b"a\0\x00\xD8b\0\x34\xD8\x1E\xDDc");
        assert_eq!(view.text, "a\u{fffd}b\u{1D11E}\u{fffd}");
        assert_eq!(view.invalid, [Span::new(2, 4), Span::new(10, 11)]);
        let view = Charset::Utf32Be.view(b"\0\0\0a\0\x11\0\0\0\0\xD8\0\0\0\0b\0");
        assert_eq!(view.text, "a\u{fffd}\u{fffd}b\u{fffd}");
        assert_eq!(view.invalid, [Span::new(4, 12), Span::new(16, 17)]);
    }

    #[test]
    fn labels_of_files_and_of_people() {
        assert_eq!(Charset::for_label("ISO-8859-1"), Some(Charset::WINDOWS_1252));
        assert_eq!(Charset::for_label("UTF_16LE"), Some(Charset::UTF_16LE));
        assert_eq!(Charset::for_label("cp1251").map(Charset::label), Some("windows-1251"));
        assert!(Charset::for_user("windows-1525").unwrap_err().to_string().contains("windows-125"));
        assert_eq!(Charset::WINDOWS_1252.encode("é→"), Err('→'));
    }
}
