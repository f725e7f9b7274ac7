//! Is this name broken, and what was it meant to be? And: one file or folder renamed, or not at all.
//!
//! In: names as bytes, an engine that judges, and the encoding of those that are no UTF-8, if somebody told it. Out: what is
//! to be done with each, and renames that a journal has written down first. Must not: make a name that is no single name,
//! or take the place of another file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::write::sync_folder;
use crate::edit::{Chain, Confidence};
use crate::engine::Engine;
use crate::error::Error;
use crate::source::{self, Charset};

/// The longest name of a file, in bytes, on the systems in use.
const LONGEST: usize = 255;

/// What is to be done with a name.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Nothing.
    Right,
    /// It becomes this one.
    Repair {
        /// The new name.
        after: String,
        /// What it went through, or in which encoding it was, in words.
        why: String,
        /// How sure that is.
        confidence: Confidence,
    },
    /// Nothing, though it is broken; why.
    Left(&'static str),
}

/// Judges names, all of one archive or run.
#[derive(Debug)]
pub struct Namer<'e> {
    engine: &'e Engine,
    charset: Option<Charset>,
}

impl<'e> Namer<'e> {
    /// For these `names`, which tell together in which encoding those are that are no UTF-8, unless that is `told`.
    pub fn new<'n>(engine: &'e Engine, told: Option<Charset>, names: impl Iterator<Item = &'n [u8]>) -> Namer<'e> {
        Namer { engine, charset: told.or_else(|| likely(names)) }
    }

    /// What is to be done with a name. One of an archive holds the folders as well.
    pub fn judge(&self, name: &[u8]) -> Verdict {
        let Ok(text) = std::str::from_utf8(name) else {
            let Some(charset) = self.charset else {
                return Verdict::Left("is not in UTF-8, and its encoding is not sure: say it with --encoding");
            };
            let view = charset.view(name);
            if !view.invalid.is_empty() {
                return Verdict::Left("is neither in UTF-8 nor in the encoding of the others");
            }
            let why = format!("{}, not utf-8", charset.label());
            return Verdict::Repair { after: view.text, why, confidence: Confidence::Likely };
        };
        if text.is_ascii() {
            return Verdict::Right;
        }
        let plan = self.engine.plan(name);
        let Some(confidence) = plan.edits().iter().map(|edit| edit.confidence).min() else { return Verdict::Right };
        let mut chains: Vec<&Chain> = plan.edits().iter().map(|edit| &edit.chain).collect();
        chains.dedup();
        let why = chains.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        match plan.apply(name).map(String::from_utf8) {
            Ok(Ok(after)) => Verdict::Repair { after, why, confidence },
            _ => Verdict::Left("cannot be repaired"),
        }
    }
}

/// Whether a repaired name may stand in the place of the old one: the same number of folders, and nothing in it that a name
/// should not have.
pub fn is_name(before: &[u8], after: &str) -> bool {
    let folders = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'/').count();
    let parts = || after.strip_suffix('/').unwrap_or(after).split('/');
    folders(before) == folders(after.as_bytes())
        && before.starts_with(b"/") == after.starts_with('/')
        && before.ends_with(b"/") == after.ends_with('/')
        && after.contains('\\') == before.contains(&b'\\')
        && !after.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER)
        && parts().skip(usize::from(after.starts_with('/'))).all(|part| !part.is_empty() && part.len() <= LONGEST)
        && parts().filter(|part| matches!(*part, "." | "..")).count()
            == before.split(|byte| *byte == b'/').filter(|part| matches!(*part, b"." | b"..")).count()
}

/// The encoding that makes of all names together what people write, if one surely does.
fn likely<'n>(names: impl Iterator<Item = &'n [u8]>) -> Option<Charset> {
    let bad: Vec<&[u8]> = names.filter(|name| std::str::from_utf8(name).is_err()).collect();
    let guess = source::guess(&bad.join(&b"\n"[..])).filter(|guess| !guess.mixed)?;
    let charset = guess.charsets.first().copied().filter(|_| guess.confidence >= Confidence::Likely)?;
    let is_name = |name: &&[u8]| {
        let view = charset.view(name);
        view.invalid.is_empty() && !view.text.chars().any(|c| c.is_control() || is_drawing(c))
    };
    bad.iter().all(is_name).then_some(charset)
}

/// What the drawings of DOS are not in: names.
fn is_drawing(c: char) -> bool {
    ('\u{2500}'..='\u{25FF}').contains(&c)
}

/// Why a file or folder cannot be called so; none if it can. `from` is what it is called now.
pub fn taken(from: &Path, to: &Path) -> Option<&'static str> {
    if fs::symlink_metadata(to).is_ok() {
        return Some("there is a file of that name");
    }
    let lower = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let wanted = lower(to);
    let folder = from.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let others = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let alike = others.filter(|path| path.file_name() != from.file_name()).any(|path| lower(&path) == wanted);
    alike.then_some("there is a file whose name differs only in capitals")
}

/// Renames, if there is something to rename and nothing in its place.
///
/// # Errors
/// When that is not so, or renaming fails. Then nothing has changed.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    fs::symlink_metadata(from)?;
    if fs::symlink_metadata(to).is_ok() {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "there is a file of that name; left as it is").into());
    }
    fs::rename(from, to)?;
    if let Some(folder) = to.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        sync_folder(folder)?;
    }
    Ok(())
}

/// A path with its folder as it really is; the last part may be a link and stays what it is.
pub(super) fn settled(path: &Path) -> Result<PathBuf, Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = fs::canonicalize(folder)?;
    Ok(path.file_name().map_or_else(|| folder.clone(), |name| folder.join(name)))
}

/// Where a link leads, as it is written; none for what is no link.
pub fn target(path: &Path) -> Option<PathBuf> {
    fs::read_link(path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_name() {
        assert!(is_name(b"a/b", "a/ü") && is_name(b"x", "ü") && is_name(b"a/", "ü/") && is_name(b"/a", "/ü"));
        assert!(is_name(b"../x", "../ü"));
        for bad in ["a/b", "", "a\u{7}", "a\u{fffd}", "..", "a\\b"] {
            assert!(!is_name(b"x", bad), "{bad:?}");
        }
        assert!(!is_name(b"a/b", "../b") && !is_name(b"a/b", "/ab") && !is_name(b"x", &"ü".repeat(200)));
    }

    #[test]
    fn the_encoding_of_names() {
        let bytes = |label: &str, names: &[&str]| -> Vec<Vec<u8>> {
            let charset = Charset::for_label(label).unwrap();
            names.iter().map(|name| charset.encode(name).unwrap()).collect()
        };
        let cases: [(&str, &[&str]); 5] = [
            ("ibm866", &["Отчёт за год.txt", "Список покупок.doc"]),
            ("windows-1251", &["Отчёт за год.txt", "Список покупок.doc"]),
            ("shift_jis", &["新しいフォルダー", "写真の一覧.txt"]),
            ("ibm850", &["Müller Bücher.txt", "schöne Grüße.doc", "Straßenübersicht.txt", "für später.txt"]),
            ("windows-1252", &["Müller Bücher.txt", "schöne Grüße.doc", "Straßenübersicht.txt", "für später.txt"]),
        ];
        for (label, names) in cases {
            let bytes = bytes(label, names);
            let found = likely(bytes.iter().map(|name| &name[..]))
                .map(|charset| bytes.iter().map(|name| charset.view(name).text).collect::<Vec<_>>());
            assert_eq!(found.unwrap_or_default(), names, "{label}");
        }
        // One letter tells nothing.
        assert_eq!(likely([&b"a\xE9"[..]].into_iter()), None);
        assert_eq!(likely([&b"plain"[..]].into_iter()), None);
    }
}
