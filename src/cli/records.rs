//! `unbake pipe --jsonl`: records in, records out, in the same order.
//!
//! In: lines, each a JSON object. Out: the same lines, with edits made inside the string literals of the named fields;
//! every other byte of a line is as it was. Must not: let one record influence another, parse a line into a tree, or
//! wait for more input while there are whole lines to hand on.

use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::path::Path;

use super::args::PipeArgs;
use super::literal::{self, Fields};
use super::{ERROR, FINE};
use crate::engine::{Consensus, Engine};
use crate::error::Error;
use crate::files::run;
use crate::report::Messages;
use crate::report::messages::count;

/// How much is read at once, and so about how much one thread works on before the next takes over.
const BATCH: usize = 256 << 10;

/// Some whole lines. `first` is the number of the first, 1-based.
struct Batch {
    first: u64,
    lines: Vec<u8>,
    failed: Option<io::Error>,
}

/// What became of them.
struct Repaired {
    out: Vec<u8>,
    edits: u64,
    /// Records with half a character in a field; they stay as they are.
    halves: u64,
    /// Numbers of the lines that are no JSON objects, and why.
    bad: Vec<(u64, String)>,
}

/// Repairs the records of standard input.
///
/// # Errors
/// When a line is no JSON object, unless that is to be passed on; when reading or writing fails.
pub fn run(
    args: &PipeArgs,
    engine: &Engine,
    name: &Path,
    messages: Messages,
    input: impl Read + Send + 'static,
) -> Result<u8, Error> {
    let fields = fields(args);
    let keep_going = args.keep_going;
    let (mut edits, mut halves, mut bad) = (0, 0, 0u64);
    let work = |batch: &Batch| repair(engine, &fields, batch, keep_going);
    let threads = args.threads.unwrap_or_else(run::default_threads);
    let mut stdout = crate::report::stream();
    run::ordered(threads, Batches::new(input), work, |batch, repaired| {
        let repaired = repaired.map_err(|panic| {
            let last = batch.first + batch.lines.iter().filter(|b| **b == b'\n').count() as u64;
            Error::usage(format!("lines {} to {last}: {panic}", batch.first)).at(name)
        })?;
        stdout.write_all(&repaired.out)?;
        stdout.flush()?;
        edits += repaired.edits;
        halves += repaired.halves;
        for (line, why) in repaired.bad {
            bad += 1;
            let error = Error::usage(format!("line {line}: no JSON object: {why}")).at(name);
            if !keep_going {
                return Err(error);
            }
            messages.error(&error);
        }
        batch.failed.map_or(Ok(()), |e| Err(Error::from(e).at(name)))
    })?;
    messages.note(count(edits, "edit"));
    if halves > 0 {
        messages.note(format_args!("{} with a lone surrogate, left as they are", count(halves, "record")));
    }
    if bad > 0 {
        messages.summary(format_args!("{} passed on unchanged: no JSON object", count(bad, "line")));
    }
    Ok(if bad > 0 { ERROR } else { FINE })
}

/// The fields that were named.
fn fields(args: &PipeArgs) -> Fields {
    let default = ["text".to_owned()];
    Fields::new(if args.field.is_empty() { &default } else { &args.field })
}

/// What all records, taken together, went through. Bad lines are said when they are repaired.
///
/// # Errors
/// When reading fails.
pub fn consensus(args: &PipeArgs, engine: &Engine, input: impl Read + Send + 'static) -> Result<Consensus, Error> {
    let fields = fields(args);
    let work = |batch: &Batch| {
        let mut found = Consensus::default();
        for record in batch.lines.split(|b| *b == b'\n') {
            let record = record.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(record);
            let Ok(literals) = literal::find(record, &fields) else { continue };
            for span in literals {
                let raw = std::str::from_utf8(&record[span]).ok();
                if let Some(text) = raw.and_then(literal::text) {
                    found.add(&engine.plan(text.as_bytes()));
                }
            }
        }
        found
    };
    let mut all = Consensus::default();
    run::ordered(args.threads.unwrap_or_else(run::default_threads), Batches::new(input), work, |batch, found| {
        all.join(found.unwrap_or_default());
        batch.failed.map_or(Ok(()), |e| Err(e.into()))
    })?;
    Ok(all)
}

/// Repairs the lines of a batch. Without `keep_going` it ends before the first bad line.
fn repair(engine: &Engine, fields: &Fields, batch: &Batch, keep_going: bool) -> Repaired {
    let mut done = Repaired { out: Vec::with_capacity(batch.lines.len()), edits: 0, halves: 0, bad: Vec::new() };
    for (number, line) in (batch.first..).zip(batch.lines.split_inclusive(|b| *b == b'\n')) {
        // A byte order mark can begin the first line; it is no part of the record.
        let mark = if number == 1 && line.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let record = &line[mark..];
        if record.iter().all(u8::is_ascii_whitespace) {
            done.out.extend_from_slice(line);
            continue;
        }
        match literal::find(record, fields) {
            Ok(literals) => {
                let mut at = 0;
                let mut kept = Some(Vec::new());
                let mut edits = 0;
                for span in literals {
                    match rewrite(engine, &record[span.clone()]) {
                        Some(None) => {}
                        Some(Some((new, n))) => {
                            if let Some(kept) = &mut kept {
                                kept.extend_from_slice(&record[at..span.start]);
                                kept.extend_from_slice(new.as_bytes());
                                at = span.end;
                                edits += n;
                            }
                        }
                        None => kept = None,
                    }
                }
                done.out.extend_from_slice(&line[..mark]);
                match kept {
                    Some(kept) => {
                        done.out.extend_from_slice(&kept);
                        done.out.extend_from_slice(&record[at..]);
                        done.edits += edits;
                    }
                    None => {
                        done.out.extend_from_slice(record);
                        done.halves += 1;
                    }
                }
            }
            Err(why) => {
                done.bad.push((number, why));
                if !keep_going {
                    break;
                }
                done.out.extend_from_slice(line);
            }
        }
    }
    done
}

/// A string literal with its text repaired: `None` when it cannot be read as text, `Some(None)` when nothing changes.
#[allow(clippy::option_option)]
fn rewrite(engine: &Engine, raw: &[u8]) -> Option<Option<(String, u64)>> {
    let raw = std::str::from_utf8(raw).ok()?;
    let text: Cow<'_, str> = literal::text(raw)?;
    let plan = engine.plan(text.as_bytes());
    if plan.is_empty() {
        return Some(None);
    }
    literal::edited(raw, plan.edits()).map(|new| Some((new, plan.edits().len() as u64)))
}

/// Standard input in batches of whole lines, each as soon as it is there.
struct Batches<R> {
    input: R,
    next: u64,
    rest: Vec<u8>,
    ended: bool,
}

impl<R: Read> Batches<R> {
    fn new(input: R) -> Batches<R> {
        Batches { input, next: 1, rest: Vec::new(), ended: false }
    }
}

impl<R: Read> Iterator for Batches<R> {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        if self.ended {
            return None;
        }
        let mut lines = std::mem::take(&mut self.rest);
        let mut failed = None;
        loop {
            let len = lines.len();
            lines.resize(len + BATCH, 0);
            let read = self.input.read(&mut lines[len..]);
            lines.truncate(len + *read.as_ref().unwrap_or(&0));
            match read {
                Ok(0) => self.ended = true,
                Ok(_) => {
                    let Some(feed) = memchr::memrchr(b'\n', &lines[len..]) else { continue };
                    self.rest = lines.split_off(len + feed + 1);
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => (self.ended, failed) = (true, Some(e)),
            }
            break;
        }
        let first = self.next;
        self.next += memchr::memchr_iter(b'\n', &lines).count() as u64;
        (!lines.is_empty() || failed.is_some()).then_some(Batch { first, lines, failed })
    }
}
