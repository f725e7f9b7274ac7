// What is known of the classes of characters. `build/model.rs`, which says it of each class, reads this file too.

/// A script with thousands of characters.
pub const LARGE: u16 = 1;
/// Leaves no mark on the page.
pub const UNSEEN: u16 = 1 << 1;
/// Not in Unicode.
pub const UNASSIGNED: u16 = 1 << 2;
/// Of the scripts of China, Japan and Korea, or their punctuation.
pub const CJK: u16 = 1 << 3;
/// Punctuation and digits of ASCII.
pub const SIGN: u16 = 1 << 4;
/// Other punctuation, arrows, spaces and format characters.
pub const MARK: u16 = 1 << 5;
/// Of a script of few letters, but Latin and Cyrillic.
pub const OTHER_LETTER: u16 = 1 << 6;
/// Letters of ASCII.
pub const PLAIN_LETTER: u16 = 1 << 7;
/// Cyrillic letters.
pub const CYRILLIC: u16 = 1 << 8;
/// Small letters outside ASCII.
pub const SMALL: u16 = 1 << 9;
/// What may stand right behind any letter: quotation marks, dashes, an ellipsis.
pub const CLOSING: u16 = 1 << 10;
