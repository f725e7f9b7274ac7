//! Does a file still parse once it is repaired, and has it the same parts?
//!
//! In: the text of a file as it is and as it will be, and its kind. Out: whether the repair keeps its form: JSON, TOML and YAML
//! that parse still do, YAML into the same mappings, lists and kinds of scalars; a table has the same rows and cells, markup the
//! same tags, attributes and references, and a style sheet the same punctuation. Nothing is said of a file that did not parse
//! before, nor of kinds without such a check; there it is the engine alone that lets no mark of the kind in. Must not: change
//! anything.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde::de::IgnoredAny;

use crate::source::Kind;

/// Whether anything is known of the form of such files.
pub fn is_known(kind: Kind) -> bool {
    matches!(kind, Kind::Json | Kind::Toml | Kind::Yaml | Kind::Table | Kind::Markup | Kind::Css)
}

/// Why a file must not become that; none when it may.
pub fn broken(kind: Kind, before: &str, after: &str) -> Option<&'static str> {
    let differs = match kind {
        Kind::Json => json(before).is_some_and(|documents| json(after) != Some(documents)),
        Kind::Toml => toml(before) && !toml(after),
        Kind::Yaml => !yaml_is_alike(before, after),
        Kind::Css => style(before) != style(after),
        Kind::Table => table(before) != table(after),
        Kind::Markup => markup(before) != markup(after),
        _ => false,
    };
    let why = match kind {
        Kind::Json => "it would be no valid JSON any more",
        Kind::Toml => "it would be no valid TOML any more",
        Kind::Yaml => "it would be no YAML any more, or have other parts",
        Kind::Css => "it would have other rules, strings or comments",
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

/// Whether YAML is made of the same parts as before; so is whatever was no YAML.
fn yaml_is_alike(before: &str, after: &str) -> bool {
    let (mut before, mut after) = (Parser::new_from_str(before), Parser::new_from_str(after));
    loop {
        let Some(old) = before.next() else { return after.next().is_none() };
        let Ok((old, _)) = old else { return true };
        let new = after.next();
        if !new.is_some_and(|new| new.is_ok_and(|(new, _)| is_same_part(&old, &new))) {
            return before.any(|event| event.is_err());
        }
    }
}

/// Whether two parts of YAML are the same but for what a scalar says.
fn is_same_part(old: &Event<'_>, new: &Event<'_>) -> bool {
    match (old, new) {
        (Event::Scalar(old, style, anchor, tag), Event::Scalar(new, new_style, new_anchor, new_tag)) => {
            let is_text = *style != ScalarStyle::Plain || old == new || is_surely_text(new);
            (style, anchor, tag) == (new_style, new_anchor, new_tag) && is_text
        }
        (old, new) => old == new,
    }
}

/// Whether a bare scalar is text to all who read it, and no number, date, truth value or nothing.
fn is_surely_text(scalar: &str) -> bool {
    const WORDS: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    !scalar.is_ascii()
        || scalar.starts_with(|c: char| c.is_ascii_alphabetic())
            && !WORDS.iter().any(|w| scalar.eq_ignore_ascii_case(w))
}

/// The punctuation of a style sheet, strings and comments as one mark each; they end as they should, or with their line.
fn style(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let len = match c {
            '/' if rest.starts_with("/*") => {
                rest.get(2..).and_then(|rest| rest.find("*/")).map_or(rest.len(), |at| at + 4)
            }
            '"' | '\'' => string_len(rest, c),
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            c => c.len_utf8(),
        };
        let whole = &rest[..len];
        match c {
            '/' if len > 1 => out.push_str(if len >= 4 && whole.ends_with("*/") { "/**/" } else { "/*" }),
            '"' | '\'' => out.extend([c].into_iter().chain(whole[1..].ends_with(c).then_some(c))),
            c if c.is_ascii_punctuation() && !matches!(c, '-' | '_') => out.push(c),
            _ => {}
        }
        rest = &rest[len..];
    }
    out
}

/// How long a string at the start of a piece of a style sheet is.
fn string_len(rest: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '\n' => return at,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
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
    // A line end at the end begins no row.
    if !quoted && text.ends_with('\n') {
        rows.pop();
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
    // unbake: off
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
            (
                Kind::Yaml,
                "a: &x Ã©\nb: [*x, 'Ã©', \"Ã©\"] # Ã©\n---\n- |\n  Ã©\n",
                "a: &x é\nb: [*x, 'é', \"é\"] # é\n---\n- |\n  é\n",
            ),
            (Kind::Yaml, "{{ no yaml: ]", "{{ neither"),
            (Kind::Css, "a::before{content:\"Ã©\\\"\"}/* Ã© ; */", "a::before{content:\"é\\\"\"}/* é */"),
            (Kind::Css, "a{b:url(x y)} // it's\nc{}", "a{b:url(z)} // it's\nc{}"),
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
            (Kind::Yaml, "a: Ã b", "a: : b"),
            (Kind::Yaml, "a: 'Ã©'", "a: 'é"),
            (Kind::Yaml, "a: Ã©", "a: 'é'"),
            (Kind::Yaml, "a: Ã©", "a: 12"),
            (Kind::Yaml, "- Ã©\n- b", "- é\n b"),
            (Kind::Yaml, "a: Ã©", "a: # é"),
            (Kind::Yaml, "a: Ã©\nb: c", "a: é\nb: c: d"),
            (Kind::Css, "a{content:\"Ã©\"}", "a{content:\"é\"\"}"),
            (Kind::Css, "a{content:\"Ã©\"}", "a{content:\"é}"),
            (Kind::Css, "a{/* Ã */b:c}", "a{/* é * /b:c}"),
            (Kind::Css, "a{b:Ã©}", "a{b:é;}"),
        ] {
            assert!(broken(kind, before, after).is_some(), "{before} {after}");
        }
    }
}
