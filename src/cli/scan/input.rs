//! What is looked into: files that were named or met while walking, standard input, what is staged, what was written.
//!
//! In: paths as they were given. Out: inputs, each file once and in order, and what went wrong on the way; what each is when it is
//! opened. Must not: open a file before it is its turn.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::Scan;
use crate::cli::writer::Written;
use crate::error::Error;
use crate::files::git::{self, Blob, Blobs};
use crate::files::walk::{self, Walk};
use crate::files::{Loaded, read};

/// What to look into.
#[derive(Clone, Debug)]
pub enum Input {
    /// A path that was given.
    Named(PathBuf),
    /// A regular file that was met while walking.
    Found(PathBuf),
    Stdin(PathBuf, Slot),
    /// A file as it is staged.
    Staged(Blob, Blobs),
    /// A file that was written, and what was written.
    Written(Written),
}

/// Of so many files the sizes are asked for, to tell how long it will take; of more of them their number tells.
const MEASURED: usize = 50_000;

/// How many bytes there are in all, if that is soon told.
pub(super) fn size(inputs: &[Input]) -> Option<u64> {
    let size = |input: &Input| match input {
        Input::Named(path) | Input::Found(path) => Some(read::size(path)),
        Input::Written(written) => Some(read::size(&written.path)),
        Input::Stdin(..) => read::input_len(),
        Input::Staged(..) => None,
    };
    if inputs.len() > MEASURED { None } else { inputs.iter().map(size).sum() }
}

/// Keeps what was read of standard input, which can be read only once.
pub type Slot = Arc<Mutex<Option<Loaded>>>;

impl Input {
    /// What it is called, and whether it is standard input.
    pub fn name(&self) -> (&Path, bool) {
        match self {
            Input::Named(path) | Input::Found(path) => (path, false),
            Input::Stdin(path, _) => (path, true),
            Input::Staged(blob, _) => (&blob.path, false),
            Input::Written(written) => (&written.path, false),
        }
    }

    pub fn load(&self) -> Result<Loaded, Error> {
        match self {
            Input::Named(path) => read::open(path),
            Input::Found(path) => read::open_found(path),
            Input::Staged(blob, blobs) => read::held(&blob.path, blobs.content(blob)?),
            Input::Written(written) => written.load(),
            Input::Stdin(path, slot) => {
                let read = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
                read.map_or_else(|| read::stdin(path), Ok)
            }
        }
    }

    /// Keeps what was loaded, where it cannot be loaded again.
    pub fn keep(&self, loaded: Loaded) {
        match (self, loaded) {
            (Input::Stdin(_, slot), loaded) => *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(loaded),
            (_, Loaded::Text(mut document) | Loaded::Skipped(_, mut document)) => document.forget(),
        }
    }
}

/// Paths, each with whether it was named, and what went wrong on the way to them.
pub type Paths = (Vec<(PathBuf, bool)>, Vec<Error>);

impl Scan<'_> {
    /// What is staged.
    pub(super) fn index(&mut self) -> Result<(Vec<Input>, Vec<Error>), Error> {
        if self.args.paths.iter().any(|path| is_stdin(path)) {
            return Err(Error::usage("--staged reads the index, not standard input: leave `-` out"));
        }
        let (mut blobs, added) = git::staged(&self.args.starts())?;
        self.news.added = Some(added);
        let resolver = &self.resolver;
        // Wrong settings are reported when the file is read.
        blobs.retain(|blob| {
            let settings = resolver.for_file(&blob.path);
            settings.map_or(true, |settings| resolver.included(&settings, &blob.path))
        });
        let contents = Blobs::open()?;
        Ok((blobs.into_iter().map(|blob| Input::Staged(blob, contents.clone())).collect(), Vec::new()))
    }

    /// The paths that would be looked into, each with whether it was named, and what went wrong on the way.
    ///
    /// # Errors
    /// When the index is asked for and cannot be read.
    pub fn paths(&mut self) -> Result<Paths, Error> {
        let (inputs, errors) = if self.staged { self.index()? } else { self.inputs(1) };
        let path = |input: &Input| (input.name().0.to_owned(), !matches!(input, Input::Found(_)));
        Ok((inputs.iter().map(path).collect(), errors))
    }

    /// What to look into, each file once, and what went wrong on the way.
    pub(super) fn inputs(&self, threads: usize) -> (Vec<Input>, Vec<Error>) {
        let (mut inputs, mut errors) = (Vec::new(), Vec::new());
        let mut seen = HashSet::new();
        // Only several arguments can lead to the same file: to resolve every path of a large tree takes its time.
        let several = self.args.paths.len() > 1;
        let mut first = |path: &Path| !several || seen.insert(walk::resolved(path));
        for path in self.args.starts().iter() {
            if is_stdin(path) {
                let name = self.args.stdin_filename.clone().unwrap_or_else(|| "<stdin>".into());
                inputs.push(Input::Stdin(name, Slot::default()));
            } else if walk::is_folder(path) {
                let settings = match self.resolver.for_folder(path) {
                    Ok(settings) => settings,
                    Err(failure) => {
                        errors.push(failure.into());
                        continue;
                    }
                };
                let resolver = Arc::clone(&self.resolver);
                let keep = Arc::new(move |path: &Path, folder: bool| {
                    // Wrong settings are reported when the file is read; until then nothing is left out.
                    // Whether a folder is entered is for the settings above it to say.
                    resolver.for_file(path).map_or(true, |settings| {
                        !resolver.leaves_out(&settings, path, folder) && (folder || resolver.included(&settings, path))
                    })
                });
                let walk = Walk { hidden: settings.hidden, ignore_files: settings.ignore_files, threads, keep };
                let (files, more) = walk.files(path);
                errors.extend(more);
                for file in files {
                    let file = file.strip_prefix(".").map_or(file.clone(), Path::to_owned);
                    if first(&file) {
                        inputs.push(Input::Found(file));
                    }
                }
            } else if first(path) {
                inputs.push(Input::Named(path.clone()));
            }
        }
        (inputs, errors)
    }
}

pub(super) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}
