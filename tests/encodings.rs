//! Files in every encoding: with and without a mark, with all line ends, damaged in several ways. What is repaired is one
//! edit in the file's own encoding, every other byte is what it was, and the way back is exact.

use unbake::{Config, Engine, How, Plan};

// unbake: off
/// What stands in a line, what is right there, and which of the encodings below have both.
const DAMAGE: [(&str, &str, &[&str]); 4] = [
    ("le cafÃ© noir est sur la table", "le café noir est sur la table", &["windows-1252", "iso-8859-15", "macintosh"]),
    ("Peterâ€™s hat shop is over there", "Peter’s hat shop is over there", &["windows-1252"]),
    ("РџСЂРёРІРµС‚, РјРёСЂ! РљР°Рє РґРµР»Р°?", "Привет, мир! Как дела?", &["windows-1251"]),
    ("C'est dÃƒÂ©jÃƒÂ\u{a0} trÃƒÂ¨s tard", "C'est déjà très tard", &["windows-1252"]),
];
// unbake: on

type Write = fn(&str) -> Vec<u8>;

/// Unicode encodings: label, mark, how they are written.
const WIDE: [(&str, &[u8], Write); 4] = [
    ("utf-16le", b"\xFF\xFE", |text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ("utf-16be", b"\xFE\xFF", |text| text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ("utf-32le", b"\xFF\xFE\0\0", |text| text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect()),
    ("utf-32be", b"\0\0\xFE\xFF", |text| text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect()),
];

const LINE_ENDS: [&str; 3] = ["\n", "\r\n", "\r"];

fn lines(middle: &str, end: &str) -> String {
    ["First line, nothing wrong here", middle, "Third line: nothing wrong here, either", ""].join(end)
}

/// The plan is one edit after the other within the damage, and makes the right bytes of it; and all of it can be taken back.
fn prove(plan: &Plan, broken: &[u8], right: &[u8], what: &str) {
    assert!(!plan.is_empty(), "{what}: nothing found");
    assert_eq!(plan.apply(broken).expect("the source"), right, "{what}");
    assert_eq!(plan.invert().apply(right).expect("the result"), broken, "{what}");
}

#[test]
fn wide_files_are_repaired_in_kind() {
    let engine = Engine::default();
    let mut cases = 0;
    for (label, mark, write) in WIDE {
        for marked in [true, false] {
            for end in LINE_ENDS {
                for (broken, right, _) in DAMAGE {
                    let bytes = |middle: &str| {
                        let mut bytes = if marked { mark.to_vec() } else { Vec::new() };
                        bytes.extend(write(&lines(middle, end)));
                        bytes
                    };
                    let (broken_bytes, right_bytes) = (bytes(broken), bytes(right));
                    let what = format!("{label} marked {marked} {end:?} {broken}");
                    let plan = engine.plan_file(&broken_bytes, "a.txt".as_ref());
                    prove(&plan, &broken_bytes, &right_bytes, &what);
                    let form = plan.form().expect("a form");
                    assert_eq!((form.label, form.how), (label, if marked { How::Mark } else { How::Shape }), "{what}");
                    assert_eq!(plan.edits()[0].place.line, if end == "\r" { 1 } else { 2 }, "{what}");
                    assert!(engine.plan_file(&right_bytes, "a.txt".as_ref()).is_empty(), "{what}: again");
                    cases += 1;
                }
            }
        }
    }
    assert_eq!(cases, 4 * 2 * 3 * 4);
}

#[test]
fn utf_8_files_keep_their_mark() {
    for mark in ["", "\u{feff}"] {
        for end in LINE_ENDS {
            for (broken, right, _) in DAMAGE {
                let (broken, right) = (mark.to_owned() + &lines(broken, end), mark.to_owned() + &lines(right, end));
                let plan = Engine::default().plan_file(broken.as_bytes(), "a.txt".as_ref());
                prove(&plan, broken.as_bytes(), right.as_bytes(), &format!("{mark:?} {end:?}"));
                assert_eq!(plan.form(), None);
            }
        }
    }
}

/// Text in a single-byte encoding; all of it is there.
fn single(label: &str, text: &str) -> Vec<u8> {
    match label {
        "macintosh" | "iso-8859-15" | "windows-1251" | "windows-1252" => {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("known");
            let (bytes, _, lost) = encoding.encode(text);
            assert!(!lost, "{label} has not all of {text}");
            bytes.into_owned()
        }
        _ => unreachable!("{label}"),
    }
}

#[test]
fn files_in_an_encoding_that_is_given_are_repaired_in_kind() {
    for label in ["windows-1252", "iso-8859-15", "macintosh", "windows-1251"] {
        let engine = Engine::new(Config { encoding: Some(label.to_owned()), ..Config::default() });
        for end in LINE_ENDS {
            for (broken, right, have) in DAMAGE {
                if !have.contains(&label) {
                    continue;
                }
                let (broken, right) = (single(label, &lines(broken, end)), single(label, &lines(right, end)));
                let plan = engine.plan_file(&broken, "a.txt".as_ref());
                prove(&plan, &broken, &right, &format!("{label} {end:?}"));
                let form = plan.form().expect("a form");
                assert_eq!((form.label, form.how), (label, How::Given));
            }
        }
    }
}

#[test]
fn a_declared_encoding_is_believed_where_the_file_is_no_utf_8() {
    // unbake: off
    let text =
        |middle: &str| format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<a>über</a>\n<b>{middle}</b>\n");
    let (broken, right) = (text("le cafÃ© noir, trÃ¨s chaud"), text("le café noir, très chaud"));
    // unbake: on
    let (broken, right) = (single("windows-1252", &broken), single("windows-1252", &right));
    let plan = Engine::default().plan_file(&broken, "a.txt".as_ref());
    prove(&plan, &broken, &right, "declared");
    assert_eq!(plan.form().map(|form| form.how), Some(How::Declared));
}

#[test]
fn what_the_encoding_of_the_file_does_not_have_is_refused_with_a_note() {
    // unbake: ignore-next-line
    let broken = single("windows-1252", "Dvoř".trim_end_matches('ř'))
        .into_iter()
        .chain(*b"\xC5\x99\xC3\xA1k")
        .collect::<Vec<_>>();
    let engine = Engine::new(Config { encoding: Some("windows-1252".to_owned()), ..Config::default() });
    let plan = engine.plan_file(&broken, "a.txt".as_ref());
    let right = plan.apply(&broken).expect("the source");
    assert_eq!(right, broken, "left as it is");
    assert!(plan.notes()[0].what.contains("has no `ř`"), "{:?}", plan.notes());
    assert_eq!((plan.notes()[0].line, plan.notes()[0].column), (1, 4));
}

#[test]
fn bytes_that_are_no_text_stay() {
    // unbake: ignore-next-line
    let (broken, right) = ("le cafÃ© noir\r\n", "le café noir\r\n");
    let (_, mark, write) = WIDE[0];
    let bytes = |text: &str| [mark, &write(text), b"\x00\xD8\x0A\0", &write(text), b"\x34\xD8\x41"].concat();
    let plan = Engine::default().plan_file(&bytes(broken), "a.txt".as_ref());
    prove(&plan, &bytes(broken), &bytes(right), "lone surrogates and half a unit");
    assert_eq!(plan.invalid().len(), 2);
}
