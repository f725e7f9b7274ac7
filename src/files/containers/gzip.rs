//! A gzip file: one content in one or several parts, each with a header and a checksum.
//!
//! In: a source. Out: its content as one member, called as the file without `.gz`; a changed content packed anew behind
//! the first part's own header (name, time, comment). Must not: touch what follows the last part.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};

use flate2::bufread::GzDecoder;

use super::packed::{Packed, broken, invalid, pack};
use super::{Format, Is, Member, Renew, Rewriter, Source, damaged};
use crate::edit::Span;
use crate::error::Error;

/// How a part begins.
const MAGIC: [u8; 3] = *b"\x1F\x8B\x08";
/// Bits of the flags.
const HCRC: u8 = 2;
const EXTRA: u8 = 4;
const NAME: u8 = 8;
const COMMENT: u8 = 16;

pub(super) struct Gzip {
    members: [Member; 1],
    /// Where the packed content of the first part begins.
    data: u64,
    /// How hard to pack.
    level: u32,
    /// Whether it can be read from the middle, which packing it anew would end.
    blocked: bool,
}

impl Gzip {
    /// Reads the first header.
    pub fn read(source: &mut dyn Source, name: &[u8]) -> Result<Gzip, Error> {
        let mut reader = BufReader::new(source);
        let cut =
            |e: io::Error| if e.kind() == io::ErrorKind::UnexpectedEof { damaged("no gzip header") } else { e.into() };
        let mut head = [0; 10];
        reader.read_exact(&mut head).map_err(cut)?;
        let flags = head[3];
        let mut blocked = false;
        if flags & EXTRA != 0 {
            let mut len = [0; 2];
            reader.read_exact(&mut len).map_err(cut)?;
            let mut extra = vec![0; usize::from(u16::from_le_bytes(len))];
            reader.read_exact(&mut extra).map_err(cut)?;
            // The block format of bgzip, and the index of dictzip.
            blocked = matches!(extra.get(..2), Some(b"BC" | b"RA"));
        }
        for _ in 0..u32::from(flags & NAME != 0) + u32::from(flags & COMMENT != 0) {
            if reader.by_ref().take(64 << 10).read_until(0, &mut Vec::new()).map_err(cut)? == 0 {
                return Err(damaged("no gzip header"));
            }
        }
        if flags & HCRC != 0 {
            reader.read_exact(&mut [0; 2]).map_err(cut)?;
        }
        let level = match head[8] {
            2 => 9,
            4 => 1,
            _ => 6,
        };
        let data = reader.stream_position()?;
        Ok(Gzip { members: [Member { name: unpacked_name(name), is: Is::File }], data, level, blocked })
    }
}

/// What a packed file is called without its wrapping: `a.txt` of `a.txt.gz`, `a.tar` of `a.tgz`.
pub(super) fn unpacked_name(name: &[u8]) -> Vec<u8> {
    let dot = memchr::memrchr(b'.', name).filter(|dot| *dot > 0);
    let (stem, extension) = dot.map_or((name, &b""[..]), |dot| (&name[..dot], &name[dot..]));
    let mut stem = stem.to_vec();
    if [&b".tgz"[..], b".tbz", b".tbz2", b".txz", b".tzst"].iter().any(|tar| extension.eq_ignore_ascii_case(tar)) {
        stem.extend_from_slice(b".tar");
    }
    stem
}

impl Format for Gzip {
    fn members(&self) -> &[Member] {
        &self.members
    }

    fn open<'s>(&self, source: &'s mut dyn Source, _: usize) -> Result<Box<dyn Read + 's>, Error> {
        source.rewind()?;
        Ok(Box::new(Parts { part: Some(GzDecoder::new(BufReader::with_capacity(32 << 10, source))) }))
    }

    fn rewrite(
        &self,
        source: &mut dyn Source,
        _: &[usize],
        renew: &mut Renew<'_>,
        out: &mut Rewriter,
    ) -> Result<(), Error> {
        let mut content = renew(source, 0)?;
        let Packed { mut bytes, crc, .. } = pack(&mut content, Some(self.level))?;
        // Everything from the first part's content to the end of the last part.
        source.rewind()?;
        let mut parts = Parts { part: Some(GzDecoder::new(BufReader::with_capacity(32 << 10, &mut *source))) };
        io::copy(&mut parts, &mut io::sink())?;
        let rest = parts.rest()?;
        let end = source.seek(SeekFrom::End(0))? - rest;
        out.piece(Span::new(self.data, end));
        io::copy(&mut bytes, out)?;
        out.write_all(&crc.to_le_bytes())?;
        out.write_all(&(content.len as u32).to_le_bytes())?;
        Ok(())
    }

    fn sealed(&self) -> Option<&'static str> {
        self.blocked.then_some("is packed in blocks with an index, which packing it anew would break; left as it is")
    }

    fn is_wrapping(&self) -> bool {
        true
    }
}

/// The content of all parts. What follows the last one is padding, or none of gzip's business.
struct Parts<R> {
    /// None only while one part follows the other.
    part: Option<GzDecoder<R>>,
}

impl<R: BufRead> Parts<R> {
    /// How many bytes follow the last part.
    fn rest(mut self) -> io::Result<u64> {
        match self.part.take() {
            Some(part) => io::copy(&mut part.into_inner(), &mut io::sink()),
            None => Ok(0),
        }
    }
}

impl<R: BufRead> Read for Parts<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(part) = &mut self.part else { return Err(invalid("a part is gone")) };
            let read = part.read(buf).map_err(broken)?;
            if read > 0 || buf.is_empty() {
                return Ok(read);
            }
            let next = part.get_mut().fill_buf()?;
            if next.len() < MAGIC.len() || next[..MAGIC.len()] != MAGIC {
                return Ok(0);
            }
            self.part = self.part.take().map(|part| GzDecoder::new(part.into_inner()));
        }
    }
}
