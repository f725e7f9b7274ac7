//! One file, read and judged.
//!
//! In: an input, the settings that hold for it, and how it is looked into. Out: what came of it. Runs on a worker thread, so it must
//! not: say or count anything, or keep what nobody will ask for.

use std::sync::Arc;

use super::input::Input;
use crate::cli::args::LostArg;
use crate::cli::recall;
use crate::cli::settings::{Failure, Resolver, Treatment};
use crate::cli::shape;
use crate::config::Config;
use crate::edit::{Chain, Confidence, Plan};
use crate::engine::{Consensus, Engine};
use crate::error::Error;
use crate::files::containers::{self, Judge, Looked};
use crate::files::walk::Ignored;
use crate::files::{Document, Loaded, Skip};
use crate::source::{self, Charset};

/// What an edit takes in memory, about, in bytes.
const EDIT: usize = 256;

/// What came of one file.
pub enum Outcome {
    /// With whether lost text counts.
    Done(Document, Plan, bool),
    /// A container, with whether lost text counts.
    Container(Document, Looked, bool),
    /// With what is known of it; its bytes are there if they came from standard input.
    Skipped(Skip, Option<Document>),
    Failed(Error),
    NoSettings(Arc<Failure>),
}

impl Outcome {
    /// How many bytes it holds, roughly.
    pub fn weight(&self) -> usize {
        match self {
            Outcome::Done(document, plan, _) => document.held() + plan.edits().len() * EDIT,
            Outcome::Container(document, looked, _) => document.held() + looked.edits() as usize * EDIT,
            Outcome::Skipped(_, document) => document.as_ref().map_or(0, Document::held),
            Outcome::Failed(_) | Outcome::NoSettings(_) => 0,
        }
    }

    /// How many bytes the file has, if it could be read.
    pub fn size(&self) -> u64 {
        match self {
            Outcome::Done(document, ..) | Outcome::Container(document, ..) => document.size(),
            Outcome::Skipped(_, document) => document.as_ref().map_or(0, Document::size),
            Outcome::Failed(_) | Outcome::NoSettings(_) => 0,
        }
    }
}

/// How files are looked into.
pub struct How {
    pub(super) force: bool,
    pub(super) ignored: Ignored,
    pub(super) from_history: bool,
    pub(super) converts: bool,
    pub(super) writes: bool,
    pub(super) lost: Option<Option<LostArg>>,
    /// Whether the history says what was lost, and not the words.
    pub(super) leaves_lost: bool,
    pub(super) reports: bool,
    pub(super) known: Vec<(Chain, u64)>,
    /// The least confidence that counts, whatever the settings say.
    pub level: Option<Confidence>,
}

/// What one file says of the others, and how many bytes it has.
pub fn evidence(resolver: &Resolver, input: &Input, force: bool) -> (Consensus, u64) {
    let mut found = Consensus::default();
    let (path, _) = input.name();
    let Ok(settings) = resolver.for_file(path) else { return (found, 0) };
    let Ok(mut loaded) = input.load() else { return (found, 0) };
    let (Loaded::Text(document) | Loaded::Skipped(_, document)) = &loaded;
    let size = document.size();
    if let Loaded::Text(document) = &mut loaded
        && !(force && resolver.excluded(&settings, path))
        && let Ok(treatment) = resolver.treatment(&settings, path)
        && let Ok(plan) = document.look(&treatment.engine.alone())
    {
        found.add(&plan);
    }
    input.keep(loaded);
    (found, size)
}

/// Reads and judges one file.
pub fn outcome(resolver: &Resolver, input: &Input, how: &How) -> Outcome {
    let (path, stdin) = input.name();
    let settings = match resolver.for_file(path) {
        Ok(settings) => settings,
        Err(failure) => return Outcome::NoSettings(failure),
    };
    let ignored = || settings.ignore_files && how.ignored.leaves_out(path);
    let excluded = how.force && (resolver.excluded(&settings, path) || ignored());
    if excluded && !stdin {
        return Outcome::Skipped(Skip::Excluded, None);
    }
    let loaded = match input.load() {
        Ok(Loaded::Text(document)) if excluded => return Outcome::Skipped(Skip::Excluded, Some(document)),
        Ok(loaded) => loaded,
        Err(error) => return Outcome::Failed(error),
    };
    let treatment = match resolver.treatment(&settings, path) {
        Ok(treatment) => treatment,
        Err(error) => return Outcome::Failed(error),
    };
    let lost = how.lost.map_or(LostArg::Ignore, |flag| flag.unwrap_or(treatment.lost));
    let prepared = |Treatment { mut engine, report, .. }: Treatment| {
        if how.reports {
            engine = engine.reporting(report);
        }
        if !how.known.is_empty() {
            engine = engine.knowing(how.known.clone());
        }
        if lost != LostArg::Ignore {
            engine = engine.finding_lost();
        }
        if how.leaves_lost {
            engine = engine.leaving_lost();
        }
        if how.converts {
            engine = engine.converting(true);
        }
        if let Some(level) = how.level {
            engine = engine.down_to(level);
        }
        engine
    };
    let named = match input {
        Input::Written(written) => written.is_container,
        input => !matches!(input, Input::Found(_)),
    };
    let (Loaded::Text(document) | Loaded::Skipped(_, document)) = &loaded;
    if let Some(kind) = containers::kind(document, &settings.archives, named).filter(|_| !excluded) {
        let (Loaded::Text(mut document) | Loaded::Skipped(_, mut document)) = loaded;
        // A member follows the settings of its container: where its name leads is nobody's business.
        let mut judge = |member: &mut Document, charset: Option<&str>| {
            if resolver.excludes_inside(&settings, path, member.path()) {
                return Ok(None);
            }
            let mut engine = prepared(resolver.treatment(&settings, member.path())?);
            // What a mail says of its parts would no longer be so.
            if kind == containers::Kind::Mail {
                engine = engine.converting(false);
            }
            if let Some(label) = charset {
                let told = Config { encoding: Some(label.to_owned()), ..engine.config().clone() };
                engine = Engine::try_new(told)?;
            }
            let plan = member.look(&engine)?;
            Ok(Some(keeping_form(member, plan, &engine)))
        };
        let judge: &mut Judge<'_> = &mut judge;
        return match containers::look(&document, kind, &settings.archives, judge) {
            Ok(looked) => {
                if looked.found.is_empty() && !stdin {
                    document.forget()
                } else {
                    document.keep()
                }
                if how.writes
                    && let Err(error) = document.digest()
                {
                    return Outcome::Failed(error);
                }
                Outcome::Container(document, looked, lost == LostArg::Count)
            }
            Err(error) => Outcome::Failed(error),
        };
    }
    let mut document = match loaded {
        Loaded::Text(document) => document,
        // Who says in which encoding it is says that it is text.
        Loaded::Skipped(Skip::Binary, document) if treatment.engine.is_told() => document,
        Loaded::Skipped(skip, document) if stdin => return Outcome::Skipped(skip, Some(document)),
        Loaded::Skipped(skip, mut document) => {
            document.forget();
            return Outcome::Skipped(skip, Some(document));
        }
    };
    let engine = prepared(treatment);
    let plan = if how.writes { document.plan(&engine) } else { document.look(&engine) };
    let recalled =
        |plan| if how.from_history && !stdin { recall::from_history(&document, plan, &engine) } else { Ok(plan) };
    match plan.and_then(recalled) {
        Ok(plan) => {
            let plan = keeping_form(&document, plan, &engine);
            // Where text is lost, somebody may ask for the line that it is in.
            if plan.is_empty() && plan.lost().is_empty() && plan.remarks().is_empty() && !stdin {
                document.forget();
            } else {
                document.keep();
            }
            Outcome::Done(document, plan, lost == LostArg::Count)
        }
        Err(error) => Outcome::Failed(error),
    }
}

/// The plan, without its edits if they would break the form of the document.
pub(in crate::cli) fn keeping_form(document: &Document, plan: Plan, engine: &Engine) -> Plan {
    if plan.is_empty() {
        return plan;
    }
    // What is too large to be looked at whole, or cannot be read any more, is as its edits are: each was looked at by itself.
    let Ok(Some(before)) = document.whole() else { return plan };
    let kind = engine.kind(document.path(), &before);
    if !shape::is_known(kind) {
        return plan;
    }
    let Ok(after) = plan.apply(&before) else { return plan };
    let text = |bytes: &[u8], label: Option<&str>| match label.and_then(Charset::for_label) {
        Some(charset) => charset.view(bytes).text,
        None => String::from_utf8_lossy(bytes).into_owned(),
    };
    let label = plan.form().map(|form| form.label);
    let label_after = plan.form().filter(|form| !form.converts).map(|form| form.label);
    let converts = plan.form().is_some_and(|form| form.converts);
    let text = |bytes: &[u8], label: Option<&str>| {
        let mut text = text(bytes, label);
        // That it states another encoding than before is meant.
        let stated = if converts { source::declared(text.as_bytes()) } else { Vec::new() };
        let mut spans: Vec<_> = stated.into_iter().map(|found| found.span).collect();
        spans.sort_by_cached_key(|span| std::cmp::Reverse(span.start));
        spans.into_iter().for_each(|span| text.replace_range(span, "utf-8"));
        text
    };
    let why = shape::broken(kind, &text(&before, label), &text(&after, label_after));
    match why {
        Some(why) => plan.refused(format!("nothing is changed in this file: {why}")),
        None => plan,
    }
}
