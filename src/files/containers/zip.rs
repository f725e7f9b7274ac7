//! A zip archive, read by its central directory.
//!
//! In: a source. Out: its members; a changed member packed as it was packed before, with its new checksum and lengths, and
//! the directory with the places to which the members behind it moved. Every field else, and every member else, stays as it
//! is: names, times, modes, extra fields, comments, what stands before the archive or between its members. Must not: take
//! members that lie upon each other, nor write what the fields cannot hold.

mod names;

use std::io::{self, Read, SeekFrom, Write};

use super::limits::Budget;
use super::packed::{Packed, Proved, broken, inflate, pack};
use super::sealed::seal;
use super::{Format, Is, Marked, Member, Renew, Rewriter, Source, damaged, read_at};
use crate::edit::Span;
use crate::error::Error;

/// Signatures, as they stand in the file.
const LOCAL: &[u8] = b"PK\x03\x04";
const ENTRY: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const END64: &[u8] = b"PK\x06\x06";
const LOCATOR: &[u8] = b"PK\x06\x07";
const DESCRIPTOR: &[u8] = b"PK\x07\x08";

/// Lengths of records without what varies.
const LOCAL_LEN: u64 = 30;
const ENTRY_LEN: usize = 46;
const END_LEN: usize = 22;
const LOCATOR_LEN: usize = 20;
const END64_LEN: usize = 56;

/// The longest directory that is read: 128 MiB hold more names than there may be members.
const LONGEST: u64 = 128 << 20;

/// A field of 32 bits that says: look into the extra field.
const ELSEWHERE: u32 = u32::MAX;

/// Bits of the flags.
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
const HAS_DESCRIPTOR: u16 = 1 << 3;
const PATCH: u16 = 1 << 5;

pub(super) struct Zip {
    members: Vec<Member>,
    entries: Vec<Entry>,
    /// The directory and all that follows it.
    end: Vec<u8>,
    /// Where that begins in the file.
    end_at: u64,
    /// What must be added to a stated place: something may stand before the archive.
    shift: u64,
    /// Where in `end` the records of the end are.
    record: usize,
    record64: Option<usize>,
    locator: Option<usize>,
    /// Whether a block of signatures stands before the directory.
    signed: bool,
}

/// A member's entry in the directory.
struct Entry {
    /// Where it is in `end`.
    at: usize,
    flags: u16,
    method: u16,
    crc: u32,
    packed: u64,
    len: u64,
    /// Where its local header is, in the file.
    local: u64,
    /// Where in `end` the field of 64 bits is, if there is one: length, packed length, place.
    wide: [Option<usize>; 3],
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

fn put(bytes: &mut [u8], at: usize, value: &[u8]) {
    bytes[at..at + value.len()].copy_from_slice(value);
}

/// Where the fields of 64 bits are in an extra field that begins at `at`, for those of the three that are `wanted`.
fn wide_fields(bytes: &[u8], mut at: usize, end: usize, wanted: [bool; 3]) -> [Option<usize>; 3] {
    let mut found = [None; 3];
    while let (Some(id), Some(len)) = (u16_at(bytes, at), u16_at(bytes, at + 2))
        && at + 4 + usize::from(len) <= end
    {
        if id == 1 {
            let mut field = at + 4;
            for (place, _) in found.iter_mut().zip(wanted).filter(|(_, wanted)| *wanted) {
                if field + 8 <= at + 4 + usize::from(len) {
                    *place = Some(field);
                }
                field += 8;
            }
            break;
        }
        at += 4 + usize::from(len);
    }
    found
}

impl Zip {
    /// Reads the directory.
    pub fn read(source: &mut dyn Source, len: u64, budget: &Budget) -> Result<Zip, Error> {
        let (record_at, tail_at, tail) = find_end(source, len)?;
        let record = &tail[(record_at - tail_at) as usize..];
        let cut = || damaged("the zip archive's directory is not whole");
        let (disk, first_disk) = (u16_at(record, 4).ok_or_else(cut)?, u16_at(record, 6).ok_or_else(cut)?);
        let mut count = u64::from(u16_at(record, 10).ok_or_else(cut)?);
        let mut size = u64::from(u32_at(record, 12).ok_or_else(cut)?);
        let mut stated_at = u64::from(u32_at(record, 16).ok_or_else(cut)?);
        let mut directory_end = record_at;
        let mut wide = None;
        if let Some(locator_at) = record_at.checked_sub(LOCATOR_LEN as u64) {
            let mut locator = [0; LOCATOR_LEN];
            read_at(source, locator_at, &mut locator, "its end is gone")?;
            if locator.starts_with(LOCATOR) {
                let (at, found) = find_end64(source, &locator, locator_at)?;
                let field = |at| u64_at(&found, at).ok_or_else(cut);
                (count, size, stated_at) = (field(32)?, field(40)?, field(48)?);
                directory_end = at;
                wide = Some((at, locator_at));
            }
        }
        if (disk, first_disk) != (0, 0) && wide.is_none() {
            return Err(Error::usage("is one part of a zip archive in several files; nothing was written"));
        }
        budget.may_hold(count)?;
        let end_at = directory_end.checked_sub(size).ok_or_else(cut)?;
        let shift = end_at.checked_sub(stated_at).ok_or_else(cut)?;
        if len - end_at > LONGEST {
            return Err(damaged("the zip archive's directory is too long"));
        }
        let mut end = vec![0; (len - end_at) as usize];
        read_at(source, end_at, &mut end, "its directory is gone")?;
        let signed = end_at >= 16 && {
            let mut mark = [0; 16];
            read_at(source, end_at - 16, &mut mark, "its members are gone")?;
            &mark == b"APK Sig Block 42"
        };
        let inside = |at: u64| (at - end_at) as usize;
        let mut zip = Zip {
            members: Vec::new(),
            entries: Vec::new(),
            end_at,
            shift,
            record: inside(record_at),
            record64: wide.map(|(at, _)| inside(at)),
            locator: wide.map(|(_, at)| inside(at)),
            signed,
            end,
        };
        zip.entries(size as usize, count)?;
        zip.apart()?;
        Ok(zip)
    }

    /// Reads the entries of a directory of `size` bytes.
    fn entries(&mut self, size: usize, count: u64) -> Result<(), Error> {
        let cut = || damaged("the zip archive's directory is not whole");
        let mut at = 0;
        for _ in 0..count {
            let entry = self.end.get(at..size).filter(|entry| entry.len() >= ENTRY_LEN && entry.starts_with(ENTRY));
            let entry = entry.ok_or_else(cut)?;
            let word = |at| usize::from(u16_at(entry, at).unwrap_or_default());
            let long = |at| u32_at(entry, at).unwrap_or_default();
            let (name_len, extra_len, comment_len) = (word(28), word(30), word(32));
            let name = entry.get(ENTRY_LEN..ENTRY_LEN + name_len).ok_or_else(cut)?.to_vec();
            let extra = at + ENTRY_LEN + name_len;
            if extra + extra_len + comment_len > size {
                return Err(cut());
            }
            let stated = [long(24), long(20), long(42)];
            let wide = wide_fields(&self.end, extra, extra + extra_len, stated.map(|field| field == ELSEWHERE));
            let value = |i: usize| wide[i].and_then(|at| u64_at(&self.end, at)).unwrap_or(u64::from(stated[i]));
            let local = value(2).checked_add(self.shift).ok_or_else(cut)?;
            let found = Entry {
                at,
                flags: word(8) as u16,
                method: word(10) as u16,
                crc: long(16),
                len: value(0),
                packed: value(1),
                local,
                wide,
            };
            let is_link = entry[5] == 3 && long(38) >> 16 & 0xF000 == 0xA000;
            let is = match () {
                () if name.ends_with(b"/") || is_link => Is::Other,
                () if found.flags & ENCRYPTED != 0 => Is::Left("is encrypted"),
                () if found.flags & PATCH != 0 || !matches!(found.method, 0 | 8) => {
                    Is::Left("is packed in a way that is not known")
                }
                () => Is::File,
            };
            self.entries.push(found);
            self.members.push(Member { name, is });
            at = extra + extra_len + comment_len;
        }
        Ok(())
    }

    /// Whether no member lies upon another, or upon the directory.
    fn apart(&self) -> Result<(), Error> {
        let mut places: Vec<(u64, u64)> = Vec::with_capacity(self.entries.len());
        for (entry, member) in self.entries.iter().zip(&self.members) {
            let end = (entry.local.checked_add(LOCAL_LEN + member.name.len() as u64))
                .and_then(|end| end.checked_add(entry.packed))
                .filter(|end| *end <= self.end_at)
                .ok_or_else(|| damaged("a member of the zip archive reaches past the end"))?;
            places.push((entry.local, end));
        }
        places.sort_unstable();
        match places.windows(2).all(|pair| pair[0].1 <= pair[1].0) {
            true => Ok(()),
            false => Err(damaged("members of the zip archive lie upon each other")),
        }
    }

    /// The local header of a member, with name and extra field.
    fn local(&self, source: &mut dyn Source, entry: &Entry) -> Result<Vec<u8>, Error> {
        const GONE: &str = "a member of the zip archive has no header";
        let mut header = vec![0; LOCAL_LEN as usize];
        read_at(source, entry.local, &mut header, GONE)?;
        if !header.starts_with(LOCAL) {
            return Err(damaged(GONE));
        }
        let more = u16_at(&header, 26).map_or(0, usize::from) + u16_at(&header, 28).map_or(0, usize::from);
        header.resize(LOCAL_LEN as usize + more, 0);
        source.read_exact(&mut header[LOCAL_LEN as usize..]).map_err(|e| Error::from(broken(e)))?;
        let end = entry.local + header.len() as u64 + entry.packed;
        if end > self.end_at {
            return Err(damaged("a member of the zip archive reaches past the end"));
        }
        Ok(header)
    }

    /// Writes a changed member. Gives its packed length, and how many bytes longer it became.
    fn member(
        &self,
        source: &mut dyn Source,
        entry: &Entry,
        packed: &mut Packed,
        len: u64,
        out: &mut Rewriter,
    ) -> Result<i128, Error> {
        let mut header = self.local(source, entry)?;
        let data_end = entry.local + header.len() as u64 + entry.packed;
        let mut descriptor = self.descriptor(source, entry, data_end)?;
        let end = data_end + descriptor.len() as u64;
        if entry.flags & HAS_DESCRIPTOR == 0 || u32_at(&header, 14) == Some(entry.crc) {
            let name_len = u16_at(&header, 26).map_or(0, usize::from);
            let extra = LOCAL_LEN as usize + name_len;
            let stated = |at| u32_at(&header, at) == Some(ELSEWHERE);
            let wide = wide_fields(&header, extra, header.len(), [stated(22), stated(18), false]);
            put(&mut header, 14, &packed.crc.to_le_bytes());
            for (wide, narrow, value) in [(wide[0], 22, len), (wide[1], 18, packed.len)] {
                set(&mut header, wide, narrow, value)?;
            }
        }
        describe(&mut descriptor, packed.crc, packed.len, len)?;
        out.piece(Span::new(entry.local, end)).write_all(&header)?;
        io::copy(&mut packed.bytes, out)?;
        out.write_all(&descriptor)?;
        Ok(i128::from(packed.len) - i128::from(entry.packed))
    }

    /// The record behind a member's data that repeats its checksum and lengths; empty where there is none.
    fn descriptor(&self, source: &mut dyn Source, entry: &Entry, at: u64) -> Result<Vec<u8>, Error> {
        if entry.flags & HAS_DESCRIPTOR == 0 {
            return Ok(Vec::new());
        }
        let mut bytes = vec![0; (self.end_at - at).min(24) as usize];
        read_at(source, at, &mut bytes, "its members are gone")?;
        // Nothing says which of its four forms it has; what it must hold is known.
        for (mark, wide) in [(4, false), (4, true), (0, false), (0, true)] {
            let mut likely = bytes.clone();
            likely.truncate(mark + if wide { 20 } else { 12 });
            let narrow = u32::try_from(entry.packed).is_ok() && u32::try_from(entry.len).is_ok();
            if likely.len() < mark + 12 || wide && likely.len() < mark + 20 || !wide && !narrow {
                continue;
            }
            let mut right = likely.clone();
            if mark == 4 {
                put(&mut right, 0, DESCRIPTOR);
            }
            describe(&mut right, entry.crc, entry.packed, entry.len)?;
            if right == likely {
                return Ok(right);
            }
        }
        Err(damaged("what follows a member of the zip archive does not tell its length"))
    }

    /// The directory and the end, as they must be after the changes; `moved` says how far what began at a place has moved.
    fn new_end(&self, changed: &[(usize, u32, u64, u64)], moved: &dyn Fn(u64) -> i128) -> Result<Vec<u8>, Error> {
        let mut end = self.end.clone();
        for &(index, crc, packed, len) in changed {
            let entry = &self.entries[index];
            put(&mut end, entry.at + 16, &crc.to_le_bytes());
            set(&mut end, entry.wide[0], entry.at + 24, len)?;
            set(&mut end, entry.wide[1], entry.at + 20, packed)?;
        }
        let new = |stated: u64, at: u64| u64::try_from(i128::from(stated) + moved(at)).map_err(|_| Error::changed());
        for entry in &self.entries {
            set(&mut end, entry.wide[2], entry.at + 42, new(entry.local - self.shift, entry.local)?)?;
        }
        let directory = new(self.end_at - self.shift, self.end_at)?;
        if let (Some(record), Some(locator)) = (self.record64, self.locator) {
            put(&mut end, record + 48, &directory.to_le_bytes());
            if let Some(stated) = u64_at(&end, locator + 8) {
                put(&mut end, locator + 8, &new(stated, self.end_at)?.to_le_bytes());
            }
        }
        if u32_at(&end, self.record + 16) != Some(ELSEWHERE) || self.record64.is_none() {
            set(&mut end, None, self.record + 16, directory)?;
        }
        Ok(end)
    }
}

/// Writes a length or place: into its field of 64 bits, or into the one of 32.
fn set(bytes: &mut [u8], wide: Option<usize>, narrow: usize, value: u64) -> Result<(), Error> {
    match (wide, u32::try_from(value)) {
        (Some(at), _) => put(bytes, at, &value.to_le_bytes()),
        (None, Ok(value)) if value != ELSEWHERE => put(bytes, narrow, &value.to_le_bytes()),
        (None, _) => return Err(Error::usage("becomes too large for a zip archive of this kind; nothing was written")),
    }
    Ok(())
}

/// Fills a descriptor, in the form that its length and its beginning say.
fn describe(descriptor: &mut [u8], crc: u32, packed: u64, len: u64) -> Result<(), Error> {
    let at = match descriptor.len() {
        0 => return Ok(()),
        16 | 24 => 4,
        _ => 0,
    };
    put(descriptor, at, &crc.to_le_bytes());
    if descriptor.len() >= 20 {
        put(descriptor, at + 4, &packed.to_le_bytes());
        put(descriptor, at + 12, &len.to_le_bytes());
    } else {
        set(descriptor, None, at + 4, packed)?;
        set(descriptor, None, at + 8, len)?;
    }
    Ok(())
}

/// The record at the end: where it is, and the last bytes of the file with their place.
fn find_end(source: &mut dyn Source, len: u64) -> Result<(u64, u64, Vec<u8>), Error> {
    let reach = len.min((END_LEN + usize::from(u16::MAX)) as u64);
    let tail_at = len - reach;
    let mut tail = vec![0; reach as usize];
    read_at(source, tail_at, &mut tail, "its end is gone")?;
    let records = memchr::memmem::rfind_iter(&tail, END).filter(|at| at + END_LEN <= tail.len());
    let fits = |at: &usize| u16_at(&tail, at + 20).is_some_and(|len| at + END_LEN + usize::from(len) == tail.len());
    let all: Vec<usize> = records.collect();
    let found = all.iter().copied().find(fits).or_else(|| all.first().copied());
    let at = found.ok_or_else(|| damaged("the end of the zip archive is missing"))?;
    Ok((tail_at + at as u64, tail_at, tail))
}

/// The wide record at the end, and where it is.
fn find_end64(source: &mut dyn Source, locator: &[u8], locator_at: u64) -> Result<(u64, [u8; END64_LEN]), Error> {
    let stated = u64_at(locator, 8).unwrap_or_default();
    let before = locator_at.checked_sub(END64_LEN as u64);
    for at in [Some(stated), before].into_iter().flatten() {
        let mut record = [0; END64_LEN];
        if at.checked_add(END64_LEN as u64).is_some_and(|end| end <= locator_at)
            && read_at(source, at, &mut record, "its end is gone").is_ok()
            && record.starts_with(END64)
        {
            return Ok((at, record));
        }
    }
    Err(damaged("the end of the zip archive is missing"))
}

/// The runs of bytes in which two texts of one length differ; runs that are near are one.
fn differences(old: &[u8], new: &[u8]) -> Vec<(usize, usize)> {
    const NEAR: usize = 32;
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, _) in old.iter().zip(new).enumerate().filter(|(_, (old, new))| old != new) {
        match runs.last_mut().filter(|run| at < run.1 + NEAR) {
            Some(run) => run.1 = at + 1,
            None => runs.push((at, at + 1)),
        }
    }
    runs
}

impl Format for Zip {
    fn members(&self) -> &[Member] {
        &self.members
    }

    fn open<'s>(&self, source: &'s mut dyn Source, index: usize) -> Result<Box<dyn Read + 's>, Error> {
        let entry = self.entries.get(index).ok_or_else(Error::changed)?;
        let header = self.local(source, entry)?;
        source.seek(SeekFrom::Start(entry.local + header.len() as u64))?;
        let packed = source.take(entry.packed);
        Ok(match entry.method {
            0 => Box::new(Proved::new(packed, entry.crc, entry.len)),
            _ => Box::new(Proved::new(inflate(packed), entry.crc, entry.len)),
        })
    }

    fn rewrite(
        &self,
        source: &mut dyn Source,
        changed: &[usize],
        renew: &mut Renew<'_>,
        out: &mut Rewriter,
    ) -> Result<(), Error> {
        let mut order = changed.to_vec();
        // The directory may have them in another order than the file.
        order.sort_by_cached_key(|index| self.entries.get(*index).map_or(0, |entry| entry.local));
        let mut new = Vec::new();
        // From which place on everything is how much further behind.
        let mut moves: Vec<(u64, i128)> = Vec::new();
        let mut total = 0;
        for index in order {
            let entry = self.entries.get(index).ok_or_else(Error::changed)?;
            let mut content = renew(source, index)?;
            let mut packed = pack(&mut content, (entry.method == 8).then_some(level(entry.flags)))?;
            total += self.member(source, entry, &mut packed, content.len, out)?;
            moves.push((entry.local, total));
            new.push((index, packed.crc, packed.len, content.len));
        }
        let moved = |at: u64| match moves.partition_point(|(from, _)| *from < at) {
            0 => 0,
            after => moves[after - 1].1,
        };
        let end = self.new_end(&new, &moved)?;
        for (start, stop) in differences(&self.end, &end) {
            let span = Span::new(self.end_at + start as u64, self.end_at + stop as u64);
            out.piece(span).write_all(&end[start..stop])?;
        }
        Ok(())
    }

    fn mark(&self, index: usize) -> Marked {
        Zip::mark(self, index)
    }

    fn rename(&self, source: &mut dyn Source, names: &[(usize, &str)], out: &mut Rewriter) -> Result<(), Error> {
        self.renamed(source, names, out)
    }

    fn sealed(&self) -> Option<&'static str> {
        let signed = self.signed.then_some("is signed, and a repair would break the signature; left as it is");
        signed.or_else(|| seal(self.members.iter().map(|member| &member.name[..])))
    }
}

/// How hard a member was packed, as its flags say.
fn level(flags: u16) -> u32 {
    match flags >> 1 & 3 {
        1 => 9,
        2 | 3 => 1,
        _ => 6,
    }
}
