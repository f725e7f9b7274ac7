//! Puts back what a run changed, file by file, and only where the file is still what the run made of it.
//!
//! In: the journals. Out: the runs that can be undone, and files with their old bytes. Must not: write to a file that
//! has changed since, nor trust that a run came to its end: what a file is now is told by its content alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::digest::Digest;
use super::journal::{Bytes, FileRecord, LINES, Record, VERSION, append, copy_of, new_of, old_of};
use super::names;
use super::prune::is_going;
use super::read::regular;
use super::recovery::{Mark, look_after, temp_name};
use super::rewrite::Rewrite;
use super::write::{Change, Expected, splice, stage};
use crate::edit::Plan;
use crate::error::Error;

/// A run, as its journal tells it.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its name.
    pub id: String,
    /// When it began, in nanoseconds since 1970.
    pub nanos: u64,
    /// What it wrote, in that order.
    pub files: Vec<Written>,
    /// What it renamed, in that order.
    pub renames: Vec<Renamed>,
    /// The temporary files that it made, or was about to.
    pub temps: Vec<PathBuf>,
    folder: PathBuf,
}

/// A file that a run wrote, or was about to.
#[derive(Clone)]
pub struct Written {
    /// The file, with all links resolved.
    pub path: PathBuf,
    /// How many edits were made.
    pub edits: usize,
    /// Whether an undo has put it back.
    pub restored: bool,
    record: FileRecord,
}

impl Written {
    /// Which of the run's files it is.
    pub fn number(&self) -> u64 {
        self.record.number
    }

    /// How many bytes the run left in it.
    pub fn size(&self) -> u64 {
        self.record.after.len
    }

    /// What the journal has of it.
    pub(super) fn record(&self) -> &FileRecord {
        &self.record
    }
}

impl std::fmt::Debug for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} edits)", self.path.display(), self.edits)
    }
}

/// A file or folder that a run renamed, or was about to. A folder's own rename comes after those of what is in it.
#[derive(Clone, Debug)]
pub struct Renamed {
    /// Where it was when it was renamed.
    pub from: PathBuf,
    /// Its new name.
    pub to: PathBuf,
    /// Whether an undo has put it back.
    pub restored: bool,
    number: u64,
}

/// What puts a file back.
#[derive(Debug)]
pub enum WayBack {
    /// Edits of a text.
    Edits(Plan),
    /// Pieces of a container.
    Pieces(Rewrite),
}

impl<'a> From<&'a WayBack> for Change<'a> {
    fn from(back: &'a WayBack) -> Change<'a> {
        match back {
            WayBack::Edits(plan) => Change::Edits(plan),
            WayBack::Pieces(rewrite) => Change::Pieces(rewrite),
        }
    }
}

/// What a file is now, seen from the run that wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Now {
    /// As the run left it: it can be put back.
    AsWritten,
    /// As it was before the run: there is nothing to do.
    AsBefore,
    /// Partly as written and partly as before: the write was cut short. It can be put back.
    CutShort,
    /// Something else.
    Changed,
}

/// All runs, oldest first, and the journals that cannot be read.
///
/// # Errors
/// When the folder cannot be listed. That there is none is no error.
pub fn runs(state: &Path) -> Result<(Vec<Run>, Vec<Error>), Error> {
    let mut runs = Vec::new();
    let mut errors = Vec::new();
    let entries = match fs::read_dir(state) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok((runs, errors)),
        Err(e) => return Err(Error::from(e).at(state)),
    };
    for entry in entries {
        let folder = entry.map_err(|e| Error::from(e).at(state))?.path();
        if folder.join(LINES).is_file() && !is_going(&folder) {
            match load(&folder) {
                Ok(run) if run.is_begun() => runs.push(run),
                Ok(_) => {}
                Err(e) => errors.push(e.or_at(folder.join(LINES))),
            }
        }
    }
    runs.sort_by(|a, b| (a.nanos, &a.id).cmp(&(b.nanos, &b.id)));
    errors.sort_by_cached_key(Error::to_string);
    Ok((runs, errors))
}

/// Reads one journal.
pub(super) fn load(folder: &Path) -> Result<Run, Error> {
    let id = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut run =
        Run { id, nanos: 0, files: Vec::new(), renames: Vec::new(), temps: Vec::new(), folder: folder.to_owned() };
    let mut lines = BufReader::new(File::open(folder.join(LINES))?);
    let mut line = Vec::new();
    let mut known = false;
    loop {
        line.clear();
        lines.read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            // The end, or a line that was cut short: its file was not yet touched.
            break;
        }
        let damaged = |e| Error::usage(format!("the journal is damaged: {e}"));
        match serde_json::from_slice(&line).map_err(damaged)? {
            Record::Run { version, nanos, .. } => {
                if version != VERSION {
                    return Err(Error::usage(format!(
                        "the journal is of version {version}, this program knows {VERSION}"
                    )));
                }
                (run.nanos, known) = (nanos, true);
            }
            Record::File(record) => {
                let path = record.path.path()?;
                let edits = record.edits.len() + record.inside as usize;
                run.files.push(Written { path, edits, restored: false, record });
            }
            Record::Rename(record) => {
                let (from, to) = (record.from.path()?, record.to.path()?);
                run.renames.push(Renamed { from, to, restored: false, number: record.number });
            }
            Record::Temp { path } => run.temps.push(path.path()?),
            Record::Done { .. } => {}
            Record::Restored { number } => {
                run.files.iter_mut().filter(|f| f.record.number == number).for_each(|f| f.restored = true);
                run.renames.iter_mut().filter(|r| r.number == number).for_each(|r| r.restored = true);
            }
        }
    }
    // Cut short in its first line: nothing was changed yet.
    let is_none = run.files.is_empty() && run.renames.is_empty() && run.temps.is_empty();
    if known || is_none { Ok(run) } else { Err(Error::usage("the journal is damaged: it has no beginning")) }
}

impl Run {
    /// Whether its journal was begun; otherwise it was cut short before it did anything.
    pub fn is_begun(&self) -> bool {
        self.nanos > 0
    }

    /// Whether every file of it was put back.
    pub fn restored(&self) -> bool {
        self.files.iter().all(|file| file.restored) && self.renames.iter().all(|renamed| renamed.restored)
    }

    /// Marks it as being worked on.
    ///
    /// # Errors
    /// When another program is at it.
    pub fn hold(&self) -> Result<Mark, Error> {
        let held = Mark::set(&self.folder).map_err(|e| Error::from(e).at(&self.folder))?;
        held.ok_or_else(|| Error::usage(format!("run {} is still under way, or being undone: wait for it", self.id)))
    }

    /// Ends what [`Run::hold`] began. When something went wrong, a temporary file may be left, and is looked after.
    pub fn release(&self, mark: Mark, is_fine: bool) {
        if !is_fine {
            look_after(&self.folder, mark);
        }
    }

    /// What one of its files is now.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn now(&self, file: &Written) -> Result<Now, Error> {
        // Something else may stand there by now, such as a pipe, to open which is to wait.
        regular(&fs::metadata(&file.path)?)?;
        let digest = Digest::of_reader(File::open(&file.path)?)?;
        Ok(if digest == file.record.after.into() {
            Now::AsWritten
        } else if digest == file.record.before.into() {
            Now::AsBefore
        } else if self.cut_short(file)? {
            Now::CutShort
        } else {
            Now::Changed
        })
    }

    /// Where a renamed file is now. What was renamed last must be put back first.
    ///
    /// # Errors
    /// When its folder cannot be read.
    pub fn now_named(&self, renamed: &Renamed) -> Result<Now, Error> {
        let is_there = |path: &Path| match fs::symlink_metadata(path) {
            Ok(_) => Ok(true),
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(false),
            Err(e) => Err(e),
        };
        Ok(match (is_there(&renamed.from)?, is_there(&renamed.to)?) {
            (false, true) => Now::AsWritten,
            (true, false) => Now::AsBefore,
            _ => Now::Changed,
        })
    }

    /// Gives a file or folder its old name again.
    ///
    /// # Errors
    /// When it cannot be renamed.
    pub fn rename_back(&self, renamed: &Renamed) -> Result<Now, Error> {
        let now = self.now_named(renamed)?;
        match now {
            Now::AsWritten => names::rename(&renamed.to, &renamed.from)?,
            Now::AsBefore => {}
            _ => return Ok(now),
        }
        append(&reopen(&self.folder.join(LINES))?, &Record::Restored { number: renamed.number })?;
        Ok(now)
    }

    /// What puts one of its files back.
    ///
    /// # Errors
    /// When the journal is damaged.
    pub fn way_back(&self, file: &Written) -> Result<WayBack, Error> {
        let record = &file.record;
        if record.pieces.is_empty() {
            return Ok(WayBack::Edits(record.plan()?.invert()));
        }
        let path = old_of(&self.folder, record.number);
        let old = File::open(&path).map_err(|e| Error::from(e).at(&path))?;
        Ok(WayBack::Pieces(Rewrite::back(&record.pieces()?, old, record.before.len)?))
    }

    /// What was done to one of its files whose write could be cut short.
    fn way_there(&self, file: &Written) -> Result<WayBack, Error> {
        let record = &file.record;
        if record.pieces.is_empty() {
            return Ok(WayBack::Edits(record.plan()?));
        }
        let new = File::open(new_of(&self.folder, record.number))?;
        Ok(WayBack::Pieces(Rewrite::new(record.pieces()?, new, record.before.len)?))
    }

    /// Puts one of its files back.
    ///
    /// # Errors
    /// When the file is no longer as the run left it, or cannot be written; it is then as it was.
    pub fn restore(&self, file: &Written) -> Result<Now, Error> {
        let now = self.now(file)?;
        let copy = copy_of(&self.folder, file.record.number);
        match now {
            Now::AsWritten => {
                let back = self.way_back(file)?;
                let expected = Expected { stamp: None, digest: file.record.after.into() };
                let mut temp = |folder: &Path| self.temp(folder);
                let staged = stage(&file.path, &expected, &back, Some(&mut temp))?;
                if staged.after() != file.record.before.into() {
                    return Err(Error::usage("the journal is damaged: it does not lead back to the old bytes"));
                }
                if staged.writes_over() && !copy.exists() {
                    staged.keep_new(&copy)?;
                }
                staged.commit()?;
            }
            Now::CutShort => {
                let mut old = File::open(&copy)?;
                let mut file = OpenOptions::new().write(true).open(&file.path)?;
                let len = io::copy(&mut old, &mut file)?;
                file.set_len(len)?;
                file.sync_all()?;
            }
            Now::AsBefore => {}
            Now::Changed => return Ok(now),
        }
        let lines = reopen(&self.folder.join(LINES))?;
        append(&lines, &Record::Restored { number: file.record.number })?;
        Ok(now)
    }

    /// Names a temporary file that is about to be made in this folder, and writes it down.
    fn temp(&self, folder: &Path) -> Result<PathBuf, Error> {
        let named = (self.temps.len() as u64..).map(|count| folder.join(temp_name(&self.id, count)));
        let free = named.take(1 << 20).find(|path| fs::symlink_metadata(path).is_err());
        let path = free.ok_or_else(|| Error::usage("there is no name for a temporary file"))?;
        append(&reopen(&self.folder.join(LINES))?, &Record::Temp { path: Bytes::of_path(&path) })?;
        Ok(path)
    }

    /// Whether the file is what a write over its bytes leaves when it is cut short: the new bytes up to some place and
    /// the old ones from there on, in either direction.
    fn cut_short(&self, file: &Written) -> Result<bool, Error> {
        let copy = copy_of(&self.folder, file.record.number);
        if !copy.is_file() {
            return Ok(false);
        }
        let mut new = tempfile::tempfile()?;
        let (before, _) = splice(&mut File::open(&copy)?, &self.way_there(file)?, &mut new)?;
        if before != file.record.before.into() {
            return Ok(false);
        }
        let mut old = File::open(&copy)?;
        let mut now = File::open(&file.path)?;
        new.rewind()?;
        if overwritten(&mut now, &mut new, &mut old)? {
            return Ok(true);
        }
        now.rewind()?;
        new.rewind()?;
        old.rewind()?;
        overwritten(&mut now, &mut old, &mut new).map_err(Error::from)
    }
}

/// Opens a journal to append to it. A last line that was cut short is taken off, or what follows would be part of it.
fn reopen(path: &Path) -> io::Result<File> {
    let mut lines = OpenOptions::new().read(true).append(true).open(path)?;
    let mut last = [b'\n'];
    if lines.seek(SeekFrom::End(-1)).is_ok() {
        lines.read_exact(&mut last)?;
    }
    if last != *b"\n" {
        let whole = fs::read(path)?;
        lines.set_len(memchr::memrchr(b'\n', &whole).map_or(0, |feed| feed as u64 + 1))?;
    }
    Ok(lines)
}

/// Whether `now` begins as `over` and goes on as `under`.
fn overwritten(now: &mut impl Read, over: &mut impl Read, under: &mut impl Read) -> io::Result<bool> {
    const BLOCK: u64 = 64 << 10;
    let mut written = true;
    loop {
        let block = |from: &mut dyn Read| {
            let mut bytes = Vec::new();
            from.take(BLOCK).read_to_end(&mut bytes).map(|_| bytes)
        };
        let (n, o, u) = (block(now)?, block(over)?, block(under)?);
        let alike = if written { n.iter().zip(&o).take_while(|(a, b)| a == b).count() } else { 0 };
        if alike < n.len() || alike < BLOCK as usize {
            // From here on the old bytes; where the new ones reached past the old end, there are none.
            written = false;
            if n.len() > alike && n[alike..] != *u.get(alike..).unwrap_or_default() || n.len() < u.len() {
                return Ok(false);
            }
        }
        if n.is_empty() && u.is_empty() {
            return Ok(true);
        }
    }
}
