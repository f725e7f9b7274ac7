//! From a corpus to the tables of data/model: counts of letter pairs and of class pairs, and the classes.
//!
//! In: for each language its lines and its words. Out: each table's name and text. Must not: read or write files, so
//! that the tests of unbake can include it.

use std::collections::BTreeMap;
use std::fmt::Write;

use rustc_hash::FxHashMap;

use crate::{broken, class};

/// Every language's counts are scaled to this many pairs times the root of its share, so that large corpora do not
/// drown small ones.
const LANGUAGE_MASS: f64 = 200_000.0;
/// What the same text in capitals counts.
const CAPITALS: f64 = 0.06;
/// A pair below this scaled count is left to the classes.
const MIN_PAIR: f64 = 1.0;

type Counts = FxHashMap<(char, char), f64>;

fn symbol(c: char) -> char {
    match c {
        '0'..='9' => '0',
        '\t' | '\n' | '\r' | '\u{c}' => ' ',
        c => c,
    }
}

fn count(counts: &mut Counts, text: &str, weight: f64) {
    let mut last = ' ';
    for c in text.chars().map(symbol).chain([' ']) {
        if !(last == ' ' && c == ' ') {
            *counts.entry((last, c)).or_default() += weight;
        }
        last = c;
    }
}

fn language(text: &str, words: &str) -> Counts {
    let mut counts = Counts::default();
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() || broken::is_broken(line) {
            continue;
        }
        count(&mut counts, line, 1.0);
        let upper = line.to_uppercase();
        if upper != line {
            count(&mut counts, &upper, CAPITALS);
        }
    }
    for line in words.lines() {
        let mut cells = line.split('\t');
        let Some(word) = cells.next().filter(|word| !broken::is_broken(word)) else { continue };
        let n: f64 = cells.next().and_then(|n| n.parse().ok()).unwrap_or(1.0);
        let weight = n.max(1.0).sqrt().min(300.0) * 0.2;
        count(&mut counts, word, weight);
        let mut chars = word.chars();
        if let Some(first) = chars.next() {
            let title: String = first.to_uppercase().chain(chars).collect();
            if title != word {
                count(&mut counts, &title, weight * 0.1);
            }
        }
        count(&mut counts, &word.to_uppercase(), weight * CAPITALS);
    }
    counts
}

/// The lines (`text`) and the words (`word<TAB>count`) of each language.
pub type Corpus = BTreeMap<String, (String, String)>;

/// All tables: name and text.
pub fn tables(languages: &Corpus) -> Vec<(&'static str, String)> {
    let mut tables = Vec::new();
    let mut all = Counts::default();
    let mut table = String::from("# language\tcharacters of text\twords listed\tscale\n");
    for (name, (text, words)) in languages {
        let counts = language(text, words);
        // Pairs of two ASCII characters stand in every reading alike, so they do not set a language's scale.
        let telling: f64 = counts.iter().filter(|((a, b), _)| !(a.is_ascii() && b.is_ascii())).map(|(_, n)| n).sum();
        if telling < 1.0 {
            continue;
        }
        let scale = (LANGUAGE_MASS * (telling / LANGUAGE_MASS).sqrt() / telling).min(4.0);
        let _ = writeln!(table, "{name}\t{}\t{}\t{scale:.4}", text.chars().count(), words.lines().count());
        for (pair, n) in counts {
            *all.entry(pair).or_default() += n * scale;
        }
    }
    tables.push(("corpus.tsv", table));

    // Classes of all of Unicode, as ranges.
    let mut text =
        String::from("# First and last code point of each range (hexadecimal), and its class. Made by the trainer.\n");
    let mut run: Option<(u32, u32, String)> = None;
    for c in '\0'..=char::MAX {
        let name = class::class(c);
        match &mut run {
            Some((_, last, class)) if *class == name => *last = c as u32,
            _ => {
                if let Some((a, b, class)) = run.replace((c as u32, c as u32, name)) {
                    let _ = writeln!(text, "{a:04X} {b:04X} {class}");
                }
            }
        }
    }
    let (a, b, class) = run.expect("there is a last range");
    let _ = writeln!(text, "{a:04X} {b:04X} {class}");
    tables.push(("classes.txt", text));

    let mut followers: BTreeMap<char, Vec<(char, f64)>> = BTreeMap::new();
    let mut seen: BTreeMap<char, f64> = BTreeMap::new();
    let mut class_pairs: BTreeMap<(String, String), f64> = BTreeMap::new();
    let mut classes: FxHashMap<char, String> = FxHashMap::default();
    for (&(a, b), &n) in &all {
        followers.entry(a).or_default().push((b, n));
        *seen.entry(b).or_default() += n;
        let mut class_of = |c: char| classes.entry(c).or_insert_with(|| class::class(c)).clone();
        *class_pairs.entry((class_of(a), class_of(b))).or_default() += n;
    }

    // `symbols.txt`: a character, how often it was seen, how many followers it had, how often it was followed.
    let mut text = String::from("# Code point, times seen, kinds of followers, times followed. Made by the trainer.\n");
    for (&c, &n) in &seen {
        let (kinds, times) = followers.get(&c).map_or((0, 0.0), |f| (f.len(), f.iter().map(|x| x.1).sum()));
        if n >= 0.5 || times >= 0.5 {
            let _ = writeln!(text, "{:04X} {n:.1} {kinds} {times:.1}", c as u32);
        }
    }
    tables.push(("symbols.txt", text));

    let mut text = String::from(
        "# A character (code point), then each follower (as it is) with its count. Made by the trainer.\n",
    );
    for (&a, list) in &mut followers {
        list.retain(|(_, n)| *n >= MIN_PAIR);
        if list.is_empty() {
            continue;
        }
        list.sort_by(|x, y| x.0.cmp(&y.0));
        let _ = write!(text, "{:04X}", a as u32);
        for (b, n) in list {
            if b.is_alphabetic() && *b > '\u{a0}' || b.is_ascii_graphic() && !b.is_ascii_digit() && *b != '+' {
                let _ = write!(text, " {b}{n:.0}");
            } else {
                let _ = write!(text, " +{:04X}:{n:.0}", *b as u32);
            }
        }
        text.push('\n');
    }
    tables.push(("pairs.txt", text));

    let mut text = String::from("# Two classes, and how often the second followed the first. Made by the trainer.\n");
    for ((a, b), n) in &class_pairs {
        let _ = writeln!(text, "{a} {b} {n:.2}");
    }
    tables.push(("class-pairs.txt", text));
    tables
}
