//! `check --add-ignore`: writes `unbake: ignore` behind each line with a finding, as a comment of its kind of file.
//!
//! In: files with findings. Out: the same files with a comment at the end of these lines, and a journal that leads back. Must
//! not: change anything else, or write where the kind of file is not known to have comments: that is said instead.

use std::collections::BTreeMap;

use super::comment::Comment;
use super::scan::{Event, Scan};
use super::writer::Writer;
use super::{ERROR, FINE, finish};
use crate::edit::{Chain, Confidence, Edit, Place, Plan, Rule, RuleSet, Span};
use crate::error::Error;
use crate::files::Document;
use crate::files::write::Change;
use crate::report::list;
use crate::report::messages::count;

/// What is written.
const WORDS: &str = "unbake: ignore";

/// A comment at the end of a longer line would not reach back to all of it.
const LONGEST: usize = 32 << 10;

/// Marks all findings.
///
/// # Errors
/// When the output cannot be written.
pub fn run(mut scan: Scan<'_>) -> Result<u8, Error> {
    scan.writes = true;
    let mut writer = Writer::new()?;
    let mut out = crate::report::output();
    scan.run(|scan, event| {
        let Event::Found(document, plan) = event else { return Ok(()) };
        let path = document.path().to_owned();
        if document.stamp().is_some() && writer.is_written(scan, document) {
            return Ok(());
        }
        let (marks, left) = match marks(document, &plan) {
            Ok(marks) => marks,
            Err(error) => {
                scan.failed(&error.or_at(&path));
                return Ok(());
            }
        };
        if left > 0 {
            let lines = count(left, "line");
            scan.messages.notice(format_args!(
                "{}: {lines} where no comment can be written; say `allow`, `exclude` or `per-path` in the settings, or use --baseline",
                path.display()
            ));
        }
        if marks.is_empty() {
            return Ok(());
        }
        let change = Change::Edits(&marks);
        let written = writer
            .prepare(document, change)
            .and_then(|staged| writer.commit(document, staged, change, &[(&path, &marks)]));
        if let Err(error) = written {
            scan.failed(&error.or_at(&path));
            return Ok(());
        }
        for edit in marks.edits() {
            list::line(&mut out, format_args!("{}:{}: marked", path.display(), edit.place.line))?;
        }
        Ok(())
    })?;
    let status = if scan.totals.errors > 0 { ERROR } else { FINE };
    let status = finish(out, status)?;
    let files = count(writer.files, "file");
    scan.messages.summary(format_args!("{} in {files}{}", count(writer.edits, "comment"), writer.way_back()));
    Ok(status)
}

/// The comments to write into a document, and how many lines with findings can have none.
fn marks(document: &Document, plan: &Plan) -> Result<(Plan, u64), Error> {
    // Line ends and marks at the start of a file belong to no line.
    let ends = [Rule::Bom, Rule::Eol, Rule::FinalNewline];
    let is_of_a_line = |edit: &&Edit| !edit.only_normalizes() || !edit.rules.iter().all(|rule| ends.contains(&rule));
    let edits = plan.edits().iter().filter(is_of_a_line).map(|edit| (edit.span.start, edit.place.line));
    let remarks = plan.remarks().iter().filter(|remark| remark.rule != Rule::UnusedIgnore);
    let places = edits.chain(remarks.map(|remark| (remark.span.start, remark.place.line)));
    // A line has one comment, however much there is in it.
    let lines: BTreeMap<u64, u64> = places.map(|(start, line)| (line, start)).collect();
    let is_plain = document.stamp().is_some() && !document.is_member() && plan.form().is_none();
    let comment = Comment::of_path(document.path()).filter(|_| is_plain);
    let source = document.whole()?.filter(|_| comment.is_some());
    let (Some(comment), Some(source)) = (comment, source) else {
        return Ok((Plan::default(), lines.len() as u64));
    };
    let mut marks = Vec::new();
    for (line, start) in &lines {
        let at = *start as usize;
        let begin = memchr::memrchr(b'\n', &source[..at]).map_or(0, |feed| feed + 1);
        let feed = memchr::memchr(b'\n', &source[at..]).map_or(source.len(), |feed| at + feed);
        let end = if source[..feed].ends_with(b"\r") { feed - 1 } else { feed };
        // A line that goes on in the next one would go on with the comment.
        if end - begin > LONGEST || source[..end].ends_with(b"\\") || std::str::from_utf8(&source[begin..end]).is_err()
        {
            continue;
        }
        marks.push(Edit {
            span: Span::new(end as u64, end as u64),
            before: Vec::new(),
            after: format!(" {}", comment.around(WORDS)).into_bytes(),
            chain: Chain::default(),
            rules: RuleSet::NONE,
            confidence: Confidence::Certain,
            lossy: false,
            odds: 0.0,
            place: Place { line: *line, ..Place::default() },
        });
    }
    let left = (lines.len() - marks.len()) as u64;
    Ok((Plan::new(marks, plan.source_len(), Vec::new())?, left))
}
