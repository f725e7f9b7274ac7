//! Journals that nobody needs any more: old ones, and the oldest where all together are too large.
//!
//! In: the folder of the journals, and how much is kept. Out: which journals go, and the others. Must not: remove the newest, nor
//! one of a run that is under way or was cut short and not looked after yet; nor anything that is no journal.
//!
//! A journal gets another name first, by which nobody takes it for one, and then its files go. What is left of that when it is
//! cut short goes the next time.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::recovery::Mark;
use super::state;
use super::undo::runs;
use crate::error::Error;

/// What is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// So many days.
    pub days: u64,
    /// So many MiB in all.
    pub size: u64,
}

impl Default for Keep {
    fn default() -> Keep {
        Keep { days: 180, size: 1024 }
    }
}

/// Ends the name of a journal that is being removed.
const GOING: &str = ".going";

const DAY: u128 = 86_400 * 1_000_000_000;

/// A journal that goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pruned {
    /// The name of the run.
    pub id: String,
    /// How many bytes it takes.
    pub bytes: u64,
}

/// Which journals are not to be kept, oldest first. What cannot be read is left out, and so kept.
///
/// # Errors
/// When the folder cannot be listed.
pub fn unneeded(state: &Path, keep: Keep) -> Result<Vec<Pruned>, Error> {
    let mut all: Vec<(u64, Pruned)> = Vec::new();
    for run in runs(state)?.0 {
        let folder = state.join(&run.id);
        if !Mark::is_set(&folder) {
            all.push((run.nanos, Pruned { bytes: size(&folder)?, id: run.id }));
        }
    }
    Ok(choose(all, keep, state::now()))
}

/// Chooses among all runs, oldest first, with the times when they began.
fn choose(mut all: Vec<(u64, Pruned)>, keep: Keep, now: u128) -> Vec<Pruned> {
    let newest = all.pop();
    let mut kept: u64 = newest.iter().chain(&all).map(|(_, run)| run.bytes).sum();
    let oldest = now.saturating_sub(u128::from(keep.days).saturating_mul(DAY));
    let most = keep.size.saturating_mul(1 << 20);
    let mut going = Vec::new();
    for (nanos, run) in all {
        if u128::from(nanos) >= oldest && kept <= most {
            break;
        }
        kept -= run.bytes;
        going.push(run);
    }
    going
}

/// Removes these journals, and what was left of others when removing them was cut short. Gives those that are gone.
///
/// # Errors
/// When one cannot be removed.
pub fn remove(state: &Path, going: Vec<Pruned>) -> Result<Vec<Pruned>, Error> {
    let mut gone = Vec::new();
    for run in going {
        let (folder, aside) = (state.join(&run.id), state.join(format!("{}{GOING}", run.id)));
        let failed = |e: io::Error| Error::from(e).at(&folder);
        // Somebody may have begun to undo it.
        let Some(mark) = Mark::set(&folder).map_err(failed)? else { continue };
        fs::rename(&folder, aside).map_err(failed)?;
        drop(mark);
        gone.push(run);
    }
    let entries = match fs::read_dir(state) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(gone),
        Err(e) => return Err(Error::from(e).at(state)),
    };
    for aside in entries.flatten().map(|entry| entry.path()).filter(|path| is_going(path)) {
        match fs::remove_dir_all(&aside) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(Error::from(e).at(aside)),
            _ => {}
        }
    }
    Ok(gone)
}

/// Removes what need not be kept.
///
/// # Errors
/// As [`unneeded`] and [`remove`].
pub fn prune(state: &Path, keep: Keep) -> Result<Vec<Pruned>, Error> {
    remove(state, unneeded(state, keep)?)
}

/// Whether this is a journal that is being removed.
pub fn is_going(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(GOING))
}

/// What the files of a folder take.
fn size(folder: &Path) -> Result<u64, Error> {
    let failed = |e: io::Error| Error::from(e).at(folder);
    let mut size = 0;
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path: PathBuf = entry.map_err(failed)?.path();
        // One that is gone by now takes nothing.
        size += fs::symlink_metadata(path).map_or(0, |meta| meta.len());
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(day: u64, mib: u64) -> (u64, Pruned) {
        ((u128::from(day) * DAY) as u64, Pruned { id: day.to_string(), bytes: mib << 20 })
    }

    fn chosen(all: &[(u64, u64)], keep: Keep) -> Vec<String> {
        let all = all.iter().map(|(day, mib)| run(*day, *mib)).collect();
        choose(all, keep, 100 * DAY).into_iter().map(|run| run.id).collect()
    }

    #[test]
    fn old_ones_go_and_then_the_oldest_but_never_the_newest() {
        let keep = Keep { days: 30, size: 10 };
        assert_eq!(chosen(&[(10, 1), (69, 1), (70, 1), (99, 1)], keep), ["10", "69"]);
        assert_eq!(chosen(&[(80, 4), (90, 4), (95, 4), (99, 4)], keep), ["80", "90"]);
        assert_eq!(chosen(&[(1, 99)], keep), [""; 0]);
        assert_eq!(chosen(&[(1, 99), (2, 99)], keep), ["1"]);
        assert_eq!(chosen(&[(1, 1), (2, 1)], Keep { days: u64::MAX, size: u64::MAX }), [""; 0]);
        assert_eq!(chosen(&[], keep), [""; 0]);
    }
}
