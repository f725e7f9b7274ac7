//! Output that a person reads page by page, when it is longer than the screen.
//!
//! In: what a command writes. Out: the same by way of a pager, or at once where there is none or no need. What fits on the screen
//! so far is held back, so that the terminal still shows how far the run is; a pager that somebody asked for gets all there
//! is. Must not: lose what was held, however the run ends.

use std::io::{self, Write};

use super::args::PagerArgs;
use super::stop::Stop;
use crate::error::Error;
use crate::files::pager::{self, Pager};
use crate::report::progress::{self, Lent};
use crate::report::{Look, Output, lines_on_screen};

/// Standard output, or a pager before it.
pub struct Paged {
    out: Output,
    look: Look,
    stop: Stop,
    state: State,
}

enum State {
    /// There is no pager.
    Direct,
    /// There will be one, if there is more to come.
    Held(Vec<u8>),
    Paged(Pager, Lent),
}

impl Paged {
    /// Output that looks like this, by way of a pager where somebody reads it.
    pub fn new(look: Look, args: PagerArgs, stop: &Stop) -> Paged {
        let state = if look.terminal && !args.no_pager { State::Held(Vec::new()) } else { State::Direct };
        Paged { out: crate::report::output(), look, stop: stop.clone(), state }
    }

    /// Hands on what there is, where somebody waits for it at a terminal.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn show(&mut self) -> io::Result<()> {
        match self.state {
            State::Direct if self.look.terminal => self.out.flush(),
            _ => Ok(()),
        }
    }

    /// Ends it, which with a pager is for the person before it to say. Gives what came of the run that wrote it: whoever leaves a
    /// pager before the end has seen enough.
    ///
    /// # Errors
    /// When the run failed, or what is left cannot be written.
    pub fn end<T: Default>(mut self, ran: Result<T, Error>) -> Result<T, Error> {
        match std::mem::replace(&mut self.state, State::Direct) {
            State::Direct => self.out.flush()?,
            State::Held(held) => {
                self.out.write_all(&held)?;
                self.out.flush()?;
            }
            State::Paged(pager, lent) => {
                pager.end()?;
                drop(lent);
                if ran.as_ref().is_err_and(Error::is_broken_pipe) {
                    return Ok(T::default());
                }
            }
        }
        ran
    }

    /// Starts the pager, which gets what was held.
    fn start(&mut self, held: Vec<u8>) -> io::Result<()> {
        let lent = progress::lend();
        match Pager::start()? {
            Some(mut pager) => {
                // Ctrl-C is for the pager, too, which need not end by it.
                self.stop.hold()?;
                let written = pager.write_all(&held);
                self.state = State::Paged(pager, lent);
                written
            }
            None => {
                drop(lent);
                self.out.write_all(&held)
            }
        }
    }
}

impl Write for Paged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.state {
            State::Direct => self.out.write(bytes),
            State::Paged(pager, _) => pager.write(bytes),
            State::Held(held) => {
                if held.is_empty() {
                    // What is held is shown, though somebody wants it to end.
                    self.stop.listen()?;
                }
                held.extend_from_slice(bytes);
                let is_long = bytes.contains(&b'\n') && lines_on_screen(held, self.look) >= self.look.height;
                if is_long || pager::is_asked_for() {
                    let held = std::mem::take(held);
                    self.state = State::Direct;
                    self.start(held)?;
                }
                Ok(bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.state {
            State::Direct => self.out.flush(),
            State::Held(_) => Ok(()),
            State::Paged(pager, _) => pager.flush(),
        }
    }
}

impl Drop for Paged {
    fn drop(&mut self) {
        if let State::Held(held) = &self.state {
            // An error ended the run, and is what there is to say.
            let _ = self.out.write_all(held).and_then(|()| self.out.flush());
        }
    }
}
