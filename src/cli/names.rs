//! `unbake names`: broken names of files and folders, and in archives.
//!
//! In: paths. Out: what each broken name was meant to be; with `--write`, files and archives that have those names, and a
//! journal that leads back. Must not: rename what lies in the way of another, or change what a link says.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::NamesArgs;
use super::settings::{Resolver, Settings};
use super::stop::{STOPPED, Stop};
use super::watch::progress;
use super::writer::tell;
use super::{ERROR, FINE, FOUND, finish};
use crate::engine::{Consensus, Engine};
use crate::error::Error;
use crate::files::containers::{self, Marked, Names};
use crate::files::journal::Run;
use crate::files::names::{Namer, Verdict, is_name, taken, target};
use crate::files::walk::{self, Walk};
use crate::files::write::Expected;
use crate::files::{Document, Loaded, read, run, state};
use crate::report::messages::count;
use crate::report::progress::Task;
use crate::report::{Look, Messages, list};
use crate::source::Charset;

/// Finds broken names and says, or makes, what they were meant to be.
///
/// # Errors
/// When the arguments make no sense or the output cannot be written.
pub fn run(args: &NamesArgs) -> Result<u8, Error> {
    let messages = Messages::new(Look::stderr(args.scan.output.color.into()), args.scan.output.loudness());
    let resolver = Arc::new(Resolver::for_scan(&args.scan)?);
    let told = args.scan.encoding.as_deref().map(Charset::for_user).transpose()?;
    let mut errors = 0;
    let mut failed = |error: Error| {
        errors += 1;
        messages.error(&error);
    };
    let mut stop = Stop::default();
    let task = Task { what: "looking for names", ..Task::default() };
    let walking = progress(&messages, &stop, task, || None);
    let paths = paths(args, &resolver, &mut failed);
    drop(walking);
    let look = Look::stdout(args.scan.output.color.into());
    let mut out = crate::report::output();
    let mut work = Work { args, messages, run: Run::new(state::folder()?), found: 0, done: 0, checked: 0 };
    if args.write {
        stop.listen()?;
    }
    let task = Task { what: "archives: ", files: Some(paths.len() as u64), finds: "name" };
    let progress = progress(&messages, &stop, task, || None);
    // Archives first: they are found by the names that their folders have now.
    for path in &paths {
        if stop.asked() {
            break;
        }
        progress.file(0);
        progress.found(work.found);
        let Ok(settings) = resolver.for_file(path) else { continue };
        if let Err(error) =
            work.archive(&resolver, &settings, path, told, &mut |line| Ok(list::renamed(&mut out, look, &line)?))
        {
            if error.is_broken_pipe() {
                return Err(error);
            }
            failed(error.or_at(path));
        }
    }
    drop(progress);
    let engine = |path: &Path| resolver.treat(path).map(|treatment| treatment.engine).unwrap_or_default();
    let known = if args.scan.consensus.consensus { established(&paths, &engine) } else { Vec::new() };
    let engine = |path: &Path| match &known[..] {
        [] => engine(path),
        known => engine(path).knowing(known.to_vec()),
    };
    let mut renames = Vec::new();
    let mut by_folder: HashMap<&Path, Vec<&Path>> = HashMap::new();
    for path in &paths {
        by_folder.entry(path.parent().unwrap_or(Path::new(""))).or_default().push(path);
    }
    for path in &paths {
        let Some(name) = path.file_name() else { continue };
        work.checked += 1;
        let engine = engine(path);
        let beside = by_folder.get(path.parent().unwrap_or(Path::new(""))).map_or(&[][..], Vec::as_slice);
        let names = beside.iter().filter_map(|path| path.file_name()).map(|name| name.as_encoded_bytes());
        // Only names that are no UTF-8 need the others.
        let bytes = name.as_encoded_bytes();
        let plain = std::str::from_utf8(bytes).is_ok();
        let namer = if plain { Namer::new(&engine, told, [].into_iter()) } else { Namer::new(&engine, told, names) };
        match namer.judge(bytes) {
            Verdict::Right => {}
            Verdict::Left(why) => work.messages.notice(format_args!("{}: {why}", path.display())),
            Verdict::Repair { after, why, confidence } if is_name(bytes, &after) => {
                let why = format!("{why}, {confidence}");
                list::renamed(&mut out, look, &list::Renamed { path, after: after.clone(), why })?;
                renames.push((path, path.with_file_name(&after)));
                work.found += 1;
            }
            Verdict::Repair { .. } => {
                let why = "is broken, but what it was meant to be is no name for a file; left as it is";
                work.messages.notice(format_args!("{}: {why}", path.display()));
            }
        }
        if let Some(target) = target(path) {
            let target = target.as_os_str().as_encoded_bytes();
            if let Verdict::Repair { after, .. } = Namer::new(&engine, told, [].into_iter()).judge(target) {
                let path = path.display();
                work.messages.notice(format_args!(
                    "{path}: a link to a broken name, meant as {after}; links are left as they are"
                ));
            }
        }
    }
    // What is deepest first, so that every path is still right when it is its turn.
    renames.sort_by_cached_key(|(path, _)| std::cmp::Reverse(path.components().count()));
    let mut wanted = HashSet::new();
    for (path, to) in &renames {
        if stop.asked() {
            break;
        }
        let lower = to.as_os_str().to_string_lossy().to_lowercase();
        let twice = (!wanted.insert(lower)).then_some("another file here gets that name, too");
        if let Some(why) = twice.or_else(|| taken(path, to)) {
            failed(Error::usage(format!("{why}; left as it is")).at(path));
        } else if args.write {
            match work.run.rename(path, to) {
                Ok(()) => work.done += 1,
                Err(error) => failed(error.at(path)),
            }
        }
    }
    tell(&messages, work.run.cut_short());
    let undo = work.run.id().map(|id| format!("; to put it back: unbake undo {id}")).unwrap_or_default();
    let checked = count(work.checked, "name");
    if args.write {
        let how = if stop.asked() { "interrupted: " } else { "" };
        messages.summary(format_args!("{how}{} renamed ({checked} checked){undo}", count(work.done, "name")));
    } else {
        let hint = if work.found > 0 { "; --write renames" } else { "" };
        messages.summary(format_args!("{} ({checked} checked){hint}", count(work.found, "broken name")));
    }
    finish(
        out,
        match (errors, work.found) {
            _ if stop.asked() => STOPPED,
            (1.., _) => ERROR,
            (0, 1..) if !args.write => FOUND,
            _ => FINE,
        },
    )
}

/// What was found and done so far.
struct Work<'a> {
    args: &'a NamesArgs,
    messages: Messages,
    run: Run,
    found: u64,
    done: u64,
    checked: u64,
}

/// Says a new name.
type Say<'s> = dyn FnMut(list::Renamed<'_>) -> Result<(), Error> + 's;

impl Work<'_> {
    /// The names in an archive, if the file is one.
    fn archive(
        &mut self,
        resolver: &Resolver,
        settings: &Settings,
        path: &Path,
        told: Option<Charset>,
        say: &mut Say<'_>,
    ) -> Result<(), Error> {
        if target(path).is_some() || walk::is_folder(path) {
            return Ok(());
        }
        let named = self.args.scan.paths.iter().any(|named| named == path);
        if !named && !containers::may_be(path, &settings.archives) {
            return Ok(());
        }
        let (Loaded::Text(mut document) | Loaded::Skipped(_, mut document)) = read::open(path)?;
        let Some(kind) = containers::kind(&document, &settings.archives, named) else { return Ok(()) };
        let Some(names) = Names::read(&document, kind, &settings.archives)? else { return Ok(()) };
        let all = || names.names.iter().map(|(name, _)| &name[..]);
        let treatment = resolver.treatment(settings, path)?;
        let namer = Namer::new(&treatment.engine, told, all());
        let mut new: Vec<(usize, String)> = Vec::new();
        for (index, (name, mark)) in names.names.iter().enumerate() {
            self.checked += 1;
            let member = containers::inside(path, name);
            let (after, why) = match namer.judge(name) {
                Verdict::Repair { after, why, confidence } => (after, format!("{why}, {confidence}")),
                // What is read by its mark is right; what has none is read as some code page by others.
                Verdict::Right if *mark == Marked::Not && !name.is_ascii() => {
                    let Ok(name) = String::from_utf8(name.clone()) else { continue };
                    (name, "utf-8, not marked as such".to_owned())
                }
                Verdict::Right => continue,
                Verdict::Left(why) => {
                    if *mark != Marked::Elsewhere {
                        self.messages.notice(format_args!("{}: {why}", member.display()));
                    }
                    continue;
                }
            };
            if *mark == Marked::Elsewhere {
                continue;
            }
            if !is_name(name, &after) {
                let why = "is broken, but what it was meant to be is no name for a file; left as it is";
                self.messages.notice(format_args!("{}: {why}", member.display()));
                continue;
            }
            say(list::Renamed { path: &member, after: after.clone(), why })?;
            self.found += 1;
            new.push((index, after));
        }
        if new.is_empty() {
            return Ok(());
        }
        if let Some(why) = names.fixed {
            return Err(Error::usage(why));
        }
        let mut taken: HashMap<String, usize> = HashMap::new();
        let given: HashMap<usize, &str> = new.iter().map(|(index, name)| (*index, &**name)).collect();
        for (index, (name, _)) in names.names.iter().enumerate() {
            let name =
                given.get(&index).map_or_else(|| String::from_utf8_lossy(name).into_owned(), ToString::to_string);
            if let Some(other) = taken.insert(name.to_lowercase(), index)
                && (given.contains_key(&index) || given.contains_key(&other))
            {
                return Err(Error::usage(format!("two members would be called {name}; left as it is")));
            }
        }
        if self.args.write {
            let new: Vec<(usize, &str)> = new.iter().map(|(index, name)| (*index, &**name)).collect();
            let rewrite = names.rename(&document, &new)?;
            self.write(&mut document, &rewrite, new.len() as u64)?;
        }
        Ok(())
    }

    fn write(
        &mut self,
        document: &mut Document,
        rewrite: &crate::files::rewrite::Rewrite,
        names: u64,
    ) -> Result<(), Error> {
        let expected = Expected { stamp: document.stamp().copied(), digest: document.digest()? };
        let staged = self.run.prepare(document.path(), &expected, rewrite)?;
        self.run.commit(staged, rewrite.into(), names, &[])?;
        self.done += names;
        Ok(())
    }
}

/// What all names together say of each other.
fn established(paths: &[PathBuf], engine: &impl Fn(&Path) -> Engine) -> Vec<(crate::edit::Chain, u64)> {
    let mut consensus = Consensus::default();
    for path in paths {
        if let Some(name) = path.file_name() {
            consensus.add(&engine(path).alone().plan(name.as_encoded_bytes()));
        }
    }
    consensus.established()
}

/// All files, folders and links that are asked about, each once.
fn paths(args: &NamesArgs, resolver: &Arc<Resolver>, failed: &mut impl FnMut(Error)) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = Vec::new();
    for path in args.scan.starts().iter() {
        if !walk::is_folder(path) || target(path).is_some() {
            match walk::exists(path) {
                Ok(()) => all.push(path.clone()),
                Err(error) => failed(error.at(path)),
            }
            continue;
        }
        let settings = match resolver.for_folder(path) {
            Ok(settings) => settings,
            Err(failure) => {
                failed((*failure).clone().into());
                continue;
            }
        };
        let keep = {
            let resolver = Arc::clone(resolver);
            Arc::new(move |path: &Path, folder: bool| {
                resolver.for_file(path).map_or(true, |settings| {
                    !resolver.leaves_out(&settings, path, folder) && (folder || resolver.included(&settings, path))
                })
            })
        };
        let threads = args.scan.threads.unwrap_or_else(run::default_threads);
        let walk = Walk { hidden: settings.hidden, ignore_files: settings.ignore_files, threads, keep };
        let (found, errors) = walk.all(path);
        errors.into_iter().for_each(&mut *failed);
        all.extend(found.into_iter().map(|found| found.strip_prefix(".").map_or(found.clone(), Path::to_owned)));
    }
    let mut seen = HashSet::new();
    all.retain(|path| path.file_name().is_some() && seen.insert(path.clone()));
    all
}
