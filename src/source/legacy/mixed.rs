//! A line in which UTF-8 and another encoding stand side by side: what is what?
//!
//! In: a line, or a piece of one. Out: runs of valid UTF-8, and of bytes of the other encoding. Where the whole line makes more
//! sense in the other encoding, sequences in it that could be UTF-8 are there by chance.

use super::{stretches, weigh};
use crate::model::PER_NAT;
use crate::source::{Charset, View};

/// What it costs that a line changes from one to the other.
const CHANGES: i32 = 4 * PER_NAT;

/// A run of a mixed line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mixed<'b> {
    /// Valid UTF-8.
    Utf8(&'b str),
    /// In the other encoding.
    Other(&'b [u8]),
}

/// A mixed source as text: UTF-8 and old encodings, one to a line.
pub fn view(charsets: &[Charset], source: &[u8]) -> View {
    let lines = || source.split_inclusive(|byte| *byte == b'\n');
    let is_old = |line: &&[u8]| simdutf8::basic::from_utf8(line).is_err();
    let cost = |charset: Charset, line: &[u8]| weigh::cost_of(charset, &mixed(charset, line));
    let several = charsets.len() > 1;
    let costs: Vec<i32> = lines()
        .filter(|line| several && is_old(line))
        .flat_map(|line| charsets.iter().map(move |charset| cost(*charset, line)))
        .collect();
    let mut path = stretches::path(&costs, charsets.len()).into_iter();
    let mut view = View::default();
    for line in lines() {
        let number = if several && is_old(&line) { path.next().unwrap_or(0) } else { 0 };
        let charset = charsets.get(number).copied().unwrap_or(Charset::WINDOWS_1252);
        for run in mixed(charset, line) {
            match run {
                Mixed::Utf8(text) => {
                    view.text.push_str(text);
                    view.map.same(text.len());
                }
                Mixed::Other(bytes) => charset.read(bytes, &mut view),
            }
        }
    }
    view
}

/// The runs of a line.
pub fn mixed(charset: Charset, line: &[u8]) -> Vec<Mixed<'_>> {
    if let Ok(text) = simdutf8::basic::from_utf8(line) {
        return vec![Mixed::Utf8(text)];
    }
    let mut runs = Vec::new();
    let mut change = 0;
    for chunk in line.utf8_chunks() {
        if !chunk.valid().is_empty() {
            runs.push(Mixed::Utf8(chunk.valid()));
            change = if chunk.valid().is_ascii() { change } else { CHANGES };
        }
        if !chunk.invalid().is_empty() {
            match runs.last_mut() {
                // The bytes of one chunk stand side by side with those of the next.
                Some(Mixed::Other(bytes)) => {
                    let start = bytes.as_ptr() as usize - line.as_ptr() as usize;
                    let end = chunk.invalid().as_ptr() as usize - line.as_ptr() as usize + chunk.invalid().len();
                    *bytes = &line[start..end];
                }
                _ => runs.push(Mixed::Other(chunk.invalid())),
            }
        }
    }
    // Without UTF-8 in it, or where that is there by chance, the line is all in the other encoding.
    if change == 0 || weigh::cost(charset, line) <= weigh::cost_of(charset, &runs) + change {
        return vec![Mixed::Other(line)];
    }
    runs
}
