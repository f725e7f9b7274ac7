//! Suspects among letters that stand apart from their marks: what looks broken once they are joined.
//!
//! Some systems, macOS for one, keep names and text in form D of Unicode: `é` is `e` and a mark. Where damaged text goes
//! through them, `Ã©` becomes `A`, a tilde and `©`, which is a sequence in no page. So each word with such a mark is
//! searched as it is in form C.

use unicode_normalization::char::{canonical_combining_class, compose};

use super::known::Known;
use super::scan;

/// The byte offset of the first such word of `text[..end]`, at or after `from` (character borders).
pub fn next_suspect(text: &str, from: usize, end: usize, known: &mut Known) -> Option<usize> {
    let bytes = &text.as_bytes()[..end];
    let mut at = from;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(0xCC, 0xCD, rest)) {
        let mark = at + found;
        let start = bytes[from..mark].iter().rposition(is_blank).map_or(from, |blank| from + blank + 1);
        let stop = word_end(bytes, mark);
        if joined(&text[start..stop]).is_some_and(|joined| has_suspect(&joined, known)) {
            return Some(start);
        }
        at = stop;
    }
    None
}

fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Where the word ends in which byte `at` is.
pub fn word_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(is_blank).map_or(bytes.len(), |blank| at + blank)
}

/// Whether there is a suspect in a word as it is seen so.
pub fn has_suspect(word: &[Joined], known: &mut Known) -> bool {
    let word: String = word.iter().map(|joined| joined.c).collect();
    scan::next_suspect(&word, 0, known).is_some()
}

/// A character of a text of which the letters were joined with their marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The character.
    pub c: char,
    /// How many bytes of the text it stands for.
    pub len: usize,
    /// Whether it was several.
    pub is_joined: bool,
}

/// The text as it stands.
pub fn apart(text: &str) -> Vec<Joined> {
    // So many that there is room for all: not asked for each time.
    let mut all = vec![Joined { c: '\0', len: 0, is_joined: false }; text.len()];
    let mut count = 0;
    for (c, joined) in text.chars().zip(&mut all) {
        (joined.c, joined.len) = (c, c.len_utf8());
        count += 1;
    }
    all.truncate(count);
    all
}

/// The text with each letter joined to the mark after it; `None` where there is nothing to join. Letters with more than one
/// mark stay as they are: no page has them.
pub fn joined(text: &str) -> Option<Vec<Joined>> {
    memchr::memchr2(0xCC, 0xCD, text.as_bytes())?;
    let is_mark = |c: Option<char>| c.is_some_and(|c| c > '\u{7f}' && canonical_combining_class(c) != 0);
    let mut all = Vec::with_capacity(text.len());
    let mut chars = text.chars();
    let mut any = false;
    while let Some(c) = chars.next() {
        let mut rest = chars.clone();
        let mark = rest.next().filter(|mark| is_mark(Some(*mark)) && !is_mark(Some(c)));
        let whole = mark.filter(|_| !is_mark(rest.clone().next())).and_then(|mark| Some((mark, compose(c, mark)?)));
        match whole {
            Some((mark, whole)) => {
                all.push(Joined { c: whole, len: c.len_utf8() + mark.len_utf8(), is_joined: true });
                chars = rest;
                any = true;
            }
            None => all.push(Joined { c, len: c.len_utf8(), is_joined: false }),
        }
    }
    any.then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_in_form_d_is_suspect_and_right_text_is_not() {
        let find = |text: &str| next_suspect(text, 0, text.len(), &mut Known::new());
        assert_eq!(find("un cafA\u{303}© noir"), Some(3));
        assert_eq!(find("un cafe\u{301} noir, tre\u{300}s bon"), None);
        assert_eq!(find("Vie\u{323}\u{302}t Nam"), None);
        assert_eq!(find("plain"), None);
    }

    #[test]
    fn one_mark_is_joined_and_two_are_not() {
        let text = |text: &str| joined(text).map(|all| all.iter().map(|joined| joined.c).collect::<String>());
        assert_eq!(text("xA\u{303}©").as_deref(), Some("xÃ©"));
        assert_eq!(text("e\u{323}\u{302}"), None);
        assert_eq!(text("é"), None);
        assert_eq!(text("\u{301}"), None);
        let lens = joined("aA\u{303}b").unwrap().iter().map(|joined| joined.len).collect::<Vec<_>>();
        assert_eq!(lens, [1, 3, 1]);
    }
}
