//! What is broken, summed up: by chain, by confidence, by folder; what is normalised, by rule; what is lost; and where it
//! began.
//!
//! In: the plans of files, one after the other. Out: sums, as a table or for JSON. Must not: keep a finding.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::json::Mixup;
use super::look::Look;
use super::show;
use crate::edit::{Chain, Confidence, Loss, Plan, Rule};

/// How many folders the table names.
const FOLDERS: usize = 10;

/// The narrowest that the table's first column is.
const NAME: usize = 20;

/// Sums over all findings.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    chains: BTreeMap<Chain, Sums>,
    rules: BTreeMap<Rule, Sums>,
    levels: BTreeMap<Confidence, Sums>,
    folders: BTreeMap<String, Sums>,
    lost: BTreeMap<Loss, Sums>,
    firsts: BTreeMap<Chain, First>,
    /// How many files were added.
    files: u64,
}

/// Where something was first seen: the commit that brought it in.
#[derive(Clone, Debug, Serialize)]
pub struct First {
    /// The commit's hash.
    pub commit: String,
    /// The day of the commit.
    pub date: String,
    /// Its author.
    pub author: String,
    /// The first line of its message.
    pub subject: String,
    /// The file.
    pub path: String,
}

/// The sums of one row.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Sums {
    findings: u64,
    files: u64,
    certain: u64,
    likely: u64,
    possible: u64,
    /// The number of the file counted last, so that none is counted twice.
    #[serde(skip)]
    last: u64,
}

impl Sums {
    fn add(&mut self, file: u64, level: Confidence) {
        self.findings += 1;
        self.files += u64::from(self.last != file);
        self.last = file;
        *match level {
            Confidence::Certain => &mut self.certain,
            Confidence::Likely => &mut self.likely,
            Confidence::Possible => &mut self.possible,
        } += 1;
    }
}

/// The sums as JSON has them: all of them, those with most findings first.
#[derive(Debug, Serialize)]
pub(super) struct Report<'a> {
    chains: Vec<ByChain<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rules: Vec<ByRule>,
    confidence: Vec<ByLevel>,
    folders: Vec<ByFolder<'a>>,
    lost: Vec<ByLoss>,
}

#[derive(Debug, Serialize)]
struct ByLoss {
    loss: &'static str,
    places: u64,
    files: u64,
}

#[derive(Debug, Serialize)]
struct ByChain<'a> {
    chain: Vec<Mixup<'a>>,
    #[serde(flatten)]
    sums: Sums,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<&'a First>,
}

#[derive(Debug, Serialize)]
struct ByRule {
    rule: &'static str,
    findings: u64,
    files: u64,
}

#[derive(Debug, Serialize)]
struct ByLevel {
    confidence: &'static str,
    findings: u64,
    files: u64,
}

#[derive(Debug, Serialize)]
struct ByFolder<'a> {
    folder: &'a str,
    #[serde(flatten)]
    sums: Sums,
}

impl Statistics {
    /// Adds what was found in one file of `folder`.
    pub fn add(&mut self, folder: &Path, plan: &Plan) {
        if plan.is_empty() && plan.lost().is_empty() && plan.remarks().is_empty() {
            return;
        }
        self.files += 1;
        for lost in plan.lost() {
            let sums = self.lost.entry(lost.loss).or_default();
            sums.findings += 1;
            sums.files += u64::from(sums.last != self.files);
            sums.last = self.files;
        }
        for remark in plan.remarks() {
            let sums = self.rules.entry(remark.rule).or_default();
            sums.findings += 1;
            sums.files += u64::from(sums.last != self.files);
            sums.last = self.files;
        }
        if plan.is_empty() {
            return;
        }
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let folder = self.folders.entry(folder.to_string_lossy().into_owned()).or_default();
        for edit in plan.edits() {
            let level = edit.confidence;
            folder.add(self.files, level);
            for rule in edit.rules.iter() {
                self.rules.entry(rule).or_default().add(self.files, level);
            }
            if edit.only_normalizes() {
                continue;
            }
            self.levels.entry(level).or_default().add(self.files, level);
            match self.chains.get_mut(&edit.chain) {
                Some(sums) => sums.add(self.files, level),
                None => self.chains.entry(edit.chain.clone()).or_default().add(self.files, level),
            }
        }
    }

    /// Says where a chain was first seen.
    pub fn first(&mut self, chain: Chain, first: First) {
        self.firsts.insert(chain, first);
    }

    pub(super) fn report(&self) -> Report<'_> {
        Report {
            chains: most_first(&self.chains)
                .into_iter()
                .map(|(chain, sums)| ByChain {
                    chain: chain.steps().iter().map(Mixup::from).collect(),
                    sums,
                    first: self.firsts.get(chain),
                })
                .collect(),
            rules: (self.rules.iter())
                .map(|(rule, sums)| ByRule { rule: rule.name(), findings: sums.findings, files: sums.files })
                .collect(),
            confidence: (self.levels.iter().rev())
                .map(|(level, sums)| ByLevel { confidence: level.name(), findings: sums.findings, files: sums.files })
                .collect(),
            folders: most_first(&self.folders).into_iter().map(|(folder, sums)| ByFolder { folder, sums }).collect(),
            lost: (self.lost.iter())
                .map(|(loss, sums)| ByLoss { loss: loss.name(), places: sums.findings, files: sums.files })
                .collect(),
        }
    }

    /// Writes the table; nothing when there is nothing to sum up.
    ///
    /// # Errors
    /// When writing fails.
    pub fn write(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        if self.files == 0 {
            return Ok(());
        }
        let chains: Vec<_> = most_first(&self.chains).into_iter().map(|(chain, s)| (chain.to_string(), s)).collect();
        let levels: Vec<_> = self.levels.iter().rev().map(|(level, s)| (level.to_string(), *s)).collect();
        let mut folders: Vec<_> =
            most_first(&self.folders).into_iter().map(|(f, s)| (show::text(f).into_owned(), s)).collect();
        let more = folders.len().saturating_sub(FOLDERS);
        folders.truncate(FOLDERS);
        let lost: Vec<_> = self.lost.iter().map(|(loss, sums)| (loss.about().to_owned(), *sums)).collect();
        let rules: Vec<_> = self.rules.iter().map(|(rule, sums)| (rule.to_string(), *sums)).collect();
        let mut parts =
            vec![("Chain", chains), ("Rule", rules), ("Confidence", levels), ("Folder", folders), ("Lost", lost)];
        parts.retain(|(_, rows)| !rows.is_empty());
        let names = parts.iter().flat_map(|(_, rows)| rows).map(|(name, _)| show::width(name));
        let wide = names.max().unwrap_or(0).max(NAME);
        let (heading, aside) = (look.heading(), look.aside());
        for (i, (title, rows)) in parts.iter().enumerate() {
            if i > 0 {
                writeln!(out)?;
            }
            let levels =
                if matches!(*title, "Confidence" | "Lost" | "Rule") { "" } else { "   certain    likely  possible" };
            writeln!(out, "{heading}{title:<wide$}  findings     files{levels}{heading:#}")?;
            for (name, sums) in rows {
                let pad = wide - show::width(name);
                write!(out, "{name}{:pad$}  {:>8}  {:>8}", "", sums.findings, sums.files)?;
                if !levels.is_empty() {
                    write!(out, "  {:>8}  {:>8}  {:>8}", sums.certain, sums.likely, sums.possible)?;
                }
                writeln!(out)?;
            }
            if *title == "Folder" && more > 0 {
                let folders = super::messages::count(more as u64, "more folder");
                writeln!(out, "{aside}… and {folders}{aside:#}")?;
            }
        }
        if !self.firsts.is_empty() {
            writeln!(out, "\n{heading}First commit{heading:#}")?;
        }
        for (chain, First { commit, date, author, subject, path }) in &self.firsts {
            let short = commit.get(..12).unwrap_or(commit);
            writeln!(out, "{chain}")?;
            let (author, subject, path) = (show::text(author), show::text(subject), show::text(path));
            writeln!(out, "  {short}  {date}  {author}: {subject}  {aside}{path}{aside:#}")?;
        }
        Ok(())
    }
}

/// The rows with most findings first; those with as many in the order of their names.
fn most_first<K>(rows: &BTreeMap<K, Sums>) -> Vec<(&K, Sums)> {
    let mut rows: Vec<_> = rows.iter().map(|(key, sums)| (key, *sums)).collect();
    rows.sort_by_key(|(_, sums)| std::cmp::Reverse(sums.findings));
    rows
}
