//! How mail carries bytes that are no ASCII: base64, quoted-printable, and words in a header (RFC 2047).
//!
//! In: bytes as they stand in a mail. Out: what they stand for, and back again in the same manner. Must not: know what a
//! message is made of.

use std::ops::Range;

use crate::source::Charset;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes that base64 stands for; up to what is none.
pub fn from_base64(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut word, mut count) = (0u32, 0);
    for byte in text.iter().filter(|byte| !byte.is_ascii_whitespace()) {
        let Some(value) = DIGITS.iter().position(|digit| digit == byte) else { break };
        word = word << 6 | value as u32;
        count += 1;
        if count == 4 {
            out.extend_from_slice(&word.to_be_bytes()[1..]);
            (word, count) = (0, 0);
        }
    }
    match count {
        2 => out.push((word >> 4) as u8),
        3 => out.extend_from_slice(&[(word >> 10) as u8, (word >> 2) as u8]),
        _ => {}
    }
    out
}

/// Base64 of bytes, in one line.
pub fn to_base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let word = three.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            out.push(match place <= three.len() {
                true => DIGITS[(word >> (18 - 6 * place) & 63) as usize],
                false => b'=',
            });
        }
    }
    out
}

/// `bytes` in base64, in lines as those of `like`; none where `like` is not made so that it could be made again.
pub fn base64_like(like: &[u8], old: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let feed = memchr::memchr(b'\n', like);
    let end: &[u8] = match feed {
        Some(at) if at > 0 && like[at - 1] == b'\r' => b"\r\n",
        _ => b"\n",
    };
    let width = feed.map_or(usize::MAX, |at| at + 1 - end.len()).max(1);
    let lines = |bytes: &[u8], is_last_ended: bool| {
        let digits = to_base64(bytes);
        let mut out = digits.chunks(width).collect::<Vec<_>>().join(end);
        if is_last_ended {
            out.extend_from_slice(end);
        }
        out
    };
    let ended = like.ends_with(b"\n");
    (lines(old, ended) == like).then(|| lines(bytes, ended))
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    Some((digit(*digits.first()?)? << 4 | digit(*digits.get(1)?)?) as u8)
}

/// What a line of quoted-printable stands for, with soft breaks in it or not, and its own end as it is.
pub fn from_quoted(line: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'=' {
            out.push(byte);
        } else if let Some(value) = hex(tail) {
            out.push(value);
            rest = &tail[2..];
        } else if let Some(after) = tail.strip_prefix(b"\r\n").or_else(|| tail.strip_prefix(b"\n")) {
            rest = after;
        } else {
            out.push(byte);
        }
    }
    out
}

/// A line as quoted-printable, with soft breaks before column 76.
pub fn to_quoted(line: &[u8], end: &[u8]) -> Vec<u8> {
    let body = line.strip_suffix(end).unwrap_or(line);
    let (mut out, mut column) = (Vec::with_capacity(line.len() * 2), 0);
    for (at, &byte) in body.iter().enumerate() {
        let is_last = at + 1 == body.len();
        let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || matches!(byte, b' ' | b'\t') && !is_last;
        let len = if plain { 1 } else { 3 };
        if column + len > 75 {
            out.push(b'=');
            out.extend_from_slice(end);
            column = 0;
        }
        match plain {
            true => out.push(byte),
            false => out.extend_from_slice(format!("={byte:02X}").as_bytes()),
        }
        column += len;
    }
    out.extend_from_slice(&line[body.len()..]);
    out
}

/// A run of encoded words in a header that belong together; or what stands there in bare UTF-8 (RFC 6532).
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// Where they stand.
    pub start: usize,
    pub end: usize,
    /// What they say.
    pub text: String,
    charset: Charset,
    /// Empty where nothing is encoded.
    label: Vec<u8>,
    base64: bool,
}

/// One encoded word at the start of `rest`: its label, whether it is base64, its bytes, its length.
fn word(rest: &[u8]) -> Option<(&[u8], bool, Vec<u8>, usize)> {
    let body = rest.strip_prefix(b"=?")?;
    let first = memchr::memchr(b'?', body)?;
    let label = &body[..first];
    let base64 = match body.get(first + 1)? {
        b'B' | b'b' => true,
        b'Q' | b'q' => false,
        _ => return None,
    };
    let text = body[first + 2..].strip_prefix(b"?")?;
    let len = memchr::memmem::find(text, b"?=")?;
    let text = &text[..len];
    if label.is_empty() || text.iter().chain(label).any(|byte| *byte <= b' ' || *byte > b'~') {
        return None;
    }
    let bytes = match base64 {
        true => from_base64(text),
        false => from_quoted(&text.iter().map(|&byte| if byte == b'_' { b' ' } else { byte }).collect::<Vec<_>>()),
    };
    Some((label, base64, bytes, 2 + first + 3 + len + 2))
}

/// All that a header says in characters outside ASCII, in order. What cannot be read is left out.
pub fn words(header: &[u8]) -> Vec<Words> {
    let mut found: Vec<Words> = Vec::new();
    let mut at = 0;
    for words in encoded(header) {
        bare(header, at..words.start, &mut found);
        at = words.end;
        found.push(words);
    }
    bare(header, at..header.len(), &mut found);
    found
}

/// Adds what stands in bare UTF-8 in a stretch of a header, line by line.
fn bare(header: &[u8], stretch: Range<usize>, found: &mut Vec<Words>) {
    let mut start = stretch.start;
    for line in header[stretch].split_inclusive(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let body = line.trim_ascii_end();
        if let Some(text) = std::str::from_utf8(body).ok().filter(|text| !text.is_ascii()) {
            let (end, charset, label) = (start + body.len(), Charset::UTF_8, Vec::new());
            found.push(Words { start, end, text: text.to_owned(), charset, label, base64: false });
        }
        start += line.len();
    }
}

/// All runs of encoded words in a header.
fn encoded(header: &[u8]) -> Vec<Words> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = memchr::memmem::find(&header[at..], b"=?") {
        let start = at + next;
        let Some((label, base64, mut bytes, len)) = word(&header[start..]) else {
            at = start + 2;
            continue;
        };
        let mut end = start + len;
        // A character may be cut in two by the end of a word, against the rules.
        loop {
            let space = header[end..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            match word(&header[end + space..]) {
                Some((more, same, add, len)) if space > 0 && same == base64 && more.eq_ignore_ascii_case(label) => {
                    bytes.extend(add);
                    end += space + len;
                }
                _ => break,
            }
        }
        at = end;
        // RFC 2231 has a language behind the label.
        let plain = label.split(|byte| *byte == b'*').next().unwrap_or(label);
        let Some(charset) = std::str::from_utf8(plain).ok().and_then(Charset::for_label) else { continue };
        let view = charset.view(&bytes);
        if view.invalid.is_empty() && !view.text.contains(['\n', '\r']) {
            found.push(Words { start, end, text: view.text, charset, label: label.to_vec(), base64 });
        }
    }
    found
}

impl Words {
    /// The same run with another text, in the same manner; in UTF-8 where its own encoding lacks a character.
    pub fn say(&self, text: &str, end: &[u8]) -> Vec<u8> {
        if self.label.is_empty() {
            return text.as_bytes().to_vec();
        }
        let fits = self.charset.encode(text).is_ok();
        let (charset, label) = if fits { (self.charset, &self.label[..]) } else { (Charset::UTF_8, &b"UTF-8"[..]) };
        let mut words: Vec<Vec<u8>> = Vec::new();
        let mut held = String::new();
        let bytes = |text: &str| charset.encode(text).unwrap_or_default();
        let coded = |bytes: &[u8]| match self.base64 {
            true => to_base64(bytes),
            false => bytes
                .iter()
                .flat_map(|&byte| match byte {
                    b' ' => b"_".to_vec(),
                    // Those that are safe in every kind of field.
                    b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'!' | b'*' | b'+' | b'-' | b'/' => vec![byte],
                    _ => format!("={byte:02X}").into_bytes(),
                })
                .collect(),
        };
        let most = 75usize.saturating_sub(label.len() + 7).max(12);
        for c in text.chars() {
            held.push(c);
            // Each word stands for itself: what switches between sets of characters begins anew.
            if held.len() > c.len_utf8() && coded(&bytes(&held)).len() > most {
                held.pop();
                words.push(coded(&bytes(&held)));
                held = String::from(c);
            }
        }
        words.push(coded(&bytes(&held)));
        let mark = if self.base64 { b"?B?" } else { b"?Q?" };
        let words: Vec<Vec<u8>> = words.iter().map(|word| [b"=?", label, mark, word, b"?="].concat()).collect();
        words.join(&[end, b" "].concat()[..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_there_and_back() {
        for len in 0..70 {
            let bytes: Vec<u8> = (0..len).map(|n| (n * 37) as u8).collect();
            assert_eq!(from_base64(&to_base64(&bytes)), bytes);
        }
        let like = b"QUJDREVG\r\nR0g=\r\n";
        assert_eq!(base64_like(like, b"ABCDEFGH", b"ABCDEFGHIJ").as_deref(), Some(&b"QUJDREVG\r\nR0hJSg==\r\n"[..]));
        assert_eq!(base64_like(b"QUJD REVG", b"ABCDEF", b"x"), None);
    }

    #[test]
    fn quoted_there_and_back() {
        assert_eq!(from_quoted(b"caf=C3=\r\n=A9 = x=3D\r\n"), "café = x=\r\n".as_bytes());
        let line = "é".repeat(40) + "\r\n";
        let quoted = to_quoted(line.as_bytes(), b"\r\n");
        assert!(quoted.split(|b| *b == b'\n').all(|line| line.len() <= 77));
        assert_eq!(from_quoted(&quoted), line.as_bytes());
        assert_eq!(to_quoted(b"a b \n", b"\n"), b"a b=20\n");
    }

    #[test]
    fn words_of_a_header() {
        let header = b"Subject: =?utf-8?Q?caf=C3?=\r\n =?UTF-8?q?=A9_au_lait?= and =?iso-8859-1?B?6Q==?= =?x?Q?a?=\r\n";
        let found = words(header);
        assert_eq!(found.iter().map(|words| &*words.text).collect::<Vec<_>>(), ["café au lait", "é"]);
        assert_eq!(found[0].say("thé", b"\r\n"), b"=?utf-8?Q?th=C3=A9?=");
        assert_eq!(found[1].say("è", b"\r\n"), b"=?iso-8859-1?B?6A==?=");
        assert_eq!(found[1].say("ж", b"\r\n"), b"=?UTF-8?B?0LY=?=");
        let long = "é".repeat(60);
        let said = found[0].say(&long, b"\n");
        assert!(said.split(|b| *b == b'\n').all(|line| line.len() <= 76));
        assert_eq!(words(&said)[0].text, long);
        let mixed = words("To: é =?utf-8?Q?=C3=A8?= x ê\r\nX: y\r\nZ: ë\r\n\tü".as_bytes());
        let texts: Vec<_> = mixed.iter().map(|words| &*words.text).collect();
        assert_eq!(texts, ["To: é", "è", " x ê", "Z: ë", "\tü"]);
        assert_eq!(mixed[3].say("Z: e", b"\n"), b"Z: e");
    }
}
