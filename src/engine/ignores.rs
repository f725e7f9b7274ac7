//! Comments that switch unbake off: `unbake: ignore`, `ignore-next-line`, `off` … `on`, `ignore-file`.
//!
//! `ignore` switches off the line it stands in, `ignore-next-line` the line after, `off` its own line and all after it up
//! to the line with `on`, that line included, and `ignore-file` its own line and all after it. How far a comment reaches *back*
//! on its line is bounded (see [`super::window`]), since a line may be longer than memory. With `[…]` behind the word only
//! what is named there is left alone: rules, `mojibake` for all that is repaired, `lost`, and mixups as `utf-8:windows-1252`.
//! What else stands in the comment is for people.

use std::collections::BTreeMap;
use std::sync::Arc;

use memchr::memmem::Finder;

use super::judge::Found;
use crate::edit::{Place, Remark, Rule, Span};

/// What comments said, as far as the source was read.
#[derive(Debug)]
pub struct Ignores {
    finder: Finder<'static>,
    /// Whether it is noted which of them were needed.
    tracks: bool,
    /// Everything is off until a comment says `on`.
    off: Option<Cover>,
    /// The line after this one is off.
    next: Option<Cover>,
    /// The rest of the source is off.
    rest: Option<Cover>,
    marks: BTreeMap<u64, Mark>,
    count: u64,
}

/// That a comment covers something.
#[derive(Clone, Debug)]
pub struct Cover {
    /// By which it is noted whether it was needed.
    id: Option<u64>,
    /// What it leaves alone; nothing: all.
    only: Option<Arc<[Target]>>,
}

impl Cover {
    /// Whether it leaves all alone, whatever it is.
    pub fn is_whole(&self) -> bool {
        self.only.is_none()
    }

    /// Whether it leaves repairs alone, or some of them.
    pub fn is_about_repairs(&self) -> bool {
        let is_one = |target: &Target| matches!(target, Target::Mojibake | Target::Mixup(_));
        self.only.as_ref().is_some_and(|only| only.iter().any(is_one))
    }

    /// Whether it leaves alone what a rule reports.
    pub fn covers_rule(&self, rule: Rule) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&Target::Rule(rule)))
    }

    /// Whether it leaves alone text that is lost.
    pub fn covers_lost(&self) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&Target::Lost))
    }

    /// Whether it leaves alone what an edit would change.
    pub fn covers_edit(&self, found: &Found) -> bool {
        let Some(only) = &self.only else { return true };
        let steps = found.chain.steps();
        only.iter().any(|target| match target {
            Target::Mojibake => !steps.is_empty(),
            Target::Mixup(mixup) => steps.iter().any(|step| **mixup == format!("{}:{}", step.encoded, step.read_as)),
            // What repairs and normalises at once is a repair.
            Target::Rule(rule) => steps.is_empty() && found.rules.has(*rule),
            Target::Lost => false,
        })
    }
}

/// What a comment leaves alone.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    Mojibake,
    Lost,
    Rule(Rule),
    Mixup(String),
}

/// A comment, and whether it was needed.
#[derive(Debug)]
struct Mark {
    is_needed: bool,
    why: String,
    text: Vec<u8>,
    place: Option<(u64, Place)>,
}

/// A comment in a line.
#[derive(Clone, Debug)]
pub struct Comment {
    /// Where it begins.
    pub at: usize,
    /// Where it ends: the words for people behind it are no part of it.
    pub end: usize,
    word: Word,
    only: Option<Arc<[Target]>>,
    /// What is named in it and is nothing.
    unknown: Option<String>,
    /// Somebody talks about it.
    is_quoted: bool,
}

impl Comment {
    /// Whether nothing is edited in its line from it on.
    pub fn is_stop(&self) -> bool {
        self.is_on_its_line() && self.only.is_none()
    }

    fn is_on_its_line(&self) -> bool {
        matches!(self.word, Word::Ignore | Word::Off | Word::IgnoreFile)
    }
}

/// What a comment says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Ignore,
    IgnoreNextLine,
    IgnoreFile,
    Off,
    On,
}

/// What all comments begin with.
pub const MARK: &str = "unbake:";
/// How many blanks may stand between the mark and the word.
const BLANKS: usize = 8;
/// How many bytes may stand between the brackets.
const NAMED: usize = 240;
/// No comment, with the byte that shows where it ends, is longer than this.
pub const LONGEST_COMMENT: usize = MARK.len() + BLANKS + b"ignore-next-line".len() + NAMED + 2 + 1;

impl Ignores {
    /// At the start of a source. `tracks`: it is noted which comments nothing needs.
    pub fn new(tracks: bool) -> Ignores {
        let finder = Finder::new(MARK.as_bytes());
        Ignores { finder, tracks, off: None, next: None, rest: None, marks: BTreeMap::new(), count: 0 }
    }

    /// Whether what follows is untouched by comments so far, and holds none.
    pub fn are_silent(&self, bytes: &[u8]) -> bool {
        self.off.is_none() && self.next.is_none() && self.rest.is_none() && self.finder.find(bytes).is_none()
    }

    /// Begins a line; gives the earlier comments that cover it.
    pub fn begin_line(&mut self) -> Vec<Cover> {
        [self.next.take(), self.off.clone(), self.rest.clone()].into_iter().flatten().collect()
    }

    /// The comments in what is left of a line, in order.
    pub fn comments(&self, line: &[u8]) -> Vec<Comment> {
        self.finder.find_iter(line).filter_map(|at| comment(line, at)).collect()
    }

    /// Takes note of the comments that begin in the first `len` bytes of what is left of a line. Gives those that cover
    /// this line, and where those are that are to be placed, each with its number.
    pub fn read(&mut self, comments: &[Comment], line: &[u8], len: usize) -> (Vec<Cover>, Vec<(usize, u64)>) {
        let (mut covers, mut places) = (Vec::new(), Vec::new());
        for comment in comments.iter().take_while(|comment| comment.at < len) {
            if comment.word == Word::On && (self.off.is_some() || self.rest.is_some()) {
                self.off = None;
                continue;
            }
            let mut id = None;
            if self.tracks && !comment.is_quoted {
                self.count += 1;
                id = Some(self.count);
                places.push((comment.at, self.count));
                let text = line[comment.at..comment.end].to_vec();
                let why = match (&comment.unknown, comment.word) {
                    (Some(unknown), _) => unknown.clone(),
                    (None, Word::On) => "nothing was switched off".to_owned(),
                    (None, _) => "there is nothing to ignore".to_owned(),
                };
                self.marks.insert(self.count, Mark { is_needed: false, why, text, place: None });
            }
            let cover = Cover { id, only: comment.only.clone() };
            if comment.is_on_its_line() {
                covers.push(cover.clone());
            }
            match comment.word {
                Word::Ignore | Word::On => {}
                Word::IgnoreNextLine => self.next = Some(cover),
                Word::IgnoreFile => self.rest = Some(cover),
                Word::Off => self.off = Some(cover),
            }
        }
        (covers, places)
    }

    /// Whether it is still to be found out if a comment is needed.
    pub fn is_open(&self, cover: &Cover) -> bool {
        cover.id.and_then(|id| self.marks.get(&id)).is_some_and(|mark| !mark.is_needed)
    }

    /// Takes note that a comment is needed.
    pub fn need(&mut self, cover: &Cover) {
        if let Some(mark) = cover.id.and_then(|id| self.marks.get_mut(&id)) {
            mark.is_needed = true;
        }
    }

    /// Takes note where a comment stands. One that is known to be needed is forgotten.
    pub fn place(&mut self, id: u64, start: u64, place: impl FnOnce(&[u8]) -> Place) {
        match self.marks.get_mut(&id) {
            Some(mark) if mark.is_needed => drop(self.marks.remove(&id)),
            Some(mark) => mark.place = Some((start, place(&mark.text))),
            None => {}
        }
    }

    /// The comments that nothing needs, once the source has ended.
    pub fn unneeded(&mut self) -> Vec<Remark> {
        let marks = std::mem::take(&mut self.marks).into_values().filter(|mark| !mark.is_needed);
        let remark = |mark: Mark| {
            let (start, place) = mark.place?;
            let span = Span::new(start, start + mark.text.len() as u64);
            Some(Remark { span, text: mark.text, rule: Rule::UnusedIgnore, why: mark.why, place })
        };
        marks.filter_map(remark).collect()
    }
}

/// The comment that begins at a mark.
fn comment(line: &[u8], at: usize) -> Option<Comment> {
    let rest = &line[at + MARK.len()..];
    let blanks = rest.iter().take(BLANKS).take_while(|b| matches!(b, b' ' | b'\t')).count();
    let rest = &rest[blanks..];
    let len = rest.iter().take(LONGEST_COMMENT).take_while(|b| b.is_ascii_lowercase() || **b == b'-').count();
    let word = match &rest[..len] {
        b"ignore" => Word::Ignore,
        b"ignore-next-line" => Word::IgnoreNextLine,
        b"ignore-file" => Word::IgnoreFile,
        b"off" => Word::Off,
        b"on" => Word::On,
        _ => return None,
    };
    let mut comment = Comment {
        at,
        end: at + MARK.len() + blanks + len,
        word,
        only: None,
        unknown: None,
        is_quoted: line[..at].ends_with(b"`") || line[..at].ends_with(b"'") || line[..at].ends_with(b"\""),
    };
    let named = rest[len..].strip_prefix(b"[").and_then(|named| {
        let close = named.iter().take(NAMED).position(|byte| matches!(byte, b']' | b'\n'))?;
        std::str::from_utf8(&named[..close]).ok().filter(|_| named[close] == b']' && word != Word::On)
    });
    if let Some(named) = named {
        comment.end += named.len() + 2;
        let mut targets = Vec::new();
        for name in named.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            match target(name) {
                Ok(target) => targets.push(target),
                Err(why) => comment.unknown = Some(why),
            }
        }
        comment.only = Some(targets.into());
    }
    Some(comment)
}

/// What is meant by a name between brackets.
fn target(name: &str) -> Result<Target, String> {
    match name {
        "mojibake" => Ok(Target::Mojibake),
        "lost" => Ok(Target::Lost),
        mixup if mixup.contains(':') => Ok(Target::Mixup(mixup.to_ascii_lowercase())),
        rule => rule.parse().map(Target::Rule),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(text: &str) -> Vec<usize> {
        let mut ignores = Ignores::new(false);
        let mut lines = Vec::new();
        for (n, line) in text.lines().enumerate() {
            let line = line.as_bytes();
            let before = ignores.begin_line();
            let comments = ignores.comments(line);
            if before.iter().any(Cover::is_whole) || comments.iter().any(Comment::is_stop) {
                lines.push(n + 1);
            }
            ignores.read(&comments, line, line.len());
        }
        lines
    }

    #[test]
    fn each_word_covers_its_lines() {
        assert_eq!(covered("a\nb // unbake: ignore\nc"), [2]);
        assert_eq!(covered("a\n# unbake: ignore-next-line\nb\nc"), [3]);
        assert_eq!(covered("a\n<!-- unbake: off -->\nb\n<!-- unbake: on -->\nc"), [2, 3, 4]);
        assert_eq!(covered("a\nunbake: off\nb\nc"), [2, 3, 4]);
        assert_eq!(covered("a\nunbake: ignore-file\nb\nunbake: on\nc"), [2, 3, 4, 5]);
        assert_eq!(covered("unbake: a tool\nunbake:ignored\nunbake:\nignore"), Vec::<usize>::new());
        assert_eq!(covered("a unbake: ignore[nfc] why\nb unbake: ignore[ why"), [2]);
    }

    #[test]
    fn brackets_name_what_is_left_alone() {
        let of = |text: &str| comment(text.as_bytes(), 0).unwrap();
        let all = of("unbake: ignore[mojibake, utf-8:IBM850,nfc,lost] they want it so");
        let wanted =
            [Target::Mojibake, Target::Mixup("utf-8:ibm850".to_owned()), Target::Rule(Rule::Nfc), Target::Lost];
        assert_eq!((&all.only.unwrap()[..], all.unknown), (&wanted[..], None));
        assert!(of("unbake: ignore[nfx]").unknown.unwrap().contains("did you mean `nfc`?"));
    }
}
