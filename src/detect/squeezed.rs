//! Suspects among characters that were squeezed into windows-1252: what looks broken once they are what they were.
//!
//! A console shows UTF-8 in IBM437 or IBM850, and Windows puts that into windows-1252 by look: `├` becomes `+`, `Γ` becomes `G`
//! (the table is Unicode's `bestfit1252.txt`). So `—`, shown as `ΓÇö`, is `GÇö`, and `ä` is `+ñ`. Only characters that cannot
//! have been anything else are put back, and only before one outside ASCII: `+-` is never damage.

use super::Joined;
use super::apart::{has_suspect, word_end};
use super::known::Known;
use super::lanes;

/// The later bytes of sequences in IBM437 or IBM850, as far as windows-1252 has their characters and no other one of the two
/// becomes them.
const LATER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥ƒáíóúñÑªº¿½¼¡«»øØ×®ÁÂÀ©";
/// The second bytes of the marks whose first one is `Γ`.
const SECOND: &str = "Çä";

/// The byte offset of the first word of `text[..end]`, at or after `from`, in which there are such characters.
pub fn next_suspect(text: &str, from: usize, end: usize, known: &mut Known) -> Option<usize> {
    let bytes = &text.as_bytes()[..end];
    let mut base = from;
    while base < end {
        let mut firsts;
        (base, firsts) = lanes::next_squeezed(bytes, base);
        let step = base;
        base += lanes::WIDTH;
        while firsts != 0 {
            let first = step + firsts.trailing_zeros() as usize;
            let stop = word_end(bytes, first + 1);
            if unsqueezed(&text[first..stop]).is_some_and(|view| has_suspect(&view, known)) {
                return Some(first);
            }
            // No more than once a word.
            let passed = stop - step;
            if passed >= lanes::WIDTH {
                base = stop;
                break;
            }
            firsts &= u64::MAX << passed;
        }
    }
    None
}

/// The text with squeezed characters put back; `None` where there are none.
pub fn unsqueezed(text: &str) -> Option<Vec<Joined>> {
    memchr::memchr2(b'+', b'G', text.as_bytes())?;
    let mut all = Vec::with_capacity(text.len());
    let mut any = false;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let mut rest = chars.clone();
        let mut next_is = |of: &str| rest.next().is_some_and(|c| of.contains(c));
        let was = match c {
            '+' if next_is(LATER) => Some('├'),
            'G' if next_is(SECOND) && next_is(LATER) => Some('Γ'),
            _ => None,
        };
        any |= was.is_some();
        all.push(Joined { c: was.unwrap_or(c), len: c.len_utf8(), is_joined: was.is_some() });
    }
    any.then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squeezed_damage_is_suspect_and_plain_signs_are_not() {
        let find = |text: &str| next_suspect(text, 0, text.len(), &mut Known::new());
        assert_eq!(find("we donGÇÖt"), Some(6));
        assert_eq!(find("sp+ñt"), Some(2));
        assert_eq!(find("1 +- 2, a+b, Géza, Gänse"), None);
    }

    #[test]
    fn what_was_squeezed_is_put_back() {
        let text = |text: &str| unsqueezed(text).map(|all| all.iter().map(|joined| joined.c).collect::<String>());
        assert_eq!(text("donGÇÖt").as_deref(), Some("donΓÇÖt"));
        assert_eq!(text("sp+ñt").as_deref(), Some("sp├ñt"));
        assert_eq!(text("caf+¬, a+b, ++"), None);
    }
}
