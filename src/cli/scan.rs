//! The one loop behind `check`, `diff` and `fix`: every file is read and judged, in parallel, and comes out in order.
//!
//! In: paths and settings. Out: documents with something to report, one after the other, and the totals. Must not: know
//! what is done with them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::args::{LostArg, ScanArgs};
use super::news::News;
use super::recall;
use super::settings::{Failure, Resolver, Treatment};
use super::shape;
use super::stop::Stop;
use super::writer::Written;
use crate::config::Config;
use crate::edit::{Chain, Confidence, Plan};
use crate::engine::{Consensus, Engine};
use crate::error::Error;
use crate::files::containers::{self, Judge, Looked};
use crate::files::git::{self, Added, Blob, Blobs};
use crate::files::walk::{self, Ignored, Walk};
use crate::files::{Document, Loaded, Skip, read, run};
use crate::report::messages::count;
use crate::report::{Look, Messages, Totals};
use crate::source::{self, Charset};

/// What an edit takes in memory, about, in bytes.
const EDIT: usize = 256;

/// What to look into.
#[derive(Clone, Debug)]
pub(super) enum Input {
    /// A path that was given.
    Named(PathBuf),
    /// A regular file that was met while walking.
    Found(PathBuf),
    Stdin(PathBuf, Slot),
    /// A file as it is staged.
    Staged(Blob, Blobs),
    /// A file that was written, and what was written.
    Written(Written),
}

/// Keeps what was read of standard input, which can be read only once.
pub(super) type Slot = Arc<Mutex<Option<Loaded>>>;

impl Input {
    /// What it is called, and whether it is standard input.
    pub fn name(&self) -> (&Path, bool) {
        match self {
            Input::Named(path) | Input::Found(path) => (path, false),
            Input::Stdin(path, _) => (path, true),
            Input::Staged(blob, _) => (&blob.path, false),
            Input::Written(written) => (&written.path, false),
        }
    }

    fn load(&self) -> Result<Loaded, Error> {
        match self {
            Input::Named(path) => read::open(path),
            Input::Found(path) => read::open_found(path),
            Input::Staged(blob, blobs) => read::held(&blob.path, blobs.content(blob)?),
            Input::Written(written) => written.load(),
            Input::Stdin(path, slot) => {
                let read = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
                read.map_or_else(|| read::stdin(path), Ok)
            }
        }
    }

    /// Keeps what was loaded, where it cannot be loaded again.
    fn keep(&self, loaded: Loaded) {
        match (self, loaded) {
            (Input::Stdin(_, slot), loaded) => *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(loaded),
            (_, Loaded::Text(mut document) | Loaded::Skipped(_, mut document)) => document.forget(),
        }
    }
}

/// Paths, each with whether it was named, and what went wrong on the way to them.
pub type Paths = (Vec<(PathBuf, bool)>, Vec<Error>);

/// What came of one file.
pub(super) enum Outcome {
    /// With whether lost text counts.
    Done(Document, Plan, bool),
    /// A container, with whether lost text counts.
    Container(Document, Looked, bool),
    Skipped(Skip, Option<Document>),
    Failed(Error),
    NoSettings(Arc<Failure>),
}

impl Outcome {
    /// How many bytes it holds, roughly.
    pub fn weight(&self) -> usize {
        match self {
            Outcome::Done(document, plan, _) => document.held() + plan.edits().len() * EDIT,
            Outcome::Container(document, looked, _) => document.held() + looked.edits() as usize * EDIT,
            Outcome::Skipped(_, document) => document.as_ref().map_or(0, Document::held),
            Outcome::Failed(_) | Outcome::NoSettings(_) => 0,
        }
    }
}

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

/// How files are looked into.
pub(super) struct How {
    force: bool,
    ignored: Ignored,
    from_history: bool,
    converts: bool,
    writes: bool,
    lost: Option<Option<LostArg>>,
    reports: bool,
    known: Vec<(Chain, u64)>,
    /// The least confidence that counts, whatever the settings say.
    pub level: Option<Confidence>,
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
            from_history: false,
            converts: false,
            known: Vec::new(),
        })
    }

    /// Whether lost text is looked for, and put back where the history of its file has it.
    pub fn recalls(&mut self, from_history: bool) {
        if from_history {
            self.from_history = true;
            self.lost = Some(Some(LostArg::Note));
        }
    }

    /// Goes through all files and hands what there is to `each`, in order.
    ///
    /// # Errors
    /// The first error of `each`, which ends the run. Errors of single files are said, counted and handed to `each`.
    pub fn run(&mut self, mut each: impl FnMut(&mut Scan<'a>, Event<'_>) -> Result<(), Error>) -> Result<(), Error> {
        let threads = self.threads();
        let (mut inputs, errors) = if self.staged { self.index()? } else { self.inputs(threads) };
        let mut broken = HashSet::new();
        for error in errors {
            self.fail(error, &mut each)?;
        }
        let resolver = Arc::clone(&self.resolver);
        if self.args.consensus.consensus {
            self.known = self.consensus(threads, &inputs)?;
        }
        // What has nothing new in it need not be read, unless it is to speak for the rest.
        let all = self.args.consensus.consensus;
        inputs.retain(|input| all || matches!(input, Input::Stdin(..)) || self.news.touches(input.name().0));
        let how = self.how();
        let work = move |input: &Input| {
            let outcome = outcome(&resolver, input, &how);
            let weight = outcome.weight();
            (outcome, weight)
        };
        let ended = run::ordered(threads, inputs.into_iter(), work, |input, outcome| {
            if self.stop.asked() {
                self.stopped = true;
                return Err(Error::usage("interrupted"));
            }
            let (path, stdin) = input.name();
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
                    document.map_or(Ok(()), |document| each(self, Event::Untouched(&document)))
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
            reports: self.reports,
            known: self.known.clone(),
            level: None,
        }
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
    fn consensus(&self, threads: usize, inputs: &[Input]) -> Result<Vec<(Chain, u64)>, Error> {
        let resolver = Arc::clone(&self.resolver);
        let force = self.args.force_exclude;
        let mut all = Consensus::default();
        let work = move |input: &Input| (evidence(&resolver, input, force), 0);
        let again: Vec<Input> = inputs.to_vec();
        run::ordered(threads, again.into_iter(), work, |_, found| {
            all.join(found.unwrap_or_default());
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

    /// What is staged.
    fn index(&mut self) -> Result<(Vec<Input>, Vec<Error>), Error> {
        if self.args.paths.iter().any(|path| is_stdin(path)) {
            return Err(Error::usage("--staged reads the index, not standard input: leave `-` out"));
        }
        let (mut blobs, added) = git::staged(&self.args.starts())?;
        self.news.added = Some(added);
        let resolver = &self.resolver;
        // Wrong settings are reported when the file is read.
        blobs.retain(|blob| {
            let settings = resolver.for_file(&blob.path);
            settings.map_or(true, |settings| resolver.included(&settings, &blob.path))
        });
        let contents = Blobs::open()?;
        Ok((blobs.into_iter().map(|blob| Input::Staged(blob, contents.clone())).collect(), Vec::new()))
    }

    /// The paths that would be looked into, each with whether it was named, and what went wrong on the way.
    ///
    /// # Errors
    /// When the index is asked for and cannot be read.
    pub fn paths(&mut self) -> Result<Paths, Error> {
        let (inputs, errors) = if self.staged { self.index()? } else { self.inputs(1) };
        let path = |input: &Input| (input.name().0.to_owned(), !matches!(input, Input::Found(_)));
        Ok((inputs.iter().map(path).collect(), errors))
    }

    /// What to look into, each file once, and what went wrong on the way.
    fn inputs(&self, threads: usize) -> (Vec<Input>, Vec<Error>) {
        let (mut inputs, mut errors) = (Vec::new(), Vec::new());
        let mut seen = HashSet::new();
        // Only several arguments can lead to the same file: to resolve every path of a large tree takes its time.
        let several = self.args.paths.len() > 1;
        let mut first = |path: &Path| !several || seen.insert(walk::resolved(path));
        for path in self.args.starts().iter() {
            if is_stdin(path) {
                let name = self.args.stdin_filename.clone().unwrap_or_else(|| "<stdin>".into());
                inputs.push(Input::Stdin(name, Slot::default()));
            } else if walk::is_folder(path) {
                let settings = match self.resolver.for_folder(path) {
                    Ok(settings) => settings,
                    Err(failure) => {
                        errors.push(failure.into());
                        continue;
                    }
                };
                let resolver = Arc::clone(&self.resolver);
                let keep = Arc::new(move |path: &Path, folder: bool| {
                    // Wrong settings are reported when the file is read; until then nothing is left out.
                    // Whether a folder is entered is for the settings above it to say.
                    resolver.for_file(path).map_or(true, |settings| {
                        !resolver.leaves_out(&settings, path, folder) && (folder || resolver.included(&settings, path))
                    })
                });
                let walk = Walk { hidden: settings.hidden, ignore_files: settings.ignore_files, threads, keep };
                let (files, more) = walk.files(path);
                errors.extend(more);
                for file in files {
                    let file = file.strip_prefix(".").map_or(file.clone(), Path::to_owned);
                    if first(&file) {
                        inputs.push(Input::Found(file));
                    }
                }
            } else if first(path) {
                inputs.push(Input::Named(path.clone()));
            }
        }
        (inputs, errors)
    }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What one file says of the others. Runs on a worker thread: says nothing.
fn evidence(resolver: &Resolver, input: &Input, force: bool) -> Consensus {
    let mut found = Consensus::default();
    let (path, _) = input.name();
    let Ok(settings) = resolver.for_file(path) else { return found };
    let Ok(mut loaded) = input.load() else { return found };
    if let Loaded::Text(document) = &mut loaded
        && !(force && resolver.excluded(&settings, path))
        && let Ok(treatment) = resolver.treatment(&settings, path)
        && let Ok(plan) = document.look(&treatment.engine.alone())
    {
        found.add(&plan);
    }
    input.keep(loaded);
    found
}

/// Reads and judges one file. Runs on a worker thread: says nothing.
pub(super) fn outcome(resolver: &Resolver, input: &Input, how: &How) -> Outcome {
    let (path, stdin) = input.name();
    let settings = match resolver.for_file(path) {
        Ok(settings) => settings,
        Err(failure) => return Outcome::NoSettings(failure),
    };
    let ignored = || settings.ignore_files && how.ignored.leaves_out(path);
    let excluded = how.force && (resolver.excluded(&settings, path) || ignored());
    if excluded && !stdin {
        return Outcome::Skipped(Skip::Excluded, None);
    }
    let loaded = match input.load() {
        Ok(Loaded::Text(document)) if excluded => return Outcome::Skipped(Skip::Excluded, Some(document)),
        Ok(loaded) => loaded,
        Err(error) => return Outcome::Failed(error),
    };
    let treatment = match resolver.treatment(&settings, path) {
        Ok(treatment) => treatment,
        Err(error) => return Outcome::Failed(error),
    };
    let lost = how.lost.map_or(LostArg::Ignore, |flag| flag.unwrap_or(treatment.lost));
    let prepared = |Treatment { mut engine, report, .. }: Treatment| {
        if how.reports {
            engine = engine.reporting(report);
        }
        if !how.known.is_empty() {
            engine = engine.knowing(how.known.clone());
        }
        if lost != LostArg::Ignore {
            engine = engine.finding_lost();
        }
        if how.converts {
            engine = engine.converting(true);
        }
        if let Some(level) = how.level {
            engine = engine.down_to(level);
        }
        engine
    };
    let named = match input {
        Input::Written(written) => written.is_container,
        input => !matches!(input, Input::Found(_)),
    };
    let (Loaded::Text(document) | Loaded::Skipped(_, document)) = &loaded;
    if let Some(kind) = containers::kind(document, &settings.archives, named).filter(|_| !excluded) {
        let (Loaded::Text(mut document) | Loaded::Skipped(_, mut document)) = loaded;
        // A member follows the settings of its container: where its name leads is nobody's business.
        let mut judge = |member: &mut Document, charset: Option<&str>| {
            if resolver.excludes_inside(&settings, path, member.path()) {
                return Ok(None);
            }
            let mut engine = prepared(resolver.treatment(&settings, member.path())?);
            // What a mail says of its parts would no longer be so.
            if kind == containers::Kind::Mail {
                engine = engine.converting(false);
            }
            if let Some(label) = charset {
                let told = Config { encoding: Some(label.to_owned()), ..engine.config().clone() };
                engine = Engine::try_new(told)?;
            }
            let plan = member.look(&engine)?;
            Ok(Some(keeping_form(member, plan, &engine)))
        };
        let judge: &mut Judge<'_> = &mut judge;
        return match containers::look(&document, kind, &settings.archives, judge) {
            Ok(looked) => {
                if looked.found.is_empty() && !stdin {
                    document.forget()
                } else {
                    document.keep()
                }
                if how.writes
                    && let Err(error) = document.digest()
                {
                    return Outcome::Failed(error);
                }
                Outcome::Container(document, looked, lost == LostArg::Count)
            }
            Err(error) => Outcome::Failed(error),
        };
    }
    let mut document = match loaded {
        Loaded::Text(document) => document,
        // Who says in which encoding it is says that it is text.
        Loaded::Skipped(Skip::Binary, document) if treatment.engine.is_told() => document,
        Loaded::Skipped(skip, document) if stdin => return Outcome::Skipped(skip, Some(document)),
        Loaded::Skipped(skip, mut document) => {
            document.forget();
            return Outcome::Skipped(skip, None);
        }
    };
    let engine = prepared(treatment);
    let plan = if how.writes { document.plan(&engine) } else { document.look(&engine) };
    let recalled =
        |plan| if how.from_history && !stdin { recall::from_history(&document, plan, &engine) } else { Ok(plan) };
    match plan.and_then(recalled) {
        Ok(plan) => {
            let plan = keeping_form(&document, plan, &engine);
            // Where text is lost, somebody may ask for the line that it is in.
            if plan.is_empty() && plan.lost().is_empty() && plan.remarks().is_empty() && !stdin {
                document.forget();
            } else {
                document.keep();
            }
            Outcome::Done(document, plan, lost == LostArg::Count)
        }
        Err(error) => Outcome::Failed(error),
    }
}

/// The plan, without its edits if they would break the form of the document.
pub(super) fn keeping_form(document: &Document, plan: Plan, engine: &Engine) -> Plan {
    if plan.is_empty() {
        return plan;
    }
    // What is too large to be looked at whole, or cannot be read any more, is as its edits are: each was looked at by itself.
    let Ok(Some(before)) = document.whole() else { return plan };
    let kind = engine.kind(document.path(), &before);
    if !shape::is_known(kind) {
        return plan;
    }
    let Ok(after) = plan.apply(&before) else { return plan };
    let text = |bytes: &[u8], label: Option<&str>| match label.and_then(Charset::for_label) {
        Some(charset) => charset.view(bytes).text,
        None => String::from_utf8_lossy(bytes).into_owned(),
    };
    let label = plan.form().map(|form| form.label);
    let label_after = plan.form().filter(|form| !form.converts).map(|form| form.label);
    let converts = plan.form().is_some_and(|form| form.converts);
    let text = |bytes: &[u8], label: Option<&str>| {
        let mut text = text(bytes, label);
        // That it states another encoding than before is meant.
        let stated = if converts { source::declared(text.as_bytes()) } else { Vec::new() };
        let mut spans: Vec<_> = stated.into_iter().map(|found| found.span).collect();
        spans.sort_by_key(|span| std::cmp::Reverse(span.start));
        spans.into_iter().for_each(|span| text.replace_range(span, "utf-8"));
        text
    };
    let why = shape::broken(kind, &text(&before, label), &text(&after, label_after));
    match why {
        Some(why) => plan.refused(format!("nothing is changed in this file: {why}")),
        None => plan,
    }
}
