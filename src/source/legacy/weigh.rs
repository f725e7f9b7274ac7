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

    fn new(candidate: &Candidate, mixed: bool) -> Reading {
        let cost = candidate.cost + if mixed { MIXED } else { 0 };
        let (text, pieces) = (Vec::new(), Vec::new());
        Reading { charset: candidate.charset, mixed, text, cost, pieces, language: None, odd: 0, beyond: 0 }
    }

    fn push(&mut self, c: Option<char>, context: &mut Context) {
        let Some(c) = c else {
            self.text.push(char::REPLACEMENT_CHARACTER);
            self.cost += UNDEFINED;
            (self.odd, self.beyond) = (self.odd + 1, self.beyond + UNDEFINED);
            *context = Context::after(Symbol::edge());
            return;
        };
        self.text.push(c);
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

    /// A piece, as runs of UTF-8 and of the encoding, one after the other.
    fn runs(&mut self, runs: &[Mixed<'_>]) {
        let (mut context, before) = (Context::after(Symbol::edge()), self.cost);
        for run in runs {
            match run {
                Mixed::Utf8(text) => {
                    // That stands as it is, damaged or not, and says nothing of what the rest is.
                    let known = (self.odd, self.beyond);
                    text.chars().for_each(|c| self.push(Some(c), &mut context));
                    (self.odd, self.beyond) = known;
                }
                Mixed::Other(bytes) => chars(self.charset, bytes).for_each(|c| self.push(c, &mut context)),
            }
        }
        self.text.push('\n');
        self.pieces.push(self.cost - before);
    }
}

/// The readings of a sample in an encoding: all of it, and with UTF-8 in between.
pub fn readings(candidate: &Candidate, pieces: &[&[u8]]) -> Vec<Reading> {
    let charset = candidate.charset;
    let (mut pure, mut both) = (Reading::new(candidate, false), Reading::new(candidate, true));
    let mut has_utf_8 = false;
    for piece in pieces {
        pure.runs(&[Mixed::Other(piece)]);
        let runs = mixed(charset, piece);
        has_utf_8 |= runs.iter().any(|run| matches!(run, Mixed::Utf8(text) if !text.is_ascii()));
        both.runs(&runs);
    }
    if has_utf_8 { vec![pure, both] } else { vec![pure] }
}

/// What a piece costs in an encoding.
pub fn cost(charset: Charset, piece: &[u8]) -> i32 {
    cost_of(charset, &[Mixed::Other(piece)])
}

/// What runs of UTF-8 and of another encoding cost, one after the other.
pub fn cost_of(charset: Charset, runs: &[Mixed<'_>]) -> i32 {
    let candidate = Candidate { charset, cost: 0 };
    let mut reading = Reading::new(&candidate, false);
    reading.runs(runs);
    reading.cost
}

/// The characters of bytes in an encoding; none for what is no character.
fn chars(charset: Charset, bytes: &[u8]) -> impl Iterator<Item = Option<char>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let found = charset.decode(rest);
        at += found.map_or(1, |(_, len)| len);
        Some(found.map(|(c, _)| c))
    })
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
