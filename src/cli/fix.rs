//! `unbake fix`: shows every change, then writes it.

use std::collections::HashSet;
use std::io::{self, Write};

use super::args::ScanArgs;
use super::diff::{members, patch};
use super::scan::{Event, Scan};
use super::stop::STOPPED;
use super::{ERROR, FINE};
use crate::error::Error;
use crate::files::journal::Run;
use crate::files::write::{Change, Expected, Staged, splice};
use crate::files::{Document, Skip, state};
use crate::report::Look;
use crate::report::messages::count;

/// Shows every change, then writes it.
///
/// # Errors
/// When the arguments make no sense, or the patch cannot be shown: what cannot be shown is not written.
pub fn run(args: &ScanArgs) -> Result<u8, Error> {
    let mut scan = Scan::new(args)?;
    (scan.writes, scan.whole) = (true, true);
    let color = args.output.color.into();
    let mut fix = Fix { run: Run::new(state::folder()?), written: HashSet::new(), files: 0, edits: 0 };
    let quiet = args.output.quiet;
    let mut out = crate::report::output();
    let mut err = crate::report::aside();
    let (out_look, err_look) = (Look::stdout(color), Look::stderr(color));
    scan.run(|scan, event| match event {
        Event::Found(document, plan) if document.stamp().is_some() => {
            if plan.is_empty() || fix.is_written(scan, document) {
                return Ok(());
            }
            // Before there is anything to be cut short, a signal may end the program as it ends any other.
            scan.stop.listen()?;
            // What cannot be written is not shown either.
            let staged = match fix.prepare(document, (&plan).into()) {
                Ok(staged) => staged,
                Err(error) => return failed(scan, document, error),
            };
            if !quiet {
                if !patch(scan, &mut out, out_look, document, &plan)? {
                    return Ok(());
                }
                out.flush()?;
            }
            let edits = plan.edits().len() as u64;
            fix.commit(document, staged, (&plan).into(), edits).or_else(|error| failed(scan, document, error))
        }
        Event::Container(document, looked) => {
            let is_file = document.stamp().is_some();
            if looked.edits() == 0 || is_file && fix.is_written(scan, document) {
                return Ok(());
            }
            let rewrite = match looked.rewrite(document) {
                Ok(rewrite) => rewrite,
                Err(error) => return failed(scan, document, error),
            };
            if !is_file {
                if !quiet && !members(scan, &mut err, err_look, document, &looked)? {
                    return Ok(());
                }
                err.flush()?;
                splice(&mut document.source()?, &rewrite, &mut out)?;
                (fix.files, fix.edits) = (fix.files + 1, fix.edits + looked.edits());
                return Ok(out.flush()?);
            }
            scan.stop.listen()?;
            let staged = match fix.prepare(document, (&rewrite).into()) {
                Ok(staged) => staged,
                Err(error) => return failed(scan, document, error),
            };
            if !quiet {
                if !members(scan, &mut out, out_look, document, &looked)? {
                    return Ok(());
                }
                out.flush()?;
            }
            let written = fix.commit(document, staged, (&rewrite).into(), looked.edits());
            written.or_else(|error| failed(scan, document, error))
        }
        Event::Found(document, plan) => {
            if plan.is_empty() {
                return Ok(());
            }
            if !quiet && !patch(scan, &mut err, err_look, document, &plan)? {
                return Ok(());
            }
            err.flush()?;
            splice(&mut document.source()?, &plan, &mut out)?;
            (fix.files, fix.edits) = (fix.files + 1, fix.edits + plan.edits().len() as u64);
            Ok(out.flush()?)
        }
        Event::Untouched(document) => {
            io::copy(&mut document.source()?, &mut out)?;
            Ok(out.flush()?)
        }
        Event::Failed(_) => Ok(()),
    })?;
    out.flush()?;
    let (edits, files) = (count(fix.edits, "edit"), count(fix.files, "file"));
    let checked = count(scan.totals.checked, "file");
    let errors = match scan.totals.errors {
        0 => String::new(),
        n => format!(", {}", count(n, "error")),
    };
    let undo = fix.run.id().map(|id| format!("; to put it back: unbake undo {id}")).unwrap_or_default();
    let how = if scan.stopped { "interrupted: " } else { "" };
    scan.messages.summary(format_args!("{how}{edits} in {files} ({checked} checked{errors}){undo}"));
    Ok(match scan.totals.errors {
        _ if scan.stopped => STOPPED,
        0 => FINE,
        _ => ERROR,
    })
}

/// What was written so far.
struct Fix {
    run: Run,
    written: HashSet<(u64, u64)>,
    files: u64,
    edits: u64,
}

/// Says that a file could not be written. The others go on.
fn failed(scan: &mut Scan<'_>, document: &Document, error: Error) -> Result<(), Error> {
    scan.failed(&if error.path().is_some() { error } else { error.at(document.path()) });
    Ok(())
}

impl Fix {
    fn prepare(&mut self, document: &mut Document, change: Change<'_>) -> Result<Staged, Error> {
        let expected = Expected { stamp: document.stamp().copied(), digest: document.digest()? };
        self.run.prepare(document.path(), &expected, change)
    }

    fn commit(&mut self, document: &Document, staged: Staged, change: Change<'_>, edits: u64) -> Result<(), Error> {
        self.run.commit(staged, change, edits)?;
        self.files += 1;
        self.edits += edits;
        if let Some(id) = document.stamp().filter(|stamp| stamp.links > 1).and_then(|stamp| stamp.id) {
            self.written.insert(id);
        }
        Ok(())
    }

    /// Whether the document is another name of a file that was written already, which was said.
    fn is_written(&self, scan: &mut Scan<'_>, document: &Document) -> bool {
        let again = document.stamp().and_then(|stamp| stamp.id).is_some_and(|id| self.written.contains(&id));
        if again {
            scan.messages.note(format_args!("{}: skipped: {}", document.path().display(), Skip::SameFile.why()));
        }
        again
    }
}
