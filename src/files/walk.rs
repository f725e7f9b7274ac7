//! Which files? All below a folder that are not ignored.
//!
//! In: a folder and what to leave out. Out: paths, sorted by their bytes, and what could not be read. Must not: open a
//! file, follow a symlink, or enter `.git`.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::gitignore::Gitignore;
use ignore::{WalkBuilder, WalkState};

use crate::error::Error;

/// Files that say what is left out, beside those that git has.
const IGNORE: &str = ".unbakeignore";

/// What `.unbakeignore` files say of files that no walk led to.
#[derive(Debug, Default)]
pub struct Ignored(Mutex<HashMap<PathBuf, Option<Arc<Gitignore>>>>);

impl Ignored {
    /// Whether a file is left out: the nearest `.unbakeignore` that speaks of it decides.
    pub fn leaves_out(&self, path: &Path) -> bool {
        let Ok(path) = std::path::absolute(path) else { return false };
        let says = path.ancestors().skip(1).find_map(|folder| {
            let globs = self.of(folder)?;
            let found = globs.matched_path_or_any_parents(path.strip_prefix(folder).ok()?, false);
            (!found.is_none()).then(|| found.is_ignore())
        });
        says.unwrap_or(false)
    }

    /// The globs of a folder's own file.
    fn of(&self, folder: &Path) -> Option<Arc<Gitignore>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || {
            let file = folder.join(IGNORE);
            file.is_file().then(|| Arc::new(Gitignore::new(file).0))
        };
        known.entry(folder.to_owned()).or_insert_with(read).clone()
    }
}

/// Asked with a path and whether it is a folder: is it to be looked at?
pub type Keep = Arc<dyn Fn(&Path, bool) -> bool + Send + Sync>;

/// How to walk.
#[derive(Clone)]
pub struct Walk {
    /// Whether hidden files and folders are walked too.
    pub hidden: bool,
    /// Whether `.gitignore`, `.ignore` and `.unbakeignore` are obeyed.
    pub ignore_files: bool,
    /// How many threads walk.
    pub threads: usize,
    /// What else decides; a folder that is refused is not entered.
    pub keep: Keep,
}

impl Walk {
    /// The files below `root`, sorted, and the errors met, sorted by their text.
    pub fn files(&self, root: &Path) -> (Vec<PathBuf>, Vec<Error>) {
        self.entries(root, FileType::is_file)
    }

    /// All that is below `root`: files, folders and links, and itself.
    pub fn all(&self, root: &Path) -> (Vec<PathBuf>, Vec<Error>) {
        self.entries(root, |_| true)
    }

    fn entries(&self, root: &Path, wanted: impl Fn(&FileType) -> bool + Sync) -> (Vec<PathBuf>, Vec<Error>) {
        let mut builder = WalkBuilder::new(root);
        builder
            .standard_filters(self.ignore_files)
            .hidden(!self.hidden)
            .follow_links(false)
            .threads(self.threads.max(1));
        if self.ignore_files {
            builder.add_custom_ignore_filename(IGNORE);
        }
        let keep = Arc::clone(&self.keep);
        builder.filter_entry(move |entry| {
            let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            entry.depth() == 0 || (entry.file_name() != OsStr::new(".git") && keep(entry.path(), folder))
        });
        let found = Mutex::new((Vec::new(), Vec::new()));
        let lock = || found.lock().unwrap_or_else(PoisonError::into_inner);
        builder.build_parallel().run(|| {
            Box::new(|entry| {
                match entry {
                    Ok(entry) if entry.file_type().is_some_and(|kind| wanted(&kind)) => {
                        lock().0.push(entry.into_path())
                    }
                    Ok(_) => {}
                    Err(e) => lock().1.push(error(e)),
                }
                WalkState::Continue
            })
        });
        let (mut files, mut errors) = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        files.sort_unstable_by(|a, b| a.as_os_str().as_encoded_bytes().cmp(b.as_os_str().as_encoded_bytes()));
        errors.sort_by_cached_key(Error::to_string);
        (files, errors)
    }
}

/// Whether a path leads to a folder.
pub fn is_folder(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_dir())
}

/// Whether a path is a link.
pub fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink())
}

/// Whether there is something at a path, be it a link that leads nowhere.
///
/// # Errors
/// When there is nothing, or it cannot be seen.
pub fn exists(path: &Path) -> Result<(), Error> {
    Ok(fs::symlink_metadata(path).map(|_| ())?)
}

/// A name for the file that a path leads to, the same for all paths that lead there; the path itself when it leads
/// nowhere.
pub fn resolved(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The walker's error as ours, with its path.
fn error(e: ignore::Error) -> Error {
    match e {
        ignore::Error::WithPath { path, err } => error(*err).or_at(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error(*err),
        ignore::Error::Io(e) => e.into(),
        other => io::Error::other(other.to_string()).into(),
    }
}
