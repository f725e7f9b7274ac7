//! The names in a zip archive: what they are marked as, and new ones.
//!
//! In: the archive and new names. Out: local headers and a directory with the new names, marked as UTF-8. Must not: change
//! anything else of a member.

use std::io::Write;

use super::{ENTRY_LEN, LOCAL_LEN, Zip, put, set, u16_at};
use crate::edit::Span;
use crate::error::Error;
use crate::files::containers::{Marked, Rewriter, Source};

/// The flag that says that name and comment are in UTF-8.
const UTF_8: u16 = 1 << 11;
/// The extra field that holds the name in UTF-8 beside one in another encoding.
const UNICODE_PATH: u16 = 0x7075;

impl Zip {
    /// What the archive says of a member's name.
    pub(super) fn mark(&self, index: usize) -> Marked {
        let (Some(entry), Some(member)) = (self.entries.get(index), self.members.get(index)) else {
            return Marked::Not;
        };
        if entry.flags & UTF_8 != 0 {
            return Marked::Utf8;
        }
        let mut at = entry.at + ENTRY_LEN + member.name.len();
        let end = at + u16_at(&self.end, entry.at + 30).map_or(0, usize::from);
        while let (Some(id), Some(len)) = (u16_at(&self.end, at), u16_at(&self.end, at + 2))
            && at + 4 <= end
        {
            // It counts only beside the name that it was made for.
            let sum = self.end.get(at + 5..at + 9);
            if id == UNICODE_PATH && sum == Some(&crc32fast::hash(&member.name).to_le_bytes()) {
                return Marked::Elsewhere;
            }
            at += 4 + usize::from(len);
        }
        Marked::Not
    }

    /// Writes the new names; those of members that a repaired name is given for.
    pub(super) fn renamed(
        &self,
        source: &mut dyn Source,
        names: &[(usize, &str)],
        out: &mut Rewriter,
    ) -> Result<(), Error> {
        let mut order: Vec<(u64, usize, &str)> = Vec::new();
        for &(index, name) in names {
            let entry = self.entries.get(index).ok_or_else(Error::changed)?;
            order.push((entry.local, index, name));
        }
        order.sort_unstable();
        let mut moves: Vec<(u64, i128)> = Vec::new();
        let mut total = 0;
        for (local, index, name) in order {
            let header = self.local(source, &self.entries[index])?;
            let len = u16_at(&header, 26).map_or(0, usize::from);
            let mut fixed = header[..LOCAL_LEN as usize].to_vec();
            mark(&mut fixed, 6, 26, name)?;
            let end = local + LOCAL_LEN + len as u64;
            out.piece(Span::new(local, end)).write_all(&[&fixed, name.as_bytes()].concat())?;
            total += name.len() as i128 - len as i128;
            moves.push((local, total));
        }
        let moved = |at: u64| match moves.partition_point(|(from, _)| *from < at) {
            0 => 0,
            after => moves[after - 1].1,
        };
        // Places first, while all fields are where they were; then the names, which move the fields.
        let end = self.new_end(&[], &moved)?;
        let size = self.record64.unwrap_or(self.record);
        let mut new = Vec::with_capacity(end.len());
        for (index, entry) in self.entries.iter().enumerate() {
            let stop = self.entries.get(index + 1).map_or(size, |next| next.at);
            let old = end.get(entry.at..stop).ok_or_else(Error::changed)?;
            match names.iter().find(|(named, _)| *named == index) {
                Some((_, name)) => {
                    let mut fixed = old[..ENTRY_LEN].to_vec();
                    mark(&mut fixed, 8, 28, name)?;
                    new.extend_from_slice(&fixed);
                    new.extend_from_slice(name.as_bytes());
                    new.extend_from_slice(&old[ENTRY_LEN + self.members[index].name.len()..]);
                }
                None => new.extend_from_slice(old),
            }
        }
        let grown = new.len() as i128 - size as i128;
        let tail = new.len();
        new.extend_from_slice(&end[size..]);
        let at = |old: usize| old - size + tail;
        let longer = |stated: u64| u64::try_from(i128::from(stated) + grown).map_err(|_| Error::changed());
        if let (Some(record), Some(locator)) = (self.record64, self.locator) {
            for place in [at(record) + 40, at(locator) + 8] {
                let stated = super::u64_at(&new, place).ok_or_else(Error::changed)?;
                put(&mut new, place, &longer(stated)?.to_le_bytes());
            }
        }
        let stated = super::u32_at(&new, at(self.record) + 12).ok_or_else(Error::changed)?;
        if stated != super::ELSEWHERE || self.record64.is_none() {
            set(&mut new, None, at(self.record) + 12, longer(u64::from(stated))?)?;
        }
        out.piece(Span::new(self.end_at, self.end_at + self.end.len() as u64)).write_all(&new)?;
        Ok(())
    }
}

/// Puts the length of a name into a header, and that it is UTF-8.
fn mark(header: &mut [u8], flags_at: usize, len_at: usize, name: &str) -> Result<(), Error> {
    let len = u16::try_from(name.len()).map_err(|_| Error::usage("has a member whose name becomes too long"))?;
    let flags = u16_at(header, flags_at).unwrap_or_default() | UTF_8;
    put(header, flags_at, &flags.to_le_bytes());
    put(header, len_at, &len.to_le_bytes());
    Ok(())
}
