//! Pieces of a file replaced by others, as a container needs it: what is put in is no text and may be large, so it is kept
//! in a temporary file and not in memory.
//!
//! In: spans of the old content and the bytes to stand there. Out: the new content, and the way back, which is a rewrite
//! too. Must not: know what the bytes mean.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use crate::edit::Span;
use crate::error::Error;

/// These bytes become so many others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The bytes of the old content.
    pub span: Span,
    /// How many bytes stand there afterwards.
    pub len: u64,
}

/// All pieces of one file that change, in order.
#[derive(Debug)]
pub struct Rewrite {
    pieces: Vec<Piece>,
    /// The new bytes of all pieces, one after the other.
    bytes: File,
    source_len: u64,
}

impl Rewrite {
    /// A rewrite of a source of `source_len` bytes; `bytes` holds what is put in.
    ///
    /// # Errors
    /// When the pieces are not in order, overlap or reach past the end.
    pub fn new(pieces: Vec<Piece>, bytes: File, source_len: u64) -> Result<Rewrite, Error> {
        let mut reached = 0;
        for Piece { span, .. } in &pieces {
            if span.start < reached || span.end < span.start || span.end > source_len {
                return Err(Error::usage("pieces of a file overlap, are out of order, or reach past its end"));
            }
            reached = span.end;
        }
        Ok(Rewrite { pieces, bytes, source_len })
    }

    /// The pieces.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Length of the old content.
    pub fn source_len(&self) -> u64 {
        self.source_len
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The new bytes, one piece after the other.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn bytes(&self) -> Result<impl Read + '_, Error> {
        let mut bytes = &self.bytes;
        bytes.seek(SeekFrom::Start(0))?;
        Ok(BufReader::with_capacity(64 << 10, bytes))
    }

    /// Copies `source` to `out` with the pieces in place.
    ///
    /// # Errors
    /// When `source` is shorter than it was, or when reading or writing fails.
    pub fn apply(&self, source: &mut impl Read, out: &mut impl Write) -> Result<(), Error> {
        let mut bytes = self.bytes()?;
        let mut at = 0;
        for Piece { span, len } in &self.pieces {
            copy(source, out, span.start - at)?;
            copy(source, &mut io::sink(), span.len())?;
            copy(&mut bytes, out, *len)?;
            at = span.end;
        }
        io::copy(source, out)?;
        Ok(())
    }

    /// The new content, in a temporary file.
    ///
    /// # Errors
    /// As [`Rewrite::apply`].
    pub fn applied(&self, source: &mut impl Read) -> Result<File, Error> {
        let mut out = BufWriter::with_capacity(64 << 10, tempfile::tempfile()?);
        self.apply(source, &mut out)?;
        let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(file)
    }

    /// Writes the bytes that the pieces replace, which is what the way back needs.
    ///
    /// # Errors
    /// When `source` is shorter than it was, or when reading or writing fails.
    pub fn replaced(&self, source: &mut (impl Read + Seek), out: &mut impl Write) -> Result<(), Error> {
        for Piece { span, .. } in &self.pieces {
            source.seek(SeekFrom::Start(span.start))?;
            copy(source, out, span.len())?;
        }
        Ok(())
    }

    /// The way back of a rewrite with these `pieces`; `old` holds the bytes that they replaced.
    ///
    /// # Errors
    /// As [`Rewrite::new`].
    pub fn back(pieces: &[Piece], old: File, source_len: u64) -> Result<Rewrite, Error> {
        let damaged = || Error::usage("pieces of a file overlap, are out of order, or reach past its end");
        let mut shift = 0i128;
        let mut back = Vec::with_capacity(pieces.len());
        for Piece { span, len } in pieces {
            let start = u64::try_from(i128::from(span.start) + shift).map_err(|_| damaged())?;
            let end = start.checked_add(*len).ok_or_else(damaged)?;
            back.push(Piece { span: Span::new(start, end), len: span.len() });
            shift += i128::from(*len) - i128::from(span.len());
        }
        let len = u64::try_from(i128::from(source_len) + shift).map_err(|_| damaged())?;
        Rewrite::new(back, old, len)
    }
}

/// Copies so many bytes, no fewer.
fn copy(from: &mut impl Read, to: &mut impl Write, len: u64) -> Result<(), Error> {
    if io::copy(&mut from.by_ref().take(len), to)? == len { Ok(()) } else { Err(Error::changed()) }
}

/// Makes a [`Rewrite`], piece by piece, in order.
#[derive(Debug)]
pub struct Rewriter {
    pieces: Vec<Piece>,
    bytes: BufWriter<File>,
}

impl Rewriter {
    /// A rewriter with no pieces yet.
    ///
    /// # Errors
    /// When there can be no temporary file.
    pub fn new() -> Result<Rewriter, Error> {
        Ok(Rewriter { pieces: Vec::new(), bytes: BufWriter::new(tempfile::tempfile()?) })
    }

    /// What is written from now on takes the place of `span`.
    pub fn piece(&mut self, span: Span) -> &mut Rewriter {
        self.pieces.push(Piece { span, len: 0 });
        self
    }

    /// The rewrite, for a source of `source_len` bytes.
    ///
    /// # Errors
    /// When the temporary file cannot be written, or the pieces are out of order.
    pub fn finish(self, source_len: u64) -> Result<Rewrite, Error> {
        let bytes = self.bytes.into_inner().map_err(io::IntoInnerError::into_error)?;
        Rewrite::new(self.pieces, bytes, source_len)
    }
}

impl Write for Rewriter {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let written = self.bytes.write(buf)?;
        if let Some(piece) = self.pieces.last_mut() {
            piece.len += written as u64;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.bytes.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let old = b"0123456789".to_vec();
        let mut rewriter = Rewriter::new().unwrap();
        rewriter.piece(Span::new(0, 0)).write_all(b"<").unwrap();
        rewriter.piece(Span::new(2, 5)).write_all(b"two to four").unwrap();
        rewriter.piece(Span::new(9, 10));
        let rewrite = rewriter.finish(10).unwrap();
        let mut new = Vec::new();
        rewrite.apply(&mut &old[..], &mut new).unwrap();
        assert_eq!(new, b"<01two to four5678");
        let mut kept = tempfile::tempfile().unwrap();
        rewrite.replaced(&mut io::Cursor::new(&old), &mut kept).unwrap();
        let mut back = Vec::new();
        Rewrite::back(rewrite.pieces(), kept, 10).unwrap().apply(&mut &new[..], &mut back).unwrap();
        assert_eq!(back, old);
        assert!(rewrite.apply(&mut &old[..4], &mut Vec::new()).unwrap_err().is_changed());
        let twice = vec![Piece { span: Span::new(3, 5), len: 0 }, Piece { span: Span::new(4, 5), len: 0 }];
        assert!(Rewrite::new(twice, tempfile::tempfile().unwrap(), 10).is_err());
    }
}
