//! What a long run is asked while its progress is shown: how much there is in all, and whether somebody wants it to end.
//!
//! In: how to tell the size, and what signals came. Out: answers, on the thread that draws. Must not: do anything for a run that is
//! over before it is asked.

use super::stop::Stop;
use crate::files::read;
use crate::report::Messages;
use crate::report::progress::{Progress, Task, Watched};

/// Shows how far a run is, where that is wanted. `total` tells all its bytes, if it can, and is asked only when it takes long.
pub fn progress(
    messages: &Messages,
    stop: &Stop,
    task: Task,
    total: impl FnOnce() -> Option<u64> + Send + 'static,
) -> Progress {
    messages.progress(task, Watch { messages: *messages, stop: stop.clone(), total: Some(Box::new(total)) })
}

struct Watch {
    messages: Messages,
    stop: Stop,
    total: Option<Box<dyn FnOnce() -> Option<u64> + Send>>,
}

impl Watched for Watch {
    fn total(&mut self) -> Option<u64> {
        // What is on the screen goes before the program does. Should the system refuse, it stays there.
        let _ = self.stop.watch();
        self.total.take().and_then(|total| total())
    }

    fn under_way(&self) -> u64 {
        read::under_way()
    }

    fn is_interrupted(&self) -> bool {
        self.stop.is_seen()
    }

    fn end(&self, has_terminal: bool) {
        self.stop.obey();
        if !has_terminal {
            self.messages.summary("ends after the file under way; Ctrl-C again ends it at once");
        }
    }
}
