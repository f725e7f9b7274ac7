//! Reading, writing and the journal, from below: what the program itself never meets on purpose.
#![cfg(feature = "cli")]

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use unbake::files::digest::Digest;
use unbake::files::journal::Run;
use unbake::files::write::{Expected, splice, stage};
use unbake::files::{Document, Loaded, read, undo};
use unbake::{Engine, Plan};

const BROKEN: &str = "Peterâ€™s hat\n";
const RIGHT: &str = "Peter’s hat\n";

fn open(path: &Path) -> (Document, Plan, Expected) {
    let Loaded::Text(mut document) = read::open(path).unwrap() else { panic!("a text") };
    let plan = document.plan(&Engine::default()).unwrap();
    let expected = Expected { stamp: document.stamp().copied(), digest: document.digest().unwrap() };
    (document, plan, expected)
}

#[test]
fn a_file_that_changed_meanwhile_is_not_written() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.txt");
    // Another length; the same length; the same length and the edit still fits.
    for changed in ["Peterâ€™s hat!\n", "Paulaâ€™s hat\n", "Peterâ€™s cat\n"] {
        fs::write(&path, BROKEN).unwrap();
        let (_, plan, mut expected) = open(&path);
        fs::write(&path, changed).unwrap();
        // Even when the clock is too coarse to tell.
        expected.stamp = read::open(&path).ok().and_then(|loaded| match loaded {
            Loaded::Text(document) => document.stamp().copied(),
            Loaded::Skipped(..) => None,
        });
        let mut run = Run::new(folder.path().join("state"));
        assert!(run.write(&path, &expected, &plan).unwrap_err().is_changed(), "{changed}");
        assert_eq!(fs::read_to_string(&path).unwrap(), changed);
        assert_eq!(run.id(), None);
    }
    let state = folder.path().join("state");
    let names = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let left: Vec<_> = names(folder.path()).into_iter().filter(|left| *left != state).collect();
    assert_eq!(left, [path], "no temporary file is left");
    assert!(names(&state).is_empty(), "nor a journal");
}

#[test]
fn a_file_that_was_touched_meanwhile_is_not_written() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.txt");
    fs::write(&path, BROKEN).unwrap();
    let (_, plan, expected) = open(&path);
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(5);
    fs::File::options().write(true).open(&path).unwrap().set_modified(later).unwrap();
    assert!(stage(&path, &expected, &plan, None).unwrap_err().is_changed());
}

#[test]
fn a_file_that_changes_between_the_two_steps_is_not_written() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.txt");
    fs::write(&path, BROKEN).unwrap();
    let (_, plan, expected) = open(&path);
    let staged = stage(&path, &expected, &plan, None).unwrap();
    fs::write(&path, "something else").unwrap();
    assert!(staged.commit().unwrap_err().is_changed());
    assert_eq!(fs::read_to_string(&path).unwrap(), "something else");
    let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, [path], "no temporary file is left");
}

#[test]
fn a_file_that_vanished_is_an_error() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.txt");
    fs::write(&path, BROKEN).unwrap();
    let (_, plan, expected) = open(&path);
    fs::remove_file(&path).unwrap();
    assert!(stage(&path, &expected, &plan, None).unwrap_err().is_io());
    assert!(!path.exists());
}

#[test]
fn written_undone_and_told() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.txt");
    let state = folder.path().join("state");
    fs::write(&path, BROKEN).unwrap();
    let (_, plan, expected) = open(&path);
    let mut run = Run::new(state.clone());
    run.write(&path, &expected, &plan).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), RIGHT);
    let (runs, errors) = undo::runs(&state).unwrap();
    assert!(errors.is_empty() && runs.len() == 1 && Some(&*runs[0].id) == run.id());
    let file = &runs[0].files[0];
    assert_eq!(runs[0].now(file).unwrap(), undo::Now::AsWritten);
    assert_eq!(runs[0].restore(file).unwrap(), undo::Now::AsWritten);
    assert_eq!(fs::read_to_string(&path).unwrap(), BROKEN);
    assert_eq!(runs[0].restore(file).unwrap(), undo::Now::AsBefore);
    assert!(undo::runs(&state).unwrap().0[0].restored());
}

#[test]
fn splicing_a_stream_is_applying_the_plan() {
    let text = BROKEN.repeat(10_000);
    let plan = Engine::default().plan(text.as_bytes());
    let mut out = Vec::new();
    let (before, after) = splice(&mut text.as_bytes(), &plan, &mut out).unwrap();
    assert!(out == plan.apply(text.as_bytes()).unwrap());
    assert_eq!((before, after), (Digest::of(text.as_bytes()), Digest::of(&out)));
    let mut back = Vec::new();
    splice(&mut &out[..], &plan.invert(), &mut back).unwrap();
    assert!(back == text.as_bytes());
    assert!(splice(&mut &text.as_bytes()[1..], &plan, &mut Vec::new()).unwrap_err().is_changed());
    assert!(splice(&mut format!("{text}!").as_bytes(), &plan, &mut Vec::new()).unwrap_err().is_changed());
}
