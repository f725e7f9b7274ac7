//! UTF-8 read as a multi-byte page, where bytes were lost: what the page could not read became U+FFFD, `?` or, in Shift_JIS,
//! `・`, and may have taken the byte after it along, even one of ASCII.
//!
//! In: cells, and the page. Out: the units of the likeliest text, as [`super::ways`] finds it. Here it is told which bytes are left,
//! and what a gap may have been: bytes that a program could have lost there ([`codec::Reader`]). Nothing is invented: what is not
//! sure becomes U+FFFD in the midst of what is known; a unit of which less is known is left as it stands, but it is explained, so
//! it speaks against nothing.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::Cell;
use super::pattern::{Candidate, Pattern};
use super::ways::Search;
use crate::codec::{self, After, Loss, Multi, Reader};
use crate::model::{PER_NAT, Symbol};

/// More lost characters than these are many.
const MANY: usize = 1024;
/// So many patterns are remembered with what they may be.
const REMEMBERED: usize = 4096;
/// The byte that is a control in Shift_JIS.
const DROPPED: u8 = 0x80;
/// Of what leaves no mark only these are inferred.
const SPACES: [char; 3] = ['\u{a0}', '\u{202f}', '\u{3000}'];
/// What speaks against a program that does not leave such marks by itself: a text may have been written in another encoding since.
const OTHER_MARK: i32 = 20 * PER_NAT;

/// What a cell was in the page that it was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    /// A byte of a character.
    Byte(u8),
    /// One or two bytes that the page could not read.
    Gap,
    /// The euro sign in GBK: Windows reads 80 as one, where the standard has two bytes for it.
    Euro,
    /// Something that is no part of the damage.
    Border,
}

/// The text as slots.
pub struct Torn<'c> {
    read: Multi,
    pub(super) cells: &'c [Cell],
    slots: Vec<Slot>,
    /// Where the slots of each cell begin, and the end.
    pub(super) starts: Vec<u32>,
    /// How each gap shows itself; by cell.
    losses: Vec<Loss>,
    /// Whether the text shows that the page was read with rows that not all programs have.
    is_extended: bool,
    /// Whether much more was lost than is left: then only what lacks a single byte is inferred.
    pub(super) is_dense: bool,
    /// What patterns may be, as far as they were met.
    met: RefCell<HashMap<Asked, Rc<[Candidate]>>>,
}

/// A pattern, and what bears on what it may be: whether its last gap goes on, what comes after it, what its first gap
/// began with, and what lost the bytes.
type Asked = ([u8; 4], [u8; 3], bool, After, u8, Reader);

/// A unit: which cells it takes and what they stand for.
pub struct Found {
    pub at: usize,
    pub len: usize,
    pub meant: Vec<char>,
    pub loss: Loss,
}

impl<'c> Torn<'c> {
    /// The text of `cells`, which was read as `read`; `None` where nothing was lost, or too much.
    pub fn new(cells: &'c [Cell], read: Multi) -> Option<Torn<'c>> {
        let mut this = Torn {
            read,
            cells,
            slots: Vec::with_capacity(2 * cells.len()),
            starts: Vec::with_capacity(cells.len() + 1),
            losses: Vec::with_capacity(cells.len()),
            is_extended: false,
            is_dense: false,
            met: RefCell::default(),
        };
        for (i, cell) in cells.iter().enumerate() {
            this.starts.push(this.slots.len() as u32);
            let loss = gap(cells, i, read);
            this.losses.push(loss);
            if loss != Loss::None {
                this.slots.push(if cell.c == '€' { Slot::Euro } else { Slot::Gap });
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
        let kept = cells.iter().zip(&this.losses).filter(kept).count();
        this.is_dense = lost > 2 * kept;
        (lost > 0 && (lost <= MANY || lost < kept)).then_some(this)
    }

    /// The likeliest units of the text, which stands after the character `before`, whole ones among them, and what the text
    /// costs in which they are undone.
    pub fn units(&self, before: Symbol) -> (Vec<Found>, i32) {
        // What was lost shows alike throughout a text: one program lost it.
        let mut readers: Vec<(i32, Reader)> =
            Reader::ALL.iter().filter_map(|&reader| Some((self.prior(reader)?, reader))).collect();
        readers.sort_by_key(|(prior, _)| *prior);
        let mut least = i32::MAX;
        let ways = readers.into_iter().filter_map(|(prior, reader)| {
            let (found, cost) = Search::new(self, reader, before).run(least.saturating_sub(prior))?;
            least = least.min(cost + prior);
            Some((found, cost + prior))
        });
        ways.min_by_key(|(_, cost)| *cost).unwrap_or_default()
    }

    /// What it costs that a program left the marks of the text; `None` where it did not.
    fn prior(&self, reader: Reader) -> Option<i32> {
        let marks =
            self.cells.iter().zip(&self.losses).filter(|(_, loss)| **loss != Loss::None).map(|(cell, _)| cell.c);
        let mut is_other = false;
        for mark in marks {
            match (mark, reader) {
                ('・', Reader::Single | Reader::Browser) => return None,
                ('\u{fffd}', Reader::Windows) | ('?', Reader::Single | Reader::Browser) => is_other = true,
                _ => {}
            }
        }
        Some(if is_other { OTHER_MARK } else { 0 })
    }

    /// Whether the bytes that are left may be UTF-8: where none was lost nearby, they are in order. It takes no search to tell
    /// most right text by that.
    pub fn is_plausible(&self) -> bool {
        let (mut lacks, mut spare, mut faults, mut gaps) = (0, 0, 0, 0);
        for slot in &self.slots {
            match *slot {
                Slot::Gap | Slot::Euro => (lacks, spare, gaps) = (0, 3, gaps + 1),
                Slot::Byte(0x80..0xC0) if lacks > 0 => lacks -= 1,
                Slot::Byte(0x80..0xC0) if spare > 0 => spare -= 1,
                Slot::Byte(byte) => {
                    let len = codec::sequence_len(byte);
                    faults += usize::from(lacks > 0 || byte >= 0x80 && len.is_none());
                    (lacks, spare) = (len.map_or(0, |len| len - 1), 0);
                }
                Slot::Border => {
                    faults += usize::from(lacks > 0);
                    (lacks, spare) = (0, 0);
                }
            }
        }
        faults <= gaps
    }

    /// How many slots there are.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether bytes were lost at a slot.
    pub(super) fn is_gap(&self, slot: usize) -> bool {
        self.slots.get(slot) == Some(&Slot::Gap)
    }

    /// The cell that begins with a slot, if one does.
    pub(super) fn cell_at(&self, slot: usize) -> Option<usize> {
        self.starts.binary_search(&(slot as u32)).ok()
    }

    /// How the bytes of a slot were lost.
    pub(super) fn loss(&self, slot: usize) -> Loss {
        self.cell_at(slot).map_or(Loss::None, |cell| self.losses[cell])
    }

    /// The byte that a slot begins with.
    fn after(&self, slot: usize) -> After {
        match self.slots.get(slot) {
            Some(Slot::Byte(byte)) => After::Byte(*byte),
            Some(Slot::Gap | Slot::Euro) => After::Lost,
            Some(Slot::Border) => match self.cell_at(slot).map(|cell| self.cells[cell].c) {
                // Of two characters that end a line one may be gone.
                Some('\n' | '\r') => After::End,
                Some(c) if c.is_ascii() => After::Byte(c as u8),
                _ => After::End,
            },
            None => After::End,
        }
    }

    /// What a pattern may be that the page could not have read.
    pub(super) fn candidates(&self, pattern: &Pattern, to: At, gap_byte: u8, reader: Reader) -> Rc<[Candidate]> {
        let last = usize::from(pattern.known()[0]) - 1;
        // What does not bear on the answer is not asked.
        let after = if pattern.is_gap(last) { self.after(to.slot) } else { After::End };
        let gap_byte = if pattern.is_second(0) { gap_byte } else { 0 };
        let asked = (pattern.bytes, pattern.known(), to.second, after, gap_byte, reader);
        if let Some(found) = self.met.borrow().get(&asked) {
            return found.clone();
        }
        let mut found = Vec::new();
        pattern.candidates(|c, symbol, bytes| {
            if symbol.is_assigned()
                && (symbol.is_visible() || SPACES.contains(&c))
                && let Some(gap_byte) = self.lost(pattern, bytes, to, after, gap_byte, reader)
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

    /// Takes slots into the pattern until it is a whole sequence; hands over each way to do so.
    pub(super) fn fill(&self, pattern: &mut Pattern, at: At, reader: Reader, whole: &mut impl FnMut(&Pattern, At)) {
        if pattern.is_whole() {
            whole(pattern, at);
            return;
        }
        let saved = *pattern;
        if self.may_have_dropped(at) && !pattern.is_empty() && pattern.take(DROPPED) {
            pattern.loss = pattern.loss.max(Loss::Dropped);
            self.fill(pattern, at, reader, whole);
            *pattern = saved;
        }
        let Some(slot) = self.slots.get(at.slot) else { return };
        let next = At { slot: at.slot + 1, second: false };
        match *slot {
            Slot::Border => {}
            Slot::Byte(byte) => {
                if pattern.take(byte) {
                    self.fill(pattern, next, reader, whole);
                }
            }
            Slot::Euro if at.second => {
                if pattern.take(0xE3) {
                    self.fill(pattern, next, reader, whole);
                }
            }
            Slot::Euro => {
                if pattern.take(0x80) {
                    pattern.loss = pattern.loss.max(Loss::Replaced);
                    self.fill(pattern, next, reader, whole);
                }
                *pattern = saved;
                if pattern.take(0xA2) {
                    self.fill(pattern, At { second: true, ..at }, reader, whole);
                }
            }
            Slot::Gap => {
                for wanted in pattern.lengths() {
                    *pattern = saved;
                    pattern.take_lost(wanted, at.second, self.loss(at.slot));
                    let filled = *pattern;
                    self.fill(pattern, next, reader, whole);
                    *pattern = filled;
                    if !at.second && reader != Reader::Single {
                        self.fill(pattern, At { second: true, ..at }, reader, whole);
                    }
                }
            }
        }
        *pattern = saved;
    }

    /// Whether a byte may be gone at a place without a mark: Windows reads the byte 80 of Shift_JIS as a control, and nobody sees
    /// those, nor copies them.
    fn may_have_dropped(&self, at: At) -> bool {
        self.read == Multi::SHIFT_JIS && !at.second && self.cell_at(at.slot).is_some()
    }

    /// Whether the program that read the text certainly had a character for these bytes.
    fn reads(&self, bytes: &[u8]) -> bool {
        let private = |c| ('\u{E000}'..'\u{F900}').contains(&c);
        self.read.decode(bytes).is_some_and(|(c, _)| self.is_extended || self.read.is_common(bytes) && !private(c))
    }

    /// Whether one mark stands for this byte, before `after`.
    fn loses_one(&self, byte: u8, after: After, reader: Reader) -> bool {
        let reads = match after {
            After::Byte(next) => self.reads(&[byte, next]),
            _ => false,
        };
        !reads && !self.reads(&[byte]) && reader.loses_one(self.read, byte, after)
    }

    /// Whether one mark stands for these two bytes.
    pub(super) fn loses_two(&self, bytes: [u8; 2], reader: Reader) -> bool {
        !self.reads(&bytes) && reader.loses_two(self.read, bytes)
    }

    /// Whether the bytes of a candidate that stand in gaps were lost so; if they were, the last byte of the gap that reaches
    /// beyond it, if one does, or else 0.
    fn lost(&self, pattern: &Pattern, bytes: &[u8], to: At, after: After, gap_byte: u8, reader: Reader) -> Option<u8> {
        let mut open = gap_byte;
        for (i, &byte) in bytes.iter().enumerate() {
            if !pattern.is_gap(i) {
                continue;
            }
            if pattern.is_second(i) {
                if !self.loses_two([open, byte], reader) {
                    return None;
                }
                continue;
            }
            // Does a second byte of the gap follow, here or in the next character?
            let is_last = i + 1 == bytes.len();
            open = byte;
            if if is_last { to.second } else { pattern.is_second(i + 1) } {
                continue;
            }
            let next = match () {
                () if is_last => after,
                () if pattern.is_gap(i + 1) => After::Lost,
                () => After::Byte(bytes[i + 1]),
            };
            if !self.loses_one(byte, next, reader) {
                return None;
            }
        }
        Some(if to.second { open } else { 0 })
    }
}

/// A place: a slot, and whether the first byte of its gap is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub slot: usize,
    pub second: bool,
}

impl At {
    /// Its number: two places a slot.
    pub fn place(self) -> usize {
        2 * self.slot + usize::from(self.second)
    }
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
