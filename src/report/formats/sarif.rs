//! Static Analysis Results Interchange Format, version 2.1.0, of OASIS.
//!
//! In: findings and errors. Out: one log with one run. Columns count UTF-16 code units, ends are exclusive, and a file is named
//! by a URI reference, relative to where the program was run unless its path is absolute. Must not: take a level for the
//! exit status; certain findings are errors, likely ones warnings, the rest notes.

use std::io::{self, Write};
use std::path::{Component, Path};

use serde_json::{Value, json};

use super::{Class, Elements, Finding, Format, Level, Region, slashed};
use crate::error::Error;

/// Writes a log.
#[derive(Debug, Default)]
pub struct Sarif {
    results: Elements,
    errors: Vec<Value>,
}

impl Sarif {
    pub fn begin(out: &mut dyn Write) -> io::Result<Sarif> {
        let rule = |class: &Class| {
            json!({ "id": class.id(), "name": class.title().replace(' ', ""),
                "shortDescription": { "text": class.title() }, "fullDescription": { "text": class.about() },
                "help": { "text": "`unbake explain` tells how a text was broken; `unbake: ignore` in a comment leaves a line as it is." } })
        };
        let rules: Vec<Value> = Class::ALL.iter().map(rule).collect();
        let driver = json!({ "name": "unbake", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules });
        write!(
            out,
            "{{\"$schema\":\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json\","
        )?;
        write!(out, "\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{driver}}},")?;
        write!(out, "\"columnKind\":\"utf16CodeUnits\",\"results\":[")?;
        Ok(Sarif::default())
    }
}

impl Format for Sarif {
    fn finding(&mut self, out: &mut dyn Write, finding: &Finding<'_>) -> io::Result<()> {
        let artifact = json!({ "uri": uri(finding.path) });
        let mut location = json!({ "artifactLocation": artifact });
        if let Some(region) = finding.region {
            location["region"] = span(region);
        }
        let level = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        };
        let index = Class::ALL.iter().position(|class| *class == finding.class);
        let mut result = json!({
            "ruleId": finding.class.id(), "ruleIndex": index, "level": level,
            "message": { "text": finding.message },
            "locations": [{ "physicalLocation": location }],
            "partialFingerprints": { "unbakeFinding/v1": finding.fingerprint },
        });
        if let (Some(text), Some(region)) = (&finding.fix, finding.region) {
            let replacement = json!({ "deletedRegion": span(region), "insertedContent": { "text": text } });
            let change = json!({ "artifactLocation": artifact, "replacements": [replacement] });
            result["fixes"] = json!([{ "description": { "text": "Repair it" }, "artifactChanges": [change] }]);
        }
        if let Some(edit) = finding.edit {
            let chain: Vec<String> = edit.chain.steps().iter().map(ToString::to_string).collect();
            result["properties"] = json!({ "confidence": edit.confidence.name(), "lossy": edit.lossy, "chain": chain });
        }
        self.results.write(out, &result)
    }

    fn error(&mut self, _: &mut dyn Write, error: &Error) -> io::Result<()> {
        let mut notification = json!({ "level": "error", "message": { "text": error.to_string() } });
        if let Some(path) = error.path() {
            let location = json!({ "artifactLocation": { "uri": uri(path) } });
            notification["locations"] = json!([{ "physicalLocation": location }]);
        }
        self.errors.push(notification);
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let invocation =
            json!({ "executionSuccessful": self.errors.is_empty(), "toolExecutionNotifications": self.errors });
        writeln!(out, "\n],\"invocations\":[{invocation}]}}]}}")
    }
}

fn span(region: Region) -> Value {
    let Region { start, end } = region;
    json!({ "startLine": start.line, "startColumn": start.utf16, "endLine": end.line, "endColumn": end.utf16 })
}

/// The path as a URI reference.
fn uri(path: &Path) -> String {
    let mut out = String::new();
    if path.is_absolute() {
        out.push_str("file://");
        // A drive letter has no slash before it.
        if !matches!(path.components().next(), Some(Component::RootDir)) {
            out.push('/');
        }
    }
    let lossy = slashed(path);
    let bytes = if cfg!(windows) { lossy.as_bytes() } else { path.as_os_str().as_encoded_bytes() };
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_reference() {
        assert_eq!(uri(Path::new("a b/Ä#1%.txt")), "a%20b/%C3%84%231%25.txt");
        assert_eq!(uri(Path::new("x:y.txt")), "x%3Ay.txt", "no scheme");
        #[cfg(unix)]
        assert_eq!(uri(Path::new("/a/b?")), "file:///a/b%3F");
    }
}
