//! What is inside this file, if it is an archive, a packed file or a mailbox?
//!
//! A container has members; a member is a text, which is judged as a file of its own would be, or again a container. A
//! member that changes is packed anew; every other byte of the container is copied as it is. Nothing is ever unpacked to a
//! place that a name says, so that no name can lead anywhere.
//!
//! In: a document, and what judges a text. Out: what was found where, as a tree; on request the members again, and the
//! pieces of the container that change. Memory is bounded: what is large is unpacked to a temporary file, one for each
//! level, and nothing but plans is kept. Must not: write to the container, or go on when it is damaged or too large.

mod gzip;
mod limits;
mod mail;
mod names;
mod packed;
mod sealed;
mod stream;
mod tar;
mod zip;

use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use tempfile::SpooledTempFile;

use super::read::{self, Document, Loaded, Source};
use super::rewrite::{Rewrite, Rewriter};
use super::write::splice;
use crate::edit::Plan;
use crate::error::Error;
use limits::Budget;
pub use limits::Limits;
pub use names::Names;
pub use stream::Codec;

/// Up to this size a new member is kept in memory while it is packed.
const SPOOL: usize = 1 << 20;

/// When containers are looked into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum When {
    /// Those that are named on the command line, and those whose name says that they hold documents, mail or files.
    #[default]
    Auto,
    /// Whatever is one by its content, such as a `.jar`.
    Always,
    /// Never.
    Never,
}

/// How containers are looked into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Which ones.
    pub when: When,
    /// What they may hold.
    pub limits: Limits,
}

/// What kind of container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One packed file.
    Gzip,
    /// One file, packed in another way.
    Stream(Codec),
    /// A mail, or many.
    Mail,
    /// Files one after the other.
    Tar,
    /// Files packed one by one; also what is one inside, such as an EPUB.
    Zip,
}

/// Names that end so are looked into without being asked: what people keep text in. Programs (`.jar`, `.whl`, `.apk`)
/// are not among them.
const NAMES: &[&str] = &[
    "bz2", "docm", "docx", "dotx", "epub", "gz", "kmz", "odg", "odp", "ods", "odt", "ott", "potx", "pptx", "sxw",
    "tar", "tbz", "tbz2", "tgz", "txz", "tzst", "xlsm", "xlsx", "xltx", "xz", "zip", "zst",
];

/// Names of mails and mailboxes.
const MAIL: &[&str] = &["eml", "mbox", "mbx"];

/// How much of a file tells what it is.
const MAGIC: usize = 512;

/// What a container of some kind can do.
trait Format {
    /// What it holds, in order.
    fn members(&self) -> &[Member];

    /// A member's content. Reading it to the end proves that it is whole.
    fn open<'s>(&self, source: &'s mut dyn Source, index: usize) -> Result<Box<dyn Read + 's>, Error>;

    /// Puts the pieces that change into `out`, when the members `changed` (in order) have the content that `renew` gives.
    fn rewrite(
        &self,
        source: &mut dyn Source,
        changed: &[usize],
        renew: &mut Renew<'_>,
        out: &mut Rewriter,
    ) -> Result<(), Error>;

    /// Why a member cannot change, though others can.
    fn fixed(&self, _: &mut dyn Source, _: usize) -> Result<Option<&'static str>, Error> {
        Ok(None)
    }

    /// The encoding that the container says a member is in, unless that is UTF-8 or it says nothing.
    fn charset(&self, _: usize) -> Option<&'static str> {
        None
    }

    /// What the container says of the encoding of a member's name.
    fn mark(&self, _: usize) -> Marked {
        Marked::Utf8
    }

    /// Puts the pieces that change into `out`, when members (in order) get other names.
    fn rename(&self, _: &mut dyn Source, _: &[(usize, &str)], _: &mut Rewriter) -> Result<(), Error> {
        Err(Error::usage("has no names that could be changed"))
    }

    /// Why no member may change, if none may.
    fn sealed(&self) -> Option<&'static str> {
        None
    }

    /// Whether it is only a wrapping: what is inside goes by the container's own name when it is a container too.
    fn is_wrapping(&self) -> bool {
        false
    }
}

/// Gives the new content of a member.
type Renew<'r> = dyn FnMut(&mut dyn Source, usize) -> Result<Fresh, Error> + 'r;

/// New content of a member.
struct Fresh {
    bytes: SpooledTempFile,
    len: u64,
}

impl Fresh {
    /// The bytes, from the beginning.
    fn reader(&mut self) -> io::Result<&mut SpooledTempFile> {
        self.bytes.rewind()?;
        Ok(&mut self.bytes)
    }
}

/// What a container holds.
struct Member {
    /// Its name, as bytes: it may be no text.
    name: Vec<u8>,
    is: Is,
}

/// What a container says of the encoding of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marked {
    /// Nothing that would have to be changed: it is UTF-8, or bytes that nobody says anything of.
    Utf8,
    /// It does not say that it is UTF-8, and could.
    Not,
    /// It has the name a second time, in UTF-8.
    Elsewhere,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Is {
    File,
    /// A folder, a link, a device: it has no content.
    Other,
    /// A file that cannot be read, and why.
    Left(&'static str),
}

/// A member with findings.
#[derive(Debug)]
pub enum Found {
    /// A text, what it is called, and its plan.
    Text(usize, PathBuf, Plan),
    /// A container with such members.
    Inside(usize, Kind, Vec<Found>),
}

/// What came of a container.
#[derive(Debug)]
pub struct Looked {
    /// What kind it is.
    pub kind: Kind,
    /// Members with findings.
    pub found: Vec<Found>,
    /// How many texts were looked into.
    pub checked: u64,
    /// How many members were no text.
    pub skipped: u64,
    /// Members that could not be read, and why.
    pub left: Vec<(PathBuf, &'static str)>,
    limits: Limits,
}

/// The kind of container that a document is, if it is to be looked into. `named` on the command line, it is by its content
/// alone.
pub fn kind(document: &Document, options: &Options, named: bool) -> Option<Kind> {
    if options.when == When::Never {
        return None;
    }
    let name = document.path().file_name().unwrap_or_default().as_encoded_bytes();
    let head = document.head();
    // Mailboxes often have no ending.
    let kind = of(name, &head).or_else(|| (named && mail::is_mailbox(&head)).then_some(Kind::Mail))?;
    (named || options.when == When::Always || by_name(name)).then_some(kind)
}

/// Whether a file's name says that it may be looked into as a container, before it is opened.
pub fn may_be(path: &Path, options: &Options) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    match options.when {
        When::Auto => by_name(name),
        When::Always => true,
        When::Never => false,
    }
}

/// The kind of container that is called so and begins so.
fn of(name: &[u8], head: &[u8]) -> Option<Kind> {
    let is_mail = || ends_with(name, MAIL) && mail::is_mail(head);
    by_content(head).or_else(|| is_mail().then_some(Kind::Mail))
}

/// The kind of container that begins so.
fn by_content(head: &[u8]) -> Option<Kind> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Some(Kind::Zip);
    }
    if head.starts_with(b"\x1F\x8B\x08") {
        return Some(Kind::Gzip);
    }
    if let Some(codec) = stream::codec(head) {
        return Some(Kind::Stream(codec));
    }
    tar::is_header(head.get(..MAGIC)?).then_some(Kind::Tar)
}

fn by_name(name: &[u8]) -> bool {
    ends_with(name, NAMES) || ends_with(name, MAIL)
}

fn ends_with(name: &[u8], endings: &[&str]) -> bool {
    let extension = memchr::memrchr(b'.', name).map_or(&b""[..], |dot| &name[dot + 1..]);
    endings.iter().any(|known| extension.eq_ignore_ascii_case(known.as_bytes()))
}

/// Reads what a container holds.
fn open(kind: Kind, name: &Path, source: &mut dyn Source, budget: &Budget) -> Result<Box<dyn Format>, Error> {
    let len = source.seek(SeekFrom::End(0))?;
    source.rewind()?;
    let name = name.file_name().unwrap_or_default().as_encoded_bytes();
    let format: Box<dyn Format> = match kind {
        Kind::Gzip => Box::new(gzip::Gzip::read(source, name)?),
        Kind::Stream(codec) => Box::new(stream::Stream::new(codec, name)),
        Kind::Mail => Box::new(mail::Mail::read(source, budget)?),
        Kind::Tar => Box::new(tar::Tar::read(source, len, budget)?),
        Kind::Zip => Box::new(zip::Zip::read(source, len, budget)?),
    };
    Ok(format)
}

/// What is given a text of a container, with the encoding that the container says it is in, unless that is UTF-8, and says
/// what would change in it; none when it is not to be looked into.
pub type Judge<'j> = dyn FnMut(&mut Document, Option<&str>) -> Result<Option<Plan>, Error> + 'j;

/// Looks into a container.
///
/// # Errors
/// When it cannot be read, is damaged, or holds too much.
pub fn look(document: &Document, kind: Kind, options: &Options, judge: &mut Judge<'_>) -> Result<Looked, Error> {
    let mut source = document.source()?;
    let budget = Budget::new(options.limits, source.seek(SeekFrom::End(0))?);
    let looked = Looked { kind, found: Vec::new(), checked: 0, skipped: 0, left: Vec::new(), limits: options.limits };
    let mut look = Look { options, budget, judge, looked };
    let found = look.container(kind, document.path(), &mut *source, 1).map_err(|e| e.or_at(document.path()))?;
    Ok(Looked { found, ..look.looked })
}

struct Look<'l, 'j> {
    options: &'l Options,
    budget: Budget,
    judge: &'l mut Judge<'j>,
    looked: Looked,
}

impl Look<'_, '_> {
    fn container(&mut self, kind: Kind, path: &Path, source: &mut dyn Source, depth: u64) -> Result<Vec<Found>, Error> {
        self.budget.depth(depth)?;
        let format = open(kind, path, source, &self.budget)?;
        self.budget.members(format.members().len())?;
        let mut found = Vec::new();
        for (index, member) in format.members().iter().enumerate() {
            let name = inside(path, &member.name);
            match member.is {
                Is::File => {}
                Is::Other => continue,
                Is::Left(why) => {
                    self.looked.skipped += 1;
                    self.looked.left.push((name, why));
                    continue;
                }
            }
            let kept = |e: Error| e.or_at(&name);
            let options = self.options;
            let nested =
                |head: &[u8]| of(&member.name, head).filter(|_| options.when == When::Always || by_name(&member.name));
            let mut reader = self.budget.meter(format.open(source, index).map_err(kept)?);
            let loaded = read::member(&name, &mut reader, &|head| nested(head).is_some()).map_err(kept)?;
            drop(reader);
            let (Loaded::Text(document) | Loaded::Skipped(_, document)) = &loaded;
            if let Some(kind) = nested(&document.head()) {
                let shown = if format.is_wrapping() { path } else { &name };
                let mut source = document.source()?;
                let inner = self.container(kind, shown, &mut *source, depth + 1).map_err(kept)?;
                if !inner.is_empty() {
                    found.push(Found::Inside(index, kind, inner));
                }
                continue;
            }
            match loaded {
                Loaded::Text(mut document) => {
                    if let Some(plan) = (self.judge)(&mut document, format.charset(index)).map_err(kept)? {
                        self.looked.checked += 1;
                        let fixed = if plan.is_empty() { None } else { format.fixed(source, index).map_err(kept)? };
                        if let Some(why) = fixed {
                            self.looked.left.push((name, why));
                            continue;
                        }
                        if has_findings(&plan) {
                            found.push(Found::Text(index, name.clone(), plan));
                        }
                    }
                    document.forget();
                }
                Loaded::Skipped(..) => self.looked.skipped += 1,
            }
        }
        Ok(found)
    }
}

impl Looked {
    /// Hands out each text with findings, and its plan, in order.
    ///
    /// # Errors
    /// The first error of `each`; or when the container is no longer what it was.
    pub fn visit(
        &self,
        document: &Document,
        each: &mut dyn FnMut(&mut Document, &Plan) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut source = document.source()?;
        let again = Again { budget: Budget::new(self.limits, source.seek(SeekFrom::End(0))?) };
        again.visit(self.kind, document.path(), &mut *source, &self.found, each).map_err(|e| e.or_at(document.path()))
    }

    /// Names each text with findings, and its plan, in order, and keeps what is given back of it.
    pub fn sift(&mut self, keep: &mut dyn FnMut(&Path, Plan) -> Plan) {
        fn go(found: &mut Vec<Found>, keep: &mut dyn FnMut(&Path, Plan) -> Plan) {
            found.retain_mut(|found| match found {
                Found::Text(_, path, plan) => {
                    *plan = keep(path, std::mem::take(plan));
                    has_findings(plan)
                }
                Found::Inside(_, _, inner) => {
                    go(inner, keep);
                    !inner.is_empty()
                }
            });
        }
        go(&mut self.found, keep);
    }

    /// Each text with findings, and its plan, in order.
    pub fn texts(&self) -> Vec<(&Path, &Plan)> {
        fn go<'f>(found: &'f [Found], texts: &mut Vec<(&'f Path, &'f Plan)>) {
            for found in found {
                match found {
                    Found::Text(_, path, plan) => texts.push((path, plan)),
                    Found::Inside(_, _, inner) => go(inner, texts),
                }
            }
        }
        let mut texts = Vec::new();
        go(&self.found, &mut texts);
        texts
    }

    /// How many edits there are in all texts.
    pub fn edits(&self) -> u64 {
        self.texts().iter().map(|(_, plan)| plan.edits().len() as u64).sum()
    }

    /// The pieces of the container that change when all texts do as planned.
    ///
    /// # Errors
    /// When the container must not change, or is no longer what it was.
    pub fn rewrite(&self, document: &Document) -> Result<Rewrite, Error> {
        let mut source = document.source()?;
        let again = Again { budget: Budget::new(self.limits, source.seek(SeekFrom::End(0))?) };
        again.rewrite(self.kind, document.path(), &mut *source, &self.found).map_err(|e| e.or_at(document.path()))
    }
}

/// Goes through a container once more, for what was found in it.
struct Again {
    budget: Budget,
}

impl Again {
    /// A member that was found, as a document.
    fn member(
        &self,
        format: &dyn Format,
        source: &mut dyn Source,
        index: usize,
        path: &Path,
    ) -> Result<Document, Error> {
        let mut reader = self.budget.meter(format.open(source, index)?);
        let (Loaded::Text(document) | Loaded::Skipped(_, document)) = read::member(path, &mut reader, &|_| true)?;
        Ok(document)
    }

    fn visit(
        &self,
        kind: Kind,
        path: &Path,
        source: &mut dyn Source,
        found: &[Found],
        each: &mut dyn FnMut(&mut Document, &Plan) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let format = open(kind, path, source, &self.budget)?;
        for found in found {
            let index = found.index();
            let member = format.members().get(index).ok_or_else(Error::changed)?;
            let name = inside(path, &member.name);
            let mut document = self.member(&*format, source, index, &name).map_err(|e| e.or_at(&name))?;
            match found {
                Found::Text(_, _, plan) => each(&mut document, plan)?,
                Found::Inside(_, kind, found) => {
                    let shown = if format.is_wrapping() { path } else { &name };
                    self.visit(*kind, shown, &mut *document.source()?, found, each)?;
                }
            }
        }
        Ok(())
    }

    fn rewrite(&self, kind: Kind, path: &Path, source: &mut dyn Source, found: &[Found]) -> Result<Rewrite, Error> {
        let format = open(kind, path, source, &self.budget)?;
        let found: Vec<(usize, &Found)> =
            found.iter().filter(|found| found.changes()).map(|found| (found.index(), found)).collect();
        let mut out = Rewriter::new()?;
        if let Some(why) = format.sealed().filter(|_| !found.is_empty()) {
            return Err(Error::usage(why));
        }
        let changed: Vec<usize> = found.iter().map(|(index, _)| *index).collect();
        let mut renew = |source: &mut dyn Source, index: usize| {
            let at = changed.binary_search(&index).map_err(|_| Error::changed())?;
            let member = format.members().get(index).ok_or_else(Error::changed)?;
            let name = inside(path, &member.name);
            self.renew(&*format, source, found[at].1, path, &name).map_err(|e| e.or_at(&name))
        };
        if !changed.is_empty() {
            format.rewrite(source, &changed, &mut renew, &mut out)?;
        }
        let len = source.seek(SeekFrom::End(0))?;
        out.finish(len)
    }

    /// The new content of a member.
    fn renew(
        &self,
        format: &dyn Format,
        source: &mut dyn Source,
        found: &Found,
        path: &Path,
        name: &Path,
    ) -> Result<Fresh, Error> {
        let mut bytes = SpooledTempFile::new(SPOOL);
        let index = found.index();
        let (_, after) = match found {
            Found::Text(_, _, plan) => splice(&mut self.budget.meter(format.open(source, index)?), plan, &mut bytes)?,
            Found::Inside(_, kind, inner) => {
                let document = self.member(format, source, index, name)?;
                let shown = if format.is_wrapping() { path } else { name };
                let rewrite = self.rewrite(*kind, shown, &mut *document.source()?, inner)?;
                splice(&mut document.source()?, &rewrite, &mut bytes)?
            }
        };
        Ok(Fresh { bytes, len: after.len })
    }
}

impl Found {
    fn index(&self) -> usize {
        match self {
            Found::Text(index, ..) | Found::Inside(index, ..) => *index,
        }
    }

    /// Whether there is an edit in it: findings may also be of what stays as it is.
    fn changes(&self) -> bool {
        match self {
            Found::Text(_, _, plan) => !plan.is_empty(),
            Found::Inside(_, _, inner) => inner.iter().any(Found::changes),
        }
    }
}

/// Whether there is anything to say of a text.
fn has_findings(plan: &Plan) -> bool {
    !plan.is_silent() || !plan.notes().is_empty()
}

/// What a member is called in reports: `book.epub!/chapter1.xhtml`.
pub fn inside(container: &Path, name: &[u8]) -> PathBuf {
    let mut path = container.as_os_str().to_owned();
    path.push("!/");
    #[cfg(unix)]
    path.push(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(name));
    #[cfg(not(unix))]
    path.push(&*String::from_utf8_lossy(name));
    path.into()
}

/// What a member of a container is called there: what follows the container's own path.
pub fn within(container: &Path, member: &Path) -> PathBuf {
    let (all, own) = (member.as_os_str().as_encoded_bytes(), container.as_os_str().as_encoded_bytes());
    let Some(name) = all.strip_prefix(own) else { return member.to_owned() };
    #[cfg(unix)]
    let name: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(name);
    #[cfg(not(unix))]
    let name = String::from_utf8_lossy(name).into_owned();
    PathBuf::from(name)
}

/// What is not as the format has it.
fn damaged(what: &str) -> Error {
    Error::usage(format!("is damaged or cut short: {what}; nothing was written"))
}

/// Fills a buffer from a place of a source.
fn read_at(source: &mut dyn Source, at: u64, buffer: &mut [u8], what: &str) -> Result<(), Error> {
    source.seek(SeekFrom::Start(at))?;
    source.read_exact(buffer).map_err(|e| match e.kind() {
        io::ErrorKind::UnexpectedEof => damaged(what),
        _ => e.into(),
    })
}
