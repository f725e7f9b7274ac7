//! Tables of keys of 28 bits, packed tight: where a key may stand, and whether it does. `build/groups.rs` fills them, and reads
//! this file too.
//!
//! Slots come in groups of eight. A key has two groups where it may be. The first one is told by the high bits of its hash; the
//! slot holds the low ones, by which it is known there, for the hash can be undone and so no two keys have the same. The other
//! group lies as far behind as the low bits say. So what is found is exactly what was asked for, in at most two steps, and
//! hardly a slot in twenty is empty.

/// How many slots are looked at in one go.
pub const SLOTS: usize = 8;
/// How many bits of a key there are.
pub const KEY_BITS: u32 = 28;
/// Marks the key of a slot as one that stands in its second group.
pub const IN_SECOND: u16 = 0x2000;
/// Marks, in its first slot, a group of which some keys stand in their second one.
pub const GOES_ON: u16 = 0x8000;
/// An empty slot.
#[allow(dead_code, reason = "for the build")]
pub const EMPTY: u16 = 0x7FFF;
/// With fewer groups, the bits that are kept of a hash would not tell it from others.
#[allow(dead_code, reason = "for the build")]
pub const LEAST: usize = 1 << (KEY_BITS - 13);

/// Where a key may stand.
#[derive(Clone, Copy)]
pub struct Places {
    pub first: usize,
    pub second: usize,
    /// How it is known in its first group.
    pub check: u16,
}

/// The places of a key in a table of so many groups.
#[inline]
pub fn places(key: u32, groups: usize) -> Places {
    const MASK: u32 = (1 << KEY_BITS) - 1;
    // An odd factor can be undone.
    let hash = key.wrapping_mul(0x09E3_779B) & MASK;
    let first = ((u64::from(hash) * groups as u64) >> KEY_BITS) as usize;
    let check = (hash & 0x1FFF) as u16;
    let second = first + 1 + usize::from(check);
    Places { first, second: if second < groups { second } else { second - groups }, check }
}

/// The group and the slot of a key. A group of the table begins with the keys of its slots.
#[inline]
pub fn find<const BYTES: usize>(table: &[[u8; BYTES]], key: u32) -> Option<(usize, usize)> {
    let Places { first, second, check } = places(key, table.len());
    let keys = halves(&table[first]);
    if let Some(slot) = slot(keys, check) {
        return Some((first, slot));
    }
    if keys[0] & u64::from(GOES_ON) == 0 {
        return None;
    }
    Some((second, slot(halves(&table[second]), check | IN_SECOND)?))
}

fn halves<const BYTES: usize>(group: &[u8; BYTES]) -> [u64; 2] {
    let halves = group.as_chunks::<8>().0;
    [u64::from_le_bytes(halves[0]), u64::from_le_bytes(halves[1])]
}

#[inline]
fn slot(keys: [u64; 2], check: u16) -> Option<usize> {
    // Four slots are compared at once: what is equal becomes 0, and 0 less one has its highest bit set.
    const ONES: u64 = 0x0001_0001_0001_0001;
    let key = u64::from(check) * ONES;
    let equal = |keys: u64| {
        let differ = (keys ^ key) & !(u64::from(GOES_ON) * ONES);
        differ.wrapping_sub(ONES) & !differ & (ONES << 15)
    };
    let (low, high) = (equal(keys[0]), equal(keys[1]));
    match (low, high) {
        (0, 0) => None,
        (0, _) => Some(4 + high.trailing_zeros() as usize / 16),
        _ => Some(low.trailing_zeros() as usize / 16),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_keys_look_the_same_at_one_place() {
        // Keys as pairs have them, in the fewest groups that there may be and in about as many as there are.
        let keys = || (0..1u32 << 9).flat_map(|a| (0..1u32 << 9).map(move |b| ((a * 31) << 14) | (b * 31)));
        for groups in [LEAST, 45_655, 57_001] {
            let mut seen: Vec<(usize, u16)> = keys()
                .map(|key| places(key, groups))
                .flat_map(|at| [(at.first, at.check), (at.second, at.check | IN_SECOND)])
                .collect();
            assert!(seen.iter().all(|(group, _)| *group < groups));
            let all = seen.len();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), all, "{groups}");
        }
    }
}
