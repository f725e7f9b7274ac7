//! The change of a file that is no text, as git writes it in a patch.
//!
//! In: a path, and the content as it is and as it will be. Out: a patch that `git apply` makes, forwards and backwards; it
//! names both contents, and git refuses it for any other. Must not: hold a content in memory.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use flate2::Compression;
use flate2::read::ZlibEncoder;
use sha1_smol::Sha1;

use super::diff::{git_name, quoted};

/// The digits of git's base 85.
const DIGITS: &[u8; 85] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

/// How many bytes a line holds.
const LINE: usize = 52;

/// Writes the patch.
///
/// # Errors
/// When reading or writing fails.
pub fn write(
    out: &mut dyn Write,
    path: &Path,
    old: &mut (impl Read + Seek),
    new: &mut (impl Read + Seek),
) -> io::Result<()> {
    out.write_all(b"diff --git ")?;
    out.write_all(&quoted(&git_name("a", path), false))?;
    out.write_all(b" ")?;
    out.write_all(&quoted(&git_name("b", path), false))?;
    let ((old_id, old_len), (new_id, new_len)) = (id(old)?, id(new)?);
    writeln!(out, "\nindex {old_id}..{new_id}\nGIT binary patch")?;
    content(out, new, new_len)?;
    content(out, old, old_len)
}

/// The name that git gives to a content, and its length.
fn id(content: &mut (impl Read + Seek)) -> io::Result<(String, u64)> {
    let len = content.seek(SeekFrom::End(0))?;
    content.rewind()?;
    let mut sha = Sha1::new();
    sha.update(format!("blob {len}\0").as_bytes());
    let mut buffer = vec![0; 64 << 10];
    loop {
        match content.read(&mut buffer)? {
            0 => return Ok((sha.digest().to_string(), len)),
            read => sha.update(&buffer[..read]),
        }
    }
}

/// One content, packed, and an empty line.
fn content(out: &mut dyn Write, content: &mut (impl Read + Seek), len: u64) -> io::Result<()> {
    writeln!(out, "literal {len}")?;
    content.rewind()?;
    let mut packed = ZlibEncoder::new(content, Compression::default());
    loop {
        let mut bytes = Vec::with_capacity(LINE);
        packed.by_ref().take(LINE as u64).read_to_end(&mut bytes)?;
        if bytes.is_empty() {
            return writeln!(out);
        }
        out.write_all(&line(&bytes))?;
    }
}

/// A line: how many bytes it holds, and the bytes, four in five digits.
fn line(bytes: &[u8]) -> Vec<u8> {
    let count = bytes.len() as u8;
    let mut line = vec![if count <= 26 { b'A' + count - 1 } else { b'a' + count - 27 }];
    for four in bytes.chunks(4) {
        let mut word = four.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte));
        word <<= 8 * (4 - four.len());
        let mut digits = [0; 5];
        for digit in digits.iter_mut().rev() {
            *digit = DIGITS[(word % 85) as usize];
            word /= 85;
        }
        line.extend_from_slice(&digits);
    }
    line.push(b'\n');
    line
}
