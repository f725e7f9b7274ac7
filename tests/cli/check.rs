//! `unbake check` and its formats.

use serde_json::Value;

use crate::support::{BROKEN, Place, clean};

#[test]
fn a_finding_is_a_line_with_its_place_and_a_few_words() {
    let place = Place::with(&[("menu.txt", "one\nA day in Peterâ€™s hat shop\n")]);
    let ran = place.run(&["check"]);
    assert_eq!(
        ran.text(),
        "menu.txt:2:15: A day in Peterâ€™s hat shop → A day in Peter’s hat shop  [utf-8 read as windows-1252, certain]\n"
    );
    assert_eq!(ran.err, "1 finding in 1 file (1 file checked)\n");
}

#[test]
fn findings_that_stand_together_are_shown_in_one_go() {
    let place = Place::with(&[("a.txt", "cafÃ© and Peterâ€™s hat\ncafÃ©\n")]);
    let mixup = "[utf-8 read as windows-1252, certain]";
    assert_eq!(
        place.run(&["check"]).text(),
        format!(
            "a.txt:1:4: cafÃ© and Peterâ€™s hat → café and Peter’s hat  {mixup} (+1 more on this line)\n\
             a.txt:2:4: cafÃ© → café  {mixup}\n"
        )
    );
    // Nearer than the contexts of both together, but farther than that of one.
    let between = "s hat and forty or more letters in between, ";
    place.write("a.txt", format!("Peterâ€™{between}cafÃ©\n"));
    let text = place.run(&["check"]).text();
    assert!(text.contains(&format!("Peter’{between}café  ")), "{text}");
    // Far apart, they are two; in a long run of them each is shown once, and no entry grows with the line.
    let words = "and many words of no interest at all, so that nobody can see both, ";
    place.write("a.txt", format!("Peterâ€™s hat {words}Peterâ€™s hat\n"));
    assert_eq!(place.run(&["check"]).text().lines().count(), 2);
    place.write("a.txt", "cafÃ© Ã\u{a0} Peterâ€™s, ".repeat(1000));
    let text = place.run(&["check"]).text();
    let more = |line: &str| line.split_once("(+").map_or(0, |(_, n)| n.split(' ').next().unwrap().parse().unwrap());
    assert_eq!(text.lines().map(|line| 1 + more(line)).sum::<usize>(), 3000, "{text}");
    assert!(text.lines().count() < 400 && text.lines().all(|line| line.chars().count() < 600), "{text}");
    let ran = place.run(&["check", "--format", "jsonl"]);
    assert_eq!(ran.text().lines().count(), 3001);
}

#[test]
fn findings_stand_together_in_files_with_escapes_where_nothing_between_them_is_escaped() {
    let first = r#"{"a": "trÃ¨s bien, cafÃ©", "b": "\u00c3\u00a9tÃ© en fÃªte"}"#;
    let second = "{\"a\": \"dÃ©jÃ\u{a0} \\u00e9 crÃ¨me\"}";
    let place = Place::with(&[("a.json", format!("{first}\n{second}\n").as_str())]);
    let mixup = "[utf-8 read as windows-1252, certain]";
    let (more, here) = (format!("{mixup} (+1 more on this line)\n"), format!("{mixup}\n"));
    let lines = [
        (r#"1:10: {"a": "trÃ¨s bien, cafÃ©", "b": "Ã©tÃ© en… → {"a": "très bien, café", "b": "Ã©tÃ© en…"#, &more),
        // What is escaped, and what stands behind an escape, is shown by itself.
        (r#"1:34: …bien, cafÃ©", "b": "Ã©tÃ© en fÃªte"} → …bien, cafÃ©", "b": "étÃ© en fÃªte"}"#, &here),
        (r#"1:47: …cafÃ©", "b": "Ã©tÃ© en fÃªte"} → …cafÃ©", "b": "Ã©té en fête"}"#, &more),
        (r#"2:9: {"a": "dÃ©jÃ<U+00A0> é crÃ¨me"} → {"a": "déjà é crÃ¨me"}"#, &more),
        (r#"2:24: …"dÃ©jÃ<U+00A0> é crÃ¨me"} → …"dÃ©jÃ<U+00A0> é crème"}"#, &here),
    ];
    let expected: String = lines.iter().map(|(line, mixup)| format!("a.json:{line}  {mixup}")).collect();
    assert_eq!(place.run(&["check"]).text(), expected);
}

#[test]
fn a_long_line_is_cropped_and_what_does_not_show_is_spelled_out() {
    let place = Place::new();
    let words = "many words on one line, ".repeat(50_000);
    place.write("long.txt", format!("{words}a\u{202E}b Peterâ€™s hat {words}"));
    let text = place.run(&["check"]).text();
    assert!(text.len() < 400, "{} bytes", text.len());
    assert!(text.contains("<U+202E>") && text.contains('…') && !text.contains('\u{202E}'), "{text}");
}

#[test]
fn c1_controls_are_spelled_out() {
    let place = Place::with(&[("c1.txt", "Peter\u{E2}\u{80}\u{99}s hat\n")]);
    let text = place.run(&["check"]).text();
    assert!(text.contains("â<U+0080><U+0099>"), "{text}");
}

#[test]
fn quiet_and_verbose() {
    let place = Place::with(&[("a.txt", BROKEN), ("b.bin", "a\0b")]);
    assert_eq!(place.run(&["check", "-q"]).err, "");
    assert!(!place.run(&["check", "-q"]).out.is_empty());
    let err = place.run(&["check", "-v"]).err;
    assert!(err.contains("b.bin: skipped: binary"), "{err}");
    assert!(err.ends_with("1 finding in 1 file (1 file checked, 1 skipped)\n"), "{err}");
    // The last one wins: an alias may have one of them already.
    assert_eq!(place.run(&["check", "-v", "-q"]).err, "");
    assert_eq!(place.run(&["check", "-q", "-v", "-v"]).err, err);
}

#[test]
fn colours_are_used_when_asked_for() {
    let place = Place::with(&[("a.txt", BROKEN)]);
    assert!(!place.run(&["check"]).out.contains(&0x1B));
    assert!(place.run(&["check", "--color", "always"]).out.contains(&0x1B));
    let forced = place.command(&["check"]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(forced.stdout.contains(&0x1B));
    let never = place.command(&["check", "--color", "never"]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(!never.stdout.contains(&0x1B));
}

#[test]
fn json_is_one_document() {
    let place = Place::with(&[("a.txt", "é\nPeterâ€™s hat\n"), ("clean.txt", "fine")]);
    place.write("bad.txt", b"a\xFFb");
    let ran = place.run(&["check", "--format", "json", ".", "nowhere"]);
    assert_eq!(ran.status, 2);
    let json: Value = serde_json::from_slice(&ran.out).expect("a JSON document");
    assert_eq!(json["version"], 1);
    assert_eq!(json["files"].as_array().unwrap().len(), 2);
    let finding = &json["files"][0]["findings"][0];
    assert_eq!(json["files"][0]["path"], "a.txt");
    assert_eq!((&finding["start"], &finding["end"]), (&8.into(), &16.into()));
    assert_eq!((&finding["line"], &finding["column"]), (&2.into(), &6.into()));
    assert_eq!((&finding["before"], &finding["after"]), (&"â€™".into(), &"’".into()));
    assert_eq!(finding["chain"][0]["encoded"], "utf-8");
    assert_eq!(finding["chain"][0]["read_as"], "windows-1252");
    assert_eq!(finding["lossy"], false);
    assert_eq!(json["files"][1]["invalid"][0]["start"], 1);
    assert!(json["errors"][0]["message"].as_str().unwrap().starts_with("nowhere: "));
    assert_eq!(json["summary"]["checked"], 3);
    assert_eq!(json["summary"]["findings"], 1);
}

#[test]
fn json_lines_are_one_object_each() {
    let place = Place::with(&[("a.txt", &format!("{BROKEN}\n{BROKEN}\n"))]);
    let ran = place.run(&["check", "--format", "jsonl"]);
    let lines: Vec<Value> = ran.text().lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    let kinds: Vec<&str> = lines.iter().filter_map(|line| line["type"].as_str()).collect();
    assert_eq!(kinds, ["finding", "finding", "summary"]);
    assert_eq!(lines[1]["line"], 2);
    assert_eq!(lines[2]["findings"], 2);
    let nothing = Place::new().run(&["check", "--format", "json"]);
    assert!(serde_json::from_slice::<Value>(&nothing.out).is_ok());
}

#[test]
fn standard_input_has_a_name() {
    let place = Place::new();
    let ran = place.feed(&["check", "-", "--stdin-filename", "docs/notes.md"], BROKEN);
    assert_eq!(ran.status, 1);
    assert!(ran.text().starts_with("docs/notes.md:1:6: "), "{}", ran.text());
    assert!(place.feed(&["check", "-"], BROKEN).text().starts_with("<stdin>:1:6: "));
}

#[test]
fn bytes_that_are_no_text_are_reported_and_the_rest_is_searched() {
    let place = Place::new();
    place.write("a.txt", [b"caf\xE9 \xFF\xFE \n\xC3\xA9\n".as_slice(), BROKEN.as_bytes()].concat());
    let ran = place.run(&["check", "-v"]);
    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("a.txt: 2 runs of bytes that are no valid UTF-8, the first at byte 3"), "{}", ran.err);
}

#[test]
fn odd_files_are_fine() {
    let place = Place::with(&[("empty.txt", ""), ("no-end.txt", "fine"), ("blank.txt", "\n\n")]);
    let ran = place.run(&["check"]);
    assert_eq!((ran.status, &*ran.err), (0, "no findings (3 files checked)\n"));
}

#[test]
fn a_file_larger_than_the_window_is_read_in_pieces() {
    let place = Place::new();
    let text = format!("{}{BROKEN}\n{}", clean(9 << 20), clean(1000));
    place.write("large.txt", &text);
    let line = text[..text.find("â€™").unwrap()].lines().count();
    let ran = place.run(&["check"]);
    assert!(ran.text().starts_with(&format!("large.txt:{line}:6: ")), "{}", ran.text());
    let ran = place.feed(&["check", "-"], &text);
    assert!(ran.text().starts_with(&format!("<stdin>:{line}:6: ")), "{}", ran.text());
}
