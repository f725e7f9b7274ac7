//! `ansi`: escape sequences of terminals go, as ECMA-48 has them. A sequence that is not whole stays.

use super::{Change, add};

/// What a sequence begins with.
pub const ESCAPE: u8 = 0x1B;

/// What to change in a line.
pub fn changes(line: &str) -> Vec<Change> {
    let bytes = line.as_bytes();
    let mut all: Vec<Change> = Vec::new();
    let mut at = 0;
    while let Some(found) = memchr::memchr(ESCAPE, &bytes[at..]) {
        let start = at + found;
        match sequence(&bytes[start + 1..]) {
            Some(len) => {
                at = start + 1 + len;
                add(&mut all, start..at, "");
            }
            None => at = start + 1,
        }
    }
    all
}

/// How long the sequence is that follows an escape.
fn sequence(rest: &[u8]) -> Option<usize> {
    let run = |from: usize, fits: fn(&u8) -> bool| from + rest[from..].iter().take_while(|byte| fits(byte)).count();
    let ends = |at: usize, fits: fn(&u8) -> bool| rest.get(at).filter(|byte| fits(byte)).map(|_| at + 1);
    match rest.first()? {
        // A control sequence: parameters, intermediate bytes, a final byte.
        b'[' => {
            let parameters = run(1, |byte| matches!(byte, 0x30..=0x3F));
            ends(run(parameters, |byte| matches!(byte, 0x20..=0x2F)), |byte| matches!(byte, 0x40..=0x7E))
        }
        // A string of a command, up to BEL or ST.
        b']' | b'P' | b'X' | b'^' | b'_' => {
            let end = rest.iter().position(|byte| matches!(byte, 0x07 | 0x1B))?;
            if rest[end] == 0x07 { Some(end + 1) } else { (rest.get(end + 1) == Some(&b'\\')).then_some(end + 2) }
        }
        // Others: intermediate bytes, a final byte.
        _ => ends(run(0, |byte| matches!(byte, 0x20..=0x2F)), |byte| matches!(byte, 0x30..=0x7E)),
    }
}
