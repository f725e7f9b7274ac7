//! The program on a terminal of its own, and what that shows.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::support::Place;

/// The program on a terminal of its own.
pub struct Terminal {
    keys: File,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    child: Child,
}

impl Terminal {
    pub fn new(place: &Place, args: &[&str]) -> Terminal {
        Terminal::run(place.command(args))
    }

    /// All of it on the terminal.
    pub fn run(command: Command) -> Terminal {
        Terminal::begin(command, None, None)
    }

    /// Its standard output is a pipe.
    pub fn beside(command: Command) -> (Terminal, ChildStdout) {
        let mut terminal = Terminal::begin(command, None, Some(Stdio::piped()));
        let output = terminal.child.stdout.take().expect("a pipe");
        (terminal, output)
    }

    /// What is not given is the terminal.
    pub fn begin(mut command: Command, stdin: Option<Stdio>, stdout: Option<Stdio>) -> Terminal {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&master).and_then(|()| unlockpt(&master)).expect("a terminal");
        let (rows, columns) = (30, 100);
        tcsetwinsize(&master, Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).expect("a size");
        let name = ptsname(&master, Vec::new()).expect("a name").into_string().expect("text");
        let end = || Stdio::from(File::options().read(true).write(true).open(&name).expect("a terminal"));
        if !command.get_envs().any(|(name, _)| name == "TERM") {
            command.env("TERM", "xterm");
        }
        command.stdin(stdin.unwrap_or_else(end)).stdout(stdout.unwrap_or_else(end)).stderr(end());
        let child = command.spawn().expect("it runs");
        drop(command);
        let size = |n| std::num::NonZero::new(n).expect("not zero");
        let keys = File::from(master);
        let mut from = keys.try_clone().expect("a terminal");
        let (to, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(n @ 1..) = from.read(&mut buffer) {
                if to.send(buffer[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        Terminal { keys, output, screen: vt100::Parser::new(size(rows), size(columns), 0), child }
    }

    /// Waits until the screen shows all of these.
    pub fn shows(&mut self, what: &[&str]) {
        while !what.iter().all(|what| self.screen.screen().contents().contains(what)) {
            match self.output.recv_timeout(Duration::from_secs(60)) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(_) => panic!("waited for {what:?}, it shows:\n{}", self.screen.screen().contents()),
            }
        }
    }

    /// What the screen shows when the program has ended; its exit status.
    pub fn last(mut self) -> (String, i32) {
        let status = self.child.wait().expect("it ends");
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_secs(60)) {
            self.screen.process(&bytes);
        }
        (self.screen.screen().contents(), status.code().unwrap_or(-1))
    }

    /// Whether it shows a screen that goes away in the end.
    pub fn is_filled(&self) -> bool {
        self.screen.screen().alternate_screen()
    }

    /// What Ctrl-C sends. The program does not have the terminal for its own, so that pressing it would send nothing.
    pub fn interrupt(&self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("sent");
    }

    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("typed");
    }

    pub fn ended(mut self) -> i32 {
        self.child.wait().expect("it ends").code().unwrap_or(-1)
    }
}
