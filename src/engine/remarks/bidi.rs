//! `bidi`: controls that show text in another order than it is read in, as in “Trojan Source” (CVE-2021-42574): overrides, and
//! embeddings and isolates that are not closed on their line or close nothing.

use super::{Seen, named};
use crate::edit::Rule;

/// What to report in a line.
pub fn find(line: &str) -> Vec<Seen> {
    let mut all = Vec::new();
    // Where what is open was opened, and by which character.
    let mut open: Vec<(usize, char)> = Vec::new();
    let is_isolate = |c: char| matches!(c, '\u{2066}'..='\u{2068}');
    for (at, c) in line.char_indices() {
        let range = at..at + c.len_utf8();
        match c {
            '\n' => all.extend(open.drain(..).filter(|(_, c)| !is_override(*c)).map(unclosed)),
            '\u{202a}' | '\u{202b}' | '\u{2066}'..='\u{2068}' => open.push((at, c)),
            '\u{202d}' | '\u{202e}' => {
                open.push((at, c));
                let why = format!("{} shows text in another order than it is read in", named(c));
                all.push(Seen::new(range, Rule::Bidi, why));
            }
            // What is open inside an isolate ends with it.
            '\u{2069}' => match open.iter().rposition(|(_, c)| is_isolate(*c)) {
                Some(place) => {
                    let inner = open.drain(place..).skip(1);
                    all.extend(inner.filter(|(_, c)| !is_override(*c)).map(unclosed));
                }
                None => all.push(Seen::new(range, Rule::Bidi, format!("{} closes nothing", named(c)))),
            },
            '\u{202c}' => match open.last() {
                Some((_, last)) if !is_isolate(*last) => drop(open.pop()),
                _ => all.push(Seen::new(range, Rule::Bidi, format!("{} closes nothing", named(c)))),
            },
            _ => {}
        }
    }
    all.extend(open.into_iter().filter(|(_, c)| !is_override(*c)).map(unclosed));
    all
}

/// Reported as such already.
fn is_override(c: char) -> bool {
    matches!(c, '\u{202d}' | '\u{202e}')
}

fn unclosed((at, c): (usize, char)) -> Seen {
    Seen::new(at..at + c.len_utf8(), Rule::Bidi, format!("{} is not closed on its line", named(c)))
}
