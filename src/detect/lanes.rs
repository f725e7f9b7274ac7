//! Which bytes begin a character outside ASCII, many bytes at a time.

/// How many bytes are looked at in a step.
pub const WIDTH: usize = 64;

/// The next step, at or after byte `from`, in which a character outside ASCII begins: where that step begins, and a bit
/// for each such byte. Past the end where there is none.
#[inline(always)]
pub fn next_leads(bytes: &[u8], from: usize) -> (usize, u64) {
    let mut at = from;
    while let Some(step) = bytes.get(at..).and_then(|rest| rest.first_chunk::<WIDTH>()) {
        let leads = leads(step);
        if leads != 0 {
            return (at, leads);
        }
        at += WIDTH;
    }
    let mut leads = 0;
    for (bit, byte) in bytes.get(at..).unwrap_or_default().iter().enumerate() {
        leads |= u64::from(*byte >= 0xC0) << bit;
    }
    (at, leads)
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
#[allow(unsafe_code)]
fn leads(step: &[u8; WIDTH]) -> u64 {
    use std::arch::x86_64::{_mm_and_si128, _mm_cmpgt_epi8, _mm_loadu_si128, _mm_movemask_epi8, _mm_set1_epi8};
    let mut mask = 0;
    for (lane, sixteen) in step.chunks_exact(16).enumerate() {
        // SAFETY: `sixteen` is 16 bytes long, and SSE2 is part of x86-64.
        let bits = unsafe {
            let v = _mm_loadu_si128(sixteen.as_ptr().cast());
            let lead = _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8(-65)), _mm_cmpgt_epi8(_mm_set1_epi8(0), v));
            _mm_movemask_epi8(lead)
        };
        mask |= u64::from(bits as u16) << (16 * lane);
    }
    mask
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
fn leads(step: &[u8; WIDTH]) -> u64 {
    step.iter().enumerate().fold(0, |mask, (bit, byte)| mask | u64::from(*byte >= 0xC0) << bit)
}
