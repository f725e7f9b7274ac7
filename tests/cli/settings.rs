//! Settings files and the flags above them.

use crate::support::{BROKEN, Place, RIGHT};

/// Which files have findings.
fn found(place: &Place, args: &[&str]) -> Vec<String> {
    let ran = place.run(args);
    assert_ne!(ran.status, 2, "{}", ran.err);
    ran.text().lines().map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_nearest_file_is_the_only_one_that_counts() {
    let place = Place::with(&[
        ("unbake.toml", "allow = ['Peterâ€™s hat']"),
        ("a.txt", BROKEN),
        ("sub/unbake.toml", "min-confidence = 'likely'"),
        ("sub/b.txt", BROKEN),
        ("sub/deep/er/c.txt", BROKEN),
        ("py/pyproject.toml", "[tool.unbake]\nallow = ['Peterâ€™s hat']"),
        ("py/d.txt", BROKEN),
        ("other/pyproject.toml", "[tool.ruff]\nx = 1"),
        ("other/e.txt", BROKEN),
        ("hid/.unbake.toml", "allow = []"),
        ("hid/f.txt", BROKEN),
    ]);
    assert_eq!(found(&place, &["check"]), ["hid/f.txt", "sub/b.txt", "sub/deep/er/c.txt"]);
    let all = ["a.txt", "hid/f.txt", "other/e.txt", "py/d.txt", "sub/b.txt", "sub/deep/er/c.txt"];
    let texts: Vec<String> = found(&place, &["check", "--no-config", "--include", "*.txt"]);
    assert_eq!(texts, all);
    assert_eq!(found(&place, &["check", "--config", "unbake.toml", "--include", "*.txt"]), [""; 0]);
    assert_eq!(place.feed(&["check", "-", "--stdin-filename", "sub/x.txt"], BROKEN).status, 1);
    assert_eq!(place.feed(&["check", "-", "--stdin-filename", "x.txt"], BROKEN).status, 0);
}

#[test]
fn a_wrong_file_is_one_error_and_its_files_are_left_alone() {
    let place = Place::with(&[
        ("bad/unbake.toml", "min-confidance = 'likely'"),
        ("bad/a.txt", BROKEN),
        ("bad/sub/b.txt", BROKEN),
        ("good/c.txt", BROKEN),
    ]);
    let ran = place.run(&["fix"]);
    assert_eq!(ran.status, 2);
    assert_eq!(ran.err.matches("did you mean `min-confidence`?").count(), 1, "{}", ran.err);
    assert_eq!(place.read("bad/a.txt"), BROKEN.as_bytes());
    assert_ne!(place.read("good/c.txt"), BROKEN.as_bytes());
    for wrong in ["hidden = 3", "min-confidence = 'sure'", "from = ['windows-1525']", "chains = ['x']", "nonsense"] {
        let place = Place::with(&[("unbake.toml", wrong), ("a.txt", BROKEN)]);
        let ran = place.run(&["check"]);
        assert!(ran.status == 2 && ran.err.contains("unbake.toml: "), "{wrong}: {}", ran.err);
    }
}

#[test]
fn flags_win() {
    let place = Place::with(&[("a.txt", BROKEN), ("unbake.toml", "from = ['ibm437']\nchains = ['utf-8:ibm850']")]);
    assert_eq!(found(&place, &["check", "a.txt"]), [""; 0]);
    let args = ["check", "a.txt", "--from", "windows-1252", "--chain", "utf-8:windows-1252"];
    assert_eq!(found(&place, &args), ["a.txt"]);
}

#[test]
fn excludes_hold_for_what_is_walked_and_for_named_files_when_forced() {
    let place = Place::with(&[
        ("unbake.toml", "exclude = ['vendor/', '*.min.js', '/top.txt']"),
        ("vendor/a.txt", BROKEN),
        ("sub/vendor/b.txt", BROKEN),
        ("x.min.js", BROKEN),
        ("top.txt", BROKEN),
        ("sub/top.txt", BROKEN),
        ("keep.txt", BROKEN),
    ]);
    let text = ["--include", "*.txt", "--include", "*.js"];
    assert_eq!(found(&place, &[&["check"], &text[..]].concat()), ["keep.txt", "sub/top.txt"]);
    assert_eq!(found(&place, &["check", "vendor/a.txt"]), ["vendor/a.txt"]);
    assert_eq!(found(&place, &["check", "--force-exclude", "vendor/a.txt", "keep.txt"]), ["keep.txt"]);
    assert_eq!(found(&place, &["check", "--exclude", "sub", "--include", "*.txt"]), ["keep.txt"]);
    assert_eq!(found(&place, &["check", "--exclude", "keep.txt", "--force-exclude", "keep.txt"]), [""; 0]);
    place.write("sub/unbake.toml", "exclude = ['sub', 'vendor', '/x']");
    assert_eq!(found(&place, &["check", "--include", "*.txt"]), ["keep.txt", "sub/top.txt"]);
    let args = ["check", "--config", "sub/unbake.toml", "--include", "*.txt", "sub", "top.txt"];
    assert_eq!(found(&place, &args), ["sub/top.txt", "top.txt"]);
    let outside = Place::with(&[("a.txt", BROKEN)]);
    let path = outside.path("a.txt");
    assert_eq!(place.run(&["check", "--exclude", "*.txt", "--force-exclude", path.to_str().unwrap()]).status, 0);
}

#[test]
fn a_folder_that_is_named_is_entered_whatever_is_excluded() {
    let place = Place::with(&[
        ("unbake.toml", "exclude = ['vendor/', '*.min.js', 'docs/*.md']"),
        ("vendor/a.txt", BROKEN),
        ("vendor/x.min.js", BROKEN),
        ("vendor/deep/b.txt", BROKEN),
        ("vendor/deep/vendor/c.txt", BROKEN),
        ("docs/d.md", BROKEN),
        ("docs/e.txt", BROKEN),
    ]);
    assert_eq!(found(&place, &["check"]), ["docs/e.txt"]);
    assert_eq!(found(&place, &["check", "vendor", "docs"]), ["vendor/a.txt", "vendor/deep/b.txt", "docs/e.txt"]);
    assert_eq!(found(&place, &["check", "vendor/deep"]), ["vendor/deep/b.txt"]);
    assert_eq!(found(&place, &["check", "--exclude", "deep", "vendor/deep"]), ["vendor/deep/b.txt"]);
    assert_eq!(found(&place, &["check", "--force-exclude", "vendor", "docs"]), ["docs/e.txt"]);
}

#[test]
fn includes_choose_among_what_is_walked() {
    let place = Place::with(&[("unbake.toml", "include = ['docs/']"), ("docs/a.txt", BROKEN), ("b.txt", BROKEN)]);
    assert_eq!(found(&place, &["check"]), ["docs/a.txt"]);
    assert_eq!(found(&place, &["check", "b.txt"]), ["b.txt"]);
    assert_eq!(found(&place, &["check", "--include", "b.*"]), ["b.txt"]);
}

#[test]
fn hidden_and_ignored_files_by_settings() {
    let place = Place::with(&[
        ("unbake.toml", "hidden = true\nignore-files = false"),
        (".ignore", "b.txt"),
        (".hid/a.txt", BROKEN),
        ("b.txt", BROKEN),
    ]);
    assert_eq!(found(&place, &["check"]), [".hid/a.txt", "b.txt"]);
}

#[test]
fn languages_and_scripts_are_hints() {
    let place = Place::with(&[("unbake.toml", "lang = ['pt']"), ("deep/unbake.toml", "script = ['Klingon']")]);
    place.write("deep/a.txt", BROKEN);
    let ran = place.run(&["check", "deep"]);
    assert!(ran.status == 2 && ran.err.contains("unknown script `Klingon`") && ran.err.contains("Cyrl"), "{}", ran.err);
    let ran = place.feed(&["check", "--lang", "pt,xx", "-"], BROKEN);
    assert!(ran.status == 2 && ran.err.contains("no letters are known for the language `xx`"), "{}", ran.err);
    // What is certain is repaired whatever the hint; letters of the language stay where there is a doubt.
    for args in [["pipe", "--lang", "ru"], ["pipe", "--script", "Grek"], ["pipe", "--lang", "pt-BR,en_GB"]] {
        assert_eq!(place.feed(&args, BROKEN).text(), RIGHT);
    }
    // Latvian has the letter that this would be, Portuguese has the ones that stand there.
    let doubtful = "MAÇÃ«\n";
    assert_eq!(place.feed(&["pipe", "--lang", "pt", "--min-confidence", "possible"], doubtful).text(), doubtful);
}

#[test]
fn rules_apply_only_beside_damage() {
    let place = Place::with(&[("unbake.toml", "[rules]\n'â??' = '’'\n'â??x' = '“x'\n")]);
    let text = "Petâ??s cafÃ© â??x\nPetâ??s\n";
    let right = "Pet’s café “x\nPetâ??s\n";
    place.write("a.txt", text);
    assert_eq!(place.feed(&["pipe"], text).text(), right);
    assert_eq!(place.feed(&["pipe"], right).text(), right);
    assert_eq!(place.feed(&["pipe", "--no-config"], text).text(), text.replace("Ã©", "é"));
    let listed = place.run(&["check", "a.txt"]).text();
    assert!(listed.contains("[a rule of yours, likely, lossy]") && listed.contains("→"), "{listed}");
    assert!(place.run(&["diff", "a.txt"]).text().contains("+Pet’s café “x"));
    for wrong in ["'' = 'x'", "'â' = 'â'", "'abc' = 'd'", "\"â\\n\" = \"x\""] {
        place.write("unbake.toml", format!("[rules]\n{wrong}\n"));
        let ran = place.run(&["check", "a.txt"]);
        assert!(ran.status == 2 && ran.err.contains("the rule `"), "{wrong}: {}", ran.err);
    }
}

/// Of several readings the one that is asked for, by every command; and nothing where there is none.
#[test]
fn from_narrows_every_command() {
    let text = "Привет, мир. Ã©tÃ© dÃ©jÃ\u{a0} M√ºde M√∂wen.\nпЅХЙЕ ЯКНБЮ.\n";
    let place = Place::with(&[("a.txt", text)]);
    for (label, is_made) in [("windows-1252", "été"), ("MacRoman", "Müde"), ("cp437", "Ã©tÃ©"), ("gbk", "Ã©tÃ©")]
    {
        let from = ["--from", label];
        let made = |out: &str| out.contains(is_made) && !(out.contains("été") && out.contains("Müde"));
        let right = place.feed(&[&["pipe"], &from[..]].concat(), text).text();
        assert!(made(&right), "{label}: {right}");
        let record = format!("{{\"text\":\"{}\"}}\n", text.trim_end().replace('\n', "\\n"));
        assert!(made(&place.feed(&[&["pipe", "--jsonl"], &from[..]].concat(), record).text()), "{label}");
        let changes = right != text;
        for command in ["check", "diff"] {
            assert_eq!(
                place.run(&[&[command, "a.txt"], &from[..]].concat()).status,
                i32::from(changes),
                "{command} {label}"
            );
        }
        let explained = place.run(&[&["explain", text], &from[..]].concat()).text();
        assert_eq!(explained.contains(" → "), changes, "{label}: {explained}");
        assert_eq!(place.feed(&[&["fix", "-", "-q"], &from[..]].concat(), text).text(), right, "{label}");
    }
    assert_eq!(place.run(&["check", "--from", "windows-1525"]).status, 2);
}

#[test]
fn a_settings_file_extends_another() {
    let place = Place::with(&[
        ("shared/base.toml", "allow = ['Peterâ€™s hat']\nexclude = ['/vendor/']\nlang = ['xx']"),
        ("work/unbake.toml", "extend = '../shared/base.toml'\nlang = ['de']\nexclude = ['*.md']"),
        ("work/a.txt", BROKEN),
        ("work/b.txt", "cafÃ©"),
        ("work/c.md", "cafÃ©"),
        ("work/vendor/d.txt", "cafÃ©"),
        ("py/pyproject.toml", "[tool.unbake]\nextend = '../work/unbake.toml'\nallow = ['cafÃ©']"),
        ("py/e.txt", "cafÃ©"),
        ("py/f.txt", "dÃ©jÃ\u{a0} vu"),
    ]);
    // What is excluded there is excluded here, from this folder; what is allowed adds up; the language is the nearest one.
    assert_eq!(found(&place, &["check", "work", "py"]), ["work/b.txt", "py/f.txt"]);
    let shown = place.run(&["check", "--show-settings", "py/e.txt"]).text();
    let base = |name: &str| place.dir().join(name).is_file();
    assert!(base("shared/base.toml") && shown.contains("# shared/base.toml + py/pyproject.toml"), "{shown}");
    assert!(
        shown.lines().any(|line| line.starts_with("lang = [\"de\"]") && line.ends_with("# work/unbake.toml")),
        "{shown}"
    );
}

#[test]
fn what_extends_wrongly_is_an_error_that_says_where() {
    for (files, why) in [
        (
            &[("unbake.toml", "extend = 'b.toml'"), ("b.toml", "extend = 'unbake.toml'")][..],
            "unbake.toml → b.toml → unbake.toml",
        ),
        (&[("unbake.toml", "extend = 'unbake.toml'")], "unbake.toml → unbake.toml"),
        (&[("unbake.toml", "extend = 'gone.toml'")], "unbake.toml: extend: gone.toml: "),
        (
            &[("unbake.toml", "extend = 'b.toml'"), ("b.toml", "exclud = []")],
            "b.toml: unknown key `exclud`; did you mean `exclude`?",
        ),
        (
            &[("unbake.toml", "extend = 'pyproject.toml'"), ("pyproject.toml", "[x]")],
            "pyproject.toml has no [tool.unbake] in it",
        ),
    ] {
        let place = Place::with(files);
        place.write("a.txt", BROKEN);
        let ran = place.run(&["check"]);
        assert!(ran.status == 2 && ran.err.contains(why), "{why}: {}", ran.err);
    }
}

#[test]
fn what_is_said_of_some_paths_holds_for_these() {
    let place = Place::with(&[(
        "unbake.toml",
        "normalize = ['final-newline']\n[types]\n'*.x' = 'json'\n[[per-path]]\npaths = ['docs/', '*.log']\nfrom = ['ibm437']\n\
         [[per-path]]\npaths = ['docs/de/*.log']\nfrom = ['windows-1252']\nnormalize = []\nallow = ['cafÃ©']\n\
         [[per-path]]\npaths = ['*.y']\ntype = 'plain'",
    )]);
    for path in ["a.txt", "a.log", "docs/a.txt", "docs/de/a.log"] {
        place.write(path, "Peterâ€™s cafÃ©");
    }
    for path in ["j.x", "j.y"] {
        place.write(path, "{\"a\": \"caf\\u00c3\\u00a9\"}\n");
    }
    let listed = place.run(&["check"]).text();
    let of =
        |path: &str| listed.lines().filter(|line| line.starts_with(&format!("{path}:"))).collect::<Vec<_>>().join("\n");
    assert!(of("a.txt").contains("windows-1252") && of("a.txt").contains("final-newline"), "{listed}");
    assert!(!of("a.log").contains("windows-1252") && of("a.log").contains("final-newline"), "{listed}");
    assert!(!of("docs/a.txt").contains("windows-1252"), "{listed}");
    assert!(of("docs/de/a.log").contains("Peter’s") && !of("docs/de/a.log").contains("final-newline"), "{listed}");
    assert!(!of("docs/de/a.log").contains("café"), "{listed}");
    assert!(of("j.x").contains("café") && of("j.y").is_empty(), "{listed}");
    // Flags stand above all of it.
    let listed = place.run(&["check", "a.log", "docs/de/a.log", "--from", "windows-1252", "--normalize", ""]).text();
    assert!(listed.lines().count() == 2 && !listed.contains("final-newline"), "{listed}");
    for wrong in ["paths = ['a']\nfrom = ['x1']", "paths = ['a']\nnormalize = ['nfx']", "paths = ['{a']", "from = []"] {
        place.write("unbake.toml", format!("[[per-path]]\n{wrong}\n"));
        let ran = place.run(&["check", "a.txt"]);
        assert!(
            ran.status == 2 && ran.err.contains("unbake.toml: ") && ran.err.contains("pat"),
            "{wrong}: {}",
            ran.err
        );
    }
}

#[test]
fn regular_expressions_allow_what_they_match() {
    let place = Place::with(&[("unbake.toml", "allow-regex = ['^msgid .*$', 'Ã©t']")]);
    let text = "msgid \"Peterâ€™s\"\r\nmsgstr \"Peterâ€™s Ã©tÃ©\"\nx msgid Peterâ€™s\n";
    let right = "msgid \"Peterâ€™s\"\r\nmsgstr \"Peter’s Ã©té\"\nx msgid Peter’s\n";
    assert_eq!(place.feed(&["pipe"], text).text(), right);
    assert_eq!(place.feed(&["pipe"], right).text(), right);
    // Nor is it normalised.
    let far = format!("msgid {} â€™ e\u{301}\n", "plain ".repeat(400));
    assert_eq!(place.feed(&["pipe", "--normalize", "nfc"], &far).text(), far);
    place.write("unbake.toml", "allow-regex = ['(']");
    let ran = place.feed(&["pipe"], text);
    assert!(ran.status == 2 && ran.err.contains("`(` is no regular expression: unclosed group"), "{}", ran.err);
}

#[test]
fn what_would_be_read_and_why_not() {
    let place = Place::with(&[
        ("unbake.toml", "exclude = ['/vendor/', '*.log']"),
        (".ignore", "out/\n"),
        ("a.txt", BROKEN),
        ("vendor/b.txt", BROKEN),
        ("out/c.txt", BROKEN),
        (".d.txt", BROKEN),
        ("e.bin", "\0\0\0\u{1}"),
        ("f.log", BROKEN),
    ]);
    let ran = place.run(&["check", "--show-files"]);
    assert_eq!((ran.status, ran.text().as_str()), (0, "a.txt\nunbake.toml\n"), "{}", ran.err);
    for (path, why) in [
        ("vendor/", "excluded"),
        ("out/", "an ignore file"),
        (".d.txt", "hidden"),
        ("e.bin", "binary"),
        ("f.log", "excluded"),
    ] {
        assert!(ran.err.contains(&format!("unbake: {path}: not read: {why}")), "{path}: {}", ran.err);
    }
    assert_eq!(place.run(&["check", "--show-files", "vendor/b.txt"]).text(), "vendor/b.txt\n");
    assert_eq!(place.run(&["check", "--show-files", "--force-exclude", "vendor/b.txt"]).text(), "");
}

#[test]
fn the_settings_that_hold_are_shown() {
    let place = Place::with(&[("unbake.toml", "lost = 'count'\n[[per-path]]\npaths = ['*.md']\nlost = 'ignore'")]);
    let shown = |args: &[&str]| place.run(&[&["check", "--show-settings"], args].concat()).text();
    let line = |text: &str, key: &str| text.lines().find(|line| line.starts_with(key)).expect("a line").to_owned();
    assert!(line(&shown(&[]), "lost").starts_with("lost = \"count\""));
    assert!(line(&shown(&["a.md"]), "lost").ends_with("# per-path `*.md`"));
    assert!(line(&shown(&["a.md", "--lost", "note"]), "lost").ends_with("# --lost"));
    // It can be read as settings again.
    place.write("again.toml", shown(&["a.md"]));
    assert!(line(&shown(&["a.txt", "--config", "again.toml"]), "lost").starts_with("lost = \"ignore\""));
}
