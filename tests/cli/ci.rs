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

/// A repository with one old and one new finding.
fn repository() -> Place {
    let place = Place::with(&[("old, 100%.txt", &format!("{BROKEN}\n")), ("right.txt", RIGHT)]);
    place.git(&["init", "-q", "-b", "main"]);
    place.commit("Old");
    place.git(&["tag", "base"]);
    place.write("a b.txt", format!("fine\n{BROKEN}\n"));
    place.commit("New");
    place
}

#[test]
fn the_github_action_annotates() {
    let place = repository();
    let script = source("ci/github.sh");
    let ran = bash(&place, &script, &[]);
    let text = ran.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((ran.status, lines.len()), (1, 2), "{text}{}", ran.err);
    assert!(
        lines[0]
            .starts_with("::error file=a b.txt,line=2,col=6,endLine=2,endColumn=8,title=Broken text::Peterâ€™s hat → "),
        "{text}"
    );
    assert!(lines[1].starts_with("::error file=old%2C 100%25.txt,line=1,"), "{text}");
    let ran = bash(&place, &script, &[("BASE", "base")]);
    assert_eq!((ran.status, ran.text().lines().count()), (1, 1), "{}", ran.err);
    assert_eq!(bash(&place, &script, &[("PATHS", "right.txt"), ("ARGS", "--hidden -j 1")]).status, 0);
    assert_eq!(bash(&place, &script, &[("ARGS", "--nonsense")]).status, 2);
    // Code scanning gets all of them, whatever counts here.
    // As on the service, the file is not in the repository: it quotes what it tells.
    let sarif = place.state().with_file_name("found.sarif");
    let ran = bash(&place, &script, &[("BASE", "base"), ("SARIF", sarif.to_str().unwrap())]);
    assert_eq!((ran.status, ran.text().lines().count()), (1, 1), "{}", ran.err);
    let log: Value = serde_json::from_slice(&std::fs::read(&sarif).unwrap()).unwrap();
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 2);
    assert_eq!(bash(&place, &script, &[("SARIF", "no/such/folder")]).status, 2);
    // The action runs this very script, with the same variables.
    let action = source("action.yml");
    for wanted in
        ["ci/github.sh\"", "PATHS: ${{ inputs.paths }}", "ARGS: ${{ inputs.args }}", "BASE: ${{", "SARIF: ${{"]
    {
        assert!(action.contains(wanted), "{wanted}");
    }
}

/// A pull request as the action meets it: a clone of one commit, in which the base is to be fetched first.
#[test]
fn a_shallow_clone_knows_what_is_new() {
    let place = repository();
    let url = format!("file://{}", place.dir().display());
    let base = String::from_utf8(
        Command::new("git").args(["rev-parse", "base"]).current_dir(place.dir()).output().unwrap().stdout,
    );
    place.git(&["clone", "-q", "--depth=1", &url, "clone"]);
    let script = format!("cd clone\n{}", source("ci/github.sh"));
    let ran = bash(&place, &script, &[("BASE", base.unwrap().trim())]);
    assert_eq!((ran.status, ran.text().lines().count()), (1, 1), "{}{}", ran.text(), ran.err);
    let ran = bash(&place, &script, &[("BASE", "0123456789012345678901234567890123456789")]);
    assert_eq!(ran.status, 2, "{}", ran.err);
}

#[test]
fn the_gitlab_job_reports() {
    let place = repository();
    let template = source("ci/gitlab.yml");
    let script = template.split_once("  script:\n").unwrap().1.split_once("  artifacts:\n").unwrap().0;
    let items = script.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let commands: Vec<&str> = items.map(|line| line.strip_prefix("- ").expect("an item")).collect();
    // GitLab ends a job with the first command that fails.
    let ran = bash(
        &place,
        &format!("set -e\n{}", commands.join("\n")),
        &[("CI_MERGE_REQUEST_DIFF_BASE_SHA", "base"), ("UNBAKE_ARGS", "")],
    );
    assert!(ran.status == 1 && ran.text().starts_with("a b.txt:2:6: "), "{}{}", ran.text(), ran.err);
    assert_eq!(ran.text().lines().count(), 1, "only what is new fails it");
    let report: Value = serde_json::from_slice(&place.read("unbake-quality.json")).unwrap();
    assert_eq!(report.as_array().unwrap().len(), 2, "all of them are compared with the report of the target branch");
    assert_eq!(
        (&report[0]["location"]["path"], &report[0]["location"]["lines"]["begin"]),
        (&"a b.txt".into(), &2.into())
    );
    assert!(template.contains("codequality: unbake-quality.json"));
}
