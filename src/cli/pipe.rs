//! `unbake pipe`: standard input to standard output.

use std::io::{Read, Write};
use std::path::PathBuf;

use super::args::PipeArgs;
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
    let resolver = Resolver::for_stream(&args.judge)?;
    let name = args.stdin_filename.clone().unwrap_or_else(|| PathBuf::from("<stdin>"));
    let messages = Messages::new(Look::stderr(args.output.color.into()), args.output.loudness());
    let (mut engine, mut input): (_, Box<dyn Read + Send>) = (resolver.treat(&name)?.engine, Box::new(read::input()));
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
