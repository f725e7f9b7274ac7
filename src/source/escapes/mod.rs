//! Characters that are written as escapes.
//!
//! In: text as it stands in a file. Out: the same with the escapes of characters outside ASCII put as these characters, and the
//! map back; and characters as escapes again, in the style of those that they replace. Escapes of ASCII stay as they are
//! written, so that quotes, line breaks and delimiters of the view are those of the file. So do escaped bytes that make no
//! UTF-8, and half characters. Must not: know of damage.

mod entity;
mod hex;
mod octal;
mod percent;
mod quoted;
mod unicode;

use std::fmt::Write;

use super::{Kind, View};
use crate::codec::{Encoding, Roles, is_c1, roles};

/// A way to write a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `\u00e9`, `\U000000e9` and `\u{e9}`.
    Unicode,
    /// The bytes of UTF-8 as `\xc3\xa9`.
    Hex,
    /// The bytes of UTF-8 as `\303\251`.
    Octal,
    /// `&eacute;`, `&#233;` and `&#xe9;`.
    Entity,
    /// The bytes of UTF-8 as `%C3%A9`.
    Percent,
    /// The bytes of UTF-8 as `=C3=A9`.
    Quoted,
}

/// An escaped character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Escaped {
    /// What it stands for; never ASCII.
    pub c: char,
    /// How many bytes it is written in.
    pub len: usize,
    /// How it is written.
    pub form: Form,
}

/// A form of a style: what there is to know to write another character alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `\u` and four digits, two of them for characters that need it.
    Unicode4(Case),
    /// `\U` and eight digits for what needs them; otherwise `\u` and four.
    Unicode8(Case),
    /// `\u{…}` with at least so many digits.
    Braces(Case, u8),
    /// `\xHH`.
    Hex(Case),
    /// `\OOO`.
    Octal,
    /// `&name;`.
    Named,
    /// `&#N;` with at least so many digits.
    Decimal(u8),
    /// `&#xH;`, or `&#XH;`, with at least so many digits.
    Hexadecimal(Case, bool, u8),
    /// `%HH`.
    Percent(Case),
    /// `=HH`.
    Quoted(Case),
}

/// The case of hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `a` to `f`; also where no digit shows it and nothing else is usual.
    Lower,
    /// `A` to `F`.
    Upper,
}

impl Case {
    /// The case of these digits; `usual` where none shows it.
    fn of(digits: &[u8], usual: Case) -> Case {
        match digits.iter().find(|digit| digit.is_ascii_alphabetic()) {
            Some(digit) if digit.is_ascii_uppercase() => Case::Upper,
            Some(_) => Case::Lower,
            None => usual,
        }
    }

    /// Writes a number with at least so many digits.
    fn push(self, out: &mut String, number: u32, digits: usize) {
        // Writing to a string does not fail.
        let _ = match self {
            Case::Lower => write!(out, "{number:0digits$x}"),
            Case::Upper => write!(out, "{number:0digits$X}"),
        };
    }
}

impl Style {
    /// The byte that such escapes begin with.
    fn lead(self) -> u8 {
        match self {
            Style::Unicode | Style::Hex | Style::Octal => b'\\',
            Style::Entity => b'&',
            Style::Percent => b'%',
            Style::Quoted => b'=',
        }
    }

    /// The escaped character at the start of `rest`, which begins with the lead.
    pub fn decode(self, rest: &[u8]) -> Option<Escaped> {
        match self {
            Style::Unicode => unicode::decode(rest),
            Style::Hex => hex::decode(rest),
            Style::Octal => octal::decode(rest),
            Style::Entity => entity::decode(rest),
            Style::Percent => percent::decode(rest),
            Style::Quoted => quoted::decode(rest),
        }
    }
}

impl Form {
    /// Writes a character, ASCII or not.
    pub fn push(self, out: &mut String, c: char) {
        match self {
            Form::Unicode4(_) | Form::Unicode8(_) | Form::Braces(..) => unicode::push(self, out, c),
            Form::Hex(case) => hex::push(case, out, c),
            Form::Octal => octal::push(out, c),
            Form::Named | Form::Decimal(_) | Form::Hexadecimal(..) => entity::push(self, out, c),
            Form::Percent(case) => percent::push(case, out, c),
            Form::Quoted(case) => quoted::push(case, out, c),
        }
    }
}

/// Decodes the bytes of one character of UTF-8, each of which is written alike: `byte` reads one from the start of what is left,
/// with the length that it is written in. The first of them is not ASCII.
fn utf_8(rest: &[u8], byte: impl Fn(&[u8]) -> Option<(u8, usize)>) -> Option<(char, usize)> {
    let mut bytes = [0; 4];
    let (first, mut len) = byte(rest)?;
    bytes[0] = first;
    let count = match first {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    for slot in &mut bytes[1..count] {
        let (next, more) = byte(rest.get(len..)?)?;
        *slot = next;
        len += more;
    }
    let (c, taken) = Encoding::Utf8.decode(&bytes[..count])?;
    (taken == count).then_some((c, len))
}

/// The value of hexadecimal digits, all of which are there.
fn hexadecimal(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, &digit| Some(value << 4 | char::from(digit).to_digit(16)?))
}

/// The leads of a kind's escapes, each once; at most three.
struct Leads([u8; 3]);

impl Leads {
    fn of(kind: Kind) -> Option<Leads> {
        let mut leads = kind.styles().iter().map(|style| style.lead());
        let mut all = [leads.next()?; 3];
        let mut count = 1;
        for lead in leads {
            if lead != all[count - 1] {
                all[count] = lead;
                count += 1;
            }
        }
        Some(Leads(all))
    }

    fn next(&self, bytes: &[u8]) -> Option<usize> {
        let [a, b, c] = self.0;
        if a == b { memchr::memchr(a, bytes) } else { memchr::memchr3(a, b, c, bytes) }
    }
}

/// The escaped character at `at`, or how many bytes there belong together and stay. `joined` if another character outside ASCII
/// ends there.
fn at(bytes: &[u8], at: usize, kind: Kind, joined: bool) -> Result<Escaped, usize> {
    let rest = &bytes[at..];
    let lead = rest.first().copied().unwrap_or_default();
    let styles = kind.styles().iter().filter(|style| style.lead() == lead);
    match styles.filter_map(|style| style.decode(rest)).next() {
        Some(escaped) if is_c1(escaped.c) && !joined && !is_in_a_word(bytes, at, at + escaped.len, kind) => {
            Err(escaped.len)
        }
        // So it is with the character for lost text.
        Some(escaped) if escaped.c == '\u{FFFD}' && !joined && kind.is_program() => Err(escaped.len),
        Some(escaped) => Ok(escaped),
        None if lead == b'\\' && kind.has_backslash() => Err(2.min(rest.len())),
        None => Err(1),
    }
}

/// Whether an escaped C1 control, alone, stands in a word, where it is windows-1252 read as ISO-8859-1. Who writes one in a
/// program means it, and so does who writes one by itself or in a range.
fn is_in_a_word(bytes: &[u8], start: usize, end: usize, kind: Kind) -> bool {
    let before = bytes[..start].last().copied().unwrap_or_default();
    let behind = bytes.get(end).copied().unwrap_or_default();
    let has = |is: fn(u8) -> bool| is(before) || is(behind);
    !kind.is_program() && has(|byte| byte.is_ascii_alphabetic()) && !has(|byte| byte == b'-')
}

/// The character that an HTML entity at the start of `rest` stands for, and how many bytes it takes.
pub fn entity(rest: &[u8]) -> Option<(char, usize)> {
    entity::reference(rest).map(|found| (found.c, found.len))
}

/// Whether anything in a text may begin an escape.
pub fn any(bytes: &[u8], kind: Kind) -> bool {
    Leads::of(kind).is_some_and(|leads| leads.next(bytes).is_some())
}

/// Whether escapes stand somewhere in a text that can be damaged: two characters side by side that can be a sequence of
/// UTF-8 in some code page, at least one of them escaped.
pub fn are_suspect(bytes: &[u8], kind: Kind) -> bool {
    let Some(leads) = Leads::of(kind) else { return false };
    let mut from = 0;
    // The escaped character that ends where the next may begin.
    let mut last: Option<(usize, char)> = None;
    while let Some(skip) = leads.next(&bytes[from..]) {
        let start = from + skip;
        let before = match last {
            Some((end, c)) if end == start => Some(c),
            _ => raw_before(bytes, start),
        };
        match at(bytes, start, kind, before.is_some()) {
            Ok(escaped) => {
                let end = start + escaped.len;
                // windows-1252 read as ISO-8859-1 is one such character alone.
                if is_c1(escaped.c) && matches!(escaped.form, Form::Unicode4(_) | Form::Unicode8(_) | Form::Braces(..))
                {
                    return true;
                }
                let after =
                    bytes.get(end).filter(|byte| !byte.is_ascii()).and_then(|_| Encoding::Utf8.decode(&bytes[end..]));
                if before.is_some_and(|before| can_be(before, escaped.c))
                    || after.is_some_and(|(after, _)| can_be(escaped.c, after))
                {
                    return true;
                }
                last = Some((end, escaped.c));
                from = end;
            }
            Err(len) => from = start + len,
        }
    }
    false
}

/// The character outside ASCII that ends before `at`.
fn raw_before(bytes: &[u8], at: usize) -> Option<char> {
    if bytes[..at].last()?.is_ascii() {
        return None;
    }
    let start = (1..=4).map_while(|back| at.checked_sub(back)).find(|&start| bytes[start] & 0xC0 != 0x80)?;
    Encoding::Utf8.decode(&bytes[start..at]).map(|(c, _)| c)
}

/// Whether two characters can be the beginning of a sequence of UTF-8 in one code page, single-byte or multi-byte.
fn can_be(a: char, b: char) -> bool {
    let (a_roles, b_roles): (&Roles, &Roles) = (roles(u32::from(a)), roles(u32::from(b)));
    let leads = a_roles.lead2 | a_roles.lead3 | a_roles.lead4;
    // UTF-8 read as a multi-byte page is mostly Han, Hangul or half-width Kana, as right text is.
    let cjk = |c: char| matches!(c, '\u{2E80}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF61}'..='\u{FF9F}');
    let surrogates = matches!(a, '\u{ED}') || matches!(a, '\u{80}'..='\u{9F}');
    leads & b_roles.trail != 0 || cjk(a) && cjk(b) || surrogates
}

/// A text with its escapes put as characters.
pub fn view(source: &str, kind: Kind) -> View {
    let mut view = View::default();
    let bytes = source.as_bytes();
    view.text.reserve(bytes.len());
    let Some(leads) = Leads::of(kind) else {
        view.text.push_str(source);
        view.map.same(bytes.len());
        return view;
    };
    let mut done = 0;
    let mut from = 0;
    while let Some(skip) = leads.next(&bytes[from..]) {
        let start = from + skip;
        let joined = done == start && start > 0 || raw_before(bytes, start).is_some();
        match at(bytes, start, kind, joined) {
            Ok(Escaped { c, len, .. }) => {
                view.text.push_str(&source[done..start]);
                view.map.same(start - done);
                view.text.push(c);
                view.map.push(1, c.len_utf8(), len);
                done = start + len;
                from = done;
            }
            Err(len) => from = start + len,
        }
    }
    view.text.push_str(&source[done..]);
    view.map.same(bytes.len() - done);
    view
}

/// The form of the first escape in a stretch of a source that begins at the start of a unit.
pub fn form(stretch: &[u8], kind: Kind) -> Option<Form> {
    let leads = Leads::of(kind)?;
    let mut from = 0;
    let mut found: Option<Form> = None;
    while let Some(skip) = leads.next(&stretch[from..]) {
        match at(stretch, from + skip, kind, true) {
            // A named one says nothing of the case of digits, and an escape without letters nothing either.
            Ok(escaped) => {
                let form = found.map_or(escaped.form, |known| known.with(escaped.form));
                found = Some(form);
                from += skip + escaped.len;
            }
            Err(len) => from += skip + len,
        }
    }
    found
}

impl Form {
    /// This form, in upper case if the other one of its kind is.
    fn with(self, other: Form) -> Form {
        match (self, other) {
            (Form::Unicode4(_), Form::Unicode4(Case::Upper))
            | (Form::Unicode8(_), Form::Unicode8(Case::Upper))
            | (Form::Braces(..), Form::Braces(Case::Upper, _))
            | (Form::Hexadecimal(..), Form::Hexadecimal(Case::Upper, ..))
            | (Form::Hex(_), Form::Hex(Case::Upper))
            | (Form::Decimal(_), Form::Named) => other,
            _ => self,
        }
    }
}
