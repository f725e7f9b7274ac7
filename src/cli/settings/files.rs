//! Settings files: where they are, and what they say together with those that they extend.
//!
//! In: a folder. Out: the layers of what is said for it, each value with the file that says it. Files are `unbake.toml`,
//! `.unbake.toml` and `[tool.unbake]` in `pyproject.toml`; the nearest one upward is the only one that counts, unless it
//! extends another.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::globs::absolute;
use super::layers::Layers;
use super::written::parse;
use crate::error::Error;

/// Settings files, in the order in which they count within one folder.
const NAMES: [&str; 3] = ["unbake.toml", ".unbake.toml", PYPROJECT];
const PYPROJECT: &str = "pyproject.toml";

/// Why there are no settings for a folder. Kept, since many files may ask.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Failure {
    pub path: PathBuf,
    pub why: String,
}

impl Failure {
    /// Something that is wrong in this file.
    pub fn of(path: &Path, why: impl Into<String>) -> Failure {
        Failure { path: path.to_owned(), why: why.into() }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        Error::usage(failure.why).at(failure.path)
    }
}

impl From<Arc<Failure>> for Error {
    fn from(failure: Arc<Failure>) -> Error {
        Failure::clone(&failure).into()
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

/// What a file with settings says, which are wanted of it. Also gives where it is.
///
/// # Errors
/// When it, or one that it extends, cannot be read, or is wrong.
pub fn read(here: &Path, path: &Path) -> Result<Layers, Failure> {
    let path = absolute(here, path);
    let text = fs::read_to_string(&path).map_err(|e| Failure::of(&path, e.to_string()))?;
    let mut layers = Layers::default();
    add(&mut layers, here, &path, &text, &mut Vec::new())?;
    Ok(layers)
}

/// What the settings file of this very folder says, and where it is; none when there is none.
///
/// # Errors
/// When it, or one that it extends, cannot be read, or is wrong.
pub fn of_folder(here: &Path, folder: &Path) -> Result<Option<(PathBuf, Layers)>, Failure> {
    for path in NAMES.map(|name| folder.join(name)) {
        let Some(text) = text(&path).map_err(|e| Failure::of(&path, e.to_string()))? else { continue };
        let mut layers = Layers::default();
        if add(&mut layers, here, &path, &text, &mut Vec::new())? {
            return Ok(Some((path, layers)));
        }
    }
    Ok(None)
}

/// The settings file that holds for a file; none when there is none.
///
/// # Errors
/// When it cannot be read, or is wrong.
pub fn home(path: &Path) -> Result<Option<Home>, Error> {
    let path = absolute(&std::env::current_dir()?, path);
    for folder in path.ancestors().skip(1) {
        for path in NAMES.map(|name| folder.join(name)) {
            let Some(written) = text(&path).map_err(|e| Error::from(e).at(&path))? else { continue };
            let pyproject = is_pyproject(&path);
            if parse(&written, pyproject).map_err(|why| Error::usage(why).at(&path))?.is_some() {
                return Ok(Some(Home { path, written, pyproject }));
            }
        }
    }
    Ok(None)
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

/// Adds what a file says to the layers, on top of what it extends; false when it says nothing about us. `above` are the files
/// that led here.
fn add(layers: &mut Layers, here: &Path, path: &Path, text: &str, above: &mut Vec<PathBuf>) -> Result<bool, Failure> {
    let Some(mut table) = parse(text, is_pyproject(path)).map_err(|why| Failure::of(path, why))? else {
        return Ok(false);
    };
    above.push(path.to_owned());
    if let Some(toml::Value::String(base)) = table.remove("extend") {
        let base = absolute(path.parent().unwrap_or(here), Path::new(&base));
        if above.contains(&base) {
            let names: Vec<String> = above.iter().chain([&base]).map(|path| named(here, path)).collect();
            let why = format!("`extend` goes round in a circle: {}; take one of them out", names.join(" → "));
            return Err(Failure::of(path, why));
        }
        let shown = named(here, &base);
        let text = fs::read_to_string(&base).map_err(|e| Failure::of(path, format!("extend: {shown}: {e}")))?;
        if !add(layers, here, &base, &text, above)? {
            return Err(Failure::of(path, format!("extend: {shown} has no [tool.unbake] in it")));
        }
    }
    above.pop();
    layers.add(table, &named(here, path));
    Ok(true)
}

/// The text of a file; none when there is none.
fn text(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(e) => Err(e),
    }
}

fn is_pyproject(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == PYPROJECT)
}

/// A path as people know it: from here, if it is below.
fn named(here: &Path, path: &Path) -> String {
    path.strip_prefix(here).unwrap_or(path).to_string_lossy().into_owned()
}
