//! UTF-8 read as a multi-byte page, where bytes were lost: a byte that the page could not read became U+FFFD, `?` or, in
//! Shift_JIS, `・`, and may have taken the byte after it along.
//!
//! From a given character on, the bytes that are left are decoded as UTF-8 with gaps in between. What stood in a gap is
//! inferred: of all bytes that the page could not have read there, those that make the likeliest text. Where two texts are
//! too close to choose, the character stays lost; nothing is invented. In the midst of what is known it becomes U+FFFD; a unit of
//! which less is known is left as it stands, but it is explained, so it speaks against nothing.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::{Cell, lattice};
use crate::codec::{self, Loss, Multi};
use crate::model::{Context, PER_NAT, Symbol};

/// No unit takes more cells than this.
const LONGEST: usize = 16;
/// How many ways to decode are kept at each place.
const WIDTH: usize = 12;
/// How many ends are offered from one start.
const ENDS: usize = 4;
/// More lost characters than these are many.
const MANY: usize = 1024;
/// So many patterns are remembered with what they may be.
const REMEMBERED: usize = 512;
/// No character is inferred that costs this much or more, in eighths of a nat.
const UNLIKELY: i32 = 16 * PER_NAT;

/// What a cell was in the page that it was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    /// A byte of a character.
    Byte(u8),
    /// One or two bytes that the page could not read.
    Gap,
    /// Something that is no part of the damage.
    Border,
}

/// The text as slots.
pub struct Torn {
    read: Multi,
    slots: Vec<Slot>,
    /// Where the slots of each cell begin, and the end.
    starts: Vec<u32>,
    /// How each gap shows itself; by cell.
    losses: Vec<Loss>,
    /// What stands at each cell and at the end, where that is no damage.
    after: Vec<Option<Symbol>>,
    has_gaps: bool,
    /// Whether the text shows that the page was read with rows that not all programs have.
    is_extended: bool,
    /// What patterns may be, as far as they were met: each place is looked at from many starts, and in many ways.
    met: RefCell<HashMap<Asked, Rc<[Candidate]>>>,
}

/// A pattern, and what bears on what it may be: whether its last gap goes on, what comes after it, what its first gap
/// began with.
type Asked = ([u8; 4], [u8; 3], bool, Option<u8>, u8);

/// What a pattern may be: the character, its symbol, and the byte of its last gap if that goes on.
type Candidate = (char, Symbol, u8);

/// A unit: how many cells it takes and what they stand for.
pub struct Found {
    pub len: usize,
    pub meant: Vec<char>,
    pub loss: Loss,
}

impl Torn {
    /// The text of `cells`, which was read as `read`.
    pub fn new(cells: &[Cell], read: Multi) -> Torn {
        let mut this = Torn {
            read,
            slots: Vec::with_capacity(2 * cells.len()),
            starts: Vec::with_capacity(cells.len() + 1),
            losses: Vec::with_capacity(cells.len()),
            after: cells
                .iter()
                .map(|cell| cell.c.is_ascii().then_some(cell.symbol))
                .chain([Some(Symbol::edge())])
                .collect(),
            has_gaps: false,
            is_extended: false,
            met: RefCell::default(),
        };
        for (i, cell) in cells.iter().enumerate() {
            this.starts.push(this.slots.len() as u32);
            let loss = gap(cells, i, read);
            this.losses.push(loss);
            if loss != Loss::None {
                // Windows reads 80 as a euro sign in GBK, where the standard has another code for it.
                this.slots.push(if cell.c == '€' { Slot::Byte(0x80) } else { Slot::Gap });
            } else if let Some(bytes) = read.encode(cell.c).filter(|_| !cell.c.is_ascii()) {
                this.is_extended |= !read.is_common(bytes.as_slice());
                this.slots.extend(bytes.as_slice().iter().map(|&byte| Slot::Byte(byte)));
            } else {
                this.slots.push(Slot::Border);
            }
        }
        this.starts.push(this.slots.len() as u32);
        // In a long text of which as much was lost as is left, nothing is inferred: what it would cost is not worth it.
        let lost = this.losses.iter().filter(|loss| **loss != Loss::None).count();
        let kept = |(cell, loss): &(&Cell, &Loss)| **loss == Loss::None && !cell.c.is_ascii();
        this.has_gaps = lost > 0 && (lost <= MANY || lost < cells.iter().zip(&this.losses).filter(kept).count());
        this
    }

    /// Whether anything was lost, and not too much.
    pub fn has_gaps(&self) -> bool {
        self.has_gaps
    }

    /// Whether a unit may begin at cell `i`.
    pub fn may_begin(&self, i: usize) -> bool {
        self.losses[i] != Loss::None || matches!(self.slots[self.starts[i] as usize], Slot::Byte(..))
    }

    /// The units with a loss that begin at cell `i`, after the character `before`.
    pub fn units(&self, i: usize, before: Symbol) -> Vec<Found> {
        let last = (i + LONGEST).min(self.losses.len());
        if !self.losses[i..last].iter().any(|loss| *loss != Loss::None) {
            return Vec::new();
        }
        let (from, to) = (self.starts[i] as usize, self.starts[last] as usize);
        // Ways by place: two places a slot, for the second byte of a gap.
        let mut ways: Vec<Vec<Way>> = vec![Vec::new(); 2 * (to - from) + 2];
        ways[0].push(Way { cost: 0, context: Context::after(before), out: Vec::new(), gap_byte: 0, loss: Loss::None });
        let mut found = Vec::new();
        for place in 0..ways.len() {
            let mut here = std::mem::take(&mut ways[place]);
            if here.is_empty() {
                continue;
            }
            here.sort_by_key(|way| way.cost);
            here.truncate(WIDTH);
            let at = At { slot: from + place / 2, second: place % 2 == 1 };
            if place > 0
                && !at.second
                && let Some(cell) = self.cell_at(at.slot)
            {
                if here[0].loss != Loss::None {
                    let meant = agreed(&here, self.after[cell]);
                    found.push(Found { len: cell - i, meant, loss: here[0].loss });
                }
                if found.len() == ENDS {
                    break;
                }
                // What goes on from here begins there; but a gap right here may belong to what came before it.
                here.retain(|way| way.loss != Loss::None);
            }
            for way in here {
                self.next(&way, at, to, |to, way| {
                    let place = 2 * (to.slot - from) + usize::from(to.second);
                    ways[place].push(way);
                });
            }
        }
        found
    }

    /// The cell that begins with a slot, if one does.
    fn cell_at(&self, slot: usize) -> Option<usize> {
        self.starts.binary_search(&(slot as u32)).ok()
    }

    /// All ways to go on by one character.
    fn next(&self, way: &Way, at: At, end: usize, mut reach: impl FnMut(At, Way)) {
        let mut pattern = Pattern::default();
        self.fill(&mut pattern, at, end, &mut |pattern, to, follows| {
            let loss = if pattern.gaps > 0 || pattern.odd { pattern.loss.max(way.loss) } else { way.loss };
            let mut push = |c: char, gap_byte: u8| {
                let mut context = way.context;
                let cost = way.cost + lattice::decoded(&mut context, c);
                let mut out = way.out.clone();
                out.push(c);
                reach(to, Way { cost, context, out, gap_byte, loss });
            };
            if pattern.gaps == 0 {
                if let Some(c) = pattern.decode() {
                    push(c, 0);
                }
                return;
            }
            let mut best: Vec<(i32, char, u8)> = Vec::new();
            for &(c, symbol, gap_byte) in self.candidates(pattern, to, follows, way.gap_byte).iter() {
                let cost = way.context.cost(symbol);
                if cost < UNLIKELY {
                    best.push((cost, c, gap_byte));
                }
            }
            best.sort_unstable();
            for &(_, c, gap_byte) in best.iter().take(WIDTH) {
                push(c, gap_byte);
            }
            if best.is_empty() {
                push('\u{fffd}', 0);
            }
        });
    }

    /// What a pattern may be that the page could not have read.
    fn candidates(&self, pattern: &Pattern, to: At, follows: Option<u8>, gap_byte: u8) -> Rc<[Candidate]> {
        let known = [pattern.len, pattern.mask, pattern.seconds];
        let asked = (pattern.bytes, known, to.second, follows, gap_byte);
        if let Some(found) = self.met.borrow().get(&asked) {
            return found.clone();
        }
        let mut found = Vec::new();
        pattern.candidates(|c, bytes| {
            let symbol = Symbol::of(c);
            if symbol.is_assigned()
                && symbol.is_visible()
                && let Some(gap_byte) = self.is_unreadable(pattern, bytes, to, follows, gap_byte)
            {
                found.push((c, symbol, gap_byte));
            }
        });
        let found: Rc<[Candidate]> = found.into();
        let mut met = self.met.borrow_mut();
        if met.len() == REMEMBERED {
            met.clear();
        }
        met.insert(asked, found.clone());
        found
    }

    /// Takes slots into the pattern until it is a whole sequence; hands over each way to do so, with the byte that comes
    /// after it, if that is known.
    fn fill(&self, pattern: &mut Pattern, at: At, end: usize, whole: &mut impl FnMut(&Pattern, At, Option<u8>)) {
        if pattern.len > 0 && pattern.len == pattern.wanted {
            let follows = match self.slots.get(at.slot) {
                Some(Slot::Byte(byte)) => Some(*byte),
                _ => None,
            };
            whole(pattern, at, follows);
            return;
        }
        if at.slot >= end {
            return;
        }
        match self.slots[at.slot] {
            Slot::Border => {}
            Slot::Byte(byte) => {
                let saved = *pattern;
                if pattern.take(byte) {
                    if let Some(cell) = self.cell_at(at.slot).filter(|cell| self.losses[*cell] != Loss::None) {
                        pattern.odd = true;
                        pattern.loss = self.losses[cell];
                    }
                    self.fill(pattern, At { slot: at.slot + 1, second: false }, end, whole);
                }
                *pattern = saved;
            }
            Slot::Gap => {
                let saved = *pattern;
                let loss = self.cell_at(at.slot).map_or(Loss::Replaced, |cell| self.losses[cell]);
                let leads: &[u8] = if pattern.len == 0 { &[2, 3] } else { &[0] };
                for &wanted in leads {
                    *pattern = saved;
                    pattern.take_lost();
                    if wanted != 0 {
                        pattern.wanted = wanted;
                    }
                    pattern.loss = pattern.loss.max(loss);
                    if at.second {
                        pattern.seconds |= 1 << (pattern.len - 1);
                    }
                    let filled = *pattern;
                    self.fill(pattern, At { slot: at.slot + 1, second: false }, end, whole);
                    *pattern = filled;
                    if !at.second {
                        self.fill(pattern, At { slot: at.slot, second: true }, end, whole);
                    }
                }
                *pattern = saved;
            }
        }
    }

    /// Whether the program that read the text certainly had a character for these bytes.
    fn reads(&self, bytes: &[u8]) -> bool {
        (self.is_extended || self.read.is_common(bytes)) && self.read.decode(bytes).is_some()
    }

    /// Whether the page could not have read the bytes of a candidate that stand in gaps; if so the last byte of the gap
    /// that reaches beyond it, if one does, or else 0.
    fn is_unreadable(&self, pattern: &Pattern, bytes: &[u8], to: At, follows: Option<u8>, gap_byte: u8) -> Option<u8> {
        let is_gap = |i: usize| pattern.mask >> i & 1 == 0;
        let mut i = 0;
        let mut open = gap_byte;
        while i < bytes.len() {
            if !is_gap(i) {
                open = 0;
                i += 1;
                continue;
            }
            let second = pattern.seconds >> i & 1 == 1;
            if second {
                if open != 0 && self.reads(&[open, bytes[i]]) {
                    return None;
                }
                open = 0;
                i += 1;
                continue;
            }
            // The first byte of a gap: does a second one follow, here or in the next character?
            let goes_on =
                i + 1 < bytes.len() && pattern.seconds >> (i + 1) & 1 == 1 || i + 1 == bytes.len() && to.second;
            if !goes_on {
                if self.reads(&bytes[i..=i]) {
                    return None;
                }
                let next = if i + 1 < bytes.len() { (!is_gap(i + 1)).then_some(bytes[i + 1]) } else { follows };
                if next.is_some_and(|next| self.reads(&[bytes[i], next])) {
                    return None;
                }
                open = 0;
            } else {
                open = bytes[i];
            }
            i += 1;
        }
        Some(if to.second { open } else { 0 })
    }
}

/// A place: a slot, and whether the first byte of its gap is taken.
#[derive(Clone, Copy, Debug)]
struct At {
    slot: usize,
    second: bool,
}

/// A way to decode up to some place.
#[derive(Clone)]
struct Way {
    cost: i32,
    context: Context,
    out: Vec<char>,
    /// The first byte of the gap that is not taken whole.
    gap_byte: u8,
    loss: Loss,
}

/// A UTF-8 sequence of which not all bytes are known.
#[derive(Clone, Copy, Default)]
struct Pattern {
    bytes: [u8; 4],
    len: u8,
    wanted: u8,
    /// Which bytes are known.
    mask: u8,
    /// Which bytes are the second of their gap.
    seconds: u8,
    gaps: u8,
    /// Whether a byte is not what the character says.
    odd: bool,
    loss: Loss,
}

impl Pattern {
    /// Takes one more byte; false where it cannot stand there.
    fn take(&mut self, byte: u8) -> bool {
        let at = usize::from(self.len);
        if at == 0 {
            let wanted = if byte < 0x80 { Some(1) } else { codec::sequence_len(byte) };
            let Some(wanted) = wanted else { return false };
            self.wanted = wanted as u8;
        } else if !(0x80..0xC0).contains(&byte) {
            return false;
        }
        self.bytes[at] = byte;
        self.mask |= 1 << at;
        self.len += 1;
        true
    }

    /// Takes one more byte that was lost.
    fn take_lost(&mut self) {
        self.gaps += 1;
        self.len += 1;
    }

    fn decode(&self) -> Option<char> {
        let text = std::str::from_utf8(&self.bytes[..usize::from(self.len)]).ok()?;
        text.chars().next()
    }

    /// All characters that it may be. None where too little is known.
    fn candidates(&self, mut found: impl FnMut(char, &[u8])) {
        let len = usize::from(self.len);
        let unknown: Vec<usize> = (0..len).filter(|i| self.mask >> i & 1 == 0).collect();
        if unknown.len() > 2 || unknown.len() == len || unknown[..] == [1, 2] && len == 3 {
            return;
        }
        let range = |i: usize| match (i, len) {
            (0, 2) => 0xC2..=0xDF,
            (0, _) => 0xE0..=0xEF,
            _ => 0x80..=0xBF,
        };
        let mut bytes = self.bytes;
        let mut offer = |bytes: &[u8; 4]| {
            if let Some(c) = std::str::from_utf8(&bytes[..len]).ok().and_then(|text| text.chars().next()) {
                found(c, &bytes[..len]);
            }
        };
        for first in range(unknown[0]) {
            bytes[unknown[0]] = first;
            match unknown.get(1) {
                None => offer(&bytes),
                Some(&second) => {
                    for byte in range(second) {
                        bytes[second] = byte;
                        offer(&bytes);
                    }
                }
            }
        }
    }
}

/// What ways to the same place agree on, where `next` follows if that is known: the best one, with U+FFFD where others are
/// too close.
fn agreed(ways: &[Way], next: Option<Symbol>) -> Vec<char> {
    let cost = |way: &Way| way.cost + next.map_or(0, |next| way.context.cost(next));
    let Some(best) = ways.iter().min_by_key(|way| cost(way)) else { return Vec::new() };
    let least = cost(best);
    let weight = |way: &Way| (-((cost(way) - least) as f32) / PER_NAT as f32).exp();
    let alike = || ways.iter().filter(|way| way.out.len() == best.out.len());
    let all: f32 = alike().map(weight).sum();
    let share = |k: usize| alike().filter(|way| way.out[k] == best.out[k]).map(weight).sum::<f32>() / all;
    best.out.iter().enumerate().map(|(k, &c)| if share(k) >= share_of(c) { c } else { '\u{fffd}' }).collect()
}

/// What share of the weight an inferred character has to carry. Of thousands of characters the statistics know little more than
/// how common each one is, so most have to be out of the question. On 2,700 damaged lines of a development set one changed
/// line in 28 holds a character that was not there before the damage; with 0.97 and 0.99 it is one in 24 (25 November 2026).
fn share_of(c: char) -> f32 {
    if Symbol::of(c).is_of_large_script() { 0.998 } else { 0.98 }
}

/// Whether a cell is what is left of lost bytes, and how it shows.
fn gap(cells: &[Cell], i: usize, read: Multi) -> Loss {
    let near = |cell: Option<&Cell>| cell.is_some_and(|cell| !cell.c.is_ascii());
    match cells[i].c {
        '\u{fffd}' => Loss::Replaced,
        '€' if read == Multi::GB18030 => Loss::Replaced,
        '・' if read == Multi::SHIFT_JIS => Loss::Replaced,
        '?' if i > 0 && near(cells.get(i - 1)) || near(cells.get(i + 1)) => Loss::Questioned,
        // Of two question marks in a row each may be one.
        '?' if near(cells.get(i + 2)) && cells[i + 1].c == '?'
            || i > 1 && near(cells.get(i - 2)) && cells[i - 1].c == '?' =>
        {
            Loss::Questioned
        }
        _ => Loss::None,
    }
}
