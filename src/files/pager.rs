//! The program that shows long output page by page, as git has one.
//!
//! In: the environment, and what is to be shown. Out: a writer, whose end waits for the pager to end. Must not: be used
//! where the output is no terminal.

use std::env;
use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::process::{Child, ChildStdin, Command, Stdio};

/// Leaves at once what fits on the screen, lets colours through, and leaves the screen as it is.
const USUAL: &str = "less -FRX";

/// What a word of a command may hold without being for a shell to read.
const PLAIN: &[u8] = b"-_./+=,:@%";

/// A pager that runs.
#[derive(Debug)]
pub struct Pager {
    child: Child,
    /// None once there is nothing more to show.
    input: Option<BufWriter<ChildStdin>>,
}

impl Pager {
    /// Starts the pager of `UNBAKE_PAGER`, else of `PAGER`, else `less -FRX`. None: there is to be none, or `less` is not here.
    ///
    /// # Errors
    /// When the one that was asked for cannot be started.
    pub fn start() -> io::Result<Option<Pager>> {
        let asked = asked();
        let command = asked.clone().unwrap_or_else(|| USUAL.into());
        let Some(mut pager) = program(&command) else { return Ok(None) };
        if env::var_os("LESS").is_none() {
            pager.env("LESS", "FRX");
        }
        match pager.stdin(Stdio::piped()).spawn() {
            Ok(mut child) => {
                let input = child.stdin.take().map(BufWriter::new);
                Ok(Some(Pager { child, input }))
            }
            Err(_) if asked.is_none() => Ok(None),
            Err(error) => {
                let command = command.to_string_lossy();
                let why = format!("cannot start the pager `{command}`: {error}; set UNBAKE_PAGER, or use --no-pager");
                Err(io::Error::new(error.kind(), why))
            }
        }
    }

    /// Lets the pager end, which is for the person before it to say.
    ///
    /// # Errors
    /// When not all of the output could be handed over, unless the pager had ended before.
    pub fn end(mut self) -> io::Result<()> {
        let flushed = self.flush();
        self.wait()?;
        match flushed {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            _ => Ok(()),
        }
    }

    fn wait(&mut self) -> io::Result<()> {
        if let Some(input) = self.input.take() {
            // Whether it got everything was asked before.
            drop(input.into_parts());
        }
        self.child.wait().map(drop)
    }
}

impl Write for Pager {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.input.as_mut().map_or(Ok(buf.len()), |input| input.write(buf))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.input.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Pager {
    /// The terminal is the pager's until it ends, whatever happened here.
    fn drop(&mut self) {
        let _ = self.wait();
    }
}

fn asked() -> Option<OsString> {
    env::var_os("UNBAKE_PAGER").or_else(|| env::var_os("PAGER"))
}

/// Whether somebody said which pager it is, or that there is to be none: then all is for that one to show, short or long.
pub fn is_asked_for() -> bool {
    asked().is_some()
}

/// The command as a program, or as something for a shell; none: it is empty, or `cat`, which would do nothing.
fn program(command: &OsString) -> Option<Command> {
    let is_plain = |word: &str| word.bytes().all(|b| b.is_ascii_alphanumeric() || PLAIN.contains(&b));
    let words: Vec<&str> = command.to_str().map(|text| text.split_whitespace().collect()).unwrap_or_default();
    match words[..] {
        [] if command.to_str().is_some() => None,
        ["cat"] => None,
        [name, ref args @ ..] if cfg!(windows) || words.iter().copied().all(is_plain) => {
            let mut program = Command::new(name);
            program.args(args);
            Some(program)
        }
        _ => {
            let mut shell = Command::new("sh");
            shell.arg("-c").arg(command);
            Some(shell)
        }
    }
}
