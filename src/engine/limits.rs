//! What the settings let the judge consider, with labels resolved.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::codec::{Encoding, Page, PageSet, encodings};
use crate::config::Config;
use crate::edit::{Chain, Step, nearest};
use crate::error::Error;
use crate::model::letters;
use crate::repair::{Established, Letters, Limits};
use crate::source::{Charset, Kind};

/// The settings, resolved.
#[derive(Clone, Debug)]
pub struct Rules {
    /// No other rules of this process have the same, unless they are a copy.
    pub number: u64,
    /// What the judge may consider.
    pub limits: Limits,
    /// Whole chains that may be undone; empty: all.
    chains: Vec<Chain>,
    /// What text may have been read as; empty: anything.
    read_as: Vec<&'static str>,
    /// The encoding that sources are in, if the user said so.
    pub charset: Option<Charset>,
    /// The kind of file that sources are, if the user said so.
    pub kind: Option<Kind>,
}

impl Rules {
    /// No limits.
    pub fn all() -> Rules {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Rules {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            limits: Limits {
                pages: PageSet::ALL,
                c1: true,
                foreign: true,
                read: Vec::new(),
                max_layers: 6,
                established: Established::default(),
                letters: None,
            },
            chains: Vec::new(),
            read_as: Vec::new(),
            charset: None,
            kind: None,
        }
    }

    /// # Errors
    /// When a label is unknown, or names something that is no mixup.
    pub fn new(config: &Config) -> Result<Rules, Error> {
        let mut rules = Rules::all();
        rules.limits.max_layers = usize::from(config.max_layers.clamp(1, 6));
        rules.limits.letters = letters(config)?;
        rules.charset = config.encoding.as_deref().map(Charset::for_user).transpose()?;
        rules.kind = config.file_type.as_deref().map(Kind::for_user).transpose()?;
        for (pattern, meant) in &config.rules {
            let why = match () {
                () if pattern.is_empty() => "stands for nothing: there is no text before the =",
                () if pattern == meant => "changes nothing",
                () if pattern.contains(['\n', '\r']) || meant.contains(['\n', '\r']) => {
                    "has a line break, and a rule is for a part of a line"
                }
                () if pattern.is_ascii() && !pattern.contains('?') => {
                    "would change plain text: it has to have a `?` or a character outside ASCII"
                }
                () => continue,
            };
            return Err(Error::usage(format!("the rule `{pattern}` = `{meant}` {why}")));
        }
        if config.read_as.is_empty() && config.chains.is_empty() {
            return Ok(rules);
        }
        let (mut pages, mut c1, mut foreign) = (PageSet::default(), false, !config.read_as.is_empty());
        let mut reads = Vec::new();
        let mut consider = |read: Encoding| {
            reads.push(read);
            if let Encoding::Page(page) = read {
                pages = pages.with(page);
                c1 |= page == Page::ISO_8859_1;
            }
        };
        for label in &config.read_as {
            let read = code_page(label)?;
            consider(read);
            rules.read_as.push(read.label());
        }
        for chain in &config.chains {
            let mut steps = Vec::new();
            for step in chain.steps() {
                let read = code_page(&step.read_as)?;
                let meant = if Encoding::for_alias(&step.encoded) == Some(Encoding::Utf8) {
                    Encoding::Utf8
                } else {
                    code_page(&step.encoded)?
                };
                if meant == read {
                    let label = read.label();
                    return Err(Error::usage(format!("`{label}:{label}` is no mixup: the two encodings are the same")));
                }
                consider(read);
                foreign |= meant != Encoding::Utf8 || matches!(read, Encoding::Multi(_));
                steps.push(Step::new(meant.label(), read.label()));
            }
            rules.chains.push(Chain::from(steps));
        }
        rules.limits.pages = pages;
        rules.limits.read = reads;
        rules.limits.c1 = c1;
        rules.limits.foreign = foreign;
        Ok(rules)
    }

    /// Whether a chain may be undone: it is one of the chains asked for, or each of its steps is, and every step was read
    /// as what was asked for.
    pub fn allow(&self, chain: &Chain) -> bool {
        let read_as = |step: &Step| self.read_as.is_empty() || self.read_as.iter().any(|label| *label == step.read_as);
        let single = |step: &Step| self.chains.iter().any(|c| c.steps().len() == 1 && c.steps()[0] == *step);
        let is_asked_for = self.chains.is_empty() || self.chains.contains(chain) || chain.steps().iter().all(single);
        is_asked_for && chain.steps().iter().all(read_as)
    }
}

/// The letters of the languages and scripts hinted at; none when there is no hint.
fn letters(config: &Config) -> Result<Option<Letters>, Error> {
    if config.languages.is_empty() && config.scripts.is_empty() {
        return Ok(None);
    }
    let mut ranges = Vec::new();
    for code in &config.languages {
        ranges.extend(letters::of_language(code).ok_or_else(|| {
            let nearest = nearest(code, letters::languages()).unwrap_or_default();
            Error::usage(format!("no letters are known for the language `{code}`: did you mean `{nearest}`? Use a code such as pt or sr-Latn"))
        })?);
    }
    for code in &config.scripts {
        ranges.extend(letters::of_script(code).ok_or_else(|| {
            let known = letters::scripts().collect::<Vec<_>>().join(", ");
            Error::usage(format!("unknown script `{code}`: use one of {known}, Hans, Hant, Jpan, Kore, Hrkt"))
        })?);
    }
    Ok(Some(Letters::new(ranges)))
}

fn code_page(label: &str) -> Result<Encoding, Error> {
    if matches!(&*label.trim().to_ascii_lowercase(), "utf-7" | "utf7") {
        return Err(Error::usage(
            "`utf-7` is no code page, and what is in it is plain text to look at: `--normalize utf-7` reads it",
        ));
    }
    Encoding::for_alias(label).filter(|encoding| *encoding != Encoding::Utf8).ok_or_else(|| {
        let nearest = nearest(label, encodings().map(|e| e.label)).unwrap_or_default();
        Error::usage(format!("unknown code page `{label}`: did you mean `{nearest}`? `unbake encodings` lists all"))
    })
}
