//! Cases of escaped text, from `cases/escapes.toml`; and laws of views.

use std::path::Path;

use proptest::prelude::*;
use serde::Deserialize;
use unbake::{Config, Engine};

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    label: String,
    file: String,
    broken: String,
    right: Option<String>,
}

fn cases() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/escapes.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    toml::from_str::<Cases>(&text).expect("cases").case
}

/// Whether a text parses as what its name says, where that can be said here.
fn parses(file: &str, text: &str) -> bool {
    match file.rsplit('.').next() {
        Some("json") => serde_json::from_str::<serde_json::Value>(text).is_ok(),
        Some("toml") => text.parse::<toml::Table>().is_ok(),
        _ => true,
    }
}

#[test]
fn escaped_text_is_repaired_in_its_own_style() {
    let engine = Engine::default();
    let cases = cases();
    assert!(cases.len() >= 29, "only {} cases", cases.len());
    let mut faults = Vec::new();
    for case in &cases {
        let right = case.right.as_ref().unwrap_or(&case.broken);
        let plan = engine.plan_file(case.broken.as_bytes(), Path::new(&case.file));
        let made = plan.apply(case.broken.as_bytes()).expect("the source");
        if made != right.as_bytes() {
            let made = String::from_utf8_lossy(&made);
            faults.push(format!(
                "{}:\n  {}\n  became {made}\n  not    {right}\n  {:?}",
                case.label,
                case.broken,
                plan.notes()
            ));
        }
        assert_eq!(plan.invert().apply(&made).expect("the result"), case.broken.as_bytes(), "{}", case.label);
        let again = engine.plan_file(&made, Path::new(&case.file));
        assert!(again.is_empty(), "{}: repaired again: {:?}", case.label, again.edits());
        if parses(&case.file, &case.broken) {
            assert!(parses(&case.file, &String::from_utf8_lossy(&made)), "{}: does not parse any more", case.label);
        }
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), cases.len(), faults.join("\n"));
}

#[test]
fn lines_and_columns_are_those_of_the_file() {
    let text = "{\"a\": \"\\u00e9\\u00e8\",\n \"b\": \"\\u00e9\\u00e8 Peter\\u00e2\\u0080\\u0099s\"}";
    let plan = Engine::default().plan_file(text.as_bytes(), "a.json".as_ref());
    let edit = &plan.edits()[0];
    assert_eq!((edit.place.line, edit.place.column), (2, 26));
    assert_eq!((&*edit.before, &*edit.after), (&b"\\u00e2\\u0080\\u0099"[..], &b"\\u2019"[..]));
    assert_eq!((&*edit.before_text(), &*edit.after_text()), ("â\u{80}\u{99}", "’"));
}

/// Once its escapes are right a text is judged without them, and what was beside them may look otherwise: both are done at once.
#[test]
fn a_second_run_finds_nothing() {
    let engine = Engine::default();
    let text = r"d\u00C3\u00A9j\u00C3\u00A0u\u00C3\¼ΓÇ¥ and d\u00C3\u00A9j\u00C3\u00A0";
    let plan = engine.plan_text(text);
    let made = engine.repair(text);
    assert_eq!(plan.apply(text.as_bytes()).expect("its source"), made.as_bytes());
    assert!(made.starts_with(r"d\u00E9j\u00E0u"), "{made}");
    assert_eq!(engine.repair(&made), made);
    assert_eq!(plan.invert().apply(made.as_bytes()).expect("its result"), text.as_bytes());
}

#[test]
fn escapes_in_another_encoding_are_found_too() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let (broken, right) = (wide("{\"a\": \"Peter\\u00e2\\u0080\\u0099s\"}"), wide("{\"a\": \"Peter\\u2019s\"}"));
    let plan = Engine::default().plan_file(&broken, "a.json".as_ref());
    assert_eq!(plan.apply(&broken).expect("the source"), right);
}

#[test]
fn the_kind_of_file_can_be_said() {
    let source = b"I say Peter&acirc;&euro;&trade;s hat";
    let engine = |name: &str| Engine::try_new(Config { file_type: Some(name.to_owned()), ..Config::default() });
    // Text may have been cut out of anything.
    assert_eq!(Engine::default().plan_file(source, "a.txt".as_ref()).edits().len(), 1);
    assert!(Engine::default().plan_file(source, "a.css".as_ref()).is_empty());
    assert_eq!(engine("html").expect("known").plan_file(source, "a.css".as_ref()).edits().len(), 1);
    assert!(engine("plain").expect("known").plan_file(source, "a.html".as_ref()).is_empty());
    assert!(engine("htlm").unwrap_err().to_string().contains("html"));
}

#[test]
fn what_an_edit_brings_in_is_escaped_or_refused() {
    // A rule of the user may bring in anything.
    let rules = vec![("¤".to_owned(), "\"".to_owned())];
    let engine = Engine::new(Config { rules, ..Config::default() });
    let made = |file: &str, text: &str| {
        let plan = engine.plan_file(text.as_bytes(), file.as_ref());
        let notes = plan.notes().len();
        (String::from_utf8(plan.apply(text.as_bytes()).expect("the source")).expect("text"), notes)
    };
    // unbake: off
    assert_eq!(made("a.json", r#"{"a": "Peterâ€™s ¤hat¤"}"#), (r#"{"a": "Peter’s \"hat\""}"#.to_owned(), 0));
    assert_eq!(made("a.html", "<a b=\"Peterâ€™s ¤hat\">"), ("<a b=\"Peter’s &quot;hat\">".to_owned(), 0));
    assert_eq!(made("a.csv", "1,\"Peterâ€™s ¤hat\""), ("1,\"Peter’s ¤hat\"".to_owned(), 1));
    assert_eq!(made("a.py", "a = 'Peterâ€™s ¤hat'"), ("a = 'Peter’s ¤hat'".to_owned(), 1));
    assert_eq!(made("a.txt", "Peterâ€™s ¤hat"), ("Peter’s \"hat".to_owned(), 0));
    // unbake: on
}

#[test]
fn deep_nesting_and_torn_escapes_do_no_harm() {
    let deep = "[".repeat(10_000) + "\"Peter\\u00e2\\u0080\\u0099s\"" + &"]".repeat(10_000);
    let plan = Engine::default().plan_file(deep.as_bytes(), "a.json".as_ref());
    assert_eq!(plan.edits().len(), 1);
    for torn in [
        "\\",
        "\\u",
        "\\u00e",
        "\\u{",
        "\\u{e2",
        "\\u{}",
        "\\U000000e",
        "\\xc3\\x",
        "\\303\\2",
        "&#;",
        "&#x;",
        "&",
        "&#9999999999;",
        "%C3%",
        "%",
        "=C3=",
        "=C3=\n",
        "\\ud83d\\u00e9",
        "\\ud83d",
    ] {
        for file in ["a.json", "a.py", "a.html", "a.eml", "a.c"] {
            let text = format!("Peter\\u00e2\\u0080\\u0099s {torn}");
            Engine::default().plan_file(text.as_bytes(), file.as_ref());
            Engine::default().plan_file(torn.as_bytes(), file.as_ref());
        }
    }
}

/// Text as it stands in some file: words, damage, escapes of all styles, and rubble.
fn rubble() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("Peter\\u00e2\\u0080\\u0099s "),
        Just("caf\\u00C3\\u00A9 "),
        Just("d&eacute;j&Atilde;&nbsp; "),
        Just("caf&#195;&#169; "),
        Just("%C3%83%C2%A9"),
        Just("=C3=83=C2=A9 "),
        Just("\\xc3\\x83\\xc2\\xa9 "),
        Just("\\303\\203\\302\\251 "),
        Just("\\\\"),
        Just("\\"),
        Just("\\u"),
        Just("\\ud83d"),
        Just("&"),
        Just("%C3"),
        Just("=\n"),
        Just("ΓÇ¥"),
        Just("\""),
        Just("é"),
        Just("Ã©"),
        Just("plain words "),
        Just("\n"),
    ];
    proptest::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_changes_outside_the_edits_and_all_can_be_taken_back(text in rubble(), file in 0..7usize) {
        let file = ["a.json", "a.py", "a.html", "a.eml", "a.c", "a.sql", "a.js"][file];
        let engine = Engine::default();
        let plan = engine.plan_file(text.as_bytes(), file.as_ref());
        let made = plan.apply(text.as_bytes()).expect("the source");
        prop_assert_eq!(plan.invert().apply(&made).expect("the result"), text.as_bytes());
        prop_assert!(engine.plan_file(&made, file.as_ref()).is_empty(), "{}", String::from_utf8_lossy(&made));
        prop_assert!(String::from_utf8(made.clone()).is_ok());
        // What has a meaning of its own is as often there as it was.
        for mark in [b'"', b'<', b'\n'] {
            let count = |bytes: &[u8]| bytes.iter().filter(|&&byte| byte == mark).count();
            let soft = text.matches("=\n").count();
            prop_assert!(count(&made) <= count(text.as_bytes()) && count(&made) + soft >= count(text.as_bytes()));
        }
    }
}
