//! `data/model` to packed tables: what a character is, and what one costs after another.
//!
//! The smoothing lives here, so that the text under `data/` holds counts, which are facts, and nothing else.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// Costs are in eighths of a nat, in one byte.
const SCALE: f64 = 8.0;
/// How many observations the classes' general frequencies weigh against a class's own followers.
const CLASS_PRIOR: f64 = 4.0;
/// What a character of a class counts that was never seen.
const UNSEEN: f64 = 0.05;

fn cost(p: f64) -> u8 {
    (-p.ln() * SCALE).round().clamp(0.0, 255.0) as u8
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

fn lines(path: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    text.split_inclusive('\n').filter(|line| !line.starts_with("# ")).collect()
}

fn hex(s: &str) -> u32 {
    u32::from_str_radix(s, 16).unwrap_or_else(|e| panic!("{s}: {e}"))
}

/// Writes `model.rs` (sizes) and the `.bin` tables that `src/model/mod.rs` includes.
pub fn generate(dir: &str, out: &Path) {
    let classes = Classes::read(&format!("{dir}/classes.txt"));
    let kinds = classes.names.len();

    struct Symbol {
        c: u32,
        class: usize,
        seen: f64,
        follower_kinds: f64,
        followed: f64,
    }
    let symbols: Vec<Symbol> = lines(&format!("{dir}/symbols.txt"))
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.split(' ').collect();
            let number = |i: usize| cells[i].parse::<f64>().unwrap_or_else(|e| panic!("{line}: {e}"));
            let c = hex(cells[0]);
            Symbol { c, class: classes.of(c), seen: number(1), follower_kinds: number(2), followed: number(3) }
        })
        .collect();
    assert!(symbols.len() < 65_535, "a symbol is 16 bits");
    let id_of: HashMap<u32, usize> = symbols.iter().enumerate().map(|(i, s)| (s.c, i + 1)).collect();

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
        for cell in cells {
            let (c, n) = if let Some(coded) = cell.strip_prefix('+') {
                let (c, n) = coded.split_once(':').unwrap_or_else(|| panic!("{line}"));
                (hex(c), n)
            } else {
                let c = cell.chars().next().expect("a follower");
                (u32::from(c), &cell[c.len_utf8()..])
            };
            let n: f64 = n.parse().unwrap_or_else(|e| panic!("{cell}: {e}"));
            listed[first] += n;
            entries.push((first, id_of[&c], n));
        }
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

    // What a character of each class costs in usual text.
    let mut spent = vec![(0.0f64, 0.0f64); kinds];
    for &(a, b, n) in &entries {
        let (first, second) = (&symbols[a - 1], &symbols[b - 1]);
        let backed = after(first.class, second.class) * within(second.class, second.seen);
        let p = (n + first.follower_kinds * backed) / (first.followed + first.follower_kinds).max(n);
        spent[second.class].0 -= n * p.ln();
        spent[second.class].1 += n;
    }
    let usual: Vec<u8> =
        spent.iter().map(|&(sum, n)| if n > 0.0 { (sum / n * SCALE).round().min(255.0) as u8 } else { 80 }).collect();
    fs::write(out.join("usual.bin"), &usual).expect("OUT_DIR can be written");

    // The pairs, in a table with open addressing; `src/model/mod.rs` says what a slot holds.
    let slots = (entries.len() * 3 / 2).next_power_of_two().max(1 << 16);
    let mut table = vec![0u32; slots];
    for &(a, b, n) in &entries {
        let (first, second) = (&symbols[a - 1], &symbols[b - 1]);
        let backed = after(first.class, second.class) * within(second.class, second.seen);
        let p = (n + first.follower_kinds * backed) / (first.followed + first.follower_kinds).max(n);
        let hash = ((a as u32) << 16 | b as u32).wrapping_mul(0x9E37_79B1);
        let mut slot = (hash >> (32 - slots.trailing_zeros())) as usize;
        while table[slot] != 0 {
            slot = (slot + 1) & (slots - 1);
        }
        table[slot] = hash << 8 | u32::from(cost(p).clamp(1, 254));
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
    write("pairs.bin", &table.iter().flat_map(|slot| slot.to_le_bytes()).collect::<Vec<u8>>());
    let names = classes.names.iter().map(|n| format!("{n:?}, ")).collect::<String>();
    let text = format!(
        "const KINDS: usize = {kinds};\nconst SLOTS: usize = {slots};\nstatic CLASS_NAMES: [&str; KINDS] = [{names}];\n"
    );
    write("model.rs", text.as_bytes());
}
