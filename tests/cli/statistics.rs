//! `unbake check --statistics`: sums instead of single findings.

use std::process::Command;

use serde_json::Value;

use crate::support::{BROKEN, Place};

fn place() -> Place {
    let place = Place::with(&[
        ("a.txt", &format!("{BROKEN}\n{BROKEN}\n")),
        ("docs/b.txt", BROKEN),
        ("docs/c.txt", "Peter\u{E2}\u{80}\u{99}s hat, twice: dÃƒÂ©jÃƒÂ\u{A0} vu\n"),
        ("docs/clean.txt", "fine"),
    ]);
    place.write("docs/bad.txt", b"a\xFFb");
    place
}

#[test]
fn a_table_by_chain_confidence_and_folder() {
    let place = place();
    let ran = place.run(&["check", "--statistics"]);
    assert_eq!(ran.status, 1);
    let text = ran.text();
    let rows: Vec<Vec<&str>> =
        text.lines().map(|line| line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()).collect();
    assert_eq!(rows[0], ["Chain", "findings", "files", "certain", "likely", "possible"]);
    assert_eq!(rows[1][..3], ["utf-8 read as windows-1252", "3", "2"]);
    let folders: Vec<_> = rows.iter().skip_while(|row| row.first() != Some(&"Folder")).skip(1).collect();
    assert_eq!(folders.len(), 2);
    assert_eq!((folders[0][0], folders[0][2]), ("docs", "2"));
    assert_eq!(folders[1][..3], [".", "2", "1"]);
    assert!(!text.contains('→'), "{text}");
    assert!(ran.err.contains("findings in 3 files (5 files checked)"), "{}", ran.err);
}

#[test]
fn nothing_found_is_no_table() {
    let ran = Place::with(&[("a.txt", "fine")]).run(&["check", "--statistics"]);
    assert_eq!((ran.status, &*ran.text(), &*ran.err), (0, "", "no findings (1 file checked)\n"));
}

#[test]
fn many_folders_are_cut_short() {
    let place = Place::new();
    for n in 0..13 {
        place.write(&format!("d{n}/a.txt"), BROKEN);
    }
    assert!(place.run(&["check", "--statistics"]).text().ends_with("… and 3 more folders\n"));
    let json: Value = serde_json::from_slice(&place.run(&["check", "--statistics", "--format", "json"]).out).unwrap();
    assert_eq!(json["statistics"]["folders"].as_array().unwrap().len(), 13);
}

#[test]
fn json_has_the_sums_and_no_finding() {
    let place = place();
    let ran = place.run(&["check", "--statistics", "--format", "json", ".", "nowhere"]);
    assert_eq!(ran.status, 2);
    let json: Value = serde_json::from_slice(&ran.out).expect("a JSON document");
    assert!(json.get("files").is_none());
    let sums = &json["statistics"];
    assert_eq!(sums["chains"][0]["chain"][0]["read_as"], "windows-1252");
    assert_eq!((&sums["chains"][0]["findings"], &sums["chains"][0]["files"]), (&3.into(), &2.into()));
    let total =
        |of: &str| sums[of].as_array().unwrap().iter().map(|row| row["findings"].as_u64().unwrap()).sum::<u64>();
    let found = json["summary"]["findings"].as_u64().unwrap();
    assert_eq!((total("chains"), total("confidence"), total("folders")), (found, found, found));
    assert_eq!(json["errors"].as_array().unwrap().len(), 1);
    let ran = place.run(&["check", "--statistics", "--format", "jsonl"]);
    let lines: Vec<Value> = ran.text().lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    let kinds: Vec<&str> = lines.iter().filter_map(|line| line["type"].as_str()).collect();
    assert_eq!(kinds, ["statistics", "summary"]);
}

#[test]
fn standard_input_stands_for_itself() {
    let ran = Place::new().feed(&["check", "--statistics", "-"], BROKEN);
    assert!(ran.status == 1 && ran.text().contains("\n<stdin> "), "{}", ran.text());
}

#[test]
fn commits_are_named_in_a_git_repository_and_nowhere_else() {
    let place = Place::with(&[("a b.txt", "fine\n"), ("c.txt", "fine\n")]);
    let ran = place.run(&["check", "--commits"]);
    assert_eq!(ran.status, 2, "only with --statistics");
    place.write("c.txt", BROKEN);
    let ran = place.run(&["check", "--statistics", "--commits"]);
    assert!(ran.status == 2 && ran.err.contains("c.txt: --commits: not in a git repository"), "{}", ran.err);
    let git = |args: &[&str]| {
        let ran = Command::new("git")
            .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgSign=false"])
            .args(args)
            .env("GIT_COMMITTER_DATE", "2020-02-02T12:00:00Z")
            .current_dir(place.dir())
            .output();
        ran.is_ok_and(|ran| ran.status.success())
    };
    if !git(&["init", "-q"]) {
        eprintln!("no git here");
        return;
    }
    assert_eq!(place.run(&["check", "--statistics", "--commits"]).status, 1, "nothing is committed yet");
    place.write("a b.txt", BROKEN);
    assert!(git(&["add", "a b.txt"]) && git(&["commit", "-q", "-m", "An old editor"]));
    assert!(git(&["add", "-A"]) && git(&["commit", "-q", "-m", "Later"]));
    place.write("a b.txt", format!("{BROKEN} and more\n"));
    assert!(git(&["commit", "-q", "-a", "-m", "Still later"]));
    let ran = place.run(&["check", "--statistics", "--commits"]);
    assert!(
        ran.status == 1 && ran.text().contains("  2020-02-02  Ann: An old editor  a b.txt\n"),
        "{} {}",
        ran.text(),
        ran.err
    );
    let json: Value =
        serde_json::from_slice(&place.run(&["check", "--statistics", "--commits", "--format", "json"]).out).unwrap();
    let first = &json["statistics"]["chains"][0]["first"];
    assert_eq!((&first["subject"], &first["path"]), (&"An old editor".into(), &"a b.txt".into()));
    assert_eq!(first["commit"].as_str().unwrap().len(), 40);
}
