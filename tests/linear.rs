//! Invariant 5: the work grows linearly with the input, for every input; and a reader's memory is bounded by a window.
//!
//! Work is counted, not timed: bytes allocated, by an allocator that counts. Twice the input may cost 2.2 times.

#![allow(unsafe_code, reason = "an allocator is unsafe; this one counts and hands on to the system's")]

mod laws;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::io::Read;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use unbake::{Engine, Step};

struct Counting;

thread_local! {
    /// By thread: what runs the tests allocates as well.
    static ALLOCATED: Cell<usize> = const { Cell::new(0) };
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}
static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: hands every call on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATED.set(ALLOCATED.get() + layout.size());
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        let held = HELD.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(held, Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One measurement at a time: the counts are the whole program's.
static TURN: Mutex<()> = Mutex::new(());

fn deep(text: &str, layers: usize) -> String {
    (0..layers).fold(text.to_string(), |text, _| {
        laws::pages::damage(&text, &Step::new("utf-8", "windows-1252")).expect("has all bytes")
    })
}

/// Hostile inputs: a name, and the text of at least so many bytes, without a line end unless it is in the unit.
fn hostile(len: usize) -> Vec<(&'static str, Vec<u8>)> {
    let repeat = |unit: &str| unit.repeat(len / unit.len()).into_bytes();
    let six = deep("é’ ", 6);
    vec![
        ("Ã", repeat("Ã")),
        ("â€", repeat("â€")),
        ("Ã©", repeat("Ã©")),
        ("â€™", repeat("â€™")),
        ("words", repeat("cafÃ© trÃ¨s bientÃ´t ")),
        ("words far apart", repeat("cafÃ© in a lot of text that is as it should be, word for word, and ")),
        ("many chains", repeat("Ã© ÐŸ √© ├® Г© Ă© π© Þ© ")),
        ("suspects that alternate", repeat("Ã©â€™Ð¿ï¿½ðŸ˜€")),
        ("six layers", repeat(&six)),
        ("refused, then judged again", repeat("Å² É” Ä° ")),
        ("C1 controls", repeat("\u{92}\u{85} ")),
        ("lossy", repeat("Ã la Ã lÃ â€\" ")),
        ("a page of several bytes", repeat("鏂囧瓧")),
        ("the same, with bytes lost", repeat("鏂�")),
        ("the same, with question marks", repeat("中?文?")),
        ("lost bytes in a row", repeat("鏂囧??")),
        ("case changed", repeat("ã© ã¨ ")),
        ("broken throughout", repeat("ÐŸÑ€Ð¸Ð²ÐµÑ‚ Ð²ÑÐµÐ¼ ")),
        ("broken throughout, without a blank", repeat("ÐŸÑ€Ð¸Ð²ÐµÑ‚")),
        ("broken throughout, three bytes a letter", repeat("ã‚«ãƒ¼ãƒšãƒƒãƒˆ")),
        ("two pages explain all", repeat("Ð¿ÑƒÑ‚ÑŒ Ã©Ã¨ ")),
        ("part of it is right", repeat("ÐŸÑ€Ð¸Ð²ÐµÑ‚ привет ")),
        ("lines", repeat("cafÃ©\n")),
        ("ignored lines", repeat("cafÃ© # unbake: ignore\n")),
        ("off and on", repeat("unbake: off Ã©\nunbake: on\n")),
        ("invalid bytes between", repeat("Ã©\u{1}").into_iter().map(|b| if b == 1 { 0xFF } else { b }).collect()),
        ("only 80", vec![0x80; len]),
        ("only C3", vec![0xC3; len]),
        ("all characters", ('\u{80}'..).filter(|c| *c != '\n').take(len / 3).collect::<String>().into_bytes()),
    ]
}

fn allocated(engine: &Engine, source: &[u8]) -> usize {
    let before = ALLOCATED.get();
    let plan = engine.plan(source);
    drop(plan);
    ALLOCATED.get() - before
}

/// Short, since nothing is optimised here. What is quadratic shows all the same; how long lines are cut is tested with the
/// other laws.
const LEN: usize = 16 << 10;

#[test]
fn allocations_grow_linearly() {
    let _turn = TURN.lock();
    let engine = Engine::default();
    let mut faults = Vec::new();
    for ((name, once), (_, twice)) in hostile(LEN).into_iter().zip(hostile(2 * LEN)) {
        // What is kept from one text to the next has its size then.
        allocated(&engine, &twice);
        let (small, large) = (allocated(&engine, &once), allocated(&engine, &twice));
        // 64 KiB are free: what does not depend on the input.
        if large > small * 22 / 10 + (64 << 10) {
            faults.push(format!("{name}: {small} bytes allocated, and {large} for twice the input"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// What broken text costs in allocations: some for a line, and some for each edit, which has to be told of; none for a
/// character.
#[test]
fn allocations_are_for_lines_and_edits() {
    let _turn = TURN.lock();
    let engine = Engine::default();
    let cost = |line: &str| {
        let lines = |count: usize| line.repeat(count).into_bytes();
        let count = |source: &[u8]| {
            let before = ALLOCATIONS.get();
            let edits = engine.plan(source).edits().len();
            (ALLOCATIONS.get() - before, edits)
        };
        // The tables that are made on first use, and what is kept from one text to the next.
        count(&lines(40));
        let ((few, _), (many, edits)) = (count(&lines(20)), count(&lines(40)));
        assert!(edits > 0, "{line}");
        // What the edits of a line need, and what the line needs.
        ((many - few) / 20, edits / 40)
    };
    let mut faults = Vec::new();
    for line in
        ["cafÃ© trÃ¨s bientÃ´t\n", "ÐŸÑ€Ð¸Ð²ÐµÑ‚, ÐºÐ°Ðº Ð´ÐµÐ»Ð°?\n", "OK ã‚¹ã‚±ãƒƒãƒˆã\u{81}®ã‚«ãƒ¼ãƒšãƒƒãƒˆ\n"]
    {
        let (allocations, edits) = cost(line);
        println!("{allocations} for {edits} edits: {line}");
        if allocations > PER_LINE + edits * PER_EDIT {
            faults.push(format!("{allocations} allocations for {edits} edits: {line}"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

const PER_LINE: usize = 32;
const PER_EDIT: usize = 8;

/// A source of any length, made as it is read.
struct Endless<'a> {
    unit: &'a [u8],
    at: usize,
    left: usize,
}

impl Read for Endless<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let len = into.len().min(self.left);
        for slot in &mut into[..len] {
            *slot = self.unit[self.at % self.unit.len()];
            self.at += 1;
        }
        self.left -= len;
        Ok(len)
    }
}

/// Clean text, without an end of line and with, holds no more than some windows; nor do edits, if they are let go.
#[test]
fn memory_is_bounded_by_a_window() {
    let _turn = TURN.lock();
    let engine = Engine::default();
    let mut faults = Vec::new();
    let clean = "A right line, “quoted”, with a café and ещё одно слово in it. ";
    for (name, unit, len) in [
        ("one clean line", clean.to_string(), 6 << 20),
        ("clean lines", format!("{clean}\n"), 6 << 20),
        ("an ignore on each line", "right # unbake: ignore\n".to_string(), 6 << 20),
        ("damaged lines", format!("{}cafÃ©\n", clean.repeat(40)), 3 << 20),
    ] {
        let held = HELD.load(Relaxed);
        PEAK.store(held, Relaxed);
        let source = Endless { unit: unit.as_bytes(), at: 0, left: len };
        engine
            .stream(source, |window| {
                drop(window.edits);
                Ok(())
            })
            .expect("read");
        let peak = PEAK.load(Relaxed) - held;
        println!("{peak:>12}  {name}");
        // A window of 1 MiB, and what its edits take: a place with its context, a chain and the bytes.
        if peak > 40 << 20 {
            faults.push(format!("{name}: {peak} bytes"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Clean text costs no allocation, once a thread has the memory of what it saw last (`src/detect/known.rs`).
#[test]
fn clean_text_allocates_nothing() {
    let _turn = TURN.lock();
    let engine = Engine::default();
    let clean = "A right line, “quoted”, with a café and ещё одно слово, 中文 и 日本語 in it.\n".repeat(1000);
    for (name, most) in [("the first text of a thread", 1536 << 10), ("the next", 1024)] {
        let before = ALLOCATED.get();
        assert!(matches!(engine.repair(&clean), std::borrow::Cow::Borrowed(_)));
        let cost = ALLOCATED.get() - before;
        assert!(cost <= most, "{name}: {cost} bytes");
    }
}
