//! Globs as in a `.gitignore`, and paths made fit for them.

use std::path::{Component, Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The globs of a list, which start from `root`.
///
/// # Errors
/// When one of them is none; the message says why.
pub fn globs(root: &Path, globs: &[String]) -> Result<Gitignore, String> {
    let mut builder = GitignoreBuilder::new(root);
    for glob in globs {
        builder.add_line(None, glob).map_err(|e| e.to_string())?;
    }
    builder.build().map_err(|e| e.to_string())
}

/// Whether globs match a file, or a folder that it is in.
pub fn matches(globs: &Gitignore, path: &Path) -> bool {
    let path = inside(globs, path);
    !globs.is_empty() && !path.as_os_str().is_empty() && globs.matched_path_or_any_parents(path, false).is_ignore()
}

/// A path from the root, relative to the globs' own folder; what lies outside is matched by its whole path.
pub fn inside(globs: &Gitignore, path: &Path) -> PathBuf {
    let inside = path.strip_prefix(globs.path()).ok().map(Path::to_owned);
    inside.unwrap_or_else(|| path.components().filter(|c| matches!(c, Component::Normal(_))).collect())
}

/// A path without `.` and `..`, from the root.
pub fn absolute(here: &Path, path: &Path) -> PathBuf {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lose_their_dots() {
        assert_eq!(absolute(Path::new("/a/b"), Path::new("../c/./d")), Path::new("/a/c/d"));
        assert_eq!(absolute(Path::new("/a/b"), Path::new("/x")), Path::new("/x"));
    }
}
