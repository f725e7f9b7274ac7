//! Settings: what the nearest settings file says, with the flags on top.
//!
//! In: a path. Out: how its text is judged, and whether it is looked into at all. [`files`] finds and reads the files,
//! [`written`] knows their keys, [`layers`] puts together what several places say, [`treat`] makes an engine of it. Must not:
//! look into any text.

mod files;
mod globs;
mod layers;
mod treat;
mod written;

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use ignore::gitignore::Gitignore;
use toml::{Table, Value};

use super::args::{ArchivesArg, JudgeArgs, ScanArgs};
use crate::error::Error;
use crate::files::containers::{Limits, Options};
use crate::files::prune::Keep;
pub use files::{Failure, Home, home, new_home};
use globs::{absolute, globs, inside, matches};
pub use layers::Layers;
pub use treat::Treatment;
use treat::Treatments;
use written::Written;

/// What holds for the files of a folder.
#[derive(Debug)]
pub struct Settings {
    /// Whether hidden files are walked.
    pub hidden: bool,
    /// Whether ignore files are obeyed when walking.
    pub ignore_files: bool,
    /// How archives are looked into.
    pub archives: Options,
    /// Which journals are kept.
    pub keep: Keep,
    /// The file that they are from; none when there is none.
    pub home: Option<PathBuf>,
    include: Option<Gitignore>,
    exclude: Gitignore,
    said: Layers,
    treatments: Treatments,
}

impl From<written::Limits> for Limits {
    fn from(written: written::Limits) -> Limits {
        let usual = Limits::default();
        Limits {
            size: written.size.unwrap_or(usual.size),
            ratio: written.ratio.unwrap_or(usual.ratio),
            members: written.members.unwrap_or(usual.members),
            depth: written.depth.unwrap_or(usual.depth),
        }
    }
}

impl From<written::Journal> for Keep {
    fn from(written: written::Journal) -> Keep {
        let usual = Keep::default();
        Keep { days: written.days.unwrap_or(usual.days), size: written.size.unwrap_or(usual.size) }
    }
}

type Found = Result<Arc<Settings>, Arc<Failure>>;

/// Finds settings, and remembers them.
#[derive(Debug)]
pub struct Resolver {
    flags: Flags,
    here: PathBuf,
    include: Option<Gitignore>,
    exclude: Gitignore,
    /// When a file was named, or none is wanted: the settings for all.
    fixed: Option<Arc<Settings>>,
    known: RwLock<HashMap<PathBuf, Found>>,
}

/// What the flags say, which stand above any file: of the walk, and of the text.
#[derive(Clone, Debug, Default)]
struct Flags {
    walk: Table,
    judge: Table,
}

impl Resolver {
    /// Settings for the commands that look into files.
    ///
    /// # Errors
    /// When a flag, or the file of `--config`, is wrong.
    pub fn for_scan(args: &ScanArgs) -> Result<Resolver, Error> {
        let mut walk = Table::new();
        if args.hidden {
            walk.insert("hidden".to_owned(), true.into());
        }
        if args.no_ignore {
            walk.insert("ignore-files".to_owned(), false.into());
        }
        if let Some(when) = args.archives {
            let when = match when {
                ArchivesArg::Auto => "auto",
                ArchivesArg::Always => "always",
                ArchivesArg::Never => "never",
            };
            walk.insert("archives".to_owned(), when.into());
        }
        let flags = Flags { walk, judge: treat::flags(&args.judge, args.encoding.as_deref()) };
        Resolver::new(flags, &args.judge, &args.include, &args.exclude)
    }

    /// Settings for the commands that look into a stream.
    ///
    /// # Errors
    /// When a flag, or the file of `--config`, is wrong.
    pub fn for_stream(judge: &JudgeArgs, encoding: Option<&str>) -> Result<Resolver, Error> {
        let flags = Flags { judge: treat::flags(judge, encoding), ..Flags::default() };
        Resolver::new(flags, judge, &[], &[])
    }

    fn new(flags: Flags, judge: &JudgeArgs, include: &[String], exclude: &[String]) -> Result<Resolver, Error> {
        let here = std::env::current_dir()?;
        let excluded = globs(&here, exclude).map_err(|why| Error::usage(format!("--exclude: {why}")))?;
        let included = globs(&here, include).map_err(|why| Error::usage(format!("--include: {why}")))?;
        let included = (!include.is_empty()).then_some(included);
        // Tried without any file, so that a wrong label is reported as the flag's fault.
        let bare = settings(&flags, Layers::default(), None, &here).map_err(Error::usage)?;
        let fixed = match &judge.config {
            Some(path) => {
                let said = files::read(&here, path)?;
                let home = absolute(&here, path);
                let root = home.parent().unwrap_or(&here).to_owned();
                let made = settings(&flags, said, Some(home), &root);
                Some(Arc::new(made.map_err(|why| Error::usage(why).at(path))?))
            }
            None => judge.no_config.then(|| Arc::new(bare)),
        };
        Ok(Resolver { flags, here, include: included, exclude: excluded, fixed, known: RwLock::default() })
    }

    /// Settings for a file, or for what is to be called so.
    ///
    /// # Errors
    /// When its settings file cannot be read, or is wrong.
    pub fn for_file(&self, path: &Path) -> Found {
        let path = absolute(&self.here, path);
        self.find(path.parent().unwrap_or(&path))
    }

    /// Settings for a folder.
    ///
    /// # Errors
    /// When its settings file cannot be read, or is wrong.
    pub fn for_folder(&self, path: &Path) -> Found {
        self.find(&absolute(&self.here, path))
    }

    /// Which journals are kept: by the settings of the current folder.
    ///
    /// # Errors
    /// When these cannot be read, or are wrong.
    pub fn kept(&self) -> Result<Keep, Error> {
        let settings = self.find(&self.here)?;
        Ok(settings.keep)
    }

    fn find(&self, folder: &Path) -> Found {
        if let Some(settings) = &self.fixed {
            return Ok(Arc::clone(settings));
        }
        if let Some(found) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(folder) {
            return found.clone();
        }
        let made = |home: Option<PathBuf>, said: Layers| {
            let path = home.clone().unwrap_or_else(|| folder.to_owned());
            let made = settings(&self.flags, said, home, folder);
            made.map(Arc::new).map_err(|why| Arc::new(Failure { path, why }))
        };
        let found = match files::of_folder(&self.here, folder) {
            Ok(Some((home, said))) => made(Some(home), said),
            Ok(None) => match folder.parent() {
                Some(parent) => self.find(parent),
                None => made(None, Layers::default()),
            },
            Err(failure) => Err(Arc::new(failure)),
        };
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned(), found.clone());
        found
    }

    /// How the text of a file is judged.
    ///
    /// # Errors
    /// When what is said of its path makes no sense together.
    pub fn treatment(&self, settings: &Settings, path: &Path) -> Result<Treatment, Error> {
        let made = settings.treatments.of(&absolute(&self.here, path));
        made.map_err(|why| Error::usage(why).at(settings.home.as_deref().unwrap_or(path)))
    }

    /// How the text of a file is judged, by the settings that hold for it.
    ///
    /// # Errors
    /// When these cannot be read, or are wrong.
    pub fn treat(&self, path: &Path) -> Result<Treatment, Error> {
        let settings = self.for_file(path)?;
        self.treatment(&settings, path)
    }

    /// What is said of a file, with where it is said.
    pub fn said(&self, settings: &Settings, path: &Path) -> Layers {
        let mut all = settings.said.clone();
        let judging = settings.treatments.said(&absolute(&self.here, path));
        all.replace(judging);
        add_flags(&mut all, &self.flags.walk);
        all
    }

    /// Whether a file, or a folder that it is in, is excluded: with `--force-exclude`, for what was named.
    pub fn excluded(&self, settings: &Settings, path: &Path) -> bool {
        let path = absolute(&self.here, path);
        matches(&self.exclude, &path) || matches(&settings.exclude, &path)
    }

    /// Whether a member of an archive is excluded: by its own name and folders, as if they were beside the archive.
    pub fn excludes_inside(&self, settings: &Settings, archive: &Path, member: &Path) -> bool {
        let inside = member.strip_prefix(archive.parent().unwrap_or(Path::new(""))).unwrap_or(member);
        let plain = inside.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        plain && self.excluded(settings, member) && !self.excluded(settings, archive)
    }

    /// Whether a file or folder that was met while walking is to be left out. The folders that it is in were asked about
    /// before it was met; the one that the walk began in was named, so it is not left out whatever it is called.
    pub fn leaves_out(&self, settings: &Settings, path: &Path, folder: bool) -> bool {
        let path = absolute(&self.here, path);
        let itself = |globs: &Gitignore| {
            let path = inside(globs, &path);
            !path.as_os_str().is_empty() && globs.matched(path, folder).is_ignore()
        };
        itself(&self.exclude) || itself(&settings.exclude)
    }

    /// Whether a file that was met while walking is among those asked for.
    pub fn included(&self, settings: &Settings, path: &Path) -> bool {
        let include = self.include.as_ref().or(settings.include.as_ref());
        include.is_none_or(|globs| matches(globs, &absolute(&self.here, path)))
    }
}

/// Puts what the flags say on top: it takes the place of what was said before.
fn add_flags(layers: &mut Layers, flags: &Table) {
    for (key, value) in flags {
        let by = match key.as_str() {
            "ignore-files" => "--no-ignore".to_owned(),
            "chains" => "--chain".to_owned(),
            key => format!("--{key}"),
        };
        layers.put(key, value.clone(), by);
    }
}

/// A settings file with the flags on top. `root` is the folder that its globs start from.
fn settings(flags: &Flags, said: Layers, home: Option<PathBuf>, root: &Path) -> Result<Settings, String> {
    let treatments = Treatments::new(&said, flags.judge.clone(), root)?;
    let mut all = said.clone();
    add_flags(&mut all, &flags.walk);
    let written: Written = written::typed(&all.table())?;
    Ok(Settings {
        treatments,
        hidden: written.hidden,
        archives: Options { when: written.archives.into(), limits: written.archive_limits.into() },
        keep: written.journal.into(),
        ignore_files: written.ignore_files.unwrap_or(true),
        exclude: globs(root, &written.exclude).map_err(|why| format!("exclude: {why}"))?,
        include: match &written.include[..] {
            [] => None,
            include => Some(globs(root, include).map_err(|why| format!("include: {why}"))?),
        },
        home,
        said,
    })
}

/// What is said where nobody says anything, as a settings file would.
pub fn usual() -> Table {
    let (limits, keep) = (Limits::default(), Keep::default());
    let number = |n: u64| Value::Integer(i64::try_from(n).unwrap_or(i64::MAX));
    let mut table = Table::new();
    let empty = || Value::Array(Vec::new());
    for key in
        written::JUDGING_KEYS.iter().chain(&written::FILE_KEYS).filter(|key| !["extend", "encoding"].contains(key))
    {
        let value = match *key {
            "min-confidence" => crate::config::Config::default().min_confidence.to_string().into(),
            "lost" => "note".into(),
            "report" => Value::Array(treat::REPORTED.iter().map(|rule| rule.name().into()).collect()),
            "archives" => "auto".into(),
            "hidden" => false.into(),
            "ignore-files" => true.into(),
            "rules" | "types" => Value::Table(Table::new()),
            "archive-limits" => Value::Table(Table::from_iter([
                ("size".to_owned(), number(limits.size)),
                ("ratio".to_owned(), number(limits.ratio)),
                ("members".to_owned(), number(limits.members)),
                ("depth".to_owned(), number(limits.depth)),
            ])),
            "journal" => Value::Table(Table::from_iter([
                ("days".to_owned(), number(keep.days)),
                ("size".to_owned(), number(keep.size)),
            ])),
            _ => empty(),
        };
        table.insert((*key).to_owned(), value);
    }
    table
}
