//! Case that was changed after the damage: the bytes of a text are then known up to the case of its letters.
//!
//! Where a whole text was put into lower case, `Ã©` became `ã©`: the first byte was that of `Ã` or of `ã`. In upper case `ß`
//! became two letters, and `µ` a Greek one. Here stands what each character may have been, in any page.

use std::sync::LazyLock;

use super::page::{Page, PageSet, Roles, record};
use super::unit::{Cell, Loss, Unit, decode, sequence_len};

/// The case that all letters of a text are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Lower case.
    Lower,
    /// Upper case.
    Upper,
}

impl Case {
    /// The case of a text that has letters of one case only, and at least so many of them; letters without case do not
    /// count.
    pub fn of(text: impl Iterator<Item = char>, least: usize) -> Option<Case> {
        let (mut lower, mut upper) = (0, 0);
        for c in text {
            lower += usize::from(Case::Upper.changes(c));
            upper += usize::from(Case::Lower.changes(c));
            if lower > 0 && upper > 0 {
                return None;
            }
        }
        match (lower, upper) {
            (lower, 0) if lower >= least => Some(Case::Lower),
            (0, upper) if upper >= least => Some(Case::Upper),
            _ => None,
        }
    }

    /// The character in this case; itself where it has none, or where its other case cannot be told from that: `ß`, `ı`,
    /// `µ` stay.
    pub fn put(self, c: char) -> char {
        if c.is_ascii() {
            return if self == Case::Lower { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() };
        }
        match self {
            Case::Lower => single(c.to_lowercase()).unwrap_or(c),
            Case::Upper => {
                single(c.to_uppercase()).filter(|made| c == 'ς' || single(made.to_lowercase()) == Some(c)).unwrap_or(c)
            }
        }
    }

    /// Whether this case of the character is another.
    pub fn changes(self, c: char) -> bool {
        let bit = 1 << self as u8;
        match CHANGES.get(c as usize) {
            Some(bits) => bits & bit != 0,
            // Quotes, dashes, other marks and signs of currencies.
            None if ('\u{2000}'..'\u{2100}').contains(&c) => false,
            None if is_caseless(c) => false,
            None => self.put(c) != c,
        }
    }

    fn origins(self) -> &'static Origins {
        &ORIGINS[self as usize]
    }
}

/// Whether a character is of scripts without case: those from Hebrew to Myanmar, Hangul, Ethiopic, and those of China and Japan.
fn is_caseless(c: char) -> bool {
    matches!(c, '\u{590}'..'\u{10A0}' | '\u{1100}'..'\u{13A0}' | '\u{2E80}'..'\u{A640}' | '\u{AC00}'..'\u{FB00}')
}

/// Of the first characters, Latin, Greek and Cyrillic ones, whether each case is another, a bit a case; and whether they are
/// letters.
static CHANGES: LazyLock<[u8; 0x530]> = LazyLock::new(|| {
    std::array::from_fn(|c| {
        let c = char::from_u32(c as u32).unwrap_or_default();
        let bit = |case: Case| u8::from(case.put(c) != c) << case as u8;
        bit(Case::Lower) | bit(Case::Upper) | if c.is_alphabetic() { LETTER } else { 0 }
    })
});
const LETTER: u8 = 4;

/// Whether a character is a letter, as [`char::is_alphabetic`] has it, for those who ask about every character of a text.
#[inline]
pub fn is_letter(c: char) -> bool {
    CHANGES.get(c as usize).map_or_else(|| c.is_alphabetic(), |bits| bits & LETTER != 0)
}

/// The character, if it is the only one.
fn single(mut made: impl Iterator<Item = char>) -> Option<char> {
    made.next().filter(|_| made.next().is_none())
}

/// What became something else when its text was put into a case.
#[derive(Default)]
struct Origins {
    /// For each character up to the last that something became: the place among `lists` of what did; 0 is nothing.
    places: Vec<u16>,
    lists: Vec<Vec<char>>,
    /// What became two characters, with these: there are few.
    doubles: Vec<([char; 2], char)>,
}

static ORIGINS: LazyLock<[Origins; 2]> = LazyLock::new(|| [Origins::of(Case::Lower), Origins::of(Case::Upper)]);

impl Origins {
    /// Of all characters that any page has.
    fn of(case: Case) -> Origins {
        let mut origins = Origins { lists: vec![Vec::new()], ..Origins::default() };
        let of_page = |page: Page| (0x80..=0xFF).filter_map(move |byte| page.decode(byte));
        let mut seen = vec![false; 0x1_0000];
        let mut is_new = |c: &char| seen.get_mut(*c as usize).is_none_or(|seen| !std::mem::replace(seen, true));
        for c in Page::all().flat_map(of_page).filter(|c| is_new(c)) {
            let mut made = ['\0'; 3];
            let put = |(made, c): (&mut char, char)| *made = c;
            match case {
                Case::Lower => made.iter_mut().zip(c.to_lowercase()).for_each(put),
                Case::Upper => made.iter_mut().zip(c.to_uppercase()).for_each(put),
            }
            match made {
                [one, '\0', _] if one != c => origins.add(one, c),
                [_, '\0', _] => {}
                [one, two, '\0'] => origins.doubles.push(([one, two], c)),
                _ => {}
            }
            // At the end of a word.
            if case == Case::Lower && c == 'Σ' {
                origins.add('ς', c);
            }
        }
        origins
    }

    fn add(&mut self, made: char, from: char) {
        let at = made as usize;
        self.places.resize(self.places.len().max(at + 1), 0);
        if self.places[at] == 0 {
            self.places[at] = self.lists.len() as u16;
            self.lists.push(Vec::new());
        }
        let all = &mut self.lists[usize::from(self.places[at])];
        if !all.contains(&from) {
            all.push(from);
        }
    }

    /// What became this character, or may have.
    fn single(&self, made: char) -> &[char] {
        &self.lists[usize::from(self.places.get(made as usize).copied().unwrap_or(0))]
    }

    /// What became these two characters.
    fn double(&self, made: [char; 2]) -> Option<char> {
        self.doubles.iter().rev().find(|(two, _)| *two == made).map(|(_, from)| *from)
    }

    /// Which part of a sequence a cell is, in all pages, be it as it is or as what it may have been.
    fn roles<C: Cell>(&self, cell: &C) -> Roles {
        let mut all = cell.record().roles;
        for from in self.single(cell.c()) {
            let roles = record(*from).roles;
            all.lead2 |= roles.lead2;
            all.lead3 |= roles.lead3;
            all.lead4 |= roles.lead4;
            all.trail |= roles.trail;
        }
        if cell.c() == ' ' {
            all.trail |= record('\u{A0}').roles.trail;
        }
        all
    }
}

/// Of each cell, whether any unit that [`cased_units`] finds in these pages may hold it. Found by two walks over the cells, for all
/// pages at once: from the end, where a sequence may be gone on with that has so many bytes to come; and from the start,
/// which of these have begun.
pub fn may_be_in_units<C: Cell>(cells: &[C], pages: PageSet, case: Case) -> Vec<bool> {
    let origins = case.origins();
    // Each cell, and the later bytes that two cells are together.
    let parts: Vec<(Roles, u64)> = (0..cells.len())
        .map(|at| {
            let double = cells.get(at + 1).and_then(|next| origins.double([cells[at].c(), next.c()]));
            (origins.roles(&cells[at]), double.map_or(0, |from| record(from).roles.trail))
        })
        .collect();
    // From each cell on, one, two and three bytes.
    let mut follow = vec![[0u64; 3]; cells.len() + 2];
    for (at, (roles, double)) in parts.iter().enumerate().rev() {
        let [one, two] = [follow[at + 1], follow[at + 2]];
        let after = |bytes: usize| roles.trail & one[bytes - 1] | double & two[bytes - 1];
        follow[at] = [roles.trail | double, after(1), after(2)];
    }
    // Before each cell, the sequences that lack one, two and three bytes and get them.
    let mut lack = vec![[0u64; 3]; cells.len() + 2];
    let mut inside = vec![false; cells.len()];
    for (at, (roles, double)) in parts.iter().enumerate() {
        let [here, next] = [follow[at], follow[at + 1]];
        let begun = [roles.lead2 & next[0], roles.lead3 & next[1], roles.lead4 & next[2]].map(|begun| begun & pages.0);
        for (lack, begun) in lack[at + 1].iter_mut().zip(begun) {
            *lack |= begun;
        }
        let open = lack[at];
        for bytes in 1..3 {
            lack[at + 1][bytes - 1] |= open[bytes] & roles.trail & next[bytes - 1];
            lack[at + 2][bytes - 1] |= open[bytes] & double & follow[at + 2][bytes - 1];
        }
        let goes_on = (0..3).any(|bytes| open[bytes] & here[bytes] != 0);
        let is_second = at > 0 && parts[at - 1].1 & (0..3).fold(0, |all, bytes| all | lack[at - 1][bytes]) != 0;
        inside[at] = begun != [0; 3] || goes_on || is_second;
    }
    inside
}

/// Whether units may begin at a cell, in any page, if its text was put into `case`.
pub fn may_begin<C: Cell>(cell: &C, case: Case) -> bool {
    cell.record().leads() || case.origins().single(cell.c()).iter().any(|from| record(*from).leads())
}

/// Hands over the units that may begin at the first of `cells`, read through `page`, if the whole text was put into `case`
/// after it was read. What they stand for is as it was before, in its own case. A no-break space may also have become a
/// space, once in a unit.
pub fn cased_units<C: Cell>(cells: &[C], page: Page, case: Case, mut found: impl FnMut(Unit)) {
    let mut search = Search { cells, page, origins: case.origins(), bytes: [0; 4], found: &mut found };
    let first = cells[0].c();
    search.lead(cells[0].record().byte(page), Loss::None);
    for &from in search.origins.single(first) {
        search.lead(page.encode(from).unwrap_or(0), Loss::Case);
    }
}

/// A search for units from the first of `cells` on.
struct Search<'c, C, F> {
    cells: &'c [C],
    page: Page,
    origins: &'static Origins,
    bytes: [u8; 4],
    found: &'c mut F,
}

impl<C: Cell, F: FnMut(Unit)> Search<'_, C, F> {
    fn lead(&mut self, byte: u8, loss: Loss) {
        if let Some(len) = sequence_len(byte) {
            self.bytes[0] = byte;
            self.trail(1, len, 1, loss);
        }
    }

    /// Goes on with byte `at` of `len`, when so many cells are taken.
    fn trail(&mut self, at: usize, len: usize, taken: usize, loss: Loss) {
        if at == len {
            if let Some(meant) = decode(&self.bytes[..len]) {
                (self.found)(Unit { len: taken as u8, meant, loss });
            }
            return;
        }
        let (cells, page, origins) = (self.cells, self.page, self.origins);
        let Some(cell) = cells.get(taken) else { return };
        let c = cell.c();
        let changed = loss.max(Loss::Case);
        let mut go_on = |byte: u8, more: usize, loss: Loss| {
            if (0x80..0xC0).contains(&byte) {
                self.bytes[at] = byte;
                self.trail(at + 1, len, taken + more, loss);
            }
        };
        go_on(cell.record().byte(page), 1, loss);
        if c == ' ' && loss < Loss::Space {
            go_on(page.encode('\u{A0}').unwrap_or(0), 1, Loss::Space);
        }
        for &from in origins.single(c) {
            go_on(page.encode(from).unwrap_or(0), 1, changed);
        }
        if let Some(from) = cells.get(taken + 1).and_then(|next| origins.double([c, next.c()])) {
            go_on(page.encode(from).unwrap_or(0), 2, changed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, page: &str, case: Case) -> Vec<(u8, char, Loss)> {
        let cells: Vec<_> = text.chars().map(|c| (c, record(c))).collect();
        let mut all = Vec::new();
        cased_units(&cells, Page::for_label(page).unwrap(), case, |u| all.push((u.len, u.meant, u.loss)));
        all
    }

    #[test]
    fn the_case_of_a_text() {
        assert_eq!(Case::of("so ist es".chars(), 6), Some(Case::Lower));
        assert_eq!(Case::of("SO 3 ÉTÉ".chars(), 5), Some(Case::Upper));
        assert_eq!(Case::of("So ist es".chars(), 6), None);
        assert_eq!(Case::of("so".chars(), 6), None);
        assert_eq!(Case::of("日本 ª º".chars(), 1), None);
    }

    /// Broken words in one case, with right ones between them: no cell of a unit is left out, and few others are let in.
    #[test]
    fn units_are_where_they_may_be() {
        // unbake: off
        let texts = [
            ("ã©tã© ãƒâ© and â€™ or ÿ", Case::Lower),
            ("рџсђрёрірµс‚ и привет, мир", Case::Lower),
            ("ÃΜ √SS ÇÎ RIGHT WORDS TOO", Case::Upper),
            ("РЏСЂРЁРІРΜС‚ ПРИВЕТ", Case::Upper),
            ("ã la", Case::Lower),
        ];
        // unbake: on
        let (mut units, mut outside) = (0, 0);
        for (text, case) in texts {
            let cells: Vec<_> = text.chars().map(|c| (c, record(c))).collect();
            for page in Page::all() {
                let inside = may_be_in_units(&cells, PageSet::default().with(page), case);
                outside += inside.iter().filter(|inside| !**inside).count();
                for at in 0..cells.len() {
                    cased_units(&cells[at..], page, case, |unit| {
                        let held = &inside[at..at + usize::from(unit.len)];
                        assert!(held.iter().all(|inside| *inside), "{text} in {page:?} at {at}");
                        units += 1;
                    });
                }
            }
        }
        assert!(units > 50 && outside > 1000, "{units} {outside}");
    }

    #[test]
    fn letters_are_what_unicode_says() {
        for c in (0..0x3000).filter_map(char::from_u32) {
            assert_eq!(is_letter(c), c.is_alphabetic(), "{c}");
        }
    }

    #[test]
    fn scripts_without_case_have_none() {
        for c in (0..0x1_0000).filter_map(char::from_u32).filter(|c| is_caseless(*c)) {
            assert!([Case::Lower, Case::Upper].iter().all(|case| case.put(c) == c), "{c}");
        }
    }

    #[test]
    fn bytes_are_known_up_to_case() {
        assert_eq!(all("ã©", "windows-1252", Case::Lower), [(2, 'é', Loss::Case)]);
        assert!(all("ã‰", "windows-1252", Case::Lower).contains(&(2, 'É', Loss::Case)));
        assert!(all("ã ", "windows-1252", Case::Lower).contains(&(2, 'à', Loss::Space)));
        assert!(all("рџ", "windows-1251", Case::Lower).contains(&(2, 'П', Loss::Case)));
        assert!(all("РЏ", "windows-1251", Case::Upper).contains(&(2, 'П', Loss::Case)));
        assert!(all("ÃΜ", "windows-1252", Case::Upper).contains(&(2, 'õ', Loss::Case)));
        assert!(all("√SS", "macintosh", Case::Upper).contains(&(3, 'ç', Loss::Case)));
    }
}
