//! Letters that are gone for good: which words of a line tell what they were?
//!
//! In: a line in which U+FFFD stands in words. Out: what stood there, where [`crate::model::gaps`] leaves no doubt, with how
//! sure that is. Must not: say anything of a first letter, of which nobody knows whether it was a capital; or let what it says
//! of a word depend on what it says of words further on, so that it says no more of its own result.

use std::ops::Range;

use crate::edit::Confidence;
use crate::model::frequent::Case;
use crate::model::gaps::{self, Slot};
use crate::model::prose::{is_cyrillic, is_weighed, small};

/// What somebody saved in place of letters.
pub const LOST: char = '\u{fffd}';
/// No longer word is read.
const LONGEST: usize = 32;
/// So many letters must be left, but of one of the commonest words.
const LEFT: usize = 2;
/// Of so many marks one in so many of the letters is too much.
const MANY: usize = 8;
const SPARSE: usize = 4;
/// So many words on each side tell in which language a word is.
const AROUND: usize = 16;

/// The share that a reading has to have of all, to be `likely` and to be `possible`.
const LIKELY: f32 = 0.9975;
const POSSIBLE: f32 = 0.95;

/// Letters that are known again.
pub struct Restored {
    /// Where the marks stand, in bytes.
    pub range: Range<usize>,
    /// What stood there.
    pub letters: String,
    /// How sure that is.
    pub confidence: Confidence,
    /// How many nats speak for it.
    pub odds: f32,
}

/// The letters of a line that are known again, by where they stand.
pub fn restored(line: &str, least: Confidence) -> Vec<Restored> {
    let mut words = words(line);
    let mut found = Vec::new();
    // Where so much is lost, too little is left to tell the language.
    let letters = words.iter().map(|word| word.text.chars().count()).sum::<usize>();
    let marks = words.iter().map(|word| word.text.matches(LOST).count()).sum::<usize>();
    if marks >= MANY && marks * SPARSE > letters {
        return found;
    }
    for at in 0..words.len() {
        if !words[at].text.contains(LOST) || words[at].is_part {
            continue;
        }
        let before = words[at.saturating_sub(AROUND)..at].iter().filter(|word| !word.text.contains(LOST));
        let after = words[at + 1..].iter().take(AROUND).filter(|word| word.text.is_ascii());
        let around: Vec<&str> = before.chain(after).map(|word| word.text.as_str()).collect();
        let Some((gaps, confidence, odds)) = read(&words[at], &around) else { continue };
        if confidence < least {
            continue;
        }
        let mut text = String::new();
        let mut reached = 0;
        for (range, letters) in runs(&words[at].text).into_iter().zip(gaps) {
            text.push_str(&words[at].text[reached..range.start]);
            text.push_str(&letters);
            reached = range.end;
            let range = words[at].start + range.start..words[at].start + range.end;
            found.push(Restored { range, letters, confidence, odds });
        }
        text.push_str(&words[at].text[reached..]);
        words[at].text = text;
    }
    found
}

/// What stood in the gaps of a word, and how sure that is.
fn read(Word { text: word, follows, .. }: &Word, around: &[&str]) -> Option<(Vec<String>, Confidence, f32)> {
    let mut slots: Vec<Slot> = Vec::new();
    let mut capitals = word.chars().filter(|c| c.is_uppercase()).count() > 1;
    for c in word.chars() {
        capitals &= !c.is_lowercase();
        match (slots.last_mut(), c) {
            (Some(Slot::Gap(marks)), LOST) => *marks += 1,
            (_, LOST) => slots.push(Slot::Gap(1)),
            (_, '\'' | '’') => slots.push(Slot::Letter('’')),
            (_, c) => slots.push(Slot::Letter(small(c))),
        }
    }
    let is_odd = |slot: &Slot| matches!(slot, Slot::Letter(c) if *c != '’' && !is_weighed(*c));
    if slots.iter().any(is_odd) {
        return None;
    }
    let gaps = slots.iter().filter(|slot| matches!(slot, Slot::Gap(_))).count();
    let begins_with_gap = matches!(slots.first(), Some(Slot::Gap(_)));
    // Of several marks at the end the last may be a space.
    let ends_with_marks = matches!(slots.last(), Some(Slot::Gap(2..)));
    if slots.len() > LONGEST || slots.len() == gaps || ends_with_marks {
        return None;
    }
    // Any letter may be lost there, and many words differ in one.
    let is_cyrillic = word.chars().any(is_cyrillic);
    let filling = gaps::fill(around.iter().copied(), &slots, capitals)?;
    if slots.len() < gaps + LEFT && !filling.is_frequent {
        return None;
    }
    // A first letter may have been a capital.
    let first = match filling.case {
        _ if capitals || !begins_with_gap => Case::Small,
        Some(Case::Small) if !follows => return None,
        case => case?,
    };
    let confidence = match filling.share {
        share if share >= LIKELY && filling.is_listed && !is_cyrillic => Confidence::Likely,
        share if share >= POSSIBLE && filling.is_listed => Confidence::Possible,
        _ => return None,
    };
    let cased = |gap: &String| match capitals {
        false => Some(gap.clone()),
        // Only Turkish and its like have this one.
        true if gap == "i" => Some("İ".to_owned()),
        true => Some(gap.to_uppercase()).filter(|upper| upper.chars().count() == gap.chars().count()),
    };
    let mut gaps: Vec<String> = filling.gaps.iter().map(cased).collect::<Option<_>>()?;
    if first == Case::Capital {
        gaps[0] = Some(gaps[0].to_uppercase()).filter(|upper| upper.chars().count() == gaps[0].chars().count())?;
    }
    Some((gaps, confidence, (filling.share / (1.0 - filling.share).max(1e-6)).ln()))
}

/// A word of a line, with the marks in it.
struct Word {
    start: usize,
    text: String,
    /// Whether it is a part of something that is no word.
    is_part: bool,
    /// Whether it follows a word in small letters, so that it is within a sentence.
    follows: bool,
}

/// The words of a line: letters and marks, and apostrophes between them.
fn words(line: &str) -> Vec<Word> {
    let is_letter = |c: char| c.is_alphabetic() || c == LOST;
    let is_quote = |c: char| matches!(c, '\'' | '’');
    let joins = |c: char| c.is_numeric() || matches!(c, '_' | '\\' | '@' | '%');
    let mut words: Vec<Word> = Vec::new();
    let (mut last, mut is_open) = (' ', false);
    for (at, c) in line.char_indices() {
        let next = line[at + c.len_utf8()..].chars().next().unwrap_or(' ');
        let belongs = is_letter(c) || is_open && is_quote(c) && is_letter(last) && is_letter(next);
        match words.last_mut().filter(|_| is_open) {
            Some(word) if belongs => word.text.push(c),
            // Before these French has a no-break space.
            Some(word) => word.is_part |= joins(c) || last == LOST && matches!(c, ':' | ';' | '!' | '?' | '»'),
            None if belongs => {
                let is_small =
                    |word: &Word| word.start + word.text.len() + 1 == at && !word.text.contains(char::is_uppercase);
                let follows = last == ' ' && words.last().is_some_and(is_small);
                words.push(Word { start: at, text: c.to_string(), is_part: joins(last), follows });
            }
            None => {}
        }
        (last, is_open) = (c, belongs);
    }
    words
}

/// The runs of marks in a word.
fn runs(word: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, mark) in word.match_indices(LOST) {
        match runs.last_mut() {
            Some(last) if last.end == at => last.end += mark.len(),
            _ => runs.push(at..at + mark.len()),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> String {
        let (mut text, mut reached) = (String::new(), 0);
        for Restored { range, letters, .. } in restored(line, Confidence::Likely) {
            text.push_str(&line[reached..range.start]);
            text.push_str(&letters);
            reached = range.end;
        }
        text + &line[reached..]
    }

    #[test]
    fn words_tell_letters_in_their_language() {
        for right in [
            "They don’t know what it’s for, and we’ll see",
            "der Hof liegt nicht weit, ein Weg führt zurück für den Tag",
            "la première fois il a répondu très tard, après la réponse des autres",
            "la configuración del sistema está vacía según el técnico",
            "esta página não tem as opções do sistema para o usuário",
            "DIE LISTE KÖNNEN WIR LÖSCHEN",
            "Der Brief ist für den Nachbarn, der nicht lesen möchte",
            "la cuisine de la maison est fermée, il faut vérifier le modèle de la porte et les données",
        ] {
            let lost: String = right.chars().map(|c| if c.is_ascii() { c } else { LOST }).collect();
            let read = read(&lost);
            // Some of it stays, none of it is wrong.
            assert!(read.chars().zip(right.chars()).all(|(a, b)| a == b || a == LOST), "{read}");
            let left = |text: &str| text.matches(LOST).count();
            assert!(left(&read) * 2 < left(&lost) + 2, "{read}");
            assert_eq!(self::read(&read), read);
        }
    }

    #[test]
    fn common_words_of_ascii_letters_tell_the_language() {
        assert_eq!(read("Das Tor ist f\u{fffd}r die Kinder nicht offen"), "Das Tor ist für die Kinder nicht offen");
        // Swedish has a word like it, and this is it.
        assert_ne!(read("det tar en stund f\u{fffd}r att vi ska hem"), "det tar en stund für att vi ska hem");
    }

    #[test]
    fn a_first_letter_comes_back_where_its_case_is_known() {
        assert_eq!(
            read("la maison a \u{fffd}t\u{fffd} vendue avec tous les meubles"),
            "la maison a été vendue avec tous les meubles"
        );
        for lost in
            ["\u{fffd}t\u{fffd} comme hiver, la maison est vide", "Die \u{fffd}ngstlichen bleiben alle zu Hause"]
        {
            assert!(read(lost).contains(LOST), "{lost}");
        }
    }

    #[test]
    fn a_relative_of_a_known_language_is_left_alone() {
        for lost in [
            "d'Kanner hunn d\u{fffd}i Blumme gel\u{fffd}scht an sinn elo op der Strooss",
            "lo p\u{fffd}re at bal\u{fffd} un l\u{fffd}vro a sa felye",
            "'l can al \u{fffd}ra s\u{fffd}ta la t\u{fffd}vla cun i so fi\u{fffd}",
        ] {
            assert_eq!(read(lost), lost);
        }
    }

    #[test]
    fn one_mark_may_stand_for_two_letters_and_two_for_one() {
        assert_eq!(read("isto não é uma op\u{fffd}o do sistema"), "isto não é uma opção do sistema");
        assert_eq!(read("the two of them don\u{fffd}\u{fffd}\u{fffd}t know"), "the two of them don’t know");
    }

    #[test]
    fn what_may_be_several_words_stays() {
        for lost in [
            "\u{fffd}",
            "f\u{fffd}r",
            "a \u{fffd} b",
            "\u{fffd}ber",
            "x\u{fffd}qz here",
            "le code\u{fffd}: dix",
            "the users\u{fffd} files",
            "%s\u{fffd} is empty",
            "a_caf\u{fffd}_1",
            "日\u{fffd}語",
        ] {
            assert_eq!(read(lost), lost);
        }
    }
}
