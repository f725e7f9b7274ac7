//! What becomes of bytes that are no character of a multi-byte page: how many of them a program swallows for one mark.
//!
//! | program | a first byte and one that cannot follow it | the mark |
//! |---|---|---|
//! | Windows (`MultiByteToWideChar`, .NET) | both are gone, also where the second is ASCII | `?`; `・` for Shift_JIS |
//! | browsers, Node, `encoding_rs` | both are gone, but ASCII stays | U+FFFD |
//! | Python, Java, `iconv` with a mark | the first is gone, the second is read anew | U+FFFD, `?` |
//!
//! A first byte at the end of a text is gone by itself everywhere, and so is one that begins nothing, but Windows has a character
//! for each of these. U+FFFD may have become `?` later, so a mark alone does not say which program it was.

use super::multi::Multi;

/// A kind of programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reader {
    /// Takes bytes one by one.
    Single,
    /// Takes two bytes, but no ASCII.
    Browser,
    /// Takes two bytes whatever they are.
    Windows,
}

/// What comes after some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum After {
    /// This byte.
    Byte(u8),
    /// A byte that was lost, too.
    Lost,
    /// The end of the text, or of a line.
    End,
}

impl Reader {
    /// All of them.
    pub const ALL: [Reader; 3] = [Reader::Single, Reader::Browser, Reader::Windows];

    /// Whether it makes one mark of a byte that is no character together with what comes after it.
    pub fn loses_one(self, page: Multi, byte: u8, after: After) -> bool {
        let is_last = after == After::End;
        match self {
            Reader::Single => true,
            Reader::Browser => is_last || !page.begins(byte) || matches!(after, After::Byte(next) if next.is_ascii()),
            Reader::Windows => is_last && page.begins(byte),
        }
    }

    /// Whether it makes one mark of two bytes that are no character together.
    pub fn loses_two(self, page: Multi, bytes: [u8; 2]) -> bool {
        let takes = match self {
            Reader::Single => false,
            Reader::Browser => !bytes[1].is_ascii(),
            Reader::Windows => true,
        };
        takes && page.begins(bytes[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_as_the_table_has_it() {
        let korean = Multi::for_alias("cp949").expect("known");
        let loses = |reader: Reader, next| {
            (reader.loses_one(korean, 0xE2, After::Byte(next)), reader.loses_two(korean, [0xE2, next]))
        };
        assert_eq!(loses(Reader::Single, 0x80), (true, false));
        assert_eq!(loses(Reader::Browser, 0x80), (false, true));
        assert_eq!(loses(Reader::Browser, b' '), (true, false));
        assert_eq!(loses(Reader::Windows, b' '), (false, true));
        assert!(Reader::ALL.iter().all(|reader| reader.loses_one(korean, 0xE2, After::End)));
        assert!(!Reader::Windows.loses_one(korean, 0xFF, After::Byte(b'a')));
    }
}
