//! Single edits of a run taken back, while the file keeps whatever else became of it.
//!
//! In: the runs, one of their files, and the numbers of edits. Out: the edits as the journal tells them, and a plan for the file
//! as it is now. Where the file is still what unbake made of it, the journal tells where each edit stands; elsewhere it is found by the
//! bytes on either side of it. Must not: guess; an edit that is not found, or found more often than it was made, stays.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;

use memchr::memmem;

use super::digest::Digest;
use super::read::{VIEWED, regular};
use super::undo::{Run, Written};
use crate::edit::{Context, Edit, Plan};
use crate::error::Error;

/// An edit of a run, as the journal tells it.
#[derive(Clone, Debug)]
pub struct Made {
    /// The edit, with what stood beside it.
    pub edit: Edit,
    /// Whether it was taken back.
    pub is_taken_back: bool,
}

/// What became of a file by single edits that were taken back.
struct Story {
    /// Each state that the journals know, with the edits that were taken back by then.
    states: Vec<(Digest, BTreeSet<usize>)>,
    /// All edits that were taken back.
    taken_back: BTreeSet<usize>,
}

/// The edits that a run made in one of its files, in order. In a container there are none to be told one by one.
///
/// # Errors
/// When the journal is damaged.
pub fn edits(runs: &[Run], run: &Run, file: &Written) -> Result<Vec<Made>, Error> {
    let Story { taken_back, .. } = story(runs, run, file);
    let made = |(index, record): (usize, &super::journal::EditRecord)| {
        let mut edit = record.edit()?;
        if let Some((left, right)) = record.near()? {
            let context = |bytes: &[u8]| Context::from(&*String::from_utf8_lossy(bytes));
            (edit.place.left, edit.place.right) = (context(&left), context(&right));
        }
        Ok(Made { edit, is_taken_back: taken_back.contains(&index) })
    };
    file.record().edits.iter().enumerate().map(made).collect()
}

/// What takes these edits back, counted from 1, in the file as it is now; and what it is now.
///
/// # Errors
/// When one is taken back already, or the text has been changed there, or cannot be told from the same text elsewhere.
pub fn way_back(runs: &[Run], run: &Run, file: &Written, numbers: &[usize]) -> Result<(Plan, Digest), Error> {
    let record = file.record();
    if record.edits.is_empty() {
        return Err(Error::usage("is an archive: what was changed in it can be taken back only as a whole"));
    }
    let wanted: BTreeSet<usize> = numbers.iter().map(|number| number.wrapping_sub(1)).collect();
    if let Some(none) = wanted.iter().find(|index| **index >= record.edits.len()) {
        let (number, all) = (none.wrapping_add(1), record.edits.len());
        return Err(Error::usage(format!("there is no edit {number}: run {} made {all} edits in it", run.id)));
    }
    regular(&fs::metadata(&file.path)?)?;
    let now = Digest::of_reader(File::open(&file.path)?)?;
    let story = story(runs, run, file);
    let known = story.states.iter().rev().find(|(state, _)| *state == now);
    let taken_back = known.map_or(&story.taken_back, |(_, taken_back)| taken_back);
    if let Some(index) = wanted.intersection(taken_back).next() {
        return Err(Error::usage(format!("edit {} is taken back already", index + 1)));
    }
    let all = record.plan()?;
    let edits = match known {
        Some(_) => {
            let standing = |edits: &mut dyn Iterator<Item = (usize, Edit)>| {
                edits.filter(|(index, _)| !taken_back.contains(index)).collect::<Vec<_>>()
            };
            let made = standing(&mut all.edits().iter().cloned().enumerate());
            let (indices, made): (Vec<usize>, Vec<Edit>) = made.into_iter().unzip();
            let back = Plan::new(made, record.before.len, Vec::new())?.invert();
            indices
                .into_iter()
                .zip(back.edits())
                .filter(|(index, _)| wanted.contains(index))
                .map(|(_, edit)| edit.clone())
                .collect()
        }
        None => found(&file.path, now, run, file, &wanted, taken_back)?,
    };
    Ok((Plan::new(edits, now.len, Vec::new())?, now))
}

/// The way back of edits in a file that others have changed, found by what stands beside them.
fn found(
    path: &Path,
    now: Digest,
    run: &Run,
    file: &Written,
    wanted: &BTreeSet<usize>,
    taken_back: &BTreeSet<usize>,
) -> Result<Vec<Edit>, Error> {
    if now.len > VIEWED {
        return Err(Error::usage("has changed since, and is too large to look for the edit; left as it is"));
    }
    let bytes = fs::read(path)?;
    if Digest::of(&bytes) != now {
        return Err(Error::changed());
    }
    let records = &file.record().edits;
    // What stands where an edit was made, with what is beside it, and how far in the edit begins.
    let key = |index: usize| {
        let (edit, near) = (records[index].edit()?, records[index].near()?);
        let old = || format!("has changed since, and the journal of run {} does not tell where the edit stood", run.id);
        let (left, right) =
            near.filter(|(l, r)| l.len() + edit.after.len() + r.len() > 0).ok_or_else(|| Error::usage(old()))?;
        Ok::<_, Error>(([&left, &*edit.after, &right].concat(), left.len(), edit))
    };
    let mut edits = Vec::new();
    for &index in wanted {
        let (text, inside, edit) = key(index)?;
        let mut alike = Vec::new();
        for other in (0..records.len()).filter(|other| !taken_back.contains(other)) {
            let (other_text, other_inside, _) = key(other)?;
            // Two edits of one line have the same surroundings, and stand at different places in them.
            if (&other_text, other_inside) == (&text, inside) {
                alike.push(other);
            }
        }
        let places = places(&bytes, &text);
        let which = alike.iter().position(|other| *other == index);
        let place = which.and_then(|which| places.get(which)).filter(|_| places.len() == alike.len());
        let Some(place) = place else {
            let (number, text) = (index + 1, edit.after_text().into_owned());
            return Err(Error::usage(match places.len() {
                0 => format!(
                    "edit {number} (`{text}`): the text there, or right beside it, has changed since; left as it is"
                ),
                n => format!(
                    "edit {number} (`{text}`): has changed since, and the same text stands in {n} places; left as it is"
                ),
            }));
        };
        let start = (place + inside) as u64;
        let span = crate::edit::Span::new(start, start + edit.after.len() as u64);
        let Edit { before, after, .. } = edit.clone();
        edits.push(Edit { span, before: after, after: before, ..edit });
    }
    edits.sort_by_key(|edit| edit.span.start);
    Ok(edits)
}

/// Where a text stands, also where it overlaps with itself.
fn places(bytes: &[u8], text: &[u8]) -> Vec<usize> {
    let finder = memmem::Finder::new(text);
    let mut places = Vec::new();
    let mut from = 0;
    while let Some(at) = bytes.get(from..).and_then(|rest| finder.find(rest)) {
        places.push(from + at);
        from += at + 1;
    }
    places
}

/// What became of a file of a run.
fn story(runs: &[Run], run: &Run, file: &Written) -> Story {
    let mut story = Story { states: vec![(file.record().after.into(), BTreeSet::new())], taken_back: BTreeSet::new() };
    for later in runs.iter().flat_map(|run| &run.files).filter(|later| !later.restored) {
        let Some(of) = later.record().of.as_ref().filter(|of| of.run == run.id && of.number == file.record().number)
        else {
            continue;
        };
        let edits: BTreeSet<usize> = of.edits.iter().map(|index| *index as usize).collect();
        // What was taken back of a file that others had changed leads to no state that a journal knows.
        let known = story.states.iter().rev().find(|(state, _)| *state == later.record().before.into());
        if let Some((_, before)) = known {
            let state = (later.record().after.into(), before | &edits);
            story.states.push(state);
        }
        story.taken_back.extend(edits);
    }
    story
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_overlap() {
        assert_eq!(places(b"abababa", b"aba"), [0, 2, 4]);
        assert_eq!(places(b"abc", b"x"), [0; 0]);
    }
}
