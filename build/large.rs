//! `data/model/large.txt` to a packed table: what a character costs after two others in Chinese, Japanese and Korean.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::model::{Costs, SCALE, Symbol, cost, follower, hex, lines};

/// So much is left at least for what is not listed.
const LEAST: f64 = 0.001;
/// The cost of what is not listed is stored with this much more, for it may be likelier than the pairs have it.
const MORE: i32 = 64;
/// The characters that are counted.
const CJK: std::ops::Range<u32> = 0x3000..0xD7A4;

/// What goes on from two characters: the first of them, what it costs that it is none of the listed ones, beyond what the pairs
/// say, and these with their costs.
struct GoesOn {
    before: usize,
    other: u8,
    followers: Vec<(usize, u8)>,
}

/// How likely the pairs have it that `c` follows.
fn by_pairs(costs: &Costs, last: Symbol, c: Symbol) -> f64 {
    (-f64::from(costs.cost(last, c)) / SCALE).exp()
}

/// Writes the three parts of the table as `src/model/large.rs` has them, and `large.rs` (what is added to some of its costs).
pub fn generate(path: &str, costs: &Costs, out: &Path) {
    let mut shares: BTreeMap<usize, f64> = BTreeMap::new();
    let mut by_last: BTreeMap<usize, Vec<GoesOn>> = BTreeMap::new();
    for line in lines(path).lines() {
        let mut cells = line.split(' ');
        let mut next = || cells.next().unwrap_or_else(|| panic!("{line}"));
        let [before, last] = [hex(next()), hex(next())].map(|c| costs.symbol(c));
        let [total, kinds] = [next(), next()].map(|n| n.parse::<f64>().unwrap_or_else(|e| panic!("{line}: {e}")));
        // What is left for those that are not listed is shared out among them as the pairs have it; behind a space and the like, the
        // pairs have mostly other languages, so there the share of these counts.
        let is_cjk = costs.kind(last).is_cjk;
        let all_by_pairs =
            || if is_cjk { 1.0 } else { CJK.map(|c| by_pairs(costs, last, costs.symbol(c))).sum::<f64>() };
        let (mut left, mut left_by_pairs) = (1.0, *shares.entry(last.id).or_insert_with(all_by_pairs));
        let mut followers = Vec::new();
        for (c, n) in cells.map(follower) {
            let c = costs.symbol(c);
            // Witten-Bell: the more kinds of followers there were, the more weight goes to the pair of the last two.
            let by_pairs = by_pairs(costs, last, c);
            let p = (n + kinds * by_pairs) / (total + kinds);
            left -= p;
            left_by_pairs -= if is_cjk || costs.kind(c).is_cjk { by_pairs } else { 0.0 };
            followers.push((c.id, cost(p)));
        }
        let left = left.max(LEAST) / left_by_pairs.max(LEAST);
        let other = (-left.ln() * SCALE).round() as i32 + MORE;
        followers.sort_unstable();
        followers.dedup_by_key(|(id, _)| *id);
        assert!(followers.len() <= 255, "{line}");
        let goes_on = GoesOn { before: before.id, other: other.clamp(0, 255) as u8, followers };
        by_last.entry(last.id).or_default().push(goes_on);
    }
    let (mut lasts, mut contexts, mut followers) = (Vec::new(), Vec::new(), Vec::new());
    let most = by_last.keys().next_back().map_or(0, |id| id + 1);
    let three = |n: usize| u32::try_from(n).expect("few").to_le_bytes()[..3].to_vec();
    for id in 0..=most {
        lasts.extend([three(contexts.len() / 4), three(followers.len() / 3)].concat());
        let mut going_on = by_last.remove(&id).unwrap_or_default();
        going_on.sort_unstable_by_key(|context| context.before);
        going_on.dedup_by_key(|context| context.before);
        for context in going_on {
            let [low, high] = (context.before as u16).to_le_bytes();
            contexts.extend([low, high, context.followers.len() as u8, context.other]);
            for (id, cost) in context.followers {
                let [low, high] = (id as u16).to_le_bytes();
                followers.extend([low, high, cost]);
            }
        }
    }
    let code =
        format!("/// The cost of what is not listed is stored with this much more.\nconst MORE: i32 = {MORE};\n");
    fs::write(out.join("large.rs"), code).expect("OUT_DIR can be written");
    for (name, table) in [("lasts", lasts), ("contexts", contexts), ("followers", followers)] {
        fs::write(out.join(format!("large-{name}.bin")), table).expect("OUT_DIR can be written");
    }
}
