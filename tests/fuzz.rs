//! The fuzz targets on stable Rust: random inputs instead of guided ones, from the same starting points.
//!
//! `cargo test` runs a few. `UNBAKE_FUZZ_SECONDS=120 cargo test --release --test fuzz` looks longer; what is found is
//! written to `fuzz/artifacts/TARGET/` and named. `fuzz/README.md` tells of the guided way.
#![cfg(feature = "cli")]

#[allow(dead_code, reason = "not all of it is needed here")]
mod boxes;
mod laws;
#[path = "fuzz/targets.rs"]
mod targets;

use std::any::Any;
use std::cell::Cell;
use std::env;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::{Duration, Instant};

use laws::Random;
use laws::pages::PAGES;

thread_local! {
    /// Whether a panic in this thread is expected.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs a target on variations of `seeds` for the time asked for, or on a few of them.
fn fuzz(name: &str, target: fn(&[u8]), seeds: &[Vec<u8>]) {
    let seconds = env::var("UNBAKE_FUZZ_SECONDS").ok().map(|s| s.parse().expect("UNBAKE_FUZZ_SECONDS: a number"));
    let start = Instant::now();
    let mut random = Random(env::var("UNBAKE_FUZZ_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(1));
    let mut runs = 0u64;
    loop {
        let go_on = match seconds {
            Some(seconds) => start.elapsed() < Duration::from_secs(seconds),
            None => runs < 300,
        };
        if !go_on {
            break;
        }
        let input = vary(&mut random, seeds);
        if let Some(why) = failure(target, &input) {
            let (input, why) = shrink(target, input, why);
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/artifacts").join(name);
            fs::create_dir_all(&folder).expect("a folder");
            let path = folder.join(format!("stable-{runs}"));
            fs::write(&path, &input).expect("written");
            panic!("{name}, run {runs}, kept as {}: {}\n{why}", path.display(), laws::show(&input));
        }
        runs += 1;
    }
    println!("{name}: {runs} runs in {:.0?}", start.elapsed());
}

/// The message of the panic that the input leads to, if it does; the panic itself is not printed.
fn failure(target: fn(&[u8]), input: &[u8]) -> Option<String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                loud(info)
            }
        }));
    });
    QUIET.set(true);
    let panic = panic::catch_unwind(AssertUnwindSafe(|| target(input))).err();
    QUIET.set(false);
    let text = |panic: Box<dyn Any + Send>| match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => panic.downcast_ref::<&str>().map_or_else(|| "a panic".to_owned(), ToString::to_string),
    };
    panic.map(text)
}

/// Cuts away what the failure does not need, for ten seconds at most. It stays a failure of the same law.
fn shrink(target: fn(&[u8]), mut input: Vec<u8>, mut why: String) -> (Vec<u8>, String) {
    let law = why.split(':').next().unwrap_or_default().to_owned();
    let start = Instant::now();
    for _ in 0..3 {
        let mut len = input.len() / 2;
        while len > 0 {
            let mut at = 0;
            while at + len <= input.len() && start.elapsed() < Duration::from_secs(10) {
                let shorter = [&input[..at], &input[at + len..]].concat();
                match failure(target, &shorter).filter(|new| new.starts_with(&law)) {
                    Some(new) => (input, why) = (shorter, new),
                    None => at += len,
                }
            }
            len = if len > 8 { len / 2 } else { len - 1 };
        }
    }
    (input, why)
}

/// So long may a seed be to be taken whole.
const WHOLE: usize = 8000;

/// A seed, or a part of one, changed in some places.
fn vary(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let part = |random: &mut Random| {
        let seed = &seeds[random.below(seeds.len())];
        let (a, b) = (random.below(seed.len() + 1), random.below(seed.len() + 1));
        seed[a.min(b)..a.max(b)].to_vec()
    };
    let mut input = part(random);
    input.truncate(2000);
    // What is short is also taken whole: a part of a container is none.
    let seed = &seeds[random.below(seeds.len())];
    if seed.len() <= WHOLE && random.below(2) == 0 {
        input.clone_from(seed);
    }
    for _ in 0..random.below(8) {
        let at = random.below(input.len() + 1);
        match random.below(8) {
            0 => input.insert(at, random.next() as u8),
            1 if at < input.len() => input[at] = random.next() as u8,
            2 if at < input.len() => input[at] ^= 1 << random.below(8),
            3 if at < input.len() => drop(input.remove(at)),
            4 => {
                let mut other = part(random);
                other.truncate(200);
                drop(input.splice(at..at, other));
            }
            5 => {
                // Damage of its own.
                let page = &PAGES[random.below(PAGES.len())];
                let end = (at + random.below(60)).min(input.len());
                if let Some(text) = page.decode(&input[at..end]) {
                    drop(input.splice(at..end, text.into_bytes()));
                }
            }
            6 => {
                let end = (at + random.below(20)).min(input.len());
                let again = input[at..end].repeat(random.below(5));
                drop(input.splice(at..at, again));
            }
            _ => drop(input.splice(at..at, [b' ', b'\n', b'"', b'\''][random.below(4)..].iter().copied().take(1))),
        }
    }
    input
}

/// The files of `seeds/`, and the texts of the cases.
fn texts() -> Vec<Vec<u8>> {
    fn collect(folder: &Path, into: &mut Vec<Vec<u8>>) {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() { collect(&path, into) } else { into.push(fs::read(&path).expect("read")) }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    collect(&root.join("seeds"), &mut all);
    collect(&root.join("tests/cases"), &mut all);
    assert!(!all.is_empty());
    all
}

#[test]
fn engine() {
    fuzz("engine", targets::engine, &texts());
}

#[test]
fn apply_invert() {
    fuzz("apply_invert", targets::apply_invert, &texts());
}

#[test]
fn journal() {
    fuzz("journal", targets::journal, &[targets::whole_journal().into_bytes()]);
}

#[test]
fn containers() {
    let broken = targets::OLD;
    let items = || {
        let one = boxes::Item::new("a.txt", broken);
        let two = boxes::Item { deflate: false, ..boxes::Item::new("b", broken) };
        [one, two, boxes::Item { stream: true, ..boxes::Item::new("c.txt", broken) }]
    };
    let stored = items().map(|item| boxes::Item { deflate: false, stream: false, ..item });
    let tar = boxes::tar(&[(b"a.txt", broken), (&[b'x'; 120], broken), (b"c.zip", &boxes::zip(&items()))]);
    let mail = "From a b\nSubject: =?utf-8?Q?caf=C3=83=C2=A9_au_lait?=\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\
        Content-Transfer-Encoding: quoted-printable\n\na =\nb\nthe caf=C3=83=C2=A9 by the sea\n--b\n\
        Content-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: base64\n\nVGhlIGNhZsOpIGJ5IHRoZSBzZWE=\n\
        --b--\n\nFrom c d\nSubject: x\n\nA cafÃ© by the sea\n"; // unbake: ignore
    let [bzip2, xz, zstd] = boxes::streams(broken).map(|(_, bytes)| bytes);
    let mut seeds = vec![boxes::zip(&items()), boxes::zip(&stored), boxes::gzip(broken), boxes::gzip(&tar), tar];
    seeds.extend([mail.as_bytes().to_vec(), bzip2, xz, zstd]);
    fuzz("containers", targets::containers, &seeds);
}

/// The journal that the variations start from is one that can be undone.
#[test]
fn the_whole_journal_is_whole() {
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path().join("1");
    fs::create_dir(&folder).expect("a folder");
    fs::write(root.path().join("file"), targets::NEW).expect("written");
    let journal = targets::whole_journal().replace('@', root.path().to_str().expect("text"));
    fs::write(folder.join("journal.jsonl"), journal).expect("written");
    let (runs, errors) = unbake::files::undo::runs(root.path()).expect("listed");
    assert!(errors.is_empty(), "{errors:?}");
    runs[0].restore(&runs[0].files[0]).expect("restored");
    assert_eq!(fs::read(root.path().join("file")).expect("read"), targets::OLD);
}
