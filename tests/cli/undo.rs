//! `unbake undo`: exact bytes back, or a refusal.

use std::fs;

use crate::support::{BROKEN, Place, RIGHT};

/// The journal of the only run.
fn journal(place: &Place) -> std::path::PathBuf {
    let runs: Vec<_> = fs::read_dir(place.state()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(runs.len(), 1);
    runs[0].join("journal.jsonl")
}

#[test]
fn the_exact_bytes_come_back() {
    let odd = [b"\xEF\xBB\xBF\xFF caf\xE9\r\n\xC3\xA9\r\n".as_slice(), BROKEN.as_bytes(), b"\r\n", BROKEN.as_bytes()]
        .concat();
    let place = Place::with(&[("a.txt", BROKEN)]);
    place.write("sub/odd.txt", &odd);
    place.run(&["fix"]);
    assert_ne!(place.read("sub/odd.txt"), odd);
    let ran = place.run(&["undo"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.text().contains("a.txt: restored\n") && ran.text().contains("odd.txt: restored\n"), "{}", ran.text());
    assert_eq!((place.read("a.txt"), place.read("sub/odd.txt")), (BROKEN.as_bytes().to_vec(), odd));
    let ran = place.run(&["undo"]);
    assert_eq!((ran.status, &*ran.err), (0, "nothing to undo\n"));
}

#[test]
fn runs_are_undone_one_after_the_other() {
    let place = Place::with(&[("a.txt", BROKEN), ("b.txt", BROKEN)]);
    place.run(&["fix", "a.txt"]);
    place.run(&["fix", "b.txt"]);
    let list = place.run(&["undo", "--list"]).text();
    assert_eq!(list.lines().count(), 2);
    assert!(list.lines().all(|line| line.ends_with("1 edit in 1 file")), "{list}");
    place.run(&["undo"]);
    assert_eq!((place.read("a.txt"), place.read("b.txt")), (RIGHT.into(), BROKEN.into()));
    let list = place.run(&["undo", "--list"]).text();
    assert!(list.lines().nth(1).unwrap().ends_with("undone"), "{list}");
    place.run(&["undo"]);
    assert_eq!(place.read("a.txt"), BROKEN.as_bytes());
    let first = list.split_whitespace().next().unwrap();
    let ran = place.run(&["undo", first]);
    assert_eq!(ran.status, 0);
    assert!(ran.err.contains("has its old bytes already"), "{}", ran.err);
}

#[test]
fn a_named_run_is_undone() {
    let place = Place::with(&[("a.txt", BROKEN), ("b.txt", BROKEN)]);
    let said = place.run(&["fix", "a.txt"]).err;
    let id = said.trim_end().rsplit(' ').next().unwrap().to_owned();
    place.run(&["fix", "b.txt"]);
    assert_eq!(place.run(&["undo", &id]).status, 0);
    assert_eq!((place.read("a.txt"), place.read("b.txt")), (BROKEN.into(), RIGHT.into()));
}

#[test]
fn a_run_is_undone_for_some_files_only() {
    let place = Place::with(&[("a.txt", BROKEN), ("b/c.txt", BROKEN), ("b/d.txt", BROKEN), ("bb.txt", BROKEN)]);
    let said = place.run(&["fix"]).err;
    let id = said.trim_end().rsplit(' ').next().unwrap().to_owned();
    let ran = place.run(&["undo", &id, "b"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert_eq!((place.read("b/c.txt"), place.read("b/d.txt")), (BROKEN.into(), BROKEN.into()));
    assert_eq!((place.read("a.txt"), place.read("bb.txt")), (RIGHT.into(), RIGHT.into()));
    let ran = place.run(&["undo", &id, "a.txt", "nowhere"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("nowhere: run ") && place.read("a.txt") == RIGHT.as_bytes(), "{}", ran.err);
    // The rest is not undone yet.
    assert_eq!(place.run(&["undo"]).status, 0);
    assert_eq!((place.read("a.txt"), place.read("bb.txt")), (BROKEN.into(), BROKEN.into()));
}

#[test]
fn what_has_changed_since_is_left_alone() {
    let place = Place::with(&[("a.txt", BROKEN), ("b.txt", BROKEN), ("c.txt", BROKEN)]);
    place.run(&["fix"]);
    place.write("a.txt", format!("{RIGHT}!"));
    fs::remove_file(place.path("b.txt")).unwrap();
    let ran = place.run(&["undo"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("a.txt: has changed since; left as it is"), "{}", ran.err);
    assert!(ran.err.contains("b.txt: No such file"), "{}", ran.err);
    assert_eq!(place.read("a.txt"), format!("{RIGHT}!").into_bytes());
    assert_eq!(place.read("c.txt"), BROKEN.as_bytes());
    // The rest can be undone later.
    place.write("a.txt", RIGHT);
    assert!(place.run(&["undo"]).text().contains("a.txt: restored"));
    assert_eq!(place.read("a.txt"), BROKEN.as_bytes());
}

#[test]
fn a_preview_writes_nothing() {
    let place = Place::with(&[("a.txt", BROKEN)]);
    place.run(&["fix"]);
    let ran = place.run(&["undo", "--dry-run"]);
    assert!(ran.text().ends_with("a.txt: would be restored\n"), "{}", ran.text());
    let diff = place.run(&["undo", "--diff"]);
    assert!(diff.text().contains("-Peter’s hat\n") && diff.text().contains("+Peterâ€™s hat\n"), "{}", diff.text());
    assert_eq!(place.read("a.txt"), RIGHT.as_bytes());
    assert!(!place.run(&["undo", "--list"]).text().contains("undone"));
}

#[test]
fn a_run_that_was_cut_short_is_undone_by_what_is_there() {
    let place = Place::with(&[("a.txt", BROKEN), ("b.txt", BROKEN)]);
    place.run(&["fix"]);
    let text = fs::read_to_string(journal(&place)).unwrap();
    // As if it had crashed before the second file was replaced, in the middle of a line.
    let lines: Vec<&str> = text.lines().filter(|line| !line.contains("\"done\"")).collect();
    fs::write(journal(&place), format!("{}\n{{\"type\":\"do", lines.join("\n"))).unwrap();
    place.write("b.txt", BROKEN);
    let ran = place.run(&["undo"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.text().contains("a.txt: restored") && ran.err.contains("b.txt: has its old bytes already"), "{ran:?}");
    assert_eq!(place.read("a.txt"), BROKEN.as_bytes());
    assert!(place.run(&["undo", "--list"]).text().contains("undone"), "an undo after a torn line is remembered");
}

#[cfg(unix)]
#[test]
fn a_write_over_the_old_bytes_that_was_cut_short_is_undone() {
    let old = format!("begin {BROKEN} middle {BROKEN} end");
    // After the first edit, and after the second, where all that is missing is the end to be cut off.
    for cut in [20, 40] {
        let place = Place::with(&[("a.txt", &old)]);
        fs::hard_link(place.path("a.txt"), place.path("b.txt")).unwrap();
        place.run(&["fix", "a.txt"]);
        let new = place.read("a.txt");
        let torn = [&new[..cut], &old.as_bytes()[cut..]].concat();
        assert!(torn != new && torn != old.as_bytes());
        place.write("a.txt", &torn);
        let ran = place.run(&["undo"]);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert_eq!(place.read("b.txt"), old.as_bytes(), "cut at {cut}");
    }
}

#[test]
fn a_damaged_journal_is_an_error_and_the_others_work() {
    let place = Place::with(&[("a.txt", BROKEN)]);
    place.run(&["fix"]);
    fs::create_dir(place.state().join("broken")).unwrap();
    fs::write(place.state().join("broken/journal.jsonl"), "not JSON\n").unwrap();
    let ran = place.run(&["undo"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("journal is damaged"), "{}", ran.err);
    assert_eq!(place.read("a.txt"), BROKEN.as_bytes());
}

/// The folder of the only run, as if it had been killed before it came to its end.
fn killed(place: &Place, temp: &std::path::Path) -> std::path::PathBuf {
    use std::io::Write;
    let mut lines = fs::OpenOptions::new().append(true).open(journal(place)).unwrap();
    writeln!(lines, r#"{{"type":"temp","path":{:?}}}"#, temp).unwrap();
    let folder = journal(place).parent().unwrap().to_owned();
    fs::write(folder.join("running"), "").unwrap();
    folder
}

#[test]
fn what_a_killed_run_left_is_removed_and_nothing_else() {
    let place = Place::with(&[("a.txt", BROKEN), ("b.txt", BROKEN)]);
    place.run(&["fix", "a.txt"]);
    let folder = journal(&place).parent().unwrap().to_owned();
    let id = folder.file_name().unwrap().to_string_lossy().into_owned();
    let (own, others) = (format!(".unbake-{id}-7.tmp"), [".unbake-abc.tmp", &format!(".unbake-{id}-8.tmp")]);
    place.write(&own, "half");
    others.iter().for_each(|name| place.write(name, "not in the journal"));
    killed(&place, &place.path(&own));
    // A preview changes nothing.
    place.run(&["undo", "--dry-run"]);
    assert!(place.path(&own).exists());
    let ran = place.run(&["fix", "b.txt"]);
    assert!(ran.err.contains(&format!("run {id} was cut short: removed ")), "{}", ran.err);
    assert!(!place.path(&own).exists() && others.iter().all(|name| place.path(name).exists()));
    assert!(!folder.join("running").exists());
    // Once is enough, and a file that the journal names under another name than the run's is a stranger's.
    place.write("mine.txt", "fine");
    fs::remove_dir_all(place.state()).unwrap();
    place.write("a.txt", BROKEN);
    place.run(&["fix", "a.txt"]);
    killed(&place, &place.path("mine.txt"));
    assert_eq!(place.run(&["undo"]).status, 0);
    assert_eq!(place.read("mine.txt"), b"fine");
}

#[test]
fn a_run_that_is_under_way_is_not_touched() {
    let place = Place::with(&[("a.txt", BROKEN), ("b.txt", BROKEN)]);
    place.run(&["fix", "a.txt"]);
    let folder = journal(&place).parent().unwrap().to_owned();
    let temp = format!(".unbake-{}-7.tmp", folder.file_name().unwrap().to_string_lossy());
    place.write(&temp, "half");
    killed(&place, &place.path(&temp));
    let lock = fs::File::options().write(true).open(folder.join("running")).unwrap();
    lock.lock().unwrap();
    let ran = place.run(&["fix", "b.txt"]);
    assert!(place.path(&temp).exists() && !ran.err.contains("cut short"), "{}", ran.err);
    place.write("unbake.toml", "[journal]\ndays = 0\n");
    assert_eq!(place.run(&["undo", "--prune"]).err, "0 journals removed (0.0 MiB)\n");
    let ran = place.run(&["undo", &folder.file_name().unwrap().to_string_lossy()]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("is still under way, or being undone"), "{}", ran.err);
    assert_eq!(place.read("a.txt"), RIGHT.as_bytes());
}

#[cfg(unix)]
#[test]
fn a_file_that_a_killed_run_left_half_written_is_told() {
    let old = format!("begin {BROKEN} middle {BROKEN} end");
    let place = Place::with(&[("a.txt", &old), ("c.txt", BROKEN)]);
    fs::hard_link(place.path("a.txt"), place.path("b.txt")).unwrap();
    place.run(&["fix", "a.txt"]);
    place.write("a.txt", [&place.read("a.txt")[..20], &old.as_bytes()[20..]].concat());
    killed(&place, &place.path("no.tmp"));
    let ran = place.run(&["fix", "c.txt"]);
    assert!(ran.err.contains("a.txt is half written; to put it back: unbake undo "), "{}", ran.err);
    let id = ran.err.split("half written; to put it back: unbake undo ").nth(1).unwrap().lines().next().unwrap();
    assert_eq!(place.run(&["undo", id]).status, 0);
    assert_eq!(place.read("b.txt"), old.as_bytes());
}

#[test]
fn old_journals_go_and_the_newest_stays() {
    let place = Place::with(&[("unbake.toml", "[journal]\ndays = 0\n"), ("a.txt", "fine")]);
    let ids = || {
        let list = place.run(&["undo", "--list"]).text();
        list.lines().map(|line| line.split_whitespace().next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    place.write("keep.toml", "");
    for _ in 0..3 {
        place.write("a.txt", BROKEN);
        place.run(&["fix", "a.txt"]);
    }
    let left = ids();
    assert_eq!(left.len(), 1, "each run removes those before it");
    place.write("unbake.toml", "");
    for _ in 0..2 {
        place.write("a.txt", BROKEN);
        place.run(&["fix", "a.txt"]);
    }
    assert_eq!(ids().len(), 3);
    // Half removed once, and something that is no journal.
    fs::create_dir(place.state().join("2020-01-01-000000-0000.going")).unwrap();
    fs::write(place.state().join("2020-01-01-000000-0000.going/journal.jsonl"), "{}").unwrap();
    fs::create_dir(place.state().join("else")).unwrap();
    place.write("unbake.toml", "[journal]\nsize = 0\n");
    let all = ids();
    let ran = place.run(&["undo", "--prune", "--dry-run"]);
    assert_eq!(ran.text(), format!("{}: would be removed\n{}: would be removed\n", all[0], all[1]));
    assert_eq!(ids(), all);
    let ran = place.run(&["undo", "--prune"]);
    assert_eq!((ran.status, ids()), (0, vec![all[2].clone()]), "{}", ran.err);
    assert!(!place.state().join("2020-01-01-000000-0000.going").exists() && place.state().join("else").exists());
    assert_eq!(place.run(&["undo"]).status, 0);
    assert_eq!(place.read("a.txt"), BROKEN.as_bytes());
    place.write("unbake.toml", "[journal]\nday = 0\n");
    assert_eq!(place.run(&["undo", "--prune"]).status, 2);
}

/// A file with four edits in three lines, and the name of the run that made them.
fn four(place: &Place) -> String {
    place.write("a.txt", "one Peterâ€™s hat\ntwo Annâ€™s cafÃ© here\nsame Peterâ€™s hat\n");
    let said = place.run(&["fix"]).err;
    said.trim_end().rsplit(' ').next().unwrap().to_owned()
}

#[test]
fn single_edits_are_listed_and_taken_back() {
    let place = Place::new();
    let id = four(&place);
    let list = place.run(&["undo", "--list", &id]).text();
    let lines: Vec<&str> = list.lines().collect();
    assert_eq!(lines[0], "a.txt: 4 edits");
    assert_eq!(lines[2], "  2  two Annâ€™s café here → two Ann’s café here  [utf-8 read as windows-1252, certain]");
    let ran = place.run(&["undo", &id, "a.txt", "--edit", "3", "--dry-run"]);
    assert!(ran.text().ends_with("a.txt: would be taken back: é → Ã©\n"), "{}", ran.text());
    let diff = place.run(&["undo", &id, "a.txt", "--edit", "3", "--diff"]).text();
    assert!(diff.contains("-two Ann’s café here\n+two Ann’s cafÃ© here\n"), "{diff}");
    assert_eq!(place.read("a.txt"), "one Peter’s hat\ntwo Ann’s café here\nsame Peter’s hat\n".as_bytes());
    // One after the other, close together.
    for (edit, now) in [("3", "two Ann’s cafÃ© here"), ("2", "two Annâ€™s cafÃ© here")] {
        let ran = place.run(&["undo", &id, "a.txt", "--edit", edit]);
        assert_eq!(ran.status, 0, "{}", ran.err);
        assert_eq!(place.read("a.txt"), format!("one Peter’s hat\n{now}\nsame Peter’s hat\n").as_bytes());
    }
    assert!(place.run(&["undo", "--list", &id]).text().lines().nth(3).unwrap().ends_with("certain] taken back"));
    let ran = place.run(&["undo", &id, "a.txt", "--edit", "2"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("a.txt: edit 2 is taken back already"), "{}", ran.err);
    let ran = place.run(&["undo", &id, "a.txt", "--edit", "5"]);
    assert!(ran.err.contains("there is no edit 5: run "), "{}", ran.err);
    // The whole run waits for what was done since, and then gives the exact bytes.
    let ran = place.run(&["undo", &id]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("a.txt: has changed since, by run "), "{}", ran.err);
    place.run(&["undo"]);
    place.run(&["undo"]);
    assert_eq!(place.read("a.txt"), "one Peter’s hat\ntwo Ann’s café here\nsame Peter’s hat\n".as_bytes());
    assert_eq!(place.run(&["undo", &id]).status, 0);
    assert_eq!(place.read("a.txt"), "one Peterâ€™s hat\ntwo Annâ€™s cafÃ© here\nsame Peterâ€™s hat\n".as_bytes());
}

#[test]
fn a_single_edit_is_taken_back_from_a_file_that_went_on() {
    let place = Place::new();
    let id = four(&place);
    place.write("a.txt", "zero\none Peter’s hat\nnew, two Ann’s café here\nsame Peter’s hat\nend\n");
    let ran = place.run(&["undo", &id, "a.txt", "--edit", "1,4"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let now = "zero\none Peterâ€™s hat\nnew, two Ann’s café here\nsame Peterâ€™s hat\nend\n";
    assert_eq!(place.read("a.txt"), now.as_bytes());
    // What was changed right there stays, and so does all else that was asked for together with it.
    for (changed, edits, why) in [
        (now.replace("café", "tea"), "2,3", "edit 2 (`’`): the text there, or right beside it, has changed since"),
        (
            now.replace("café here", "café there"),
            "3",
            "edit 3 (`é`): the text there, or right beside it, has changed since",
        ),
        (now.repeat(2), "2", "the same text stands in 2 places; left as it is"),
    ] {
        place.write("a.txt", &changed);
        let ran = place.run(&["undo", &id, "a.txt", "--edit", edits]);
        assert_eq!(ran.status, 2, "{changed}");
        assert!(ran.err.contains(why), "{}", ran.err);
        assert_eq!(place.read("a.txt"), changed.as_bytes());
    }
}

#[test]
fn alike_edits_are_told_apart_by_their_order() {
    let place = Place::with(&[("a.txt", &format!("{BROKEN}\n").repeat(20))]);
    let said = place.run(&["fix"]).err;
    let id = said.trim_end().rsplit(' ').next().unwrap();
    place.write("a.txt", format!("first\n{}last\n", format!("{RIGHT}\n").repeat(20)));
    assert_eq!(place.run(&["undo", id, "a.txt", "--edit", "10"]).status, 0);
    let now = String::from_utf8(place.read("a.txt")).unwrap();
    assert_eq!(now.lines().position(|line| line == BROKEN), Some(10));
}

#[test]
fn a_journal_that_was_not_begun_is_none() {
    let place = Place::with(&[("a.txt", BROKEN)]);
    place.run(&["fix"]);
    let cut = place.state().join("2026-01-01-000000-0000");
    fs::create_dir(&cut).unwrap();
    fs::write(cut.join("journal.jsonl"), "{\"type\":\"ru").unwrap();
    fs::write(cut.join("running"), "").unwrap();
    let ran = place.run(&["undo"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(!cut.exists());
    assert_eq!(place.read("a.txt"), BROKEN.as_bytes());
}
