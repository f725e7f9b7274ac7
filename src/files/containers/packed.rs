//! Deflate both ways, with the proof that what came out is what was put in.
//!
//! In: readers. Out: readers that fail when the content is not what the container says of it, and packed content with its
//! checksum. Must not: believe a stated size.

use std::io::{self, BufReader, Read, Seek};

use crc32fast::Hasher;
use flate2::Compression;
use flate2::read::{DeflateDecoder, DeflateEncoder};
use tempfile::SpooledTempFile;

use super::{Fresh, SPOOL};
use crate::error::Error;

/// A reader that proves at its end that length and CRC-32 are as stated.
pub(super) struct Proved<R> {
    inner: R,
    hasher: Hasher,
    len: u64,
    stated: (u32, u64),
}

impl<R: Read> Proved<R> {
    /// Reads from `inner`, of which `crc` and `len` are stated.
    pub fn new(inner: R, crc: u32, len: u64) -> Proved<R> {
        Proved { inner, hasher: Hasher::new(), len: 0, stated: (crc, len) }
    }
}

impl<R: Read> Read for Proved<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf).map_err(broken)?;
        self.hasher.update(&buf[..read]);
        self.len += read as u64;
        let (crc, len) = self.stated;
        if self.len > len || read == 0 && !buf.is_empty() && self.len < len {
            return Err(invalid("its length is not as stated"));
        }
        if read == 0 && !buf.is_empty() && self.hasher.clone().finalize() != crc {
            return Err(invalid("its checksum is wrong"));
        }
        Ok(read)
    }
}

/// An error of unpacking, in words that a user can use.
pub(super) fn broken(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => invalid("it ends too early"),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            let why = error.to_string();
            if why.starts_with(DAMAGED) { error } else { invalid(&why) }
        }
        _ => error,
    }
}

const DAMAGED: &str = "is damaged or cut short: ";

/// What says that packed content is not as it should be.
pub(super) fn invalid(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{DAMAGED}{why}; nothing was written"))
}

/// Unpacks raw deflate.
pub(super) fn inflate<R: Read>(packed: R) -> DeflateDecoder<BufReader<R>> {
    DeflateDecoder::new_with_buf(BufReader::with_capacity(32 << 10, packed), vec![0; 32 << 10])
}

/// Packed content and what it was before.
pub(super) struct Packed {
    pub bytes: SpooledTempFile,
    /// Length as packed.
    pub len: u64,
    /// CRC-32 of the content.
    pub crc: u32,
}

/// Packs content as raw deflate at a `level` from 1 to 9, or not at all.
pub(super) fn pack(content: &mut Fresh, level: Option<u32>) -> Result<Packed, Error> {
    let mut reader = Hashed { inner: content.reader()?, hasher: Hasher::new() };
    let mut bytes = SpooledTempFile::new(SPOOL);
    let len = match level {
        Some(level) => io::copy(&mut DeflateEncoder::new(&mut reader, Compression::new(level)), &mut bytes)?,
        None => io::copy(&mut reader, &mut bytes)?,
    };
    let crc = reader.hasher.finalize();
    bytes.rewind()?;
    Ok(Packed { bytes, len, crc })
}

struct Hashed<R> {
    inner: R,
    hasher: Hasher,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.hasher.update(&buf[..read]);
        Ok(read)
    }
}
