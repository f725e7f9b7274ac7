//! Which files are looked into, and in which order.

use crate::support::{BROKEN, Place};

fn found(place: &Place, args: &[&str]) -> Vec<String> {
    place.run(args).text().lines().map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn ignore_rules_are_those_of_ripgrep() {
    let place = Place::with(&[
        (".gitignore", "git.txt\n"),
        (".ignore", "ignored.txt\n"),
        (".unbakeignore", "own.txt\n"),
        ("git.txt", BROKEN),
        ("ignored.txt", BROKEN),
        ("own.txt", BROKEN),
        (".hidden.txt", BROKEN),
        ("sub/seen.txt", BROKEN),
        (".git/HEAD", BROKEN),
    ]);
    assert_eq!(found(&place, &["check"]), ["sub/seen.txt"]);
    assert_eq!(found(&place, &["check", "--hidden"]), [".hidden.txt", "sub/seen.txt"]);
    assert_eq!(found(&place, &["check", "--no-ignore"]), ["git.txt", "ignored.txt", "own.txt", "sub/seen.txt"]);
    assert_eq!(found(&place, &["check", "git.txt", ".hidden.txt"]), ["git.txt", ".hidden.txt"]);
}

#[test]
fn order_is_by_bytes_and_does_not_depend_on_threads() {
    let place = Place::new();
    for n in 0..60 {
        place.write(&format!("d{}/f{n}.txt", n % 7), format!("{BROKEN}\n").repeat(n % 5 * 100 + 1));
    }
    place.write("d1.txt", BROKEN);
    place.write("É.txt", BROKEN);
    place.write("Z.txt", BROKEN);
    let one = place.run(&["diff", "-j", "1"]).out;
    for threads in ["2", "8"] {
        assert!(place.run(&["diff", "-j", threads]).out == one, "{threads} threads");
    }
    let mut files = found(&place, &["check"]);
    files.dedup();
    let mut sorted = files.clone();
    sorted.sort();
    assert_eq!((files.len(), &files), (63, &sorted));
}

#[test]
fn a_file_that_is_reached_twice_is_done_once() {
    let place = Place::with(&[("a.txt", BROKEN), ("sub/b.txt", BROKEN)]);
    assert_eq!(found(&place, &["check", "sub", ".", "a.txt", "./a.txt"]), ["sub/b.txt", "a.txt"]);
    assert_eq!(place.run(&["fix", ".", "sub/../a.txt"]).status, 0);
}

#[cfg(unix)]
#[test]
fn symlinks_are_not_followed_unless_named() {
    use std::os::unix::fs::symlink;
    let place = Place::with(&[("real/a.txt", BROKEN)]);
    symlink("real", place.path("folder")).unwrap();
    symlink(".", place.path("real/loop")).unwrap();
    symlink("real/a.txt", place.path("file.txt")).unwrap();
    symlink("nowhere", place.path("dangling")).unwrap();
    assert_eq!(found(&place, &["check"]), ["real/a.txt"]);
    assert_eq!(found(&place, &["check", "folder"]), ["folder/a.txt"]);
    assert_eq!(found(&place, &["check", "file.txt"]), ["file.txt"]);
    assert_eq!(place.run(&["check", "dangling"]).status, 2);
    symlink("self", place.path("self")).unwrap();
    assert_eq!(place.run(&["check", "self"]).status, 2);
}

/// Many small files, some large and broken ones, one that cannot be read: in order all the same, and each is said once.
#[cfg(unix)]
#[test]
fn one_bad_file_among_many_takes_its_turn() {
    let place = Place::new();
    for n in 0..500 {
        place.write(&format!("d{}/f{n:03}.txt", n % 7), if n % 50 == 0 { BROKEN } else { "right, “quoted”\n" });
    }
    place.write("d3/large.txt", format!("{}\n", BROKEN.repeat(3)).repeat(20_000));
    place.write("d4/larger.txt", format!("{}{BROKEN}\n", "a right line, “quoted”\n".repeat(400_000)));
    std::os::unix::fs::symlink("nowhere", place.path("d5/dangling")).unwrap();
    let run = |threads: &str| place.run(&["check", "-q", "-j", threads, ".", "d5/dangling"]);
    let one = run("1");
    assert_eq!((one.status, one.err.matches("dangling").count()), (2, 1), "{}", one.err);
    let mut files: Vec<_> = one.text().lines().map(|line| line.split(':').next().unwrap().to_owned()).collect();
    files.dedup();
    let mut sorted = files.clone();
    sorted.sort();
    assert_eq!((files.len(), &files), (12, &sorted));
    for threads in ["2", "5"] {
        let many = run(threads);
        assert!((many.out, many.err) == (one.out.clone(), one.err.clone()), "{threads} threads");
    }
}
