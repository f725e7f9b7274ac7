//! Reviewdog Diagnostic Format, from which reviewdog makes comments with suggestions in code reviews.
//!
//! In: findings. Out: one object. Columns count bytes of UTF-8, ends are exclusive. Must not: put errors in: they are no
//! diagnostics of a file's text.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Elements, Finding, Format, Level, Point, Region, slashed};
use crate::error::Error;

/// Writes diagnostics.
#[derive(Debug, Default)]
pub struct Rdjson {
    elements: Elements,
}

impl Rdjson {
    pub fn begin(out: &mut dyn Write) -> io::Result<Rdjson> {
        write!(out, "{{\"source\":{{\"name\":\"unbake\"}},\"diagnostics\":[")?;
        Ok(Rdjson::default())
    }
}

impl Format for Rdjson {
    fn finding(&mut self, out: &mut dyn Write, finding: &Finding<'_>) -> io::Result<()> {
        let severity = match finding.level {
            Level::Error => "ERROR",
            Level::Warning => "WARNING",
            Level::Note => "INFO",
        };
        let mut location = json!({ "path": slashed(finding.path) });
        if let Some(region) = finding.region {
            location["range"] = range(region);
        }
        let mut diagnostic = json!({
            "message": finding.message, "location": location, "severity": severity,
            "code": { "value": finding.class.id() },
        });
        if let (Some(text), Some(region)) = (&finding.fix, finding.region) {
            diagnostic["suggestions"] = json!([{ "range": range(region), "text": text }]);
        }
        self.elements.write(out, &diagnostic)
    }

    fn error(&mut self, _: &mut dyn Write, _: &Error) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "\n]}}")
    }
}

fn range(region: Region) -> Value {
    let point = |point: Point| json!({ "line": point.line, "column": point.byte });
    json!({ "start": point(region.start), "end": point(region.end) })
}
