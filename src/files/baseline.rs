//! Findings that a team has agreed to live with for now.
//!
//! In: a file of them, and the findings of each text in turn. Out: which of these are in the file, and which entries of the
//! file match nothing any more. A finding is known by its file, its text and the words around it, not by its line: it may
//! move, and its file may be renamed. The file holds hashes of the damage, not the damage: else it would be full of findings
//! itself. Must not: let one entry excuse two findings.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::edit::{Edit, Lost, Plan, Remark};
use crate::error::Error;

/// Version of the format.
const VERSION: u32 = 1;

/// How many characters around a finding are a part of what it is known by, on each side.
const AROUND: usize = 16;

#[derive(Serialize, Deserialize)]
struct Written {
    version: u32,
    findings: Vec<Line>,
}

/// A finding as the file has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Line {
    path: String,
    key: Key,
    /// What it would be repaired to, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    repaired: String,
}

/// What a finding is known by: hashes of the text itself and of what stands before and after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Key {
    text: String,
    left: String,
    right: String,
}

impl Key {
    fn new(text: &str, left: &str, right: &str) -> Key {
        let hash = |text: &str| blake3::hash(text.as_bytes()).to_hex()[..12].to_owned();
        let near = left.char_indices().rev().take(AROUND).last().map_or(left.len(), |(at, _)| at);
        let right: String = right.chars().take(AROUND).collect();
        Key { text: hash(text), left: hash(left[near..].trim_start()), right: hash(right.trim_end()) }
    }

    /// How well it fits another: not at all, so that one side was changed, or exactly.
    fn fits(&self, other: &Key) -> u8 {
        match (self.text == other.text, self.left == other.left, self.right == other.right) {
            (false, ..) | (true, false, false) => 0,
            (true, true, true) => 2,
            _ => 1,
        }
    }
}

impl Line {
    fn edit(path: &str, edit: &Edit) -> Line {
        let key = Key::new(&edit.before_text(), &edit.place.left, &edit.place.right);
        Line { path: path.to_owned(), key, repaired: edit.after_text().into_owned() }
    }

    fn lost(path: &str, lost: &Lost) -> Line {
        let key = Key::new(&lost.text(), &lost.place.left, &lost.place.right);
        Line { path: path.to_owned(), key, repaired: String::new() }
    }

    fn remark(path: &str, remark: &Remark) -> Line {
        let key = Key::new(&format!("{}: {}", remark.rule, remark.text()), &remark.place.left, &remark.place.right);
        Line { path: path.to_owned(), key, repaired: String::new() }
    }
}

/// Known findings.
#[derive(Debug)]
pub struct Baseline {
    file: PathBuf,
    /// The folder that paths start from.
    root: PathBuf,
    /// Entries that nothing has matched yet, by path.
    known: BTreeMap<String, Vec<Line>>,
    /// Paths of the texts that were looked into.
    seen: HashSet<String>,
    /// What to write: when the file is to be made anew.
    fresh: Option<Vec<Line>>,
}

impl Baseline {
    /// Reads a baseline, or begins a new one (then it is no error when there is none yet).
    ///
    /// # Errors
    /// When the file cannot be read, or is no baseline.
    pub fn open(file: &Path, anew: bool) -> Result<Baseline, Error> {
        let mut known: BTreeMap<String, Vec<Line>> = BTreeMap::new();
        match fs::read_to_string(file) {
            Ok(text) => {
                let written: Written = serde_json::from_str(&text)
                    .map_err(|e| {
                        Error::usage(format!("is no baseline: {e}; make it anew with --update-baseline")).at(file)
                    })
                    .or_else(
                        |error| if anew { Ok(Written { version: VERSION, findings: vec![] }) } else { Err(error) },
                    )?;
                if written.version != VERSION && !anew {
                    let why = "is a baseline of another version of unbake; make it anew with --update-baseline";
                    return Err(Error::usage(why).at(file));
                }
                for line in written.findings {
                    known.entry(line.path.clone()).or_default().push(line);
                }
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound && anew => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                return Err(Error::usage("is not there; write it with --update-baseline").at(file));
            }
            Err(e) => return Err(Error::from(e).at(file)),
        }
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let root = fs::canonicalize(folder).map_err(|e| Error::from(e).at(folder))?;
        let fresh = anew.then(Vec::new);
        Ok(Baseline { file: file.to_owned(), root, known, seen: HashSet::new(), fresh })
    }

    /// The plan without what is known. When the file is made anew, all that there is becomes known.
    pub fn sift(&mut self, path: &Path, plan: Plan, counts_lost: bool) -> (Plan, u64) {
        let name = self.name(path);
        let is_known_path = self.known.contains_key(&name);
        self.seen.insert(name.clone());
        let edits = plan.edits().iter().map(|edit| Line::edit(&name, edit));
        let lost = plan.lost().iter().map(|lost| Line::lost(&name, lost));
        // Lost text that is only noted is no finding, and is noted again.
        let lost = lost.take(if counts_lost { usize::MAX } else { 0 });
        let remarks = plan.remarks().iter().map(|remark| Line::remark(&name, remark));
        let lines: Vec<Line> = edits.chain(remarks).chain(lost).collect();
        if lines.is_empty() {
            return (plan, 0);
        }
        if let Some(fresh) = &mut self.fresh {
            let known = lines.len() as u64;
            fresh.extend(lines);
            let plan = plan.retain(|_| false).with_remarks(Vec::new());
            return (if counts_lost { plan.with_lost(Vec::new()) } else { plan }, known);
        }
        let mut is_known = vec![false; lines.len()];
        // What fits exactly is taken first, or something that fits half would take its entry.
        for least in [2, 1] {
            for (line, done) in lines.iter().zip(&mut is_known).filter(|(_, done)| !**done) {
                *done = take(self.known.get_mut(&name), line, least);
            }
        }
        // A file that is new here may be one that had another name.
        if !is_known_path {
            for (line, done) in lines.iter().zip(&mut is_known) {
                let gone = self.known.iter_mut().filter(|(path, _)| !self.root.join(path).exists());
                *done = gone.map(|(_, entries)| entries).any(|entries| take(Some(entries), line, 2));
            }
        }
        let known = is_known.iter().filter(|known| **known).count() as u64;
        let mut marks = is_known.into_iter();
        let plan = plan.retain(|_| marks.next() == Some(false));
        let remarks = plan.remarks().iter().filter(|_| marks.next() != Some(true)).cloned().collect();
        let left = plan.lost().iter().filter(|_| marks.next() != Some(true)).cloned().collect();
        (plan.with_lost(left).with_remarks(remarks), known)
    }

    /// Ends it: writes the file if it is to be made anew. Gives how many entries it has, or, of one that is only used, which
    /// matched nothing: of files that were looked into, and of files that are gone.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn end(self) -> Result<End, Error> {
        let Some(mut fresh) = self.fresh else {
            let stale = self.known.into_iter().filter(|(path, entries)| {
                !entries.is_empty() && (self.seen.contains(path) || !self.root.join(path).exists())
            });
            return Ok(End::Stale(stale.map(|(path, entries)| (path, entries.len() as u64)).collect()));
        };
        // What was not looked at stays known.
        let others =
            self.known.into_iter().filter(|(path, _)| !self.seen.contains(path) && self.root.join(path).exists());
        fresh.extend(others.flat_map(|(_, entries)| entries));
        fresh.sort_by(|a, b| a.path.cmp(&b.path));
        // An entry a line: so that versions of it can be compared and merged.
        let mut text = format!("{{\"version\": {VERSION}, \"findings\": [");
        for (i, line) in fresh.iter().enumerate() {
            text += if i > 0 { ",\n  " } else { "\n  " };
            text += &serde_json::to_string(line).map_err(io::Error::from)?;
        }
        text += "\n]}\n";
        let write = || -> io::Result<()> {
            let mut temp = tempfile::NamedTempFile::new_in(&self.root)?;
            temp.write_all(text.as_bytes())?;
            temp.persist(&self.file).map_err(|e| e.error)?;
            #[cfg(unix)]
            fs::set_permissions(&self.file, std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
            Ok(())
        };
        write().map_err(|e| Error::from(e).at(&self.file))?;
        Ok(End::Written(fresh.len() as u64))
    }

    /// A file's path from the baseline's folder, with `/` on any system.
    fn name(&self, path: &Path) -> String {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let full = fs::canonicalize(folder).unwrap_or_default().join(path.file_name().unwrap_or_default());
        let name = full.strip_prefix(&self.root).unwrap_or(&full);
        name.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    }
}

/// What came of a baseline.
#[derive(Debug)]
pub enum End {
    /// It was written, with so many entries.
    Written(u64),
    /// Files, and how many of their entries match nothing any more.
    Stale(Vec<(String, u64)>),
}

/// Takes an entry that fits at least so well out of the entries.
fn take(entries: Option<&mut Vec<Line>>, line: &Line, least: u8) -> bool {
    let Some(entries) = entries else { return false };
    let at = entries.iter().position(|entry| entry.key.fits(&line.key) >= least);
    at.map(|at| entries.remove(at)).is_some()
}
