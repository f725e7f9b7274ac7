//! The bytes of UTF-8 as `\xc3\xa9`.

use super::{Case, Escaped, Form, hexadecimal, utf_8};

/// The escaped character at the start of `rest`.
pub fn decode(rest: &[u8]) -> Option<Escaped> {
    let byte = |rest: &[u8]| {
        let digits = rest.strip_prefix(b"\\x")?.get(..2)?;
        Some((hexadecimal(digits)? as u8, 4))
    };
    let (c, len) = utf_8(rest, byte)?;
    let digits: Vec<u8> = rest[..len].chunks(4).flat_map(|byte| byte[2..].to_vec()).collect();
    Some(Escaped { c, len, form: Form::Hex(Case::of(&digits, Case::Lower)) })
}

/// Writes the bytes of a character.
pub fn push(case: Case, out: &mut String, c: char) {
    for &byte in c.encode_utf8(&mut [0; 4]).as_bytes() {
        out.push_str("\\x");
        case.push(out, byte.into(), 2);
    }
}
