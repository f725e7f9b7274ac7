//! What stands around a place speaks for it: near it always, anywhere with `--consensus`.

use crate::support::{Place, clean};

/// Enough to go by, and what it is.
const STRONG: &str = "caf├⌐ tr├¿s bient├┤t\nM├╝de M├╢wen\nStra├ƒe\n";
const STRONG_RIGHT: &str = "café très bientôt\nMüde Möwen\nStraße\n";

/// A line that alone is too little to go by, and what it is. The better the judge, the fewer there are.
fn weak(place: &Place) -> (String, String) {
    let lines = [
        ("├╢", "ö"),
        ("├╝", "ü"),
        ("├í", "á"),
        ("├│", "ó"),
        ("├▒", "ñ"),
        ("├¿", "è"),
        ("├┤", "ô"),
        ("┬░", "°"),
        ("├½", "ë"),
    ];
    let (weak, right) = lines
        .into_iter()
        .map(|(weak, right)| (format!("{weak}\n"), format!("{right}\n")))
        .find(|(weak, right)| {
            place.feed(&["pipe"], weak).text() == *weak
                && place.feed(&["pipe"], format!("{weak}{STRONG}")).text().starts_with(right)
        })
        .expect("a line that is too weak alone, and strong enough in company");
    (weak, right)
}

#[test]
fn a_weak_place_is_repaired_where_its_surroundings_are_broken_alike() {
    let place = Place::new();
    let (weak, right) = weak(&place);
    for (input, wanted) in [
        (format!("{weak}{STRONG}"), format!("{right}{STRONG_RIGHT}")),
        (format!("{STRONG}{weak}"), format!("{STRONG_RIGHT}{right}")),
        (format!("{weak}{}{STRONG}", clean(60_000)), format!("{right}{}{STRONG_RIGHT}", clean(60_000))),
        // Too far away.
        (format!("{weak}{}{STRONG}", clean(70_000)), format!("{weak}{}{STRONG_RIGHT}", clean(70_000))),
        (format!("{STRONG}{}{weak}", clean(70_000)), format!("{STRONG_RIGHT}{}{weak}", clean(70_000))),
        // Another chain says nothing of this one.
        (format!("{weak}M√ºde M√∂wen √ºber der M√ºndung\n"), format!("{weak}Müde Möwen über der Mündung\n")),
        // Nor does what is told to be right.
        (format!("{weak}unbake: off\n{STRONG}"), format!("{weak}unbake: off\n{STRONG}")),
    ] {
        assert_eq!(place.feed(&["pipe"], &input).text(), wanted);
        assert_eq!(place.feed(&["pipe"], &wanted).text(), wanted, "once more");
    }
}

#[test]
fn what_was_lifted_is_never_certain_and_lifts_nothing() {
    let place = Place::new();
    let (weak, right) = weak(&place);
    place.write("a.txt", format!("{weak}{STRONG}"));
    let listed = place.run(&["check", "a.txt"]).text();
    let first = listed.lines().next().expect("a finding");
    assert!(first.starts_with("a.txt:1:") && first.contains("likely]"), "{first}");
    assert!(!place.run(&["check", "--min-confidence", "certain", "a.txt"]).text().contains("a.txt:1:"));
    // Each weak place is near the next, the strong one near the first only.
    let chain = [STRONG, &weak, &weak].join(&clean(40_000));
    let wanted = [STRONG_RIGHT, &right, &weak].join(&clean(40_000));
    assert_eq!(place.feed(&["pipe"], &chain).text(), wanted);
}

#[test]
fn with_consensus_all_files_count_as_one_text() {
    let place = Place::with(&[("deep/b.csv", STRONG), ("c.csv", "right\n")]);
    let (weak, right) = weak(&place);
    place.write("a.csv", &weak);
    let files = |args: &[&str]| {
        let text = place.run(args).text();
        let mut files: Vec<_> =
            text.lines().map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect();
        files.dedup();
        files
    };
    assert_eq!(files(&["check"]), ["deep/b.csv"]);
    for threads in ["1", "4"] {
        assert_eq!(files(&["check", "--consensus", "-j", threads]), ["a.csv", "deep/b.csv"]);
    }
    assert_eq!(files(&["check", "--consensus", "a.csv"]), [""; 0]);
    assert!(place.run(&["diff", "--consensus"]).text().contains(&format!("+{right}")));
    let ran = place.feed(&["check", "--consensus", "-", "deep"], &weak);
    assert!(ran.text().contains("<stdin>:1:"), "{}", ran.text());
    assert_eq!(place.run(&["fix", "--consensus", "-q"]).status, 0);
    assert_eq!(place.read("a.csv"), right.as_bytes());
    assert_eq!(place.run(&["check", "--consensus"]).status, 0);
}

#[test]
fn with_consensus_records_and_streams_are_read_twice() {
    let place = Place::new();
    let (weak, right) = weak(&place);
    let far = format!("{weak}{}{STRONG}", clean(70_000));
    let wanted = format!("{right}{}{STRONG_RIGHT}", clean(70_000));
    assert_eq!(place.feed(&["pipe", "--consensus"], &far).text(), wanted);
    let record = |text: &str| format!("{{\"text\":\"{}\"}}\n", text.trim_end().replace('\n', "\\n"));
    let records = format!("\u{feff}{}no record\n{}", record(&weak), record(STRONG));
    let out = format!("\u{feff}{}no record\n{}", record(&right), record(STRONG_RIGHT));
    let alone = place.feed(&["pipe", "--jsonl", "--keep-going"], &records);
    assert!(alone.text().contains(weak.trim_end()));
    let ran = place.feed(&["pipe", "--jsonl", "--keep-going", "--consensus"], &records);
    assert_eq!((ran.status, ran.text()), (2, out), "{}", ran.err);
    // More than is kept in memory.
    let filler = record("plain words and nothing else, over and over again").repeat(160_000);
    let records = format!("{}{filler}{}", record(&weak), record(STRONG));
    let ran = place.feed(&["pipe", "--jsonl", "--consensus"], records);
    assert!(ran.status == 0 && ran.text().starts_with(&record(&right)), "{}", ran.err);
}
