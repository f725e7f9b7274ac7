//! A file packed by bzip2, xz or zstd: one content in one or several parts.
//!
//! In: a source. Out: its content as one member, called as the file without its ending; a changed content packed anew, as
//! one part. Must not: pack anew what has an index, which would be lost.

use std::io::{self, BufRead, BufReader, Read, Write};

use bzip2::Compression;
use bzip2::bufread::MultiBzDecoder;
use bzip2::read::BzEncoder;
use lzma_rust2::{XzOptions, XzReader, XzWriter};
use ruzstd::decoding::FrameDecoder;
use ruzstd::decoding::StreamingDecoder;
use ruzstd::encoding::CompressionLevel;

use super::gzip::unpacked_name;
use super::packed::{broken, invalid};
use super::{Format, Is, Member, Renew, Rewriter, Source, read_at};
use crate::edit::Span;
use crate::error::Error;

/// How it is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// By bzip2.
    Bzip2,
    /// By xz.
    Xz,
    /// By zstd.
    Zstd,
}

const ZSTD: [u8; 4] = *b"\x28\xB5\x2F\xFD";

/// Unpacking xz may take so much memory, in KiB: more than its highest level does.
const XZ_MEMORY: u32 = 128 << 10;
/// As xz packs when nobody says how hard.
const XZ_PRESET: u32 = 6;
/// The largest window of zstd that is unpacked: its own program refuses more, too.
const ZSTD_WINDOW: u64 = 128 << 20;

/// The codec of what begins so.
pub(super) fn codec(head: &[u8]) -> Option<Codec> {
    let bzip2 = head.starts_with(b"BZh") && head.get(4..10).is_some_and(|block| block == b"1AY&SY");
    match () {
        () if bzip2 => Some(Codec::Bzip2),
        () if head.starts_with(b"\xFD7zXZ\0") => Some(Codec::Xz),
        () if head.starts_with(&ZSTD) => Some(Codec::Zstd),
        () => None,
    }
}

pub(super) struct Stream {
    members: [Member; 1],
    codec: Codec,
}

impl Stream {
    pub fn new(codec: Codec, name: &[u8]) -> Stream {
        Stream { members: [Member { name: unpacked_name(name), is: Is::File }], codec }
    }
}

impl Format for Stream {
    fn members(&self) -> &[Member] {
        &self.members
    }

    fn open<'s>(&self, source: &'s mut dyn Source, _: usize) -> Result<Box<dyn Read + 's>, Error> {
        source.rewind()?;
        let source = BufReader::with_capacity(64 << 10, source);
        Ok(match self.codec {
            Codec::Bzip2 => Box::new(Told(MultiBzDecoder::new(source))),
            Codec::Xz => Box::new(Told(XzReader::new_mem_limit(source, true, XZ_MEMORY))),
            Codec::Zstd => Box::new(Told(Frames { source: Some(source), frame: None })),
        })
    }

    fn rewrite(
        &self,
        source: &mut dyn Source,
        _: &[usize],
        renew: &mut Renew<'_>,
        out: &mut Rewriter,
    ) -> Result<(), Error> {
        let mut content = renew(source, 0)?;
        let len = source.seek(io::SeekFrom::End(0))?;
        let mut head = [0; 8];
        read_at(source, 0, &mut head, "its beginning is gone")?;
        out.piece(Span::new(0, len));
        match self.codec {
            Codec::Bzip2 => {
                let level = u32::from(head[3].wrapping_sub(b'0')).clamp(1, 9);
                io::copy(&mut BzEncoder::new(content.reader()?, Compression::new(level)), out)?;
            }
            Codec::Xz => {
                let mut packer = XzWriter::new(&mut *out, XzOptions::with_preset(XZ_PRESET))?;
                io::copy(content.reader()?, &mut packer)?;
                packer.finish()?;
            }
            Codec::Zstd => {
                if has_skipped(source)? {
                    let why = "is packed in blocks with an index, which packing it anew would break; left as it is";
                    return Err(Error::usage(why));
                }
                let mut kept = Kept { out, error: None };
                ruzstd::encoding::compress(content.reader()?, &mut kept, CompressionLevel::Fastest);
                if let Some(error) = kept.error {
                    return Err(error.into());
                }
            }
        }
        Ok(())
    }

    fn is_wrapping(&self) -> bool {
        true
    }
}

/// A reader whose errors are in words that a user can use.
struct Told<R>(R);

impl<R: Read> Read for Told<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf).map_err(|e| match e.kind() {
            io::ErrorKind::Other | io::ErrorKind::OutOfMemory => invalid(&e.to_string()),
            _ => broken(e),
        })
    }
}

/// A writer that keeps its first error: the packer knows no errors.
struct Kept<'o> {
    out: &'o mut Rewriter,
    error: Option<io::Error>,
}

impl Write for Kept<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        if self.error.is_none() {
            self.error = self.out.write_all(buf).err();
        }
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The content of all frames of zstd.
struct Frames<R: Read> {
    /// The source, between two frames.
    source: Option<R>,
    frame: Option<StreamingDecoder<R, FrameDecoder>>,
}

impl<R: BufRead> Frames<R> {
    /// Begins the next frame; `false` at the end.
    fn begin(&mut self) -> io::Result<bool> {
        let Some(mut source) = self.source.take() else { return Err(invalid("a frame is gone")) };
        while skip(&mut source)? {}
        if source.fill_buf()?.is_empty() {
            self.source = Some(source);
            return Ok(false);
        }
        let frame = StreamingDecoder::new_with_max_window_size(source, ZSTD_WINDOW);
        self.frame = Some(frame.map_err(|e| invalid(&e.to_string()))?);
        Ok(true)
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(frame) = &mut self.frame else {
                if self.begin()? {
                    continue;
                }
                return Ok(0);
            };
            let read = frame.read(buf)?;
            if read > 0 || buf.is_empty() {
                return Ok(read);
            }
            let stated = frame.decoder.get_checksum_from_data();
            if stated.is_some() && stated != frame.decoder.get_calculated_checksum() {
                return Err(invalid("its checksum is wrong"));
            }
            self.source = self.frame.take().map(StreamingDecoder::into_inner);
        }
    }
}

/// Passes over a frame that holds no content; `false` when the next one does, or there is none.
fn skip(source: &mut impl BufRead) -> io::Result<bool> {
    let next = source.fill_buf()?;
    // A frame's beginning may be cut by the buffer's end, then it is none that is skipped: those are in one piece.
    let [a, b, c, d, ..] = *next else { return Ok(false) };
    if u32::from_le_bytes([a, b, c, d]) & !0xF != 0x184D_2A50 {
        return Ok(false);
    }
    let mut head = [0; 8];
    source.read_exact(&mut head)?;
    let len = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
    if io::copy(&mut source.take(len), &mut io::sink())? < len {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(true)
}

/// Whether there are frames without content, such as an index.
fn has_skipped(source: &mut dyn Source) -> Result<bool, Error> {
    source.rewind()?;
    let mut frames = Frames { source: Some(BufReader::with_capacity(64 << 10, source)), frame: None };
    loop {
        if let Some(source) = &mut frames.source
            && skip(source)?
        {
            return Ok(true);
        }
        if !frames.begin()? {
            return Ok(false);
        }
        if let Some(mut frame) = frames.frame.take() {
            io::copy(&mut frame, &mut io::sink())?;
            frames.source = Some(frame.into_inner());
        }
    }
}
