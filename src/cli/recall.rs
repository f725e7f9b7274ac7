//! Text that is gone from a file, and stands in its history.
//!
//! In: a document, a plan that names where text is lost, and the file's history. Out: edits that put back what stood there.
//! Must not: invent anything: what is put back stood in an earlier version of the same line.

use std::ops::Range;

use crate::edit::{Chain, Confidence, Edit, Plan, RuleSet, Step};
use crate::engine::{Engine, recover};
use crate::error::Error;
use crate::files::git::{History, Origin};
use crate::files::{Document, read};

/// The odds that an edit is said to have, in nats: those that its level promises.
const LIKELY: f32 = 6.9;
const POSSIBLE: f32 = 3.0;

/// Versions of a line that are looked at, at most; the latest.
const VERSIONS: usize = 10_000;

/// An edit that puts lost text back, and where it was found.
pub struct Offer<'h> {
    /// The edit.
    pub edit: Edit,
    /// The version that has the text.
    pub origin: &'h Origin,
}

/// What the history has in place of lost text.
///
/// # Errors
/// When the document cannot be read.
pub fn offers<'h>(
    document: &Document,
    plan: &Plan,
    engine: &Engine,
    history: &'h History,
) -> Result<Vec<Offer<'h>>, Error> {
    let is_utf8 = plan.form().is_none_or(|form| form.label == "utf-8");
    if plan.lost().is_empty() || !is_utf8 || plan.source_len() > read::VIEWED {
        return Ok(Vec::new());
    }
    // Lines that were damaged otherwise before they were lost are as good as right ones: damage can be undone.
    let lines: Vec<(&Origin, String)> = (history.lines().take(VERSIONS))
        .filter_map(|(origin, line)| Some((origin, engine.repair(std::str::from_utf8(line).ok()?).into_owned())))
        .collect();
    let versions: Vec<&str> = lines.iter().map(|(_, line)| line.as_str()).collect();
    let mut bytes = Vec::new();
    document.source()?.read_to_end(&mut bytes)?;
    let mut offers = Vec::new();
    for lost in plan.lost().chunk_by(|a, b| a.place.line == b.place.line) {
        let (Some(first), Some(last)) = (lost.first(), lost.last()) else { continue };
        let (from, to) = (first.span.range().start, last.span.range().end);
        if to > bytes.len() {
            return Err(Error::changed());
        }
        let start = memchr::memrchr(b'\n', &bytes[..from]).map_or(0, |at| at + 1);
        let end = memchr::memchr(b'\n', &bytes[to..]).map_or(bytes.len(), |at| to + at);
        let Ok(line) = std::str::from_utf8(&bytes[start..end]) else { continue };
        let places: Vec<Range<usize>> = lost.iter().map(|lost| lost.span.range_from(start as u64)).collect();
        for (lost, found) in lost.iter().zip(recover(line, &places, &versions)) {
            let Some(found) = found else { continue };
            let odds = if found.confidence == Confidence::Possible { POSSIBLE } else { LIKELY };
            let edit = Edit {
                span: lost.span,
                before: lost.text.clone(),
                after: found.text.into_bytes(),
                chain: Chain::from(vec![Step::HISTORY]),
                rules: RuleSet::NONE,
                confidence: found.confidence,
                lossy: false,
                odds,
                place: lost.place.clone(),
            };
            offers.push(Offer { edit, origin: lines[found.version].0 });
        }
    }
    Ok(offers)
}

/// The plan with what the history has in place of lost text, where that is sure enough.
///
/// # Errors
/// When git cannot be asked, or the document cannot be read.
pub fn from_history(document: &Document, plan: Plan, engine: &Engine) -> Result<Plan, Error> {
    if plan.lost().is_empty() {
        return Ok(plan);
    }
    let history = History::of(document.path(), "--from-history")?;
    let offers = offers(document, &plan, engine, &history)?;
    let least = engine.config().min_confidence;
    plan.join(offers.into_iter().map(|offer| offer.edit).filter(|edit| edit.confidence >= least).collect())
}
