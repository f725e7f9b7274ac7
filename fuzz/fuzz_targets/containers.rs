//! Any bytes: `targets::containers` says which laws must hold. See fuzz/README.md.
#![no_main]

#[path = "../../tests/laws/mod.rs"]
mod laws;
#[path = "../../tests/fuzz/targets.rs"]
#[allow(dead_code, reason = "each fuzz target uses one of them")]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::containers(data));
