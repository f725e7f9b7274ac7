//! The mixups that a text went through.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// One mixup: text encoded in one encoding whose bytes were decoded as another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Step {
    /// Label of the encoding that the bytes were in, such as `utf-8`.
    pub encoded: Cow<'static, str>,
    /// Label of the encoding that they were read as, such as `windows-1252`.
    pub read_as: Cow<'static, str>,
}

impl Step {
    /// No mixup, but a rule that the user gave: see [`Config::rules`](crate::Config::rules).
    pub const RULE: Step = Step::new("rule", "rule");

    /// No mixup, but text that was lost and stands in an earlier version of the file.
    pub const HISTORY: Step = Step::new("history", "history");

    /// No mixup, but letters that were lost and that the words tell.
    pub const WORDS: Step = Step::new("words", "words");

    /// The mixup "`encoded` read as `read_as`".
    pub const fn new(encoded: &'static str, read_as: &'static str) -> Step {
        Step { encoded: Cow::Borrowed(encoded), read_as: Cow::Borrowed(read_as) }
    }
}

impl fmt::Display for Step {
    /// `utf-8 read as windows-1252`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Step::RULE {
            return f.write_str("a rule of yours");
        }
        if *self == Step::HISTORY {
            return f.write_str("found in the history");
        }
        if *self == Step::WORDS {
            return f.write_str("letters told by the words");
        }
        write!(f, "{} read as {}", self.encoded, self.read_as)
    }
}

/// The mixups that a text went through, outermost (the last that happened, the first to undo) first. A clone shares them.
///
/// ```
/// use unbake::{Chain, Step};
/// let step = Step::new("utf-8", "windows-1252");
/// let chain = Chain::from(vec![step.clone(), step]);
/// assert_eq!(chain.to_string(), "utf-8 read as windows-1252, 2 times");
/// assert_eq!(chain.steps().len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chain(Arc<[Step]>);

impl Chain {
    /// The steps, outermost first.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }
}

impl From<Vec<Step>> for Chain {
    fn from(steps: Vec<Step>) -> Chain {
        Chain(steps.into())
    }
}

impl fmt::Display for Chain {
    /// The steps, outermost first; a step that repeats is written once with its number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, run) in self.0.chunk_by(|a, b| a == b).enumerate() {
            let comma = if i > 0 { "; " } else { "" };
            write!(f, "{comma}{}", run[0])?;
            if run.len() > 1 {
                write!(f, ", {} times", run.len())?;
            }
        }
        Ok(())
    }
}
