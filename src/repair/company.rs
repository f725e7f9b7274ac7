//! What stands around a repair, and what it makes there: words, lists, drawings, and letters that could be what they look like.
//!
//! In: characters as they stand, and what some of them would become. Out: what that looks like. Must not: weigh it; what
//! each is worth stands in [`super::odds`].

use unicode_script::{Script, UnicodeScript};

use super::{Cell, Item, Repair};
use crate::model::{CLOSING, PER_NAT, Symbol, prose};

/// How far around a repair what still looks broken speaks against it, in characters.
pub const REACH: usize = 24;
/// So many letters make a word.
pub const WORD: usize = 4;
/// What a letter that is a word by itself costs at most in the language of the text.
const WORD_COSTS: i32 = 6 * PER_NAT;
/// So many other letters tell in which language a text is.
const WORDS: usize = 6;
/// What a quotation or a speech opens with.
const OPENING: &str = "“‘«‹„‚»›”’–—…¿¡";

/// How many neighbours are alike, as in lines drawn of characters, or follow each other in code, as in a table; as they stand,
/// or as they would be.
pub fn drawn(stands: &[Cell], after: &str) -> i32 {
    let follows = |a: &Cell, b: &Cell| a.c as u32 + 1 == b.c as u32;
    let pair = |pair: &&[Cell]| {
        let lost = matches!(pair[0].c, '\u{fffd}' | '?');
        let alike = pair[0].c.to_lowercase().eq(pair[1].c.to_lowercase());
        alike && !lost || follows(&pair[0], &pair[1])
    };
    // Capitals and small letters in turn, as in a table of both.
    let in_turn = |four: &&[Cell]| follows(&four[0], &four[2]) && follows(&four[1], &four[3]);
    let becomes = after.chars().zip(after.chars().skip(1)).filter(|(a, b)| *a as u32 + 1 == *b as u32);
    (stands.windows(2).filter(pair).count() + stands.windows(4).filter(in_turn).count() + becomes.count()) as i32
}

/// How many letters the word has that a repair is part of. A character of a script with thousands of them counts twice;
/// text in capitals counts for a third, for it may be anything, unless it is a common word.
pub fn word(cells: &[Cell], repair: &Repair) -> usize {
    let letter = |cell: &&Cell| cell.c.is_alphabetic();
    let before = cells[..repair.start].iter().rev().take_while(letter).count();
    let after = cells[repair.start + repair.len..].iter().take_while(letter).count();
    let large = |c: char| Symbol::of(c).is_of_large_script() || ('\u{3040}'..'\u{3100}').contains(&c);
    let inside: usize = repair
        .after
        .split(|c: char| !c.is_alphabetic())
        .map(|run| run.chars().map(|c| 1 + usize::from(large(c))).sum())
        .max()
        .unwrap_or(0);
    let capitals = !repair.after.chars().any(|c| c.is_lowercase() || c.is_alphabetic() && !c.is_uppercase());
    let is_common = || {
        let words = repair.after.split(|c: char| !c.is_alphabetic()).map(|word| word.chars().collect::<Vec<_>>());
        words.filter(|word| word.len() >= WORD).any(|word| prose::is_common(&word))
    };
    (before + inside + after) / if capitals && !is_common() { 3 } else { 1 }
}

/// Whether the word that a repair is part of is a common one.
pub fn makes_a_word(cells: &[Cell], repair: &Repair) -> bool {
    let letter = |c: &char| c.is_alphabetic();
    let (before, after) = (&cells[..repair.start], &cells[repair.start + repair.len..]);
    let mut word: Vec<char> = before.iter().rev().map(|cell| cell.c).take_while(letter).collect();
    word.reverse();
    word.extend(repair.after.chars().chain(after.iter().map(|cell| cell.c)).take_while(letter));
    word.len() >= WORD && prose::is_common(&word)
}

/// Whether there is a single character of a script with thousands of them, or the same again.
pub fn has_single_large(cells: &[Cell]) -> bool {
    let mut large = cells.iter().filter(|cell| cell.symbol.is_of_large_script());
    let Some(first) = large.next() else { return false };
    large.all(|cell| cell.c == first.c)
}

/// Whether a single character of a script with thousands of them is stuck to other letters or digits, or stands before a
/// number, and has none of its like around it, where such characters come in company.
pub fn is_misplaced(cells: &[Cell], start: usize, len: usize) -> bool {
    // What is left of lost bytes is one with it.
    let is_mark = |at: usize| cells.get(at).is_some_and(|cell| matches!(cell.c, '?' | '\u{fffd}'));
    let (start, len) = if len == 2 && is_mark(start) { (start + 1, 1) } else { (start, len) };
    let Some(here) = cells.get(start).filter(|cell| len == 1 && cell.symbol.is_of_large_script()) else { return false };
    let other = |cell: Option<&Cell>| cell.is_some_and(|cell| cell.c.is_alphanumeric());
    let by_mark = start > 1 && is_mark(start - 1) && other(cells.get(start - 2));
    let before_number = cells.get(start + 1).is_some_and(|cell| cell.c == ' ')
        && cells.get(start + 2).is_some_and(|cell| cell.c.is_ascii_digit());
    let stuck = start > 0 && other(cells.get(start - 1)) || other(cells.get(start + len)) || before_number || by_mark;
    let near = &cells[start.saturating_sub(REACH)..(start + len + REACH).min(cells.len())];
    stuck && !near.iter().any(|cell| cell.symbol.is_of_large_script() && cell.c != here.c)
}

/// Whether these are a single character of such a script.
pub fn is_bare(stands: &[Cell]) -> bool {
    matches!(stands, [cell] if cell.symbol.is_of_large_script())
}

/// Whether a single character of such a script, with none of its like around it, becomes a letter that is a word by itself in
/// the language of the text, as `è` is in Italian.
pub fn is_word_alone(cells: &[Cell], repair: &Repair) -> bool {
    let (before, after) = (&cells[..repair.start], &cells[repair.start + repair.len..]);
    let Some(letter) = single_char(&repair.after) else { return false };
    if repair.len != 1 || !letter.is_lowercase() || !has_single_large(cells) {
        return false;
    }
    let cost = |here: &[char]| {
        let chars = |cells: &[Cell]| cells.iter().map(|cell| cell.c).collect::<Vec<_>>();
        prose::weigh(&[&chars(before), here, &chars(after)].concat()).cost
    };
    !beside_letter(cells, repair.start, 1) && cost(&[letter]) - cost(&[' ']) <= WORD_COSTS
}

/// Whether there are enough letters, but for the characters of scripts with thousands of them, to be text in some language.
pub fn has_words(cells: &[Cell]) -> bool {
    cells.iter().filter(|cell| cell.c.is_alphabetic() && !cell.symbol.is_of_large_script()).take(WORDS).count() == WORDS
}

/// Whether what these characters become is a letter that stands alone. Those of Greek are signs as well, and those of scripts with
/// thousands of characters have a measure of their own.
pub fn is_lone_letter(cells: &[Cell], start: usize, len: usize, c: char) -> bool {
    c.is_alphabetic()
        && !beside_letter(cells, start, len)
        && !Symbol::of(c).is_of_large_script()
        && !is_anywhere(c.script())
}

/// The character that a text is, if it is one.
pub fn single_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// Whether all of a text is letters of scripts that are none of these.
pub fn is_alien(scripts: &[Script], text: &str) -> bool {
    text.chars().all(|c| c.is_alphabetic() && !is_anywhere(c.script()) && !scripts.contains(&c.script()))
}

/// Whether letters of a script stand in text of any, as words or as signs.
fn is_anywhere(script: Script) -> bool {
    matches!(script, Script::Latin | Script::Greek | Script::Common | Script::Inherited)
}

/// The scripts of what is not repaired, outside ASCII.
pub fn scripts(items: &[Item]) -> Vec<Script> {
    let mut scripts = Vec::new();
    for item in items.iter().filter(|item| item.chain == 0 && !item.cell.c.is_ascii()) {
        let script = item.cell.c.script();
        if !scripts.contains(&script) {
            scripts.push(script);
        }
    }
    scripts
}

/// Whether a letter stands before or after.
pub fn beside_letter(cells: &[Cell], start: usize, len: usize) -> bool {
    let letter = |cell: Option<&Cell>| cell.is_some_and(|cell| cell.c.is_alphabetic());
    start > 0 && letter(cells.get(start - 1)) || letter(cells.get(start + len))
}

/// Whether the characters could as well be a letter and a mark beside it; a small letter before a mark counts only where it takes
/// a loss, or more than two characters, to read them otherwise.
pub fn may_be_letter_and_mark(cells: &[Cell], start: usize, len: usize, lossy: bool) -> bool {
    capital_and_mark(cells, start, len)
        || (lossy || len > 2) && letter_and_marks(cells, start, len)
        || mark_and_letter(cells, start, len)
}

/// Whether the characters are a capital and a mark after it, at the end of a word and not in the middle of lower case:
/// text in capitals before a closing quote is just that.
fn capital_and_mark(cells: &[Cell], start: usize, len: usize) -> bool {
    let Some(first) = cells.get(start).map(|cell| cell.c).filter(|_| len == 2) else { return false };
    let lower_before = start > 0 && cells[start - 1].c.is_lowercase();
    let letter_after = cells.get(start + len).is_some_and(|cell| cell.c.is_alphabetic());
    let mark = cells.get(start + 1).is_some_and(|cell| !cell.c.is_alphanumeric());
    // A stray Â before a mark is hardly anything else than damage, unless it ends a word, or is the letter that is quoted.
    let before = start.checked_sub(1).map(|at| cells[at].c);
    let is_quoted = before.is_some_and(|c| OPENING.contains(c))
        && cells.get(start + 1).is_some_and(|cell| CLOSING.contains(cell.c));
    let stray = first == 'Â' && !before.is_some_and(char::is_alphabetic) && !is_quoted;
    !stray && !first.is_lowercase() && mark && !lower_before && !letter_after
}

/// Whether the characters are a small letter and what may stand right behind any: quotation marks that close, a dash, an ellipsis;
/// at the end of a word.
fn letter_and_marks(cells: &[Cell], start: usize, len: usize) -> bool {
    let letter_after = cells.get(start + len).is_some_and(|cell| cell.c.is_alphabetic());
    let [first, marks @ ..] = &cells[start..start + len] else { return false };
    let closes = |cell: &Cell| CLOSING.contains(cell.c);
    first.c.is_lowercase() && !marks.is_empty() && marks.iter().all(closes) && !letter_after
}

/// Whether the characters are what a quotation or a speech opens with, or an apostrophe, and a letter of the word that follows.
fn mark_and_letter(cells: &[Cell], start: usize, len: usize) -> bool {
    let [first, second] = &cells[start..start + len] else { return false };
    let is_in_word = start > 0 && cells[start - 1].c.is_alphabetic();
    OPENING.contains(first.c) && second.c.is_alphabetic() && !is_in_word
}

/// For each cell of the source, whether a letter outside ASCII stands there that was left alone.
pub fn right_letters(items: &[Item]) -> Vec<bool> {
    let mut right = Vec::new();
    for item in items {
        let is_right = item.chain == 0 && !item.lost && !item.cell.c.is_ascii() && item.cell.c.is_alphabetic();
        right.extend(std::iter::repeat_n(is_right, item.len));
    }
    right
}

/// Whether letters that these characters become are of one word with such a letter.
pub fn is_torn(right: &[bool], start: usize, len: usize, after: &str) -> bool {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let is_right = |at: Option<usize>| at.and_then(|at| right.get(at)).is_some_and(|right| *right);
    is_right(start.checked_sub(1)) && letter(after.chars().next())
        || is_right(Some(start + len)) && letter(after.chars().next_back())
}
