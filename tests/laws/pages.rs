//! The code pages, read from `data/codepages` and `encoding_rs` once more, independent of the code under test; and the
//! damage that they do.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use unbake::{Chain, Step};

/// One page: its label, where its table comes from, and its upper half.
pub struct Page {
    pub label: String,
    pub origin: String,
    pub upper: [Option<char>; 128],
}

/// `data/codepages` of this repository.
pub fn folder() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.ancestors().find(|dir| dir.join("data/codepages").is_dir()).expect("the repository");
    root.join("data/codepages")
}

/// The multi-byte pages, by their WHATWG labels; `encoding_rs` knows them, and `data/codepages` what windows-950 has in other
/// places than Big5.
pub const MULTI: [&str; 6] = ["gb18030", "shift_jis", "euc-kr", "big5", "euc-jp", "windows-950"];

/// The codes of windows-950 that are not those of Big5.
static WINDOWS_950: LazyLock<HashMap<u16, char>> = LazyLock::new(|| {
    let text = fs::read_to_string(folder().join("multi/windows-950.txt")).expect("a table");
    let number = |hex: &str| u16::from_str_radix(hex, 16).expect("a number");
    let rows = text.lines().map(|row| row.split_once(' ').expect("a row"));
    let cells = rows.flat_map(|(first, cells)| (number(first)..).zip(cells.split_whitespace()));
    cells
        .filter(|(_, hex)| *hex != "....")
        .map(|(code, hex)| (code, char::from_u32(number(hex).into()).expect("a character")))
        .collect()
});

/// All single-byte pages, in the order of `pages.txt`.
pub static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| {
    let list = fs::read_to_string(folder().join("pages.txt")).expect("pages.txt");
    let lines = list.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let (label, origin) = (words.next().expect("a label"), words.next().expect("an origin"));
            let upper = if origin == "whatwg" { standard(label) } else { table(label) };
            Page { label: label.into(), origin: origin.into(), upper }
        })
        .collect()
});

/// The page with this label.
pub fn page(label: &str) -> &'static Page {
    PAGES.iter().find(|page| page.label == label).unwrap_or_else(|| panic!("no page {label}"))
}

/// The upper half as the WHATWG standard has it.
pub fn standard(label: &str) -> [Option<char>; 128] {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("a WHATWG label");
    std::array::from_fn(|i| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(&[0x80 + i as u8]).map(String::from);
        text.and_then(|text| text.chars().next())
    })
}

/// The upper half as `data/codepages/LABEL.txt` has it.
pub fn table(label: &str) -> [Option<char>; 128] {
    let path = folder().join(format!("{label}.txt"));
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(rows.len(), 8, "{label}: rows");
    let cell = |row: usize, column: usize| {
        let mut cells = rows[row].split_whitespace();
        assert_eq!(cells.next(), Some(&*format!("{:02X}", 0x80 + 16 * row)), "{label}: name of row {row}");
        let cells: Vec<&str> = cells.collect();
        assert_eq!(cells.len(), 16, "{label}: row {row}");
        match cells[column] {
            "...." => None,
            hex => {
                assert!(
                    hex.len() == 4 && hex.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b)),
                    "{hex}"
                );
                Some(char::from_u32(u32::from_str_radix(hex, 16).expect("a number")).expect("a character"))
            }
        }
    };
    std::array::from_fn(|i| cell(i / 16, i % 16))
}

impl Page {
    /// The bytes read as this page; `None` where one is undefined.
    pub fn decode(&self, bytes: &[u8]) -> Option<String> {
        let char = |&b: &u8| if b < 0x80 { Some(char::from(b)) } else { self.upper[usize::from(b - 0x80)] };
        bytes.iter().map(char).collect()
    }

    /// The text written in this page; `None` where it lacks a character.
    pub fn encode(&self, text: &str) -> Option<Vec<u8>> {
        let byte = |c: char| match c {
            '\0'..='\x7f' => Some(c as u8),
            c => self.upper.iter().position(|&u| u == Some(c)).map(|i| 0x80 + i as u8),
        };
        text.chars().map(byte).collect()
    }
}

/// The text as one mixup leaves it; `None` where it cannot have gone through it.
pub fn damage(text: &str, step: &Step) -> Option<String> {
    damage_bytes(text, step, str::as_bytes(text).to_vec())
}

fn damage_bytes(text: &str, step: &Step, utf8: Vec<u8>) -> Option<String> {
    // A page read as another: only characters that the first has can have gone through it.
    let bytes = if step.encoded == "utf-8" { utf8 } else { encode(&step.encoded, text)? };
    decode(&step.read_as, &bytes)
}

/// The pages of EBCDIC, by their IBM names.
pub const EBCDIC: [&str; 3] = ["ibm037", "ibm500", "ibm1047"];

/// All 256 characters of each, as `data/codepages/ebcdic` has them.
static EBCDIC_TABLES: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| {
    let table = |label: &&str| {
        let text = fs::read_to_string(folder().join(format!("ebcdic/{label}.txt"))).expect("a table");
        let cells = text.lines().flat_map(|row| row.split_whitespace().skip(1));
        cells.map(|hex| char::from_u32(u32::from_str_radix(hex, 16).expect("a number")).expect("a character")).collect()
    };
    EBCDIC.iter().map(table).collect()
});

fn ebcdic(label: &str) -> Option<&'static Vec<char>> {
    EBCDIC.iter().position(|known| *known == label).map(|at| &EBCDIC_TABLES[at])
}

/// The bytes read as the page with this label; `None` where some are undefined.
pub fn decode(label: &str, bytes: &[u8]) -> Option<String> {
    if let Some(table) = ebcdic(label) {
        return Some(bytes.iter().map(|byte| table[usize::from(*byte)]).collect());
    }
    if label.starts_with("utf-16") {
        let pair = |pair: &[u8]| {
            let pair = [pair[0], pair[1]];
            if label == "utf-16le" { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
        };
        let units: Vec<u16> = bytes.chunks_exact(2).map(pair).collect();
        return if bytes.len().is_multiple_of(2) { String::from_utf16(&units).ok() } else { None };
    }
    if !MULTI.contains(&label) {
        return page(label).decode(bytes);
    }
    if label == "windows-950" {
        let mut text = String::new();
        let mut rest = bytes;
        while let [first, tail @ ..] = rest {
            let len = if first.is_ascii() { 1 } else { 2 };
            let code = rest.get(..len)?;
            let alone = code.try_into().ok().and_then(|code| WINDOWS_950.get(&u16::from_be_bytes(code)));
            match alone {
                Some(c) => text.push(*c),
                None => text.push_str(&multi(label).decode_without_bom_handling_and_without_replacement(code)?),
            }
            rest = &tail[len - 1..];
        }
        return Some(text);
    }
    if label != "shift_jis" {
        return multi(label).decode_without_bom_handling_and_without_replacement(bytes).map(String::from);
    }
    // Windows gives characters to the single bytes of Shift_JIS that the standard leaves undefined.
    let mut text = String::new();
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        let lead = matches!(first, 0x81..=0x9F | 0xE0..=0xFC);
        let len = if lead { 2 } else { 1 };
        match WINDOWS_SHIFT_JIS.iter().find(|(byte, _)| byte == first) {
            Some((_, c)) => text.push(*c),
            None => text.push_str(&multi(label).decode_without_bom_handling_and_without_replacement(rest.get(..len)?)?),
        }
        rest = &tail[len - 1..];
    }
    Some(text)
}

/// The text written in the page with this label; `None` where it lacks a character.
pub fn encode(label: &str, text: &str) -> Option<Vec<u8>> {
    if let Some(table) = ebcdic(label) {
        return text.chars().map(|c| table.iter().position(|known| *known == c).map(|at| at as u8)).collect();
    }
    if label.starts_with("utf-16") {
        let bytes = |unit: u16| if label == "utf-16le" { unit.to_le_bytes() } else { unit.to_be_bytes() };
        return Some(text.encode_utf16().flat_map(bytes).collect());
    }
    if !MULTI.contains(&label) {
        return page(label).encode(text);
    }
    let mut bytes = Vec::new();
    for c in text.chars() {
        let alone = WINDOWS_950.iter().find(|(_, known)| **known == c).filter(|_| label == "windows-950");
        if let Some((code, _)) = alone {
            bytes.extend_from_slice(&code.to_be_bytes());
            continue;
        }
        let mut utf8 = [0; 4];
        let (written, _, bad) = multi(label).encode(c.encode_utf8(&mut utf8));
        // Some characters have a code that is read and, in the standard, never written.
        if !bad {
            bytes.extend_from_slice(&written);
        } else if let Some((byte, _)) =
            WINDOWS_SHIFT_JIS.iter().find(|(_, single)| label == "shift_jis" && *single == c)
        {
            bytes.push(*byte);
        } else {
            bytes.extend_from_slice(READ_ONLY.get(&(label, c))?);
        }
    }
    Some(bytes)
}

fn multi(label: &str) -> &'static encoding_rs::Encoding {
    let label = if label == "windows-950" { "big5" } else { label };
    encoding_rs::Encoding::for_label(label.as_bytes()).expect("a WHATWG label")
}

const WINDOWS_SHIFT_JIS: [(u8, char); 5] =
    [(0x80, '\u{80}'), (0xA0, '\u{F8F0}'), (0xFD, '\u{F8F1}'), (0xFE, '\u{F8F2}'), (0xFF, '\u{F8F3}')];

/// By page and character, the code of two or three bytes that is read as it.
static READ_ONLY: LazyLock<HashMap<(&str, char), Vec<u8>>> = LazyLock::new(|| {
    let mut codes = HashMap::new();
    for label in MULTI {
        for (lead, trail) in (0x81..=0xFEu8).flat_map(|lead| (0x40..=0xFEu8).map(move |trail| (lead, trail))) {
            for code in [vec![lead, trail], vec![0x8F, lead, trail]] {
                let text = multi(label).decode_without_bom_handling_and_without_replacement(&code);
                let Some(text) = text else { continue };
                let mut chars = text.chars();
                if let (Some(c), None) = (chars.next(), chars.next()) {
                    codes.entry((label, c)).or_insert(code);
                }
            }
        }
    }
    codes
});

/// Whether `before` is what the chain makes of `after`. Pairs of surrogates (CESU-8) are a way to write UTF-8.
pub fn is_damaged_form(after: &str, chain: &Chain, before: &str) -> bool {
    let mut plain = Some(after.to_string());
    let mut pairs = Some(after.to_string());
    for step in chain.steps().iter().rev() {
        plain = plain.and_then(|text| damage(&text, step));
        pairs = pairs.and_then(|text| {
            let bytes = text.chars().flat_map(cesu8).collect();
            damage_bytes(&text, step, bytes)
        });
    }
    plain.as_deref() == Some(before) || pairs.as_deref() == Some(before)
}

/// The bytes of a character in CESU-8.
pub fn cesu8(c: char) -> Vec<u8> {
    let mut units = [0; 2];
    let units = c.encode_utf16(&mut units);
    if units.len() == 1 {
        return c.to_string().into_bytes();
    }
    let three = |u: u16| [0xE0 | (u >> 12) as u8, 0x80 | (u >> 6 & 0x3F) as u8, 0x80 | (u & 0x3F) as u8];
    units.iter().flat_map(|&u| three(u)).collect()
}
