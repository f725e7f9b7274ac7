//! `unbake fix`: shows every change, then writes it, and looks once more into what it wrote.

use std::io::{self, Write};
use std::path::Path;

use super::args::{FixArgs, FixFormat};
use super::diff::{members, patch};
use super::scan::{Event, Scan};
use super::second;
use super::stop::STOPPED;
use super::writer::Writer;
use super::{ERROR, FINE, FOUND};
use crate::edit::Plan;
use crate::error::Error;
use crate::files::containers::Looked;
use crate::files::decisions::Decisions;
use crate::files::rewrite::Rewrite;
use crate::files::write::{Change, splice};
use crate::files::{Document, Loaded, read, walk};
use crate::report::Look;
use crate::report::json::{Json, Shape, Written};
use crate::report::messages::count;

/// Shows every change, then writes it.
///
/// # Errors
/// When the arguments make no sense, or the patch cannot be shown: what cannot be shown is not written.
pub fn run(args: &FixArgs) -> Result<u8, Error> {
    let shape = match args.format {
        FixFormat::Patch => None,
        FixFormat::Json => Some(Shape::Document),
        FixFormat::Jsonl => Some(Shape::Lines),
    };
    if shape.is_some() && args.scan.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Error::usage(
            "standard input goes to standard output, which --format would use: leave one of them out",
        ));
    }
    let mut scan = Scan::new(&args.scan)?;
    (scan.writes, scan.whole) = (true, true);
    scan.recalls(args.from_history);
    scan.converts = args.to.to.is_some();
    let color = args.scan.output.color.into();
    let mut out = crate::report::output();
    let json = shape.map(|shape| Json::begin(shape, &mut out)).transpose()?;
    let mut fix = Fix {
        writer: Writer::new()?,
        lossy: 0,
        shows: !args.scan.output.quiet && json.is_none(),
        json,
        looks: (Look::stdout(color), Look::stderr(color)),
        out,
        err: crate::report::aside(),
    };
    if let Some(decisions) = &args.decisions {
        decided(args, decisions, &mut scan, &mut fix)?;
    } else {
        scan.run(|scan, event| match event {
            Event::Found(document, plan) => fix.take(scan, document, What::Text(&plan)),
            Event::Container(document, looked) => fix.take(scan, document, What::Container(&looked)),
            Event::Untouched(document) => {
                io::copy(&mut document.source()?, &mut fix.out)?;
                Ok(fix.out.flush()?)
            }
            Event::Failed(error) => fix.report(error),
        })?;
    }
    fix.out.flush()?;
    let written = std::mem::take(&mut fix.writer.list);
    // What was decided about is written and nothing else, so there is more to find for good reason.
    let second = match args.decisions.is_none() && !written.is_empty() && !scan.stopped {
        true => Some(second::pass(&mut scan, written, args.scan.since.as_deref())?),
        false => None,
    };
    for one in second.iter().flat_map(|pass| &pass.remains) {
        scan.messages.note(format_args!("{}: remains: {one}", one.path));
    }
    if let Some(json) = fix.json.take() {
        let (run, Writer { files, edits, .. }) = (fix.writer.run(), &fix.writer);
        let written = Written { run, files: *files, edits: *edits, lossy: fix.lossy, second_pass: second.as_ref() };
        json.end_written(&mut fix.out, &written, &scan.totals)?;
        fix.out.flush()?;
    }
    let checked = count(scan.totals.checked, "file");
    let errors = match scan.totals.errors {
        0 => String::new(),
        n => format!(", {}", count(n, "error")),
    };
    let how = if scan.stopped { "interrupted: " } else { "" };
    let lossy = if fix.lossy > 0 { format!(", {} of them inferred (lossy)", fix.lossy) } else { String::new() };
    let (done, undo) = (fix.writer.done(), fix.writer.way_back());
    if let Some(second) = &second {
        scan.messages.summary(second);
    }
    scan.messages.summary(format_args!("{how}{done}{lossy} ({checked} checked{errors}){undo}"));
    fix.writer.end(&scan);
    Ok(match scan.totals.errors {
        _ if scan.stopped => STOPPED,
        0 if second.is_some_and(|pass| pass.sum().open > 0) => FOUND,
        0 => FINE,
        _ => ERROR,
    })
}

/// What is to change in one file.
#[derive(Clone, Copy)]
enum What<'a> {
    Text(&'a Plan),
    Container(&'a Looked),
}

/// What makes the new bytes of one file.
enum Made<'a> {
    Edits(&'a Plan),
    Pieces(Rewrite),
}

impl<'a> From<&'a Made<'_>> for Change<'a> {
    fn from(made: &'a Made<'_>) -> Change<'a> {
        match made {
            Made::Edits(plan) => Change::Edits(plan),
            Made::Pieces(rewrite) => Change::Pieces(rewrite),
        }
    }
}

impl<'a> What<'a> {
    /// The texts that change, and how.
    fn texts(self, document: &'a Document) -> Vec<(&'a Path, &'a Plan)> {
        match self {
            What::Text(plan) => vec![(document.path(), plan)],
            What::Container(looked) => looked.texts(),
        }
    }

    fn made(self, document: &Document) -> Result<Made<'a>, Error> {
        match self {
            What::Text(plan) => Ok(Made::Edits(plan)),
            What::Container(looked) => looked.rewrite(document).map(Made::Pieces),
        }
    }

    /// Shows it to people. `false`: it could not be read any more, which was said.
    fn show(self, scan: &mut Scan<'_>, out: &mut dyn Write, look: Look, document: &Document) -> Result<bool, Error> {
        match self {
            What::Text(plan) => patch(scan, out, look, document, plan),
            What::Container(looked) => members(scan, out, look, document, looked),
        }
    }
}

/// A run of `fix`: what it writes with, and where it says so.
struct Fix<O: Write, E: Write> {
    writer: Writer,
    /// How many of the edits had to infer what was lost.
    lossy: u64,
    /// Whether a patch is shown.
    shows: bool,
    json: Option<Json>,
    /// How standard output and standard error look.
    looks: (Look, Look),
    out: O,
    err: E,
}

impl<O: Write, E: Write> Fix<O, E> {
    /// Shows the changes of one file, unless nobody wants to see them, and writes it. Standard input goes to standard output.
    fn take(&mut self, scan: &mut Scan<'_>, document: &mut Document, what: What<'_>) -> Result<(), Error> {
        let count =
            |count: fn(&Plan) -> usize| what.texts(document).iter().map(|(_, plan)| count(plan) as u64).sum::<u64>();
        let edits = count(|plan| plan.edits().len());
        let lossy = count(|plan| plan.edits().iter().filter(|edit| edit.lossy).count());
        if edits == 0 {
            return Ok(());
        }
        let is_done = match document.stamp() {
            Some(_) => self.write(scan, document, what)?,
            None => self.pass_on(scan, document, what, edits)?,
        };
        self.lossy += if is_done { lossy } else { 0 };
        Ok(())
    }

    /// Writes one file. `false`: it was not written, which was said.
    fn write(&mut self, scan: &mut Scan<'_>, document: &mut Document, what: What<'_>) -> Result<bool, Error> {
        if self.writer.is_written(scan, document) {
            return Ok(false);
        }
        // Before there is anything to be cut short, a signal may end the program as it ends any other.
        scan.stop.listen()?;
        // What cannot be written is not shown either.
        let made = what.made(document);
        let prepared = made.and_then(|made| Ok((self.writer.prepare(document, (&made).into())?, made)));
        self.writer.tell(&scan.messages);
        let (staged, made) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => return self.failed(scan, document, error),
        };
        if self.shows {
            if !what.show(scan, &mut self.out, self.looks.0, document)? {
                return Ok(false);
            }
            self.out.flush()?;
        }
        if let Err(error) = self.writer.commit(document, staged, (&made).into(), &what.texts(document)) {
            return self.failed(scan, document, error);
        }
        if let Some(json) = &mut self.json {
            for (path, plan) in what.texts(document) {
                json.file(&mut self.out, path, plan, |_| None)?;
            }
            self.out.flush()?;
        }
        Ok(true)
    }

    /// Copies what was read of standard input to standard output, with the changes made; they are shown beside it.
    fn pass_on(&mut self, scan: &mut Scan<'_>, document: &Document, what: What<'_>, edits: u64) -> Result<bool, Error> {
        let made = match what.made(document) {
            Ok(made) => made,
            Err(error) => return self.failed(scan, document, error),
        };
        if self.shows && !what.show(scan, &mut self.err, self.looks.1, document)? {
            return Ok(false);
        }
        self.err.flush()?;
        splice(&mut document.source()?, &made, &mut self.out)?;
        (self.writer.files, self.writer.edits) = (self.writer.files + 1, self.writer.edits + edits);
        self.out.flush()?;
        Ok(true)
    }

    /// Says that a file could not be written. The others go on.
    fn failed(&mut self, scan: &mut Scan<'_>, document: &Document, error: Error) -> Result<bool, Error> {
        let error = error.or_at(document.path());
        scan.failed(&error);
        self.report(&error).map(|()| false)
    }

    /// Tells programs of an error that was said.
    fn report(&mut self, error: &Error) -> Result<(), Error> {
        match &mut self.json {
            Some(json) => Ok(json.error(&mut self.out, error)?),
            None => Ok(()),
        }
    }
}

/// Goes through the files that were decided about and hands on what was accepted: nothing is looked for, so nothing is
/// written that nobody saw.
fn decided<O: Write, E: Write>(
    args: &FixArgs,
    from: &Path,
    scan: &mut Scan<'_>,
    fix: &mut Fix<O, E>,
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
                fix.take(scan, &mut document, What::Text(&plan))?;
            }
            Err(error) => {
                let error = error.or_at(path);
                scan.failed(&error);
                fix.report(&error)?;
            }
        }
    }
    Ok(())
}
