//! The one loop behind `check`, `diff` and `fix`: every file is read and judged, in parallel, and comes out in order.
//!
//! In: paths and settings. Out: documents with something to report, one after the other, and the totals. Must not: know
//! what is done with them.

mod input;
mod outcome;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

pub use input::Input;
use input::is_stdin;
use outcome::evidence;
pub(super) use outcome::keeping_form;
pub use outcome::{How, Outcome, outcome};

use super::args::{LostArg, ScanArgs};
use super::news::News;
use super::settings::Resolver;
use super::stop::Stop;
use super::watch::progress;
use crate::edit::{Chain, Plan};
use crate::engine::{Consensus, Engine};
use crate::error::Error;
use crate::files::containers::Looked;
use crate::files::git::Added;
use crate::files::walk::Ignored;
use crate::files::{Document, run};
use crate::report::messages::count;
use crate::report::progress::{Progress, Task};
use crate::report::{Look, Messages, Totals};

/// What the loop hands out.
pub enum Event<'a> {
    /// A text that was looked into and has findings, lost text or bytes that are no text.
    Found(&'a mut Document, Plan),
    /// A container with findings, to whom it is handed out as a whole. Its members were counted.
    Container(&'a mut Document, Looked),
    /// Standard input, that there is nothing to do about. Whoever passes it on needs it all the same.
    Untouched(&'a Document),
    /// Something went wrong; it was said and counted.
    Failed(&'a Error),
}

/// A run over files.
pub struct Scan<'a> {
    args: &'a ScanArgs,
    resolver: Arc<Resolver>,
    /// Where errors and notes go.
    pub messages: Messages,
    /// What was seen so far.
    pub totals: Totals,
    /// Whether files will be written, and so must still be what they were when they were looked into.
    pub writes: bool,
    /// Whether a container is handed out as a whole; otherwise its members are, each as a text of its own.
    pub whole: bool,
    /// Asked before each file; listens only if told to.
    pub stop: Stop,
    /// Whether the run ended early because it was asked to.
    pub stopped: bool,
    /// Whether text is looked for that is gone for good; and what is done about it, whatever the settings say.
    pub lost: Option<Option<LostArg>>,
    /// How many such places count as findings.
    pub lost_counted: u64,
    /// Whether rules report what stays as it is.
    pub reports: bool,
    /// Whether the index is looked into, and no file.
    pub staged: bool,
    /// Which findings count.
    pub news: News,
    /// Whether the history says what was lost, and not the words.
    pub leaves_lost: bool,
    /// Whether the history is asked for lost text.
    from_history: bool,
    /// Whether files in other encodings are written in UTF-8.
    pub converts: bool,
    /// What all files together speak for.
    known: Vec<(Chain, u64)>,
}

impl<'a> Scan<'a> {
    /// A run with these arguments.
    ///
    /// # Errors
    /// When they make no sense.
    pub fn new(args: &'a ScanArgs) -> Result<Scan<'a>, Error> {
        let messages = Messages::new(Look::stderr(args.output.color.into()), args.output.loudness());
        if args.paths.iter().filter(|path| is_stdin(path)).count() > 1 {
            return Err(Error::usage("`-` can be given only once: standard input can be read only once"));
        }
        let resolver = Arc::new(Resolver::for_scan(args)?);
        let (totals, stop) = (Totals::default(), Stop::default());
        let added = args.since.as_deref().map(|rev| Added::since(Path::new("."), rev)).transpose()?;
        let news = News { added, baseline: None };
        Ok(Scan {
            args,
            resolver,
            messages,
            totals,
            writes: false,
            whole: false,
            stop,
            stopped: false,
            lost: None,
            lost_counted: 0,
            reports: false,
            staged: false,
            news,
            leaves_lost: false,
            from_history: false,
            converts: false,
            known: Vec::new(),
        })
    }

    /// Whether lost text is looked for, and put back where the history of its file has it.
    pub fn recalls(&mut self, from_history: bool) {
        if from_history {
            (self.from_history, self.leaves_lost) = (true, true);
            self.lost = Some(Some(LostArg::Note));
        }
    }

    /// Goes through all files and hands what there is to `each`, in order.
    ///
    /// # Errors
    /// The first error of `each`, which ends the run. Errors of single files are said, counted and handed to `each`.
    pub fn run(&mut self, mut each: impl FnMut(&mut Scan<'a>, Event<'_>) -> Result<(), Error>) -> Result<(), Error> {
        let threads = self.threads();
        let walking =
            progress(&self.messages, &self.stop, Task { what: "looking for files", ..Task::default() }, || None);
        let (mut inputs, errors) = if self.staged { self.index()? } else { self.inputs(threads) };
        drop(walking);
        let mut broken = HashSet::new();
        for error in errors {
            self.fail(error, &mut each)?;
        }
        let resolver = Arc::clone(&self.resolver);
        // What has nothing new in it need not be read, unless it is to speak for the rest.
        let all = self.args.consensus.consensus;
        inputs.retain(|input| all || matches!(input, Input::Stdin(..)) || self.news.touches(input.name().0));
        let inputs: Arc<[Input]> = inputs.into();
        if all {
            self.known = self.consensus(threads, &inputs)?;
        }
        let how = self.how();
        let progress = self.progress("", "finding", &inputs);
        let these = Arc::clone(&inputs);
        let work = move |n: &usize| {
            let outcome = outcome(&resolver, &these[*n], &how);
            let weight = outcome.weight();
            (outcome, weight)
        };
        let ended = run::ordered(threads, 0..inputs.len(), work, |n, outcome| {
            if self.stop.asked() {
                self.stopped = true;
                return Err(Error::usage("interrupted"));
            }
            let (path, stdin) = inputs[n].name();
            progress.file(outcome.as_ref().map_or(0, Outcome::size));
            progress.found(self.totals.findings);
            match outcome {
                Ok(Outcome::Done(mut document, plan, counts)) => {
                    self.totals.checked += 1;
                    let plan = self.count(path, !stdin, plan, counts);
                    if stdin && plan.is_empty() {
                        each(self, Event::Untouched(&document))?;
                    }
                    if plan.is_silent() {
                        return Ok(());
                    }
                    each(self, Event::Found(&mut document, plan))
                }
                Ok(Outcome::Container(mut document, mut looked, counts)) => {
                    self.totals.checked += looked.checked;
                    self.totals.skipped += looked.skipped;
                    for (path, why) in &looked.left {
                        self.messages.notice(format_args!("{}: {why}; left as it is", path.display()));
                    }
                    looked.sift(&mut |path, plan| self.count(path, false, plan, counts));
                    if stdin && looked.edits() == 0 {
                        each(self, Event::Untouched(&document))?;
                    }
                    // Its bytes are gone already.
                    if looked.found.is_empty() {
                        return Ok(());
                    }
                    if self.whole {
                        return each(self, Event::Container(&mut document, looked));
                    }
                    // An error of the container is its own; one of `each` ends the run.
                    let mut ended = Ok(());
                    let visited = looked.visit(&document, &mut |member, plan| {
                        ended = each(self, Event::Found(member, plan.clone()));
                        if ended.is_ok() { Ok(()) } else { Err(Error::changed()) }
                    });
                    match (ended, visited) {
                        (Err(error), _) => Err(error),
                        (Ok(()), Err(error)) => self.fail(error, &mut each),
                        (Ok(()), Ok(())) => Ok(()),
                    }
                }
                Ok(Outcome::Skipped(skip, document)) => {
                    self.totals.skipped += 1;
                    self.messages.note(format_args!("{}: skipped: {}", path.display(), skip.why()));
                    let passed_on = document.filter(|_| stdin);
                    passed_on.map_or(Ok(()), |document| each(self, Event::Untouched(&document)))
                }
                Ok(Outcome::Failed(error)) => self.fail(error.or_at(path), &mut each),
                // Said once, not for every file below it.
                Ok(Outcome::NoSettings(failure)) if !broken.insert(Arc::clone(&failure)) => Ok(()),
                Ok(Outcome::NoSettings(failure)) => self.fail(failure.into(), &mut each),
                Err(panic) => self.fail(Error::usage(panic).at(path), &mut each),
            }
        });
        if self.stopped { Ok(()) } else { ended }
    }

    /// How files are looked into, as it was asked for.
    pub(super) fn how(&self) -> How {
        How {
            force: self.args.force_exclude || self.staged,
            ignored: Ignored::default(),
            from_history: self.from_history,
            converts: self.converts,
            writes: self.writes,
            lost: self.lost,
            leaves_lost: self.leaves_lost,
            reports: self.reports,
            known: self.known.clone(),
            level: None,
        }
    }

    /// Shows how far a reading of these is.
    pub(super) fn progress(&self, what: &'static str, finds: &'static str, inputs: &Arc<[Input]>) -> Progress {
        let task = Task { what, files: Some(inputs.len() as u64), finds };
        let inputs = Arc::clone(inputs);
        progress(&self.messages, &self.stop, task, move || input::size(&inputs))
    }

    /// How many threads there are.
    pub(super) fn threads(&self) -> usize {
        self.args.threads.unwrap_or_else(run::default_threads)
    }

    /// What tells the settings of a file.
    pub(super) fn resolver(&self) -> Arc<Resolver> {
        Arc::clone(&self.resolver)
    }

    /// Goes through all files once, for what they say of each other. What goes wrong is said when they are read again.
    fn consensus(&self, threads: usize, inputs: &Arc<[Input]>) -> Result<Vec<(Chain, u64)>, Error> {
        let resolver = Arc::clone(&self.resolver);
        let force = self.args.force_exclude;
        let mut all = Consensus::default();
        let progress = self.progress("first reading: ", "", inputs);
        let these = Arc::clone(inputs);
        let work = move |n: &usize| (evidence(&resolver, &these[*n], force), 0);
        run::ordered(threads, 0..inputs.len(), work, |_, found| {
            let (found, size) = found.unwrap_or_default();
            progress.file(size);
            all.join(found);
            if self.stop.asked() { Err(Error::usage("interrupted")) } else { Ok(()) }
        })?;
        Ok(all.established())
    }

    /// Says and counts what was found in one text. Gives what of it is news.
    fn count(&mut self, path: &Path, is_file: bool, plan: Plan, counts: bool) -> Plan {
        for note in plan.notes() {
            let (path, line, column) = (path.display(), note.line, note.column);
            self.messages.notice(format_args!("{path}:{line}:{column}: {}", note.what));
        }
        if let Some(first) = plan.invalid().first() {
            let runs = count(plan.invalid().len() as u64, "run");
            let at = first.start;
            let form = plan.form().map_or("UTF-8", |form| form.label);
            let path = path.display();
            self.messages.note(format_args!(
                "{path}: {runs} of bytes that are no valid {form}, the first at byte {at}; they stay as they are"
            ));
        }
        self.totals.legacy += u64::from(plan.legacy().is_some());
        let (plan, known) = self.news.sift(path, is_file, counts, plan);
        self.totals.known += known;
        if !plan.is_empty() {
            self.totals.files += 1;
            self.totals.findings += plan.findings();
        }
        let lost = plan.lost().len() as u64;
        self.totals.lost += lost;
        self.totals.reported += plan.remarks().len() as u64;
        self.lost_counted += if counts { lost } else { 0 };
        plan
    }

    /// The engine for a file, by its settings.
    ///
    /// # Errors
    /// When its settings cannot be read any more.
    pub fn engine(&self, path: &Path) -> Result<Engine, Error> {
        Ok(self.resolver.treat(path)?.engine)
    }

    /// Says an error, counts it and hands it out.
    ///
    /// # Errors
    /// When `each` fails.
    pub fn fail(
        &mut self,
        error: Error,
        each: &mut impl FnMut(&mut Scan<'a>, Event<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.failed(&error);
        each(self, Event::Failed(&error))
    }

    /// Says an error and counts it.
    pub fn failed(&mut self, error: &Error) {
        self.totals.errors += 1;
        self.messages.error(error);
    }
}
