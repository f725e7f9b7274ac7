//! The program `git`, asked about a repository.
//!
//! In: a folder in a repository, and a question. Out: git's answer, or an error that says what to do. Must not: change the
//! repository, or run what its settings name as a helper. The program and no library: who has a repository has git, and
//! only git itself follows all of a repository's settings (attributes, worktrees, partial clones, other object formats).

mod added;
mod history;
mod index;
mod patch;

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::Error;

pub use added::Added;
pub use history::{Commit, History, Origin};
pub use index::{Blob, Blobs, staged};

/// Git, about to run in a folder.
fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.current_dir(folder)
        // A name is a name, not a pattern; and nothing waits for a password or a pager.
        .env("GIT_LITERAL_PATHSPECS", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "-c", "log.showSignature=false"])
        .arg("--no-pager")
        .stdin(Stdio::null());
    git
}

/// What makes a patch look the same whatever the user's settings are.
const PATCH: [&str; 8] = [
    "--no-textconv",
    "--no-ext-diff",
    "--no-color",
    "--no-relative",
    "--ignore-submodules",
    "--text",
    "--src-prefix=a/",
    "--dst-prefix=b/",
];

/// What git printed. `option` is what the user typed to have git asked.
fn output(git: &mut Command, option: &str) -> Result<Vec<u8>, Error> {
    let output = git.output().map_err(|e| missing(e, option))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let why = said.lines().next().unwrap_or("no reason given");
    Err(Error::usage(if why.contains("not a git repository") {
        format!("{option}: not in a git repository; run it inside of one, or leave {option} out")
    } else {
        format!("{option}: git says: {why}")
    }))
}

fn missing(e: io::Error, option: &str) -> Error {
    match e.kind() {
        io::ErrorKind::NotFound => {
            Error::usage(format!("{option} needs the program `git`, which is not on this machine; install it first"))
        }
        _ => Error::from(e),
    }
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The top folder of the repository that `folder` is in, with links resolved.
fn root(folder: &Path, option: &str) -> Result<PathBuf, Error> {
    let mut printed = output(git(folder).args(["rev-parse", "--show-toplevel"]), option)?;
    if printed.last() == Some(&b'\n') {
        printed.pop();
    }
    Ok(std::fs::canonicalize(path_of(printed))?)
}

/// A path as git knows it: from the top folder, the links above it resolved. None outside of the repository.
fn inside(root: &Path, path: &Path) -> Option<PathBuf> {
    // The file itself may be a link, or gone; its folder is what leads there.
    let real = match path.file_name() {
        Some(name) => std::fs::canonicalize(folder_of(path)).ok()?.join(name),
        None => std::fs::canonicalize(path).ok()?,
    };
    real.strip_prefix(root).ok().map(Path::to_owned)
}

/// A path of git's bytes.
fn path_of(bytes: Vec<u8>) -> PathBuf {
    #[cfg(unix)]
    return PathBuf::from(<std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes));
    #[cfg(not(unix))]
    PathBuf::from(String::from_utf8_lossy(&bytes).into_owned())
}
