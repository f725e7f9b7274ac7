//! `data/model/words.txt` to a set of hashes, packed bit by bit: groups of numbers, each with a few bits that tell of which
//! languages the word is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::word_hash::{ENTRY_BITS, GROUP_BITS, MIXED, NUMBER_BITS, RIVAL_BITS, RUN, WordHash};

/// The languages of each word, by their numbers.
type Words<'t> = BTreeMap<&'t str, BTreeSet<u8>>;

/// A language of which so many words are listed has more.
const MANY: usize = 12_000;
/// Many words of a language are like others if one in so many is.
const LIKE: usize = 25;

/// Writes `words.bin` (the entries), `word-runs.bin` (where those of each run of groups begin), `word-counts.bin` (how many each
/// group has, two in a byte), `words.rs` (the families of languages), and what [`rivals`] writes.
pub fn generate(path: &str, codes: &[String], out: &Path) {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let words = read_words(&text, codes);
    let alike = alike(&words);
    let families = families(&words, &alike, codes.len());
    let family = |word: &str| {
        let of: BTreeSet<u32> = words[word].iter().map(|language| families[usize::from(*language)]).collect();
        if of.len() == 1 { of.first().copied().unwrap_or(MIXED) } else { MIXED }
    };
    let mut groups: Vec<BTreeMap<u32, u32>> = vec![BTreeMap::new(); 1 << GROUP_BITS];
    for word in words.keys() {
        let (group, number) = hash(word).place();
        let family = family(word);
        groups[group].entry(number).and_modify(|other| *other = MIXED).or_insert(family);
    }
    let (mut runs, mut counts, mut bits, mut entries) =
        (Vec::new(), vec![0u8; groups.len() / 2], Bits::default(), 0u32);
    for (at, group) in groups.iter().enumerate() {
        if at % RUN == 0 {
            runs.extend(entries.to_le_bytes());
        }
        let count = u8::try_from(group.len()).ok().filter(|count| *count < 16).expect("no group is so large");
        counts[at / 2] |= count << (4 * (at % 2));
        for (number, family) in group {
            bits.push(u64::from(number | family << NUMBER_BITS), ENTRY_BITS);
            entries += 1;
        }
    }
    let mut of_family = [0u128; MIXED as usize];
    for (language, family) in families.iter().enumerate() {
        of_family[*family as usize] |= 1 << language;
    }
    let doubts = doubts(&words, &alike, codes.len());
    let code = format!(
        "/// How doubtful it is in each language that a common word stands where one may.\n\
         static DOUBTS: [u8; {}] = {doubts:?};\n\
         /// The languages of each family: those that are easily taken for each other are in different ones.\n\
         static FAMILIES: [u128; {MIXED}] = {of_family:?};\n",
        doubts.len()
    );
    fs::write(out.join("words.rs"), code).expect("OUT_DIR can be written");
    fs::write(out.join("words.bin"), bits.done()).expect("OUT_DIR can be written");
    fs::write(out.join("word-runs.bin"), runs).expect("OUT_DIR can be written");
    fs::write(out.join("word-counts.bin"), counts).expect("OUT_DIR can be written");
    let of_several = alike.values().flatten().copied().filter(|word| family(word) == MIXED);
    rivals(&words, of_several, out);
}

/// The words of a list, with their languages.
fn read_words<'t>(text: &'t str, codes: &[String]) -> Words<'t> {
    let mut words: Words = BTreeMap::new();
    let mut language = None;
    for line in text.lines() {
        if let Some(code) = line.strip_prefix("# ") {
            language = codes.iter().position(|known| known == code);
            continue;
        }
        for word in line.split_whitespace() {
            let of = words.entry(word).or_default();
            of.extend(language.map(|language| u8::try_from(language).expect("few languages")));
        }
    }
    words
}

/// The words in Latin letters that are the same as another one but for the letters outside ASCII.
fn alike<'t>(words: &Words<'t>) -> BTreeMap<String, Vec<&'t str>> {
    let mask = |word: &str| word.chars().map(|c| if c.is_ascii() { c } else { '\u{fffd}' }).collect::<String>();
    let mut alike: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for word in words.keys().filter(|word| word.contains(|c: char| c.is_ascii_lowercase())) {
        alike.entry(mask(word)).or_default().push(word);
    }
    alike.retain(|_, words| words.len() > 1);
    alike
}

/// How doubtful it is in each language that a common word stands where one may: one degree where it has more words than are
/// listed, and one where many of its words are like another one of its own.
fn doubts(words: &Words, alike: &BTreeMap<String, Vec<&str>>, languages: usize) -> Vec<u8> {
    let count = |words: &mut dyn Iterator<Item = &BTreeSet<u8>>, language: u8| {
        words.filter(|of| of.contains(&language)).count()
    };
    let languages = 0..u8::try_from(languages).expect("few languages");
    let doubt = |language: u8| {
        let all = count(&mut words.values(), language);
        let own = |group: &&Vec<&str>| count(&mut group.iter().map(|word| &words[word]), language) > 1;
        let likes: usize = alike.values().filter(own).map(Vec::len).sum();
        u8::from(all >= MANY) + u8::from(likes * LIKE > all)
    };
    languages.map(doubt).collect()
}

/// The family of each language: languages that share words go together, and those that differ in words that are alike do not.
fn families(words: &Words, alike: &BTreeMap<String, Vec<&str>>, languages: usize) -> Vec<u32> {
    let mut repel = vec![vec![0i64; languages]; languages];
    let mut sizes = vec![0usize; languages];
    for of in words.values() {
        for &a in of {
            sizes[usize::from(a)] += 1;
            of.iter().filter(|b| **b != a).for_each(|&b| repel[usize::from(a)][usize::from(b)] -= 1);
        }
    }
    for group in alike.values() {
        for (at, a) in group.iter().enumerate() {
            for b in &group[at + 1..] {
                for (&a, &b) in words[a].iter().flat_map(|a| words[b].iter().map(move |b| (a, b))) {
                    repel[usize::from(a)][usize::from(b)] += 3;
                    repel[usize::from(b)][usize::from(a)] += 3;
                }
            }
        }
    }
    let mut order: Vec<usize> = (0..languages).collect();
    order.sort_by_key(|language| (std::cmp::Reverse(sizes[*language]), *language));
    let mut families: Vec<u32> = vec![MIXED; languages];
    for language in order {
        let cost = |family: u32| -> i64 {
            (0..languages).filter(|other| families[*other] == family).map(|other| repel[language][other]).sum()
        };
        families[language] = (0..MIXED).min_by_key(|family| (cost(*family), *family)).expect("there are some");
    }
    families
}

/// The languages of these words one by one: `rivals.bin` has a number and a language in three bytes each, `rival-starts.bin` where
/// those of each group begin, and the end.
fn rivals<'t>(languages: &Words, words: impl Iterator<Item = &'t str>, out: &Path) {
    let mut groups: Vec<BTreeSet<(u16, u8)>> = vec![BTreeSet::new(); 1 << RIVAL_BITS];
    for word in words {
        let (group, number) = hash(word).rival();
        groups[group].extend(languages[word].iter().map(|language| (number, *language)));
    }
    let (mut starts, mut entries, mut reached) = (Vec::new(), Vec::new(), 0u16);
    for group in &groups {
        starts.extend(reached.to_le_bytes());
        reached += u16::try_from(group.len()).expect("few of a number");
        entries.extend(group.iter().flat_map(|(number, language)| number.to_le_bytes().into_iter().chain([*language])));
    }
    starts.extend(reached.to_le_bytes());
    fs::write(out.join("rivals.bin"), entries).expect("OUT_DIR can be written");
    fs::write(out.join("rival-starts.bin"), starts).expect("OUT_DIR can be written");
}

/// Bits, the lowest first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    rest: u64,
    len: u32,
}

impl Bits {
    fn push(&mut self, value: u64, len: u32) {
        self.rest |= value << self.len;
        self.len += len;
        while self.len >= 8 {
            self.bytes.push((self.rest & 0xFF) as u8);
            self.rest >>= 8;
            self.len -= 8;
        }
    }

    /// The bytes, with as many behind as it takes to read the last bits in one go.
    fn done(mut self) -> Vec<u8> {
        self.bytes.push((self.rest & 0xFF) as u8);
        self.bytes.extend([0; 4]);
        self.bytes
    }
}

fn hash(word: &str) -> WordHash {
    let mut hash = WordHash::START;
    word.chars().for_each(|c| hash.letter(c));
    hash
}
