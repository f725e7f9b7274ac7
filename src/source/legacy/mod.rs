//! In which old encoding is a source that does not say so?
//!
//! The judge's own model answers: what the bytes are in one encoding is weighed against what they are in every other, by letter
//! statistics and, in Latin and Cyrillic letters, by words within one language at a time. UTF-8 with bytes of a code page
//! in between is one of the readings. Where two readings that differ are as likely, there is no answer.
//!
//! In: the bytes, which are no valid UTF-8 as a whole. Out: a [`Guess`]. Only a [`sample`] is weighed, so that time and memory
//! are bounded. Must not: read what is declared; or answer for what is no text in any encoding.

mod candidates;
mod mixed;
mod sample;
mod stretches;
mod weigh;

pub use mixed::view as mixed_view;

use super::Charset;
use crate::edit::Confidence;
use crate::model::PER_NAT;
use candidates::{CANDIDATES, Candidate};
use weigh::{Piece, Reading};

/// The encoding that a source is likely in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The encoding; several where the source changes from one to another, the first of them first.
    pub charsets: Vec<Charset>,
    /// Whether it is not all in one encoding: a part of it is UTF-8, or there are several.
    pub mixed: bool,
    /// How sure it is.
    pub confidence: Confidence,
    /// The language, where the words tell.
    pub language: Option<&'static str>,
}

/// How much likelier, in eighths of a nat, the best reading must be than any that makes another text, for each level. Measured
/// with `benches/encodings.py` on lines of text: see `benches/README.md`.
const CERTAIN: i32 = 12 * PER_NAT;
const LIKELY: i32 = 5 * PER_NAT;
const POSSIBLE: i32 = 2 * PER_NAT;
/// So many bytes of a sample, about, say which encodings are out of the question: those that cost so much more there than the best,
/// and nowhere less by this.
const PART: usize = 3 << 9;
const HOPELESS: i32 = 100 * PER_NAT;
const CHEAPER: i32 = 2 * PER_NAT;

/// The encoding that a source is likely in; none where nothing is likely enough.
pub fn guess(source: &[u8]) -> Option<Guess> {
    let (invalid, valid) = sample::pieces(source);
    let [invalid, valid] = [invalid, valid].map(|all| all.into_iter().map(Piece::new).collect::<Vec<_>>());
    let all: Vec<&Piece> = invalid.iter().chain(&valid).collect();
    let candidates = plausible(&invalid);
    let readings: Vec<Vec<Reading>> = candidates.iter().map(|candidate| weigh::readings(candidate, &all)).collect();
    changing(&invalid, &readings).or_else(|| likeliest(readings.into_iter().flatten()))
}

/// Those that a small part of a sample leaves in question: not so much dearer than the best, or clearly cheaper somewhere. Most
/// of the time that a guess takes goes to the others.
fn plausible(invalid: &[Piece]) -> Vec<&'static Candidate> {
    let total: usize = invalid.iter().map(|piece| piece.bytes.len()).sum();
    let part: Vec<&Piece> = invalid.iter().step_by((total / PART).max(1)).collect();
    if 2 * part.len() > invalid.len() {
        return CANDIDATES.iter().collect();
    }
    let weighed: Vec<(&Candidate, Vec<i32>)> = CANDIDATES
        .iter()
        .map(|candidate| (candidate, cheapest(&weigh::readings(candidate, &part), part.len()).collect()))
        .collect();
    let sum = |costs: &[i32]| costs.iter().sum::<i32>();
    let Some((_, best)) = weighed.iter().min_by_key(|(_, costs)| sum(costs)) else { return Vec::new() };
    let is_cheaper = |costs: &[i32]| costs.iter().zip(best).any(|(cost, best)| cost + CHEAPER < *best);
    let is_plausible = |costs: &[i32]| sum(costs) <= sum(best) + HOPELESS || is_cheaper(costs);
    weighed.iter().filter(|(_, costs)| is_plausible(costs)).map(|(candidate, _)| *candidate).collect()
}

/// What each of the first `count` pieces costs in an encoding: read as a whole, or with UTF-8 in it.
fn cheapest(both: &[Reading], count: usize) -> impl Iterator<Item = i32> + '_ {
    (0..count).map(|piece| both.iter().map(|one| one.pieces[piece]).min().unwrap_or(0))
}

/// The guess for a source that changes from one old encoding to another; none where one is enough, or any is not certain.
fn changing(invalid: &[Piece], readings: &[Vec<Reading>]) -> Option<Guess> {
    let by_encoding: Vec<Vec<i32>> = readings.iter().map(|both| cheapest(both, invalid.len()).collect()).collect();
    let costs: Vec<i32> =
        (0..invalid.len()).flat_map(|piece| by_encoding.iter().map(move |costs| costs[piece])).collect();
    let path = stretches::path(&costs, readings.len());
    let mut charsets: Vec<Charset> = Vec::new();
    let mut numbers: Vec<usize> = Vec::new();
    path.iter().for_each(|number| {
        if !numbers.contains(number) {
            numbers.push(*number)
        }
    });
    if numbers.len() < 2 {
        return None;
    }
    for number in numbers {
        let own: Vec<&Piece> =
            invalid.iter().zip(&path).filter(|(_, is)| **is == number).map(|(piece, _)| piece).collect();
        let guess = likeliest(CANDIDATES.iter().flat_map(|candidate| weigh::readings(candidate, &own)))?;
        if guess.confidence < Confidence::Certain {
            return None;
        }
        guess.charsets.into_iter().for_each(|charset| {
            if !charsets.contains(&charset) {
                charsets.push(charset)
            }
        });
    }
    let several = charsets.len() > 1;
    several.then_some(Guess { charsets, mixed: true, confidence: Confidence::Certain, language: None })
}

/// The guess by readings of a sample.
fn likeliest(all: impl Iterator<Item = Reading>) -> Option<Guess> {
    let mut readings: Vec<Reading> = Vec::new();
    for reading in all {
        // Of two that make the same text, the commoner one is named.
        match readings.iter_mut().find(|known| known.text == reading.text) {
            Some(known) if known.cost <= reading.cost => {}
            Some(known) => *known = reading,
            None => readings.push(reading),
        }
    }
    weigh::words(&mut readings);
    readings.sort_by_key(|reading| reading.cost);
    let best = readings.first().filter(|best| best.is_text())?;
    let margin = readings.get(1).map_or(i32::MAX, |next| next.cost - best.cost);
    let confidence = match margin {
        CERTAIN.. => Confidence::Certain,
        LIKELY.. => Confidence::Likely,
        POSSIBLE.. => Confidence::Possible,
        _ => return None,
    };
    // A list of letters says little of which they are.
    let confidence = if best.is_prose() { confidence } else { Confidence::Possible };
    Some(Guess { charsets: vec![best.charset], mixed: best.mixed, confidence, language: best.language })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sentences written for this test, and encodings that such text was written in.
    const SENTENCES: [(&str, &str); 17] = [
        (
            "Die Möwen über der Mündung stören früh am Morgen die größten Glocken",
            "windows-1252 ibm850 ibm437 macintosh",
        ),
        (
            "Où sont passées les chaloupes ? Le gardien du phare a déjà fermé la fenêtre",
            "windows-1252 ibm850 macintosh",
        ),
        (
            "Latarnik łowi dziś śledzie, a wieczorem pójdzie się ogrzać źródlaną herbatą",
            "windows-1250 iso-8859-2 ibm852",
        ),
        ("Příliš mnoho racků křičí nad přístavem, už jsme zavřeli všechna okna", "windows-1250 iso-8859-2 ibm852"),
        (
            "Чайки над гаванью кричат всё утро, и никто не может уснуть",
            "windows-1251 koi8-r ibm866 iso-8859-5 x-mac-cyrillic",
        ),
        ("Маяк світить усю ніч, а вранці його гасять і п’ють чай", "windows-1251"),
        ("Οι γλάροι φωνάζουν πάνω από το λιμάνι κάθε πρωί", "windows-1253 iso-8859-7"),
        ("Martılar sabahın köründe limanın üstünde bağırıyor, kimse uyuyamıyor", "windows-1254"),
        ("השחפים צועקים מעל הנמל כל בוקר ואיש אינו ישן", "windows-1255"),
        ("النوارس تصرخ فوق الميناء كل صباح ولا أحد ينام", "windows-1256 iso-8859-6"),
        ("Žuvėdros rėkia virš uosto kiekvieną rytą, niekas negali užmigti", "windows-1257"),
        ("นกนางนวลร้องเหนือท่าเรือทุกเช้าจนไม่มีใครนอนหลับ", "windows-874"),
        ("灯台の上でかもめが朝から鳴いていて、誰も眠れません。", "shift_jis euc-jp"),
        ("갈매기가 아침마다 항구 위에서 울어서 아무도 잠을 잘 수 없다", "euc-kr"),
        ("海鸥每天早上在港口上空叫，谁也睡不着。", "gb18030"),
        ("海鷗每天早上在港口上空叫，誰也睡不著。", "big5"),
        ("Ekki tókst að þagga niður í máfunum þótt við lokuðum öllum gluggum", "windows-1252"),
    ];

    #[test]
    fn each_encoding_is_told_by_a_sentence() {
        let mut cases = 0;
        for (sentence, labels) in SENTENCES {
            for label in labels.split(' ') {
                let charset = Charset::for_label(label).expect("known");
                let bytes = charset.encode(sentence).expect("the page has it");
                let guess = guess(&bytes).unwrap_or_else(|| panic!("{label}: {sentence}"));
                assert_eq!(guess.charsets[0].view(&bytes).text, sentence, "{label}: {guess:?}");
                assert!(guess.confidence >= Confidence::Likely && !guess.mixed, "{label}: {sentence}: {guess:?}");
                cases += 1;
            }
        }
        assert!(cases >= 30);
    }

    /// Of a large source a part rules out most encodings; not the one that it is in, nor one that only some of it is in.
    #[test]
    fn a_large_source_is_told_as_a_sentence_is() {
        for (sentence, labels) in SENTENCES {
            for label in labels.split(' ') {
                let charset = Charset::for_label(label).expect("known");
                let text = format!("{sentence}\n").repeat(90);
                let bytes = charset.encode(&text).expect("the page has it");
                let guess = guess(&bytes).expect("told");
                assert_eq!(guess.charsets[0].view(&bytes).text, text, "{label}: {guess:?}");
                assert!(guess.confidence >= Confidence::Likely && !guess.mixed, "{label}: {sentence}: {guess:?}");
            }
        }
        let (first, second) = (Charset::for_label("koi8-r").unwrap(), Charset::for_label("windows-1253").unwrap());
        let [(cyrillic, _), (greek, _)] = [SENTENCES[4], SENTENCES[6]];
        let lines =
            |charset: Charset, line: &str, count: usize| charset.encode(&format!("{line}\n").repeat(count)).unwrap();
        let source = [lines(first, cyrillic, 80), lines(second, greek, 8)].concat();
        let guess = guess(&source).expect("told");
        assert_eq!((guess.charsets, guess.mixed), (vec![first, second], true));
    }

    #[test]
    fn what_could_as_well_be_something_else_is_not_told() {
        for bytes in
            [&b"a\xE9"[..], b"\xFF", b"", b"plain", b"\x80\x81\x82\x83\x84\x85", b"x\xC4\xB1\xD7\xC4\x9F\xFE\x90\x8Dy"]
        {
            assert!(guess(bytes).is_none_or(|guess| guess.confidence == Confidence::Possible), "{bytes:02x?}");
        }
        assert_eq!(guess(b"\xFF\x81\xFE\x90\x8D"), None);
    }

    #[test]
    fn utf_8_with_an_old_encoding_in_between_is_told_and_taken_apart() {
        let (text, old) = ("Où est passée la chaloupe ? Déjà rentrée.\n", "Die Möwen stören die größten Glocken\n");
        let old_bytes = Charset::WINDOWS_1252.encode(old).expect("the page has it");
        let source = [text.as_bytes(), &old_bytes, text.as_bytes(), b"\xC3\xA9t\xE9, \xE0 l\x92ombre\n"].concat();
        let guess = guess(&source).expect("told");
        assert!(guess.mixed && guess.charsets == [Charset::WINDOWS_1252], "{guess:?}");
        let view = mixed_view(&guess.charsets, &source);
        assert_eq!(view.text, format!("{text}{old}{text}été, à l’ombre\n"));
        assert_eq!(view.map.len().1, source.len());
        // A whole file in an old encoding is not mixed, whatever a few bytes of it look like.
        let pure = Charset::WINDOWS_1252.encode(&old.repeat(30)).expect("the page has it");
        assert!(!super::guess(&pure).expect("told").mixed);
    }

    #[test]
    fn a_source_may_change_from_one_old_encoding_to_another() {
        let lines = [
            "Чайки над гаванью кричат всё утро",
            "и никто не может уснуть до самого вечера",
            "Смотритель маяка давно закрыл все окна",
        ];
        let (first, second) = (Charset::for_label("koi8-r").unwrap(), Charset::for_label("windows-1251").unwrap());
        let (mut source, mut text) = (Vec::new(), String::new());
        for (charset, line) in
            [first, second, Charset::UTF_8].iter().flat_map(|charset| lines.map(|line| (charset, line)))
        {
            source.extend(charset.encode(line).expect("the page has it"));
            source.push(b'\n');
            text += &format!("{line}\n");
        }
        let guess = guess(&source).expect("told");
        assert_eq!((guess.charsets.clone(), guess.mixed), (vec![first, second], true));
        assert_eq!(mixed_view(&guess.charsets, &source).text, text);
    }

    /// Damaged UTF-8 beside it is no reason to call bytes no text.
    #[test]
    fn damage_in_the_part_that_is_utf_8_does_not_hide_the_rest() {
        // unbake: ignore-next-line
        let source = [b"caf\xE9 au lait\n" as &[u8], "Peterâ€™s hat\n".as_bytes()].concat();
        let guess = guess(&source).expect("a guess");
        assert!(guess.mixed && guess.charsets[0].label() == "windows-1252", "{guess:?}");
    }
}
