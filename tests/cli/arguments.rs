//! Exit status, help, mistyped arguments, broken pipes.

use std::io::Read;
use std::process::Stdio;

use crate::support::{BROKEN, Place};

#[test]
fn exit_status() {
    let place = Place::with(&[("clean.txt", "fine"), ("broken.txt", BROKEN)]);
    assert_eq!(place.run(&["check", "clean.txt"]).status, 0);
    assert_eq!(place.run(&["diff", "clean.txt"]).status, 0);
    assert_eq!(place.run(&["check", "broken.txt"]).status, 1);
    assert_eq!(place.run(&["diff", "broken.txt"]).status, 1);
    assert_eq!(place.run(&["check", "broken.txt", "nowhere.txt"]).status, 2);
    assert_eq!(place.run(&["fix", "clean.txt"]).status, 0);
    assert_eq!(place.run(&["fix", "broken.txt"]).status, 0);
    assert_eq!(place.run(&["fix", "nowhere.txt"]).status, 2);
    assert_eq!(place.run(&["undo", "no-such-run"]).status, 2);
    assert_eq!(place.run(&["check", "--no-such-option"]).status, 2);
    assert_eq!(place.run(&["--help"]).status, 0);
    assert_eq!(place.run(&["check", "-", "-"]).status, 2);
}

#[test]
fn mistypes_are_answered_with_what_is_right() {
    let place = Place::new();
    assert!(place.run(&["chek"]).err.contains("'check'"));
    let ran = place.run(&["frobnicate"]);
    assert!(ran.status == 2 && ran.err.contains("the commands are check, ") && ran.err.contains("undo"), "{}", ran.err);
    assert!(place.run(&["check", "--min-confidense", "likely"]).err.contains("--min-confidence"));
    let ran = place.run(&["check", "--min-confidence", "sure"]);
    assert!(ran.status == 2 && ran.err.contains("certain, likely or possible"), "{}", ran.err);
    let ran = place.run(&["check", "--from", "windows-1525"]);
    assert!(ran.status == 2 && ran.err.contains("windows-125"), "{}", ran.err);
    let ran = place.run(&["check", "--chain", "utf-8"]);
    assert!(ran.status == 2 && ran.err.contains("utf-8:windows-1252"), "{}", ran.err);
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let place = Place::new();
    assert_eq!(place.run(&["man", "share/man1"]).status, 0);
    let names = place.names("share/man1");
    assert!(["unbake.1", "unbake-check.1", "unbake-undo.1"].iter().all(|page| names.iter().any(|name| name == page)));
    let page = String::from_utf8(place.read("share/man1/unbake-check.1")).unwrap();
    assert!(
        page.contains(".TH unbake-check 1") && page.contains("unbake check") && page.contains("\\-\\-baseline"),
        "{page}"
    );
    assert_eq!(place.run(&["man", "/dev/null/x"]).status, 2);
}

#[test]
fn a_broken_pipe_is_success() {
    let place = Place::new();
    place.write("long.txt", format!("{BROKEN}\n").repeat(20_000));
    for args in [&["check"][..], &["diff"], &["check", "--format", "jsonl"]] {
        let mut child =
            place.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
        let mut first = [0; 10];
        let mut out = child.stdout.take().expect("a pipe");
        out.read_exact(&mut first).expect("some output");
        drop(out);
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!((output.status.code(), &*String::from_utf8_lossy(&output.stderr)), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn what_cannot_be_shown_is_not_written() {
    let place = Place::new();
    let text = format!("{BROKEN}\n").repeat(20_000);
    place.write("long.txt", &text);
    let mut child = place.command(&["fix"]).stdout(Stdio::piped()).spawn().expect("the program runs");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("the program ends").code(), Some(0));
    assert_eq!(place.read("long.txt"), text.as_bytes());
    assert_eq!(place.names("."), ["long.txt"], "no temporary file is left");
    assert_eq!(place.run(&["undo", "--list"]).text(), "", "nor an empty journal");
}

#[test]
fn completions_and_encodings() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(place.run(&["completions", shell]).text().contains("unbake"), "{shell}");
    }
    let encodings = place.run(&["encodings"]).text();
    assert!(encodings.contains("windows-1252") && encodings.contains("ibm437"));
}

#[test]
fn help_fits_a_narrow_terminal() {
    let place = Place::new();
    for command in ["", "check", "diff", "fix", "undo", "pipe", "explain", "completions"] {
        for width in ["60", "80"] {
            let mut help = place.command(&[]);
            help.args(Some(command).filter(|name| !name.is_empty())).arg("--help").env("COLUMNS", width);
            let text = String::from_utf8(help.output().expect("the program runs").stdout).expect("text");
            assert!(text.lines().all(|line| line.chars().count() <= width.parse().unwrap()), "{text}");
            // An example is one line, and a line of prose is broken only where the next word has no room.
            let (_, tail) = text.split_once("Examples:\n").expect("examples");
            assert!(tail.lines().take_while(|line| !line.is_empty()).all(|line| line.starts_with("  ")), "{text}");
            for pair in text.lines().collect::<Vec<_>>().windows(2) {
                let prose = |line: &str| line.starts_with(|c: char| c.is_alphanumeric() || c == '`');
                let word = pair[1].split(' ').next().unwrap_or_default();
                let room = pair[0].chars().count() + 1 + word.chars().count() <= width.parse().unwrap();
                let heading = pair[0].ends_with(':') || pair[1].ends_with(':') || pair[1].starts_with("Usage");
                assert!(!(prose(pair[0]) && prose(pair[1]) && room) || heading, "{pair:?}");
            }
        }
    }
}

#[test]
fn help_has_examples() {
    let place = Place::new();
    for command in ["check", "diff", "fix", "undo", "pipe", "explain"] {
        let ran = place.run(&[command, "--help"]);
        assert!(ran.status == 0 && ran.text().contains("Examples:"), "{command}");
    }
}
