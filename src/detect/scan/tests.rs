//! The scan beside its twin: in whole texts, at every place, in any text and in long ones.

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::super::twin;
use super::*;

fn next_suspect(text: &str, from: usize) -> Option<usize> {
    thread_local!(static KNOWN: RefCell<Known> = RefCell::new(Known::new()));
    KNOWN.with_borrow_mut(|known| super::next_suspect(text, from, known))
}

#[test]
fn right_text_has_no_suspect() {
    for text in ["plain", "naïve café – “right” Привет", "日本語のテキスト", "Ελληνικά", "한국어 문장입니다"]
    {
        assert_eq!(next_suspect(text, 0), None, "{text}");
    }
}

#[test]
fn damage_is_suspect_where_it_begins_or_a_little_later() {
    for (text, begins) in [
        ("ab cafÃ©", 6),
        ("éâ€™s", 2),
        ("x ðŸ˜€", 2),
        ("lone \u{92} control", 5),
        ("ab РџСЂРёРІРµС‚", 3),
        ("It鈥檚 here", 2),
        ("Ïðèâåò, ìèð", 0),
    ] {
        let found = next_suspect(text, 0).unwrap_or_else(|| panic!("nothing in {text}"));
        assert!((begins..begins + 8).contains(&found), "{text}: {found}");
    }
    assert_eq!(next_suspect("cafÃ©", 7), None);
}

#[test]
fn scripts_whose_letters_are_sequences_of_their_own_page_pass() {
    for text in ["Съешь ещё этих мягких французских булок", "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า", "نص حكيم له سر قاطع"]
    {
        assert_eq!(next_suspect(text, 0), None, "{text}");
    }
}

/// Every suspect that the twin finds from `from` on, and then after each of them, is found at the same place.
fn agrees(text: &str, from: usize) -> Result<(), String> {
    let mut from = from;
    loop {
        let (found, expected) = (next_suspect(text, from), twin::next_suspect(text, from));
        if found != expected {
            return Err(format!("from {from}: {found:?}, not {expected:?}, in {text:?}"));
        }
        let Some(found) = found else { return Ok(()) };
        from = from.max(found) + text[from.max(found)..].chars().next().map_or(1, char::len_utf8);
        if from >= text.len() {
            return Ok(());
        }
    }
}

pub fn texts() -> Vec<String> {
    fn collect(folder: &Path, into: &mut Vec<String>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                collect(&path, into);
            } else {
                into.push(String::from_utf8_lossy(&fs::read(&path).expect("read")).into_owned());
            }
        }
    }
    let mut all = Vec::new();
    for folder in ["seeds", "tests/cases", "tests/seeds-right", "tests/model-sample/text", "src"] {
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut all);
    }
    assert!(all.len() > 60);
    all
}

#[test]
fn it_finds_what_its_twin_does_in_whole_texts() {
    for text in texts() {
        agrees(&text, 0).unwrap();
        for line in text.lines() {
            agrees(line, 0).unwrap();
        }
    }
}

/// At every alignment and across every border of a step: each suspect of a short text, moved byte by byte.
#[test]
fn it_finds_what_its_twin_does_at_every_place() {
    let samples = [
        "cafÃ©",
        "â€™",
        "ðŸ˜€",
        "\u{92}",
        "РџСЂРёРІРµС‚",
        "It鈥檚",
        "Ïðèâåò",
        "sesi처n",
        "Ä\u{8d}",
        "é",
        "я",
        "的",
        "🙂",
        "한글",
    ];
    for sample in samples {
        for fill in ["x", "я", "的", " é"] {
            for count in 0..140 / fill.len() {
                for end in ["", " ", "x", "日本", "ы й"] {
                    let text = fill.repeat(count) + sample + end;
                    agrees(&text, 0).unwrap();
                    if fill.len() == 1 {
                        agrees(&text, count.min(3)).unwrap();
                    }
                }
            }
        }
    }
}

/// Blocks of characters: those near each other in text may well be of one script, of a page, of ASCII.
const RANGES: [(u32, u32); 14] = [
    (0x20, 0x7F),
    (0x80, 0x180),
    (0x80, 0xA0),
    (0x370, 0x400),
    (0x400, 0x460),
    (0x5D0, 0x5F0),
    (0x600, 0x700),
    (0x900, 0x980),
    (0xE00, 0xE60),
    (0x2010, 0x2140),
    (0x2500, 0x25A0),
    (0x3000, 0x3100),
    (0x4E00, 0x9FFF),
    (0x0, 0x11_0000),
];

fn of_range(kind: usize, picks: &[u32]) -> String {
    let (low, high) = RANGES[kind];
    let pick = |pick: &u32| low + ((u64::from(*pick) * u64::from(high - low)) >> 16) as u32;
    picks.iter().filter_map(|at| char::from_u32(pick(at))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn it_finds_what_its_twin_does_in_any_text(
        parts in prop::collection::vec((0..RANGES.len(), prop::collection::vec(0u32..1 << 16, 1..12)), 0..14),
        from in 0usize..20,
    ) {
        let text: String = parts.iter().map(|(kind, picks)| of_range(*kind, picks)).collect();
        let from = (0..=from.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        prop_assert_eq!(agrees(&text, from), Ok(()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 64, ..ProptestConfig::default() })]

    /// Long texts of many scripts, with something strange here and there, moved by each number of bytes that a step may
    /// be off.
    #[test]
    fn it_finds_what_its_twin_does_in_long_texts(
        picks in prop::collection::vec(any::<prop::sample::Index>(), 64..=64),
        strange in prop::collection::vec((0..RANGES.len(), prop::collection::vec(0u32..1 << 16, 1..4)), 64..=64),
    ) {
        const LEN: usize = 64 << 10;
        let texts = texts();
        let lines: Vec<&str> = texts.iter().flat_map(|text| text.lines()).filter(|line| !line.is_ascii()).collect();
        let mut text = " ".repeat(lanes::WIDTH);
        for at in 0.. {
            if text.len() >= LEN {
                break;
            }
            // The same picks lead to other lines in each round.
            let (round, at) = (at / picks.len(), at % picks.len());
            text.push_str(lines[(picks[at].index(lines.len()) + 31 * round) % lines.len()]);
            text.push_str(if (at + round) % 3 == 0 { "" } else { " " });
            if (at + round) % 5 == 0 {
                text.push_str(&of_range(strange[at].0, &strange[at].1));
            }
        }
        for off in 0..lanes::WIDTH {
            prop_assert_eq!(agrees(&text[off..], 0), Ok(()));
        }
    }
}
