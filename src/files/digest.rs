//! Is this the same content? Length and hash of a run of bytes.
//!
//! In: bytes, in pieces. Out: a [`Digest`] to compare and to store. Must not: read a file by itself.

use std::io::{self, Read};

/// Length and hash of some content. Two contents with the same digest are taken to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Length in bytes.
    pub len: u64,
    /// BLAKE3 of the bytes.
    pub hash: blake3::Hash,
}

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Digest {
        Digest { len: bytes.len() as u64, hash: blake3::hash(bytes) }
    }

    /// The digest of all that is left in `reader`.
    ///
    /// # Errors
    /// When reading fails.
    pub fn of_reader(reader: impl Read) -> io::Result<Digest> {
        let mut tee = Tee::new(reader);
        io::copy(&mut tee, &mut io::sink())?;
        Ok(tee.digest())
    }
}

/// Makes a [`Digest`] of bytes that come in pieces.
#[derive(Clone, Default)]
pub struct Digester {
    len: u64,
    hasher: blake3::Hasher,
}

impl Digester {
    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.len += bytes.len() as u64;
        self.hasher.update(bytes);
    }

    /// The digest of all pieces so far.
    pub fn digest(&self) -> Digest {
        Digest { len: self.len, hash: self.hasher.finalize() }
    }
}

/// A reader that digests what passes through it.
pub struct Tee<R> {
    reader: R,
    digester: Digester,
}

impl<R: Read> Tee<R> {
    /// Reads from `reader`.
    pub fn new(reader: R) -> Tee<R> {
        Tee { reader, digester: Digester::default() }
    }

    /// The digest of what was read so far.
    pub fn digest(&self) -> Digest {
        self.digester.digest()
    }
}

impl<R: Read> Read for Tee<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buf)?;
        self.digester.update(&buf[..n]);
        Ok(n)
    }
}
