//! Files in other encodings than UTF-8, from check to undo.

use crate::support::{BROKEN, Place, RIGHT};

fn wide(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xFF, 0xFE].into_iter().chain(units).collect()
}

#[test]
fn a_file_in_utf_16_is_checked_fixed_and_undone_in_kind() {
    let place = Place::new();
    let (broken, right) = (wide(&format!("one\r\n{BROKEN}\r\n")), wide(&format!("one\r\n{RIGHT}\r\n")));
    place.write("wide.txt", &broken);
    let ran = place.run(&["check"]);
    assert_eq!(ran.status, 1);
    assert!(ran.text().starts_with(&format!("wide.txt:2:6: {BROKEN} → {RIGHT}  [")), "{}", ran.text());
    let json = place.run(&["check", "--format", "jsonl"]).text();
    let finding: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(finding["after"], "’");
    assert_eq!(place.run(&["fix"]).status, 0);
    assert_eq!(place.read("wide.txt"), right);
    assert_eq!(place.run(&["check"]).status, 0);
    assert_eq!(place.run(&["undo"]).status, 0);
    assert_eq!(place.read("wide.txt"), broken);
}

#[test]
fn the_patch_of_a_file_in_utf_16_is_exact() {
    let place = Place::new();
    place.write("wide.txt", wide(&format!("one\n{BROKEN}\nthree\n")));
    let patch = place.run(&["diff"]);
    assert_eq!(patch.status, 1);
    assert!(patch.text().contains("\nGIT binary patch\n"), "its lines are no lines of text: {}", patch.text());
    place.write("a.patch", &patch.out);
    place.tool("git", &["apply", "a.patch"]);
    assert_eq!(place.read("wide.txt"), wide(&format!("one\n{RIGHT}\nthree\n")));
}

#[test]
fn the_encoding_can_be_said_in_a_flag_or_in_settings() {
    let place = Place::new();
    // unbake: ignore-next-line
    let (broken, right) = (b"le caf\xC3\xA9 noir, tr\xC3\xA8s chaud\n", b"le caf\xE9 noir, tr\xE8s chaud\n");
    place.write("a.txt", broken);
    assert_eq!(place.run(&["check"]).status, 0, "as UTF-8 it is right");
    assert_eq!(place.run(&["check", "--encoding", "latin1"]).status, 1);
    place.write("unbake.toml", "encoding = \"windows-1252\"");
    assert_eq!(place.run(&["fix", "a.txt"]).status, 0);
    assert_eq!(place.read("a.txt"), right);
    let wrong = place.run(&["check", "--encoding", "windows-1525"]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.err.contains("unknown encoding `windows-1525`: did you mean `windows-125"), "{}", wrong.err);
}

#[test]
fn what_the_encoding_does_not_have_is_said_and_left() {
    let place = Place::new();
    place.write("a.txt", b"Dvo\xC5\x99\xC3\xA1k\n");
    let ran = place.run(&["fix", "--encoding", "windows-1252", "a.txt"]);
    assert_eq!((ran.status, place.read("a.txt")), (0, b"Dvo\xC5\x99\xC3\xA1k\n".to_vec()));
    assert!(
        ran.err.contains("a.txt:1:4:") && ran.err.contains("windows-1252, the encoding of the file, has no `ř`"),
        "{}",
        ran.err
    );
}

#[test]
fn damaged_utf_16_is_left_and_no_panic() {
    let place = Place::new();
    place.write("odd.txt", b"\xFF\xFEa\0b\0c");
    place.write("lone.txt", b"\xFE\xFF\0a\xD8\0\0b\xDC\0\0c\0d\0e\0f\0g\0h\0i\0j\0k\0l\0m\0n");
    place.write("mark.txt", b"\xFF\xFE");
    place.write("noise.txt", b"\xFF\xFE\xD8\0\xD8\0\xD8\0\x01\xDC");
    let ran = place.run(&["check", "-v"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.err.contains("odd.txt: 1 run of bytes that are no valid utf-16le, the first at byte 6"), "{}", ran.err);
    assert!(ran.err.contains("noise.txt: skipped: binary"), "{}", ran.err);
}

#[test]
fn escapes_are_repaired_by_the_kind_of_file_and_kinds_can_be_said() {
    let place = Place::new();
    let (broken, right) = ("{\"a\": \"Peter\\u00e2\\u0080\\u0099s hat\"}\n", "{\"a\": \"Peter\\u2019s hat\"}\n");
    place.write("a.json", broken);
    place.write("a.tpl", "Peter&acirc;&euro;&trade;s hat\n");
    let found = place.run(&["check"]).text();
    assert!(found.starts_with("a.json:1:13: {\"a\": \"Peterâ<U+0080><U+0099>s hat\"} → "), "{found}");
    assert_eq!(found.lines().count(), 2);
    place.write("unbake.toml", "[types]\n\"*.tpl\" = \"html\"\n\"*.json\" = \"plain\"\n");
    let found = place.run(&["check"]).text();
    assert!(found.starts_with("a.tpl:1:6: ") && found.lines().count() == 1, "{found}");
    place.write("unbake.toml", "[types]\n\"*.tpl\" = \"htlm\"\n");
    assert!(place.run(&["check"]).err.contains("unknown type of file `htlm`"));
    place.write("unbake.toml", "");
    let (patch, fixed) = (place.run(&["diff"]).text(), place.run(&["fix"]));
    assert!(patch.contains(&format!("-{broken}+{right}")), "{patch}");
    assert_eq!((fixed.status, place.read("a.json")), (0, right.into()));
    assert_eq!(place.run(&["undo"]).status, 0);
    assert_eq!(place.read("a.json"), broken.as_bytes());
}

#[test]
fn a_large_file_has_escapes_too() {
    let place = Place::new();
    let lines = |middle: &str| {
        let filler = "{\"text\": \"nothing is wrong here, \\u65e5\\u672c\\u8a9e \\u00e9\"}\n".repeat(150_000);
        format!("{filler}{{\"text\": \"{middle}\"}}\n{filler}")
    };
    place.write("a.jsonl", lines("Peter\\u00e2\\u0080\\u0099s hat"));
    assert!(place.run(&["check"]).text().starts_with("a.jsonl:150001:16: "));
    assert_eq!(place.run(&["fix", "-q"]).status, 0);
    assert!(place.read("a.jsonl") == lines("Peter\\u2019s hat").as_bytes());
}
