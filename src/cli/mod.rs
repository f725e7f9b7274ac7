//! The command line: arguments as typed, settings resolved, one function per command.
//!
//! In: arguments. Out: the exit status. Must not: open a file that is to be repaired, or print, except through `files`
//! and `report`, which only meet here.

mod allow;
mod args;
mod blame;
mod check;
mod comment;
mod completions;
mod diff;
mod encodings;
mod explain;
mod fix;
mod formats;
mod literal;
mod lsp;
mod man;
mod mark;
mod names;
mod news;
mod page;
mod paging;
mod pipe;
mod recall;
mod records;
mod review;
mod rules;
mod scan;
mod second;
mod settings;
mod shape;
mod show;
mod single;
mod skim;
mod stop;
mod undo;
mod watch;
mod writer;

use std::ffi::OsString;
use std::io::Write;
use std::panic;
use std::thread;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};

use crate::error::Error;
use crate::files::run::WORKER;
use args::{Args, Command};

/// Exit status: nothing to change, or all done.
pub const FINE: u8 = 0;
/// Exit status: there are changes to make.
pub const FOUND: u8 = 1;
/// Exit status: something went wrong, even if other things went well.
pub const ERROR: u8 = 2;

/// Runs the program and gives its exit status.
///
/// # Errors
/// When the run cannot go on: wrong arguments, or an output that cannot be written to.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Result<u8, Error> {
    let args: Vec<OsString> = args.into_iter().collect();
    // What follows `help` is a command, or a rule.
    if let [_, help, name] = &args[..]
        && help == "help"
        && let Some(rule) = name.to_str().and_then(|name| name.parse().ok())
    {
        return rules::explain(rule, args::Color::Auto);
    }
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(mut e) => {
            advise(&mut e);
            // Help and version come this way too; they go to standard output and are no error.
            e.print()?;
            return Ok(u8::try_from(e.exit_code()).unwrap_or(ERROR));
        }
    };
    quiet_workers();
    match args.command {
        Command::Check(args) => check::run(&args),
        Command::Blame(args) => blame::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Fix(args) => fix::run(&args),
        Command::Review(args) => review::run(&args),
        Command::Names(args) => names::run(&args),
        Command::Undo(args) => undo::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Pipe(args) => pipe::run(&args),
        Command::Lsp { judge } => lsp::run(&judge),
        Command::Encodings => encodings::run(),
        Command::Rules => rules::run(),
        Command::Man { folder } => man::run(&folder),
        Command::Completions { shell } => completions::run(shell),
    }
}

/// Says which commands there are, where no command is anything like the one that was typed.
fn advise(error: &mut clap::Error) {
    let is_alike = error.get(ContextKind::SuggestedSubcommand).is_some();
    if error.kind() != ErrorKind::InvalidSubcommand || is_alike {
        return;
    }
    let all = Args::command();
    let names: Vec<&str> = all.get_subcommands().filter(|one| !one.is_hide_set()).map(|one| one.get_name()).collect();
    let tip = StyledStr::from(format!("the commands are {}", names.join(", ")));
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
}

/// Ends a command: what is buffered goes out, and a failure to write it is one.
fn finish(mut out: impl Write, status: u8) -> Result<u8, Error> {
    out.flush()?;
    Ok(status)
}

/// A panic while a file is worked on is reported as that file's error, in its turn; not by the thread itself.
fn quiet_workers() {
    let loud = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().name() != Some(WORKER) {
            loud(info);
        }
    }));
}
