//! One mixup undone throughout a text, for explanations and for checking that an edit can be replayed.

use super::encoding::Encoding;
use super::page::record;
use super::unit::unit;
use crate::edit::Step;

/// The text with one mixup undone throughout: encoded in `step.read_as`, decoded as `step.encoded`. What does not decode
/// stays as it is. `None` when a label is unknown or nothing changes.
///
/// ```
/// use unbake::{Step, undo_step};
/// let step = Step::new("utf-8", "windows-1252");
/// assert_eq!(undo_step("cafÃ©", &step).as_deref(), Some("café"));
/// assert_eq!(undo_step("café", &step), None);
/// assert_eq!(undo_step("It鈥檚", &Step::new("utf-8", "gbk")).as_deref(), Some("It’s"));
/// ```
pub fn undo_step(text: &str, step: &Step) -> Option<String> {
    let (meant, read) = (Encoding::for_alias(&step.encoded)?, Encoding::for_alias(&step.read_as)?);
    let chars: Vec<char> = text.chars().collect();
    let cells: Vec<_> = chars.iter().map(|&c| (c, record(c))).collect();
    // Only where one of the two has no ASCII does that change.
    let wide = matches!((meant, read), (Encoding::Wide(_), _) | (_, Encoding::Wide(_)));
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < cells.len() {
        let single = match (meant, read) {
            // Units know CESU-8 too.
            (Encoding::Utf8, Encoding::Page(page)) => {
                unit(&cells[i..], page).map(|u| (u.meant.to_string(), usize::from(u.len)))
            }
            _ => group(&chars[i..chars.len().min(i + super::LONGEST_GROUP)], meant, read),
        };
        match single.filter(|_| wide || !cells[i].0.is_ascii()) {
            Some((meant, len)) => {
                out.push_str(&meant);
                i += len;
            }
            None => {
                out.push(cells[i].0);
                i += 1;
            }
        }
    }
    (out != text).then_some(out)
}

/// The shortest run of characters from the start whose bytes in `read` are whole characters in `meant`: what they are, and
/// how many characters it takes.
fn group(chars: &[char], meant: Encoding, read: Encoding) -> Option<(String, usize)> {
    let mut bytes = Vec::new();
    let mut decoded = 0;
    let mut out = String::new();
    for (i, &c) in chars.iter().enumerate() {
        bytes.extend_from_slice(read.encode(c)?.as_slice());
        while let Some((c, len)) = meant.decode(&bytes[decoded..]) {
            out.push(c);
            decoded += len;
        }
        if decoded == bytes.len() {
            return Some((out, i + 1));
        }
    }
    None
}
