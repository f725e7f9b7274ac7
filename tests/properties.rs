//! The six invariants, on text that is made up: clean words in many scripts, damage of every kind laid over them, random
//! characters of the code pages, and any bytes at all.
//!
//! Failures are replayed from `tests/properties.proptest-regressions`. `PROPTEST_CASES=100000 cargo test --release
//! --test properties` looks longer.

mod laws;

use proptest::collection::vec;
use proptest::prelude::*;
use unbake::{Chain, Confidence, Config, Engine, Pass, Rule, Step};

use laws::pages::{self, PAGES};
use laws::{Chunks, Random};

/// Clean words, several scripts. Written for these tests.
const WORDS: &[&str] = &[
    "café",
    "naïve",
    "Straße",
    "über",
    "crème brûlée",
    "señor",
    "coração",
    "São Tomé",
    "smørrebrød",
    "ÆØÅ",
    "žluťoučký",
    "kůň",
    "zażółć",
    "gęślą",
    "jaźń",
    "árvíztűrő",
    "şişe",
    "İzmir",
    "ığdır",
    "fiancé’s",
    "“quoted”",
    "it’s",
    "—",
    "…",
    "«oui»",
    "„tak”",
    "№ 7",
    "25 °C",
    "€ 12",
    "Привет",
    "мир",
    "ещё",
    "Київ",
    "ґанок",
    "Ελλάδα",
    "καλημέρα",
    "שלום",
    "مرحبا",
    "سلام دنیا",
    "สวัสดี",
    "Việt Nam",
    "được",
    "日本語",
    "テスト",
    "中文字符",
    "한국어",
    "हिन्दी",
    "😀",
    "👍🏽",
    "✓",
    "→",
    "ASCII",
    "plain words",
    "1,234.56",
    "(x)",
    "http://example.org/?q=1",
    "\"",
    "'",
    " ",
    "\t",
    "THE END",
    "ÉCOLE",
    "ĐÀ NẴNG",
    "\u{a0}",
    "\u{ad}",
    "ɔ",
    "ħ",
    "þ",
    "Ã",
    "Â",
    "â",
    "€",
    "™",
    "é",
    "ï",
    "±",
    "½",
    "┌──┐",
    "║",
    "\u{92}",
    "\u{fffd}",
    "锟斤拷",
    "caf?s",
    "?? ????? ???",
    "\u{301}",
];

fn label() -> impl Strategy<Value = &'static str> {
    // The commonest pages more often: that is where most can go wrong.
    prop_oneof![
        3 => Just("windows-1252"),
        1 => Just("iso-8859-1"),
        1 => Just("macintosh"),
        1 => Just("windows-1251"),
        4 => (0..PAGES.len()).prop_map(|i| &*PAGES[i].label),
    ]
}

/// A mixup: mostly UTF-8 read as a page of single bytes, sometimes as one of several bytes, or a page read as a page.
fn step() -> impl Strategy<Value = Step> {
    let any = prop_oneof![4 => label(), 1 => (0..pages::MULTI.len()).prop_map(|i| pages::MULTI[i])];
    let multi = (0..pages::MULTI.len()).prop_map(|i| pages::MULTI[i]);
    prop_oneof![
        8 => label().prop_map(|label| Step::new("utf-8", label)),
        2 => multi.prop_map(|label| Step::new("utf-8", label)),
        2 => (any, label()).prop_map(|(encoded, read_as)| Step::new(encoded, read_as)),
    ]
}

/// What happens to text after it was damaged.
#[derive(Clone, Copy, Debug)]
enum After {
    Nothing,
    SpaceForNbsp,
    NoSoftHyphen,
    StraightQuotes,
    NoC1,
    Upper,
    Lower,
    Cut(usize),
}

fn after() -> impl Strategy<Value = After> {
    prop_oneof![
        6 => Just(After::Nothing),
        1 => Just(After::SpaceForNbsp),
        1 => Just(After::NoSoftHyphen),
        1 => Just(After::StraightQuotes),
        1 => Just(After::NoC1),
        1 => Just(After::Upper),
        1 => Just(After::Lower),
        1 => (0usize..40).prop_map(After::Cut),
    ]
}

fn worn(text: &str, after: After) -> String {
    match after {
        After::Nothing => text.to_string(),
        After::SpaceForNbsp => text.replace('\u{a0}', " "),
        After::NoSoftHyphen => text.replace('\u{ad}', ""),
        After::StraightQuotes => text.replace(['‘', '’', '‚'], "'").replace(['“', '”', '„'], "\""),
        After::NoC1 => text.chars().filter(|c| !('\u{80}'..='\u{9f}').contains(c)).collect(),
        After::Upper => text.to_uppercase(),
        After::Lower => text.to_lowercase(),
        After::Cut(at) => text.chars().skip(at % 3).take(at + 1).collect(),
    }
}

fn words() -> impl Strategy<Value = String> {
    vec((0..WORDS.len(), prop_oneof![4 => Just(" "), 1 => Just(""), 1 => Just("\n"), 1 => Just(", ")]), 1..8)
        .prop_map(|picks| picks.iter().map(|&(i, gap)| format!("{}{gap}", WORDS[i])).collect())
}

/// A stretch of text that went through up to six mixups, or none. A mixup that a character cannot go through is skipped.
fn damaged() -> impl Strategy<Value = String> {
    let layers = prop_oneof![
        2 => Just(Vec::new()),
        5 => vec(step(), 1),
        2 => vec(step(), 2..=6),
        2 => (step(), 2usize..=6).prop_map(|(step, n)| vec![step; n]),
    ];
    (words(), layers, after()).prop_map(|(text, layers, after)| {
        let mut text = text;
        for step in layers {
            text = pages::damage(&text, &step).unwrap_or(text);
        }
        worn(&text, after)
    })
}

/// Characters that can be a part of damage, in any order.
fn soup() -> impl Strategy<Value = String> {
    (label(), vec((0usize..160, any::<bool>()), 1..40)).prop_map(|(label, picks)| {
        let upper = &pages::page(label).upper;
        let char = |&(i, near): &(usize, bool)| match (i, near) {
            (0..128, true) => upper[i].unwrap_or('?'),
            (0..128, false) => pages::page("windows-1252").upper[i].unwrap_or('?'),
            (128..144, _) => ' ',
            (144..150, _) => '"',
            _ => char::from(b'a' + (i % 26) as u8),
        };
        picks.iter().map(char).collect()
    })
}

/// A document: stretches of every kind, filled up between with ASCII of lengths near those at which text is cut.
fn document() -> impl Strategy<Value = String> {
    let filler = prop_oneof![
        6 => Just(String::new()),
        2 => Just("\n".to_string()),
        1 => (1usize..40).prop_map(|n| "x".repeat(n)),
        1 => (250usize..262).prop_map(|n| "plain words here ".repeat(16)[..n].to_string()),
    ];
    vec((prop_oneof![4 => damaged(), 1 => words(), 2 => soup()], filler), 1..6)
        .prop_map(|parts| parts.into_iter().map(|(text, filler)| text + &filler).collect())
}

/// A document that went through one mixup: words of a line each, some of them right, with what lets evidence reach or not.
fn one_chain() -> impl Strategy<Value = String> {
    let gap = prop_oneof![
        20 => Just(String::new()),
        1 => (65_300usize..65_800).prop_map(|n| "plain words\n".repeat(n / 12 + 1)[..n].to_string()),
        1 => (65_300usize..65_800).prop_map(|n| "plain words ".repeat(n / 12 + 1)[..n].to_string()),
    ];
    let line = (vec(0..WORDS.len(), 1..3), 0..4usize, gap);
    (step(), vec(line, 2..14)).prop_map(|(step, lines)| {
        let line = |(words, right, gap): &(Vec<usize>, usize, String)| {
            let text = words.iter().map(|&i| WORDS[i]).collect::<Vec<_>>().join(" ");
            let text = if *right == 0 { text } else { pages::damage(&text, &step).unwrap_or(text) };
            format!("{text}\n{gap}")
        };
        lines.iter().map(line).collect()
    })
}

/// Text in old encodings, in UTF-16, or mixed, and any bytes.
fn old() -> impl Strategy<Value = Vec<u8>> {
    let labels = prop_oneof![Just("windows-1251"), Just("windows-1250"), Just("koi8-r"), Just("gbk"), Just("euc-jp")];
    let lines = vec((words(), any::<bool>()), 1..5);
    let mixed = (lines, labels).prop_map(|(lines, label)| {
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("known");
        let line =
            |(text, old): (String, bool)| if old { encoding.encode(&text).0.into_owned() } else { text.into_bytes() };
        lines.into_iter().map(line).collect::<Vec<_>>().join(&b'\n')
    });
    let wide = document().prop_map(|text| text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    prop_oneof![mixed, wide, bytes()]
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        1 => vec(any::<u8>(), 0..300),
        // Text with invalid bytes strewn in.
        2 => (document(), vec((any::<prop::sample::Index>(), 0x80u8..), 0..8)).prop_map(|(text, bad)| {
            let mut bytes = text.into_bytes();
            for (at, byte) in bad {
                let at = at.index(bytes.len() + 1);
                bytes.insert(at, byte);
            }
            bytes
        }),
    ]
}

/// What passes look for, beside or inside anything else.
const SPICE: &[&str] = &[
    "\r\n",
    "\n",
    "\r",
    "\u{feff}",
    "\u{8}",
    "\x1b[1m",
    "\x1b[",
    "\x1b]x\x07",
    "\u{301}",
    "e\u{301}",
    "\u{327}",
    "\u{212b}",
    "ﬁ",
    "①",
    "\u{1100}",
    "\u{1161}",
    "각",
    "ｶ",
    "ﾞ",
    "Ａ",
    "\u{a0}",
    "\u{200b}",
    "\u{2009}",
    "‘",
    "’",
    "“",
    "”",
    "'",
    "\"",
    "—",
    "–",
    "…",
    "...",
    "&amp;",
    "&eacute;",
    "&",
    "lt;",
    "\u{2028}",
    "\u{85}",
    " unbake: ignore",
    "\u{3000}",
    " ",
    "(",
    "don",
];

/// Passes, in any number, none against another.
fn passes() -> impl Strategy<Value = Vec<Pass>> {
    let is_tried =
        |pass: &Pass| pass.rule() != Rule::Quotes || matches!(pass.choice(), Some("straight" | "de" | "fr" | "sv"));
    let all: Vec<Pass> = Pass::all().filter(is_tried).collect();
    vec(prop::sample::select(all), 1..6).prop_map(|picks| {
        let mut passes: Vec<Pass> = Vec::new();
        for pass in picks {
            let both = [passes.clone(), vec![pass]].concat();
            if Engine::try_new(Config { normalize: both, ..Config::default() }).is_ok() {
                passes.push(pass);
            }
        }
        passes
    })
}

/// A document with much to normalise.
fn spiced() -> impl Strategy<Value = String> {
    let spice = || vec(0..SPICE.len(), 0..5).prop_map(|picks| picks.iter().map(|&i| SPICE[i]).collect::<String>());
    vec((prop_oneof![2 => damaged(), 2 => words(), 1 => soup()], spice()), 1..8)
        .prop_map(|parts| parts.into_iter().map(|(text, spice)| text + &spice).collect())
}

/// Settings of every kind.
fn config() -> impl Strategy<Value = Config> {
    let level = (0..3usize).prop_map(|i| Confidence::ALL[i]);
    let read_as = prop_oneof![3 => Just(Vec::new()), 1 => vec(label().prop_map(String::from), 1..3)];
    let chains = prop_oneof![
        3 => Just(Vec::new()),
        // Settings do not take multi-byte pages yet.
        1 => vec(label(), 1..3).prop_map(|labels| {
            vec![Chain::from(labels.into_iter().map(|label| Step::new("utf-8", label)).collect::<Vec<_>>())]
        }),
    ];
    let allow = prop_oneof![3 => Just(Vec::new()), 1 => vec(soup(), 1..3), 1 => Just(vec!["Ã©".to_string()])];
    let known = prop_oneof![
        2 => Just(Vec::new()),
        1 => vec((step(), 1u64..30), 1..4)
            .prop_map(|known| known.into_iter().map(|(step, n)| (Chain::from(vec![step]), n)).collect()),
    ];
    (level, read_as, chains, 1u8..=6, allow, any::<bool>(), known, any::<(bool, bool)>()).prop_map(
        |(min_confidence, read_as, chains, max_layers, allow, obey_ignores, established, (use_evidence, find_lost))| {
            Config {
                min_confidence,
                read_as,
                chains,
                max_layers,
                allow,
                obey_ignores,
                established,
                use_evidence,
                find_lost,
                rules: if find_lost {
                    vec![("Ã".into(), "à".into()), ("â?".into(), "’".into())]
                } else {
                    Vec::new()
                },
                ..Config::default()
            }
        },
    )
}

proptest! {
    #[test]
    fn laws_hold_for_documents(text in document(), seed: u64) {
        laws::engine(&Engine::default(), text.as_bytes(), seed);
    }

    #[test]
    fn laws_hold_for_any_bytes(source in bytes(), seed: u64) {
        laws::engine(&Engine::default(), &source, seed);
    }

    #[test]
    fn laws_hold_under_any_settings(config in config(), text in document(), seed: u64) {
        laws::engine(&Engine::new(config), text.as_bytes(), seed);
    }

    #[test]
    fn laws_hold_with_normalisation(config in config(), normalize in passes(), text in spiced(), seed: u64) {
        laws::engine(&Engine::new(Config { normalize, ..config }), text.as_bytes(), seed);
    }

    #[test]
    fn laws_hold_with_normalisation_of_any_bytes(normalize in passes(), text in spiced(), source in bytes(), seed: u64) {
        let source = [text.as_bytes(), &source].concat();
        laws::engine(&Engine::new(Config { normalize, ..Config::default() }), &source, seed);
    }

    #[test]
    fn laws_hold_where_one_line_speaks_for_another(text in one_chain(), seed: u64) {
        laws::engine(&Engine::default(), text.as_bytes(), seed);
    }

    #[test]
    fn a_conversion_is_whole_and_can_be_taken_back(source in old()) {
        let engine = Engine::new(Config { to_utf_8: true, ..Config::default() });
        let plan = engine.plan_file(&source, "".as_ref());
        let result = plan.apply(&source).expect("the source");
        prop_assert_eq!(&plan.invert().apply(&result).expect("the result"), &source);
        if plan.form().is_some_and(|form| form.converts) && plan.invalid().is_empty() {
            prop_assert!(std::str::from_utf8(&result).is_ok());
            prop_assert!(engine.plan_file(&result, "".as_ref()).is_empty());
        }
    }

    #[test]
    fn any_plan_applies_and_inverts(
        source in vec(any::<u8>(), 0..200),
        pieces in vec((0u16..20, 0u8..12, vec(any::<u8>(), 0..12)), 0..12),
    ) {
        laws::apply_invert(&source, &pieces);
    }

    /// What is whole and common comes back exactly: a sentence read as a common page once.
    #[test]
    fn common_damage_is_undone(pick in 0..SENTENCES.len(), label in prop_oneof![
        Just("windows-1252"), Just("iso-8859-1"), Just("macintosh"), Just("ibm437"), Just("ibm850"), Just("windows-1251"),
    ], layers in 1usize..=3) {
        let mut text = SENTENCES[pick].to_string();
        for _ in 0..layers {
            text = pages::damage(&text, &Step::new("utf-8", label)).expect("the page has all bytes");
        }
        prop_assert_eq!(unbake::repair(&text), SENTENCES[pick]);
    }
}

/// Sentences with enough in them to be told with certainty. Written for these tests.
const SENTENCES: &[&str] = &[
    "Le garçon répéta à sa sœur que l’été s’achèverait bientôt.",
    "Größere Straßen müssen häufiger geräumt werden, sagte der Bürgermeister.",
    "Příliš mnoho žáků přišlo pozdě kvůli sněhové bouři.",
    "Сегодня вечером мы будем слушать радио до полуночи.",
    "Η εκπομπή ξεκινά κάθε βράδυ στις οκτώ.",
    "今夜のラジオ番組は八時に始まります。",
    "Chương trình phát thanh bắt đầu lúc tám giờ tối.",
];

// -- long sources ----------------------------------------------------------------------------------------------------

/// Long lines of different make, each a name and the text.
fn long_lines(len: usize) -> Vec<(&'static str, Vec<u8>)> {
    let mut random = Random(7);
    let repeat = |unit: &str| unit.repeat(len / unit.len() + 1);
    let mut mixed = String::new();
    while mixed.len() < len {
        let word = random.pick(WORDS);
        match random.below(5) {
            0 => mixed.push_str(word),
            1 => mixed.push_str(&"abcdefghijklmnopqrstuvwxyz ".repeat(random.below(12))),
            _ => {
                let label = &PAGES[random.below(PAGES.len())].label;
                let step = Step { encoded: "utf-8".into(), read_as: label.clone().into() };
                mixed.push_str(&pages::damage(word, &step).unwrap_or_default());
            }
        }
        mixed.push(' ');
    }
    let mixed = mixed.replace('\n', " ");
    let mut invalid = repeat("cafÃ© trÃ¨s ").into_bytes();
    for at in (0..invalid.len()).step_by(997) {
        invalid[at] = 0xFF;
    }
    vec![
        ("ascii", repeat("x").into_bytes()),
        ("a dense line that begins off beat", format!("a{}", repeat("Ã©")).into_bytes()),
        ("three-byte units", format!("ab{}", repeat("â€™")).into_bytes()),
        ("two layers", repeat("ÃƒÂ©Ã¢â‚¬â„¢").into_bytes()),
        ("words", repeat("cafÃ© trÃ¨s bientÃ´t ").into_bytes()),
        ("a doubtful unit among plain text", repeat("lorem ipsum dolor sit amet, Ä‡ and so forth ").into_bytes()),
        ("mixed", mixed.into_bytes()),
        ("invalid bytes", invalid),
        ("only continuation bytes", vec![0x80; len]),
        ("only first bytes", vec![0xC3; len]),
    ]
}

fn long_laws(name: &str, source: &[u8]) {
    eprintln!("{name}: {} bytes", source.len());
    let engine = Engine::default();
    let plan = engine.plan(source);
    let repaired = laws::only_edits_change(source, &plan);
    laws::invert_restores(source, &repaired, &plan);
    plan.edits().iter().for_each(laws::edit_is_sound);
    laws::invalid_is_what_is_invalid(source, &plan);
    laws::same_from_a_reader(&engine, source, &plan, 3);
    laws::idempotent(&engine, source, &repaired);
}

/// Lines longer than a piece (128 KiB) are cut; the laws hold across the cuts.
#[test]
fn laws_hold_across_the_pieces_of_a_line() {
    let failed: Vec<String> = long_lines(300_000)
        .into_iter()
        .filter_map(|(name, source)| caught(|| long_laws(name, &source)).map(|why| format!("{name}: {why}")))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Sources longer than a window (1 MiB), as one line and as many.
#[test]
fn laws_hold_across_the_windows_of_a_source() {
    let mut lines = Vec::new();
    for (_, line) in long_lines(40_000) {
        lines.extend_from_slice(&line);
        lines.push(b'\n');
    }
    let lines = lines.repeat(4);
    // With a blank here and there: 64 KiB of nothing but damage several layers deep may be cut inside a damaged character.
    let one_line: Vec<u8> = lines.iter().map(|&b| if b == b'\n' { b' ' } else { b }).collect();
    let failed: Vec<String> = [("many lines", lines), ("one line", one_line)]
        .into_iter()
        .filter_map(|(name, source)| caught(|| long_laws(name, &source)).map(|why| format!("{name}: {why}")))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// A comment that switches a line off does so however long the line and however it is read: all after it, and 64 KiB before.
#[test]
fn an_ignore_comment_covers_a_long_line_however_it_is_read() {
    let words = "cafÃ© trÃ¨s and so on, and so on, “so” on, \n".trim_end().repeat(24_000);
    assert!(words.len() > 1 << 20);
    let engine = Engine::default();
    for source in [
        format!("{words} unbake: ignore\n"),
        format!("unbake: ignore {words}\n{words}"),
        format!("{words}unbake: off\nÃ©tÃ©\n"),
        format!("unbake: ignore-next-line\n{words}\n"),
    ] {
        let plan = engine.plan(source.as_bytes());
        laws::same_from_a_reader(&engine, source.as_bytes(), &plan, 5);
        let comment = source.find("unbake:").expect("there is one");
        let (start, end) =
            (comment.saturating_sub(64 << 10), comment + source[comment..].find('\n').expect("there is one"));
        let off = if source.contains("next-line") { end + 1..source.len() } else { start..end };
        assert!(
            plan.edits().iter().all(|edit| !off.contains(&edit.span.range().start)),
            "{}",
            &source[comment..][..20]
        );
    }
}

/// A file in another encoding is left alone, also where a line of it is valid by chance; a stray byte spoils little.
#[test]
fn lines_with_invalid_bytes_are_left_alone_and_the_next() {
    let edits = |source: &[u8]| {
        let plan = Engine::default().plan(source);
        laws::engine(&Engine::default(), source, 3);
        let mut lines: Vec<u64> = plan.edits().iter().map(|edit| edit.place.line).collect();
        lines.dedup();
        lines
    };
    assert_eq!(edits("cafÃ© trÃ¨s\n?\nplain\n\ncafÃ© trÃ¨s\ncafÃ© trÃ¨s\n".replace('?', "é").as_bytes()), [1, 5, 6]);
    let mut stray = "cafÃ© trÃ¨s\n? cafÃ© trÃ¨s\nplain\n\ncafÃ© trÃ¨s\ncafÃ© trÃ¨s\n".as_bytes().to_vec();
    let at = stray.iter().position(|&b| b == b'?').expect("there is one");
    stray[at] = 0xE9;
    assert_eq!(edits(&stray), [1, 6]);
    // Shift_JIS and windows-1252, with lines between that happen to be valid.
    for (text, label) in
        [("今夜のラジオ番組は八時に始まります。\n", "shift_jis"), ("Größere Straßen\n", "windows-1252")]
    {
        let (mut legacy, ..) = encoding_rs::Encoding::for_label(label.as_bytes()).expect("known").encode(text);
        legacy.to_mut().extend_from_slice("plain\nÃ© Ã¨\n".as_bytes());
        assert_eq!(edits(&legacy.repeat(40)), Vec::<u64>::new(), "{label}");
    }
}

/// The runs of ASCII at which evidence is cut, to the byte: repair does not move a cut.
#[test]
fn laws_hold_where_evidence_is_cut() {
    let engine = Engine::default();
    for gap in 253..=259 {
        for (left, right) in [
            ("dÃ©jÃ ", "cafÃ©"),
            ("trÃ¨s bientÃ´t â€\"", "â€œ"),
            ("Ã ", "Ã©"),
            ("â€", "\"Ã©tÃ©"),
            ("it's Ã", " la carte"),
        ] {
            let source = format!("{left}{}{right} fin", " plain".repeat(60)[..gap].to_owned());
            laws::engine(&engine, source.as_bytes(), gap as u64);
        }
    }
}

/// Engines are shared between threads, and give the same in each.
#[test]
fn threads_give_the_same() {
    let (_, source) = long_lines(60_000).remove(6);
    let engine = Engine::default();
    let plan = engine.plan(&source);
    std::thread::scope(|scope| {
        for seed in 0..4 {
            let (engine, source, plan) = (&engine, &source, &plan);
            scope.spawn(move || {
                let reader = Chunks { rest: source, random: Random(seed) };
                assert!(engine.plan_reader(reader).expect("reads") == *plan);
            });
        }
    });
}

/// The message of a panic, if there is one.
fn caught(test: impl FnOnce()) -> Option<String> {
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(test)).err()?;
    Some(panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "a panic".into()))
}
