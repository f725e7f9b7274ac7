//! `unbake diff`: every change as a patch; on a terminal page by page.

use super::args::DiffArgs;
use super::check::status;
use super::paging::Paged;
use super::scan::{Event, Scan};
use super::stop::STOPPED;
use crate::edit::Plan;
use crate::error::Error;
use crate::files::Document;
use crate::files::containers::Looked;
use crate::files::write::splice;
use crate::report::{Look, binary, diff, list};
use crate::source::{is_binary, readable};
use std::io::{Cursor, Seek, Write};
use std::path::{Path, PathBuf};

/// Shows every change; writes no file.
///
/// # Errors
/// When the arguments make no sense or the output cannot be written.
pub fn run(args: &DiffArgs) -> Result<u8, Error> {
    let mut scan = Scan::new(&args.scan)?;
    scan.staged = args.index.staged;
    scan.recalls(args.from_history);
    scan.converts = args.to.to.is_some();
    let look = Look::stdout(args.scan.output.color.into());
    let mut out = Paged::new(look, args.pager, &scan.stop);
    let ran = patches(&mut scan, &mut out, look);
    out.end(ran)?;
    scan.messages.summary(scan.totals);
    Ok(if scan.stopped { STOPPED } else { status(&scan) })
}

/// Writes the patches of all files.
fn patches(scan: &mut Scan<'_>, out: &mut Paged, look: Look) -> Result<(), Error> {
    // Programs get a patch of the container itself, people one of what is in it.
    scan.whole = !look.person;
    scan.run(|scan, event| match event {
        Event::Container(document, looked) => whole(scan, out, document, &looked),
        Event::Found(document, plan) => {
            patch(scan, out, look, document, &plan)?;
            Ok(out.show()?)
        }
        Event::Untouched(_) | Event::Failed(_) => Ok(()),
    })
}

/// Writes the patch of a container, for git.
///
/// # Errors
/// When the output cannot be written.
fn whole(scan: &mut Scan<'_>, out: &mut dyn Write, document: &Document, looked: &Looked) -> Result<(), Error> {
    if looked.edits() == 0 {
        return Ok(());
    }
    let new = looked.rewrite(document).and_then(|rewrite| rewrite.applied(&mut document.source()?));
    match new.and_then(|new| Ok((document.source()?, new))) {
        Ok((mut old, mut new)) => Ok(binary::write(out, &label(document.path()), &mut old, &mut new)?),
        Err(error) => {
            scan.failed(&error.or_at(document.path()));
            Ok(())
        }
    }
}

/// Writes the patches of what is in a container, for people. `false`: it could not be read any more, which was said.
///
/// # Errors
/// When the output cannot be written.
pub fn members(
    scan: &mut Scan<'_>,
    out: &mut dyn Write,
    look: Look,
    document: &Document,
    looked: &Looked,
) -> Result<bool, Error> {
    // An error of the container is its own; one of the output ends the run.
    let mut shown = Ok(true);
    let visited = looked.visit(document, &mut |member, plan| {
        shown = patch(scan, out, look, member, plan);
        if matches!(shown, Ok(true)) { Ok(()) } else { Err(Error::changed()) }
    });
    match visited {
        Err(error) if matches!(shown, Ok(true)) => {
            scan.failed(&error.or_at(document.path()));
            Ok(false)
        }
        _ => shown,
    }
}

/// Writes the patch of one document. `false`: it could not be read any more, which was said.
///
/// # Errors
/// When the output cannot be written.
pub fn patch(
    scan: &mut Scan<'_>,
    out: &mut dyn Write,
    look: Look,
    document: &Document,
    plan: &Plan,
) -> Result<bool, Error> {
    let mut source = match document.source() {
        Ok(source) => source,
        Err(error) => {
            scan.failed(&error.at(document.path()));
            return Ok(false);
        }
    };
    let name = label(document.path());
    let shown = match plan.form() {
        // People read text, in whatever encoding it is; programs need the bytes.
        Some(_) if look.person => document.whole()?.and_then(|bytes| readable(plan, &bytes)),
        Some(_) if is_binary(plan) => {
            let mut new = Cursor::new(Vec::new());
            splice(&mut source, plan, &mut new)?;
            source.rewind()?;
            return Ok(binary::write(out, &name, &mut source, &mut new).map(|()| true)?);
        }
        _ => None,
    };
    if shown.is_some() && plan.form().is_some_and(|form| form.converts) {
        list::encoding(out, look, &name, plan)?;
    }
    let written = match shown {
        Some((text, plan)) => diff::write(out, look, &name, &plan, &mut Cursor::new(text)),
        None => diff::write(out, look, &name, plan, &mut source),
    };
    match written {
        Ok(()) => Ok(true),
        // The one error that is the document's and not the output's: a large file that lost its end meanwhile.
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
            scan.failed(&Error::changed().at(document.path()));
            Ok(false)
        }
        Err(e) => Err(e.into()),
    }
}

/// The path to name in a patch: from the current folder, when the file is below it.
pub fn label(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok();
    here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path).to_owned()
}
