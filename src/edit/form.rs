//! In which encoding a source is, and how that is known.

/// The encoding of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Its label.
    pub label: &'static str,
    /// How it is known.
    pub how: How,
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
}

impl How {
    /// The name, as output has it.
    pub fn name(self) -> &'static str {
        match self {
            How::Mark => "byte order mark",
            How::Shape => "pattern of bytes",
            How::Declared => "declared",
            How::Given => "given",
        }
    }
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
