//! In which old encoding is a source that does not say so?
//!
//! The judge's own model answers: what the bytes are in one encoding is weighed against what they are in every other, by letter
//! statistics and, in Latin and Cyrillic letters, by words within one language at a time. UTF-8 with bytes of a code page
//! in between is one of the readings. Where two readings that differ are as likely, there is no answer.
//!
//! In: the bytes, which are no valid UTF-8 as a whole. Out: a [`Guess`]. Only a [`sample`] is weighed, so that time and memory
//! are bounded. Must not: read what is declared; or answer for what is no text in any encoding.

mod candidates;
mod mixed;
mod sample;
mod weigh;

pub use mixed::view as mixed_view;

use super::Charset;
use crate::edit::Confidence;
use crate::model::PER_NAT;
use candidates::CANDIDATES;
use weigh::Reading;

/// The encoding that a source is likely in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The encoding; of a mixed source that of what is not UTF-8.
    pub charset: Charset,
    /// Whether a part of the source is UTF-8.
    pub mixed: bool,
    /// How sure it is.
    pub confidence: Confidence,
    /// The language, where the words tell.
    pub language: Option<&'static str>,
}

/// How much likelier, in eighths of a nat, the best reading must be than any that makes another text, for each level. Measured
/// with `benches/encodings.py` on lines of text: see `benches/README.md`.
const CERTAIN: i32 = 12 * PER_NAT;
const LIKELY: i32 = 5 * PER_NAT;
const POSSIBLE: i32 = 2 * PER_NAT;

/// The encoding that a source is likely in; none where nothing is likely enough.
pub fn guess(source: &[u8]) -> Option<Guess> {
    let pieces = sample::pieces(source);
    let mut readings: Vec<Reading> = Vec::new();
    for candidate in CANDIDATES.iter() {
        for reading in weigh::readings(candidate, &pieces) {
            // Of two that make the same text, the commoner one is named.
            match readings.iter_mut().find(|known| known.text == reading.text) {
                Some(known) if known.cost <= reading.cost => {}
                Some(known) => *known = reading,
                None => readings.push(reading),
            }
        }
    }
    weigh::words(&mut readings);
    readings.sort_by_key(|reading| reading.cost);
    let best = readings.first().filter(|best| best.is_text())?;
    let margin = readings.get(1).map_or(i32::MAX, |next| next.cost - best.cost);
    let confidence = match margin {
        CERTAIN.. => Confidence::Certain,
        LIKELY.. => Confidence::Likely,
        POSSIBLE.. => Confidence::Possible,
        _ => return None,
    };
    Some(Guess { charset: best.charset, mixed: best.mixed, confidence, language: best.language })
}
