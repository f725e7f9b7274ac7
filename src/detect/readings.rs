//! What each letter becomes when a text that was read as one page is read as another, for all confusions of pages at once.
//!
//! In: a character. Out: in which confusions ([`codec::confusions`]) it has a reading, and what it is there, readings that are
//! the same merged into one. A set of confusions is a bit mask, so that the readings a whole word has are found by `&` over its
//! characters, and few are left to be tried. Must not: know words.

use std::sync::{LazyLock, OnceLock};

use crate::codec::{self, Page};

/// A set of confusions, a bit each.
pub type Confusions = u128;

/// What a character is in some confusions.
pub struct Reading {
    /// See [`small`].
    pub small: char,
    pub is_letter: bool,
    pub within: Confusions,
}

/// A character outside ASCII, and all its readings.
pub struct Letter {
    /// See [`small`].
    pub small: char,
    pub is_letter: bool,
    pub readings: Vec<Reading>,
    /// Which of them it has in each confusion, where it has one.
    numbers: [u8; Confusions::BITS as usize],
    /// Where it may stand near: where it has a reading, and where it has one in a page that is nearly the one that was read.
    pub near: Confusions,
    /// Where it has a reading, where that is a letter, and where it is a sign that no word has inside.
    pub all: Confusions,
    /// Where its reading is itself, in lower case.
    pub same: Confusions,
    pub letters: Confusions,
    pub signs: Confusions,
    /// Where its reading is a mark that opens a quotation, and where it is one that closes it, other than itself.
    pub opens: Confusions,
    pub closes: Confusions,
}

/// The readings of all characters, each made when it is first asked for: a text has few of them.
pub struct Readings {
    /// The number of each code point up to U+FFFF; 0 is that of those without a reading.
    number: Vec<u16>,
    letters: Vec<OnceLock<Letter>>,
}

impl Readings {
    pub fn get() -> &'static Readings {
        static ALL: LazyLock<Readings> = LazyLock::new(Readings::new);
        &ALL
    }

    fn new() -> Readings {
        assert!(codec::confusions().len() <= Confusions::BITS as usize);
        let mut all = Readings { number: vec![0; 1 << 16], letters: vec![Letter::new('\0').into()] };
        let mut pages: Vec<Page> = codec::confusions().iter().map(|(_, read)| *read).chain(similar()).collect();
        pages.sort_unstable();
        pages.dedup();
        for c in pages.into_iter().flat_map(|page| (0x80..=0xFF).filter_map(move |byte| page.decode(byte))) {
            if let Some(number @ 0) = all.number.get_mut(c as usize) {
                *number = all.letters.len() as u16;
                all.letters.push(OnceLock::new());
            }
        }
        all
    }

    /// The readings of a character outside ASCII.
    #[inline]
    pub fn of(&self, c: char) -> &Letter {
        let number = self.number.get(c as usize).copied().unwrap_or_default();
        self.letters[usize::from(number)].get_or_init(|| Letter::with_readings(c))
    }
}

/// The page that the judge tries besides windows-1252, which is otherwise the same; its own letters give no word away.
fn similar() -> Option<Page> {
    Page::for_label("windows-1254")
}

impl Letter {
    fn new(c: char) -> Letter {
        let small = small(c);
        let (is_letter, numbers) = (small.is_alphabetic(), [0; Confusions::BITS as usize]);
        Letter {
            small,
            is_letter,
            readings: Vec::new(),
            numbers,
            near: 0,
            all: 0,
            same: 0,
            letters: 0,
            signs: 0,
            opens: 0,
            closes: 0,
        }
    }

    fn with_readings(c: char) -> Letter {
        let mut letter = Letter::new(c);
        let similar = similar().and_then(|page| page.encode(c));
        for (bit, &(meant, read)) in codec::confusions().iter().enumerate() {
            if let Some(byte) = read.encode(c) {
                letter.add(meant.decode(byte).unwrap_or(c), bit);
            }
            if similar.is_some() && read == Page::WINDOWS_1252 {
                letter.near |= 1 << bit;
            }
        }
        letter
    }

    /// The readings that it has in these confusions, in all of which it has one, each with those of them in which it has that.
    pub fn within(&self, mut left: Confusions) -> impl Iterator<Item = (&Reading, Confusions)> {
        std::iter::from_fn(move || {
            let number = self.numbers.get(left.trailing_zeros() as usize)?;
            let reading = &self.readings[usize::from(*number)];
            let within = left & reading.within;
            left &= !within;
            Some((reading, within))
        })
    }

    /// In which confusions its reading is such a character (see [`small`]).
    pub fn made(&self, what: impl Fn(char) -> bool) -> Confusions {
        let readings = self.readings.iter().filter(|reading| what(reading.small));
        readings.fold(0, |all, reading| all | reading.within)
    }

    fn add(&mut self, c: char, confusion: usize) {
        let (small, within) = (small(c), 1 << confusion);
        let is_letter = small.is_alphabetic();
        self.all |= within;
        self.same |= if small == self.small { within } else { 0 };
        self.near |= within;
        match small {
            '’' => {}
            _ if is_letter => self.letters |= within,
            _ => self.signs |= within,
        }
        if small != self.small {
            self.opens |= if matches!(small, '“' | '„' | '«' | '‹' | '‚') { within } else { 0 };
            self.closes |= if matches!(small, '”' | '“' | '»' | '›') { within } else { 0 };
        }
        let number = match self.readings.iter().position(|reading| reading.small == small) {
            Some(known) => known,
            None => {
                self.readings.push(Reading { small, is_letter, within: 0 });
                self.readings.len() - 1
            }
        };
        self.readings[number].within |= within;
        self.numbers[confusion] = number as u8;
    }
}

/// The letter in lower case; one sign for all apostrophes.
pub fn small(c: char) -> char {
    match c {
        '\'' | '‘' | 'ʼ' => '’',
        c if c.is_ascii() => c.to_ascii_lowercase(),
        c => c.to_lowercase().next().unwrap_or(c),
    }
}
