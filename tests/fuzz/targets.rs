//! What is fuzzed: bytes in, a panic where a law is broken. Used by `fuzz/` (coverage-guided, nightly) and by
//! `tests/fuzz.rs` (random, stable).

use std::fs;
use std::io::Cursor;
use std::path::Path;

use unbake::Engine;
use unbake::files::containers::{self, Looked, Options, When};
use unbake::files::rewrite::Rewrite;
use unbake::files::{Document, Loaded, digest::Digest, read, undo};

use crate::laws;

/// The first byte picks how the rest is read; the laws of the engine must hold for it.
pub fn engine(data: &[u8]) {
    let Some((&seed, source)) = data.split_first() else { return };
    laws::engine(&Engine::default(), source, u64::from(seed));
}

/// Edits made up of the bytes: skip, length and replacement of each, and then the source.
pub fn apply_invert(data: &[u8]) {
    let mut rest = data;
    let mut pieces = Vec::new();
    while let [skip, len, after, tail @ ..] = rest {
        if pieces.len() == usize::from(data[0] % 16) || tail.len() < usize::from(*after % 16) {
            break;
        }
        let (after, tail) = tail.split_at(usize::from(*after % 16));
        pieces.push((u16::from(*skip), len % 32, after.to_vec()));
        rest = tail;
    }
    laws::apply_invert(rest, &pieces);
}

/// A journal of any bytes is read or refused. Undoing it changes a file only if the file is what the journal says the
/// run made of it, and to what the journal says it was. `@` in the journal stands for a folder with such a file.
pub fn journal(data: &[u8]) {
    let root = tempfile::tempdir().expect("a folder");
    let place = root.path().to_str().expect("text");
    let file = root.path().join("file");
    fs::write(&file, NEW).expect("written");
    let folder = root.path().join("state").join("1");
    fs::create_dir_all(&folder).expect("a folder");
    let journal: Vec<u8> =
        data.iter().flat_map(|&b| if b == b'@' { place.as_bytes().to_vec() } else { vec![b] }).collect();
    fs::write(folder.join("journal.jsonl"), &journal).expect("written");
    let (runs, _) = undo::runs(&root.path().join("state")).expect("the folder is there");
    for run in &runs {
        for written in &run.files {
            let _ = run.now(written);
            // No other file than that one is put at risk, whatever the bytes say.
            if written.path == file {
                let restored = run.restore(written);
                let now = fs::read(&file).expect("still there");
                assert!(now == NEW || now == OLD && restored.is_ok(), "{restored:?}: {}", laws::show(&now));
            }
        }
        let _ = run.restored();
    }
}

/// What the file was before the run that a journal tells of.
pub const OLD: &[u8] = "A cafÃ© by the sea\n".as_bytes();
/// What the run made of it.
pub const NEW: &[u8] = "A café by the sea\n".as_bytes();

/// A journal that is as it should be.
pub fn whole_journal() -> String {
    let content = |bytes: &[u8]| format!(r#"{{"len":{},"hash":"{}"}}"#, bytes.len(), Digest::of(bytes).hash.to_hex());
    [
        r#"{"type":"run","version":1,"nanos":1800000000000000000,"tool":"unbake 0.1.0"}"#.to_string(),
        format!(
            r#"{{"type":"file","number":0,"path":"@/file","before":{},"after":{},"edits":[{{"start":5,"end":9,"#,
            content(OLD),
            content(NEW)
        ) + r#""before":"Ã©","after":"é","chain":[["utf-8","windows-1252"]],"confidence":"certain","lossy":false}]}"#,
        r#"{"type":"done","number":0}"#.to_string(),
        String::new(),
    ]
    .join("\n")
}

/// Any bytes taken for a container are read or refused. What is rewritten has no edits left to make, and the way back leads
/// to the very bytes.
pub fn containers(data: &[u8]) {
    let document = document(data);
    let Some(before) = look(&document) else { return };
    let Ok(rewrite) = before.rewrite(&document) else { return };
    assert_eq!(rewrite.is_empty(), before.edits() == 0, "pieces change if edits are made");
    let mut new = Vec::new();
    rewrite.apply(&mut &data[..], &mut new).expect("its own source");
    let after = look(&self::document(&new)).expect("what was rewritten can be read");
    assert_eq!(after.edits(), 0, "repairing twice is repairing once");
    let mut old = tempfile::tempfile().expect("a file");
    rewrite.replaced(&mut Cursor::new(data), &mut old).expect("its own source");
    let back = Rewrite::back(rewrite.pieces(), old, data.len() as u64).expect("there is a way back");
    let mut again = Vec::new();
    back.apply(&mut &new[..], &mut again).expect("its own source");
    assert!(again == data, "the way back: {}", laws::show(&again));
}

fn document(data: &[u8]) -> Document {
    let (Loaded::Text(document) | Loaded::Skipped(_, document)) =
        read::member(Path::new("x.zip"), &mut &data[..], &|_| true).expect("in memory");
    document
}

fn look(document: &Document) -> Option<Looked> {
    let options = Options { when: When::Always, ..Options::default() };
    let kind = containers::kind(document, &options, true)?;
    let engine = Engine::default();
    containers::look(document, kind, &options, &mut |member, _| member.look(&engine).map(Some)).ok()
}
