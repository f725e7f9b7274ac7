//! Where a review stands: which changes there are, what was decided about each, which one is looked at.
//!
//! In: changes in their order, and what the reviewer says. Out: verdicts, what they reach, the way back. Pure: no file, no
//! terminal. Must not: decide anything that was not said.

use std::ops::Range;
use std::path::PathBuf;

use crate::edit::Edit;
use crate::files::decisions::Verdict;

/// A change that waits for a word.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which file, by its number.
    pub file: usize,
    /// The edit as it was found.
    pub found: Edit,
    /// The edit as it would be made: another reading may have been chosen.
    pub edit: Edit,
    /// What was decided.
    pub verdict: Option<Verdict>,
    /// Whether it was looked at.
    pub seen: bool,
}

/// How far a word reaches. It never reaches what was decided before, besides the change that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// This change.
    This,
    /// This one and all after it in its file.
    File,
    /// All of this chain.
    Chain,
    /// All of this exact text that would become the same.
    Text,
}

/// What a change was before a word.
type Was = (usize, Edit, Option<Verdict>);

/// A review.
#[derive(Debug, Default)]
pub struct Session {
    /// The files.
    pub files: Vec<PathBuf>,
    /// The changes, in the order of the files.
    pub changes: Vec<Change>,
    /// Number of the change that is looked at.
    pub at: usize,
    log: Vec<(usize, Vec<Was>)>,
}

impl Session {
    /// The change that is looked at. There is one: a review without changes does not begin.
    pub fn current(&self) -> &Change {
        &self.changes[self.at]
    }

    /// The changes in the line of the one that is looked at, that one among them.
    pub fn of_line(&self) -> Range<usize> {
        let line = |change: &Change| (change.file, change.found.place.line);
        let this = line(self.current());
        let before = self.changes[..self.at].iter().rev().take_while(|change| line(change) == this).count();
        let after = self.changes[self.at..].iter().take_while(|change| line(change) == this).count();
        self.at - before..self.at + after
    }

    /// How many changes have this verdict.
    pub fn count(&self, verdict: Option<Verdict>) -> usize {
        self.changes.iter().filter(|change| change.verdict == verdict).count()
    }

    /// The changes that a word of this reach is about, in order.
    pub fn reached(&self, reach: Reach) -> Vec<usize> {
        let this = self.current();
        let alike = |(n, other): (usize, &Change)| match reach {
            Reach::This => false,
            Reach::File => n > self.at && other.file == this.file,
            Reach::Chain => other.edit.chain == this.edit.chain,
            Reach::Text => (&other.edit.before, &other.edit.after) == (&this.edit.before, &this.edit.after),
        };
        let open = |&n: &usize| n == self.at || self.changes[n].verdict.is_none();
        let numbers = 0..self.changes.len();
        numbers.filter(|&n| n == self.at || alike((n, &self.changes[n]))).filter(open).collect()
    }

    /// Decides about these changes. What changed by it can be taken back as one.
    pub fn decide(&mut self, numbers: &[usize], verdict: Verdict) {
        self.keep(numbers);
        for &n in numbers {
            self.changes[n].verdict = Some(verdict);
        }
    }

    /// Accepts the change that is looked at with another result.
    pub fn choose(&mut self, edit: Edit) {
        self.keep(&[self.at]);
        let change = &mut self.changes[self.at];
        (change.edit, change.verdict) = (edit, Some(Verdict::Accept));
    }

    fn keep(&mut self, numbers: &[usize]) {
        let was = |&n: &usize| (n, self.changes[n].edit.clone(), self.changes[n].verdict);
        self.log.push((self.at, numbers.iter().map(was).collect()));
    }

    /// Takes the last word back and looks at where it was said. Gives the changes that are as before.
    pub fn undo(&mut self) -> Option<Vec<usize>> {
        let (at, before) = self.log.pop()?;
        self.at = at;
        let numbers = before.iter().map(|(n, ..)| *n).collect();
        for (n, edit, verdict) in before {
            (self.changes[n].edit, self.changes[n].verdict) = (edit, verdict);
        }
        Some(numbers)
    }

    /// Looks at another change; `false` when there is none of that number.
    pub fn go(&mut self, to: Option<usize>) -> bool {
        let to = to.filter(|&to| to < self.changes.len());
        self.at = to.unwrap_or(self.at);
        to.is_some()
    }

    /// Looks at the next change without a verdict, from the beginning again after the end; `false` when none is left.
    pub fn next_open(&mut self) -> bool {
        let all = self.changes.len();
        let to = (1..=all).map(|step| (self.at + step) % all).find(|&n| self.changes[n].verdict.is_none());
        self.go(to)
    }

    /// Looks at the next change in which `text` stands, upper and lower case alike: in its path, its chain, what it is or
    /// becomes, or what stands beside it.
    pub fn find(&mut self, text: &str) -> bool {
        let text = text.to_lowercase();
        let all = self.changes.len();
        let holds = |n: &usize| {
            let Change { file, edit, .. } = &self.changes[*n];
            let (before, after) = (edit.before_text(), edit.after_text());
            let (left, right) = (&edit.place.left, &edit.place.right);
            let around = format!("{left}{before}{right}\n{left}{after}{right}\n{}", edit.chain);
            around.to_lowercase().contains(&text) || self.files[*file].to_string_lossy().to_lowercase().contains(&text)
        };
        let to = (1..=all).map(|step| (self.at + step) % all).find(holds);
        self.go(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;

    /// Two files: three changes in the first, two in the second.
    fn session() -> Session {
        let mut session = Session { files: vec!["a.txt".into(), "b.txt".into()], ..Session::default() };
        for (file, text) in ["Peterâ€™s cafÃ© and cafÃ©", "Paulâ€™s hat, JÃƒÂ¼rgen"].iter().enumerate()
        {
            for edit in Engine::default().plan(text.as_bytes()).edits() {
                let (found, edit) = (edit.clone(), edit.clone());
                session.changes.push(Change { file, found, edit, verdict: None, seen: false });
            }
        }
        assert_eq!(session.changes.len(), 5);
        session
    }

    #[test]
    fn words_reach_what_is_open_and_no_further() {
        let mut session = session();
        assert_eq!(session.reached(Reach::File), [0, 1, 2]);
        assert_eq!(session.reached(Reach::Text), [0, 3]);
        assert_eq!(session.of_line(), 0..3);
        assert_eq!(session.reached(Reach::Chain), [0, 1, 2, 3]);
        session.decide(&[1], Verdict::Refuse);
        assert_eq!(session.reached(Reach::Chain), [0, 2, 3]);
        session.go(Some(1));
        assert_eq!(session.reached(Reach::Text), [1, 2], "the one that is looked at is always meant");
        assert_eq!(session.reached(Reach::File), [1, 2]);
    }

    #[test]
    fn the_last_word_is_taken_back() {
        let mut session = session();
        session.decide(&[0, 3], Verdict::Accept);
        assert!(session.next_open());
        let other = Edit { after: b"e".to_vec(), ..session.current().edit.clone() };
        session.choose(other);
        assert_eq!(session.count(Some(Verdict::Accept)), 3);
        assert_eq!(session.undo(), Some(vec![1]));
        assert_eq!(session.current().edit, session.current().found);
        assert_eq!((session.undo(), session.at), (Some(vec![0, 3]), 0));
        assert_eq!((session.undo(), session.count(None)), (None, 5));
    }

    #[test]
    fn it_goes_round() {
        let mut session = session();
        session.go(Some(4));
        assert!(session.next_open() && session.at == 0);
        assert!(session.find("JÜRGEN") && session.at == 4);
        assert!(session.find("a.TXT") && session.at == 0);
        assert!(!session.find("nowhere") && session.at == 0);
        assert!(!session.go(Some(5)) && !session.go(0usize.checked_sub(1)));
        session.decide(&[0, 1, 2, 3, 4], Verdict::Refuse);
        assert!(!session.next_open());
    }
}
