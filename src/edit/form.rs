//! In which encoding a source is, and how that is known.

use super::Confidence;

/// The encoding of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Its label.
    pub label: &'static str,
    /// How it is known.
    pub how: How,
    /// Whether the plan writes the source in UTF-8 instead.
    pub converts: bool,
}

/// How an encoding is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// By a byte order mark.
    Mark,
    /// By the pattern of its bytes, which nothing else has.
    Shape,
    /// The source says so itself.
    Declared,
    /// The user said so.
    Given,
    /// It makes more sense so than in any other.
    Guessed,
}

impl How {
    /// The name, as output has it.
    pub fn name(self) -> &'static str {
        match self {
            How::Mark => "byte order mark",
            How::Shape => "pattern of bytes",
            How::Declared => "declared",
            How::Given => "given",
            How::Guessed => "guessed",
        }
    }
}

/// What a source seems to be in that is not UTF-8 and does not say what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Legacy {
    /// The label of the encoding; of a mixed source, those of what is not UTF-8.
    pub labels: Vec<&'static str>,
    /// Whether UTF-8 and other encodings, or several of those, stand side by side.
    pub mixed: bool,
    /// How sure that is.
    pub confidence: Confidence,
    /// The language, where the words tell, as a code.
    pub language: Option<&'static str>,
}

/// Something about a source that its reader should know: an edit that was refused, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Line, 1-based.
    pub line: u64,
    /// Column in characters, 1-based.
    pub column: u64,
    /// What there is to know, in words.
    pub what: String,
}
