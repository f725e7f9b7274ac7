//! What is in this file? Whole when it is small, in windows when it is not, and whether it is text at all.
//!
//! Each thread reads into one buffer, file after file: what nobody keeps (and that is nearly all) is read once, is never
//! copied, and takes no new memory.
//!
//! In: a path or standard input. Out: a [`Document`] with the bytes (or the way to them) and a stamp that tells later
//! whether the file is still the same; or why there is none. Must not: wait on a pipe or a device, or hold more than
//! [`WHOLE`] bytes of a file in memory.

use std::borrow::Cow;
use std::cell::Cell;
use std::fs::{self, File, Metadata};
use std::io::{self, Cursor, Read, Seek, SeekFrom, Stdin, Write};
#[cfg(unix)]
use std::os::fd::AsFd;
#[cfg(not(unix))]
use std::os::windows::io::AsHandle;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use super::digest::{Digest, Tee};
use crate::edit::Plan;
use crate::engine::Engine;
use crate::error::Error;
use crate::source::{Known, escapes, has_kanji_shift, identify};

/// Files up to this size are read whole, larger ones in windows.
pub const WHOLE: u64 = 8 << 20;

/// Files up to this size are read whole also when they cannot be read in windows, being in another encoding than UTF-8.
pub const VIEWED: u64 = 256 << 20;

/// How much of a file is looked at for bytes that text does not have.
const HEAD: usize = 8 << 10;

/// So much of a large file is looked at for escapes in one go, and so much of it again with what follows.
const PART: usize = 1 << 20;
const OVERLAP: usize = 64;

/// A kept text may hold as many bytes of memory beyond its own.
const SLACK: usize = 4 << 10;

/// How many bytes of large files were read that are still looked into, all threads together.
static UNDER_WAY: AtomicU64 = AtomicU64::new(0);

/// How many bytes of large files were read that are still looked into: in one of them a run can be for minutes.
pub fn under_way() -> u64 {
    UNDER_WAY.load(Ordering::Relaxed)
}

/// A large file that is looked into, and what was read of it.
struct Metered<R>(R, u64);

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buf)?;
        self.1 += read as u64;
        UNDER_WAY.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl<R> Drop for Metered<R> {
    fn drop(&mut self) {
        UNDER_WAY.fetch_sub(self.1, Ordering::Relaxed);
    }
}

thread_local! {
    /// All of it is set, so that no part has to be cleared before it is read into.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Why a file was not looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// It has a NUL byte near its beginning.
    Binary,
    /// Its path matches an `exclude`.
    Excluded,
    /// It is another name of a file that this run has written.
    SameFile,
}

impl Skip {
    /// In words.
    pub fn why(self) -> &'static str {
        match self {
            Skip::Binary => "binary",
            Skip::Excluded => "excluded",
            Skip::SameFile => "another name of a file already repaired",
        }
    }
}

/// What a file was like when it was opened, to see later whether it is still the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Length in bytes.
    pub len: u64,
    /// Time of the last change, where the system knows it.
    pub modified: Option<SystemTime>,
    /// Device and file number, where the system has them.
    pub id: Option<(u64, u64)>,
    /// How many names the file has.
    pub links: u64,
}

impl Stamp {
    /// The stamp of a file with this metadata.
    pub fn of(meta: &Metadata) -> Stamp {
        #[cfg(unix)]
        let (id, links) = {
            use std::os::unix::fs::MetadataExt;
            (Some((meta.dev(), meta.ino())), meta.nlink())
        };
        #[cfg(not(unix))]
        let (id, links) = (None, 1);
        Stamp { len: meta.len(), modified: meta.modified().ok(), id, links }
    }
}

/// Bytes that can be read from any place.
pub trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// A text and where it came from.
#[derive(Debug)]
pub struct Document {
    path: PathBuf,
    stamp: Option<Stamp>,
    content: Content,
    digest: Option<Digest>,
    /// Whether it is in a container.
    member: bool,
}

#[derive(Debug)]
enum Content {
    /// The bytes, and how many of them are the file's.
    Whole(Vec<u8>, usize),
    Large(File),
}

/// What opening a file gave.
#[derive(Debug)]
pub enum Loaded {
    /// A text.
    Text(Document),
    /// Something else; its bytes are still there, for who must pass them on.
    Skipped(Skip, Document),
}

/// Opens a file. A symlink is followed.
///
/// # Errors
/// When it cannot be read, or is no regular file.
pub fn open(path: &Path) -> Result<Loaded, Error> {
    // Asked before opening: to open a named pipe is to wait for its writer, and its writer would see it.
    regular(&fs::metadata(path)?)?;
    open_found(path)
}

/// Opens a file whose folder has it as a regular file, which need not be asked again.
///
/// # Errors
/// When it cannot be read, or is no regular file any more.
pub fn open_found(path: &Path) -> Result<Loaded, Error> {
    let mut how = File::options();
    how.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut how, libc::O_NONBLOCK);
    let file = how.open(path)?;
    let meta = file.metadata()?;
    regular(&meta)?;
    let mut buffer = BUFFER.take();
    let content = match fill(&file, meta.len(), &mut buffer)? {
        Some(len) => Content::Whole(buffer, len),
        None => {
            BUFFER.set(buffer);
            Content::Large(file)
        }
    };
    load(Document { path: path.to_owned(), stamp: Some(Stamp::of(&meta)), content, digest: None, member: false })
}

/// Reads all of a file that claims to have `len` bytes; none if it has too many.
fn fill(mut file: &File, len: u64, buffer: &mut Vec<u8>) -> io::Result<Option<usize>> {
    let mut filled = 0;
    loop {
        if filled as u64 > WHOLE || len > WHOLE {
            return Ok(None);
        }
        let wanted = (len as usize).max(2 * filled).max(HEAD) + 1;
        if buffer.len() < wanted {
            buffer.resize(wanted.next_power_of_two(), 0);
        }
        match file.read(&mut buffer[filled..]) {
            Ok(0) => return Ok(Some(filled)),
            Ok(n) => filled += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
        // All that was promised, and there was room for more: that was the end. Files of /proc claim to be empty.
        if filled as u64 == len && filled < buffer.len() {
            return Ok(Some(filled));
        }
    }
}

/// How many bytes a file has; none where that cannot be told.
pub fn size(path: &Path) -> u64 {
    fs::metadata(path).ok().filter(Metadata::is_file).map_or(0, |meta| meta.len())
}

/// Standard input, as a stream. Waits, as streams do.
pub fn input() -> Stdin {
    io::stdin()
}

/// How many bytes there are on standard input, if that is a file.
pub fn input_len() -> Option<u64> {
    #[cfg(unix)]
    let file = io::stdin().as_fd().try_clone_to_owned().map(File::from).ok()?;
    #[cfg(not(unix))]
    let file = io::stdin().as_handle().try_clone_to_owned().map(File::from).ok()?;
    file.metadata().ok().filter(Metadata::is_file).map(|meta| meta.len())
}

/// Whether somebody types standard input.
pub fn is_terminal() -> bool {
    io::IsTerminal::is_terminal(&io::stdin())
}

/// Reads standard input to its end; what is large goes to a temporary file. `name` is what it is called in reports.
///
/// # Errors
/// When reading, or writing the temporary file, fails.
pub fn stdin(name: &Path) -> Result<Loaded, Error> {
    let mut input = io::stdin().lock();
    let mut bytes = Vec::new();
    (&mut input).take(WHOLE + 1).read_to_end(&mut bytes)?;
    let content = if bytes.len() as u64 <= WHOLE {
        let len = bytes.len();
        Content::Whole(bytes, len)
    } else {
        let mut spool = tempfile::tempfile()?;
        spool.write_all(&bytes)?;
        drop(bytes);
        io::copy(&mut input, &mut spool)?;
        Content::Large(spool)
    };
    load(Document { path: name.to_owned(), stamp: None, content, digest: None, member: false })
}

/// Reads a member of a container, called `path` in reports: all of a text, and all of what is `wanted` by its first bytes; of
/// anything else only the beginning.
///
/// # Errors
/// When reading, or writing the temporary file, fails.
pub fn member(path: &Path, reader: &mut dyn Read, wanted: &dyn Fn(&[u8]) -> bool) -> Result<Loaded, Error> {
    let mut bytes = Vec::new();
    reader.take(HEAD as u64).read_to_end(&mut bytes)?;
    let document = |content| Document { path: path.to_owned(), stamp: None, content, digest: None, member: true };
    let whole = |bytes: Vec<u8>| {
        let len = bytes.len();
        document(Content::Whole(bytes, len))
    };
    if bytes.len() == HEAD && !wanted(&bytes) {
        let head = load(whole(bytes))?;
        let Loaded::Text(Document { content: Content::Whole(text, _), .. }) = head else { return Ok(head) };
        bytes = text;
    }
    reader.take(WHOLE + 1 - bytes.len() as u64).read_to_end(&mut bytes)?;
    if bytes.len() as u64 <= WHOLE {
        return load(whole(bytes));
    }
    let mut spool = tempfile::tempfile()?;
    spool.write_all(&bytes)?;
    drop(bytes);
    io::copy(reader, &mut spool)?;
    load(document(Content::Large(spool)))
}

/// A text that is held already. `name` is what it is called in reports.
///
/// # Errors
/// None, as it is: what opens a file has some.
pub fn held(name: &Path, bytes: Vec<u8>) -> Result<Loaded, Error> {
    let len = bytes.len();
    load(Document {
        path: name.to_owned(),
        stamp: None,
        content: Content::Whole(bytes, len),
        digest: None,
        member: false,
    })
}

fn load(document: Document) -> Result<Loaded, Error> {
    let mut head = Vec::new();
    let head = match &document.content {
        Content::Whole(bytes, len) => &bytes[..(*len).min(HEAD)],
        Content::Large(file) => {
            let mut file = file;
            file.rewind()?;
            file.take(HEAD as u64).read_to_end(&mut head)?;
            &head
        }
    };
    Ok(match identify(head) {
        Known::Binary => Loaded::Skipped(Skip::Binary, document),
        Known::Bytes | Known::In(..) => Loaded::Text(document),
    })
}

/// An error for what is no regular file; a folder is one too.
pub(super) fn regular(meta: &Metadata) -> Result<(), Error> {
    let kind = meta.file_type();
    if kind.is_file() {
        return Ok(());
    }
    #[cfg(unix)]
    let what = {
        use std::os::unix::fs::FileTypeExt;
        match () {
            () if kind.is_dir() => "a folder",
            () if kind.is_fifo() => "a named pipe",
            () if kind.is_socket() => "a socket",
            () => "a device",
        }
    };
    #[cfg(not(unix))]
    let what = if kind.is_dir() { "a folder" } else { "a special file" };
    Err(io::Error::new(io::ErrorKind::InvalidInput, format!("is {what}, not a file; to read a stream, give `-`"))
        .into())
}

impl Document {
    /// The path as it was given, or the name of standard input.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The first bytes, enough of them to tell what it is.
    pub fn head(&self) -> Cow<'_, [u8]> {
        match &self.content {
            Content::Whole(bytes, len) => Cow::Borrowed(&bytes[..(*len).min(HEAD)]),
            Content::Large(file) => {
                let mut head = Vec::new();
                let mut file = file;
                let read = file.rewind().and_then(|()| file.take(HEAD as u64).read_to_end(&mut head));
                // What cannot be read is no container; whoever reads it next says so.
                Cow::Owned(if read.is_ok() { head } else { Vec::new() })
            }
        }
    }

    /// Whether it is a member of a container, and so in a folder, though no file.
    pub fn is_member(&self) -> bool {
        self.member
    }

    /// What the file was like when it was opened; none for standard input.
    pub fn stamp(&self) -> Option<&Stamp> {
        self.stamp.as_ref()
    }

    /// What would change in it. What [`Document::digest`] then gives is that of the very bytes looked at, even of a large
    /// file that changes meanwhile.
    ///
    /// # Errors
    /// When reading fails.
    pub fn plan(&mut self, engine: &Engine) -> Result<Plan, Error> {
        let Content::Large(file) = &self.content else { return self.look(engine) };
        if !self.streams(engine)? {
            return self.look(engine);
        }
        let mut file = file;
        file.rewind()?;
        let mut tee = Tee::new(Metered(file, 0));
        let plan = engine.plan_reader(&mut tee)?;
        if !plan.invalid().is_empty()
            && let Some(plan) = self.viewed(engine)?
        {
            return Ok(plan);
        }
        self.digest = Some(tee.digest());
        Ok(plan)
    }

    /// What would change in it, when nothing will be written: a large file is not digested, which takes as long as to look
    /// into it.
    ///
    /// # Errors
    /// When reading fails.
    pub fn look(&self, engine: &Engine) -> Result<Plan, Error> {
        match &self.content {
            Content::Whole(bytes, len) => Ok(engine.plan_file(&bytes[..*len], &self.path)),
            Content::Large(_) if !self.streams(engine)? => Ok(engine.plan_file(&self.all()?, &self.path)),
            Content::Large(file) => {
                let mut file = file;
                file.rewind()?;
                let plan = engine.plan_reader(Metered(file, 0))?;
                let viewed = if plan.invalid().is_empty() { None } else { self.viewed(engine)? };
                Ok(viewed.unwrap_or(plan))
            }
        }
    }

    /// What would change in a large file that turned out not to be UTF-8, and may say or show what it is; none for what is too
    /// large to be held.
    fn viewed(&self, engine: &Engine) -> Result<Option<Plan>, Error> {
        Ok(self.whole()?.map(|all| engine.plan_file(&all, &self.path)))
    }

    /// Whether it can be read in windows: see [`VIEWED`].
    fn streams(&self, engine: &Engine) -> Result<bool, Error> {
        let mut head = Vec::new();
        self.source()?.take(HEAD as u64).read_to_end(&mut head)?;
        Ok(engine.streams(&head) && !self.needs_all(engine, &head)?)
    }

    /// Whether it has escapes that may be damaged, or may be in ISO-2022-JP. What is too large to be read whole is looked into
    /// without them.
    fn needs_all(&self, engine: &Engine, head: &[u8]) -> Result<bool, Error> {
        let Content::Large(file) = &self.content else { return Ok(false) };
        let kind = engine.kind(&self.path, head);
        if file.metadata()?.len() > VIEWED {
            return Ok(false);
        }
        let mut source = self.source()?;
        let mut part = Vec::with_capacity(PART + OVERLAP);
        loop {
            part.drain(..part.len().saturating_sub(OVERLAP));
            if (&mut source).take(PART as u64).read_to_end(&mut part)? == 0 {
                return Ok(false);
            }
            if escapes::are_suspect(&part, kind) || !engine.is_told() && has_kanji_shift(&part) {
                return Ok(true);
            }
        }
    }

    /// All bytes of a large file.
    fn all(&self) -> Result<Vec<u8>, Error> {
        let mut all = Vec::new();
        self.source()?.take(VIEWED + 1).read_to_end(&mut all)?;
        if all.len() as u64 > VIEWED {
            let most = VIEWED >> 20;
            return Err(Error::usage(format!(
                "is not in UTF-8 and larger than {most} MiB, which is too much to hold; convert it first, or split it"
            )));
        }
        Ok(all)
    }

    /// All bytes; none where there are more than [`VIEWED`].
    ///
    /// # Errors
    /// When reading fails.
    pub fn whole(&self) -> Result<Option<Cow<'_, [u8]>>, Error> {
        match &self.content {
            Content::Whole(bytes, len) => Ok(Some(Cow::Borrowed(&bytes[..*len]))),
            Content::Large(file) if file.metadata()?.len() > VIEWED => Ok(None),
            Content::Large(_) => self.all().map(|all| Some(Cow::Owned(all))),
        }
    }

    /// Length and hash of the bytes that the plan was made for.
    ///
    /// # Errors
    /// When reading fails.
    pub fn digest(&mut self) -> Result<Digest, Error> {
        if let Some(digest) = self.digest {
            return Ok(digest);
        }
        let digest = Digest::of_reader(self.source()?)?;
        self.digest = Some(digest);
        Ok(digest)
    }

    /// The bytes, from the beginning.
    ///
    /// # Errors
    /// When the file cannot be rewound.
    pub fn source(&self) -> Result<Box<dyn Source + '_>, Error> {
        match &self.content {
            Content::Whole(bytes, len) => Ok(Box::new(Cursor::new(&bytes[..*len]))),
            Content::Large(file) => {
                let mut file = file;
                file.seek(SeekFrom::Start(0))?;
                Ok(Box::new(file))
            }
        }
    }

    /// How many bytes it has, as far as that was known without reading it.
    pub fn size(&self) -> u64 {
        match (&self.stamp, &self.content) {
            (Some(stamp), _) => stamp.len,
            (None, Content::Whole(_, len)) => *len as u64,
            (None, Content::Large(file)) => file.metadata().map_or(0, |meta| meta.len()),
        }
    }

    /// How many bytes of memory it holds.
    pub fn held(&self) -> usize {
        match &self.content {
            Content::Whole(bytes, _) => bytes.len(),
            Content::Large(_) => 0,
        }
    }

    /// Holds no more memory than its bytes take: it will be kept, while this thread goes on reading.
    pub fn keep(&mut self) {
        if let Content::Whole(bytes, len) = &mut self.content
            && bytes.len() - *len > SLACK
        {
            let own = bytes[..*len].to_vec();
            BUFFER.set(std::mem::replace(bytes, own));
        }
    }

    /// The bytes, from the beginning, for another thread. Nothing else may read the document meanwhile.
    ///
    /// # Errors
    /// When the file cannot be rewound.
    pub fn copy(&self) -> Result<Box<dyn Source + Send>, Error> {
        match &self.content {
            Content::Whole(bytes, len) => Ok(Box::new(Cursor::new(bytes[..*len].to_vec()))),
            Content::Large(file) => {
                let mut file = file.try_clone()?;
                file.rewind()?;
                Ok(Box::new(file))
            }
        }
    }

    /// Lets go of the bytes, when nobody will ask for them again.
    pub fn forget(&mut self) {
        let content = std::mem::replace(&mut self.content, Content::Whole(Vec::new(), 0));
        if let Content::Whole(bytes, _) = content {
            BUFFER.set(bytes);
        }
    }
}
