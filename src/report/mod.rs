//! The only output: findings as a list, a patch or JSON, and messages.
//!
//! In: plans, the source bytes that a patch needs, and writers. Out: text, for people or for programs. Must not: read a
//! file, decide anything, or run on more than one thread.

pub mod binary;
pub mod blame;
pub mod diff;
pub mod explain;
pub mod formats;
pub mod html;
mod hunks;
pub mod json;
pub mod list;
pub mod look;
pub mod messages;
mod pretty;
pub mod remains;
pub mod review;
pub mod screen;
mod show;
pub mod statistics;

use std::io::{self, BufWriter, Stderr, StdoutLock};

pub use look::{Look, When};
pub use messages::{Messages, Totals};

/// Standard output, buffered. What it holds must be flushed by hand, or a failure to write it is not seen.
pub fn output() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(64 << 10, io::stdout().lock())
}

/// Standard output for a stream: what is written is handed on with the next flush at the latest.
pub fn stream() -> StdoutLock<'static> {
    io::stdout().lock()
}

/// Standard error, buffered, for a patch that standard output has no room for.
pub fn aside() -> BufWriter<Stderr> {
    BufWriter::new(io::stderr())
}

/// The beginning of a text, as a person can see it, at most `width` columns wide.
pub fn crop(text: &str, width: usize) -> String {
    show::start(&show::text(text), width, true)
}

/// Columns that a text takes where a person sees it.
pub fn columns(text: &str) -> usize {
    show::width(&show::text(text))
}
