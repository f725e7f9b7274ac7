//! The bytes of UTF-8 as `%C3%A9`, in URLs.

use super::{Case, Escaped, Form, hexadecimal, utf_8};

/// The escaped character at the start of `rest`.
pub fn decode(rest: &[u8]) -> Option<Escaped> {
    let byte = |rest: &[u8]| Some((hexadecimal(rest.strip_prefix(b"%")?.get(..2)?)? as u8, 3));
    let (c, len) = utf_8(rest, byte)?;
    let digits: Vec<u8> = rest[..len].chunks(3).flat_map(|byte| byte[1..].to_vec()).collect();
    Some(Escaped { c, len, form: Form::Percent(Case::of(&digits, Case::Upper)) })
}

/// Writes the bytes of a character.
pub fn push(case: Case, out: &mut String, c: char) {
    for &byte in c.encode_utf8(&mut [0; 4]).as_bytes() {
        out.push('%');
        case.push(out, byte.into(), 2);
    }
}
