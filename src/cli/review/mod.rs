//! `unbake review`: change by change, then written as `fix` does.
//!
//! In: files and what the reviewer says. Out: files with what was accepted, and nothing else. What was decided is kept the
//! moment it is said.

mod full;
mod plain;
mod reviewer;
mod session;
mod words;

use super::args::ReviewArgs;
use super::scan::{Event, Scan};
use super::writer::Writer;
use super::{ERROR, FINE};
use crate::error::Error;
use crate::files::decisions::Book;
use crate::files::{read, state};
use crate::report::messages::count;
use crate::report::{Look, look};
use reviewer::Reviewer;

/// How a review ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// What was accepted is to be written.
    Write,
    /// Nothing is to be written now.
    Leave,
}

/// Reviews and writes.
///
/// # Errors
/// When the arguments make no sense, or the terminal or the decisions cannot be read or written.
pub fn run(args: &ReviewArgs) -> Result<u8, Error> {
    if args.scan.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Error::usage("standard input cannot be reviewed: the answers come from there; name files"));
    }
    let mut scan = Scan::new(&args.scan)?;
    (scan.writes, scan.whole) = (true, true);
    let book = match &args.decisions {
        Some(path) => Book::in_file(path)?,
        None => Book::in_state(&state::folder()?),
    };
    let mut reviewer = Reviewer::new(book);
    let mut names = Writer::new()?;
    scan.run(|scan, event| {
        if let Event::Container(document, _) = &event {
            let path = document.path().display();
            scan.messages
                .notice(format_args!("{path}: is an archive, which cannot be reviewed; `unbake fix` repairs it"));
        }
        if let Event::Found(document, plan) = event
            && !plan.is_empty()
            && !names.is_listed(scan, document)
        {
            reviewer.add(scan, document, &plan)?;
        }
        Ok(())
    })?;
    if reviewer.session.changes.is_empty() {
        scan.messages.summary(scan.totals);
        return Ok(if scan.totals.errors > 0 { ERROR } else { FINE });
    }
    let known = reviewer.session.changes.len() - reviewer.session.count(None);
    if reviewer.session.current().verdict.is_some() {
        reviewer.session.next_open();
    }
    let look = Look::stdout(args.scan.output.color.into());
    let whole = !args.plain && read::is_terminal() && look.terminal && !look::is_dumb();
    let end = if whole {
        full::run(&mut reviewer, &scan, look, known)?
    } else {
        plain::run(&mut reviewer, &scan, look, known)?
    };
    let mut writer = Writer::new()?;
    if end == End::Write {
        reviewer.write(&mut scan, &mut writer)?;
    }
    let open = reviewer.session.count(None);
    let left = match (end, open) {
        (End::Leave, _) => {
            format!("nothing was written; the decisions are kept, {} open", count(open as u64, "change"))
        }
        (End::Write, 0) => writer.done(),
        (End::Write, _) => format!("{}, {} left open", writer.done(), count(open as u64, "change")),
    };
    let undo = writer.way_back();
    scan.messages.summary(format_args!("{left}{undo}"));
    writer.end(&scan);
    Ok(if scan.totals.errors > 0 { ERROR } else { FINE })
}
