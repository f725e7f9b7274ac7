//! A review at work: what is said is carried out, kept, and written at the end.
//!
//! In: words. Out: what there is to answer. Both ways to review stand on it. Must not: print, or read a key.

use std::collections::BTreeMap;

use super::End;
use super::session::{Change, Reach, Session};
use super::words::Word;
use crate::cli::allow;
use crate::cli::scan::Scan;
use crate::cli::writer::Writer;
use crate::edit::{Chain, Confidence, Edit, Plan, Span};
use crate::engine::Reading;
use crate::error::Error;
use crate::files::decisions::{Book, Verdict, Word as Note};
use crate::files::digest::Digest;
use crate::files::{Document, Loaded, read};
use crate::report::messages::count;
use crate::report::review::{self, InLine, Page, Progress};

/// What comes of a word.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It is done; something to say may come with it.
    Done(String),
    /// It would reach changes that were not looked at: show them, and ask.
    Confirm(Vec<usize>, Verdict),
    /// A line is wanted, for this word.
    Ask(&'static str, Word),
    /// Show what can be said.
    Help,
    /// The review is over.
    End(End),
}

/// A review at work.
#[derive(Debug)]
pub struct Reviewer {
    /// Where it stands.
    pub session: Session,
    digests: Vec<Digest>,
    book: Book,
    /// The other readings of a change.
    readings: (usize, Vec<Reading>),
    sought: String,
}

impl Reviewer {
    /// A review that has nothing yet.
    pub fn new(book: Book) -> Reviewer {
        let readings = (usize::MAX, Vec::new());
        Reviewer { session: Session::default(), digests: Vec::new(), book, readings, sought: String::new() }
    }

    /// Adds the changes of a file, and what was decided about them before.
    ///
    /// # Errors
    /// When the decisions cannot be read.
    pub fn add(&mut self, scan: &mut Scan<'_>, document: &mut Document, plan: &Plan) -> Result<(), Error> {
        let digest = match document.digest() {
            Ok(digest) => digest,
            Err(error) => {
                scan.failed(&error.or_at(document.path()));
                return Ok(());
            }
        };
        let known = self.book.recall(document.path(), &digest)?;
        let file = self.session.files.len();
        for found in plan.edits() {
            let known = known.as_ref().and_then(|known| known.edits().find(|(edit, _)| edit.span == found.span));
            let known = known.filter(|(edit, _)| edit.before == found.before);
            let mut edit = found.clone();
            if let Some((other, _)) = known.filter(|(edit, _)| edit.after != found.after) {
                edit = Edit { place: found.place.clone(), ..other.clone() };
            }
            let (found, verdict) = (found.clone(), known.map(|(_, verdict)| *verdict));
            self.session.changes.push(Change { file, found, edit, verdict, seen: false });
        }
        self.session.files.push(document.path().to_owned());
        self.digests.push(digest);
        Ok(())
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        Progress {
            number: self.session.at + 1,
            all: self.session.changes.len(),
            accepted: self.session.count(Some(Verdict::Accept)),
            refused: self.session.count(Some(Verdict::Refuse)),
        }
    }

    /// Hands the change that is looked at to `show`, with its source. It counts as seen.
    ///
    /// # Errors
    /// When `show` fails. That the file cannot be read any more is shown in its place.
    pub fn show(
        &mut self,
        scan: &Scan<'_>,
        context: usize,
        show: impl FnOnce(&Page<'_>, Result<Document, Error>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.read(scan);
        self.session.changes[self.session.at].seen = true;
        let change = self.session.current();
        let path = &self.session.files[change.file];
        let said = |change: &Change| {
            change.verdict.map(|verdict| match verdict {
                Verdict::Accept => "accepted",
                Verdict::Refuse => "refused",
            })
        };
        let of_line = self.session.of_line();
        let in_line = |n: usize| {
            let change = &self.session.changes[n];
            InLine { edit: &change.edit, verdict: said(change), is_this: n == self.session.at }
        };
        let (verdict, line) = (said(change), of_line.map(in_line).collect());
        let document = read::open(path).map(|(Loaded::Text(document) | Loaded::Skipped(_, document))| document);
        let readings = &self.readings.1;
        show(&Page { path, found: &change.found, edit: &change.edit, verdict, readings, line, context }, document)
    }

    /// Looks the other readings of the current change up, which takes a moment.
    fn read(&mut self, scan: &Scan<'_>) {
        if self.readings.0 != self.session.at {
            let change = self.session.current();
            let engine = scan.engine(&self.session.files[change.file]);
            self.readings =
                (self.session.at, engine.map_or_else(|_| Vec::new(), |engine| engine.readings(&change.found)));
        }
    }

    /// Carries a word out.
    ///
    /// # Errors
    /// When the decision cannot be kept.
    pub fn hear(&mut self, word: Word) -> Result<Answer, Error> {
        let moved = |moved: bool, why: &str| Ok(Answer::Done(if moved { String::new() } else { why.to_owned() }));
        match word {
            Word::Decide(reach, verdict) => {
                let reached = self.session.reached(reach);
                let unseen = reached.iter().any(|&n| !self.session.changes[n].seen);
                if reach == Reach::This || !unseen {
                    return self.decide(&reached, verdict);
                }
                Ok(Answer::Confirm(reached, verdict))
            }
            Word::Choose(_) | Word::Type(_) if self.session.current().found.place.shown.is_some() => {
                moved(false, "here text is written in another way than as UTF-8, so there is only y and n")
            }
            Word::Choose(number) => {
                let change = self.session.current();
                let others = review::others(&change.found, &change.edit, &self.readings.1);
                let Some((after, _)) = others.into_iter().nth(number - 1) else {
                    return moved(false, "there is no reading of this number");
                };
                let reading = self.readings.1.iter().find(|reading| reading.after == after);
                let edit = match reading {
                    _ if after.as_bytes() == change.found.after => change.found.clone(),
                    Some(Reading { chain, .. }) => other(&change.found, &after, chain.clone()),
                    None => other(&change.found, &after, Chain::default()),
                };
                self.choose(edit)
            }
            Word::Type(None) => Ok(Answer::Ask("instead of it: ", Word::Type(None))),
            Word::Type(Some(text)) => {
                let found = &self.session.current().found;
                let edit = other(found, &text, Chain::default());
                self.choose(edit)
            }
            Word::Allow => self.allow(),
            Word::Undo => {
                let Some(back) = self.session.undo() else { return moved(false, "there is nothing to take back") };
                self.keep(&back)?;
                Ok(Answer::Done(format!("taken back: {}", count(back.len() as u64, "decision"))))
            }
            Word::Step(by) => {
                let to = self.session.at.checked_add_signed(by);
                let there = self.session.go(to);
                moved(there, "there is no other change that way")
            }
            Word::Open(by) => {
                let all = self.session.changes.len() as isize;
                let at = self.session.at as isize;
                let nth = |step: isize| (at + by * step).rem_euclid(all) as usize;
                let to = (1..all).map(nth).find(|&n| self.session.changes[n].verdict.is_none());
                let there = self.session.go(to);
                moved(there, "no other change is open")
            }
            Word::Find(None) => Ok(Answer::Ask("/", Word::Find(None))),
            Word::Find(Some(text)) => {
                if !text.is_empty() {
                    self.sought = text;
                }
                let sought = self.sought.clone();
                let there = !sought.is_empty() && self.session.find(&sought);
                moved(there, "found nowhere")
            }
            Word::Go(None) => Ok(Answer::Ask("go to number: ", Word::Go(None))),
            Word::Go(Some(number)) => {
                let there = self.session.go(number.checked_sub(1));
                moved(there, "there is no change of this number")
            }
            Word::Write => Ok(Answer::End(End::Write)),
            Word::Leave => Ok(Answer::End(End::Leave)),
            Word::Help => Ok(Answer::Help),
        }
    }

    /// A word that asked for a line, with that line.
    pub fn with_line(word: Word, line: String) -> Option<Word> {
        match word {
            Word::Type(_) => Some(Word::Type(Some(line))),
            Word::Find(_) => Some(Word::Find(Some(line))),
            Word::Go(_) => line.trim().parse().ok().map(|number| Word::Go(Some(number))),
            _ => None,
        }
    }

    /// Decides about these changes, which were shown.
    ///
    /// # Errors
    /// When the decisions cannot be kept.
    pub fn decide(&mut self, numbers: &[usize], verdict: Verdict) -> Result<Answer, Error> {
        self.session.decide(numbers, verdict);
        numbers.iter().for_each(|&n| self.session.changes[n].seen = true);
        self.keep(numbers)?;
        let verb = if verdict == Verdict::Accept { "accepted" } else { "refused" };
        let said =
            if numbers.len() > 1 { format!("{} {verb}", count(numbers.len() as u64, "change")) } else { String::new() };
        self.onward(said)
    }

    fn choose(&mut self, edit: Edit) -> Result<Answer, Error> {
        self.session.choose(edit);
        self.keep(&[self.session.at])?;
        self.onward(String::new())
    }

    /// Puts the text on the allow list, and refuses it everywhere.
    fn allow(&mut self) -> Result<Answer, Error> {
        let change = self.session.current();
        let text = change.found.before_text();
        match allow::add(&self.session.files[change.file], &text) {
            Err(error) => Ok(Answer::Done(error.to_string())),
            Ok(settings) => {
                let reached = self.session.reached(Reach::Text);
                self.session.decide(&reached, Verdict::Refuse);
                self.keep(&reached)?;
                self.onward(format!("now on the allow list in {}", settings.display()))
            }
        }
    }

    /// On to the next open change.
    fn onward(&mut self, said: String) -> Result<Answer, Error> {
        let none = "all are decided: w writes what was accepted, q leaves, u takes the last word back";
        let more = self.session.next_open();
        Ok(Answer::Done(match (more, said.is_empty()) {
            (true, _) => said,
            (false, true) => none.to_owned(),
            (false, false) => format!("{said}; {none}"),
        }))
    }

    /// Keeps what was decided about these changes.
    fn keep(&self, numbers: &[usize]) -> Result<(), Error> {
        let mut by_file: BTreeMap<usize, Vec<Note>> = BTreeMap::new();
        for &n in numbers {
            let change = &self.session.changes[n];
            by_file.entry(change.file).or_default().push((change.edit.clone(), change.verdict));
        }
        by_file
            .iter()
            .try_for_each(|(file, notes)| self.book.note(&self.session.files[*file], &self.digests[*file], notes))
    }

    /// Writes what was accepted. What was refused stays refused in the files as they then are.
    ///
    /// # Errors
    /// When what was refused cannot be kept. That a file cannot be written is said, and the others go on.
    pub fn write(&self, scan: &mut Scan<'_>, writer: &mut Writer) -> Result<(), Error> {
        scan.stop.listen()?;
        for changes in self.session.changes.chunk_by(|a, b| a.file == b.file) {
            let is = |change: &&Change, verdict| change.verdict == Some(verdict);
            let accepted: Vec<Edit> =
                changes.iter().filter(|change| is(change, Verdict::Accept)).map(|change| change.edit.clone()).collect();
            if accepted.is_empty() || scan.stop.asked() {
                continue;
            }
            let (path, digest) = (&self.session.files[changes[0].file], &self.digests[changes[0].file]);
            let mut write = || {
                let (Loaded::Text(mut document) | Loaded::Skipped(_, mut document)) = read::open(path)?;
                if document.digest()? != *digest {
                    return Err(Error::changed());
                }
                let plan = Plan::new(accepted.clone(), digest.len, Vec::new())?;
                let staged = writer.prepare(&mut document, (&plan).into())?;
                writer.tell(&scan.messages);
                let after = staged.after();
                writer.commit(&document, staged, (&plan).into(), &[(path, &plan)])?;
                Ok(after)
            };
            match write() {
                Ok(after) => {
                    self.book.forget(path);
                    let refused = changes.iter().filter(|change| is(change, Verdict::Refuse));
                    let notes: Vec<Note> =
                        refused.map(|change| (moved(change, &accepted), Some(Verdict::Refuse))).collect();
                    if !notes.is_empty() {
                        self.book.note(path, &after, &notes)?;
                    }
                }
                Err(error) => scan.failed(&error.or_at(path)),
            }
        }
        Ok(())
    }
}

/// The edit of a place with another result, which a person chose.
fn other(found: &Edit, after: &str, chain: Chain) -> Edit {
    Edit { after: after.into(), chain, confidence: Confidence::Possible, lossy: false, ..found.clone() }
}

/// A refused edit, where it is when the accepted ones were made.
fn moved(change: &Change, accepted: &[Edit]) -> Edit {
    let Span { start, end } = change.edit.span;
    let before = accepted.iter().filter(|edit| edit.span.end <= start);
    let shift: i64 = before.map(|edit| edit.after.len() as i64 - edit.before.len() as i64).sum();
    let at = |place: u64| place.saturating_add_signed(shift);
    Edit { span: Span::new(at(start), at(end)), ..change.edit.clone() }
}
