//! What is open in a line: brackets and quotation marks that are still to be closed.

use super::Cell;

/// What opens, and what closes it.
const PAIRS: [(char, char); 17] = [
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('"', '"'),
    ('\'', '\''),
    ('`', '`'),
    ('“', '”'),
    ('‘', '’'),
    ('«', '»'),
    // In German and in Polish.
    ('„', '“'),
    ('„', '”'),
    ('「', '」'),
    ('『', '』'),
    ('（', '）'),
    ('《', '》'),
    ('〈', '〉'),
    ('【', '】'),
];
/// Of these it does not depend on the language which closes which.
const PLAIN: [(char, char); 6] = [('「', '」'), ('『', '』'), ('（', '）'), ('《', '》'), ('〈', '〉'), ('【', '】')];
/// So far ahead it is looked for what closes.
const AHEAD: usize = 128;

/// The pairs that are open, the last in the lowest five bits, as their places from one on. What is deeper is forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Open(u32);

impl Open {
    /// What is open after `c`, where a word may end with the character before it.
    pub fn then(self, c: char, after_word: bool) -> Open {
        if c == '\n' {
            return Open::default();
        }
        if self.is_closed_by(c) {
            return Open(self.0 >> 5);
        }
        match PAIRS.iter().position(|(opens, closes)| *opens == c && !(opens == closes && after_word)) {
            Some(pair) => Open((self.0 << 5) | (pair as u32 + 1)),
            None => self,
        }
    }

    /// Whether `c` closes what was opened last.
    pub fn is_closed_by(self, c: char) -> bool {
        let last = PAIRS.get((self.0 as usize & 31).wrapping_sub(1));
        last.is_some_and(|(opens, _)| PAIRS.contains(&(*opens, c)))
    }

    /// Whether `c` opens anything, and closes nothing.
    pub fn opens(c: char) -> bool {
        PAIRS.iter().any(|(opens, _)| *opens == c) && !PAIRS.iter().any(|(_, closes)| *closes == c)
    }

    /// Whether it is plain what closes `c`.
    pub fn opens_plainly(c: char) -> bool {
        PLAIN.iter().any(|(opens, _)| *opens == c)
    }

    /// Whether it is plain what `c` closes.
    pub fn closes_plainly(c: char) -> bool {
        PLAIN.iter().any(|(_, closes)| *closes == c)
    }

    /// Whether `c` closes anything.
    pub fn closes(c: char) -> bool {
        PAIRS.iter().any(|(opens, closes)| *closes == c && opens != closes)
    }
}

/// Whether what `c` closes, and is open before cell `at`, is closed later in the line as that stands.
pub fn closes_later(cells: &[Cell], at: usize, c: char) -> bool {
    let Some((opens, closes)) = PAIRS.iter().find(|(_, closes)| *closes == c) else { return false };
    let line = || cells[at..].iter().take(AHEAD).map(|cell| cell.c).take_while(|c| *c != '\n');
    if opens == closes {
        return line().filter(|c| c == closes).count() % 2 == 1;
    }
    let mut depth = 1;
    line().any(|c| {
        depth += i32::from(c == *opens) - i32::from(c == *closes);
        depth == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str) -> Open {
        let mut last = ' ';
        text.chars().fold(Open::default(), |open, c| {
            let after_word = std::mem::replace(&mut last, c).is_alphanumeric();
            open.then(c, after_word)
        })
    }

    #[test]
    fn the_last_is_closed_first() {
        assert!(open("a [(b").is_closed_by(')'));
        assert!(open("a [(b)").is_closed_by(']'));
        assert!(open("it’s “here").is_closed_by('”'));
        assert!(!open("it's").is_closed_by('\''));
        assert!(!open("(\nb").is_closed_by(')'));
    }

    #[test]
    fn what_opens_and_what_closes() {
        assert!(Open::opens('「') && Open::opens('(') && !Open::opens('」') && !Open::opens('"') && !Open::opens('“'));
        assert!(Open::opens_plainly('「') && Open::closes_plainly('」') && !Open::opens_plainly('“'));
    }

    #[test]
    fn what_is_closed_later_is_not_closed_here() {
        let later = |text: &str, c| closes_later(&super::super::cells(text.chars()), 0, c);
        assert!(later(", b)", ')') && !later(", (b)", ')') && !later(",\n)", ')'));
        assert!(later(" b'", '\'') && !later(", 'b'", '\''));
    }
}
