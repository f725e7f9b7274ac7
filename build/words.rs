//! `data/model/words.txt` to a set of hashes: groups of 16-bit numbers, each in order.

use std::fs;
use std::path::Path;

use crate::word_hash::{GROUP_BITS, WordHash};

/// Writes `words.bin` (the numbers) and `word-groups.bin` (where the numbers of each group begin, and the end).
pub fn generate(path: &str, out: &Path) {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let mut groups: Vec<Vec<u16>> = vec![Vec::new(); 1 << GROUP_BITS];
    for word in text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace) {
        let mut hash = WordHash::START;
        word.chars().for_each(|c| hash.letter(c));
        let (group, number) = hash.place();
        groups[group].push(number);
    }
    let (mut starts, mut numbers) = (vec![0u32], Vec::new());
    for group in &mut groups {
        group.sort_unstable();
        group.dedup();
        numbers.extend(group.iter().flat_map(|number| number.to_le_bytes()));
        starts.push(u32::try_from(numbers.len() / 2).expect("fewer words than that"));
    }
    let starts: Vec<u8> = starts.into_iter().flat_map(u32::to_le_bytes).collect();
    fs::write(out.join("words.bin"), numbers).expect("OUT_DIR can be written");
    fs::write(out.join("word-groups.bin"), starts).expect("OUT_DIR can be written");
}
