//! A text in which characters may be escaped: which view of it is judged, and how what changes is written.
//!
//! In: a text and its kind. Out: its plan. A text whose escapes cannot be damaged is judged as it stands. What replaces escapes
//! is escaped in their style; and no edit brings in a quote, a delimiter, a line break or a mark of its kind of file that is not
//! escaped: what cannot be escaped there is refused.

use super::Engine;
use super::carry::{Site, carry};
use super::twice;
use crate::edit::{Edit, Plan, Rule, RuleSet};
use crate::source::Kind;
use crate::source::escapes::{self, Form};

/// So often a text is judged anew after a repair of what was escaped.
const ROUNDS: usize = 3;

/// The plan for a text of this kind.
pub fn plan(engine: &Engine, text: &str, kind: Kind) -> Plan {
    let (mut plan, is_view) = round(engine, text, kind);
    let may_be_view = !plan.is_empty() && (is_view || escapes::any(text.as_bytes(), kind));
    // Once what was escaped is right, the text is judged without its escapes, and may look otherwise; and once something is right
    // beside an escape, that may be suspect.
    for _ in 0..ROUNDS {
        if !may_be_view || plan.is_empty() {
            break;
        }
        let made = plan.apply(text.as_bytes()).ok().and_then(|made| String::from_utf8(made).ok());
        let Some(made) = made.filter(|made| is_view || escapes::are_suspect(made.as_bytes(), kind)) else { break };
        let (more, _) = round(engine, &made, kind);
        if more.is_empty() {
            break;
        }
        plan = twice::both(text, &plan, &more);
    }
    plan
}

/// What one look at the text finds, and whether that was at a view of its escapes.
fn round(engine: &Engine, text: &str, kind: Kind) -> (Plan, bool) {
    let view = if escapes::are_suspect(text.as_bytes(), kind) {
        escapes::view(text, kind)
    } else {
        let plan = judged(engine, text, kind);
        let is_harmless = |edit: &Edit| {
            let (before, after) = (edit.before_text(), edit.after_text());
            brought_in(&before, &after).all(|(c, is_new)| !(is_new && has_meaning(c)) || is_line_end(c, edit.rules))
        };
        if is_text(kind) || plan.edits().iter().all(is_harmless) {
            return (plan, false);
        }
        escapes::view(text, Kind::Plain)
    };
    // No pass touches what is escaped: without damage near it none would see it.
    let plan = judged(engine, &view.text, kind)
        .retain(|edit| !(edit.only_normalizes() && view.map.changes(edit.span.range().start, edit.span.range().end)));
    let source = text.as_bytes();
    let plan = carry(plan, &view, source, Some(text), |site| {
        let escaped = view.map.changes(site.text.start, site.text.end);
        let form = if escaped { escapes::form(&source[site.source.clone()], kind) } else { None };
        write(site, form, kind, source)
    });
    (plan, true)
}

/// Whether no character has a meaning of its own in such files.
fn is_text(kind: Kind) -> bool {
    matches!(kind, Kind::Plain | Kind::Text)
}

/// The plan for a text that may have marks of its kind in it: no pass takes straight quotation marks from where they may be
/// such marks, nor the entities that stand for them.
fn judged(engine: &Engine, text: &str, kind: Kind) -> Plan {
    let plan = engine.plan(text.as_bytes());
    if is_text(kind) || kind == Kind::Mail || !engine.normalizer.changes_text() {
        return plan;
    }
    let count = |text: &[u8]| text.iter().filter(|byte| matches!(byte, b'\'' | b'"')).count();
    let is_markup = matches!(kind, Kind::Markup | Kind::Markdown);
    let takes = |edit: &Edit| {
        edit.rules.has(Rule::Quotes) && count(&edit.before) > count(&edit.after)
            || is_markup && edit.rules.has(Rule::Entities) && edit.after_text().chars().any(has_meaning)
    };
    plan.retain(|edit| !takes(edit))
}

/// Whether a character can have a meaning of its own in some kind of file.
fn has_meaning(c: char) -> bool {
    c.is_ascii() && !c.is_ascii_alphanumeric() && c != ' ' || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a character ends a line as the rules of an edit want it: who names these means the lines of any file.
fn is_line_end(c: char, rules: RuleSet) -> bool {
    matches!(c, '\r' | '\n') && (rules.has(Rule::Eol) || rules.has(Rule::FinalNewline))
}

/// The characters of `after`, each with whether there are more of it up to there than in `before`.
fn brought_in<'a>(before: &'a str, after: &'a str) -> impl Iterator<Item = (char, bool)> + 'a {
    let mut stock: Vec<char> = before.chars().filter(|&c| has_meaning(c)).collect();
    after.chars().map(move |c| match stock.iter().position(|&held| held == c) {
        Some(at) => {
            stock.swap_remove(at);
            (c, false)
        }
        None => (c, true),
    })
}

/// The bytes of an edit.
fn write(site: &Site<'_>, form: Option<Form>, kind: Kind, source: &[u8]) -> Result<Vec<u8>, String> {
    // Nearly all that is written is letters.
    if form.is_none() && !site.after.chars().any(has_meaning) {
        return Ok(site.after.as_bytes().to_vec());
    }
    let mut out = String::new();
    let mut ends_escaped = false;
    for (c, is_new) in brought_in(site.before, site.after) {
        let is_meant = is_new && has_meaning(c) && !is_line_end(c, site.rules);
        ends_escaped = false;
        match form {
            Some(form) if !c.is_ascii() || is_meant && kind != Kind::Java || c == ' ' && is_new && is_in_url(form) => {
                form.push(&mut out, c);
                ends_escaped = true;
            }
            None if is_meant => escape(&mut out, c, kind)?,
            Some(_) if is_meant => return Err(format!("it would bring in `{}`", c.escape_default())),
            _ => out.push(c),
        }
    }
    // C reads as many digits as there are.
    let next = source.get(site.source.end).is_some_and(u8::is_ascii_hexdigit);
    if kind == Kind::C && matches!(form, Some(Form::Hex(_))) && ends_escaped && next {
        let last = site.source.end.checked_sub(4).and_then(|at| source.get(at..site.source.end));
        if !last.is_some_and(|last| last.starts_with(b"\\x")) {
            return Err("the digit behind it would be read as a part of the escape".to_owned());
        }
    }
    Ok(out.into_bytes())
}

fn is_in_url(form: Form) -> bool {
    matches!(form, Form::Percent(_))
}

/// Writes a character that has a meaning of its own where nothing is escaped.
fn escape(out: &mut String, c: char, kind: Kind) -> Result<(), String> {
    match (kind, c) {
        (Kind::Plain | Kind::Text | Kind::Mail, _) => out.push(c),
        (Kind::Json, '"' | '\\') => out.extend(['\\', c]),
        (Kind::Json, c) if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        (Kind::Json, c) => out.push(c),
        (Kind::Markup | Kind::Markdown, '<' | '>' | '&' | '"' | '\'') => {
            let form = if c == '\'' { Form::Decimal(0) } else { Form::Named };
            form.push(out, c);
        }
        (Kind::Markup, c) if c >= ' ' => out.push(c),
        (Kind::Markdown, '.' | ',' | ';' | ':' | '?' | '/') => out.push(c),
        (Kind::Sql, '\'') => out.push_str("''"),
        (Kind::Sql | Kind::Properties | Kind::Catalogue, '.' | ',' | '?' | '-' | '/') => out.push(c),
        (Kind::Table, '.' | '?' | '-' | '/' | '\'') => out.push(c),
        _ => {
            let kind = Kind::names().find(|name| Kind::for_name(name) == Some(kind)).unwrap_or_default();
            return Err(format!(
                "it would bring in `{}`, which has a meaning of its own in {kind}",
                c.escape_default()
            ));
        }
    }
    Ok(())
}
