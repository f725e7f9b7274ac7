//! Suspects that a space is a part of: what UTF-8 leaves where a no-break space, one of its bytes, became a space.
//!
//! `à` is `Ã` and a no-break space in windows-1252, and a no-break space itself `Â` and another one. Put into a plain space, as
//! many programs do, neither is a sequence any more; but no word ends with such a capital after a small letter. Must not:
//! decide whether it is right.

use std::sync::LazyLock;

use memchr::memmem::Finder;

/// The byte offset of the first `Ã` or `Â` at or after `from` that begins before `end` and stands between a small letter and a
/// space.
pub fn next_suspect(text: &[u8], from: usize, end: usize) -> Option<usize> {
    // Made once: most texts that are searched are a line.
    static LEFT: LazyLock<[Finder; 2]> = LazyLock::new(|| [b"\xC3\x82 ", b"\xC3\x83 "].map(Finder::new));
    LEFT.iter().fold(None, |found, left| {
        // What it needs after it may lie beyond.
        let here = text.get(from..(found.unwrap_or(end) + left.needle().len() - 1).min(text.len()))?;
        let is_stuck = |at: &usize| at.checked_sub(1).is_some_and(|before| text[before].is_ascii_lowercase());
        left.find_iter(here).map(|at| from + at).find(is_stuck).or(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capital_that_ends_a_word_in_small_letters() {
        let suspect = |text: &str| next_suspect(text.as_bytes(), 0, text.len()).is_some();
        // unbake: off
        for text in ["la serenitÃ  del mare", "le phareÂ : ferm"] {
            assert!(suspect(text), "{text}");
        }
        // unbake: on
        for text in ["SÃO PAULO", "NÃ O", "Ã is a letter", "the letter Ã", "mÃs", "na Ã rea", "Â ge", "on y va Ã  pied"]
        {
            assert!(!suspect(text), "{text}");
        }
    }
}
