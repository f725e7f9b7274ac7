//! Which lines are new?
//!
//! In: a revision, or the index. Out: for each file of the repository the lines that were added since, through renames. What
//! git does not track yet is new as a whole. Must not: know what a finding is.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::patch::{self, Part};
use super::{PATCH, git, inside, output, path_of, root};
use crate::error::Error;

const SINCE: &str = "--since";

/// The lines that were added.
#[derive(Clone, Debug, Default)]
pub struct Added {
    root: PathBuf,
    /// By path from the top folder; none: all lines of it.
    files: HashMap<PathBuf, Option<Vec<Range<u64>>>>,
}

impl Added {
    /// What was added to the files in the working tree since `revision` and this branch went apart.
    ///
    /// # Errors
    /// When git cannot be asked, or does not know the revision.
    pub fn since(folder: &Path, revision: &str) -> Result<Added, Error> {
        let root = root(folder, SINCE)?;
        let wanted = format!("{revision}^{{commit}}");
        let id = output(git(&root).args(["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted]), SINCE);
        let id = id.map_err(|_| {
            Error::usage(format!(
                "{SINCE}: git does not know the revision `{revision}`; name a commit, a tag or a branch (in a clone that \
                 is shallow, fetch it first: git fetch origin {revision})"
            ))
        })?;
        let id = String::from_utf8_lossy(&id).trim().to_owned();
        // What the other branch did meanwhile is not ours. Without a common ancestor there is only the revision itself.
        let base = output(git(&root).args(["merge-base", &id, "HEAD"]), SINCE);
        let base = base.map_or(id, |base| String::from_utf8_lossy(&base).trim().to_owned());
        let diff = output(git(&root).args(["diff", "-M", "-U0"]).args(PATCH).args([base.as_str(), "--"]), SINCE)?;
        let mut added = Added::read(root, &diff)?;
        let others = ["ls-files", "--others", "--exclude-standard", "-z"];
        let others = output(git(&added.root).args(others), SINCE)?;
        let names = others.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        added.files.extend(names.map(|name| (path_of(name.to_vec()), None)));
        Ok(added)
    }

    /// What a patch without context adds.
    pub(super) fn read(root: PathBuf, diff: &[u8]) -> Result<Added, Error> {
        let mut files = HashMap::new();
        let mut file = None;
        patch::read::<Error>(diff, |part| {
            match (part, &file) {
                (Part::File(name), _) => file = name,
                (Part::Hunk(lines), Some(name)) if !lines.is_empty() => {
                    let known: &mut Option<Vec<_>> = files.entry(PathBuf::clone(name)).or_insert(Some(Vec::new()));
                    known.get_or_insert_default().push(lines);
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(Added { root, files })
    }

    /// Whether any line of a file is new.
    pub fn touches(&self, path: &Path) -> bool {
        inside(&self.root, path).is_none_or(|path| self.files.contains_key(&path))
    }

    /// The new lines of a file, 1-based and in order; none when all of it is new, as is what lies outside of the repository.
    pub fn lines(&self, path: &Path) -> Option<&[Range<u64>]> {
        match inside(&self.root, path).map(|path| self.files.get(&path)) {
            None | Some(Some(None)) => None,
            Some(None) => Some(&[]),
            Some(Some(Some(lines))) => Some(lines),
        }
    }
}
