//! Units of which a byte was lost after the damage, in one layer or in two.
//!
//! They are looked for in the chains that explain most, and, where a mark still stands in the place of what was lost, in
//! the commonest chains even if nothing whole is left of them.

use super::layered::inner_units;
use super::states::{State, Unit, runs, weight};
use super::{Cell, Limits, Mixup};
use crate::codec::{self, Encoding, Loss, Page};
use crate::model::Symbol;

/// In no more than this many of the strongest chains are bytes inferred.
const MOST: usize = 4;
/// Within no more than this many of them a second layer is looked for in which nothing whole is left.
const PARENTS: usize = 2;

/// Adds to the strongest states the units of which a byte was lost, and states that have no others. A `shadowed` page says
/// nothing that a kept one does not as long as nothing was lost.
pub fn infer(
    kept: &mut Vec<State>,
    parents: &mut Vec<Option<usize>>,
    shadowed: &[Page],
    cells: &[Cell],
    limits: &Limits,
) {
    propose(kept, shadowed, cells, limits);
    parents.resize(kept.len(), None);
    let mut order: Vec<usize> =
        (0..kept.len()).filter(|&s| kept[s].chain.iter().all(|mixup| mixup.is_utf8())).collect();
    order.sort_by_key(|&s| std::cmp::Reverse(weight(&kept[s])));
    let bare = order.iter().copied().filter(|&s| kept[s].units.is_empty());
    // A child is inferred from its parent, which must come first.
    let mut wanted: Vec<usize> = order.iter().copied().take(MOST).chain(bare).collect();
    for s in wanted.clone() {
        let mut up = parents[s];
        while let Some(p) = up {
            wanted.push(p);
            up = parents[p];
        }
    }
    wanted.sort_unstable();
    wanted.dedup();
    // What may be part of a unit of two layers, by state.
    let mut parts: Vec<Vec<Unit>> = vec![Vec::new(); kept.len()];
    for &s in &wanted {
        let Some(Encoding::Page(page)) = kept[s].chain.last().map(|mixup| mixup.read) else { continue };
        parts[s] = match parents[s] {
            None => outer(cells, &kept[s].units, page),
            Some(parent) => inner(&parts[parent], page, cells),
        };
        let bare = !parts[s].iter().any(|unit| unit.loss == Loss::None);
        let fits = |unit: &&Unit| can_be_lossy(cells, **unit) && (!bare || leaves_a_mark(**unit));
        kept[s].units = parts[s].iter().filter(fits).copied().collect();
    }
    second_layers(kept, parents, &parts, &wanted, cells, limits);
}

/// Adds, without units, the states of the pages in which something may have been lost although nothing whole is left.
fn propose(kept: &mut Vec<State>, shadowed: &[Page], cells: &[Cell], limits: &Limits) {
    let mark = |cell: &Cell| matches!(cell.c, ' ' | '\'' | '"' | '\u{fffd}' | '?');
    let lead = |cell: &Cell, page: Page| cell.record.byte(page) >= 0xC2;
    for page in [Page::WINDOWS_1252, Page::ISO_8859_1] {
        let chain = vec![Mixup::utf8(page)];
        if !limits.pages.contains(page) || kept.iter().any(|state| state.chain == chain) {
            continue;
        }
        let found = || {
            cells.windows(3).any(|cells| lead(&cells[0], page) && (mark(&cells[1]) || mark(&cells[2])))
                || cells.windows(2).any(|cells| lead(&cells[0], page) && mark(&cells[1]))
        };
        let replaced = || cells.iter().any(|cell| cell.c == '\u{fffd}');
        let dropped = || (0..cells.len()).any(|at| lacks_a_byte(&cells[at..], page));
        let wanted = shadowed.contains(&page) && (page == Page::WINDOWS_1252 || dropped());
        if wanted || (page == Page::WINDOWS_1252 || replaced()) && found() {
            kept.push(State::new(chain, Vec::new(), limits));
        }
    }
    // On the Mac a no-break space may be the first byte.
    let mac = || Page::for_label("macintosh").filter(|mac| limits.pages.contains(*mac));
    if cells.windows(4).any(is_space_in_word)
        && let Some(mac) = mac()
        && kept.iter().all(|state| state.chain != [Mixup::utf8(mac)])
    {
        kept.push(State::new(vec![Mixup::utf8(mac)], Vec::new(), limits));
    }
}

/// Whether the second of these is a space that stands in the middle of a word, with one of the signs behind it that the Mac has
/// where a modifier letter ends (U+02B0 to U+02BF): `ʻ` and `ʼ` are letters of many languages.
fn is_space_in_word(cells: &[Cell]) -> bool {
    let [before, space, sign, after, ..] = cells else { return false };
    let is_sign = |c: char| matches!(c, 'ª' | 'º' | '∞' | '±' | '≤' | '≥' | '¥' | '∂' | '∑' | '∏' | '∫');
    space.c == ' ' && is_sign(sign.c) && before.c.is_alphabetic() && after.c.is_alphabetic()
}

/// Whether a first byte stands here without all of the bytes that have to come after it.
fn lacks_a_byte(cells: &[Cell], page: Page) -> bool {
    let trails = |cell: &&Cell| (0x80..0xC0).contains(&cell.record.byte(page));
    let wanted = cells.first().and_then(|first| codec::sequence_len(first.record.byte(page)));
    wanted.is_some_and(|len| cells[1..].iter().take(len - 1).take_while(trails).count() < len - 1)
}

/// Whether the second of two bytes is gone without a trace: a letter follows that is none.
fn vanishes(cells: &[Cell], page: Page) -> bool {
    let [first, next, ..] = cells else { return false };
    matches!(first.record.byte(page), 0xC2..=0xDF) && (next.c.is_ascii_alphabetic() || next.record.byte(page) >= 0xC2)
}

/// Adds the states of a second layer that only shows in units of which something was lost.
fn second_layers(
    kept: &mut Vec<State>,
    parents: &[Option<usize>],
    parts: &[Vec<Unit>],
    wanted: &[usize],
    cells: &[Cell],
    limits: &Limits,
) {
    if limits.max_layers < 2 {
        return;
    }
    let outer = wanted.iter().copied().filter(|&s| parents[s].is_none() && kept[s].chain.len() == 1);
    for s in outer.take(PARENTS).collect::<Vec<_>>() {
        let chain = vec![kept[s].chain[0]; 2];
        let Encoding::Page(page) = chain[0].read else { continue };
        if kept.iter().any(|state| state.chain == chain) {
            continue;
        }
        let units: Vec<Unit> =
            inner_units(&parts[s], page).into_iter().filter(|unit| can_be_lossy(cells, *unit)).collect();
        if !units.is_empty() {
            kept.push(State::new(chain, units, limits));
        }
    }
}

/// The units of one layer: the `whole` ones, and at other places those of which a byte was lost.
fn outer(cells: &[Cell], whole: &[Unit], page: Page) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut whole = whole.iter().peekable();
    // What was lost shows alike throughout a text: where it vanished, a question mark or a space is one.
    let vanished = (0..cells.len()).any(|at| vanishes(&cells[at..], page));
    let marks = |loss: Loss| matches!(loss, Loss::Questioned | Loss::Blanked);
    let leads = codec::leading_space(page).is_some();
    let may_begin = |i: usize| !cells[i].c.is_ascii() || leads && is_space_in_word(&cells[i.saturating_sub(1)..]);
    for i in (0..cells.len()).filter(|i| may_begin(*i)) {
        match whole.next_if(|unit| unit.at as usize == i) {
            Some(unit) => units.push(*unit),
            None => match codec::unit(&cells[i..], page).filter(|unit| Symbol::of(unit.meant).is_assigned()) {
                Some(unit) => units.push(Unit::whole(i, usize::from(unit.len), unit.meant)),
                None => codec::lossy_units(&cells[i..], page, |lossy| {
                    if vanished && marks(lossy.loss) {
                        return;
                    }
                    let loss = match lossy.loss {
                        Loss::Space if is_out_of_place(cells, i, lossy.len, lossy.meant) => Loss::SpaceStuck,
                        loss => loss,
                    };
                    units.push(Unit { loss, ..Unit::whole(i, usize::from(lossy.len), lossy.meant) });
                }),
            },
        }
    }
    units
}

/// Whether a capital before a space is none of a word: it stands after a small letter. Where a letter follows that space, another
/// byte may be lost, and the space be one.
fn is_out_of_place(cells: &[Cell], at: usize, len: u8, meant: char) -> bool {
    let is_stuck = cells[at].c.is_uppercase() && at > 0 && cells[at - 1].c.is_lowercase();
    let after = cells.get(at + usize::from(len)).map_or(' ', |cell| cell.c);
    is_stuck && (meant.is_whitespace() || !after.is_alphabetic())
}

/// The units of `page` among the characters that `outer` decodes to, also those of which a byte was lost, in either layer.
fn inner(outer: &[Unit], page: Page, cells: &[Cell]) -> Vec<Unit> {
    let mut units = inner_units(outer, page);
    let whole: Vec<Unit> = outer.iter().copied().filter(|unit| unit.loss == Loss::None).collect();
    let decoded: Vec<Cell> = whole.iter().map(|unit| Cell::of(unit.meant)).collect();
    for (i, run, count) in runs(&whole) {
        let at = whole[i].at as usize;
        let mut view: Vec<Cell> = run[..count].iter().map(|&j| decoded[j]).collect();
        if codec::unit(&view, page).is_some() {
            continue;
        }
        // A space, a quote or a mark that no layer touched may be what is left of the next byte.
        let mut ends: Vec<usize> = run[..count].iter().map(|&j| whole[j].end()).collect();
        let end = ends[count - 1];
        if let Some(cell) = cells.get(end).filter(|cell| cell.c.is_ascii() || cell.c == '\u{fffd}') {
            view.push(*cell);
            ends.push(end + 1);
        }
        codec::lossy_units(&view, page, |unit| {
            let taken = usize::from(unit.len);
            units.push(Unit { loss: unit.loss, ..Unit::whole(at, ends[taken - 1] - at, unit.meant) });
        });
    }
    units.sort_by_key(|unit| unit.at);
    units
}

/// Whether what stands around a lossy unit lets it be one: a quote that closes something is no lost byte, and where an
/// escape follows, the byte is not lost but written otherwise.
fn can_be_lossy(cells: &[Cell], unit: Unit) -> bool {
    let next = cells.get(unit.end()).map(|cell| cell.c);
    let closes = next.is_none_or(|c| matches!(c, ',' | ';' | ':' | ')' | ']' | '}' | '>' | '\n' | '\r'));
    match unit.loss {
        Loss::None | Loss::Case => true,
        Loss::Quote if unit.len == 2 => next.is_some_and(char::is_alphabetic),
        Loss::Quote => !closes || !matches!(cells[unit.end() - 1].c, '\'' | '"'),
        // Of two spaces the first was the byte.
        Loss::SpaceMerged => cells.get(unit.end() + 1).is_none_or(|cell| cell.c != ' '),
        // Marks that stand there are what is left of the two bytes, or of more.
        Loss::BothDropped => !matches!(next, Some('\\' | '?' | '\u{fffd}')),
        _ => next != Some('\\'),
    }
}

/// Whether a lossy unit shows by itself: something stands where the byte was, or two bytes of three are there.
fn leaves_a_mark(unit: Unit) -> bool {
    match unit.loss {
        Loss::None
        | Loss::Case
        | Loss::Replaced
        | Loss::BothReplaced
        | Loss::Questioned
        | Loss::Space
        | Loss::SpaceStuck
        | Loss::Quote => unit.len >= 2,
        Loss::Dropped => unit.len >= 2,
        Loss::BothDropped | Loss::SoftHyphen | Loss::SpaceMerged | Loss::Blanked => false,
    }
}
