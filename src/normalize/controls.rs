//! `controls`: control characters that text has no use for go: those of ASCII but tab, line feed, form feed and carriage
//! return; and the deprecated format characters of Unicode. C1 controls are signs of damage, and so are left to repair.

use super::Change;

/// Whether a line with this byte may have one.
pub fn is_trigger(byte: u8) -> bool {
    is_control(char::from(byte)) || byte == 0xE2 || byte == 0xEF
}

/// What to change in a line.
pub fn changes(line: &str) -> Vec<Change> {
    super::removed(line, is_control)
}

fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{E}'..='\u{1F}' | '\u{7F}' | '\u{206A}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}')
}
