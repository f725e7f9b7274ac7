//! Findings for programs: one JSON document, or one JSON object a line.
//!
//! In: paths, plans, errors, totals. Out: JSON, written as it comes, so that a run over many files holds none of it.
//! Spans are byte offsets from the start of the file, 0-based and half-open; lines and columns are 1-based, columns in
//! characters. Must not: change its field names without a new [`VERSION`].

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::messages::Totals;
use super::remains::Pass;
use super::statistics::{Report, Statistics};
use crate::edit::{Edit, Form, How, Legacy, Lost, Plan, Remark, Rule, Span, Step};
use crate::engine::Reading;
use crate::error::Error;

/// Version of the format.
pub const VERSION: u32 = 1;

/// One document or one object a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One document.
    Document,
    /// One object a line.
    Lines,
}

/// Writes findings as JSON.
#[derive(Debug)]
pub struct Json {
    shape: Shape,
    files: u64,
    errors: Vec<Problem>,
    /// Whether there are sums and no single findings.
    sums: bool,
}

#[derive(Debug, Serialize)]
struct Problem {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    message: String,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<Encoding>,
    findings: Vec<Finding<'a>>,
    invalid: Vec<Bytes>,
    lost: Vec<Gone<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reported: Vec<Reported<'a>>,
}

/// A place that a rule reports.
#[derive(Serialize)]
struct Reported<'a> {
    start: u64,
    end: u64,
    line: u64,
    column: u64,
    text: String,
    left: &'a str,
    right: &'a str,
    rule: &'static str,
    message: &'a str,
}

/// In what a file is, where that is not simply UTF-8.
#[derive(Serialize)]
struct Encoding {
    label: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<&'static str>,
    how: &'static str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    mixed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    converted: Option<Converted>,
}

/// That it is written in another encoding, which is one finding however many edits it takes.
#[derive(Serialize)]
struct Converted {
    to: &'static str,
    /// How many stretches of text only change in how they are written. They are not listed.
    stretches: usize,
}

impl Encoding {
    fn of(plan: &Plan) -> Option<Encoding> {
        let stretches = plan.edits().iter().filter(|edit| edit.only_converts()).count();
        let converted = (stretches > 0).then_some(Converted { to: "utf-8", stretches });
        let guess = plan.legacy().map(|Legacy { labels, mixed, confidence, language }| Encoding {
            label: labels.first().copied().unwrap_or_default(),
            others: labels.iter().skip(1).copied().collect(),
            how: How::Guessed.name(),
            mixed: *mixed,
            confidence: Some(confidence.name()),
            language: *language,
            converted: None,
        });
        let known = plan.form().map(|Form { label, how, .. }| Encoding {
            label,
            others: Vec::new(),
            how: how.name(),
            mixed: false,
            confidence: None,
            language: None,
            converted: None,
        });
        guess.or(known).map(|encoding| Encoding { converted, ..encoding })
    }
}

/// A place of lost text.
#[derive(Serialize)]
struct Gone<'a> {
    start: u64,
    end: u64,
    line: u64,
    column: u64,
    text: String,
    left: &'a str,
    right: &'a str,
    loss: &'static str,
}

#[derive(Serialize)]
struct Bytes {
    start: u64,
    end: u64,
}

#[derive(Serialize)]
struct Finding<'a> {
    start: u64,
    end: u64,
    line: u64,
    column: u64,
    before: Cow<'a, str>,
    after: Cow<'a, str>,
    left: &'a str,
    right: &'a str,
    chain: Vec<Mixup<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rules: Vec<&'static str>,
    confidence: &'static str,
    lossy: bool,
    odds: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    alternatives: Option<Vec<Alternative>>,
}

/// Another reading of a finding's place. The odds are those of the place alone.
#[derive(Serialize)]
struct Alternative {
    after: String,
    chain: Vec<OwnedMixup>,
    odds: f32,
}

#[derive(Serialize)]
struct OwnedMixup {
    encoded: String,
    read_as: String,
}

impl From<Reading> for Alternative {
    fn from(reading: Reading) -> Alternative {
        let mixup = |step: &Step| OwnedMixup { encoded: step.encoded.to_string(), read_as: step.read_as.to_string() };
        let chain = reading.chain.steps().iter().map(mixup).collect();
        Alternative { after: reading.after, chain, odds: reading.odds }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Mixup<'a> {
    encoded: &'a str,
    read_as: &'a str,
}

impl<'a> From<&'a Step> for Mixup<'a> {
    fn from(step: &'a Step) -> Mixup<'a> {
        Mixup { encoded: &step.encoded, read_as: &step.read_as }
    }
}

/// What a run wrote.
#[derive(Debug, Serialize)]
pub struct Written<'a> {
    /// The name of the run, to undo it by.
    pub run: Option<&'a str>,
    /// How many files.
    pub files: u64,
    /// How many edits.
    pub edits: u64,
    /// How many of them had to infer what was lost.
    pub lossy: u64,
    /// What was found in the files when they were looked into once more; none when they were not.
    pub second_pass: Option<&'a Pass>,
}

/// An object of the `Lines` shape.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Entry<'a> {
    Finding {
        path: &'a str,
        #[serde(flatten)]
        finding: Finding<'a>,
    },
    Encoding {
        path: &'a str,
        #[serde(flatten)]
        encoding: Encoding,
    },
    Invalid {
        path: &'a str,
        #[serde(flatten)]
        bytes: Bytes,
    },
    Lost {
        path: &'a str,
        #[serde(flatten)]
        lost: Gone<'a>,
    },
    Reported {
        path: &'a str,
        #[serde(flatten)]
        place: Reported<'a>,
    },
    Statistics(Report<'a>),
    Error(&'a Problem),
    Written(&'a Written<'a>),
    Summary(&'a Totals),
}

impl<'a> From<&'a Edit> for Finding<'a> {
    fn from(edit: &'a Edit) -> Finding<'a> {
        Finding {
            start: edit.span.start,
            end: edit.span.end,
            line: edit.place.line,
            column: edit.place.column,
            before: edit.before_text(),
            after: edit.after_text(),
            left: &edit.place.left,
            right: &edit.place.right,
            chain: edit.chain.steps().iter().map(Mixup::from).collect(),
            rules: edit.rules.iter().map(Rule::name).collect(),
            confidence: edit.confidence.name(),
            lossy: edit.lossy,
            odds: edit.odds,
            alternatives: None,
        }
    }
}

impl<'a> From<&'a Remark> for Reported<'a> {
    fn from(remark: &'a Remark) -> Reported<'a> {
        Reported {
            start: remark.span.start,
            end: remark.span.end,
            line: remark.place.line,
            column: remark.place.column,
            text: remark.text().into_owned(),
            left: &remark.place.left,
            right: &remark.place.right,
            rule: remark.rule.name(),
            message: &remark.why,
        }
    }
}

impl<'a> From<&'a Lost> for Gone<'a> {
    fn from(lost: &'a Lost) -> Gone<'a> {
        Gone {
            start: lost.span.start,
            end: lost.span.end,
            line: lost.place.line,
            column: lost.place.column,
            text: lost.text().into_owned(),
            left: &lost.place.left,
            right: &lost.place.right,
            loss: lost.loss.name(),
        }
    }
}

impl From<&Span> for Bytes {
    fn from(span: &Span) -> Bytes {
        Bytes { start: span.start, end: span.end }
    }
}

impl Json {
    /// Begins the output.
    ///
    /// # Errors
    /// When writing fails.
    pub fn begin(shape: Shape, out: &mut dyn Write) -> io::Result<Json> {
        if shape == Shape::Document {
            write!(out, "{{\"version\":{VERSION},\"files\":[")?;
        }
        Ok(Json { shape, files: 0, errors: Vec::new(), sums: false })
    }

    /// Begins an output that has the sums of all findings, and no single ones.
    ///
    /// # Errors
    /// When writing fails.
    pub fn begin_sums(shape: Shape, out: &mut dyn Write) -> io::Result<Json> {
        if shape == Shape::Document {
            write!(out, "{{\"version\":{VERSION}")?;
        }
        Ok(Json { shape, files: 0, errors: Vec::new(), sums: true })
    }

    /// Writes the sums of all findings, in an output begun for them.
    ///
    /// # Errors
    /// When writing fails.
    pub fn statistics(&self, out: &mut dyn Write, statistics: &Statistics) -> io::Result<()> {
        match self.shape {
            Shape::Document => {
                write!(out, ",\n\"statistics\":")?;
                Ok(serde_json::to_writer(&mut *out, &statistics.report())?)
            }
            Shape::Lines => entry(out, &Entry::Statistics(statistics.report())),
        }
    }

    /// Writes the findings of a file, each with its `others` if there are any to tell; nothing where there is
    /// [nothing to tell](Plan::is_silent).
    ///
    /// # Errors
    /// When writing fails.
    pub fn file(
        &mut self,
        out: &mut dyn Write,
        path: &Path,
        plan: &Plan,
        others: impl Fn(&Edit) -> Option<Vec<Reading>>,
    ) -> io::Result<()> {
        if plan.is_silent() {
            return Ok(());
        }
        let path = &*path.to_string_lossy();
        let encoding = Encoding::of(plan);
        let finding = |edit| {
            let alternatives = others(edit).map(|others| others.into_iter().map(Alternative::from).collect());
            Finding { alternatives, ..Finding::from(edit) }
        };
        // A conversion is told as a whole.
        let edits = || plan.edits().iter().filter(|edit| !edit.only_converts());
        match self.shape {
            Shape::Document => {
                let comma = if self.files > 0 { "," } else { "" };
                writeln!(out, "{comma}")?;
                let findings = edits().map(finding).collect();
                let invalid = plan.invalid().iter().map(Bytes::from).collect();
                let lost = plan.lost().iter().map(Gone::from).collect();
                let reported = plan.remarks().iter().map(Reported::from).collect();
                serde_json::to_writer(&mut *out, &File { path, encoding, findings, invalid, lost, reported })?;
            }
            Shape::Lines => {
                for edit in edits() {
                    entry(out, &Entry::Finding { path, finding: finding(edit) })?;
                }
                for span in plan.invalid() {
                    entry(out, &Entry::Invalid { path, bytes: span.into() })?;
                }
                for lost in plan.lost() {
                    entry(out, &Entry::Lost { path, lost: lost.into() })?;
                }
                for remark in plan.remarks() {
                    entry(out, &Entry::Reported { path, place: remark.into() })?;
                }
                if let Some(encoding) = encoding {
                    entry(out, &Entry::Encoding { path, encoding })?;
                }
            }
        }
        self.files += 1;
        Ok(())
    }

    /// Takes note of an error.
    ///
    /// # Errors
    /// When writing fails.
    pub fn error(&mut self, out: &mut dyn Write, error: &Error) -> io::Result<()> {
        let path = error.path().map(|path| path.to_string_lossy().into_owned());
        let problem = Problem { path, message: error.to_string() };
        match self.shape {
            Shape::Document => self.errors.push(problem),
            Shape::Lines => entry(out, &Entry::Error(&problem))?,
        }
        Ok(())
    }

    /// Ends the output of a run that wrote what the findings say.
    ///
    /// # Errors
    /// When writing fails.
    pub fn end_written(self, out: &mut dyn Write, written: &Written<'_>, totals: &Totals) -> io::Result<()> {
        self.finish(out, Some(written), totals)
    }

    /// Ends the output.
    ///
    /// # Errors
    /// When writing fails.
    pub fn end(self, out: &mut dyn Write, totals: &Totals) -> io::Result<()> {
        self.finish(out, None, totals)
    }

    fn finish(self, out: &mut dyn Write, written: Option<&Written<'_>>, totals: &Totals) -> io::Result<()> {
        match self.shape {
            Shape::Document => {
                write!(out, "{}\"errors\":", if self.sums { ",\n" } else { "\n]," })?;
                serde_json::to_writer(&mut *out, &self.errors)?;
                if let Some(written) = written {
                    write!(out, ",\n\"written\":")?;
                    serde_json::to_writer(&mut *out, written)?;
                }
                write!(out, ",\"summary\":")?;
                serde_json::to_writer(&mut *out, totals)?;
                writeln!(out, "}}")
            }
            Shape::Lines => {
                written.map_or(Ok(()), |written| entry(out, &Entry::Written(written)))?;
                entry(out, &Entry::Summary(totals))
            }
        }
    }
}

/// Most objects take fewer bytes.
const LINE: usize = 1 << 10;

/// One object on a line of its own.
fn entry(out: &mut dyn Write, entry: &Entry<'_>) -> io::Result<()> {
    // There may be millions, each of many small parts, which are put together before they go out.
    let mut line = Vec::with_capacity(LINE);
    serde_json::to_writer(&mut line, entry)?;
    line.push(b'\n');
    out.write_all(&line)
}
