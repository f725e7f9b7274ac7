//! Single edits of a run taken back, while the file keeps whatever else became of it.
//!
//! In: the runs, one of their files, and the numbers of edits. Out: the edits as the journal tells them, and a plan for the file
//! as it is now. Where the file is still what unbake made of it, the journal tells where each edit stands; elsewhere it is found by the
//! bytes on either side of it. A container must be what unbake made of it; the texts in it are then read again, and packed anew. Must
//! not: guess; an edit that is not found, or found more often than it was made, stays.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use memchr::memmem;

use super::containers::{self, Judge, Limits, Looked, Options, When};
use super::digest::Digest;
use super::journal::{EditRecord, MemberRecord};
use super::read::{self, Document, Loaded, VIEWED, regular};
use super::undo::{Run, WayBack, Written};
use crate::edit::{Context, Edit, Plan};
use crate::error::Error;

/// An edit of a run, as the journal tells it.
#[derive(Clone, Debug)]
pub struct Made {
    /// The edit, with what stood beside it.
    pub edit: Edit,
    /// Which text of a container it is in: what follows the container's path.
    pub member: Option<PathBuf>,
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

/// What takes edits back.
#[derive(Debug)]
pub struct Back {
    /// What is done to the file.
    pub way: WayBack,
    /// The texts of a container in which it is done, as [`Made::member`] has them.
    pub members: Vec<(PathBuf, Plan)>,
    /// What the file is now.
    pub now: Digest,
}

impl Back {
    /// All edits, each of which leads back.
    pub fn edits(&self) -> Vec<&Edit> {
        let own = match &self.way {
            WayBack::Edits(plan) => plan.edits(),
            WayBack::Pieces(_) => &[],
        };
        own.iter().chain(self.members.iter().flat_map(|(_, plan)| plan.edits())).collect()
    }
}

/// All edits of a file, in the order of their numbers, and the text of a container that each is in.
fn all(file: &Written) -> impl Iterator<Item = (Option<&MemberRecord>, &EditRecord)> {
    let record = file.record();
    let inside = record.members.iter().flat_map(|member| member.edits.iter().map(move |edit| (Some(member), edit)));
    record.edits.iter().map(|edit| (None, edit)).chain(inside)
}

/// The edits that a run made in one of its files, in order.
///
/// # Errors
/// When the journal is damaged.
pub fn edits(runs: &[Run], run: &Run, file: &Written) -> Result<Vec<Made>, Error> {
    let Story { taken_back, .. } = story(runs, run, file);
    let made = |(index, (member, record)): (usize, (Option<&MemberRecord>, &EditRecord))| {
        let mut edit = record.edit()?;
        if let Some((left, right)) = record.near()? {
            let context = |bytes: &[u8]| Context::from(&*String::from_utf8_lossy(bytes));
            (edit.place.left, edit.place.right) = (context(&left), context(&right));
        }
        let member = member.map(|member| member.name.path()).transpose()?;
        Ok(Made { edit, member, is_taken_back: taken_back.contains(&index) })
    };
    all(file).enumerate().map(made).collect()
}

/// What takes these edits back, counted from 1, in the file as it is now.
///
/// # Errors
/// When one is taken back already, or the text has been changed there, or cannot be told from the same text elsewhere.
pub fn way_back(runs: &[Run], run: &Run, file: &Written, numbers: &[usize]) -> Result<Back, Error> {
    let record = file.record();
    let count = all(file).count();
    if count == 0 {
        let why =
            "is an archive, and the journal does not tell what was changed in it: it can be taken back only as a whole";
        return Err(Error::usage(why));
    }
    let wanted: BTreeSet<usize> = numbers.iter().map(|number| number.wrapping_sub(1)).collect();
    if let Some(none) = wanted.iter().find(|index| **index >= count) {
        let number = none.wrapping_add(1);
        return Err(Error::usage(format!("there is no edit {number}: run {} made {count} edits in it", run.id)));
    }
    regular(&fs::metadata(&file.path)?)?;
    let now = Digest::of_reader(File::open(&file.path)?)?;
    let story = story(runs, run, file);
    let known = story.states.iter().rev().find(|(state, _)| *state == now);
    let taken_back = known.map_or(&story.taken_back, |(_, taken_back)| taken_back);
    if let Some(index) = wanted.intersection(taken_back).next() {
        return Err(Error::usage(format!("edit {} is taken back already", index + 1)));
    }
    if !record.members.is_empty() {
        if known.is_none() {
            return Err(Error::usage(
                "has changed since, and is an archive, where no edit can be looked for; left as it is",
            ));
        }
        let (members, looked, document) = inside(file, &wanted, taken_back)?;
        return Ok(Back { way: WayBack::Pieces(looked.rewrite(&document)?), members, now });
    }
    let edits = match known {
        Some(_) => standing(&record.edits, 0, record.before.len, &wanted, taken_back)?.1,
        None => found(&file.path, now, run, file, &wanted, taken_back)?,
    };
    Ok(Back { way: WayBack::Edits(Plan::new(edits, now.len, Vec::new())?), members: Vec::new(), now })
}

/// The way back of all edits of a text that stand, and of them those that are wanted. The first of the text has the number
/// `first`; `len` is the length that it had before them.
fn standing(
    records: &[EditRecord],
    first: usize,
    len: u64,
    wanted: &BTreeSet<usize>,
    taken_back: &BTreeSet<usize>,
) -> Result<(Plan, Vec<Edit>), Error> {
    let made = (first..).zip(records).filter(|(index, _)| !taken_back.contains(index));
    let made = made.map(|(index, record)| Ok((index, record.edit()?))).collect::<Result<Vec<_>, Error>>()?;
    let (indices, made): (Vec<usize>, Vec<Edit>) = made.into_iter().unzip();
    let back = Plan::new(made, len, Vec::new())?.invert();
    let asked = indices.into_iter().zip(back.edits()).filter(|(index, _)| wanted.contains(index));
    let asked = asked.map(|(_, edit)| edit.clone()).collect();
    Ok((back, asked))
}

/// The texts of a container with the edits that are wanted, and the container looked into for them.
#[allow(clippy::type_complexity)]
fn inside(
    file: &Written,
    wanted: &BTreeSet<usize>,
    taken_back: &BTreeSet<usize>,
) -> Result<(Vec<(PathBuf, Plan)>, Looked, Document), Error> {
    let (Loaded::Text(document) | Loaded::Skipped(_, document)) = read::open(&file.path)?;
    // As it is looked into by default, and, where that does not lead to all of them, as `--archives always` does.
    for when in [When::Auto, When::Always] {
        let options = Options { when, limits: Limits::default() };
        let Some(kind) = containers::kind(&document, &options, true) else { break };
        let mut first = 0;
        let mut texts = Vec::new();
        for member in &file.record().members {
            let (back, asked) = standing(&member.edits, first, member.len, wanted, taken_back)?;
            first += member.edits.len();
            texts.push(Some((member.name.path()?, back, asked)));
        }
        let mut members = Vec::new();
        // Two members may have one name: each is the next of that name that all of its edits fit.
        let mut judge = |member: &mut Document, _: Option<&str>| {
            let Some(bytes) = member.whole()? else { return Ok(None) };
            let name = containers::within(&file.path, member.path());
            let fits = |(known, back, _): &(PathBuf, Plan, Vec<Edit>)| *known == name && back.apply(&bytes).is_ok();
            let text = texts.iter_mut().find(|text| text.as_ref().is_some_and(fits)).and_then(Option::take);
            let Some((name, _, asked)) = text.filter(|(_, _, asked)| !asked.is_empty()) else { return Ok(None) };
            let plan = Plan::new(asked, bytes.len() as u64, Vec::new())?;
            members.push((name, plan.clone()));
            Ok(Some(plan))
        };
        let judge: &mut Judge<'_> = &mut judge;
        let looked = containers::look(&document, kind, &options, judge)?;
        if looked.edits() == wanted.len() as u64 {
            return Ok((members, looked, document));
        }
    }
    Err(Error::usage("the edit is not found in it; left as it is"))
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
    edits.sort_by_cached_key(|edit| edit.span.start);
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
