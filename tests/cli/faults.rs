//! What the world does to a run: see `tests/faults.py`, whose quick form this is.

use std::process::Command;

#[cfg(unix)]
#[test]
fn whatever_happens_every_byte_comes_back() {
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("no Python here");
        return;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults.py");
    let ran =
        Command::new("python3").args([script, env!("CARGO_BIN_EXE_unbake"), "--quick"]).output().expect("it runs");
    assert!(ran.status.success(), "{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
}
