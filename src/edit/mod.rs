//! What would change, as pure data: spans, steps, chains, edits and plans.
//!
//! In: nothing. Out: the types that every other module speaks. Must not: decide anything, touch a file.
//!
//! All offsets are 0-based byte offsets into the source, half-open. A [`Plan`] is the one value that the list, the
//! patch, the JSON, the write and the undo consume; nothing else crosses the border between judging and acting.

mod chain;
mod confidence;
mod context;
mod form;
mod lost;
mod nearest;
mod pass;
mod plan;
mod remark;
mod rule;
mod span;

pub use chain::{Chain, Step};
pub use confidence::Confidence;
pub use context::Context;
pub use form::{Form, How, Legacy, Note};
pub use lost::{Loss, Lost};
pub use nearest::nearest;
pub use pass::{Bom, Entities, Eol, Pass, Quotes};
pub use plan::{Edit, Place, Plan, Shown};
pub use remark::Remark;
pub use rule::{Rule, RuleSet};
pub use span::Span;
