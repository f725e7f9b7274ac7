//! Encodings in which ASCII too is something else: UTF-16 in both orders, and EBCDIC.
//!
//! The tables of EBCDIC stand in `data/codepages/ebcdic`; see `data/README.md`.

use super::multi::Bytes;

include!(concat!(env!("OUT_DIR"), "/ebcdic.rs"));

/// An encoding that does not contain ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wide {
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// EBCDIC for the United States and Canada.
    Ibm037,
    /// EBCDIC, international.
    Ibm500,
    /// EBCDIC of Unix on mainframes.
    Ibm1047,
}

impl Wide {
    /// The pages of EBCDIC.
    pub const EBCDIC: [Wide; 3] = [Wide::Ibm037, Wide::Ibm500, Wide::Ibm1047];

    /// The one that a person means by `label`, which is in lower case.
    pub fn for_alias(label: &str) -> Option<Wide> {
        match label {
            "utf-16le" | "utf-16" => Some(Wide::Utf16Le),
            "utf-16be" => Some(Wide::Utf16Be),
            "ibm037" | "cp037" | "ibm-037" => Some(Wide::Ibm037),
            "ibm500" | "cp500" | "ibm-500" => Some(Wide::Ibm500),
            "ibm1047" | "cp1047" | "ibm-1047" => Some(Wide::Ibm1047),
            _ => None,
        }
    }

    /// Its WHATWG label, or its IBM name.
    pub fn label(self) -> &'static str {
        match self {
            Wide::Utf16Le => "utf-16le",
            Wide::Utf16Be => "utf-16be",
            Wide::Ibm037 => "ibm037",
            Wide::Ibm500 => "ibm500",
            Wide::Ibm1047 => "ibm1047",
        }
    }

    fn ebcdic(self) -> Option<&'static [u16; 256]> {
        match self {
            Wide::Utf16Le | Wide::Utf16Be => None,
            Wide::Ibm037 => Some(&EBCDIC[0]),
            Wide::Ibm500 => Some(&EBCDIC[1]),
            Wide::Ibm1047 => Some(&EBCDIC[2]),
        }
    }

    /// The character at the start of `bytes`, and how many of them it takes; `None` where they begin none.
    pub fn decode(self, bytes: &[u8]) -> Option<(char, usize)> {
        if let Some(table) = self.ebcdic() {
            return char::from_u32(u32::from(table[usize::from(*bytes.first()?)])).map(|c| (c, 1));
        }
        let unit = |at: usize| {
            let pair = [*bytes.get(at)?, *bytes.get(at + 1)?];
            Some(if self == Wide::Utf16Le { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
        };
        let first = unit(0)?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(u32::from(first)).map(|c| (c, 2));
        }
        let c = char::decode_utf16([first, unit(2)?]).next()?.ok()?;
        Some((c, 4))
    }

    /// The bytes of a character; `None` where there are none.
    pub fn encode(self, c: char) -> Option<Bytes> {
        if let Some(table) = self.ebcdic() {
            let byte = table.iter().position(|&unit| u32::from(unit) == u32::from(c))?;
            return Bytes::new(&[byte as u8]);
        }
        let mut units = [0; 2];
        let mut bytes = [0; 4];
        let units = c.encode_utf16(&mut units);
        for (pair, unit) in bytes.chunks_mut(2).zip(units.iter()) {
            pair.copy_from_slice(&if self == Wide::Utf16Le { unit.to_le_bytes() } else { unit.to_be_bytes() });
        }
        Bytes::new(&bytes[..2 * units.len()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reads_what_it_writes() {
        for (wide, text) in [
            (Wide::Utf16Le, "Hé汉😀"),
            (Wide::Utf16Be, "Hé汉😀"),
            (Wide::Ibm037, "Hé[]^¬"),
            (Wide::Ibm500, "Hé[]^¬"),
            (Wide::Ibm1047, "Hé[]^¬"),
        ] {
            for c in text.chars() {
                let bytes = wide.encode(c).unwrap_or_else(|| panic!("{wide:?} has no {c}"));
                assert_eq!(wide.decode(bytes.as_slice()), Some((c, bytes.as_slice().len())), "{wide:?} {c}");
            }
            assert_eq!(Wide::for_alias(wide.label()), Some(wide));
        }
    }

    #[test]
    fn known_bytes() {
        assert_eq!(Wide::Ibm037.encode('A').unwrap().as_slice(), [0xC1]);
        assert_eq!(Wide::Ibm1047.encode('[').unwrap().as_slice(), [0xAD]);
        assert_eq!(Wide::Ibm500.encode('[').unwrap().as_slice(), [0x4A]);
        assert_eq!(Wide::Utf16Le.decode(&[0x48, 0]), Some(('H', 2)));
        assert_eq!(Wide::Utf16Be.decode(&[0, 0x48]), Some(('H', 2)));
    }
}
