//! Whether a line of the corpus is itself damaged. Harsh: a right line lost costs nothing, a broken one learned does.

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252};

/// Whether a run of characters outside ASCII holds a UTF-8 sequence when written in a common code page.
pub fn is_broken(line: &str) -> bool {
    let mut run = String::new();
    for c in line.chars().chain([' ']) {
        if !c.is_ascii() {
            run.push(c);
        } else if !run.is_empty() {
            if is_broken_run(&run) {
                return true;
            }
            run.clear();
        }
    }
    false
}

fn is_broken_run(run: &str) -> bool {
    // In Cyrillic, Greek and the like one chance sequence of two letters is not enough.
    sequences(run, WINDOWS_1252, 2) > 0
        || sequences(run, WINDOWS_1250, 2) > 0
        || sequences(run, MACINTOSH, 3) > 0
        || sequences(run, WINDOWS_1251, 2) > 1
        || run.chars().any(|c| ('\u{80}'..='\u{9f}').contains(&c) || c == '\u{fffd}')
}

/// How many UTF-8 sequences of at least `shortest` bytes there are.
fn sequences(run: &str, page: &'static Encoding, shortest: usize) -> usize {
    let mut count = 0;
    for part in run.split(|c: char| page.encode(c.encode_utf8(&mut [0; 4])).2) {
        let bytes = page.encode(part).0;
        count +=
            bytes.utf8_chunks().flat_map(|chunk| chunk.valid().chars()).filter(|c| c.len_utf8() >= shortest).count();
    }
    count
}
