//! Which single characters give away that another page was read, where they stand?
//!
//! In: a character, or the run of letters and signs that it is in, and what stands beside it. Out: the confusions of pages in which
//! it is what belongs there: a mark that opens or closes a quotation, an ellipsis, a word of one letter. Must not: ask whether the
//! rest of the text is in these pages.

use super::readings::{Confusions, Readings};
use super::words::{NEAR, is_edge};
use crate::model::{Symbol, frequent};

/// A word of fewer letters has no ellipsis behind it that tells anything.
const SHORTEST: usize = 3;

/// In which pages the capital is a mark with which a run begins, before another capital and a small letter. One at the end of
/// a run may as well be a letter of DOS.
pub fn stuck_capital(run: &str, readings: &Readings) -> Confusions {
    let mut chars = run.chars();
    let (first, second, third) = (chars.next(), chars.next(), chars.next());
    let is_stuck = second.is_some_and(|c| c.is_ascii_uppercase()) && third.is_some_and(|c| c.is_ascii_lowercase());
    let Some(capital) = first.filter(|c| is_stuck && !c.is_ascii() && c.is_uppercase()) else { return 0 };
    readings.of(capital).made(|c| Symbol::of(c).is_mark())
}

/// In which pages the character that a run begins with is a mark that opens a quotation.
pub fn opens(run: &str, readings: &Readings) -> Confusions {
    run.chars().next().map_or(0, |c| readings.of(c).opens)
}

/// Whether a mark that opens a quotation may stand at byte `at` and end at byte `after`.
pub fn may_open(text: &[u8], at: usize, after: usize) -> bool {
    is_edge(&text[..at]) && text.get(after).is_some_and(u8::is_ascii_graphic)
}

/// In which pages a character after byte `at`, on the same line and near, is a mark that closes one, where it may stand.
pub fn closing(text: &str, at: usize, readings: &Readings) -> Confusions {
    let near = text[at..].char_indices().take_while(|(far, c)| *far < NEAR && *c != '\n');
    let may_close = |far: usize, c: char| {
        let (before, after) = (text.as_bytes()[at + far - 1], text.as_bytes().get(at + far + c.len_utf8()));
        before.is_ascii_graphic() && after.is_none_or(|after| after.is_ascii() && !after.is_ascii_alphanumeric())
    };
    near.filter(|&(far, c)| far > 0 && !c.is_ascii() && may_close(far, c))
        .fold(0, |all, (_, c)| all | readings.of(c).closes)
}

/// In which pages a sign or a capital that is a run by itself is one of the common words of one letter: `‡` for `à`. `None` if
/// there are none.
pub fn lone_word(run: &str, readings: &Readings) -> Option<Confusions> {
    let mut chars = run.chars();
    let (Some(c), None) = (chars.next(), chars.next()) else { return None };
    if c.is_lowercase() || c.is_whitespace() {
        return None;
    }
    let words = readings.of(c).made(|c| c.is_alphabetic() && frequent::of(std::iter::once(c)).next().is_some());
    Some(words).filter(|words| *words != 0)
}

/// Whether a run stands between words, of which the one before is in small letters.
pub fn is_among_words(text: &[u8], start: usize, stop: usize) -> bool {
    matches!(text[..start], [.., before, b' '] if before.is_ascii_lowercase() || matches!(before, b',' | b';' | b':'))
        && matches!(text[stop..], [b' ', after, ..] if after.is_ascii_alphabetic())
}

/// In which pages the capital is an ellipsis with which a run of small letters ends.
pub fn trailing_capital(run: &str, readings: &Readings) -> Confusions {
    let mut chars = run.chars();
    let Some(capital) = chars.next_back().filter(|c| !c.is_ascii() && c.is_uppercase()) else { return 0 };
    let letters = chars.as_str();
    if letters.len() < SHORTEST || !letters.bytes().skip(1).all(|byte| byte.is_ascii_lowercase()) {
        return 0;
    }
    readings.of(capital).made(|c| c == '…')
}

#[cfg(test)]
mod tests {
    use super::super::words;

    fn is_suspect(text: &str) -> bool {
        words::next_suspect_plainly(text, 0, text.len()).is_some()
    }

    #[test]
    fn what_does_not_belong_where_it_stands_is_suspect() {
        // unbake: off
        for text in [
            "la porta Ë chiusa da noi",
            "for Õ lagra vedlegget",
            "la porte ‡ gauche",
            "she said ôperhapsö and left",
            "the folder ®%s¯ is missing",
            "wait for moreÉ",
            "he said ÒThe end",
        ] {
            assert!(is_suspect(text), "{text}");
        }
        // unbake: on
    }

    /// The same run was seen before where nothing closes the quotation, or where none can begin.
    #[test]
    fn what_was_seen_before_hides_no_suspect() {
        // unbake: off
        let broken = ["she said ôperhaps notö and left it", "the folder ô%sö is missing, and so is its name"];
        const FAR: &str = "and there is so much text around it that all of it is looked at in one go";
        let harmless = [
            "she said ôperhaps and left it all to them",
            "version 5ôperhaps of the thing that they have",
            "the sign ô and the others in the table",
        ];
        // unbake: on
        for text in broken {
            for before in harmless {
                let both = format!("{before}, {FAR}\n{FAR}, {text}, {FAR}");
                let found = super::super::next_suspect(&both, 0);
                assert_eq!(found.map(|at| at > before.len()), Some(true), "{both}: {found:?}");
            }
        }
    }

    #[test]
    fn what_does_is_not() {
        for text in ["ô temps, suspends ton vol", "1 × 2", "Ë", "CAFÉ", "le prix est de 5 €, non ?"] {
            assert!(!is_suspect(text), "{text}");
        }
    }
}
