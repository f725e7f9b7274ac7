//! The code quality report of GitLab, which merge requests show.
//!
//! In: findings. Out: a list of objects. A merge request compares the fingerprints of two reports: they do not depend on the
//! line, so that a finding that moves is not new. Must not: put errors in, for which there is no place.

use std::io::{self, Write};

use serde_json::json;

use super::{Elements, Finding, Format, Level, slashed};
use crate::error::Error;

/// Writes a report.
#[derive(Debug, Default)]
pub struct Gitlab {
    elements: Elements,
}

impl Gitlab {
    pub fn begin(out: &mut dyn Write) -> io::Result<Gitlab> {
        write!(out, "[")?;
        Ok(Gitlab::default())
    }
}

impl Format for Gitlab {
    fn finding(&mut self, out: &mut dyn Write, finding: &Finding<'_>) -> io::Result<()> {
        let severity = match finding.level {
            Level::Error => "major",
            Level::Warning => "minor",
            Level::Note => "info",
        };
        // Every entry needs a line; an archive has one only.
        let (begin, end) = finding.region.map_or((1, 1), |region| (region.start.line, region.end.line));
        let path = slashed(finding.path);
        let element = json!({
            "description": finding.message, "check_name": finding.class.id(), "fingerprint": finding.fingerprint,
            "severity": severity,
            "location": { "path": path.strip_prefix("./").unwrap_or(&path), "lines": { "begin": begin, "end": end } },
        });
        self.elements.write(out, &element)
    }

    fn error(&mut self, _: &mut dyn Write, _: &Error) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "\n]")
    }
}
