//! A quick look at a JSON record: where the literals of the named fields are, without reading anything else as text.
//!
//! In: a line, and the names of fields. Out: the places of their literals; or nothing, when the record is not plainly a JSON
//! object, and somebody has to look closely ([`super::literal`] does, and says what is wrong). Must not: pass what the
//! close look would not, nor find anything else.

use std::ops::Range;

/// Deeper than this, somebody has to look closely.
const DEEPEST: usize = 64;

/// A string literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// Its place in the record, quotes included.
    pub span: Range<usize>,
    /// Whether it holds a backslash.
    pub is_escaped: bool,
}

/// Adds the literals of the fields `names` in a record to `found`, in their order. `None`: it takes a closer look.
pub fn find(record: &[u8], names: &[&str], found: &mut Vec<Literal>) -> Option<()> {
    let mut skim = Skim { bytes: record, at: 0, found };
    skim.blank();
    skim.object(names, 0)?;
    skim.blank();
    (skim.at == record.len()).then_some(())
}

/// Puts what a literal says into `said`; `inner` is what stands between its quotes. `None`: it takes a closer look.
pub fn say(inner: &str, said: &mut String) -> Option<()> {
    said.clear();
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        said.push_str(&rest[..at]);
        let (c, len) = escape(rest.get(at + 1..)?)?;
        said.push(c);
        rest = rest.get(at + 1 + len..)?;
    }
    said.push_str(rest);
    Some(())
}

/// The character that an escape stands for, and how many bytes it takes without its backslash. No half characters.
fn escape(rest: &str) -> Option<(char, usize)> {
    let unit = |from: usize| u32::from_str_radix(rest.get(from..from + 4)?, 16).ok();
    let c = match rest.as_bytes().first()? {
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        c @ (b'"' | b'\\' | b'/') => char::from(*c),
        b'u' => {
            let high = unit(1)?;
            if let Some(c) = char::from_u32(high) {
                return Some((c, 5));
            }
            let low = unit(7).filter(|low| (0xDC00..0xE000).contains(low))?;
            let is_pair = high < 0xDC00 && rest.get(5..7) == Some("\\u");
            let c = char::from_u32(0x1_0000 + ((high & 0x3FF) << 10 | low & 0x3FF)).filter(|_| is_pair)?;
            return Some((c, 11));
        }
        _ => return None,
    };
    Some((c, 1))
}

struct Skim<'r> {
    bytes: &'r [u8],
    at: usize,
    found: &'r mut Vec<Literal>,
}

impl Skim<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Goes over one byte, if it is that one.
    fn take(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    /// Goes over that byte, which has to be there.
    fn one(&mut self, byte: u8) -> Option<()> {
        self.take(byte).then_some(())
    }

    fn expect(&mut self, bytes: &[u8]) -> Option<()> {
        let is_there = self.bytes[self.at..].starts_with(bytes);
        self.at += bytes.len();
        is_there.then_some(())
    }

    /// Goes over an object and notes the fields in it.
    fn object(&mut self, names: &[&str], depth: usize) -> Option<()> {
        self.one(b'{')?;
        self.blank();
        if self.take(b'}') {
            return Some(());
        }
        if depth == DEEPEST {
            return None;
        }
        loop {
            let start = self.at + 1;
            // An escape in a key may spell a name.
            if self.string()? {
                return None;
            }
            let key = &self.bytes[start..self.at - 1];
            self.blank();
            self.one(b':')?;
            self.blank();
            self.field(key, names, depth)?;
            self.blank();
            if !self.take(b',') {
                return self.one(b'}');
            }
            self.blank();
        }
    }

    /// Goes over the value of a key.
    fn field(&mut self, key: &[u8], names: &[&str], depth: usize) -> Option<()> {
        if !key.is_ascii() && str::from_utf8(key).is_err() {
            return None;
        }
        if names.is_empty() {
            return self.value(depth + 1);
        }
        if names.iter().any(|name| name.as_bytes() == key) {
            if self.peek() != Some(b'"') {
                return self.value(depth + 1);
            }
            let start = self.at;
            let is_escaped = self.string()?;
            self.found.push(Literal { span: start..self.at, is_escaped });
            return Some(());
        }
        let below = |name: &&str| name.as_bytes().strip_prefix(key).is_some_and(|rest| rest.starts_with(b"."));
        if !names.iter().any(below) {
            return self.value(depth + 1);
        }
        // A dot stands right behind the key.
        let names: Vec<&str> =
            names.iter().filter(|name| below(name)).filter_map(|name| name.get(key.len() + 1..)).collect();
        self.on_the_way(&names, depth + 1)
    }

    /// Goes over a value that is on the way to fields.
    fn on_the_way(&mut self, names: &[&str], depth: usize) -> Option<()> {
        match self.peek()? {
            b'{' => self.object(names, depth),
            b'[' => self.list(names, depth),
            _ => self.value(depth),
        }
    }

    fn list(&mut self, names: &[&str], depth: usize) -> Option<()> {
        self.one(b'[')?;
        self.blank();
        if self.take(b']') {
            return Some(());
        }
        if depth == DEEPEST {
            return None;
        }
        loop {
            self.on_the_way(names, depth + 1)?;
            self.blank();
            if !self.take(b',') {
                return self.one(b']');
            }
            self.blank();
        }
    }

    /// Goes over a value that nobody asked for.
    fn value(&mut self, depth: usize) -> Option<()> {
        match self.peek()? {
            b'"' => self.string().map(|_| ()),
            b'{' => self.object(&[], depth),
            b'[' => self.list(&[], depth),
            b't' => self.expect(b"true"),
            b'f' => self.expect(b"false"),
            b'n' => self.expect(b"null"),
            _ => self.number(),
        }
    }

    fn number(&mut self) -> Option<()> {
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    /// Goes over a string; says whether it holds a backslash.
    fn string(&mut self) -> Option<bool> {
        self.one(b'"')?;
        let mut is_escaped = false;
        loop {
            self.at += plain(&self.bytes[self.at..]);
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(is_escaped);
                }
                b'\\' => {
                    is_escaped = true;
                    self.at += match self.bytes.get(self.at + 1)? {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
                        b'u' => {
                            let digits = self.bytes.get(self.at + 2..self.at + 6)?;
                            digits.iter().all(u8::is_ascii_hexdigit).then_some(6)?
                        }
                        _ => return None,
                    };
                }
                _ => return None,
            }
        }
    }
}

/// How many bytes come before the first quote, backslash or control character. Eight at a time: a byte is found by what it
/// becomes 0 with, and 0 by the borrow of taking 1 from it. The lowest hit is exact, for a borrow goes upward only.
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 0xFF;
    let repeated = |byte: u8| ONES * u64::from(byte);
    let (words, rest) = bytes.as_chunks::<8>();
    let mut at = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let is_zero = |word: u64| word.wrapping_sub(ONES) & !word;
        let hits = is_zero(word ^ repeated(b'"'))
            | is_zero(word ^ repeated(b'\\'))
            | word.wrapping_sub(repeated(b' ')) & !word;
        let hits = hits & repeated(0x80);
        if hits != 0 {
            return at + hits.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + rest.iter().take_while(|byte| **byte >= b' ' && !matches!(**byte, b'"' | b'\\')).count()
}

#[cfg(test)]
mod tests {
    use super::super::literal::{self, Fields};
    use super::*;

    /// What is found at a glance; checks that it is what the close look finds.
    fn glance(record: &[u8], names: &[&str]) -> Option<Vec<Range<usize>>> {
        let mut found = Vec::new();
        find(record, names, &mut found)?;
        let owned: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let spans: Vec<_> = found.iter().map(|literal| literal.span.clone()).collect();
        for literal in &found {
            assert_eq!(literal.is_escaped, record[literal.span.clone()].contains(&b'\\'));
        }
        // A field that is no UTF-8 is for the caller to see, who reads it as text.
        if spans.iter().all(|span| str::from_utf8(&record[span.clone()]).is_ok()) {
            let close = literal::find(record, &Fields::new(&owned));
            assert_eq!(close.as_ref(), Ok(&spans), "{}", String::from_utf8_lossy(record));
        }
        Some(spans)
    }

    #[test]
    fn records_of_every_shape() {
        for (record, names, count) in [
            (r#"{}"#, &["text"][..], 0),
            ("\t{ } \r\n", &["text"], 0),
            (r#"{"text":"a","n":-1.5e+3,"t":true,"f":false,"z":null,"l":[],"o":{}}"#, &["text"], 1),
            (r#"{"text":"a\"\\\/\b\f\n\r\t\u00e9b","text":"c"}"#, &["text"], 2),
            (r#"{"a":{"b":"x","c":["y",{"b":"z"},[{"b":"w"}]]},"b":3,"a.b":"dotted"}"#, &["a.b", "a.c.b"], 4),
            (
                r#"{"text":["a"],"é":"b","long key of more than eight bytes":"and a long text, é too, in it"}"#,
                &["é"],
                1,
            ),
            (r#"{"text":{"text":"a"},"x":{"text":"b"}}"#, &["text", "x"], 0),
            (r#"{"n":0,"m":[0,1.0,2E5,[[{}]]],"text":"0123456789abcdef\ud800"}"#, &["text"], 1),
        ] {
            assert_eq!(glance(record.as_bytes(), names).map(|spans| spans.len()), Some(count), "{record}");
        }
    }

    #[test]
    fn what_is_no_object_is_not_passed() {
        for bad in [
            "",
            " ",
            "[1]",
            "3",
            "{",
            "}",
            r#"{"a":}"#,
            r#"{"a":1} x"#,
            "{'a':1}",
            "null",
            r#"{"a":01}"#,
            r#"{"a":1,}"#,
            r#"{,}"#,
            r#"{"a"}"#,
            r#"{"a":1 "b":2}"#,
            r#"{"a":tru}"#,
            r#"{"a":+1}"#,
            r#"{"a":1.}"#,
            r#"{"a":.5}"#,
            r#"{"a":1e}"#,
            r#"{"a":-}"#,
            r#"{"a":[1,]}"#,
            r#"{"a":[1"#,
            r#"{"a":"b"#,
            r#"{"a":"\x"}"#,
            r#"{"a":"\u12g4"}"#,
            "{\"a\":\"tab\there\"}",
            "{\"a\":\"0123456\n\"}",
            "\u{c}{}",
            "{}{}",
            "\u{feff}{}",
            r#"{"a":NaN}"#,
        ] {
            assert_eq!(glance(bad.as_bytes(), &["a"]), None, "{bad}");
            assert!(literal::find(bad.as_bytes(), &Fields::new(&["a".to_owned()])).is_err(), "{bad}");
        }
        assert_eq!(glance(b"{\"\xFF\":1}", &[]), None);
    }

    #[test]
    fn what_is_deep_takes_a_closer_look() {
        let deep = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(glance(deep(50).as_bytes(), &["a.b"]).is_some());
        assert!(glance(deep(100).as_bytes(), &["a.b"]).is_none());
        assert!(glance(deep(1_000_000).as_bytes(), &["a"]).is_none());
    }

    #[test]
    fn a_string_ends_wherever_it_does() {
        for len in 0..40 {
            for end in [b'"', b'\\', 0x1F, 0, b'\n'] {
                for fill in [b'a', b' ', b'!', b'#', b'[', b']', 0x7F, 0x80, 0xA2, 0xDC, 0xFF] {
                    let mut bytes = vec![fill; len];
                    bytes.push(end);
                    bytes.extend([b'"'; 9]);
                    assert_eq!(plain(&bytes), len, "{fill:x} {end:x}");
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn what_passes_is_what_the_close_look_finds(
            record in r#"[ ]?\{("(a|b|a\.b|é)":("[é\\"n ]{0,3}"|[0-9.e-]{1,3}|true|null|\{"b":"x"\}|\["y",\{"b":"z"\}\]|\[\]),?){0,3}\}[ }]?"#,
        ) {
            glance(record.as_bytes(), &["a", "a.b"]);
            glance(record.as_bytes(), &["a.b", "é"]);
        }

        #[test]
        fn a_literal_says_what_it_says(inner in r#"([aé]|\\[nrtbf/"\\]|\\u(00[46][1Ee]|d83d|de00|D83D\\uDE00|20ac)){0,6}"#) {
            let raw = format!("\"{inner}\"");
            let mut said = String::new();
            let is_said = say(&inner, &mut said).is_some();
            assert_eq!(is_said.then_some(said), literal::text(&raw).map(|text| text.into_owned()), "{raw}");
        }

        #[test]
        fn any_bytes(record in r#"[{}\[\],:"\\a1 .-]{0,12}"#) {
            glance(record.as_bytes(), &["a"]);
        }
    }
}
