//! Small containers, made byte by byte, so that the tests know what must stay.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};

/// A file for an archive.
pub struct Item<'a> {
    pub name: &'a [u8],
    pub content: Vec<u8>,
    /// Whether it is packed.
    pub deflate: bool,
    /// Whether its lengths stand behind it, as in a stream.
    pub stream: bool,
    pub flags: u16,
    /// What the directory says of its length, if that is not the truth.
    pub claims: Option<u32>,
}

impl<'a> Item<'a> {
    pub fn new(name: &'a str, content: impl AsRef<[u8]>) -> Item<'a> {
        let content = content.as_ref().to_vec();
        Item { name: name.as_bytes(), content, deflate: true, stream: false, flags: 0, claims: None }
    }
}

pub fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::new(9));
    packed.write_all(bytes).expect("in memory");
    packed.finish().expect("in memory")
}

/// A gzip file with a name in its header.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let header = flate2::GzBuilder::new().filename("a name").comment("a comment").mtime(1_000_000_000);
    let mut packed: GzEncoder<Vec<u8>> = header.write(Vec::new(), Compression::new(6));
    packed.write_all(bytes).expect("in memory");
    packed.finish().expect("in memory")
}

/// A file packed by bzip2, by xz and by zstd, with their endings.
pub fn streams(bytes: &[u8]) -> [(&'static str, Vec<u8>); 3] {
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::new(5));
    bzip2.write_all(bytes).expect("in memory");
    let mut xz = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(3)).expect("a preset");
    xz.write_all(bytes).expect("in memory");
    let zstd = ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest);
    [("bz2", bzip2.finish().expect("in memory")), ("xz", xz.finish().expect("in memory")), ("zst", zstd)]
}

/// A zip archive, with extra fields and comments.
pub fn zip(items: &[Item<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for item in items {
        let place = out.len() as u32;
        let packed = if item.deflate { deflated(&item.content) } else { item.content.clone() };
        let crc = crc32fast::hash(&item.content);
        let len = item.claims.unwrap_or(item.content.len() as u32);
        let flags = item.flags | if item.stream { 8 } else { 0 };
        let sizes = [crc, packed.len() as u32, len].map(u32::to_le_bytes).concat();
        let mut fixed = 20u16.to_le_bytes().to_vec();
        fixed.extend(flags.to_le_bytes());
        fixed.extend(if item.deflate { 8u16 } else { 0 }.to_le_bytes());
        fixed.extend(b"\x12\x34\x56\x78");
        out.extend(b"PK\x03\x04");
        out.extend(&fixed);
        out.extend(if item.stream { &[0; 12][..] } else { &sizes });
        out.extend((item.name.len() as u16).to_le_bytes());
        out.extend(6u16.to_le_bytes());
        out.extend(item.name);
        out.extend(b"xx\x02\0ab");
        out.extend(&packed);
        if item.stream {
            out.extend(b"PK\x07\x08");
            out.extend(&sizes);
        }
        directory.extend(b"PK\x01\x02\x1e\x03");
        directory.extend(&fixed);
        directory.extend(&sizes);
        directory.extend((item.name.len() as u16).to_le_bytes());
        directory.extend(b"\0\0\x07\0\0\0\x01\0\0\0\xA4\x81");
        directory.extend(place.to_le_bytes());
        directory.extend(item.name);
        directory.extend(b"comment");
    }
    let at = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([items.len() as u16; 2].map(u16::to_le_bytes).concat());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend(b"\x0D\0the comment..");
    out
}

/// A tar archive. A name of more than 100 bytes gets a header of its own.
pub fn tar(items: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, content) in items {
        if name.len() > 100 {
            block(&mut out, b"././@LongLink", b'L', name);
        }
        block(&mut out, &name[..name.len().min(100)], b'0', content);
    }
    out.extend([0; 1024]);
    out
}

fn block(out: &mut Vec<u8>, name: &[u8], kind: u8, content: &[u8]) {
    let mut header = [0u8; 512];
    header[..name.len()].copy_from_slice(name);
    header[100..136].copy_from_slice(format!("0000644\x000001750\x000001750\x00{:011o}\x00", content.len()).as_bytes());
    header[136..148].copy_from_slice(b"14000000000\0");
    header[148..156].copy_from_slice(b"        ");
    header[156] = kind;
    header[257..265].copy_from_slice(b"ustar  \0");
    let sum: u32 = header.iter().map(|b| u32::from(*b)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    out.extend(header);
    out.extend(content);
    out.resize(out.len().next_multiple_of(512), 0);
}
