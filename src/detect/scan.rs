//! The scan for suspects, and a second, cheaper test before anything is judged.
//!
//! First test: do the characters, as bytes of some page, begin a UTF-8 sequence? The records of the last four characters
//! answer that with a few bit operations for all pages at once. In most scripts next to nothing passes; in some (Cyrillic
//! under IBM866, Thai under windows-874, Arabic under windows-1256) chance sequences are common.
//!
//! Second test, the *promise*: what would undoing this one sequence gain? What the characters cost as they stand, less
//! what the decoded character costs after what comes before it, be that as it stands or decoded as well. Promises close
//! together add up; where they never reach what the commonest mixup costs to enter, no reading can win, and nothing more
//! is done.

use crate::codec::{self, PageSet, Record};
use crate::model::{self, PER_NAT, Symbol};

/// Promises that do not reach this add up to nothing, in eighths of a nat. Less than any mixup costs to enter.
const ENOUGH: i32 = 6 * PER_NAT;
/// What the character after a sequence costs once it is decoded, at least.
const EXIT: i32 = 2 * PER_NAT;
/// What a promise loses with each character of distance.
const FADES: i32 = 1;

/// A character with what the tests want to know of it.
#[derive(Clone, Copy)]
struct Seen {
    at: usize,
    c: char,
    record: &'static Record,
}

impl codec::Cell for Seen {
    fn c(&self) -> char {
        self.c
    }
    fn record(&self) -> &'static Record {
        self.record
    }
}

/// The byte offset of the first suspect at or after `from` (a character border).
pub fn next_suspect(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    let (mut promised, mut first, mut reached) = (0, 0, 0);
    // What the last sequence decoded to, and where it ended.
    let mut decoded = (Symbol::edge(), usize::MAX);
    loop {
        at += ascii_len(&bytes[at..]);
        let mut chars = text[at..].chars();
        // The last characters, newest last.
        let nothing = Seen { at, c: '\0', record: codec::record('a') };
        let mut last = [nothing; 4];
        loop {
            let here = text.len() - chars.as_str().len();
            let Some(c) = chars.next() else { return None };
            if c.is_ascii() {
                at = here;
                break;
            }
            if ('\u{80}'..='\u{9f}').contains(&c) {
                // A sequence that this control ends begins before it.
                let run = last.iter().find(|seen| seen.c != '\0' && seen.record.leads()).map_or(here, |seen| seen.at);
                return Some(if promised > 0 { first.min(run) } else { run });
            }
            let record = codec::record(c);
            last = [last[1], last[2], last[3], Seen { at: here, c, record }];
            let trail = record.trail;
            if trail == 0 {
                continue;
            }
            let trails = trail & last[2].record.trail;
            let begins = [
                (2, last[2].record.lead2 & trail),
                (1, last[1].record.lead3 & trails),
                (0, last[0].record.lead4 & trails & last[1].record.trail),
            ];
            for (start, pages) in begins.into_iter().filter(|(_, pages)| *pages != 0) {
                let run = &last[start..];
                promised = (promised - FADES * (here - reached).min(1 << 16) as i32).max(0);
                if promised == 0 {
                    first = run[0].at;
                }
                reached = here;
                let joined = (decoded.1 == run[0].at).then_some(decoded.0);
                if let Some((gain, meant)) = promise(text, run, pages, chars.clone().next(), joined) {
                    promised += gain;
                    decoded = (meant, text.len() - chars.as_str().len());
                }
                if promised >= ENOUGH {
                    return Some(first);
                }
            }
        }
    }
}

/// What undoing the sequence `run` gains at best in any of `pages`, and the character it then is. `joined` is what the
/// sequence right before it decoded to.
fn promise(text: &str, run: &[Seen], pages: u64, next: Option<char>, joined: Option<Symbol>) -> Option<(i32, Symbol)> {
    let before = text[..run[0].at].chars().next_back().map_or(Symbol::edge(), Symbol::of);
    let (mut last, mut stands) = (before, 0);
    for symbol in run.iter().map(|seen| Symbol::of(seen.c)).chain([next.map_or(Symbol::edge(), Symbol::of)]) {
        stands += model::cost(last, symbol);
        last = symbol;
    }
    let least = stands - EXIT;
    if least <= 0 {
        return None;
    }
    let promises = PageSet(pages).iter().filter_map(|page| codec::unit(run, page)).map(|unit| {
        let meant = Symbol::of(unit.meant);
        let enters = model::cost(before, meant);
        (least - joined.map_or(enters, |joined| enters.min(model::cost(joined, meant))), meant)
    });
    promises.max_by_key(|promise| promise.0).filter(|promise| promise.0 > 0)
}

/// How many bytes of ASCII come first.
fn ascii_len(bytes: &[u8]) -> usize {
    let mut at = 0;
    for chunk in bytes.chunks_exact(16) {
        if !chunk.is_ascii() {
            break;
        }
        at += 16;
    }
    at + bytes[at..].iter().take_while(|b| b.is_ascii()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suspects() {
        assert_eq!(next_suspect("plain", 0), None);
        assert_eq!(next_suspect("naïve café – “right” Привет", 0), None);
        assert_eq!(next_suspect("ab cafÃ©", 0), Some(6));
        assert_eq!(next_suspect("éâ€™s", 0), Some(2));
        assert_eq!(next_suspect("x ðŸ˜€", 0), Some(2));
        assert_eq!(next_suspect("lone \u{92} control", 0), Some(5));
        assert_eq!(next_suspect("cafÃ©", 7), None);
    }

    #[test]
    fn scripts_whose_letters_are_sequences_of_their_own_page_pass() {
        for text in ["Съешь ещё этих мягких французских булок", "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า", "نص حكيم له سر قاطع"]
        {
            assert_eq!(next_suspect(text, 0), None, "{text}");
        }
    }
}
