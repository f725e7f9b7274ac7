//! Places in a text as editors count them: a line, and units of an encoding within the line.
//!
//! In: a text. Out: positions for byte offsets, and back. Must not: give a position inside of a character.

use serde_json::{Value, json};

/// What is counted within a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Units {
    /// Bytes.
    Utf8,
    /// Units of UTF-16: what everybody must understand.
    Utf16,
    /// Characters.
    Utf32,
}

impl Units {
    /// The first that the editor names and that is known here.
    pub fn agreed(offered: &Value) -> Units {
        let known = |name: &Value| match name.as_str() {
            Some("utf-8") => Some(Units::Utf8),
            Some("utf-16") => Some(Units::Utf16),
            Some("utf-32") => Some(Units::Utf32),
            _ => None,
        };
        offered.as_array().and_then(|names| names.iter().find_map(known)).unwrap_or(Units::Utf16)
    }

    /// The name, as the protocol has it.
    pub fn name(self) -> &'static str {
        match self {
            Units::Utf8 => "utf-8",
            Units::Utf16 => "utf-16",
            Units::Utf32 => "utf-32",
        }
    }

    fn count(self, text: &str) -> usize {
        match self {
            Units::Utf8 => text.len(),
            Units::Utf16 => text.chars().map(char::len_utf16).sum(),
            Units::Utf32 => text.chars().count(),
        }
    }
}

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<usize>,
    units: Units,
}

impl Lines {
    /// The lines of a text. They end at LF, at CR LF and at CR.
    pub fn new(text: &str, units: Units) -> Lines {
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
        let ends = ends.filter(|at| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
        Lines { starts: std::iter::once(0).chain(ends.map(|at| at + 1)).collect(), units }
    }

    /// The number of the line, from 0, that a byte is in.
    pub fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at) - 1
    }

    /// Where a line begins; the end of the text for one that it does not have.
    pub fn start(&self, text: &str, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(text.len())
    }

    /// The position of a byte.
    pub fn position(&self, text: &str, at: usize) -> Value {
        let line = self.line(at);
        json!({ "line": line, "character": self.units.count(&text[self.starts[line]..at]) })
    }

    /// The byte at a position; what lies beyond the end of a line is its end.
    pub fn offset(&self, text: &str, position: &Value) -> usize {
        let number = |name: &str| position[name].as_u64().map_or(0, |n| usize::try_from(n).unwrap_or(usize::MAX));
        let (line, wanted) = (number("line"), number("character"));
        let start = self.start(text, line);
        let end = self.start(text, line.saturating_add(1));
        let mut counted = 0;
        let mut buffer = [0; 4];
        for (at, c) in text[start..end].char_indices() {
            if counted >= wanted || matches!(c, '\n' | '\r') {
                return start + at;
            }
            counted += self.units.count(c.encode_utf8(&mut buffer));
        }
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_back() {
        let text = "a\u{1F600}é\r\nx\ry\n\nzé";
        for units in [Units::Utf8, Units::Utf16, Units::Utf32] {
            let lines = Lines::new(text, units);
            for (at, _) in text.char_indices().filter(|(_, c)| *c != '\n') {
                assert_eq!(lines.offset(text, &lines.position(text, at)), at, "{units:?} {at}");
            }
        }
        let lines = Lines::new(text, Units::Utf16);
        assert_eq!(lines.position(text, 5), json!({ "line": 0, "character": 3 }));
        assert_eq!(lines.position(text, text.len()), json!({ "line": 4, "character": 2 }));
        assert_eq!(lines.offset(text, &json!({ "line": 0, "character": 99 })), 7);
        assert_eq!(lines.offset(text, &json!({ "line": 99, "character": 0 })), text.len());
    }

    #[test]
    fn the_editor_chooses() {
        assert_eq!(Units::agreed(&json!(["utf-7", "utf-32", "utf-8"])), Units::Utf32);
        assert_eq!(Units::agreed(&Value::Null), Units::Utf16);
    }
}
