//! `data/model` to packed tables: what a character is, and what one costs after another.
//!
//! The smoothing lives here, so that the text under `data/` holds counts, which are facts, and nothing else.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;

use crate::flags;
use crate::groups::{LEAST, fill, find};
use crate::thresholds::{COMMON_WITHIN, Kind, VERY_COMMON_WITHIN};

/// Costs are in eighths of a nat, in one byte.
pub const SCALE: f64 = 8.0;
/// How many observations the classes' general frequencies weigh against a class's own followers.
const CLASS_PRIOR: f64 = 4.0;
/// What a character of a class counts that was never seen.
const UNSEEN: f64 = 0.05;

/// What may stand right behind any letter: what closes, a dash, an ellipsis.
const CLOSING: &str = "”’»›“‘«‹–—…";
/// What such a mark costs behind a letter that it was never seen behind, more than behind letters of its class, at most, in eighths
/// of a nat: which letter a word ends with hardly tells what is put behind it.
const UNSEEN_CLOSING: i32 = 16;

/// No class is so varied that more than this is usual for it, in eighths of a nat.
const USUAL_MOST: f64 = 56.0;

/// What a probability costs.
pub fn cost(p: f64) -> u8 {
    (-p.ln() * SCALE).round().clamp(0.0, 255.0) as u8
}

/// The kinds of followers that a pair had, and those that were seen often enough, with their counts.
type Followers = (f64, Vec<(usize, f64)>);

/// What goes on from a pair: what it costs to leave its own followers, and these, by symbol, with what each costs.
type GoesOn = (u8, Vec<(usize, u8)>);

/// A character as the model sees it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Symbol {
    pub id: usize,
    pub class: usize,
    pub within: u8,
}

/// What `src/model/mod.rs` has at run time: the same costs by the same tables.
pub struct Costs {
    classes: Classes,
    id_of: HashMap<u32, usize>,
    within: Vec<u8>,
    unseen: Vec<u8>,
    class_cost: Vec<u8>,
    leave: Vec<u8>,
    usual: Vec<u8>,
    flags: Vec<u16>,
    /// For each character the ones that follow it with a cost of their own, in order.
    pairs: Vec<Vec<(usize, u8)>>,
    /// How often a character of a block of 64 followed one of another, in the pairs listed.
    pub neighbours: BTreeMap<(u32, u32), f64>,
    /// How often a character of a block of 64 was seen.
    pub seen: BTreeMap<u32, f64>,
}

impl Costs {
    pub fn symbol(&self, c: u32) -> Symbol {
        let (id, class) = (self.id_of.get(&c).copied().unwrap_or(0), self.classes.of(c));
        Symbol { id, class, within: if id == 0 { self.unseen[class] } else { self.within[id] } }
    }

    pub fn cost(&self, a: Symbol, b: Symbol) -> i32 {
        match self.pairs[a.id].binary_search_by_key(&b.id, |pair| pair.0) {
            Ok(at) => i32::from(self.pairs[a.id][at].1),
            Err(_) => self.leave(a) + self.after_leaving(a.class, b),
        }
    }

    /// The characters that follow one with a cost of their own, by their numbers, and the costs.
    pub fn followers(&self, a: Symbol) -> &[(usize, u8)] {
        &self.pairs[a.id]
    }

    /// What it costs to leave the followers of a character.
    pub fn leave(&self, a: Symbol) -> i32 {
        i32::from(self.leave[a.id])
    }

    /// What a character costs after one of a class once that was left.
    pub fn after_leaving(&self, class: usize, b: Symbol) -> i32 {
        i32::from(self.class_cost[class * self.usual.len() + b.class]) + i32::from(b.within)
    }

    pub fn usual(&self, symbol: Symbol) -> i32 {
        i32::from(self.usual[symbol.class])
    }

    pub fn is_of_large_script(&self, symbol: Symbol) -> bool {
        self.flags[symbol.class] & flags::LARGE != 0
    }

    /// How it stands beside others; `src/detect/evidence.rs` has the same.
    pub fn kind(&self, symbol: Symbol) -> Kind {
        let has = |flag: u16| self.flags[symbol.class] & flag != 0;
        Kind {
            class: symbol.class as u8,
            is_cjk: has(flags::CJK),
            is_sign: has(flags::SIGN),
            is_space: symbol == self.symbol(u32::from(' ')),
            is_plain_letter: has(flags::PLAIN_LETTER),
            is_mark: has(flags::MARK),
            is_unseen: has(flags::MARK) && has(flags::UNSEEN),
            is_other_letter: has(flags::OTHER_LETTER),
            is_cyrillic: has(flags::CYRILLIC),
            is_common: self.beyond_usual(symbol) <= COMMON_WITHIN,
            is_very_common: self.beyond_usual(symbol) <= VERY_COMMON_WITHIN,
        }
    }

    fn beyond_usual(&self, symbol: Symbol) -> i32 {
        i32::from(symbol.within) - self.usual(symbol)
    }

    pub fn class(&self, name: &str) -> usize {
        self.classes.number(name)
    }
}

struct Classes {
    names: Vec<String>,
    ranges: Vec<(u32, u32, usize)>,
}

impl Classes {
    fn read(path: &str) -> Classes {
        let mut names: Vec<String> = Vec::new();
        let mut ranges = Vec::new();
        for line in lines(path).lines() {
            let [first, last, name] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{path}: {line}") };
            let class = names.iter().position(|n| n == name).unwrap_or_else(|| {
                names.push(name.to_string());
                names.len() - 1
            });
            ranges.push((hex(first), hex(last), class));
        }
        assert!(names.len() <= 255, "a class is a byte");
        Classes { names, ranges }
    }

    fn of(&self, c: u32) -> usize {
        self.ranges[self.ranges.partition_point(|r| r.1 < c)].2
    }

    fn number(&self, name: &str) -> usize {
        self.names.iter().position(|n| n == name).unwrap_or_else(|| panic!("unknown class {name}"))
    }
}

/// The lines of a file without its comments.
pub fn lines(path: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    text.split_inclusive('\n').filter(|line| !line.starts_with("# ")).collect()
}

/// A number in hexadecimal.
pub fn hex(s: &str) -> u32 {
    u32::from_str_radix(s, 16).unwrap_or_else(|e| panic!("{s}: {e}"))
}

/// Writes `model.rs` (sizes) and the `.bin` tables that `src/model/mod.rs` includes; gives the costs.
pub fn generate(dir: &str, out: &Path) -> Costs {
    let classes = Classes::read(&format!("{dir}/classes.txt"));
    let kinds = classes.names.len();

    struct Counted {
        c: u32,
        class: usize,
        seen: f64,
        follower_kinds: f64,
        followed: f64,
    }
    let mut symbols: Vec<Counted> = lines(&format!("{dir}/symbols.txt"))
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.split(' ').collect();
            let number = |i: usize| cells[i].parse::<f64>().unwrap_or_else(|e| panic!("{line}: {e}"));
            let c = hex(cells[0]);
            Counted { c, class: classes.of(c), seen: number(1), follower_kinds: number(2), followed: number(3) }
        })
        .collect();
    symbols.sort_by(|a, b| b.seen.total_cmp(&a.seen).then(a.c.cmp(&b.c)));
    // How likely a character is within its class.
    let mut size = vec![0.0f64; kinds];
    for &(a, b, class) in &classes.ranges {
        size[class] += f64::from(b - a + 1);
    }
    let mut total = vec![0.0; kinds];
    for s in &symbols {
        total[s.class] += s.seen;
    }
    let within = |class: usize, seen: f64| (seen + UNSEEN) / (total[class] + UNSEEN * size[class]);

    // Those of the triples come first, for which 12 bits have to do; then the commonest.
    let mut spelled: HashSet<u32> = HashSet::new();
    for line in lines(&format!("{dir}/triples.txt")).lines() {
        let mut cells = line.split(' ');
        spelled.extend(cells.by_ref().take(2).map(hex));
        spelled.extend(cells.skip(1).map(|cell| follower(cell).0));
    }
    symbols.sort_by_key(|symbol| !spelled.contains(&symbol.c));
    assert!(
        spelled.len() < 1 << 12 && symbols.len() < 1 << 14,
        "a symbol is 12 bits at the end of a triple, and 14 bits"
    );
    let id_of: HashMap<u32, usize> = symbols.iter().enumerate().map(|(i, s)| (s.c, i + 1)).collect();

    // How likely a class is after a class.
    let mut pairs = vec![0.0f64; kinds * kinds];
    for line in lines(&format!("{dir}/class-pairs.txt")).lines() {
        let [a, b, n] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        pairs[classes.number(a) * kinds + classes.number(b)] += n.parse::<f64>().expect("count");
    }
    for class in 0..kinds {
        // Whatever was never seen comes in runs if it comes at all.
        pairs[class * kinds + class] += 1.0;
    }
    let everything: f64 = pairs.iter().sum();
    let general: Vec<f64> = (0..kinds)
        .map(|b| ((0..kinds).map(|a| pairs[a * kinds + b]).sum::<f64>() + 0.1) / (everything + 0.1 * kinds as f64))
        .collect();
    let after = |a: usize, b: usize| {
        let row: f64 = pairs[a * kinds..(a + 1) * kinds].iter().sum();
        (pairs[a * kinds + b] + CLASS_PRIOR * general[b]) / (row + CLASS_PRIOR)
    };
    let class_cost: Vec<u8> = (0..kinds * kinds).map(|i| cost(after(i / kinds, i % kinds))).collect();

    // Per symbol: its cost within its class, and the cost of leaving its own statistics for the classes'.
    let mut listed: Vec<f64> = vec![0.0; symbols.len() + 1];
    let mut entries: Vec<(usize, usize, f64)> = Vec::new();
    for line in lines(&format!("{dir}/pairs.txt")).lines() {
        let mut cells = line.split(' ');
        let first = id_of[&hex(cells.next().expect("first"))];
        for (c, n) in cells.map(follower) {
            listed[first] += n;
            entries.push((first, id_of[&c], n));
        }
    }
    let mut triples: HashMap<(usize, usize), Followers> = HashMap::new();
    for line in lines(&format!("{dir}/triples.txt")).lines() {
        let mut cells = line.split(' ');
        let mut next = || cells.next().unwrap_or_else(|| panic!("{line}"));
        let (a, b, kinds) = (id_of[&hex(next())], id_of[&hex(next())], next().parse::<f64>().expect("kinds"));
        triples.insert((a, b), (kinds, cells.map(follower).map(|(c, n)| (id_of[&c], n)).collect()));
    }
    let mut within_cost = vec![0u8; symbols.len() + 1];
    let mut leave_cost = vec![0u8; symbols.len() + 1];
    for (i, s) in symbols.iter().enumerate() {
        within_cost[i + 1] = cost(within(s.class, s.seen));
        let unlisted = (s.followed - listed[i + 1]).max(0.0);
        leave_cost[i + 1] =
            cost(((s.follower_kinds + unlisted) / (s.followed + s.follower_kinds).max(1e-9)).clamp(1e-6, 1.0));
    }
    let unseen_cost: Vec<u8> = (0..kinds).map(|class| cost(within(class, 0.0))).collect();

    let smoothed = |a: usize, b: usize, n: f64| {
        let (first, second) = (&symbols[a - 1], &symbols[b - 1]);
        let backed = after(first.class, second.class) * within(second.class, second.seen);
        (n + first.follower_kinds * backed) / (first.followed + first.follower_kinds).max(n)
    };
    let known: HashMap<(usize, usize), f64> = entries.iter().map(|&(a, b, n)| ((a, b), smoothed(a, b, n))).collect();

    // What a character of each class costs in usual text.
    let mut spent = vec![(0.0f64, 0.0f64); kinds];
    for &(a, b, n) in &entries {
        let (second, p) = (&symbols[b - 1], smoothed(a, b, n));
        spent[second.class].0 -= n * p.ln();
        spent[second.class].1 += n;
    }
    let usual: Vec<u8> = spent
        .iter()
        .map(|&(sum, n)| if n > 0.0 { (sum / n * SCALE).round().min(USUAL_MOST) as u8 } else { USUAL_MOST as u8 })
        .collect();
    fs::write(out.join("usual.bin"), &usual).expect("OUT_DIR can be written");

    // The pairs, and the triples that go on from some of them.
    let mut pair_costs: Vec<(usize, usize, u8)> =
        entries.iter().map(|&(a, b, n)| (a, b, cost(smoothed(a, b, n)).clamp(1, 254))).collect();
    let mut pair_rows: Vec<Vec<(usize, u8)>> = vec![Vec::new(); symbols.len() + 1];
    let mut goes_on: Vec<Option<GoesOn>> = Vec::with_capacity(entries.len());
    for &(a, b, n) in &entries {
        let row = triples.get(&(a, b)).map(|(kinds, list)| {
            let listed: f64 = list.iter().map(|(_, n)| n).sum();
            let total = n.max(listed);
            let leave = cost(((kinds + total - listed) / (total + kinds)).clamp(1e-6, 1.0));
            let row = list.iter().map(|&(c, m)| {
                // The pair's own probability, where it has one; else the classes'.
                let backed = known.get(&(b, c)).copied().unwrap_or_else(|| {
                    let (first, second) = (&symbols[b - 1], &symbols[c - 1]);
                    after(first.class, second.class) * within(second.class, second.seen)
                });
                (c, cost((m + kinds * backed) / (total + kinds)).clamp(1, 254))
            });
            (leave, row.collect())
        });
        // What costs nothing to leave is never asked.
        goes_on.push(row.filter(|(leave, _)| *leave != 0));
    }
    let closing: Vec<usize> = CLOSING.chars().map(|c| id_of[&u32::from(c)]).collect();
    for a in (1..=symbols.len()).filter(|a| symbols[a - 1].c > 0x7F && is_lower(&classes.names[symbols[a - 1].class])) {
        for &b in closing.iter().filter(|b| !known.contains_key(&(a, **b))) {
            let class = class_cost[symbols[a - 1].class * kinds + symbols[b - 1].class];
            let all = i32::from(class) + i32::from(within_cost[b]) + UNSEEN_CLOSING.min(i32::from(leave_cost[a]));
            pair_costs.push((a, b, all.min(254) as u8));
            goes_on.push(None);
        }
    }
    pair_costs.iter().for_each(|&(a, b, cost)| pair_rows[a].push((b, cost)));
    pair_rows.iter_mut().for_each(|row| row.sort_unstable());

    let keys: Vec<u32> = pair_costs.iter().map(|&(a, b, _)| (a << 14 | b) as u32).collect();
    let (mut pair_table, mut leaves) = (Vec::new(), Vec::new());
    let (mut triple_keys, mut triple_costs) = (Vec::new(), Vec::new());
    for group in fill(&keys, LEAST, |entry| goes_on[entry].is_some()) {
        pair_table.extend(group.bytes());
        pair_table.extend(group.slots.map(|entry| entry.map_or(0, |entry| pair_costs[entry].2)));
        pair_table.extend(u16::try_from(leaves.len()).expect("few pairs with triples").to_le_bytes());
        let rows = || group.slots.iter().flatten().filter_map(|entry| goes_on[*entry].as_ref());
        pair_table.push(rows().count() as u8);
        for (leave, row) in rows() {
            triple_keys.extend(row.iter().map(|(c, _)| (leaves.len() << 12 | c) as u32));
            triple_costs.extend(row.iter().map(|(_, cost)| *cost));
            leaves.push(*leave);
        }
    }
    assert!(
        keys.iter().all(|key| find(pair_table.as_chunks::<27>().0, *key).is_some()),
        "each pair is where it is looked for"
    );
    let mut triple_table = Vec::new();
    for group in fill(&triple_keys, LEAST, |_| false) {
        triple_table.extend(group.bytes());
        triple_table.extend(group.slots.map(|entry| entry.map_or(0, |entry| triple_costs[entry])));
    }

    // From a code point to class and symbol, in blocks of 256; equal blocks are stored once.
    let mut blocks: Vec<Vec<u8>> = Vec::new();
    let mut block_of: Vec<u8> = Vec::new();
    let mut known: HashMap<Vec<u8>, usize> = HashMap::new();
    for high in 0..0x1100u32 {
        let mut block = Vec::with_capacity(4 * 256);
        for c in high << 8..(high + 1) << 8 {
            let id = id_of.get(&c).copied().unwrap_or(0) as u16;
            block.extend_from_slice(&id.to_le_bytes());
            block.push(classes.of(c) as u8);
            block.push(if id == 0 { unseen_cost[classes.of(c)] } else { within_cost[usize::from(id)] });
        }
        let number = *known.entry(block.clone()).or_insert_with(|| {
            blocks.push(block);
            blocks.len() - 1
        });
        block_of.extend_from_slice(&u16::try_from(number).expect("few blocks").to_le_bytes());
    }

    let write = |name: &str, bytes: &[u8]| fs::write(out.join(name), bytes).expect("OUT_DIR can be written");
    write("block-of.bin", &block_of);
    write("blocks.bin", &blocks.concat());
    write("class-cost.bin", &class_cost);
    write("leave-cost.bin", &leave_cost);
    write("pairs.bin", &pair_table);
    write("pair-leaves.bin", &leaves);
    write("triples.bin", &triple_table);
    let flags: Vec<u16> = classes.names.iter().map(|name| flags_of(name)).collect();
    let consts = format!(
        "const KINDS: usize = {kinds};\nstatic FLAGS: [u16; KINDS] = {flags:?};\nconst UNSEEN_CLOSING: u8 = {UNSEEN_CLOSING};\n\
         /// What may stand right behind any letter: what closes, a dash, an ellipsis.\npub const CLOSING: &str = {CLOSING:?};\n"
    );
    write("model.rs", consts.as_bytes());

    let block = |id: usize| symbols[id - 1].c >> 6;
    let (mut neighbours, mut seen) = (BTreeMap::new(), BTreeMap::new());
    for &(a, b, n) in &entries {
        *neighbours.entry((block(a), block(b))).or_default() += n;
    }
    for symbol in &symbols {
        *seen.entry(symbol.c >> 6).or_default() += symbol.seen;
    }
    Costs {
        classes,
        id_of,
        within: within_cost,
        unseen: unseen_cost,
        class_cost,
        leave: leave_cost,
        usual,
        flags,
        pairs: pair_rows,
        neighbours,
        seen,
    }
}

/// What is known of a class.
fn flags_of(name: &str) -> u16 {
    let of_letters = match name.strip_suffix("-mark").unwrap_or(name) {
        "han" if name == "han-mark" => flags::CJK,
        "han" | "hangul" => flags::LARGE | flags::CJK,
        "han-rare" | "hiragana" | "katakana" | "cjk-punctuation" | "fullwidth" => flags::CJK,
        "symbol-ascii" | "quote-ascii" | "open-ascii" | "close-ascii" | "digit" | "stop" => flags::SIGN,
        "soft-hyphen" | "space" => flags::UNSEEN,
        "format" | "space-other" => flags::UNSEEN | flags::MARK,
        "open" | "close" | "dash" | "ellipsis" => flags::MARK | flags::CLOSING,
        "mark-sign" | "punctuation" | "arrow" => flags::MARK,
        "latin-ascii-lower" | "latin-ascii-upper" => flags::PLAIN_LETTER,
        "unassigned" => flags::UNASSIGNED,
        "arabic"
        | "arabic-extended"
        | "armenian"
        | "bengali"
        | "devanagari"
        | "ethiopic"
        | "georgian"
        | "greek"
        | "greek-lower"
        | "greek-upper"
        | "greek-polytonic-lower"
        | "greek-polytonic-upper"
        | "gujarati"
        | "gurmukhi"
        | "hebrew"
        | "kannada"
        | "khmer"
        | "lao"
        | "malayalam"
        | "mongolian"
        | "myanmar"
        | "oriya"
        | "sinhala"
        | "syriac"
        | "tamil"
        | "telugu"
        | "thaana"
        | "thai"
        | "tibetan" => flags::OTHER_LETTER,
        name if name.starts_with("cyrillic-") => flags::CYRILLIC,
        _ => 0,
    };
    let is_small = is_lower(name) && name != "latin-ascii-lower";
    of_letters | if is_small { flags::SMALL } else { 0 }
}

/// Whether a class is one of small letters.
fn is_lower(class: &str) -> bool {
    class.ends_with("-lower")
}

/// A follower in `pairs.txt`, `triples.txt` or `large.txt`: the character as it is, or `+` and its code point and a colon; its count.
pub fn follower(cell: &str) -> (u32, f64) {
    let (c, n) = match cell.strip_prefix('+') {
        Some(coded) => {
            let (c, n) = coded.split_once(':').unwrap_or_else(|| panic!("{cell}"));
            (hex(c), n)
        }
        None => {
            let c = cell.chars().next().unwrap_or_else(|| panic!("an empty follower"));
            (u32::from(c), &cell[c.len_utf8()..])
        }
    };
    (c, n.parse().unwrap_or_else(|e| panic!("{cell}: {e}")))
}
