//! What a character costs in Chinese, Japanese and Korean, by the two before it.
//!
//! Pairs say little where there are thousands of characters: which of sixty syllables stood in a gap is told by the word. The
//! judge does without, for the question whether a text is broken needs no words; only what was lost asks here
//! (`data/model/large.txt`).

use super::groups;
use super::large_key::key;
use super::{Context, Symbol};

/// Keys of a group, and then their costs.
static TABLE: &[[u8; 24]] = include_bytes!(concat!(env!("OUT_DIR"), "/large.bin")).as_chunks().0;

/// What stands before a character.
#[derive(Clone, Copy, Debug)]
pub struct Before {
    before: Symbol,
    last: Symbol,
    pairs: Context,
}

impl Before {
    /// At the beginning of a text that stands after `last`.
    pub fn after(last: Symbol) -> Before {
        Before { before: Symbol::edge(), last: as_before(last), pairs: Context::after(last) }
    }

    /// What `next` costs here; afterwards it is the last character.
    pub fn push(&mut self, next: Symbol) -> i32 {
        let pairs = self.pairs.push(next);
        let (before, last) = (self.before, self.last);
        (self.before, self.last) = (last, as_before(next));
        if before.id == 0 || last.id == 0 || next.id == 0 || !(next.is_cjk() || last.is_cjk() || before.is_cjk()) {
            return pairs;
        }
        let find = |third: u16| {
            let (group, slot) = groups::find(TABLE, key(before.id.into(), last.id.into(), third.into()))?;
            Some(i32::from(TABLE[group][2 * groups::SLOTS + slot]))
        };
        find(next.id).unwrap_or_else(|| pairs + find(0).unwrap_or(0))
    }

    /// What `next` costs here.
    pub fn cost(mut self, next: Symbol) -> i32 {
        self.push(next)
    }
}

/// What stands before a character: of ASCII it only matters whether it is a letter, a digit, or the edge of a word.
fn as_before(symbol: Symbol) -> Symbol {
    match symbol {
        letter if letter.is_plain_letter() => Symbol::of('a'),
        sign if sign.is_sign() && sign != Symbol::of('0') => Symbol::edge(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cost_less_than_their_letters_in_another_order() {
        let cost = |text: &str| {
            let mut before = Before::after(Symbol::edge());
            text.chars().map(|c| before.push(Symbol::of(c))).sum::<i32>()
        };
        for (right, other) in [
            ("사용자 이름을", "사용자 이름올"),
            ("データベース", "データベーフ"),
            ("数据库", "数据应"),
            ("このファイル", "このフォイル"),
        ] {
            assert!(cost(right) < cost(other), "{right}, {other}");
        }
    }
}
