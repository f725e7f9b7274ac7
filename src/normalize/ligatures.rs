//! `ligatures`: Latin ligatures and characters for two letters become these letters, as Unicode decomposes them.

use super::{Change, replaced};

/// What to change in a line.
pub fn changes(line: &str) -> Vec<Change> {
    replaced(line, |c| {
        Some(match c {
            'ﬀ' => "ff",
            'ﬁ' => "fi",
            'ﬂ' => "fl",
            'ﬃ' => "ffi",
            'ﬄ' => "ffl",
            'ﬅ' => "ſt",
            'ﬆ' => "st",
            'Ĳ' => "IJ",
            'ĳ' => "ij",
            'ŉ' => "ʼn",
            'Ǆ' => "DŽ",
            'ǅ' => "Dž",
            'ǆ' => "dž",
            'Ǉ' => "LJ",
            'ǈ' => "Lj",
            'ǉ' => "lj",
            'Ǌ' => "NJ",
            'ǋ' => "Nj",
            'ǌ' => "nj",
            'Ǳ' => "DZ",
            'ǲ' => "Dz",
            'ǳ' => "dz",
            _ => return None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization;

    /// The letters are those of Unicode; only the long s stays one.
    #[test]
    fn the_letters_are_those_of_unicode() {
        for c in (0x80..0x1_0000).filter_map(char::from_u32) {
            for change in changes(c.encode_utf8(&mut [0; 4])) {
                let letters: String = change.after.nfkc().collect();
                assert_eq!(letters, c.to_string().nfkc().collect::<String>(), "{c}");
            }
        }
    }
}
