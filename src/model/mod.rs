//! How likely is this text? What one character costs after another, learned from text in many languages.
//!
//! In: characters. Out: costs in eighths of a nat (negative natural logarithm of a probability, times eight). Must not:
//! know about encodings, spans or files.
//!
//! A [`Context`] is the last two characters. What the next one costs there is -8 ln of its probability: after both, where
//! the corpus has all three often enough and spelling bears on them; else after the last one, where the corpus has that
//! pair; else by classes: the cost of leaving the last character's own statistics, plus the cost of the class after its
//! class, plus the cost of the character within its class (Witten-Bell smoothing throughout). The tables come from
//! `data/model`; `data/README.md` says how they are made.

mod flags;
pub mod frequent;
pub mod gaps;
mod groups;
pub mod home;
mod languages;
pub mod large;
pub mod letters;
pub mod prose;
mod word_hash;
mod words;

use groups::SLOTS;
use languages::Languages;
pub use words::is_word;

include!(concat!(env!("OUT_DIR"), "/model.rs"));

static BLOCK_OF: &[u8; 0x1100 * 2] = include_bytes!(concat!(env!("OUT_DIR"), "/block-of.bin"));
static BLOCKS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/blocks.bin"));
static CLASS_COST: &[u8; KINDS * KINDS] = include_bytes!(concat!(env!("OUT_DIR"), "/class-cost.bin"));
static LEAVE_COST: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/leave-cost.bin"));
static USUAL: &[u8; KINDS] = include_bytes!(concat!(env!("OUT_DIR"), "/usual.bin"));
/// The pairs that carry their own cost, by the numbers of both characters. After the keys of a group come the costs; then what
/// the first slots are that triples go on from: the number of the first of these pairs among all of its kind, and how many.
static PAIRS: &[[u8; 27]] = include_bytes!(concat!(env!("OUT_DIR"), "/pairs.bin")).as_chunks().0;
/// For each pair that triples go on from, the cost of leaving them.
static LEAVE_PAIR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/pair-leaves.bin"));
/// The triples, by the number of the pair and that of the third character; after the keys of a group come the costs.
static TRIPLES: &[[u8; 24]] = include_bytes!(concat!(env!("OUT_DIR"), "/triples.bin")).as_chunks().0;

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
    /// The symbol of a character. All ASCII digits are one symbol, and so is all white space of ASCII.
    #[inline]
    pub fn of(c: char) -> Symbol {
        Symbol::of_code_point(match c {
            '0'..='9' => u32::from('0'),
            '\t' | '\n' | '\r' | '\u{c}' => u32::from(' '),
            c => u32::from(c),
        })
    }

    /// The symbol of a code point outside ASCII.
    #[inline]
    pub fn of_code_point(c: u32) -> Symbol {
        let c = c as usize;
        let block = BLOCK_OF.get((c >> 8) * 2..).and_then(|rest| rest.first_chunk()).copied().unwrap_or([0; 2]);
        let at = (usize::from(u16::from_le_bytes(block)) << 8 | c & 0xFF) * 4;
        let [low, high, class, within] =
            BLOCKS.get(at..).and_then(|rest| rest.first_chunk()).copied().unwrap_or([0; 4]);
        Symbol { id: u16::from_le_bytes([low, high]), class, within }
    }

    /// What a character of its class costs in usual text, on average.
    pub fn usual(self) -> i32 {
        i32::from(USUAL[usize::from(self.class)])
    }

    /// Whether Unicode has such a character.
    pub fn is_assigned(self) -> bool {
        !self.has(flags::UNASSIGNED)
    }

    /// Whether it leaves a mark on the page: no format character and no kind of space.
    pub fn is_visible(self) -> bool {
        !self.has(flags::UNSEEN)
    }

    /// Whether it is of a script with thousands of characters.
    pub fn is_of_large_script(self) -> bool {
        self.has(flags::LARGE)
    }

    /// Whether it is of the scripts of China, Japan and Korea, or of their punctuation.
    pub fn is_cjk(self) -> bool {
        self.has(flags::CJK)
    }

    /// Whether it is punctuation or a digit of ASCII.
    pub fn is_sign(self) -> bool {
        self.has(flags::SIGN)
    }

    /// Whether it is punctuation outside ASCII, an arrow, a space or a format character.
    pub fn is_mark(self) -> bool {
        self.has(flags::MARK)
    }

    /// Whether it is of a script with few letters, but not Latin or Cyrillic.
    pub fn is_other_letter(self) -> bool {
        self.has(flags::OTHER_LETTER)
    }

    /// Whether it is a Cyrillic letter.
    pub fn is_cyrillic(self) -> bool {
        self.has(flags::CYRILLIC)
    }

    /// Whether it is a letter of ASCII.
    pub fn is_plain_letter(self) -> bool {
        self.has(flags::PLAIN_LETTER)
    }

    #[inline]
    fn has(self, flag: u16) -> bool {
        FLAGS[usize::from(self.class)] & flag != 0
    }

    /// The number of its class.
    pub fn class(self) -> u8 {
        self.class
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

#[cfg(test)]
thread_local! {
    /// How often this thread asked what a character costs: the steps of the judge, for tests that count them.
    pub static LOOK_UPS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// What stands before a character, as far as it bears on it.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    last: Symbol,
    /// The number of the pair of the last two, if triples go on from it, and the cost of leaving them; that is 0 if not.
    pair: u16,
    leave: u8,
}

impl Context {
    /// The context of a text that begins after `last`.
    pub fn after(last: Symbol) -> Context {
        Context { last, pair: 0, leave: 0 }
    }

    /// The context in which these two are the last characters.
    pub fn of(before: Symbol, last: Symbol) -> Context {
        let mut context = Context::after(before);
        context.push(last);
        context
    }

    /// What `next` costs here; afterwards it is the last character.
    #[inline]
    pub fn push(&mut self, next: Symbol) -> i32 {
        #[cfg(test)]
        LOOK_UPS.set(LOOK_UPS.get() + 1);
        let before = *self;
        *self = Context::after(next);
        let (a, b) = (before.last.id, next.id);
        if a == 0 || b == 0 {
            return class_cost(before.last, next) + i32::from(before.leave);
        }
        let mut own = None;
        if let Some((group, slot)) = groups::find(PAIRS, u32::from(a) << 14 | u32::from(b)) {
            let [.., low, high, count] = PAIRS[group];
            own = Some(i32::from(PAIRS[group][2 * SLOTS + slot]));
            if slot < usize::from(count) {
                self.pair = u16::from_le_bytes([low, high]) + slot as u16;
                self.leave = LEAVE_PAIR[usize::from(self.pair)];
            }
        }
        // A third character has 12 bits.
        if before.leave != 0
            && b < 1 << 12
            && let Some((group, slot)) = groups::find(TRIPLES, u32::from(before.pair) << 12 | u32::from(b))
        {
            return i32::from(TRIPLES[group][2 * SLOTS + slot]);
        }
        own.unwrap_or_else(|| class_cost(before.last, next)) + i32::from(before.leaving(next))
    }

    /// What it costs to leave the pair for a character that was never seen behind it. Which letters a word ends with hardly tells
    /// what is put behind it.
    fn leaving(self, next: Symbol) -> u8 {
        let closes = self.last.has(flags::SMALL) && next.has(flags::CLOSING);
        if closes { self.leave.min(UNSEEN_CLOSING) } else { self.leave }
    }

    /// What `next` costs here.
    pub fn cost(mut self, next: Symbol) -> i32 {
        self.push(next)
    }
}

/// What `b` costs after `a`, whatever stands before.
#[inline]
pub fn cost(a: Symbol, b: Symbol) -> i32 {
    Context::after(a).cost(b)
}

/// What `b` costs after `a`, roughly, by their classes and without a search.
#[inline]
pub fn least_cost(a: Symbol, b: Symbol) -> i32 {
    let class = CLASS_COST[usize::from(a.class) * KINDS + usize::from(b.class)];
    i32::from(class) + i32::from(b.within) / 2
}

fn class_cost(a: Symbol, b: Symbol) -> i32 {
    let class = CLASS_COST[usize::from(a.class) * KINDS + usize::from(b.class)];
    i32::from(LEAVE_COST[usize::from(a.id)]) + i32::from(class) + i32::from(b.within)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_cost(text: &str) -> i32 {
        let mut context = Context::after(Symbol::edge());
        text.chars().chain([' ']).map(|c| context.push(Symbol::of(c))).sum()
    }

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
