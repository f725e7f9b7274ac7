//! Where does it look wrong? Finds the few places of a text that are worth a thought.
//!
//! In: valid UTF-8. Out: pieces of it that hold a suspect, to be judged. Must not: decide whether a suspect is damage.
//!
//! A *suspect* is a place where the characters, written as bytes in some page, begin a whole UTF-8 sequence, or a C1
//! control; also where they would once letters are joined with the marks after them. Text without a suspect is never decoded
//! further. The text is cut where no evidence crosses: at line ends, and in long lines at long runs of ASCII. The cuts
//! depend on nothing but the text around them, and repair never makes or removes one, so a source read in windows gives the
//! same pieces as one read whole.

mod apart;
mod evidence;
mod known;
mod lanes;
mod lone;
mod packed;
mod pieces;
mod plain;
mod readings;
mod scan;
mod spaced;
mod squeezed;
mod stray;
mod tables;
mod thresholds;
#[cfg(test)]
mod twin;
mod words;

use std::cell::RefCell;

use known::Known;

pub use apart::{Joined, apart, joined};
pub use pieces::{LONG_LINE, LONGEST_PIECE, piece_end, stretches};
pub use squeezed::unsqueezed;

/// The byte offset of the first suspect at or after `from` (a character border).
pub fn next_suspect(text: &str, from: usize) -> Option<usize> {
    thread_local!(static KNOWN: RefCell<Known> = RefCell::new(Known::new()));
    KNOWN.with_borrow_mut(|known| next_suspect_knowing(text, from, known))
}

fn next_suspect_knowing(text: &str, from: usize, known: &mut Known) -> Option<usize> {
    // A few lines at a time, so that what one search passes over is not passed over again and again because another finds
    // something before it.
    let mut at = from;
    while at < text.len() {
        let end = line_end(text.as_bytes(), at + AT_ONCE);
        if text.as_bytes()[at..end].is_ascii() {
            // Nothing else is to be found in that.
            if let Some(found) = plain::next_suspect(&text.as_bytes()[..end], at) {
                return Some(found);
            }
            at = end;
            continue;
        }
        let mut found = scan::next_suspect(&text[..end], at, known);
        // The others look at what the scan has seen and is not sure of.
        let unsure = &known.unsure;
        let (any_lone, any_double) = (unsure.any_lone, unsure.any_double);
        let (any_apart, any_squeezed, any_spaced) = (unsure.any_apart, unsure.any_squeezed, unsure.any_spaced);
        if !unsure.runs.is_empty() {
            found = words::next_suspect(text, at, found.unwrap_or(end), known).or(found);
        }
        if any_lone {
            found = lone::next_suspect(text, at, found.unwrap_or(end)).or(found);
        }
        if any_double {
            found = lone::next_double(text, &known.unsure.runs, found.unwrap_or(end)).or(found);
        }
        found = plain::next_suspect(&text.as_bytes()[..found.unwrap_or(end)], at).or(found);
        if any_spaced {
            let runs = &known.unsure.runs;
            found = spaced::next_suspect(text.as_bytes(), runs, at, found.unwrap_or(end)).or(found);
        }
        if any_apart {
            found = apart::next_suspect(text, at, found.unwrap_or(end), known).or(found);
        }
        if any_squeezed {
            found = squeezed::next_suspect(text, at, found.unwrap_or(end), known).or(found);
        }
        if found.is_some() {
            return found;
        }
        at = end;
    }
    None
}

/// So many bytes, and on to the end of the line, are searched at once.
const AT_ONCE: usize = 16 << 10;

/// Where the line ends in which byte `at` is; the end of the text, if that comes before.
fn line_end(text: &[u8], at: usize) -> usize {
    text.get(at..).and_then(|rest| memchr::memchr(b'\n', rest)).map_or(text.len(), |len| at + len + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every search looks at everything, and nothing is known from before.
    fn plainly(text: &str, from: usize) -> Option<usize> {
        thread_local!(static KNOWN: RefCell<Known> = RefCell::new(Known::new()));
        let mut at = from;
        while at < text.len() {
            let end = line_end(text.as_bytes(), at + AT_ONCE);
            let found = twin::next_suspect(&text[..end], at);
            let found = words::next_suspect_plainly(text, at, found.unwrap_or(end)).or(found);
            let found = lone::next_suspect(text, at, found.unwrap_or(end)).or(found);
            let found = lone::next_double(text, &runs(text, at, end), found.unwrap_or(end)).or(found);
            let found = plain::next_suspect(&text.as_bytes()[..found.unwrap_or(end)], at).or(found);
            let runs = runs(text, at, end);
            let found = spaced::next_suspect(text.as_bytes(), &runs, at, found.unwrap_or(end)).or(found);
            let found = KNOWN.with_borrow_mut(|known| {
                let found = apart::next_suspect(text, at, found.unwrap_or(end), known).or(found);
                squeezed::next_suspect(text, at, found.unwrap_or(end), known).or(found)
            });
            if found.is_some() {
                return found;
            }
            at = end;
        }
        None
    }

    /// The runs of characters outside ASCII from `at` on that begin before `end`.
    fn runs(text: &str, at: usize, end: usize) -> Vec<(usize, usize)> {
        let bytes = text.as_bytes();
        let (mut runs, mut at) = (Vec::new(), at);
        while let Some(start) = (at..end).find(|at| !bytes[*at].is_ascii()) {
            at = (start..bytes.len()).find(|at| bytes[*at].is_ascii()).unwrap_or(bytes.len());
            runs.push((start, at));
        }
        runs
    }

    /// From the start, and then after each suspect.
    fn agrees(text: &str) -> usize {
        let (mut from, mut count) = (0, 0);
        while from < text.len() {
            let found = next_suspect(text, from);
            assert_eq!(found, plainly(text, from), "from {from} in {text:?}");
            let Some(found) = found else { break };
            from = from.max(found) + text[from.max(found)..].chars().next().map_or(1, char::len_utf8);
            count += 1;
        }
        count
    }

    /// What is known of a run from elsewhere hides nothing: the same words stand between spaces, beside letters, signs and each
    /// other, at the edges of a text, and far from all.
    #[test]
    fn what_is_known_hides_no_suspect() {
        // unbake: off
        let words = [
            "é",
            "ð",
            "слово",
            "Слово",
            "ёлка",
            "їжак",
            "об’єкт",
            "olduðunda",
            "k”nnen",
            "été",
            "Pøíklad",
            "don\u{D5}t",
            "«",
            "»",
            "—",
            "…",
            "Ç",
            "ñ",
            "Ã©",
            "Ã",
            "â€™",
            "e\u{301}",
            "A\u{303}©",
            "\u{301}",
            "째",
            "茅",
            "이",
            "的",
            "한글",
            "日本語テキスト",
            "端端",
            "체체",
            "เป็น",
            "λόγος",
            "ΓÇö",
            "\u{92}",
            "😀",
            "ế",
            "được",
            "\u{A0}",
            "\u{2009}",
            "стремление",
            "дуже-дуже",
        ];
        // unbake: on
        let around = ["", " ", "a", "+", "G", ".", "1", "\n", " x ", "xyz", "“", "\u{A0}"];
        let mut count = 0;
        for word in words {
            for before in around {
                for after in around {
                    for far in ["", " and some more text behind it, for it needs some"] {
                        count += agrees(&format!("{before}{word}{after}{far}"));
                        count += agrees(&format!("so {before}{word}{after}{word}{before} {word}{far}"));
                    }
                }
            }
        }
        for (word, next) in words.iter().flat_map(|word| words.map(|next| (word, next))) {
            count += agrees(&format!("{word}{next} {next} {word} {word}é{next} and some more text behind it all"));
        }
        assert!(count > 1000, "{count}");
    }

    #[test]
    fn whole_texts_have_the_suspects_that_each_search_finds() {
        let texts = scan::tests::texts();
        let count: usize = texts.iter().map(|text| agrees(text)).sum();
        assert!(count > 100, "{count}");
    }
}
