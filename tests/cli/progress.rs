//! How far a long run is. It is made long by a pipe that nobody reads from, or nobody writes to.

use std::io::{Read, Write, pipe};
use std::process::Stdio;

use crate::support::{BROKEN, Place, RIGHT};
use crate::terminal::Terminal;

/// More broken files than fit into a pipe when they are told of.
const FILES: usize = 200;

fn place() -> Place {
    let place = Place::new();
    for n in 0..FILES {
        place.write(&format!("{n:03}.txt"), format!("{BROKEN}\n").repeat(20));
    }
    place
}

fn rest(mut output: impl Read) -> String {
    let mut text = String::new();
    output.read_to_string(&mut text).expect("text");
    text
}

#[test]
fn files_bytes_findings_and_rate_are_shown_and_gone_in_the_end() {
    let place = place();
    for args in [&["check"][..], &["diff", "--consensus"], &["fix"]] {
        let (mut terminal, output) = Terminal::beside(place.command(args));
        terminal.shows(&["/200 files  ", " kB/", " findings  ", "kB/s"]);
        let written = rest(output);
        assert!(written.contains("199.txt") && !written.contains("kB/s"), "{written}");
        let (shown, _) = terminal.last();
        assert!(!shown.contains("/200 files") && shown.contains("4000 "), "{shown}");
    }
}

#[test]
fn a_stream_has_no_files() {
    let place = Place::new();
    let ((from, mut to), (output, into)) = (pipe().expect("a pipe"), pipe().expect("a pipe"));
    let mut terminal = Terminal::begin(place.command(&["pipe"]), Some(from.into()), Some(into.into()));
    to.write_all(BROKEN.as_bytes()).expect("written");
    terminal.shows(&["edits"]);
    drop(to);
    assert_eq!(rest(output), RIGHT);
    let (shown, status) = terminal.last();
    assert_eq!((shown.trim(), status), ("", 0));
}

#[test]
fn nothing_is_shown_where_nobody_looks_or_wants_it() {
    let place = place();
    // Two pipes: there is no terminal. Then `--quiet`, and a terminal that cannot take a line back.
    let mut command = place.command(&["check"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    std::thread::sleep(std::time::Duration::from_millis(700));
    rest(child.stdout.take().expect("a pipe"));
    assert_eq!(rest(child.stderr.take().expect("a pipe")), "4000 findings in 200 files (200 files checked)\n");
    child.wait().expect("it ends");
    for (args, term) in [(&["check", "-q"][..], "xterm"), (&["check"], "dumb")] {
        let mut command = place.command(args);
        command.env("TERM", term);
        let (terminal, output) = Terminal::beside(command);
        std::thread::sleep(std::time::Duration::from_millis(700));
        rest(output);
        assert!(!terminal.last().0.contains("/200 files"));
    }
}

#[test]
fn ctrl_c_ends_it_cleanly_and_what_was_written_can_be_undone() {
    let place = place();
    // The patch of this one alone is more than goes into a pipe.
    place.write("001.txt", format!("{BROKEN}\n").repeat(3000));
    let (mut terminal, output) = Terminal::beside(place.command(&["fix"]));
    terminal.shows(&["2/200 files  "]);
    terminal.interrupt();
    terminal.shows(&["ends after the file under way; Ctrl-C again ends it at once"]);
    rest(output);
    let (shown, status) = terminal.last();
    assert!(status == 130 && shown.contains("interrupted: ") && shown.contains("unbake undo 2"), "{shown}");
    assert!(!shown.contains("/200 files"), "{shown}");
    let text = |n: usize| String::from_utf8(place.read(&format!("{n:03}.txt"))).expect("text");
    let right = |lines| format!("{RIGHT}\n").repeat(lines);
    assert_eq!((text(0), text(1)), (right(20), right(3000)), "the file under way is done");
    assert!((2..FILES).all(|n| text(n) != right(20)));
    assert_eq!(place.run(&["undo", "-q"]).status, 0);
    assert!(text(1) == format!("{BROKEN}\n").repeat(3000) && (2..FILES).all(|n| text(n) == text(0)));
    // What writes nothing ends at once, and leaves no half line behind.
    let (mut terminal, output) = Terminal::beside(place.command(&["check"]));
    terminal.shows(&["/200 files  "]);
    terminal.interrupt();
    let (shown, status) = terminal.last();
    assert_eq!((shown.trim(), status), ("", -1), "it ends by the signal");
    drop(output);
}

/// Findings and progress have the same terminal.
#[test]
fn it_gives_way_to_what_is_written() {
    let place = place();
    let (from, mut to) = pipe().expect("a pipe");
    let command = place.command(&["check", "--no-pager", "000.txt", "-", "001.txt"]);
    let mut terminal = Terminal::begin(command, Some(from.into()), None);
    terminal.shows(&["000.txt:20:", "1/3 files  "]);
    to.write_all(BROKEN.as_bytes()).expect("written");
    drop(to);
    let (shown, status) = terminal.last();
    assert!(status == 1 && !shown.contains("files  "), "{shown}");
    assert!(shown.contains("001.txt:20:") && shown.contains("41 findings in 3 files"), "{shown}");
    let lines = shown.lines().filter(|line| !line.is_empty()).count();
    assert!(
        shown.lines().all(|line| line.is_empty() || line.contains(": ") || line.contains("findings in")),
        "{shown}"
    );
    assert!(lines > 20);
}
