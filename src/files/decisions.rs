//! What was decided about single edits, kept in files: by `review` so that it can be taken up again, by the page of
//! `--format html`, and for `fix --decisions`.
//!
//! In: verdicts on edits of a file that has a certain content. Out: JSON lines, each batch with the file that it is about,
//! so that lines can be appended at any time and the last word on an edit counts. Must not: apply to a file whose content
//! is another one, or take for an edit what the file has no bytes for.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::journal::{Bytes, Content, EditRecord, private};
use super::walk::resolved;
use crate::edit::{Edit, Plan};
use crate::error::Error;

/// Version of the format; a file of another one is refused.
pub const VERSION: u32 = 1;

/// Name of the folder of decisions in the state folder.
const FOLDER: &str = "decisions";

/// What was decided about an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Make it.
    Accept,
    /// Do not make it.
    Refuse,
}

/// One line.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Record {
    /// The first line.
    Decisions { version: u32 },
    /// What the lines after it are about.
    File {
        path: Bytes,
        #[serde(flatten)]
        content: Content,
    },
    /// A word on an edit. Without a decision: it is open again.
    Edit {
        #[serde(default)]
        decision: Option<Verdict>,
        #[serde(flatten)]
        edit: EditRecord,
    },
}

/// A word on an edit: none takes the last one back.
pub type Word = (Edit, Option<Verdict>);

/// What was decided about one file.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The path, as it was written down.
    pub path: PathBuf,
    /// The content that it is about.
    pub digest: Digest,
    edits: BTreeMap<(u64, u64), (Edit, Verdict)>,
}

impl Decided {
    /// The edits in their order, with the verdicts.
    pub fn edits(&self) -> impl Iterator<Item = &(Edit, Verdict)> {
        self.edits.values()
    }

    /// The plan of what was accepted.
    ///
    /// # Errors
    /// When the edits overlap or reach past the end, because the file was tampered with.
    pub fn plan(&self) -> Result<Plan, Error> {
        let accepted = self.edits().filter(|(_, verdict)| *verdict == Verdict::Accept);
        Plan::new(accepted.map(|(edit, _)| edit.clone()).collect(), self.digest.len, Vec::new())
    }
}

/// Decisions, by file.
#[derive(Debug, Default)]
pub struct Decisions {
    files: HashMap<PathBuf, Vec<Decided>>,
    order: Vec<PathBuf>,
}

impl Decisions {
    /// Reads a file of decisions.
    ///
    /// # Errors
    /// When it cannot be read, or is no such file.
    pub fn load(from: &Path) -> Result<Decisions, Error> {
        let file = File::open(from).map_err(|e| Error::from(e).at(from))?;
        Decisions::read(BufReader::new(file)).map_err(|e| e.at(from))
    }

    fn read(mut lines: impl BufRead) -> Result<Decisions, Error> {
        let mut decisions = Decisions::default();
        let (mut current, mut known): (Option<(PathBuf, usize)>, bool) = (None, false);
        let mut line = Vec::new();
        for number in 1u64.. {
            line.clear();
            lines.read_until(b'\n', &mut line)?;
            // The end, or a line that was cut short, which was said by nobody.
            if line.last() != Some(&b'\n') && serde_json::from_slice::<Record>(&line).is_err() {
                if !line.is_empty() && !known {
                    return Err(Error::usage(
                        "is no file of decisions: `unbake review` and the HTML report write them",
                    ));
                }
                break;
            }
            let wrong = |why: String| Error::usage(format!("is no file of decisions, by line {number}: {why}"));
            match serde_json::from_slice(&line).map_err(|e| wrong(e.to_string()))? {
                Record::Decisions { version } if version != VERSION => {
                    return Err(wrong(format!("it is of version {version}, this program knows {VERSION}")));
                }
                Record::Decisions { .. } => known = true,
                _ if !known => return Err(wrong("the first line does not say so".into())),
                Record::File { path, content } => {
                    current = Some(decisions.about(path.path()?, content.into()));
                }
                Record::Edit { decision, edit } => {
                    let Some((path, at)) = &current else { return Err(wrong("which file is it about?".into())) };
                    let edit = edit.edit()?;
                    let Some(decided) = decisions.files.get_mut(path).and_then(|all| all.get_mut(*at)) else {
                        continue;
                    };
                    let key = (edit.span.start, edit.span.end);
                    match decision {
                        Some(verdict) => decided.edits.insert(key, (edit, verdict)),
                        None => decided.edits.remove(&key),
                    };
                }
            }
        }
        Ok(decisions)
    }

    /// Where the decisions about a file with some content are.
    fn about(&mut self, path: PathBuf, digest: Digest) -> (PathBuf, usize) {
        let key = resolved(&path);
        if !self.files.contains_key(&key) {
            self.order.push(key.clone());
        }
        let all = self.files.entry(key.clone()).or_default();
        let at = all.iter().position(|decided| decided.digest == digest).unwrap_or_else(|| {
            all.push(Decided { path, digest, edits: BTreeMap::new() });
            all.len() - 1
        });
        (key, at)
    }

    /// What was decided about a file with this content.
    pub fn of(&self, path: &Path, digest: &Digest) -> Option<&Decided> {
        self.files.get(&resolved(path))?.iter().find(|decided| decided.digest == *digest)
    }

    /// The files that something was decided about, in the order in which they were named.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.order.iter().filter_map(|key| self.files.get(key)?.first().map(|decided| &*decided.path))
    }
}

/// Where decisions are kept.
#[derive(Debug)]
pub enum Book {
    /// A folder with a file for each file.
    Folder(PathBuf),
    /// One file for all, and what it held when it was opened.
    File(PathBuf, Decisions),
}

impl Book {
    /// The book in the state folder.
    pub fn in_state(state: &Path) -> Book {
        Book::Folder(state.join(FOLDER))
    }

    /// A book that is one file, which need not be there yet.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn in_file(path: &Path) -> Result<Book, Error> {
        let known = if path.exists() { Decisions::load(path)? } else { Decisions::default() };
        Ok(Book::File(path.to_owned(), known))
    }

    /// Where the decisions about a file are.
    fn page(&self, about: &Path) -> PathBuf {
        match self {
            Book::File(path, _) => path.clone(),
            Book::Folder(folder) => {
                let name = blake3::hash(resolved(about).as_os_str().as_encoded_bytes()).to_hex();
                folder.join(format!("{}.jsonl", &name[..32]))
            }
        }
    }

    /// What was decided about a file with this content.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn recall(&self, about: &Path, digest: &Digest) -> Result<Option<Decided>, Error> {
        match self {
            Book::File(_, known) => Ok(known.of(about, digest).cloned()),
            Book::Folder(_) => {
                let page = self.page(about);
                if page.exists() { Ok(Decisions::load(&page)?.of(about, digest).cloned()) } else { Ok(None) }
            }
        }
    }

    /// Writes down words on edits of a file.
    ///
    /// # Errors
    /// When that fails.
    pub fn note(&self, about: &Path, digest: &Digest, words: &[Word]) -> Result<(), Error> {
        let page = self.page(about);
        let path = match self {
            Book::Folder(folder) => {
                private().recursive(true).create(folder).map_err(|e| Error::from(e).at(folder))?;
                resolved(about)
            }
            Book::File(..) => about.to_owned(),
        };
        let mut lines = Vec::new();
        let mut file =
            OpenOptions::new().append(true).create(true).open(&page).map_err(|e| Error::from(e).at(&page))?;
        if file.metadata().map_err(|e| Error::from(e).at(&page))?.len() == 0 {
            push(&mut lines, &Record::Decisions { version: VERSION })?;
        }
        push(&mut lines, &Record::File { path: Bytes::of_path(&path), content: (*digest).into() })?;
        for (edit, decision) in words {
            push(&mut lines, &Record::Edit { decision: *decision, edit: edit.into() })?;
        }
        file.write_all(&lines).map_err(|e| Error::from(e).at(&page))
    }

    /// Lets go of what was decided about a file that has changed, unless the book is the user's own.
    pub fn forget(&self, about: &Path) {
        if let Book::Folder(folder) = self {
            // What stays is about a content that is no more, and so says nothing.
            let _ = fs::remove_file(self.page(about));
            let _ = fs::remove_dir(folder);
        }
    }
}

fn push(lines: &mut Vec<u8>, record: &Record) -> io::Result<()> {
    serde_json::to_writer(&mut *lines, record)?;
    lines.push(b'\n');
    Ok(())
}
