//! The `unbake` program: exit code and broken pipe, nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    match unbake::cli::run(std::env::args_os()) {
        Ok(status) => ExitCode::from(status),
        // Whoever reads has seen enough.
        Err(e) if e.is_broken_pipe() => ExitCode::SUCCESS,
        Err(e) => {
            unbake::report::messages::last_words(&e);
            ExitCode::from(unbake::cli::ERROR)
        }
    }
}
