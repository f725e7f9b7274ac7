//! Which commit brought this text into a file? Asks the program `git`.
//!
//! In: a path and a text that stands in it. Out: the earliest commit in the file's history (followed through renames) that
//! added it. Must not: change the repository, or run what its settings name as a helper.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::Error;

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its whole hash.
    pub id: String,
    /// When it was committed, in seconds since 1970.
    pub time: u64,
    /// The day of that, as `2026-11-23`.
    pub date: String,
    /// The author's name.
    pub author: String,
    /// The first line of its message.
    pub subject: String,
}

/// The first commit that added `text` to the file; none when it is not committed yet.
///
/// # Errors
/// When `git` cannot be run, or the file is in no repository.
pub fn first(path: &Path, text: &[u8]) -> Result<Option<Commit>, Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Some(name) = path.file_name() else { return Ok(None) };
    let mut wanted = OsString::from("-S");
    wanted.push(String::from_utf8_lossy(text).as_ref());
    let output = Command::new("git")
        .current_dir(folder)
        // A name is a name, not a pattern; and nothing waits for a password or a pager.
        .env("GIT_LITERAL_PATHSPECS", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .args([
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.quotePath=false",
            "-c",
            "log.showSignature=false",
            "--no-pager",
        ])
        .args(["log", "--follow", "--no-textconv", "--no-ext-diff", "--no-color", "-s", "--date=short"])
        .arg("--format=%H%x09%ct%x09%cd%x09%an%x09%s")
        .arg(wanted)
        .arg("--")
        .arg(name)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => Error::usage("--commits needs the program `git`, which is not on this machine"),
            _ => Error::from(e),
        })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let why = said.lines().next().unwrap_or("no reason given");
        if why.contains("not a git repository") {
            return Err(Error::usage("--commits: not in a git repository").at(path));
        }
        // Nothing was ever committed here.
        if why.contains("does not have any commits") {
            return Ok(None);
        }
        return Err(Error::usage(format!("--commits: git says: {why}")).at(path));
    }
    // The latest comes first.
    Ok(String::from_utf8_lossy(&output.stdout).lines().rev().find_map(parse))
}

fn parse(line: &str) -> Option<Commit> {
    let mut parts = line.splitn(5, '\t');
    let mut next = || parts.next().map(str::to_owned);
    let (id, time, date) = (next()?, next()?.parse().ok()?, next()?);
    Some(Commit { id, time, date, author: next()?, subject: next().unwrap_or_default() })
}
