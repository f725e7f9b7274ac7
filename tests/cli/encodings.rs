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

/// Text in old encodings, its file, and what it is as UTF-8.
// unbake: off
const OLD: [(&str, &[u8], &str); 8] = [
    ("de.txt", b"M\xFCller f\xE4hrt nach K\xF6ln\nplain\nsch\xF6ne Gr\xFC\xDFe\n", "Müller fährt nach Köln\nplain\nschöne Grüße\n"),
    ("ru.txt", b"\xCF\xF0\xE8\xE2\xE5\xF2, \xEC\xE8\xF0! \xCA\xE0\xEA \xE4\xE5\xEB\xE0?\r\n", "Привет, мир! Как дела?\r\n"),
    ("a.xml", b"<?xml version='1.0' encoding='ISO-8859-1'?>\n<a>d\xE9j\xE0 vu</a>", "<?xml version='1.0' encoding='UTF-8'?>\n<a>déjà vu</a>"),
    ("a.html", b"<meta charset=windows-1251><p>\xCF\xF0\xE8\xE2\xE5\xF2", "<meta charset=utf-8><p>Привет"),
    ("a.py", b"# coding: latin-1\nx = '\xE9t\xE9'\n", "# coding: utf-8\nx = 'été'\n"),
    ("a.po", b"msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=ISO-8859-1\\n\"\n\nmsgid \"x\"\nmsgstr \"\xE9t\xE9\"\n",
     "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\nmsgid \"x\"\nmsgstr \"été\"\n"),
    ("a.css", b"@charset \"iso-8859-1\";\na::before { content: '\xE9t\xE9' }\n", "@charset \"utf-8\";\na::before { content: 'été' }\n"),
    ("mixed.sql", b"INSERT 'gr\xC3\xB6\xC3\x9Fer';\nINSERT 'sch\xF6ne Gr\xFC\xDFe';\nINSERT '\xE9t\xE9 \xC3\xA0 la mer';\n",
     "INSERT 'größer';\nINSERT 'schöne Grüße';\nINSERT 'été à la mer';\n"),
];
// unbake: on

#[test]
fn files_in_old_encodings_are_converted_and_undone() {
    let place = Place::new();
    OLD.iter().for_each(|(name, bytes, _)| place.write(name, bytes));
    let wide_text = format!("one\r\n{BROKEN}\r\n");
    place.write("wide.txt", wide(&wide_text));
    let right = format!("one\r\n{RIGHT}\r\n");
    place.write("right.txt", "größer\n");
    let ran = place.run(&["check", "--to", "utf-8"]);
    assert_eq!(ran.status, 1);
    assert!(ran.text().contains("a.xml: windows-1252 → utf-8  [encoding, declared]\n"), "{}", ran.text());
    assert!(ran.text().contains("mixed.sql: partly windows-1252 → utf-8  [encoding, "), "{}", ran.text());
    assert!(
        ran.text().contains("wide.txt: utf-16le → utf-8  [encoding, byte order mark]\nwide.txt:2:6: "),
        "{}",
        ran.text()
    );
    assert!(ran.err.contains("in 9 files"), "a conversion counts once: {}", ran.err);
    let json = place.run(&["check", "--to", "utf-8", "--format", "json"]).text();
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let mut findings = 0;
    for file in report["files"].as_array().unwrap() {
        let converted = &file["encoding"]["converted"];
        assert!(converted["to"] == "utf-8" && converted["stretches"].as_u64() > Some(0), "{file}");
        findings += 1 + file["findings"].as_array().unwrap().len();
    }
    assert_eq!(report["summary"]["findings"], findings, "each stretch is not told: {json}");
    // git makes the same of the patch.
    let patch = place.run(&["diff", "--to", "utf-8"]);
    assert_eq!(patch.status, 1);
    assert_eq!(place.run(&["fix", "--to", "utf-8"]).status, 0);
    let prove = || {
        OLD.iter().for_each(|(name, _, text)| {
            assert_eq!(String::from_utf8(place.read(name)).as_deref(), Ok(*text), "{name}")
        });
        assert_eq!(place.read("wide.txt"), right.as_bytes());
        assert_eq!(place.read("right.txt"), "größer\n".as_bytes());
    };
    prove();
    assert_eq!(place.run(&["check", "--to", "utf-8"]).status, 0, "a second run finds nothing");
    assert_eq!(place.run(&["undo"]).status, 0);
    OLD.iter().for_each(|(name, bytes, _)| assert_eq!(place.read(name), *bytes, "{name}"));
    assert_eq!(place.read("wide.txt"), wide(&wide_text));
    place.write("a.patch", &patch.out);
    place.tool("git", &["apply", "a.patch"]);
    prove();
}

#[test]
fn a_file_in_an_old_encoding_is_told_and_is_no_finding() {
    let place = Place::new();
    place.write("ru.txt", OLD[1].1);
    place.write("mixed.sql", OLD[7].1);
    let ran = place.run(&["check"]);
    assert_eq!(ran.status, 0, "it is not broken: {}", ran.text());
    let told = "ru.txt: windows-1251, not utf-8: `unbake fix --to utf-8` converts it  [encoding, certain]\n";
    assert!(ran.text().ends_with(told), "{}", ran.text());
    assert!(ran.text().starts_with("mixed.sql: partly windows-1252, not utf-8: "), "{}", ran.text());
    assert!(ran.err.contains("2 files not in UTF-8"), "{}", ran.err);
    let json: serde_json::Value =
        serde_json::from_str(&place.run(&["check", "--format", "json", "ru.txt"]).text()).unwrap();
    let encoding = &json["files"][0]["encoding"];
    assert_eq!((&encoding["label"], &encoding["how"]), (&"windows-1251".into(), &"guessed".into()), "{json}");
    assert_eq!(encoding["confidence"], "certain");
    assert_eq!(json["summary"]["legacy"], 1);
    let lines = place.run(&["check", "--format", "jsonl", "mixed.sql"]).text();
    assert!(
        lines.contains(r#"{"type":"encoding","path":"mixed.sql","label":"windows-1252","how":"guessed","mixed":true,"#),
        "{lines}"
    );
}

#[test]
fn what_is_not_sure_enough_is_not_converted() {
    let place = Place::new();
    place.write("a.txt", b"\xFF\x81\xFE\x90\x8D\n");
    let ran = place.run(&["fix", "--to", "utf-8", "a.txt"]);
    assert_eq!(place.read("a.txt"), b"\xFF\x81\xFE\x90\x8D\n");
    assert!(
        ran.err.contains("a.txt:1:1: is not in UTF-8, and in what it is cannot be told: say it with --encoding"),
        "{}",
        ran.err
    );
    // What a page does not have stays, byte for byte, and the rest is converted.
    place.write("b.txt", b"\xC1\xE1, \xFF \xE2\n");
    place.run(&["fix", "--to", "utf-8", "--encoding", "windows-1253", "b.txt"]);
    assert_eq!(place.read("b.txt"), b"\xCE\x91\xCE\xB1, \xFF \xCE\xB2\n");
    // What is UTF-8 already is not converted again, whatever is said.
    place.write("c.txt", "größer\n");
    let ran = place.run(&["fix", "--to", "utf-8", "--encoding", "windows-1252", "c.txt"]);
    assert_eq!(place.read("c.txt"), "größer\n".as_bytes());
    assert!(ran.err.contains("is valid UTF-8, so it is not converted from windows-1252"), "{}", ran.err);
    for other in [&["--since", "HEAD"][..], &["--baseline", "b.json"], &["--staged"], &["--format", "sarif"]] {
        let ran = place.run(&[&["check", "--to", "utf-8"], other].concat());
        assert_eq!(ran.status, 2, "{other:?}: {}", ran.err);
    }
}

/// Japanese text with damage in it, in ISO-2022-JP: what stands there, and what is right.
// unbake: off
const SHIFTED: [&[u8]; 2] = [
    b"\x1B$B$3$l$O8E$$<j;f$G$9!#\x1B(B\r\nIt\x1B$Bc`QT\x1B(B the captain\x1B$@c`QT\x1B(J hat.\r\n\x1B$BEtBf\x1B(B",
    b"\x1B$B$3$l$O8E$$<j;f$G$9!#\x1B(B\r\nIt\x1B$B!G\x1B(Bs\x1B(B the captain\x1B$@!G\x1B(Bs\x1B(J hat.\r\n\x1B$BEtBf\x1B(B",
];
const SHIFTED_TEXT: &str = "これは古い手紙です。\r\nIt’s the captain’s hat.\r\n灯台";
// unbake: on

#[test]
fn a_file_in_iso_2022_jp_is_told_by_its_sequences_repaired_in_kind_and_converted() {
    let place = Place::new();
    let [broken, right] = SHIFTED;
    place.write("a.txt", broken);
    let ran = place.run(&["check"]);
    assert_eq!(ran.status, 1);
    assert!(
        ran.text().starts_with(
            "a.txt: iso-2022-jp, not utf-8: `unbake fix --to utf-8` converts it  [encoding, certain]\na.txt:2:3: "
        ),
        "{}",
        ran.text()
    );
    assert_eq!(place.run(&["check", "--encoding", "utf-8"]).status, 0, "as UTF-8 it is plain ASCII");
    let sarif: serde_json::Value = serde_json::from_str(&place.run(&["check", "--format", "sarif"]).text()).unwrap();
    let region = &sarif["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startLine"], &region["startColumn"]), (&2.into(), &17.into()), "{sarif}");
    let patch = place.run(&["diff"]);
    place.write("a.patch", &patch.out);
    place.tool("git", &["apply", "a.patch"]);
    assert_eq!(place.read("a.txt"), right, "the patch is one of its lines: {}", patch.text());
    std::fs::remove_file(place.path("a.patch")).unwrap();
    place.write("a.txt", broken);
    assert_eq!(place.run(&["fix", "-q"]).status, 0);
    assert_eq!(place.read("a.txt"), right);
    assert_eq!(place.run(&["undo"]).status, 0);
    assert_eq!(place.read("a.txt"), broken);
    assert_eq!(place.run(&["check", "--to", "utf-8"]).status, 1);
    assert_eq!(place.run(&["fix", "-q", "--to", "utf-8"]).status, 0);
    assert_eq!(String::from_utf8(place.read("a.txt")).unwrap(), SHIFTED_TEXT);
    assert_eq!(place.run(&["undo"]).status, 0);
    assert_eq!(place.read("a.txt"), broken);
}

#[test]
fn what_declares_iso_2022_jp_is_put_right_and_what_is_not_all_in_it_stays() {
    let place = Place::new();
    let page = |label: &str, text: &[u8]| {
        [format!("<html><meta charset=\"{label}\"><p>").as_bytes(), text, b"</p></html>\n"].concat()
    };
    place.write("a.html", page("ISO-2022-JP", SHIFTED[0]));
    place.write("bold.log", b"\x1B[1mbold\x1B[0m\n");
    place.write("half.txt", b"\x1B$B$3$l\n$O\x1B(B plain\n");
    place.write("mixed.txt", "\u{1B}$B$3$l\u{1B}(B é\n");
    let ran = place.run(&["check", "-q"]);
    assert!(ran.text().lines().all(|line| line.starts_with("a.html:2:")), "{}", ran.text());
    let ran = place.run(&["fix", "--to", "utf-8", "--encoding", "iso-2022-jp"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    for name in ["half.txt", "mixed.txt"] {
        assert!(ran.err.contains(&format!("{name}:1:1: is ")), "{name}: {}", ran.err);
    }
    assert_eq!(place.read("a.html"), page("UTF-8", SHIFTED_TEXT.as_bytes()));
    assert_eq!(place.read("half.txt"), b"\x1B$B$3$l\n$O\x1B(B plain\n");
}

#[test]
fn a_large_file_may_be_in_iso_2022_jp() {
    let place = Place::new();
    let filler = b"nothing is wrong here, and nothing else is either\n".repeat(200_000);
    place.write("a.txt", [&filler[..], SHIFTED[0]].concat());
    let ran = place.run(&["check"]);
    assert!(ran.text().contains("a.txt: iso-2022-jp") && ran.text().contains("a.txt:200002:3: "), "{}", ran.text());
    assert_eq!(place.run(&["fix", "-q"]).status, 0);
    assert!(place.read("a.txt") == [&filler[..], SHIFTED[1]].concat());
}
