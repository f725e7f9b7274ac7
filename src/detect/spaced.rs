//! Suspects that a space is a part of: what UTF-8 leaves where a no-break space, one of its bytes, became a space.
//!
//! `à` is `Ã` and a no-break space in windows-1252, and a no-break space itself `Â` and another one. Put into a plain space, as
//! many programs do, neither is a sequence any more; but no word ends with such a capital after a small letter. Must not:
//! decide whether it is right.

/// The byte offset of the first `Ã` or `Â` that stands between a small letter and a space, where these `runs` of characters outside
/// ASCII begin, at or after `from` and before `end`.
pub fn next_suspect(text: &[u8], runs: &[(usize, usize)], from: usize, end: usize) -> Option<usize> {
    let starts = runs.iter().map(|(start, _)| *start);
    starts.skip_while(|start| *start < from).take_while(|start| *start < end).find(|start| is_suspect(text, *start))
}

/// Whether such a letter stands at byte `at`.
pub fn is_suspect(text: &[u8], at: usize) -> bool {
    let around = at.checked_sub(1).and_then(|before| text.get(before..)).and_then(|around| around.first_chunk());
    matches!(around, Some([b'a'..=b'z', 0xC3, 0x82 | 0x83, b' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capital_that_ends_a_word_in_small_letters() {
        let suspect = |text: &str| {
            let all: Vec<(usize, usize)> = (0..text.len()).map(|at| (at, at + 1)).collect();
            next_suspect(text.as_bytes(), &all, 0, text.len()).is_some()
        };
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
