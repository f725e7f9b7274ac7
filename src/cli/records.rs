//! `unbake pipe --jsonl`: records in, records out, in the same order.
//!
//! In: lines, each a JSON object. Out: the same lines, with edits made inside the string literals of the named fields;
//! every other byte of a line is as it was. Must not: let one record influence another, parse a line into a tree, or
//! wait for more input while there are whole lines to hand on.

use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::ops::Range;
use std::path::Path;

use super::args::PipeArgs;
use super::literal::{self, Fields};
use super::{ERROR, FINE, skim};
use crate::engine::{Consensus, Engine};
use crate::error::Error;
use crate::files::run;
use crate::report::Messages;
use crate::report::messages::count;
use crate::report::progress::Progress;

/// How much is read at once, and so about how much one thread works on before the next takes over.
const BATCH: usize = 256 << 10;

/// Some whole lines. `first` is the number of the first, 1-based.
struct Batch {
    first: u64,
    lines: Vec<u8>,
    failed: Option<io::Error>,
}

/// What became of them.
#[derive(Default)]
struct Repaired {
    /// The lines up to `taken`, if any of them has changed.
    out: Option<Vec<u8>>,
    /// How many bytes of the batch were dealt with.
    taken: usize,
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
    progress: &Progress,
) -> Result<u8, Error> {
    let fields = fields(args);
    let keep_going = args.keep_going;
    let (mut edits, mut halves, mut bad) = (0, 0, 0u64);
    let engine = engine.clone();
    let work = move |batch: &Batch| {
        let repaired = repair(&engine, &fields, batch, keep_going);
        let weight = batch.lines.len() + repaired.out.as_ref().map_or(0, Vec::len);
        (repaired, weight)
    };
    let threads = args.threads.unwrap_or_else(run::default_threads);
    let mut stdout = crate::report::stream();
    run::ordered(threads, Batches::new(input), work, |batch, repaired| {
        let repaired = repaired.map_err(|panic| {
            let last = batch.first + batch.lines.iter().filter(|b| **b == b'\n').count() as u64;
            Error::usage(format!("lines {} to {last}: {panic}", batch.first)).at(name)
        })?;
        stdout.write_all(repaired.out.as_deref().unwrap_or(&batch.lines[..repaired.taken]))?;
        stdout.flush()?;
        edits += repaired.edits;
        progress.bytes(batch.lines.len() as u64);
        progress.found(edits);
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
pub fn consensus(
    args: &PipeArgs,
    engine: &Engine,
    input: impl Read + Send + 'static,
    progress: &Progress,
) -> Result<Consensus, Error> {
    let fields = fields(args);
    let engine = engine.clone();
    let work = move |batch: &Batch| {
        let mut found = Consensus::default();
        for record in batch.lines.split(|b| *b == b'\n') {
            let record = record.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(record);
            let Ok(literals) = literal::find(record, &fields) else { continue };
            for span in literals {
                let raw = std::str::from_utf8(&record[span]).ok();
                if let Some(text) = raw.and_then(literal::text) {
                    found.add(&engine.plan_text(&text));
                }
            }
        }
        (found, 0)
    };
    let mut all = Consensus::default();
    run::ordered(args.threads.unwrap_or_else(run::default_threads), Batches::new(input), work, |batch, found| {
        all.join(found.unwrap_or_default());
        progress.bytes(batch.lines.len() as u64);
        batch.failed.map_or(Ok(()), |e| Err(e.into()))
    })?;
    Ok(all)
}

/// Repairs the lines of a batch. Without `keep_going` it ends before the first bad line.
fn repair(engine: &Engine, fields: &Fields, batch: &Batch, keep_going: bool) -> Repaired {
    let lines = &batch.lines[..];
    let mut quick = Quick::new(engine, fields, lines);
    let mut done = Repaired::default();
    // Up to here the lines are in `out`, if there is any.
    let mut copied = 0;
    let ends = memchr::memchr_iter(b'\n', lines).map(|feed| feed + 1);
    let last = (!lines.ends_with(b"\n")).then_some(lines.len());
    for (number, end) in (batch.first..).zip(ends.chain(last)) {
        let line = &lines[done.taken..end];
        // A byte order mark can begin the first line; it is no part of the record.
        let mark = if number == 1 && line.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let record = &line[mark..];
        if !quick.passes(done.taken + mark..end) && !record.iter().all(u8::is_ascii_whitespace) {
            match changed(engine, fields, record) {
                Ok(Some((new, edits))) if edits > 0 => {
                    let out = done.out.get_or_insert_with(|| Vec::with_capacity(lines.len()));
                    out.extend_from_slice(&lines[copied..done.taken + mark]);
                    out.extend_from_slice(&new);
                    copied = end;
                    done.edits += edits;
                }
                Ok(Some(_)) => {}
                Ok(None) => done.halves += 1,
                Err(why) => {
                    done.bad.push((number, why));
                    if !keep_going {
                        break;
                    }
                }
            }
        }
        done.taken = end;
    }
    if let Some(out) = &mut done.out {
        out.extend_from_slice(&lines[copied..done.taken]);
    }
    done
}

/// Sees at a glance that a record stays as it is, for most do.
struct Quick<'e> {
    engine: &'e Engine,
    lines: &'e [u8],
    /// The same, if all of it is UTF-8, so that it need not be asked of each literal.
    text: Option<&'e str>,
    names: Vec<&'e str>,
    /// There is no comment in any record, as it is written. One that is spelled with escapes shows where those are read.
    has_no_comment: bool,
    literals: Vec<skim::Literal>,
    said: String,
}

const COMMENT: &[u8] = b"unbake:";

impl<'e> Quick<'e> {
    fn new(engine: &'e Engine, fields: &'e Fields, lines: &'e [u8]) -> Quick<'e> {
        let has_no_comment = memchr::memmem::find(lines, COMMENT).is_none();
        let text = simdutf8::basic::from_utf8(lines).ok();
        Quick { engine, lines, text, names: fields.names(), has_no_comment, literals: Vec::new(), said: String::new() }
    }

    /// Whether a record, which is this part of the lines, is a JSON object and nothing in its fields is to be changed.
    fn passes(&mut self, record: Range<usize>) -> bool {
        self.literals.clear();
        let (engine, lines, text, said) = (self.engine, self.lines, self.text, &mut self.said);
        let start = record.start;
        self.has_no_comment
            && skim::find(&lines[record], &self.names, &mut self.literals).is_some()
            && self.literals.iter().all(|literal| {
                let inner = start + literal.span.start + 1..start + literal.span.end - 1;
                let inner = match text {
                    Some(text) => text.get(inner),
                    None => str::from_utf8(&lines[inner]).ok(),
                };
                inner.is_some_and(|inner| match literal.is_escaped {
                    false => engine.passes(inner),
                    true => {
                        skim::say(inner, said).is_some()
                            && engine.passes(said)
                            && memchr::memmem::find(said.as_bytes(), COMMENT).is_none()
                    }
                })
            })
    }
}

/// A record with its fields repaired, and the number of edits; none when a field holds half a character.
///
/// # Errors
/// When it is no JSON object, with the reason.
fn changed(engine: &Engine, fields: &Fields, record: &[u8]) -> Result<Option<(Vec<u8>, u64)>, String> {
    let (mut new, mut edits, mut at) = (Vec::new(), 0, 0);
    for span in literal::find(record, fields)? {
        match rewrite(engine, &record[span.clone()]) {
            Some(None) => {}
            Some(Some((literal, count))) => {
                new.extend_from_slice(&record[at..span.start]);
                new.extend_from_slice(literal.as_bytes());
                at = span.end;
                edits += count;
            }
            None => return Ok(None),
        }
    }
    new.extend_from_slice(&record[at..]);
    Ok(Some((new, edits)))
}

/// A string literal with its text repaired: `None` when it cannot be read as text, `Some(None)` when nothing changes.
#[allow(clippy::option_option)]
fn rewrite(engine: &Engine, raw: &[u8]) -> Option<Option<(String, u64)>> {
    let raw = std::str::from_utf8(raw).ok()?;
    let text: Cow<'_, str> = literal::text(raw)?;
    let plan = engine.plan_text(&text);
    if plan.is_empty() {
        return Some(None);
    }
    literal::edited(raw, plan.edits()).map(|new| Some((new, plan.edits().len() as u64)))
}

/// Standard input in batches of whole lines, each as soon as it is there.
struct Batches<R> {
    input: R,
    /// What is read into: all of it is set, so that no part has to be cleared before.
    buffer: Vec<u8>,
    next: u64,
    rest: Vec<u8>,
    ended: bool,
}

impl<R: Read> Batches<R> {
    fn new(input: R) -> Batches<R> {
        Batches { input, buffer: vec![0; BATCH], next: 1, rest: Vec::new(), ended: false }
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
            let read = self.input.read(&mut self.buffer);
            lines.extend_from_slice(&self.buffer[..*read.as_ref().unwrap_or(&0)]);
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
