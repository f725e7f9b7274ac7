//! Findings in the formats of other programs: code scanning, annotations, code quality, review comments.
//!
//! In: findings, one at a time, each with its place in the units that these formats count in. Out: one document or one
//! stream of lines, written as it comes. What several of them share is here: names of rules, levels, and how findings are
//! put into words. Must not: offer a fix for text that is gone, or for what is inside an archive.

mod github;
mod gitlab;
mod rdjson;
mod regions;
mod sarif;

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

pub use regions::{Point, Region, regions};

use super::list;
use crate::edit::{Confidence, Edit, Lost, Remark, Rule};
use crate::error::Error;

/// Which format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Static Analysis Results Interchange Format 2.1.0, of OASIS.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// The code quality report of GitLab.
    Gitlab,
    /// Reviewdog Diagnostic Format.
    Rdjson,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Certain.
    Error,
    /// Likely.
    Warning,
    /// Possible, or nothing that a repair can do anything about.
    Note,
}

impl From<Confidence> for Level {
    fn from(confidence: Confidence) -> Level {
        match confidence {
            Confidence::Certain => Level::Error,
            Confidence::Likely => Level::Warning,
            Confidence::Possible => Level::Note,
        }
    }
}

/// What kind of finding it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Text that was read in a wrong encoding.
    Mojibake,
    /// Text that is not broken, and that a pass would normalise.
    Normalization,
    /// Text that is gone for good.
    Lost,
    /// What a rule reports and nothing changes.
    Reported(Rule),
}

impl Class {
    /// All of them.
    pub const ALL: [Class; 8] = [
        Class::Mojibake,
        Class::Normalization,
        Class::Lost,
        Class::Reported(Rule::Bidi),
        Class::Reported(Rule::Invisible),
        Class::Reported(Rule::Replacement),
        Class::Reported(Rule::MixedScript),
        Class::Reported(Rule::UnusedIgnore),
    ];

    /// The name by which programs know it.
    pub fn id(self) -> &'static str {
        match self {
            Class::Mojibake => "mojibake",
            Class::Normalization => "normalization",
            Class::Lost => "lost-text",
            Class::Reported(rule) => rule.name(),
        }
    }

    /// What a person reads in place of the name.
    pub fn title(self) -> &'static str {
        match self {
            Class::Mojibake => "Broken text",
            Class::Normalization => "Text to normalise",
            Class::Lost => "Lost text",
            Class::Reported(Rule::Bidi) => "Hidden order of text",
            Class::Reported(Rule::Invisible) => "Invisible characters",
            Class::Reported(Rule::Replacement) => "Replacement characters",
            Class::Reported(Rule::MixedScript) => "Mixed scripts",
            Class::Reported(_) => "Unused comment",
        }
    }

    /// What it means, in a sentence.
    pub fn about(self) -> &'static str {
        match self {
            Class::Mojibake => "Text was decoded in another encoding than the one it was written in, and saved so.",
            Class::Normalization => "Text is not in the form that was asked for.",
            Class::Lost => "Letters were replaced by U+FFFD or question marks, and cannot be recovered from the text.",
            Class::Reported(rule) => rule.about(),
        }
    }
}

/// A finding, as these formats tell it.
#[derive(Clone, Debug)]
pub struct Finding<'a> {
    /// The file it is in; of what is in an archive, the archive.
    pub path: &'a Path,
    /// Where in the file; none where the file is an archive.
    pub region: Option<Region>,
    /// What kind it is.
    pub class: Class,
    /// How grave it is.
    pub level: Level,
    /// What a person reads, in one line.
    pub message: String,
    /// What is to stand in the region; none where nothing can be said, or not in these terms.
    pub fix: Option<Cow<'a, str>>,
    /// The same for the same finding in another version of the file, and for no other finding in it.
    pub fingerprint: String,
    /// The edit, if it is one.
    pub edit: Option<&'a Edit>,
}

impl<'a> Finding<'a> {
    /// An edit, in a region of a file.
    pub fn edit(path: &'a Path, edit: &'a Edit, region: Region, fingerprint: String) -> Finding<'a> {
        let class = if edit.only_normalizes() { Class::Normalization } else { Class::Mojibake };
        // A byte order mark is in no line and no column.
        let is_mark = edit.rules.iter().any(|rule| rule == Rule::Bom);
        Finding {
            path,
            region: Some(region),
            class,
            level: if class == Class::Normalization { Level::Warning } else { edit.confidence.into() },
            message: list::sentence(edit),
            fix: (!is_mark).then(|| edit.after_text()),
            fingerprint,
            edit: Some(edit),
        }
    }

    /// Lost text, in a region of a file.
    pub fn lost(path: &'a Path, lost: &Lost, region: Region, fingerprint: String) -> Finding<'a> {
        let message = list::sentence_lost(lost);
        let (class, level) = (Class::Lost, Level::Note);
        Finding { path, region: Some(region), class, level, message, fix: None, fingerprint, edit: None }
    }

    /// What a rule reports, in a region of a file.
    pub fn reported(path: &'a Path, remark: &Remark, region: Region, fingerprint: String) -> Finding<'a> {
        let message = list::sentence_reported(remark);
        let (class, level) = (Class::Reported(remark.rule), Level::Warning);
        Finding { path, region: Some(region), class, level, message, fix: None, fingerprint, edit: None }
    }

    /// The same in a member of an archive, which has no lines itself.
    #[must_use]
    pub fn inside(mut self, archive: &'a Path, member: &str) -> Finding<'a> {
        if let Some(Region { start, .. }) = self.region.take() {
            self.message = format!("{}:{}:{}: {}", super::show::text(member), start.line, start.column, self.message);
        }
        Finding { path: archive, fix: None, ..self }
    }
}

/// Writes findings in one of the formats.
pub trait Format {
    /// Writes a finding.
    ///
    /// # Errors
    /// When writing fails.
    fn finding(&mut self, out: &mut dyn Write, finding: &Finding<'_>) -> io::Result<()>;

    /// Takes note of an error, if the format has a place for it; it was said on standard error.
    ///
    /// # Errors
    /// When writing fails.
    fn error(&mut self, out: &mut dyn Write, error: &Error) -> io::Result<()>;

    /// Ends the output.
    ///
    /// # Errors
    /// When writing fails.
    fn end(&mut self, out: &mut dyn Write) -> io::Result<()>;
}

/// Begins the output.
///
/// # Errors
/// When writing fails.
pub fn begin(kind: Kind, out: &mut dyn Write) -> io::Result<Box<dyn Format>> {
    Ok(match kind {
        Kind::Sarif => Box::new(sarif::Sarif::begin(out)?),
        Kind::Github => Box::new(github::Github),
        Kind::Gitlab => Box::new(gitlab::Gitlab::begin(out)?),
        Kind::Rdjson => Box::new(rdjson::Rdjson::begin(out)?),
    })
}

/// A path with slashes, as programs on all systems know it.
fn slashed(path: &Path) -> String {
    let path = path.to_string_lossy();
    if cfg!(windows) { path.replace('\\', "/") } else { path.into_owned() }
}

/// Writes objects one after the other, as the elements of a list.
#[derive(Debug, Default)]
struct Elements {
    some: bool,
}

impl Elements {
    fn write(&mut self, out: &mut dyn Write, element: &impl serde::Serialize) -> io::Result<()> {
        out.write_all(if self.some { b",\n" } else { b"\n" })?;
        self.some = true;
        Ok(serde_json::to_writer(out, element)?)
    }
}
