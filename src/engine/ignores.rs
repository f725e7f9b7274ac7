//! Comments that switch unbake off: `unbake: ignore`, `ignore-next-line`, `off` … `on`.

use memchr::memmem;

/// The lines that comments switch off, as far as the source was read.
#[derive(Debug, Default)]
pub struct Ignores {
    /// Line ranges, in order, both ends included.
    lines: Vec<(u64, u64)>,
    /// The line from which everything is off.
    off_since: Option<u64>,
}

/// What a comment says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Ignore,
    IgnoreNextLine,
    Off,
    On,
}

const MARK: &[u8] = b"unbake:";

impl Ignores {
    /// Reads the comments in `bytes`; `line_of` tells the line (1-based) of an offset, and is asked in rising order.
    pub fn read(&mut self, bytes: &[u8], mut line_of: impl FnMut(usize) -> u64) {
        for at in memmem::find_iter(bytes, MARK) {
            let Some(word) = word(&bytes[at + MARK.len()..]) else { continue };
            let line = line_of(at);
            match word {
                Word::Ignore => self.lines.push((line, line)),
                Word::IgnoreNextLine => self.lines.push((line + 1, line + 1)),
                Word::Off => self.off_since = self.off_since.or(Some(line)),
                Word::On => {
                    if let Some(since) = self.off_since.take() {
                        self.lines.push((since, line));
                    }
                }
            }
        }
    }

    /// Whether a line is switched off.
    pub fn covers(&self, line: u64) -> bool {
        self.off_since.is_some_and(|since| line >= since) || self.lines.iter().any(|&(a, b)| (a..=b).contains(&line))
    }

    /// Whether nothing is switched off.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.off_since.is_none()
    }

    /// Forgets what lies before `line`.
    pub fn forget_before(&mut self, line: u64) {
        self.lines.retain(|&(_, last)| last >= line);
    }
}

fn word(rest: &[u8]) -> Option<Word> {
    let rest = rest.trim_ascii_start();
    let len = rest.iter().take_while(|b| b.is_ascii_lowercase() || **b == b'-').count();
    match &rest[..len] {
        b"ignore" => Some(Word::Ignore),
        b"ignore-next-line" => Some(Word::IgnoreNextLine),
        b"off" => Some(Word::Off),
        b"on" => Some(Word::On),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(text: &str) -> Vec<u64> {
        let mut ignores = Ignores::default();
        ignores.read(text.as_bytes(), |at| 1 + text[..at].matches('\n').count() as u64);
        (1..=1 + text.matches('\n').count() as u64).filter(|&line| ignores.covers(line)).collect()
    }

    #[test]
    fn each_word_covers_its_lines() {
        assert_eq!(covered("a\nb // unbake: ignore\nc"), [2]);
        assert_eq!(covered("a\n# unbake: ignore-next-line\nb\nc"), [3]);
        assert_eq!(covered("a\n<!-- unbake: off -->\nb\n<!-- unbake: on -->\nc"), [2, 3, 4]);
        assert_eq!(covered("a\nunbake: off\nb\nc"), [2, 3, 4]);
        assert_eq!(covered("unbake: a tool\nunbake:ignored"), Vec::<u64>::new());
    }
}
