//! Settings: what the nearest settings file says, with the flags on top.
//!
//! In: the folder of a file. Out: an engine and which files to look into. Files are `unbake.toml`, `.unbake.toml` and
//! `[tool.unbake]` in `pyproject.toml`; the nearest one upward is the only one that counts. Must not: guess what a
//! mistyped key may mean; it is an error that names the right one.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use serde::Deserialize;

use super::args::{ArchivesArg, JudgeArgs, LostArg, Profile, ScanArgs, chain};
use crate::config::Config;
use crate::engine::Engine;
use crate::error::Error;
use crate::files::containers::{Limits, Options};
use crate::files::prune::Keep;

/// Settings files, in the order in which they count within one folder.
const NAMES: [&str; 3] = ["unbake.toml", ".unbake.toml", PYPROJECT];
const PYPROJECT: &str = "pyproject.toml";

/// The keys of a settings file.
const KEYS: [&str; 18] = [
    "min-confidence",
    "from",
    "chains",
    "lang",
    "script",
    "include",
    "exclude",
    "allow",
    "archives",
    "archive-limits",
    "hidden",
    "ignore-files",
    "journal",
    "lost",
    "normalize",
    "rules",
    "encoding",
    "types",
];

/// What a settings file says.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct Written {
    min_confidence: Option<String>,
    from: Vec<String>,
    chains: Vec<String>,
    lang: Vec<String>,
    script: Vec<String>,
    include: Vec<String>,
    exclude: Vec<String>,
    allow: Vec<String>,
    archives: ArchivesArg,
    archive_limits: WrittenLimits,
    hidden: bool,
    ignore_files: Option<bool>,
    journal: WrittenJournal,
    lost: LostArg,
    normalize: Vec<String>,
    rules: BTreeMap<String, String>,
    encoding: Option<String>,
    types: BTreeMap<String, String>,
}

/// What a settings file says of what archives may hold.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
struct WrittenLimits {
    size: Option<u64>,
    ratio: Option<u64>,
    members: Option<u64>,
    depth: Option<u64>,
}

impl From<WrittenLimits> for Limits {
    fn from(written: WrittenLimits) -> Limits {
        let usual = Limits::default();
        Limits {
            size: written.size.unwrap_or(usual.size),
            ratio: written.ratio.unwrap_or(usual.ratio),
            members: written.members.unwrap_or(usual.members),
            depth: written.depth.unwrap_or(usual.depth),
        }
    }
}

/// What a settings file says of how long runs can be undone.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
struct WrittenJournal {
    days: Option<u64>,
    size: Option<u64>,
}

/// What holds for the files of a folder.
#[derive(Debug)]
pub struct Settings {
    /// The engine to use.
    pub engine: Engine,
    /// Whether hidden files are walked.
    pub hidden: bool,
    /// Whether ignore files are obeyed when walking.
    pub ignore_files: bool,
    /// What is done about text that is gone for good.
    pub lost: LostArg,
    /// How archives are looked into.
    pub archives: Options,
    include: Option<Gitignore>,
    exclude: Gitignore,
    /// Engines for files that match globs, being of another kind than their names say.
    types: Vec<(Gitignore, Engine)>,
}

/// Why there are no settings for a folder. Kept, since many files may ask.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Failure {
    path: PathBuf,
    why: String,
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        Error::usage(failure.why).at(failure.path)
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

/// The flags that stand above any file.
#[derive(Clone, Debug, Default)]
struct Flags {
    judge: JudgeArgs,
    include: Vec<String>,
    hidden: bool,
    no_ignore: bool,
    archives: Option<ArchivesArg>,
    encoding: Option<String>,
}

impl Resolver {
    /// Settings for the commands that look into files.
    ///
    /// # Errors
    /// When a flag, or the file of `--config`, is wrong.
    pub fn for_scan(args: &ScanArgs) -> Result<Resolver, Error> {
        let flags = Flags {
            judge: args.judge.clone(),
            include: args.include.clone(),
            hidden: args.hidden,
            no_ignore: args.no_ignore,
            archives: args.archives,
            encoding: args.encoding.clone(),
        };
        Resolver::new(flags, &args.exclude)
    }

    /// Settings for the commands that look into a stream.
    ///
    /// # Errors
    /// When a flag, or the file of `--config`, is wrong.
    pub fn for_stream(judge: &JudgeArgs) -> Result<Resolver, Error> {
        Resolver::new(Flags { judge: judge.clone(), ..Flags::default() }, &[])
    }

    fn new(flags: Flags, exclude: &[String]) -> Result<Resolver, Error> {
        let here = std::env::current_dir()?;
        let exclude = globs(&here, exclude).map_err(|why| Error::usage(format!("--exclude: {why}")))?;
        let include = globs(&here, &flags.include).map_err(|why| Error::usage(format!("--include: {why}")))?;
        let include = (!flags.include.is_empty()).then_some(include);
        // Tried without any file, so that a wrong label is reported as the flag's fault.
        let bare = settings(&flags, Written::default(), &here).map_err(Error::usage)?;
        let fixed = match &flags.judge.config {
            Some(path) => {
                let text = fs::read_to_string(path).map_err(|e| Error::from(e).at(path))?;
                let pyproject = path.file_name().is_some_and(|name| name == PYPROJECT);
                let failure = |why| Error::usage(why).at(path);
                let written = parse(&text, pyproject).map_err(failure)?.unwrap_or_default();
                let root = absolute(&here, path).parent().map_or_else(|| here.clone(), Path::to_owned);
                Some(Arc::new(settings(&flags, written, &root).map_err(failure)?))
            }
            None => flags.judge.no_config.then(|| Arc::new(bare)),
        };
        Ok(Resolver { flags, here, include, exclude, fixed, known: RwLock::default() })
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

    fn find(&self, folder: &Path) -> Found {
        if let Some(settings) = &self.fixed {
            return Ok(Arc::clone(settings));
        }
        if let Some(found) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(folder) {
            return found.clone();
        }
        let found = match self.load(folder) {
            Ok(Some(settings)) => Ok(Arc::new(settings)),
            Ok(None) => match folder.parent() {
                Some(parent) => self.find(parent),
                None => settings(&self.flags, Written::default(), folder)
                    .map(Arc::new)
                    .map_err(|why| Arc::new(Failure { path: folder.to_owned(), why })),
            },
            Err(failure) => Err(Arc::new(failure)),
        };
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned(), found.clone());
        found
    }

    /// Settings from a file of this very folder.
    fn load(&self, folder: &Path) -> Result<Option<Settings>, Failure> {
        for name in NAMES {
            let path = folder.join(name);
            let text = match fs::read_to_string(&path) {
                Ok(text) => text,
                Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => continue,
                Err(e) => return Err(Failure { path, why: e.to_string() }),
            };
            match parse(&text, name == PYPROJECT)
                .and_then(|written| written.map(|written| settings(&self.flags, written, folder)).transpose())
            {
                Ok(None) => {}
                Ok(found) => return Ok(found),
                Err(why) => return Err(Failure { path, why }),
            }
        }
        Ok(None)
    }

    /// The engine for a file.
    pub fn engine(&self, settings: &Settings, path: &Path) -> Engine {
        if settings.types.is_empty() {
            return settings.engine.clone();
        }
        let path = absolute(&self.here, path);
        let typed = settings.types.iter().find(|(globs, _)| matches(globs, &path));
        typed.map_or_else(|| settings.engine.clone(), |(_, engine)| engine.clone())
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

/// The settings file that holds for a file.
#[derive(Debug)]
pub struct Home {
    /// Where it is.
    pub path: PathBuf,
    /// What is in it.
    pub written: String,
    /// Whether the settings are a part of it only.
    pub pyproject: bool,
}

/// The settings file that holds for a file; none when there is none.
///
/// # Errors
/// When it cannot be read, or is wrong.
pub fn home(path: &Path) -> Result<Option<Home>, Error> {
    let path = absolute(&std::env::current_dir()?, path);
    for folder in path.ancestors().skip(1) {
        for name in NAMES {
            let path = folder.join(name);
            let written = match fs::read_to_string(&path) {
                Ok(written) => written,
                Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => continue,
                Err(e) => return Err(Error::from(e).at(path)),
            };
            let pyproject = name == PYPROJECT;
            if parse(&written, pyproject).map_err(|why| Error::usage(why).at(&path))?.is_some() {
                return Ok(Some(Home { path, written, pyproject }));
            }
        }
    }
    Ok(None)
}

/// How long runs can be undone, by the settings of the current folder.
///
/// # Errors
/// When they cannot be read, or are wrong.
pub fn kept() -> Result<Keep, Error> {
    let here = std::env::current_dir()?;
    let written = match home(&here.join("_"))? {
        Some(home) => parse(&home.written, home.pyproject).map_err(|why| Error::usage(why).at(&home.path))?,
        None => None,
    };
    let (WrittenJournal { days, size }, usual) = (written.unwrap_or_default().journal, Keep::default());
    Ok(Keep { days: days.unwrap_or(usual.days), size: size.unwrap_or(usual.size) })
}

/// Where a settings file is made for a file that has none: in the current folder, if the file is below it.
///
/// # Errors
/// When there is no current folder.
pub fn new_home(path: &Path) -> Result<PathBuf, Error> {
    let here = std::env::current_dir()?;
    let path = absolute(&here, path);
    let folder = if path.starts_with(&here) { &here } else { path.parent().unwrap_or(&here) };
    Ok(folder.join(NAMES[0]))
}

/// Whether globs match a file, or a folder that it is in.
fn matches(globs: &Gitignore, path: &Path) -> bool {
    let path = inside(globs, path);
    !globs.is_empty() && !path.as_os_str().is_empty() && globs.matched_path_or_any_parents(path, false).is_ignore()
}

/// A path from the root, relative to the globs' own folder; what lies outside is matched by its whole path.
fn inside(globs: &Gitignore, path: &Path) -> PathBuf {
    let inside = path.strip_prefix(globs.path()).ok().map(Path::to_owned);
    inside.unwrap_or_else(|| path.components().filter(|c| matches!(c, Component::Normal(_))).collect())
}

fn globs(root: &Path, globs: &[String]) -> Result<Gitignore, String> {
    let mut builder = GitignoreBuilder::new(root);
    for glob in globs {
        builder.add_line(None, glob).map_err(|e| e.to_string())?;
    }
    builder.build().map_err(|e| e.to_string())
}

/// A path without `.` and `..`, from the root.
fn absolute(here: &Path, path: &Path) -> PathBuf {
    let mut out = here.to_owned();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

/// What a settings file says; none when it is a `pyproject.toml` about other things.
fn parse(text: &str, pyproject: bool) -> Result<Option<Written>, String> {
    let table = match text.parse::<toml::Table>() {
        Ok(table) => table,
        // Somebody else's mistake.
        Err(_) if pyproject && !text.contains("tool.unbake") => return Ok(None),
        Err(e) => return Err(e.to_string().trim_end().to_owned()),
    };
    let table = if pyproject {
        let ours = table.get("tool").and_then(|tool| tool.get("unbake")).and_then(toml::Value::as_table);
        match ours {
            Some(ours) => ours.clone(),
            None => return Ok(None),
        }
    } else {
        table
    };
    if let Some(key) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
        let near = KEYS.iter().max_by(|a, b| strsim::jaro(a, key).total_cmp(&strsim::jaro(b, key)));
        return Err(format!("unknown key `{key}`; did you mean `{}`?", near.unwrap_or(&KEYS[0])));
    }
    table.try_into().map(Some).map_err(|e: toml::de::Error| e.to_string().trim_end().to_owned())
}

/// A settings file with the flags on top. `root` is the folder that its globs start from.
fn settings(flags: &Flags, written: Written, root: &Path) -> Result<Settings, String> {
    let mut config = Config { allow: written.allow, read_as: written.from, ..Config::default() };
    if let Some(level) = written.min_confidence {
        config.min_confidence = level.parse().map_err(|why| format!("min-confidence: {why}"))?;
    }
    let chains = written.chains.iter().map(|typed| chain(typed));
    config.chains = chains.collect::<Result<_, _>>().map_err(|why| format!("chains: {why}"))?;
    let judge = &flags.judge;
    if let Some(level) = judge.min_confidence {
        config.min_confidence = level;
    }
    if !judge.from.is_empty() {
        config.read_as.clone_from(&judge.from);
    }
    let passes = written.normalize.iter().map(|name| name.parse());
    config.normalize = passes.collect::<Result<_, _>>().map_err(|why: String| format!("normalize: {why}"))?;
    let named = judge.normalize.as_deref().or(judge.profile.map(Profile::passes));
    if let Some(passes) = named {
        config.normalize = passes.to_vec();
    }
    config.encoding = flags.encoding.clone().or(written.encoding);
    config.rules = written.rules.into_iter().collect();
    config.languages = if judge.lang.is_empty() { written.lang } else { judge.lang.clone() };
    config.scripts = if judge.script.is_empty() { written.script } else { judge.script.clone() };
    if !judge.chain.is_empty() {
        config.chains.clone_from(&judge.chain);
    }
    let types = written.types.iter().map(|(glob, name)| {
        let config = Config { file_type: Some(name.clone()), ..config.clone() };
        let why = |why: String| format!("types: {glob}: {why}");
        let globs = globs(root, std::slice::from_ref(glob)).map_err(why)?;
        Ok::<_, String>((globs, Engine::try_new(config).map_err(|e| why(e.to_string()))?))
    });
    Ok(Settings {
        types: types.collect::<Result<_, _>>()?,
        engine: Engine::try_new(config).map_err(|e| e.to_string())?,
        hidden: flags.hidden || written.hidden,
        lost: written.lost,
        archives: Options {
            when: flags.archives.unwrap_or(written.archives).into(),
            limits: written.archive_limits.into(),
        },
        ignore_files: !flags.no_ignore && written.ignore_files.unwrap_or(true),
        exclude: globs(root, &written.exclude).map_err(|why| format!("exclude: {why}"))?,
        include: match &written.include[..] {
            [] => None,
            include => Some(globs(root, include).map_err(|why| format!("include: {why}"))?),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_key_is_an_error_that_names_the_right_one() {
        let why = parse("min-confidance = 'likely'", false).unwrap_err();
        assert_eq!(why, "unknown key `min-confidance`; did you mean `min-confidence`?");
        assert!(parse("hidden = 3", false).is_err());
    }

    #[test]
    fn a_pyproject_without_us_does_not_count() {
        assert!(parse("[tool.other]\nx = 1", true).unwrap().is_none());
        assert!(parse("[tool.unbake]\nhidden = true", true).unwrap().unwrap().hidden);
        assert!(parse("not toml", true).unwrap().is_none());
    }

    #[test]
    fn paths_lose_their_dots() {
        assert_eq!(absolute(Path::new("/a/b"), Path::new("../c/./d")), Path::new("/a/c/d"));
        assert_eq!(absolute(Path::new("/a/b"), Path::new("/x")), Path::new("/x"));
    }
}
