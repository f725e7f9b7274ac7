//! `unbake fix`: what is written, and what is not.

use std::fs;
use std::path::Path;

use crate::support::{BROKEN, Place, RIGHT, clean};

#[test]
fn one_edit_in_fifty_kilobytes_and_every_other_byte_stays() {
    let place = Place::new();
    let text = format!("{}and so Peterâ€™s hat\n{}", clean(25_000), clean(25_000));
    place.write("transcript.txt", &text);
    let ran = place.run(&["fix"]);
    assert_eq!(ran.status, 0);
    assert!(ran.text().starts_with("--- a/transcript.txt\n+++ b/transcript.txt\n@@ "), "{}", ran.text());
    let said =
        "a second pass over 1 file finds nothing\n1 edit in 1 file (1 file checked); to put it back: unbake undo ";
    assert!(ran.err.starts_with(said), "{}", ran.err);
    assert_eq!(place.read("transcript.txt"), text.replace("â€™", "’").into_bytes());
    let again = place.run(&["fix"]);
    assert_eq!((again.status, &*again.text(), &*again.err), (0, "", "0 edits in 0 files (1 file checked)\n"));
}

#[test]
fn bytes_beside_the_edits_stay() {
    let cases: [(&str, &[u8], &[u8]); 3] = [
        ("ends", b"\xEF\xBB\xBFone\r\n", b"\r\n\r\ntwo\nthree\r"),
        ("no end", b"", b""),
        ("invalid", b"\xFF\xE2\x80 caf\xE9 \n\xC3\xA9\n", b" \n\xC3"),
    ];
    let place = Place::new();
    let joined = |(_, left, right): (&str, &[u8], &[u8]), text: &str| [left, text.as_bytes(), right].concat();
    for case in cases {
        place.write(case.0, joined(case, BROKEN));
    }
    place.run(&["fix"]);
    for case in cases {
        assert_eq!(place.read(case.0), joined(case, RIGHT), "{}", case.0);
    }
}

#[test]
fn the_patch_shown_is_the_one_that_diff_shows() {
    let place = Place::with(&[("a.txt", BROKEN), ("b/c.txt", BROKEN)]);
    let diff = place.run(&["diff"]).out;
    assert_eq!(place.run(&["fix"]).out, diff);
    assert_eq!(place.names("."), ["a.txt", "b"], "no temporary file is left");
}

#[test]
fn quiet_shows_no_patch_and_writes_all_the_same() {
    let place = Place::with(&[("a.txt", BROKEN)]);
    let ran = place.run(&["fix", "--quiet"]);
    assert_eq!((ran.status, &*ran.text(), &*ran.err), (0, "", ""));
    assert_eq!(place.read("a.txt"), RIGHT.as_bytes());
}

#[test]
fn standard_input_goes_to_standard_output() {
    let place = Place::new();
    let ran = place.feed(&["fix", "-"], BROKEN);
    assert_eq!((ran.status, &*ran.text()), (0, RIGHT));
    assert!(ran.err.contains("-Peterâ€™s hat\n"), "{}", ran.err);
    assert!(!place.state().exists());
    // What there is nothing to do about comes out as it went in.
    for input in [&b"fine"[..], b"", b"a\0b \xFF", b"\xFF\xFEa\0"] {
        assert_eq!(place.feed(&["fix", "-q", "-"], input).out, input);
    }
    place.write("unbake.toml", "exclude = ['*.md']");
    let ran = place.feed(&["fix", "-", "--stdin-filename", "x.md", "--force-exclude"], BROKEN);
    assert_eq!(ran.text(), BROKEN);
}

#[test]
fn a_run_that_changes_nothing_leaves_no_journal() {
    let place = Place::with(&[("a.txt", "fine")]);
    assert_eq!(place.run(&["fix"]).status, 0);
    assert!(!place.state().exists());
}

#[test]
fn what_fails_is_said_and_the_rest_is_done() {
    let place = Place::with(&[("a.txt", BROKEN), ("z.txt", BROKEN)]);
    let ran = place.run(&["fix", "a.txt", "gone.txt", ".", "z.txt"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("unbake: gone.txt: No such file"), "{}", ran.err);
    assert!(ran.err.contains("2 edits in 2 files (2 files checked, 1 error)"), "{}", ran.err);
    assert_eq!(place.read("z.txt"), RIGHT.as_bytes());
}

#[test]
fn the_journal_must_be_written_first() {
    let place = Place::with(&[("a.txt", BROKEN)]);
    fs::write(place.state(), "in the way").unwrap();
    let ran = place.run(&["fix"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains(&place.state().display().to_string()), "{}", ran.err);
    assert_eq!(ran.text(), "", "no patch that is not written");
    assert_eq!(place.read("a.txt"), BROKEN.as_bytes());
    assert_eq!(place.names("."), ["a.txt"], "no temporary file is left");
}

#[test]
fn a_second_pass_says_what_remains_and_why() {
    let place = Place::with(&[
        ("below.txt", &format!("{BROKEN}\n\n\"Ã©\" => \"é\"\n")),
        ("lost.txt", &format!("{BROKEN}\nkaz\u{FFFD} au lait\n")),
        ("right.txt", BROKEN),
        ("untouched.txt", "kaz\u{FFFD} au lait\n"),
    ]);
    let ran = place.run(&["fix", "-v"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.err.contains("below.txt: remains: 1 place not sure enough\n"), "{}", ran.err);
    assert!(ran.err.contains("lost.txt: remains: lost text in 1 place\n"), "{}", ran.err);
    let said = "a second pass over 3 files finds 1 place not sure enough, lost text in 1 place; \
                `check --min-confidence possible` lists what is not sure enough\n3 edits in 3 files";
    assert!(ran.err.contains(said), "{}", ran.err);
}

#[test]
fn a_second_pass_over_new_lines_leaves_the_old_ones_alone() {
    let place = Place::with(&[("a.txt", &format!("{BROKEN}\n"))]);
    place.git(&["init", "-q"]);
    place.git(&["add", "."]);
    place.git(&["commit", "-q", "-m", "old"]);
    place.write("a.txt", format!("{BROKEN}\n{BROKEN}\n"));
    let ran = place.run(&["fix", "--since", "HEAD"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.err.contains("a second pass over 1 file finds nothing\n"), "{}", ran.err);
    assert_eq!(place.read("a.txt"), format!("{BROKEN}\n{RIGHT}\n").as_bytes());
}

#[test]
fn programs_are_told_what_was_written_and_what_remains() {
    let place = Place::with(&[("a.txt", BROKEN), ("lost.txt", &format!("{BROKEN}\nkaz\u{FFFD} au lait\n"))]);
    let ran = place.run(&["fix", "--format", "json", ".", "gone.txt"]);
    assert_eq!(ran.status, 2, "{}", ran.err);
    let told: serde_json::Value = serde_json::from_slice(&ran.out).unwrap();
    assert_eq!(told["files"][1]["findings"][0]["after"], "’");
    assert_eq!(told["errors"][0]["path"], "gone.txt");
    let written = &told["written"];
    assert_eq!((&written["files"], &written["edits"], &written["lossy"]), (&2.into(), &2.into(), &0.into()));
    let remains = serde_json::json!([{"path": "lost.txt", "open": 0, "below": 0, "refused": 0, "lost": 1}]);
    assert_eq!((&written["second_pass"]["files"], &written["second_pass"]["remains"]), (&2.into(), &remains));
    assert_eq!(place.run(&["undo", written["run"].as_str().unwrap()]).status, 0);
    let lines = place.run(&["fix", "--format", "jsonl"]).text();
    let kinds: Vec<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["type"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["finding", "finding", "written", "summary"]);
    assert_eq!(place.feed(&["fix", "--format", "json", "-"], BROKEN).status, 2);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o7777
    }

    #[test]
    fn a_symlink_stays_one_and_its_file_is_written() {
        let place = Place::with(&[("real/a.txt", BROKEN), ("links/other.txt", "fine")]);
        symlink("../real/a.txt", place.path("links/a.txt")).unwrap();
        assert_eq!(place.run(&["fix", "links/a.txt"]).status, 0);
        assert!(fs::symlink_metadata(place.path("links/a.txt")).unwrap().is_symlink());
        assert_eq!(place.read("real/a.txt"), RIGHT.as_bytes());
        assert_eq!(place.names("links"), ["a.txt", "other.txt"]);
        assert_eq!(place.names("real"), ["a.txt"]);
    }

    #[test]
    fn the_names_of_a_file_stay_together() {
        let place = Place::with(&[("a.txt", BROKEN)]);
        fs::hard_link(place.path("a.txt"), place.path("b.txt")).unwrap();
        let ran = place.run(&["fix", "-v"]);
        assert_eq!(ran.status, 0, "{}", ran.err);
        assert!(ran.err.contains("b.txt: skipped: another name"), "{}", ran.err);
        assert_eq!(place.read("b.txt"), RIGHT.as_bytes());
        assert_eq!(fs::metadata(place.path("a.txt")).unwrap().nlink(), 2);
        assert_eq!(place.run(&["undo"]).status, 0);
        assert_eq!(place.read("b.txt"), BROKEN.as_bytes());
        assert_eq!(fs::metadata(place.path("a.txt")).unwrap().nlink(), 2);
    }

    #[test]
    fn the_mode_stays() {
        let place = Place::with(&[("a.sh", BROKEN)]);
        for bits in [0o755, 0o600, 0o4751, 0o664] {
            place.write("a.sh", BROKEN);
            fs::set_permissions(place.path("a.sh"), fs::Permissions::from_mode(bits)).unwrap();
            assert_eq!(place.run(&["fix"]).status, 0);
            assert_eq!((mode(&place.path("a.sh")), place.read("a.sh")), (bits, RIGHT.as_bytes().to_vec()));
            assert_eq!(place.run(&["undo"]).status, 0);
            assert_eq!(mode(&place.path("a.sh")), bits);
        }
    }

    #[test]
    fn extended_attributes_stay() {
        let place = Place::with(&[("a.txt", BROKEN)]);
        if xattr::set(place.path("a.txt"), "user.unbake.test", b"kept").is_err() {
            eprintln!("no extended attributes here");
            return;
        }
        assert_eq!(place.run(&["fix"]).status, 0);
        let value = xattr::get(place.path("a.txt"), "user.unbake.test").unwrap();
        assert_eq!(value.as_deref(), Some(&b"kept"[..]));
    }

    #[test]
    fn a_read_only_file_is_left_alone() {
        let place = Place::with(&[("a.txt", BROKEN)]);
        fs::set_permissions(place.path("a.txt"), fs::Permissions::from_mode(0o444)).unwrap();
        let ran = place.run(&["fix"]);
        assert_eq!(ran.status, 2);
        assert!(ran.err.contains("unbake: a.txt: is read-only"), "{}", ran.err);
        assert_eq!(ran.text(), "", "no patch that is not written");
        assert_eq!(place.read("a.txt"), BROKEN.as_bytes());
        assert_eq!(place.names("."), ["a.txt"]);
        assert!(!place.state().exists());
    }

    #[test]
    fn special_files_are_errors_when_named_and_skipped_when_met() {
        let place = Place::with(&[("a.txt", BROKEN)]);
        place.tool("mkfifo", &["fifo"]);
        let ran = place.run(&["check"]);
        assert_eq!((ran.status, &*ran.err), (1, "1 finding in 1 file (1 file checked)\n"));
        let ran = place.run(&["fix", "fifo", "a.txt", "/dev/null"]);
        assert_eq!(ran.status, 2);
        assert!(ran.err.contains("fifo: is a named pipe") && ran.err.contains("/dev/null: is a device"), "{}", ran.err);
        assert_eq!(place.read("a.txt"), RIGHT.as_bytes());
    }

    #[test]
    fn a_signal_ends_the_run_between_two_files() {
        use std::io::Read;
        use std::process::Stdio;
        for signal in ["INT", "TERM"] {
            let place = Place::new();
            let broken = format!("{BROKEN}\n").repeat(100);
            let names: Vec<String> = (10..70).map(|n| format!("{n}.txt")).collect();
            names.iter().for_each(|name| place.write(name, &broken));
            let mut command = place.command(&["fix"]);
            let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
            // More than a pipe holds: it stands still in the middle until the rest is read.
            let mut out = child.stdout.take().expect("a pipe");
            out.read_exact(&mut [0; 10]).expect("some output");
            place.tool("sh", &["-c", &format!("kill -{signal} {}", child.id())]);
            out.read_to_end(&mut Vec::new()).expect("output");
            let output = child.wait_with_output().expect("the program ends");
            let err = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(130), "{err}");
            assert!(err.starts_with("interrupted: ") && err.contains("to put it back: unbake undo"), "{err}");
            let right = broken.replace("â€™", "’");
            let done = names.iter().take_while(|name| place.read(name) == right.as_bytes()).count();
            assert!((1..60).contains(&done) && err.contains(&format!(" edits in {done} file")), "{done}: {err}");
            assert!(names[done..].iter().all(|name| place.read(name) == broken.as_bytes()));
            assert_eq!(place.names("."), names, "no temporary file is left");
            assert_eq!(place.run(&["undo"]).status, 0);
            assert!(names.iter().all(|name| place.read(name) == broken.as_bytes()));
        }
    }

    #[test]
    fn the_journal_is_private() {
        let place = Place::with(&[("a.txt", BROKEN)]);
        place.run(&["fix"]);
        assert_eq!(mode(&place.state()), 0o700);
        let run = fs::read_dir(place.state()).unwrap().next().unwrap().unwrap().path();
        assert_eq!(mode(&run), 0o700);
    }

    #[test]
    fn a_name_that_is_no_text_is_fine() {
        use std::os::unix::ffi::OsStrExt;
        let place = Place::new();
        let name = std::ffi::OsStr::from_bytes(b"caf\xE9.txt");
        if fs::write(place.path(name), BROKEN).is_err() {
            eprintln!("this file system wants names to be text");
            return;
        }
        place.write(".patch", place.run(&["diff"]).out);
        assert!(place.run(&["check"]).text().starts_with("caf<E9>.txt:1:6: "));
        assert_eq!(place.run(&["fix"]).status, 0);
        assert_eq!(fs::read(place.path(name)).unwrap(), RIGHT.as_bytes());
        assert_eq!(place.run(&["undo"]).status, 0);
        assert_eq!(fs::read(place.path(name)).unwrap(), BROKEN.as_bytes());
        place.tool("git", &["apply", ".patch"]);
        assert_eq!(fs::read(place.path(name)).unwrap(), RIGHT.as_bytes());
    }
}
