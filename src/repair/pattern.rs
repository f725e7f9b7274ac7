//! A UTF-8 sequence of which not all bytes are known.

use std::sync::LazyLock;

use crate::codec::{self, Loss};
use crate::model::{PER_NAT, Symbol};

/// What a pattern may be: the character, its symbol, and the byte of its last gap if that goes on.
pub type Candidate = (char, Symbol, u8);

/// The bytes of a sequence, as far as they are known.
#[derive(Clone, Copy, Default)]
pub struct Pattern {
    pub bytes: [u8; 4],
    len: u8,
    wanted: u8,
    /// Which bytes are known.
    mask: u8,
    /// Which bytes are the second of their gap.
    seconds: u8,
    pub loss: Loss,
}

impl Pattern {
    /// Takes one more byte; false where it cannot stand there.
    pub fn take(&mut self, byte: u8) -> bool {
        let at = usize::from(self.len);
        if at == 0 {
            let wanted = if byte < 0x80 { Some(1) } else { codec::sequence_len(byte) };
            let Some(wanted) = wanted else { return false };
            self.wanted = wanted as u8;
        } else if !(0x80..0xC0).contains(&byte) {
            return false;
        }
        self.bytes[at] = byte;
        self.mask |= 1 << at;
        self.len += 1;
        true
    }

    /// How long it may be if its next byte is lost: what is known already, or what most are.
    pub fn lengths(&self) -> impl Iterator<Item = u8> + use<> {
        let (first, last) = if self.len == 0 { (2, 3) } else { (self.wanted, self.wanted) };
        first..=last
    }

    /// Takes one more byte that was lost.
    pub fn take_lost(&mut self, wanted: u8, is_second: bool, loss: Loss) {
        self.wanted = wanted;
        self.seconds |= u8::from(is_second) << self.len;
        self.len += 1;
        self.loss = self.loss.max(loss);
    }

    /// Whether it has no byte yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether no more bytes are missing.
    pub fn is_whole(&self) -> bool {
        self.len > 0 && self.len == self.wanted
    }

    /// Whether all bytes are known.
    pub fn has_all(&self) -> bool {
        self.mask.count_ones() == u32::from(self.len)
    }

    /// Whether a byte was lost, and whether it is the second of its gap.
    pub fn is_gap(&self, at: usize) -> bool {
        self.mask >> at & 1 == 0
    }

    pub fn is_second(&self, at: usize) -> bool {
        self.seconds >> at & 1 == 1
    }

    /// What tells it from others with the same bytes.
    pub fn known(&self) -> [u8; 3] {
        [self.len, self.mask, self.seconds]
    }

    /// The character, where all bytes are known.
    pub fn decode(&self) -> Option<char> {
        let text = std::str::from_utf8(&self.bytes[..usize::from(self.len)]).ok()?;
        text.chars().next()
    }

    /// How many bytes are not known.
    pub fn lost(&self) -> u32 {
        u32::from(self.len) - self.mask.count_ones()
    }

    /// All characters that it may be, with their bytes. Where two bytes of three are lost, it is a common one or nobody knows;
    /// where all are, one of the scripts that have thousands.
    pub fn candidates(&self, mut found: impl FnMut(char, Symbol, &[u8])) {
        let len = usize::from(self.len);
        if self.lost() > 1 {
            let known = (0..len).find(|i| !self.is_gap(*i));
            let list = match (len, known) {
                (3, Some(at)) => COMMON.with(at, self.bytes[at]),
                (3, None) => &COMMON.very,
                _ => &[],
            };
            list.iter().for_each(|common| found(common.c, common.symbol, &common.utf8));
            return;
        }
        let Some(gap) = (0..len).find(|i| self.is_gap(*i)) else { return };
        let range = match (gap, len) {
            (0, 2) => 0xC2..=0xDF,
            (0, 3) => 0xE0..=0xEF,
            (0, _) => 0xF0..=0xF4,
            _ => 0x80..=0xBF,
        };
        let mut bytes = self.bytes;
        for byte in range {
            bytes[gap] = byte;
            if let Some(c) = std::str::from_utf8(&bytes[..len]).ok().and_then(|text| text.chars().next()) {
                found(c, Symbol::of(c), &bytes[..len]);
            }
        }
    }
}

/// A common character of three bytes.
#[derive(Clone)]
struct Common {
    c: char,
    symbol: Symbol,
    utf8: [u8; 3],
}

/// Characters of three bytes that are common enough to be told by less than their bytes.
struct Commons {
    /// By one of their bytes: its place, and what it is.
    by_byte: [Vec<Vec<Common>>; 3],
    /// Very common ones of the scripts that have thousands.
    very: Vec<Common>,
}

impl Commons {
    /// Those with this byte at this place.
    fn with(&self, at: usize, byte: u8) -> &[Common] {
        &self.by_byte[at][usize::from(byte)]
    }
}

/// What costs more within its class is no common character, and what is common enough that nothing of it need be left.
const RARE: i32 = 9 * PER_NAT;
const VERY_COMMON: i32 = 7 * PER_NAT;

static COMMON: LazyLock<Commons> = LazyLock::new(|| {
    let mut all = Commons { by_byte: [(); 3].map(|()| vec![Vec::new(); 0x100]), very: Vec::new() };
    for c in '\u{800}'..='\u{FFFF}' {
        let symbol = Symbol::of(c);
        if !symbol.is_assigned() || symbol.within() > RARE {
            continue;
        }
        let mut utf8 = [0; 3];
        c.encode_utf8(&mut utf8);
        let common = Common { c, symbol, utf8 };
        for (lists, byte) in all.by_byte.iter_mut().zip(utf8) {
            lists[usize::from(byte)].push(common.clone());
        }
        if symbol.is_of_large_script() && symbol.within() <= VERY_COMMON {
            all.very.push(common);
        }
    }
    all
});
