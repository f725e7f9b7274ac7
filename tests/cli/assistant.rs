//! The hook for coding assistants, as `docs/ASSISTANTS.md` has it.
#![cfg(unix)]

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::support::{BROKEN, Place, RIGHT, Ran};

fn hook(place: &Place, call: &serde_json::Value) -> Ran {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/stop-damaged-write.sh");
    let program = Path::new(env!("CARGO_BIN_EXE_unbake")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    place.write("call", call.to_string());
    let mut command = Command::new("sh");
    command.arg(script).current_dir(place.dir()).env("PATH", format!("{}:{path}", program.display()));
    command.stdin(Stdio::from(std::fs::File::open(place.path("call")).unwrap())).output().unwrap().into()
}

#[test]
fn a_damaged_write_is_stopped_with_a_reason() {
    if Command::new("jq").arg("--version").output().is_err() {
        eprintln!("no jq here");
        return;
    }
    let place = Place::with(&[("unbake.toml", "exclude = ['/fixtures/']")]);
    let write = |path: &str, text: &str| json!({ "tool_input": { "file_path": place.path(path), "content": text } });
    let ran = hook(&place, &write("a.md", &format!("fine\n{BROKEN}\n\n")));
    assert_eq!(ran.status, 2);
    assert!(
        ran.err.contains("unbake: ignore") && ran.err.contains("a.md:2:6: ") && ran.err.contains(RIGHT),
        "{}",
        ran.err
    );
    assert_eq!(hook(&place, &write("a.md", RIGHT)).status, 0);
    assert_eq!(hook(&place, &write("fixtures/a.md", BROKEN)).status, 0, "settings hold");
    assert_eq!(hook(&place, &write("a.md", &format!("{BROKEN} unbake: ignore"))).status, 0);
    let edit = json!({ "tool_input": { "file_path": "a.md", "old_string": BROKEN, "new_string": RIGHT } });
    assert_eq!(hook(&place, &edit).status, 0, "only what is new counts");
    let edits =
        json!({ "tool_input": { "file_path": "a.md", "edits": [{ "new_string": RIGHT }, { "new_string": BROKEN }] } });
    assert_eq!(hook(&place, &edits).status, 2);
    assert_eq!(hook(&place, &json!({ "tool_input": { "command": "ls" } })).status, 0);
}
