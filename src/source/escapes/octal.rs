//! The bytes of UTF-8 as `\303\251`.

use super::{Escaped, Form, utf_8};

/// The escaped character at the start of `rest`.
pub fn decode(rest: &[u8]) -> Option<Escaped> {
    let byte = |rest: &[u8]| {
        let digits = rest.strip_prefix(b"\\")?.get(..3)?;
        let value =
            digits.iter().try_fold(0, |value: u32, &digit| Some(value << 3 | char::from(digit).to_digit(8)?))?;
        Some((u8::try_from(value).ok()?, 4))
    };
    let (c, len) = utf_8(rest, byte)?;
    Some(Escaped { c, len, form: Form::Octal })
}

/// Writes the bytes of a character.
pub fn push(out: &mut String, c: char) {
    for &byte in c.encode_utf8(&mut [0; 4]).as_bytes() {
        out.push('\\');
        for digit in [byte >> 6, byte >> 3 & 7, byte & 7] {
            out.push(char::from(b'0' + digit));
        }
    }
}
