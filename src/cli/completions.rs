//! `unbake completions`: a script that completes the arguments.

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::Args;
use super::{FINE, finish};
use crate::error::Error;

/// Writes the script for a shell.
///
/// # Errors
/// When the output cannot be written.
pub fn run(shell: Shell) -> Result<u8, Error> {
    // Made in memory: the generator panics when its writer fails, and a closed pipe is no reason to.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "unbake", &mut script);
    let mut out = crate::report::output();
    std::io::Write::write_all(&mut out, &script)?;
    finish(out, FINE)
}
