//! The multi-byte pages, packed: their two-byte codes, as `encoding_rs` reads each one.
//!
//! `src/codec/multi.rs` says what the tables hold. They are made here, for to ask for all pairs takes longer than a run on a
//! small file.

use std::collections::BTreeMap;
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS};

/// The private characters that versions of GB 18030 before 2022 had beside those for users: they are in the rows that begin
/// where the zones for users end.
const OLD_PRIVATE: RangeInclusive<u16> = 0xE766..=0xE864;

/// Writes a table for each page, and the characters that EUC-JP has in three bytes.
pub fn generate(out: &Path) {
    let pages =
        [("gb18030", GB18030), ("shift_jis", SHIFT_JIS), ("euc-kr", EUC_KR), ("big5", BIG5), ("euc-jp", EUC_JP)];
    for (label, encoding) in pages {
        fs::write(out.join(format!("multi-{label}.bin")), table(encoding)).expect("OUT_DIR can be written");
    }
    let mut codes: Vec<(u16, [u8; 2])> = (0xA1..0xFF)
        .flat_map(|lead| (0xA1..0xFF).map(move |trail| [lead, trail]))
        .filter_map(|[lead, trail]| Some((unit(EUC_JP, &[0x8F, lead, trail])?, [lead, trail])))
        .collect();
    codes.sort_unstable();
    let bytes: Vec<u8> = codes.iter().flat_map(|(unit, code)| [unit.to_le_bytes(), *code]).flatten().collect();
    fs::write(out.join("jis-x-0212.bin"), bytes).expect("OUT_DIR can be written");
}

/// For each first byte from 81 to FE, the first of the second bytes that go with it, how many there are to the last one, and
/// the characters, 0 where there is none. Then the characters whose code is not the first one that is read as them, with it.
fn table(encoding: &'static Encoding) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut first: BTreeMap<u16, [u8; 2]> = BTreeMap::new();
    let mut chosen: BTreeMap<u16, [u8; 2]> = BTreeMap::new();
    for lead in 0x81..0xFF {
        let row: Vec<(u8, u16)> =
            (0x40..0xFF).filter_map(|trail| Some((trail, unit(encoding, &[lead, trail])?))).collect();
        for &(trail, unit) in &row {
            // Where two codes give one character, the encoder's own choice is the one that decoders meet.
            if *first.entry(unit).or_insert([lead, trail]) != [lead, trail]
                && code(encoding, unit) == Some([lead, trail])
            {
                chosen.insert(unit, [lead, trail]);
            }
        }
        let (from, to) = (row.first().map_or(0x40, |cell| cell.0), row.last().map_or(0x3F, |cell| cell.0));
        let mut cells = vec![0u16; usize::from(to + 1 - from)];
        row.iter().for_each(|(trail, unit)| cells[usize::from(trail - from)] = *unit);
        packed.extend([from, to + 1 - from]);
        packed.extend(cells.iter().flat_map(|unit| unit.to_le_bytes()));
    }
    if encoding == GB18030 {
        // Private characters that the encoder knows though the decoder gives others: older versions of the standard had them
        // in place of vertical forms and of some rare characters, and so have the decoders that follow these.
        for unit in OLD_PRIVATE.filter(|unit| !first.contains_key(unit)) {
            chosen.extend(code(encoding, unit).map(|code| (unit, code)));
        }
    }
    packed.extend(chosen.iter().flat_map(|(unit, code)| [unit.to_le_bytes(), *code]).flatten());
    packed
}

/// What bytes are read as, if that is one character among the first 65,536.
fn unit(encoding: &'static Encoding, bytes: &[u8]) -> Option<u16> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    let mut chars = text.chars();
    let c = chars.next().filter(|_| chars.next().is_none())?;
    u16::try_from(u32::from(c)).ok()
}

/// The two bytes that a character is written as.
fn code(encoding: &'static Encoding, unit: u16) -> Option<[u8; 2]> {
    let c = char::from_u32(unit.into())?;
    match *encoding.encode(c.encode_utf8(&mut [0; 4])).0 {
        [lead @ 0x81..=0xFE, trail @ 0x40..=0xFE] => Some([lead, trail]),
        _ => None,
    }
}
