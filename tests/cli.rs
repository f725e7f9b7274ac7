//! The command line, driven as a user drives it: the real program, in a folder of its own.
#![cfg(feature = "cli")]

#[path = "cli/archives.rs"]
mod archives;
#[path = "cli/arguments.rs"]
mod arguments;
#[path = "cli/assistant.rs"]
mod assistant;
#[path = "cli/blame.rs"]
mod blame;
#[path = "boxes/mod.rs"]
mod boxes;
#[path = "cli/check.rs"]
mod check;
#[path = "cli/ci.rs"]
mod ci;
#[path = "cli/consensus.rs"]
mod consensus;
#[path = "cli/diff.rs"]
mod diff;
#[path = "cli/encodings.rs"]
mod encodings;
#[path = "cli/explain.rs"]
mod explain;
#[path = "cli/faults.rs"]
mod faults;
#[path = "cli/fix.rs"]
mod fix;
#[path = "cli/formats.rs"]
mod formats;
#[path = "cli/ignores.rs"]
mod ignores;
#[path = "cli/lost.rs"]
mod lost;
#[path = "cli/lsp.rs"]
mod lsp;
#[path = "cli/mail.rs"]
mod mail;
#[path = "cli/names.rs"]
mod names;
#[path = "cli/news.rs"]
mod news;
#[path = "cli/normalize.rs"]
mod normalize;
#[cfg(unix)]
#[path = "cli/pager.rs"]
mod pager;
#[path = "cli/pipe.rs"]
mod pipe;
#[cfg(unix)]
#[path = "cli/progress.rs"]
mod progress;
#[path = "cli/restored.rs"]
mod restored;
#[path = "cli/review.rs"]
mod review;
#[path = "cli/settings.rs"]
mod settings;
#[path = "cli/statistics.rs"]
mod statistics;
#[path = "cli/support.rs"]
mod support;
#[cfg(unix)]
#[path = "cli/terminal.rs"]
mod terminal;
#[path = "cli/undo.rs"]
mod undo;
#[path = "cli/walk.rs"]
mod walk;
