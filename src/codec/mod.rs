//! Bytes to characters and back: the only place that knows code pages.
//!
//! In: characters, bytes, labels. Out: the byte of a character in every single-byte page at once, and UTF-8 units read
//! through a page. Must not: weigh anything.

mod encoding;
mod page;
mod unit;

pub use encoding::Encoding;
pub use page::{EncodingInfo, Page, PageSet, Record, Roles, encodings, record};
pub use unit::{Cell, Loss, Unit, lossy_units, pages_at, undo_step, unit};
