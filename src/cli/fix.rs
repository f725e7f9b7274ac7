//! `unbake fix`: shows every change, then writes it.

use std::io::{self, Write};
use std::path::Path;

use super::args::FixArgs;
use super::diff::{members, patch};
use super::scan::{Event, Scan};
use super::stop::STOPPED;
use super::writer::{Writer, failed};
use super::{ERROR, FINE};
use crate::edit::Plan;
use crate::error::Error;
use crate::files::containers::Looked;
use crate::files::decisions::Decisions;
use crate::files::write::splice;
use crate::files::{Document, Loaded, read, walk};
use crate::report::Look;
use crate::report::messages::count;

/// Shows every change, then writes it.
///
/// # Errors
/// When the arguments make no sense, or the patch cannot be shown: what cannot be shown is not written.
pub fn run(args: &FixArgs) -> Result<u8, Error> {
    let mut scan = Scan::new(&args.scan)?;
    (scan.writes, scan.whole) = (true, true);
    scan.recalls(args.from_history);
    scan.converts = args.to.to.is_some();
    let color = args.scan.output.color.into();
    let mut writer = Writer::new()?;
    let quiet = args.scan.output.quiet;
    let mut out = crate::report::output();
    let mut err = crate::report::aside();
    let (out_look, err_look) = (Look::stdout(color), Look::stderr(color));
    if let Some(decisions) = &args.decisions {
        decided(args, decisions, &mut scan, &mut |scan, document, plan| {
            write(&mut writer, scan, document, plan, (!quiet).then_some((&mut out, out_look)))
        })?;
    } else {
        scan.run(|scan, event| match event {
            Event::Found(document, plan) if document.stamp().is_some() => {
                write(&mut writer, scan, document, &plan, (!quiet).then_some((&mut out, out_look)))
            }
            Event::Container(document, looked) if document.stamp().is_some() => {
                container(&mut writer, scan, document, &looked, (!quiet).then_some((&mut out, out_look)))
            }
            Event::Container(document, looked) => {
                if looked.edits() == 0 {
                    return Ok(());
                }
                let rewrite = match looked.rewrite(document) {
                    Ok(rewrite) => rewrite,
                    Err(error) => {
                        failed(scan, document, error);
                        return Ok(());
                    }
                };
                if !quiet && !members(scan, &mut err, err_look, document, &looked)? {
                    return Ok(());
                }
                err.flush()?;
                splice(&mut document.source()?, &rewrite, &mut out)?;
                (writer.files, writer.edits) = (writer.files + 1, writer.edits + looked.edits());
                Ok(out.flush()?)
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
                (writer.files, writer.edits) = (writer.files + 1, writer.edits + plan.edits().len() as u64);
                Ok(out.flush()?)
            }
            Event::Untouched(document) => {
                io::copy(&mut document.source()?, &mut out)?;
                Ok(out.flush()?)
            }
            Event::Failed(_) => Ok(()),
        })?;
    }
    out.flush()?;
    let checked = count(scan.totals.checked, "file");
    let errors = match scan.totals.errors {
        0 => String::new(),
        n => format!(", {}", count(n, "error")),
    };
    let how = if scan.stopped { "interrupted: " } else { "" };
    let (done, undo) = (writer.done(), writer.way_back());
    scan.messages.summary(format_args!("{how}{done} ({checked} checked{errors}){undo}"));
    Ok(match scan.totals.errors {
        _ if scan.stopped => STOPPED,
        0 => FINE,
        _ => ERROR,
    })
}

/// Shows the changes of one file, unless nobody wants to see them, and writes it.
fn write(
    writer: &mut Writer,
    scan: &mut Scan<'_>,
    document: &mut Document,
    plan: &Plan,
    shown: Option<(&mut impl Write, Look)>,
) -> Result<(), Error> {
    if plan.is_empty() || writer.is_written(scan, document) {
        return Ok(());
    }
    // Before there is anything to be cut short, a signal may end the program as it ends any other.
    scan.stop.listen()?;
    // What cannot be written is not shown either.
    let staged = match writer.prepare(document, plan.into()) {
        Ok(staged) => staged,
        Err(error) => {
            failed(scan, document, error);
            return Ok(());
        }
    };
    if let Some((out, look)) = shown {
        if !patch(scan, out, look, document, plan)? {
            return Ok(());
        }
        out.flush()?;
    }
    if let Err(error) = writer.commit(document, staged, plan.into(), plan.edits().len() as u64) {
        failed(scan, document, error);
    }
    Ok(())
}

/// Shows the changes in one container, unless nobody wants to see them, and writes it.
fn container(
    writer: &mut Writer,
    scan: &mut Scan<'_>,
    document: &mut Document,
    looked: &Looked,
    shown: Option<(&mut impl Write, Look)>,
) -> Result<(), Error> {
    if looked.edits() == 0 || writer.is_written(scan, document) {
        return Ok(());
    }
    scan.stop.listen()?;
    let prepared = looked.rewrite(document).and_then(|rewrite| {
        let staged = writer.prepare(document, (&rewrite).into())?;
        Ok((rewrite, staged))
    });
    let (rewrite, staged) = match prepared {
        Ok(prepared) => prepared,
        Err(error) => {
            failed(scan, document, error);
            return Ok(());
        }
    };
    if let Some((out, look)) = shown {
        if !members(scan, out, look, document, looked)? {
            return Ok(());
        }
        out.flush()?;
    }
    if let Err(error) = writer.commit(document, staged, (&rewrite).into(), looked.edits()) {
        failed(scan, document, error);
    }
    Ok(())
}

/// Goes through the files that were decided about and hands on what was accepted: nothing is looked for, so nothing is
/// written that nobody saw.
fn decided(
    args: &FixArgs,
    from: &Path,
    scan: &mut Scan<'_>,
    each: &mut impl FnMut(&mut Scan<'_>, &mut Document, &Plan) -> Result<(), Error>,
) -> Result<(), Error> {
    let decisions = Decisions::load(from)?;
    let below: Vec<_> = args.scan.paths.iter().map(|path| walk::resolved(path)).collect();
    let mut paths: Vec<&Path> = decisions.files().collect();
    paths.retain(|path| below.is_empty() || below.iter().any(|below| walk::resolved(path).starts_with(below)));
    for path in paths {
        if scan.stop.asked() {
            scan.stopped = true;
            break;
        }
        let look = || {
            let (Loaded::Text(mut document) | Loaded::Skipped(_, mut document)) = read::open(path)?;
            let decided = decisions.of(path, &document.digest()?);
            let changed = "has changed since it was decided about; left as it is: review it again";
            let plan = decided.ok_or_else(|| Error::usage(changed))?.plan()?;
            Ok::<_, Error>((document, plan))
        };
        match look() {
            Ok((mut document, plan)) => {
                scan.totals.checked += 1;
                each(scan, &mut document, &plan)?;
            }
            Err(error) => scan.failed(&error.or_at(path)),
        }
    }
    Ok(())
}
