//! How a text was broken, step by step.
//!
//! In: an edit and the layers between its steps. Out: each layer with its characters, their code points, and the bytes
//! that they are in the encoding that was wrong. Must not: undo anything by itself.

use std::borrow::Cow;
use std::io::{self, Write};

use super::look::Look;
use super::messages::count;
use super::show;
use crate::edit::{Confidence, Edit};
use crate::engine::Reading;

/// How many characters of a layer get their code points and bytes spelled out.
const SPELLED: usize = 24;

/// How many readings of a place are shown.
const READINGS: usize = 4;

/// How many columns of a text are shown.
const SHOWN: usize = 120;

/// One step undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// The bytes of each character before, in the encoding that it was read as; none for a character that is not in it.
    pub bytes: Vec<Option<Vec<u8>>>,
    /// What those bytes are in the encoding that was meant; none when the step cannot be repeated.
    pub text: Option<String>,
}

/// Writes one edit. `layers` are the steps of its chain, undone as far as they can be repeated.
///
/// # Errors
/// When writing fails.
pub fn write(out: &mut dyn Write, look: Look, edit: &Edit, layers: &[Layer]) -> io::Result<()> {
    let (heading, place, aside) = (look.heading(), look.place(), look.aside());
    let lossy = if edit.lossy { ", lossy: some of the original bytes were gone" } else { "" };
    let (old, new) = (cropped(show::bytes(&edit.before)), cropped(show::bytes(&edit.after)));
    writeln!(out, "{heading}{old} → {new}{heading:#}  {aside}[{}{lossy}]{aside:#}", edit.confidence)?;
    let (line, column) = (edit.place.line, edit.place.column);
    writeln!(out, "  at line {place}{line}{place:#}, column {place}{column}{place:#}")?;
    text(out, look, "  as it stands", &String::from_utf8_lossy(&edit.before))?;
    for (i, step) in edit.chain.steps().iter().enumerate() {
        writeln!(out, "  undo {place}{step}{place:#}")?;
        let Some(layer) = layers.get(i) else { continue };
        let (inner, outer) = (format!("    in {}", step.read_as), format!("    as {}", step.encoded));
        let wide = inner.len().max(outer.len());
        let shown: Vec<String> = layer.bytes.iter().take(SPELLED).map(|bytes| hex(bytes.as_deref())).collect();
        // Where a character is several bytes it is shown which ones.
        let between = if layer.bytes.iter().flatten().any(|bytes| bytes.len() > 1) { " | " } else { " " };
        let more = if layer.bytes.len() > SPELLED { " …" } else { "" };
        writeln!(out, "{inner:<wide$}  {}{more}", shown.join(between))?;
        match &layer.text {
            Some(then) => text(out, look, &format!("{outer:<wide$}"), then)?,
            None => writeln!(out, "{outer:<wide$}  {aside}no text: not all of the bytes are there{aside:#}")?,
        }
        if layer.bytes.contains(&None) {
            writeln!(out, "{:wide$}  {aside}??: a character that {} does not have{aside:#}", "", step.read_as)?;
        }
    }
    for rule in edit.rules.iter() {
        writeln!(out, "  follow {place}{rule}{place:#}, which {}", rule.about())?;
    }
    let last = if edit.only_normalizes() { "  normalised" } else { "  repaired" };
    text(out, look, last, &String::from_utf8_lossy(&edit.after))
}

/// Writes how else a place could be read, with the odds of each reading against the text as it stands.
///
/// # Errors
/// When writing fails.
pub fn readings(out: &mut dyn Write, look: Look, edit: &Edit, what: &str, readings: &[Reading]) -> io::Result<()> {
    let (place, aside) = (look.place(), look.aside());
    if readings.is_empty() {
        return Ok(());
    }
    let shown = &readings[..readings.len().min(READINGS)];
    writeln!(out, "  {what}, in nats against the text as it stands:")?;
    let stands = String::from_utf8_lossy(&edit.before);
    let texts: Vec<String> = shown.iter().map(|reading| cropped(show::text(&reading.after))).collect();
    let stands = cropped(show::text(&stands));
    let wide = texts.iter().chain([&stands]).map(|text| show::width(text)).max().unwrap_or(0);
    let mut row = |odds: f32, text: &str, how: &str| {
        let pad = wide - show::width(text);
        writeln!(out, "  {odds:>+8.1}  {text}{:pad$}  {aside}{how}{aside:#}", "")
    };
    let mut stood = false;
    for (reading, text) in shown.iter().zip(&texts) {
        if !stood && reading.odds <= 0.0 {
            stood = true;
            row(0.0, &stands, "as it stands")?;
        }
        row(reading.odds, text, &reading.chain.to_string())?;
    }
    if !stood {
        row(0.0, &stands, "as it stands")?;
    }
    let more = readings.len() - shown.len();
    if more > 0 {
        writeln!(out, "            {place}… and {} less likely{place:#}", count(more as u64, "reading"))?;
    }
    Ok(())
}

fn text(out: &mut dyn Write, look: Look, name: &str, text: &str) -> io::Result<()> {
    let aside = look.aside();
    let points: Vec<String> = text.chars().take(SPELLED).map(|c| format!("U+{:04X}", u32::from(c))).collect();
    let more = if text.chars().nth(SPELLED).is_some() { " …" } else { "" };
    writeln!(out, "{name:<14}  {}  {aside}{}{more}{aside:#}", cropped(show::text(text)), points.join(" "))
}

/// The beginning of a shown text.
fn cropped(shown: Cow<'_, str>) -> String {
    show::start(&shown, SHOWN, true)
}

fn hex(bytes: Option<&[u8]>) -> String {
    let Some(bytes) = bytes else { return "??".to_owned() };
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
}

/// What there is to say when nothing is to be explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nothing {
    /// The level that was asked for.
    pub level: Confidence,
    /// How many edits there would be at the lowest level.
    pub at_lowest: usize,
    /// Whether not all encodings were considered.
    pub narrowed: bool,
}

/// Says that there is nothing to explain, and what may help.
///
/// # Errors
/// When writing fails.
pub fn nothing(out: &mut dyn Write, nothing: Nothing) -> io::Result<()> {
    let lowest = Confidence::ALL[0];
    if nothing.at_lowest > 0 {
        let edits = count(nothing.at_lowest as u64, "edit");
        writeln!(out, "nothing to undo that is at least {}", nothing.level)?;
        writeln!(out, "  --min-confidence {lowest} shows {edits}")?;
    } else {
        writeln!(out, "nothing to undo: the text is best as it stands")?;
        writeln!(out, "  if it is broken all the same, try more of the text around it, or its whole file")?;
    }
    if nothing.narrowed {
        writeln!(out, "  only some encodings were considered: those of --from and --chain, or of the settings")?;
    }
    Ok(())
}
