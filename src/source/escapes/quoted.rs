//! The bytes of UTF-8 as `=C3=A9`, as mail has them (quoted-printable). A soft line break, `=` at the end of a line, may stand
//! between two bytes of a character.

use super::{Case, Escaped, Form, hexadecimal, utf_8};

/// The escaped character at the start of `rest`.
pub fn decode(rest: &[u8]) -> Option<Escaped> {
    let byte = |rest: &[u8]| {
        let soft = [&b"=\r\n"[..], b"=\n"].into_iter().find(|soft| rest.starts_with(soft)).map_or(0, <[u8]>::len);
        let digits = rest[soft..].strip_prefix(b"=")?.get(..2)?;
        Some((hexadecimal(digits)? as u8, soft + 3))
    };
    let (c, len) = utf_8(rest, byte).filter(|_| !matches!(rest.get(1), Some(b'\r' | b'\n')))?;
    let digits: Vec<u8> = rest[..len].iter().copied().filter(u8::is_ascii_hexdigit).collect();
    Some(Escaped { c, len, form: Form::Quoted(Case::of(&digits, Case::Upper)) })
}

/// Writes the bytes of a character.
pub fn push(case: Case, out: &mut String, c: char) {
    for &byte in c.encode_utf8(&mut [0; 4]).as_bytes() {
        out.push('=');
        case.push(out, byte.into(), 2);
    }
}
