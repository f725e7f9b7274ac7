//! Bytes to characters and back: the only place that knows code pages.
//!
//! In: characters, bytes, labels. Out: the byte of a character in every single-byte page at once, and UTF-8 units read
//! through a page. Must not: weigh anything.

mod case;
mod confusions;
mod encoding;
pub mod iso2022jp;
mod multi;
mod page;
mod reader;
mod step;
mod unit;
mod wide;

pub use case::{Case, cased_units, is_letter, may_be_in_units, may_begin};
pub use confusions::confusions;
pub use encoding::Encoding;
pub use multi::Multi;
pub use page::{EncodingInfo, Page, PageSet, Record, Roles, encodings, is_c1, record, roles};
pub use reader::{After, Reader};
pub use step::undo_step;
pub use unit::{Cell, Loss, leading_space, lossy_units, pages_at, sequence_len, unit};
pub use wide::Wide;

/// Characters of a multi-byte page whose bytes are out of step with those of the encoding that was meant fall into step
/// again after this many at most; longer groups are not considered.
pub const LONGEST_GROUP: usize = 48;
