//! Does a file still parse once it is repaired, and has it the same parts?
//!
//! In: the text of a file as it is and as it will be, and its kind. Out: whether the repair keeps its form: JSON and TOML that
//! parse still do, a table has the same rows and cells, and markup the same tags, attributes and references. Nothing is said of
//! a file that did not parse before, nor of kinds without such a check; there it is the engine alone that lets no mark of the
//! kind in. Must not: change anything.

use serde::de::IgnoredAny;

use crate::source::Kind;

/// Whether anything is known of the form of such files.
pub fn is_known(kind: Kind) -> bool {
    matches!(kind, Kind::Json | Kind::Toml | Kind::Table | Kind::Markup)
}

/// Why a file must not become that; none when it may.
pub fn broken(kind: Kind, before: &str, after: &str) -> Option<&'static str> {
    let differs = match kind {
        Kind::Json => json(before).is_some_and(|documents| json(after) != Some(documents)),
        Kind::Toml => toml(before) && !toml(after),
        Kind::Table => table(before) != table(after),
        Kind::Markup => markup(before) != markup(after),
        _ => false,
    };
    let why = match kind {
        Kind::Json => "it would be no valid JSON any more",
        Kind::Toml => "it would be no valid TOML any more",
        Kind::Table => "it would have other rows or cells",
        _ => "it would have other tags, attributes or references",
    };
    differs.then_some(why)
}

/// The number of JSON documents in a text; none when it is no JSON.
fn json(text: &str) -> Option<usize> {
    let text = text.trim_start_matches('\u{feff}');
    let mut count = 0;
    for document in serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>() {
        document.ok()?;
        count += 1;
    }
    Some(count)
}

fn toml(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').parse::<toml::Table>().is_ok()
}

/// The number of cells in each row, by commas, semicolons and tabs outside of quotes.
fn table(text: &str) -> Vec<[usize; 3]> {
    let mut rows = vec![[0; 3]];
    let mut quoted = false;
    for byte in text.bytes() {
        let last = rows.len() - 1;
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b',' => rows[last][0] += 1,
            b';' => rows[last][1] += 1,
            b'\t' => rows[last][2] += 1,
            b'\n' => rows.push([0; 3]),
            _ => {}
        }
    }
    rows
}

/// Everything in markup that is no text: tags without the values of their attributes, and where references stand.
fn markup(text: &str) -> String {
    let mut out = String::new();
    let mut quote = None;
    let mut inside = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' | '\'' if inside && quote.is_none() => quote = Some(c),
            _ if quote == Some(c) => quote = None,
            '<' if quote.is_none() => inside = true,
            '>' if quote.is_none() => {
                inside = false;
                out.push('>');
            }
            // A reference may become a letter, or another one, but a bare ampersand must not become one.
            '&' if !is_reference(&text[at + 1..]) => out.push('&'),
            _ => {}
        }
        if inside && (quote.is_none() || quote == Some(c)) && c.is_ascii() && c != '&' {
            out.push(c);
        }
    }
    out
}

/// Whether what stands behind an ampersand makes it a reference.
fn is_reference(rest: &str) -> bool {
    let len = rest.bytes().take(32).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
    len > 0 && rest[len..].starts_with(';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_text_only_keeps_the_form() {
        for (kind, before, after) in [
            (Kind::Json, r#"{"a": "x"}"#, r#"{"a": "\"y\""}"#),
            (Kind::Json, "{\"a\": 1}\n{\"a\": 2}", "{\"a\": 1}\n{\"a\": 3}"),
            (Kind::Json, "{no json", "{\"neither"),
            (Kind::Toml, "a = 'x'", "a = 'y'"),
            (Kind::Table, "a;\"b;c\"\nd;e", "x;\"y;z;\"\nw;"),
            (Kind::Markup, "<p title='a'>&Atilde;&copy; &amp; b & c<br/>", "<p title='b'>&eacute; &amp; d & e<br/>"),
            (Kind::Python, "'", "\""),
        ] {
            assert_eq!(broken(kind, before, after), None, "{before} {after}");
        }
    }

    #[test]
    fn what_breaks_it_is_noticed() {
        for (kind, before, after) in [
            (Kind::Json, r#"{"a": "x"}"#, r#"{"a": "x""}"#),
            (Kind::Json, "1\n2", "12"),
            (Kind::Toml, "a = 'x'", "a = ''x'"),
            (Kind::Table, "a;b", "a;b;c"),
            (Kind::Table, "a,b\nc,d", "a,\"b\nc,d"),
            (Kind::Markup, "<p>a", "<p><b>a"),
            (Kind::Markup, "<p title='a'>", "<p title='a' b'>"),
            (Kind::Markup, "a b", "a & b"),
        ] {
            assert!(broken(kind, before, after).is_some(), "{before} {after}");
        }
    }
}
