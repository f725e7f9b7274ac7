//! What each letter becomes when a text that was read as one page is read as another, for all confusions of pages at once.
//!
//! In: a character. Out: in which confusions ([`codec::confusions`]) it has a reading, and what it is there, readings that are
//! the same merged into one. A set of confusions is a bit mask, so that the readings a whole word has are found by `&` over its
//! characters, and few are left to be tried. Must not: know words.

use std::sync::LazyLock;

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
    /// Where it may stand near: where it has a reading, and where it has one in a page that is nearly the one that was read.
    pub near: Confusions,
    /// Where it has a reading, where that is a letter, and where it is a sign that no word has inside.
    pub all: Confusions,
    pub letters: Confusions,
    pub signs: Confusions,
}

/// The readings of all characters.
pub struct Readings {
    /// The number of each code point up to U+FFFF; 0 is that of those without a reading.
    number: Vec<u16>,
    letters: Vec<Letter>,
}

impl Readings {
    pub fn get() -> &'static Readings {
        static ALL: LazyLock<Readings> = LazyLock::new(Readings::new);
        &ALL
    }

    fn new() -> Readings {
        assert!(codec::confusions().len() <= Confusions::BITS as usize);
        let mut all = Readings { number: vec![0; 1 << 16], letters: vec![Letter::new('\0')] };
        // The judge tries it besides windows-1252, which is otherwise the same; its own letters give no word away.
        let turkish = Page::for_label("windows-1254");
        for (bit, &(meant, read)) in codec::confusions().iter().enumerate() {
            for byte in 0x80..=0xFF {
                if let Some(c) = read.decode(byte)
                    && let Some(letter) = all.of_mut(c)
                {
                    letter.add(meant.decode(byte).unwrap_or(c), 1 << bit);
                }
                if read == Page::WINDOWS_1252
                    && let Some(c) = turkish.and_then(|page| page.decode(byte))
                    && let Some(letter) = all.of_mut(c)
                {
                    letter.near |= 1 << bit;
                }
            }
        }
        all
    }

    /// The same, made if there is none yet; `None` beyond U+FFFF.
    fn of_mut(&mut self, c: char) -> Option<&mut Letter> {
        let number = self.number.get_mut(c as usize)?;
        if *number == 0 {
            *number = self.letters.len() as u16;
            self.letters.push(Letter::new(c));
        }
        self.letters.get_mut(usize::from(*number))
    }

    /// The readings of a character outside ASCII.
    pub fn of(&self, c: char) -> &Letter {
        let number = self.number.get(c as usize).copied().unwrap_or_default();
        &self.letters[usize::from(number)]
    }
}

impl Letter {
    fn new(c: char) -> Letter {
        let small = small(c);
        Letter { small, is_letter: small.is_alphabetic(), readings: Vec::new(), near: 0, all: 0, letters: 0, signs: 0 }
    }

    fn add(&mut self, c: char, within: Confusions) {
        let small = small(c);
        let is_letter = small.is_alphabetic();
        self.all |= within;
        self.near |= within;
        match small {
            '’' => {}
            _ if is_letter => self.letters |= within,
            _ => self.signs |= within,
        }
        match self.readings.iter_mut().find(|reading| reading.small == small) {
            Some(reading) => reading.within |= within,
            None => self.readings.push(Reading { small, is_letter, within }),
        }
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
