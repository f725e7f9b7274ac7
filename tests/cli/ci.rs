//! What `action.yml` and `ci/gitlab.yml` run, on a repository.
#![cfg(unix)]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{BROKEN, Place, RIGHT, Ran};

fn source(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

fn bash(place: &Place, script: &str, variables: &[(&str, &str)]) -> Ran {
    let program = Path::new(env!("CARGO_BIN_EXE_unbake")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("bash");
    command.args(["-c", script]).current_dir(place.dir()).env("PATH", path).envs(variables.iter().copied());
    command.output().unwrap().into()
}

/// A repository with one old and one new finding; none where there is no jq.
fn repository() -> Option<Place> {
    if Command::new("jq").arg("--version").output().is_err() {
        eprintln!("no jq here");
        return None;
    }
    let place = Place::with(&[("old, 100%.txt", &format!("{BROKEN}\n")), ("right.txt", RIGHT)]);
    place.git(&["init", "-q", "-b", "main"]);
    place.commit("Old");
    place.git(&["tag", "base"]);
    place.write("a b.txt", format!("fine\n{BROKEN}\n"));
    place.commit("New");
    Some(place)
}

#[test]
fn the_github_action_annotates() {
    let Some(place) = repository() else { return };
    let script = source("ci/github.sh");
    let ran = bash(&place, &script, &[]);
    let text = ran.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((ran.status, lines.len()), (1, 2), "{text}{}", ran.err);
    assert!(lines[0].starts_with("::error file=a b.txt,line=2,col=6,title=Broken text::Peterâ€™s hat → "), "{text}");
    assert!(lines[1].starts_with("::error file=old%2C 100%25.txt,line=1,"), "{text}");
    let ran = bash(&place, &script, &[("BASE", "base")]);
    assert_eq!((ran.status, ran.text().lines().count()), (1, 1), "{}", ran.err);
    assert_eq!(bash(&place, &script, &[("PATHS", "right.txt"), ("ARGS", "--hidden -j 1")]).status, 0);
    assert_eq!(bash(&place, &script, &[("ARGS", "--nonsense")]).status, 2);
    // The action runs this very script, with the same variables.
    let action = source("action.yml");
    for wanted in ["ci/github.sh\"", "PATHS: ${{ inputs.paths }}", "ARGS: ${{ inputs.args }}", "BASE: ${{"] {
        assert!(action.contains(wanted), "{wanted}");
    }
}

#[test]
fn the_gitlab_job_reports() {
    let Some(place) = repository() else { return };
    let template = source("ci/gitlab.yml");
    let script = template.split_once("  script:\n").unwrap().1.split_once("  artifacts:\n").unwrap().0;
    // Items of a list, of which one is folded.
    let commands: Vec<String> = script
        .split("    - ")
        .map(|item| item.trim_start_matches('>').split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let ran = bash(&place, &commands.join("\n"), &[("CI_MERGE_REQUEST_DIFF_BASE_SHA", "base"), ("UNBAKE_ARGS", "")]);
    assert!(ran.status == 1 && ran.text().starts_with("a b.txt:2:6: "), "{}{}", ran.text(), ran.err);
    let report: Value = serde_json::from_slice(&place.read("unbake-quality.json")).unwrap();
    assert_eq!(report.as_array().unwrap().len(), 1);
    assert_eq!(
        (&report[0]["location"]["path"], &report[0]["location"]["lines"]["begin"]),
        (&"a b.txt".into(), &2.into())
    );
    assert!(template.contains("codequality: unbake-quality.json"));
}
