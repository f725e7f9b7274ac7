//! Runs of characters that the scan has been over lately, and what it found there: text repeats its words.
//!
//! In: a run outside ASCII, with the byte of ASCII before it. Out: what the scan's state is after it, if that was worked out
//! before and nothing was found. Must not: change any answer; a run is known by all its bytes, and what is kept of it follows
//! from them alone.

use super::lanes;

/// What the scan has come to after a run in which nothing was found, if there was no surprise before it.
#[derive(Clone, Copy)]
pub struct After {
    /// The surprise, or more.
    pub sum: u8,
    /// How many bytes of the run there are before it began to rise.
    pub first: u8,
}

/// A run with the byte before it, and how long it is.
pub struct Key {
    bytes: lanes::Run,
    len: usize,
}

impl Key {
    /// Of the run that begins at byte `at`, if there is a byte before it and ASCII not too far behind it.
    #[inline(always)]
    pub fn new(bytes: &[u8], at: usize) -> Option<Key> {
        let window = bytes.get(at.wrapping_sub(1)..)?.first_chunk()?;
        let (bytes, len) = lanes::run(window);
        (len <= LONGEST).then_some(Key { bytes, len })
    }

    /// How many bytes the run has.
    #[inline(always)]
    pub fn run_len(&self) -> usize {
        self.len - 1
    }

    /// The number of the pair of slots where it may be.
    #[inline(always)]
    fn pair(&self) -> usize {
        let [a, b, c, d] = self.bytes;
        let mix = |word: u64, by: u64| word.wrapping_mul(by);
        let hash = mix(a, 0x9E37_79B9_7F4A_7C15)
            ^ mix(b, 0xC2B2_AE3D_27D4_EB4F).rotate_left(23)
            ^ mix(c, 0x1656_67B1_9E37_79F9).rotate_left(41)
            ^ mix(d, 0xD6E8_FEB8_6659_FD93);
        (hash >> (u64::BITS - PAIR_BITS)) as usize
    }

    /// The value in this slot, if the run is in it.
    #[inline(always)]
    fn value(&self, [a, b, c, d]: lanes::Run) -> Option<After> {
        let differs = (a ^ self.bytes[0]) | (b ^ self.bytes[1]) | (c ^ self.bytes[2]) | (d ^ self.bytes[3]) << 16;
        let value = d >> VALUE;
        (differs == 0).then_some(After { sum: value as u8, first: (value >> 8) as u8 })
    }
}

/// No run with the byte before it is longer: the last two bytes of a slot are where its value is kept.
const LONGEST: usize = lanes::RUN - 2;
const VALUE: u32 = 48;
/// In 1.5 MB of text seven of eight words are known with so many pairs of slots, half a megabyte; with half as many, three of
/// four.
const PAIR_BITS: u32 = 13;
const ENDS: usize = 256;

/// What is known.
pub struct Known {
    /// The runs, each in one of two slots: the first of them is the one seen last.
    runs: Vec<[lanes::Run; 2]>,
    /// How much ASCII adds after a character: the two of them, and that.
    ends: [(u32, i32); ENDS],
}

impl Known {
    /// None. What is set aside here is not touched before it is used.
    pub fn new() -> Known {
        Known { runs: vec![[[0; 4]; 2]; 1 << PAIR_BITS], ends: [(0, 0); ENDS] }
    }

    /// What is known of a run.
    #[inline(always)]
    pub fn get(&mut self, key: &Key) -> Option<After> {
        let pair = self.runs.get_mut(key.pair())?;
        let first = key.value(pair[0]);
        if first.is_some() {
            return first;
        }
        let second = key.value(pair[1]);
        if second.is_some() {
            pair.swap(0, 1);
        }
        second
    }

    /// Keeps what a run came to, if that is not too much to be kept.
    pub fn put(&mut self, key: &Key, sum: i32, first: usize) {
        let (Ok(sum), Ok(first)) = (u8::try_from(sum), u8::try_from(first)) else { return };
        if let Some(pair) = self.runs.get_mut(key.pair()) {
            let mut slot = key.bytes;
            slot[3] |= (u64::from(first) << 8 | u64::from(sum)) << VALUE;
            *pair = [slot, pair[0]];
        }
    }

    /// How much a byte of ASCII adds after a character outside ASCII, which is asked for where it is not known.
    #[inline]
    pub fn end(&mut self, last: char, first: u8, by: impl FnOnce() -> i32) -> i32 {
        let key = u32::from(last) << 7 | u32::from(first);
        let slot = &mut self.ends[(key.wrapping_mul(0x9E37_79B9) >> 24) as usize % ENDS];
        if slot.0 != key {
            *slot = (key, by());
        }
        slot.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_known_by_all_its_bytes() {
        let mut known = Known::new();
        let key = |text: &str| Key::new(text.as_bytes(), text.find(|c: char| !c.is_ascii()).unwrap());
        let rest = " and so much text behind it that it is enough";
        let words = [" é", "a é", "xé", " éè", " слово", " словл", "-слово", " длинное", " словопослово", " я"];
        for (at, word) in words.iter().enumerate() {
            let key = key(&format!("{word}{rest}")).unwrap();
            known.put(&key, at as i32 + 1, 200 - at);
        }
        for (at, word) in words.iter().enumerate().skip(2) {
            for rest in [rest, ", or with other text behind it, it is the same"] {
                let after = known.get(&key(&format!("{word}{rest}")).unwrap()).unwrap();
                assert_eq!((after.sum, after.first), (at as u8 + 1, 200 - at as u8), "{word}");
            }
        }
        // The byte before it, and no more, is a part of it.
        assert_eq!(known.get(&key(&format!("b é{rest}")).unwrap()).unwrap().sum, 2);
        for word in [" è", " сло", " словопослова", "=слово"] {
            assert!(known.get(&key(&format!("{word}{rest}")).unwrap()).is_none(), "{word}");
        }
        // At the edges of a text, and too long.
        assert!(key(&format!("é{rest}")).is_none() && key(" é").is_none());
        assert!(key(&format!(" {}{rest}", "é".repeat(14))).is_some());
        assert!(key(&format!(" {}{rest}", "é".repeat(15))).is_none());
    }
}
