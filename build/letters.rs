//! `data/letters` to Rust: the letters of each language and of each script, as ranges of code points.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// ISO 15924 codes of scripts, and how the names of their character classes begin.
const SCRIPTS: &[(&str, &str)] = &[
    ("Arab", "arabic"),
    ("Armn", "armenian"),
    ("Beng", "bengali"),
    ("Bopo", "bopomofo"),
    ("Cans", "canadian_aboriginal"),
    ("Cher", "cherokee"),
    ("Cyrl", "cyrillic"),
    ("Deva", "devanagari"),
    ("Ethi", "ethiopic"),
    ("Geor", "georgian"),
    ("Grek", "greek"),
    ("Gujr", "gujarati"),
    ("Guru", "gurmukhi"),
    ("Hang", "hangul"),
    ("Hani", "han"),
    ("Hebr", "hebrew"),
    ("Hira", "hiragana"),
    ("Kana", "katakana"),
    ("Khmr", "khmer"),
    ("Knda", "kannada"),
    ("Laoo", "lao"),
    ("Latn", "latin"),
    ("Mlym", "malayalam"),
    ("Mong", "mongolian"),
    ("Mymr", "myanmar"),
    ("Nkoo", "nko"),
    ("Olck", "ol_chiki"),
    ("Orya", "oriya"),
    ("Sinh", "sinhala"),
    ("Syrc", "syriac"),
    ("Taml", "tamil"),
    ("Telu", "telugu"),
    ("Tfng", "tifinagh"),
    ("Thaa", "thaana"),
    ("Thai", "thai"),
    ("Tibt", "tibetan"),
];

type Ranges = Vec<(u32, u32)>;

/// Writes what `src/model/letters.rs` includes. The scripts are those of the model's classes.
pub fn generate(dir: &str, classes: &str, out: &Path) {
    let classes = fs::read_to_string(classes).expect("the model's classes");
    let hex = |s: &str| u32::from_str_radix(s, 16).expect("a code point");
    let mut scripts: BTreeMap<&str, Ranges> = BTreeMap::new();
    for line in classes.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let (Some(first), Some(last), Some(class)) = (words.next(), words.next(), words.next()) else { continue };
        let name = class.split('-').next().unwrap_or(class);
        if let Some((code, _)) = SCRIPTS.iter().find(|(_, script)| *script == name) {
            scripts.entry(code).or_default().push((hex(first), hex(last)));
        }
    }
    let list = fs::read_to_string(format!("{dir}/letters.txt")).expect("data/letters/letters.txt");
    let mut languages: BTreeMap<String, Ranges> = BTreeMap::new();
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let (code, words) = line.split_once(':').expect("a language and its letters");
        let mut ranges = Ranges::new();
        for word in words.split_whitespace() {
            match (scripts.get(word), word.split_once('-')) {
                (Some(script), _) => ranges.extend(script),
                (None, Some((first, last))) => ranges.push((hex(first), hex(last))),
                (None, None) => ranges.push((hex(word), hex(word))),
            }
        }
        languages.insert(code.to_ascii_lowercase(), ranges);
    }
    let mut text = String::from("static LANGUAGES: &[(&str, Ranges)] = &[\n");
    for (code, ranges) in &languages {
        let _ = writeln!(text, "    ({code:?}, &{ranges:?}),");
    }
    text.push_str("];\nstatic SCRIPTS: &[(&str, &str, Ranges)] = &[\n");
    for (code, name) in SCRIPTS {
        let ranges = scripts.get(code).unwrap_or_else(|| panic!("no class is of the script {name}"));
        let _ = writeln!(text, "    ({code:?}, {name:?}, &{ranges:?}),");
    }
    text.push_str("];\n");
    fs::write(out, text).expect("write letters.rs");
}
