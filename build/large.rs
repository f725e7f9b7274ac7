//! `data/model/large.txt` to a packed table: what a character costs after two others in Chinese, Japanese and Korean.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::groups::{fill, find};
use crate::large_key::key;
use crate::model::{Costs, SCALE, cost, follower, hex, lines};

/// Writes `large.bin`: keys and costs as `src/model/large.rs` looks for them.
pub fn generate(path: &str, costs: &Costs, out: &Path) {
    let cost = |p: f64| cost(p).clamp(1, 254);
    let mut entries: BTreeMap<u32, u8> = BTreeMap::new();
    for line in lines(path).lines() {
        let mut cells = line.split(' ');
        let mut next = || cells.next().unwrap_or_else(|| panic!("{line}"));
        let [before, last] = [hex(next()), hex(next())].map(|c| costs.symbol(c));
        let [total, kinds] = [next(), next()].map(|n| n.parse::<f64>().unwrap_or_else(|e| panic!("{line}: {e}")));
        for (c, n) in cells.map(follower) {
            let c = costs.symbol(c);
            // Witten-Bell: the more kinds of followers there were, the more weight goes to the pair of the last two.
            let backed = (-f64::from(costs.cost(last, c)) / SCALE).exp();
            entries.entry(key(before.id, last.id, c.id)).or_insert(cost((n + kinds * backed) / (total + kinds)));
        }
        entries.entry(key(before.id, last.id, 0)).or_insert(cost(kinds / (total + kinds)));
    }
    let (keys, values): (Vec<u32>, Vec<u8>) = entries.into_iter().unzip();
    let mut table = Vec::new();
    // The keys are hashes: that two look alike at one place is as rare in fewer groups.
    for group in fill(&keys, 1, |_| false) {
        table.extend(group.bytes());
        table.extend(group.slots.map(|entry| entry.map_or(0, |entry| values[entry])));
    }
    assert!(keys.iter().all(|key| find(table.as_chunks::<24>().0, *key).is_some()));
    fs::write(out.join("large.bin"), table).expect("OUT_DIR can be written");
}
