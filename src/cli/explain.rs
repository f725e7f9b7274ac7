//! `unbake explain`: how a text was broken, step by step.

use std::path::Path;

use super::FINE;
use super::args::{ExplainArgs, JudgeArgs};
use super::paging::Paged;
use super::settings::Resolver;
use super::stop::Stop;
use crate::codec::{Encoding, undo_step};
use std::io::Read;

use crate::edit::{Chain, Confidence, Edit, Place, Plan, Span};
use crate::engine::Engine;
use crate::error::Error;
use crate::files::{Document, Loaded, read};
use crate::report::explain::{Layer, Nothing};
use crate::report::{Look, explain};

/// Explains the text, or standard input.
///
/// # Errors
/// When the arguments make no sense, the input cannot be read or the output cannot be written.
pub fn run(args: &ExplainArgs) -> Result<u8, Error> {
    let mut source = match args.text.as_deref().filter(|text| *text != "-") {
        Some(text) => Source::Typed(text),
        None => {
            let (Loaded::Text(document) | Loaded::Skipped(_, document)) = read::stdin(Path::new(NAME))?;
            Source::Read(Box::new(document))
        }
    };
    let engine = engine(&args.judge)?;
    let plan = source.plan(&engine)?;
    let look = Look::stdout(args.output.color.into());
    let mut out = Paged::new(look, args.pager, &Stop::default());
    let told = tell(args, &mut source, &engine, &plan, look, &mut out);
    out.end(told).map(|()| FINE)
}

/// Tells what there is to tell.
fn tell(
    args: &ExplainArgs,
    source: &mut Source<'_>,
    engine: &Engine,
    plan: &Plan,
    look: Look,
    out: &mut Paged,
) -> Result<(), Error> {
    if plan.is_empty() {
        let lowest = JudgeArgs { min_confidence: Some(Confidence::ALL[0]), ..args.judge.clone() };
        let config = engine.config();
        let nothing = Nothing {
            level: config.min_confidence,
            at_lowest: source.plan(&self::engine(&lowest)?)?.edits().len(),
            narrowed: !config.read_as.is_empty() || !config.chains.is_empty(),
        };
        explain::nothing(out, nothing)?;
        if let Some(place) = source.first_odd()? {
            let readings = engine.readings(&place);
            explain::readings(out, look, &place, "weighed, and not likely enough", &readings)?;
        }
    }
    for edit in plan.edits() {
        explain::write(out, look, edit, &layers(edit))?;
        if !edit.only_normalizes() {
            explain::readings(out, look, edit, "readings of this place alone", &engine.readings(edit))?;
        }
    }
    Ok(())
}

/// How much of standard input is looked at where nothing was found, in bytes.
const HEAD: u64 = 4 << 10;

/// What standard input is called.
const NAME: &str = "<stdin>";

/// What is to be explained.
enum Source<'a> {
    Typed(&'a str),
    Read(Box<Document>),
}

impl Source<'_> {
    fn plan(&mut self, engine: &Engine) -> Result<Plan, Error> {
        match self {
            Source::Typed(text) => Ok(engine.plan_text(text)),
            Source::Read(document) => document.plan(engine),
        }
    }

    /// The first odd place, as far as it is near the beginning.
    fn first_odd(&self) -> Result<Option<Edit>, Error> {
        match self {
            Source::Typed(text) => Ok(odd(text)),
            Source::Read(document) => {
                let mut head = Vec::new();
                document.source()?.take(HEAD).read_to_end(&mut head)?;
                Ok(odd(&String::from_utf8_lossy(&head)))
            }
        }
    }
}

/// The first run of characters outside ASCII in a text, as a place without a repair.
fn odd(text: &str) -> Option<Edit> {
    let start = text.find(|c: char| !c.is_ascii())?;
    let len = text[start..].find(|c: char| c.is_ascii()).unwrap_or(text.len() - start);
    let (left, right) = (&text[..start], &text[start + len..]);
    let line = left.rfind('\n').map_or(0, |feed| feed + 1);
    let near = left[line..].char_indices().rev().take(Place::CONTEXT).last().map_or(0, |(at, _)| at);
    Some(Edit {
        span: Span::new(start as u64, (start + len) as u64),
        before: text[start..start + len].into(),
        after: Vec::new(),
        chain: Chain::default(),
        rules: Default::default(),
        confidence: Confidence::Possible,
        lossy: false,
        odds: 0.0,
        place: Place {
            line: 1 + left.matches('\n').count() as u64,
            column: 1 + left[line..].chars().count() as u64,
            left: left[line..][near..].into(),
            right: (&*right.chars().take(Place::CONTEXT).take_while(|c| *c != '\n').collect::<String>()).into(),
            shown: None,
        },
    })
}

/// The engine by the settings of the current folder.
fn engine(judge: &JudgeArgs) -> Result<Engine, Error> {
    Ok(Resolver::for_stream(judge, None)?.treat(Path::new(NAME))?.engine)
}

/// The steps of an edit, undone one after the other. They end where a step cannot be repeated.
fn layers(edit: &Edit) -> Vec<Layer> {
    let mut layers = Vec::new();
    let mut text = String::from_utf8_lossy(&edit.before).into_owned();
    for step in edit.chain.steps() {
        let Some(page) = Encoding::for_alias(&step.read_as) else { break };
        let bytes = text.chars().map(|c| page.encode(c).map(|bytes| bytes.as_slice().to_vec())).collect();
        let next = undo_step(&text, step);
        layers.push(Layer { bytes, text: next.clone() });
        let Some(next) = next else { break };
        text = next;
    }
    layers
}
