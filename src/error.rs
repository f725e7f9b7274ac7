//! The one error type.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// What went wrong, where, and why. Opaque: ask with the predicates, show with `Display`.
#[derive(Debug)]
pub struct Error {
    path: Option<PathBuf>,
    offset: Option<u64>,
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    Io(io::Error),
    Plan(&'static str),
    Usage(String),
    Changed,
}

impl Error {
    pub(crate) fn plan(offset: u64, why: &'static str) -> Error {
        Error { path: None, offset: Some(offset), cause: Cause::Plan(why) }
    }

    /// Something that the caller asked for and cannot have, in words that say what to do instead.
    pub fn usage(message: impl Into<String>) -> Error {
        Error { path: None, offset: None, cause: Cause::Usage(message.into()) }
    }

    /// The file is no longer what it was when it was read.
    pub fn changed() -> Error {
        Error { path: None, offset: None, cause: Cause::Changed }
    }

    /// The same error, with the path that it belongs to.
    #[must_use]
    pub fn at(mut self, path: impl AsRef<Path>) -> Error {
        self.path = Some(path.as_ref().to_path_buf());
        self
    }

    /// The same error, with the path that it belongs to unless it names one already.
    #[must_use]
    #[cfg(feature = "cli")]
    pub(crate) fn or_at(self, path: impl AsRef<Path>) -> Error {
        if self.path.is_some() { self } else { self.at(path) }
    }

    /// The path it belongs to, where it belongs to one.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The byte offset (0-based) it belongs to, where it belongs to one.
    pub fn offset(&self) -> Option<u64> {
        self.offset
    }

    /// Whether reading or writing failed.
    pub fn is_io(&self) -> bool {
        matches!(self.cause, Cause::Io(_))
    }

    /// Whether a source was not, or no longer, the one that a plan was made for.
    pub fn is_changed(&self) -> bool {
        matches!(self.cause, Cause::Changed | Cause::Plan(_))
    }

    /// Whether the caller asked for something that cannot be.
    pub fn is_usage(&self) -> bool {
        matches!(self.cause, Cause::Usage(_))
    }

    /// Whether the reader of a pipe went away, which is no failure.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(&self.cause, Cause::Io(e) if e.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl From<io::Error> for Error {
    fn from(e: io::Error) -> Error {
        Error { path: None, offset: None, cause: Cause::Io(e) }
    }
}

impl fmt::Display for Error {
    /// `path: byte 12: cause`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "{}: ", path.display())?;
        }
        if let Some(offset) = self.offset {
            write!(f, "byte {offset}: ")?;
        }
        match &self.cause {
            Cause::Io(e) => write!(f, "{e}"),
            Cause::Plan(why) => f.write_str(why),
            Cause::Usage(message) => f.write_str(message),
            Cause::Changed => f.write_str("changed since it was read; nothing was written, run again"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.cause {
            Cause::Io(e) => Some(e),
            _ => None,
        }
    }
}
