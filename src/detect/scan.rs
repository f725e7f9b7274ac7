//! The scan for suspects.
use super::evidence::{Cluster, Open, Surprise, beyond, character, run_of_control};
use super::lanes;
use super::tables::{Entry, Letter};
use super::thresholds::{MORE, TOO_MUCH, USUAL};
use crate::codec;
use crate::model::Symbol;

/// The byte offset of the first suspect at or after `from` (a character border).
pub fn next_suspect(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut scan = Scan::new(text, from);
    let mut base = from;
    while base < bytes.len() {
        let mut leads;
        (base, leads) = lanes::next_leads(bytes, base);
        while leads != 0 {
            let at = base + leads.trailing_zeros() as usize;
            leads &= leads - 1;
            if scan.character(at) {
                return Some(scan.found);
            }
        }
        base += lanes::WIDTH;
    }
    scan.gap(bytes.len()).then_some(scan.found)
}

/// A scan under way.
struct Scan<'t> {
    text: &'t str,
    from: usize,
    /// All before is done with.
    end: usize,
    /// The character before `end`, and the entry of the pair that ends there.
    last: Letter,
    entry: Entry,
    /// The surprise at `end`, or more; and where it began to rise.
    sum: i32,
    first: usize,
    /// The exact surprise at a place, where it was worked out last.
    exact: (usize, Surprise),
    cluster: Cluster,
    found: usize,
}

impl<'t> Scan<'t> {
    fn new(text: &'t str, from: usize) -> Scan<'t> {
        Scan {
            text,
            from,
            end: from,
            last: Letter::ascii(b' '),
            entry: Entry::START,
            sum: 0,
            first: from,
            exact: (from, Surprise::default()),
            cluster: Cluster::default(),
            found: 0,
        }
    }

    /// Goes on by the character at byte `at`, which is not ASCII, over the ASCII before it; says whether that is enough.
    #[inline(always)]
    fn character(&mut self, at: usize) -> bool {
        if at != self.end && self.gap(at) {
            return true;
        }
        let Some(&[lead, second, third]) = self.text.as_bytes().get(at..).and_then(|rest| rest.first_chunk()) else {
            return self.near_the_end(at);
        };
        let low = |byte: u8| usize::from(byte & 0x3F);
        let (len, (letter, entry)) = if lead < 0xE0 {
            (2, self.last.pair(usize::from(lead & 0x1F), low(second)))
        } else if lead < 0xF0 {
            (3, self.last.pair(usize::from(lead & 0x0F) << 6 | low(second), low(third)))
        } else {
            (4, (Letter::UNKNOWN, Entry::UNKNOWN))
        };
        self.take(at, len, letter, entry)
    }

    #[cold]
    fn near_the_end(&mut self, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        let (letter, entry) = self.last.pair(usize::from(bytes[at] & 0x1F), usize::from(bytes[at + 1] & 0x3F));
        self.take(at, 2, letter, entry)
    }

    #[inline(always)]
    fn take(&mut self, at: usize, len: usize, letter: Letter, entry: Entry) -> bool {
        if entry.is_hot(self.entry) {
            return self.look(at, len, letter, entry);
        }
        self.end = at + len;
        self.last = letter;
        self.entry = entry;
        self.surprise(at, entry.surprise())
    }

    #[inline(always)]
    fn surprise(&mut self, at: usize, by: i32) -> bool {
        if self.sum == 0 {
            self.first = at;
        }
        self.sum = (self.sum + by).max(0);
        self.sum >= TOO_MUCH && self.is_surprised(self.end)
    }

    /// Goes on by a character that may end a sequence, or of which the tables know nothing.
    #[cold]
    #[inline(never)]
    fn look(&mut self, at: usize, len: usize, letter: Letter, entry: Entry) -> bool {
        let end = at + len;
        let mut by = entry.surprise();
        if entry.is_unknown() {
            let symbol = self.symbol_at(at);
            by = (beyond(self.symbol_before(at), symbol) - MORE).min(super::thresholds::DEAREST);
        }
        self.end = end;
        self.last = letter;
        self.entry = Entry::UNKNOWN;
        if self.surprise(at, by) {
            return true;
        }
        // The characters of the run before it that a sequence could hold.
        let bytes = self.text.as_bytes();
        let mut start = at;
        for _ in 0..3 {
            if start == self.from || bytes[start - 1].is_ascii() {
                break;
            }
            start -= 1;
            while (bytes[start] as i8) < -0x40 {
                start -= 1;
            }
        }
        let mut open = Open::default();
        let mut hits = [0; 3];
        let mut symbols = [Symbol::NONE; 4];
        let mut count = 0;
        while start < end {
            let Some((c, len)) = character(&bytes[start..]) else { break };
            hits = open.take(codec::roles(c));
            symbols[count] = Symbol::of_code_point(c);
            count += 1;
            start += len;
        }
        if hits != [0; 3] {
            // Letters that are often seen together are seldom damage; where they are, their neighbours show it.
            let pairs = symbols[..count].windows(2).rev();
            let usual_pairs = pairs.take_while(|pair| beyond(pair[0], pair[1]) <= USUAL).count();
            for (chars, pages) in [4, 3, 2].into_iter().zip(hits) {
                if pages != 0 && usual_pairs < chars - 1 && self.cluster.add(self.text, end, chars, pages) {
                    self.found = self.cluster.first;
                    return true;
                }
            }
        }
        if len == 2 && bytes[at] == 0xC2 && bytes[at + 1] < 0xA0 {
            self.found = self.cluster.begins(run_of_control(self.text, at, self.from));
            return true;
        }
        false
    }

    /// Goes on over ASCII up to byte `to`.
    #[inline(always)]
    fn gap(&mut self, to: usize) -> bool {
        if self.sum > 0 && self.fade(to) {
            return true;
        }
        self.end = to;
        self.last = Letter::ascii(self.text.as_bytes().get(to.wrapping_sub(1)).copied().unwrap_or(b' '));
        self.entry = Entry::START;
        false
    }

    #[cold]
    #[inline(never)]
    fn fade(&mut self, to: usize) -> bool {
        let mut surprise = Surprise { sum: self.sum, first: self.first, last: self.symbol_before(self.end) };
        let enough = surprise.pass(&self.text.as_bytes()[self.end..to]);
        self.sum = surprise.sum;
        enough && self.is_surprised(to)
    }

    /// Whether the surprise up to byte `to` is too much, exactly; afterwards the sum is exact.
    #[cold]
    #[inline(never)]
    fn is_surprised(&mut self, to: usize) -> bool {
        let (mut at, mut surprise) = self.exact;
        if at <= self.first {
            at = self.first;
            surprise = Surprise { sum: 0, first: at, last: self.symbol_before(at) };
        }
        let bytes = self.text.as_bytes();
        while at < to {
            if let Some((c, len)) = character(&bytes[at..]) {
                let symbol = Symbol::of_code_point(c);
                let by = beyond(surprise.last, symbol) - MORE;
                surprise.last = symbol;
                if surprise.add(by, at) {
                    self.found = surprise.first;
                    return true;
                }
                at += len;
            } else {
                let plain = bytes[at..to].iter().take_while(|byte| byte.is_ascii()).count();
                if surprise.pass(&bytes[at..at + plain]) {
                    self.found = surprise.first;
                    return true;
                }
                at += plain;
            }
        }
        self.sum = surprise.sum;
        self.exact = (to, surprise);
        false
    }

    fn symbol_at(&self, at: usize) -> Symbol {
        character(&self.text.as_bytes()[at..]).map_or(Symbol::edge(), |(c, _)| Symbol::of_code_point(c))
    }

    /// The character before byte `at`; what stands before the scan is not looked at.
    fn symbol_before(&self, at: usize) -> Symbol {
        self.text[self.from..at].chars().next_back().map_or(Symbol::edge(), Symbol::of)
    }
}

#[cfg(test)]
#[path = "scan_tests.rs"]
mod tests;
