//! `unbake review`: what is said is done, kept, and nothing else is written.

use std::fs;

use crate::support::{BROKEN, Place, RIGHT};

/// Three changes in two files, two chains.
fn place() -> Place {
    let place = Place::new();
    place.write("a.txt", "one\nPeterâ€™s hat\ntwo\nPeterâ€™s cafÃ©\n");
    place.write("b.txt", "M√ºde M√∂wen\n");
    place
}

fn said(place: &Place, words: &str) -> crate::support::Ran {
    place.feed(&["review", "--plain"], words)
}

#[test]
fn only_what_was_accepted_is_written() {
    let place = place();
    let ran = said(&place, "y\nn\ny\nn\ny\nw\n");
    assert_eq!(ran.status, 0, "{}", ran.err);
    let text = ran.text();
    assert!(
        text.contains("change 1 of 5 ") && text.contains("a.txt:2:6\nutf-8 read as windows-1252, certain\n"),
        "{text}"
    );
    assert!(text.contains("-Peterâ€™s hat\n+Peter’s hat\n"), "{text}");
    assert!(ran.err.starts_with("3 edits in 2 files; to put it back: unbake undo "), "{}", ran.err);
    assert_eq!(place.read("a.txt"), "one\nPeter’s hat\ntwo\nPeterâ€™s café\n".as_bytes());
    assert_eq!(place.read("b.txt"), "M√ºde Möwen\n".as_bytes());
    assert_eq!(place.run(&["undo"]).status, 0);
    assert_eq!(place.read("b.txt"), "M√ºde M√∂wen\n".as_bytes());
}

#[test]
fn leaving_keeps_the_decisions_and_writes_nothing() {
    let place = place();
    let before = (place.read("a.txt"), place.read("b.txt"));
    let ran = said(&place, "y\nn\n");
    assert_eq!(ran.status, 0);
    assert!(ran.err.contains("nothing was written; the decisions are kept, 3 changes open"), "{}", ran.err);
    assert_eq!((place.read("a.txt"), place.read("b.txt")), before);
    let ran = said(&place, "q\n");
    assert!(ran.text().starts_with("2 decisions from the last time\n\nchange 3 of 5 "), "{}", ran.text());
    // Not about another content.
    place.write("a.txt", "Peterâ€™s hat, Peterâ€™s cafÃ©\n");
    assert!(said(&place, "q\n").text().starts_with("\nchange 1 of 5 "));
}

#[test]
fn what_was_refused_stays_refused_after_the_rest_is_written() {
    let place = place();
    said(&place, "n\ny\ny\nn\ny\nw\n");
    let text = said(&place, "q\n").text();
    assert!(text.starts_with("2 decisions from the last time\n") && text.contains("change 1 of 2 "), "{text}");
    assert!(text.contains("0 accepted, 2 refused"), "{text}");
}

#[test]
fn a_word_for_many_shows_them_first() {
    let place = place();
    let ran = said(&place, "c\nn\nc\ny\nw\n");
    let text = ran.text();
    assert!(text.contains("a.txt:4:6: ") && text.contains("a.txt:4:14: "), "{text}");
    assert!(text.contains("accept these 3 changes? [y,n] left as they were"), "{text}");
    assert!(ran.err.starts_with("3 edits in 1 file, 2 changes left open; to put it back"), "{}", ran.err);
    assert_eq!(place.read("b.txt"), "M√ºde M√∂wen\n".as_bytes());
    // The rest of the file, of the same text; and the last word taken back.
    place.write("a.txt", format!("{BROKEN}\n{BROKEN}\n"));
    let ran = said(&place, "t\ny\nu\nd\nd\ny\nw\n");
    assert!(
        ran.text().contains("2 changes accepted") && ran.text().contains("taken back: 2 decisions"),
        "{}",
        ran.text()
    );
    assert!(ran.err.starts_with("0 edits in 0 files"), "{}", ran.err);
}

#[test]
fn another_reading_and_another_text() {
    let place = Place::with(&[("a.txt", "le cafÃ© noir\nle cafÃ© noir\n")]);
    let ran = said(&place, "1\ne\nE\nw\n");
    let text = ran.text();
    let first = text.lines().find(|line| line.starts_with("  1  ")).expect("a reading");
    let other = first.split_whitespace().nth(1).unwrap();
    assert_ne!(other, "é");
    assert_eq!(String::from_utf8(place.read("a.txt")).unwrap(), format!("le caf{other} noir\nle cafE noir\n"));
    place.run(&["undo"]);
    assert_eq!(place.read("a.txt"), "le cafÃ© noir\nle cafÃ© noir\n".as_bytes());
}

#[test]
fn moving_and_finding() {
    let place = place();
    let text = said(&place, "j\nj\nk\n/MACINTOSH\ng 2\n/b.txt\n/nowhere\ng9\nJ\nK\nz\nq\n").text();
    let number = |rest: &str| Some(rest.split_once(" of 5 ")?.0.to_owned());
    let asked: Vec<String> = text
        .split(
            "
change ",
        )
        .skip(1)
        .filter_map(number)
        .collect();
    assert_eq!(asked, ["1", "2", "3", "2", "4", "2", "4", "5", "4"]);
    assert!(
        text.contains("found nowhere") && text.contains("no change of this number") && text.contains("y  make this")
    );
}

#[test]
fn the_allow_list_grows() {
    let place = place();
    place.write("unbake.toml", "# ours\nexclude = ['c.txt']\n");
    let ran = said(&place, "i\nq\n");
    assert!(ran.text().contains("now on the allow list in"), "{}", ran.text());
    let settings = String::from_utf8(place.read("unbake.toml")).unwrap();
    assert_eq!(settings, "allow = [\"â€™\"]\n# ours\nexclude = ['c.txt']\n");
    assert!(said(&place, "q\n").text().contains("change 1 of 3 "));
}

#[test]
fn decisions_in_a_file_are_obeyed_by_fix() {
    let place = place();
    place.feed(&["review", "--plain", "--decisions", "d.jsonl"], "y\nn\nn\ny\nq\n");
    assert!(!place.state().exists(), "they are in the file, and nowhere else");
    let ran = place.feed(&["review", "--plain", "--decisions", "d.jsonl"], "q\n");
    assert!(ran.text().starts_with("4 decisions from the last time\n"), "{}", ran.text());
    let ran = place.run(&["fix", "--decisions", "d.jsonl", "b.txt"]);
    assert!(ran.text().contains("+Müde M√∂wen\n") && !ran.text().contains("Peter"), "{}", ran.text());
    let ran = place.run(&["fix", "--decisions", "d.jsonl"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("b.txt: has changed since it was decided about"), "{}", ran.err);
    assert_eq!(place.read("a.txt"), "one\nPeter’s hat\ntwo\nPeterâ€™s cafÃ©\n".as_bytes());
    assert_eq!(place.read("b.txt"), "Müde M√∂wen\n".as_bytes());
    place.write("e.jsonl", "{}\n");
    let ran = place.run(&["fix", "--decisions", "e.jsonl"]);
    assert!(ran.status == 2 && ran.err.contains("e.jsonl: is no file of decisions"), "{}", ran.err);
}

#[test]
fn a_file_that_changed_during_the_review_is_left_alone() {
    use std::io::Write;
    use std::process::Stdio;
    let place = Place::with(&[("a.txt", BROKEN), ("b.txt", BROKEN)]);
    let mut command = place.command(&["review", "--plain"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"y\n").unwrap();
    // It asks about the second change only when the first is kept.
    while !place.state().join("decisions").exists() {
        std::thread::yield_now();
    }
    place.write("a.txt", "something else");
    stdin.write_all(b"y\nw\n").unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("a.txt: changed since it was read; nothing was written"));
    assert_eq!((place.read("a.txt"), place.read("b.txt")), (b"something else".to_vec(), RIGHT.into()));
}

/// A real terminal.
#[cfg(unix)]
mod terminal {
    use super::*;
    use crate::terminal::Terminal;

    #[test]
    fn a_key_is_a_word() {
        let place = place();
        let mut terminal = Terminal::new(&place, &["review"]);
        terminal.shows(&["unbake review  change 1 of 5 ", "a.txt:2:6", "-Peterâ€™s hat", "+Peter’s hat", "? help"]);
        assert!(terminal.is_filled());
        terminal.press("y");
        terminal.shows(&["change 2 of 5 ", "1 accepted, 0 refused, 4 open"]);
        terminal.press("/wen\r");
        terminal.shows(&["change 4 of 5 ", "b.txt:1:2"]);
        terminal.press("?");
        terminal.shows(&["make all changes of this chain that are open"]);
        terminal.press(" ");
        terminal.shows(&["change 4 of 5 "]);
        terminal.press("c");
        terminal.shows(&["accept these 2 changes? y or n", "b.txt:1:8"]);
        terminal.press("y");
        terminal.shows(&["2 changes accepted", "3 accepted, 0 refused, 2 open"]);
        terminal.press("n");
        terminal.shows(&["3 accepted, 1 refused, 1 open"]);
        terminal.press("u");
        terminal.shows(&["taken back: 1 decision", "3 accepted, 0 refused, 2 open"]);
        terminal.press("w");
        terminal.shows(&["3 edits in 2 files, 2 changes left open; to put it back: unbake undo"]);
        assert!(!terminal.is_filled(), "the terminal is as it was");
        assert_eq!(terminal.ended(), 0);
        assert_eq!(place.read("b.txt"), "Müde Möwen\n".as_bytes());
        assert_eq!(place.read("a.txt"), "one\nPeter’s hat\ntwo\nPeterâ€™s cafÃ©\n".as_bytes());
    }

    #[test]
    fn ctrl_c_leaves_and_keeps() {
        let place = place();
        let mut terminal = Terminal::new(&place, &["review"]);
        terminal.shows(&["change 1 of 5 "]);
        terminal.press("y");
        terminal.shows(&["change 2 of 5 "]);
        terminal.press("\u{3}");
        terminal.shows(&["nothing was written; the decisions are kept, 4 changes open"]);
        assert_eq!(terminal.ended(), 0);
        let mut terminal = Terminal::new(&place, &["review"]);
        terminal.shows(&["change 2 of 5 ", "1 decision from the last time"]);
        terminal.press("q");
        terminal.shows(&["nothing was written"]);
        assert_eq!(terminal.ended(), 0);
        assert_eq!(fs::read(place.path("b.txt")).unwrap(), "M√ºde M√∂wen\n".as_bytes());
    }

    #[test]
    fn what_fills_more_than_the_screen_is_seen_before_it_is_accepted() {
        let place = Place::with(&[("a.txt", &format!("{BROKEN}\n").repeat(60))]);
        let mut terminal = Terminal::new(&place, &["review"]);
        terminal.shows(&["change 1 of 60 "]);
        terminal.press("a");
        terminal.shows(&["accept these 60 changes? space shows more (26 of 60)"]);
        terminal.press("y");
        terminal.press(" ");
        terminal.shows(&["space shows more (52 of 60)"]);
        terminal.press(" ");
        terminal.shows(&["accept these 60 changes? y or n"]);
        terminal.press("y");
        terminal.shows(&["60 accepted, 0 refused, 0 open", "all are decided"]);
        terminal.press("w");
        terminal.shows(&["60 edits in 1 file"]);
        assert_eq!(terminal.ended(), 0);
        assert_eq!(place.read("a.txt"), format!("{RIGHT}\n").repeat(60).as_bytes());
    }
}
