//! Fills the tables that `src/model/groups.rs` describes.

#[path = "../src/model/groups.rs"]
mod places;

use places::{EMPTY, GOES_ON, IN_SECOND, KEY_BITS, Places, SLOTS, places};
pub use places::{LEAST, find};

/// How many of a hundred slots are filled. With more, nearly every search for what is not there would take two steps.
const FILLED: usize = 95;

/// A group: the number of the key in each slot, and what a search there compares.
pub struct Group {
    pub slots: [Option<usize>; SLOTS],
    second: [bool; SLOTS],
    goes_on: bool,
    checks: [u16; SLOTS],
}

impl Group {
    /// What comes first in the table.
    pub fn bytes(&self) -> [u8; 2 * SLOTS] {
        let mut bytes = [0; 2 * SLOTS];
        for (slot, to) in bytes.as_chunks_mut().0.iter_mut().enumerate() {
            let check = if self.slots[slot].is_none() { EMPTY } else { self.checks[slot] };
            let second = if self.second[slot] { IN_SECOND } else { 0 };
            let goes_on = if slot == 0 && self.goes_on { GOES_ON } else { 0 };
            *to = (check | second | goes_on).to_le_bytes();
        }
        bytes
    }
}

/// A place in a group for each key, in `least` groups or more; in each group those that `comes_first` holds for are in the first
/// slots.
pub fn fill(keys: &[u32], least: usize, comes_first: impl Fn(usize) -> bool) -> Vec<Group> {
    let count = (keys.len() * 100 / FILLED).div_ceil(SLOTS).max(least);
    let places_of = |key: usize| {
        assert!(keys[key] >> KEY_BITS == 0, "a key has {KEY_BITS} bits");
        places(keys[key], count)
    };
    let mut groups: Vec<Vec<(usize, bool)>> = vec![Vec::new(); count];
    let mut random = 0u64;
    for key in 0..keys.len() {
        let (mut key, mut from, mut steps) = (key, usize::MAX, 0);
        loop {
            let Places { first, second, .. } = places_of(key);
            if let Some(free) = [first, second].into_iter().find(|group| groups[*group].len() < SLOTS) {
                groups[free].push((key, free == second));
                break;
            }
            // Another key has to go to where it may stand as well.
            steps += 1;
            assert!(steps < 10_000, "too little room");
            random = random.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(1);
            let to = if from == first { second } else { first };
            let slot = (random >> 61) as usize;
            key = std::mem::replace(&mut groups[to][slot], (key, to == second)).0;
            from = to;
        }
    }
    let goes_on: Vec<usize> =
        groups.iter().flatten().filter(|(_, second)| *second).map(|(key, _)| places_of(*key).first).collect();
    let mut packed: Vec<Group> = groups
        .into_iter()
        .map(|mut group| {
            group.sort_by_key(|(key, _)| (!comes_first(*key), *key));
            let slot = |slot: usize| group.get(slot).copied();
            Group {
                slots: std::array::from_fn(|at| slot(at).map(|(key, _)| key)),
                second: std::array::from_fn(|at| slot(at).is_some_and(|(_, second)| second)),
                checks: std::array::from_fn(|at| slot(at).map_or(0, |(key, _)| places_of(key).check)),
                goes_on: false,
            }
        })
        .collect();
    goes_on.into_iter().for_each(|group| packed[group].goes_on = true);
    packed
}
