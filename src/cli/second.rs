//! What remains in the files that were written? They are read again from the disk, and looked into once more.
//!
//! In: what was written. Out: for each file what another run would change, what is not sure enough, what cannot be changed, and
//! what is lost. Must not: write, or take for what was written what somebody else has changed since.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::LostArg;
use super::scan::{Input, Outcome, Scan, outcome};
use super::writer::Written;
use crate::edit::{Confidence, Plan};
use crate::error::Error;
use crate::files::git::Added;
use crate::files::run;
use crate::report::remains::{Pass, Remains};

/// Looks into what was written once more, with the settings that it was written by. `since` is the commit after which lines
/// count, if not all do.
///
/// # Errors
/// When git cannot tell any more which lines are new.
pub fn pass(scan: &mut Scan<'_>, written: Vec<Written>, since: Option<&str>) -> Result<Pass, Error> {
    // The lines may be other ones by now.
    scan.news.added = since.map(|rev| Added::since(Path::new("."), rev)).transpose()?;
    scan.lost = Some(Some(LostArg::Note));
    let resolver = scan.resolver();
    let as_asked = scan.how();
    let mut all = scan.how();
    all.level = Some(Confidence::ALL[0]);
    let work = move |input: &Input| {
        let first = outcome(&resolver, input, &all);
        let size = first.size();
        let found = texts(first).and_then(|found| {
            let is_any = found.iter().any(|(_, plan)| !plan.is_empty());
            // What is left out for not being sure enough may have kept something else out: asked again as it will be asked.
            let sure = if is_any { texts(outcome(&resolver, input, &as_asked))? } else { Vec::new() };
            Ok((found, sure))
        });
        ((found, size), 0)
    };
    let mut pass = Pass::default();
    let inputs: Arc<[Input]> = written.into_iter().map(Input::Written).collect();
    let progress = scan.progress("looking again: ", "", &inputs);
    let these = Arc::clone(&inputs);
    let work = move |n: &usize| work(&these[*n]);
    let ended = run::ordered(scan.threads(), 0..inputs.len(), work, |n, found| {
        let (found, size) = found.unwrap_or_else(|panic| (Err(Error::usage(panic)), 0));
        progress.file(size);
        if scan.stop.asked() {
            scan.stopped = true;
            return Err(Error::usage("interrupted"));
        }
        let (path, _) = inputs[n].name();
        match found {
            Ok((found, sure)) => {
                let fresh =
                    |(member, plan): (PathBuf, Plan)| if member == path { scan.news.fresh(path, plan) } else { plan };
                let found: Vec<Plan> = found.into_iter().map(fresh).collect();
                let sure: Vec<Plan> = sure.into_iter().map(fresh).collect();
                pass.add(remains(path, &found, &sure));
            }
            Err(error) if error.is_changed() => pass.changed(path),
            Err(error) => {
                pass.changed(path);
                scan.messages.notice(error.or_at(path));
            }
        }
        Ok(())
    });
    if scan.stopped { Ok(pass) } else { ended.map(|()| pass) }
}

/// The texts of a file with something to say of them.
fn texts(outcome: Outcome) -> Result<Vec<(PathBuf, Plan)>, Error> {
    match outcome {
        Outcome::Done(document, plan, _) => Ok(vec![(document.path().to_owned(), plan)]),
        Outcome::Container(_, looked, _) => {
            Ok(looked.texts().into_iter().map(|(path, plan)| (path.to_owned(), plan.clone())).collect())
        }
        Outcome::Skipped(..) => Ok(Vec::new()),
        Outcome::Failed(error) => Err(error),
        Outcome::NoSettings(failure) => Err(failure.into()),
    }
}

/// What remains in a file, where everything is `found` and some of it is sure enough.
fn remains(path: &Path, found: &[Plan], sure: &[Plan]) -> Remains {
    let edits = |plans: &[Plan]| plans.iter().map(|plan| plan.edits().len() as u64).sum::<u64>();
    let open = edits(sure);
    Remains {
        path: path.to_string_lossy().into_owned(),
        open,
        below: edits(found).saturating_sub(open),
        refused: found.iter().map(|plan| plan.notes().len() as u64).sum(),
        lost: found.iter().map(|plan| plan.lost().len() as u64).sum(),
    }
}
