//! What may be written in a settings file: its keys and their types.
//!
//! In: the text of a file. Out: its table, of which every key and type is known to be right. Must not: guess what a
//! mistyped key may mean; it is an error that names the right one.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Table, Value};

use crate::cli::args::{ArchivesArg, LostArg};
use crate::edit::nearest;

/// What is said in an entry of `per-path`, besides what may be said of all files.
pub const PATH_KEYS: [&str; 2] = ["paths", "type"];

/// What may be said of all files, and of those of some paths.
pub const JUDGING_KEYS: [&str; 12] = [
    "min-confidence",
    "from",
    "chains",
    "lang",
    "script",
    "normalize",
    "report",
    "rules",
    "encoding",
    "lost",
    "allow",
    "allow-regex",
];

/// What else is said in a settings file.
pub const FILE_KEYS: [&str; 10] = [
    "extend",
    "include",
    "exclude",
    "archives",
    "archive-limits",
    "hidden",
    "ignore-files",
    "journal",
    "types",
    "per-path",
];

const LIMIT_KEYS: [&str; 4] = ["size", "ratio", "members", "depth"];

const JOURNAL_KEYS: [&str; 2] = ["days", "size"];

/// Lists of exceptions: what several places say of them adds up. Of all else the place that is nearest to the file counts.
pub const ADDED: [&str; 4] = ["exclude", "allow", "allow-regex", "per-path"];

/// How text is judged.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Judging {
    pub min_confidence: Option<String>,
    pub from: Vec<String>,
    pub chains: Vec<String>,
    pub lang: Vec<String>,
    pub script: Vec<String>,
    pub normalize: Vec<String>,
    pub report: Option<Vec<String>>,
    pub rules: BTreeMap<String, String>,
    pub encoding: Option<String>,
    pub lost: LostArg,
    pub allow: Vec<String>,
    pub allow_regex: Vec<String>,
    pub r#type: Option<String>,
}

/// What holds for a folder.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Written {
    pub extend: Option<String>,
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    pub archives: ArchivesArg,
    pub archive_limits: Limits,
    pub hidden: bool,
    pub ignore_files: Option<bool>,
    pub journal: Journal,
    pub types: BTreeMap<String, String>,
    pub per_path: Vec<PerPath>,
}

/// Which paths an entry of `per-path` is about.
#[derive(Debug, Deserialize)]
pub struct PerPath {
    pub paths: Vec<String>,
}

/// What archives may hold.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Limits {
    pub size: Option<u64>,
    pub ratio: Option<u64>,
    pub members: Option<u64>,
    pub depth: Option<u64>,
}

/// How long runs can be undone.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Journal {
    pub days: Option<u64>,
    pub size: Option<u64>,
}

/// What a settings file says; none when it is a `pyproject.toml` about other things.
///
/// # Errors
/// When it is no TOML, or has a key or a type that is wrong.
pub fn parse(text: &str, pyproject: bool) -> Result<Option<Table>, String> {
    let mut table = match text.parse::<Table>() {
        Ok(table) => table,
        // Somebody else's mistake.
        Err(_) if pyproject && !text.contains("tool.unbake") => return Ok(None),
        Err(e) => return Err(e.to_string().trim_end().to_owned()),
    };
    if pyproject {
        let tool = table.remove("tool").and_then(|mut tool| tool.as_table_mut()?.remove("unbake"));
        match tool {
            Some(Value::Table(ours)) => table = ours,
            _ => return Ok(None),
        }
    }
    check(&table, JUDGING_KEYS.iter().chain(&FILE_KEYS), "")?;
    if let Some(Value::Table(limits)) = table.get("archive-limits") {
        check(limits, LIMIT_KEYS.iter(), "archive-limits: ")?;
    }
    if let Some(Value::Table(journal)) = table.get("journal") {
        check(journal, JOURNAL_KEYS.iter(), "journal: ")?;
    }
    let mut places = Vec::new();
    for (at, entry) in table.get("per-path").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let place = format!("per-path, number {}: ", at + 1);
        let Some(entry) = entry.as_table() else { continue };
        check(entry, PATH_KEYS.iter().chain(&JUDGING_KEYS), &place)?;
        places.push((entry, place));
    }
    typed::<Written>(&table)?;
    typed::<Judging>(&table)?;
    for (entry, place) in places {
        typed::<Judging>(entry).map_err(|why| format!("{place}{why}"))?;
    }
    Ok(Some(table))
}

/// Looks for a key that is not known.
fn check<'k>(table: &Table, known: impl Iterator<Item = &'k &'k str> + Clone, place: &str) -> Result<(), String> {
    match table.keys().find(|key| !known.clone().any(|known| known == key)) {
        Some(key) => {
            let near = nearest(key, known.copied()).unwrap_or_default();
            Err(format!("{place}unknown key `{key}`; did you mean `{near}`?"))
        }
        None => Ok(()),
    }
}

/// A table read as what it is.
///
/// # Errors
/// When a value is of another type.
pub fn typed<T: for<'a> Deserialize<'a>>(table: &Table) -> Result<T, String> {
    table.clone().try_into().map_err(|e: toml::de::Error| e.to_string().trim_end().replace('\n', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_key_is_an_error_that_names_the_right_one() {
        let why = |text: &str| parse(text, false).unwrap_err();
        for (mistyped, meant) in [
            ("min-confidance = 'likely'", "min-confidence"),
            ("langs = []", "lang"),
            ("allow_regex = []", "allow-regex"),
            ("exclud = []", "exclude"),
            ("per-paths = []", "per-path"),
            ("[archive-limits]\nsizes = 3", "size"),
            ("[journal]\nday = 3", "days"),
            ("[[per-path]]\npaths = ['a']\nnormalise = []", "normalize"),
            ("[[per-path]]\npath = ['a']", "paths"),
        ] {
            assert!(why(mistyped).ends_with(&format!("did you mean `{meant}`?")), "{}", why(mistyped));
        }
        assert_eq!(why("min-confidance = 1"), "unknown key `min-confidance`; did you mean `min-confidence`?");
        assert!(why("[[per-path]]\npaths = ['a']\n[[per-path]]\npaths = ['b']\nlang = 'x'").contains("number 2: "));
    }

    /// Each key that is known has a type of its own: a value that none of them takes is refused.
    #[test]
    fn every_key_is_read() {
        for key in JUDGING_KEYS.iter().chain(&FILE_KEYS) {
            assert!(parse(&format!("{key} = [[3]]"), false).is_err(), "{key}");
        }
        for key in PATH_KEYS.iter().chain(&JUDGING_KEYS) {
            let paths = if *key == "paths" { "" } else { "paths = ['a']\n" };
            assert!(parse(&format!("[[per-path]]\n{paths}{key} = [[3]]"), false).is_err(), "{key}");
        }
        for key in LIMIT_KEYS {
            assert!(parse(&format!("[archive-limits]\n{key} = [[3]]"), false).is_err(), "{key}");
        }
        for key in JOURNAL_KEYS {
            assert!(parse(&format!("[journal]\n{key} = [[3]]"), false).is_err(), "{key}");
        }
        assert!(parse("[[per-path]]\nlang = []", false).unwrap_err().contains("paths"));
    }

    #[test]
    fn a_pyproject_without_us_does_not_count() {
        assert!(parse("[tool.other]\nx = 1", true).unwrap().is_none());
        assert!(parse("[tool.unbake]\nhidden = true", true).unwrap().unwrap().contains_key("hidden"));
        assert!(parse("not toml", true).unwrap().is_none());
    }

    /// What editors are told is what is read.
    #[test]
    fn the_schema_names_the_same_keys() {
        let schema: serde_json::Value =
            serde_json::from_str(include_str!("../../../schema/settings.schema.json")).expect("the schema is JSON");
        let names = |object: &serde_json::Value| {
            let mut names: Vec<String> =
                object["properties"].as_object().expect("properties").keys().cloned().collect();
            assert_eq!(object["additionalProperties"], false);
            names.sort();
            names
        };
        let sorted = |keys: &[&[&str]]| {
            let mut keys: Vec<String> = keys.concat().iter().map(|key| (*key).to_owned()).collect();
            keys.sort();
            keys
        };
        assert_eq!(names(&schema), sorted(&[&JUDGING_KEYS, &FILE_KEYS]));
        let properties = &schema["properties"];
        assert_eq!(names(&properties["per-path"]["items"]), sorted(&[&JUDGING_KEYS, &PATH_KEYS]));
        assert_eq!(names(&properties["archive-limits"]), sorted(&[&LIMIT_KEYS]));
        assert_eq!(names(&properties["journal"]), sorted(&[&JOURNAL_KEYS]));
        for (key, value) in properties.as_object().expect("properties") {
            assert!(value["description"].is_string(), "{key} is not described");
        }
        let passes: Vec<String> = crate::edit::Pass::all().map(|pass| pass.to_string()).collect();
        let listed = schema["$defs"]["passes"]["items"]["enum"].as_array().expect("an enum");
        assert_eq!(listed.iter().map(|pass| pass.as_str().expect("a name")).collect::<Vec<_>>(), passes);
        let rules = crate::edit::Rule::ALL.iter().filter(|rule| rule.reports()).map(|rule| rule.name());
        let listed = properties["report"]["items"]["enum"].as_array().expect("an enum");
        assert_eq!(
            listed.iter().map(|rule| rule.as_str().expect("a name")).collect::<Vec<_>>(),
            rules.collect::<Vec<_>>()
        );
    }
}
