//! Comments that leave things alone, and rules that only report.

use super::support::{BROKEN, Place};

/// `line: rule` of what is reported.
fn reported(place: &Place, args: &[&str]) -> Vec<String> {
    let ran = place.run(&[&["check", "--format", "jsonl", "a.txt"], args].concat());
    let lines = ran.text();
    let lines = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let told = lines.filter(|line| line["type"] == "reported");
    told.map(|line| format!("{}: {}", line["line"], line["rule"].as_str().expect("a rule"))).collect()
}

#[test]
fn a_comment_that_nothing_needs_is_a_finding() {
    let needed = format!(
        "{BROKEN} # unbake: ignore\n# unbake: ignore-next-line\n{BROKEN}\n# unbake: off\nplain\n{BROKEN}\n# unbake: on\n\
         kaz\u{fffd} # unbake: ignore\nsay `unbake: ignore` or \"unbake: off\" … 'unbake: on'\n"
    );
    let place = Place::with(&[("a.txt", &needed)]);
    assert_eq!(reported(&place, &[]), [""; 0]);
    assert_eq!(place.run(&["check", "a.txt"]).status, 0);
    place.write(
        "a.txt",
        "a # unbake: ignore why\n# unbake: ignore-next-line\nb\n# unbake: off\nc\n# unbake: on\n# unbake: on\n",
    );
    let lines = [1, 2, 4, 7].map(|line| format!("{line}: unused-ignore"));
    assert_eq!(reported(&place, &[]), lines);
    let ran = place.run(&["check", "a.txt"]);
    assert!(ran.status == 1 && ran.err.contains("4 places reported"), "{}", ran.err);
    assert!(
        ran.text().contains("a.txt:1:5: a # unbake: ignore why  [unused-ignore: there is nothing to ignore]"),
        "{}",
        ran.text()
    );
    // It can be switched off, and never changes a file.
    assert_eq!(place.run(&["check", "a.txt", "--report", ""]).status, 0);
    place.write("unbake.toml", "[[per-path]]\npaths = ['a.*']\nreport = []");
    assert_eq!(place.run(&["check", "a.txt"]).status, 0);
    assert_eq!(place.run(&["diff", "a.txt", "--no-config"]).status, 0);
}

#[test]
fn brackets_leave_only_what_they_name_alone() {
    let left = |mark: &str, args: &[&str]| {
        let place = Place::with(&[("a.txt", &format!("{BROKEN} e\u{301} {mark}\n"))]);
        let all = [&["diff", "a.txt", "--normalize", "nfc"], args].concat();
        let diff = place.run(&all).text();
        (!diff.contains('’'), !diff.contains('é'))
    };
    assert_eq!(left("# unbake: ignore", &[]), (true, true));
    assert_eq!(left("# unbake: ignore[mojibake] a quotation", &[]), (true, false));
    assert_eq!(left("# unbake: ignore[utf-8:windows-1252]", &[]), (true, false));
    assert_eq!(left("# unbake: ignore[utf-8:ibm850]", &[]), (false, false));
    assert_eq!(left("# unbake: ignore[nfc,bidi]", &[]), (false, true));
    let place = Place::with(&[("a.txt", "a # unbake: ignore[nfx]\n# unbake: ignore-next-line[nfc]\nb\n")]);
    let ran = place.run(&["check", "a.txt"]);
    assert!(ran.text().contains("unknown rule `nfx`; did you mean `nfc`?"), "{}", ran.text());
    assert_eq!(reported(&place, &[]), ["1: unused-ignore", "2: unused-ignore"]);
    place.write(
        "a.txt",
        format!("# unbake: ignore-next-line[mojibake]\n{BROKEN}\n# unbake: off[mojibake]\n{BROKEN}\nunbake: on\n"),
    );
    assert_eq!((place.run(&["check", "a.txt"]).status, reported(&place, &[])), (0, vec![]));
}

#[test]
fn a_whole_file_is_left_alone() {
    let place = Place::with(&[(
        "a.txt",
        &format!("{BROKEN}\n<!-- unbake: ignore-file fixtures -->\n{BROKEN}\n# unbake: on\n{BROKEN}\n"),
    )]);
    let ran = place.run(&["check", "a.txt"]);
    assert_eq!((ran.text().lines().count(), ran.status), (1, 1), "{}", ran.text());
    place.write("a.txt", "# unbake: ignore-file\nplain\n");
    assert_eq!(reported(&place, &[]), ["1: unused-ignore"]);
}

#[test]
fn rules_report_what_they_are_asked_for() {
    let place = Place::with(&[(
        "a.txt",
        "x\u{202e}y\npass\u{200b}word\na \u{fffd} b\np\u{430}ypal\nsp\u{430}m # unbake: ignore[mixed-script]\n",
    )]);
    assert_eq!(reported(&place, &["--report", ""]), [""; 0]);
    let all = ["--report", "bidi,invisible,replacement,mixed-script,unused-ignore"];
    assert_eq!(reported(&place, &all), ["1: bidi", "2: invisible", "3: replacement", "4: mixed-script"]);
    let listed = place.run(&["check", "a.txt", "--report", "bidi"]).text();
    assert!(listed.starts_with("a.txt:1:2: x<U+202E>y  [bidi: "), "{listed}");
    let sarif = place.run(&["check", "a.txt", "--report", "bidi", "--format", "sarif"]).text();
    let sarif: serde_json::Value = serde_json::from_str(&sarif).expect("JSON");
    let result = &sarif["runs"][0]["results"][0];
    let rule = &sarif["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().expect("a number") as usize];
    assert_eq!((&result["ruleId"], &rule["id"], &result["level"]), (&"bidi".into(), &"bidi".into(), &"warning".into()));
    // In files of other encodings and in escapes the place is that of the file.
    let utf16: Vec<u8> = "\u{feff}ab\np\u{430}ypal\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    place.write("a.txt", &utf16);
    assert_eq!(reported(&place, &all), ["2: mixed-script"]);
    for (wrong, why) in [("nfc", "--normalize"), ("bidy", "did you mean `bidi`?")] {
        let ran = place.run(&["check", "--report", wrong]);
        assert!(ran.status == 2 && ran.err.contains(why), "{}", ran.err);
        place.write("unbake.toml", format!("report = ['{wrong}']"));
        let ran = place.run(&["check", "a.txt"]);
        assert!(ran.status == 2 && ran.err.contains("report: ") && ran.err.contains("unbake.toml"), "{}", ran.err);
    }
}

#[test]
fn what_is_reported_can_be_known_to_a_baseline() {
    let place = Place::with(&[("a.txt", "p\u{430}ypal\n")]);
    let args = ["check", "a.txt", "--report", "mixed-script", "--baseline", "known.json"];
    assert_eq!(place.run(&[&args[..], &["--update-baseline"]].concat()).status, 0);
    assert_eq!(place.run(&args).status, 0);
    place.write("a.txt", "p\u{430}ypal\nsp\u{430}m\n");
    let ran = place.run(&args);
    assert!(ran.status == 1 && ran.text().contains("a.txt:2:1"), "{}", ran.text());
}

#[test]
fn comments_are_added_where_files_have_them() {
    let files = [
        ("a.py", "x = 1\r\ny = 'Peterâ€™s hat cafÃ©'\r\n"),
        ("b.md", "plain\n\nPeterâ€™s"),
        ("c.txt", BROKEN),
        ("d.sh", "echo Peterâ€™s \\\n x\n"),
    ];
    let place = Place::with(&files);
    let ran = place.run(&["check", "--add-ignore"]);
    assert_eq!((ran.status, ran.text().as_str()), (0, "a.py:2: marked\nb.md:3: marked\n"), "{}", ran.err);
    assert!(ran.err.contains("c.txt: 1 line where no comment") && ran.err.contains("d.sh: 1 line"), "{}", ran.err);
    assert_eq!(place.read("a.py"), "x = 1\r\ny = 'Peterâ€™s hat cafÃ©' # unbake: ignore\r\n".as_bytes());
    assert_eq!(place.read("b.md"), "plain\n\nPeterâ€™s <!-- unbake: ignore -->".as_bytes());
    assert_eq!(place.run(&["check", "a.py", "b.md"]).status, 0);
    assert_eq!(place.run(&["undo"]).status, 0);
    for (path, text) in files {
        assert_eq!(place.read(path), text.as_bytes(), "{path}");
    }
}
