//! A tar archive: blocks of 512 bytes, a header before each member.
//!
//! In: a source. Out: its members; a changed member with its new length in its header and padded to whole blocks. Must not:
//! change any other field, nor what follows the last member.

use std::io::{self, Read, SeekFrom, Write};

use super::limits::Budget;
use super::{Format, Is, Member, Renew, Rewriter, Source, damaged, read_at};
use crate::edit::Span;
use crate::error::Error;

const BLOCK: u64 = 512;
type Header = [u8; 512];

/// Longer names than this are nobody's.
const LONGEST: u64 = 1 << 20;

pub(super) struct Tar {
    members: Vec<Member>,
    places: Vec<Place>,
}

/// Where a member is.
struct Place {
    header: u64,
    data: u64,
    len: u64,
    /// Its length stands in an extended header.
    extended: bool,
    named: Named,
}

/// Where a member's name stands.
enum Named {
    /// In its header.
    Here,
    /// In a member of its own before it: where its header is, and how long it is.
    Before(u64, u64),
    /// As a record of an extended header: where that is, and how long all its records are.
    Record(u64, u64),
    /// In a header for all that follows.
    ForAll,
}

/// Whether a block is a header: its checksum says so.
pub(super) fn is_header(block: &[u8]) -> bool {
    let Ok(header) = <&Header>::try_from(block) else { return false };
    octal(&header[148..156]).is_some_and(|sum| sum == checksum(header) || i64::from(signed_sum(header)) == sum as i64)
}

/// The sum of a header's bytes, those of the sum itself taken as spaces.
fn checksum(header: &Header) -> u64 {
    let of = |bytes: &[u8]| bytes.iter().map(|b| u64::from(*b)).sum::<u64>();
    of(&header[..148]) + 8 * u64::from(b' ') + of(&header[156..])
}

/// The same with signed bytes, as some old programs had it.
fn signed_sum(header: &Header) -> i32 {
    let of = |bytes: &[u8]| bytes.iter().map(|b| i32::from(*b as i8)).sum::<i32>();
    of(&header[..148]) + 8 * i32::from(b' ') + of(&header[156..])
}

/// A number of a header: octal digits, or binary behind a set bit.
fn octal(field: &[u8]) -> Option<u64> {
    if field.first().is_some_and(|first| first & 0x80 != 0) {
        if field[0] != 0x80 {
            return None;
        }
        let mut value = 0u64;
        for &byte in &field[1..] {
            value = value.checked_mul(256)?.checked_add(u64::from(byte))?;
        }
        return Some(value);
    }
    let digits: &[u8] = field.trim_ascii_start();
    let end = digits.iter().position(|b| !b.is_ascii_digit()).unwrap_or(digits.len());
    if end == 0 || !digits[end..].iter().all(|b| matches!(b, 0 | b' ')) {
        return None;
    }
    u64::from_str_radix(std::str::from_utf8(&digits[..end]).ok()?, 8).ok()
}

fn padded(len: u64) -> Option<u64> {
    len.checked_next_multiple_of(BLOCK)
}

/// A field that ends at its first zero.
fn text(field: &[u8]) -> &[u8] {
    &field[..memchr::memchr(0, field).unwrap_or(field.len())]
}

/// What an extended header says of the next member.
#[derive(Default)]
struct Extended {
    name: Option<Vec<u8>>,
    len: Option<u64>,
    sparse: bool,
}

impl Extended {
    /// Reads records of the form `LENGTH KEY=VALUE`.
    fn read(&mut self, mut rest: &[u8]) -> Option<()> {
        while !rest.is_empty() {
            let space = memchr::memchr(b' ', rest)?;
            let len: usize = std::str::from_utf8(&rest[..space]).ok()?.parse().ok()?;
            let record = rest.get(space + 1..len)?.strip_suffix(b"\n")?;
            let (key, value) = record.split_at(memchr::memchr(b'=', record)?);
            let value = &value[1..];
            match key {
                b"path" => self.name = Some(value.to_vec()),
                b"size" => self.len = Some(std::str::from_utf8(value).ok()?.parse().ok()?),
                key if key.starts_with(b"GNU.sparse.") => self.sparse = true,
                _ => {}
            }
            rest = &rest[len..];
        }
        Some(())
    }
}

impl Tar {
    /// Reads all headers.
    pub fn read(source: &mut dyn Source, end: u64, budget: &Budget) -> Result<Tar, Error> {
        let mut tar = Tar { members: Vec::new(), places: Vec::new() };
        let (mut at, mut global, mut next) = (0, Extended::default(), Extended::default());
        let mut named = Named::Here;
        while at < end {
            let mut header: Header = [0; 512];
            read_at(source, at, &mut header, "a header of the tar archive is not whole")?;
            if header == [0; 512] {
                break;
            }
            if !is_header(&header) {
                return Err(damaged("a header of the tar archive has a wrong checksum"));
            }
            let wrong = || damaged("a header of the tar archive has no length");
            let kind = header[156];
            let field = &header[124..136];
            // Where there is nothing to measure, some programs leave the field empty.
            let stated = if text(field).is_empty() { 0 } else { octal(field).ok_or_else(wrong)? };
            let has_data = !matches!(kind, b'1'..=b'6');
            let is_file = matches!(kind, 0 | b'0' | b'7' | b'S');
            let len = match (has_data, next.len.or(global.len).filter(|_| is_file)) {
                (false, _) => 0,
                (true, Some(len)) => len,
                (true, None) => stated,
            };
            let mut data = at + BLOCK;
            if kind == b'S' {
                data = sparse_map(source, &header, data)?;
            }
            let after = padded(len).and_then(|len| data.checked_add(len)).ok_or_else(wrong)?;
            if data.checked_add(len).is_none_or(|data_end| data_end > end) {
                return Err(damaged("the tar archive ends within a member"));
            }
            let mut payload = || -> Result<Vec<u8>, Error> {
                if len > LONGEST {
                    return Err(damaged("a name in the tar archive is too long"));
                }
                let mut bytes = vec![0; len as usize];
                read_at(source, data, &mut bytes, "the tar archive ends within a name")?;
                Ok(bytes)
            };
            let extended = || damaged("an extended header of the tar archive cannot be read");
            match kind {
                b'L' => {
                    next.name = Some(text(&payload()?).to_vec());
                    named = Named::Before(at, len);
                }
                b'K' => {}
                b'x' => {
                    let before = next.name.take();
                    next.read(&payload()?).ok_or_else(extended)?;
                    match next.name {
                        Some(_) => named = Named::Record(at, len),
                        None => next.name = before,
                    }
                }
                b'g' => global.read(&payload()?).ok_or_else(extended)?,
                _ => {
                    if next.name.is_none() && global.name.is_some() {
                        named = Named::ForAll;
                    }
                    let name = next.name.take().or_else(|| global.name.clone()).unwrap_or_else(|| full_name(&header));
                    let is = match kind {
                        _ if next.sparse || kind == b'S' => Is::Left("is stored with holes (sparse)"),
                        0 | b'0' | b'7' if !name.ends_with(b"/") => Is::File,
                        _ => Is::Other,
                    };
                    tar.members.push(Member { name, is });
                    let extended = next.len.is_some() || global.len.is_some();
                    let named = std::mem::replace(&mut named, Named::Here);
                    tar.places.push(Place { header: at, data, len, extended, named });
                    budget.may_hold(tar.members.len() as u64)?;
                    next = Extended::default();
                }
            }
            at = after;
        }
        Ok(tar)
    }
}

/// The name in a header, with its first part where that stands by itself.
fn full_name(header: &Header) -> Vec<u8> {
    let name = text(&header[..100]);
    let prefix = text(&header[345..500]);
    if &header[257..263] == b"ustar\0" && !prefix.is_empty() { [prefix, b"/", name].concat() } else { name.to_vec() }
}

/// Where the data begins behind the blocks that say where holes are.
fn sparse_map(source: &mut dyn Source, header: &Header, mut at: u64) -> Result<u64, Error> {
    let mut more = header[482] != 0;
    while more {
        let mut block: Header = [0; 512];
        read_at(source, at, &mut block, "the tar archive ends within a header")?;
        more = block[504] != 0;
        at += BLOCK;
    }
    Ok(at)
}

impl Format for Tar {
    fn members(&self) -> &[Member] {
        &self.members
    }

    fn open<'s>(&self, source: &'s mut dyn Source, index: usize) -> Result<Box<dyn Read + 's>, Error> {
        let place = self.places.get(index).ok_or_else(Error::changed)?;
        source.seek(SeekFrom::Start(place.data))?;
        Ok(Box::new(source.take(place.len)))
    }

    fn rewrite(
        &self,
        source: &mut dyn Source,
        changed: &[usize],
        renew: &mut Renew<'_>,
        out: &mut Rewriter,
    ) -> Result<(), Error> {
        for &index in changed {
            let place = self.places.get(index).ok_or_else(Error::changed)?;
            let mut content = renew(source, index)?;
            if content.len != place.len {
                if place.extended {
                    return Err(Error::usage("has the length of a member in an extended header; left as it is"));
                }
                let mut header: Header = [0; 512];
                read_at(source, place.header, &mut header, "a header is gone")?;
                resize(&mut header, content.len)?;
                out.piece(Span::new(place.header, place.header + BLOCK)).write_all(&header)?;
            }
            let stored = |len| padded(len).ok_or_else(Error::changed);
            // The last member's padding may be missing.
            let end = (place.data + stored(place.len)?).min(source.seek(SeekFrom::End(0))?);
            let padding = stored(content.len)? - content.len;
            out.piece(Span::new(place.data, end));
            io::copy(content.reader()?, out)?;
            out.write_all(&[0; BLOCK as usize][..padding as usize])?;
        }
        Ok(())
    }

    fn rename(&self, source: &mut dyn Source, names: &[(usize, &str)], out: &mut Rewriter) -> Result<(), Error> {
        names.iter().try_for_each(|&(index, name)| self.renamed(source, index, name, out))
    }
}

impl Tar {
    /// Puts a new name where the old one stands.
    fn renamed(&self, source: &mut dyn Source, index: usize, name: &str, out: &mut Rewriter) -> Result<(), Error> {
        let too_long = || Error::usage("has a member whose name becomes too long for its header; left as it is");
        let place = self.places.get(index).ok_or_else(Error::changed)?;
        let (at, content) = match place.named {
            Named::Here => {
                let mut header: Header = [0; 512];
                read_at(source, place.header, &mut header, "a header is gone")?;
                let has_prefix = &header[257..263] == b"ustar\0" && header[345] != 0;
                let (prefix, name) = match name.rsplit_once('/').filter(|_| has_prefix) {
                    // A folder's name ends with a slash, which is none to cut at.
                    Some((_, "")) => return Err(too_long()),
                    Some((prefix, name)) => (prefix, name),
                    None => ("", name),
                };
                if name.len() > 100 || prefix.len() > 155 {
                    return Err(too_long());
                }
                header[..100].fill(0);
                header[..name.len()].copy_from_slice(name.as_bytes());
                if has_prefix {
                    header[345..500].fill(0);
                    header[345..345 + prefix.len()].copy_from_slice(prefix.as_bytes());
                }
                set_checksum(&mut header);
                out.piece(Span::new(place.header, place.header + BLOCK)).write_all(&header)?;
                return Ok(());
            }
            Named::Before(at, len) => ((at, len), [name.as_bytes(), b"\0"].concat()),
            Named::Record(at, len) => {
                let mut old = vec![0; usize::try_from(len).map_err(|_| too_long())?];
                read_at(source, at + BLOCK, &mut old, "a header is gone")?;
                ((at, len), with_path(&old, name).ok_or_else(Error::changed)?)
            }
            Named::ForAll => return Err(Error::usage("has one name for all members; left as it is")),
        };
        let (at, len) = at;
        let mut header: Header = [0; 512];
        read_at(source, at, &mut header, "a header is gone")?;
        resize(&mut header, content.len() as u64)?;
        let end = at + BLOCK + padded(len).ok_or_else(Error::changed)?;
        let padding = padded(content.len() as u64).ok_or_else(Error::changed)? as usize - content.len();
        out.piece(Span::new(at, end)).write_all(&[&header, &content[..], &[0; BLOCK as usize][..padding]].concat())?;
        Ok(())
    }
}

/// The records of an extended header with another path.
fn with_path(mut rest: &[u8], path: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        let space = memchr::memchr(b' ', rest)?;
        let len: usize = std::str::from_utf8(&rest[..space]).ok()?.parse().ok()?;
        let record = rest.get(..len)?;
        if record[space + 1..].starts_with(b"path=") {
            // The length counts its own digits.
            let body = format!(" path={path}\n");
            let mut digits = 1;
            while (body.len() + digits).to_string().len() > digits {
                digits += 1;
            }
            out.extend_from_slice(format!("{}{body}", body.len() + digits).as_bytes());
        } else {
            out.extend_from_slice(record);
        }
        rest = &rest[len..];
    }
    Some(out)
}

/// Writes a new length into a header, in the form that the old one has, and the new checksum.
fn resize(header: &mut Header, len: u64) -> Result<(), Error> {
    let field = &mut header[124..136];
    if field[0] & 0x80 != 0 {
        field[4..].copy_from_slice(&len.to_be_bytes());
    } else {
        let end = field.iter().rposition(u8::is_ascii_digit).map_or(11, |last| last + 1).max(11);
        let digits = format!("{len:0end$o}");
        if digits.len() > end {
            return Err(Error::usage("has a member that becomes too long for its header; left as it is"));
        }
        field[..end].copy_from_slice(digits.as_bytes());
    }
    set_checksum(header);
    Ok(())
}

/// Six digits, a zero and a space, as all programs write it.
fn set_checksum(header: &mut Header) {
    let sum = format!("{:06o}\0 ", checksum(header));
    header[148..156].copy_from_slice(sum.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(octal(b"0000017\0"), Some(15));
        assert_eq!(octal(b"    17 \0"), Some(15));
        assert_eq!(octal(b"\x80\0\0\x01\0"), Some(256));
        assert_eq!(octal(b"\0\0\0\0"), None);
        assert_eq!(octal(b"12x\0"), None);
        assert_eq!(octal(&[0xFF; 12]), None);
    }

    #[test]
    fn extended_headers() {
        let mut found = Extended::default();
        found.read(b"11 path=ab\n11 size=17\n").unwrap();
        assert_eq!((found.name, found.len), (Some(b"ab".to_vec()), Some(17)));
        for bad in [&b"9"[..], b"99 path=a\n", b"x path=a\n", b"0 \n", b"3 \n"] {
            assert!(Extended::default().read(bad).is_none());
        }
    }
}
