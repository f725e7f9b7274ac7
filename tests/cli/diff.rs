//! `unbake diff`: patches that other tools accept, exact to the byte.

use crate::support::{BROKEN, Place, RIGHT, clean};

/// Texts that are easily got wrong in a patch, and what they become.
fn texts() -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
    let all = |broken: &str| (broken.as_bytes().to_vec(), broken.replace(BROKEN, RIGHT).into_bytes());
    let named = |name, (before, after)| (name, before, after);
    let lines: String = (0..40).map(|n| if n % 9 == 4 { format!("{BROKEN}\n") } else { format!("{n}\n") }).collect();
    let far = format!("{BROKEN}\n1\n2\n3\n4\n5\n6\n7\n{BROKEN}\n1\n2\n3\n4\n5\n6\n{BROKEN}\n");
    let mut invalid = all(&format!("caf? \nune soirée\n{BROKEN}\n"));
    invalid.0[3] = 0xE9;
    invalid.1[3] = 0xE9;
    vec![
        named("plain.txt", all(&format!("{BROKEN}\n"))),
        named("no newline.txt", all(BROKEN)),
        named("no newline later.txt", all(&format!("{BROKEN}\n1\n2"))),
        named("crlf.txt", all(&format!("one\r\n{BROKEN}\r\n\r\nthree\r\n"))),
        named("mixed.txt", all(&format!("one\r\n{BROKEN}\ntwo\rthree {BROKEN}\r\n"))),
        named("bom.txt", all(&format!("\u{FEFF}{BROKEN}\n"))),
        named("lines.txt", all(&lines)),
        named("far.txt", all(&far)),
        named("neighbours.txt", all(&format!("a\n{BROKEN}\n{BROKEN} and {BROKEN}\nb"))),
        named("invalid.txt", invalid),
        named("tab\tand \"quote\" \\.txt", all(&format!("{BROKEN}\n"))),
        named("café and blanks.txt", all(&format!("{BROKEN}\n"))),
        named("deep/er/file.txt", all(&format!("x\n{BROKEN}\n"))),
        named("long.txt", all(&format!("{0}{BROKEN}{0}\n", "word ".repeat(100_000)))),
        named("minus.txt", all(&format!("-- {BROKEN}\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n"))),
    ]
}

#[test]
fn git_and_patch_make_the_same_file() {
    for tool in ["git", "patch"] {
        let place = Place::new();
        for (name, before, _) in texts() {
            place.write(name, before);
        }
        let ran = place.run(&["diff"]);
        assert_eq!(ran.status, 1);
        place.write(".patch", &ran.out);
        match tool {
            "git" => place.tool("git", &["apply", "--whitespace=nowarn", ".patch"]),
            _ => place.tool("patch", &["-p1", "--binary", "--fuzz=0", "-i", ".patch"]),
        }
        for (name, _, after) in texts() {
            assert_eq!(place.read(name), after, "{tool}: {name}");
        }
    }
}

#[test]
fn hunks_are_joined_where_their_context_meets() {
    let count = |gap: usize| {
        let between: String = (0..gap).map(|n| format!("{n}\n")).collect();
        let place = Place::with(&[("a.txt", &format!("{BROKEN}\n{between}{BROKEN}\n"))]);
        place.run(&["diff"]).text().matches("@@ -").count()
    };
    assert_eq!((count(0), count(6), count(7)), (1, 1, 2));
}

#[test]
fn for_a_person_lines_are_cropped_and_odd_characters_spelled_out() {
    let place = Place::new();
    let words = "word ".repeat(100_000);
    place.write("a.txt", format!("{words}\n\u{202E}{words}{BROKEN}{words}\u{80}{BROKEN}\n"));
    let text = place.run(&["diff", "--color", "always"]).text();
    assert!(text.len() < 3000, "{} bytes", text.len());
    assert_eq!(text.matches("â€™").count(), 2, "{text}");
    assert!(text.contains('…') && !text.contains('\u{80}') && !text.contains('\u{202E}'), "{text}");
    let place = Place::with(&[("a.txt", &format!("\u{202E}{BROKEN}\r\n"))]);
    let text = place.run(&["diff", "--color", "always"]).text();
    assert!(text.contains("<U+202E>Peter") && !text.contains('\r'), "{text}");
    assert!(text.contains("[utf-8 read as windows-1252, certain]"), "why, and how sure: {text}");
    assert!(!place.run(&["diff"]).text().contains("certain"), "a program gets the bare patch");
}

#[test]
fn a_file_larger_than_the_window_has_the_same_patch() {
    let place = Place::new();
    let text = format!("{}{BROKEN}\n{}", clean(9 << 20), clean(1000));
    place.write("large.txt", &text);
    place.write(".patch", place.run(&["diff"]).out);
    place.tool("patch", &["-p1", "--binary", "--fuzz=0", "-i", ".patch"]);
    assert!(place.read("large.txt") == text.replace(BROKEN, RIGHT).into_bytes());
}

#[test]
fn paths_count_from_the_current_folder() {
    let place = Place::with(&[("sub/a.txt", BROKEN)]);
    let absolute = place.path("sub/a.txt").canonicalize().unwrap();
    let text = place.run(&["diff", absolute.to_str().unwrap()]).text();
    assert!(text.starts_with("--- a/sub/a.txt\n+++ b/sub/a.txt\n"), "{text}");
    let text = place.run(&["diff", "./sub"]).text();
    assert!(text.starts_with("--- a/sub/a.txt\n+++ b/sub/a.txt\n"), "{text}");
}
