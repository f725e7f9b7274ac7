//! Units within units: what the characters that an outer mixup decodes to are in an inner one.

use super::states::Unit;
use crate::codec::{self, Loss, Page};
use crate::model::Symbol;

/// No more units than this are looked at from one place.
const MOST: usize = 96;
/// A unit of several layers has no more lossy parts than this.
const LOSSY_PARTS: usize = 2;

/// The units of `page` among the characters that `outer` decodes to, by place. At one place there may be several of
/// `outer`, and each way through them counts.
pub fn inner_units(outer: &[Unit], page: Page) -> Vec<Unit> {
    let bytes: Vec<u8> = outer.iter().map(|unit| codec::record(unit.meant).byte(page)).collect();
    let mut search = Search { outer, bytes: &bytes, page, found: Vec::new(), left: 0, place: 0 };
    for (i, first) in outer.iter().enumerate() {
        if i == 0 || outer[i - 1].at != first.at {
            search.left = MOST;
            search.place = search.found.len();
        }
        if bytes[i] >= 0xC2 {
            search.go_on(&mut [i; 4], 1);
        }
    }
    search.found
}

/// A search for the ways through the outer units.
struct Search<'o> {
    outer: &'o [Unit],
    bytes: &'o [u8],
    page: Page,
    found: Vec<Unit>,
    /// How many units may still be looked at from here.
    left: usize,
    /// Where the units found from here begin.
    place: usize,
}

impl Search<'_> {
    /// Goes on from the first `count` of a way, and keeps it where it is a unit.
    fn go_on(&mut self, way: &mut [usize; 4], count: usize) {
        let wanted = match self.bytes[way[0]] {
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => return,
        };
        let outer = self.outer;
        let last = outer[way[count - 1]];
        if count == wanted {
            self.keep(&way[..count]);
            return;
        }
        let from = outer.partition_point(|unit| unit.at < last.at + last.len);
        for (j, _) in outer.iter().enumerate().skip(from).take_while(|(_, unit)| unit.at == last.at + last.len) {
            if self.left == 0 {
                return;
            }
            if (0x80..0xC0).contains(&self.bytes[j]) {
                self.left -= 1;
                way[count] = j;
                self.go_on(way, count + 1);
            }
        }
    }

    fn keep(&mut self, way: &[usize]) {
        let parts = way.iter().map(|&j| self.outer[j]);
        if parts.clone().filter(|part| part.loss > Loss::Case).count() > LOSSY_PARTS {
            return;
        }
        let cells: Vec<_> = parts.clone().map(|part| (part.meant, codec::record(part.meant))).collect();
        let Some(unit) = codec::unit(&cells, self.page).filter(|unit| Symbol::of(unit.meant).is_assigned()) else {
            return;
        };
        let (first, last) = (self.outer[way[0]], self.outer[way[way.len() - 1]]);
        let loss = parts.map(|part| part.loss).max().unwrap_or(Loss::None);
        let len = (last.at + last.len - first.at) as usize;
        let unit = Unit { loss, ..Unit::whole(first.at as usize, len, unit.meant) };
        add(&mut self.found, self.place, unit);
    }
}

/// Adds a unit to those found from place `from` on, unless the same is there with no more loss.
pub fn add(found: &mut Vec<Unit>, from: usize, unit: Unit) {
    let same = |other: &&mut Unit| other.at == unit.at && other.len == unit.len && other.meant == unit.meant;
    match found[from..].iter_mut().find(same) {
        Some(other) => other.loss = other.loss.min(unit.loss),
        None => found.push(unit),
    }
}
