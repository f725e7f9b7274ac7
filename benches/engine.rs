//! How fast text goes by: the scan alone, the judge alone, and the whole engine. See benches/README.md.
//!
//! The text is made here, of sentences composed for this project. The modules of the library are not public, so the
//! scan is measured as the engine on clean text, which is all that such text costs, and the judge as the engine on a
//! single damaged line, which is judged and nothing else.

#[path = "../tests/laws/pages.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod pages;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use unbake::{Engine, Step};

fn main() {
    divan::main();
}

/// One megabyte of lines of about 90 bytes.
const SIZE: usize = 1 << 20;

/// Sentences in eight languages and seven scripts, with the quotes, dashes and signs that real text has.
const SCRIPTS: [(&str, &[&str]); 8] = [
    (
        "english",
        &[
            "The first programme of the evening begins at eight, as it has for thirty years.",
            "Listeners' letters are read on Thursdays; most of them ask for the same three songs.",
            "A recording of the concert can be ordered for 12.50, postage included.",
        ],
    ),
    (
        "french",
        &[
            "La première émission commence à vingt heures, comme chaque soir depuis l’été dernier.",
            "« Où est passée la clé du studio ? » demanda l’ingénieur, déjà un peu inquiet.",
            "Les lettres reçues à Noël seront lues à l’antenne — même les plus sévères…",
        ],
    ),
    (
        "russian",
        &[
            "Первая передача начинается в восемь часов вечера, как и прошлым летом.",
            "«Где ключ от студии?» — спросил звукорежиссёр, уже немного встревоженный.",
            "Письма слушателей мы читаем по четвергам, даже самые строгие.",
        ],
    ),
    (
        "chinese",
        &[
            "今天晚上的第一个节目八点开始，和去年夏天一样。",
            "“录音室的钥匙在哪里？”工程师有点着急地问道。",
            "听众的来信每个星期四播出，包括最严厉的那些。",
        ],
    ),
    (
        "arabic",
        &[
            "يبدأ البرنامج الأول في الساعة الثامنة مساءً كما في الصيف الماضي.",
            "سأل المهندس بقلق: «أين مفتاح الاستوديو؟» ولم يجبه أحد.",
            "نقرأ رسائل المستمعين كل يوم خميس، حتى أشدها قسوة.",
        ],
    ),
    (
        "hindi",
        &[
            "शाम का पहला कार्यक्रम आठ बजे शुरू होता है, जैसा पिछली गर्मियों में होता था।",
            "“स्टूडियो की चाबी कहाँ है?” इंजीनियर ने कुछ घबराकर पूछा।",
            "श्रोताओं के पत्र हर गुरुवार को पढ़े जाते हैं, सबसे कड़े पत्र भी।",
        ],
    ),
    (
        "japanese",
        &[
            "今夜の最初の番組は、去年の夏と同じように八時に始まります。",
            "「スタジオの鍵はどこですか」と技術者は少し心配そうに尋ねた。",
            "聴取者からの手紙は毎週木曜日に読まれます。厳しいものも含めて。",
        ],
    ),
    (
        "korean",
        &[
            "오늘 저녁 첫 방송은 지난여름처럼 여덟 시에 시작합니다.",
            "“녹음실 열쇠가 어디 있습니까?” 기술자가 조금 걱정스럽게 물었다.",
            "청취자의 편지는 매주 목요일에 읽습니다. 가장 엄격한 것까지도.",
        ],
    ),
];

fn names() -> impl Iterator<Item = &'static str> {
    SCRIPTS.iter().map(|(name, _)| *name)
}

/// About `SIZE` bytes: each line a sentence with a number, so that no two lines are alike.
fn clean(script: &str) -> String {
    let (_, sentences) = SCRIPTS.iter().find(|(name, _)| *name == script).expect("a script");
    let mut text = String::with_capacity(SIZE + 200);
    for n in 0.. {
        if text.len() >= SIZE {
            break;
        }
        text.push_str(&format!("{n}. {}\n", sentences[n % sentences.len()]));
    }
    text
}

fn damaged(text: &str, labels: &[&'static str]) -> String {
    labels.iter().fold(text.to_string(), |text, label| {
        pages::damage(&text, &Step::new("utf-8", label)).expect("the page has all bytes")
    })
}

fn whole(bencher: Bencher, text: &str) {
    let engine = Engine::default();
    bencher.counter(BytesCount::of_str(text)).bench(|| engine.plan(black_box(text.as_bytes())));
}

/// Clean text: the scan finds nothing, so this is what it costs.
#[divan::bench(args = names())]
fn scan_clean(bencher: Bencher, script: &str) {
    let text = clean(script);
    assert!(Engine::default().plan(text.as_bytes()).is_empty(), "{script} is not clean");
    whole(bencher, &text);
}

/// Clean text with one damaged line in a hundred.
#[divan::bench(args = names())]
fn one_line_in_a_hundred(bencher: Bencher, script: &str) {
    let lines = clean(script);
    let text: String = lines
        .split_inclusive('\n')
        .enumerate()
        .map(|(n, line)| if n % 100 == 50 { damaged(line, &["windows-1252"]) } else { line.to_string() })
        .collect();
    whole(bencher, &text);
}

/// Damaged throughout, one layer.
#[divan::bench(args = names().skip(1))]
fn all_damaged(bencher: Bencher, script: &str) {
    whole(bencher, &damaged(&clean(script), &["windows-1252"]));
}

/// Damaged throughout, in other ways.
#[divan::bench(args = ["two layers", "three layers", "mac", "dos", "mixed"])]
fn french_damaged(bencher: Bencher, how: &str) {
    let labels: &[&'static str] = match how {
        "two layers" => &["windows-1252"; 2],
        "three layers" => &["windows-1252"; 3],
        "mac" => &["macintosh"],
        "dos" => &["ibm437"],
        _ => &["windows-1252", "ibm850"],
    };
    let text = damaged(&clean("french"), labels);
    whole(bencher, &text);
}

/// One line without an end, damaged throughout: as long lines are cut, this must not be slower than lines are.
#[divan::bench(args = names().skip(1), sample_count = 5)]
fn one_long_line(bencher: Bencher, script: &str) {
    whole(bencher, &damaged(&clean(script).replace('\n', " "), &["windows-1252"]));
}

/// A single damaged sentence: the judge, with what a call costs.
#[divan::bench(args = names().skip(1))]
fn judge_one_sentence(bencher: Bencher, script: &str) {
    let line = clean(script).lines().nth(1).expect("a line").to_string();
    let text = damaged(&line, &["windows-1252"]);
    let engine = Engine::default();
    bencher.counter(BytesCount::of_str(&text)).bench(|| engine.repair(black_box(&text)).len());
}

/// Read in windows instead of whole.
#[divan::bench(args = names())]
fn reader_clean(bencher: Bencher, script: &str) {
    let text = clean(script);
    let engine = Engine::default();
    bencher.counter(BytesCount::of_str(&text)).bench(|| engine.plan_reader(black_box(text.as_bytes())));
}

/// The reference: the fastest validation there is, which is a part of `scan_clean` too.
#[divan::bench(args = names())]
fn simdutf8_alone(bencher: Bencher, script: &str) {
    let text = clean(script);
    bencher.counter(BytesCount::of_str(&text)).bench(|| simdutf8::basic::from_utf8(black_box(text.as_bytes())).is_ok());
}

/// A search that a check by hand would make: two literals that stand in most damage and in no clean text.
#[divan::bench(args = names())]
fn regex_two_literals(bencher: Bencher, script: &str) {
    let text = clean(script);
    let search = regex::bytes::Regex::new("Ã©|â€™").expect("a pattern");
    bencher.counter(BytesCount::of_str(&text)).bench(|| search.find_iter(black_box(text.as_bytes())).count());
}

/// The same on text that is damaged throughout.
#[divan::bench(args = names().skip(1))]
fn regex_two_literals_all_damaged(bencher: Bencher, script: &str) {
    let text = damaged(&clean(script), &["windows-1252"]);
    let search = regex::bytes::Regex::new("Ã©|â€™").expect("a pattern");
    bencher.counter(BytesCount::of_str(&text)).bench(|| search.find_iter(black_box(text.as_bytes())).count());
}

/// What validation by std costs, which most readers of text pay.
#[divan::bench(args = names())]
fn validation_alone(bencher: Bencher, script: &str) {
    let text = clean(script);
    bencher.counter(BytesCount::of_str(&text)).bench(|| std::str::from_utf8(black_box(text.as_bytes())).is_ok());
}
