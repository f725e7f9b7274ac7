//! `unbake pipe`: standard input to standard output.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use super::args::PipeArgs;
use super::scan::keeping_form;
use super::settings::Resolver;
use super::stop::Stop;
use super::{FINE, records, watch};
use crate::engine::{Consensus, Engine};
use crate::error::Error;
use crate::files::{Loaded, read};
use crate::report::messages::count;
use crate::report::progress::{Progress, Task};
use crate::report::{Look, Messages, When};

/// Repairs a stream, or the records in it.
///
/// # Errors
/// When the arguments make no sense, the input cannot be read or the output cannot be written.
pub fn run(args: &PipeArgs) -> Result<u8, Error> {
    let resolver = Resolver::for_stream(&args.judge, args.encoding.as_deref())?;
    let name = args.stdin_filename.clone().unwrap_or_else(|| PathBuf::from("<stdin>"));
    let messages = Messages::new(Look::stderr(args.output.color.into()), args.output.loudness());
    let (mut engine, mut input): (_, Box<dyn Read + Send>) = (resolver.treat(&name)?.engine, Box::new(read::input()));
    if !args.jsonl && !engine.streams(b"") {
        return in_kind(args, engine, &name, &messages);
    }
    if args.consensus.consensus {
        // Whatever it is, it is passed on.
        let (Loaded::Text(mut document) | Loaded::Skipped(_, mut document)) = read::stdin(&name)?;
        let mut consensus = Consensus::default();
        let progress = progress(&messages, "first reading: ");
        if args.jsonl {
            consensus = records::consensus(args, &engine.alone(), document.copy()?, &progress)?;
        } else {
            consensus.add(&document.plan(&engine.alone())?);
        }
        engine = engine.knowing(consensus.established());
        input = document.copy()?;
    }
    let progress = progress(&messages, "");
    if args.jsonl {
        return records::run(args, &engine, &name, messages, input, &progress);
    }
    let edits = stream(&engine, input, &progress)?;
    drop(progress);
    messages.note(count(edits, "edit"));
    Ok(FINE)
}

/// Repairs text that is not in UTF-8, in its own encoding.
fn in_kind(args: &PipeArgs, mut engine: Engine, name: &Path, messages: &Messages) -> Result<u8, Error> {
    // Who says in which encoding it is says that it is text.
    let (Loaded::Text(mut document) | Loaded::Skipped(_, mut document)) = read::stdin(name)?;
    if args.consensus.consensus {
        let mut consensus = Consensus::default();
        consensus.add(&document.plan(&engine.alone())?);
        engine = engine.knowing(consensus.established());
    }
    let plan = document.plan(&engine)?;
    let plan = keeping_form(&document, plan, &engine);
    for note in plan.notes() {
        messages.notice(format_args!("{}:{}:{}: {}", name.display(), note.line, note.column, note.what));
    }
    let mut out = crate::report::stream();
    // What is too large to be held was an error before.
    let whole = document.whole()?.ok_or_else(Error::changed)?;
    out.write_all(&plan.apply(&whole)?)?;
    out.flush()?;
    messages.note(count(plan.edits().len() as u64, "edit"));
    Ok(FINE)
}

/// Shows how far the stream is; not where somebody types it, or what comes of it is on the terminal.
fn progress(messages: &Messages, what: &'static str) -> Progress {
    if read::is_terminal() || Look::stdout(When::Never).terminal {
        return Progress::default();
    }
    let task = Task { what, files: None, finds: "edit" };
    watch::progress(messages, &Stop::default(), task, read::input_len)
}

/// Copies standard input to standard output with all edits made, window by window.
fn stream(engine: &Engine, input: impl Read, progress: &Progress) -> Result<u64, Error> {
    let mut out = crate::report::stream();
    let mut edits = 0;
    let mut repaired = Vec::new();
    engine.stream(input, |window| {
        // One write for each window: what reads at the other end gets it as soon as it is there.
        let mut at = 0;
        repaired.clear();
        for edit in &window.edits {
            let range = edit.span.range_from(window.offset);
            repaired.extend_from_slice(&window.bytes[at..range.start]);
            repaired.extend_from_slice(&edit.after);
            at = range.end;
        }
        edits += window.edits.len() as u64;
        progress.bytes(window.bytes.len() as u64);
        progress.found(edits);
        if at == 0 {
            out.write_all(window.bytes)?;
        } else {
            repaired.extend_from_slice(&window.bytes[at..]);
            out.write_all(&repaired)?;
        }
        Ok(out.flush()?)
    })?;
    Ok(edits)
}
