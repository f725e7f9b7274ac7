//! The only output: findings as a list, a patch or JSON, and messages.
//!
//! In: plans, the source bytes that a patch needs, and writers. Out: text, for people or for programs. Must not: read a
//! file, decide anything, or run on more than one thread.

pub mod diff;
pub mod explain;
mod hunks;
pub mod json;
pub mod list;
pub mod look;
pub mod messages;
mod pretty;
mod show;

pub use look::{Look, When};
pub use messages::{Messages, Totals};
