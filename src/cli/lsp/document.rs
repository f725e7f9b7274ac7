//! A text that is open in an editor: what is broken in it, and what can be done about it.
//!
//! In: the text, and an engine. Out: diagnostics and actions, as JSON. Must not: change the text.

use std::ops::Range;
use std::path::Path;

use serde_json::{Value, json};

use super::position::{Lines, Units};
use crate::cli::args::LostArg;
use crate::cli::comment::Comment;
use crate::config::Config;
use crate::edit::{Confidence, Plan};
use crate::engine::Engine;

/// The kind of the action that repairs everything.
pub const FIX_ALL: &str = "source.fixAll.unbake";

/// As the protocol numbers them.
const WARNING: u8 = 2;
const INFORMATION: u8 = 3;

/// A text that is open.
#[derive(Debug)]
pub struct Document {
    /// The text.
    pub text: String,
    /// What language the editor says it is in.
    pub language: String,
    /// Which version of the text it is, by the editor's count.
    pub version: Option<i64>,
    lines: Lines,
    plan: Plan,
    counts_lost: bool,
}

impl Document {
    /// A text that nothing is known of yet.
    pub fn new(text: &str, language: &str, version: Option<i64>, units: Units) -> Document {
        let (text, language) = (text.to_owned(), language.to_owned());
        let lines = Lines::new(&text, units);
        Document { text, language, version, lines, plan: Plan::default(), counts_lost: false }
    }

    /// Looks into it, as into the file of this path.
    pub fn look(&mut self, engine: Engine, path: &Path, lost: LostArg) {
        // What the editor sends is decoded, whatever encoding the file is in.
        let config = Config { encoding: Some("utf-8".to_owned()), ..engine.config().clone() };
        let mut engine = Engine::try_new(config).unwrap_or(engine);
        if lost != LostArg::Ignore {
            engine = engine.finding_lost();
        }
        self.plan = engine.plan_file(self.text.as_bytes(), path);
        self.counts_lost = lost == LostArg::Count;
    }

    fn range(&self, span: Range<usize>) -> Value {
        let position = |at| self.lines.position(&self.text, at);
        json!({ "start": position(span.start), "end": position(span.end) })
    }

    /// What is broken.
    pub fn diagnostics(&self) -> Vec<Value> {
        let edits = (0..self.plan.edits().len()).map(|at| self.diagnostic(at));
        let lost = self.plan.lost().iter().map(|lost| {
            json!({
                "range": self.range(lost.span.range()),
                "severity": if self.counts_lost { WARNING } else { INFORMATION },
                "source": "unbake",
                "code": "lost",
                "message": format!("text is gone for good: {}", lost.loss.about()),
            })
        });
        let remarks = self.plan.remarks().iter().map(|remark| {
            json!({
                "range": self.range(remark.span.range()),
                "severity": WARNING,
                "source": "unbake",
                "code": remark.rule.name(),
                "message": remark.why,
            })
        });
        edits.chain(lost).chain(remarks).collect()
    }

    fn diagnostic(&self, at: usize) -> Value {
        let edit = &self.plan.edits()[at];
        let lossy = if edit.lossy { ", lossy" } else { "" };
        json!({
            "range": self.range(edit.span.range()),
            "severity": if edit.confidence == Confidence::Possible { INFORMATION } else { WARNING },
            "source": "unbake",
            "code": "mojibake",
            "message": format!("“{}” is a broken “{}” [{}, {}{lossy}]",
                edit.before_text(), edit.after_text(), edit.chain, edit.confidence),
        })
    }

    /// What can be done about what is broken in a range.
    pub fn actions(&self, uri: &str, range: &Value, only: &Value) -> Value {
        let wanted = |kind: &str| {
            let within = |only: &Value| {
                let only = only.as_str().unwrap_or_default();
                kind == only || kind.strip_prefix(only).is_some_and(|rest| only.is_empty() || rest.starts_with('.'))
            };
            only.as_array().is_none_or(|only| only.iter().any(within))
        };
        let offset = |name: &str| self.lines.offset(&self.text, &range[name]);
        let (start, end) = (offset("start"), offset("end"));
        let touched: Vec<usize> = (0..self.plan.edits().len())
            .filter(|at| {
                let span = self.plan.edits()[*at].span.range();
                span.start <= end && start <= span.end
            })
            .collect();
        let mut actions = Vec::new();
        if wanted("quickfix") {
            for at in &touched {
                let edit = &self.plan.edits()[*at];
                let mut action = action(uri, "quickfix", &[self.change(*at)]);
                action["title"] = json!(format!("Repair: {} → {}", edit.before_text(), edit.after_text()));
                action["diagnostics"] = json!([self.diagnostic(*at)]);
                action["isPreferred"] = json!(true);
                actions.push(action);
            }
            let mut lines: Vec<usize> =
                touched.iter().map(|at| self.lines.line(self.plan.edits()[*at].span.range().start)).collect();
            lines.dedup();
            for line in lines {
                let on_line = |at: &&usize| self.lines.line(self.plan.edits()[**at].span.range().start) == line;
                let about: Vec<Value> = touched.iter().filter(on_line).map(|at| self.diagnostic(*at)).collect();
                let mut action = action(uri, "quickfix", &[self.ignore(line)]);
                action["title"] = json!(format!("Leave line {} as it is (unbake: ignore)", line + 1));
                action["diagnostics"] = json!(about);
                actions.push(action);
            }
        }
        let all = self.plan.edits().len();
        if all > 0 && wanted(FIX_ALL) {
            let changes: Vec<Value> = (0..all).map(|at| self.change(at)).collect();
            let mut action = action(uri, FIX_ALL, &changes);
            action["title"] =
                json!(format!("Repair all of this file ({})", crate::report::messages::count(all as u64, "place")));
            actions.push(action);
        }
        json!(actions)
    }

    fn change(&self, at: usize) -> Value {
        let edit = &self.plan.edits()[at];
        json!({ "range": self.range(edit.span.range()), "newText": String::from_utf8_lossy(&edit.after) })
    }

    /// The change that marks a line to be left as it is: a comment at its end.
    fn ignore(&self, line: usize) -> Value {
        let (start, next) = (self.lines.start(&self.text, line), self.lines.start(&self.text, line + 1));
        let text = self.text[start..next].trim_end_matches(['\r', '\n']);
        let at = start + text.len();
        let mark = Comment::of(&self.language).around("unbake: ignore");
        let space = if text.ends_with(char::is_whitespace) { "" } else { " " };
        json!({ "range": self.range(at..at), "newText": format!("{space}{mark}") })
    }
}

/// An action of this kind that makes these changes.
fn action(uri: &str, kind: &str, changes: &[Value]) -> Value {
    json!({ "kind": kind, "edit": { "changes": { uri: changes } } })
}
