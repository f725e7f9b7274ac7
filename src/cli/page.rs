//! `unbake check --format html`: the findings as one page to decide on in a browser.
//!
//! In: files. Out: a page, whose decisions `fix --decisions` obeys. Must not: put in what they could not be obeyed for, such
//! as members of archives; that is said.

use std::io::Write;

use super::args::CheckArgs;
use super::check::{end, others};
use super::scan::{Event, Scan};
use super::{FINE, finish};
use crate::engine::Reading;
use crate::error::Error;
use crate::files::decisions;
use crate::files::digest::Digest;
use crate::files::state;
use crate::files::write::New;
use crate::report::Look;
use crate::report::html::{About, Html};

/// Writes the page; changes no file that was looked into.
///
/// # Errors
/// When the arguments make no sense or the page cannot be written.
pub fn run(args: &CheckArgs, mut scan: Scan<'_>) -> Result<u8, Error> {
    if args.statistics || args.index.staged {
        return Err(Error::usage("a page has single findings of files: leave out --statistics and --staged"));
    }
    // The digests are of the bytes that were looked at, and archives are handed out as one.
    (scan.writes, scan.whole) = (true, true);
    let now = state::now();
    // Nobody who wrote one of the files can know it.
    let secret = Digest::of(format!("{now} {}", std::process::id()).as_bytes()).hash.to_hex();
    let time = state::readable(now);
    let begin = |out: &mut dyn Write| Html::begin(out, &time, &secret[..32], decisions::VERSION);
    match &args.into {
        Some(path) => {
            let mut file = New::create(path).map_err(|e| e.at(path))?;
            let page = begin(&mut file).map_err(|e| Error::from(e).at(path))?;
            fill(args, &mut scan, page, &mut file)?;
            file.finish(true).map_err(|e| e.at(path))?;
        }
        None if Look::stdout(args.scan.output.color.into()).terminal => {
            return Err(Error::usage("a page is of no use on a terminal: add -o report.html"));
        }
        None => {
            let mut out = crate::report::output();
            let page = begin(&mut out)?;
            fill(args, &mut scan, page, &mut out)?;
            finish(out, FINE)?;
        }
    }
    end(args, scan)
}

/// Writes all findings, and ends the page.
fn fill(args: &CheckArgs, scan: &mut Scan<'_>, mut page: Html, out: &mut dyn Write) -> Result<(), Error> {
    scan.run(|scan, event| match event {
        Event::Found(document, plan) if document.stamp().is_some() && !plan.is_empty() => {
            let digest = document.digest()?;
            let engine = if args.alternatives { Some(scan.engine(document.path())?) } else { None };
            let hash = digest.hash.to_hex();
            let about = About { path: document.path(), len: digest.len, hash: &hash };
            let others = |edit: &_| engine.as_ref().map_or_else(Vec::<Reading>::new, |engine| others(engine, edit));
            Ok(page.file(out, about, &plan, others)?)
        }
        Event::Container(document, _) => {
            let path = document.path().display();
            scan.messages.notice(format_args!("{path}: is an archive and not in the page; `unbake fix` repairs it"));
            Ok(())
        }
        Event::Found(..) | Event::Untouched(_) | Event::Failed(_) => Ok(()),
    })?;
    Ok(page.end(out)?)
}
