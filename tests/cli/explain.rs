//! `unbake explain`: each layer, with its code points and bytes.

use crate::support::Place;

#[test]
fn each_layer_has_its_code_points_and_its_bytes() {
    let text = Place::new().run(&["explain", "Ã¢â‚¬â„¢"]).text();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("Ã¢â‚¬â„¢ → ’  ["), "{text}");
    let expected = [
        "  at line 1, column 1",
        "  as it stands  Ã¢â‚¬â„¢  U+00C3 U+00A2 U+00E2 U+201A U+00AC U+00E2 U+201E U+00A2",
        "  undo utf-8 read as windows-1252",
        "    in windows-1252  C3 A2 E2 82 AC E2 84 A2",
        "    as utf-8         â€™  U+00E2 U+20AC U+2122",
        "  undo utf-8 read as windows-1252",
        "    in windows-1252  E2 80 99",
        "    as utf-8         ’  U+2019",
        "  repaired      ’  U+2019",
    ];
    assert_eq!(lines[1..=expected.len()], expected);
    let readings = &lines[expected.len() + 1..];
    assert_eq!(readings[0], "  readings of this place alone, in nats against the text as it stands:");
    assert!(readings[1].ends_with("utf-8 read as windows-1252, 2 times"), "{text}");
    assert!(readings.iter().any(|line| line.ends_with("as it stands")), "{text}");
}

#[test]
fn other_readings_come_with_their_odds() {
    let place = Place::with(&[("a.txt", "Ïðèâåò, ìèð\n")]);
    let text = place.run(&["explain", "Ïðèâåò, ìèð"]).text();
    let odds: Vec<f32> = text
        .lines()
        .skip_while(|line| !line.contains("readings of"))
        .skip(1)
        .take_while(|line| line.starts_with("    "))
        .filter_map(|line| line.split_whitespace().next()?.parse().ok())
        .collect();
    assert!(odds.len() > 2 && odds.is_sorted_by(|a, b| a >= b) && odds.contains(&0.0), "{text}");
    let ran = place.run(&["check", "--format", "jsonl", "--alternatives"]);
    let finding: serde_json::Value = serde_json::from_str(ran.text().lines().next().expect("a finding")).expect("JSON");
    let others = finding["alternatives"].as_array().expect("a list");
    assert!(!others.is_empty() && others.len() <= 3, "{finding}");
    assert!(
        others.iter().all(|other| other["after"] != "Привет" && other["chain"][0]["read_as"].is_string()),
        "{finding}"
    );
    assert!(!place.run(&["check", "--format", "jsonl"]).text().contains("alternatives"));
    assert_eq!(place.run(&["check", "--alternatives"]).status, 2);
}

#[test]
fn all_kinds_of_encodings() {
    let place = Place::new();
    for (broken, bytes, right) in [
        ("It鈥檚", "E2 80 | 99 73", "’s  U+2019 U+0073"),
        ("рТЙЧЕФ", "F0 D2 C9 D7 C5 D4", "Привет  U+041F U+0440"),
        ("Ïðèâåò", "CF F0 E8 E2 E5 F2", "Привет  U+041F U+0440"),
        ("ƒtƒ@ƒCƒ‹", "83 74 83 40 83 43 83 8B", "ファイル  U+30D5"),
    ] {
        let text = place.run(&["explain", "--min-confidence", "possible", broken]).text();
        assert!(text.contains(&format!("  {bytes}\n")) && text.matches(right).count() == 2, "{text}");
    }
}

#[test]
fn a_long_text_is_cut_short_and_what_is_lost_is_said() {
    let place = Place::new();
    let long = place.run(&["explain", &"Ð¼Ð¸Ñ€".repeat(90)]).text();
    assert!(long.contains(" …\n") && long.lines().all(|line| line.chars().count() < 400), "{long}");
    let lossy = place.run(&["explain", "--min-confidence", "possible", "dÃ©jÃ  vu, il Ã©tait lÃ  oÃ¹"]).text();
    assert!(lossy.contains("no text: not all of the bytes are there"), "{lossy}");
}

#[test]
fn nothing_is_said_with_what_may_help() {
    let place = Place::new();
    let ran = place.run(&["explain", "It’s"]);
    assert_eq!(ran.status, 0);
    assert!(ran.text().starts_with("nothing to undo: ") && ran.text().contains("around it"), "{}", ran.text());
    let text = place.run(&["explain", "--from", "ibm437", "Itâ€™s"]).text();
    assert!(text.contains("only some encodings were considered"), "{text}");
    let text = place.run(&["explain", "--min-confidence", "certain", "Ã¼"]).text();
    let wanted =
        "nothing to undo that is at least certain\n  --min-confidence possible shows 1 edit\n  weighed, and not";
    assert!(text.starts_with(wanted) && text.contains("as it stands"), "{text}");
    assert!(place.feed(&["explain"], "Itâ€™s").text().starts_with("â€™ → ’"));
}
