//! What the scan wants to know of each pair of characters, computed from the model and the code pages.
//!
//! `src/detect/tables.rs` says what the tables hold and how they are read.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::codepages::Roles;
use crate::model::{Costs, Symbol};
use crate::thresholds::{DEAREST, MORE, USUAL, most};

/// A block of 64 characters that was seen less often than this is not worth a table.
const SEEN: f64 = 300.0;
/// Nor are two blocks whose characters met less often than this: one pair in 10,000 of the corpus is asked of the model for it,
/// and the tables are a sixth smaller than with those of 100.
const MET: f64 = 1000.0;

/// 128 characters that were neighbours of each other less often than this are not worth a table of their own.
const OFTEN: f64 = 20_000.0;

/// In no table: the scan has to ask the model.
const NO_TABLE: u16 = 0xFF00;
/// The pair is unusual, and in some page the start of a sequence of two bytes.
const PAIR: u16 = 0x0100;
/// In some page both are later bytes of a sequence.
const GOES_ON: u16 = 0x0200;
/// The same, and the pair is unusual.
const GOES_ON_UNUSUALLY: u16 = 0x0400;
/// What the next pair must be to matter: these bits are those above, four places up.
const NEXT: u32 = 4;
const ALWAYS_NEXT: u16 = PAIR << NEXT | 0x0800 << NEXT;

/// The first and the last block, of 64 characters, of the scripts with thousands of characters.
const LARGE_FIRST: u32 = 0x3400 >> 6;
const LARGE_LAST: u32 = 0xD7A3 >> 6;
/// Numbers of blocks: characters of large scripts, and those of which nothing is known here.
const LARGE: usize = KINDS - 2;
const UNKNOWN: usize = KINDS - 1;
/// How many numbers of blocks there are: a power of two.
const KINDS: usize = 128;
/// In place of a surprise: among the large scripts, but not of them.
const NOT_LARGE: i32 = 127;
/// A character of a small script of which nothing is known before one of a large one.
const NO_EXTRA: u16 = 255;
/// How many bytes there are for each: two kinds of large scripts, three of how common the character is.
const EXTRAS: usize = 8;
/// Rows are stored in parts of so many entries.
const PART: usize = 16;
/// Tables are packed in chunks of so many numbers, of which one is unpacked at a time.
const CHUNK: usize = 1 << 13;
/// How many steps there are of what it costs to leave the followers of a character of a large script, and how wide one is.
const LEVELS: i32 = 32;
const LEVEL_STEP: i32 = 2;

struct Tables<'t> {
    roles: &'t BTreeMap<u32, Roles>,
    costs: &'t Costs,
}

impl Tables<'_> {
    fn roles(&self, c: u32) -> Roles {
        self.roles.get(&c).copied().unwrap_or_default()
    }

    /// How much more than usual a character costs after another; `src/detect/evidence.rs` has the same.
    fn beyond(&self, a: Symbol, b: Symbol) -> i32 {
        let large = self.costs.is_of_large_script(a) && self.costs.is_of_large_script(b);
        let cost = if large { i32::from(b.within) } else { self.costs.cost(a, b) };
        (cost - self.costs.usual(b)).min(MORE + most(self.costs.kind(a), self.costs.kind(b)))
    }

    /// The entry of a pair that costs so much beyond what is usual: in the low byte the surprise, in the high one what the
    /// pair may be part of.
    fn entry(&self, a: Roles, b: u32, beyond: i32) -> u16 {
        if (0x80..0xA0).contains(&b) {
            return NO_TABLE;
        }
        let is_unusual = beyond > USUAL;
        let trail = self.roles(b).trail;
        let mut bits = ALWAYS_NEXT;
        let mut set = |when: bool, bit: u16| bits |= if when { bit } else { 0 };
        set(is_unusual && a.lead2 & trail != 0, PAIR);
        set(a.trail & trail != 0, GOES_ON);
        set(is_unusual && a.trail & trail != 0, GOES_ON_UNUSUALLY);
        set(a.lead4 & trail != 0 || is_unusual && a.lead3 & trail != 0, GOES_ON << NEXT);
        set(a.lead3 & trail != 0, GOES_ON_UNUSUALLY << NEXT);
        bits | u16::from((beyond - MORE).clamp(-128, DEAREST) as i8 as u8)
    }
}

/// The symbol of a character as the scan sees what stands before another: `Symbol::of` of the model.
fn plain(c: u32) -> u32 {
    match char::from_u32(c) {
        Some('0'..='9') => u32::from('0'),
        Some('\t' | '\n' | '\r' | '\u{c}') => u32::from(' '),
        _ => c,
    }
}

/// Writes `scan.rs` (sizes) and the tables that `src/detect/tables.rs` includes.
pub fn generate(roles: &BTreeMap<u32, Roles>, costs: &Costs, out: &Path) {
    let tables = Tables { roles, costs };
    let is_large = |c: u32| costs.is_of_large_script(costs.symbol(c));

    // The numbers of the blocks. ASCII has the first two.
    let mut block_of = [UNKNOWN as u8; 1024];
    let mut small: Vec<u32> = Vec::new();
    for block in 0..1024u32 {
        let chars = block << 6..(block + 1) << 6;
        if (LARGE_FIRST..=LARGE_LAST).contains(&block) && chars.clone().all(is_large) {
            block_of[block as usize] = LARGE as u8;
        } else if block < 2 || costs.seen.get(&block).is_some_and(|seen| *seen >= SEEN) && !chars.clone().any(is_large)
        {
            block_of[block as usize] = small.len() as u8;
            small.push(block);
        }
    }
    assert!(small.len() <= LARGE, "more blocks than numbers: raise SEEN");
    let is_block_large = |block: u32| block < 1024 && block_of[block as usize] == LARGE as u8;

    // Rows of 64 entries, each stored once; row 0 is of pairs in no table.
    let mut rows: Vec<[u16; 64]> = vec![[NO_TABLE; 64]];
    let mut row_of: HashMap<[u16; 64], u16> = HashMap::from([(rows[0], 0)]);
    let mut number = |row: [u16; 64]| {
        *row_of.entry(row).or_insert_with(|| {
            rows.push(row);
            u16::try_from(rows.len() - 1).expect("few rows")
        })
    };
    // For two blocks the rows of the characters of the first one; group 0 is of blocks that do not meet.
    let mut groups: Vec<[u16; 64]> = vec![[0; 64]];
    let mut group_of = vec![0u16; KINDS * KINDS];
    let (han, hangul) = (costs.class("han"), costs.class("hangul"));

    // A character of a small script after one of a large one: at most what leaving the dearest of its level costs. Those
    // that are known to follow one may cost more than that by a little.
    let large: Vec<Symbol> = (LARGE_FIRST << 6..=LARGE_LAST << 6 | 63)
        .filter(|c| is_block_large(c >> 6))
        .map(|c| costs.symbol(c))
        .filter(|symbol| symbol.id != 0)
        .collect();
    let level = |symbol: Symbol| {
        let step = (costs.leave(symbol) / LEVEL_STEP).min(LEVELS - 1);
        (step + if symbol.class == hangul { LEVELS } else { 0 }) as usize
    };
    for (column, &b) in small.iter().enumerate().skip(2) {
        let met: f64 =
            costs.neighbours.iter().filter(|((a, to), _)| *to == b && is_block_large(*a)).map(|(_, n)| n).sum();
        if met < MET {
            continue;
        }
        let mut dearest = vec![[i32::MIN; 64]; 64];
        for (off, c) in (b << 6..(b + 1) << 6).enumerate() {
            let symbol = costs.symbol(c);
            // A character of a large script that the model does not know.
            for class in [han, hangul] {
                let unseen = Symbol { id: 0, class, within: 0 };
                dearest[level(unseen)][off] = tables.beyond(unseen, symbol);
            }
            for &a in &large {
                let dearest = &mut dearest[level(a)][off];
                *dearest = (*dearest).max(tables.beyond(a, symbol));
            }
        }
        let group = std::array::from_fn(|level| {
            number(std::array::from_fn(|off| {
                let (c, beyond) = ((b << 6) + off as u32, dearest[level][off]);
                if beyond == i32::MIN { NO_TABLE } else { tables.entry(Roles::default(), c, beyond) }
            }))
        });
        group_of[LARGE * KINDS + column] = groups.len() as u16;
        groups.push(group);
    }

    // What texts in one script need stands together: the blocks of a script beside each other and beside ASCII.
    let mut pairs: Vec<(usize, usize)> =
        (0..small.len()).flat_map(|row| (2..small.len()).map(move |column| (row, column))).collect();
    pairs.sort_by_key(|&(row, column)| {
        let other = if row < 2 { column } else { row };
        (other.max(column), other, row)
    });
    for (row, column) in pairs {
        let (a, b) = (small[row], small[column]);
        let met = costs.neighbours.get(&(a, b)).copied().unwrap_or(0.0);
        if met < MET && a >= 2 {
            continue;
        }
        let followers: Vec<(u32, Symbol)> = (b << 6..(b + 1) << 6).map(|c| (c, costs.symbol(c))).collect();
        let group = std::array::from_fn(|off| {
            let first = plain((a << 6) + off as u32);
            let (symbol, roles) = (costs.symbol(first), tables.roles(first));
            number(std::array::from_fn(|off| {
                let (c, next) = followers[off];
                tables.entry(roles, c, tables.beyond(symbol, next))
            }))
        });
        group_of[row * KINDS + column] = groups.len() as u16;
        groups.push(group);
    }

    // A character of a large script: after another one, its surprise; and the level of leaving its followers.
    let mut alone: Vec<u16> = Vec::new();
    for c in LARGE_FIRST << 6..=LARGE_LAST << 6 | 63 {
        let symbol = costs.symbol(c);
        let surprise = i32::from(symbol.within) - costs.usual(symbol) - MORE;
        assert!(surprise < NOT_LARGE);
        let surprise = if is_block_large(c >> 6) { surprise.max(-128) } else { NOT_LARGE };
        alone.push(u16::from_le_bytes([surprise as i8 as u8, level(symbol) as u8]));
    }
    // After a character of a small script it may cost so much more.
    let mut known_excess: HashMap<(usize, usize), i32> = HashMap::new();
    let large: HashMap<usize, Symbol> = large.into_iter().map(|symbol| (symbol.id, symbol)).collect();
    let firsts: Vec<(usize, Symbol)> = small
        .iter()
        .flat_map(|block| block << 6..(block + 1) << 6)
        .enumerate()
        .map(|(at, c)| (at, costs.symbol(plain(c))))
        .collect();
    for &(at, a) in firsts.iter().filter(|(_, a)| a.id != 0) {
        for (b, cost) in costs.followers(a) {
            let Some(&b) = large.get(b) else { continue };
            let excess = i32::from(*cost) - costs.leave(a) - costs.after_leaving(a.class, b);
            if excess > 0 {
                let most = known_excess.entry((at, b.class)).or_default();
                *most = (*most).max(excess);
            }
        }
    }
    let mut extra: Vec<u16> = Vec::new();
    for &(at, a) in &firsts {
        let mut kind = costs.kind(Symbol { id: 0, class: han, within: 0 });
        for class in [han, hangul] {
            let within = Symbol { id: 0, class, within: 0 };
            let dearest = costs.leave(a) + costs.after_leaving(a.class, within);
            let dearest = dearest + known_excess.get(&(at, class)).copied().unwrap_or(0);
            extra.push(dearest.min(254) as u16);
        }
        for (very, common) in [(true, true), (false, true), (false, false)] {
            (kind.is_very_common, kind.is_common) = (very, common);
            extra.push(most(costs.kind(a), kind) as u16);
        }
        extra.resize(extra.len().next_multiple_of(EXTRAS), 0);
    }
    extra.resize(KINDS * 64 * EXTRAS, NO_EXTRA);

    // Characters that follow each other most of the time: of the same 128, or of two such tables that lie side by side.
    let met = |a: u32, b: u32| costs.neighbours.get(&(a, b)).copied().unwrap_or(0.0);
    let often = |a: [u32; 2], b: [u32; 2]| a.iter().flat_map(|a| b.map(|b| met(*a, b))).sum::<f64>() >= OFTEN;
    let blocks = |page: u32| [page << 1, page << 1 | 1];
    let is_dense = |page: u32| often(blocks(page), blocks(page)) && !blocks(page).into_iter().any(is_block_large);
    let mut dense_of = vec![0u8; 512];
    let mut dense: Vec<(u32, u32)> = Vec::new();
    for page in (1..512u32).filter(|page| is_dense(*page)) {
        let before = page - 1;
        let joins = page % 2 == 1 && is_dense(before) && often(blocks(before), blocks(page));
        match dense.last_mut().filter(|_| joins) {
            Some((_, bits)) => *bits = 8,
            None => dense.push((page << 7, 7)),
        }
        dense_of[page as usize] = u8::try_from(dense.len()).expect("few tables");
    }

    // Rows that differ have most of their quarters in common with others.
    let mut parts: Vec<[u16; PART]> = vec![[NO_TABLE; PART]];
    let mut part_of: HashMap<[u16; PART], u16> = HashMap::from([(parts[0], 0)]);
    let mut parts_of_row: Vec<Vec<u16>> = Vec::new();
    for row in &rows {
        let quarters = row.as_chunks().0.iter().map(|part| {
            *part_of.entry(*part).or_insert_with(|| {
                parts.push(*part);
                u16::try_from(parts.len() - 1).expect("few parts")
            })
        });
        parts_of_row.push(quarters.collect());
    }
    let groups: Vec<u16> =
        groups.as_flattened().iter().flat_map(|row| &parts_of_row[usize::from(*row)]).copied().collect();

    let write = |name: &str, bytes: &[u8]| fs::write(out.join(name), bytes).expect("OUT_DIR can be written");
    write("scan-dense-of.bin", &dense_of);
    let mut text = format!(
        "const KINDS: usize = {KINDS};\nconst EXTRAS: usize = {EXTRAS};\nconst PART: usize = {PART};\nconst DENSE: [(usize, u32); {}] = {dense:?};\n\
         const FIRST_LARGE: usize = {};\nstatic BLOCK_OF: [u8; 1024] = {block_of:?};\n\
         const CHUNK: usize = {CHUNK};\nconst ALONE_CHUNK: usize = {};\n",
        dense.len(),
        LARGE_FIRST << 6,
        alone.len(),
    );
    for (name, table, chunk) in [
        ("parts", parts.as_flattened(), CHUNK),
        ("groups", &groups, CHUNK),
        ("group-of", &group_of, group_of.len()),
        ("alone", &alone, alone.len()),
        ("extra", &extra, CHUNK),
    ] {
        let (packed, ends) = pack(table, chunk);
        write(&format!("scan-{name}.deflate"), &packed);
        let name = name.replace('-', "_").to_uppercase();
        writeln!(text, "static {name}: [u32; {}] = {ends:?};", ends.len()).expect("memory");
    }
    write("scan.rs", text.as_bytes());
}

/// A table in packed chunks of so many numbers, and where each of them ends; `src/detect/packed.rs` unpacks them.
fn pack(table: &[u16], chunk: usize) -> (Vec<u8>, Vec<usize>) {
    let (mut packed, mut ends) = (Vec::new(), Vec::new());
    for chunk in table.chunks(chunk) {
        // What stands side by side is alike once the halves of the numbers are apart.
        let halves = [0, 1].map(|half| chunk.iter().map(|number| number.to_le_bytes()[half]).collect::<Vec<u8>>());
        packed.extend(miniz_oxide::deflate::compress_to_vec(&halves.concat(), 10));
        ends.push(packed.len());
    }
    (packed, ends)
}
