//! Only what is new: `--staged`, `--since`, `--baseline`, and `--exit-zero`.

use crate::support::{BROKEN, Place, RIGHT};

/// A repository in which old findings are committed.
fn repository() -> Place {
    let place = Place::with(&[
        ("old.txt", &format!("{BROKEN}\nfine\n")),
        ("a b/größe.txt", &format!("one\n{BROKEN}\nthree\n")),
        ("right.txt", "fine\n"),
    ]);
    place.git(&["init", "-q", "-b", "main"]);
    place.commit("First");
    place
}

/// Paths and lines of the findings.
fn places(text: &str) -> Vec<String> {
    text.lines().map(|line| line.splitn(3, ':').take(2).collect::<Vec<_>>().join(":")).collect()
}

#[test]
fn staged_lines_count_as_they_are_staged() {
    let place = repository();
    let ran = place.run(&["check", "--staged"]);
    assert_eq!((ran.status, &*ran.text()), (0, ""), "{}", ran.err);
    place.write("a b/größe.txt", format!("one\n{BROKEN}\nnew {BROKEN}\nthree\n"));
    place.write("tab\t\"quoted\".txt", BROKEN);
    place.git(&["add", "-A"]);
    // What is not staged, or not any more in the file, does not matter.
    place.write("right.txt", BROKEN);
    place.write("a b/größe.txt", "put right\n");
    let ran = place.run(&["check", "--staged"]);
    assert_eq!(ran.status, 1);
    assert_eq!(places(&ran.text()), ["a b/größe.txt:3", "tab \"quoted\".txt:1"], "{}", ran.text());
    assert!(ran.err.contains("(2 files checked)"), "{}", ran.err);
    assert_eq!(places(&place.run(&["check", "--staged", "a b"]).text()), ["a b/größe.txt:3"]);
    let inside = place.command(&["check", "--staged"]).current_dir(place.path("a b")).output().unwrap();
    assert_eq!(places(&String::from_utf8(inside.stdout).unwrap()), ["größe.txt:3"]);
    assert_eq!(place.run(&["check", "--staged", "--since", "HEAD"]).status, 2);
}

#[test]
fn a_patch_of_the_index_repairs_the_index() {
    let place = repository();
    place.write("right.txt", format!("fine\n{BROKEN}\n"));
    place.git(&["add", "-A"]);
    let patch = place.run(&["diff", "--staged"]);
    place.write("patch", &patch.out);
    place.git(&["apply", "--cached", "patch"]);
    assert_eq!(place.run(&["check", "--staged"]).status, 0);
    assert_eq!(place.read("right.txt"), format!("fine\n{BROKEN}\n").as_bytes(), "the file is not touched");
}

#[test]
fn before_the_first_commit_everything_is_new() {
    let place = Place::with(&[("a.txt", BROKEN), ("out.txt", BROKEN), (".unbakeignore", "out.txt\n")]);
    place.git(&["init", "-q"]);
    place.git(&["add", "-A"]);
    assert_eq!(places(&place.run(&["check", "--staged"]).text()), ["a.txt:1"], "ignore files hold for the index too");
}

#[test]
fn renamed_files_are_not_new() {
    let place = repository();
    let long: String = (0..40).map(|n| format!("line {n}\n")).collect();
    place.write("old.txt", format!("{BROKEN}\n{long}"));
    place.commit("Longer");
    place.git(&["mv", "old.txt", "new name.txt"]);
    assert_eq!(place.run(&["check", "--staged", "new name.txt"]).status, 0);
    assert_eq!(place.run(&["check", "--since", "HEAD"]).status, 0);
    place.write("new name.txt", format!("{BROKEN}\n{long}{BROKEN}\n"));
    assert_eq!(places(&place.run(&["check", "--since", "HEAD"]).text()), ["new name.txt:42"]);
}

#[test]
fn since_a_revision_only_added_lines_count_and_are_repaired() {
    let place = repository();
    place.git(&["switch", "-q", "-c", "work"]);
    place.write("old.txt", format!("{BROKEN}\nfine\n{BROKEN}\n"));
    place.commit("More");
    // What the other branch did meanwhile is not ours.
    place.git(&["switch", "-q", "main"]);
    place.write("a b/größe.txt", format!("one\n{RIGHT}\nthree\n"));
    place.commit("Put right elsewhere");
    place.git(&["switch", "-q", "work"]);
    place.write("untracked.txt", BROKEN);
    let ran = place.run(&["check", "--since", "main"]);
    assert_eq!(places(&ran.text()), ["old.txt:3", "untracked.txt:1"], "{}", ran.err);
    assert_eq!(place.run(&["fix", "-q", "--since", "main"]).status, 0);
    assert_eq!(place.read("old.txt"), format!("{BROKEN}\nfine\n{RIGHT}\n").as_bytes());
    let ran = place.run(&["check", "--since", "nowhere"]);
    assert!(ran.status == 2 && ran.err.contains("does not know the revision `nowhere`"), "{}", ran.err);
    let ran = Place::with(&[("a.txt", BROKEN)]).run(&["check", "--since", "main"]);
    assert!(ran.status == 2 && ran.err.contains("--since: not in a git repository"), "{}", ran.err);
}

#[test]
fn a_baseline_knows_what_it_knew_wherever_it_moves() {
    let place = Place::with(&[("docs/a.txt", &format!("one\n{BROKEN}\n")), ("b.txt", BROKEN), ("c.txt", BROKEN)]);
    let known = ["check", "--baseline", "known.json"];
    let ran = place.run(&known);
    assert!(
        ran.status == 2 && ran.err.contains("known.json: is not there; write it with --update-baseline"),
        "{}",
        ran.err
    );
    let ran = place.run(&[&known[..], &["--update-baseline"]].concat());
    assert!(ran.status == 0 && ran.err.contains("known.json: written, with 3 entries"), "{}", ran.err);
    let ran = place.run(&known);
    assert!(ran.status == 0 && ran.err.contains(", 3 known"), "{}", ran.err);
    assert_eq!(place.run(&["check", "known.json"]).status, 0, "the baseline holds no damage itself");
    // Moved, indented, renamed, and twice.
    place.write("docs/a.txt", format!("zero\none\n    {BROKEN}\nand {BROKEN} again\n"));
    std::fs::rename(place.path("b.txt"), place.path("docs/d.txt")).unwrap();
    place.write("c.txt", RIGHT);
    let ran = place.run(&known);
    assert_eq!(places(&ran.text()), ["docs/a.txt:4"]);
    assert!(ran.status == 1 && ran.err.contains("known.json: 1 entry matches nothing any more"), "{}", ran.err);
    // Of a part, the rest stays known.
    assert_eq!(place.run(&["check", "docs", "--baseline", "known.json", "--update-baseline"]).status, 0);
    let ran = place.run(&known);
    assert!(ran.status == 0 && ran.err.contains("1 entry matches"), "{}", ran.err);
    place.write("bad.json", "[]");
    let ran = place.run(&["check", "--baseline", "bad.json"]);
    assert!(ran.status == 2 && ran.err.contains("is no baseline"), "{}", ran.err);
}

#[test]
fn lost_text_can_be_known_too() {
    let place = Place::with(&[("a.txt", "kaz\u{fffd} and th\u{fffd}\n")]);
    let known = ["check", "--lost", "count", "--baseline", "known.json"];
    assert_eq!(place.run(&[&known[..], &["--update-baseline"]].concat()).status, 0);
    assert_eq!(place.run(&known).status, 0);
    place.write("a.txt", "kaz\u{fffd} and th\u{fffd}\nna\u{fffd}ve\n");
    assert_eq!(places(&place.run(&known).text()), ["a.txt:2"]);
}

#[test]
fn exit_zero_is_for_findings_not_for_errors() {
    let place = Place::with(&[("a.txt", BROKEN)]);
    assert_eq!(place.run(&["check", "--exit-zero"]).status, 0);
    assert_eq!(place.run(&["check", "--exit-zero", "a.txt", "nowhere"]).status, 2);
}
