//! The layers of `src/`: a module uses only what is to its right in
//! `main → cli → report, files → engine → normalize, repair → detect → source → model → codec → config → edit → error`.
//! `report` and `files` do not know each other, and modules of one place do not either. Files are touched in `files/` and
//! where settings are read, and only `report/` and `main.rs` print. What cli prints, it prints through the writers that
//! `report` hands out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The order. Later groups are to the right.
const ORDER: &[&[&str]] = &[
    &["main"],
    &["cli"],
    &["report", "files"],
    &["engine"],
    &["normalize", "repair"],
    &["detect"],
    &["source"],
    &["model"],
    &["codec"],
    &["config"],
    &["edit"],
    &["error"],
];

/// The one place outside `files/` that reads files: the settings.
const SETTINGS: &str = "cli/settings/";

/// The one file with unsafe code: the loads of the vectorised scan.
const VECTORS: &str = "detect/lanes.rs";

/// What reaches files: as a path in the code, and so not as a part of another name.
const FILE_ACCESS: &[&str] = &[
    "std::fs",
    "fs::",
    "File::open",
    "File::create",
    "OpenOptions",
    "tempfile::",
    "xattr::",
    "ignore::",
    "NamedTempFile",
    "TempDir",
    "WalkBuilder",
    "Command::new",
    "TcpStream",
    "include_dir",
];

/// What prints.
const PRINTING: &[&str] = &[
    "println!",
    "print!",
    "eprintln!",
    "eprint!",
    "dbg!",
    "stdout()",
    "stderr()",
    "io::Stdout",
    "io::Stderr",
    "StdoutLock",
    "Stdout",
    "Stderr",
];

/// A file of `src/`: its path there, and its code without comments, literals and tests.
struct Source {
    path: String,
    code: String,
    whole: String,
}

impl Source {
    /// Its place in the tree of modules; empty for `lib.rs`.
    fn module(&self) -> Vec<&str> {
        let path = self.path.trim_end_matches(".rs");
        let parts: Vec<&str> = path.split('/').filter(|part| *part != "mod").collect();
        if parts == ["lib"] { Vec::new() } else { parts }
    }

    fn layer(&self) -> &str {
        self.module().first().copied().unwrap_or("lib")
    }
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources() -> Vec<Source> {
    fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { collect(&path, into) } else { into.push(path) }
        }
    }
    let mut paths = Vec::new();
    collect(&src(), &mut paths);
    paths.sort();
    let sources: Vec<Source> = paths
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            let inside = path.strip_prefix(src()).expect("inside").to_string_lossy().replace('\\', "/");
            let whole = bare(&text);
            Source { path: inside, code: without_tests(&whole), whole }
        })
        .collect();
    assert!(sources.len() >= 40, "only {} files under src/", sources.len());
    sources
}

/// Code without comments and without what is between quotes.
fn bare(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        let before = if i == 0 { '\0' } else { at(i - 1) };
        let hashes = (i + 1..).take_while(|&j| at(j) == '#').count();
        match at(i) {
            '/' if at(i + 1) == '/' => {
                while i < chars.len() && at(i) != '\n' {
                    i += 1;
                }
            }
            '/' if at(i + 1) == '*' => {
                let mut depth = 1;
                i += 2;
                while i < chars.len() && depth > 0 {
                    match (at(i), at(i + 1)) {
                        ('/', '*') => (depth, i) = (depth + 1, i + 2),
                        ('*', '/') => (depth, i) = (depth - 1, i + 2),
                        _ => i += 1,
                    }
                }
            }
            'r' if at(i + 1 + hashes) == '"' && !(before.is_alphanumeric() && before != 'b' || before == '_') => {
                i += hashes + 2;
                while i < chars.len() && !(at(i) == '"' && (1..=hashes).all(|h| at(i + h) == '#')) {
                    i += 1;
                }
                i += hashes + 1;
                out.push_str("\"\"");
            }
            '"' => {
                i += 1;
                while i < chars.len() && at(i) != '"' {
                    i += if at(i) == '\\' { 2 } else { 1 };
                }
                i += 1;
                out.push_str("\"\"");
            }
            // A character, not a lifetime.
            '\'' if at(i + 1) == '\\' || at(i + 2) == '\'' => {
                i += if at(i + 1) == '\\' { 3 } else { 2 };
                while i < chars.len() && at(i) != '\'' {
                    i += 1;
                }
                i += 1;
                out.push_str("' '");
            }
            c => {
                out.push(c);
                i += 1;
            }
        }
    }
    out
}

/// Code without the items that only tests have.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut out = String::new();
    let mut rest = code;
    while let Some(at) = rest.find(MARK) {
        out.push_str(&rest[..at]);
        rest = &rest[at + MARK.len()..];
        let mut depth = 0;
        let end = rest.char_indices().find(|&(_, c)| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            depth == 0 && (c == '}' || c == ';')
        });
        rest = end.map_or("", |(at, _)| &rest[at + 1..]);
    }
    out + rest
}

/// Whether `word` occurs in `code` as a name of its own: not as the end of a longer one.
fn has(code: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let starts = !word.starts_with(part) || !code[..at].ends_with(part);
        let ends = !word.ends_with(part) || !code[at + word.len()..].starts_with(part);
        starts && ends
    })
}

/// The names at the root of the crate that a file mentions.
fn roots(source: &Source) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let module = source.module();
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut note = |rest: &str| {
        let rest = rest.trim_start();
        if let Some(group) = rest.strip_prefix('{') {
            // `use crate::{a::b, c::{d, e}}`: the names at depth one.
            let (mut depth, mut start) = (1, true);
            for (at, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' => start = true,
                    c if start && depth == 1 && !c.is_whitespace() => {
                        found.insert(name(&group[at..]));
                        start = false;
                    }
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
            }
        } else {
            found.insert(name(rest));
        }
    };
    for prefix in ["crate::", "unbake::"] {
        for (at, _) in source.code.match_indices(prefix) {
            if !source.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
                note(&source.code[at + prefix.len()..]);
            }
        }
    }
    // `super::super::…` up to the root.
    let mut rest = source.code.as_str();
    while let Some(at) = rest.find("super::") {
        rest = &rest[at..];
        let mut up = 0;
        while let Some(after) = rest.strip_prefix("super::") {
            (rest, up) = (after, up + 1);
        }
        if up >= module.len() {
            note(rest);
        }
    }
    found.remove("");
    found
}

#[test]
fn a_module_uses_only_what_is_to_its_right() {
    let place: BTreeMap<&str, usize> =
        ORDER.iter().enumerate().flat_map(|(at, names)| names.iter().map(move |name| (*name, at))).collect();
    let mut faults = Vec::new();
    for source in sources().iter().filter(|source| source.path != "lib.rs") {
        let layer = source.layer();
        let Some(mine) = place.get(layer) else {
            faults.push(format!("{}: `{layer}` has no place in the order", source.path));
            continue;
        };
        for used in roots(source) {
            match place.get(used.as_str()) {
                _ if used == layer => {}
                Some(theirs) if theirs > mine => {}
                // main.rs reports its last words.
                Some(_) => faults.push(format!("{}: `{layer}` must not use `{used}`", source.path)),
                None => faults.push(format!("{}: `{used}` is no module; name the one it is in", source.path)),
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn files_are_touched_in_one_place() {
    let faults: Vec<String> = sources()
        .iter()
        .filter(|source| source.layer() != "files" && !source.path.starts_with(SETTINGS))
        .flat_map(|source| {
            let found = FILE_ACCESS.iter().filter(|word| has(&source.code, word));
            found.map(|word| format!("{}: `{word}`", source.path)).collect::<Vec<_>>()
        })
        .collect();
    assert!(faults.is_empty(), "only files/ and {SETTINGS} touch files: {faults:#?}");
}

#[test]
fn printing_is_done_in_one_place() {
    let faults: Vec<String> = sources()
        .iter()
        .filter(|source| source.layer() != "report" && source.path != "main.rs")
        .flat_map(|source| {
            let found = PRINTING.iter().filter(|word| has(&source.code, word));
            found.map(|word| format!("{}: `{word}`", source.path)).collect::<Vec<_>>()
        })
        .collect();
    assert!(faults.is_empty(), "only report/ and main.rs print: {faults:#?}");
}

#[test]
fn nothing_but_vectors_is_unsafe() {
    let manifest = fs::read_to_string(src().with_file_name("Cargo.toml")).expect("Cargo.toml");
    assert!(manifest.contains("unsafe_code = \"deny\"") || manifest.contains("unsafe_code = \"forbid\""));
    let found: Vec<String> =
        sources().iter().filter(|source| has(&source.whole, "unsafe")).map(|source| source.path.clone()).collect();
    assert_eq!(found, [VECTORS], "vectors of bytes are loaded in one place, and nothing else is unsafe");
}

/// A file that no `mod` line names is never compiled, and nobody notices.
#[test]
fn every_file_is_part_of_the_crate() {
    let sources = sources();
    let known: BTreeSet<String> = sources.iter().map(|source| source.path.clone()).collect();
    let mut reached = BTreeSet::from(["lib.rs".to_string(), "main.rs".to_string()]);
    let mut open: Vec<String> = reached.iter().cloned().collect();
    while let Some(path) = open.pop() {
        let source = sources.iter().find(|source| source.path == path).expect("a file");
        let folder = source.module().join("/");
        for line in source.whole.lines() {
            let words: Vec<&str> = line.split_whitespace().skip_while(|word| word.starts_with("pub")).collect();
            let ["mod", name] = words[..] else { continue };
            let Some(name) = name.strip_suffix(';') else { continue };
            let base =
                if folder.is_empty() || path == "main.rs" { name.to_string() } else { format!("{folder}/{name}") };
            let file = [format!("{base}.rs"), format!("{base}/mod.rs")].into_iter().find(|file| known.contains(file));
            let file = file.unwrap_or_else(|| panic!("{path}: no file for `mod {name}`"));
            if reached.insert(file.clone()) {
                open.push(file);
            }
        }
    }
    let dead: Vec<&String> = known.difference(&reached).collect();
    assert!(dead.is_empty(), "no `mod` line names {dead:?}");
}

/// The test would notice: what it reads code with tells code from what is not.
#[test]
fn the_reader_of_code_reads_code() {
    let code = bare(
        "a // println!\n/* fs:: /* x */ y */ \"eprintln!\" r#\"dbg!(\"x\")\"# 'x' '\\'' &'a str b\"print!\" println!(1)",
    );
    assert!(has(&code, "println!") && !has(&code, "eprintln!") && !has(&code, "dbg!") && !has(&code, "fs::"), "{code}");
    assert!(!has(&code, "print!"), "{code}");
    assert_eq!(
        without_tests("x #[cfg(test)]\nmod t { fn f() {} } y #[cfg(test)] use z; w").replace(['\n', ' '], ""),
        "xyw"
    );
    let source = |path: &str, code: &str| Source { path: path.into(), code: code.into(), whole: code.into() };
    let all = |path, code| roots(&source(path, code)).into_iter().collect::<Vec<_>>();
    assert_eq!(all("a/b.rs", "use crate::{x::{p, q}, y}; super::z(); super::super::w::f()"), ["w", "x", "y"]);
    assert_eq!(all("a/mod.rs", "use super::z; crate::k::f()"), ["k", "z"]);
}
