//! `unbake encodings`: what can be undone.

use super::{FINE, finish};
use crate::codec::encodings;
use crate::error::Error;
use crate::report::list;

/// Lists the encodings that text can have been read as by mistake.
///
/// # Errors
/// When the output cannot be written.
pub fn run() -> Result<u8, Error> {
    let mut out = crate::report::output();
    let widest = encodings().map(|encoding| encoding.label.len()).max().unwrap_or(0);
    for encoding in encodings() {
        list::line(&mut out, format_args!("{:<widest$}  {}", encoding.label, encoding.about))?;
    }
    finish(out, FINE)
}
