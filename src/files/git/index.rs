//! What is about to be committed?
//!
//! In: a folder in a repository. Out: the files that the index has otherwise than the last commit, with their contents there
//! (not those in the working tree) and the lines that they add. Must not: read the working tree, or change the index.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Added, PATCH, git, inside, missing, output, path_of, root};
use crate::error::Error;

const STAGED: &str = "--staged";

/// A file in the index.
#[derive(Clone, Debug)]
pub struct Blob {
    /// Its path, from the current folder where it is below it.
    pub path: PathBuf,
    id: String,
}

/// The files below `paths` that are staged, and the lines that they add.
///
/// # Errors
/// When git cannot be asked.
pub fn staged(paths: &[PathBuf]) -> Result<(Vec<Blob>, Added), Error> {
    let here = std::env::current_dir()?;
    let root = root(&here, STAGED)?;
    // All of it, and not only the paths: else a rename from elsewhere is a new file.
    let cached = ["diff", "--cached", "-M", "-U0"];
    let raw = ["--no-relative", "--ignore-submodules", "--raw", "-z", "--no-abbrev", "--"];
    let raw = output(git(&root).args(["diff", "--cached", "-M"]).args(raw), STAGED)?;
    let diff = output(git(&root).args(cached).args(PATCH).arg("--"), STAGED)?;
    let below: Vec<PathBuf> = paths.iter().filter_map(|path| inside(&root, path)).collect();
    let real_here = std::fs::canonicalize(&here)?;
    let mut fields = raw.split(|byte| *byte == 0);
    let mut blobs = Vec::new();
    while let (Some(about), Some(name)) = (fields.next(), fields.next()) {
        let about = String::from_utf8_lossy(about);
        let words: Vec<&str> = about.split(' ').collect();
        let [_, mode, _, id, status] = words[..] else { continue };
        let renamed = status.starts_with(['R', 'C']);
        let name = if renamed { fields.next().unwrap_or(name) } else { name };
        let name = path_of(name.to_vec());
        // Regular files: no links, no submodules, and nothing that is gone.
        if !mode.starts_with("100") || !(below.is_empty() || below.iter().any(|path| name.starts_with(path))) {
            continue;
        }
        let full = root.join(&name);
        let path = full.strip_prefix(&real_here).map_or(full.clone(), Path::to_owned);
        blobs.push(Blob { path, id: id.to_owned() });
    }
    blobs.sort_by(|a, b| a.path.cmp(&b.path));
    Ok((blobs, Added::read(root, &diff)?))
}

/// Reads contents out of the repository, through one process.
#[derive(Clone, Debug)]
pub struct Blobs(Arc<Mutex<Batch>>);

#[derive(Debug)]
struct Batch {
    child: Child,
    ask: Option<ChildStdin>,
    answer: BufReader<ChildStdout>,
}

impl Drop for Batch {
    fn drop(&mut self) {
        // It ends when it is asked nothing any more.
        drop(self.ask.take());
        let _ = self.child.wait();
    }
}

impl Blobs {
    /// Begins to read.
    ///
    /// # Errors
    /// When git cannot be run.
    pub fn open() -> Result<Blobs, Error> {
        let mut git = git(Path::new("."));
        git.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = git.spawn().map_err(|e| missing(e, STAGED))?;
        let (Some(ask), Some(answer)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Error::usage(format!("{STAGED}: git cannot be asked")));
        };
        Ok(Blobs(Arc::new(Mutex::new(Batch { child, ask: Some(ask), answer: BufReader::new(answer) }))))
    }

    /// The content of a file in the index.
    ///
    /// # Errors
    /// When git does not give it.
    pub fn content(&self, blob: &Blob) -> Result<Vec<u8>, Error> {
        let mut batch = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ask) = &mut batch.ask {
            writeln!(ask, "{}", blob.id)?;
            ask.flush()?;
        }
        let mut head = String::new();
        batch.answer.read_line(&mut head)?;
        let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse().ok());
        let Some(size) = size.filter(|_| head.contains(" blob ")) else {
            return Err(Error::usage(format!("git does not give what is staged: {}", head.trim_end())));
        };
        let mut content = Vec::new();
        (&mut batch.answer).take(size).read_to_end(&mut content)?;
        batch.answer.read_exact(&mut [0])?;
        if content.len() as u64 == size { Ok(content) } else { Err(Error::usage("git ended before its time")) }
    }
}
