//! The only file access: which files, their bytes, the ordered parallel run, the write, the journal, the way back, and what
//! git knows of them.
//!
//! In: paths and plans. Out: documents, lists of paths, and files that hold what their plan says. Must not: decide
//! what is damage, print, or know how a finding is shown.

pub mod baseline;
pub mod containers;
pub mod decisions;
pub mod digest;
pub mod git;
pub mod journal;
pub mod names;
pub mod pager;
pub mod pages;
pub mod prune;
pub mod read;
pub mod recovery;
pub mod rewrite;
pub mod run;
pub mod single;
pub mod state;
pub mod undo;
pub mod walk;
pub mod write;

mod attributes;

pub use read::{Document, Loaded, Skip, Source};
