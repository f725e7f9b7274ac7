//! `width`: letters, digits and signs of full width become ordinary ones, syllables and signs of half width full ones, and the
//! ideographic space a space.

use unicode_normalization::UnicodeNormalization;

use super::{Change, add};

/// The marks of voice of half width, which join the syllable before them.
const VOICED: [char; 2] = ['\u{FF9E}', '\u{FF9F}'];

/// What to change in a line.
pub fn changes(line: &str) -> Vec<Change> {
    let mut all: Vec<Change> = Vec::new();
    let mut chars = line.char_indices().filter(|(_, c)| is_other_width(*c)).peekable();
    while let Some((at, c)) = chars.next() {
        let mut end = at + c.len_utf8();
        while let Some((_, mark)) = chars.next_if(|(next, c)| *next == end && VOICED.contains(c)) {
            end += mark.len_utf8();
        }
        let after = match c {
            '\u{3000}' => " ".to_owned(),
            // Its decomposition is a space with a combining mark.
            '\u{FFE3}' => "\u{AF}".to_owned(),
            _ => line[at..end].nfkc().collect(),
        };
        add(&mut all, at..end, &after);
    }
    all
}

/// The block of forms of half and full width, as far as it is assigned, and the ideographic space.
fn is_other_width(c: char) -> bool {
    matches!(c, '\u{3000}' | '\u{FF01}'..='\u{FFBE}' | '\u{FFC2}'..='\u{FFDC}' | '\u{FFE0}'..='\u{FFEE}')
        && !matches!(c, '\u{FFC8}' | '\u{FFC9}' | '\u{FFD0}' | '\u{FFD1}' | '\u{FFD8}' | '\u{FFD9}' | '\u{FFE7}')
}
