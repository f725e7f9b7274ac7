//! ISO-2022-JP: text in bytes below 80 that escape sequences switch from one set of characters to another.
//!
//! In: bytes, or characters, and the set that is in force. Out: characters, or bytes, and the set that is in force behind
//! them. A character begins with the sequences before it, so that what precedes it stays in its own set; sequences behind the
//! last character belong to that. The sets are those of RFC 1468 and, as in the WHATWG standard, half-width Katakana.
//!
//! `encoding_rs` has this encoding as well, but neither says where a character begins nor goes on in the midst of a text;
//! JIS X 0208 is the same set as in its EUC-JP, with the high bits off. Must not: keep a state of its own.

use super::Multi;

/// The set of characters that bytes stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shift {
    /// ASCII, where every text begins.
    #[default]
    Ascii,
    /// JIS X 0201, in which two signs of ASCII are ¥ and ‾.
    Roman,
    /// The half-width Katakana of JIS X 0201.
    Katakana,
    /// JIS X 0208, by its sequence of 1978.
    Kanji1978,
    /// JIS X 0208, by its sequence of 1983.
    Kanji1983,
}

const ESCAPE: u8 = 0x1B;
/// The first half-width Katakana, which is 21 in its set, and how many there are.
const KATAKANA: u32 = 0xFF61;
const KATAKANA_COUNT: u32 = 63;

impl Shift {
    const ALL: [Shift; 5] = [Shift::Ascii, Shift::Roman, Shift::Katakana, Shift::Kanji1978, Shift::Kanji1983];

    /// The sequence that switches to it.
    fn sequence(self) -> &'static [u8; 3] {
        match self {
            Shift::Ascii => b"\x1B(B",
            Shift::Roman => b"\x1B(J",
            Shift::Katakana => b"\x1B(I",
            Shift::Kanji1978 => b"\x1B$@",
            Shift::Kanji1983 => b"\x1B$B",
        }
    }

    /// The set that a sequence at the start of `bytes` switches to.
    pub fn at(bytes: &[u8]) -> Option<Shift> {
        Shift::ALL.into_iter().find(|shift| bytes.starts_with(shift.sequence()))
    }

    /// Whether a character of it takes two bytes.
    pub fn is_kanji(self) -> bool {
        matches!(self, Shift::Kanji1978 | Shift::Kanji1983)
    }

    /// The character at the start of `bytes` in this set, and how many of them it takes.
    fn decode(self, bytes: &[u8]) -> Option<(char, usize)> {
        let first = *bytes.first()?;
        match self {
            _ if matches!(first, ESCAPE | 0x0E | 0x0F | 0x80..) => None,
            Shift::Ascii => Some((char::from(first), 1)),
            Shift::Roman => Some((roman(first), 1)),
            Shift::Katakana if first.is_ascii_graphic() => {
                let number = u32::from(first) - 0x21;
                char::from_u32(KATAKANA + number).filter(|_| number < KATAKANA_COUNT).map(|c| (c, 1))
            }
            Shift::Katakana => None,
            Shift::Kanji1978 | Shift::Kanji1983 => {
                let second = *bytes.get(1)?;
                let both = first.is_ascii_graphic() && second.is_ascii_graphic();
                let found = Multi::EUC_JP.decode(&[first | 0x80, second | 0x80]).filter(|(_, len)| both && *len == 2);
                found.map(|(c, _)| (c, 2))
            }
        }
    }

    /// The bytes of a character in this set; none where it does not have it.
    fn encode(self, c: char) -> Option<([u8; 2], usize)> {
        let ascii = u8::try_from(c).ok().filter(u8::is_ascii);
        let one = |byte: u8| ([byte, 0], 1);
        match self {
            _ if matches!(c, '\u{1B}' | '\u{E}' | '\u{F}') => None,
            Shift::Ascii => ascii.map(one),
            Shift::Roman if c == '¥' => Some(one(b'\\')),
            Shift::Roman if c == '‾' => Some(one(b'~')),
            Shift::Roman => ascii.filter(|byte| roman(*byte) == c).map(one),
            Shift::Katakana => {
                let number = u32::from(c).checked_sub(KATAKANA).filter(|number| *number < KATAKANA_COUNT)?;
                Some(one(number as u8 + 0x21))
            }
            Shift::Kanji1978 | Shift::Kanji1983 => {
                let bytes = Multi::EUC_JP.encode(c)?;
                let &[lead @ 0xA1..=0xFF, trail @ 0xA1..=0xFF] = bytes.as_slice() else { return None };
                Some(([lead & 0x7F, trail & 0x7F], 2))
            }
        }
    }
}

fn roman(byte: u8) -> char {
    match byte {
        b'\\' => '¥',
        b'~' => '‾',
        byte => char::from(byte),
    }
}

/// Takes the next character off `bytes`, with the sequences that belong to it: the character, or none for what is none, and how
/// many bytes it takes. `shift` is the set in force, before and afterwards. Takes at least a byte, unless there is none.
pub fn next(shift: &mut Shift, bytes: &[u8]) -> (Option<char>, usize) {
    let mut at = 0;
    while let Some(other) = Shift::at(&bytes[at..]) {
        *shift = other;
        at += other.sequence().len();
    }
    let rest = &bytes[at..];
    let Some((c, len)) = shift.decode(rest) else {
        // Half of a character is none, but what follows has to stay in step.
        let pair = shift.is_kanji() && rest.len() > 1 && rest[..2].iter().all(u8::is_ascii_graphic);
        return (None, at + if pair { 2 } else { rest.len().min(1) });
    };
    at += len;
    let (mut end, mut last) = (at, *shift);
    while let Some(other) = Shift::at(&bytes[end..]) {
        last = other;
        end += other.sequence().len();
    }
    if end == bytes.len() {
        (*shift, at) = (last, end);
    }
    (Some(c), at)
}

/// Writes text where `from` is in force, before text that was written with `to` in force, or that begins with a sequence. No sequence comes right behind another: browsers take that for an attack. `kanji` is the
/// sequence for Kanji, and half-width Katakana are for who `has_katakana`.
///
/// # Errors
/// The first character that there is not.
pub fn encode(text: &str, from: Shift, to: Option<Shift>, kanji: Shift, has_katakana: bool) -> Result<Vec<u8>, char> {
    let (mut out, mut shift) = (Vec::with_capacity(text.len()), from);
    let switch = |out: &mut Vec<u8>, shift: &mut Shift, other: Shift| {
        if *shift != other {
            out.extend_from_slice(other.sequence());
            *shift = other;
        }
    };
    for c in text.chars() {
        // As it is, as it will have to be, as it was, and only then anew.
        let known = [Some(shift), to, Some(from)].into_iter().flatten();
        let sets = known.chain([Shift::Ascii, kanji, Shift::Roman, Shift::Katakana]);
        let found = sets.into_iter().find_map(|set| Some((set, set.encode(c)?)));
        let (set, (bytes, len)) = found.filter(|(set, _)| *set != Shift::Katakana || has_katakana).ok_or(c)?;
        switch(&mut out, &mut shift, set);
        out.extend_from_slice(&bytes[..len]);
    }
    if let Some(to) = to {
        switch(&mut out, &mut shift, to);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut bytes: &[u8]) -> (Vec<(Option<char>, usize)>, Shift) {
        let (mut found, mut shift) = (Vec::new(), Shift::Ascii);
        while !bytes.is_empty() {
            let (c, len) = next(&mut shift, bytes);
            found.push((c, len));
            bytes = &bytes[len..];
        }
        (found, shift)
    }

    fn text(bytes: &[u8]) -> String {
        all(bytes).0.into_iter().map(|(c, _)| c.unwrap_or('\u{FFFD}')).collect()
    }

    #[test]
    fn sequences_belong_to_what_follows_them_and_at_the_end_to_what_precedes() {
        let (found, shift) = all(b"a\x1B$B$\"$$\x1B(Bb\x1B$@$&\x1B(B");
        let expected = [(Some('a'), 1), (Some('あ'), 5), (Some('い'), 2), (Some('b'), 4), (Some('う'), 8)];
        assert_eq!((found, shift), (expected.to_vec(), Shift::Ascii));
        assert_eq!(text(b"\x1B(J\\~a\x1B(I1\x5F"), "¥‾aｱﾟ");
        assert_eq!(all(b"\x1B$B$\"").1, Shift::Kanji1983);
    }

    #[test]
    fn what_is_no_character_keeps_step() {
        assert_eq!(text(b"\x1B$B$\"~~$$\x1B(Bb"), "あ\u{FFFD}いb");
        assert_eq!(text(b"\x1B[0m"), "\u{FFFD}[0m");
        assert_eq!(text(b"\x1B$B$\"\n"), "あ\u{FFFD}");
        assert_eq!(text(b"\x1B$B$"), "\u{FFFD}");
        assert_eq!(text(b"caf\xE9\x1B(B"), "caf\u{FFFD}\u{FFFD}");
    }

    #[test]
    fn reads_as_encoding_rs_does_and_writes_what_it_reads() {
        for number in 0..94 * 94u32 {
            let pair = [(number / 94) as u8 + 0x21, (number % 94) as u8 + 0x21];
            let bytes = [b"\x1B$B", &pair[..], b"\x1B(B"].concat();
            let expected = encoding_rs::ISO_2022_JP.decode_without_bom_handling(&bytes).0;
            let ours = text(&bytes);
            if expected.contains('\u{FFFD}') {
                assert_eq!(
                    ours, "\u{FFFD}\u{FFFD}",
                    "{pair:x?}: the second for the sequence, behind which nothing stands"
                );
                continue;
            }
            assert_eq!(ours, expected, "{pair:x?}");
            let written = encode(&ours, Shift::Ascii, Some(Shift::Ascii), Shift::Kanji1983, false).expect("encoded");
            assert_eq!(text(&written), ours, "{pair:x?}");
        }
    }

    #[test]
    fn goes_on_in_the_midst_of_a_text() {
        let (kanji, ascii) = (Shift::Kanji1983, Shift::Ascii);
        let write = |text: &str, [from, to]: [Shift; 2]| encode(text, from, Some(to), kanji, false);
        assert_eq!(write("あ", [kanji, kanji]), Ok(b"$\"".to_vec()));
        assert_eq!(write("", [kanji, ascii]), Ok(b"\x1B(B".to_vec()));
        assert_eq!(write("aあ", [kanji, ascii]), Ok(b"\x1B(Ba\x1B$B$\"\x1B(B".to_vec()));
        assert_eq!(write("あa", [ascii, Shift::Roman]), Ok(b"\x1B$B$\"\x1B(Ja".to_vec()));
        assert_eq!(encode("あ", ascii, None, kanji, false), Ok(b"\x1B$B$\"".to_vec()), "a sequence follows");
        assert_eq!(encode("", kanji, None, kanji, false), Ok(Vec::new()));
        assert_eq!(write("é", [ascii, ascii]), Err('é'));
        assert_eq!(write("ｱ", [ascii, ascii]), Err('ｱ'));
        assert_eq!(encode("ｱ", ascii, Some(ascii), kanji, true), Ok(b"\x1B(I1\x1B(B".to_vec()));
        assert_eq!(write("\u{1B}", [ascii, ascii]), Err('\u{1B}'));
    }
}
