//! String literals of a JSON record: where they are, what they say, and how to change a part of what they say.
//!
//! In: a line, and the names of fields. Out: the places of their literals, their text, and literals with edits made in
//! the style they were written in. Must not: write anything anew that no edit touches.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt::Write;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::edit::Edit;

/// Names of fields; a dot leads deeper, and lists are looked into.
#[derive(Clone, Debug)]
pub struct Fields(Vec<String>);

impl Fields {
    /// These fields.
    pub fn new(names: &[String]) -> Fields {
        Fields(names.to_vec())
    }

    /// Their names.
    pub fn names(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }
}

/// The literals of the fields in a record, quotes included, in their order.
///
/// # Errors
/// When the line is no JSON object, with the reason.
pub fn find(record: &[u8], fields: &Fields) -> Result<Vec<Range<usize>>, String> {
    if record.iter().find(|b| !b.is_ascii_whitespace()) != Some(&b'{') {
        return Err("it does not begin with `{`".to_owned());
    }
    let found = RefCell::new(Vec::new());
    let names = fields.names();
    let mut parser = serde_json::Deserializer::from_slice(record);
    let look = Look { names: &names, found: &found, base: record.as_ptr() as usize };
    (&mut parser).deserialize_map(look).and_then(|()| parser.end()).map_err(|e| {
        // The line is always the first: each record is parsed by itself.
        let said = e.to_string();
        let said = said.split(" at line ").next().unwrap_or_default();
        format!("{said} (column {})", e.column())
    })?;
    Ok(found.into_inner())
}

/// Looks for the fields in one object or list.
#[derive(Clone, Copy)]
struct Look<'a> {
    names: &'a [&'a str],
    found: &'a RefCell<Vec<Range<usize>>>,
    base: usize,
}

impl Look<'_> {
    /// Looks into a value that is on the way to a field.
    fn into_value(self, raw: &RawValue) -> Result<(), serde_json::Error> {
        let mut parser = serde_json::Deserializer::from_str(raw.get());
        match raw.get().as_bytes().first() {
            Some(b'{') => parser.deserialize_map(self),
            Some(b'[') => parser.deserialize_seq(self),
            _ => Ok(()),
        }
    }
}

impl<'de> Visitor<'de> for Look<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Key(self.names))? {
            match key {
                Found::Here => {
                    // Not read as text yet: half a character in it is no fault of the record.
                    let raw: &RawValue = map.next_value()?;
                    let raw = raw.get();
                    if raw.starts_with('"') {
                        let start = raw.as_ptr() as usize - self.base;
                        self.found.borrow_mut().push(start..start + raw.len());
                    }
                }
                Found::Below(names) => {
                    Look { names: &names, ..self }.into_value(map.next_value()?).map_err(A::Error::custom)?;
                }
                Found::Not => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(raw) = seq.next_element::<&RawValue>()? {
            self.into_value(raw).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

/// Compares a key with names, without keeping it.
struct Key<'a>(&'a [&'a str]);

/// What a key is.
enum Found<'a> {
    /// One of the fields.
    Here,
    /// On the way to these.
    Below(Vec<&'a str>),
    /// Neither.
    Not,
}

impl<'de, 'a> DeserializeSeed<'de> for Key<'a> {
    type Value = Found<'a>;

    fn deserialize<D: Deserializer<'de>>(self, key: D) -> Result<Found<'a>, D::Error> {
        key.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for Key<'a> {
    type Value = Found<'a>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Found<'a>, E> {
        if self.0.contains(&key) {
            return Ok(Found::Here);
        }
        let below: Vec<&str> = self.0.iter().filter_map(|name| name.strip_prefix(key)?.strip_prefix('.')).collect();
        Ok(if below.is_empty() { Found::Not } else { Found::Below(below) })
    }
}

/// What a literal says; none when that is no text, for it holds half a character (a lone surrogate).
pub fn text(raw: &str) -> Option<Cow<'_, str>> {
    let inner = inner(raw)?;
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Some(Cow::Borrowed(inner));
    }
    serde_json::from_str::<String>(raw).ok().map(Cow::Owned)
}

/// A literal with edits made; their spans count in what it says. None when a span is not at the border of a character.
///
/// What no edit touches is copied as it was written. New characters are escaped when the literal is all ASCII, with
/// digits in the case that it uses.
pub fn edited(raw: &str, edits: &[Edit]) -> Option<String> {
    let inner = inner(raw)?;
    let mut out = String::with_capacity(raw.len());
    out.push('"');
    let (mut at, mut said, mut copied) = (0, 0, 0);
    let mut reach = |target: u64| {
        while (said as u64) < target {
            let (written, says) = unit(&inner[at..])?;
            (at, said) = (at + written, said + says);
        }
        (said as u64 == target).then_some(at)
    };
    let style = Style::of(inner);
    for edit in edits {
        out.push_str(&inner[copied..reach(edit.span.start)?]);
        style.push(&mut out, std::str::from_utf8(&edit.after).ok()?);
        copied = reach(edit.span.end)?;
    }
    out.push_str(&inner[copied..]);
    out.push('"');
    Some(out)
}

/// A literal without its quotes.
fn inner(raw: &str) -> Option<&str> {
    raw.strip_prefix('"')?.strip_suffix('"')
}

/// How many bytes the first character of a literal takes as it is written, and how many as text.
fn unit(rest: &str) -> Option<(usize, usize)> {
    let mut chars = rest.chars();
    let first = chars.next()?;
    if first != '\\' {
        return Some((first.len_utf8(), first.len_utf8()));
    }
    if chars.next()? != 'u' {
        return Some((2, 1));
    }
    let number = |from: usize| u16::from_str_radix(rest.get(from..from + 4)?, 16).ok();
    let high = number(2)?;
    match char::from_u32(u32::from(high)) {
        Some(c) => Some((6, c.len_utf8())),
        // A pair of surrogates; that there is a second one was seen when the text was read.
        None => Some((12, 4)),
    }
}

/// How a literal writes what is not ASCII.
#[derive(Clone, Copy)]
struct Style {
    escaped: bool,
    upper: bool,
}

impl Style {
    fn of(inner: &str) -> Style {
        let escapes = inner.match_indices("\\u").filter_map(|(i, _)| inner.get(i + 2..i + 6));
        let digits: String = escapes.collect();
        let upper =
            digits.contains(|c: char| c.is_ascii_uppercase()) && !digits.contains(|c: char| c.is_ascii_lowercase());
        Style { escaped: inner.is_ascii(), upper }
    }

    fn push(self, out: &mut String, text: &str) {
        for c in text.chars() {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                c if c < ' ' || (self.escaped && !c.is_ascii()) => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        // Writing to a string does not fail.
                        let _ = if self.upper { write!(out, "\\u{unit:04X}") } else { write!(out, "\\u{unit:04x}") };
                    }
                }
                c => out.push(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::{Chain, Confidence, Span};

    fn edit(start: u64, before: &str, after: &str) -> Edit {
        Edit {
            span: Span::new(start, start + before.len() as u64),
            before: before.into(),
            after: after.into(),
            chain: Chain::default(),
            rules: Default::default(),
            confidence: Confidence::Certain,
            lossy: false,
            odds: 0.0,
            place: Default::default(),
        }
    }

    fn found(record: &str, names: &[&str]) -> Result<Vec<String>, String> {
        let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
        let spans = find(record.as_bytes(), &Fields::new(&names))?;
        Ok(spans.into_iter().map(|span| record[span].to_owned()).collect())
    }

    #[test]
    fn fields_are_found_at_any_depth() {
        let record = r#" {"a": {"b": "x", "c": ["y", {"b": "z"}]}, "b": 3, "a.b": "dotted", "a": "again"} "#;
        assert_eq!(found(record, &["a.b"]).unwrap(), [r#""x""#, r#""dotted""#]);
        assert_eq!(found(record, &["a.c.b", "a"]).unwrap(), [r#""again""#]);
        assert_eq!(found(record, &["a.c.b"]).unwrap(), [r#""z""#]);
        assert_eq!(found(record, &["b"]).unwrap(), [""; 0]);
    }

    #[test]
    fn what_is_no_object_is_an_error() {
        for bad in ["[1]", "3", "{", r#"{"a":}"#, r#"{"a":1} x"#, "{'a':1}", "null", r#"{"a":01}"#] {
            assert!(found(bad, &["a"]).is_err(), "{bad}");
        }
        assert!(find(b"{\"text\":\"\xFF\"}", &Fields::new(&["text".to_owned()])).is_err());
    }

    #[test]
    fn half_a_character_is_no_text_but_no_error() {
        let record = r#"{"text":"\ud800","b":["\udc00"]}"#;
        assert_eq!(found(record, &["text", "b.c"]).unwrap(), [r#""\ud800""#]);
        assert_eq!(text(r#""\ud800""#), None);
        assert_eq!(text(r#""\ud83d\ude00""#).unwrap(), "😀");
    }

    #[test]
    fn only_what_changes_is_written_anew() {
        let raw = r#""\u0041\/ â€™ \"\n""#;
        assert_eq!(text(raw).unwrap(), "A/ â€™ \"\n");
        assert_eq!(edited(raw, &[edit(3, "â€™", "’")]).unwrap(), r#""\u0041\/ ’ \"\n""#);
        let lower = r#""\u00e2\u20ac\u2122\ud83d\ude00\u00e2\u20ac\u2122""#;
        let edits = [edit(0, "â€™", "’"), edit(12, "â€™", "😀\"")];
        assert_eq!(edited(lower, &edits).unwrap(), r#""\u2019\ud83d\ude00\ud83d\ude00\"""#);
        let upper = r#""\u00E2\u20AC\u2122""#;
        assert_eq!(edited(upper, &[edit(0, "â€™", "é")]).unwrap(), r#""\u00E9""#);
        assert_eq!(edited(upper, &[edit(1, "x", "y")]), None);
    }

    proptest::proptest! {
        #[test]
        fn an_edited_literal_says_the_edited_text(
            pieces in proptest::collection::vec(("[a\\\\\"/\n\u{1}é😀]{0,3}", "[â€™😀\n\"]{1,3}", "[’\\\\\u{2}😀é]{0,2}"), 0..4),
            ascii: bool,
        ) {
            let (mut said, mut wanted, mut edits) = (String::new(), String::new(), Vec::new());
            for (kept, before, after) in &pieces {
                said.push_str(kept);
                wanted.push_str(kept);
                edits.push(edit(said.len() as u64, before, after));
                said.push_str(before);
                wanted.push_str(after);
            }
            let mut raw = serde_json::to_string(&said).unwrap();
            if ascii {
                let escape = |c: char| c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
                raw = raw.chars().map(|c| if c.is_ascii() { c.to_string() } else { escape(c) }).collect();
            }
            let new = edited(&raw, &edits).unwrap();
            assert_eq!(text(&new).unwrap(), wanted);
            assert!(!ascii || new.is_ascii());
        }
    }
}
