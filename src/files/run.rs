//! Many pieces of work, done in parallel, their results taken in order.
//!
//! In: an iterator of items, what to do with one, and what to do with a result. Out: the results, one after the other,
//! in the order of the items, on the calling thread. Must not: let results pile up in memory (neither many nor heavy
//! ones, however slow the item is that they wait for), nor let a panic in one item end the rest.
//!
//! Items are drawn and handed on in *runs*, some at a time: to wake a thread takes longer than to look into a small file.
//! A worker draws a run, works on it, and hands its results in; it may not begin a run that lies far ahead of the one that
//! is being consumed, and one that holds much waits as long as there is much to consume. Never waits the one that all the
//! others wait for.

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::error::Error;

/// Name of the worker threads; a panic on one is reported as its item's error and needs no other notice.
pub const WORKER: &str = "unbake-worker";

/// A run has no more items than this.
const LONGEST_RUN: usize = 64;
/// So many runs for each thread may be under way.
const AHEAD: u64 = 3;
/// A worker that holds more than this, in bytes, hands it in, and waits if it is not its turn.
const HEAVY: usize = 256 << 10;
/// What all workers may have handed in ahead of their turn before they wait, in bytes.
const TOO_HEAVY: usize = 16 << 20;

/// How many threads to use when nobody said: one per core that this process may use.
pub fn default_threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Does `work` on every item with `threads` threads and hands item and result to `consume`, in the items' order. With its
/// result `work` says how many bytes that holds, roughly.
///
/// A panic in `work` becomes `Err` with its message. The items are drawn on the workers, one at a time, so that an
/// iterator that waits (for standard input, say) holds up no result; when `consume` fails, the worker that waits so is left
/// behind. An iterator that knows how many items are left is drawn from several at a time.
///
/// # Errors
/// The first error of `consume`, which ends the run.
pub fn ordered<T: Send + 'static, R: Send + 'static>(
    threads: usize,
    items: impl Iterator<Item = T> + Send + 'static,
    work: impl Fn(&T) -> (R, usize) + Send + Sync + 'static,
    mut consume: impl FnMut(T, Result<R, String>) -> Result<(), Error>,
) -> Result<(), Error> {
    let threads = items.size_hint().1.unwrap_or(usize::MAX).min(threads).max(1);
    let crew = Arc::new(Crew {
        threads,
        source: Mutex::new((items, 0)),
        work,
        board: Mutex::new(Board {
            runs: HashMap::new(),
            weight: 0,
            turn: 0,
            end: None,
            workers: threads,
            is_closed: false,
        }),
        handed_in: Condvar::new(),
        moved_on: Condvar::new(),
    });
    // Whatever ends this function, the workers are told.
    let _closes = Closes(&crew);
    for _ in 0..threads {
        let crew = Arc::clone(&crew);
        thread::Builder::new().name(WORKER.to_owned()).spawn(move || crew.serve())?;
    }
    while let Some(part) = crew.next() {
        for (item, result) in part {
            consume(item, result)?;
        }
    }
    let board = crew.post();
    // A worker that left before its time took its items along.
    if board.end == Some(board.turn) { Ok(()) } else { Err(Error::usage(message(&"a worker thread is gone"))) }
}

/// Results that were handed in together: items of one run.
type Part<T, R> = Vec<(T, Result<R, String>)>;

/// What the workers share.
struct Crew<I: Iterator, R, W> {
    threads: usize,
    /// The items, and the number of the next run.
    source: Mutex<(I, u64)>,
    work: W,
    board: Mutex<Board<I::Item, R>>,
    /// Something was handed in that can be consumed, or there is no more.
    handed_in: Condvar,
    /// The turn, or the weight, has changed.
    moved_on: Condvar,
}

/// What was handed in of a run.
struct Run<T, R> {
    /// Parts with their weight.
    parts: VecDeque<(Part<T, R>, usize)>,
    /// There will be no more.
    is_whole: bool,
}

/// How far things are.
struct Board<T, R> {
    /// What was handed in and not yet consumed, by run.
    runs: HashMap<u64, Run<T, R>>,
    /// What all of that weighs.
    weight: usize,
    /// The number of the run to consume.
    turn: u64,
    /// The number of runs, once it is known.
    end: Option<u64>,
    /// How many workers are there still.
    workers: usize,
    /// Nobody consumes any more.
    is_closed: bool,
}

impl<T, R> Board<T, R> {
    /// Whether nothing can be consumed until more of this run is handed in.
    fn waits_for(&self, run: u64) -> bool {
        run == self.turn && self.runs.get(&run).is_none_or(|run| run.parts.is_empty())
    }
}

/// Tells the workers that nobody consumes any more.
struct Closes<'c, I: Iterator, R, W>(&'c Crew<I, R, W>);

impl<I: Iterator, R, W> Drop for Closes<'_, I, R, W> {
    fn drop(&mut self) {
        self.0.post().is_closed = true;
        self.0.moved_on.notify_all();
    }
}

/// Tells the consumer that a worker is gone, however it went.
struct Leaves<'c, I: Iterator, R, W>(&'c Crew<I, R, W>);

impl<I: Iterator, R, W> Drop for Leaves<'_, I, R, W> {
    fn drop(&mut self) {
        self.0.post().workers -= 1;
        self.0.handed_in.notify_one();
    }
}

impl<I: Iterator, R, W> Crew<I, R, W> {
    fn post(&self) -> MutexGuard<'_, Board<I::Item, R>> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Draws, works and hands in: run after run, until there is none or nobody cares.
    fn serve(&self)
    where
        W: Fn(&I::Item) -> (R, usize),
    {
        let _leaves = Leaves(self);
        while let Some((run, items)) = self.draw() {
            if !self.wait(|board| run < board.turn + AHEAD * self.threads as u64) {
                return;
            }
            let mut part = Vec::with_capacity(items.len());
            let mut weight = 0;
            for item in items {
                let done = catch_unwind(AssertUnwindSafe(|| (self.work)(&item)));
                weight += done.as_ref().map_or(0, |(_, weight)| *weight);
                part.push((item, done.map(|(result, _)| result).map_err(|panic| message(&*panic))));
                if weight > HEAVY {
                    self.hand_in(run, std::mem::take(&mut part), weight, false);
                    weight = 0;
                    if !self.wait(|board| board.weight < TOO_HEAVY || board.waits_for(run)) {
                        return;
                    }
                }
            }
            self.hand_in(run, part, weight, true);
        }
    }

    /// The next run and its number. The one that finds no more notes how many there were.
    fn draw(&self) -> Option<(u64, Vec<I::Item>)> {
        // An iterator that panicked has lost an item: nobody knows what comes next.
        let mut source = self.source.lock().ok()?;
        if self.post().is_closed {
            return None;
        }
        // Short at the end, so that all are done at about the same time.
        let count = (source.0.size_hint().0 / (4 * self.threads)).clamp(1, LONGEST_RUN);
        let items: Vec<_> = source.0.by_ref().take(count).collect();
        if items.is_empty() {
            self.post().end = Some(source.1);
            self.handed_in.notify_one();
            return None;
        }
        source.1 += 1;
        Some((source.1 - 1, items))
    }

    /// Waits until it `may` go on; `false` when nobody cares any more.
    fn wait(&self, may: impl Fn(&Board<I::Item, R>) -> bool) -> bool {
        let mut board = self.post();
        while !board.is_closed && !may(&board) {
            board = self.moved_on.wait(board).unwrap_or_else(PoisonError::into_inner);
        }
        !board.is_closed
    }

    fn hand_in(&self, run: u64, part: Part<I::Item, R>, weight: usize, is_whole: bool) {
        let mut board = self.post();
        let to = board.runs.entry(run).or_insert_with(|| Run { parts: VecDeque::new(), is_whole });
        to.parts.push_back((part, weight));
        to.is_whole = is_whole;
        board.weight += weight;
        let is_turn = run == board.turn;
        drop(board);
        if is_turn {
            self.handed_in.notify_one();
        }
    }

    /// The results that come next, as soon as they are there; `None` after the last.
    fn next(&self) -> Option<Part<I::Item, R>> {
        let mut board = self.post();
        loop {
            let turn = board.turn;
            if let Some(run) = board.runs.get_mut(&turn) {
                let part = run.parts.pop_front();
                let is_done = run.is_whole && run.parts.is_empty();
                if is_done {
                    board.runs.remove(&turn);
                    board.turn += 1;
                }
                if let Some((part, weight)) = part {
                    board.weight -= weight;
                    drop(board);
                    self.moved_on.notify_all();
                    return Some(part);
                }
                if is_done {
                    self.moved_on.notify_all();
                    continue;
                }
            }
            // Workers leave when there are no more items; one that left otherwise took its run along.
            if board.end.is_some_and(|end| board.turn >= end) || board.workers == 0 {
                return None;
            }
            board = self.handed_in.wait(board).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// What a panic said.
fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let said =
        panic.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
    format!("internal error, please report it: {}", said.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    /// Items that do not say how many they are, as those of a stream.
    fn stream<T>(items: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        items.filter(|_| true)
    }

    #[test]
    fn results_come_in_order_whatever_takes_long() {
        for threads in [1, 2, 4, 9] {
            let slow_for_some = |n: &u32| {
                thread::sleep(Duration::from_micros(u64::from(700 - n % 7 * 100)));
                (n * 2, (n % 5 * 100_000) as usize)
            };
            let mut seen = Vec::new();
            let mut see = |n, result| {
                assert_eq!(result, Ok(n * 2));
                seen.push(n);
                Ok(())
            };
            ordered(threads, 0..500u32, slow_for_some, &mut see).unwrap();
            ordered(threads, stream(500..550), slow_for_some, see).unwrap();
            assert_eq!(seen, (0..550).collect::<Vec<_>>());
        }
        ordered(3, 0..0, |n: &u32| (*n, 0), |_, _| panic!("there is none")).unwrap();
    }

    #[test]
    fn a_panic_is_one_items_error() {
        let mut bad = Vec::new();
        ordered(
            3,
            0..200,
            |n| (assert!(*n != 7, "seven"), 0),
            |n, result| {
                if let Err(why) = result {
                    bad.push((n, why.contains("seven")));
                }
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(bad, [(7, true)]);
    }

    #[test]
    fn an_error_ends_the_run_though_items_never_end() {
        for heavy in [0, 1 << 30] {
            let all = move |n: &u32| (*n, heavy);
            let ended = ordered(2, 0.., all, |n, _| if n == 3 { Err(Error::usage("enough")) } else { Ok(()) });
            assert!(ended.unwrap_err().is_usage());
        }
    }

    /// An iterator that panics ends its worker. Nothing hangs, and nobody takes what there was for all.
    #[test]
    fn a_worker_that_is_lost_is_an_error() {
        let items = (0..10).map(|n| if n == 5 { panic!("no more") } else { n });
        assert!(ordered(2, items, |n: &u32| (*n, 0), |_, _| Ok(())).is_err());
    }

    #[test]
    fn what_is_heavy_does_not_pile_up() {
        static HELD: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        const WEIGHT: usize = 1 << 20;
        let work = |n: &u32| {
            // All wait for the first.
            if *n == 0 {
                thread::sleep(Duration::from_millis(50));
            }
            MOST.fetch_max(HELD.fetch_add(WEIGHT, Ordering::SeqCst) + WEIGHT, Ordering::SeqCst);
            ((), WEIGHT)
        };
        let consume = |_, _| {
            HELD.fetch_sub(WEIGHT, Ordering::SeqCst);
            Ok(())
        };
        ordered(4, 0..2000u32, work, consume).unwrap();
        let most = MOST.load(Ordering::SeqCst);
        assert!(most <= TOO_HEAVY + 2 * 4 * WEIGHT, "{most} bytes");
    }
}
