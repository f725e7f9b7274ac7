//! UTF-8 sequences seen through a single-byte page: the units of repair.
//!
//! A unit is a run of characters that, written as bytes in a page, are one UTF-8 sequence; it decodes to one character.
//! CESU-8 pairs (a surrogate pair, three bytes each) are units too. Where bytes were lost or changed after the damage,
//! a unit may be *lossy*: a NBSP that became a space, a soft hyphen that vanished, a curly quote that was straightened.

use super::page::{Page, Record};

/// What happened to a unit's bytes after the damage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// Nothing: the bytes are all there.
    #[default]
    None,
    /// The case of letters was changed.
    Case,
    /// A byte that the page leaves undefined, or a C1 control, became U+FFFD.
    Replaced,
    /// The same, and it became a question mark.
    Questioned,
    /// The same, and it became a space.
    Blanked,
    /// The same, and it vanished.
    Dropped,
    /// The last two of three bytes, both C1 controls, became U+FFFD.
    BothReplaced,
    /// The same, and they vanished.
    BothDropped,
    /// A no-break space became a space, after a capital that is part of no word.
    SpaceStuck,
    /// A no-break space became a space.
    Space,
    /// A no-break space became a space and was merged with the space that followed.
    SpaceMerged,
    /// A soft hyphen vanished.
    SoftHyphen,
    /// A curly quote was straightened.
    Quote,
}

/// A run of characters that is one UTF-8 sequence in some page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// How many characters it takes.
    pub len: u8,
    /// The character that it stands for.
    pub meant: char,
    /// What was inferred.
    pub loss: Loss,
}

/// A character with its record, so that the record is looked up once.
pub trait Cell {
    /// The character.
    fn c(&self) -> char;
    /// What it is in all pages.
    fn record(&self) -> &'static Record;
}

impl Cell for (char, &'static Record) {
    fn c(&self) -> char {
        self.0
    }
    fn record(&self) -> &'static Record {
        self.1
    }
}

/// Whether a unit of whole bytes can begin at the first of `cells` in any page: the pages, as a set of bits.
pub fn pages_at<C: Cell>(cells: &[C]) -> u64 {
    let [first, second, rest @ ..] = cells else { return 0 };
    let first = first.record().roles;
    let mut trail = second.record().roles.trail;
    let mut pages = first.lead2 & trail;
    if let [third, rest @ ..] = rest {
        trail &= third.record().roles.trail;
        pages |= first.lead3 & trail;
        if let [fourth, ..] = rest {
            pages |= first.lead4 & trail & fourth.record().roles.trail;
        }
    }
    pages
}

/// The unit of whole bytes that begins at the first of `cells`, read through `page`.
pub fn unit<C: Cell>(cells: &[C], page: Page) -> Option<Unit> {
    let byte = |i: usize| cells.get(i).map_or(0, |cell| cell.record().byte(page));
    let first = byte(0);
    let len = sequence_len(first)?;
    let mut bytes = [first, 0, 0, 0];
    for (i, slot) in bytes.iter_mut().enumerate().take(len).skip(1) {
        *slot = byte(i);
        if !(0x80..0xC0).contains(slot) {
            return None;
        }
    }
    if let Some(meant) = decode(&bytes[..len]) {
        return Some(Unit { len: len as u8, meant, loss: Loss::None });
    }
    // A high surrogate: CESU-8, if a low one follows.
    if first == 0xED
        && bytes[1] >= 0xA0
        && bytes[1] < 0xB0
        && byte(3) == 0xED
        && (0xB0..0xC0).contains(&byte(4))
        && (0x80..0xC0).contains(&byte(5))
    {
        let high = u32::from(bytes[1] & 0x0F) << 6 | u32::from(bytes[2] & 0x3F);
        let low = u32::from(byte(4) & 0x0F) << 6 | u32::from(byte(5) & 0x3F);
        let meant = char::from_u32(0x10000 + (high << 10 | low))?;
        return Some(Unit { len: 6, meant, loss: Loss::None });
    }
    None
}

/// Hands over the lossy units that begin at the first of `cells`, read through `page`.
pub fn lossy_units<C: Cell>(cells: &[C], page: Page, mut found: impl FnMut(Unit)) {
    if cells[0].c() == ' ' {
        let Some(lead) = leading_space(page) else { return };
        let trail = cells.get(1).map_or(0, |cell| cell.record().byte(page));
        if let Some(meant) = decode(&[lead, trail]).filter(|_| (0x80..0xC0).contains(&trail)) {
            found(Unit { len: 2, meant, loss: Loss::Space });
        }
        return;
    }
    let first = cells[0].record().byte(page);
    let Some(len) = sequence_len(first) else { return };
    if first == 0xE2 {
        two_lost(cells, page, &mut found);
    }
    let (space, hyphen) = (page.encode('\u{A0}').unwrap_or(0), page.encode('\u{AD}').unwrap_or(0));
    let mut fill = |bytes: &mut [u8; 4], at: usize, taken: usize, loss: Loss| {
        if len == 2 {
            if let Some(meant) = decode(&[first, bytes[1]]).filter(|_| (0x80..0xC0).contains(&bytes[1])) {
                found(Unit { len: taken as u8, meant, loss });
            }
            return;
        }
        // Only one byte was lost: the others are as they stand.
        let mut taken = taken;
        for slot in bytes.iter_mut().take(len).skip(at + 1) {
            let Some(cell) = cells.get(taken) else { return };
            *slot = cell.record().byte(page);
            taken += 1;
        }
        let whole = bytes[1..len].iter().all(|b| (0x80..0xC0).contains(b));
        if let Some(meant) = decode(&bytes[..len]).filter(|_| whole) {
            found(Unit { len: taken as u8, meant, loss });
        }
    };
    let mut bytes = [first, 0, 0, 0];
    for at in 1..len {
        let next = cells.get(at);
        if (0x80..0xC0).contains(&hyphen) {
            let mut bytes = bytes;
            bytes[at] = hyphen;
            fill(&mut bytes, at, at, Loss::SoftHyphen);
        }
        let mut undefined = |taken: usize, loss: Loss| {
            for byte in page.losable() {
                let mut bytes = bytes;
                bytes[at] = byte;
                fill(&mut bytes, at, taken, loss);
            }
        };
        undefined(at, Loss::Dropped);
        let Some(next) = next else { return };
        match next.c() {
            '\u{fffd}' => undefined(at + 1, Loss::Replaced),
            '?' => undefined(at + 1, Loss::Questioned),
            ' ' => undefined(at + 1, Loss::Blanked),
            _ => {}
        }
        match next.c() {
            ' ' if (0x80..0xC0).contains(&space) => {
                let mut bytes = bytes;
                bytes[at] = space;
                fill(&mut bytes, at, at + 1, Loss::Space);
                if at + 1 == len {
                    fill(&mut bytes, at, at, Loss::SpaceMerged);
                }
            }
            straight @ ('\'' | '"') => {
                let curly = if straight == '"' { ['“', '”', '„', '‟'] } else { ['‘', '’', '‚', '‛'] };
                for byte in curly.into_iter().filter_map(|c| page.encode(c)) {
                    let mut bytes = bytes;
                    bytes[at] = byte;
                    fill(&mut bytes, at, at + 1, Loss::Quote);
                }
            }
            _ => {}
        }
        let byte = next.record().byte(page);
        if !(0x80..0xC0).contains(&byte) {
            return;
        }
        bytes[at] = byte;
    }
}

/// The byte of a page's no-break space, if UTF-8 sequences of two bytes begin with it: so it is on the Mac, where `oʻ` becomes
/// `o`, a no-break space and `ª`.
pub fn leading_space(page: Page) -> Option<u8> {
    page.encode('\u{A0}').filter(|byte| sequence_len(*byte) == Some(2))
}

/// Hands over the marks that the first of `cells` may be all that is left of: dashes and quotes, U+2010 to U+201F, are so
/// common that two lost bytes can be inferred.
fn two_lost<C: Cell>(cells: &[C], page: Page, found: &mut impl FnMut(Unit)) {
    let replaced = |at: usize| cells.get(at).is_some_and(|cell| cell.c() == '\u{fffd}');
    let (len, loss) = if replaced(1) && replaced(2) {
        (3, Loss::BothReplaced)
    } else if replaced(1) {
        return;
    } else {
        (1, Loss::BothDropped)
    };
    if page.losable().any(|byte| byte == 0x80) {
        for byte in page.losable().filter(|byte| (0x90..0xA0).contains(byte)) {
            found(Unit { len, meant: decode(&[0xE2, 0x80, byte]).unwrap_or('\u{2019}'), loss });
        }
    }
}

/// How long the UTF-8 sequence is that begins with this byte, if one of several bytes does.
pub fn sequence_len(first: u8) -> Option<usize> {
    match first {
        0xC2..=0xDF => Some(2),
        0xE0..=0xEF => Some(3),
        0xF0..=0xF4 => Some(4),
        _ => None,
    }
}

/// The character of a sequence whose bytes are all in their places; `None` for overlong forms and surrogates.
pub(super) fn decode(bytes: &[u8]) -> Option<char> {
    let low = |i: usize| u32::from(bytes[i] & 0x3F);
    let c = match *bytes {
        [a, _] => u32::from(a & 0x1F) << 6 | low(1),
        [a, _, _] => u32::from(a & 0x0F) << 12 | low(1) << 6 | low(2),
        [a, ..] => u32::from(a & 0x07) << 18 | low(1) << 12 | low(2) << 6 | low(3),
        [] => return None,
    };
    let least = [0, 0x80, 0x800, 0x10000][bytes.len() - 1];
    char::from_u32(c).filter(|_| c >= least)
}

/// The character at the start of `bytes` as UTF-8, and how many of them it takes.
pub fn decode_first(bytes: &[u8]) -> Option<(char, usize)> {
    let first = *bytes.first()?;
    if first < 0x80 {
        return Some((char::from(first), 1));
    }
    let len = sequence_len(first)?;
    let sequence = bytes.get(..len)?;
    if !sequence[1..].iter().all(|b| (0x80..0xC0).contains(b)) {
        return None;
    }
    decode(sequence).map(|c| (c, len))
}

#[cfg(test)]
mod tests {
    use super::super::page::record;
    use super::*;

    fn cells(text: &str) -> Vec<(char, &'static Record)> {
        text.chars().map(|c| (c, record(c))).collect()
    }

    #[test]
    fn whole_units() {
        let one = |text: &str, page: &str| unit(&cells(text), Page::for_label(page).unwrap()).map(|u| (u.len, u.meant));
        assert_eq!(one("Ã©", "windows-1252"), Some((2, 'é')));
        assert_eq!(one("â€™", "windows-1252"), Some((3, '’')));
        assert_eq!(one("â€™", "iso-8859-1"), None);
        assert_eq!(one("ΓÇö", "ibm437"), Some((3, '—')));
        assert_eq!(one("ðŸ˜€", "windows-1252"), Some((4, '😀')));
        assert_eq!(one("í\u{a0}½í¸…", "windows-1252"), Some((6, '\u{1F605}')));
        assert_eq!(one("Ã", "windows-1252"), None);
    }

    #[test]
    fn lossy_units_infer_one_byte() {
        let all = |text: &str| {
            let mut all = Vec::new();
            lossy_units(&cells(text), Page::WINDOWS_1252, |u| all.push((u.len, u.meant, u.loss)));
            all
        };
        assert!(all("Ã la").contains(&(2, 'à', Loss::Space)));
        assert!(all("Ã la").contains(&(1, 'à', Loss::SpaceMerged)));
        assert!(all("Ãa").contains(&(1, 'í', Loss::SoftHyphen)));
        assert!(all("â€\"").contains(&(3, '“', Loss::Quote)) || all("â€\"").contains(&(3, '—', Loss::Quote)));
        assert!(all("ab").is_empty());
    }
}
