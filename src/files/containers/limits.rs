//! How much may a container hold? A small file can unpack to more than any disk holds; it is refused, whatever it claims.
//!
//! In: what was unpacked so far. Out: an error when it is too much. Must not: trust a size that a container states.

use std::cell::Cell;
use std::io::{self, Read};

use crate::error::Error;

/// So much may come out of any container, however small it is: text that repeats itself packs well.
const FREE: u64 = 64 << 20;

/// What a container may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many bytes may be unpacked of one file, all that is nested in it included.
    pub size: u64,
    /// How many times as large as the file that may be; below 64 MiB it does not matter.
    pub ratio: u64,
    /// How many members there may be, nested ones included.
    pub members: u64,
    /// How many containers may be inside each other.
    pub depth: u64,
}

impl Default for Limits {
    /// 8 GiB, 200 times the size, 100,000 members, 8 levels: beyond what people pack (text hardly ever becomes smaller than
    /// a hundredth), and far from what fills a disk.
    fn default() -> Limits {
        Limits { size: 8 << 30, ratio: 200, members: 100_000, depth: 8 }
    }
}

/// What may still come out of one file.
pub(super) struct Budget {
    limits: Limits,
    allowed: u64,
    left: Cell<u64>,
    members: Cell<u64>,
}

impl Budget {
    /// The budget of a file of `len` bytes.
    pub fn new(limits: Limits, len: u64) -> Budget {
        let allowed = len.saturating_mul(limits.ratio).max(FREE).min(limits.size);
        Budget { limits, allowed, left: Cell::new(allowed), members: Cell::new(0) }
    }

    /// Takes note of so many members.
    pub fn members(&self, count: usize) -> Result<(), Error> {
        self.members.set(self.members.get() + count as u64);
        self.may_hold(self.members.get())
    }

    /// Whether a container may have so many members.
    pub fn may_hold(&self, count: u64) -> Result<(), Error> {
        if count <= self.limits.members {
            return Ok(());
        }
        let most = self.limits.members;
        Err(Error::usage(format!("has more than {most} members; to look into it, raise `members` in `archive-limits`")))
    }

    /// Whether containers may be nested so deep.
    pub fn depth(&self, depth: u64) -> Result<(), Error> {
        if depth <= self.limits.depth {
            return Ok(());
        }
        let most = self.limits.depth;
        Err(Error::usage(format!(
            "is nested more than {most} deep; to look into it, raise `depth` in `archive-limits`"
        )))
    }

    /// A reader that takes what passes from the budget.
    pub fn meter<'b, R: Read>(&'b self, reader: R) -> Metered<'b, R> {
        Metered { budget: self, reader }
    }
}

pub(super) struct Metered<'b, R> {
    budget: &'b Budget,
    reader: R,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buf)?;
        match self.budget.left.get().checked_sub(read as u64) {
            Some(left) => self.budget.left.set(left),
            None => {
                let most = self.budget.allowed;
                return Err(io::Error::other(format!(
                    "unpacks to more than {most} bytes; to look into it, raise `size` and `ratio` in `archive-limits`"
                )));
            }
        }
        Ok(read)
    }
}
