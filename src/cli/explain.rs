//! `unbake explain`: how a text was broken, step by step.

use std::path::Path;

use super::args::ExplainArgs;
use super::settings::{Failure, Resolver};
use super::{FINE, finish};
use crate::codec::undo_step;
use crate::edit::Edit;
use crate::error::Error;
use crate::files::{Loaded, read};
use crate::report::{Look, explain};

/// Explains the text, or standard input.
///
/// # Errors
/// When the arguments make no sense, the input cannot be read or the output cannot be written.
pub fn run(args: &ExplainArgs) -> Result<u8, Error> {
    let resolver = Resolver::for_stream(&args.judge)?;
    let name = Path::new("<stdin>");
    let settings = resolver.for_file(name).map_err(|failure| Error::from(Failure::clone(&failure)))?;
    let plan = match &args.text {
        Some(text) => settings.engine.plan(text.as_bytes()),
        None => {
            let (Loaded::Text(mut document) | Loaded::Skipped(_, mut document)) = read::stdin(name)?;
            document.plan(&settings.engine)?
        }
    };
    let mut out = crate::report::output();
    let look = Look::stdout(args.output.color.into());
    if plan.is_empty() {
        explain::nothing(&mut out)?;
    }
    for edit in plan.edits() {
        explain::write(&mut out, look, edit, &layers(edit))?;
    }
    finish(out, FINE)
}

/// The texts between the steps of an edit: what each step undone leaves. They end where a step cannot be repeated.
fn layers(edit: &Edit) -> Vec<String> {
    let mut layers = Vec::new();
    let mut text = String::from_utf8_lossy(&edit.before).into_owned();
    for step in edit.chain.steps() {
        let Some(next) = undo_step(&text, step) else { break };
        layers.push(next.clone());
        text = next;
    }
    layers
}
