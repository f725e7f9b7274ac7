//! `utf-7`: what stands in UTF-7 (RFC 2152) becomes the characters that it stands for: `caf+AOk-`, `Hi Mom -+Jjo--!`.
//!
//! Such a text is plain ASCII, and `+AOk-` may as well be meant as it stands; so this is done for who asks for it, and only of
//! runs that a writer of UTF-7 makes: whole UTF-16 units in base64, with nothing but zeros in the bits that are left over, of
//! characters that Unicode has, and the first and the last one such that it had to be encoded. A hyphen ends it, which writers
//! may leave out before most signs; but `a+b+c` looks like that as well, so a run without one is believed only in a line that has
//! one with it, and no plus sign that UTF-7 would not have. `+-` is a plus sign only in a line that has such a run. A line that
//! would hold UTF-7 afterwards, too, keeps what makes it so: a second run finds nothing.

use super::Change;
use crate::model::Symbol;

/// What to change in a line.
pub fn changes(line: &str) -> Vec<Change> {
    let runs = runs(line, false);
    if runs.is_empty() {
        return runs;
    }
    // Where a plus sign would begin another run, all of them stay.
    for changes in [self::runs(line, true), runs] {
        let (mut after, mut at) = (String::with_capacity(line.len()), 0);
        for change in &changes {
            after.push_str(&line[at..change.range.start]);
            after.push_str(&change.after);
            at = change.range.end;
        }
        after.push_str(&line[at..]);
        if self::runs(&after, false).is_empty() {
            return changes;
        }
    }
    Vec::new()
}

/// The runs of a line; with its plus signs, if they are wanted.
fn runs(line: &str, with_signs: bool) -> Vec<Change> {
    let bytes = line.as_bytes();
    let mut all = Vec::new();
    let (mut has_stray, mut has_closed) = (false, false);
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'+', &bytes[at..]) {
        let start = at + found;
        at = start + 1;
        let len = bytes[at..].iter().take_while(|byte| digit(**byte).is_some()).count();
        let end = at + len;
        // The hyphen that ends a run belongs to it.
        let is_closed = bytes.get(end) == Some(&b'-');
        let range = start..end + usize::from(is_closed);
        if len == 0 && is_closed {
            at = range.end;
            if with_signs {
                all.push((Change::new(range, "+"), true));
            }
        } else if let Some(text) = decode(&bytes[at..end]) {
            at = range.end;
            has_closed |= is_closed;
            all.push((Change::new(range, text), is_closed));
        } else {
            has_stray = true;
        }
    }
    all.retain(|(_, is_closed)| has_closed && (*is_closed || !has_stray));
    all.into_iter().map(|(change, _)| change).collect()
}

/// What the base64 of a run stands for, if it is one that a writer makes.
fn decode(run: &[u8]) -> Option<String> {
    let (mut units, mut bits, mut held) = (Vec::new(), 0u32, 0);
    for &byte in run {
        bits = bits << 6 | digit(byte)?;
        held += 6;
        if held >= 16 {
            held -= 16;
            units.push((bits >> held) as u16);
            bits &= (1 << held) - 1;
        }
    }
    // No digit is there for nothing, and none says more than the characters.
    if held >= 6 || bits != 0 {
        return None;
    }
    let text = String::from_utf16(&units).ok()?;
    let mut chars = text.chars();
    let is_text = text.chars().all(|c| !c.is_control() && !is_private(c) && Symbol::of(c).is_assigned());
    let first = chars.next()?;
    let last = chars.next_back().unwrap_or(first);
    (is_text && !is_direct(first) && !is_direct(last)).then_some(text)
}

/// The number that a digit of base64 stands for.
fn digit(byte: u8) -> Option<u32> {
    let number = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(number.into())
}

/// Whether UTF-7 has a character as it is, whoever writes it.
fn is_direct(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\'' | '(' | ')' | ',' | '-' | '.' | '/' | ':' | '?' | ' ')
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}

#[cfg(test)]
mod tests {
    use super::changes;

    fn read(line: &str) -> String {
        let mut out = line.to_owned();
        changes(line).into_iter().rev().for_each(|change| out.replace_range(change.range, &change.after));
        assert!(changes(&out).is_empty(), "{line} → {out}");
        out
    }

    #[test]
    fn runs_that_a_writer_makes() {
        for (line, wanted) in [
            // Those of the RFC.
            ("A+ImIDkQ. A+ImIDkQ-.", "A≢Α. A≢Α."),
            ("Hi Mom -+Jjo--!", "Hi Mom -☺-!"),
            ("+ZeVnLIqe-", "日本語"),
            ("Item 3 is +AKM-1.", "Item 3 is £1."),
            ("caf+AOk, tr+AOg-s +2D3cqQ- +- +AH4-", "café, très 💩 + ~"),
            ("+AOkAIADp- and 1+-1", "é é and 1+1"),
        ] {
            assert_eq!(read(line), wanted);
        }
    }

    #[test]
    fn everything_else_stays() {
        for line in [
            "1+1=2 C++ a+b +- x+-y a+b+c",
            "C++ +AOk, and +AOU-",
            "+AOU- is å, +AOV- has a bit too many: +AOUA-",
            // A letter that needs no code, half a pair, a character that is none, a private one, a control.
            "+AGE- +2D0- +//8- +4AA- +AAo-",
            "https://example.org/?q=a+b+c&d=+Pg== +491701234567",
        ] {
            let wanted = line.replace("+AOU-", "å");
            assert_eq!(read(line), wanted);
        }
        // What would be read once more when it is a plus sign.
        assert_eq!(read("+AOk- is written +-AOk-"), "é is written +-AOk-");
    }
}
