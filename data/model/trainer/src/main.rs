//! Counts letter pairs in a corpus and writes the tables of data/model.
//!
//! usage: unbake-trainer CORPUS OUT
//!
//! CORPUS/text/LANG.txt holds lines of text, CORPUS/words/LANG.txt lines `word<TAB>count`; OUT/supplement.txt is one more
//! language. OUT gets `classes.txt`, `symbols.txt`, `pairs.txt`, `triples.txt`, `class-pairs.txt`, `corpus.tsv`.

mod broken;
mod class;
mod count;

use std::env;
use std::fs;
use std::path::Path;

/// How often the supplement counts.
const SUPPLEMENT: usize = 40;

fn main() {
    let args: Vec<String> = env::args().collect();
    let [_, corpus, out] = &args[..] else {
        eprintln!("usage: unbake-trainer CORPUS OUT");
        std::process::exit(2);
    };
    let (corpus, out) = (Path::new(corpus), Path::new(out));
    let mut languages = count::Corpus::new();
    for kind in ["text", "words"] {
        let Ok(dir) = fs::read_dir(corpus.join(kind)) else { continue };
        for entry in dir.flatten() {
            let path = entry.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            let slot = languages.entry(name).or_default();
            if kind == "text" { slot.0 = text } else { slot.1 = text }
        }
    }

    if let Ok(text) = fs::read_to_string(out.join("supplement.txt")) {
        let text: String = text.split_inclusive('\n').filter(|line| !line.starts_with("# Written")).collect();
        // Short as it is, it stands for much that is written: count it as often as a small language.
        languages.insert("supplement".into(), (text.repeat(SUPPLEMENT), String::new()));
    }
    for (name, table) in count::tables(&languages) {
        fs::write(out.join(name), table).expect("write");
    }
}
