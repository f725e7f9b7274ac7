//! `data/model/frequent.txt` to one packed table: what the commonest words of each language cost.

use std::fs;
use std::path::Path;

use crate::model::SCALE;
use crate::word_hash::{WordHash, frequent_entry};

/// Costs in the list are in half nats, so many parts of a nat each.
const UNIT: u32 = 4;

/// Writes `frequent.bin` (the entries in order, see [`frequent_entry`]), `frequent-starts.bin` (where those of each group begin, and
/// the end), and `frequent.rs` (what it costs in each language that a word is none of its list).
pub fn generate(path: &str, codes: &[String], out: &Path) {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let mut entries: Vec<(usize, u32)> = Vec::new();
    let mut left = vec![1.0f64; codes.len()];
    let mut language = usize::MAX;
    for line in text.lines() {
        if let Some(code) = line.strip_prefix("# ") {
            language = codes.iter().position(|known| known == code).unwrap_or_else(|| panic!("{path}: {code}"));
            continue;
        }
        let (cost, words) = line.split_once(' ').unwrap_or_else(|| panic!("{path}: {line}"));
        let cost: u32 = cost.parse().unwrap_or_else(|e| panic!("{path}: {line}: {e}"));
        for word in words.split(' ') {
            let case = match word.as_bytes().last() {
                Some(b'-') => 1,
                Some(b'+') => 2,
                _ => 0,
            };
            let word = word.trim_end_matches(['-', '+']);
            let mut hash = WordHash::START;
            word.chars().for_each(|c| hash.letter(c));
            let (group, number) = hash.frequent();
            let language_number = u32::try_from(language).expect("few languages");
            entries.push((group, frequent_entry(number, case, language_number, cost)));
            left[language] -= (-f64::from(cost * UNIT) / SCALE).exp();
        }
    }
    entries.sort_unstable();
    let starts: Vec<u8> = (0..=WordHash::FREQUENT_GROUPS)
        .flat_map(|group| {
            u16::try_from(entries.partition_point(|(of, _)| *of < group)).expect("few words").to_le_bytes()
        })
        .collect();
    let entries: Vec<u8> = entries.iter().flat_map(|(_, entry)| entry.to_le_bytes()).collect();
    let others: Vec<i32> = left.iter().map(|left| (-left.max(0.1).ln() * SCALE).round() as i32).collect();
    let code = format!(
        "/// What it costs in each language that a word is none of its commonest.\n\
         static OTHERS: [i32; {}] = {others:?};\n\
         /// The costs in the entries are so many parts of a nat.\n\
         const UNIT: i32 = {UNIT};\n",
        others.len(),
    );
    fs::write(out.join("frequent.rs"), code).expect("OUT_DIR can be written");
    fs::write(out.join("frequent.bin"), entries).expect("OUT_DIR can be written");
    fs::write(out.join("frequent-starts.bin"), starts).expect("OUT_DIR can be written");
}
