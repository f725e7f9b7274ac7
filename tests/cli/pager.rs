//! What is read on a terminal goes through a pager.

use crate::support::{BROKEN, Place};
use crate::terminal::Terminal;

fn on_terminal(place: &Place, args: &[&str], pager: Option<&str>, others: &[(&str, &str)]) -> Terminal {
    let mut command = place.command(args);
    for name in ["UNBAKE_PAGER", "PAGER", "LESS"] {
        command.env_remove(name);
    }
    command.envs(pager.map(|pager| ("UNBAKE_PAGER", pager))).envs(others.iter().copied());
    Terminal::run(command)
}

#[test]
fn it_gets_the_patch_with_its_colours_and_the_status_stays() {
    let place = Place::with(&[("a.txt", BROKEN)]);
    let mut terminal = on_terminal(&place, &["diff"], Some("cat > shown; echo paged by $LESS"), &[]);
    terminal.shows(&["paged by FRX", "1 finding in 1 file"]);
    assert_eq!(terminal.ended(), 1);
    let shown = String::from_utf8(place.read("shown")).unwrap();
    assert!(shown.contains("\u{1b}[") && shown.contains("+++ b/a.txt"), "{shown}");
    std::fs::remove_file(place.path("shown")).unwrap();
    // PAGER counts where the other is not set, and neither where there is to be none.
    let mut terminal = on_terminal(&place, &["diff", "a.txt"], None, &[("PAGER", "sed s/^/paged:/")]);
    terminal.shows(&["paged:", "1 finding in 1 file"]);
    assert_eq!(terminal.ended(), 1);
    for (args, pager) in [(&["diff", "--no-pager", "a.txt"][..], "touch shown"), (&["diff", "a.txt"], "")] {
        let mut terminal = on_terminal(&place, args, Some(pager), &[]);
        terminal.shows(&["+++ b/a.txt", "1 finding in 1 file"]);
        assert_eq!(terminal.ended(), 1);
    }
    assert!(!place.path("shown").exists());
    // In a pipe there is none.
    let mut command = place.command(&["diff", "a.txt"]);
    assert_eq!(command.env("UNBAKE_PAGER", "touch shown").output().unwrap().status.code(), Some(1));
    assert!(!place.path("shown").exists());
}

#[test]
fn one_that_ends_early_or_cannot_start_is_told_apart() {
    let place = Place::new();
    for n in 0..200 {
        place.write(&format!("{n}.txt"), format!("{BROKEN}\n").repeat(100));
    }
    let mut terminal = on_terminal(&place, &["diff"], Some("head -n 3"), &[]);
    terminal.shows(&["+++ b/", " finding"]);
    assert_eq!(terminal.ended(), 1, "seen enough is no error");
    let mut terminal = on_terminal(&place, &["diff"], Some("no-such-pager"), &[]);
    terminal.shows(&["cannot start the pager `no-such-pager`: ", "--no-pager"]);
    assert_eq!(terminal.ended(), 2);
}

#[test]
fn less_is_the_usual_one() {
    if std::process::Command::new("less").arg("--version").output().is_err() {
        eprintln!("no less here");
        return;
    }
    let place = Place::with(&[("a.txt", &format!("{BROKEN}\n").repeat(100))]);
    let mut terminal = on_terminal(&place, &["diff"], None, &[]);
    terminal.shows(&["+++ b/a.txt", "\n:"]);
    terminal.press("G");
    terminal.shows(&["(END)"]);
    terminal.press("q");
    terminal.shows(&["100 findings in 1 file"]);
    assert_eq!(terminal.ended(), 1);
}

#[test]
fn check_and_explain_have_it_too() {
    let place = Place::with(&[("a.txt", &format!("{BROKEN}\n").repeat(100))]);
    for args in [&["check"][..], &["check", "--statistics"], &["explain", BROKEN]] {
        on_terminal(&place, args, Some("cat > shown; echo read"), &[]).shows(&["read"]);
        assert!(!place.read("shown").is_empty(), "{args:?}");
        std::fs::remove_file(place.path("shown")).unwrap();
        let args = [args, &["--no-pager"]].concat();
        on_terminal(&place, &args, Some("touch shown"), &[]).shows(&["utf-8 read as windows-1252"]);
        assert!(!place.path("shown").exists());
    }
    // A baseline is of all findings, however many of them somebody reads.
    let args = ["check", "--baseline", "b.json", "--update-baseline"];
    let terminal = on_terminal(&place, &args, Some("touch shown"), &[]);
    assert_eq!(terminal.last().1, 0);
    assert!(!place.path("shown").exists() && place.run(&["check", "--baseline", "b.json"]).status == 0);
}

/// Nothing is there but the program itself, so that a pager would be missed.
#[test]
fn what_fits_on_the_screen_needs_none() {
    let place = Place::with(&[("a.txt", &format!("{BROKEN}\n").repeat(5))]);
    for (args, status) in [(&["check"][..], 1), (&["diff"], 1), (&["explain", BROKEN], 0)] {
        let (shown, ended) = on_terminal(&place, args, None, &[("PATH", "/nonexistent")]).last();
        assert!(ended == status && shown.contains("utf-8 read as windows-1252"), "{shown}");
    }
    // Nor is one missed that is not there.
    place.write("a.txt", format!("{BROKEN}\n").repeat(40));
    let (shown, ended) = on_terminal(&place, &["check"], None, &[("PATH", "/nonexistent")]).last();
    assert!(ended == 1 && shown.contains("a.txt:40:") && shown.contains("40 findings in 1 file"), "{shown}");
}
