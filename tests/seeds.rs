//! The demo archive: what `seeds/` becomes is what `tests/seeds-right/` says, byte for byte, and that has no finding.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use unbake::Engine;

/// Where unbake falls short of what is right, strictly: the file, how many of its lines differ, and why. A file that
/// comes out right, or with fewer or more such lines, must be told here.
const KNOWN: &[(&str, usize, &str)] = &[(
    "subtitles/fr.vtt",
    1,
    "a no-break space that became a space: a lone `Ã` before two spaces, on a line with other damage, stays broken",
)];

/// Fewer than this, and the folder was not read or was cut.
const FILES: usize = 32;

/// The bytes of every file in a folder of the repository, by path in it.
fn files(folder: &str) -> BTreeMap<String, Vec<u8>> {
    fn collect(root: &Path, folder: &Path, into: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path: PathBuf = entry.expect("an entry").path();
            if path.is_dir() {
                collect(root, &path, into);
            } else {
                let name = path.strip_prefix(root).expect("inside").to_string_lossy().replace('\\', "/");
                into.insert(name, fs::read(&path).expect("read"));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut all = BTreeMap::new();
    collect(&root, &root, &mut all);
    assert!(all.len() >= FILES, "{folder}: {} files", all.len());
    all
}

/// The lines in which two texts differ, as messages.
fn differences(got: &[u8], want: &[u8]) -> Vec<String> {
    let lines = |bytes: &[u8]| -> Vec<String> {
        bytes
            .split_inclusive(|&b| b == b'\n')
            .map(|line| String::from_utf8_lossy(line).escape_debug().to_string())
            .collect()
    };
    let (got, want) = (lines(got), lines(want));
    let none = String::new();
    (0..got.len().max(want.len()))
        .map(|i| (i, got.get(i).unwrap_or(&none), want.get(i).unwrap_or(&none)))
        .filter(|(_, got, want)| got != want)
        .map(|(i, got, want)| format!("  line {}\n    got  {got}\n    want {want}", i + 1))
        .collect()
}

#[test]
fn the_archive_is_put_right() {
    let engine = Engine::default();
    let (broken, right) = (files("seeds"), files("tests/seeds-right"));
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&broken), names(&right), "the same files");
    let known: BTreeMap<&str, usize> = KNOWN.iter().map(|&(name, lines, _)| (name, lines)).collect();
    assert!(known.keys().all(|name| broken.contains_key(*name)), "{known:?}");
    let mut faults = Vec::new();
    for (name, bytes) in &broken {
        let got = engine.plan(bytes).apply(bytes).expect("the plan is for these bytes");
        let differ = differences(&got, &right[name]);
        let expected = known.get(name.as_str()).copied().unwrap_or(0);
        if differ.len() != expected {
            let count = format!("{name}: {} lines differ, {expected} are known to", differ.len());
            faults.push(format!("{count}\n{}", differ.join("\n")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What is right stays.
#[test]
fn what_is_right_has_no_finding() {
    let engine = Engine::default();
    let mut faults = Vec::new();
    for (name, bytes) in files("tests/seeds-right") {
        for edit in engine.plan(&bytes).edits() {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).escape_debug().to_string();
            faults.push(format!(
                "{name}:{}: {} → {} ({}, {})",
                edit.place.line,
                text(&edit.before),
                text(&edit.after),
                edit.chain,
                edit.confidence
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
