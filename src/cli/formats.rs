//! `unbake check --format sarif|github|gitlab|rdjson`: the findings for other programs.
//!
//! In: files. Out: a document in the format, on standard output or in a file. Must not: know what the formats look like.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use super::args::CheckArgs;
use super::check::end;
use super::diff::label;
use super::scan::{Event, Scan};
use super::{FINE, finish};
use crate::edit::{Plan, Span};
use crate::error::Error;
use crate::files::Document;
use crate::files::digest::Digest;
use crate::files::write::New;
use crate::report::formats::{self, Finding, Format, Kind};
use crate::source::Charset;

/// Writes the findings; changes no file that was looked into.
///
/// # Errors
/// When the arguments make no sense or the output cannot be written.
pub fn run(args: &CheckArgs, mut scan: Scan<'_>, kind: Kind) -> Result<u8, Error> {
    if args.statistics {
        return Err(Error::usage("this format has single findings: leave out --statistics, or take --format json"));
    }
    match &args.into {
        Some(path) => {
            let mut file = New::create(path).map_err(|e| e.at(path))?;
            fill(&mut scan, kind, &mut file)?;
            file.finish(true).map_err(|e| e.at(path))?;
        }
        None => {
            let mut out = crate::report::output();
            fill(&mut scan, kind, &mut out)?;
            finish(out, FINE)?;
        }
    }
    end(args, scan)
}

/// Writes all findings from beginning to end.
fn fill(scan: &mut Scan<'_>, kind: Kind, out: &mut dyn Write) -> Result<(), Error> {
    let mut format = formats::begin(kind, out)?;
    scan.run(|scan, event| match event {
        Event::Found(document, plan) => match file(&mut *format, out, document, &plan) {
            // It lost its end meanwhile: that is the document's error, and not the output's.
            Err(error) if error.is_changed() => {
                scan.failed(&error);
                Ok(format.error(out, &error)?)
            }
            written => written,
        },
        Event::Failed(error) => Ok(format.error(out, error)?),
        Event::Untouched(_) | Event::Container(..) => Ok(()),
    })?;
    Ok(format.end(out)?)
}

/// Writes the findings of one text, in the order of their places.
fn file(format: &mut dyn Format, out: &mut dyn Write, document: &Document, plan: &Plan) -> Result<(), Error> {
    let path = label(document.path());
    // What the archive is called, and what in it.
    let name = path.to_string_lossy().into_owned();
    let member = if document.is_member() { name.split_once("!/") } else { None };
    let others = plan.lost().iter().map(|lost| lost.span).chain(plan.remarks().iter().map(|remark| remark.span));
    let spans: Vec<Span> = plan.edits().iter().map(|edit| edit.span).chain(others).collect();
    let charset = plan.form().and_then(|form| Charset::for_label(form.label)).filter(|one| *one != Charset::UTF_8);
    let regions = document.source().and_then(|mut source| Ok(formats::regions(&mut source, charset, &spans)?));
    // It was read a moment ago.
    let regions = regions.map_err(|_| Error::changed().at(document.path()))?;
    let mut seen = HashMap::new();
    let mut mark = |text: &str, left: &str, right: &str| fingerprint(&mut seen, &name, [text, left, right]);
    let edits = plan.edits().iter().zip(&regions).map(|(edit, region)| {
        let mark = mark(&edit.before_text(), &edit.place.left, &edit.place.right);
        (edit.span.start, Finding::edit(&path, edit, *region, mark))
    });
    let mut findings: Vec<(u64, Finding<'_>)> = edits.collect();
    findings.extend(plan.lost().iter().zip(&regions[plan.edits().len()..]).map(|(lost, region)| {
        let mark = mark(&lost.text(), &lost.place.left, &lost.place.right);
        (lost.span.start, Finding::lost(&path, lost, *region, mark))
    }));
    findings.extend(plan.remarks().iter().zip(&regions[plan.edits().len() + plan.lost().len()..]).map(
        |(remark, region)| {
            let mark = mark(&format!("{}: {}", remark.rule, remark.text()), &remark.place.left, &remark.place.right);
            (remark.span.start, Finding::reported(&path, remark, *region, mark))
        },
    ));
    findings.sort_by_cached_key(|(start, _)| *start);
    for (_, finding) in findings {
        let finding = match member {
            Some((archive, member)) => finding.inside(Path::new(archive), member),
            None => finding,
        };
        format.finding(out, &finding)?;
    }
    Ok(())
}

/// What a finding is known by when it moves: its file, its text and the words around it; and, where several have all of
/// that in common, which of them it is.
fn fingerprint(seen: &mut HashMap<String, u32>, path: &str, parts: [&str; 3]) -> String {
    let key = format!("{path}\0{}", parts.join("\0"));
    let nth = seen.entry(key.clone()).or_default();
    *nth += 1;
    Digest::of(format!("{key}\0{nth}").as_bytes()).hash.to_hex()[..32].to_owned()
}
