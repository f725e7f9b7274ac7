//! From a corpus to the tables of data/model: counts of letter pairs, of letters after pairs, of class pairs, and the
//! classes.
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

/// A letter after a pair below this scaled count is left to the pairs.
const MIN_TRIPLE: f64 = 2.0;

#[derive(Default)]
struct Counts {
    pairs: FxHashMap<(char, char), f64>,
    triples: FxHashMap<(char, char, char), f64>,
}

fn symbol(c: char) -> char {
    match c {
        '0'..='9' => '0',
        '\t' | '\n' | '\r' | '\u{c}' => ' ',
        c => c,
    }
}

fn count(counts: &mut Counts, text: &str, weight: f64, triples: bool) {
    let (mut before, mut last) = (' ', ' ');
    for c in text.chars().map(symbol).chain([' ']) {
        if !(last == ' ' && c == ' ') {
            *counts.pairs.entry((last, c)).or_default() += weight;
            let letters = [before, last, c];
            if triples && letters.iter().all(|&c| is_spelling(c)) && !letters.iter().all(char::is_ascii) {
                *counts.triples.entry((before, last, c)).or_default() += weight;
            }
        }
        (before, last) = (last, c);
    }
}

/// Whether spelling rules bear on a character: the letters and marks of scripts with few of them, and what joins words.
fn is_spelling(c: char) -> bool {
    let large_script = ('\u{2e80}'..='\u{d7ff}').contains(&c) || ('\u{f900}'..='\u{10ffff}').contains(&c);
    matches!(c, ' ' | '\'' | '’' | '-') || !large_script && (c.is_alphabetic() || class::is_mark(c))
}

fn language(text: &str, words: &str) -> Counts {
    let mut counts = Counts::default();
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() || broken::is_broken(line) {
            continue;
        }
        count(&mut counts, line, 1.0, true);
        let upper = line.to_uppercase();
        if upper != line {
            count(&mut counts, &upper, CAPITALS, false);
        }
    }
    for line in words.lines() {
        let mut cells = line.split('\t');
        let Some(word) = cells.next().filter(|word| !broken::is_broken(word)) else { continue };
        let n: f64 = cells.next().and_then(|n| n.parse().ok()).unwrap_or(1.0);
        let weight = n.max(1.0).sqrt().min(300.0) * 0.2;
        count(&mut counts, word, weight, true);
        let mut chars = word.chars();
        if let Some(first) = chars.next() {
            let title: String = first.to_uppercase().chain(chars).collect();
            if title != word {
                count(&mut counts, &title, weight * 0.1, true);
            }
        }
        count(&mut counts, &word.to_uppercase(), weight * CAPITALS, false);
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
        let telling: f64 =
            in_order(&counts.pairs).iter().filter(|((a, b), _)| !(a.is_ascii() && b.is_ascii())).map(|(_, n)| n).sum();
        if telling < 1.0 {
            continue;
        }
        let scale = (LANGUAGE_MASS * (telling / LANGUAGE_MASS).sqrt() / telling).min(4.0);
        let _ = writeln!(table, "{name}\t{}\t{}\t{scale:.4}", text.chars().count(), words.lines().count());
        for (pair, n) in counts.pairs {
            *all.pairs.entry(pair).or_default() += n * scale;
        }
        for (triple, n) in counts.triples {
            *all.triples.entry(triple).or_default() += n * scale;
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
    for ((a, b), n) in in_order(&all.pairs) {
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
        list.sort_by_key(|x| x.0);
        let _ = write!(text, "{:04X}", a as u32);
        for (b, n) in list {
            follower(&mut text, *b, *n);
        }
        text.push('\n');
    }
    tables.push(("pairs.txt", text));
    tables.push(("triples.txt", triples(&all)));

    let mut text = String::from("# Two classes, and how often the second followed the first. Made by the trainer.\n");
    for ((a, b), n) in &class_pairs {
        let _ = writeln!(text, "{a} {b} {n:.2}");
    }
    tables.push(("class-pairs.txt", text));
    tables
}

/// Counts in the order of what was counted: the sum of floats depends on the order, which must not be that of a hash.
fn in_order<K: Copy + Ord>(counts: &FxHashMap<K, f64>) -> Vec<(K, f64)> {
    let mut counts: Vec<(K, f64)> = counts.iter().map(|(&key, &n)| (key, n)).collect();
    counts.sort_unstable_by_key(|count| count.0);
    counts
}

/// A follower with its count: as it is where that reads well, else as a code point.
fn follower(text: &mut String, c: char, n: f64) {
    let _ = if c.is_alphabetic() && c > '\u{a0}' || c.is_ascii_graphic() && !c.is_ascii_digit() && c != '+' {
        write!(text, " {c}{n:.0}")
    } else {
        write!(text, " +{:04X}:{n:.0}", c as u32)
    };
}

/// The kinds of followers that a pair had, and those that were seen often enough, with their counts.
type Followers = (usize, Vec<(char, f64)>);

/// `triples.txt`: two characters, how many kinds of followers they had, then the followers that were seen often enough.
fn triples(all: &Counts) -> String {
    let mut contexts: BTreeMap<(char, char), Followers> = BTreeMap::new();
    for (&(a, b, c), &n) in &all.triples {
        let slot = contexts.entry((a, b)).or_default();
        slot.0 += 1;
        if n >= MIN_TRIPLE {
            slot.1.push((c, n));
        }
    }
    let mut text = String::from(
        "# Two characters (code points), the kinds of followers, then each follower with its count. Made by the trainer.\n",
    );
    for ((a, b), (kinds, mut list)) in contexts {
        if list.is_empty() || all.pairs.get(&(a, b)).is_none_or(|n| *n < MIN_PAIR) {
            continue;
        }
        list.sort_by_key(|x| x.0);
        let _ = write!(text, "{:04X} {:04X} {kinds}", a as u32, b as u32);
        for (c, n) in list {
            follower(&mut text, c, n);
        }
        text.push('\n');
    }
    text
}
