//! One piece of a text: what to change in it, within the settings.
//!
//! In: a piece (see [`crate::detect`]). Out: its edits, not yet placed in their source. What [`piece`] says depends on the
//! piece only, and said again of the result it is nothing. [`lift`] adds what the surroundings speak for; once that is
//! made, too, neither of them finds anything more.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::LazyLock;

use super::Engine;
use super::harmless::Window;
use super::limits::Rules;
use super::overlay::Overlay;
use super::position::{ceil, floor};
use crate::codec::Encoding;
use crate::detect::{self, Joined};
use crate::edit::{Chain, Confidence, Edit, Place, Rule, RuleSet, Span};
use crate::model::{Context, PER_NAT, Symbol, prose};
use crate::repair::{self, Cell, Established, Limits, Mixup, Repair};

/// How often a stretch is judged again after edits in it were refused, at most.
const ROUNDS: usize = 8;
/// How much of the text around the suspects is judged with them, in bytes.
const AROUND: usize = 96;
/// A longer text than this, in bytes, is judged in parts: those between which there is no suspect in so many bytes.
const LONG: usize = 4 << 10;
const APART: usize = 1 << 10;
/// What damage has to gain that was squeezed into windows-1252: as much as it costs to enter IBM437, and to infer a byte.
const SQUEEZED: i32 = 22 * PER_NAT;
/// No character costs more than this there.
const ODDEST: i32 = 11 * PER_NAT;
/// An edit that its surroundings speak for is never surer than this.
pub const LIFTED: Confidence = Confidence::Likely;

/// What to change in a piece, with byte offsets into it, in order; and whether [`lift`] may find more.
pub fn piece(engine: &Engine, piece: &str) -> (Vec<(usize, Found)>, bool) {
    let mut all: Vec<(usize, Found)> = Vec::new();
    let mut doubtful = false;
    let config = &engine.config;
    let lifts = config.min_confidence <= LIFTED && (config.use_evidence || !config.established.is_empty());
    for (start, text) in detect::stretches(piece) {
        let (found, left) = Stretch::new(engine, piece, start, text).judge(text);
        let is_here = || match left {
            Left::Nothing => is_weak(&found),
            Left::Something => true,
            Left::Unknown => is_doubtful(text, &found),
        };
        doubtful = doubtful || lifts && is_here();
        if all.is_empty() && start == 0 {
            all = found;
        } else {
            all.extend(found.into_iter().map(|(at, found)| (start + at, found)));
        }
    }
    (all, doubtful)
}

/// What to change in a piece where, besides what was `found` in it, some chains are established.
pub fn lift(engine: &Engine, piece: &str, found: Vec<(usize, Found)>, known: &Established) -> Vec<(usize, Found)> {
    let mut all: Vec<(usize, Found)> = Vec::new();
    let mut found = found.into_iter().peekable();
    for (start, text) in detect::stretches(piece) {
        let mut here = Vec::new();
        while let Some((at, found)) = found.next_if(|(at, _)| *at < start + text.len()) {
            here.push((at - start, found));
        }
        if is_doubtful(text, &here) {
            here = Stretch::new(engine, piece, start, text).lift(text, here, known);
        }
        all.extend(here.into_iter().map(|(at, found)| (start + at, found)));
    }
    all
}

/// Whether anything in a text is suspect once these edits are made, or one of them is weak.
fn is_doubtful(text: &str, found: &[(usize, Found)]) -> bool {
    if found.is_empty() {
        return detect::next_suspect(text, 0).is_some();
    }
    is_weak(found) || detect::next_suspect(&Overlay::new(text, found.to_vec()).text(), 0).is_some()
}

/// What is suspect in a text once its edits are made, as far as judging it has shown.
#[derive(Clone, Copy)]
enum Left {
    Nothing,
    Something,
    Unknown,
}

/// Whether one of these edits is weak.
fn is_weak(found: &[(usize, Found)]) -> bool {
    found.iter().any(|(_, found)| found.confidence < LIFTED)
}

/// What is to be changed in a part of a text.
#[derive(Default)]
struct Judged {
    /// The part as far as it was judged, in bytes of the text.
    part: Range<usize>,
    found: Vec<(usize, Found)>,
    /// How many edits were refused.
    refused: usize,
    /// Whether nothing is suspect once all edits are made.
    is_sound: bool,
}

impl Judged {
    /// How many bytes are to be changed.
    fn extent(&self) -> usize {
        self.found.iter().map(|(_, found)| found.before.len()).sum()
    }

    /// Whether no reading proposed anything.
    fn is_nothing(&self) -> bool {
        self.found.is_empty() && self.refused == 0
    }
}

/// A stretch as it reads now, and what may be considered; what is asked for is worked out once.
struct Now<'t> {
    text: &'t str,
    limits: &'t Limits,
    /// What the settings' regular expressions match in it.
    matched: OnceCell<Vec<Range<usize>>>,
}

/// A stretch of a piece: evidence is pooled within it.
struct Stretch<'e> {
    engine: &'e Engine,
    /// What stands before it in its piece, and after it.
    left: &'e str,
    right: &'e str,
}

impl<'e> Stretch<'e> {
    /// The stretch `text` at byte `start` of a piece.
    fn new(engine: &'e Engine, piece: &'e str, start: usize, text: &str) -> Stretch<'e> {
        Stretch { engine, left: &piece[..start], right: &piece[start + text.len()..] }
    }

    /// What the settings' regular expressions match in this text, as it stands in its piece.
    fn matched(&self, text: &str) -> Vec<Range<usize>> {
        if !self.engine.allowed.has_patterns() {
            return Vec::new();
        }
        let (start, piece) = (self.left.len(), [self.left, text, self.right].concat());
        let here = |range: Range<usize>| range.start.saturating_sub(start)..range.end.saturating_sub(start);
        self.engine.allowed.matches_in(&piece).map(here).collect()
    }

    /// What to change in a text, and what is left then.
    fn judge(&self, text: &str) -> (Vec<(usize, Found)>, Left) {
        let plain = &self.engine.rules.limits;
        let parts = suspicious(text);
        if parts.is_empty() {
            return (Vec::new(), Left::Nothing);
        }
        let Judged { found, refused, is_sound, .. } = self.judge_parts(text, &parts, plain);
        if found.is_empty() {
            return (found, Left::Something);
        }
        if refused == 0 && is_sound {
            return (found, Left::Nothing);
        }
        // Some edits were refused, or something suspect is left, which may be judged otherwise now. What is left must be
        // such that judging it again finds nothing, so judge the result, and lay what that finds over what was found
        // before.
        let mut overlay = Overlay::new(text, found);
        if refused == 0 && detect::next_suspect(&overlay.text(), 0).is_none() {
            return (overlay.edits(), Left::Nothing);
        }
        for _ in 0..ROUNDS {
            let more = self.judge_once(&overlay.text(), plain);
            if more.is_empty() {
                return (overlay.edits(), Left::Unknown);
            }
            overlay.lay(more);
        }
        // It does not settle: leave it alone.
        (Vec::new(), Left::Something)
    }

    /// What was `found` in a text, and what can be lifted on top of it.
    fn lift(&self, text: &str, mut found: Vec<(usize, Found)>, known: &Established) -> Vec<(usize, Found)> {
        for (_, found) in &mut found {
            if found.confidence < LIFTED && found.odds + known.nats(&found.chain) >= repair::likely_nats() {
                found.confidence = LIFTED;
            }
        }
        let plain = &self.engine.rules.limits;
        let lifting = Limits { established: known.clone(), ..plain.clone() };
        let mut overlay = Overlay::new(text, found.clone());
        let mut lifted = false;
        for _ in 0..ROUNDS {
            let now = overlay.text();
            let mut more = self.judge_once(&now, &lifting);
            // What is not of such a chain has to stand on its own feet.
            more.retain(|(_, found)| known.has(&found.chain));
            for (_, found) in &mut more {
                found.confidence = found.confidence.min(LIFTED);
            }
            if more.is_empty() && lifted {
                more = self.judge_once(&now, plain);
            }
            if more.is_empty() {
                return if lifted { overlay.edits() } else { found };
            }
            lifted = true;
            overlay.lay(more);
        }
        found
    }

    /// What to change in a text.
    fn judge_once(&self, text: &str, limits: &Limits) -> Vec<(usize, Found)> {
        self.judge_parts(text, &suspicious(text), limits).found
    }

    /// The same where the suspects of a text are in these parts of it.
    fn judge_parts(&self, text: &str, parts: &[Range<usize>], limits: &Limits) -> Judged {
        let now = &Now { text, limits, matched: OnceCell::new() };
        let mut all = Judged { is_sound: true, ..Judged::default() };
        for (at, part) in parts.iter().enumerate() {
            let judged = self.judge_around(now, part.clone());
            let next = parts.get(at + 1).map_or(text.len(), |next| next.start);
            // Damage that goes on from one part to another is one, and then there is no telling what else is.
            if judged.part.start < all.part.end || judged.part.end > next {
                return self.judge_around(now, parts[0].start..parts[parts.len() - 1].end);
            }
            all.part = judged.part;
            all.found.extend(judged.found);
            all.refused += judged.refused;
            all.is_sound &= judged.is_sound;
        }
        all
    }

    /// The same where the suspects of a text are in one part of it, and what is around them.
    fn judge_around(&self, now: &Now, Range { mut start, mut end }: Range<usize>) -> Judged {
        let text = now.text;
        let mut around = 2 * AROUND;
        loop {
            let judged = self.judge_part(now, start..end);
            let found = &judged.found;
            // Damage that goes on up to where the part ends may go on beyond.
            let first = found.first().map_or(end, |(at, _)| *at);
            let last = found.last().map_or(start, |(at, found)| at + found.before.len());
            let more_before = start > 0 && first < start + AROUND / 2;
            let more_after = end < text.len() && last + AROUND / 2 > end;
            if !more_before && !more_after {
                return judged;
            }
            if more_before {
                start = floor(text, start.saturating_sub(around));
            }
            if more_after {
                end = ceil(text, end + around);
            }
            around *= 2;
        }
    }

    /// The same for a part of a text.
    fn judge_part(&self, now: &Now, part: Range<usize>) -> Judged {
        let text = now.text;
        let window = &text[part.clone()];
        let known = std::ptr::eq(now.limits, &self.engine.rules.limits).then(|| Window {
            text: window,
            around: [self.char_before(text, part.start), self.char_after(text, part.end)],
            rules: self.engine.rules.number,
        });
        if known.is_some_and(Window::is_harmless) {
            return Judged { part, ..Judged::default() };
        }
        let judged = |chars: &[Joined]| self.judge_cells(now, part.clone(), chars);
        let mut best = judged(&detect::apart(window));
        // What is refused may be refused for what stands beyond the window.
        let (mut is_harmless, mut is_plain) = (best.is_nothing(), true);
        // Damage that was put into form D shows only where its letters are joined with their marks.
        if let Some(joined) = detect::joined(window) {
            let joined = judged(&joined);
            is_harmless &= joined.is_nothing();
            is_plain = false;
            if joined.extent() > best.extent() {
                best = joined;
            }
        }
        // Damage that was squeezed into windows-1252 shows only where its characters are put back; what that gains is weighed
        // as the text stands.
        if let Some(view) = detect::unsqueezed(window) {
            let view = judged(&view);
            is_harmless &= view.is_nothing();
            is_plain = false;
            if view.extent() > best.extent()
                && squeeze_gains(text, &view.found) >= SQUEEZED
                && makes_a_word(text, &view.found)
            {
                best = view;
            }
        }
        if is_harmless {
            known.into_iter().for_each(Window::remember);
        }
        best.is_sound &= is_plain;
        best
    }

    /// The character before byte `at` of a text.
    fn char_before(&self, text: &str, at: usize) -> Option<char> {
        text[..at].chars().next_back().or(self.left.chars().next_back())
    }

    /// The character at byte `at` of a text, or after it.
    fn char_after(&self, text: &str, at: usize) -> Option<char> {
        text[at..].chars().next().or(self.right.chars().next())
    }

    /// The same for these characters of it.
    fn judge_cells(&self, now: &Now, part: Range<usize>, chars: &[Joined]) -> Judged {
        let (text, Range { start, end }) = (now.text, part.clone());
        let cells = repair::cells(chars.iter().map(|joined| joined.c));
        let edge = |c: Option<char>| c.map_or(Symbol::edge(), Symbol::of);
        let (before, after) = (edge(self.char_before(text, start)), edge(self.char_after(text, end)));
        let repair::Found { repairs, dropped: mut refused, is_sound } =
            repair::repairs(&cells, before, after, now.limits);
        let mut found = Vec::with_capacity(repairs.len());
        let bytes = |chars: &[Joined]| chars.iter().map(|joined| joined.len).sum::<usize>();
        // Where the last repair ends, as a cell and as a byte.
        let (mut cell, mut end) = (0, start);
        for mut repair in repairs {
            let start = end + bytes(&chars[cell..repair.start]);
            cell = repair.start + repair.len;
            end = start + bytes(&chars[repair.start..cell]);
            // The chain leads back to the joined letters, not to what stands there.
            let stands = &chars[repair.start..cell];
            let leads_back = |repair: &Repair| match repair.undone.mixups[..] {
                [mixup] => mixup.leads_back(stands.iter().map(|joined| joined.c), &repair.after),
                _ => true,
            };
            if stands.iter().any(|joined| joined.is_joined) || !leads_back(&repair) {
                repair.lossy = true;
                repair.confidence = repair.confidence.min(Confidence::Likely);
            }
            let matched = now.matched.get_or_init(|| self.matched(text));
            let is_matched = matched.iter().any(|range| range.start <= start && end <= range.end);
            if !is_matched && self.accepts(&repair, text, start..end) {
                found.push((start, Found::new(repair, &text[start..end])));
            } else {
                refused += 1;
            }
        }
        Judged { part, found, refused, is_sound }
    }

    fn accepts(&self, repair: &Repair, text: &str, range: Range<usize>) -> bool {
        let config = &self.engine.config;
        // Where U+FFFD became `锟斤拷` the text was lost before; that shows as well as it stands. What was lost since may stay
        // lost in the midst of what was not.
        let is_multi = |mixup: &Mixup| matches!(mixup.read, Encoding::Multi(_));
        let lost = || repair.after.matches('\u{fffd}').count();
        let marks = || text[range.clone()].matches(['\u{fffd}', '?', '・', '€']).count();
        let is_lost = repair.undone.mixups.iter().any(is_multi) && lost() > marks();
        !is_lost
            && repair.confidence >= config.min_confidence
            && self.engine.rules.allow(&repair.undone.chain)
            && !self.engine.allowed.covers(text, range)
    }
}

/// What these edits gain, in eighths of a nat: what stands there costs, less what they make; the same damage in the same place of a
/// word is no new evidence, and what is odd counts only so far.
fn squeeze_gains(text: &str, found: &[(usize, Found)]) -> i32 {
    let mut seen: Vec<(Option<char>, &str, Option<char>)> = Vec::new();
    let mut gain = 0;
    for (start, edit) in found {
        let after = text[start + edit.before.len()..].chars().next();
        let damage = (text[..*start].chars().next_back(), edit.before.as_str(), after);
        if seen.contains(&damage) {
            continue;
        }
        seen.push(damage);
        let cost = |middle: &str| {
            let mut context = Context::after(Symbol::edge());
            text[..*start].chars().rev().take(2).collect::<Vec<_>>().into_iter().rev().for_each(|c| {
                context.push(Symbol::of(c));
            });
            middle.chars().chain(after).map(|c| context.push(Symbol::of(c)).min(ODDEST)).sum::<i32>()
        };
        gain += cost(&edit.before) - cost(&edit.after);
    }
    gain
}

/// Whether one of the letters that these edits make of a plus sign is of a common word, if they make any: sums are written
/// with it as well.
fn makes_a_word(text: &str, found: &[(usize, Found)]) -> bool {
    let mut made = found.iter().filter(|(_, edit)| edit.before.contains('+')).peekable();
    let is_common = |(start, edit): &(usize, Found)| {
        let letter = |c: &char| c.is_alphabetic();
        let mut word: Vec<char> = text[..*start].chars().rev().take_while(letter).collect();
        word.reverse();
        word.extend(edit.after.chars());
        word.extend(text[start + edit.before.len()..].chars().take_while(letter));
        word.len() > 2 && prose::is_common(&word)
    };
    made.peek().is_none() || made.any(is_common)
}

/// Whether a text looks broken, be it too little to act on: whether there is any reading of it that the search prefers.
pub fn looks_broken(text: &str) -> bool {
    static ALL: LazyLock<Limits> = LazyLock::new(|| Rules::all().limits);
    let edge = |c: Option<char>| c.map_or(Symbol::edge(), Symbol::of);
    suspicious(text).into_iter().any(|part| {
        let (before, after) = (edge(text[..part.start].chars().next_back()), edge(text[part.end..].chars().next()));
        let is_broken = |cells: Vec<Cell>| {
            let found = repair::repairs(&cells, before, after, &ALL);
            !found.repairs.is_empty() || found.dropped > 0
        };
        let text = &text[part];
        is_broken(repair::cells(text.chars()))
            || detect::joined(text).is_some_and(|joined| is_broken(repair::cells(joined.iter().map(|joined| joined.c))))
    })
}

/// The parts of a text that hold its suspects, with some text around each, in order.
fn suspicious(text: &str) -> Vec<Range<usize>> {
    let Some(first) = detect::next_suspect(text, 0) else { return Vec::new() };
    if text.len() <= LONG {
        return vec![suspicious_from(text, first)];
    }
    let (mut parts, mut next) = (Vec::new(), Some(first));
    while let Some(first) = next {
        let mut last = first;
        next = loop {
            // What is near it is in its part anyway.
            let near = ceil(text, last + AROUND);
            match detect::next_suspect(text, near) {
                Some(next) if next < last + APART => last = next.max(near),
                next => break next,
            }
        };
        parts.push(floor(text, first.saturating_sub(AROUND))..ceil(text, last + 2 * AROUND));
    }
    parts
}

/// The part of a text that holds its suspects, of which this is the first one, with some text around it.
fn suspicious_from(text: &str, first: usize) -> Range<usize> {
    let start = floor(text, first.saturating_sub(AROUND));
    // Where damage goes on to the end, it need not be followed up to there.
    let near_the_end = ceil(text, text.len().saturating_sub(AROUND));
    if first >= near_the_end || detect::next_suspect(text, near_the_end).is_some() {
        return start..text.len();
    }
    let mut last = first;
    loop {
        let after = text[last..].char_indices().nth(1).map_or(text.len(), |(len, _)| last + len);
        match detect::next_suspect(text, after) {
            Some(next) => last = next,
            None => break,
        }
    }
    start..ceil(text, last + AROUND)
}

/// An edit in the making: not yet placed in its source.
#[derive(Clone, Debug)]
pub struct Found {
    /// What stands there.
    pub before: String,
    /// What is to stand there.
    pub after: String,
    /// The mixups undone.
    pub chain: Chain,
    /// The rules followed.
    pub rules: RuleSet,
    /// How sure it is.
    pub confidence: Confidence,
    /// Whether something was inferred.
    pub lossy: bool,
    /// How many nats speak for it.
    pub odds: f32,
}

impl Found {
    fn new(repair: Repair, before: &str) -> Found {
        Found {
            before: before.to_string(),
            chain: repair.undone.chain,
            rules: RuleSet::NONE,
            after: repair.after,
            confidence: repair.confidence,
            lossy: repair.lossy,
            odds: repair.odds as f32 / PER_NAT as f32,
        }
    }

    /// An edit that infers what was lost, for a reason that has no odds.
    pub fn inferred(before: &str, after: &str, chain: Chain, confidence: Confidence) -> Found {
        let (before, after) = (before.to_owned(), after.to_owned());
        Found { before, after, chain, rules: RuleSet::NONE, confidence, lossy: true, odds: 0.0 }
    }

    /// An edit that follows a rule. There is nothing to weigh.
    pub fn normalized(before: &str, after: String, rule: Rule) -> Found {
        let (before, rules) = (before.to_owned(), RuleSet::NONE.with(rule));
        Found {
            before,
            after,
            chain: Chain::default(),
            rules,
            confidence: Confidence::Certain,
            lossy: false,
            odds: 0.0,
        }
    }

    /// The edit, at byte `start` of the source.
    pub fn into_edit(self, start: u64, place: Place) -> Edit {
        Edit {
            span: Span::new(start, start + self.before.len() as u64),
            before: self.before.into_bytes(),
            after: self.after.into_bytes(),
            chain: self.chain,
            rules: self.rules,
            confidence: self.confidence,
            lossy: self.lossy,
            odds: self.odds,
            place,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::LOOK_UPS;
    use crate::{Config, Engine};

    /// Invariant 5, in steps of the judge: four times the input costs no more than four times the look-ups, and a tenth.
    /// What is allocated is counted in `tests/linear.rs`, on more inputs.
    #[test]
    fn look_ups_grow_linearly() {
        let engine = Engine::default();
        let mut faults = Vec::new();
        for unit in ["Ã", "â€", "Ã© ", "Ã©â€™Ð¿ï¿½ðŸ˜€", "ÃƒÆ’Ã‚Â© ", "ÐŸÑ€Ð¸Ð²ÐµÑ‚", "中?文?", "鏂�", "ã© ", "Ã la "]
        {
            let steps = |len: usize| {
                let text = unit.repeat(len / unit.len());
                let before = LOOK_UPS.get();
                engine.plan(text.as_bytes());
                LOOK_UPS.get() - before
            };
            let (once, four_times) = (steps(4 << 10), steps(16 << 10));
            // Some are for the ends of a text.
            if four_times > once * 44 / 10 + 1000 {
                faults.push(format!("{unit}: {once} look-ups, and {four_times} for four times the input"));
            }
        }
        assert!(faults.is_empty(), "{faults:#?}");
    }

    /// In a long line only what is around its suspects is judged: what lies between them costs the judge nothing.
    #[test]
    fn what_lies_between_suspects_costs_nothing() {
        let engine = Engine::default();
        let steps = |words: usize| {
            let between = " слово за слово".repeat(words);
            let text = format!("a ð b{between} c ð d{between} and cafÃ© là, e ð f{between}");
            let before = LOOK_UPS.get();
            let plan = engine.plan(text.as_bytes());
            assert_eq!(plan.apply(text.as_bytes()).unwrap(), text.replace("cafÃ©", "café").as_bytes());
            LOOK_UPS.get() - before
        };
        let (near, far) = (steps(150), steps(1500));
        assert!(near > 100 && far <= near + near / 10, "{near} look-ups, and {far} where all is ten times as far");
    }

    /// A long line that is damaged from end to end is repaired from end to end.
    #[test]
    fn damage_all_along_a_long_line_is_one() {
        let engine = Engine::default();
        let weak = "Ã la ".repeat(400);
        let text = format!("cafÃ© {weak}trÃ¨s {weak}bientÃ´t");
        let right = text.replace("Ã la", "à la").replace("Ã©", "é").replace("Ã¨", "è").replace("Ã´", "ô");
        let made = engine.plan(text.as_bytes()).apply(text.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(made).unwrap(), right);
    }

    /// What is remembered of a window changes no answer: what is allowed depends on more of the text than a window has.
    #[test]
    fn what_is_allowed_somewhere_is_found_elsewhere() {
        let damage = "il a dit que le cafe\u{301} de A\u{303}©te\u{301} est tre\u{300}s bon, A\u{303}© A\u{303}¨";
        let text = |first: &str| format!("{first} {} {damage}", "and so on ".repeat(11));
        let (allowed, other) = (text("Here"), text("There"));
        let engine = Engine::new(Config { allow: vec![allowed.clone()], ..Config::default() });
        assert!(engine.plan(allowed.as_bytes()).edits().is_empty());
        assert!(!engine.plan(other.as_bytes()).edits().is_empty(), "{other}");
    }
}
