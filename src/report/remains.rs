//! What a second pass found in files that were just written, in words and as data.
//!
//! In: counts, file by file. Out: one sentence, and an object for programs. Must not: look into anything itself.

use std::fmt::{self, Display};
use std::path::Path;

use serde::Serialize;

use super::messages::count;

/// What remains in one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Remains {
    /// The file.
    pub path: String,
    /// Repairs that show only now, and that another run would make.
    pub open: u64,
    /// Places that may be broken, but are not as sure as was asked for.
    pub below: u64,
    /// Repairs that cannot be made there; each was said before.
    pub refused: u64,
    /// Places where text is gone for good.
    pub lost: u64,
}

impl Remains {
    fn is_none(&self) -> bool {
        self.open + self.below + self.refused + self.lost == 0
    }
}

impl Display for Remains {
    /// `2 places not sure enough, lost text in 1 place`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if self.open > 0 {
            parts.push(count(self.open, "new repair"));
        }
        if self.below > 0 {
            parts.push(format!("{} not sure enough", count(self.below, "place")));
        }
        if self.refused > 0 {
            parts.push(format!("{} that cannot be made there", count(self.refused, "repair")));
        }
        if self.lost > 0 {
            parts.push(format!("lost text in {}", count(self.lost, "place")));
        }
        f.write_str(if parts.is_empty() { "nothing" } else { "" })?;
        f.write_str(&parts.join(", "))
    }
}

/// A second pass.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pass {
    /// How many files were looked into again.
    pub files: u64,
    /// Files that are no longer what was written.
    pub changed: Vec<String>,
    /// Files in which something remains.
    pub remains: Vec<Remains>,
}

impl Pass {
    /// Adds a file.
    pub fn add(&mut self, remains: Remains) {
        self.files += 1;
        if !remains.is_none() {
            self.remains.push(remains);
        }
    }

    /// Adds a file that is no longer what was written.
    pub fn changed(&mut self, path: &Path) {
        self.changed.push(path.to_string_lossy().into_owned());
    }

    /// What remains in all files together.
    pub fn sum(&self) -> Remains {
        let mut sum = Remains::default();
        for one in &self.remains {
            sum.open += one.open;
            sum.below += one.below;
            sum.refused += one.refused;
            sum.lost += one.lost;
        }
        sum
    }
}

impl Display for Pass {
    /// `a second pass over 2 files finds nothing`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sum = self.sum();
        write!(f, "a second pass over {} finds {sum}", count(self.files, "file"))?;
        if sum.open > 0 {
            f.write_str("; run `fix` again for what is new")?;
        }
        if sum.below > 0 {
            f.write_str("; `check --min-confidence possible` lists what is not sure enough")?;
        }
        if !self.changed.is_empty() {
            write!(f, "; {} changed since it was written", count(self.changed.len() as u64, "file"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_remains_and_why() {
        let mut pass = Pass::default();
        pass.add(Remains { path: "a".into(), ..Remains::default() });
        assert_eq!(pass.to_string(), "a second pass over 1 file finds nothing");
        pass.add(Remains { path: "b".into(), open: 1, below: 2, refused: 1, lost: 3 });
        assert_eq!(pass.remains.len(), 1);
        assert_eq!(
            pass.to_string(),
            "a second pass over 2 files finds 1 new repair, 2 places not sure enough, 1 repair that cannot be made there, \
             lost text in 3 places; run `fix` again for what is new; `check --min-confidence possible` lists what is not sure \
             enough"
        );
    }
}
