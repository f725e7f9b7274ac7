//! `unbake check`: what is broken.

use super::args::{CheckArgs, Format};
use super::scan::{Event, Scan};
use super::{ERROR, FINE, FOUND, finish};
use crate::edit::Edit;
use crate::engine::{Engine, Reading};
use crate::error::Error;
use crate::report::json::{Json, Shape};
use crate::report::statistics::Statistics;
use crate::report::{Look, list};

/// Lists what is broken; writes no file.
///
/// # Errors
/// When the arguments make no sense or the output cannot be written.
pub fn run(args: &CheckArgs) -> Result<u8, Error> {
    if args.alternatives && (args.statistics || matches!(args.format, Format::Text)) {
        let why = "--alternatives is for findings in JSON: add --format json or jsonl";
        return Err(Error::usage(format!("{why}, or look at one with `unbake explain`")));
    }
    let mut scan = Scan::new(&args.scan)?;
    scan.lost = Some(args.lost);
    let mut out = crate::report::output();
    let look = Look::stdout(args.scan.output.color.into());
    let shape = match args.format {
        Format::Text => None,
        Format::Json => Some(Shape::Document),
        Format::Jsonl => Some(Shape::Lines),
    };
    let begin = if args.statistics { Json::begin_sums } else { Json::begin };
    let mut json = shape.map(|shape| begin(shape, &mut out)).transpose()?;
    let mut statistics = args.statistics.then(Statistics::default);
    scan.run(|scan, event| {
        if let (Event::Found(document, plan), Some(statistics)) = (&event, &mut statistics) {
            // Standard input is in no folder: it stands for itself.
            let path = document.path();
            let folder = if document.stamp().is_some() { path.parent().unwrap_or(path) } else { path };
            statistics.add(folder, plan);
            return Ok(());
        }
        match (event, &mut json) {
            (Event::Found(document, plan), None) => {
                list::file(&mut out, look, document.path(), plan.edits(), plan.lost())?;
            }
            (Event::Found(document, plan), Some(json)) => {
                let engine = if args.alternatives { Some(scan.engine(document.path())?) } else { None };
                let others = |edit: &Edit| engine.as_ref().map(|engine| others(engine, edit));
                json.file(&mut out, document.path(), &plan, others)?;
            }
            (Event::Failed(error), Some(json)) => json.error(&mut out, error)?,
            (Event::Failed(_), None) | (Event::Untouched(_), _) => {}
        }
        Ok(())
    })?;
    match (&statistics, &json) {
        (Some(statistics), Some(json)) => json.statistics(&mut out, statistics)?,
        (Some(statistics), None) => statistics.write(&mut out, look)?,
        (None, _) => {}
    }
    if let Some(json) = json {
        json.end(&mut out, &scan.totals)?;
    }
    let status = status(&scan);
    let out = finish(out, status)?;
    scan.messages.summary(scan.totals);
    Ok(out)
}

/// How many other readings of a finding are told.
const OTHERS: usize = 3;

/// The likeliest readings of an edit's place besides its own.
fn others(engine: &Engine, edit: &Edit) -> Vec<Reading> {
    let mut readings = engine.readings(edit);
    readings.retain(|reading| reading.after.as_bytes() != edit.after);
    readings.truncate(OTHERS);
    readings
}

/// The exit status of a command that writes nothing.
pub fn status(scan: &Scan<'_>) -> u8 {
    match (scan.totals.errors, scan.totals.findings + scan.lost_counted) {
        (0, 0) => FINE,
        (0, _) => FOUND,
        _ => ERROR,
    }
}
