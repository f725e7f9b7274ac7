//! The way back, written down before anything is changed.
//!
//! In: staged writes. Out: one folder per run with a file of JSON lines: what each file was, what it became, and every
//! edit, with a few bytes on either side, by which it is found again. What a container had in the place of changed pieces is kept beside it, as it was, for it is no text and may be
//! large. A line is on the disk before its file is replaced, and a second line says that it was. Must not: hold content
//! that the run did not change, except those bytes and a copy of a file whose write can be cut short; be readable by others.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::names;
use super::recovery::{CutShort, Mark, look_after, recover, temp_name};
use super::rewrite::Piece;
use super::state;
use super::write::{Beside, Change, Expected, Staged, stage, sync_folder};
use crate::edit::{Chain, Edit, Plan, Span, Step};
use crate::error::Error;

/// Name of the file of JSON lines in a run's folder.
pub(super) const LINES: &str = "journal.jsonl";

/// Version of the format; a journal of another one is refused.
pub(super) const VERSION: u32 = 1;

/// One line of a journal.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Record {
    /// The first line.
    Run { version: u32, nanos: u64, tool: String },
    /// A temporary file is about to be made.
    Temp { path: Bytes },
    /// A file is about to be written.
    File(FileRecord),
    /// A file or folder is about to get another name.
    Rename(RenameRecord),
    /// It was.
    Done { number: u64 },
    /// Its old bytes are back.
    Restored { number: u64 },
}

/// What a run does to one file.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct FileRecord {
    pub number: u64,
    pub path: Bytes,
    pub before: Content,
    pub after: Content,
    pub edits: Vec<EditRecord>,
    /// The pieces of a container that changed. Their old bytes are in a file of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<PieceRecord>,
    /// How many edits the pieces stand for.
    #[serde(default, skip_serializing_if = "none")]
    pub inside: u64,
    /// The texts in a container that changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<MemberRecord>,
    /// When single edits of another run are taken back: which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Of>,
}

/// What a run does to one text in a container.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct MemberRecord {
    /// What follows the path of the container.
    pub name: Bytes,
    /// How many bytes it had.
    pub len: u64,
    pub edits: Vec<EditRecord>,
}

/// Edits of a run's file, counted from 0.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Of {
    /// The name of the run.
    pub run: String,
    /// Which of its files.
    pub number: u64,
    /// Which of its edits.
    pub edits: Vec<u64>,
}

fn none(count: &u64) -> bool {
    *count == 0
}

/// Bytes `start..end` of the old content became `len` others.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct PieceRecord {
    start: u64,
    end: u64,
    len: u64,
}

/// A new name, in the same folder. What is renamed later is named as it is by then.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct RenameRecord {
    pub number: u64,
    pub from: Bytes,
    pub to: Bytes,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Content {
    pub len: u64,
    #[serde(with = "hex_hash")]
    pub hash: blake3::Hash,
}

impl From<Digest> for Content {
    fn from(digest: Digest) -> Content {
        Content { len: digest.len, hash: digest.hash }
    }
}

impl From<Content> for Digest {
    fn from(content: Content) -> Digest {
        Digest { len: content.len, hash: content.hash }
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct EditRecord {
    start: u64,
    end: u64,
    before: Bytes,
    after: Bytes,
    #[serde(default)]
    chain: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rules: Vec<String>,
    #[serde(default)]
    confidence: String,
    #[serde(default)]
    lossy: bool,
    /// What stands before it and after it once all edits are made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    near: Option<(Bytes, Bytes)>,
}

impl From<&Edit> for EditRecord {
    fn from(edit: &Edit) -> EditRecord {
        let pair = |step: &Step| (step.encoded.to_string(), step.read_as.to_string());
        EditRecord {
            start: edit.span.start,
            end: edit.span.end,
            before: Bytes::from(&edit.before[..]),
            after: Bytes::from(&edit.after[..]),
            chain: edit.chain.steps().iter().map(pair).collect(),
            rules: edit.rules.iter().map(|rule| rule.name().to_owned()).collect(),
            confidence: edit.confidence.name().to_owned(),
            lossy: edit.lossy,
            near: None,
        }
    }
}

impl EditRecord {
    /// What stands before it and after it once all edits are made, if the journal tells.
    ///
    /// # Errors
    /// When the record was tampered with.
    pub fn near(&self) -> Result<Option<Beside>, Error> {
        self.near.as_ref().map(|(left, right)| Ok((left.bytes()?, right.bytes()?))).transpose()
    }

    /// The edit, without its odds and its place.
    ///
    /// # Errors
    /// When the record was tampered with, so that it is no edit.
    pub fn edit(&self) -> Result<Edit, Error> {
        if self.end < self.start {
            return Err(Error::usage("damaged: a span ends before it starts"));
        }
        let step = |(encoded, read_as): &(String, String)| Step {
            encoded: encoded.clone().into(),
            read_as: read_as.clone().into(),
        };
        Ok(Edit {
            span: Span::new(self.start, self.end),
            before: self.before.bytes()?,
            after: self.after.bytes()?,
            chain: Chain::from(self.chain.iter().map(step).collect::<Vec<_>>()),
            // One that a later version knew does not keep this one from undoing it.
            rules: self.rules.iter().filter_map(|name| name.parse().ok()).collect(),
            confidence: self.confidence.parse().unwrap_or_default(),
            lossy: self.lossy,
            odds: 0.0,
            place: Default::default(),
        })
    }
}

impl FileRecord {
    /// The plan that was carried out.
    ///
    /// # Errors
    /// When the record was tampered with, so that it is no plan.
    pub fn plan(&self) -> Result<Plan, Error> {
        Plan::new(self.edits.iter().map(EditRecord::edit).collect::<Result<_, _>>()?, self.before.len, Vec::new())
    }

    /// The pieces that were replaced.
    ///
    /// # Errors
    /// When the record was tampered with.
    pub fn pieces(&self) -> Result<Vec<Piece>, Error> {
        let piece = |record: &PieceRecord| match record.start <= record.end {
            true => Ok(Piece { span: Span::new(record.start, record.end), len: record.len }),
            false => Err(Error::usage("the journal is damaged: a piece ends before it starts")),
        };
        self.pieces.iter().map(piece).collect()
    }
}

/// Bytes as text where they are text, else in hexadecimal digits.
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Bytes {
    Text(String),
    Hex { hex: String },
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Bytes {
        match std::str::from_utf8(bytes) {
            Ok(text) => Bytes::Text(text.to_owned()),
            Err(_) => Bytes::Hex { hex: bytes.iter().map(|b| format!("{b:02x}")).collect() },
        }
    }
}

impl Bytes {
    pub fn of_path(path: &Path) -> Bytes {
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            Bytes::from(path.as_os_str().as_bytes())
        }
        #[cfg(not(unix))]
        {
            Bytes::Text(path.to_string_lossy().into_owned())
        }
    }

    pub fn bytes(&self) -> Result<Vec<u8>, Error> {
        match self {
            Bytes::Text(text) => Ok(text.clone().into_bytes()),
            Bytes::Hex { hex } => {
                let digit = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
                let byte = |pair: &[u8]| match pair {
                    [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
                    _ => None,
                };
                let bytes: Option<Vec<u8>> = hex.as_bytes().chunks(2).map(byte).collect();
                bytes.ok_or_else(|| Error::usage("damaged: not hexadecimal"))
            }
        }
    }

    pub fn path(&self) -> Result<PathBuf, Error> {
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStringExt;
            Ok(std::ffi::OsString::from_vec(self.bytes()?).into())
        }
        #[cfg(not(unix))]
        {
            Ok(String::from_utf8_lossy(&self.bytes()?).into_owned().into())
        }
    }
}

mod hex_hash {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(hash: &blake3::Hash, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hash.to_hex())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<blake3::Hash, D::Error> {
        blake3::Hash::from_hex(String::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// A run that writes. Its folder is made with the first write: a run that changes nothing leaves nothing.
#[derive(Debug)]
pub struct Run {
    state: PathBuf,
    open: Option<Open>,
    cut_short: Vec<CutShort>,
}

#[derive(Debug)]
struct Open {
    id: String,
    folder: PathBuf,
    lines: File,
    count: u64,
    /// How many temporary files were made.
    temps: u64,
    /// The last of them.
    temp: PathBuf,
    /// Whether one of them may be there still.
    is_left: bool,
    mark: Mark,
}

impl Run {
    /// A run whose journal will be kept in the folder `state`.
    pub fn new(state: PathBuf) -> Run {
        Run { state, open: None, cut_short: Vec::new() }
    }

    /// The runs before that were cut short, which were looked after when this one began to write. Each is told once.
    pub fn cut_short(&mut self) -> Vec<CutShort> {
        std::mem::take(&mut self.cut_short)
    }

    /// The name to undo it by; none as long as nothing was written.
    pub fn id(&self) -> Option<&str> {
        self.open.as_ref().filter(|open| open.count > 0).map(|open| open.id.as_str())
    }

    /// Makes the plan's edits in the file at `path`, atomically, after the way back was written down.
    ///
    /// # Errors
    /// As [`Run::prepare`] and [`Run::commit`].
    pub fn write(&mut self, path: &Path, expected: &Expected, plan: &Plan) -> Result<(), Error> {
        let staged = self.prepare(path, expected, plan)?;
        self.commit(staged, plan.into(), plan.edits().len() as u64, &[])
    }

    /// Does all that can fail beforehand: builds the new content of the file at `path`, and opens the journal.
    ///
    /// # Errors
    /// When the file is not as `expected`, or the journal or the file cannot be written. The file is as it was.
    pub fn prepare<'a>(
        &mut self,
        path: &Path,
        expected: &Expected,
        change: impl Into<Change<'a>>,
    ) -> Result<Staged, Error> {
        stage(path, expected, change, Some(&mut |folder| self.opened()?.temp(folder)))
    }

    /// The journal, which is begun if it is not yet.
    fn opened(&mut self) -> Result<&mut Open, Error> {
        let open = match self.open.take() {
            Some(open) => open,
            None => {
                let open = Open::create(&self.state).map_err(|e| e.at(&self.state))?;
                self.cut_short = recover(&self.state);
                open
            }
        };
        Ok(self.open.insert(open))
    }

    /// Gives a file or folder another name in its folder, after the old one was written down.
    ///
    /// # Errors
    /// When there is a file of that name, or the journal cannot be written. Then nothing has changed.
    pub fn rename(&mut self, from: &Path, to: &Path) -> Result<(), Error> {
        let (from, to) = (names::settled(from)?, names::settled(to)?);
        let open = self.opened()?;
        let number = open.count;
        let record = RenameRecord { number, from: Bytes::of_path(&from), to: Bytes::of_path(&to) };
        append(&open.lines, &Record::Rename(record)).and_then(|()| open.lines.sync_data())?;
        open.count += 1;
        names::rename(&from, &to)?;
        let _ = append(&open.lines, &Record::Done { number });
        Ok(())
    }

    /// Puts what was prepared for this change in place, after the way back was written down. In all it makes so many
    /// `edits`, in a container those of these members, as far as they are texts.
    ///
    /// # Errors
    /// When the file has changed since, or the journal or the file cannot be written. The file is then as it was.
    pub fn commit(
        &mut self,
        staged: Staged,
        change: Change<'_>,
        edits: u64,
        members: &[(PathBuf, &Plan)],
    ) -> Result<(), Error> {
        self.finish(staged, change, edits, members, None)
    }

    /// Makes a change in the file at `path`, which takes back edits `of` another run, in a container those of these members.
    ///
    /// # Errors
    /// As [`Run::prepare`] and [`Run::commit`].
    pub fn take_back(
        &mut self,
        path: &Path,
        expected: &Expected,
        change: Change<'_>,
        members: &[(PathBuf, &Plan)],
        of: Of,
    ) -> Result<(), Error> {
        let staged = self.prepare(path, expected, change)?;
        let edits = of.edits.len() as u64;
        self.finish(staged, change, edits, members, Some(of))
    }

    fn finish(
        &mut self,
        staged: Staged,
        change: Change<'_>,
        edits: u64,
        members: &[(PathBuf, &Plan)],
        of: Option<Of>,
    ) -> Result<(), Error> {
        let Some(open) = &mut self.open else { return Ok(()) };
        let number = open.count;
        open.count += 1;
        let over = staged.writes_over();
        if over {
            staged.back_up(&copy_of(&open.folder, number))?;
        }
        let mut record = FileRecord {
            number,
            path: Bytes::of_path(staged.real()),
            before: staged.before().into(),
            after: staged.after().into(),
            edits: Vec::new(),
            pieces: Vec::new(),
            inside: 0,
            members: Vec::new(),
            of,
        };
        match change {
            Change::Edits(plan) => {
                record.edits = plan.edits().iter().map(EditRecord::from).collect();
                for (edit, (left, right)) in record.edits.iter_mut().zip(staged.beside(plan)?) {
                    edit.near = Some((Bytes::from(&left[..]), Bytes::from(&right[..])));
                }
            }
            Change::Pieces(rewrite) => {
                record.inside = edits;
                let member = |(name, plan): &(PathBuf, &Plan)| MemberRecord {
                    name: Bytes::of_path(name),
                    len: plan.source_len(),
                    edits: plan.edits().iter().map(EditRecord::from).collect(),
                };
                record.members = members.iter().map(member).collect();
                record.pieces = rewrite.pieces().iter().map(PieceRecord::from).collect();
                staged.keep_replaced(rewrite, &old_of(&open.folder, number))?;
                if over {
                    keep(&new_of(&open.folder, number), &mut rewrite.bytes()?)?;
                }
            }
        }
        if over || !record.pieces.is_empty() {
            sync_folder(&open.folder)?;
        }
        append(&open.lines, &Record::File(record)).and_then(|()| open.lines.sync_data()).map_err(cannot_write)?;
        staged.commit()?;
        // For people who read the journal. An undo looks at the file itself, so a failure here loses nothing.
        let _ = append(&open.lines, &Record::Done { number });
        Ok(())
    }
}

impl From<&Piece> for PieceRecord {
    fn from(piece: &Piece) -> PieceRecord {
        PieceRecord { start: piece.span.start, end: piece.span.end, len: piece.len }
    }
}

fn cannot_write(e: io::Error) -> Error {
    io::Error::new(e.kind(), format!("cannot write the undo journal, so nothing was written: {e}")).into()
}

/// Writes a new file, and makes sure that it is on the disk.
fn keep(path: &Path, bytes: &mut dyn io::Read) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    io::copy(bytes, &mut file)?;
    file.sync_all()
}

/// Removes a journal in which nothing was written down.
pub(super) fn discard(folder: &Path, mark: Mark) {
    let _ = fs::remove_file(folder.join(LINES));
    drop(mark);
    let _ = fs::remove_dir(folder);
}

impl Drop for Run {
    /// A journal in which nothing was written down is none, unless a temporary file is left that it tells of.
    fn drop(&mut self) {
        let Some(Open { folder, mark, count, temp, is_left, .. }) = self.open.take() else { return };
        if is_left || fs::symlink_metadata(temp).is_ok() {
            look_after(&folder, mark);
        } else if count == 0 {
            discard(&folder, mark);
        }
    }
}

impl Open {
    /// Names a temporary file that is about to be made in this folder, and writes it down.
    fn temp(&mut self, folder: &Path) -> Result<PathBuf, Error> {
        let path = folder.join(temp_name(&self.id, self.temps));
        self.temps += 1;
        self.is_left |= fs::symlink_metadata(&self.temp).is_ok();
        self.temp.clone_from(&path);
        append(&self.lines, &Record::Temp { path: Bytes::of_path(&path) }).map_err(cannot_write)?;
        Ok(path)
    }

    fn create(state: &Path) -> Result<Open, Error> {
        private().recursive(true).create(state)?;
        let nanos = state::now();
        let stem: String = state::readable(nanos).chars().map(|c| if c == ' ' { '-' } else { c }).collect();
        let stem = stem.replace(':', "");
        let mut mix = nanos as u64 ^ u64::from(std::process::id()) << 32;
        loop {
            // Two runs of one second: the name only has to differ.
            mix = mix.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let id = format!("{stem}-{:04x}", mix >> 48);
            let folder = state.join(&id);
            match private().create(&folder) {
                Ok(()) => {}
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(e) => return Err(e.into()),
            }
            // Somebody who looks for runs that were cut short may be faster.
            let Some(mark) = Mark::set(&folder)? else { continue };
            let begin = || {
                let lines = OpenOptions::new().append(true).create_new(true).open(folder.join(LINES))?;
                let tool = env!("CARGO_PKG_VERSION").to_owned();
                append(&lines, &Record::Run { version: VERSION, nanos: nanos as u64, tool })?;
                lines.sync_all()?;
                sync_folder(&folder)?;
                sync_folder(state)?;
                Ok(lines)
            };
            let lines = match begin() {
                Ok(lines) => lines,
                Err(e) => {
                    // A journal that was not begun is none.
                    let e: io::Error = e;
                    discard(&folder, mark);
                    return Err(e.into());
                }
            };
            return Ok(Open { id, folder, lines, count: 0, temps: 0, temp: PathBuf::new(), is_left: false, mark });
        }
    }
}

/// Appends one line, in one write: a line is there whole, or it is the last and cut short. Where a disk is full, what there was
/// room for is taken off again, for the run goes on.
pub(super) fn append(mut lines: &File, record: &Record) -> io::Result<()> {
    let mut line = serde_json::to_vec(record)?;
    line.push(b'\n');
    let end = lines.metadata()?.len();
    lines.write_all(&line).inspect_err(|_| drop(lines.set_len(end)))
}

/// Where the whole copy of a run's file is kept, if one is.
pub(super) fn copy_of(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number}.before"))
}

/// Where the old bytes of a container's pieces are kept, one after the other.
pub(super) fn old_of(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number}.pieces"))
}

/// Where the new bytes of a container's pieces are kept, if its write can be cut short.
pub(super) fn new_of(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number}.new"))
}

/// Makes folders that only their owner may enter: the journal holds pieces of the user's texts.
pub(super) fn private() -> DirBuilder {
    #[allow(unused_mut)]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder
}
