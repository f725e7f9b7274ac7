//! Which bytes begin a character outside ASCII, which begin one that words may be known by, one that stands alone, or one that
//! may have been squeezed, and which are of words, 64 at a time; and where a run of such characters ends.
//!
//! In valid UTF-8 the first are the bytes from C0 on. All that the scan leaves out by this is ASCII and the later bytes of
//! characters. The others are told by two bytes beside each other. SSE2 is a part of every x86-64 and NEON of every 64-bit
//! ARM, so there is nothing to choose at run time; on other processors (all but the first on ARM as well), and in the tests
//! that compare the two, each byte is looked at for itself.
//!
//! The only module of the crate with unsafe code.

#![allow(unsafe_code, reason = "loads of whole vectors")]

/// How many bytes are looked at in a step.
pub const WIDTH: usize = 64;
/// A step, the byte before it, and the three after it.
pub const NEAR: usize = WIDTH + 4;

/// The next step, at or after byte `from`, in which a character outside ASCII begins: where that step begins, and a bit
/// for each such byte. No bit where there is none up to the end.
#[inline(always)]
pub fn next_leads(bytes: &[u8], from: usize) -> (usize, u64) {
    next_step(bytes, from, leads, |rest| leads(&filled(rest)))
}

/// The next step, at or after byte `from`, that has any bit, and its bits: those of the steps that are there as a whole, with
/// what has to be seen behind them, and of the rest.
#[inline(always)]
fn next_step<const SEEN: usize>(
    bytes: &[u8],
    from: usize,
    whole: impl Fn(&[u8; SEEN]) -> u64,
    rest: impl Fn(&[u8]) -> u64,
) -> (usize, u64) {
    let mut at = from;
    while let Some(step) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let bits = whole(step);
        if bits != 0 {
            return (at, bits);
        }
        at += WIDTH;
    }
    (at, rest(bytes.get(at..).unwrap_or_default()))
}

/// A step that the text does not fill, zeros behind.
fn filled(rest: &[u8]) -> [u8; WIDTH] {
    let mut step = [0; WIDTH];
    step[..rest.len()].copy_from_slice(rest);
    step
}

/// The step at byte `base` with what is around it; zeros where the text has ended or not begun.
#[cold]
pub fn padded(bytes: &[u8], base: usize) -> [u8; NEAR] {
    let mut near = [0; NEAR];
    let (start, skip) = if base == 0 { (0, 1) } else { (base - 1, 0) };
    let len = (bytes.len() - start).min(NEAR - skip);
    near[skip..skip + len].copy_from_slice(&bytes[start..start + len]);
    near
}

/// The next step, at or after byte `from` and before `end`, in which there is a character of three bytes that stands alone between
/// ASCII and may be of China, Japan or Korea: where that step begins, and a bit for the first byte of each. No bit where
/// there is none.
#[inline]
pub fn next_lone(bytes: &[u8], from: usize, end: usize) -> (usize, u64) {
    let mut at = from;
    while at < end {
        let whole = at.checked_sub(1).and_then(|before| bytes.get(before..)).and_then(|rest| rest.first_chunk());
        let bits = match whole {
            Some(near) => lone(near),
            None => lone(&padded(bytes, at)),
        };
        if bits != 0 {
            return (at, bits);
        }
        at += WIDTH;
    }
    (at, 0)
}

#[cfg(any(test, not(target_arch = "x86_64")))]
fn lone_one_by_one(near: &[u8; NEAR]) -> u64 {
    let is_lone = |at: usize| matches!(near[at], 0xE3..=0xED) && near[at - 1].is_ascii() && near[at + 3].is_ascii();
    (0..WIDTH).fold(0, |bits, bit| bits | u64::from(is_lone(bit + 1)) << bit)
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn lone(near: &[u8; NEAR]) -> u64 {
    use std::arch::x86_64::{_mm_cmpeq_epi8, _mm_min_epu8, _mm_or_si128, _mm_sub_epi8};
    use x86::{byte, four, load};
    if x86::is_ascii(&near[1..=WIDTH]) {
        return 0;
    }
    // From E3 to ED: less E3 it is no more than 0A.
    let leads = four(|at| {
        // SAFETY: SSE2 is a part of x86-64.
        unsafe {
            let above = _mm_sub_epi8(load(near, at + 1), byte(0xE3));
            _mm_cmpeq_epi8(_mm_min_epu8(above, byte(0x0A)), above)
        }
    });
    if leads == 0 {
        return 0;
    }
    // SAFETY: as above.
    leads & !four(|at| unsafe { _mm_or_si128(load(near, at), load(near, at + 4)) })
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
fn lone(near: &[u8; NEAR]) -> u64 {
    lone_one_by_one(near)
}

/// So many bytes hold a run of characters outside ASCII, the byte before it and at least one after it, if it is short.
pub const RUN: usize = 32;
/// A run with the byte before it as numbers, zeros behind.
pub type Run = [u64; RUN / 8];

/// The first byte, the bytes outside ASCII right after it, and how many these are all together.
#[inline(always)]
pub fn run(window: &[u8; RUN]) -> (Run, usize) {
    let len = 1 + (above_ascii(window) >> 1).trailing_ones() as usize;
    (first(window, len), len)
}

/// The first `len` bytes, zeros behind.
#[inline(always)]
pub fn first(window: &[u8; RUN], len: usize) -> Run {
    // As many ones, and then zeros.
    static MASKS: [u8; 2 * RUN] = {
        let mut masks = [0; 2 * RUN];
        let mut at = 0;
        while at < RUN {
            masks[at] = 0xFF;
            at += 1;
        }
        masks
    };
    let mask: &[u8; RUN] = MASKS[RUN - len.min(RUN)..].first_chunk().unwrap_or(&[0; RUN]);
    let word = |at: usize| u64::from_le_bytes(window.as_chunks().0[at]) & u64::from_le_bytes(mask.as_chunks().0[at]);
    [word(0), word(1), word(2), word(3)]
}

#[cfg(any(test, not(target_arch = "x86_64")))]
fn in_words_one_by_one(step: &[u8; WIDTH + 1]) -> u64 {
    let is_in_word = |at: usize| match step[at] {
        0x80..=0xBF | 0xC3..=0xDF => true,
        0xE1 => matches!(step[at + 1], 0xB8..=0xBF),
        byte => byte.is_ascii_alphabetic(),
    };
    (0..WIDTH).fold(0, |bits, bit| bits | u64::from(is_in_word(bit)) << bit)
}

/// The letters of ASCII, and the bytes of characters of two bytes, or of three for Latin and Greek, that are surely no spaces: a
/// bit each. The last byte only says what follows.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub fn in_words(step: &[u8; WIDTH + 1]) -> u64 {
    use std::arch::x86_64::{_mm_and_si128, _mm_cmpeq_epi8, _mm_cmpgt_epi8, _mm_min_epu8, _mm_or_si128, _mm_sub_epi8};
    use x86::{byte, four, load};
    four(|at| {
        let (v, n) = (load(step, at), load(step, at + 1));
        // SAFETY: SSE2 is a part of x86-64.
        unsafe {
            let up_to = |v, first: u8, last: u8| {
                let above = _mm_sub_epi8(v, byte(first));
                _mm_cmpeq_epi8(_mm_min_epu8(above, byte(last - first)), above)
            };
            let letters = up_to(_mm_or_si128(v, byte(0x20)), b'a', b'z');
            let two = up_to(v, 0xC3, 0xDF);
            let later = _mm_cmpgt_epi8(byte(0xC0), v);
            // What follows is from 80 to BF, in which signed bytes are in order.
            let three = _mm_and_si128(_mm_cmpeq_epi8(v, byte(0xE1)), up_to(n, 0xB8, 0xBF));
            _mm_or_si128(_mm_or_si128(letters, two), _mm_or_si128(later, three))
        }
    })
}

/// See above.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub fn in_words(step: &[u8; WIDTH + 1]) -> u64 {
    in_words_one_by_one(step)
}

/// The next step, at or after byte `from`, in which there is a `+` or a `G` right before a lead byte C2 or C3: where that step
/// begins, and a bit for each. No bit where there is none.
#[inline]
pub fn next_squeezed(bytes: &[u8], from: usize) -> (usize, u64) {
    next_step(bytes, from, squeezed, squeezed_one_by_one)
}

/// Of at most 65 bytes: the last one only says what follows.
fn squeezed_one_by_one(bytes: &[u8]) -> u64 {
    let is_squeezed = |pair: &[u8]| matches!(pair, [b'+' | b'G', 0xC2 | 0xC3]);
    bytes.windows(2).enumerate().fold(0, |bits, (bit, pair)| bits | u64::from(is_squeezed(pair)) << bit)
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn squeezed(step: &[u8; WIDTH + 1]) -> u64 {
    use std::arch::x86_64::{_mm_and_si128, _mm_cmpeq_epi8, _mm_or_si128};
    use x86::{byte, four, load};
    if x86::is_ascii(&step[1..]) {
        return 0;
    }
    four(|at| {
        let (v, n) = (load(step, at), load(step, at + 1));
        // SAFETY: SSE2 is a part of x86-64.
        unsafe {
            let first = _mm_or_si128(_mm_cmpeq_epi8(v, byte(b'+')), _mm_cmpeq_epi8(v, byte(b'G')));
            // C2 and C3 differ in the lowest bit.
            _mm_and_si128(first, _mm_cmpeq_epi8(_mm_or_si128(n, byte(1)), byte(0xC3)))
        }
    })
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
fn squeezed(step: &[u8; WIDTH + 1]) -> u64 {
    squeezed_one_by_one(step)
}

/// What the functions here have in common on x86-64, of which SSE2 is a part.
#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8};

    use super::WIDTH;

    /// The 16 bytes from `at` on.
    #[inline(always)]
    pub fn load(bytes: &[u8], at: usize) -> __m128i {
        let sixteen = &bytes[at..at + 16];
        // SAFETY: these are 16 bytes, which may lie anywhere.
        unsafe { _mm_loadu_si128(sixteen.as_ptr().cast()) }
    }

    /// Sixteen times the same byte.
    #[inline(always)]
    pub fn byte(byte: u8) -> __m128i {
        // SAFETY: it is there.
        unsafe { _mm_set1_epi8(byte as i8) }
    }

    /// The highest bit of each byte.
    #[inline(always)]
    pub fn bits(v: __m128i) -> u32 {
        // SAFETY: it is there.
        unsafe { _mm_movemask_epi8(v) as u32 }
    }

    /// The highest bit of each byte of a step, of which `of` gives sixteen at a time, by where they begin.
    #[inline(always)]
    pub fn four(of: impl Fn(usize) -> __m128i) -> u64 {
        let lane = |at: usize| u64::from(bits(of(at))) << at;
        lane(0) | lane(16) | lane(32) | lane(48)
    }

    /// Whether the first bytes, as many as a step has, are all ASCII.
    #[inline(always)]
    pub fn is_ascii(step: &[u8]) -> bool {
        let step = &step[..WIDTH];
        // SAFETY: it is there.
        let or = |a, b| unsafe { _mm_or_si128(a, b) };
        bits(or(or(load(step, 0), load(step, 16)), or(load(step, 32), load(step, 48)))) == 0
    }
}

/// A bit for each byte outside ASCII.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn above_ascii_one_by_one(window: &[u8; RUN]) -> u32 {
    window.iter().enumerate().fold(0, |bits, (bit, byte)| bits | u32::from(!byte.is_ascii()) << bit)
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn above_ascii(window: &[u8; RUN]) -> u32 {
    x86::bits(x86::load(window, 0)) | x86::bits(x86::load(window, 16)) << 16
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
fn above_ascii(window: &[u8; RUN]) -> u32 {
    above_ascii_one_by_one(window)
}

/// The next character, at or after byte `from` and before `end`, that a damaged word may be known by: one of Latin, Greek and
/// Cyrillic letters and of the signs that pages have, without ASCII and the small letters of Russian.
#[inline(always)]
pub fn next_telling(bytes: &[u8], from: usize, end: usize) -> Option<usize> {
    // Most often it is the first one.
    if let Some([byte, next, ..]) = bytes.get(from..end)
        && is_telling(*byte, *next)
    {
        return Some(from);
    }
    let mut at = from;
    while at < end {
        let rest = bytes.get(at..).unwrap_or_default();
        let bits = rest.first_chunk().map_or_else(|| telling_one_by_one(rest), telling);
        if bits != 0 {
            let found = at + bits.trailing_zeros() as usize;
            return (found < end).then_some(found);
        }
        at += WIDTH;
    }
    None
}

/// Of at most 65 bytes: the last one only says what follows.
fn telling_one_by_one(bytes: &[u8]) -> u64 {
    let next = bytes.iter().skip(1).copied().chain([0]);
    let bits = bytes.iter().zip(next).take(WIDTH).enumerate();
    bits.fold(0, |bits, (bit, (byte, next))| bits | u64::from(is_telling(*byte, next)) << bit)
}

/// Whether [`next_telling`] finds a character that begins with these bytes.
pub fn is_telling(byte: u8, next: u8) -> bool {
    let is_small_russian = matches!((byte, next), (0xD0, 0xB0..=0xBF) | (0xD1, 0x80..=0x8F));
    matches!(byte, 0xC2..=0xD1 | 0xE2) && !is_small_russian
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn telling(step: &[u8; WIDTH + 1]) -> u64 {
    use std::arch::x86_64::{
        _mm_and_si128, _mm_andnot_si128, _mm_cmpeq_epi8, _mm_cmpgt_epi8, _mm_min_epu8, _mm_or_si128, _mm_sub_epi8,
    };
    use x86::{byte, four, load};
    if x86::is_ascii(step) {
        return 0;
    }
    four(|at| {
        let (v, n) = (load(step, at), load(step, at + 1));
        // SAFETY: SSE2 is a part of x86-64.
        unsafe {
            // From C2 to D1: less C2 it is no more than 0F.
            let above = _mm_sub_epi8(v, byte(0xC2));
            let may = _mm_cmpeq_epi8(_mm_min_epu8(above, byte(0x0F)), above);
            let may = _mm_or_si128(may, _mm_cmpeq_epi8(v, byte(0xE2)));
            // What follows these two is from 80 to BF, in which signed bytes are in order.
            let first_half = _mm_and_si128(_mm_cmpeq_epi8(v, byte(0xD0)), _mm_cmpgt_epi8(n, byte(0xAF)));
            let second_half = _mm_and_si128(_mm_cmpeq_epi8(v, byte(0xD1)), _mm_cmpgt_epi8(byte(0x90), n));
            _mm_andnot_si128(_mm_or_si128(first_half, second_half), may)
        }
    })
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
fn telling(step: &[u8; WIDTH + 1]) -> u64 {
    telling_one_by_one(step)
}

/// At most 64 bytes.
#[cfg(any(test, not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_endian = "little")))))]
fn leads_one_by_one(bytes: &[u8]) -> u64 {
    bytes.iter().enumerate().fold(0, |leads, (bit, byte)| leads | u64::from(*byte >= 0xC0) << bit)
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn leads(step: &[u8; WIDTH]) -> u64 {
    use std::arch::x86_64::_mm_subs_epu8;
    if x86::is_ascii(step) {
        return 0;
    }
    // Less 40 without wrapping, the bytes from C0 on are those from 80 on.
    // SAFETY: SSE2 is a part of x86-64.
    x86::four(|at| unsafe { _mm_subs_epu8(x86::load(step, at), x86::byte(0x40)) })
}

#[cfg(all(target_arch = "aarch64", target_endian = "little"))]
#[inline(always)]
fn leads(step: &[u8; WIDTH]) -> u64 {
    use std::arch::aarch64::{vaddvq_u8, vandq_u8, vcgeq_u8, vdupq_n_u8, vget_lane_u64, vld1q_u8, vpaddq_u8};
    use std::arch::aarch64::{vget_low_u8, vreinterpret_u64_u8};
    const BITS: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128];
    // SAFETY: the four loads lie within the 64 bytes, that of the bits within its 16; NEON is a part of 64-bit ARM.
    unsafe {
        let bits = vld1q_u8(BITS.as_ptr());
        let lane = |at: usize| vandq_u8(vcgeq_u8(vld1q_u8(step.as_ptr().add(at)), vdupq_n_u8(0xC0)), bits);
        let lanes = [lane(0), lane(16), lane(32), lane(48)];
        if lanes.iter().all(|lane| vaddvq_u8(*lane) == 0) {
            return 0;
        }
        // Three rounds of adding neighbours leave a byte of eight bits for each eight bytes, in order.
        let sum = vpaddq_u8(vpaddq_u8(lanes[0], lanes[1]), vpaddq_u8(lanes[2], lanes[3]));
        vget_lane_u64::<0>(vreinterpret_u64_u8(vget_low_u8(vpaddq_u8(sum, sum))))
    }
}

#[cfg(not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_endian = "little"))))]
#[inline(always)]
fn leads(step: &[u8; WIDTH]) -> u64 {
    leads_one_by_one(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_at_each_place_is_seen_as_one_by_one() {
        for byte in 0..=255 {
            for place in 0..WIDTH {
                for rest in [0, 0x7F, 0x80, 0xBF, 0xC0, 0xFF] {
                    let mut step = [rest; WIDTH];
                    step[place] = byte;
                    assert_eq!(leads(&step), leads_one_by_one(&step), "{byte:02X} at {place} among {rest:02X}");
                }
            }
        }
    }

    /// What may stand in valid UTF-8: after D0 and D1 there is a byte from 80 to BF.
    #[test]
    fn telling_bytes_are_seen_as_one_by_one() {
        for byte in 0..=255 {
            for next in [0, 0x7F, 0x80, 0x8F, 0x90, 0xAF, 0xB0, 0xBF, 0xC1, 0xC2, 0xD0, 0xD1, 0xD2, 0xE2, 0xFF] {
                if matches!(byte, 0xD0 | 0xD1) && !(0x80..0xC0).contains(&next) {
                    continue;
                }
                for place in 0..WIDTH {
                    let mut step = [b'a'; WIDTH + 1];
                    (step[place], step[place + 1]) = (byte, next);
                    if matches!(next, 0xD0 | 0xD1) && place + 2 <= WIDTH {
                        step[place + 2] = 0xB1;
                    }
                    assert_eq!(telling(&step), telling_one_by_one(&step), "{byte:02X} {next:02X} at {place}");
                }
            }
        }
    }

    #[test]
    fn each_telling_character_is_found() {
        let text = "Ёлка и ёж, café, an œuvre — “quoted” в поле\u{A0}ø".repeat(20);
        for start in text.char_indices().map(|(at, _)| at).take(70) {
            let text = &text[start..];
            let expected: Vec<usize> = text
                .char_indices()
                .filter(|(at, _)| is_telling(text.as_bytes()[*at], text.as_bytes().get(at + 1).copied().unwrap_or(0)))
                .map(|(at, _)| at)
                .collect();
            for from in 0..text.len() {
                for end in [from, from + 1, from + 70, text.len()] {
                    let expected = expected.iter().copied().find(|at| *at >= from).filter(|at| *at < end);
                    assert_eq!(next_telling(text.as_bytes(), from, end), expected, "from {from} to {end} in {start}");
                }
            }
        }
    }

    #[test]
    fn pairs_of_bytes_are_seen_as_one_by_one() {
        for (byte, next) in (0..=255).flat_map(|byte| (0..=255).map(move |next| (byte, next))) {
            for place in [0, 1, 14, 15, 16, 31, 32, 47, 48, 62, 63] {
                for around in [b' ', b'G', 0xC3] {
                    let mut step = [around; WIDTH + 1];
                    (step[place], step[place + 1]) = (byte, next);
                    let what = format!("{byte:02X} {next:02X} at {place}");
                    assert_eq!(in_words(&step), in_words_one_by_one(&step), "{what}");
                    assert_eq!(squeezed(&step), squeezed_one_by_one(&step), "{what}");
                }
            }
        }
    }

    #[test]
    fn characters_alone_are_seen_as_one_by_one() {
        for (byte, around) in (0..=255).flat_map(|byte| [0, 0x7F, 0x80, 0xE3, 0xFF].map(|around| (byte, around))) {
            for place in 0..WIDTH {
                for ascii in [[0, 4], [0, 0], [4, 4]] {
                    let mut near = [around; NEAR];
                    near[place + 1] = byte;
                    ascii.iter().for_each(|at| near[place + at] = b' ');
                    assert_eq!(lone(&near), lone_one_by_one(&near), "{byte:02X} at {place} among {around:02X}");
                }
            }
        }
        let text = "日 x日x 日本 é日 日é 한 ".repeat(40) + "日";
        let expected: Vec<usize> = (text.char_indices().zip(text.char_indices().skip(1).map(|(_, c)| c).chain([' '])))
            .scan(' ', |last, ((at, c), next)| Some((std::mem::replace(last, c), at, c, next)))
            .filter(|(last, _, c, next)| last.is_ascii() && *c > '\u{3000}' && next.is_ascii())
            .map(|(_, at, ..)| at)
            .collect();
        let (mut base, mut found) = (0, Vec::new());
        while base < text.len() {
            let mut bits;
            (base, bits) = next_lone(text.as_bytes(), base, text.len());
            while bits != 0 {
                found.push(base + bits.trailing_zeros() as usize);
                bits &= bits - 1;
            }
            base += WIDTH;
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn a_run_ends_where_ascii_begins_again() {
        for place in 0..RUN {
            for len in 0..=RUN - place {
                let mut window = [b'a'; RUN];
                window[place..place + len].fill(0x80 + len as u8);
                assert_eq!(above_ascii(&window), above_ascii_one_by_one(&window));
                let (bytes, all) = run(&window);
                let mut expected = [0; RUN];
                expected[0] = window[0];
                let stop = if place <= 1 { (place + len).max(1) } else { 1 };
                expected[..stop].copy_from_slice(&window[..stop]);
                assert_eq!((all, bytes.map(u64::to_le_bytes).as_flattened()), (stop, &expected[..]));
            }
        }
    }

    #[test]
    fn steps_cover_the_text() {
        for len in 0..200 {
            for place in 0..len {
                let mut bytes = vec![b'a'; len];
                bytes[place] = 0xC3;
                let (at, leads) = next_leads(&bytes, 0);
                assert_eq!(at + leads.trailing_zeros() as usize, place);
                assert_eq!(padded(&bytes, at)[1 + leads.trailing_zeros() as usize], 0xC3);
            }
        }
    }
}
