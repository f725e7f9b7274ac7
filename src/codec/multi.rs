//! Multi-byte code pages: GBK and GB18030, Big5, Shift_JIS, EUC-JP, EUC-KR.
//!
//! `encoding_rs` knows them; `build/multi.rs` asks it for their two-byte codes. What it packs is laid out as tables on first
//! use, each page by itself, so that a character is one look-up in either direction. Longer codes (four-byte GB18030, JIS X
//! 0212 in EUC-JP) are asked of `encoding_rs` each time.

use std::fmt;
use std::sync::LazyLock;

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding as Rs, GB18030, SHIFT_JIS};

/// A multi-byte code page.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Multi(u8);

/// A character as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bytes {
    bytes: [u8; 4],
    len: u8,
}

impl Bytes {
    /// Up to four bytes.
    pub fn new(from: &[u8]) -> Option<Bytes> {
        let mut bytes = [0; 4];
        bytes.get_mut(..from.len())?.copy_from_slice(from);
        Some(Bytes { bytes, len: from.len() as u8 })
    }

    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

struct Known {
    label: &'static str,
    about: &'static str,
    encoding: &'static Rs,
}

include!(concat!(env!("OUT_DIR"), "/windows-950.rs"));

static KNOWN: [Known; 6] = [
    Known { label: "gb18030", about: "Simplified Chinese, GBK and its superset", encoding: GB18030 },
    Known { label: "shift_jis", about: "Japanese (Windows)", encoding: SHIFT_JIS },
    Known { label: "euc-kr", about: "Korean (Windows)", encoding: EUC_KR },
    Known { label: "big5", about: "Traditional Chinese", encoding: BIG5 },
    Known { label: "euc-jp", about: "Japanese (Unix)", encoding: EUC_JP },
    Known { label: "windows-950", about: "Traditional Chinese, with kana where Python has them", encoding: BIG5 },
];

/// Two bytes to a character and back: lead 81 to FE, trail 40 to FE.
#[derive(Clone)]
struct Table {
    decode: Vec<u16>,
    encode: Vec<u16>,
}

const LEADS: usize = 0xFF - 0x81;
const TRAILS: usize = 0xFF - 0x40;

/// The pages as `build/multi.rs` packs them.
static PACKED: [&[u8]; 5] = [
    include_bytes!(concat!(env!("OUT_DIR"), "/multi-gb18030.bin")),
    include_bytes!(concat!(env!("OUT_DIR"), "/multi-shift_jis.bin")),
    include_bytes!(concat!(env!("OUT_DIR"), "/multi-euc-kr.bin")),
    include_bytes!(concat!(env!("OUT_DIR"), "/multi-big5.bin")),
    include_bytes!(concat!(env!("OUT_DIR"), "/multi-euc-jp.bin")),
];

static TABLES: [LazyLock<Table>; 6] = [
    LazyLock::new(|| Table::unpack(PACKED[0])),
    LazyLock::new(|| Table::unpack(PACKED[1])),
    LazyLock::new(|| Table::unpack(PACKED[2])),
    LazyLock::new(|| Table::unpack(PACKED[3])),
    LazyLock::new(|| Table::unpack(PACKED[4])),
    LazyLock::new(|| TABLES[3].clone().with(&WINDOWS_950_ALONE)),
];

impl Table {
    /// Rows of characters, a row a first byte; then characters whose code is another one than the first that gives them.
    fn unpack(mut packed: &'static [u8]) -> Table {
        let mut table = Table { decode: vec![0; LEADS * TRAILS], encode: vec![0; 0x1_0000] };
        for (lead, row) in (0x81..=0xFE).zip(table.decode.chunks_exact_mut(TRAILS)) {
            let Some((&[first, len], rest)) = packed.split_first_chunk() else { break };
            let (cells, rest) = rest.split_at(2 * usize::from(len));
            packed = rest;
            let row = &mut row[usize::from(first - 0x40)..];
            for ((trail, cell), place) in (first..=0xFE).zip(cells.as_chunks().0).zip(row) {
                let unit = u16::from_le_bytes(*cell);
                *place = unit;
                let code = &mut table.encode[usize::from(unit)];
                if *code == 0 {
                    *code = u16::from_be_bytes([lead, trail]);
                }
            }
        }
        for &[low, high, lead, trail] in packed.as_chunks().0 {
            table.encode[usize::from(u16::from_le_bytes([low, high]))] = u16::from_be_bytes([lead, trail]);
        }
        table.encode[0] = 0;
        table
    }

    /// The table with other characters for some codes.
    fn with(mut self, others: &[(u16, u16)]) -> Table {
        for &(code, unit) in others {
            let [lead, trail] = code.to_be_bytes().map(usize::from);
            let place = &mut self.decode[(lead - 0x81) * TRAILS + trail - 0x40];
            // What stood there has no code, or another one.
            let before = std::mem::replace(place, unit);
            if self.encode[usize::from(before)] == code {
                self.encode[usize::from(before)] = 0;
            }
            self.encode[usize::from(unit)] = code;
        }
        self
    }
}

/// The characters that EUC-JP has in three bytes, with the last two of them; in order of the characters.
static JIS_X_0212: &[[u8; 4]] = include_bytes!(concat!(env!("OUT_DIR"), "/jis-x-0212.bin")).as_chunks().0;

impl Multi {
    /// GBK and GB18030.
    pub const GB18030: Multi = Multi(0);
    /// Shift_JIS as Windows has it.
    pub const SHIFT_JIS: Multi = Multi(1);
    /// Big5 with the Hong Kong supplement.
    pub const BIG5: Multi = Multi(3);
    /// Big5 as Python's `cp950` has it.
    pub const WINDOWS_950: Multi = Multi(5);
    /// EUC-JP.
    pub const EUC_JP: Multi = Multi(4);

    /// All of them, in order of preference.
    pub fn all() -> impl Iterator<Item = Multi> {
        (0..KNOWN.len() as u8).map(Multi)
    }

    /// The one that a person means by `label`: any WHATWG label, `cp936`, `cp932`, `cp949`, `cp950`, in any case.
    pub fn for_alias(label: &str) -> Option<Multi> {
        let label = label.trim().to_ascii_lowercase();
        let spelled = match label.as_str() {
            "cp936" | "gbk" | "gb2312" => "gb18030",
            "cp932" | "shift-jis" => "shift_jis",
            "cp949" | "uhc" => "euc-kr",
            "cp950" | "windows-950" | "ms950" => return Some(Multi::WINDOWS_950),
            other => other,
        };
        let encoding = Rs::for_label(spelled.as_bytes())?;
        (0..KNOWN.len()).find(|&i| KNOWN[i].encoding == encoding).map(|i| Multi(i as u8))
    }

    /// Whether this page, of which there is another that differs in a few codes, reads or writes any of `text` otherwise than
    /// that; true where there is none.
    pub fn is_needed(self, mut text: impl Iterator<Item = char>) -> bool {
        self != Multi::WINDOWS_950 || text.any(|c| self.encode(c) != Multi::BIG5.encode(c))
    }

    /// The same for bytes that are to be read.
    pub fn is_needed_for(self, bytes: &[u8]) -> bool {
        let apart = |at: usize| match bytes[at..] {
            [0xC6, trail, ..] => trail >= 0xA1,
            [_, _, ..] => true,
            _ => false,
        };
        self != Multi::WINDOWS_950 || memchr::memchr2_iter(0xC6, 0xC7, bytes).any(apart)
    }

    /// Its WHATWG label, or another common name.
    pub fn label(self) -> &'static str {
        KNOWN[usize::from(self.0)].label
    }

    /// A few words on what it is for.
    pub fn about(self) -> &'static str {
        KNOWN[usize::from(self.0)].about
    }

    /// The character at the start of `bytes`, and how many of them it takes; `None` where they begin none.
    pub fn decode(self, bytes: &[u8]) -> Option<(char, usize)> {
        let first = *bytes.first()?;
        if first < 0x80 {
            return Some((char::from(first), 1));
        }
        if self == Multi::SHIFT_JIS && (0xA1..=0xDF).contains(&first) {
            return char::from_u32(0xFF61 + u32::from(first - 0xA1)).map(|c| (c, 1));
        }
        let second = *bytes.get(1)?;
        if (0x81..0xFF).contains(&first) && (0x40..0xFF).contains(&second) {
            let table = &TABLES[usize::from(self.0)];
            let unit = table.decode[usize::from(first - 0x81) * TRAILS + usize::from(second - 0x40)];
            if unit != 0 {
                return char::from_u32(u32::from(unit)).map(|c| (c, 2));
            }
        }
        let long = match (self, first) {
            (Multi::GB18030, _) if (0x30..0x3A).contains(&second) => bytes.get(..4)?,
            (Multi::EUC_JP, 0x8F) => bytes.get(..3)?,
            (Multi::EUC_JP, 0x8E) => bytes.get(..2)?,
            // Characters beyond the first plane, which are of Hong Kong.
            (Multi::BIG5, 0x87..=0xA0 | 0xC6..=0xC8 | 0xF9..=0xFE) => bytes.get(..2)?,
            _ => return None,
        };
        let text = KNOWN[usize::from(self.0)].encoding.decode_without_bom_handling_and_without_replacement(long)?;
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => Some((c, long.len())),
            _ => None,
        }
    }

    /// Whether the two bytes of a character are in what all programs read alike that name this page. Others have rows more or
    /// less: private ones in GBK, those of Hong Kong in Big5, those of NEC and IBM in Shift_JIS and EUC-JP, and EUC-KR is a half
    /// of what Windows takes for it.
    pub fn is_common(self, bytes: &[u8]) -> bool {
        let &[lead, trail] = bytes else { return true };
        match self {
            Multi::GB18030 => !matches!((lead, trail), (0xA1..=0xA7, ..=0xA0) | (0xAA..=0xAF | 0xF8.., 0xA1..)),
            Multi::SHIFT_JIS => !matches!(lead, 0x85..=0x88 | 0xEB..),
            Multi::EUC_JP => !matches!(lead, 0xA9..=0xAF | 0xF5..),
            Multi::BIG5 | Multi::WINDOWS_950 => {
                (0xA1..0xFA).contains(&lead)
                    && !matches!((lead, trail), (0xC6, 0xA1..) | (0xC7 | 0xC8, _) | (0xF9, 0xD6..))
            }
            _ => lead >= 0xA1 && trail >= 0xA1,
        }
    }

    /// Whether a byte is the first of two in this page.
    pub fn begins(self, byte: u8) -> bool {
        match self {
            Multi::SHIFT_JIS => matches!(byte, 0x81..=0x9F | 0xE0..=0xFC),
            Multi::EUC_JP => matches!(byte, 0x8E | 0x8F | 0xA1..=0xFE),
            _ => (0x81..=0xFE).contains(&byte),
        }
    }

    /// Whether [`Multi::encode`] has bytes for a character.
    pub fn has(self, c: char) -> bool {
        c.is_ascii() || self.two_bytes(c) != 0 || self.encode(c).is_some()
    }

    /// The two bytes of a character, as one number; 0 where it has none, or others.
    #[inline]
    pub fn two_bytes(self, c: char) -> u16 {
        let is_of_one =
            self == Multi::SHIFT_JIS && matches!(c, '\u{80}' | '\u{F8F0}'..='\u{F8F3}' | '\u{FF61}'..='\u{FF9F}');
        match u16::try_from(u32::from(c)) {
            Ok(unit) if !is_of_one && unit >= 0x80 => TABLES[usize::from(self.0)].encode[usize::from(unit)],
            _ => 0,
        }
    }

    /// The bytes of a character; `None` where the page does not have it in one or two bytes, or in EUC-JP three: longer
    /// codes do not come of misread text.
    pub fn encode(self, c: char) -> Option<Bytes> {
        if c.is_ascii() {
            return Bytes::new(&[c as u8]);
        }
        if self == Multi::SHIFT_JIS {
            // What Windows makes of the single bytes that the standard leaves undefined.
            match c {
                '\u{FF61}'..='\u{FF9F}' => return Bytes::new(&[(c as u32 - 0xFF61) as u8 + 0xA1]),
                '\u{80}' => return Bytes::new(&[0x80]),
                '\u{F8F0}' => return Bytes::new(&[0xA0]),
                '\u{F8F1}'..='\u{F8F3}' => return Bytes::new(&[(c as u32 - 0xF8F1) as u8 + 0xFD]),
                _ => {}
            }
        }
        let unit = u16::try_from(u32::from(c)).ok()?;
        match TABLES[usize::from(self.0)].encode[usize::from(unit)] {
            0 if self == Multi::EUC_JP => {
                let of = |&[low, high, ..]: &[u8; 4]| u16::from_le_bytes([low, high]);
                let [.., lead, trail] = JIS_X_0212[JIS_X_0212.binary_search_by_key(&unit, of).ok()?];
                Bytes::new(&[0x8F, lead, trail])
            }
            0 => None,
            code => Bytes::new(&code.to_be_bytes()),
        }
    }
}

impl fmt::Debug for Multi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reads_what_it_writes() {
        for (page, text) in [
            (Multi::GB18030, "汉字鈥檚€é"),
            (Multi::SHIFT_JIS, "漢字カナ縺ｧ"),
            (Multi::for_alias("euc-kr").expect("known"), "한글漢字"),
            (Multi::BIG5, "漢字嚙踝"),
            (Multi::EUC_JP, "漢字カナ｡"),
            (Multi::WINDOWS_950, "漢字あカナю①"),
        ] {
            for c in text.chars() {
                let bytes = page.encode(c).unwrap_or_else(|| panic!("{page:?} has no {c}"));
                assert_eq!(page.decode(bytes.as_slice()), Some((c, bytes.as_slice().len())), "{page:?} {c}");
            }
        }
    }

    #[test]
    fn two_bytes_of_big5_are_what_the_encoding_gives() {
        let mut beyond = 0;
        for (lead, trail) in (0x80..=0xFF).flat_map(|lead| (0..=0xFF).map(move |trail| (lead, trail))) {
            let bytes = [lead, trail];
            let text = encoding_rs::BIG5.decode_without_bom_handling_and_without_replacement(&bytes);
            let wanted = text.and_then(|text| text.chars().next().filter(|c| c.len_utf8() == text.len()));
            assert_eq!(Multi::BIG5.decode(&bytes), wanted.map(|c| (c, 2)), "{bytes:02x?}");
            beyond += usize::from(wanted.is_some_and(|c| c > '\u{ffff}'));
        }
        assert!(beyond > 1000, "{beyond}");
    }

    #[test]
    fn tables_are_what_each_pair_by_itself_gives() {
        for multi in Multi::all().filter(|multi| *multi != Multi::WINDOWS_950) {
            let encoding = KNOWN[usize::from(multi.0)].encoding;
            let table = &TABLES[usize::from(multi.0)];
            let mut encode = vec![0; 0x1_0000];
            for at in 0..LEADS * TRAILS {
                let bytes = [(at / TRAILS) as u8 + 0x81, (at % TRAILS) as u8 + 0x40];
                let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes).unwrap_or_default();
                let unit = match &text.encode_utf16().collect::<Vec<_>>()[..] {
                    [unit] => *unit,
                    _ => 0,
                };
                assert_eq!(table.decode[at], unit, "{multi:?} {bytes:02x?}");
                if unit != 0 && (encode[usize::from(unit)] == 0 || *encoding.encode(&text).0 == bytes) {
                    encode[usize::from(unit)] = u16::from_be_bytes(bytes);
                }
            }
            for (unit, (is, wanted)) in table.encode.iter().zip(&encode).enumerate() {
                let known = char::from_u32(unit as u32).filter(|_| *wanted == 0 && (0xE000..=0xF8FF).contains(&unit));
                let wanted = match known.map(|c| encoding.encode(c.encode_utf8(&mut [0; 4])).0.into_owned()).as_deref()
                {
                    Some(&[lead @ 0x81..=0xFE, trail @ 0x40..=0xFE]) => u16::from_be_bytes([lead, trail]),
                    _ => *wanted,
                };
                assert_eq!(*is, wanted, "{multi:?} {unit:04x}");
            }
        }
    }

    #[test]
    fn three_bytes_are_what_the_decoder_gives() {
        let pairs = (0xA1..0xFF).flat_map(|lead| (0xA1..0xFF).map(move |trail| [lead, trail]));
        let codes = pairs.filter_map(|[lead, trail]| {
            let text = EUC_JP.decode_without_bom_handling_and_without_replacement(&[0x8F, lead, trail])?.into_owned();
            Some((u16::try_from(u32::from(text.chars().next()?)).ok()?, u16::from_be_bytes([lead, trail])))
        });
        let codes: Vec<(u16, u16)> = codes.collect();
        assert!(codes.len() > 6000 && codes.len() == JIS_X_0212.len());
        for (unit, code) in codes {
            let [lead, trail] = code.to_be_bytes();
            let bytes = Multi::EUC_JP.encode(char::from_u32(unit.into()).unwrap()).unwrap();
            assert!(bytes.as_slice() == [0x8F, lead, trail] || Multi::EUC_JP.decode(bytes.as_slice()).unwrap().1 == 2);
        }
    }

    #[test]
    fn known_bytes() {
        assert_eq!(Multi::GB18030.encode('鈥').unwrap().as_slice(), [0xE2, 0x80]);
        assert_eq!(Multi::GB18030.decode(&[0x99, 0x73]), Some(('檚', 2)));
        // As older versions have it, and as the present one does.
        assert_eq!(Multi::GB18030.encode('\u{E78F}').unwrap().as_slice(), [0xA6, 0xDB]);
        assert_eq!(Multi::GB18030.decode(&[0xA6, 0xDB]), Some(('\u{FE11}', 2)));
        assert_eq!(Multi::for_alias("GBK"), Some(Multi::GB18030));
        assert_eq!(Multi::BIG5.encode('が').unwrap().as_slice(), [0xC6, 0xF2]);
        assert_eq!(Multi::WINDOWS_950.encode('が').unwrap().as_slice(), [0xC6, 0xB0]);
        assert_eq!(Multi::WINDOWS_950.encode('漢'), Multi::BIG5.encode('漢'));
        assert_eq!(Multi::for_alias("cp949").map(Multi::label), Some("euc-kr"));
        assert_eq!(Multi::for_alias("windows-1252"), None);
    }
}
