//! Multi-byte code pages: GBK and GB18030, Big5, Shift_JIS, EUC-JP, EUC-KR.
//!
//! `encoding_rs` knows them; here their two-byte parts are laid out once as tables, on first use (a fraction of a
//! millisecond each), so that a character is one look-up in either direction. What takes more than two bytes (four-byte
//! GB18030, JIS X 0212 in EUC-JP) is asked of `encoding_rs` each time.

use std::fmt;
use std::ops::RangeInclusive;
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

/// Whether two bytes may be a character of a page; where not, the decoder need not be asked. The ranges are those of the
/// decoders of the Encoding Standard.
#[inline]
fn is_pair(number: usize, lead: u8, trail: u8) -> bool {
    match number {
        1 => !matches!((lead, trail), (0xA0..=0xDF | 0xFD.., _) | (_, 0x7F | 0xFD..)),
        3 => !matches!(trail, 0x7F..=0xA0),
        4 => trail >= 0xA1 && (lead >= 0xA1 || lead == 0x8E),
        _ => true,
    }
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
const LINE_END: u16 = b'\n' as u16;
/// What decoders put for bytes that are no character.
const BAD: u16 = 0xFFFD;

/// The private characters that versions of GB 18030 before 2022 had beside those for users.
const OLD_PRIVATE: RangeInclusive<u16> = 0xE766..=0xE864;

static TABLES: [LazyLock<Table>; 6] = [
    LazyLock::new(|| Table::of(0)),
    LazyLock::new(|| Table::of(1)),
    LazyLock::new(|| Table::of(2)),
    LazyLock::new(|| Table::of(3)),
    LazyLock::new(|| Table::of(4)),
    LazyLock::new(|| TABLES[3].clone().with(&WINDOWS_950_ALONE)),
];

impl Table {
    fn of(number: usize) -> Table {
        let encoding = KNOWN[number].encoding;
        // All pairs in one go, each on a line of its own: to ask for each by itself takes some thirty times as long, and
        // that is longer than a run on a small file.
        let mut lines: Vec<[u8; 3]> = Vec::with_capacity(LEADS * TRAILS);
        for lead in 0x81..0xFF {
            let pairs = (0x40..0xFF).filter(|trail| is_pair(number, lead, *trail));
            lines.extend(pairs.map(|trail| [lead, trail, b'\n']));
        }
        let all = lines.as_flattened();
        let mut text = vec![0; all.len() + 1];
        let (_, _, len, _) = encoding.new_decoder_without_bom_handling().decode_to_utf16(all, &mut text, true);
        let mut table = Table { decode: vec![0; LEADS * TRAILS], encode: vec![0; 0x1_0000] };
        let mut rest = &text[..len];
        for &[lead, trail, _] in &lines {
            // More than one unit are two characters, or one of those beyond the first 65,536, which have no place here.
            let (unit, after) = match *rest {
                [unit, LINE_END, ref after @ ..] => (unit, after),
                [_, _, LINE_END, ref after @ ..] | [_, _, _, LINE_END, ref after @ ..] => (BAD, after),
                _ => break,
            };
            rest = after;
            if unit == BAD {
                continue;
            }
            table.decode[usize::from(lead - 0x81) * TRAILS + usize::from(trail - 0x40)] = unit;
            let slot = &mut table.encode[usize::from(unit)];
            // Where two codes give one character, the encoder's own choice is the one that decoders meet.
            let is_chosen = || {
                let c = char::from_u32(u32::from(unit)).unwrap_or_default();
                encoding.encode(c.encode_utf8(&mut [0; 4])).0.as_ref() == [lead, trail]
            };
            if *slot == 0 || is_chosen() {
                *slot = u16::from_be_bytes([lead, trail]);
            }
        }
        if encoding == GB18030 {
            table.learn_private(encoding);
        }
        table
    }

    /// Private characters that the encoder knows though the decoder gives others: older versions of GB 18030 had them in place
    /// of vertical forms and of some rare characters, and so have the decoders that follow these. They are in the rows that
    /// begin where the zones for users end; to ask the encoder for all private characters takes longer than all the rest.
    fn learn_private(&mut self, encoding: &'static Rs) {
        let private = || OLD_PRIVATE.filter_map(|unit| Some((unit, char::from_u32(unit.into())?)));
        let all: String = private().flat_map(|(_, c)| [c, '\n']).collect();
        let bytes = encoding.encode(&all).0;
        for ((unit, _), line) in private().zip(bytes.split(|byte| *byte == b'\n')) {
            let slot = &mut self.encode[usize::from(unit)];
            if let (&[lead @ 0x81..=0xFE, trail @ 0x40..=0xFE], 0) = (line, *slot) {
                *slot = u16::from_be_bytes([lead, trail]);
            }
        }
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

/// The characters that EUC-JP has in three bytes, with the last two of them; in order.
static JIS_X_0212: LazyLock<Vec<(u16, u16)>> = LazyLock::new(|| {
    let codes = || (0xA1..0xFF).flat_map(|lead| (0xA1..0xFF).map(move |trail| [lead, trail]));
    // All in one go, as above.
    let all: Vec<u8> = codes().flat_map(|[lead, trail]| [0x8F, lead, trail, b'\n']).collect();
    let text = EUC_JP.decode_without_bom_handling(&all).0;
    let known = codes().zip(text.split('\n')).filter_map(|(code, line)| {
        let mut chars = line.chars();
        let c = chars.next().filter(|c| *c != '\u{fffd}' && chars.next().is_none())?;
        Some((u16::try_from(u32::from(c)).ok()?, u16::from_be_bytes(code)))
    });
    let mut known: Vec<(u16, u16)> = known.collect();
    known.sort_unstable();
    known
});

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
        let apart = |pair: &[u8]| matches!(*pair, [0xC6, trail] if trail >= 0xA1) || pair[0] == 0xC7;
        self != Multi::WINDOWS_950 || bytes.windows(2).any(apart)
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
            (Multi::BIG5, _) => bytes.get(..2)?,
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

    /// Whether [`Multi::encode`] has bytes for a character.
    pub fn has(self, c: char) -> bool {
        let codes = || &TABLES[usize::from(self.0)].encode;
        c.is_ascii()
            || u16::try_from(u32::from(c)).is_ok_and(|unit| codes()[usize::from(unit)] != 0)
            || self.encode(c).is_some()
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
                let at = JIS_X_0212.binary_search_by_key(&unit, |known| known.0).ok()?;
                let [lead, trail] = JIS_X_0212[at].1.to_be_bytes();
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
        let mut codes: Vec<(u16, u16)> = codes.collect();
        codes.sort_unstable();
        assert!(codes.len() > 6000 && *JIS_X_0212 == codes);
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
