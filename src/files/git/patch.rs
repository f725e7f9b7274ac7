//! Patches as git prints them, read line by line.
//!
//! In: the bytes of patches without context. Out: for each file its new name, and for each hunk where its new lines are and
//! what was taken away and added. Must not: take a line of content for a heading, whatever it looks like.

use std::io::{self, BufRead};
use std::ops::Range;
use std::path::PathBuf;

use super::path_of;

/// What a patch says, in its order.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// A line that is no part of a patch: of the log that the patch is printed in.
    Other(Vec<u8>),
    /// The file's name after the change, from the top folder; none when it is gone.
    File(Option<PathBuf>),
    /// A hunk begins: its lines in the file as it is after the change, 1-based.
    Hunk(Range<u64>),
    /// A line that was taken away.
    Removed(Vec<u8>),
    /// A line that was added.
    Added(Vec<u8>),
}

/// Reads patches to their end.
///
/// # Errors
/// When reading fails, or `each` does.
pub fn read<E: From<io::Error>>(mut from: impl BufRead, mut each: impl FnMut(Part) -> Result<(), E>) -> Result<(), E> {
    let (mut removed, mut added) = (0, 0);
    let mut line = Vec::new();
    loop {
        line.clear();
        if from.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        let part = match line.first() {
            Some(b'-') if removed > 0 => {
                removed -= 1;
                Part::Removed(line[1..].to_vec())
            }
            Some(b'+') if added > 0 => {
                added -= 1;
                Part::Added(line[1..].to_vec())
            }
            Some(b'\\') => continue,
            _ if line.starts_with(b"+++ ") => Part::File(name(&line[4..])),
            _ if line.starts_with(b"@@ ") => {
                let Some((gone, new)) = counts(&line) else { continue };
                (removed, added) = (gone, new.end - new.start);
                Part::Hunk(new)
            }
            _ => Part::Other(line.clone()),
        };
        each(part)?;
    }
}

/// `@@ -12,3 +14 @@`: how many lines are gone, and which are new.
fn counts(line: &[u8]) -> Option<(u64, Range<u64>)> {
    let line = String::from_utf8_lossy(line);
    let mut words = line.split(' ').skip(1);
    let mut pair = |sign: char| -> Option<(u64, u64)> {
        let word = words.next()?.strip_prefix(sign)?;
        let (start, count) = word.split_once(',').unwrap_or((word, "1"));
        Some((start.parse().ok()?, count.parse().ok()?))
    };
    let (gone, (start, count)) = (pair('-')?.1, pair('+')?);
    Some((gone, start..start + count))
}

/// A name as a patch has it: behind `b/`, between quotes where it holds odd characters, with a tab after one with spaces.
fn name(written: &[u8]) -> Option<PathBuf> {
    let written = written.strip_suffix(b"\t").unwrap_or(written);
    let name = match written.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")) {
        Some(quoted) => unquoted(quoted),
        None => written.to_vec(),
    };
    name.strip_prefix(b"b/").map(|name| path_of(name.to_vec()))
}

fn unquoted(quoted: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = quoted.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        match bytes.next() {
            Some(digit @ b'0'..=b'7') => {
                let mut value = u32::from(digit - b'0');
                for _ in 0..2 {
                    if let Some(digit) = bytes.next_if(|byte| (b'0'..=b'7').contains(byte)) {
                        value = value * 8 + u32::from(digit - b'0');
                    }
                }
                out.push(value as u8);
            }
            Some(letter) => out.push(match letter {
                b'a' => 7,
                b'b' => 8,
                b't' => b'\t',
                b'n' => b'\n',
                b'v' => 11,
                b'f' => 12,
                b'r' => b'\r',
                other => other,
            }),
            None => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_told_from_content() {
        let patch =
            b"commit x\n--- a/old name\t\n+++ b/new name\t\n@@ -3,2 +4 @@ fn\n--- a/no\n-x\n+++ b/no\n\\ No newline\n\
            --- a/q\n+++ \"b/\\303\\244 \\\"q\\\"\"\n@@ -0,0 +1,2 @@\n+@@ -1 +1 @@\n+b\n+++ /dev/null\n";
        let mut parts = Vec::new();
        read::<io::Error>(&patch[..], |part| {
            parts.push(part);
            Ok(())
        })
        .unwrap();
        parts.retain(|part| !matches!(part, Part::Other(_)));
        assert_eq!(
            parts,
            [
                Part::File(Some("new name".into())),
                Part::Hunk(4..5),
                Part::Removed(b"-- a/no".to_vec()),
                Part::Removed(b"x".to_vec()),
                Part::Added(b"++ b/no".to_vec()),
                Part::File(Some("ä \"q\"".into())),
                Part::Hunk(1..3),
                Part::Added(b"@@ -1 +1 @@".to_vec()),
                Part::Added(b"b".to_vec()),
                Part::File(None),
            ]
        );
    }
}
