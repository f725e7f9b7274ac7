//! Asked to stop in the middle: by Ctrl-C, or by who shuts the machine down.
//!
//! In: signals. Out: whether there was one. Must not: end the program at a first signal, for a file may be half written.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Exit status of a run that was told to stop.
pub const STOPPED: u8 = 130;

/// Whether the program was asked to stop.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    asked: Arc<AtomicBool>,
    listens: bool,
}

impl Stop {
    /// From now on a signal is kept in mind instead of ending the program; a second one ends it all the same.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn listen(&mut self) -> io::Result<()> {
        if !self.listens {
            for signal in [SIGINT, SIGTERM] {
                // In this order: what the first signal sets is seen by the second one only.
                flag::register_conditional_shutdown(signal, STOPPED.into(), Arc::clone(&self.asked))?;
                flag::register(signal, Arc::clone(&self.asked))?;
            }
            self.listens = true;
        }
        Ok(())
    }

    /// The same, however many signals there are: another program has the terminal, and is waited for.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn hold(&mut self) -> io::Result<()> {
        if !self.listens {
            for signal in [SIGINT, SIGTERM] {
                flag::register(signal, Arc::clone(&self.asked))?;
            }
            self.listens = true;
        }
        Ok(())
    }

    /// Whether there was a signal.
    pub fn asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}
