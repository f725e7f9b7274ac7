//! Encodings in which ASCII too is something else, read as something else: UTF-16 as single bytes, in the wrong order, or
//! where there was none; EBCDIC as a Western page.
//!
//! There every character of a line is another, so whole runs are read through, and weighed as a whole.

use super::lattice::as_it_stands;
use super::states::State;
use super::{Cell, Limits, Mixup, prior};
use crate::codec::{Encoding, Loss, Page, Wide, is_c1};
use crate::model::{Context, Symbol};

/// No run shorter than this is read.
const SHORTEST: usize = 5;

/// The mixups of this kind that make the text likelier, as states.
pub fn states(cells: &[Cell], before: Symbol, limits: &Limits) -> Vec<State> {
    let mut found = Vec::new();
    let wanted = |mixup: &Mixup| limits.read.is_empty() || limits.read.contains(&mixup.read);
    for mixup in mixups(cells).into_iter().filter(wanted) {
        let mut state = State::new(vec![mixup], Vec::new(), limits);
        for (start, end) in runs(cells, mixup) {
            if let Some(text) =
                through(&cells[start..end], mixup).filter(|text| gains(cells, before, start, end, text, mixup))
            {
                state.add(start, end - start, &text, line_ends(&cells[start..end], mixup));
            }
        }
        if !state.units.is_empty() {
            found.push(state);
        }
    }
    found
}

/// The mixups that the characters let one think of.
fn mixups(cells: &[Cell]) -> Vec<Mixup> {
    let western = [Page::WINDOWS_1252, Page::ISO_8859_1].map(Encoding::Page);
    let (le, be) = (Encoding::Wide(Wide::Utf16Le), Encoding::Wide(Wide::Utf16Be));
    let mut mixups = Vec::new();
    let count = |what: &dyn Fn(char) -> bool| cells.iter().filter(|cell| what(cell.c)).count();
    if count(&is_control) >= 2 || starts_with(cells, &['ÿ', 'þ']) || starts_with(cells, &['þ', 'ÿ']) {
        mixups.extend(western.iter().flat_map(|&read| [le, be].map(|meant| Mixup { meant, read })));
    }
    // Most letters of EBCDIC are beyond ASCII, and its space is an @.
    let high = count(&|c| !c.is_ascii());
    if high >= SHORTEST && 2 * high > cells.len() {
        let pages = Wide::EBCDIC.map(Encoding::Wide);
        let may_be = |read: &&Encoding| {
            let has = |cell: &Cell| matches!(**read, Encoding::Page(page) if byte(cell, page).is_some());
            cells.chunk_by(|a, b| has(a) && has(b)).any(|run| run.len() >= SHORTEST)
        };
        mixups.extend(western.iter().filter(may_be).flat_map(|&read| pages.map(|meant| Mixup { meant, read })));
        // As it stands, what UTF-16 in the wrong order makes of letters lies all over the large scripts.
        let low_bytes = count(&|c| c as u32 & 0xFF < 0x20 && c > '\u{ff}');
        if 2 * low_bytes > high {
            mixups.push(Mixup { meant: le, read: be });
        }
        let two = |c: char| c as u32 <= 0xFFFF && is_plain(c as u32 >> 8) && is_plain(c as u32 & 0xFF);
        if 4 * count(&two) > 3 * high {
            mixups.extend([le, be].map(|read| Mixup { meant: Encoding::Utf8, read }));
        }
    }
    mixups
}

fn starts_with(cells: &[Cell], mark: &[char]) -> bool {
    cells.len() > mark.len() && cells.iter().zip(mark).all(|(cell, c)| cell.c == *c)
}

/// A control character that text does not hold.
fn is_control(c: char) -> bool {
    c < ' ' && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1b}')
}

/// Printable ASCII, or white space.
fn is_plain(byte: u32) -> bool {
    matches!(byte, 0x20..=0x7E | 9 | 10 | 13)
}

/// The runs of characters that a mixup may have left.
fn runs(cells: &[Cell], mixup: Mixup) -> Vec<(usize, usize)> {
    // The end of a line is right as it is, unless it is the half of one.
    let mut end = cells.len();
    let line_end = |cell: &Cell| matches!(cell.c, '\n' | '\r');
    match (mixup.meant, mixup.read) {
        (Encoding::Wide(wide @ (Wide::Utf16Le | Wide::Utf16Be)), Encoding::Page(page)) => {
            let marked = starts_with(cells, &['ÿ', 'þ']) || starts_with(cells, &['þ', 'ÿ']);
            let control = |cell: &Cell| is_control(cell.c);
            let (Some(first), Some(last)) = (cells.iter().position(control), cells.iter().rposition(control)) else {
                return Vec::new();
            };
            let before = usize::from(wide == Wide::Utf16Le);
            let start = if marked { 0 } else { first.saturating_sub(before) };
            end = (last + 2 - before).min(end);
            end -= (end - start) % 2;
            // What both pages can have been is the commoner one's.
            let twin = page == Page::ISO_8859_1
                && cells[start..end].iter().all(|cell| byte(cell, Page::WINDOWS_1252).is_some());
            if twin { Vec::new() } else { vec![(start, end)] }
        }
        (_, read) => {
            while end > 0 && line_end(&cells[end - 1]) {
                end -= 1;
            }
            let has = |cell: &Cell| match read {
                Encoding::Page(page) => byte(cell, page).is_some(),
                _ => !cell.c.is_ascii() && cell.c as u32 <= 0xFFFF,
            };
            let mut runs = Vec::new();
            let mut start = 0;
            while start < end {
                let len = cells[start..end].iter().take_while(|cell| has(cell)).count();
                if len >= SHORTEST {
                    runs.push((start, start + len));
                }
                start += len + 1;
            }
            runs
        }
    }
}

/// The byte of a character in a page, ASCII included.
fn byte(cell: &Cell, page: Page) -> Option<u8> {
    if cell.c.is_ascii() { Some(cell.c as u8) } else { Some(cell.record.byte(page)).filter(|byte| *byte != 0) }
}

/// What the characters were meant to be; `None` where they are no text.
fn through(cells: &[Cell], mixup: Mixup) -> Option<Vec<char>> {
    let mut bytes = Vec::with_capacity(cells.len() * 2);
    for cell in cells {
        bytes.extend_from_slice(mixup.read.encode(cell.c)?.as_slice());
    }
    let (mut at, mut text) = (0, Vec::with_capacity(bytes.len()));
    while at < bytes.len() {
        let (c, len) = mixup.meant.decode(&bytes[at..])?;
        // Lines of EBCDIC end with NEL.
        let ebcdic = !matches!(mixup.meant, Encoding::Wide(Wide::Utf16Le | Wide::Utf16Be) | Encoding::Utf8);
        let c = if ebcdic && c == '\u{85}' { '\n' } else { c };
        if is_control(c) || is_c1(c) || c == '\u{7f}' || !Symbol::of(c).is_assigned() {
            return None;
        }
        text.push(c);
        at += len;
    }
    (!text.is_empty()).then_some(text)
}

/// What is lost by reading NEL, the line end of EBCDIC, as a line feed.
fn line_ends(cells: &[Cell], mixup: Mixup) -> Loss {
    let is_nel = |cell: &Cell| mixup.read.encode(cell.c).and_then(|bytes| mixup.meant.decode(bytes.as_slice()));
    let lost = cells.iter().any(|cell| is_nel(cell).is_some_and(|(c, _)| c == '\u{85}'));
    if lost { Loss::Replaced } else { Loss::None }
}

/// Whether a run is likelier so, by more than the mixup costs.
fn gains(cells: &[Cell], before: Symbol, start: usize, end: usize, text: &[char], mixup: Mixup) -> bool {
    let before = if start == 0 { before } else { cells[start - 1].symbol };
    let mut context = Context::after(before);
    let stands: i32 = cells[start..end].iter().map(|cell| as_it_stands(&mut context, cell)).sum();
    let mut context = Context::after(before);
    let reads: i32 = text.iter().map(|&c| context.push(Symbol::of(c))).sum();
    stands - reads > prior::one(mixup)
}
