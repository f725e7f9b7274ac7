//! Comments that switch unbake off: `unbake: ignore`, `ignore-next-line`, `off` … `on`.
//!
//! `ignore` switches off the line it stands in, `ignore-next-line` the line after, `off` its own line and all after it up
//! to the line with `on`, that line included. How far a comment reaches *back* on its line is bounded (see
//! [`super::window`]), since a line may be longer than memory.

use memchr::memmem::Finder;

/// What comments said, as far as the source was read.
#[derive(Debug)]
pub struct Ignores {
    finder: Finder<'static>,
    /// Everything is off until a comment says `on`.
    off: bool,
    /// The line after this one is off.
    next: bool,
}

/// What a comment says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Ignore,
    IgnoreNextLine,
    Off,
    On,
}

/// What all comments begin with.
pub const MARK: &str = "unbake:";
/// How many blanks may stand between the mark and the word.
const BLANKS: usize = 8;
/// No comment, with the byte that shows where it ends, is longer than this.
pub const LONGEST_COMMENT: usize = MARK.len() + BLANKS + b"ignore-next-line".len() + 1;

impl Default for Ignores {
    fn default() -> Ignores {
        Ignores { finder: Finder::new(MARK.as_bytes()), off: false, next: false }
    }
}

impl Ignores {
    /// Whether what follows is untouched by comments so far, and holds none.
    pub fn are_silent(&self, bytes: &[u8]) -> bool {
        !self.off && !self.next && self.finder.find(bytes).is_none()
    }

    /// Begins a line; says whether an earlier line has switched it off.
    pub fn begin_line(&mut self) -> bool {
        std::mem::take(&mut self.next) || self.off
    }

    /// Where the first comment begins that switches off the line it stands in.
    pub fn first(&self, line: &[u8]) -> Option<usize> {
        self.comments(line).find(|(_, word)| matches!(word, Word::Ignore | Word::Off)).map(|(at, _)| at)
    }

    /// Takes note of the comments that begin in the first `len` bytes of what is left of a line.
    pub fn read(&mut self, line: &[u8], len: usize) {
        let (mut off, mut next) = (self.off, self.next);
        for (_, word) in self.comments(line).take_while(|(at, _)| *at < len) {
            match word {
                Word::Ignore => {}
                Word::IgnoreNextLine => next = true,
                Word::Off => off = true,
                Word::On => off = false,
            }
        }
        (self.off, self.next) = (off, next);
    }

    fn comments(&self, bytes: &[u8]) -> impl Iterator<Item = (usize, Word)> {
        self.finder.find_iter(bytes).filter_map(|at| Some((at, word(&bytes[at + MARK.len()..])?)))
    }
}

fn word(rest: &[u8]) -> Option<Word> {
    let blanks = rest.iter().take(BLANKS).take_while(|b| matches!(b, b' ' | b'\t')).count();
    let rest = &rest[blanks..];
    let len = rest.iter().take(LONGEST_COMMENT).take_while(|b| b.is_ascii_lowercase() || **b == b'-').count();
    match &rest[..len] {
        b"ignore" => Some(Word::Ignore),
        b"ignore-next-line" => Some(Word::IgnoreNextLine),
        b"off" => Some(Word::Off),
        b"on" => Some(Word::On),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(text: &str) -> Vec<usize> {
        let mut ignores = Ignores::default();
        let mut lines = Vec::new();
        for (n, line) in text.lines().enumerate() {
            if ignores.begin_line() | ignores.first(line.as_bytes()).is_some() {
                lines.push(n + 1);
            }
            ignores.read(line.as_bytes(), line.len());
        }
        lines
    }

    #[test]
    fn each_word_covers_its_lines() {
        assert_eq!(covered("a\nb // unbake: ignore\nc"), [2]);
        assert_eq!(covered("a\n# unbake: ignore-next-line\nb\nc"), [3]);
        assert_eq!(covered("a\n<!-- unbake: off -->\nb\n<!-- unbake: on -->\nc"), [2, 3, 4]);
        assert_eq!(covered("a\nunbake: off\nb\nc"), [2, 3, 4]);
        assert_eq!(covered("unbake: a tool\nunbake:ignored\nunbake:\nignore"), Vec::<usize>::new());
    }
}
