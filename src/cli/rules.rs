//! `unbake rules` and `unbake help RULE`: what can be asked for besides repair.

use std::io::Write;
use std::path::Path;

use super::args::Color;
use super::{FINE, finish};
use crate::config::Config;
use crate::edit::{Pass, Rule};
use crate::engine::Engine;
use crate::error::Error;
use crate::report::{Look, list};

/// Lists all rules.
///
/// # Errors
/// When the output cannot be written.
pub fn run() -> Result<u8, Error> {
    let mut out = crate::report::output();
    let wide = Rule::ALL.map(|rule| typed(rule).len()).into_iter().max().unwrap_or(0);
    list::line(&mut out, "Passes, off until named with --normalize or in the settings:")?;
    for rule in Rule::ALL.into_iter().filter(|rule| !rule.reports() && *rule != Rule::Utf8) {
        list::line(&mut out, format_args!("  {:wide$}  {}", typed(rule), rule.about()))?;
    }
    list::line(
        &mut out,
        "What `check` reports and nothing changes, off until named with --report or in the settings:",
    )?;
    for rule in Rule::ALL.into_iter().filter(|rule| rule.reports()) {
        list::line(&mut out, format_args!("  {:wide$}  {}", rule.name(), rule.about()))?;
    }
    list::line(&mut out, "With --to utf-8:")?;
    list::line(&mut out, format_args!("  {:wide$}  {}", Rule::Utf8.name(), Rule::Utf8.about()))?;
    list::line(&mut out, "`unbake help RULE` has an example of each.")?;
    finish(out, FINE)
}

/// Explains one rule.
///
/// # Errors
/// When the output cannot be written.
pub fn explain(rule: Rule, color: Color) -> Result<u8, Error> {
    let mut out = crate::report::output();
    let look = Look::stdout(color.into());
    list::line(&mut out, format_args!("{rule}: {}", rule.about()))?;
    out.write_all(b"\n")?;
    if rule.reports() {
        let engine = Engine::new(Config { report: vec![rule], ..Config::default() });
        list::line(&mut out, format_args!("With check --report {rule}, or report = [\"{rule}\"] in the settings:"))?;
        for remark in engine.plan(reported(rule).as_bytes()).remarks() {
            list::remark(&mut out, look, Path::new("example.txt"), remark)?;
        }
        out.write_all(b"\n")?;
        let mark = format_args!("Nothing is changed. `unbake: ignore[{rule}]` in a line says that it is meant there.");
        list::line(&mut out, mark)?;
        return finish(out, FINE);
    }
    for pass in Pass::all().filter(|pass| pass.rule() == rule) {
        let engine = Engine::new(Config { normalize: vec![pass], ..Config::default() });
        list::line(&mut out, format_args!("With --normalize {pass}, or normalize = [\"{pass}\"] in the settings:"))?;
        for edit in engine.plan(example(pass).as_bytes()).edits() {
            list::write(&mut out, look, Path::new("example.txt"), edit)?;
        }
        out.write_all(b"\n")?;
    }
    if rule == Rule::Utf8 {
        list::line(&mut out, "With `unbake fix --to utf-8`, or check or diff: a file is converted as a whole.")?;
        return finish(out, FINE);
    }
    list::line(&mut out, "A run that still looks broken is left as it is. `unbake diff` shows what would change.")?;
    finish(out, FINE)
}

/// A rule as it is typed, with what there is to choose.
fn typed(rule: Rule) -> String {
    let choices = Pass::all().filter(|pass| pass.rule() == rule).filter_map(Pass::choice);
    let choices: Vec<&str> = choices.collect();
    match &choices[..] {
        [] => rule.name().to_owned(),
        [first, _, _, ..] => format!("{rule}={first}|LANG"),
        few => format!("{rule}={}", few.join("|")),
    }
}

/// A text in which a rule reports something.
fn reported(rule: Rule) -> &'static str {
    match rule {
        Rule::Bidi => "if (role != \"user\u{202e}\u{2066}// admins only\u{2069}\u{2066}\")\n",
        Rule::Invisible => "pass\u{200b}word = 'x'\n",
        Rule::Replacement => "a kaz\u{fffd} by the sea\n",
        Rule::MixedScript => "https://p\u{430}ypal.example\n",
        Rule::UnusedIgnore => "a plain line  # unbake: ignore\n",
        _ => "",
    }
}

/// A text in which a pass changes something.
fn example(pass: Pass) -> &'static str {
    use crate::edit::{Bom, Entities, Eol, Quotes};
    match pass {
        Pass::Utf7 => "the caf+AOk- of Smith +ACY- Son\n",
        Pass::Ansi => "\u{1b}[32mok\u{1b}[0m 12 tests\n",
        Pass::Controls => "a bell\u{7} in the text\n",
        Pass::Entities(Entities::Letters) => "the caf&eacute; of Smith &amp; Son\n",
        Pass::Entities(Entities::All) => "the caf&eacute; of Smith &amp; Son\n",
        Pass::Ligatures => "the ﬁrst of the oﬃces\n",
        Pass::Width => "ＡＢＣ　１２３ ｶﾞｽ\n",
        Pass::Spaces => "12\u{202f}000\u{a0}km, a soft\u{ad}ened word\n",
        Pass::Quotes(Quotes::Straight) => "it’s “right”\n",
        Pass::Quotes(_) => "it's \"right\"\n",
        Pass::Dashes => "1990–2020 — thirty years\n",
        Pass::Ellipsis => "wait…\n",
        Pass::Nfc => "a cafe\u{301} by the sea\n",
        Pass::Nfd => "a café by the sea\n",
        Pass::Nfkc => "the ﬁrst ½ of it\n",
        Pass::Nfkd => "the ﬁrst café\n",
        Pass::Bom(Bom::Strip) => "\u{feff}name,town\n",
        Pass::Bom(Bom::Add) => "name,town\n",
        Pass::Eol(Eol::Lf) => "one\r\ntwo\n",
        Pass::Eol(Eol::Crlf) => "one\r\ntwo\n",
        Pass::FinalNewline => "the last line",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_shows_what_its_rule_reports() {
        for rule in Rule::ALL.into_iter().filter(|rule| rule.reports()) {
            let engine = Engine::new(Config { report: vec![rule], ..Config::default() });
            let plan = engine.plan(reported(rule).as_bytes());
            assert!(plan.remarks().iter().any(|remark| remark.rule == rule), "{rule}");
        }
    }

    #[test]
    fn every_example_shows_what_its_pass_does() {
        for pass in Pass::all() {
            let engine = Engine::new(Config { normalize: vec![pass], ..Config::default() });
            let plan = engine.plan(example(pass).as_bytes());
            assert!(plan.edits().iter().any(|edit| edit.rules.has(pass.rule())), "{pass}");
        }
    }
}
