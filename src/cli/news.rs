//! Which findings count: all, or only those that are new.
//!
//! In: plans, text by text. Out: the plans without what stands in old lines, and without what a baseline knows. Must not:
//! judge text: what is old was judged like everything else, for it speaks for what is new.

use std::ops::Range;
use std::path::Path;

use crate::edit::{Place, Plan};
use crate::error::Error;
use crate::files::baseline::{Baseline, End};
use crate::files::git::Added;
use crate::report::Messages;
use crate::report::messages::count;

/// What is new.
#[derive(Debug, Default)]
pub struct News {
    /// Lines that were added.
    pub added: Option<Added>,
    /// Findings that are known.
    pub baseline: Option<Baseline>,
}

impl News {
    /// Whether there may be anything new in a file.
    pub fn touches(&self, path: &Path) -> bool {
        self.added.as_ref().is_none_or(|added| added.touches(path))
    }

    /// The plan with what is new in it, and how much of it a baseline knows.
    pub fn sift(&mut self, path: &Path, is_file: bool, counts_lost: bool, mut plan: Plan) -> (Plan, u64) {
        if is_file {
            plan = self.fresh(path, plan);
        }
        match &mut self.baseline {
            Some(baseline) => baseline.sift(path, plan, counts_lost),
            None => (plan, 0),
        }
    }

    /// The plan of a file with what stands in new lines.
    pub fn fresh(&self, path: &Path, plan: Plan) -> Plan {
        match self.added.as_ref().and_then(|added| added.lines(path)) {
            Some(lines) => new_only(plan, lines),
            None => plan,
        }
    }

    /// Ends it, and says what came of the baseline.
    ///
    /// # Errors
    /// When the baseline cannot be written.
    pub fn end(&mut self, file: Option<&Path>, messages: Messages) -> Result<(), Error> {
        let (Some(baseline), Some(file)) = (self.baseline.take(), file) else { return Ok(()) };
        let file = file.display();
        match baseline.end()? {
            End::Written(entries) => {
                let entries = if entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") };
                messages.notice(format_args!("{file}: written, with {entries}"));
            }
            // Of old lines nothing was asked.
            End::Stale(stale) if self.added.is_none() && !stale.is_empty() => {
                let entries: u64 = stale.iter().map(|(_, entries)| entries).sum();
                let files = count(stale.len() as u64, "file");
                for (path, entries) in &stale {
                    messages.note(format_args!("{file}: {entries} of {path} match nothing any more"));
                }
                let say = if entries == 1 { "1 entry matches".to_owned() } else { format!("{entries} entries match") };
                messages.notice(format_args!(
                    "{file}: {say} nothing any more (in {files}; -v names them); bring it up to date with --update-baseline"
                ));
            }
            End::Stale(_) => {}
        }
        Ok(())
    }
}

/// The plan without what lies outside of the new lines.
fn new_only(plan: Plan, new: &[Range<u64>]) -> Plan {
    let is_new = |place: &Place, text: &str| {
        let last = place.line + text.matches('\n').count() as u64;
        let after = new.partition_point(|lines| lines.end <= place.line);
        new.get(after).is_some_and(|lines| lines.start <= last)
    };
    let lost = plan.lost().iter().filter(|lost| is_new(&lost.place, &lost.text())).cloned().collect();
    let remarks = plan.remarks().iter().filter(|remark| is_new(&remark.place, &remark.text())).cloned().collect();
    plan.retain(|edit| is_new(&edit.place, &edit.before_text())).with_lost(lost).with_remarks(remarks)
}
