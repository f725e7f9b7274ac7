//! Asked to stop in the middle: by Ctrl-C, or by who shuts the machine down.
//!
//! In: signals. Out: whether there was one. Must not: end the program at a first signal where a file may be half written.

use std::io;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::SigId;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

/// Exit status of a run that was told to stop.
pub const STOPPED: u8 = 130;

const SIGNALS: [i32; 2] = [SIGINT, SIGTERM];

/// Whether the program was asked to stop.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    shared: Arc<Shared>,
    /// What lets a second signal end the program.
    second: Vec<SigId>,
}

#[derive(Debug, Default)]
struct Shared {
    /// A signal came, and is kept in mind.
    asked: Arc<AtomicBool>,
    /// Signals are kept in mind instead of ending the program.
    listens: AtomicBool,
    /// A signal came while somebody watched.
    watched: Arc<AtomicBool>,
}

impl Stop {
    /// From now on a signal is kept in mind instead of ending the program; a second one ends it all the same.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn listen(&mut self) -> io::Result<()> {
        if !self.shared.listens.swap(true, Ordering::SeqCst) {
            for signal in SIGNALS {
                // In this order: what the first signal sets is seen by the second one only.
                let asked = &self.shared.asked;
                self.second.push(flag::register_conditional_shutdown(signal, STOPPED.into(), Arc::clone(asked))?);
                flag::register(signal, Arc::clone(asked))?;
            }
        }
        Ok(())
    }

    /// The same, however many signals there are: another program has the terminal, and is waited for.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn hold(&mut self) -> io::Result<()> {
        self.listen()?;
        self.second.drain(..).for_each(|id| {
            low_level::unregister(id);
        });
        Ok(())
    }

    /// From now on a signal does not end the program at once, but is there to be [`seen`](Stop::is_seen): whoever watches ends it.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn watch(&self) -> io::Result<()> {
        SIGNALS.iter().try_for_each(|signal| flag::register(*signal, Arc::clone(&self.shared.watched)).map(drop))
    }

    /// Whether there was a signal since somebody watched.
    pub fn is_seen(&self) -> bool {
        self.shared.watched.load(Ordering::Relaxed)
    }

    /// Ends the program as a signal does, unless signals are kept in mind; then it has been heard by now.
    pub fn obey(&self) {
        if self.shared.listens.load(Ordering::SeqCst) {
            self.shared.asked.store(true, Ordering::Relaxed);
        } else {
            let _ = low_level::emulate_default_handler(SIGINT);
            process::exit(STOPPED.into());
        }
    }

    /// Whether there was a signal.
    pub fn asked(&self) -> bool {
        self.shared.asked.load(Ordering::Relaxed)
    }
}
