//! `quotes`: quotation marks and apostrophes, made straight, or as a language has them.
//!
//! The marks of each language are those of Unicode CLDR 48 (`common/main/*.xml`, `delimiters`). A line in which the straight
//! marks are not in pairs keeps them: which of them opens is not known. So does a mark behind a digit that closes nothing: it
//! is an inch, a minute, or a second. Primes, accents and the marks of other languages stay as they are.

use super::{Change, replaced};
use crate::edit::Quotes;

/// What to change in a line.
pub fn changes(line: &str, quotes: Quotes) -> Vec<Change> {
    match marks(quotes) {
        Some(marks) => curled(line, marks),
        None => replaced(line, |c| match c {
            '\u{2018}'..='\u{201B}' => Some("'"),
            '\u{201C}'..='\u{201F}' => Some("\""),
            _ => None,
        }),
    }
}

/// What a language writes before and after a quotation; what before and after one inside of it, if that is a single mark.
#[derive(Clone, Copy)]
struct Marks {
    double: [&'static str; 2],
    single: Option<[&'static str; 2]>,
}

fn marks(quotes: Quotes) -> Option<Marks> {
    use Quotes::*;
    let (double, single) = match quotes {
        Straight => return None,
        En | Da | Es | Lv | Pt | Tr => (["“", "”"], Some(["‘", "’"])),
        De | Cs | Et | Hr | Sk | Sl => (["„", "“"], Some(["‚", "‘"])),
        Bg | Lt => (["„", "“"], None),
        Hu | Pl | Ro => (["„", "”"], None),
        El | It | Ru | Uk => (["«", "»"], None),
        Nb => (["«", "»"], Some(["‘", "’"])),
        // The space inside is not in CLDR, but in every French book of style.
        Fr => (["«\u{A0}", "\u{A0}»"], None),
        Fi | Sv => (["”", "”"], Some(["’", "’"])),
    };
    Some(Marks { double, single })
}

const APOSTROPHE: &str = "’";

fn curled(line: &str, marks: Marks) -> Vec<Change> {
    let places: Vec<(usize, char)> = line.char_indices().filter(|(_, c)| matches!(c, '"' | '\'')).collect();
    let mut all = pairs(line, &places, '"', Some(marks.double));
    all.extend(pairs(line, &places, '\'', marks.single));
    all.sort_by_cached_key(|change| change.range.start);
    all
}

/// The marks of one kind, as pairs; single ones that are in no pair may be apostrophes.
fn pairs(line: &str, places: &[(usize, char)], mark: char, marks: Option<[&str; 2]>) -> Vec<Change> {
    let mut all = Vec::new();
    let mut open: Option<usize> = None;
    for &(at, _) in places.iter().filter(|(_, c)| *c == mark) {
        let before = line[..at].chars().next_back();
        let after = line[at + 1..].chars().next();
        let digit = before.is_some_and(char::is_numeric);
        let inside = before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
        let opens = before.is_none_or(is_outside) && after.is_some_and(|c| !c.is_whitespace());
        let closes = before.is_some_and(|c| !c.is_whitespace()) && after.is_none_or(|c| !c.is_alphanumeric());
        let mut put = |at: usize, text: &str| all.push(Change::new(at..at + 1, text));
        match (open, mark) {
            (_, '\'') if inside => {
                if !digit {
                    put(at, APOSTROPHE);
                }
            }
            (Some(start), _) if closes => {
                open = None;
                if let Some([left, right]) = marks {
                    put(start, left);
                    put(at, right);
                }
            }
            (None, _) if opens => open = Some(at),
            (None, '"') if digit => {}
            (None, _) if mark == '\'' => {
                if closes && !digit {
                    put(at, APOSTROPHE);
                }
            }
            // An opening mark inside of another, or a mark that does neither.
            (_, '\'') => {}
            _ => return Vec::new(),
        }
    }
    if open.is_some() && mark == '"' { Vec::new() } else { all }
}

/// Whether a quotation may begin behind this character.
fn is_outside(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '(' | '[' | '{' | '-' | '–' | '—' | '/' | '“' | '„' | '«' | '‘' | '‚' | '"' | '\'' | '=')
}
