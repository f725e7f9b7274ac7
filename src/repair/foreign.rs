//! Mixups other than UTF-8 read as a single-byte page: UTF-8 read as a multi-byte page, one legacy encoding read as another.
//!
//! There are many pairs of encodings, so they are first estimated: the whole text is decoded under each, straight through,
//! and weighed. Only the few that gain most become states of the search.

use std::sync::LazyLock;

use super::estimate::{ReadAs, is_odd};
use super::states::State;
use super::text::Text;
use super::torn::{Found, Torn};
use super::{Cell, Limits, Mixup, company, odds, prior};
use crate::codec::{Encoding, Loss, Multi, Page};

/// No more than this many become states.
const MOST: usize = 6;
/// A text must be in the page that it was read as, all but one character in so many.
const ONE_IN: usize = 6;

/// Pairs that occur: what the text was read as, and what it was.
struct Pairs {
    read: Vec<Encoding>,
    meant: Vec<Encoding>,
    /// What each costs to enter: all that may be meant, for each that may be read.
    enter: Vec<i32>,
}

impl Pairs {
    fn new(read: Vec<Encoding>, meant: Vec<Encoding>) -> Pairs {
        let enter = read.iter().flat_map(|&read| meant.iter().map(move |&meant| prior::one(Mixup { meant, read })));
        Pairs { enter: enter.collect(), read, meant }
    }

    /// The encodings that a text may have been read as, and what each mixup then costs to enter.
    fn read_as(&self, limits: &Limits) -> impl Iterator<Item = (Encoding, impl Iterator<Item = (Encoding, i32)>)> {
        let wanted = |read: &Encoding| limits.read.is_empty() || limits.read.contains(read);
        let rows = self.read.iter().zip(self.enter.chunks_exact(self.meant.len()));
        rows.filter(move |(read, _)| wanted(read))
            .map(|(read, enter)| (*read, self.meant.iter().zip(enter).map(|(meant, enter)| (*meant, *enter))))
    }
}

static PAIRS: LazyLock<Vec<Pairs>> = LazyLock::new(|| {
    let pages = |labels: &str| labels.split(' ').filter_map(Page::for_label).map(Encoding::Page).collect::<Vec<_>>();
    let multi = || Multi::all().map(Encoding::Multi);
    let cyrillic = "windows-1251 koi8-r koi8-u ibm866 iso-8859-5 x-mac-cyrillic ibm855";
    let national = "windows-1250 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 windows-1258 windows-874 \
                    iso-8859-2 iso-8859-7 iso-8859-9 iso-8859-5 iso-8859-8 iso-8859-6 iso-8859-13 ibm852 ibm737 ibm862 \
                    x-mac-ce x-mac-greek x-mac-turkish";
    let western = "windows-1252 macintosh ibm437 ibm850";
    let all = || pages(western).into_iter().chain(pages(cyrillic)).chain(pages(national)).collect::<Vec<_>>();
    vec![
        Pairs::new(
            pages("windows-1252 iso-8859-1 windows-1254"),
            all().into_iter().chain(pages("tcvn5712-1 viscii")).chain(multi()).collect(),
        ),
        Pairs::new(pages("macintosh ibm437 ibm850"), all().into_iter().chain(multi()).collect()),
        Pairs::new(pages(cyrillic), pages(cyrillic)),
        Pairs::new(multi().collect(), std::iter::once(Encoding::Utf8).chain(multi()).collect()),
    ]
});

/// What is known of a text as it was read by one encoding, or several in which it has the same bytes.
struct View {
    bytes: ReadAs,
    /// What each encoding that may be meant gains, where that was worked out.
    gains: Vec<Option<Option<i32>>>,
}

/// The most promising of these mixups, as states.
pub fn states(text: &Text, limits: &Limits) -> Vec<State> {
    let (cells, bound) = (text.cells, text.bound());
    let visible = |cell: &&Cell| !cell.c.is_ascii() && cell.symbol.is_visible() && cell.c != '\u{fffd}';
    let count = cells.iter().filter(visible).count();
    if count == 0 {
        return Vec::new();
    }
    let may_be_odd = limits.established.has_legacy() || limits.letters.is_some();
    if !may_be_odd && !is_odd(bound) && !company::has_single_large(cells) {
        return Vec::new();
    }
    let estimates = text.estimates();
    let mut best: Vec<(i32, Mixup, Option<Vec<Found>>)> = Vec::new();
    let torn = cells.iter().any(|cell| matches!(cell.c, '\u{fffd}' | '?' | '・' | '€'));
    for pairs in PAIRS.iter() {
        let mut views: Vec<View> = Vec::new();
        for (read, all) in pairs.read_as(limits) {
            let mut spare = count / ONE_IN;
            let others = estimates.distinct().iter().filter(|(cell, _)| visible(&cell) && !has(read, cell));
            let is_other = others.map(|(_, times)| *times as usize).any(|times| {
                let is_too_many = times > spare;
                spare = spare.saturating_sub(times);
                is_too_many
            });
            if is_other {
                continue;
            }
            let distinct = || estimates.distinct().iter().map(|(cell, _)| cell.c);
            if matches!(read, Encoding::Multi(read) if !read.is_needed(distinct())) {
                continue;
            }
            let known = views.iter().position(|view| view.bytes.is_same(estimates.distinct(), read));
            let view = known.unwrap_or_else(|| {
                views.push(View { bytes: ReadAs::new(cells, read), gains: vec![None; pairs.meant.len()] });
                views.len() - 1
            });
            let View { bytes, gains } = &mut views[view];
            for (number, (meant, enter)) in all.enumerate().filter(|(_, (meant, _))| *meant != read) {
                let mixup = Mixup { meant, read };
                // That one is searched anyway.
                if mixup == Mixup::C1 {
                    continue;
                }
                let enter = limits.established.lowered(enter, &[mixup]);
                // What decodes nowhere gains nothing.
                if meant == Encoding::Utf8 && enter >= 0 && !torn && !estimates.may_be_utf8(read) {
                    continue;
                }
                let estimate = || match (meant, read) {
                    (Encoding::Page(meant), Encoding::Page(read)) => Some(estimates.single(bound, meant, read)),
                    (Encoding::Multi(multi), _) if !bytes.are_apart(cells, multi) => None,
                    _ => Some(estimates.straight(bound, bytes, meant)),
                };
                let gain = gains[number].or_else(estimate);
                gains[number] = gain;
                let Some(gain) = gain else { continue };
                let straight = gain.filter(|gain| *gain > enter / 2).map(|gain| gain - enter);
                // Where bytes were lost, decoding straight through gains less than what can be gained.
                let may_be_torn = gain.is_some_and(|gain| gain >= 0);
                let lossy = match (meant, read) {
                    (Encoding::Utf8, Encoding::Multi(read)) if torn => {
                        Torn::new(cells, read).filter(|torn| may_be_torn || torn.is_plausible())
                    }
                    _ => None,
                };
                let lossy = lossy.map(|torn| torn.units(text.before));
                let gain = match &lossy {
                    Some((_, cost)) => Some(bound.cost(0..cells.len()) - cost - enter).max(straight),
                    None => straight,
                };
                if let Some(gain) = gain.filter(|gain| *gain > -enter / 2) {
                    best.push((gain, mixup, lossy.map(|(units, _)| units)));
                }
            }
        }
    }
    best.sort_by_key(|(gain, ..)| std::cmp::Reverse(*gain));
    best.truncate(MOST);
    best.into_iter().map(|(_, mixup, lossy)| state(cells, mixup, lossy, limits)).collect()
}

/// The single-byte mixups that letters in general speak against least, with what each gains.
pub fn single_byte(text: &Text, most: usize, limits: &Limits) -> Vec<(i32, Page, Page)> {
    let visible = |cell: &&Cell| !cell.c.is_ascii() && cell.symbol.is_visible();
    let estimates = text.estimates();
    let cells = || estimates.distinct().iter().map(|(cell, _)| cell).filter(visible);
    let mut best = Vec::new();
    for (read, all) in PAIRS.iter().flat_map(|pairs| pairs.read_as(limits)) {
        let Encoding::Page(page) = read else { continue };
        if cells().any(|cell| !has(read, cell)) {
            continue;
        }
        for (meant, _) in all.filter(|(meant, _)| *meant != read) {
            let Encoding::Page(meant) = meant else { continue };
            if let Some(gain) = estimates.single(text.bound(), meant, page) {
                best.push((gain, meant, page));
            }
        }
    }
    best.sort_by_key(|(gain, ..)| std::cmp::Reverse(*gain));
    best.truncate(most);
    best
}

fn has(read: Encoding, cell: &Cell) -> bool {
    match read {
        Encoding::Page(page) => cell.record.byte(page) != 0,
        Encoding::Multi(multi) => multi.has(cell.c),
        other => other.encode(cell.c).is_some(),
    }
}

/// The state of a mixup, with its units wherever one may begin, or with those of a text of which bytes were lost.
fn state(cells: &[Cell], mixup: Mixup, lossy: Option<Vec<Found>>, limits: &Limits) -> State {
    let mut state = State::new(vec![mixup], Vec::new(), limits);
    if let Some(units) = lossy {
        units.iter().for_each(|unit| state.add(unit.at, unit.len, &unit.meant, unit.loss));
    } else {
        let mut bytes = ReadAs::new(cells, mixup.read);
        let mut decoded = Vec::new();
        for i in (0..cells.len()).filter(|i| !cells[*i].c.is_ascii()) {
            decoded.clear();
            if let Some(end) = bytes.group(cells, i, mixup.meant, &mut decoded) {
                state.add(i, end - i, &decoded, Loss::None);
            }
        }
    }
    // One that stands where it cannot belong needs no more to be looked into.
    let utf8_as_large = matches!((mixup.meant, mixup.read), (Encoding::Utf8, Encoding::Multi(_)));
    if utf8_as_large && (0..cells.len()).any(|at| company::is_misplaced(cells, at, 1)) {
        state.enter -= odds::MISPLACED;
    }
    state.heed(limits);
    state
}
