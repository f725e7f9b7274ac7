//! Messages as they come and go: a length, a blank line, JSON. And names of files as they stand in them.

use std::io::{BufRead, Read, Write};
use std::path::PathBuf;

use serde_json::Value;

use crate::error::Error;

/// No message is longer.
const LONGEST: usize = 1 << 30;

/// The next message; none at the end of the input.
///
/// # Errors
/// When reading fails, or it is no message.
pub fn read(input: &mut impl BufRead) -> Result<Option<Value>, Error> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse::<usize>().ok().filter(|length| *length <= LONGEST);
        }
    }
    let Some(length) = length else {
        return Err(Error::usage(
            "lsp: no message of the Language Server Protocol on standard input (a line `Content-Length: N` is missing); \
             this command is for editors to start",
        ));
    };
    let mut bytes = Vec::new();
    if input.take(length as u64).read_to_end(&mut bytes)? < length {
        return Ok(None);
    }
    let message = serde_json::from_slice(&bytes);
    message.map(Some).map_err(|e| Error::usage(format!("lsp: a message that is no JSON: {e}")))
}

/// Sends a message.
///
/// # Errors
/// When writing fails.
pub fn write(out: &mut impl Write, message: &Value) -> Result<(), Error> {
    let text = message.to_string();
    write!(out, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    Ok(out.flush()?)
}

/// The path that a `file:` address names; of another address what it ends with, in the current folder.
pub fn path(uri: &str) -> PathBuf {
    let decoded = |text: &str| {
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text.as_bytes();
        while let [first, after @ ..] = rest {
            let digit = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16));
            match (first, digit(0), digit(1)) {
                (b'%', Some(high), Some(low)) => {
                    bytes.push((high * 16 + low) as u8);
                    rest = &after[2..];
                }
                _ => {
                    bytes.push(*first);
                    rest = after;
                }
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    match uri.strip_prefix("file://") {
        // `/C:/x` is `C:/x` where drives have letters.
        Some(path) if cfg!(windows) => decoded(path).trim_start_matches('/').into(),
        Some(path) => decoded(&path[path.find('/').unwrap_or(0)..]).into(),
        None => decoded(uri.rsplit(['/', ':']).next().unwrap_or("untitled")).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_paths() {
        assert_eq!(path("file:///a%20b/gr%C3%B6%C3%9Fe.txt"), PathBuf::from("/a b/größe.txt"));
        assert_eq!(path("file://host/a%"), PathBuf::from("/a%"));
        assert_eq!(path("untitled:Untitled-1"), PathBuf::from("Untitled-1"));
    }

    #[test]
    fn what_is_no_message_is_said() {
        let mut good = &b"Content-Type: x\r\ncontent-length: 2\r\n\r\n{}"[..];
        assert!(read(&mut good).unwrap().is_some());
        assert!(read(&mut good).unwrap().is_none());
        assert!(read(&mut &b"hello\n\n"[..]).unwrap_err().to_string().contains("for editors"));
        assert!(read(&mut &b"Content-Length: 2\r\n\r\n[x"[..]).is_err());
    }
}
