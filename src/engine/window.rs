//! A source, window by window.
//!
//! A window ends where a piece does (see [`crate::detect`]), and what becomes of a piece depends on bytes that are the same
//! however the source is read, so windows of any size give the same edits as the source read whole.
//!
//! A weak edit is made where edits of the same chain stand near it, before or after (see [`super::evidence`]). So a piece
//! that there is a doubt about waits until so much more of the source was judged.
//!
//! Some lines are left alone, in whole or in part:
//!
//! - A *stop* is a byte that is no valid UTF-8, or a comment `unbake: ignore` or `unbake: off`. From the first stop of a line
//!   on nothing is edited up to the line's end, nor in the [`REACH`] bytes before the stop. A line no longer than that is
//!   left alone as a whole. The bound keeps memory bounded where a line is longer than memory; and as nothing changes within
//!   it, it lies at the same place after a repair.
//! - A line is left alone if the nearest earlier line that is not all ASCII holds invalid bytes. A file in an old encoding has
//!   lines that are valid by chance, and they are not what they look like; but a single bad byte far up in a file should not
//!   keep all the rest from being repaired.
//! - Comments switch off lines: see [`super::ignores`].

use std::collections::VecDeque;
use std::io::{ErrorKind, Read};
use std::ops::Range;
use std::sync::Arc;

use super::evidence::{Evidence, NEAR};
use super::ignores::{Cover, Ignores, LONGEST_COMMENT};
use super::judge::Found;
use super::overlay::Overlay;
use super::position::{Position, around};
use super::{Engine, Window, judge, lost, mention, normal, remarks, restore, rules};
use crate::detect::{self, LONG_LINE, LONGEST_PIECE};
use crate::edit::{Chain, Context, Edit, Loss, Lost, Place, Remark, Rule, RuleSet, Span};
use crate::error::Error;
use crate::normalize::Edges;

/// How much is read at a time.
const WINDOW: usize = 1 << 20;
/// How far before a stop nothing is edited, on the same line.
const REACH: usize = LONG_LINE;
/// How far ahead one must look to see all stops that reach back to a place: a comment there must be whole, and so must a
/// character.
const LOOK_AHEAD: usize = REACH + LONGEST_COMMENT + 8;
/// A line of which no more than this is left may end before anything can be said of it.
const UNCERTAIN: usize = LONGEST_PIECE + LOOK_AHEAD;

/// A text that edits share for their contexts ends with the edit that makes it longer than so many bytes.
const SHARED: usize = 4 << 10;
/// No more chains than this are shared.
const CHAINS: usize = 32;

/// Reads `source` and hands its windows to `consume`.
pub fn stream(
    engine: &Engine,
    mut source: impl Read,
    mut consume: impl FnMut(Window<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut reader = Reader::new(engine);
    let mut buffer = vec![0; WINDOW];
    let mut filled = 0;
    let mut offset = 0;
    loop {
        let mut ended = false;
        while filled < buffer.len() {
            let free = &mut buffer[filled..];
            let asked = free.len();
            match source.read(free) {
                Ok(0) => {
                    ended = true;
                    break;
                }
                Ok(n) => {
                    filled += n;
                    // A source that gives less than it was asked for may be live: somebody waits for the lines there are.
                    if n < asked && memchr::memchr(b'\n', &buffer[filled - n..filled]).is_some() {
                        break;
                    }
                }
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(e.into()),
            }
        }
        let Taken { len, edits, invalid, lost, remarks } = reader.take(&buffer[..filled], ended);
        if len > 0 || ended {
            consume(Window { offset, bytes: &buffer[..len], edits, invalid, lost, remarks })?;
        }
        if ended {
            return Ok(());
        }
        offset += len as u64;
        buffer.copy_within(len..filled, 0);
        filled -= len;
    }
}

/// Makes edits of one window after the other.
///
/// It looks ahead: whether a weak edit is made depends on the edits up to [`NEAR`] bytes after it, so a doubtful piece waits
/// for them, and all that follows it waits with it.
pub struct Reader<'e> {
    engine: &'e Engine,
    /// Where the bytes at hand begin in the source.
    offset: u64,
    /// How many of the bytes at hand were looked at already.
    looked: usize,
    /// The pieces among these that something was found in, or may be, or may be lost.
    waiting: VecDeque<Judged>,
    /// The byte runs among these that are no valid UTF-8.
    invalid: Vec<Span>,
    evidence: Evidence,
    /// The place up to which lines and columns are counted, and its offset in the bytes at hand.
    position: Position,
    counted: usize,
    ignores: Ignores,
    /// What is reported.
    reports: RuleSet,
    /// The chains of the edits so far, some of them.
    chains: Vec<Chain>,
    /// The line at hand, if some of it was looked at already.
    line: Option<Line>,
    /// Whether the last line that was not all ASCII held invalid bytes.
    after_invalid: bool,
    /// The last character taken, if it was one, and whether the last line taken ended with CR LF. For normalisation.
    last: Option<char>,
    crlf: bool,
}

/// What is known of a line.
struct Line {
    /// The comments that cover it, or what is left of it.
    covers: Vec<Cover>,
    /// Some of it was looked at before.
    is_begun: bool,
    /// Nothing more is edited in it.
    off: bool,
    is_ascii: bool,
    is_valid: bool,
}

/// A piece with what was found in it.
struct Judged {
    /// Where it begins in the source.
    start: u64,
    len: usize,
    /// How many bytes follow that are left alone but for their line end.
    tail: usize,
    found: Vec<(usize, Found)>,
    /// Whether there may be more, depending on what is near.
    doubtful: bool,
    /// The comments in it, by their number, and those that leave a part of what is found alone.
    marks: Vec<(usize, u64)>,
    covers: Vec<Cover>,
}

impl Judged {
    fn end(&self) -> u64 {
        self.start + self.len as u64
    }
}

/// What was found in the bytes taken.
#[derive(Default)]
pub struct Taken {
    /// How many bytes were taken.
    pub len: usize,
    /// Their edits.
    pub edits: Vec<Edit>,
    /// The byte runs in them that are no valid UTF-8.
    pub invalid: Vec<Span>,
    /// The places in them where text is gone for good, if they are looked for.
    pub lost: Vec<Lost>,
    /// What is reported in them, or before them, if it is asked for.
    pub remarks: Vec<Remark>,
}

impl<'e> Reader<'e> {
    /// At the start of a source.
    pub fn new(engine: &'e Engine) -> Reader<'e> {
        let reports: RuleSet = engine.config.report.iter().copied().filter(|rule| rule.reports()).collect();
        Reader {
            engine,
            offset: 0,
            looked: 0,
            waiting: VecDeque::new(),
            invalid: Vec::new(),
            evidence: Evidence::new(&engine.config),
            position: Position::START,
            counted: 0,
            ignores: Ignores::new(reports.has(Rule::UnusedIgnore)),
            reports,
            chains: Vec::new(),
            line: None,
            after_invalid: false,
            last: None,
            crlf: false,
        }
    }

    /// Takes as much of the next bytes as is certain, whatever follows; all of it if the source has `ended`. What was not
    /// taken is to be the beginning of the next bytes.
    pub fn take(&mut self, bytes: &[u8], ended: bool) -> Taken {
        self.look(bytes, ended);
        let mut taken = self.settle(bytes, ended);
        if ended {
            taken.remarks.extend(self.ignores.unneeded());
        } else {
            // After the end nobody asks for a line any more.
            self.position.advance(&bytes[self.counted..taken.len]);
        }
        self.counted = 0;
        if !self.engine.normalizer.is_idle() {
            (self.last, self.crlf) = (last_char(&bytes[..taken.len]), self.after_crlf(&bytes[..taken.len]));
        }
        self.offset += taken.len as u64;
        self.looked -= taken.len;
        let invalid = self.invalid.iter().take_while(|run| run.start < self.offset).count();
        taken.invalid = self.invalid.drain(..invalid).collect();
        taken
    }

    /// Looks at all bytes of which it is certain in which piece they are.
    fn look(&mut self, bytes: &[u8], ended: bool) {
        let unseen = &bytes[self.looked..];
        let whole = if ended { unseen.len() } else { memchr::memrchr(b'\n', unseen).map_or(0, |at| at + 1) };
        let whole = self.looked + whole;
        while self.looked < bytes.len() {
            let at = self.looked;
            // As many lines as one long one may have bytes: most have nothing to look at closely.
            let head = &bytes[at..whole.clamp(at, at + LONG_LINE)];
            let lines = match memchr::memrchr(b'\n', head) {
                _ if at + head.len() == whole => head.len(),
                feed => feed.map_or(0, |feed| feed + 1),
            };
            if lines > 0 {
                self.lines(bytes, lines);
                self.looked = at + lines;
            } else if at < whole || bytes.len() - at > UNCERTAIN {
                let len = detect::piece_end(&bytes[at..]);
                let len = self.engine.normalizer.cut(&bytes[at..], len);
                self.part(bytes, len);
                self.looked = at + len;
            } else {
                break;
            }
        }
    }

    /// Looks at the next `len` bytes, which are whole lines, or the end of one and whole lines.
    fn lines(&mut self, bytes: &[u8], len: usize) {
        let begin = self.looked;
        let lines = &bytes[begin..begin + len];
        let seems_lost = self.seems_lost(lines);
        let tells = seems_lost || remarks::are_suspect(lines, self.reports);
        let obeys = self.engine.config.obey_ignores && !self.ignores.are_silent(lines);
        let is_begun = self.line.is_some() || self.after_invalid;
        if !(is_begun || obeys || tells)
            && let Ok(text) = simdutf8::basic::from_utf8(lines)
        {
            let mut from = 0;
            while let Some(suspect) = detect::next_suspect(text, from) {
                let start = memchr::memrchr(b'\n', &lines[from..suspect]).map_or(from, |feed| from + feed + 1);
                let end = memchr::memchr(b'\n', &lines[suspect..]).map_or(len, |feed| suspect + feed + 1);
                self.pass(begin + from, &lines[from..start]);
                self.judge(begin + start, &text[start..end], 0);
                from = end;
            }
            self.pass(begin + from, &lines[from..]);
            return;
        }
        for line in lines.split_inclusive(|&byte| byte == b'\n') {
            self.part(bytes, line.len());
            self.looked += line.len();
        }
    }

    /// Looks at the next `len` bytes, which are a line, or a piece of one.
    fn part(&mut self, bytes: &[u8], len: usize) {
        let rest = &bytes[self.looked..];
        let obeys = self.engine.config.obey_ignores;
        let mut line = self.line.take().unwrap_or_else(|| {
            let covers = self.ignores.begin_line();
            let off = self.after_invalid || covers.iter().any(Cover::is_whole);
            Line { covers, is_begun: false, off, is_ascii: true, is_valid: true }
        });
        let ahead = &rest[..rest.len().min(len + LOOK_AHEAD)];
        let ahead = &ahead[..memchr::memchr(b'\n', &ahead[len - 1..]).map_or(ahead.len(), |feed| len + feed)];
        let bad = simdutf8::compat::from_utf8(ahead).err().map(|e| e.valid_up_to());
        let comments = if obeys { self.ignores.comments(ahead) } else { Vec::new() };
        let (covers, marks) = self.ignores.read(&comments, ahead, len);
        line.covers.extend(covers);
        let mut edited = if line.off { 0 } else { len };
        if !line.off {
            let comment = comments.iter().find(|comment| comment.is_stop()).map(|comment| comment.at);
            if let Some(mut end) = bad.into_iter().chain(comment).min().map(|stop| stop.saturating_sub(REACH)) {
                while end > 0 && (rest[end] as i8) < -0x40 {
                    end -= 1;
                }
                edited = len.min(end);
                line.off = end < len;
            }
        }
        // Before the first stop all is valid.
        let text = std::str::from_utf8(&rest[..edited]).unwrap_or_default();
        let seems_lost = self.seems_lost(text.as_bytes());
        let piece = &rest[..len];
        let seems_odd = remarks::are_suspect(text.as_bytes(), self.reports);
        let waiting = self.waiting.len();
        if seems_lost || seems_odd || detect::next_suspect(text, 0).is_some() {
            self.judge(self.looked, text, len - edited);
        } else if self.may_normalize(self.looked, piece) {
            self.wait(self.looked, edited, len - edited);
        }
        if !marks.is_empty() && self.waiting.len() == waiting {
            self.wait(self.looked, edited, len - edited);
        }
        if let Some(judged) = self.waiting.back_mut().filter(|_| !line.covers.is_empty() || !marks.is_empty())
            && judged.start == self.offset + self.looked as u64
        {
            judged.marks = marks;
            judged.covers = line.covers.iter().filter(|cover| !cover.is_whole()).cloned().collect();
        }
        // A line that is looked at in several pieces may have had something to ignore in another one.
        let is_whole = !line.is_begun && (piece.ends_with(b"\n") || rest.len() == len);
        for cover in &line.covers {
            if self.ignores.is_open(cover) && (!is_whole || self.is_needed(cover, piece)) {
                self.ignores.need(cover);
            }
        }
        line.is_ascii &= piece.is_ascii();
        if bad.is_some_and(|bad| bad < len) {
            line.is_valid = false;
            self.note_invalid(piece);
        }
        line.is_begun = true;
        if !piece.ends_with(b"\n") {
            self.line = Some(line);
        } else if !line.is_ascii {
            self.after_invalid = !line.is_valid;
        }
    }

    /// Whether there is anything in a line that a comment could be there for, be it too weak to act on. Of one that is about
    /// single rules it is seen later what it leaves alone.
    fn is_needed(&self, cover: &Cover, line: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(line) else { return true };
        let is_broken = || detect::next_suspect(text, 0).is_some() && judge::looks_broken(text);
        if !cover.is_whole() {
            return cover.is_about_repairs() && is_broken();
        }
        let first = self.offset == 0 && self.looked == 0;
        let edges = Edges { first, ..Edges::default() };
        is_broken()
            || !judge::piece(self.engine, text).0.is_empty()
            || !lost::find(text, &[]).is_empty()
            || !remarks::find(text, self.reports, &[], first).is_empty()
            || !self.engine.normalizer.is_idle() && !normal::apply(self.engine, text, Vec::new(), edges).is_empty()
    }

    /// Judges a piece, which begins at `at`, by itself.
    fn judge(&mut self, at: usize, piece: &str, tail: usize) {
        let (found, doubtful) = judge::piece(self.engine, piece);
        // What is only mentioned speaks for nothing.
        let found = self.demoted(piece, found);
        let normalizes = !self.engine.normalizer.is_idle();
        let tells = self.engine.config.find_lost || self.reports.looks_at_text();
        if found.is_empty() && !doubtful && !tells && !normalizes && !self.seems_lost(piece.as_bytes()) {
            return;
        }
        let start = self.offset + at as u64;
        found.iter().for_each(|(at, found)| self.evidence.add(start + *at as u64, found));
        self.waiting.push_back(Judged {
            start,
            len: piece.len(),
            tail,
            found,
            doubtful,
            marks: vec![],
            covers: vec![],
        });
    }

    /// What was `found` in a piece without what is only mentioned there.
    fn demoted(&self, piece: &str, found: Vec<(usize, Found)>) -> Vec<(usize, Found)> {
        let least = self.engine.config.min_confidence;
        let all = found.len();
        let found = mention::demote(piece, found, least);
        if found.is_empty() || found.len() == all {
            return found;
        }
        // Without it the rest may be judged otherwise; then it is left alone.
        let made = Overlay::new(piece, found.clone()).text();
        let again = mention::demote(&made, judge::piece(self.engine, &made).0, least);
        if again.is_empty() { found } else { Vec::new() }
    }

    /// Whether something may be lost in a text that can be put back, or is looked for.
    fn seems_lost(&self, text: &[u8]) -> bool {
        let config = &self.engine.config;
        config.find_lost && lost::is_suspect(text)
            || !config.find_lost && restore::is_suspect(text) && restore::may_restore(self.engine)
    }

    /// Passes over lines in which nothing is suspect; what may have to be normalised waits for its turn.
    fn pass(&mut self, at: usize, lines: &[u8]) {
        if lines.is_empty() || !self.may_normalize(at, lines) {
            return;
        }
        let mut begin = at;
        for line in lines.split_inclusive(|&byte| byte == b'\n') {
            if self.may_normalize(begin, line) {
                self.wait(begin, line.len(), 0);
            }
            begin += line.len();
        }
    }

    fn may_normalize(&self, at: usize, lines: &[u8]) -> bool {
        let normalizer = &self.engine.normalizer;
        !normalizer.is_idle() && normalizer.may_change(lines, self.offset + at as u64 == 0)
    }

    /// A piece in which nothing was found.
    fn wait(&mut self, at: usize, len: usize, tail: usize) {
        let start = self.offset + at as u64;
        let (found, marks, covers) = (Vec::new(), Vec::new(), Vec::new());
        self.waiting.push_back(Judged { start, len, tail, found, doubtful: false, marks, covers });
    }

    /// Makes edits of what was found, as far as nothing that follows can change it.
    fn settle(&mut self, bytes: &[u8], ended: bool) -> Taken {
        let mut taken = Taken::default();
        let seen = self.offset + self.looked as u64;
        while let Some(front) = self.waiting.front() {
            if front.doubtful && !ended && front.end() + NEAR > seen {
                break;
            }
            let Some(judged) = self.waiting.pop_front() else { break };
            let at = (judged.start - self.offset) as usize;
            // It was valid when it was judged.
            let piece = std::str::from_utf8(&bytes[at..at + judged.len]).unwrap_or_default();
            let mut found = judged.found;
            if judged.doubtful {
                let known = self.evidence.around(judged.start, judged.start + judged.len as u64);
                if !known.is_empty() {
                    found = judge::lift(self.engine, piece, found, &known);
                }
            }
            found = self.demoted(piece, found);
            found = rules::apply(self.engine, piece, found);
            found = restore::apply(self.engine, piece, found);
            let mut lost = if self.engine.config.find_lost { lost::find(piece, &found) } else { Vec::new() };
            let end = at + judged.len;
            if !self.engine.normalizer.is_idle() {
                let edges = self.edges(bytes, at..end, ended);
                found = normal::apply(self.engine, piece, found, edges);
            }
            let mut seen = remarks::find(piece, self.reports, &found, judged.start == 0);
            for cover in &judged.covers {
                let all = found.len() + lost.len() + seen.len();
                found.retain(|(_, found)| !cover.covers_edit(found));
                lost.retain(|_| !cover.covers_lost());
                seen.retain(|seen| !cover.covers_rule(seen.rule));
                if found.len() + lost.len() + seen.len() < all {
                    self.ignores.need(cover);
                }
            }
            self.note(bytes, at, &judged.marks, piece, seen, &mut taken);
            self.place(bytes, at, piece, found, lost, &mut taken);
            if self.engine.normalizer.is_idle() {
                continue;
            }
            let tail = self.edges(bytes, end..end + judged.tail, ended);
            for (start, text, found) in normal::line_end(self.engine, &bytes[end..end + judged.tail], tail) {
                self.place(bytes, end + start, text, vec![(0, found)], Vec::new(), &mut taken);
            }
        }
        let end = self.waiting.front().map_or(seen, |judged| judged.start);
        taken.len = (end - self.offset) as usize;
        taken
    }

    /// Makes edits of what was found in a piece, which begins at `at`; and tells what is lost there.
    fn place(
        &mut self,
        bytes: &[u8],
        at: usize,
        piece: &str,
        found: Vec<(usize, Found)>,
        mut lost: Vec<(Range<usize>, Loss)>,
        taken: &mut Taken,
    ) {
        lost.retain(|(span, _)| !touches(&found, span));
        let mut lost = lost.into_iter().peekable();
        let mut found = found.into_iter().peekable();
        while let Some(first) = found.next() {
            // Those whose contexts touch share the text that all of them lie in.
            let span = |(start, found): &(usize, Found)| *start..start + found.before.len();
            let mut near = vec![(around(piece, span(&first)), first)];
            let mut end = near[0].0.end;
            while let Some(next) = found.peek() {
                let around = around(piece, span(next));
                if around.start >= end || end - near[0].0.start > SHARED {
                    break;
                }
                end = around.end;
                near.extend(found.next().map(|next| (around, next)));
            }
            let base = near[0].0.start;
            let text = Arc::from(&piece[base..end]);
            for (around, (start, mut found)) in near {
                while let Some((span, loss)) = lost.next_if(|(span, _)| span.start < start) {
                    taken.lost.push(self.lost(bytes, at, piece, span, loss));
                }
                let begin = at + start;
                self.position.advance(&bytes[self.counted..begin]);
                self.counted = begin;
                let context = |range: Range<usize>| Context::of(&text, range.start - base..range.end - base);
                let place = Place {
                    line: self.position.line,
                    column: self.position.column,
                    left: context(around.start..start),
                    right: context(start + found.before.len()..around.end),
                    shown: None,
                };
                found.chain = self.shared(found.chain);
                taken.edits.push(found.into_edit(self.offset + begin as u64, place));
            }
        }
        for (span, loss) in lost {
            taken.lost.push(self.lost(bytes, at, piece, span, loss));
        }
    }

    /// Notes where comments stand in a piece that begins at `at`, and tells what is reported in it.
    fn note(
        &mut self,
        bytes: &[u8],
        at: usize,
        marks: &[(usize, u64)],
        piece: &str,
        seen: Vec<remarks::Seen>,
        taken: &mut Taken,
    ) {
        if marks.is_empty() && seen.is_empty() {
            return;
        }
        self.position.advance(&bytes[self.counted..at]);
        self.counted = at;
        let (mut position, mut reached) = (self.position, at);
        let mut place = |line: &str, from: usize, span: Range<usize>| {
            position.advance(&bytes[reached..from + span.start]);
            reached = from + span.start;
            placed(position, line, span)
        };
        for seen in seen {
            let start = self.offset + (at + seen.range.start) as u64;
            let span = Span::new(start, start + seen.range.len() as u64);
            let text = piece[seen.range.clone()].as_bytes().to_vec();
            let place = place(piece, at, seen.range);
            taken.remarks.push(Remark { span, text, rule: seen.rule, why: seen.why, place });
        }
        let (mut position, mut reached) = (self.position, at);
        for (mark, id) in marks {
            let start = at + mark;
            position.advance(&bytes[reached..start]);
            reached = start;
            let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |feed| start + feed);
            let words = String::from_utf8_lossy(&bytes[start..end.min(start + 4 * LONGEST_COMMENT)]);
            let left = bytes[at.max(start.saturating_sub(4 * Place::CONTEXT))..start].utf8_chunks().last();
            let left = left.filter(|chunk| chunk.invalid().is_empty()).map_or("", |chunk| chunk.valid());
            let line = [left, &words].concat();
            self.ignores.place(*id, self.offset + start as u64, |text| {
                placed(position, &line, left.len()..line.len().min(left.len() + text.len()))
            });
        }
    }

    /// A loss at `span` of the piece that begins at `at`.
    fn lost(&mut self, bytes: &[u8], at: usize, piece: &str, span: Range<usize>, loss: Loss) -> Lost {
        let begin = at + span.start;
        self.position.advance(&bytes[self.counted..begin]);
        self.counted = begin;
        let place = placed(self.position, piece, span.clone());
        let start = self.offset + begin as u64;
        let text = piece[span.clone()].as_bytes().to_vec();
        Lost { span: Span::new(start, start + span.len() as u64), text, loss, place }
    }

    /// What stands around a piece.
    fn edges(&self, bytes: &[u8], piece: Range<usize>, ended: bool) -> Edges {
        let after = bytes[piece.end..(piece.end + 4).min(bytes.len())].utf8_chunks().next();
        Edges {
            first: self.offset == 0 && piece.start == 0 && !piece.is_empty(),
            last: ended && piece.end == bytes.len() && !piece.is_empty(),
            before: if piece.start > 0 { last_char(&bytes[..piece.start]) } else { self.last },
            after: after.and_then(|chunk| chunk.valid().chars().next()),
            crlf: self.after_crlf(&bytes[..piece.start]),
        }
    }

    /// Whether the last line that ends in these bytes, or before them, ends with CR LF.
    fn after_crlf(&self, bytes: &[u8]) -> bool {
        match memchr::memrchr(b'\n', bytes) {
            Some(0) => self.last == Some('\r'),
            Some(feed) => bytes[feed - 1] == b'\r',
            None => self.crlf,
        }
    }

    /// A chain as it was met before, so that the edits of a source share it.
    fn shared(&mut self, chain: Chain) -> Chain {
        if let Some(known) = self.chains.iter().find(|known| **known == chain) {
            return known.clone();
        }
        if self.chains.len() < CHAINS {
            self.chains.push(chain.clone());
        }
        chain
    }

    fn note_invalid(&mut self, piece: &[u8]) {
        let mut at = self.offset + self.looked as u64;
        for chunk in piece.utf8_chunks() {
            let start = at + chunk.valid().len() as u64;
            at = start + chunk.invalid().len() as u64;
            join(&mut self.invalid, Span::new(start, at));
        }
    }
}

/// A place at `span` of a piece.
fn placed(position: Position, piece: &str, span: Range<usize>) -> Place {
    let around = around(piece, span.clone());
    let text = Arc::from(&piece[around.clone()]);
    let context = |range: Range<usize>| Context::of(&text, range.start - around.start..range.end - around.start);
    let (left, right) = (context(around.start..span.start), context(span.end..around.end));
    Place { line: position.line, column: position.column, left, right, shown: None }
}

/// The character that a text ends with, if it is one.
fn last_char(bytes: &[u8]) -> Option<char> {
    bytes[bytes.len().saturating_sub(4)..].utf8_chunks().last()?.valid().chars().next_back()
}

/// Whether an edit, of those in order, changes anything in a span.
fn touches(found: &[(usize, Found)], span: &Range<usize>) -> bool {
    let next = found.partition_point(|(start, found)| start + found.before.len() <= span.start);
    found.get(next).is_some_and(|(start, _)| *start < span.end)
}

/// Adds a run of invalid bytes to those before it: runs that touch are one.
pub fn join(runs: &mut Vec<Span>, run: Span) {
    match runs.last_mut().filter(|last| last.end == run.start) {
        Some(last) => last.end = run.end,
        None if !run.is_empty() => runs.push(run),
        None => {}
    }
}
