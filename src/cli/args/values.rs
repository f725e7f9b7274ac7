//! What may follow an option: names to choose from, and how what is typed is read.

use clap::ValueEnum;

use crate::edit::{Chain, Confidence, Pass, Rule, Step, nearest};
use crate::files::containers;
use crate::report::When;

/// A set of passes by the name of the tool that has them.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Profile {
    /// ftfy, `fix_text`
    Ftfy,
}

impl Profile {
    /// Its passes.
    pub fn passes(self) -> &'static [Pass] {
        match self {
            Profile::Ftfy => &Pass::FTFY,
        }
    }
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl From<Color> for When {
    fn from(color: Color) -> When {
        match color {
            Color::Auto => When::Auto,
            Color::Always => When::Always,
            Color::Never => When::Never,
        }
    }
}

/// What files can be converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Target {
    /// UTF-8 without a byte order mark
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
}

/// How `blame` is written.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum BlameFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object a line
    Jsonl,
}

/// How `fix` tells what it wrote.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum FixFormat {
    /// The patch, before it is written
    #[default]
    Patch,
    /// One JSON document: the edits as `check` has them, what was written, and what a second pass found in it
    Json,
    /// The same, one JSON object a line
    Jsonl,
}

/// What to do about text that is gone for good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LostArg {
    /// List it; it does not change the exit status
    #[default]
    Note,
    /// List it and count it: the exit status is 1
    Count,
    /// Do not look for it
    Ignore,
}

impl LostArg {
    /// As it is typed.
    pub fn name(self) -> &'static str {
        match self {
            LostArg::Note => "note",
            LostArg::Count => "count",
            LostArg::Ignore => "ignore",
        }
    }
}

/// When to look into archives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArchivesArg {
    /// Those that are named, and those whose name says that they hold documents or files
    #[default]
    Auto,
    /// Whatever is one by its content, such as a .jar
    Always,
    /// Never
    Never,
}

impl From<ArchivesArg> for containers::When {
    fn from(when: ArchivesArg) -> containers::When {
        match when {
            ArchivesArg::Auto => containers::When::Auto,
            ArchivesArg::Always => containers::When::Always,
            ArchivesArg::Never => containers::When::Never,
        }
    }
}

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Format {
    /// A line for each finding, or for several that stand together; for people
    #[default]
    Text,
    /// One JSON document
    Json,
    /// One JSON object a line
    Jsonl,
    /// One page for a browser, to look at, filter and decide; see `fix --decisions`
    Html,
    /// SARIF 2.1.0 with fixes, for code scanning
    Sarif,
    /// Annotations for a workflow of GitHub
    Github,
    /// A code quality report for GitLab
    Gitlab,
    /// Reviewdog Diagnostic Format with suggestions
    Rdjson,
}

/// A level of confidence as typed.
pub fn level(typed: &str) -> Result<Confidence, String> {
    typed.parse()
}

/// A number of threads as typed.
pub fn threads(typed: &str) -> Result<usize, String> {
    typed.parse().ok().filter(|n| (1..=1024).contains(n)).ok_or_else(|| "use a number from 1 to 1024".to_owned())
}

/// Passes as typed. A type of its own: clap takes a plain list for an option that is repeated.
pub type Passes = std::sync::Arc<[Pass]>;

/// Passes as typed: `nfc,eol=lf`; nothing is none.
pub fn passes(typed: &str) -> Result<Passes, String> {
    typed.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::parse).collect()
}

/// A rule that only reports.
pub fn reporting(name: &str) -> Result<Rule, String> {
    let all = || Rule::ALL.into_iter().filter(|rule| rule.reports());
    match name.parse::<Rule>() {
        Ok(rule) if rule.reports() => Ok(rule),
        Ok(rule) => Err(format!("`{rule}` changes text: name it with --normalize, or in `normalize`")),
        Err(_) => {
            let near = nearest(name, all().map(Rule::name)).unwrap_or_default();
            Err(format!("unknown rule `{name}`; did you mean `{near}`? `unbake rules` lists all"))
        }
    }
}

/// Rules as typed. A type of its own, as that of passes.
pub type Reports = std::sync::Arc<[Rule]>;

/// Rules as typed.
pub fn reports(typed: &str) -> Result<Reports, String> {
    typed.split(',').map(str::trim).filter(|name| !name.is_empty()).map(reporting).collect()
}

/// A chain as typed: `utf-8:windows-1252,utf-8:ibm850`.
pub fn chain(typed: &str) -> Result<Chain, String> {
    let step = |typed: &str| match typed.split_once(':') {
        Some((encoded, read_as)) if !encoded.trim().is_empty() && !read_as.trim().is_empty() => Ok(Step {
            encoded: encoded.trim().to_ascii_lowercase().into(),
            read_as: read_as.trim().to_ascii_lowercase().into(),
        }),
        _ => Err(format!("`{typed}` is no mixup: write ENCODED:READ_AS, such as utf-8:windows-1252")),
    };
    Ok(Chain::from(typed.split(',').map(step).collect::<Result<Vec<_>, _>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains() {
        let two = chain("utf-8:windows-1252, UTF-8:ibm850").unwrap();
        assert_eq!(two.to_string(), "utf-8 read as windows-1252; utf-8 read as ibm850");
        assert!(chain("utf-8").is_err());
        assert!(chain("utf-8:").is_err());
    }
}
