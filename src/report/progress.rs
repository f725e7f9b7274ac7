//! How far is a long run? One line at the foot of the terminal, while there is nothing else to show.
//!
//! In: what is done, told by the thread that consumes results, and what [`Watched`] tells. Out: a line on standard error, drawn anew
//! a few times a second; it gives way to all that is written, and is gone in the end. Must not: show anything of what is over in
//! a moment, be drawn where no terminal is or over what another program shows, or hold up the run.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{
    DecimalBytes, HumanCount, HumanDuration, MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle,
};

/// What is over by then was not long.
const FIRST: Duration = Duration::from_millis(500);
/// How often it is drawn anew.
const EVERY: Duration = Duration::from_millis(100);
/// Before that nobody knows how long the rest will take.
const SETTLED: Duration = Duration::from_secs(2);
/// Terminals of so many columns have room for a bar beside the words.
const ROOMY: u16 = 100;

/// What the terminal's last line is used for. There is one terminal, and so one of these.
static FOOT: Mutex<Foot> = Mutex::new(Foot { drawn: None, is_within_line: false, is_lent: false, is_late: false });

struct Foot {
    drawn: Option<MultiProgress>,
    /// What was written last did not end its line: that is to be gone on with.
    is_within_line: bool,
    /// Somebody else has the terminal.
    is_lent: bool,
    /// The program has been at it for long already.
    is_late: bool,
}

impl Foot {
    fn take() -> MutexGuard<'static, Foot> {
        FOOT.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn clear(&mut self) {
        if let Some(drawn) = self.drawn.take() {
            // There is nobody left to see it.
            let _ = drawn.clear();
        }
    }
}

/// Writes something on a terminal, where the line at its foot gives way to it.
pub(super) fn aside<R>(write: impl FnOnce() -> R) -> R {
    let mut foot = Foot::take();
    foot.clear();
    write()
}

/// As [`aside`] for a part of something longer: of `bytes` that many are written that `write` says.
pub(super) fn part(bytes: &[u8], write: impl FnOnce(&[u8]) -> io::Result<usize>) -> io::Result<usize> {
    let mut foot = Foot::take();
    foot.clear();
    let written = write(bytes)?;
    if let Some(last) = bytes[..written.min(bytes.len())].last() {
        foot.is_within_line = *last != b'\n';
    }
    Ok(written)
}

/// While this lives, the terminal is somebody else's.
#[derive(Debug)]
pub struct Lent(());

/// Lends the terminal to another program, such as a pager.
pub fn lend() -> Lent {
    let mut foot = Foot::take();
    foot.clear();
    foot.is_lent = true;
    Lent(())
}

impl Drop for Lent {
    fn drop(&mut self) {
        Foot::take().is_lent = false;
    }
}

/// What the one who draws asks, some time after the beginning and from then on. Asked on a thread of its own.
pub trait Watched: Send + 'static {
    /// Once, at first: how many bytes there are in all, if that can be told.
    fn total(&mut self) -> Option<u64>;

    /// How many bytes were read of what is not done yet.
    fn under_way(&self) -> u64;

    /// Whether somebody wants the program to end. Then nothing is drawn any more, and [`Watched::end`] is called.
    fn is_interrupted(&self) -> bool;

    /// Ends the program, or says how it will end, unless another program `has_terminal`.
    fn end(&self, has_terminal: bool);
}

/// What a run does.
#[derive(Clone, Copy, Debug, Default)]
pub struct Task {
    /// What is said first, such as `looking again: `.
    pub what: &'static str,
    /// How many files there are in all, if that is known.
    pub files: Option<u64>,
    /// What is found or made, one of it.
    pub finds: &'static str,
}

/// What is done so far.
#[derive(Debug, Default)]
struct Done {
    files: AtomicU64,
    bytes: AtomicU64,
    found: AtomicU64,
}

/// A run that may be a long one. Ends with this value.
#[derive(Debug, Default)]
pub struct Progress {
    shown: Option<Shown>,
}

#[derive(Debug)]
struct Shown {
    done: Arc<Done>,
    is_over: Arc<(Mutex<bool>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    /// From now on there is progress to show.
    pub(super) fn begin(task: Task, watched: impl Watched) -> Progress {
        let done = Arc::new(Done::default());
        let is_over = Arc::new((Mutex::new(false), Condvar::new()));
        let artist =
            Artist { task, watched, done: Arc::clone(&done), is_over: Arc::clone(&is_over), begin: Instant::now() };
        // Without a thread for it there is no progress to see, which ends nothing.
        let thread = thread::Builder::new().name("unbake-progress".to_owned()).spawn(move || artist.draw()).ok();
        Progress { shown: Some(Shown { done, is_over, thread }) }
    }

    /// One more file, of so many bytes, is done.
    pub fn file(&self, bytes: u64) {
        if let Some(Shown { done, .. }) = &self.shown {
            done.files.fetch_add(1, Ordering::Relaxed);
            done.bytes.fetch_add(bytes, Ordering::Relaxed);
        }
    }

    /// More bytes of a stream are done.
    pub fn bytes(&self, bytes: u64) {
        if let Some(Shown { done, .. }) = &self.shown {
            done.bytes.fetch_add(bytes, Ordering::Relaxed);
        }
    }

    /// So much was found by now.
    pub fn found(&self, all: u64) {
        if let Some(Shown { done, .. }) = &self.shown {
            done.found.store(all, Ordering::Relaxed);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(Shown { is_over, thread, .. }) = &mut self.shown {
            *is_over.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
            is_over.1.notify_all();
            if let Some(thread) = thread.take() {
                let _ = thread.join();
            }
        }
    }
}

/// Who draws.
struct Artist<W> {
    task: Task,
    watched: W,
    done: Arc<Done>,
    is_over: Arc<(Mutex<bool>, Condvar)>,
    begin: Instant,
}

impl<W: Watched> Artist<W> {
    /// Draws until it is over.
    fn draw(mut self) {
        let first = if Foot::take().is_late { EVERY } else { FIRST };
        if self.is_over_after(first) {
            return;
        }
        let total = self.watched.total();
        let bar = self.bar(total);
        loop {
            if self.watched.is_interrupted() {
                let mut foot = Foot::take();
                foot.clear();
                let is_lent = std::mem::replace(&mut foot.is_lent, true);
                drop(foot);
                return self.watched.end(is_lent);
            }
            let now = self.now(total);
            // What was read ahead is not read twice: it does not go back.
            bar.1.set_position(bar.1.position().max(now.position()));
            let left = (now.is_measured() && now.elapsed >= SETTLED).then(|| bar.1.eta());
            bar.1.set_message(now.words(left));
            let mut foot = Foot::take();
            foot.is_late = true;
            if !foot.is_lent && !foot.is_within_line {
                foot.drawn.get_or_insert_with(|| bar.0.clone());
                bar.1.tick();
            }
            drop(foot);
            if self.is_over_after(EVERY) {
                break;
            }
        }
        Foot::take().clear();
    }

    /// Waits so long, or until it is over.
    fn is_over_after(&self, time: Duration) -> bool {
        let over = self.is_over.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.is_over.1.wait_timeout_while(over, time, |over| !*over);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn bar(&self, total: Option<u64>) -> (MultiProgress, ProgressBar) {
        let screen = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        let bar = screen.add(ProgressBar::no_length().with_elapsed(self.begin.elapsed()));
        let is_roomy = terminal_size::terminal_size_of(io::stderr()).is_some_and(|(width, _)| width.0 >= ROOMY);
        if let Some(length) = total.or(self.task.files).filter(|length| *length > 0) {
            bar.set_length(length);
        }
        let template = match bar.length() {
            Some(_) if is_roomy => "[{bar:20}] {wide_msg}",
            _ => "{wide_msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        (screen, bar)
    }

    fn now(&self, total: Option<u64>) -> Now {
        let done = |n: &AtomicU64| n.load(Ordering::Relaxed);
        Now {
            task: self.task,
            files: done(&self.done.files),
            bytes: done(&self.done.bytes) + self.watched.under_way(),
            found: done(&self.done.found),
            total,
            elapsed: self.begin.elapsed(),
        }
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug)]
struct Now {
    task: Task,
    files: u64,
    bytes: u64,
    found: u64,
    /// All bytes.
    total: Option<u64>,
    elapsed: Duration,
}

impl Now {
    /// Whether there is an end that it goes to.
    fn is_measured(&self) -> bool {
        self.total.or(self.task.files).is_some_and(|all| all > 0)
    }

    /// How far it is on the way to that: in bytes where they are known, else in files.
    fn position(&self) -> u64 {
        match self.total {
            Some(total) => self.bytes.min(total),
            None => self.files,
        }
    }

    /// `1,204/20,000 files  412 MB/1.9 GB  37 findings  210 MB/s  7s left`: what matters most first, for a terminal may be narrow.
    fn words(&self, left: Option<Duration>) -> String {
        let Task { what, files, finds } = self.task;
        let of = |n: String, all: Option<String>| all.map_or(n.clone(), |all| format!("{n}/{all}"));
        let mut words = Vec::new();
        if self.files > 0 || files.is_some() {
            let all = files.map(|all| HumanCount(all).to_string());
            let plural = if files.unwrap_or(self.files) == 1 { "" } else { "s" };
            words.push(format!("{} file{plural}", of(HumanCount(self.files).to_string(), all)));
        }
        if self.bytes > 0 {
            // Of what grew meanwhile there is more than there was.
            let total = self.total.filter(|total| self.bytes <= *total);
            words.push(of(DecimalBytes(self.bytes).to_string(), total.map(|total| DecimalBytes(total).to_string())));
        }
        if !finds.is_empty() {
            let plural = if self.found == 1 { "" } else { "s" };
            words.push(format!("{} {finds}{plural}", HumanCount(self.found)));
        }
        let rate = self.bytes as f64 / self.elapsed.as_secs_f64();
        if rate >= 1.0 {
            words.push(format!("{}/s", DecimalBytes(rate as u64)));
        }
        if let Some(left) = left.filter(|left| *left >= Duration::from_secs(1)) {
            words.push(format!("{:#} left", HumanDuration(left)));
        }
        format!("{what}{}", words.join("  "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_is_known() {
        let task = Task { what: "", files: Some(20_000), finds: "finding" };
        let elapsed = Duration::from_secs(2);
        let now = Now { task, files: 1204, bytes: 412_000_000, found: 37, total: Some(1_900_000_000), elapsed };
        let left = Some(Duration::from_secs(7));
        assert_eq!(now.words(left), "1,204/20,000 files  412.00 MB/1.90 GB  37 findings  206.00 MB/s  7s left");
        assert_eq!((now.position(), now.is_measured()), (412_000_000, true));
        assert_eq!(now.words(Some(Duration::from_millis(20))), now.words(None));
        let now = Now { total: None, found: 1, ..now };
        assert_eq!(now.words(None), "1,204/20,000 files  412.00 MB  1 finding  206.00 MB/s");
        assert_eq!((now.position(), now.is_measured()), (1204, true));
        let task = Task { what: "looking for files", files: None, finds: "" };
        let now = Now { task, files: 0, bytes: 0, found: 0, total: None, elapsed };
        assert_eq!((now.words(None), now.is_measured()), ("looking for files".to_owned(), false));
    }
}
