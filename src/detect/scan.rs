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

use crate::codec::{self, PageSet, Record, Roles};
use crate::model::{self, PER_NAT, Symbol};

/// Promises that do not reach this add up to nothing, in eighths of a nat. Less than any mixup costs to enter.
const ENOUGH: i32 = 6 * PER_NAT;
/// How much more than usual a character costs before it is a surprise.
const MORE: i32 = 2 * PER_NAT;
/// A single character adds no more surprise than this.
const DEAREST: i32 = 10 * PER_NAT;
/// How much more than usual a character of a usual pair costs, at most.
const USUAL: i32 = PER_NAT / 2;
/// More surprise than this is looked into.
const TOO_MUCH: i32 = 10 * PER_NAT;
/// What a promise loses with each character of distance.
const FADES: i32 = 1;

/// The byte offset of the first suspect at or after `from` (a character border).
pub fn next_suspect(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    let mut cluster = Cluster::default();
    let mut surprise = Surprise::default();
    while at < bytes.len() {
        let plain = ascii_len(&bytes[at..]);
        if surprise.pass(&bytes[at..at + plain]) {
            return Some(surprise.first);
        }
        at += plain;
        let mut open = Open::default();
        let mut last = surprise.last;
        // How many pairs in a row, up to the last character, are often seen.
        let mut usual_pairs = 0;
        while let Some((c, len)) = character(&bytes[at..]) {
            at += len;
            let symbol = Symbol::of_code_point(c);
            // In large scripts most pairs are new; what counts is how rare the character is.
            let large = symbol.is_of_large_script() && last.is_of_large_script();
            let cost = if large { symbol.within() } else { model::cost(last, symbol) };
            let beyond = cost - symbol.usual();
            last = symbol;
            usual_pairs = if beyond <= USUAL { usual_pairs + 1 } else { 0 };
            if surprise.add(beyond - MORE, at - len) {
                return Some(surprise.first);
            }
            // Most of what is not in any page stands in a few large blocks.
            if (0x2E80..0xF000).contains(&c) {
                open = Open::default();
                continue;
            }
            let hits = open.take(codec::roles(c));
            // Letters that are often seen together are seldom damage; where they are, their neighbours show it.
            if hits != [0; 3] && usual_pairs < 3 {
                for (chars, pages) in [4, 3, 2].into_iter().zip(hits) {
                    if pages != 0 && usual_pairs < chars - 1 && cluster.add(text, at, chars, pages) {
                        return Some(cluster.first);
                    }
                }
            }
            if (0x80..0xA0).contains(&c) {
                // A sequence that this control ends begins before it.
                let start = at - len;
                let run = text[..start].char_indices().rev().take(3).take_while(|(_, c)| !c.is_ascii());
                let run =
                    run.filter(|(at, c)| *at >= from && codec::record(*c).leads()).last().map_or(start, |(at, _)| at);
                return Some(if cluster.promised > 0 { cluster.first.min(run) } else { run });
            }
        }
        surprise.last = last;
    }
    None
}

/// How much a stretch of text costs beyond what text costs: a sum that falls in usual text and never below nothing.
struct Surprise {
    sum: i32,
    /// Where it began to rise.
    first: usize,
    last: Symbol,
}

impl Default for Surprise {
    fn default() -> Surprise {
        Surprise { sum: 0, first: 0, last: Symbol::edge() }
    }
}

impl Surprise {
    /// Goes on over ASCII; says whether the first of it is too much.
    fn pass(&mut self, ascii: &[u8]) -> bool {
        let ([first, .., last] | [first @ last]) = ascii else { return false };
        if self.sum > 0 {
            let symbol = Symbol::of(char::from(*first));
            self.sum += (model::cost(self.last, symbol) - symbol.usual() - MORE).clamp(0, DEAREST);
        }
        let enough = self.sum >= TOO_MUCH;
        self.sum = (self.sum - FADES * ascii.len().min(1 << 16) as i32).max(0);
        self.last = Symbol::of(char::from(*last));
        enough
    }

    /// Goes on by one character at byte `at`, which costs `beyond` too much; says whether that is enough.
    #[inline]
    fn add(&mut self, beyond: i32, at: usize) -> bool {
        if self.sum == 0 {
            self.first = at;
        }
        self.sum = (self.sum + beyond.min(DEAREST)).max(0);
        self.sum >= TOO_MUCH
    }
}

/// The sequences that the last characters have begun, by page.
#[derive(Default)]
struct Open {
    /// Sequences of two, three and four bytes of which the last byte is missing.
    last: [u64; 3],
    /// Sequences of three and four bytes of which two bytes are missing.
    two: [u64; 2],
    /// Sequences of four bytes of which three are missing.
    three: u64,
}

impl Open {
    /// Goes on by one character: the pages in which sequences of four, three and two characters end with it.
    #[inline]
    fn take(&mut self, roles: &Roles) -> [u64; 3] {
        let trail = roles.trail;
        let hits = [self.last[2] & trail, self.last[1] & trail, self.last[0] & trail];
        self.last = [roles.lead2, self.two[0] & trail, self.two[1] & trail];
        self.two = [roles.lead3, self.three & trail];
        self.three = roles.lead4;
        hits
    }
}

/// Sequences close together, and what undoing them promises.
struct Cluster {
    promised: i32,
    /// Where it begins.
    first: usize,
    /// Where the last sequence ended.
    reached: usize,
    /// What the last sequence decoded to.
    decoded: Symbol,
}

impl Default for Cluster {
    fn default() -> Cluster {
        Cluster { promised: 0, first: 0, reached: usize::MAX, decoded: Symbol::edge() }
    }
}

impl Cluster {
    /// Adds the sequence of `count` characters that ends at byte `end`; says whether the promises are enough.
    #[inline(never)]
    fn add(&mut self, text: &str, end: usize, count: usize, pages: u64) -> bool {
        let mut run = [('\0', codec::record('a')); 4];
        let mut start = end;
        for (slot, (at, c)) in run[..count].iter_mut().rev().zip(text[..end].char_indices().rev()) {
            *slot = (c, codec::record(c));
            start = at;
        }
        let faded = FADES * start.abs_diff(self.reached).min(1 << 16) as i32;
        let left = (self.promised - faded).max(0);
        let joined = (self.reached == start).then_some(self.decoded);
        let Some((gain, meant)) = promise(text, start, &run[..count], pages, joined) else {
            return false;
        };
        if left == 0 {
            self.first = start;
        }
        self.promised = left + gain;
        self.reached = end;
        self.decoded = meant;
        self.promised >= ENOUGH
    }
}

/// The code point at the start of valid UTF-8 and its length; `None` for ASCII, or at the end.
#[inline]
fn character(bytes: &[u8]) -> Option<(u32, usize)> {
    let low = |i: usize| u32::from(bytes.get(i).copied().unwrap_or(0) & 0x3F);
    match bytes.first().copied()? {
        0..0x80 => None,
        b @ ..0xE0 => Some((u32::from(b & 0x1F) << 6 | low(1), 2)),
        b @ ..0xF0 => Some((u32::from(b & 0x0F) << 12 | low(1) << 6 | low(2), 3)),
        b => Some((u32::from(b & 0x07) << 18 | low(1) << 12 | low(2) << 6 | low(3), 4)),
    }
}

/// What undoing the sequence `run`, which begins at byte `start`, gains at best in any of `pages`, and the character it
/// then is. `joined` is what the sequence right before it decoded to.
fn promise(
    text: &str,
    start: usize,
    run: &[(char, &'static Record)],
    pages: u64,
    joined: Option<Symbol>,
) -> Option<(i32, Symbol)> {
    let before = text[..start].chars().next_back().map_or(Symbol::edge(), Symbol::of);
    let (mut last, mut stands) = (before, 0);
    for symbol in run.iter().map(|(c, _)| Symbol::of(*c)) {
        stands += model::cost(last, symbol);
        last = symbol;
    }
    let promises = PageSet(pages).iter().filter_map(|page| codec::unit(run, page)).filter_map(|unit| {
        let meant = Symbol::of(unit.meant);
        // Most chance sequences decode to what cannot stand here, which the classes alone can tell.
        if joined.is_none() && model::least_cost(before, meant) >= stands {
            return None;
        }
        let enters = model::cost(before, meant);
        Some((stands - joined.map_or(enters, |joined| enters.min(model::cost(joined, meant))), meant))
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
    fn right_text_has_no_suspect() {
        for text in ["plain", "naïve café – “right” Привет", "日本語のテキスト", "Ελληνικά", "한국어 문장입니다"]
        {
            assert_eq!(next_suspect(text, 0), None, "{text}");
        }
    }

    #[test]
    fn damage_is_suspect_where_it_begins_or_a_little_later() {
        for (text, begins) in [
            ("ab cafÃ©", 6),
            ("éâ€™s", 2),
            ("x ðŸ˜€", 2),
            ("lone \u{92} control", 5),
            ("ab РџСЂРёРІРµС‚", 3),
            ("It鈥檚 here", 2),
            ("Ïðèâåò, ìèð", 0),
        ] {
            let found = next_suspect(text, 0).unwrap_or_else(|| panic!("nothing in {text}"));
            assert!((begins..begins + 8).contains(&found), "{text}: {found}");
        }
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
