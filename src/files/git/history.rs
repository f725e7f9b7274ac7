//! What became of a file, commit by commit, and which commit brought a text in.
//!
//! In: a path, and texts that stand in the file. Out: the commits that changed it (followed through renames), with the lines
//! that they took away and added. Must not: keep lines that nobody asks for: those that are plain ASCII and hold no question
//! mark.

use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use memchr::memmem;

use super::patch::{self, Part};
use super::{PATCH, folder_of, git, missing};
use crate::error::Error;

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Commit {
    /// When it was committed, in seconds since 1970.
    pub time: u64,
    /// Its whole hash.
    pub id: String,
    /// The day on which it was committed, as `2026-11-23`.
    pub date: String,
    /// The author's name.
    pub author: String,
    /// The first line of its message.
    pub subject: String,
}

/// Where something came from: a commit, and what the file was called in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The commit.
    pub commit: Commit,
    /// The file's path there, from the top folder.
    pub path: PathBuf,
}

/// What a commit did to the file.
#[derive(Debug)]
struct Change {
    origin: Origin,
    removed: Vec<Vec<u8>>,
    added: Vec<Vec<u8>>,
}

/// The commits that changed a file, the latest first.
#[derive(Debug, Default)]
pub struct History(Vec<Change>);

impl History {
    /// The history of a file; empty when it was never committed. `option` is what the user typed to have git asked.
    ///
    /// # Errors
    /// When git cannot be run, or the file is in no repository.
    pub fn of(path: &Path, option: &str) -> Result<History, Error> {
        let Some(name) = path.file_name() else { return Ok(History::default()) };
        let mut git = git(folder_of(path));
        git.args(["log", "--follow", "-M", "-p", "-U0", "--date=short", "--format=%x00%H%x09%ct%x09%cd%x09%an%x09%s"]);
        git.args(PATCH).arg("--").arg(name).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = git.spawn().map_err(|e| missing(e, option).at(path))?;
        let mut changes: Vec<Change> = Vec::new();
        if let Some(printed) = child.stdout.take() {
            patch::read::<Error>(BufReader::new(printed), |part| {
                let last = changes.last_mut();
                match (part, last) {
                    (Part::Other(line), _) => {
                        if let Some(commit) = line.strip_prefix(b"\0").and_then(commit) {
                            let origin = Origin { commit, path: PathBuf::new() };
                            changes.push(Change { origin, removed: Vec::new(), added: Vec::new() });
                        }
                    }
                    (Part::File(Some(path)), Some(last)) => last.origin.path = path,
                    (Part::Removed(line), Some(last)) if is_kept(&line) => last.removed.push(line),
                    (Part::Added(line), Some(last)) if is_kept(&line) => last.added.push(line),
                    _ => {}
                }
                Ok(())
            })?;
        }
        let mut said = String::new();
        if let Some(mut err) = child.stderr.take() {
            err.read_to_string(&mut said)?;
        }
        if !child.wait()?.success() {
            let why = said.lines().next().unwrap_or("no reason given");
            if why.contains("not a git repository") {
                return Err(Error::usage(format!("{option}: not in a git repository")).at(path));
            }
            // Where nothing was ever committed, there is no history.
            if !why.contains("does not have any commits") {
                return Err(Error::usage(format!("{option}: git says: {why}")).at(path));
            }
        }
        Ok(History(changes))
    }

    /// The first commit that brought a text in; none when it is not committed yet. `wide` is the text with some of what
    /// stands around it, which tells it from the same text elsewhere; `narrow` the text alone, by which it is followed
    /// through commits that changed what stands around it.
    pub fn origin(&self, wide: &[u8], narrow: &[u8]) -> Option<&Origin> {
        let has = |lines: &[Vec<u8>], text: &[u8]| {
            let finder = memmem::Finder::new(text);
            lines.iter().any(|line| finder.find(line).is_some())
        };
        let first = |changes: &[Change], text: &[u8]| changes.iter().rposition(|change| has(&change.added, text));
        let mut at = first(&self.0, wide).or_else(|| first(&self.0, narrow))?;
        // It stood there already, and the line was only touched.
        if has(&self.0[at].removed, narrow)
            && let Some(before) = first(&self.0[at + 1..], narrow)
        {
            at += 1 + before;
        }
        Some(&self.0[at].origin)
    }

    /// All lines that ever stood in the file, as far as they are kept, with where they were last seen: the latest first.
    pub fn lines(&self) -> impl Iterator<Item = (&Origin, &[u8])> {
        self.0.iter().flat_map(|change| {
            change.removed.iter().chain(&change.added).map(move |line| (&change.origin, line.as_slice()))
        })
    }
}

/// Whether a line can hold damage, or text that was lost.
fn is_kept(line: &[u8]) -> bool {
    !line.is_ascii() || line.contains(&b'?')
}

fn commit(line: &[u8]) -> Option<Commit> {
    let line = String::from_utf8_lossy(line);
    let mut parts = line.splitn(5, '\t').map(str::to_owned);
    let mut next = || parts.next();
    let (id, time, date) = (next()?, next()?.parse().ok()?, next()?);
    Some(Commit { id, time, date, author: next()?, subject: next().unwrap_or_default() })
}
