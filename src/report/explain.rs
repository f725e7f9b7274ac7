//! How a text was broken, step by step.
//!
//! In: an edit and the texts between its steps. Out: each layer with its characters and their code points. Must not:
//! undo anything by itself.

use std::io::{self, Write};

use super::look::Look;
use super::show;
use crate::edit::Edit;

/// How many characters of a layer get their code points spelled out.
const SPELLED: usize = 24;

/// Writes one edit. `layers` are the texts after each step of its chain was undone, as far as they are known.
///
/// # Errors
/// When writing fails.
pub fn write(out: &mut dyn Write, look: Look, edit: &Edit, layers: &[String]) -> io::Result<()> {
    let (heading, place, aside) = (look.heading(), look.place(), look.aside());
    let lossy = if edit.lossy { ", lossy: some of the original bytes were gone" } else { "" };
    let (old, new) = (show::bytes(&edit.before), show::bytes(&edit.after));
    writeln!(out, "{heading}{old} → {new}{heading:#}  {aside}[{}{lossy}]{aside:#}", edit.confidence)?;
    let (line, column) = (edit.place.line, edit.place.column);
    writeln!(out, "  at line {place}{line}{place:#}, column {place}{column}{place:#}")?;
    layer(out, look, "as it stands", &String::from_utf8_lossy(&edit.before))?;
    for (i, step) in edit.chain.steps().iter().enumerate() {
        writeln!(out, "  undo {place}{step}{place:#}: written back as {}, read as {}", step.read_as, step.encoded)?;
        let last = i + 1 == edit.chain.steps().len();
        if let Some(text) = layers.get(i).filter(|_| !last) {
            layer(out, look, "then", text)?;
        }
    }
    layer(out, look, "repaired", &String::from_utf8_lossy(&edit.after))
}

fn layer(out: &mut dyn Write, look: Look, name: &str, text: &str) -> io::Result<()> {
    let aside = look.aside();
    let points: Vec<String> = text.chars().take(SPELLED).map(|c| format!("U+{:04X}", u32::from(c))).collect();
    let more = if text.chars().nth(SPELLED).is_some() { " …" } else { "" };
    writeln!(out, "  {name:<12} {}  {aside}{}{more}{aside:#}", show::text(text), points.join(" "))
}

/// Says that there is nothing to explain.
///
/// # Errors
/// When writing fails.
pub fn nothing(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "nothing to undo: the text is best as it stands")
}
