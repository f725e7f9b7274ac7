//! Which runs are under way, and what did those leave behind that were killed?
//!
//! While a run writes, its folder has a file that says so, and that the system holds locked for as long as the run lives,
//! however it ends. One that is there and not locked is of a run that was cut short: the temporary files that its journal
//! names are removed, since each file beside them is wholly old or wholly new.
//!
//! In: the folder of the journals. Out: a mark of a run's own; no more leftovers, and what was done about them. Must not: touch
//! what no journal names, or anything of a run under way.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::journal::discard;
use super::undo::{self, Now};
use crate::error::Error;

/// Name of the file that says that a run is under way.
const MARK: &str = "running";

/// Says that a run is under way for as long as it lives.
#[derive(Debug)]
pub struct Mark {
    path: PathBuf,
    /// Whether it is left behind, for what could not be done.
    stays: bool,
    _locked: File,
}

impl Mark {
    /// Marks the run whose journal is in `folder`; none when another program has it under way.
    ///
    /// # Errors
    /// When the mark cannot be made or locked.
    pub fn set(folder: &Path) -> io::Result<Option<Mark>> {
        let path = folder.join(MARK);
        loop {
            let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path)?;
            match file.try_lock() {
                // Who had it before has taken it away since it was opened.
                Ok(()) if !path.exists() => {}
                Ok(()) => return Ok(Some(Mark { path, stays: false, _locked: file })),
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(e)) => return Err(e),
            }
        }
    }

    /// Whether the run in this folder is under way, or was cut short and not looked after yet.
    pub fn is_set(folder: &Path) -> bool {
        folder.join(MARK).exists()
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        if !self.stays {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A run that was cut short.
#[derive(Debug)]
pub struct CutShort {
    /// Its name.
    pub id: String,
    /// Temporary files that were removed.
    pub removed: Vec<PathBuf>,
    /// The file that is half written, if one is; an undo of the run puts it back.
    pub half: Option<PathBuf>,
    /// Temporary files that are there still, and why.
    pub failed: Vec<Error>,
}

/// Looks after the runs that were cut short, each once.
pub fn recover(state: &Path) -> Vec<CutShort> {
    let Ok(entries) = fs::read_dir(state) else { return Vec::new() };
    let mut folders: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|folder| Mark::is_set(folder)).collect();
    folders.sort();
    folders.iter().filter_map(|folder| look_after(folder, Mark::set(folder).ok()??)).collect()
}

/// Looks after one run that is marked, and takes the mark away if all went well; none if its journal cannot be read, of which
/// `undo` tells. Also for a run at its end, if a temporary file may be left: a folder may not be written to any more.
pub(super) fn look_after(folder: &Path, mut mark: Mark) -> Option<CutShort> {
    let run = undo::load(folder).ok()?;
    if !run.is_begun() {
        discard(folder, mark);
        return None;
    }
    let mut found = CutShort { id: run.id.clone(), removed: Vec::new(), half: None, failed: Vec::new() };
    for temp in &run.temps {
        let is_file = fs::symlink_metadata(temp).is_ok_and(|meta| meta.is_file());
        if !(is_file && is_own(temp, &run.id)) {
            continue;
        }
        match fs::remove_file(temp) {
            Ok(()) => found.removed.push(temp.clone()),
            Err(e) if e.kind() == ErrorKind::NotFound => {}
            Err(e) => found.failed.push(Error::from(e).at(temp)),
        }
    }
    let half = run.files.last().filter(|file| matches!(run.now(file), Ok(Now::CutShort)));
    found.half = half.map(|file| file.path.clone());
    // Looked after again the next time.
    mark.stays = !found.failed.is_empty();
    Some(found)
}

/// The name of a run's temporary file.
pub fn temp_name(id: &str, count: u64) -> String {
    format!(".unbake-{id}-{count}.tmp")
}

/// Whether a path is what a run calls its temporary files.
fn is_own(path: &Path, id: &str) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let count =
        name.strip_prefix(".unbake-").and_then(|rest| rest.strip_prefix(id)?.strip_prefix('-')?.strip_suffix(".tmp"));
    count.is_some_and(|count| !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_its_own() {
        assert!(is_own(
            Path::new("/a").join(temp_name("2026-01-01-000000-00ff", 12)).as_path(),
            "2026-01-01-000000-00ff"
        ));
        for other in [".unbake-x-1.tmp", ".unbake-2026-01-01-000000-00ff-.tmp", "2026-01-01-000000-00ff-1.tmp"] {
            assert!(!is_own(Path::new(other), "2026-01-01-000000-00ff"));
        }
    }
}
