//! `invisible`: characters without width at words. Those that a script needs, that join emoji or choose how a sign is
//! drawn are no finding; nor are soft hyphens, which are there to be seen at times.

use unicode_script::{Script, UnicodeScript};

use super::{Seen, named};
use crate::edit::Rule;

/// What to report in a line. `first`: the source begins with it.
pub fn find(line: &str, first: bool) -> Vec<Seen> {
    let mut all: Vec<Seen> = Vec::new();
    for (at, c) in line.char_indices().filter(|(_, c)| is_invisible(*c)) {
        let end = at + c.len_utf8();
        let run = all.last_mut().filter(|last| last.range.end == at);
        let (before, after) = (&line[..at], &line[end..]);
        if (first && at == 0 && c == '\u{feff}') || is_needed(c, before, after) {
            continue;
        }
        match run {
            // Several in a row are one finding.
            Some(last) => last.range.end = end,
            None => all.push(Seen::new(at..end, Rule::Invisible, format!("{} cannot be seen", named(c)))),
        }
    }
    all
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{180e}' | '\u{34f}'
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e01ef}')
}

/// Whether a character has its use where it stands.
fn is_needed(c: char, before: &str, after: &str) -> bool {
    let last = before.chars().next_back();
    let next = after.chars().next();
    let beside = |fits: fn(char) -> bool| last.is_some_and(fits) || next.is_some_and(fits);
    match c {
        // Fillers stand for a missing part of a syllable.
        '\u{115f}' | '\u{1160}' => {
            beside(|c| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97f}' | '\u{d7b0}'..='\u{d7ff}'))
        }
        '\u{3164}' | '\u{ffa0}' => beside(|c| matches!(c, '\u{3131}'..='\u{318e}' | '\u{ffa1}'..='\u{ffdc}')),
        '\u{200d}' => beside(joins) || is_emoji(base(before)) && next.is_some_and(|c| is_emoji(Some(c))),
        '\u{200c}' => beside(joins),
        '\u{200b}' => beside(breaks) || !beside(char::is_alphanumeric),
        // One of them after a sign, or after a letter of a script that has variants.
        '\u{fe00}'..='\u{fe0f}' => last.is_some_and(|last| !is_plain(last) && !is_invisible(last)),
        '\u{e0100}'..='\u{e01ef}' => last.is_some_and(|last| last.script() == Script::Han),
        // A flag of a region, spelled out.
        '\u{e0020}'..='\u{e007f}' => {
            let flag = before.trim_end_matches(|c| matches!(c, '\u{e0020}'..='\u{e007e}'));
            flag.ends_with('\u{1f3f4}')
        }
        '\u{e0000}'..='\u{e01ef}' => false,
        _ => !beside(char::is_alphanumeric),
    }
}

/// The character that marks and selectors at the end of a text belong to.
fn base(text: &str) -> Option<char> {
    text.chars().rev().find(|c| !matches!(c, '\u{fe0e}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}'))
}

fn is_emoji(c: Option<char>) -> bool {
    let is_one = |c| matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2190}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '©' | '®');
    c.is_some_and(is_one)
}

/// Whether a letter has no variants that a selector could choose.
fn is_plain(c: char) -> bool {
    c.is_whitespace()
        || c.is_alphabetic() && matches!(c.script(), Script::Latin | Script::Greek | Script::Cyrillic | Script::Common)
}

/// Whether a letter is of a script in which joiners mean something.
fn joins(c: char) -> bool {
    use Script::*;
    let scripts = [
        Arabic,
        Syriac,
        Mongolian,
        Nko,
        Mandaic,
        Manichaean,
        Phags_Pa,
        Hanifi_Rohingya,
        Adlam,
        Sogdian,
        Psalter_Pahlavi,
        Devanagari,
        Bengali,
        Gurmukhi,
        Gujarati,
        Oriya,
        Tamil,
        Telugu,
        Kannada,
        Malayalam,
        Sinhala,
        Khmer,
        Myanmar,
        Tibetan,
        Balinese,
        Javanese,
        Sundanese,
        Tirhuta,
        Newa,
        Grantha,
        Khojki,
        Modi,
        Takri,
        Chakma,
        Brahmi,
        Kharoshthi,
        Egyptian_Hieroglyphs,
    ];
    // Marks that several scripts share say so by their extensions.
    let extension = c.script_extension();
    !extension.is_common()
        && !extension.is_inherited()
        && scripts.iter().any(|script| extension.contains_script(*script))
}

/// Whether a letter is of a script that is written without spaces, and broken at zero-width ones.
fn breaks(c: char) -> bool {
    use Script::*;
    matches!(
        c.script(),
        Thai | Lao | Khmer | Myanmar | Tibetan | Javanese | Balinese | Tai_Le | New_Tai_Lue | Tai_Tham | Tai_Viet
    )
}
