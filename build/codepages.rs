//! `data/codepages` to Rust: a table each way for all single-byte pages at once.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Which part of a UTF-8 sequence a character is, as a byte of each page; a bit a page. `src/codec/page.rs` has the same.
#[derive(Clone, Copy, Default)]
pub struct Roles {
    pub lead2: u64,
    pub lead3: u64,
    pub lead4: u64,
    pub trail: u64,
}

impl Roles {
    fn of(bytes: &[u8]) -> Roles {
        let set = |low: u8, high: u8| {
            bytes.iter().enumerate().filter(|&(_, &b)| (low..=high).contains(&b)).fold(0u64, |set, (i, _)| set | 1 << i)
        };
        Roles { lead2: set(0xC2, 0xDF), lead3: set(0xE0, 0xEF), lead4: set(0xF0, 0xF4), trail: set(0x80, 0xBF) }
    }
}

/// Writes the module that `src/codec/page.rs` includes; gives the roles of all characters that are in any page.
pub fn generate(dir: &str, out: &Path) -> BTreeMap<u32, Roles> {
    let list = fs::read_to_string(format!("{dir}/pages.txt")).expect("data/codepages/pages.txt");
    let mut pages = Vec::new();
    for line in list.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let mut words = line.split_whitespace();
        let label = words.next().expect("label");
        let upper = match words.next() {
            Some("whatwg") => whatwg(label),
            Some("table") => table(&format!("{dir}/{label}.txt")),
            other => panic!("{line}: unknown origin {other:?}"),
        };
        pages.push((label.to_string(), words.collect::<Vec<_>>().join(" "), upper));
    }
    assert!(pages.len() <= 64, "a set of pages is 64 bits");

    // One record a character: which byte it is in each page.
    let mut chars: BTreeMap<u16, Vec<u8>> = BTreeMap::new();
    for (number, (_, _, upper)) in pages.iter().enumerate() {
        for (i, &c) in upper.iter().enumerate().filter(|&(_, &c)| c != 0) {
            let bytes = chars.entry(c).or_insert_with(|| vec![0; pages.len()]);
            if bytes[number] == 0 {
                bytes[number] = 0x80 + i as u8;
            }
        }
    }

    let mut text = String::new();
    let count = pages.len();
    let _ = writeln!(text, "const PAGES: usize = {count};");
    let _ = writeln!(text, "static NAMES: [(&str, &str); PAGES] = [");
    for (label, about, _) in &pages {
        let _ = writeln!(text, "    ({label:?}, {about:?}),");
    }
    let _ = writeln!(text, "];\nstatic UPPER: [[u16; 128]; PAGES] = [");
    for (_, _, upper) in &pages {
        let _ = writeln!(text, "    {upper:?},");
    }
    text.push_str("];\n");

    // The bytes 80 to BF, as bits, that tools lose: those that are C1 controls or nothing at all.
    let losable = |upper: &[u16; 128]| (0..64).filter(|&i| upper[i] < 0xA0).fold(0u64, |set, i| set | 1 << i);
    let _ =
        writeln!(text, "static LOSABLE: [u64; PAGES] = {:?};", pages.iter().map(|p| losable(&p.2)).collect::<Vec<_>>());

    let nowhere = vec![0; count];
    // Two levels from a code point to its record; record 0 is "in no page".
    let mut blocks: Vec<[u16; 256]> = vec![[0; 256]];
    let mut block_of = [0u8; 256];
    for (record, &c) in chars.keys().enumerate() {
        let (high, low) = (usize::from(c >> 8), usize::from(c & 0xFF));
        if block_of[high] == 0 {
            block_of[high] = u8::try_from(blocks.len()).expect("few blocks");
            blocks.push([0; 256]);
        }
        blocks[usize::from(block_of[high])][low] = record as u16 + 1;
    }
    let _ = writeln!(text, "static BLOCK_OF: [u8; 256] = {block_of:?};");
    let _ = writeln!(text, "static BLOCKS: [[u16; 256]; {}] = {blocks:?};", blocks.len());
    let records: Vec<&Vec<u8>> = std::iter::once(&nowhere).chain(chars.values()).collect();
    let roles = |bytes: &[u8]| {
        let Roles { lead2, lead3, lead4, trail } = Roles::of(bytes);
        format!("Roles {{ lead2: {lead2:#x}, lead3: {lead3:#x}, lead4: {lead4:#x}, trail: {trail:#x} }}")
    };
    let _ = writeln!(text, "static RECORDS: [Record; {}] = [", records.len());
    for bytes in &records {
        let _ = writeln!(text, "    Record {{ roles: {}, bytes: {bytes:?} }},", roles(bytes));
    }
    let _ = writeln!(text, "];\nstatic ROLES: [Roles; {}] = [", records.len());
    for bytes in &records {
        let _ = writeln!(text, "    {},", roles(bytes));
    }
    text.push_str("];\n");

    let mut labels = phf_codegen::Map::new();
    for (number, (label, _, _)) in pages.iter().enumerate() {
        labels.entry(label.as_str(), number.to_string());
    }
    let _ = writeln!(text, "static LABELS: phf::Map<&'static str, u8> = {};", labels.build());
    fs::write(out, text).expect("OUT_DIR can be written");
    chars.iter().map(|(&c, bytes)| (u32::from(c), Roles::of(bytes))).collect()
}

/// The upper half of a page of the WHATWG standard.
fn whatwg(label: &str) -> [u16; 128] {
    let encoding =
        encoding_rs::Encoding::for_label(label.as_bytes()).unwrap_or_else(|| panic!("{label} is no WHATWG label"));
    std::array::from_fn(|i| {
        let byte = [0x80 + i as u8];
        let (text, bad) = encoding.decode_without_bom_handling(&byte);
        if bad { 0 } else { u16::try_from(u32::from(text.chars().next().expect("one character"))).expect("in the BMP") }
    })
}

/// Writes the whole tables of the EBCDIC pages, which `src/codec/wide.rs` includes.
pub fn ebcdic(dir: &str, out: &Path) {
    let mut text = String::from("static EBCDIC: [[u16; 256]; 3] = [");
    for label in ["ibm037", "ibm500", "ibm1047"] {
        let path = format!("{dir}/ebcdic/{label}.txt");
        let rows = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        let cells = rows.lines().flat_map(|row| row.split_whitespace().skip(1));
        let cells: Vec<u16> =
            cells.map(|cell| u16::from_str_radix(cell, 16).unwrap_or_else(|e| panic!("{path}: {cell}: {e}"))).collect();
        assert_eq!(cells.len(), 256, "{path}: cells");
        let _ = write!(text, "{cells:?},");
    }
    text.push_str("];\n");
    fs::write(out, text).expect("OUT_DIR can be written");
}

/// Writes the codes in which windows-950 differs from Big5, with their characters, which `src/codec/multi.rs` includes.
pub fn windows_950(path: &str, out: &Path) {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let number = |digits: &str| u16::from_str_radix(digits, 16).unwrap_or_else(|e| panic!("{path}: {digits}: {e}"));
    let mut codes = Vec::new();
    for row in text.lines() {
        let (first, cells) = row.split_once(' ').unwrap_or_else(|| panic!("{path}: {row}"));
        let cells = (number(first)..).zip(cells.split_whitespace());
        codes.extend(cells.filter(|(_, cell)| *cell != "....").map(|(code, cell)| (code, number(cell))));
    }
    let code = format!("static WINDOWS_950_ALONE: [(u16, u16); {}] = {codes:?};\n", codes.len());
    fs::write(out, code).expect("OUT_DIR can be written");
}

/// The upper half of a page from its table in `data/`.
fn table(path: &str) -> [u16; 128] {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let cells: Vec<u16> = text
        .lines()
        .flat_map(|row| row.split_whitespace().skip(1))
        .map(|cell| {
            if cell == "...." {
                0
            } else {
                u16::from_str_radix(cell, 16).unwrap_or_else(|e| panic!("{path}: {cell}: {e}"))
            }
        })
        .collect();
    cells.try_into().unwrap_or_else(|cells: Vec<u16>| panic!("{path}: {} cells, not 128", cells.len()))
}
