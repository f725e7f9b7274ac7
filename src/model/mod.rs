//! How likely is this text? What one character costs after another, learned from text in many languages.
//!
//! In: characters. Out: costs in eighths of a nat (negative natural logarithm of a probability, times eight). Must not:
//! know about encodings, spans or files.
//!
//! `cost(a, b)` is -8 ln P(b | a). A pair that the corpus has often enough carries its own probability (Witten-Bell
//! smoothing). Any other is backed off: the cost of leaving `a`'s own statistics, plus the cost of the class of `b`
//! after the class of `a`, plus the cost of `b` within its class. The tables come from `data/model`; `data/README.md`
//! says how they are made.

include!(concat!(env!("OUT_DIR"), "/model.rs"));

static BLOCK_OF: &[u8; 0x1100 * 2] = include_bytes!(concat!(env!("OUT_DIR"), "/block-of.bin"));
static BLOCKS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/blocks.bin"));
static CLASS_COST: &[u8; KINDS * KINDS] = include_bytes!(concat!(env!("OUT_DIR"), "/class-cost.bin"));
static LEAVE_COST: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/leave-cost.bin"));
static USUAL: &[u8; KINDS] = include_bytes!(concat!(env!("OUT_DIR"), "/usual.bin"));
/// The pairs that carry their own cost, in a table with open addressing: a slot is the low 24 bits of the pair's hash,
/// then its cost, never 0. The bits that are left out say where the search begins, and searches are far too short to
/// confuse two pairs that differ in those only.
static PAIRS: &[u8; SLOTS * 4] = include_bytes!(concat!(env!("OUT_DIR"), "/pairs.bin"));

/// Costs are counted in this many parts of a nat.
pub const PER_NAT: i32 = 8;

/// A character as the model sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its number among the characters seen in training; 0 for one that was not.
    id: u16,
    /// Its class.
    class: u8,
    /// Its cost within its class.
    within: u8,
}

impl Symbol {
    /// A placeholder where no character stands yet.
    pub const NONE: Symbol = Symbol { id: 0, class: 0, within: 0 };

    /// The symbol of a character. All ASCII digits are one symbol, and so is all white space of ASCII.
    pub fn of(c: char) -> Symbol {
        let c = match c {
            '0'..='9' => '0',
            '\t' | '\n' | '\r' | '\u{c}' => ' ',
            c => c,
        } as usize;
        let block = usize::from(u16::from_le_bytes([BLOCK_OF[(c >> 8) * 2], BLOCK_OF[(c >> 8) * 2 + 1]]));
        let at = (block << 8 | c & 0xFF) * 4;
        Symbol { id: u16::from_le_bytes([BLOCKS[at], BLOCKS[at + 1]]), class: BLOCKS[at + 2], within: BLOCKS[at + 3] }
    }

    /// The name of its class, as in `data/model/classes.txt`.
    pub fn class_name(self) -> &'static str {
        CLASS_NAMES[usize::from(self.class)]
    }

    /// What a character of its class costs in usual text, on average.
    pub fn usual(self) -> i32 {
        i32::from(USUAL[usize::from(self.class)])
    }

    /// Whether it leaves a mark on the page: no format character and no kind of space.
    pub fn is_visible(self) -> bool {
        !matches!(self.class_name(), "format" | "space-other" | "soft-hyphen" | "space")
    }

    /// What it costs within its class: how rare it is among its like.
    pub fn within(self) -> i32 {
        i32::from(self.within)
    }

    /// The symbol of the edge of a text: a space.
    pub fn edge() -> Symbol {
        Symbol::of(' ')
    }
}

/// What `b` costs after `a`.
pub fn cost(a: Symbol, b: Symbol) -> i32 {
    if a.id != 0 && b.id != 0 {
        let hash = (u32::from(a.id) << 16 | u32::from(b.id)).wrapping_mul(0x9E37_79B1);
        let mut slot = (hash >> (32 - SLOTS.trailing_zeros())) as usize;
        loop {
            let at = slot * 4;
            let found = u32::from_le_bytes([PAIRS[at], PAIRS[at + 1], PAIRS[at + 2], PAIRS[at + 3]]);
            if found >> 8 == hash & 0xFF_FFFF && found != 0 {
                return (found & 0xFF) as i32;
            }
            if found == 0 {
                break;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
    }
    let class = CLASS_COST[usize::from(a.class) * KINDS + usize::from(b.class)];
    i32::from(LEAVE_COST[usize::from(a.id)]) + i32::from(class) + i32::from(b.within)
}

/// What a text costs, between two edges.
pub fn text_cost(text: &str) -> i64 {
    let mut last = Symbol::edge();
    let mut sum = 0;
    for c in text.chars().chain([' ']) {
        let symbol = Symbol::of(c);
        sum += i64::from(cost(last, symbol));
        last = symbol;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_text_costs_less_than_broken_text() {
        for (right, broken) in
            [("déjà vu", "dÃ©jÃ\u{a0} vu"), ("Привет", "РџСЂРёРІРµС‚"), ("“quoted”", "â€œquotedâ€\u{9d}")]
        {
            assert!(
                text_cost(right) < text_cost(broken),
                "{right} costs {} and {broken} {}",
                text_cost(right),
                text_cost(broken)
            );
        }
    }

    #[test]
    fn what_does_not_exist_costs_most() {
        let after = |c: char| cost(Symbol::of('a'), Symbol::of(c));
        assert!(after('e') < after('é'));
        assert!(after('é') < after('\u{85}'));
        assert!(after('é') < after('\u{378}'));
    }
}
