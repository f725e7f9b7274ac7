//! What stood in place of lost text, if another version of the same line is known.
//!
//! In: a line, the places in it where text is lost, and lines that may be other versions of it. Out: for each place the text
//! that stands there in one of them, with how much it can be believed. Must not: take anything that could not have become
//! what is there now: lost text was no ASCII, and each mark stands for one character at most.

use std::ops::Range;

use crate::edit::Confidence;

/// As many letters and digits a line must have besides what is lost, to be known by all that is left of it.
const WHOLE: usize = 8;
/// As many must be the same around a place, to be known by these.
const NEAR: usize = 6;
/// So many characters around a place are compared.
const AROUND: usize = 12;

/// Text that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// What stood there.
    pub text: String,
    /// How sure that is.
    pub confidence: Confidence,
    /// In which of the lines it was found.
    pub version: usize,
}

/// For each place of lost text in `line`, what stands there in the `versions`, the likeliest of which come first.
pub fn recover(line: &str, places: &[Range<usize>], versions: &[&str]) -> Vec<Option<Recovered>> {
    let mut found: Vec<Option<Recovered>> = vec![None; places.len()];
    let mut note = |place: usize, text: &str, confidence: Confidence, version: usize| match &mut found[place] {
        None => found[place] = Some(Recovered { text: text.to_owned(), confidence, version }),
        // Two versions that tell different things: which of them was lost here is not known for sure.
        Some(known) if known.text != text && confidence >= known.confidence => known.confidence = Confidence::Possible,
        Some(_) => {}
    };
    let rest: usize = outside(line, places).map(weight).sum();
    for (version, other) in versions.iter().enumerate() {
        let Some(texts) = whole(line, places, other) else { continue };
        let confidence = if rest >= WHOLE { Confidence::Likely } else { Confidence::Possible };
        texts.into_iter().enumerate().for_each(|(place, text)| note(place, text, confidence, version));
    }
    let open: Vec<usize> = (0..places.len()).filter(|place| found[*place].is_none()).collect();
    for place in open {
        let mut known: Option<Recovered> = None;
        for (version, other) in versions.iter().enumerate() {
            let Some(text) = near(line, places, place, other) else { continue };
            match &known {
                None => known = Some(Recovered { text: text.to_owned(), confidence: Confidence::Possible, version }),
                Some(known) if known.text == text => {}
                // Not even the likeliest is likely.
                Some(_) => {
                    known = None;
                    break;
                }
            }
        }
        found[place] = known;
    }
    found
}

/// The parts of a line that are not lost.
fn outside<'t>(line: &'t str, places: &[Range<usize>]) -> impl Iterator<Item = &'t str> {
    let starts = std::iter::once(0).chain(places.iter().map(|place| place.end));
    let ends = places.iter().map(|place| place.start).chain(std::iter::once(line.len()));
    starts.zip(ends).map(|(start, end)| &line[start..end])
}

/// How many letters and digits there are.
fn weight(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// What stands at the places in another line that is the same everywhere else, but for space at its ends.
fn whole<'t>(line: &str, places: &[Range<usize>], other: &'t str) -> Option<Vec<&'t str>> {
    let parts: Vec<&str> = outside(line, places).collect();
    let (first, inner) = (parts.first()?.trim_start(), parts.get(1..parts.len() - 1)?);
    let last = parts.last()?.trim_end();
    let mut rest = other.trim().strip_prefix(first)?.strip_suffix(last)?;
    let mut texts = Vec::new();
    for (part, place) in inner.iter().zip(places) {
        let lost = &line[place.clone()];
        // The nearest place where this part goes on, that leaves a text which can have been lost.
        let (text, after) = (rest.match_indices(part))
            .map(|(at, part)| (&rest[..at], &rest[at + part.len()..]))
            .find(|(text, _)| can_be(text, lost))?;
        texts.push(text);
        rest = after;
    }
    can_be(rest, &line[places.last()?.clone()]).then(|| texts.push(rest))?;
    Some(texts)
}

/// What stands at one place in another line that is the same around it.
fn near<'t>(line: &str, places: &[Range<usize>], place: usize, other: &'t str) -> Option<&'t str> {
    let at = &places[place];
    let from = place.checked_sub(1).map_or(0, |before| places[before].end);
    let to = places.get(place + 1).map_or(line.len(), |after| after.start);
    let (left, right) = (&line[from..at.start], &line[at.end..to]);
    let left = left.char_indices().rev().take(AROUND).last().map_or("", |(at, _)| &left[at..]);
    let right = right.char_indices().nth(AROUND).map_or(right, |(at, _)| &right[..at]);
    // On both sides, or it may be the end of anything.
    if weight(left) + weight(right) < NEAR || left.trim().is_empty() || right.trim().is_empty() {
        return None;
    }
    let lost = &line[at.clone()];
    let texts = other.match_indices(left).filter_map(|(start, left)| {
        let rest = &other[start + left.len()..];
        rest.match_indices(right).map(|(end, _)| &rest[..end]).find(|text| can_be(text, lost))
    });
    texts.into_iter().next()
}

/// Whether a text can have become these marks.
fn can_be(text: &str, marks: &str) -> bool {
    let (chars, marks) = (text.chars().count(), marks.chars().count());
    let is_right =
        !text.contains(['\u{fffd}', '?', '\u{ef}']) && !text.contains('锟') && !text.contains(char::is_control);
    // A character of UTF-8 leaves at most four marks.
    is_right && !text.is_ascii() && chars <= marks && marks <= chars * 4 && text.trim() == text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str, versions: &[&str]) -> Vec<(String, Confidence)> {
        let mut places: Vec<Range<usize>> = Vec::new();
        for (at, c) in line.char_indices().filter(|(_, c)| matches!(c, '\u{fffd}' | '¿')) {
            match places.last_mut() {
                Some(last) if last.end == at => last.end += c.len_utf8(),
                _ => places.push(at..at + c.len_utf8()),
            }
        }
        let found = recover(line, &places, versions);
        found.into_iter().flatten().map(|found| (found.text, found.confidence)).collect()
    }

    fn likely(text: &str) -> (String, Confidence) {
        (text.to_owned(), Confidence::Likely)
    }

    #[test]
    fn a_line_that_is_the_same_everywhere_else() {
        let line = "  La mer s'est retir\u{fffd}e, d\u{fffd}j\u{fffd} vu\r";
        assert_eq!(
            texts(line, &["something else é", "La mer s'est retirée, déjà vu"]),
            [likely("é"), likely("é"), likely("à")]
        );
        assert_eq!(texts("caf\u{fffd}", &["café"]), [("é".to_owned(), Confidence::Possible)], "short");
    }

    #[test]
    fn what_cannot_have_been_lost_is_not_offered() {
        let line = "the crew of the caf\u{fffd}s boat";
        for other in ["the crew of the cafes boat", "the crew of the cafs boat", "the crew of the café noirs boat"] {
            assert_eq!(texts(line, &[other]), [], "{other}");
        }
        assert_eq!(texts(line, &["the crew of the caf\u{fffd}s boat", "the crew of the caf??s boat"]), []);
    }

    #[test]
    fn what_stands_around_tells_less() {
        let line = "new words: the crew of the caf\u{fffd}s boat sank";
        assert_eq!(texts(line, &["x the crew of the cafés boat sank y"]), [("é".to_owned(), Confidence::Possible)]);
        assert_eq!(texts(line, &["of the cafés boat x", "nothing"]), []);
        let two = ["the crew of the cafés boat", "the crew of the cafòs boat"];
        assert_eq!(texts("the crew of the caf\u{fffd}s boat", &two), [("é".to_owned(), Confidence::Possible)]);
    }
}
