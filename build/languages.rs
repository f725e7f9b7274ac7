//! `data/model/languages.txt` to one packed table: what each letter costs after each other, in each language.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Writes `languages.bin` and `languages.rs`, which says what lies where. Returns the codes of the languages, in order.
pub fn generate(path: &str, out: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let mut lines = text.lines();
    let (mut starts, mut costs, mut own, mut codes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    while let Some(head) = lines.next() {
        let [code, _, letters] = head.split('\t').collect::<Vec<_>>()[..] else { panic!("{path}: {head}") };
        let letters: Vec<char> = letters.chars().collect();
        starts.push(costs.len());
        codes.push(code);
        for _ in 0..letters.len() + 2 {
            let row = lines.next().unwrap_or_else(|| panic!("{path}: {head}: a row is missing"));
            assert_eq!(row.len(), letters.len() + 1, "{path}: {head}: {row}");
            costs.extend(row.bytes().map(|byte| byte - 48));
        }
        own.push(letters);
    }
    let mut number: BTreeMap<char, usize> = own.iter().flatten().map(|&c| (c, 0)).collect();
    for (i, slot) in number.values_mut().enumerate() {
        *slot = i;
    }
    // The place of each letter in each language, from 1; 0 where the language does not use it.
    let mut places = vec![0u8; number.len() * own.len()];
    for (language, letters) in own.iter().enumerate() {
        for (at, c) in letters.iter().enumerate() {
            places[number[c] * own.len() + language] = u8::try_from(at + 1).expect("few letters");
        }
    }
    fs::write(out.join("languages.bin"), &costs).expect("OUT_DIR can be written");
    fs::write(out.join("language-places.bin"), &places).expect("OUT_DIR can be written");
    let sizes: Vec<usize> = own.iter().map(|letters| letters.len() + 1).collect();
    let code = format!(
        "pub const LANGUAGES: usize = {};\nstatic LETTERS: [char; {}] = {:?};\n\
         /// Where the costs of each language begin, and how many a row has.\n\
         static TABLES: [(usize, usize); LANGUAGES] = {:?};\n\
         /// The code of each.\n\
         static CODES: [&str; LANGUAGES] = {codes:?};\n",
        own.len(),
        number.len(),
        number.keys().collect::<Vec<_>>(),
        starts.iter().zip(&sizes).collect::<Vec<_>>(),
    );
    fs::write(out.join("languages.rs"), code).expect("OUT_DIR can be written");
    codes.into_iter().map(str::to_owned).collect()
}
