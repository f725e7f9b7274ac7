//! A file with a plan's edits made, all of it or none of it.
//!
//! In: a path, what the file was when it was read, and a plan (or the pieces of a container). Out: the file with the edits made; or an error, and the
//! file as it was. Two steps, so that the journal can be written in between: [`stage`] builds the new content in a
//! temporary file beside the old one and proves on the way that the old one is still what the change was made for;
//! [`Staged::commit`] puts it in place. Must not: write anything that a plan does not say, or leave a temporary file.
//!
//! In place means: a rename, which readers see as one event. Where the file has several names, or its owner or
//! attributes cannot be given to another file, the bytes are written over the old ones; the journal then keeps a whole
//! copy, for such a write can be cut short.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::attributes;
use super::digest::{Digest, Digester, Tee};
use super::read::{Stamp, regular};
use super::rewrite::Rewrite;
use crate::edit::{Plan, Span};
use crate::error::Error;

/// A few bytes before an edit and a few behind it.
pub type Beside = (Vec<u8>, Vec<u8>);

/// What the file must still be for the write to go on.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    /// Its metadata; none when only the content counts.
    pub stamp: Option<Stamp>,
    /// Its content.
    pub digest: Digest,
}

/// What makes the new content out of the old.
#[derive(Clone, Copy, Debug)]
pub enum Change<'a> {
    /// Edits of a text.
    Edits(&'a Plan),
    /// Pieces of a container.
    Pieces(&'a Rewrite),
}

impl<'a> From<&'a Plan> for Change<'a> {
    fn from(plan: &'a Plan) -> Change<'a> {
        Change::Edits(plan)
    }
}

impl<'a> From<&'a Rewrite> for Change<'a> {
    fn from(rewrite: &'a Rewrite) -> Change<'a> {
        Change::Pieces(rewrite)
    }
}

/// New content that waits to take the place of the old.
#[derive(Debug)]
pub struct Staged {
    real: PathBuf,
    temp: NamedTempFile,
    stamp: Stamp,
    before: Digest,
    after: Digest,
    over: bool,
}

/// Gives a temporary file in this folder its path, which it writes down first.
pub type Named<'n> = &'n mut dyn FnMut(&Path) -> Result<PathBuf, Error>;

/// Builds the new content of `path` in a temporary file, which is called as `named` says, or by chance.
///
/// # Errors
/// When the file is not, or no longer, as `expected`; when it is read-only or no regular file; when its folder cannot
/// be written to. The file is as it was.
pub fn stage<'a>(
    path: &Path,
    expected: &Expected,
    change: impl Into<Change<'a>>,
    named: Option<Named<'_>>,
) -> Result<Staged, Error> {
    // The link stays a link: what is written is the file it leads to.
    let real = fs::canonicalize(path)?;
    regular(&fs::metadata(&real)?)?;
    let mut old = File::open(&real)?;
    let meta = old.metadata()?;
    let stamp = Stamp::of(&meta);
    if attributes::read_only(&meta) {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "is read-only; nothing was written").into());
    }
    let same = |was: &Stamp| (was.len, was.modified, was.id) == (stamp.len, stamp.modified, stamp.id);
    if stamp.len != expected.digest.len || !expected.stamp.as_ref().is_none_or(same) {
        return Err(Error::changed());
    }
    let folder = folder_of(&real);
    let mut builder = tempfile::Builder::new();
    let name;
    match named {
        Some(named) => {
            name = named(folder)?;
            builder.prefix(name.file_name().unwrap_or_default()).suffix("").rand_bytes(0);
        }
        None => {
            builder.prefix(".unbake-").suffix(".tmp");
        }
    }
    let mut temp = builder
        .tempfile_in(folder)
        .map_err(|e| io::Error::new(e.kind(), format!("cannot make a temporary file beside it: {}", e.kind())))?;
    let (before, after) = splice(&mut old, change, temp.as_file_mut())?;
    if before != expected.digest {
        return Err(Error::changed());
    }
    let alike = attributes::copy(&old, temp.as_file())?;
    temp.as_file().sync_all()?;
    let over = stamp.links > 1 || !alike;
    if over {
        // Asked now, so that nothing is announced that cannot be done.
        OpenOptions::new()
            .write(true)
            .open(&real)
            .map_err(|e| io::Error::new(e.kind(), format!("{e}; nothing was written")))?;
    }
    Ok(Staged { real, temp, stamp, before, after, over })
}

impl Staged {
    /// The file that will be written, with all links resolved.
    pub fn real(&self) -> &Path {
        &self.real
    }

    /// The content as it is.
    pub fn before(&self) -> Digest {
        self.before
    }

    /// The content as it will be.
    pub fn after(&self) -> Digest {
        self.after
    }

    /// Whether the bytes will be written over the old ones, which can be cut short.
    pub fn writes_over(&self) -> bool {
        self.over
    }

    /// Copies the content as it is to a new file at `to`.
    ///
    /// # Errors
    /// When that fails, or the content is no longer the one that was staged.
    pub fn back_up(&self, to: &Path) -> Result<(), Error> {
        let mut tee = Tee::new(File::open(&self.real)?);
        let mut copy = OpenOptions::new().write(true).create_new(true).open(to)?;
        io::copy(&mut tee, &mut copy)?;
        copy.sync_all()?;
        if tee.digest() == self.before { Ok(()) } else { Err(Error::changed()) }
    }

    /// Copies the bytes that the pieces will replace to a new file at `to`.
    ///
    /// # Errors
    /// When that fails.
    pub fn keep_replaced(&self, rewrite: &Rewrite, to: &Path) -> Result<(), Error> {
        let mut copy = BufWriter::new(OpenOptions::new().write(true).create_new(true).open(to)?);
        rewrite.replaced(&mut File::open(&self.real)?, &mut copy)?;
        Ok(copy.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?)
    }

    /// What stands on either side of each edit in the content as it will be: a few bytes of the same
    /// line, whole characters where it is UTF-8.
    ///
    /// # Errors
    /// When that cannot be read.
    pub fn beside(&self, plan: &Plan) -> Result<Vec<Beside>, Error> {
        const BESIDE: u64 = 32;
        let mut new = self.temp.as_file();
        let mut beside = |span: Span| {
            let first = span.start.saturating_sub(BESIDE);
            new.seek(SeekFrom::Start(first))?;
            let mut bytes = Vec::new();
            new.take(span.end + BESIDE - first).read_to_end(&mut bytes)?;
            let (left, rest) = bytes.split_at_checked((span.start - first) as usize).unwrap_or((&bytes, &[]));
            let right = rest.get(span.len() as usize..).unwrap_or_default();
            // Lines around it may go on as they like.
            let left = left.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
            let right = right.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let is_inside = |byte: &&u8| **byte & 0xC0 == 0x80;
            let left = &left[left.iter().take(3).take_while(is_inside).count()..];
            let right = match std::str::from_utf8(right) {
                Err(e) if e.error_len().is_none() => &right[..e.valid_up_to()],
                _ => right,
            };
            Ok((left.to_vec(), right.to_vec()))
        };
        plan.invert().edits().iter().map(|edit| beside(edit.span)).collect()
    }

    /// Copies the content as it will be to a new file at `to`.
    ///
    /// # Errors
    /// When that fails.
    pub fn keep_new(&self, to: &Path) -> Result<(), Error> {
        let mut copy = OpenOptions::new().write(true).create_new(true).open(to)?;
        io::copy(&mut File::open(self.temp.path())?, &mut copy)?;
        Ok(copy.sync_all()?)
    }

    /// Puts the new content in place and makes sure that it is on the disk.
    ///
    /// # Errors
    /// When the file has changed since it was staged, or writing fails.
    pub fn commit(mut self) -> Result<(), Error> {
        let now = Stamp::of(&fs::metadata(&self.real)?);
        if now != self.stamp {
            return Err(Error::changed());
        }
        if self.over {
            let mut file = OpenOptions::new().write(true).open(&self.real)?;
            let new = self.temp.as_file_mut();
            new.seek(SeekFrom::Start(0))?;
            io::copy(new, &mut file)?;
            file.set_len(self.after.len)?;
            file.sync_all()?;
            return Ok(());
        }
        let folder = folder_of(&self.real).to_owned();
        self.temp.persist(&self.real).map_err(|e| e.error)?;
        sync_folder(&folder)?;
        Ok(())
    }
}

/// Makes a new file, as a whole or not at all.
///
/// # Errors
/// When there is one already, or it cannot be made.
pub fn create(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut temp = New::create(path)?;
    temp.write_all(bytes)?;
    temp.finish(false)
}

/// A file that is being made: it is there when it is finished, and not before.
#[derive(Debug)]
pub struct New {
    path: PathBuf,
    temp: BufWriter<NamedTempFile>,
}

impl New {
    /// Begins a file.
    ///
    /// # Errors
    /// When its folder cannot be written to.
    pub fn create(path: &Path) -> Result<New, Error> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".unbake-").suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // Less what the user's mask takes away.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let temp = builder.tempfile_in(folder_of(path))?;
        Ok(New { path: path.to_owned(), temp: BufWriter::with_capacity(64 << 10, temp) })
    }

    /// Puts it in its place; with `replace` also where there is a file already.
    ///
    /// # Errors
    /// When that fails. Then nothing has changed.
    pub fn finish(self, replace: bool) -> Result<(), Error> {
        let temp = self.temp.into_inner().map_err(|e| e.into_error())?;
        temp.as_file().sync_all()?;
        if replace { temp.persist(&self.path) } else { temp.persist_noclobber(&self.path) }.map_err(|e| e.error)?;
        Ok(sync_folder(folder_of(&self.path))?)
    }
}

impl Write for New {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.temp.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.temp.flush()
    }
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes sure that the names in a folder are on the disk.
///
/// # Errors
/// When the system says that it could not.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Copies `source` to `out` with the changes made, in bounded memory. Gives the digests of both.
///
/// # Errors
/// When `source` has other bytes under an edit, or another length, than the plan says; or when reading or writing fails.
pub fn splice<'a>(
    source: &mut impl Read,
    change: impl Into<Change<'a>>,
    out: &mut impl Write,
) -> Result<(Digest, Digest), Error> {
    let mut source = Tee::new(source);
    let mut out = Counted { out: BufWriter::with_capacity(64 << 10, out), digester: Digester::default() };
    let len = match change.into() {
        Change::Edits(plan) => {
            edit(&mut source, plan, &mut out)?;
            plan.source_len()
        }
        Change::Pieces(rewrite) => {
            rewrite.apply(&mut source, &mut out)?;
            rewrite.source_len()
        }
    };
    out.flush()?;
    let before = source.digest();
    if before.len != len {
        return Err(Error::changed());
    }
    Ok((before, out.digester.digest()))
}

/// Copies `source` to `out` with the plan's edits made.
fn edit(source: &mut impl Read, plan: &Plan, out: &mut impl Write) -> Result<(), Error> {
    let mut at = 0;
    let mut old = Vec::new();
    for edit in plan.edits() {
        let gap = edit.span.start - at;
        if io::copy(&mut source.by_ref().take(gap), out)? != gap {
            return Err(Error::changed());
        }
        old.clear();
        source.by_ref().take(edit.span.len()).read_to_end(&mut old)?;
        if old != edit.before {
            return Err(Error::changed());
        }
        out.write_all(&edit.after)?;
        at = edit.span.end;
    }
    io::copy(source, out)?;
    Ok(())
}

/// A writer that digests what passes through it.
struct Counted<W: Write> {
    out: W,
    digester: Digester,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let n = self.out.write(buf)?;
        self.digester.update(&buf[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
