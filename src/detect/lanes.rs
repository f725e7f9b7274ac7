//! Which bytes begin a character outside ASCII, 64 at a time.
//!
//! In valid UTF-8 those are the bytes from C0 on. All that the scan leaves out by this is ASCII and the later bytes of
//! characters. SSE2 is a part of every x86-64 and NEON of every 64-bit ARM, so there is nothing to choose at run time; on
//! other processors, and in the tests that compare the two, each byte is looked at for itself.
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
    let mut at = from;
    while let Some(step) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let leads = leads(step);
        if leads != 0 {
            return (at, leads);
        }
        at += WIDTH;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    (at, leads_one_by_one(rest))
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

/// At most 64 bytes.
fn leads_one_by_one(bytes: &[u8]) -> u64 {
    bytes.iter().enumerate().fold(0, |leads, (bit, byte)| leads | u64::from(*byte >= 0xC0) << bit)
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn leads(step: &[u8; WIDTH]) -> u64 {
    use std::arch::x86_64::{_mm_cmplt_epi8, _mm_loadu_si128, _mm_movemask_epi8, _mm_set1_epi8, _mm_subs_epu8};
    let mut leads = 0;
    for (lane, sixteen) in step.chunks_exact(16).enumerate() {
        // SAFETY: `sixteen` is 16 bytes long and may lie anywhere; SSE2 is a part of x86-64.
        let bits = unsafe {
            let v = _mm_loadu_si128(sixteen.as_ptr().cast());
            // Less 40 without wrapping, the bytes from C0 on are those from 80 on: those that are negative.
            _mm_movemask_epi8(_mm_cmplt_epi8(_mm_subs_epu8(v, _mm_set1_epi8(0x40)), _mm_set1_epi8(0)))
        };
        leads |= u64::from(bits as u16) << (16 * lane);
    }
    leads
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
