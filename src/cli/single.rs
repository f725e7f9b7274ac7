//! Single edits of a run: listed, and taken back one by one.
//!
//! In: a run and files of it. Out: its edits by number, or files without some of them. Must not: take back a part of what was
//! asked for.

use std::io::Write;

use super::FINE;
use super::args::UndoArgs;
use super::diff::label;
use super::writer::tell;
use crate::error::Error;
use crate::files::journal::{self, Of};
use crate::files::undo::{Run, WayBack, Written};
use crate::files::write::Expected;
use crate::files::{Loaded, read, single, state};
use crate::report::messages::count;
use crate::report::{Look, Messages, binary, diff, list};

/// Lists the edits that a run made in these files.
///
/// # Errors
/// When the journal is damaged, or the output cannot be written.
pub fn list(runs: &[Run], run: &Run, files: &[&Written], look: Look, out: &mut dyn Write) -> Result<(), Error> {
    for file in files {
        let mark = if file.restored { ", undone" } else { "" };
        let all = count(file.edits as u64, "edit");
        list::line(out, format_args!("{}: {all}{mark}", label(&file.path).display()))?;
        let edits = single::edits(runs, run, file)?;
        for (index, made) in edits.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| edits.get(before));
            if let Some(member) = made.member.as_ref().filter(|_| before.is_none_or(|b| b.member != made.member)) {
                list::line(out, format_args!("{}{}", label(&file.path).display(), member.display()))?;
            }
            let mark = if made.is_taken_back { " taken back" } else { "" };
            list::made(out, look, index + 1, &made.edit, mark)?;
        }
    }
    Ok(())
}

/// Takes edits of one file back, or says what that would do.
///
/// # Errors
/// When one of them cannot be taken back, and so none is; or the output cannot be written.
pub fn take_back(
    args: &UndoArgs,
    runs: &[Run],
    run: &Run,
    file: &Written,
    look: Look,
    messages: Messages,
    out: &mut impl Write,
) -> Result<u8, Error> {
    let path = &file.path;
    let back = single::way_back(runs, run, file, &args.edit).map_err(|e| e.or_at(path))?;
    let preview = args.diff || args.dry_run;
    if args.diff {
        let (Loaded::Text(document) | Loaded::Skipped(_, document)) = read::open(path).map_err(|e| e.or_at(path))?;
        let (name, mut source) = (label(path), document.source()?);
        match &back.way {
            WayBack::Edits(plan) => diff::write(out, look, &name, plan, &mut source)?,
            // People get the list of them.
            WayBack::Pieces(_) if look.person => {}
            WayBack::Pieces(back) => {
                binary::write(out, &name, &mut source, &mut back.applied(&mut document.source()?)?)?
            }
        }
    }
    let mut way_back = String::new();
    if !preview {
        let mut writing = journal::Run::new(state::folder()?);
        let edits = args.edit.iter().map(|number| *number as u64 - 1).collect();
        let of = Of { run: run.id.clone(), number: file.number(), edits };
        let members: Vec<_> = back.members.iter().map(|(name, plan)| (name.clone(), plan)).collect();
        let expected = Expected { stamp: None, digest: back.now };
        let written = writing.take_back(path, &expected, (&back.way).into(), &members, of);
        tell(&messages, writing.cut_short());
        written.map_err(|e| e.or_at(path))?;
        way_back = writing.id().map(|id| format!("; to make it again: unbake undo {id}")).unwrap_or_default();
    }
    let verb = if preview { "would be taken back" } else { "taken back" };
    let shows = !args.diff || look.person && matches!(back.way, WayBack::Pieces(_));
    if shows && !args.output.quiet {
        for edit in back.edits() {
            let (from, to) = (edit.before_text(), edit.after_text());
            list::line(out, format_args!("{}: {verb}: {from} → {to}", path.display()))?;
        }
    }
    out.flush()?;
    let edits = count(back.edits().len() as u64, "edit");
    messages.summary(format_args!("{edits} {verb} (run {}){way_back}", run.id));
    Ok(FINE)
}
