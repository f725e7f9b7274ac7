//! What a character costs in Chinese, Japanese and Korean, by the two before it.
//!
//! Pairs say little where there are thousands of characters: which of sixty syllables stood in a gap is told by the word. The
//! judge does without, for the question whether a text is broken needs no words; only what was lost asks here
//! (`data/model/large.txt`).

use super::{Context, Symbol};

include!(concat!(env!("OUT_DIR"), "/large.rs"));

/// For each character, by its number, where the pairs that end with it begin, and their followers: three bytes each.
static LASTS: &[[u8; 6]] = include_bytes!(concat!(env!("OUT_DIR"), "/large-lasts.bin")).as_chunks().0;
/// The first character of a pair, how many followers are listed, and what it costs that it is none of these; by first
/// character.
static CONTEXTS: &[[u8; 4]] = include_bytes!(concat!(env!("OUT_DIR"), "/large-contexts.bin")).as_chunks().0;
/// A follower and what it costs; by follower.
static FOLLOWERS: &[[u8; 3]] = include_bytes!(concat!(env!("OUT_DIR"), "/large-followers.bin")).as_chunks().0;

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

    /// What stands before the character after `next`.
    pub fn then(mut self, next: Symbol) -> Before {
        self.pairs.push(next);
        Before { before: self.last, last: as_before(next), pairs: self.pairs }
    }

    /// What is known of what follows here.
    pub fn following(self) -> Following {
        let Before { before, last, .. } = self;
        // Behind a space and the like it hardly matters what came before.
        let any = || if last.is_cjk() { None } else { going_on(Symbol::edge().id, last.id) };
        let (listed, other) = going_on(before.id, last.id).or_else(any).unwrap_or_default();
        Following { here: self, listed, other }
    }
}

/// What follows two characters.
#[derive(Clone, Copy, Debug)]
pub struct Following {
    here: Before,
    listed: &'static [[u8; 3]],
    /// What it costs that it is none of the listed, beyond what the pairs say.
    other: i32,
}

impl Following {
    /// What `next` costs.
    pub fn cost(&self, next: Symbol) -> i32 {
        let Before { before, last, pairs } = self.here;
        if next.id == 0 || !(next.is_cjk() || last.is_cjk() || before.is_cjk()) {
            return pairs.cost(next);
        }
        match self.listed.binary_search_by_key(&next.id, |&[low, high, _]| u16::from_le_bytes([low, high])) {
            Ok(at) => i32::from(self.listed[at][2]),
            Err(_) if next.is_cjk() || last.is_cjk() => (pairs.cost(next) + self.other).max(1),
            Err(_) => pairs.cost(next) + self.other.max(0),
        }
    }
}

/// What goes on from two characters.
fn going_on(before: u16, last: u16) -> Option<(&'static [[u8; 3]], i32)> {
    let three = |&[a, b, c]: &[u8; 3]| u32::from_le_bytes([a, b, c, 0]) as usize;
    let at = |id: usize| LASTS.get(id).map(|starts| (three(&starts.as_chunks().0[0]), three(&starts.as_chunks().0[1])));
    let ((from, first), (to, _)) = (at(last.into())?, at(usize::from(last) + 1)?);
    let contexts = &CONTEXTS[from..to];
    let found = contexts.binary_search_by_key(&before, |&[low, high, ..]| u16::from_le_bytes([low, high])).ok()?;
    let first = first + contexts[..found].iter().map(|context| usize::from(context[2])).sum::<usize>();
    let [.., count, other] = contexts[found];
    Some((&FOLLOWERS[first..first + usize::from(count)], i32::from(other) - MORE))
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
            let cost = |symbol| {
                let cost = before.following().cost(symbol);
                before = before.then(symbol);
                cost
            };
            text.chars().map(Symbol::of).map(cost).sum::<i32>()
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
