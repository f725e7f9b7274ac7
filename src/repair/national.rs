//! One single-byte page read as another, where letters in general are too little to tell: a page of one country for that of
//! another, of DOS or the Mac for that of Windows.
//!
//! All such text is letters, before and after, and one line holds few that change. So the words are weighed within one
//! language at a time (see [`prose`]), and the whole text is read one way or the other: there is one page to a text. The
//! few pages are tried that letter pairs speak against least; where two of them make different texts that are too close to
//! choose, the text is left alone.

use std::cell::LazyCell;

use super::known::Hints;
use super::lattice::ODD;
use super::spoken::{self, Spoken};
use super::{Cell, Limits, Mixup, Repair, Undone, foreign, weigh};
use crate::codec::{self, Encoding, Page};
use crate::edit::Confidence;
use crate::model::{Context, PER_NAT, Symbol, prose};

/// How many texts are tried, and how many pairs of pages that may make them.
const MOST: usize = 4;
const PAIRS: usize = 32;
/// What entering a mixup costs more where only words of the language speak for it.
const SPOKEN: i32 = PER_NAT;
/// What entering a mixup costs here, in eighths of a nat: one that many systems made, and any other. Less than elsewhere (see
/// [`super::prior`]), since only words count and the scan has found the text odd before.
const USUAL: i32 = 2 * PER_NAT;
const UNUSUAL: i32 = 7 * PER_NAT;
/// The same for a Baltic page read as a Western one, which is rarer, and for the two worlds that never met.
const BALTIC: i32 = 4 * PER_NAT;
const STRANGE: i32 = 24 * PER_NAT;
/// The same for the common Cyrillic ones.
const BETWEEN: i32 = 5 * PER_NAT;
/// What a reading has to gain more that makes no common word: the text may be in a language that is not known. Half of it is
/// enough where so many letters cost no more than this on average, in a language that is clear.
const UNCOMMON: i32 = 7 * PER_NAT;
const TEXT: usize = 20;
const USUAL_SPELLING: i32 = 11 * PER_NAT / 4;
/// What it has to gain more where the words that change have fewer letters than this in all, and were all letters before.
const LITTLE: i32 = 4 * PER_NAT;
const LETTERS: usize = 8;
/// What a letter costs in a language that is known, on average at most, and what a text may cost beyond that, for short ones
/// vary. What is beyond has to be gained more: in a language that is not known one reading is as odd as another, and by chance
/// one is less so. Measured on interface messages in some 400 languages, of which few are known, and on broken text in known
/// ones (25 November 2026): half of the former that were changed are not, for one in a hundred of the latter.
const SPELLING: i32 = 3 * PER_NAT;
const SLACK: i32 = 5 * PER_NAT;
/// So many different words have to change, of this many letters at least; and all that change must have so many together.
const LEAST: usize = 1;
const WORD: usize = 4;
/// So many neighbours that follow each other in code are no chance.
const LEAST_LISTED: usize = 3;
/// How much better the best reading must be than one that makes another text.
const CLOSE: i32 = 2 * PER_NAT;

/// What a text costs, how much of that is of a language that is not known, and whether it is in one that is.
#[derive(Clone, Copy)]
struct Weight {
    cost: i32,
    unknown: i32,
    is_known: bool,
}

/// The repairs of `cells`, which stand after the character `before`.
pub fn repairs(cells: &[Cell], before: Symbol, limits: &Limits) -> Vec<Repair> {
    let letters = |cell: &Cell| !cell.c.is_ascii() && codec::is_letter(cell.c);
    if !cells.iter().any(|cell| !cell.c.is_ascii()) || cells.iter().any(|cell| !is_known(cell.c) && letters(cell)) {
        return Vec::new();
    }
    // A DOS page has Greek letters among its signs.
    let count = |what: &dyn Fn(char) -> bool| cells.iter().filter(|cell| what(cell.c)).count();
    if count(&is_greek) > count(&|c| c.is_ascii_alphabetic()) {
        return Vec::new();
    }
    let stands: Vec<char> = cells.iter().map(|cell| cell.c).collect();
    let cost = |text: &[char]| {
        let prose = prose::weigh(text);
        let unknown = (prose.spelling - SPELLING * prose.letters as i32 - SLACK).max(0);
        let is_known = prose.language.is_some()
            && prose.letters >= TEXT
            && prose.spelling <= USUAL_SPELLING * prose.letters as i32;
        Weight { cost: prose.cost + signs(text, before), unknown, is_known }
    };
    // Mostly there is no reading to weigh it against.
    let cost_as_it_stands = LazyCell::new(|| {
        let whole = unhyphenated(&stands).map(|text| cost(&text).cost);
        cost(&stands).cost.min(whole.unwrap_or(i32::MAX))
    });
    let mut readings: Vec<(i32, Mixup, Vec<char>)> = Vec::new();
    // Many pages make the same text, which is weighed once.
    let mut weighed: Vec<(Vec<char>, Weight)> = Vec::new();
    let spoken = LazyCell::new(|| Spoken::new(&stands));
    let signs_as_they_stand = LazyCell::new(|| signs(&stands, before));
    // Many pages make the same text.
    let mut texts: Vec<Vec<char>> = Vec::new();
    for (_, meant, read) in foreign::single_byte(cells, before, PAIRS, limits) {
        let mixup = Mixup { meant: Encoding::Page(meant), read: Encoding::Page(read) };
        let text = reread(cells, meant, read);
        if !texts.contains(&text) {
            if texts.len() == MOST {
                continue;
            }
            texts.push(text.clone());
        }
        // From one script to another letters in general tell enough.
        let is_letter = |c: char| c.is_alphabetic() && c != 'ƒ';
        let crosses =
            |(was, is): (&char, &char)| is_letter(*was) && is_letter(*is) && is_cyrillic(*was) != is_cyrillic(*is);
        if is_unfinished(&stands, &text) || is_table(&stands, &text) || stands.iter().zip(&text).any(crosses) {
            continue;
        }
        let established = |bar: i32| limits.established.lowered(bar, &[mixup]);
        // What common words of the language say.
        let by_words = match spoken::may_gain(&stands, &text) {
            true => spoken.gain(&stands, &text),
            false => None,
        };
        let by_words = by_words
            .map(|gain| gain + *signs_as_they_stand - signs(&text, before) - established(enter(meant, read) + SPOKEN));
        let evidence = || {
            words(&stands, &text)
                + quotations(&stands, &text)
                + half_quotations(&stands, &text)
                + ellipses(&stands, &text)
        };
        if is_residue(&stands, &text) || evidence() < LEAST {
            if let Some(odds) = by_words {
                readings.push((odds, mixup, text));
            }
            continue;
        }
        let is_sure = has_common_word(&stands, &text) || half_quotations(&stands, &text) > 0;
        let mut hints = Hints::default();
        if let Some(letters) = &limits.letters {
            let changed = || stands.iter().zip(&text).filter(|(was, is)| was != is);
            hints.add(letters, changed().map(|(was, _)| *was), changed().map(|(_, is)| *is));
        }
        let Weight { cost, unknown, is_known } = match weighed.iter().find(|(known, _)| *known == text) {
            Some((_, cost)) => *cost,
            None => {
                weighed.push((text.clone(), cost(&text)));
                weighed[weighed.len() - 1].1
            }
        };
        let uncommon = match () {
            () if is_sure => 0,
            () if is_known || changes_marks_only(&stands, &text) => UNCOMMON / 2,
            () => UNCOMMON,
        };
        let little = if is_little(&stands, &text) && ellipses(&stands, &text) == 0 { LITTLE } else { 0 };
        let cost = cost + grown(&stands, &text).into_iter().map(prose::worth).sum::<i32>();
        let odds = *cost_as_it_stands - cost - established(enter(meant, read) + uncommon + little) - unknown;
        let odds = by_words.map_or(odds, |other| other.max(odds)) + hints.odds();
        readings.push((odds, mixup, text));
    }
    readings.sort_by_key(|(odds, ..)| std::cmp::Reverse(*odds));
    let Some((odds, mixup, text)) = readings.first() else { return Vec::new() };
    if readings.iter().any(|(other, _, other_text)| other_text != text && *other > odds - CLOSE) {
        return Vec::new();
    }
    // A line alone is never enough to be certain.
    let Some(confidence) = weigh::level(*odds).map(|level| level.min(Confidence::Likely)) else {
        return Vec::new();
    };
    let undone = Undone::new(&[*mixup]);
    let mut repairs: Vec<Repair> = Vec::new();
    for (at, (was, is)) in stands.iter().zip(text).enumerate() {
        if was == is {
            continue;
        }
        match repairs.last_mut().filter(|last| last.start + last.len == at) {
            Some(last) => {
                last.len += 1;
                last.after.push(*is);
            }
            None => repairs.push(Repair {
                start: at,
                len: 1,
                after: is.to_string(),
                undone: undone.clone(),
                lossy: false,
                odds: *odds,
                confidence,
            }),
        }
    }
    repairs
}

/// The text without the soft hyphens inside its words, if there are any: they are no part of them.
fn unhyphenated(text: &[char]) -> Option<Vec<char>> {
    let letter = |at: usize| text.get(at).is_some_and(|c| c.is_alphabetic());
    let is_hyphen = |at: usize| text[at] == '\u{AD}' && at > 0 && letter(at - 1) && letter(at + 1);
    let kept: Vec<char> = (0..text.len()).filter(|at| !is_hyphen(*at)).map(|at| text[at]).collect();
    (kept.len() < text.len()).then_some(kept)
}

/// What entering a mixup costs.
fn enter(meant: Page, read: Page) -> i32 {
    let western = |page: Page| matches!(page.label(), "windows-1252" | "macintosh" | "ibm437" | "ibm850");
    let national = |page: Page| matches!(page.label(), "windows-1250" | "iso-8859-2" | "windows-1254");
    let windows = |page: Page| page == Page::WINDOWS_1252;
    let cyrillic = |page: Page| matches!(page.label(), "windows-1251" | "koi8-r" | "ibm866" | "x-mac-cyrillic");
    let mac = |page: Page| page.label().starts_with("x-mac") || page.label() == "macintosh";
    let dos = |page: Page| page.label().starts_with("ibm");
    match () {
        () if cyrillic(meant) && cyrillic(read) => BETWEEN,
        () if mac(meant) && dos(read) || dos(meant) && mac(read) => STRANGE,
        () if windows(read) && (western(meant) || national(meant)) || windows(meant) && western(read) => USUAL,
        () if windows(read) && meant.label() == "windows-1257" => BALTIC,
        () => UNUSUAL,
    }
}

/// Whether all that changes is a Â before a space, or a Ã there or after a small letter: that is what UTF-8 leaves of a no-break
/// space, an à or an í, and no letter of a word.
fn is_residue(stands: &[char], text: &[char]) -> bool {
    let is_rest = |at: usize| {
        let before_space = || text.get(at + 1).is_some_and(|c| c.is_whitespace());
        let after_small = || at > 0 && text[at - 1].is_ascii_lowercase();
        match stands[at] {
            'Â' => before_space(),
            'Ã' => before_space() || after_small(),
            _ => false,
        }
    };
    (0..text.len()).filter(|at| stands[*at] != text[*at]).all(is_rest)
}

/// Whether a sign still stands in the middle of a word, where none can, or takes the place of a letter there: then something else
/// happened to the text.
fn is_unfinished(stands: &[char], text: &[char]) -> bool {
    let inside = |at: usize| text[at - 1].is_alphabetic() && text[at + 1].is_alphabetic();
    let odd = |c: char| !c.is_ascii() && !c.is_alphanumeric() && !Symbol::of(c).is_mark() && c != '·';
    let tears = |was: char, is: char| was.is_alphabetic() && !is.is_alphabetic() && is != '’';
    let is_bad = |was: char, is: char| if was == is { odd(is) } else { tears(was, is) };
    (1..text.len().saturating_sub(1)).any(|at| is_bad(stands[at], text[at]) && inside(at))
}

/// Whether most of the neighbours that change are alike or follow each other in code, before or after: then it is a table, or a
/// pattern, and no text.
fn is_table(stands: &[char], text: &[char]) -> bool {
    let runs = |a: &char, b: &char| a == b || *a as u32 + 1 == *b as u32;
    let (mut pairs, mut listed) = (0, 0);
    for (was, is) in stands.windows(2).zip(text.windows(2)).filter(|(was, is)| was[0] != is[0] && was[1] != is[1]) {
        pairs += 1;
        listed += usize::from(runs(&was[0], &was[1]) || runs(&is[0], &is[1]));
    }
    pairs >= LEAST_LISTED && 2 * listed > pairs
}

/// The text as it is if it was in `meant` and was read as `read`.
fn reread(cells: &[Cell], meant: Page, read: Page) -> Vec<char> {
    let one = |cell: &Cell| match cell.record.byte(read) {
        0 => cell.c,
        byte => meant.decode(byte).unwrap_or(cell.c),
    };
    cells.iter().map(one).collect()
}

/// What the signs of a text cost beyond what is usual for their like, each with what stands after it. A word by itself does not
/// show that a sign is stuck to it where nobody writes one. The same again is no new evidence.
fn signs(text: &[char], before: Symbol) -> i32 {
    let is_sign = |c: char| !c.is_ascii() && !c.is_alphabetic();
    let mut context = Context::after(before);
    let mut seen: Vec<[char; 2]> = Vec::new();
    let (mut sum, mut last) = (0, ' ');
    for &c in text {
        let symbol = Symbol::of(c);
        let cost = context.push(symbol);
        let pair = [last, c];
        if (is_sign(c) || is_sign(last)) && !seen.contains(&pair) {
            sum += (cost.min(ODD) - symbol.usual()).max(0);
            seen.push(pair);
        }
        last = c;
    }
    sum
}

/// How many different words of the text change, if it is text that changes: signs that become neither letters nor marks, and
/// letters that do not stand in words, are none.
fn words(stands: &[char], text: &[char]) -> usize {
    let mut words: Vec<&[char]> = Vec::new();
    let (mut at, mut stray, mut letters) = (0, 0, 0);
    while at < text.len() {
        let len = word_len(&text[at..]);
        if len == 0 {
            let fits = Symbol::of(text[at]).is_mark();
            stray += usize::from(text[at] != stands[at] && !fits);
            at += 1;
            continue;
        }
        let (word, was) = (&text[at..at + len], &stands[at..at + len]);
        let changed = word.iter().zip(was).filter(|(is, was)| is != was).count();
        let small = word[1..].iter().all(|c| c.is_lowercase());
        // A letter alone is a word in many languages, but no evidence.
        let is_neutral = len == 1 && word[0].is_lowercase() && !was[0].is_alphabetic();
        // Between letters an operator may be a letter of a word, but as well one of a formula.
        // A figure set high ends a unit, or leads to a note.
        let may_be_right = was.iter().any(|c| is_operator(*c)) || is_set_high(was[len - 1]);
        let is_formula = may_be_right && !(len >= WORD && prose::is_common(word));
        if changed > 0 && !is_formula && (len >= WORD && small || prose::is_common(word)) {
            if !words.contains(&word) {
                words.push(word);
                // A sign or a capital in the middle of it says as much as another letter.
                letters += if len + 1 >= WORD && small && is_odd_inside(was) { WORD } else { len };
            }
        } else if !is_neutral {
            stray += changed;
        }
        at += len;
    }
    // A few capitals alone are an abbreviation.
    let is_abbreviation = words.len() == 1 && words[0].len() <= WORD && stands.iter().all(|c| !c.is_lowercase());
    if stray > words.len() || letters < WORD || is_abbreviation { 0 } else { words.len() }
}

/// Whether a sign or a capital stands in a word after its first letter, and no operator.
fn is_odd_inside(was: &[char]) -> bool {
    let odd = |c: &char| !c.is_alphabetic() || c.is_uppercase();
    was[1..].iter().any(odd) && !was.iter().any(|c| is_operator(*c))
}

/// Whether it is a figure or a letter that is set high.
fn is_set_high(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '°' | 'ª' | 'º')
}

/// Whether it is a sign of mathematics, or a piece of a drawing.
fn is_operator(c: char) -> bool {
    matches!(c, '±' | '÷' | '×' | '¬' | '\u{2190}'..='\u{25FF}')
}

/// Marks of quotation that belong together.
const QUOTATIONS: [[char; 2]; 11] = [
    ['“', '”'],
    ['“', '“'],
    ['”', '”'],
    ['„', '“'],
    ['„', '”'],
    ['«', '»'],
    ['»', '«'],
    ['‘', '’'],
    ['’', '’'],
    ['‚', '‘'],
    ['‹', '›'],
];

/// How many pairs of quotation marks there are where none were, both where such a mark may stand.
fn quotations(stands: &[char], text: &[char]) -> usize {
    let changed = |at: &usize| stands[*at] != text[*at];
    let before = |at: usize| at.checked_sub(1).and_then(|before| text.get(before));
    // What is between quotation marks already is a list of characters.
    let is_within = |c: Option<&char>| c.is_some_and(|c| !c.is_whitespace() && !matches!(c, '"' | '\'' | ','));
    let opens = |at: &usize| {
        let may_follow = before(*at).is_none_or(|c| c.is_whitespace() || "([{-/=>".contains(*c));
        may_follow && is_within(text.get(at + 1))
    };
    let closes = |at: &usize| {
        let may_precede = |c: &char| !c.is_alphanumeric() && !matches!(c, '"' | '\'') || c.is_lowercase();
        is_within(before(*at)) && text.get(at + 1).is_none_or(may_precede)
    };
    let mut pairs = 0;
    let mut from = 0;
    while let Some(open) = (from..text.len()).find(|at| changed(at) && opens(at)) {
        let is_pair = |at: &usize| QUOTATIONS.contains(&[text[open], text[*at]]);
        let close = (open + 2..text.len()).find(|at| changed(at) && is_pair(at) && closes(at));
        pairs += usize::from(close.is_some());
        from = close.unwrap_or(open) + 1;
    }
    pairs
}

/// Whether all that changes becomes marks: then it does not matter in which language the words are.
fn changes_marks_only(stands: &[char], text: &[char]) -> bool {
    stands.iter().zip(text).all(|(was, is)| was == is || Symbol::of(*is).is_mark())
}

/// How many marks of quotation there are where a capital was that is no part of a word: before another capital and a small
/// letter. The other mark of the pair may be in another line.
fn half_quotations(stands: &[char], text: &[char]) -> usize {
    let is = |at: Option<usize>, what: fn(char) -> bool| at.and_then(|at| text.get(at)).is_some_and(|c| what(*c));
    let opens = |&at: &usize| {
        QUOTATIONS.iter().any(|pair| pair[0] == text[at])
            && !is(at.checked_sub(1), char::is_alphanumeric)
            && is(Some(at + 1), char::is_uppercase)
            && is(Some(at + 2), char::is_lowercase)
    };
    (0..text.len()).filter(|&at| stands[at] != text[at] && stands[at].is_uppercase()).filter(opens).count()
}

/// How many words end with an ellipsis where a letter was that does not belong to them: what is left is all ASCII.
fn ellipses(stands: &[char], text: &[char]) -> usize {
    let ends_word = |at: &usize| {
        let letters = text[..*at].iter().rev().take_while(|c| c.is_ascii_alphabetic()).count();
        let starts = *at == letters || !text[at - letters - 1].is_alphabetic();
        letters >= WORD && starts && text.get(at + 1).is_none_or(|c| c.is_whitespace() || matches!(c, '<' | '"' | ')'))
    };
    let made = |at: &usize| text[*at] == '…' && stands[*at].is_alphabetic();
    (0..text.len()).filter(made).filter(ends_word).count()
}

/// Whether the words that change are few and short, and no sign stands in them that is out of place in a word.
fn is_little(stands: &[char], text: &[char]) -> bool {
    let (mut letters, mut at) = (0, 0);
    while at < text.len() {
        let len = word_len(&text[at..]);
        let (word, was) = (&text[at..at + len], &stands[at..at + len]);
        // Of `l’été` it is the one part that changes.
        let mut from = 0;
        for part in word.split(|c| *c == '’') {
            let was = &was[from..from + part.len()];
            if part != was {
                letters += if was.iter().all(|c| c.is_alphabetic()) { part.len() } else { LETTERS };
            }
            from += part.len() + 1;
        }
        at += len.max(1);
    }
    letters < LETTERS
}

/// The words that only grow.
fn grown<'t>(stands: &[char], text: &'t [char]) -> Vec<&'t [char]> {
    let mut grown: Vec<&[char]> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let len = word_len(&text[at..]);
        let (word, was) = (&text[at..at + len], &stands[at..at + len]);
        if word != was && spoken::is_grown(was, word) && !grown.contains(&word) {
            grown.push(word);
        }
        at += len.max(1);
    }
    grown
}

/// Whether a word that changes is a common one then.
fn has_common_word(stands: &[char], text: &[char]) -> bool {
    let mut at = 0;
    while at < text.len() {
        let len = word_len(&text[at..]);
        let (word, was) = (&text[at..at + len], &stands[at..at + len]);
        let is_long = len >= WORD || len > 2 && is_odd_inside(was);
        if is_long && word != was && !spoken::is_grown(was, word) && prose::is_common(word) {
            return true;
        }
        at += len.max(1);
    }
    false
}

/// How long the word at the start is, if one is there: letters, and apostrophes between them.
fn word_len(text: &[char]) -> usize {
    let letter = |at: usize| text.get(at).is_some_and(|c| codec::is_letter(*c));
    let inside = |at: usize| at > 0 && text[at] == '’' && letter(at + 1);
    (0..text.len()).take_while(|&at| letter(at) || inside(at)).count()
}

/// Whether a letter is of a script whose languages can be weighed.
fn is_known(c: char) -> bool {
    // `ⁿ` is a sign of IBM437.
    is_greek(c) || matches!(c, 'ⁿ' | '\u{80}'..'\u{370}' | '\u{400}'..'\u{530}' | '\u{1E00}'..'\u{1F00}')
}

fn is_greek(c: char) -> bool {
    ('\u{370}'..'\u{400}').contains(&c)
}

fn is_cyrillic(c: char) -> bool {
    ('\u{400}'..'\u{530}').contains(&c)
}
