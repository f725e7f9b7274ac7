//! `nfc`, `nfd`, `nfkc`, `nfkd`: the normalisation forms of Unicode. Only what changes is a change.

use std::ops::Range;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{
    IsNormalized, UnicodeNormalization, is_nfc_quick, is_nfd_quick, is_nfkc_quick, is_nfkd_quick,
};

use super::Change;

/// A normalisation form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    C,
    D,
    Kc,
    Kd,
}

/// What to change in a line.
pub fn changes(line: &str, form: Form) -> Vec<Change> {
    let mut all = Vec::new();
    if line.is_ascii() || is_normal(line, form) {
        return all;
    }
    let mut start = 0;
    while start < line.len() {
        let rest = &line[start..];
        let len = rest.char_indices().skip(1).find(|(_, c)| begins(*c, form)).map_or(rest.len(), |(at, _)| at);
        let part = &rest[..len];
        if !is_normal(part, form) {
            let after = normal(part, form);
            if after != part {
                all.push(Change::new(start..start + len, after));
            }
        }
        start += len;
    }
    all
}

/// Whether a text may be cut before this character: no form joins it to what stands before.
pub fn is_border(c: char) -> bool {
    begins(c, Form::C) && begins(c, Form::Kc)
}

/// A line in form C, where it is not in that form already.
pub fn composed(line: &str) -> Option<String> {
    let is_composed = line.is_ascii() || is_normal(line, Form::C);
    (!is_composed).then(|| normal(line, Form::C))
}

/// Ranges of a composed line, in order, as ranges of the line that it was made of: whole parts that nothing reaches out of.
pub fn spread(line: &str, ranges: &mut [Range<usize>]) {
    let mut borders = line.char_indices().filter(|(at, c)| *at == 0 || begins(*c, Form::C)).map(|(at, _)| at).skip(1);
    // The part at hand, in the line and in the composed one.
    let (mut old, mut new) = (0..0, 0..0);
    let mut on = || {
        let end = borders.next().unwrap_or(line.len());
        old = old.end..end;
        new = new.end..new.end + line[old.clone()].nfc().map(char::len_utf8).sum::<usize>();
        (old.clone(), new.clone(), old.end == line.len())
    };
    let mut part = on();
    for range in ranges {
        while part.1.end <= range.start && !part.2 {
            part = on();
        }
        let start = part.0.start;
        while part.1.end < range.end && !part.2 {
            part = on();
        }
        *range = start..part.0.end;
    }
}

/// Whether nothing that a form does reaches across the border before this character.
fn begins(c: char, form: Form) -> bool {
    let one = || std::iter::once(c);
    let quick = match form {
        Form::C | Form::D => is_nfc_quick(one()),
        Form::Kc | Form::Kd => is_nfkc_quick(one()),
    };
    c.is_ascii() || canonical_combining_class(c) == 0 && quick == IsNormalized::Yes
}

fn is_normal(text: &str, form: Form) -> bool {
    let chars = text.chars();
    let quick = match form {
        Form::C => is_nfc_quick(chars),
        Form::D => is_nfd_quick(chars),
        Form::Kc => is_nfkc_quick(chars),
        Form::Kd => is_nfkd_quick(chars),
    };
    quick == IsNormalized::Yes
}

fn normal(text: &str, form: Form) -> String {
    match form {
        Form::C => text.nfc().collect(),
        Form::D => text.nfd().collect(),
        Form::Kc => text.nfkc().collect(),
        Form::Kd => text.nfkd().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(line: &str, form: Form) -> String {
        let mut out = line.to_owned();
        for change in changes(line, form).into_iter().rev() {
            out.replace_range(change.range, &change.after);
        }
        out
    }

    #[test]
    fn ranges_of_a_composed_line_are_found_again() {
        let line = "ab e\u{301}x \u{1100}\u{1161} z";
        assert_eq!(composed(line).unwrap(), "ab éx 가 z");
        let mut ranges = [3..6, 7..10];
        spread(line, &mut ranges);
        assert_eq!((&line[ranges[0].clone()], &line[ranges[1].clone()]), ("e\u{301}x", "\u{1100}\u{1161}"));
    }

    /// Part by part gives the same as all at once, for each character beside others that may join it.
    #[test]
    fn parts_are_as_good_as_the_whole() {
        let is_odd = |c: &char| {
            let quick = |form| begins(*c, form) && is_normal(c.encode_utf8(&mut [0; 4]), form);
            ![Form::C, Form::D, Form::Kc, Form::Kd].into_iter().all(quick)
        };
        for c in (0x80..0x3_0000).filter_map(char::from_u32).filter(is_odd) {
            for near in ["a{}b", "e\u{301}{}\u{327}", "\u{1100}{}\u{11a8}", "か{}\u{3099}"] {
                let line = near.replace("{}", &c.to_string());
                for form in [Form::C, Form::D, Form::Kc, Form::Kd] {
                    assert_eq!(made(&line, form), normal(&line, form), "{form:?} of {line:?}");
                }
            }
        }
    }
}
