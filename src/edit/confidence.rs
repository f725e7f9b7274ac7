//! How sure an edit is.

use std::fmt;
use std::str::FromStr;

/// How sure an edit is. A level is a promise about precision, measured on clean and on broken text.
///
/// Ordered: `Possible < Likely < Certain`.
///
/// ```
/// use unbake::Confidence;
/// assert!(Confidence::Possible < Confidence::Certain);
/// assert_eq!("likely".parse(), Ok(Confidence::Likely));
/// assert!("sure".parse::<Confidence>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// At least 95 % of such edits are right.
    Possible,
    /// At least 99.9 % of such edits are right. What is acted on by default.
    #[default]
    Likely,
    /// At least 99.99 % of such edits are right.
    Certain,
}

impl Confidence {
    /// All levels, least sure first.
    pub const ALL: [Confidence; 3] = [Confidence::Possible, Confidence::Likely, Confidence::Certain];

    /// The level's name, as written in output, options and settings.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Possible => "possible",
            Confidence::Likely => "likely",
            Confidence::Certain => "certain",
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Confidence {
    type Err = String;

    /// # Errors
    /// When `s` is none of `certain`, `likely`, `possible`.
    fn from_str(s: &str) -> Result<Confidence, String> {
        Confidence::ALL
            .into_iter()
            .find(|level| level.name() == s)
            .ok_or_else(|| format!("unknown confidence `{s}`: use certain, likely or possible"))
    }
}
