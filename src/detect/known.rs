//! What the scan has worked out lately, so that it need not do so again: text repeats its words.
//!
//! In: a run of characters outside ASCII with the byte of ASCII before it, a single character with those around it, a place where
//! a sequence might end with the characters before it, a pair of characters. Out: what the scan came to there. Must not: change any
//! answer. All are known by all the bytes or characters that what is kept follows from, not by a hash of them; what the
//! memory has no room for is forgotten, and worked out again.
//!
//! Of each run it is also known whether the other searches could find anything in it. The scan leaves those runs for them of
//! which that is not known ([`Unsure`]); most text has few.

use super::lanes;
use super::spaced;
use super::thresholds::TOO_MUCH;

/// What the scan has come to after a run in which nothing was found.
#[derive(Clone, Copy)]
pub struct After {
    /// How it goes on where there is surprise before it; `None` where that was never asked.
    pub limits: Option<Limits>,
    /// The surprise, or more.
    pub sum: u8,
    /// How many bytes of the run there are before it began to rise.
    pub first: u8,
    /// Whether nothing else in it is worth a look, unless a letter stands beside it.
    pub is_sure: bool,
}

/// How a run goes on where there is surprise before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// So much, or less, makes no difference to what there is after the run: it is gone at some place in it. Of more, all but this
    /// much comes on top of what there is without.
    pub gone: i32,
    /// With so much, or less, it is never too much.
    pub most: i32,
}

impl Limits {
    /// In steps of this, rounded down, so that there is room for both.
    const STEP: i32 = 4;
    const STEPS: i32 = 1 + TOO_MUCH / Limits::STEP;

    /// None is enough for the run to be known.
    pub const NONE: Limits = Limits { gone: 0, most: 0 };

    /// More than what can be gone there is none.
    pub fn new(gone: i32, most: i32) -> Limits {
        Limits { gone: gone.min(TOO_MUCH), most: most.max(0) / Limits::STEP * Limits::STEP }
    }

    fn number(self) -> u32 {
        (self.gone * Limits::STEPS + self.most / Limits::STEP) as u32
    }

    fn of_number(number: u32) -> Limits {
        let number = number as i32;
        Limits { gone: number / Limits::STEPS, most: number % Limits::STEPS * Limits::STEP }
    }
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
}

/// No key is longer: the last three bytes of a slot are where its value is kept.
pub const LONGEST: usize = lanes::RUN - 3;
const VALUE: u32 = 40;
/// What a value holds, from the lowest bit on: where the surprise began to rise, how much it is, the number of the limits, and
/// whether nothing else in the run is worth a look.
const SUM: u32 = 5;
const LIMITS: u32 = 12;
const SURE: u32 = 1 << 23;
/// In place of limits that were never asked for: there are fewer.
const NO_LIMITS: u32 = (1 << (23 - LIMITS)) - 1;
const _: () = assert!((TOO_MUCH * Limits::STEPS + Limits::STEPS) < NO_LIMITS as i32 && LONGEST <= 1 << SUM);
const _: () = assert!(TOO_MUCH <= 1 << (LIMITS - SUM));
/// In 1.5 MB of text twelve of thirteen words are known with so many slots, half a megabyte; seven of eight if each may be in two of
/// them, seven of ten in one.
const SET_BITS: u32 = 12;
const WAYS: usize = 4;
/// How many pairs of characters are known, single ones, and places. A power of two each, for which the highest bits of a
/// hash are the number.
const PAIRS: usize = 1 << 11;
const ONES: usize = 1 << 13;
const VAIN: usize = 1 << 12;

/// A memory of a fixed size: a value for each key of up to [`LONGEST`] bytes, zeros behind, that are not all zeros. Each is in one of
/// four slots, those that were asked for last first, more or less.
pub struct Memory(Vec<[lanes::Run; WAYS]>);

impl Memory {
    /// Nothing. What is set aside here is not touched before it is used.
    pub fn new() -> Memory {
        Memory(vec![[[0; 4]; WAYS]; 1 << SET_BITS])
    }

    /// The value of a key.
    #[inline(always)]
    pub fn get(&mut self, key: &lanes::Run) -> Option<u32> {
        let set = self.0.get_mut(set(key))?;
        value(&set[0], key).or_else(|| seek(set, key))
    }

    /// Keeps the value of a key that has none.
    pub fn put(&mut self, key: &lanes::Run, value: u32) {
        if let Some(set) = self.0.get_mut(set(key)) {
            let [a, b, c, _] = *set;
            let mut slot = *key;
            slot[3] |= u64::from(value) << VALUE;
            *set = [slot, a, b, c];
        }
    }

    /// The value of a key, to be changed.
    fn value_mut(&mut self, key: &lanes::Run) -> Option<&mut u64> {
        let slot = self.0.get_mut(set(key))?.iter_mut().find(|slot| value(slot, key).is_some())?;
        Some(&mut slot[3])
    }
}

/// The value of a key that is not in the first slot; then it is.
#[inline(never)]
fn seek(set: &mut [lanes::Run; WAYS], key: &lanes::Run) -> Option<u32> {
    for at in 1..WAYS {
        let value = value(&set[at], key);
        if value.is_some() {
            set.swap(0, at);
            return value;
        }
    }
    None
}

/// The value in this slot, if the key is in it.
#[inline(always)]
fn value([a, b, c, d]: &lanes::Run, key: &lanes::Run) -> Option<u32> {
    let differs = (a ^ key[0]) | (b ^ key[1]) | (c ^ key[2]) | (d ^ key[3]) << (u64::BITS - VALUE);
    (differs == 0).then_some((d >> VALUE) as u32)
}

/// The number of the slots where a key may be.
#[inline(always)]
fn set([a, b, c, d]: &lanes::Run) -> usize {
    let hash = (a ^ d.rotate_left(32)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ (b ^ c.rotate_left(32)).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
    (hash >> (u64::BITS - SET_BITS)) as usize
}

/// A single character of two or three bytes outside ASCII, with the bytes of ASCII around it.
#[derive(Clone, Copy)]
pub struct One(u64);

impl One {
    /// The one at byte `at`, if there is one.
    #[inline(always)]
    pub fn new(bytes: &[u8], at: usize) -> Option<One> {
        let eight = u64::from_le_bytes(*bytes.get(at.wrapping_sub(1)..)?.first_chunk()?);
        let is_ascii = |byte: u32| eight >> (8 * byte) & 0x80 == 0;
        match (eight >> 8) as u8 {
            ..0xE0 if is_ascii(3) => Some(One(eight & 0xFFFF_FFFF)),
            0xE0..0xF0 if is_ascii(4) => Some(One(eight & 0xFF_FFFF_FFFF)),
            _ => None,
        }
    }

    /// How many bytes the character has.
    #[inline(always)]
    pub fn len(self) -> usize {
        if self.0 as u16 >= 0xE000 { 3 } else { 2 }
    }

    /// Whether it may be of China, Japan or Korea.
    #[inline(always)]
    pub fn is_cjk(self) -> bool {
        matches!((self.0 >> 8) as u8, 0xE3..=0xED)
    }

    #[inline(always)]
    fn slot(self) -> usize {
        (self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - ONES.ilog2())) as usize
    }
}

/// What is known of a single character between ASCII.
#[derive(Clone, Copy)]
pub struct Alone {
    /// What it adds to the surprise.
    pub by: i8,
    /// What the ASCII after it adds then, which is more than nothing. 0: the character has to be looked at.
    pub ends: u8,
    /// Whether nothing else about it is worth a look.
    pub is_sure: bool,
}

/// Whether, after a place that ends nothing, the next character may end a sequence.
#[derive(Clone, Copy)]
pub struct GoesOn {
    /// One of four.
    pub to_fourth: bool,
    /// One of three, or go on in one of four.
    pub to_third: bool,
}

/// The last characters before a place, up to four, and the one before them, as one number: 21 bits are enough for each, and
/// one more tells where the first one is.
pub fn place(before: char, run: &[(u32, usize)]) -> u128 {
    let mut key = u128::from(u32::from(before)) | 1 << 21;
    for &(c, _) in run {
        key = key << 21 | u128::from(c);
    }
    key << 3 | IS_THERE
}

const IS_THERE: u128 = 1;
const TO_FOURTH: u128 = 2;
const TO_THIRD: u128 = 4;

/// What the scan knows.
pub struct Known {
    runs: Memory,
    /// What a character adds after another one: the two of them, and that. 0 is no such pair.
    pairs: Vec<(u64, i32)>,
    /// What is known of single characters; [`Alone`] in the lowest two bytes.
    ones: Vec<u64>,
    /// Places where no sequence can end that is worth anything, and whether one may go on there.
    vain: Vec<u128>,
    /// What the last scan went over that others have to look at.
    pub unsure: Unsure,
}

/// The runs that the scan finds nothing in, but others may.
#[derive(Default)]
pub struct Unsure {
    /// Where they begin and end.
    pub runs: Vec<(usize, usize)>,
    /// Whether any is a single character of three bytes, and whether one is such a character twice.
    pub any_lone: bool,
    pub any_double: bool,
    /// Whether there may be a mark that stands apart from its letter.
    pub any_apart: bool,
    /// Whether any is one that [`super::squeezed`] looks at, or [`super::spaced`].
    pub any_squeezed: bool,
    pub any_spaced: bool,
}

impl Unsure {
    /// None, for another scan.
    pub fn clear(&mut self) {
        self.runs.clear();
        (self.any_lone, self.any_double) = (false, false);
        (self.any_apart, self.any_squeezed, self.any_spaced) = (false, false, false);
    }

    /// One more, from byte `start` to `end`.
    #[inline]
    pub fn push(&mut self, bytes: &[u8], start: usize, end: usize) {
        self.runs.push((start, end));
        let is = Odd::of(bytes, start, end);
        self.any_lone |= is.lone;
        self.any_double |= is.double;
        self.any_apart |= is.apart;
        self.any_squeezed |= is.squeezed;
        self.any_spaced |= is.spaced;
    }
}

/// What may be in a run that is no word.
struct Odd {
    lone: bool,
    double: bool,
    apart: bool,
    squeezed: bool,
    spaced: bool,
}

impl Odd {
    #[inline]
    fn of(bytes: &[u8], start: usize, end: usize) -> Odd {
        let run = &bytes[start..end];
        Odd {
            lone: matches!(run, [0xE3..=0xED, _, _]),
            double: is_double(run),
            apart: run.len() > LONGEST || run.iter().fold(false, |any, byte| any | matches!(byte, 0xCC | 0xCD)),
            squeezed: start > 0 && matches!(bytes[start - 1..=start], [b'+' | b'G', 0xC2 | 0xC3]),
            spaced: spaced::is_suspect(bytes, start),
        }
    }

    /// Whether any of what the scan itself does not see.
    fn any(&self) -> bool {
        self.double || self.apart || self.squeezed || self.spaced
    }
}

/// Whether a run is one character of three bytes twice.
#[inline]
pub fn is_double(run: &[u8]) -> bool {
    matches!(*run, [a @ 0xE3..=0xED, b, c, d, e, f] if [a, b, c] == [d, e, f])
}

impl Known {
    pub fn new() -> Known {
        Known {
            runs: Memory::new(),
            pairs: vec![(0, 0); PAIRS],
            ones: vec![0; ONES],
            vain: vec![0; VAIN],
            unsure: Unsure::default(),
        }
    }

    /// What is known of a single character.
    #[inline(always)]
    pub fn one(&self, one: One) -> Option<Alone> {
        let slot = *self.ones.get(one.slot())?;
        let alone = Alone { by: (slot >> 8) as i8, ends: slot as u8 & 0x7F, is_sure: slot & 0x80 != 0 };
        (slot >> 16 == one.0).then_some(alone)
    }

    /// Keeps that of the one at byte `at`. `is_word` says whether it may give a word away.
    pub fn put_one(&mut self, one: One, by: i8, ends: u8, bytes: &[u8], at: usize, is_word: bool) -> Alone {
        let is_sure = !is_word && !Odd::of(bytes, at, at + one.len()).any();
        let sure = if is_sure { 0x80 } else { 0 };
        self.ones[one.slot()] = one.0 << 16 | u64::from(by as u8) << 8 | u64::from(ends | sure);
        Alone { by, ends, is_sure }
    }

    /// Whether a place is known to end nothing, and whether a sequence may go on there.
    pub fn vain(&self, place: u128) -> Option<GoesOn> {
        let kept = self.vain[slot_of_place(place)];
        let is_kept = kept & !(TO_FOURTH | TO_THIRD) == place;
        is_kept.then_some(GoesOn { to_fourth: kept & TO_FOURTH != 0, to_third: kept & TO_THIRD != 0 })
    }

    pub fn put_vain(&mut self, place: u128, goes_on: GoesOn) {
        let bit = |is: bool, bit: u128| if is { bit } else { 0 };
        self.vain[slot_of_place(place)] = place | bit(goes_on.to_fourth, TO_FOURTH) | bit(goes_on.to_third, TO_THIRD);
    }

    /// What is known of a run.
    #[inline(always)]
    pub fn get(&mut self, key: &Key) -> Option<After> {
        let value = self.runs.get(&key.bytes)?;
        let limits = value >> LIMITS & NO_LIMITS;
        Some(After {
            limits: (limits != NO_LIMITS).then(|| Limits::of_number(limits)),
            sum: (value >> SUM & 0x7F) as u8,
            first: (value & 0x1F) as u8,
            is_sure: value & SURE != 0,
        })
    }

    /// Keeps what a run came to, if that is not too much to be kept.
    pub fn put(&mut self, key: &Key, sum: i32, first: usize) {
        if (0..1 << (LIMITS - SUM)).contains(&sum) && first < 1 << SUM {
            self.runs.put(&key.bytes, first as u32 | (sum as u32) << SUM | NO_LIMITS << LIMITS);
        }
    }

    /// Keeps the limits of a run that has none.
    pub fn put_limits(&mut self, key: &Key, limits: Limits) {
        if let Some(value) = self.runs.value_mut(&key.bytes) {
            let bits = |limits: u32| u64::from(limits) << (VALUE + LIMITS);
            *value = *value & !bits(NO_LIMITS) | bits(limits.number());
        }
    }

    /// Keeps that no word is given away by a run, from byte `start` to `end`, whatever stands beside it but letters.
    #[inline]
    pub fn put_sure(&mut self, bytes: &[u8], start: usize, end: usize) {
        let is_letter = |at: usize| bytes.get(at).is_none_or(u8::is_ascii_alphabetic);
        if is_letter(start.wrapping_sub(1)) || is_letter(end) {
            return;
        }
        if let Some(key) = Key::new(bytes, start).filter(|key| start + key.run_len() == end)
            && !Odd::of(bytes, start, end).any()
            && let Some(value) = self.runs.value_mut(&key.bytes)
        {
            *value |= u64::from(SURE) << VALUE;
        }
    }

    /// How much a character adds after another one, which is asked for where it is not known. Not both are ASCII.
    #[inline]
    pub fn after(&mut self, last: char, c: char, by: impl FnOnce() -> i32) -> i32 {
        let key = u64::from(u32::from(last)) << 32 | u64::from(u32::from(c));
        let slot = &mut self.pairs[(key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - PAIRS.ilog2())) as usize];
        if slot.0 != key {
            *slot = (key, by());
        }
        slot.1
    }
}

fn slot_of_place(place: u128) -> usize {
    let hash =
        (place as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ ((place >> 64) as u64).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    (hash >> (u64::BITS - VAIN.ilog2())) as usize
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
            known.put(&key, at as i32 + 1, 20 - at);
            assert_eq!(known.get(&key).unwrap().limits, None);
            known.put_limits(&key, Limits::new(70 + at as i32, 79));
        }
        for (at, word) in words.iter().enumerate().skip(2) {
            for rest in [rest, ", or with other text behind it, it is the same"] {
                let after = known.get(&key(&format!("{word}{rest}")).unwrap()).unwrap();
                let limits = Limits { gone: 70 + at as i32, most: 76 };
                assert_eq!(
                    (after.sum, after.first, after.limits),
                    (at as u8 + 1, 20 - at as u8, Some(limits)),
                    "{word}"
                );
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
