//! The tables under `data/`: well-formed, in step with where they come from, and what the trainer makes.
//!
//! The trainer is a crate of its own; its modules are included here, so that `cargo test` runs it on the small corpus in
//! `tests/model-sample` without building it twice. `UPDATE=1 cargo test --test tables` writes the golden tables anew.

#[path = "../data/model/trainer/src/broken.rs"]
mod broken;
#[path = "../data/model/trainer/src/class.rs"]
mod class;
#[path = "../data/model/trainer/src/count.rs"]
mod count;
#[path = "laws/pages.rs"]
#[allow(dead_code, reason = "shared with the other test programs")]
mod pages;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use pages::PAGES;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The names of the files in a folder.
fn names(folder: PathBuf) -> BTreeSet<String> {
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name")).collect()
}

/// The tables in a folder.
fn text_names(folder: PathBuf) -> BTreeSet<String> {
    names(folder).into_iter().filter(|name| name.ends_with(".txt")).collect()
}

// -- code pages -----------------------------------------------------------------------------------------------------

#[test]
fn each_page_is_listed_once_and_each_table_is_used() {
    assert!(PAGES.len() >= 50, "{} pages", PAGES.len());
    let labels: BTreeSet<&str> = PAGES.iter().map(|page| page.label.as_str()).collect();
    assert_eq!(labels.len(), PAGES.len(), "a label is there twice");
    let mut wanted: BTreeSet<String> =
        PAGES.iter().filter(|page| page.origin == "table").map(|page| format!("{}.txt", page.label)).collect();
    wanted.insert("pages.txt".into());
    assert_eq!(text_names(pages::folder()), wanted, "data/codepages holds what pages.txt lists");
    for page in PAGES.iter() {
        assert!(["whatwg", "table"].contains(&page.origin.as_str()), "{}: origin {}", page.label, page.origin);
    }
}

/// What the library says it knows is what the list says, in its order, and then the multi-byte pages.
#[test]
fn the_library_has_the_listed_pages() {
    let known: Vec<&str> = unbake::encodings().map(|encoding| encoding.label).collect();
    assert_eq!(known, PAGES.iter().map(|page| page.label.as_str()).chain(pages::MULTI).collect::<Vec<_>>());
    assert!(unbake::encodings().all(|encoding| !encoding.about.is_empty()));
}

/// A page of the WHATWG standard has no table of its own, goes by the standard's name for it, and is a single-byte page.
#[test]
fn standard_pages_go_by_their_standard_names() {
    for page in PAGES.iter().filter(|page| page.origin == "whatwg") {
        let encoding = encoding_rs::Encoding::for_label(page.label.as_bytes()).expect("a WHATWG label");
        assert_eq!(encoding.name().to_ascii_lowercase(), page.label);
        assert!(encoding.is_single_byte() && encoding.is_ascii_compatible(), "{}", page.label);
    }
}

/// A table that goes by a name of the standard differs from the standard's page, or it would not be needed; and differs
/// where it says: ISO-8859-1, 9 and 11 in their C1 controls, which windows-1252, 1254 and 874 have given characters.
#[test]
fn tables_beside_the_standard_differ_only_in_controls() {
    for (label, standard) in
        [("iso-8859-1", "windows-1252"), ("iso-8859-9", "windows-1254"), ("iso-8859-11", "windows-874")]
    {
        let (table, standard) = (pages::page(label), pages::standard(standard));
        for (i, (ours, theirs)) in table.upper.iter().zip(standard).enumerate() {
            if i < 0x20 {
                assert_eq!(*ours, char::from_u32(0x80 + i as u32), "{label}: {:02X}", 0x80 + i);
            } else {
                assert_eq!(*ours, theirs, "{label}: {:02X}", 0x80 + i);
            }
        }
    }
}

/// What the library decodes is what the tables say, for every byte of every page: seen from outside, through
/// `undo_step`, with all characters that UTF-8 writes in two bytes.
#[test]
fn the_library_decodes_by_the_tables() {
    for page in PAGES.iter() {
        let step = unbake::Step { encoded: "utf-8".into(), read_as: page.label.clone().into() };
        let mut seen = 0;
        for lead in 0xC2..=0xDFu8 {
            for trail in 0x80..=0xBFu8 {
                let Some(text) = page.decode(&[lead, trail]) else { continue };
                // Two bytes of a page may be one character; then either reading is right.
                if page.encode(&text).as_deref() != Some(&[lead, trail]) {
                    continue;
                }
                let wanted = std::str::from_utf8(&[lead, trail]).expect("two bytes of UTF-8").to_string();
                assert_eq!(
                    unbake::undo_step(&text, &step).unwrap_or(text),
                    wanted,
                    "{}: {lead:02X} {trail:02X}",
                    page.label
                );
                seen += 1;
            }
        }
        assert!(seen > 0, "{}: no byte pair", page.label);
    }
}

/// What the library decodes in a multi-byte page is what `encoding_rs` says, for every two bytes of it that are two bytes
/// of UTF-8, and for every character of UTF-8 in three bytes whose bytes are whole characters of the page.
#[test]
fn the_library_decodes_multi_byte_pages_by_the_standard() {
    for label in pages::MULTI {
        let step = unbake::Step { encoded: "utf-8".into(), read_as: label.into() };
        let mut seen = 0;
        for meant in ('\u{80}'..='\u{7ff}').chain('\u{4e00}'..='\u{9fff}') {
            // Twice, so that three bytes and three make whole pairs.
            let meant = format!("{meant}{meant}");
            let Some(text) = pages::decode(label, meant.as_bytes()) else { continue };
            let back = pages::encode(label, &text).is_some_and(|bytes| bytes == meant.as_bytes());
            // A group begins with no ASCII. Characters of Big5 beyond U+FFFF are not encoded yet.
            if !back || text.starts_with(|c: char| c.is_ascii()) || text.chars().any(|c| c > '\u{ffff}') {
                continue;
            }
            assert_eq!(unbake::undo_step(&text, &step).unwrap_or_default(), meant, "{label}: {text}");
            seen += 1;
        }
        assert!(seen > 100, "{label}: {seen} characters");
    }
}

// -- the model --------------------------------------------------------------------------------------------------------

const MODEL: &str = "data/model";

/// The lines of a table without its comments.
fn rows(name: &str) -> Vec<String> {
    let text = read(format!("{MODEL}/{name}"));
    assert!(text.starts_with("# ") && text.ends_with('\n'), "{name} begins with what it is and ends with a line end");
    text.split_terminator('\n').filter(|line| !line.starts_with("# ")).map(String::from).collect()
}

fn code_point(hex: &str) -> u32 {
    assert!(hex.len() >= 4, "{hex}");
    u32::from_str_radix(hex, 16).unwrap_or_else(|e| panic!("{hex}: {e}"))
}

/// The classes, which cover all of Unicode without gap or overlap.
static CLASSES: LazyLock<Vec<(u32, u32, String)>> = LazyLock::new(|| {
    rows("classes.txt")
        .iter()
        .map(|line| {
            let [first, last, name] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
            (code_point(first), code_point(last), name.to_string())
        })
        .collect()
});

#[test]
fn classes_cover_unicode() {
    let mut next = 0;
    for (first, last, name) in CLASSES.iter() {
        if next == 0xD800 {
            next = 0xE000; // Surrogates are no characters: a range may reach across, or end before.
        }
        assert_eq!(*first, next, "{name}");
        assert!(last >= first);
        next = last + 1;
    }
    assert_eq!(next, 0x11_0000);
}

/// The classes are what the trainer says now. They need no corpus, so this is the whole table.
#[test]
fn classes_are_what_the_trainer_makes() {
    let made = count::tables(&count::Corpus::new());
    let (_, made) = made.iter().find(|(name, _)| *name == "classes.txt").expect("classes.txt");
    assert!(*made == read(format!("{MODEL}/classes.txt")), "data/model/classes.txt is stale: run the trainer");
}

#[test]
fn symbols_and_pairs_are_well_formed() {
    let mut symbols = HashSet::new();
    let mut last = None;
    for line in rows("symbols.txt") {
        let [c, seen, kinds, followed] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let c = code_point(c);
        assert!(char::from_u32(c).is_some() && last < Some(c), "{line}: in order, each once");
        last = Some(c);
        let (seen, followed): (f64, f64) = (seen.parse().expect("a number"), followed.parse().expect("a number"));
        assert!(seen >= 0.0 && followed >= 0.0 && kinds.parse::<u32>().is_ok(), "{line}");
        symbols.insert(c);
    }
    assert!((10_000..65_535).contains(&symbols.len()), "{} symbols", symbols.len());

    let mut pairs = 0;
    let mut last = None;
    for line in rows("pairs.txt") {
        let mut cells = line.split(' ');
        let first = code_point(cells.next().expect("a character"));
        assert!(symbols.contains(&first) && last < Some(first), "{first:04X}: in order, each once, and a symbol");
        last = Some(first);
        let mut previous = None;
        for cell in cells {
            let (c, n) = match cell.strip_prefix('+').and_then(|coded| coded.split_once(':')) {
                Some((c, n)) => (code_point(c), n),
                None => {
                    let c = cell.chars().next().expect("a follower");
                    (u32::from(c), &cell[c.len_utf8()..])
                }
            };
            assert!(n.parse::<u64>().is_ok_and(|n| n > 0), "{first:04X}: {cell}");
            assert!(
                symbols.contains(&c) && previous < Some(c),
                "{first:04X}: {cell}: in order, each once, and a symbol"
            );
            previous = Some(c);
            pairs += 1;
        }
        assert!(previous.is_some(), "{first:04X} has no follower");
    }
    assert!(pairs > 100_000, "{pairs} pairs");
}

#[test]
fn class_pairs_are_well_formed() {
    let names: BTreeSet<&str> = CLASSES.iter().map(|(_, _, name)| name.as_str()).collect();
    let mut last = None;
    for line in rows("class-pairs.txt") {
        let [a, b, n] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        assert!(names.contains(a) && names.contains(b) && n.parse::<f64>().is_ok_and(|n| n >= 0.0), "{line}");
        let pair = Some((a.to_string(), b.to_string()));
        assert!(last < pair, "{line}: in order, each once");
        last = pair;
    }
}

#[test]
fn the_corpus_is_told() {
    let mut last = String::new();
    let rows = rows("corpus.tsv");
    assert!(rows.len() >= 200, "{} languages", rows.len());
    for line in rows {
        let [language, characters, words, scale] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        assert!(last.as_str() < language, "{line}: in order, each once");
        last = language.to_string();
        assert!(characters.parse::<u64>().is_ok() && words.parse::<u64>().is_ok(), "{line}");
        assert!(scale.parse::<f64>().is_ok_and(|scale| scale > 0.0), "{line}");
    }
}

/// The trainer, run on the sample corpus, gives the golden tables.
#[test]
fn the_trainer_gives_the_golden_tables() {
    let sample = root().join("tests/model-sample");
    let mut corpus = count::Corpus::new();
    for (kind, which) in [("text", 0), ("words", 1)] {
        for name in names(sample.join(kind)) {
            let text = read(sample.join(kind).join(&name));
            let slot = corpus.entry(name.trim_end_matches(".txt").to_string()).or_default();
            *[&mut slot.0, &mut slot.1][which] = text;
        }
    }
    // The classes do not depend on the corpus and have a test of their own.
    let made: BTreeMap<&str, String> =
        count::tables(&corpus).into_iter().filter(|(name, _)| *name != "classes.txt").collect();
    let golden = sample.join("tables");
    if env::var_os("UPDATE").is_some_and(|update| update != "0" && !update.is_empty()) {
        assert!(env::var_os("CI").is_none(), "golden tables are not rewritten in CI");
        fs::create_dir_all(&golden).expect("a folder");
        for (name, table) in &made {
            fs::write(golden.join(name), table).expect("written");
        }
    }
    assert_eq!(names(golden.clone()), made.keys().map(ToString::to_string).collect(), "tests/model-sample/tables");
    for (name, table) in &made {
        let stored = read(golden.join(name));
        let line = stored.lines().zip(table.lines()).position(|(a, b)| a != b).map_or(0, |at| at + 1);
        assert!(
            stored == *table,
            "{name}, line {line}: the trainer makes something else; see UPDATE=1 in tests/tables.rs"
        );
    }
}

/// Damaged lines are left out of the counts.
#[test]
fn the_trainer_leaves_damage_out() {
    let table = |corpus: &count::Corpus| {
        count::tables(corpus).into_iter().find(|(name, _)| *name == "pairs.txt").expect("pairs.txt").1
    };
    let with = |text: &str| count::Corpus::from([("fr".into(), (text.to_string(), String::new()))]);
    assert_eq!(table(&with("Voilà l’été.\n")), table(&with("Voilà l’été.\nVoilÃ\u{a0} lâ€™Ã©tÃ©.\n")));
}
