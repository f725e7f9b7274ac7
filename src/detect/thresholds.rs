//! From which evidence on a place is worth a thought. Costs are in eighths of a nat; `build/scan.rs` reads this file too.

/// How many parts of a nat costs are counted in; [`crate::model::PER_NAT`] is the same.
pub const PER_NAT: i32 = 8;
/// Promises that do not reach this add up to nothing. Less than any mixup costs to enter.
pub const ENOUGH: i32 = 6 * PER_NAT;
/// How much more than usual a character costs before it is a surprise.
pub const MORE: i32 = 2 * PER_NAT;
/// A single character adds no more surprise than this.
pub const DEAREST: i32 = 10 * PER_NAT;
/// How much more than usual a character of a usual pair costs, at most.
pub const USUAL: i32 = PER_NAT / 2;
/// This much surprise is looked into.
pub const TOO_MUCH: i32 = 10 * PER_NAT;
/// What a promise, and a surprise in ASCII, loses with each byte of distance.
pub const FADES: i32 = 1;

/// A character of China, Japan or Korea is common if it costs no more than this beyond what is usual, within its class;
/// and very common with so much less than that.
pub const COMMON_WITHIN: i32 = 20;
pub const VERY_COMMON_WITHIN: i32 = -PER_NAT;

/// The least that the ASCII right after a surprise adds to it.
pub const LEAST: i32 = 1;
/// The most surprise that the beginning of a word of a small script adds, or a mark.
pub const BEGINS: i32 = 2 * PER_NAT;

/// What else but its cost bears on the surprise of a character beside another.
#[derive(Clone, Copy)]
pub struct Kind {
    /// The number of its class.
    pub class: u8,
    /// Of the scripts of China, Japan and Korea, or their punctuation.
    pub is_cjk: bool,
    /// Punctuation or a digit of ASCII.
    pub is_sign: bool,
    /// A space of ASCII, or the edge of a text.
    pub is_space: bool,
    /// A letter of ASCII.
    pub is_plain_letter: bool,
    /// Punctuation outside ASCII, an arrow, a space or a format character.
    pub is_mark: bool,
    /// Such a mark that is not seen: a space or a format character.
    pub is_unseen: bool,
    /// A letter or a sign of a script with few letters, but Latin and Cyrillic.
    pub is_other_letter: bool,
    /// A Cyrillic letter.
    pub is_cyrillic: bool,
    /// One of the common characters of its class, and one of the very common ones.
    pub is_common: bool,
    pub is_very_common: bool,
}

impl Kind {
    /// Whether it stands between words.
    pub fn is_between_words(self) -> bool {
        self.is_space || self.is_sign || self.is_mark
    }
}

/// The most surprise that `b` may add after `a`. Without this, places where scripts meet would be suspects wherever text
/// mixes them, as nearly all text of China, Japan and Korea does, and each would be judged for nothing.
///
/// The statistics are of all languages together. So the first letter of a word costs much where its script is written in few of
/// them, for it might have been a letter of so many others; the next ones do not. That says nothing of this text, so it
/// counts only so far. Not so in Latin and Cyrillic, which are read as each other and as themselves.
///
/// On 2026-11-25, on 1,500 clean lines a language, this and the bound on promises (see `evidence.rs`) took the lines
/// judged for nothing from 103 to 10 in Greek, 68 to 40 in Arabic, 64 to 2 in Thai, 141 to 71 in Chinese, 102 to 29 in
/// Japanese, 64 to 17 in Korean, 26 to 12 in Hebrew. Of 53,345 damaged records that are repaired all are still
/// suspects.
pub fn most(a: Kind, b: Kind) -> i32 {
    match (a.is_cjk, b.is_cjk) {
        (true, true) if a.class != b.class && a.is_common && b.is_common => 0,
        (true, true) if a.class != b.class => PER_NAT,
        (true, true) => DEAREST,
        (true, false) => beside_cjk(b, a),
        (false, true) => beside_cjk(a, b),
        (false, false) => match () {
            () if a.is_between_words() && (b.is_other_letter || b.is_mark) => BEGINS,
            () if a.is_other_letter && b.is_mark => BEGINS,
            () if a.is_cyrillic && b.is_unseen => BEGINS,
            () if a.is_unseen && b.is_cyrillic => 3 * PER_NAT,
            () if a.is_sign => 3 * PER_NAT,
            // No damage shows by what of ASCII follows, where it does not take a Latin letter for a quotation mark.
            () if b.is_sign && (a.is_other_letter || a.is_cyrillic) => 3 * PER_NAT,
            () => DEAREST,
        },
    }
}

/// The most surprise that there may be where a character of China, Japan or Korea stands beside another one.
fn beside_cjk(other: Kind, cjk: Kind) -> i32 {
    match () {
        () if (other.is_sign || other.is_space) && cjk.is_common => 3 * PER_NAT / 2,
        () if other.is_mark => 2 * PER_NAT,
        () if other.is_plain_letter && cjk.is_very_common => 3 * PER_NAT,
        () if other.is_plain_letter && cjk.is_common => 5 * PER_NAT,
        // Beside a letter it takes one thing more to be a suspect, be it only ASCII.
        () => TOO_MUCH - LEAST,
    }
}
