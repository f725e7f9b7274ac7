//! What is said beside the findings: errors, notes, the summary. All of it goes to standard error.
//!
//! In: errors and totals. Out: lines that begin with the program's name, and one line at the end. Must not: stop the run
//! when standard error is gone.

use std::fmt::Display;
use std::io::{self, Write};

use serde::Serialize;

use super::look::{self, Look};
use super::progress::{self, Progress, Task, Watched};
use super::show;
use crate::error::Error;

/// What a run has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Files looked into.
    pub checked: u64,
    /// Files with findings.
    pub files: u64,
    /// Findings.
    pub findings: u64,
    /// Places where text is gone for good.
    pub lost: u64,
    /// Places that rules report.
    #[serde(skip_serializing_if = "is_zero")]
    pub reported: u64,
    /// Findings that are set aside, since a baseline knows them.
    #[serde(skip_serializing_if = "is_zero")]
    pub known: u64,
    /// Files that are not in UTF-8 and do not say what they are in.
    #[serde(skip_serializing_if = "is_zero")]
    pub legacy: u64,
    /// Files not looked into, because they are no text.
    pub skipped: u64,
    /// What went wrong.
    pub errors: u64,
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// How much is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loudness {
    /// Errors only.
    Quiet,
    /// Errors and the summary.
    #[default]
    Normal,
    /// Also what was skipped, and why.
    Verbose,
}

/// Says things on standard error.
#[derive(Clone, Copy, Debug)]
pub struct Messages {
    look: Look,
    loudness: Loudness,
}

impl Messages {
    /// Messages that look like this.
    pub fn new(look: Look, loudness: Loudness) -> Messages {
        Messages { look, loudness }
    }

    /// Something went wrong.
    pub fn error(&self, error: &Error) {
        let bad = self.look.bad();
        say(format_args!("{bad}unbake{bad:#}: {}", lines(error)));
    }

    /// Something worth knowing for who asked for it.
    pub fn note(&self, what: impl Display) {
        if self.loudness == Loudness::Verbose {
            say(format_args!("unbake: {}", lines(&what)));
        }
    }

    /// Something that was asked for and not done, and why.
    pub fn notice(&self, what: impl Display) {
        if self.loudness > Loudness::Quiet {
            say(format_args!("unbake: {}", lines(&what)));
        }
    }

    /// Shows how far a run is, if that is wanted and there is a terminal for it.
    pub fn progress(&self, task: Task, watched: impl Watched) -> Progress {
        if self.look.terminal && self.loudness > Loudness::Quiet && !look::is_dumb() {
            Progress::begin(task, watched)
        } else {
            Progress::default()
        }
    }

    /// What came of it, once.
    pub fn summary(&self, what: impl Display) {
        if self.loudness > Loudness::Quiet {
            say(format_args!("{}", lines(&what)));
        }
    }
}

/// Says why the program ends, when nothing else can any more.
pub fn last_words(error: &Error) {
    Messages::new(Look::default(), Loudness::Quiet).error(error);
}

/// `text` with what does not show spelled out, line by line.
fn lines(text: &impl Display) -> String {
    let text = text.to_string();
    text.lines().map(show::text).collect::<Vec<_>>().join("\n")
}

fn say(what: std::fmt::Arguments<'_>) {
    // There is nobody left to tell.
    let _ = progress::aside(|| writeln!(io::stderr().lock(), "{what}"));
}

/// `1 file`, `2 files`.
pub fn count(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

impl Display for Totals {
    /// `3 findings in 2 files (12 files checked)`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.findings {
            0 => write!(f, "no findings")?,
            n => write!(f, "{} in {}", count(n, "finding"), count(self.files, "file"))?,
        }
        if self.lost > 0 {
            write!(f, ", lost text in {}", count(self.lost, "place"))?;
        }
        if self.legacy > 0 {
            write!(f, ", {} not in UTF-8", count(self.legacy, "file"))?;
        }
        if self.reported > 0 {
            write!(f, ", {} reported", count(self.reported, "place"))?;
        }
        write!(f, " ({} checked", count(self.checked, "file"))?;
        if self.known > 0 {
            write!(f, ", {} known", self.known)?;
        }
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        if self.errors > 0 {
            write!(f, ", {}", count(self.errors, "error"))?;
        }
        write!(f, ")")
    }
}
