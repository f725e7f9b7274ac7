//! Writes plans to files and keeps count: what `fix` and `review` have in common.
//!
//! In: documents and plans. Out: files written, with the way back in the journal. Must not: write a file twice under two
//! of its names.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::scan::Scan;
use crate::edit::Plan;
use crate::error::Error;
use crate::files::containers;
use crate::files::digest::Digest;
use crate::files::journal::Run;
use crate::files::prune;
use crate::files::recovery::CutShort;
use crate::files::write::{Change, Expected, Staged};
use crate::files::{Document, Loaded, Skip, read, state};
use crate::report::Messages;
use crate::report::messages::count;

/// A file that was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The path as it was given.
    pub path: PathBuf,
    /// Whether it was looked into as a container.
    pub is_container: bool,
    after: Digest,
}

impl Written {
    /// Reads it again.
    ///
    /// # Errors
    /// When it cannot be read, or is no longer what was written.
    pub fn load(&self) -> Result<Loaded, Error> {
        let mut loaded = read::open(&self.path)?;
        let (Loaded::Text(document) | Loaded::Skipped(_, document)) = &mut loaded;
        if document.digest()? == self.after { Ok(loaded) } else { Err(Error::changed()) }
    }
}

/// What was written so far.
#[derive(Debug)]
pub struct Writer {
    run: Run,
    written: HashSet<(u64, u64)>,
    /// The files, in that order.
    pub list: Vec<Written>,
    /// How many files.
    pub files: u64,
    /// How many edits.
    pub edits: u64,
}

impl Writer {
    /// A writer that has written nothing.
    ///
    /// # Errors
    /// When there is no place for the journal.
    pub fn new() -> Result<Writer, Error> {
        Ok(Writer { run: Run::new(state::folder()?), written: HashSet::new(), list: Vec::new(), files: 0, edits: 0 })
    }

    /// Does all that can fail beforehand.
    ///
    /// # Errors
    /// When the file is no longer what was read, or cannot be written.
    pub fn prepare(&mut self, document: &mut Document, change: Change<'_>) -> Result<Staged, Error> {
        let expected = Expected { stamp: document.stamp().copied(), digest: document.digest()? };
        self.run.prepare(document.path(), &expected, change)
    }

    /// Ends it: the mark that it is under way goes, and journals that need not be kept. That these stay for once is no error.
    pub fn end(self, scan: &Scan<'_>) {
        let messages = &scan.messages;
        if self.run.id().is_none() {
            return;
        }
        drop(self.run);
        match scan.resolver().kept().and_then(|keep| prune::prune(&state::folder()?, keep)) {
            Ok(gone) if gone.is_empty() => {}
            Ok(gone) => messages.note(format_args!("{} no longer kept", count(gone.len() as u64, "old journal"))),
            Err(error) => messages.notice(format_args!("old journals cannot be removed: {error}")),
        }
    }

    /// Says what was done about runs that were cut short before.
    pub fn tell(&mut self, messages: &Messages) {
        tell(messages, self.run.cut_short());
    }

    /// Writes what was prepared, which makes the edits of these `texts`: of the file, or in it.
    ///
    /// # Errors
    /// When the file has changed meanwhile, or cannot be written.
    pub fn commit(
        &mut self,
        document: &Document,
        staged: Staged,
        change: Change<'_>,
        texts: &[(&Path, &Plan)],
    ) -> Result<(), Error> {
        let (path, after) = (document.path().to_owned(), staged.after());
        let edits = texts.iter().map(|(_, plan)| plan.edits().len() as u64).sum();
        let members = texts.iter().filter(|(_, plan)| !plan.is_empty());
        let members: Vec<_> = members.map(|(member, plan)| (containers::within(&path, member), *plan)).collect();
        self.run.commit(staged, change, edits, &members)?;
        self.list.push(Written { path, is_container: matches!(change, Change::Pieces(_)), after });
        self.files += 1;
        self.edits += edits;
        if let Some(id) = document.stamp().filter(|stamp| stamp.links > 1).and_then(|stamp| stamp.id) {
            self.written.insert(id);
        }
        Ok(())
    }

    /// Whether the document is another name of a file that was written already, which was said.
    pub fn is_written(&self, scan: &Scan<'_>, document: &Document) -> bool {
        let again = document.stamp().and_then(|stamp| stamp.id).is_some_and(|id| self.written.contains(&id));
        if again {
            scan.messages.note(format_args!("{}: skipped: {}", document.path().display(), Skip::SameFile.why()));
        }
        again
    }

    /// Whether the document is another name of a file that was handed here before, which is said. For who writes later.
    pub fn is_listed(&mut self, scan: &Scan<'_>, document: &Document) -> bool {
        let listed = self.is_written(scan, document);
        self.written.extend(document.stamp().filter(|stamp| stamp.links > 1).and_then(|stamp| stamp.id));
        listed
    }

    /// `2 edits in 1 file`.
    pub fn done(&self) -> String {
        format!("{} in {}", count(self.edits, "edit"), count(self.files, "file"))
    }

    /// The name of the run; none when nothing was written.
    pub fn run(&self) -> Option<&str> {
        self.run.id()
    }

    /// How to take it back, as the end of a sentence; empty when nothing was written.
    pub fn way_back(&self) -> String {
        self.run.id().map(|id| format!("; to put it back: unbake undo {id}")).unwrap_or_default()
    }
}

/// Says what was done about runs that were cut short before.
pub fn tell(messages: &Messages, cut_short: Vec<CutShort>) {
    for CutShort { id, removed, half, failed } in cut_short {
        for temp in &removed {
            messages.notice(format_args!("run {id} was cut short: removed {}, which it left", temp.display()));
        }
        for error in &failed {
            messages.notice(format_args!("run {id} was cut short, and what it left cannot be removed: {error}"));
        }
        if let Some(half) = half {
            let half = half.display();
            messages.notice(format_args!(
                "run {id} was cut short: {half} is half written; to put it back: unbake undo {id}"
            ));
        }
    }
}
