//! `unbake check`: what is broken.

use super::args::{CheckArgs, Format, PagerArgs};
use super::paging::Paged;
use super::scan::{Event, Scan};
use super::stop::STOPPED;
use super::{ERROR, FINE, FOUND, formats, mark, page, show};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::edit::{Chain, Edit, Plan};
use crate::engine::{Engine, Reading};
use crate::error::Error;
use crate::files::baseline::Baseline;
use crate::files::git::{Commit, History, Origin};
use crate::report::formats::Kind;
use crate::report::json::{Json, Shape};
use crate::report::statistics::{First, Statistics};
use crate::report::{Look, list};

/// Lists what is broken; writes no file.
///
/// # Errors
/// When the arguments make no sense or the output cannot be written.
pub fn run(args: &CheckArgs) -> Result<u8, Error> {
    if args.alternatives && (args.statistics || !matches!(args.format, Format::Json | Format::Jsonl | Format::Html)) {
        let why = "--alternatives is for findings in JSON or a page: add --format json, jsonl or html";
        return Err(Error::usage(format!("{why}, or look at one with `unbake explain`")));
    }
    if args.into.is_some() && matches!(args.format, Format::Text | Format::Json | Format::Jsonl) {
        return Err(Error::usage(
            "-o is for --format html, sarif, github, gitlab and rdjson; the others go to standard output",
        ));
    }
    if args.show_settings {
        return show::settings(args);
    }
    if args.show_files {
        return show::files(args);
    }
    if args.to.to.is_some() && !matches!(args.format, Format::Text | Format::Json | Format::Jsonl) {
        let why = "a file is converted as a whole, so there are no single places to show";
        return Err(Error::usage(format!("{why}: with --to, use --format text, json or jsonl")));
    }
    let mut scan = Scan::new(&args.scan)?;
    scan.lost = Some(args.lost);
    scan.converts = args.to.to.is_some();
    scan.reports = true;
    if args.add_ignore {
        return mark::run(scan);
    }
    scan.staged = args.index.staged;
    if let Some(file) = &args.baseline {
        scan.news.baseline = Some(Baseline::open(file, args.update_baseline)?);
    }
    let shape = match args.format {
        Format::Html => return page::run(args, scan),
        Format::Sarif => return formats::run(args, scan, Kind::Sarif),
        Format::Github => return formats::run(args, scan, Kind::Github),
        Format::Gitlab => return formats::run(args, scan, Kind::Gitlab),
        Format::Rdjson => return formats::run(args, scan, Kind::Rdjson),
        Format::Text => None,
        Format::Json => Some(Shape::Document),
        Format::Jsonl => Some(Shape::Lines),
    };
    let look = Look::stdout(args.scan.output.color.into());
    // A baseline is of all that there is, however much of it somebody reads.
    let pager = PagerArgs { no_pager: args.pager.no_pager || args.update_baseline };
    let mut out = Paged::new(look, pager, &scan.stop);
    let listed = told(args, &mut scan, shape, look, &mut out);
    out.end(listed)?;
    end(args, scan)
}

/// Tells what there is, as it was asked for.
fn told(args: &CheckArgs, scan: &mut Scan<'_>, shape: Option<Shape>, look: Look, out: &mut Paged) -> Result<(), Error> {
    let begin = if args.statistics { Json::begin_sums } else { Json::begin };
    let mut json = shape.map(|shape| begin(shape, out)).transpose()?;
    let mut statistics = args.statistics.then(Statistics::default);
    let mut samples = Samples::default();
    scan.run(|scan, event| {
        if let (Event::Found(document, plan), Some(statistics)) = (&event, &mut statistics) {
            // Standard input is in no folder: it stands for itself.
            let path = document.path();
            let is_in_folder = document.stamp().is_some() || document.is_member();
            let folder = if is_in_folder { path.parent().unwrap_or(path) } else { path };
            statistics.add(folder, plan);
            if args.commits && document.stamp().is_some() {
                samples.add(path, plan);
            }
            return Ok(());
        }
        match (event, &mut json) {
            (Event::Found(document, plan), None) => {
                list::encoding(out, look, document.path(), &plan)?;
                // That all of it is converted is said already.
                let converts = plan.form().is_some_and(|form| form.converts);
                let plan = if converts { plan.retain(|edit| !edit.only_converts()) } else { plan };
                list::file(out, look, document.path(), &plan)?;
            }
            (Event::Found(document, plan), Some(json)) => {
                let engine = if args.alternatives { Some(scan.engine(document.path())?) } else { None };
                let engine = |edit: &Edit| engine.as_ref().filter(|_| !edit.only_normalizes());
                let others = |edit: &Edit| engine(edit).map(|engine| others(engine, edit));
                json.file(out, document.path(), &plan, others)?;
            }
            (Event::Failed(error), Some(json)) => json.error(out, error)?,
            (Event::Failed(_), None) | (Event::Untouched(_) | Event::Container(..), _) => {}
        }
        Ok(out.show()?)
    })?;
    if let Some(statistics) = &mut statistics {
        samples.trace(scan, statistics);
    }
    match (&statistics, &json) {
        (Some(statistics), Some(json)) => json.statistics(out, statistics)?,
        (Some(statistics), None) => statistics.write(out, look)?,
        (None, _) => {}
    }
    if let Some(json) = json {
        json.end(out, &scan.totals)?;
    }
    Ok(())
}

/// Ends a check whose findings went out: the summary, the baseline, and the exit status.
///
/// # Errors
/// When the baseline cannot be written.
pub fn end(args: &CheckArgs, mut scan: Scan<'_>) -> Result<u8, Error> {
    let status = status(&scan);
    let messages = scan.messages;
    if scan.stopped {
        messages.summary(format_args!("interrupted: {}", scan.totals));
        return Ok(STOPPED);
    }
    messages.summary(scan.totals);
    scan.news.end(args.baseline.as_deref(), messages)?;
    Ok(if args.exit_zero && status == FOUND { FINE } else { status })
}

/// In how many files the history of a chain is looked through.
const TRACED: usize = 8;

/// A few findings of each chain, no two of them in one file.
#[derive(Default)]
struct Samples(BTreeMap<Chain, Vec<(PathBuf, Vec<u8>)>>);

impl Samples {
    fn add(&mut self, path: &Path, plan: &Plan) {
        for edit in plan.edits().iter().filter(|edit| !edit.only_normalizes()) {
            let samples = self.0.entry(edit.chain.clone()).or_default();
            if samples.len() < TRACED && samples.last().is_none_or(|(last, _)| last != path) {
                samples.push((path.to_owned(), edit.before.clone()));
            }
        }
    }

    /// Asks git for the first commit of each chain. An error is said once, however many files have it.
    fn trace(self, scan: &mut Scan<'_>, statistics: &mut Statistics) {
        let mut said = BTreeSet::new();
        for (chain, samples) in self.0 {
            let mut first: Option<(Origin, PathBuf)> = None;
            for (path, text) in samples {
                match History::of(&path, "--commits") {
                    Ok(history) => {
                        let origin = history.origin(&text, &text);
                        let is_first = |origin: &&Origin| {
                            first.as_ref().is_none_or(|(first, _)| origin.commit.time < first.commit.time)
                        };
                        if let Some(origin) = origin.filter(is_first) {
                            first = Some((origin.clone(), path));
                        }
                    }
                    Err(error) => {
                        let why = error.to_string();
                        if said.insert(why.rsplit(": ").next().unwrap_or_default().to_owned()) {
                            scan.failed(&error);
                        }
                    }
                }
            }
            if let Some((Origin { commit, .. }, path)) = first {
                let Commit { id, date, author, subject, .. } = commit;
                let path = path.to_string_lossy().into_owned();
                statistics.first(chain, First { commit: id, date, author, subject, path });
            }
        }
    }
}

/// How many other readings of a finding are told.
const OTHERS: usize = 3;

/// The likeliest readings of an edit's place besides its own.
pub fn others(engine: &Engine, edit: &Edit) -> Vec<Reading> {
    let mut readings = engine.readings(edit);
    readings.retain(|reading| reading.after != edit.after_text());
    readings.truncate(OTHERS);
    readings
}

/// The exit status of a command that writes nothing.
pub fn status(scan: &Scan<'_>) -> u8 {
    match (scan.totals.errors, scan.totals.findings + scan.totals.reported + scan.lost_counted) {
        (0, 0) => FINE,
        (0, _) => FOUND,
        _ => ERROR,
    }
}
