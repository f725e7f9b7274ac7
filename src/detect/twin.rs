//! The scan without tables and vectors, character by character: what [`super::scan`] must find, no more and no less.

use super::evidence::{Cluster, Open, Surprise, beyond, character, run_of_control};
use super::thresholds::{MORE, USUAL};
use crate::codec;
use crate::model::Symbol;

/// The byte offset of the first suspect at or after `from` (a character border).
pub fn next_suspect(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    let mut cluster = Cluster::default();
    let mut surprise = Surprise::default();
    while at < bytes.len() {
        let plain = ascii_len(&bytes[at..]);
        if surprise.pass(&bytes[at..at + plain]) {
            return Some(surprise.first);
        }
        at += plain;
        let mut open = Open::default();
        let mut last = surprise.last;
        // How many pairs in a row, up to the last character, are often seen.
        let mut usual_pairs = 0;
        while let Some((c, len)) = character(&bytes[at..]) {
            at += len;
            let symbol = Symbol::of_code_point(c);
            let beyond = beyond(last, symbol);
            last = symbol;
            usual_pairs = if beyond <= USUAL { usual_pairs + 1 } else { 0 };
            if surprise.add(beyond - MORE, at - len) {
                return Some(surprise.first);
            }
            // Most of what is not in any page stands in a few large blocks.
            if (0x2E80..0xF000).contains(&c) {
                open = Open::default();
                continue;
            }
            let hits = open.take(codec::roles(c));
            // Letters that are often seen together are seldom damage; where they are, their neighbours show it.
            if hits != [0; 3] && usual_pairs < 3 {
                for (chars, pages) in [4, 3, 2].into_iter().zip(hits) {
                    if pages != 0 && usual_pairs < chars - 1 && cluster.add(text, at, chars, pages) {
                        return Some(cluster.first);
                    }
                }
            }
            if (0x80..0xA0).contains(&c) {
                return Some(cluster.begins(run_of_control(text, at - len, from)));
            }
        }
        surprise.last = last;
    }
    surprise.is_enough_at_the_end().then_some(surprise.first)
}

/// How many bytes of ASCII come first.
fn ascii_len(bytes: &[u8]) -> usize {
    let mut at = 0;
    for chunk in bytes.chunks_exact(16) {
        if !chunk.is_ascii() {
            break;
        }
        at += 16;
    }
    at + bytes[at..].iter().take_while(|b| b.is_ascii()).count()
}
