//! `unbake undo`: puts back what a fix changed.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::args::{JudgeArgs, UndoArgs};
use super::diff::label;
use super::settings::Resolver;
use super::single;
use super::stop::{STOPPED, Stop};
use super::watch::progress;
use super::writer::tell;
use super::{ERROR, FINE, finish};
use crate::error::Error;
use crate::files::prune;
use crate::files::recovery::recover;
use crate::files::undo::{Now, Run, WayBack, Written, runs};
use crate::files::{Loaded, read, state, walk};
use crate::report::messages::count;
use crate::report::progress::Task;
use crate::report::{Look, Messages, binary, diff, list};

/// Puts back what a run changed, or says what it would.
///
/// # Errors
/// When there is no such run, or the output cannot be written.
pub fn run(args: &UndoArgs) -> Result<u8, Error> {
    let messages = Messages::new(Look::stderr(args.output.color.into()), args.output.loudness());
    let look = Look::stdout(args.output.color.into());
    let mut out = crate::report::output();
    let state = state::folder()?;
    let preview = args.list || args.diff || args.dry_run;
    // A preview changes nothing.
    let cut_short = if preview { Vec::new() } else { recover(&state) };
    if args.prune {
        tell(&messages, cut_short);
        return prune(args, &state, messages, out);
    }
    let (runs, errors) = runs(&state)?;
    errors.iter().for_each(|error| messages.error(error));
    tell(&messages, cut_short);
    let mut status = if errors.is_empty() { FINE } else { ERROR };
    if args.list && args.run.is_none() {
        for run in &runs {
            let renames = run.renames.len();
            let edits = run.files.iter().map(|file| file.edits as u64).sum::<u64>() + renames as u64;
            let mark = if run.restored() { "undone" } else { "" };
            list::run(
                &mut out,
                look,
                &run.id,
                &state::readable(u128::from(run.nanos)),
                edits,
                run.files.len() + renames,
                mark,
            )?;
        }
        return finish(out, status);
    }
    let run = match &args.run {
        Some(id) => match runs.iter().find(|run| run.id == *id) {
            Some(run) => run,
            None => return Err(Error::usage(format!("no run `{id}`; `unbake undo --list` names them all"))),
        },
        None => match runs.iter().rev().find(|run| !run.restored()) {
            Some(run) => run,
            None => {
                messages.summary("nothing to undo");
                return finish(out, status);
            }
        },
    };
    let below = below(&args.paths)?;
    let meant = |path: &Path| below.is_empty() || below.iter().any(|below| path.starts_with(below));
    for (path, typed) in below.iter().zip(&args.paths) {
        let has = run.files.iter().any(|file| file.path.starts_with(path));
        if !has && !run.renames.iter().any(|renamed| renamed.to.starts_with(path)) {
            return Err(Error::usage(format!("run {} changed nothing there", run.id)).at(typed));
        }
    }
    let files: Vec<&Written> = run.files.iter().filter(|file| meant(&file.path)).collect();
    if args.list {
        single::list(&runs, run, &files, look, &mut out)?;
        return finish(out, status);
    }
    if !args.edit.is_empty() {
        let [file] = files[..] else {
            return Err(Error::usage("--edit is about one file: name it with PATH"));
        };
        return Ok(single::take_back(args, &runs, run, file, look, messages, &mut out)?.max(status));
    }
    let mut stop = Stop::default();
    if !preview {
        // A file is brought back as a whole, and what is not yet can be brought back later.
        stop.listen()?;
    }
    let held = if preview { None } else { Some(run.hold()?) };
    let mut restored = 0;
    let sizes: u64 = files.iter().map(|file| file.size()).sum();
    let task = Task { what: if preview { "" } else { "restoring: " }, files: Some(files.len() as u64), finds: "" };
    let progress = progress(&messages, &stop, task, move || Some(sizes));
    // In the other order than they were renamed: what is in a folder is found by the folder's new name.
    for renamed in run.renames.iter().rev().filter(|renamed| meant(&renamed.to)) {
        if stop.asked() {
            break;
        }
        let (from, to) = (renamed.from.display(), renamed.to.display());
        match if preview { run.now_named(renamed) } else { run.rename_back(renamed) } {
            Ok(Now::AsWritten) => {
                restored += 1;
                if !args.output.quiet {
                    let verb = if preview { "would be renamed back to" } else { "renamed back to" };
                    let name = renamed.from.file_name().unwrap_or_default().to_string_lossy();
                    list::line(&mut out, format_args!("{to}: {verb} {name}"))?;
                }
            }
            Ok(Now::AsBefore) => messages.summary(format_args!("{from}: has its old name already")),
            // In a dry run what is in a folder that was renamed is not found yet.
            Ok(_) if preview && run.renames.iter().any(|other| renamed.to.starts_with(&other.from)) => {}
            Ok(_) => {
                status = ERROR;
                messages.error(
                    &Error::usage("is no longer there, or its old name is taken; left as it is").at(&renamed.to),
                );
            }
            Err(error) => {
                status = ERROR;
                messages.error(&error.or_at(&renamed.to));
            }
        }
    }
    for file in files {
        if stop.asked() {
            break;
        }
        progress.file(file.size());
        let path = file.path.display();
        let outcome = if preview { would(args, run, file, &mut out, look) } else { run.restore(file) };
        match outcome {
            Ok(Now::AsWritten | Now::CutShort) => {
                restored += 1;
                if !args.diff && !args.output.quiet {
                    let verb = if args.dry_run { "would be restored" } else { "restored" };
                    list::line(&mut out, format_args!("{path}: {verb}"))?;
                }
            }
            Ok(Now::AsBefore) => messages.summary(format_args!("{path}: has its old bytes already")),
            Ok(Now::Changed) => {
                status = ERROR;
                // The runs come in the order of time.
                let later = runs.iter().rev().take_while(|later| later.id != run.id);
                let mut later = later.filter(|later| later.files.iter().any(|f| f.path == file.path && !f.restored));
                let why = match later.next() {
                    Some(later) => format!("has changed since, by run {}: undo that first; left as it is", later.id),
                    None => "has changed since; left as it is (`--edit` takes single edits back)".to_owned(),
                };
                messages.error(&Error::usage(why).at(&file.path));
            }
            Err(error) if error.is_broken_pipe() => return Err(error),
            Err(error) => {
                status = ERROR;
                messages.error(&error.or_at(&file.path));
            }
        }
    }
    if let Some(held) = held {
        run.release(held, status == FINE && !stop.asked());
    }
    drop(progress);
    out.flush()?;
    let verb = if args.diff || args.dry_run { "would be restored" } else { "restored" };
    let how = if stop.asked() { "interrupted: " } else { "" };
    messages.summary(format_args!("{how}{} {verb} (run {})", count(restored, "file"), run.id));
    Ok(if stop.asked() { STOPPED } else { status })
}

/// Removes the journals that need not be kept, or says which it would.
fn prune(args: &UndoArgs, state: &Path, messages: Messages, mut out: impl Write) -> Result<u8, Error> {
    let keep = Resolver::for_stream(&JudgeArgs::default(), None)?.kept()?;
    let mut going = prune::unneeded(state, keep)?;
    if !args.dry_run {
        going = prune::remove(state, going)?;
    }
    let verb = if args.dry_run { "would be removed" } else { "removed" };
    if !args.output.quiet {
        going.iter().try_for_each(|run| list::line(&mut out, format_args!("{}: {verb}", run.id)))?;
    }
    let bytes: u64 = going.iter().map(|run| run.bytes).sum();
    let size = format!("{:.1} MiB", bytes as f64 / (1 << 20) as f64);
    messages.summary(format_args!("{} {verb} ({size})", count(going.len() as u64, "journal")));
    finish(out, FINE)
}

/// The paths that were named, as the journal has them: from the root, with links resolved where there still are any.
fn below(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    paths.iter().map(|path| Ok(walk::resolved(&std::path::absolute(path)?))).collect()
}

/// Tells what would become of a file, with its patch when that is asked for.
fn would(args: &UndoArgs, run: &Run, file: &Written, out: &mut impl Write, look: Look) -> Result<Now, Error> {
    // Its folder has another name still: that is put back first.
    if run
        .renames
        .iter()
        .any(|renamed| !renamed.restored && file.path.starts_with(&renamed.from) && walk::exists(&file.path).is_err())
    {
        return Ok(Now::AsWritten);
    }
    let now = run.now(file)?;
    if args.diff && now == Now::AsWritten {
        let (Loaded::Text(document) | Loaded::Skipped(_, document)) = read::open(&file.path)?;
        let (name, mut source) = (label(&file.path), document.source()?);
        match run.way_back(file)? {
            WayBack::Edits(plan) => diff::write(out, look, &name, &plan, &mut source)?,
            WayBack::Pieces(back) if !look.person => {
                binary::write(out, &name, &mut source, &mut back.applied(&mut document.source()?)?)?;
            }
            WayBack::Pieces(_) => {
                let edits = count(file.edits as u64, "edit");
                list::line(out, format_args!("{}: an archive; {edits} in it would be taken back", name.display()))?;
            }
        }
    }
    Ok(now)
}
