//! Workflow commands of GitHub Actions: each finding becomes an annotation at its line.
//!
//! In: findings and errors. Out: a command a line. `%` and line ends are escaped in a message, in a property also `:` and
//! `,`: with anything else the runner would end it early, or read a command that is none of ours. The end column is that
//! of the last character. Must not: print a line that is no command.

use std::io::{self, Write};

use super::{Finding, Format, Level, slashed};
use crate::error::Error;

/// Writes annotations.
#[derive(Debug)]
pub struct Github;

impl Format for Github {
    fn finding(&mut self, out: &mut dyn Write, finding: &Finding<'_>) -> io::Result<()> {
        let command = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
        };
        write!(out, "::{command} file={}", property(&slashed(finding.path)))?;
        if let Some(region) = finding.region {
            let (start, end) = (region.start, region.end);
            write!(out, ",line={},col={}", start.line, start.column)?;
            if end.line == start.line {
                write!(out, ",endLine={},endColumn={}", end.line, (end.column - 1).max(start.column))?;
            }
        }
        writeln!(out, ",title={}::{}", property(finding.class.title()), value(&finding.message))
    }

    fn error(&mut self, out: &mut dyn Write, error: &Error) -> io::Result<()> {
        let file = error.path().map(|path| format!("file={},", property(&slashed(path)))).unwrap_or_default();
        writeln!(out, "::warning {file}title=unbake::{}", value(&error.to_string()))
    }

    fn end(&mut self, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

fn value(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    value(text).replace(':', "%3A").replace(',', "%2C")
}
