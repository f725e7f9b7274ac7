//! Suspects that a space is a part of: what UTF-8 leaves where a no-break space, one of its bytes, became a space.
//!
//! `à` is `Ã` and a no-break space in windows-1252, and a no-break space itself `Â` and another one. Put into a plain space, as
//! many programs do, neither is a sequence any more; but no word ends with such a capital after a small letter. Must not:
//! decide whether it is right.

/// Whether an `Ã` or `Â` at byte `at` is what is left of a sequence whose last byte was a no-break space.
pub fn is_suspect(text: &[u8], at: usize) -> bool {
    let (before, here) = text.split_at(at);
    match here {
        [0xC3, 0x82 | 0x83, b' ', ..] if before.last().is_some_and(u8::is_ascii_lowercase) => true,
        // Alone among words in small letters, with a space that is too many.
        [0xC3, 0x83, b' ', b' ', b'a'..=b'z', ..] => matches!(before, [.., b'a'..=b'z', b' ']),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capital_that_ends_a_word_in_small_letters() {
        let suspect = |text: &str| text.char_indices().any(|(at, _)| is_suspect(text.as_bytes(), at));
        // unbake: off
        for text in ["la serenitÃ  del mare", "il y va Ã  pied", "le phareÂ : ferm"] {
            assert!(suspect(text), "{text}");
        }
        // unbake: on
        for text in ["SÃO PAULO", "NÃ O", "Ã is a letter", "the letter Ã", "mÃs", "na Ã rea", "Â ge"] {
            assert!(!suspect(text), "{text}");
        }
    }
}
