//! What a sample costs in an encoding.
//!
//! In: the sample, as pieces. Out: [`Reading`]s of it, each with its text and its cost. What is no character of the encoding
//! costs more than any character does.

use super::candidates::Candidate;
use super::mixed::{Mixed, mixed};
use crate::model::{Context, PER_NAT, Symbol, prose};
use crate::source::Charset;

/// What a byte costs that is no character.
const UNDEFINED: i32 = 16 * PER_NAT;
/// What a control character costs on top that no text has.
const CONTROL: i32 = 8 * PER_NAT;
/// What it costs that a source is partly UTF-8.
const MIXED: i32 = 8 * PER_NAT;
/// What characters outside ASCII cost on average beyond what is usual for their like, at most: else it is no text.
const STRANGE: i32 = 4 * PER_NAT;
/// Readings that cost so much more than the best are not weighed by their words.
const FAR: i32 = 60 * PER_NAT;
/// How many readings are weighed by their words, at most.
const MOST: usize = 16;

/// A piece of a sample, with what is the same in every encoding.
pub struct Piece<'b> {
    pub bytes: &'b [u8],
    /// Whether it has characters of UTF-8 outside ASCII.
    has_utf_8: bool,
    /// What the ASCII before each byte comes to, behind other ASCII.
    plain: Vec<Sum>,
}

impl<'b> Piece<'b> {
    pub fn new(bytes: &'b [u8]) -> Piece<'b> {
        let mut plain = Vec::with_capacity(bytes.len() + 1);
        let (mut sum, mut context) = (Sum::default(), Context::after(Symbol::edge()));
        for &byte in bytes {
            plain.push(sum);
            if byte.is_ascii() {
                sum.add(char::from(byte), &mut context);
            }
        }
        plain.push(sum);
        let has_utf_8 = bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
        Piece { bytes, has_utf_8, plain }
    }
}

/// What characters cost, in eighths of a nat.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    cost: i32,
    /// Characters outside ASCII, and what they cost beyond what is usual for their like.
    odd: i32,
    beyond: i32,
}

impl Sum {
    fn add(&mut self, c: char, context: &mut Context) {
        let symbol = Symbol::of(c);
        let mut cost = context.push(symbol);
        let is_control = c.is_control() && !c.is_ascii_whitespace() && c != '\u{1b}';
        if is_control || !symbol.is_assigned() {
            cost += CONTROL;
        }
        self.cost += cost;
        if !c.is_ascii() || is_control {
            (self.odd, self.beyond) = (self.odd + 1, self.beyond + cost - symbol.usual());
        }
    }

    fn add_undefined(&mut self, context: &mut Context) {
        self.cost += UNDEFINED;
        (self.odd, self.beyond) = (self.odd + 1, self.beyond + UNDEFINED);
        *context = Context::after(Symbol::edge());
    }

    /// Adds what came to `from` up to one place, and to `to` up to a later one.
    fn add_between(&mut self, from: Sum, to: Sum) {
        self.cost += to.cost - from.cost;
        self.odd += to.odd - from.odd;
        self.beyond += to.beyond - from.beyond;
    }
}

/// A piece as text, and what that costs.
#[derive(Default)]
struct Weighed {
    text: Vec<char>,
    sum: Sum,
}

/// What stands behind so many characters of ASCII costs the same in every encoding.
const FORGOTTEN: usize = 2;

impl Weighed {
    /// A piece that is all in an encoding.
    fn of(charset: Charset, piece: &Piece) -> Weighed {
        let mut weighed = Weighed::default();
        let bytes = piece.bytes;
        let (mut at, mut plain, mut context) = (0, 0, Context::after(Symbol::edge()));
        while at < bytes.len() {
            if plain >= FORGOTTEN && bytes[at].is_ascii() {
                let end = bytes[at..].iter().position(|byte| !byte.is_ascii()).map_or(bytes.len(), |len| at + len);
                weighed.sum.add_between(piece.plain[at], piece.plain[end]);
                weighed.text.extend(bytes[at..end].iter().map(|byte| char::from(*byte)));
                let last = |back: usize| Symbol::of(char::from(bytes[end - back]));
                (at, context) = (end, Context::of(last(2), last(1)));
                continue;
            }
            let len = weighed.push(charset, &bytes[at..], &mut context);
            plain = if len == 1 && bytes[at].is_ascii() { plain + 1 } else { 0 };
            at += len;
        }
        weighed
    }

    /// Runs of UTF-8 and of an encoding, one after the other.
    fn of_runs(charset: Charset, runs: &[Mixed]) -> Weighed {
        let mut weighed = Weighed::default();
        let mut context = Context::after(Symbol::edge());
        for run in runs {
            match run {
                Mixed::Utf8(text) => {
                    // That stands as it is, damaged or not, and says nothing of what the rest is.
                    let Sum { odd, beyond, .. } = weighed.sum;
                    text.chars().for_each(|c| weighed.sum.add(c, &mut context));
                    weighed.text.extend(text.chars());
                    weighed.sum = Sum { odd, beyond, ..weighed.sum };
                }
                Mixed::Other(bytes) => {
                    let mut at = 0;
                    while at < bytes.len() {
                        at += weighed.push(charset, &bytes[at..], &mut context);
                    }
                }
            }
        }
        weighed
    }

    /// Adds the character at the start of bytes in an encoding, or one byte that is none; says how many bytes that takes.
    fn push(&mut self, charset: Charset, bytes: &[u8], context: &mut Context) -> usize {
        match charset.decode(bytes) {
            Some((c, len)) => {
                self.text.push(c);
                self.sum.add(c, context);
                len
            }
            None => {
                self.text.push(char::REPLACEMENT_CHARACTER);
                self.sum.add_undefined(context);
                1
            }
        }
    }
}

/// One way to read a sample.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The encoding; of a mixed source that of what is not UTF-8.
    pub charset: Charset,
    /// Whether a part of it is read as UTF-8.
    pub mixed: bool,
    /// The sample as text.
    pub text: Vec<char>,
    /// What it costs, in eighths of a nat.
    pub cost: i32,
    /// What each piece of it costs.
    pub pieces: Vec<i32>,
    /// The language, where the words tell.
    pub language: Option<&'static str>,
    /// Characters outside ASCII, and what they cost beyond what is usual for their like.
    odd: i32,
    beyond: i32,
}

impl Reading {
    fn new(candidate: &Candidate, mixed: bool) -> Reading {
        let cost = candidate.cost + if mixed { MIXED } else { 0 };
        let (text, pieces) = (Vec::new(), Vec::new());
        Reading { charset: candidate.charset, mixed, text, cost, pieces, language: None, odd: 0, beyond: 0 }
    }

    /// Goes on by a piece.
    fn add(&mut self, piece: &Weighed) {
        let Sum { cost, odd, beyond } = piece.sum;
        self.text.extend_from_slice(&piece.text);
        self.text.push('\n');
        self.pieces.push(cost);
        (self.cost, self.odd, self.beyond) = (self.cost + cost, self.odd + odd, self.beyond + beyond);
    }

    /// Whether it is what people write, rather than bytes of something else.
    pub fn is_text(&self) -> bool {
        self.odd > 0 && self.beyond <= STRANGE * self.odd
    }

    /// Whether most of its letters outside ASCII stand in words, and not in a list of letters.
    pub fn is_prose(&self) -> bool {
        let letter = |at: usize| self.text.get(at).is_some_and(|c| c.is_alphabetic());
        let (mut inside, mut alone) = (0, 0);
        for at in (0..self.text.len()).filter(|at| !self.text[*at].is_ascii() && letter(*at)) {
            let has_neighbour = letter(at + 1) || at.checked_sub(1).is_some_and(letter);
            *(if has_neighbour { &mut inside } else { &mut alone }) += 1;
        }
        inside >= alone
    }
}

/// The readings of a sample in an encoding: all of it, and with UTF-8 in between.
pub fn readings(candidate: &Candidate, pieces: &[&Piece]) -> Vec<Reading> {
    let charset = candidate.charset;
    let mut pure = Reading::new(candidate, false);
    let mut both = pieces.iter().any(|piece| piece.has_utf_8).then(|| Reading::new(candidate, true));
    let mut has_utf_8 = false;
    for piece in pieces {
        let all = Weighed::of(charset, piece);
        pure.add(&all);
        let Some(both) = &mut both else { continue };
        let runs = if piece.has_utf_8 { mixed(charset, piece.bytes) } else { Vec::new() };
        match runs.iter().any(|run| matches!(run, Mixed::Utf8(text) if !text.is_ascii())) {
            true => {
                has_utf_8 = true;
                both.add(&Weighed::of_runs(charset, &runs));
            }
            false => both.add(&all),
        }
    }
    std::iter::once(pure).chain(both.filter(|_| has_utf_8)).collect()
}

/// What a piece costs in an encoding.
pub fn cost(charset: Charset, piece: &[u8]) -> i32 {
    cost_of(charset, &[Mixed::Other(piece)])
}

/// What runs of UTF-8 and of another encoding cost, one after the other.
pub fn cost_of(charset: Charset, runs: &[Mixed<'_>]) -> i32 {
    Weighed::of_runs(charset, runs).sum.cost
}

/// Weighs the likeliest readings again, by their words as well, if their letters are those of languages whose words are known.
pub fn words(readings: &mut Vec<Reading>) {
    readings.sort_by_key(|reading| reading.cost);
    let Some(least) = readings.first().map(|best| best.cost) else { return };
    let close = readings.iter().take_while(|reading| reading.cost <= least + FAR).count();
    readings.truncate(close.clamp(2, MOST));
    let known = |c: char| matches!(c, '\u{80}'..'\u{370}' | '\u{400}'..'\u{530}' | '\u{1E00}'..'\u{1F00}');
    let is_known = |reading: &Reading| {
        let letters = || reading.text.iter().filter(|c| !c.is_ascii() && c.is_alphabetic());
        letters().all(|c| known(*c)) && letters().next().is_some()
    };
    if !readings.first().is_some_and(is_known) {
        return;
    }
    for reading in readings.iter_mut() {
        let prose = prose::weigh(&reading.text);
        // Both count the letters; signs cost only once.
        reading.cost = (reading.cost + prose.cost) / 2;
        reading.language = prose.language;
    }
}
