//! Finds text broken by a wrong character encoding, shows what it would change, and puts it right.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod codec;
mod config;
mod detect;
mod edit;
mod engine;
mod error;
mod model;
mod normalize;
mod repair;
mod source;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod files;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod report;

use std::borrow::Cow;

pub use codec::{EncodingInfo, encodings, undo_step};
pub use config::Config;
pub use edit::{
    Bom, Chain, Confidence, Context, Edit, Entities, Eol, Form, How, Legacy, Loss, Lost, Note, Pass, Place, Plan,
    Quotes, Remark, Rule, RuleSet, Shown, Span, Step,
};
pub use engine::{Consensus, Engine, Reading, Window};
pub use error::Error;

/// The repaired text, with the default settings; borrowed when nothing changes.
pub fn repair(text: &str) -> Cow<'_, str> {
    Engine::default().repair(text)
}
