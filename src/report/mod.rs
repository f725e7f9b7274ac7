//! The only output: findings as a list, a patch or JSON, and messages.
//!
//! In: plans, the source bytes that a patch needs, and writers. Out: text, for people or for programs. Must not: read a
//! file, decide anything, or run on more than one thread, but for the line that shows how far a run is.

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
pub mod progress;
pub mod remains;
pub mod review;
pub mod screen;
mod show;
pub mod statistics;

use std::io::{self, BufWriter, IsTerminal, Stderr, StdoutLock, Write};

pub use look::{Look, When};
pub use messages::{Messages, Totals};

/// A stream that may be the terminal, where progress is shown and gives way.
#[derive(Debug)]
pub struct Shared<W> {
    stream: W,
    is_terminal: bool,
}

impl<W: Write + IsTerminal> Shared<W> {
    fn new(stream: W) -> Shared<W> {
        Shared { is_terminal: stream.is_terminal(), stream }
    }
}

impl<W: Write> Write for Shared<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.is_terminal {
            true => progress::part(bytes, |bytes| self.stream.write(bytes)),
            false => self.stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.is_terminal {
            true => progress::aside(|| self.stream.flush()),
            false => self.stream.flush(),
        }
    }
}

/// Standard output, buffered.
pub type Output = BufWriter<Shared<StdoutLock<'static>>>;

/// Standard output, buffered. What it holds must be flushed by hand, or a failure to write it is not seen.
pub fn output() -> Output {
    BufWriter::with_capacity(64 << 10, Shared::new(io::stdout().lock()))
}

/// Standard output for a stream: what is written is handed on with the next flush at the latest.
pub fn stream() -> StdoutLock<'static> {
    io::stdout().lock()
}

/// Standard error, buffered, for a patch that standard output has no room for.
pub fn aside() -> BufWriter<Shared<Stderr>> {
    BufWriter::new(Shared::new(io::stderr()))
}

/// The beginning of a text, as a person can see it, at most `width` columns wide.
pub fn crop(text: &str, width: usize) -> String {
    show::start(&show::text(text), width, true)
}

/// Columns that a text takes where a person sees it.
pub fn columns(text: &str) -> usize {
    show::width(&show::text(text))
}

/// How many rows of a terminal a text takes, colours and all.
pub fn lines_on_screen(text: &[u8], look: Look) -> usize {
    let text = String::from_utf8_lossy(text);
    let plain = anstream::adapter::strip_str(&text).to_string();
    plain.lines().map(|line| show::width(line).div_ceil(look.width.max(1)).max(1)).sum()
}
