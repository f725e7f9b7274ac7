//! How the text of a path is judged: what is said of all files, of that path, and by flags, made into an engine.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ignore::gitignore::Gitignore;
use toml::{Table, Value};

use super::globs::{globs, matches};
use super::layers::Layers;
use super::written::{Judging, PerPath, typed};
use crate::cli::args::{JudgeArgs, LostArg, Profile, chain, reporting};
use crate::config::Config;
use crate::edit::{Chain, Rule, Step};
use crate::engine::Engine;

/// What is reported where nobody says anything.
pub const REPORTED: [Rule; 1] = [Rule::UnusedIgnore];

/// How a text is judged.
#[derive(Clone, Debug)]
pub struct Treatment {
    /// By what.
    pub engine: Engine,
    /// What is done about text that is gone for good.
    pub lost: LostArg,
    /// The rules that report what stays as it is.
    pub report: Vec<Rule>,
}

/// How the texts of a folder are judged.
#[derive(Debug)]
pub struct Treatments {
    /// What is said of all files.
    files: Layers,
    /// What is said of some, in order.
    paths: Vec<Part>,
    flags: Table,
    /// By the entries of `paths` that hold. Files of one kind are many.
    known: Mutex<HashMap<Vec<bool>, Treatment>>,
}

/// What is said of some paths.
#[derive(Debug)]
struct Part {
    globs: Gitignore,
    table: Table,
    by: String,
}

impl Treatments {
    /// `root` is the folder that globs start from.
    ///
    /// # Errors
    /// When a value makes no sense; the message names its key.
    pub fn new(layers: &Layers, flags: Table, root: &Path) -> Result<Treatments, String> {
        let mut paths = Vec::new();
        let said = |key: &str| layers.get(key).map(|said| &said.value);
        // Of two that fit the first counts, and what comes later stands above what came before.
        for (glob, kind) in said("types").and_then(Value::as_table).into_iter().flatten().rev() {
            let globs = globs(root, std::slice::from_ref(glob)).map_err(|why| format!("types: {glob}: {why}"))?;
            let table = Table::from_iter([("type".to_owned(), kind.clone())]);
            paths.push(Part { globs, table, by: format!("types `{glob}`") });
        }
        for entry in said("per-path").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table) {
            let mut table = entry.clone();
            let PerPath { paths: of } = typed(&table)?;
            table.remove("paths");
            let by = format!("per-path `{}`", of.join("`, `"));
            let globs = globs(root, &of).map_err(|why| format!("{by}: {why}"))?;
            paths.push(Part { globs, table, by });
        }
        let treatments = Treatments { files: layers.judging(), paths, flags, known: Mutex::default() };
        treatments.made(&vec![false; treatments.paths.len()])?;
        // Each by itself, so that a mistake is told before a file is met, and by its name.
        for (at, path) in treatments.paths.iter().enumerate() {
            let one: Vec<bool> = (0..treatments.paths.len()).map(|other| other == at).collect();
            treatments.made(&one).map_err(|why| format!("{}: {why}", path.by))?;
        }
        Ok(treatments)
    }

    /// For the text at a path from the root.
    ///
    /// # Errors
    /// When what several entries say of it makes no sense together.
    pub fn of(&self, path: &Path) -> Result<Treatment, String> {
        let holding = self.holding(path);
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&holding) {
            return Ok(known.clone());
        }
        let made = self.made(&holding)?;
        lock().insert(holding, made.clone());
        Ok(made)
    }

    /// What is said of the text at a path, and where.
    pub fn said(&self, path: &Path) -> Layers {
        self.layers(&self.holding(path))
    }

    fn holding(&self, path: &Path) -> Vec<bool> {
        self.paths.iter().map(|entry| matches(&entry.globs, path)).collect()
    }

    fn layers(&self, holding: &[bool]) -> Layers {
        let mut layers = self.files.clone();
        for (entry, _) in self.paths.iter().zip(holding).filter(|(_, holds)| **holds) {
            layers.add(entry.table.clone(), &entry.by);
        }
        super::add_flags(&mut layers, &self.flags);
        layers
    }

    fn made(&self, holding: &[bool]) -> Result<Treatment, String> {
        treatment(typed(&self.layers(holding).table())?)
    }
}

fn treatment(said: Judging) -> Result<Treatment, String> {
    let mut config = Config {
        allow: said.allow,
        allow_regex: said.allow_regex,
        read_as: said.from,
        languages: said.lang,
        scripts: said.script,
        encoding: said.encoding,
        file_type: said.r#type,
        rules: said.rules.into_iter().collect(),
        ..Config::default()
    };
    if let Some(level) = said.min_confidence {
        config.min_confidence = level.parse().map_err(|why| format!("min-confidence: {why}"))?;
    }
    let chains = said.chains.iter().map(|typed| chain(typed));
    config.chains = chains.collect::<Result<_, _>>().map_err(|why| format!("chains: {why}"))?;
    let passes = said.normalize.iter().map(|name| name.parse());
    config.normalize = passes.collect::<Result<_, _>>().map_err(|why: String| format!("normalize: {why}"))?;
    let report = match &said.report {
        Some(names) => names.iter().map(|name| reporting(name)).collect::<Result<_, _>>(),
        None => Ok(REPORTED.to_vec()),
    };
    Ok(Treatment {
        engine: Engine::try_new(config).map_err(|e| e.to_string())?,
        lost: said.lost,
        report: report.map_err(|why| format!("report: {why}"))?,
    })
}

/// What the flags about judging say, as a settings file would.
pub fn flags(judge: &JudgeArgs, encoding: Option<&str>) -> Table {
    let mut table = Table::new();
    let mut put = |key: &str, value: Value| drop(table.insert(key.to_owned(), value));
    let list = |items: &[String]| Value::Array(items.iter().map(|item| item.as_str().into()).collect());
    if let Some(level) = judge.min_confidence {
        put("min-confidence", level.to_string().into());
    }
    for (key, items) in [("from", &judge.from), ("lang", &judge.lang), ("script", &judge.script)] {
        if !items.is_empty() {
            put(key, list(items));
        }
    }
    if !judge.chain.is_empty() {
        put("chains", list(&judge.chain.iter().map(written).collect::<Vec<_>>()));
    }
    if let Some(passes) = judge.normalize.as_deref().or(judge.profile.map(Profile::passes)) {
        put("normalize", list(&passes.iter().map(ToString::to_string).collect::<Vec<_>>()));
    }
    if let Some(rules) = &judge.report {
        put("report", list(&rules.iter().map(ToString::to_string).collect::<Vec<_>>()));
    }
    if let Some(label) = encoding {
        put("encoding", label.into());
    }
    table
}

/// A chain as it is typed.
fn written(chain: &Chain) -> String {
    let step = |step: &Step| format!("{}:{}", step.encoded, step.read_as);
    chain.steps().iter().map(step).collect::<Vec<_>>().join(",")
}
