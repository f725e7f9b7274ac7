//! The scan for suspects: over clean text at a few instructions a character, and decoding none of it.
//!
//! What is looked for, and how it is weighed, is in [`super::evidence`]: surprise, the promise of sequences, C1 controls. The
//! plain way to find it is the twin (`twin.rs`, built for tests only), which decodes each character and asks the model for
//! each pair. The scan finds the same places, no more and no less, in stages of which each sees only what the one
//! before lets through:
//!
//! 1. ASCII. Vectors of bytes give a bit for each byte that begins another character ([`super::lanes`]); ASCII between such
//!    bytes is never looked at.
//! 2. Known runs. Text repeats its words: what a run of characters between ASCII came to is kept ([`super::known`]), and the next
//!    one that is the same to the byte is passed by.
//! 3. Pairs. Each other character outside ASCII, with the one before it, is looked up by its bytes ([`super::tables`]): what the
//!    pair adds to the surprise, and whether it can be a part of a sequence that counts. As long as characters are of the
//!    same script that is one look-up in a table of their own (`pass_dense`); in scripts with thousands of characters the
//!    character alone says so (`pass_large`).
//! 4. Places. Where a sequence may end, the characters before it are decoded and their roles in all pages compared
//!    (`ends_sequence`); where the surprise would be too much, it is added up anew from where it began (`is_surprised`).
//! 5. What the sequence costs as it stands is added up from the tables: most decode to what cannot cost less there.
//! 6. Only then the promise of a sequence is worked out, by the twin's own code.
//!
//! Why it cannot miss anything:
//!
//! - The surprise that the tables give is never less than the twin's: it is the same where both characters are of small
//!   scripts, the same or more beside a character of a large one, and asked of the model where the tables know nothing. A
//!   sum that never falls below nothing, of terms that are no less, is no less. So when the twin's sum reaches its mark,
//!   this one has; and the exact sum is then worked out from a place where this one was nothing, so the twin's was too.
//! - A sequence of n characters in a page counts only if one of its n - 1 pairs is unusual. With two characters the pair
//!   itself is: bit `PAIR` of its entry. With three, the first pair is a lead of three and a trail, the second two trails,
//!   and one of the two is unusual; with four the first two pairs are a lead of four and a trail, and two trails. Each
//!   entry says for all pages at once which of this its pair is, and what it asks of the next: a bit test finds all places
//!   where that holds for any pages, be it for different ones. At each such place, and after each pair in no table, the roles
//!   say exactly which sequences have three of four characters, or two of three; if there are any, the next pair is taken to
//!   go on, so the last character of a sequence is seen as well.
//! - A run is known only if nothing was found in it, and no sequence in it promised anything; and if there was no surprise before
//!   it, or so little that it is never too much in it (`walk`).
//!   No sequence lies across its ends, for ASCII is in none, and none before it ends where it begins. So all that the scan comes
//!   to in it follows from its bytes and the one before it, which are the key: only the surprise at its end is left, and
//!   where that began to rise.
//! - C1 controls, and characters of four bytes, are in no table.

use std::ops::Range;

use super::evidence::{Cluster, Open, Surprise, beyond, by_ascii, character, run_of_control};
use super::known::{self, After, Alone, GoesOn, Key, Known, Limits, One};
use super::lanes;
use super::tables::{Dense, Entry, Large, Letter, Tables};
use super::thresholds::{BEGINS, FADES, LEAST, MORE, TOO_MUCH, USUAL};
use super::words;
use crate::codec;
use crate::model::Symbol;

/// The byte offset of the first suspect at or after `from` (a character border). Afterwards `known` has the runs before it,
/// or all, that others have to look at.
pub fn next_suspect(text: &str, from: usize, known: &mut Known) -> Option<usize> {
    known.unsure.clear();
    // Nothing in ASCII is a suspect, and no table is needed to tell that.
    let (base, leads) = lanes::next_leads(text.as_bytes(), from);
    if leads == 0 { None } else { Scan::new(text, from, known).next_suspect(base) }
}

/// Where a scan is.
#[derive(Clone, Copy)]
struct Now {
    /// All before is done with.
    end: usize,
    /// The character before `end`, and the entry of the pair that ends there.
    last: Letter,
    entry: Entry,
    /// The surprise at `end`, or more; and where it began to rise.
    sum: i32,
    first: usize,
    /// Whether the surprise has what the byte of ASCII after `end` adds to it.
    is_ended: bool,
}

/// A scan under way. What the common path changes is kept apart, in [`Now`], so that it stays in registers.
struct Scan<'t> {
    text: &'t str,
    from: usize,
    known: &'t mut Known,
    tables: &'static Tables,
    /// The exact surprise at a place, where it was worked out last.
    exact: (usize, Surprise),
    cluster: Cluster,
    found: usize,
}

impl<'t> Scan<'t> {
    fn new(text: &'t str, from: usize, known: &'t mut Known) -> Scan<'t> {
        Scan {
            text,
            from,
            known,
            tables: Tables::get(),
            exact: (from, Surprise::default()),
            cluster: Cluster::default(),
            found: 0,
        }
    }

    /// The first suspect, where nothing but ASCII is before byte `base`.
    fn next_suspect(&mut self, mut base: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let from = self.from;
        let mut now =
            Now { end: from, last: Letter::ascii(b' '), entry: Entry::START, sum: 0, first: from, is_ended: false };
        while base < bytes.len() {
            let mut leads;
            (base, leads) = lanes::next_leads(bytes, base);
            let step = base;
            base += lanes::WIDTH;
            while leads != 0 {
                if self.pass_run(&mut now, step + leads.trailing_zeros() as usize) {
                    return Some(self.found);
                }
                let passed = now.end - step;
                if passed >= lanes::WIDTH {
                    base = now.end;
                    break;
                }
                leads &= u64::MAX << passed;
            }
        }
        self.is_enough_at_the_end(now).then_some(self.found)
    }

    /// Goes on over ASCII and the run of other characters that begins at byte `at`; says whether that is enough.
    #[inline(always)]
    fn pass_run(&mut self, now: &mut Now, at: usize) -> bool {
        if at == now.end {
            // Nothing is before it.
            return self.run_unsure(now);
        }
        let bytes = self.text.as_bytes();
        if now.sum > 0 && self.fade(now, at) {
            return true;
        }
        now.end = at;
        now.is_ended = false;
        if let Some(one) = One::new(bytes, at) {
            let alone = self.known.one(one).unwrap_or_else(|| self.learn(one, at));
            let sum = now.sum + i32::from(alone.by);
            if alone.ends != 0 && sum + i32::from(alone.ends) < TOO_MUCH {
                now.first = if now.sum == 0 { at } else { now.first };
                now.end += one.len();
                now.is_ended = true;
                now.sum = if sum > 0 { sum + i32::from(alone.ends) } else { 0 };
                self.known.unsure.any_lone |= one.is_cjk();
                if !alone.is_sure {
                    self.known.unsure.push(bytes, at, now.end);
                }
                return false;
            }
        }
        let key = Key::new(bytes, at);
        let known = key.as_ref().and_then(|key| Some((key.run_len(), self.known.get(key)?)));
        if let Some((len, after)) = known
            && self.goes_on(now, key.as_ref(), after, at..at + len)
        {
            now.end += len;
            self.known.unsure.any_lone |= len == 3;
            if !after.is_sure || bytes[now.end].is_ascii_alphabetic() {
                self.known.unsure.push(bytes, at, now.end);
            }
            return false;
        }
        now.last = Letter::ascii(bytes[at - 1]);
        now.entry = Entry::START;
        let (is_new, rises) = (known.is_none(), now.sum > 0);
        let reached = self.cluster.reached();
        if self.run_unsure(now) {
            return true;
        }
        // What a sequence in it promised is no matter of the run alone.
        if is_new
            && let Some(key) = key
            && self.cluster.reached() == reached
        {
            if !rises {
                self.known.put(&key, now.sum, now.first.saturating_sub(at));
            } else if let Some((sum, first, limits)) = self.walk(at, now.end) {
                self.known.put(&key, sum, first - at);
                self.known.put_limits(&key, limits);
            }
        }
        false
    }

    /// Brings what surprise there is over a known run, if that is known.
    #[inline(always)]
    fn goes_on(&mut self, now: &mut Now, key: Option<&Key>, after: After, run: Range<usize>) -> bool {
        let mut left = 0;
        if now.sum > 0 {
            let limits = self.limits(key, after, run.clone());
            if now.sum > limits.most {
                return false;
            }
            left = (now.sum - limits.gone).max(0);
        }
        now.sum = i32::from(after.sum) + left;
        if left == 0 {
            now.first = run.start + usize::from(after.first);
        }
        true
    }

    /// How a known run goes on where there is surprise before it. Most are never met with any, so it is worked out when it is first asked
    /// for.
    #[inline(never)]
    fn limits(&mut self, key: Option<&Key>, after: After, run: Range<usize>) -> Limits {
        after.limits.unwrap_or_else(|| {
            let limits = self.walk(run.start, run.end).map_or(Limits::NONE, |(_, _, limits)| limits);
            key.into_iter().for_each(|key| self.known.put_limits(key, limits));
            limits
        })
    }

    /// The surprise that the run from byte `start` to `end` ends with where there is none before it, where that began to rise, and
    /// how it goes on where there is some: as long as that is not gone each character adds to it what it adds; once it is, all
    /// goes on as without it. `None` if that is not known.
    #[cold]
    #[inline(never)]
    fn walk(&self, start: usize, end: usize) -> Option<(i32, usize, Limits)> {
        let mut last = Letter::ascii(self.text.as_bytes()[start - 1]);
        // All in all, and the least that this comes to; the surprise without any before it, and the most that this comes to.
        let (mut all, mut least, mut sum, mut most) = (0, 0, 0, 0);
        let mut first = start;
        for (at, c) in self.text[start..end].char_indices() {
            let (letter, entry) = self.tables.pair_of(last, c.into());
            if entry.is_unknown() {
                return None;
            }
            last = letter;
            all += entry.surprise();
            least = all.min(least);
            if sum == 0 {
                first = start + at;
            }
            sum = (sum + entry.surprise()).max(0);
            most = sum.max(most);
        }
        // With so much before it the surprise is no more than both together.
        (most < TOO_MUCH).then(|| (sum, first, Limits::new(-least, TOO_MUCH - 1 - most)))
    }

    /// Goes on over all characters before the next one of ASCII; says whether that is enough. Others have to look at them.
    #[inline(never)]
    fn run_unsure(&mut self, now: &mut Now) -> bool {
        let start = now.end;
        let enough;
        (enough, *now) = self.run(*now);
        self.known.unsure.push(self.text.as_bytes(), start, now.end);
        enough
    }

    /// What there is to know of a single character between ASCII, at byte `at`.
    #[cold]
    #[inline(never)]
    fn learn(&mut self, one: One, at: usize) -> Alone {
        let (bytes, rest) = (self.text.as_bytes(), &self.text[at..]);
        let c = rest.chars().next().unwrap_or(' ');
        let (_, entry) = self.tables.pair_of(Letter::ascii(bytes[at - 1]), c.into());
        let first = bytes[at + one.len()];
        let ends = self.known.after(c, first.into(), || by_ascii(Symbol::of(c), first));
        let ends = if entry.is_hot(Entry::START) { 0 } else { ends as u8 };
        self.known.put_one(one, entry.surprise() as i8, ends, bytes, at, words::is_telling(bytes, at))
    }

    /// Goes on over all characters before the next one of ASCII; says whether that is enough.
    #[inline(never)]
    fn run(&mut self, mut now: Now) -> (bool, Now) {
        let bytes = self.text.as_bytes();
        loop {
            let at = now.end;
            let rest = bytes.get(at..).unwrap_or_default();
            let four = match rest.first_chunk() {
                Some(four) => u32::from_le_bytes(*four),
                None => rest.iter().rev().fold(0, |four, byte| four << 8 | u32::from(*byte)),
            } as usize;
            let (lead, second, third) = (four & 0xFF, four >> 8 & 0x3F, four >> 16 & 0x3F);
            let (len, high, low) = match lead {
                ..0x80 => return (false, now),
                0x80..0xE0 => (2, lead & 0x1F, second),
                0xE0..0xF0 => (3, (lead & 0x0F) << 6 | second, third),
                _ => (4, 0, 0),
            };
            let (letter, entry) =
                if len < 4 { self.tables.pair(now.last, high, low) } else { (Letter::UNKNOWN, Entry::UNKNOWN) };
            let is_hot = entry.is_hot(now.entry);
            now.last = letter;
            now.entry = entry;
            now.end = at + len;
            let mut enough = false;
            if is_hot {
                (enough, now) = self.look(now, at);
            } else {
                now.first = if now.sum == 0 { at } else { now.first };
                now.sum = (now.sum + entry.surprise()).max(0);
                if now.sum >= TOO_MUCH {
                    (enough, now) = self.is_surprised(now, now.end);
                } else if letter.is_large() {
                    (enough, now) = self.pass_large(now);
                } else if let Some(dense) = Dense::of(high << 6 | low) {
                    now = pass_dense(bytes, now, dense.place(high << 6 | low).unwrap_or_default(), dense);
                }
            }
            if enough {
                return (true, now);
            }
        }
    }

    /// Goes on, after a character of a large script, over others; says whether that is enough. Nothing ends with them but
    /// surprise.
    #[inline(always)]
    fn pass_large(&mut self, mut now: Now) -> (bool, Now) {
        let bytes = self.text.as_bytes();
        let all = self.tables.large_ones();
        while let Some(large) = bytes.get(now.end..).and_then(|rest| Large::first(all, rest)) {
            now.first = if now.sum == 0 { now.end } else { now.first };
            now.sum = (now.sum + large.surprise()).max(0);
            (now.last, now.entry) = (large.letter(), large.entry());
            now.end += 3;
            if now.sum >= TOO_MUCH {
                let enough;
                (enough, now) = self.is_surprised(now, now.end);
                if enough {
                    return (true, now);
                }
            }
        }
        (false, now)
    }

    /// Goes on by a character that may end a sequence, or of which the tables know nothing.
    #[cold]
    #[inline(never)]
    fn look(&mut self, mut now: Now, at: usize) -> (bool, Now) {
        let end = now.end;
        let entry = now.entry;
        let mut by = entry.surprise();
        if entry.is_unknown() {
            let before = self.text[self.from..at].chars().next_back().unwrap_or(' ');
            let c = self.text[at..end].chars().next().unwrap_or(' ');
            by = self.known.after(before, c, || beyond(Symbol::of(before), Symbol::of(c)) - MORE);
        }
        if now.sum == 0 {
            now.first = at;
        }
        now.sum = (now.sum + by).max(0);
        if now.sum >= TOO_MUCH {
            let enough;
            (enough, now) = self.is_surprised(now, end);
            if enough {
                return (true, now);
            }
        }
        let (enough, open) = self.ends_sequence(at, end);
        now.entry = match () {
            () if open.to_fourth || entry.is_unknown() && open.to_third => Entry::UNKNOWN,
            () if entry.is_unknown() => Entry::START,
            () => entry,
        };
        (enough, now)
    }

    /// Whether a sequence worth the judge ends with the character from `at` to `end`, or that is a C1 control; and the
    /// sequences that may go on.
    fn ends_sequence(&mut self, at: usize, end: usize) -> (bool, GoesOn) {
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
        let before = self.text[..start].chars().next_back().unwrap_or(' ');
        let mut run = [(0, 0); 4];
        let mut count = 0;
        while start < end && count < run.len() {
            let Some((c, len)) = character(&bytes[start..]) else { break };
            run[count] = (c, start);
            count += 1;
            start += len;
        }
        let run = &run[..count];
        let key = known::place(before, run);
        let reached = self.cluster.reached();
        if let Some(open) = self.known.vain(key)
            && run.iter().all(|(_, start)| *start != reached)
        {
            return (false, open);
        }
        let mut open = Open::default();
        let hits = run.iter().fold([0; 3], |_, (c, _)| open.take(codec::roles(*c)));
        let goes_on = GoesOn { to_fourth: open.lacks_the_fourth(), to_third: open.lacks_the_third() };
        let mut is_told = true;
        if hits != [0; 3] && self.is_promised(run, hits, end, &mut is_told) {
            self.found = self.cluster.first;
            return (true, goes_on);
        }
        if bytes[at] == 0xC2 && bytes[at + 1] < 0xA0 {
            self.found = self.cluster.begins(run_of_control(self.text, at, self.from));
            return (true, goes_on);
        }
        if is_told {
            self.known.put_vain(key, goes_on);
        }
        (false, goes_on)
    }

    /// Whether the sequences that end with a run of characters, in these pages, of four of them, three and two, promise enough
    /// with those before. The run is code points and where they begin. `is_told` becomes false if that does not follow from
    /// them and the character before them alone.
    fn is_promised(&mut self, run: &[(u32, usize)], hits: [u64; 3], end: usize, is_told: &mut bool) -> bool {
        // What the characters cost as they stand, where the tables tell: one by one, and the last of them together.
        let mut last = self.text[..run[0].1].chars().next_back().map_or(Letter::ascii(b' '), |c| self.tables.letter(c));
        let mut costs = [None; 4];
        let mut is_usual = [false; 4];
        for (at, &(c, _)) in run.iter().enumerate() {
            let symbol = Symbol::of_code_point(c);
            let (letter, entry) = self.tables.pair_of(last, c);
            match entry.exactly(last, letter) {
                Some(surprise) => {
                    is_usual[at] = surprise + MORE <= USUAL;
                    // From there on it may be bounded.
                    costs[at] = (surprise < BEGINS).then(|| surprise + MORE + symbol.usual());
                }
                None => {
                    let before = at.checked_sub(1).map(|before| Symbol::of_code_point(run[before].0));
                    is_usual[at] = before.is_some_and(|before| beyond(before, symbol) <= USUAL);
                }
            }
            last = letter;
        }
        // Letters that are often seen together are seldom damage; where they are, their neighbours show it.
        let usual_pairs = is_usual[1..run.len()].iter().rev().take_while(|usual| **usual).count();
        for (chars, pages) in [4, 3, 2].into_iter().zip(hits) {
            if pages == 0 || usual_pairs >= chars - 1 {
                continue;
            }
            let from = run.len() - chars;
            let stands = costs[from..run.len()].iter().copied().sum::<Option<i32>>();
            let is_hopeless = |stands| self.cluster.cannot_gain(self.text, run[from].1, end, pages, stands);
            if stands.is_some_and(is_hopeless) {
                continue;
            }
            *is_told = false;
            if self.cluster.add(self.text, end, chars, pages) {
                return true;
            }
        }
        false
    }

    /// Goes on over ASCII, up to byte `to`, while there is a surprise; says whether that is enough.
    #[inline(always)]
    fn fade(&mut self, now: &mut Now, to: usize) -> bool {
        let mut enough = false;
        if !now.is_ended {
            let last = self.text[self.from..now.end].chars().next_back().unwrap_or(' ');
            let first = self.text.as_bytes().get(now.end).copied().unwrap_or(b' ');
            now.sum += self.known.after(last, first.into(), || by_ascii(Symbol::of(last), first));
            enough = now.sum >= TOO_MUCH;
        }
        now.sum = (now.sum - FADES * (to - now.end).min(1 << 16) as i32).max(0);
        if enough {
            (enough, *now) = self.is_surprised(*now, to);
        }
        enough
    }

    #[cold]
    #[inline(never)]
    fn is_enough_at_the_end(&mut self, mut now: Now) -> bool {
        let to = self.text.len();
        let mut enough = false;
        if now.sum > 0 && to > now.end {
            enough = self.fade(&mut now, to);
        }
        if !enough && now.sum + LEAST >= TOO_MUCH {
            (enough, now) = self.is_surprised(now, to);
            if !enough && self.exact.1.is_enough_at_the_end() {
                self.found = now.first;
                return true;
            }
        }
        enough
    }

    /// Whether the surprise up to byte `to` is too much, exactly; afterwards the sum is exact.
    #[cold]
    #[inline(never)]
    fn is_surprised(&mut self, mut now: Now, to: usize) -> (bool, Now) {
        let (mut at, mut surprise) = self.exact;
        if at <= now.first {
            at = now.first;
            surprise = Surprise { sum: 0, first: at, last: self.symbol_before(at) };
        }
        let bytes = self.text.as_bytes();
        while at < to {
            let (enough, len) = match character(&bytes[at..]) {
                Some((c, len)) => {
                    let symbol = Symbol::of_code_point(c);
                    let by = beyond(surprise.last, symbol) - MORE;
                    surprise.last = symbol;
                    (surprise.add(by, at), len)
                }
                None => {
                    let plain = bytes[at..to].iter().take_while(|byte| byte.is_ascii()).count();
                    (surprise.pass(&bytes[at..at + plain]), plain)
                }
            };
            if enough {
                self.found = surprise.first;
                return (true, now);
            }
            at += len;
        }
        (now.sum, now.first) = (surprise.sum, surprise.first);
        self.exact = (to, surprise);
        (false, now)
    }

    /// The character before byte `at`; what stands before the scan is not looked at.
    fn symbol_before(&self, at: usize) -> Symbol {
        self.text[self.from..at].chars().next_back().map_or(Symbol::edge(), Symbol::of)
    }
}

/// Goes on over characters of `dense` after the one with the place `last` there, which is the last: as [`Scan::run`] does, up to
/// where there is more to do than to add up.
#[inline(always)]
fn pass_dense(bytes: &[u8], mut now: Now, mut last: usize, dense: &Dense) -> Now {
    // In registers, all of it.
    let Now { mut end, mut entry, mut sum, mut first, .. } = now;
    while let Some(&[lead, second, third]) = bytes.get(end..).and_then(<[u8]>::first_chunk) {
        let low = |byte: u8| usize::from(byte & 0x3F);
        let (c, len) = match lead {
            0xC0..0xE0 => (usize::from(lead & 0x1F) << 6 | low(second), 2),
            0xE0..0xF0 => (usize::from(lead & 0x0F) << 12 | low(second) << 6 | low(third), 3),
            _ => break,
        };
        let Some(next) = dense.place(c) else { break };
        let pair = dense.entry(last, next);
        let more = (sum + pair.surprise()).max(0);
        if pair.is_hot(entry) || more >= TOO_MUCH {
            break;
        }
        first = if sum == 0 { end } else { first };
        (sum, entry, last) = (more, pair, next);
        end += len;
    }
    if end != now.end {
        now.last = dense.letter(last);
    }
    Now { end, entry, sum, first, ..now }
}

#[cfg(test)]
pub mod tests {
    use std::cell::RefCell;
    use std::fs;
    use std::path::Path;

    use proptest::prelude::*;

    use super::super::twin;
    use super::*;

    fn next_suspect(text: &str, from: usize) -> Option<usize> {
        thread_local!(static KNOWN: RefCell<Known> = RefCell::new(Known::new()));
        KNOWN.with_borrow_mut(|known| super::next_suspect(text, from, known))
    }

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

    /// Every suspect that the twin finds from `from` on, and then after each of them, is found at the same place.
    fn agrees(text: &str, from: usize) -> Result<(), String> {
        let mut from = from;
        loop {
            let (found, expected) = (next_suspect(text, from), twin::next_suspect(text, from));
            if found != expected {
                return Err(format!("from {from}: {found:?}, not {expected:?}, in {text:?}"));
            }
            let Some(found) = found else { return Ok(()) };
            from = from.max(found) + text[from.max(found)..].chars().next().map_or(1, char::len_utf8);
            if from >= text.len() {
                return Ok(());
            }
        }
    }

    pub fn texts() -> Vec<String> {
        fn collect(folder: &Path, into: &mut Vec<String>) {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    collect(&path, into);
                } else {
                    into.push(String::from_utf8_lossy(&fs::read(&path).expect("read")).into_owned());
                }
            }
        }
        let mut all = Vec::new();
        for folder in ["seeds", "tests/cases", "tests/seeds-right", "tests/model-sample/text", "src"] {
            collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut all);
        }
        assert!(all.len() > 60);
        all
    }

    #[test]
    fn it_finds_what_its_twin_does_in_whole_texts() {
        for text in texts() {
            agrees(&text, 0).unwrap();
            for line in text.lines() {
                agrees(line, 0).unwrap();
            }
        }
    }

    /// At every alignment and across every border of a step: each suspect of a short text, moved byte by byte.
    #[test]
    fn it_finds_what_its_twin_does_at_every_place() {
        let samples = [
            "cafÃ©",
            "â€™",
            "ðŸ˜€",
            "\u{92}",
            "РџСЂРёРІРµС‚",
            "It鈥檚",
            "Ïðèâåò",
            "sesi처n",
            "Ä\u{8d}",
            "é",
            "я",
            "的",
            "🙂",
            "한글",
        ];
        for sample in samples {
            for fill in ["x", "я", "的", " é"] {
                for count in 0..140 / fill.len() {
                    for end in ["", " ", "x", "日本", "ы й"] {
                        let text = fill.repeat(count) + sample + end;
                        agrees(&text, 0).unwrap();
                        if fill.len() == 1 {
                            agrees(&text, count.min(3)).unwrap();
                        }
                    }
                }
            }
        }
    }

    /// Blocks of characters: those near each other in text may well be of one script, of a page, of ASCII.
    const RANGES: [(u32, u32); 14] = [
        (0x20, 0x7F),
        (0x80, 0x180),
        (0x80, 0xA0),
        (0x370, 0x400),
        (0x400, 0x460),
        (0x5D0, 0x5F0),
        (0x600, 0x700),
        (0x900, 0x980),
        (0xE00, 0xE60),
        (0x2010, 0x2140),
        (0x2500, 0x25A0),
        (0x3000, 0x3100),
        (0x4E00, 0x9FFF),
        (0x0, 0x11_0000),
    ];

    fn of_range(kind: usize, picks: &[u32]) -> String {
        let (low, high) = RANGES[kind];
        let pick = |pick: &u32| low + ((u64::from(*pick) * u64::from(high - low)) >> 16) as u32;
        picks.iter().filter_map(|at| char::from_u32(pick(at))).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn it_finds_what_its_twin_does_in_any_text(
            parts in prop::collection::vec((0..RANGES.len(), prop::collection::vec(0u32..1 << 16, 1..12)), 0..14),
            from in 0usize..20,
        ) {
            let text: String = parts.iter().map(|(kind, picks)| of_range(*kind, picks)).collect();
            let from = (0..=from.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
            prop_assert_eq!(agrees(&text, from), Ok(()));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 64, ..ProptestConfig::default() })]

        /// Long texts of many scripts, with something strange here and there, moved by each number of bytes that a step may
        /// be off.
        #[test]
        fn it_finds_what_its_twin_does_in_long_texts(
            picks in prop::collection::vec(any::<prop::sample::Index>(), 64..=64),
            strange in prop::collection::vec((0..RANGES.len(), prop::collection::vec(0u32..1 << 16, 1..4)), 64..=64),
        ) {
            const LEN: usize = 64 << 10;
            let texts = texts();
            let lines: Vec<&str> = texts.iter().flat_map(|text| text.lines()).filter(|line| !line.is_ascii()).collect();
            let mut text = " ".repeat(lanes::WIDTH);
            for at in 0.. {
                if text.len() >= LEN {
                    break;
                }
                // The same picks lead to other lines in each round.
                let (round, at) = (at / picks.len(), at % picks.len());
                text.push_str(lines[(picks[at].index(lines.len()) + 31 * round) % lines.len()]);
                text.push_str(if (at + round) % 3 == 0 { "" } else { " " });
                if (at + round) % 5 == 0 {
                    text.push_str(&of_range(strange[at].0, &strange[at].1));
                }
            }
            for off in 0..lanes::WIDTH {
                prop_assert_eq!(agrees(&text[off..], 0), Ok(()));
            }
        }
    }
}
