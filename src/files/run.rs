//! Many pieces of work, done in parallel, their results taken in order.
//!
//! In: an iterator of items, what to do with one, and what to do with a result. Out: the results, one after the other,
//! in the order of the items, on the calling thread. Must not: let more than a fixed number of items be under way
//! (one slow item must not make the others pile up in memory), nor let a panic in one item end the rest.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use crossbeam_channel::{bounded, select, unbounded};

use crate::error::Error;

/// Name of the worker threads; a panic on one is reported as its item's error and needs no other notice.
pub const WORKER: &str = "unbake-worker";

/// How many threads to use when nobody said: one per core that this process may use.
pub fn default_threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Does `work` on every item with `threads` threads and hands item and result to `consume`, in the items' order.
///
/// A panic in `work` becomes `Err` with its message. The items are drawn on a thread of their own, so that an iterator
/// that waits (for standard input, say) holds up no result; when `consume` fails that thread is left behind.
///
/// # Errors
/// The first error of `consume`, which ends the run.
pub fn ordered<T, R>(
    threads: usize,
    items: impl Iterator<Item = T> + Send + 'static,
    work: impl Fn(&T) -> R + Sync,
    mut consume: impl FnMut(T, Result<R, String>) -> Result<(), Error>,
) -> Result<(), Error>
where
    T: Send + 'static,
    R: Send,
{
    let threads = threads.max(1);
    let under_way = 2 * threads + 2;
    let (permit, permits) = bounded::<()>(under_way);
    for _ in 0..under_way {
        let _ = permit.send(());
    }
    let (give, jobs) = bounded::<(u64, T)>(under_way);
    thread::spawn(move || {
        // An item is drawn only when there is room for its result; a closed channel says that the run has ended.
        for (number, item) in items.enumerate() {
            if permits.recv().is_err() || give.send((number as u64, item)).is_err() {
                break;
            }
        }
    });
    let (done, results) = unbounded::<(u64, T, Result<R, String>)>();
    // Nothing is ever sent here: workers see it closed when the run ends early.
    let (stay, stop) = bounded::<()>(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            let (jobs, stop, done, work) = (jobs.clone(), stop.clone(), done.clone(), &work);
            thread::Builder::new().name(WORKER.to_owned()).spawn_scoped(scope, move || {
                loop {
                    let (number, item) = select! {
                        recv(jobs) -> job => match job { Ok(job) => job, Err(_) => break },
                        recv(stop) -> _ => break,
                    };
                    let result = catch_unwind(AssertUnwindSafe(|| work(&item))).map_err(|panic| message(&*panic));
                    if done.send((number, item, result)).is_err() {
                        break;
                    }
                }
            })?;
        }
        drop((done, jobs));
        let (stay, permit) = (stay, permit);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (number, item, result) in &results {
            waiting.insert(number, (item, result));
            while let Some((item, result)) = waiting.remove(&next) {
                next += 1;
                consume(item, result)?;
                let _ = permit.try_send(());
            }
        }
        drop((stay, permit));
        Ok(())
    })
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

    #[test]
    fn results_come_in_order_whatever_takes_long() {
        let mut seen = Vec::new();
        let slow_for_some = |n: &u32| {
            thread::sleep(std::time::Duration::from_millis(u64::from(7 - n % 7)));
            n * 2
        };
        ordered(4, 0..50u32, slow_for_some, |n, result| {
            assert_eq!(result, Ok(n * 2));
            seen.push(n);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, (0..50).collect::<Vec<_>>());
    }

    #[test]
    fn a_panic_is_one_items_error() {
        let mut bad = Vec::new();
        ordered(
            3,
            0..20,
            |n| assert!(*n != 7, "seven"),
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
        let ended = ordered(2, 0.., |n: &u32| *n, |n, _| if n == 3 { Err(Error::usage("enough")) } else { Ok(()) });
        assert!(ended.unwrap_err().is_usage());
    }
}
