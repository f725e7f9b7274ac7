//! `\u00e9`, with pairs of surrogates; `\U0001f600`; `\u{1f600}`.

use super::{Case, Escaped, Form, hexadecimal};

/// The escaped character at the start of `rest`.
pub fn decode(rest: &[u8]) -> Option<Escaped> {
    let escaped = |number: u32, len: usize, form: Form| {
        char::from_u32(number).filter(|c| !c.is_ascii()).map(|c| Escaped { c, len, form })
    };
    match rest.get(1)? {
        b'u' if rest.get(2) == Some(&b'{') => {
            let len = rest[3..].iter().take(7).position(|&byte| byte == b'}')?;
            let digits = &rest[3..3 + len];
            if digits.is_empty() {
                return None;
            }
            escaped(hexadecimal(digits)?, len + 4, Form::Braces(Case::of(digits, Case::Lower), len as u8))
        }
        b'u' => {
            let digits = rest.get(2..6)?;
            let (first, case) = (hexadecimal(digits)?, Case::of(digits, Case::Lower));
            if !(0xD800..0xDC00).contains(&first) {
                return escaped(first, 6, Form::Unicode4(case));
            }
            let second = rest.get(6..12)?.strip_prefix(b"\\u").and_then(hexadecimal)?;
            let second = second.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
            escaped(0x1_0000 + ((first - 0xD800) << 10) + second, 12, Form::Unicode4(case))
        }
        b'U' => {
            let digits = rest.get(2..10)?;
            escaped(hexadecimal(digits)?, 10, Form::Unicode8(Case::of(digits, Case::Lower)))
        }
        _ => None,
    }
}

/// Writes a character in such a form.
pub fn push(form: Form, out: &mut String, c: char) {
    match form {
        Form::Braces(case, digits) => {
            out.push_str("\\u{");
            case.push(out, c.into(), digits.into());
            out.push('}');
        }
        Form::Unicode8(case) => {
            out.push_str("\\U");
            case.push(out, c.into(), 8);
        }
        Form::Unicode4(case) => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str("\\u");
                case.push(out, u32::from(*unit), 4);
            }
        }
        _ => out.push(c),
    }
}
