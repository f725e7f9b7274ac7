//! Normalisation: off until asked for, and then edits like any other.

use serde_json::Value;

use crate::support::Place;

#[test]
fn passes_are_edits_like_any_other() {
    let place = Place::new();
    place.write("a.txt", "caf\u{65}\u{301}\r\nPeterâ€™s hat\r\nthe end");
    let ran = place.run(&["check", "--normalize", "nfc,eol=lf,final-newline"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    let lines: Vec<String> = ran.text().lines().map(str::to_owned).collect();
    assert!(lines[0].starts_with("a.txt:1:4: cafe\u{301}<U+000D> → café  [nfc] [eol]"), "{lines:#?}");
    assert!(lines[1].contains("utf-8 read as windows-1252, certain") && lines[1].contains("[eol]"), "{lines:#?}");
    assert_eq!(lines[2], "a.txt:3:7: the end → the end<U+000A>  [final-newline]");
    // Without the passes only what is broken.
    assert_eq!(place.run(&["check"]).text().lines().count(), 1);

    let ran = place.run(&["check", "--format", "jsonl", "--normalize", "nfc"]);
    let first: Value = serde_json::from_str(ran.text().lines().next().unwrap()).unwrap();
    assert_eq!((&first["rules"], &first["chain"]), (&serde_json::json!(["nfc"]), &serde_json::json!([])));
    assert_eq!((&first["start"], &first["end"]), (&3.into(), &6.into()));

    let ran = place.run(&["fix", "-q", "--normalize", "nfc,eol=lf,final-newline"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(place.read("a.txt"), "café\nPeter’s hat\nthe end\n".as_bytes());
    assert_eq!(place.run(&["check", "--normalize", "nfc,eol=lf,final-newline"]).status, 0);
    assert_eq!(place.run(&["undo"]).status, 0);
    assert_eq!(place.read("a.txt"), "caf\u{65}\u{301}\r\nPeterâ€™s hat\r\nthe end".as_bytes());
}

#[test]
fn a_patch_of_normalisation_applies() {
    let place = Place::new();
    for (name, text) in [("a.txt", "one\r\ntwo\nthree"), ("b.txt", "one\ntwo\n"), ("c.txt", "x")] {
        place.write(name, text);
    }
    let passes = "eol=crlf,final-newline,bom=add";
    let patch = place.run(&["diff", "--normalize", passes]);
    place.write("p.patch", &patch.out);
    place.tool("git", &["apply", "--unsafe-paths", "p.patch"]);
    assert_eq!(place.read("a.txt"), b"\xEF\xBB\xBFone\r\ntwo\r\nthree\r\n");
    assert_eq!(place.read("c.txt"), b"\xEF\xBB\xBFx\r\n");
    std::fs::remove_file(place.path("p.patch")).unwrap();
    let ran = place.run(&["check", "--normalize", passes]);
    assert_eq!((ran.status, &*ran.text()), (0, ""));
}

#[test]
fn what_still_looks_broken_is_left_as_it_is() {
    let place = Place::new();
    // Shift_JIS read as windows-1252, too little of it to be sure: its quotes and its odd letters are all the evidence.
    let odd = "Ã©";
    place.write("a.txt", format!("e\u{301} {odd}\u{301} e\u{301}\n"));
    let ran = place.run(&["fix", "-q", "--normalize", "nfd", "--from", "koi8-r"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(String::from_utf8(place.read("a.txt")).unwrap(), format!("e\u{301} {odd}\u{301} e\u{301}\n"));
    // A line that is to be left alone is, but for its line end.
    place.write("b.txt", "cafe\u{301} // unbake: ignore\r\ncafe\u{301}\r\n");
    place.run(&["fix", "-q", "--normalize", "nfc,eol=lf", "b.txt"]);
    assert_eq!(place.read("b.txt"), "cafe\u{301} // unbake: ignore\ncafé\n".as_bytes());
}

#[test]
fn settings_name_passes_and_flags_take_their_place() {
    let place = Place::with(&[("unbake.toml", "normalize = ['nfc']"), ("a.txt", "cafe\u{301} and a bell\u{7}\n")]);
    assert!(place.run(&["check"]).text().contains("[nfc]"));
    assert!(place.run(&["check", "--normalize", "controls"]).text().contains("[controls]"));
    assert_eq!(place.run(&["check", "--normalize", ""]).status, 0);
    place.write("unbake.toml", "normalize = ['ncf']");
    let ran = place.run(&["check"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("unknown pass `ncf`; did you mean `nfc`?"), "{}", ran.err);
    let ran = place.run(&["check", "--no-config", "--normalize", "nfc,nfd"]);
    assert!(ran.status == 2 && ran.err.contains("contradict"), "{ran:?}");
}

#[test]
fn utf_7_is_read_where_that_is_asked_for() {
    let place = Place::new();
    let text = "Hi Mom -+Jjo--! Caf+AOk, 1 +- 1\nplain: C++ 1+1 +AOkA- +-\n";
    place.write("a.txt", text);
    // Without being asked for it is text like any other.
    assert_eq!(place.run(&["check"]).status, 0);
    let asked = ["--normalize", "utf-7"];
    let ran = place.run(&["check", asked[0], asked[1]]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.text().starts_with("a.txt:1:9: Hi Mom -+Jjo--! Caf+AOk, 1 +- 1 → Hi Mom -☺-! "), "{}", ran.text());
    let right = "Hi Mom -☺-! Café, 1 + 1\nplain: C++ 1+1 +AOkA- +-\n";
    assert_eq!(place.feed(&["pipe", asked[0], asked[1]], text.as_bytes()).text(), right);
    assert!(place.run(&["diff", asked[0], asked[1]]).text().contains("+Hi Mom -☺-! Café, 1 + 1"));
    assert_eq!(place.run(&["fix", "-q", asked[0], asked[1]]).status, 0);
    assert_eq!(place.read("a.txt"), right.as_bytes());
    assert_eq!(place.run(&["check", asked[0], asked[1]]).status, 0);
    assert_eq!(place.run(&["undo"]).status, 0);
    assert_eq!(place.read("a.txt"), text.as_bytes());
    // In a file with a syntax nothing comes in that would end a string.
    place.write("b.json", "{\"name\": \"+ACI-caf+AOk-+ACI-\"}\n");
    assert_eq!(place.run(&["fix", "-q", asked[0], asked[1], "b.json"]).status, 0);
    assert_eq!(place.read("b.json"), "{\"name\": \"\\\"café\\\"\"}\n".as_bytes());
    let ran = place.run(&["check", "--from", "utf-7"]);
    assert!(ran.status == 2 && ran.err.contains("--normalize utf-7"), "{ran:?}");
}

#[test]
fn rules_are_listed_and_explained() {
    let place = Place::new();
    let all = place.run(&["rules"]).text();
    for line in all.lines().filter(|line| line.starts_with("  ")) {
        let name = line.trim().split(['=', ' ']).next().unwrap();
        let ran = place.run(&["help", name]);
        assert!(ran.status == 0 && ran.text().starts_with(&format!("{name}: ")), "{ran:?}");
    }
    assert!(all.contains("bom=strip|add"), "{all}");
}

#[test]
fn a_stream_is_normalised_too() {
    let place = Place::new();
    let ran = place.feed(&["pipe", "--normalize", "eol=lf,nfc,final-newline"], "cafe\u{301}\r\nx");
    assert_eq!(ran.text(), "café\nx\n");
    let ran = place.feed(&["pipe", "--jsonl", "--normalize", "nfc"], "{\"text\":\"cafe\u{301}\"}\n");
    assert_eq!(ran.text(), "{\"text\":\"café\"}\n");
}

/// One carriage return less would be another line end to change.
#[test]
fn several_carriage_returns_in_a_line_left_alone_stay() {
    let text = "cafe\u{301} unbake: ignore \r\r\n";
    assert_eq!(Place::new().feed(&["pipe", "--normalize", "eol=lf"], text).text(), text);
}

/// What a pass brings in or takes away is no mark of the kind of file.
#[test]
fn passes_keep_the_marks_of_a_kind() {
    let html = "<p title=\"x\">it's &lt;b&gt; caf&eacute; &amp; “x”</p>\n";
    let json = "{\"a\": \"“x” it's &quot;y&quot;\"}\n";
    let python = "s = \"it's “x”\"\n";
    let place = Place::with(&[("a.html", html), ("a.json", json), ("a.py", python)]);
    for (passes, wanted) in [
        ("quotes=en", [html, json, python]),
        ("entities=all", [&*html.replace("&eacute;", "é"), "{\"a\": \"“x” it's \\\"y\\\"\"}\n", python]),
        (
            "quotes=straight",
            [&*html.replace(['“', '”'], "&quot;"), "{\"a\": \"\\\"x\\\" it's &quot;y&quot;\"}\n", python],
        ),
    ] {
        let ran = place.run(&["fix", "-q", "--normalize", passes]);
        assert_eq!(ran.status, 0, "{passes}: {ran:?}");
        for (name, wanted) in ["a.html", "a.json", "a.py"].into_iter().zip(wanted) {
            assert_eq!(String::from_utf8(place.read(name)).unwrap(), wanted, "{passes}");
        }
        if wanted != [html, json, python] {
            assert_eq!(place.run(&["undo"]).status, 0);
        }
    }
}

#[test]
fn a_profile_names_its_passes() {
    let place = Place::new();
    let text = "\x1b[1mＡ\x1b[0m ﬁne cafe\u{301} &lt;b&gt; it’s\r\n";
    assert_eq!(place.feed(&["pipe", "--profile", "ftfy"], text).text(), "A fine café <b> it's\n");
    assert_eq!(place.feed(&["pipe", "--profile", "ftfy", "--normalize", "nfc"], text).status, 2);
}

#[test]
fn no_pass_makes_other_parts_of_yaml() {
    let place = Place::new();
    // With a plain space the colon would begin a value.
    place.write("a.yaml", "- a:\u{a0}b\n- c\u{a0}d\n");
    place.write("b.yaml", "- a\u{a0}b # c:\u{a0}d\n");
    let ran = place.run(&["fix", "--normalize", "spaces"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let why = "a.yaml:1:5: nothing is changed in this file: it would be no YAML any more, or have other parts";
    assert!(ran.err.contains(why), "{}", ran.err);
    assert_eq!(place.read("a.yaml"), "- a:\u{a0}b\n- c\u{a0}d\n".as_bytes());
    assert_eq!(place.read("b.yaml"), b"- a b # c: d\n");
}

#[test]
fn line_ends_are_those_of_any_kind_of_file() {
    let place = Place::new();
    // unbake: ignore-next-line
    let texts = [("a: \"x\"\nb", "a: \"x\"\r\nb\r\n"), ("{\"a\":\n\"\\u00c3\\u00a9\"}", "{\"a\":\r\n\"\\u00e9\"}\r\n")];
    let kinds = ["json", "md", "yaml", "py", "html", "css", "csv", "properties", "sql", "toml", "po", "c", "txt"];
    for (number, (before, _)) in texts.iter().enumerate() {
        kinds.iter().for_each(|kind| place.write(&format!("{number}.{kind}"), before));
    }
    let ran = place.run(&["fix", "--normalize", "eol=crlf,final-newline"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    for (number, (before, after)) in texts.iter().enumerate() {
        for kind in kinds {
            let found = String::from_utf8(place.read(&format!("{number}.{kind}"))).unwrap();
            // Where nothing is escaped so, that stays.
            let escapes = !matches!(kind, "md" | "html" | "css" | "csv" | "sql" | "po");
            let after = if escapes { (*after).to_owned() } else { before.replace('\n', "\r\n") + "\r\n" };
            assert_eq!(found, after, "{number}.{kind}");
        }
    }
}
