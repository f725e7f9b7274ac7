//! `mixed-script`: words in which letters of scripts that look alike stand together, as in a name that is to be taken for
//! another. Han, kana, Hangul and Latin letters stand side by side in everyday text and are not mistaken for each other.

use unicode_script::{Script, UnicodeScript};

use super::{Seen, named};
use crate::edit::Rule;

/// Scripts with letters that look like those of another of them.
const ALIKE: [Script; 7] =
    [Script::Latin, Script::Cyrillic, Script::Greek, Script::Armenian, Script::Cherokee, Script::Coptic, Script::Lisu];

/// Greek letters that look like Latin or Cyrillic ones. The others stand beside Latin letters as signs: `ΔT`, `kΩ`.
const GREEK: &str = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧικνορυχ";

/// What to report in a line.
pub fn find(line: &str) -> Vec<Seen> {
    let is_in_word = |c: char| c.is_alphabetic() || c.script() == Script::Inherited;
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(skip) = line[at..].find(is_in_word) {
        let start = at + skip;
        let word = &line[start..];
        let word = &word[..word.find(|c| !is_in_word(c)).unwrap_or(word.len())];
        at = start + word.len();
        if word.is_ascii() {
            continue;
        }
        let of = |script: Script| word.chars().filter(|c| c.script() == script).count();
        let mut here: Vec<(Script, usize)> =
            ALIKE.into_iter().map(|script| (script, of(script))).filter(|(_, letters)| *letters > 0).collect();
        if here.len() < 2 || only_signs(word, &here) {
            continue;
        }
        // The few among the many.
        here.sort_by_key(|(_, letters)| *letters);
        let (few, many) = (here[0].0, here[here.len() - 1].0);
        let odd: Vec<String> =
            word.chars().filter(|c| c.script() == few).take(4).map(|c| format!("{c} ({})", named(c))).collect();
        let why = format!("{} among {} letters: {}", few.full_name(), many.full_name(), odd.join(", "));
        all.push(Seen::new(start..at, Rule::MixedScript, why));
    }
    all
}

/// Whether the Greek letters of a word are signs beside its other letters.
fn only_signs(word: &str, here: &[(Script, usize)]) -> bool {
    let greek = || word.chars().filter(|c| c.script() == Script::Greek);
    here.len() == 2 && greek().next().is_some() && (!greek().any(|c| GREEK.contains(c)) || word.chars().count() < 3)
}
