//! `check --show-settings` and `check --show-files`: what holds for a path, and which files would be read.
//!
//! In: paths. Out: settings as a settings file would have them, each with where it is said; or the files that would be
//! read, and on standard error why others would not. Must not: judge a text.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::args::{CheckArgs, ScanArgs};
use super::scan::Scan;
use super::settings::{self, Resolver, Settings};
use super::{ERROR, FINE, finish};
use crate::error::Error;
use crate::files::containers;
use crate::files::walk::{self, Ignored, Walk};
use crate::files::{Loaded, read};
use crate::report::{Look, Messages, list};

/// Shows the settings of each path.
///
/// # Errors
/// When they are wrong, or the output cannot be written.
pub fn settings(args: &CheckArgs) -> Result<u8, Error> {
    let resolver = Resolver::for_scan(&args.scan)?;
    let mut out = crate::report::output();
    for (at, path) in args.scan.starts().iter().enumerate() {
        let path = if path.as_os_str() == "-" { args.scan.stdin_filename.as_deref().unwrap_or(path) } else { path };
        let found = if walk::is_folder(path) { resolver.for_folder(path) } else { resolver.for_file(path) };
        let settings = found?;
        resolver.treatment(&settings, path)?;
        if at > 0 {
            list::line(&mut out, "")?;
        }
        list::line(&mut out, format_args!("# What holds for {}", path.display()))?;
        for line in lines(&resolver, &settings, path, args) {
            list::line(&mut out, line)?;
        }
    }
    finish(out, FINE)
}

/// The settings of a path, a line each: `key = value  # where it is said`.
fn lines(resolver: &Resolver, settings: &Settings, path: &Path, args: &CheckArgs) -> Vec<String> {
    let mut said = resolver.said(settings, path);
    if let Some(lost) = args.lost {
        said.put("lost", lost.name().into(), "--lost".to_owned());
    }
    let globs = |globs: &[String]| toml::Value::Array(globs.iter().map(|glob| glob.as_str().into()).collect());
    if !args.scan.include.is_empty() {
        said.put("include", globs(&args.scan.include), "--include".to_owned());
    }
    if !args.scan.exclude.is_empty() {
        said.add(toml::Table::from_iter([("exclude".to_owned(), globs(&args.scan.exclude))]), "--exclude");
    }
    let mut all = settings::Layers::default();
    all.add(settings::usual(), "");
    all.replace(said);
    // What holds for paths was put in where it holds.
    let shown = all.iter().filter(|(key, _)| !["per-path", "types"].contains(key));
    let shown: Vec<_> = shown.map(|(key, said)| (format!("{key} = {}", said.value), said.by.join(" + "))).collect();
    let wide = shown.iter().map(|(value, _)| value.chars().count()).filter(|len| *len <= 40).max().unwrap_or(0);
    let line = |(value, by): (String, String)| if by.is_empty() { value } else { format!("{value:wide$}  # {by}") };
    shown.into_iter().map(line).collect()
}

/// Lists the files that would be read, and says why others would not.
///
/// # Errors
/// When the arguments make no sense or the output cannot be written.
pub fn files(args: &CheckArgs) -> Result<u8, Error> {
    let messages = Messages::new(Look::stderr(args.scan.output.color.into()), args.scan.output.loudness());
    let resolver = Arc::new(Resolver::for_scan(&args.scan)?);
    let mut scan = Scan::new(&args.scan)?;
    scan.staged = args.index.staged;
    let mut out = crate::report::output();
    let ignored = Ignored::default();
    let mut errors = 0;
    let mut failed = |error: Error| {
        errors += 1;
        messages.error(&error);
    };
    let (found, problems) = scan.paths()?;
    problems.into_iter().for_each(&mut failed);
    for (path, is_named) in &found {
        let path = path.as_path();
        match unread(&resolver, &ignored, &args.scan, path, *is_named) {
            Ok(None) => list::line(&mut out, path.display())?,
            Ok(Some(why)) => messages.notice(format_args!("{}: not read: {why}", path.display())),
            Err(error) => failed(error.or_at(path)),
        }
    }
    if !args.index.staged {
        let found: HashSet<&Path> = found.iter().map(|(path, _)| path.as_path()).collect();
        for folder in args.scan.starts().iter().filter(|path| walk::is_folder(path)) {
            // What is wrong with its settings was said.
            let Ok(settings) = resolver.for_folder(folder) else { continue };
            for (path, why) in left_out(&resolver, &settings, &args.scan, folder, &found) {
                messages.notice(format_args!("{}: not read: {why}", path.display()));
            }
        }
    }
    finish(out, if errors > 0 { ERROR } else { FINE })
}

/// Why a file that was named or met would not be read after all; nothing if it would.
fn unread(
    resolver: &Resolver,
    ignored: &Ignored,
    args: &ScanArgs,
    path: &Path,
    is_named: bool,
) -> Result<Option<String>, Error> {
    let settings = resolver.for_file(path)?;
    if args.force_exclude && resolver.excluded(&settings, path) {
        return Ok(Some(excluded(&settings)));
    }
    if args.force_exclude && settings.ignore_files && ignored.leaves_out(path) {
        return Ok(Some("an .unbakeignore names it".to_owned()));
    }
    if path.as_os_str() == "-" || path.starts_with("<stdin>") {
        return Ok(None);
    }
    let loaded = read::open(path)?;
    let (Loaded::Text(document) | Loaded::Skipped(_, document)) = &loaded;
    if containers::kind(document, &settings.archives, is_named).is_some() {
        return Ok(None);
    }
    let is_told = resolver.treatment(&settings, path)?.engine.is_told();
    Ok(match loaded {
        Loaded::Skipped(skip, _) if !(is_told && skip == crate::files::Skip::Binary) => Some(skip.why().to_owned()),
        _ => None,
    })
}

/// What is below a folder and was not met: a folder that is left out stands for all that is in it.
fn left_out(
    resolver: &Arc<Resolver>,
    settings: &Arc<Settings>,
    args: &ScanArgs,
    folder: &Path,
    found: &HashSet<&Path>,
) -> Vec<(PathBuf, String)> {
    let threads = args.threads.unwrap_or(1);
    let walk = |hidden, ignore_files, keep| Walk { hidden, ignore_files, threads, keep };
    // The folders that are entered.
    let asked = Arc::clone(resolver);
    let keep = Arc::new(move |path: &Path, is_folder: bool| {
        asked.for_file(path).map_or(true, |settings| !asked.leaves_out(&settings, path, is_folder))
    });
    let (entered, _) = walk(settings.hidden, settings.ignore_files, keep).all(folder);
    let entered: HashSet<PathBuf> = entered.into_iter().collect();
    let closed = Arc::new(Mutex::new(HashSet::new()));
    let noted = Arc::clone(&closed);
    let known = entered.clone();
    let keep = Arc::new(move |path: &Path, is_folder: bool| {
        let is_closed = is_folder && !known.contains(path);
        if is_closed {
            noted.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
        }
        !is_closed
    });
    let (all, _) = walk(true, false, keep).all(folder);
    let closed = closed.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let is_found = |path: &Path| found.contains(path.strip_prefix(".").unwrap_or(path));
    let files = all.into_iter().filter(|path| !is_found(path) && !walk::is_folder(path)).map(|path| (path, false));
    let mut left: Vec<(PathBuf, String)> = Vec::new();
    for (path, is_folder) in files.chain(closed.into_iter().map(|path| (path, true))) {
        let settings = resolver.for_file(&path).unwrap_or_else(|_| Arc::clone(settings));
        let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        let why = if resolver.leaves_out(&settings, &path, is_folder) {
            excluded(&settings)
        } else if walk::is_link(&path) {
            "a link, which is not followed".to_owned()
        } else if is_hidden && !settings.hidden {
            "hidden (--hidden reads it)".to_owned()
        } else if !entered.contains(&path) {
            "an ignore file names it (--no-ignore reads it)".to_owned()
        } else if !is_folder && !resolver.included(&settings, &path) {
            "not among `include`".to_owned()
        } else {
            "no regular file".to_owned()
        };
        let shown = path.strip_prefix(".").unwrap_or(&path);
        left.push((if is_folder { shown.join("") } else { shown.to_owned() }, why));
    }
    left.sort_by(|(a, _), (b, _)| a.as_os_str().cmp(b.as_os_str()));
    left
}

fn excluded(settings: &Settings) -> String {
    match &settings.home {
        Some(home) => format!("excluded (by {} or --exclude)", home.file_name().unwrap_or_default().to_string_lossy()),
        None => "excluded (by --exclude)".to_owned(),
    }
}
