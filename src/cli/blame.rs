//! `unbake blame`: which commit brought each damage in, and what stood in place of lost text before.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::args::{BlameArgs, BlameFormat};
use super::check::status;
use super::scan::{Event, Scan};
use super::{finish, recall};
use crate::edit::{Edit, Lost, Place, Plan};
use crate::error::Error;
use crate::files::git::{Commit, History, Origin};
use crate::report::Look;
use crate::report::blame::{self, Entry, Sums, What};
use crate::report::statistics::First;

/// How many characters around a finding tell it from the same text elsewhere, on each side.
const AROUND: usize = 12;

/// Says where damage came from; writes no file.
///
/// # Errors
/// When the arguments make no sense or the output cannot be written.
pub fn run(args: &BlameArgs) -> Result<u8, Error> {
    if args.scan.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Error::usage("blame asks for the history of files, and standard input has none: name a file"));
    }
    let mut scan = Scan::new(&args.scan)?;
    (scan.lost, scan.leaves_lost) = (Some(None), true);
    let mut out = crate::report::output();
    let look = Look::stdout(args.scan.output.color.into());
    let mut commits: BTreeMap<Option<Commit>, (Sums, PathBuf)> = BTreeMap::new();
    scan.run(|scan, event| {
        let Event::Found(document, plan) = event else { return Ok(()) };
        if document.stamp().is_none() {
            let path = document.path().display();
            scan.messages.note(format_args!("{path}: skipped: git knows no history of what is inside of a file"));
            return Ok(());
        }
        let path = document.path();
        let engine = scan.engine(path)?;
        let history = History::of(path, "blame");
        let history = match history {
            Ok(history) => history,
            Err(error) => {
                scan.failed(&error);
                return Ok(());
            }
        };
        let offers = match recall::offers(document, &plan, &engine, &history) {
            Ok(offers) => offers,
            Err(error) => {
                scan.failed(&error.at(path));
                return Ok(());
            }
        };
        for what in places(&plan) {
            let (place, text) = match what {
                What::Damaged(edit) => (&edit.place, &edit.before),
                What::Lost(lost) => (&lost.place, &lost.text),
            };
            let origin = history.origin(&wide(place, text), text);
            let key = origin.map(|origin| origin.commit.clone());
            let (sums, last) = commits.entry(key).or_default();
            sums.places += 1;
            sums.files += u64::from(last != path);
            path.clone_into(last);
            let offer = match what {
                What::Lost(lost) => offers.iter().find(|offer| offer.edit.span == lost.span),
                What::Damaged(_) => None,
            };
            let offer = offer.map(|offer| (&offer.edit, first(offer.origin)));
            let entry = Entry { path, what, origin: origin.map(first), offer };
            match args.format {
                BlameFormat::Text => blame::text(&mut out, look, &entry)?,
                BlameFormat::Jsonl => blame::json(&mut out, &entry)?,
            }
        }
        Ok(())
    })?;
    // The latest first, and before it what is not committed yet.
    let mut sums: Vec<(Option<First>, Sums)> = Vec::new();
    for (commit, (sum, path)) in commits.into_iter().rev() {
        sums.push((commit.map(|commit| first(&Origin { commit, path })), sum));
    }
    match args.format {
        BlameFormat::Text => blame::text_sums(&mut out, look, &sums)?,
        BlameFormat::Jsonl => blame::json_sums(&mut out, &sums)?,
    }
    let status = status(&scan);
    finish(out, status)?;
    scan.messages.summary(scan.totals);
    Ok(status)
}

/// Edits and lost text, by place.
fn places(plan: &Plan) -> Vec<What<'_>> {
    let at = |what: &What<'_>| match what {
        What::Damaged(Edit { span, .. }) | What::Lost(Lost { span, .. }) => span.start,
    };
    let mut places: Vec<What<'_>> = plan.edits().iter().map(What::Damaged).collect();
    places.extend(plan.lost().iter().map(What::Lost));
    places.sort_by_key(at);
    places
}

/// A text with a few characters on either side, as it stands in the file.
fn wide(place: &Place, text: &[u8]) -> Vec<u8> {
    // What is shown is not what the bytes are.
    if place.shown.is_some() {
        return text.to_vec();
    }
    let left = place.left.char_indices().rev().take(AROUND).last().map_or("", |(at, _)| &place.left[at..]);
    let right = place.right.char_indices().nth(AROUND).map_or(&*place.right, |(at, _)| &place.right[..at]);
    [left.trim_start().as_bytes(), text, right.trim_end().as_bytes()].concat()
}

fn first(origin: &Origin) -> First {
    let Origin { commit: Commit { id, date, author, subject, .. }, path } = origin.clone();
    First { commit: id, date, author, subject, path: path.to_string_lossy().into_owned() }
}
