//! `unbake man`: the manual, a page for each command, from the same definitions as `--help`.

use std::path::Path;

use clap::{Command, CommandFactory};

use super::FINE;
use super::args::Args;
use crate::error::Error;
use crate::files::pages;

/// Writes the pages into a folder.
///
/// # Errors
/// When one cannot be written.
pub fn run(folder: &Path) -> Result<u8, Error> {
    let mut all = Args::command();
    all.build();
    let mut written = vec![page(&all)?];
    for command in all.get_subcommands().filter(|command| !command.is_hide_set() && command.get_name() != "help") {
        written.push(page(command)?);
    }
    pages::write(folder, &written)?;
    Ok(FINE)
}

fn page(command: &Command) -> Result<(String, Vec<u8>), Error> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut text)?;
    // `unbake-check`, as the manual of git names its commands.
    Ok((format!("{}.1", command.get_display_name().unwrap_or(command.get_name())), text))
}
