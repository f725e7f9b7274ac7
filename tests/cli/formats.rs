//! `unbake check --format sarif|github|gitlab|rdjson`. `tests/integrations/formats.py` holds them, and JSON, to their schemas.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::support::{BROKEN, Place, RIGHT};

fn json(place: &Place, args: &[&str]) -> (i32, Value) {
    let ran = place.run(args);
    (ran.status, serde_json::from_slice(&ran.out).unwrap_or_else(|e| panic!("{e}: {}{}", ran.text(), ran.err)))
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().unwrap()
}

/// A fix of either format: lines and columns, and what is to stand there.
struct Fix {
    start: (usize, usize),
    end: (usize, usize),
    text: String,
}

/// Makes fixes as another program would: by lines, and columns in units of `len`.
fn applied(text: &str, fixes: &[Fix], len: impl Fn(char) -> usize) -> String {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let offset = |(line, column): (usize, usize)| {
        let (mut at, mut left) = (starts[line - 1], column - 1);
        while left > 0 {
            let c = text[at..].chars().next().expect("a column of the line");
            (at, left) = (at + c.len_utf8(), left.checked_sub(len(c)).expect("a border of a character"));
        }
        at
    };
    let (mut out, mut done) = (String::new(), 0);
    for fix in fixes {
        out += &text[done..offset(fix.start)];
        out += &fix.text;
        done = offset(fix.end);
    }
    out + &text[done..]
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

#[test]
fn fixes_of_other_formats_make_what_fix_makes() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let place = Place::new();
    place.tool("cp", &["-r", seeds.to_str().unwrap(), "seeds"]);
    let (_, log) = json(&place, &["check", "--format", "sarif", "seeds"]);
    assert_eq!(log["runs"][0]["columnKind"], "utf16CodeUnits");
    let mut files: BTreeMap<String, [Vec<Fix>; 2]> = BTreeMap::new();
    for result in results(&log) {
        let Some(fix) = result["fixes"].as_array().map(|fixes| &fixes[0]["artifactChanges"][0]) else { continue };
        let path = fix["artifactLocation"]["uri"].as_str().unwrap();
        let Value::Object(region) = &fix["replacements"][0]["deletedRegion"] else { panic!("a region") };
        let at = |line: &str, column: &str| (number(&region[line]), number(&region[column]));
        files.entry(path.to_owned()).or_default()[0].push(Fix {
            start: at("startLine", "startColumn"),
            end: at("endLine", "endColumn"),
            text: fix["replacements"][0]["insertedContent"]["text"].as_str().unwrap().to_owned(),
        });
    }
    let (_, report) = json(&place, &["check", "--format", "rdjson", "seeds"]);
    for diagnostic in report["diagnostics"].as_array().unwrap() {
        let Some(fix) = diagnostic["suggestions"].as_array().map(|fixes| &fixes[0]) else { continue };
        let at = |point: &Value| (number(&point["line"]), number(&point["column"]));
        let path = diagnostic["location"]["path"].as_str().unwrap();
        files.get_mut(path).unwrap()[1].push(Fix {
            start: at(&fix["range"]["start"]),
            end: at(&fix["range"]["end"]),
            text: fix["text"].as_str().unwrap().to_owned(),
        });
    }
    assert_eq!(place.run(&["fix", "--quiet", "seeds"]).status, 0);
    let mut tried = 0;
    for (path, [sarif, rdjson]) in files {
        let Ok(before) = std::fs::read_to_string(seeds.with_file_name(&path)) else { continue };
        let after = String::from_utf8(place.read(&path)).unwrap();
        assert_eq!(applied(&before, &sarif, char::len_utf16), after, "{path}");
        assert_eq!(applied(&before, &rdjson, char::len_utf8), after, "{path}");
        tried += 1;
    }
    assert!(tried >= 15, "only {tried} files");
}

#[test]
fn sarif_counts_utf_16_and_names_files_by_references() {
    let place = Place::with(&[("a b/ü.txt", &format!("right\n𝄞𝄞 {BROKEN}\n"))]);
    let (status, log) = json(&place, &["check", "--format", "sarif"]);
    assert_eq!((status, &log["version"]), (1, &"2.1.0".into()));
    let result = &results(&log)[0];
    let location = &result["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "a%20b/%C3%BC.txt");
    let region = serde_json::json!({ "startLine": 2, "startColumn": 11, "endLine": 2, "endColumn": 14 });
    assert_eq!(location["region"], region);
    assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"], region);
    assert_eq!((&result["ruleId"], &result["level"]), (&"mojibake".into(), &"error".into()));
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], true);
    // In an encoding of its own, the columns are those of its text.
    place.write("w.txt", format!("𝄞 {BROKEN}\n").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    let (_, log) = json(&place, &["check", "--format", "sarif", "--encoding", "utf-16le", "w.txt"]);
    let region = &results(&log)[0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startColumn"], &region["endColumn"]), (&9.into(), &12.into()));
}

#[test]
fn what_cannot_be_repaired_has_no_fix() {
    let place = Place::with(&[("a.txt", "The kaz\u{FFFD} on the pier, br\u{FFFD}zq and open\n")]);
    let (status, log) = json(&place, &["check", "--format", "sarif"]);
    let lost = &results(&log)[0];
    assert_eq!((status, &lost["ruleId"], &lost["level"]), (0, &"lost-text".into(), &"note".into()));
    assert!(lost.get("fixes").is_none(), "{lost}");
    let (_, report) = json(&place, &["check", "--format", "rdjson"]);
    let lost = &report["diagnostics"][0];
    assert_eq!((&lost["severity"], &lost["code"]["value"]), (&"INFO".into(), &"lost-text".into()));
    assert!(lost.get("suggestions").is_none(), "{lost}");
    // A byte order mark is in no column.
    place.write("a.txt", "\u{FEFF}right\n");
    let (_, log) = json(&place, &["check", "--format", "sarif", "--normalize", "bom=strip"]);
    assert_eq!((results(&log).len(), results(&log)[0].get("fixes")), (1, None));
}

#[test]
fn an_annotation_is_one_command_whatever_the_file_holds() {
    let place = Place::with(&[("old, 100%.txt", &format!("::error::x {BROKEN}\r\n")), ("z.txt", RIGHT)]);
    let text = place.run(&["check", "--format", "github"]).text();
    let at = "file=old%2C 100%25.txt,line=1,col=17,endLine=1,endColumn=19,title=Broken text";
    assert!(text.starts_with(&format!("::error {at}::::error::x Peterâ€™s hat → ")), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    // What is less sure is less grave; an error of the run is a warning.
    place.write("old, 100%.txt", "caf\u{FFFD} na\u{FFFD}ve\n");
    let ran = place.run(&["check", "--format", "github", "--lost", "count", ".", "missing.txt"]);
    assert!(ran.text().contains("::notice file=old%2C 100%25.txt,line=1,col=4,"), "{}", ran.text());
    assert!(ran.text().contains("::warning file=missing.txt,title=unbake::missing.txt: "), "{}", ran.text());
    assert_eq!(ran.status, 2);
}

#[test]
fn fingerprints_tell_findings_apart_and_stay_when_they_move() {
    let lines = format!("{BROKEN}\nbetween\n{BROKEN}\n");
    let place = Place::with(&[("a.txt", &lines)]);
    let prints = || -> Vec<String> {
        let (_, report) = json(&place, &["check", "--format", "gitlab"]);
        report.as_array().unwrap().iter().map(|one| one["fingerprint"].as_str().unwrap().to_owned()).collect()
    };
    let before = prints();
    assert_eq!((before.len(), before[0] == before[1]), (2, false));
    place.write("a.txt", format!("a new line\n{lines}"));
    assert_eq!(prints(), before);
    let (_, log) = json(&place, &["check", "--format", "sarif"]);
    assert_eq!(results(&log)[0]["partialFingerprints"]["unbakeFinding/v1"], before[0].as_str());
}

#[test]
fn what_is_in_an_archive_is_told_at_the_archive() {
    let place = Place::with(&[("in.txt", &format!("one\n{BROKEN}\n"))]);
    place.tool("tar", &["-czf", "old.tar.gz", "in.txt"]);
    let (_, log) = json(&place, &["check", "--format", "sarif", "old.tar.gz"]);
    let result = &results(&log)[0];
    let location = &result["locations"][0]["physicalLocation"];
    assert_eq!((&location["artifactLocation"]["uri"], location.get("region")), (&"old.tar.gz".into(), None));
    assert!(result["message"]["text"].as_str().unwrap().starts_with("in.txt:2:6: Peter"), "{result}");
    assert!(result.get("fixes").is_none());
    let (_, report) = json(&place, &["check", "--format", "gitlab", "old.tar.gz"]);
    assert_eq!(report[0]["location"]["lines"]["begin"], 1);
}

#[test]
fn formats_go_to_a_file_and_obey_the_options_of_check() {
    let place = Place::with(&[("a.txt", BROKEN)]);
    let ran = place.run(&["check", "--format", "gitlab", "-o", "q.json", "--exit-zero", "a.txt"]);
    assert_eq!((ran.status, ran.out.len()), (0, 0), "{}", ran.err);
    let report: Value = serde_json::from_slice(&place.read("q.json")).unwrap();
    assert_eq!(report[0]["location"]["path"], "a.txt");
    // Nothing found is a whole document, too.
    place.write("a.txt", RIGHT);
    for (format, empty) in [("gitlab", "/0"), ("sarif", "/runs/0/results/0"), ("rdjson", "/diagnostics/0")] {
        let (status, report) = json(&place, &["check", "--format", format, "a.txt"]);
        assert_eq!((status, report.pointer(empty)), (0, None), "{format}");
    }
    assert!(place.run(&["check", "--format", "sarif", "--statistics"]).err.contains("leave out --statistics"));
    assert_eq!(place.run(&["check", "--format", "json", "-o", "x"]).status, 2);
    // A page obeys them as well.
    place.write("a.txt", BROKEN);
    assert_eq!(place.run(&["check", "--format", "html", "-o", "r.html", "--exit-zero", "a.txt"]).status, 0);
}
