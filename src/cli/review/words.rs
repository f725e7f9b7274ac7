//! What a reviewer can say, and by which keys: those of `git add -p` where it has them.
//!
//! In: a key, or a line that begins with one. Out: a word. One table for both ways to review. Must not: do anything.

use super::session::Reach;
use crate::files::decisions::Verdict;

/// What a reviewer says.
#[derive(Clone, Debug, PartialEq)]
pub enum Word {
    /// Decides about the change that is looked at, and others.
    Decide(Reach, Verdict),
    /// Accepts another reading, by its number.
    Choose(usize),
    /// Accepts another text, or asks for one.
    Type(Option<String>),
    /// Puts the text on the list of what is right as it stands.
    Allow,
    /// Takes the last word back.
    Undo,
    /// Looks at the next or the last change, decided or not.
    Step(isize),
    /// Looks at the next or the last change that is open.
    Open(isize),
    /// Looks for a text, or asks for one; an empty one is the one before.
    Find(Option<String>),
    /// Looks at the change of this number, or asks for one.
    Go(Option<usize>),
    /// Writes what was accepted, and ends.
    Write,
    /// Ends. The decisions are kept.
    Leave,
    /// Says what can be said.
    Help,
}

/// The keys, and what they are for.
pub const KEYS: &[(char, Word, &str)] = &[
    ('y', Word::Decide(Reach::This, Verdict::Accept), "make this change"),
    ('n', Word::Decide(Reach::This, Verdict::Refuse), "do not make this change"),
    ('a', Word::Decide(Reach::File, Verdict::Accept), "make this change and all later ones in this file"),
    ('d', Word::Decide(Reach::File, Verdict::Refuse), "do not make this change or any later one in this file"),
    ('c', Word::Decide(Reach::Chain, Verdict::Accept), "make all changes of this chain that are open"),
    ('C', Word::Decide(Reach::Chain, Verdict::Refuse), "make none of this chain"),
    ('t', Word::Decide(Reach::Text, Verdict::Accept), "make all changes of this exact text that are open"),
    ('T', Word::Decide(Reach::Text, Verdict::Refuse), "make none of this exact text"),
    ('e', Word::Type(None), "type what is to stand there instead (1 to 9: another reading)"),
    ('i', Word::Allow, "right as it stands: put the text on the allow list of unbake.toml"),
    ('u', Word::Undo, "take the last decision back"),
    ('j', Word::Open(1), "leave it open, look at the next open change"),
    ('k', Word::Open(-1), "leave it open, look at the open change before"),
    ('J', Word::Step(1), "look at the next change, decided or not"),
    ('K', Word::Step(-1), "look at the change before, decided or not"),
    ('g', Word::Go(None), "go to a change by its number"),
    ('/', Word::Find(None), "look for a text, a path or a chain"),
    ('w', Word::Write, "write what was accepted, and end"),
    ('q', Word::Leave, "leave; nothing is written, the decisions are kept for the next time"),
    ('?', Word::Help, "this help"),
];

/// The word of a single key.
pub fn key(key: char) -> Option<Word> {
    if let Some(number) = key.to_digit(10).filter(|&number| number > 0) {
        return Some(Word::Choose(number as usize));
    }
    KEYS.iter().find(|(known, ..)| *known == key).map(|(_, word, _)| word.clone())
}

/// The word of a line: a key, and after some of them what it is about (`/text`, `g12`, `e text`).
pub fn line(line: &str) -> Option<Word> {
    let line = line.trim_end_matches(['\r', '\n']);
    let first = line.trim_start().chars().next()?;
    let rest = &line.trim_start()[first.len_utf8()..];
    let word = key(first)?;
    match word {
        _ if rest.trim().is_empty() => Some(word),
        Word::Find(_) => Some(Word::Find(Some(rest.to_owned()))),
        Word::Go(_) => rest.trim().parse().ok().map(|number| Word::Go(Some(number))),
        Word::Type(_) => Some(Word::Type(Some(rest.strip_prefix(' ').unwrap_or(rest).to_owned()))),
        // `yes`, `no`, `quit`: as git takes them, by the first letter.
        word if rest.chars().all(char::is_alphabetic) && first.is_lowercase() => Some(word),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_keys_with_what_they_are_about() {
        assert_eq!(line("y\n"), Some(Word::Decide(Reach::This, Verdict::Accept)));
        assert_eq!(line(" no\r\n"), Some(Word::Decide(Reach::This, Verdict::Refuse)));
        assert_eq!(line("3"), Some(Word::Choose(3)));
        assert_eq!(line("g12"), Some(Word::Go(Some(12))));
        assert_eq!(line("/a b"), Some(Word::Find(Some("a b".into()))));
        assert_eq!(line("e  x"), Some(Word::Type(Some(" x".into()))));
        assert_eq!((line(""), line("z"), line("g x"), line("0"), line("CC")), (None, None, None, None, None));
    }

    #[test]
    fn no_key_is_there_twice() {
        let mut keys: Vec<char> = KEYS.iter().map(|(key, ..)| *key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), KEYS.len());
    }
}
