//! What the settings let the judge consider, with labels resolved.

use crate::codec::{Page, PageSet};
use crate::config::Config;
use crate::edit::{Chain, Step};
use crate::error::Error;
use crate::repair::Limits;

/// The settings, resolved.
#[derive(Clone, Debug)]
pub struct Rules {
    /// What the judge may consider.
    pub limits: Limits,
    /// Whole chains that may be undone; empty: all.
    chains: Vec<Chain>,
}

impl Rules {
    /// No limits.
    pub fn all() -> Rules {
        Rules { limits: Limits { pages: PageSet::ALL, c1: true, foreign: true, max_layers: 6 }, chains: Vec::new() }
    }

    /// # Errors
    /// When a label is unknown, or names something that is no mixup.
    pub fn new(config: &Config) -> Result<Rules, Error> {
        let mut rules = Rules::all();
        rules.limits.max_layers = usize::from(config.max_layers.clamp(1, 6));
        if config.read_as.is_empty() && config.chains.is_empty() {
            return Ok(rules);
        }
        let (mut pages, mut c1) = (PageSet::default(), false);
        for label in &config.read_as {
            let page = page(label)?;
            pages = pages.with(page);
            c1 |= page == Page::ISO_8859_1;
        }
        for chain in &config.chains {
            let mut steps = Vec::new();
            for step in chain.steps() {
                let read_as = page(&step.read_as)?;
                if is_utf8(&step.encoded) {
                    pages = pages.with(read_as);
                    steps.push(Step::new("utf-8", read_as.label()));
                } else if page(&step.encoded)? == Page::WINDOWS_1252 && read_as == Page::ISO_8859_1 {
                    c1 = true;
                    steps.push(Step::new("windows-1252", "iso-8859-1"));
                } else {
                    return Err(Error::usage(format!(
                        "`{}:{}` is no mixup that can be undone: the first must be utf-8 (or windows-1252 read as iso-8859-1)",
                        step.encoded, step.read_as
                    )));
                }
            }
            rules.chains.push(Chain::from(steps));
        }
        rules.limits.pages = pages;
        rules.limits.c1 = c1;
        rules.limits.foreign = false;
        Ok(rules)
    }

    /// Whether a chain may be undone: it is one of the chains asked for, or each of its steps is.
    pub fn allow(&self, chain: &Chain) -> bool {
        let single = |step: &Step| self.chains.iter().any(|c| c.steps().len() == 1 && c.steps()[0] == *step);
        self.chains.is_empty() || self.chains.contains(chain) || chain.steps().iter().all(single)
    }
}

fn is_utf8(label: &str) -> bool {
    encoding_rs::Encoding::for_label(label.as_bytes()) == Some(encoding_rs::UTF_8)
}

fn page(label: &str) -> Result<Page, Error> {
    Page::for_alias(label).ok_or_else(|| {
        let wanted = label.to_ascii_lowercase();
        let nearest = Page::all().map(Page::label).min_by_key(|known| distance(&wanted, known)).unwrap_or_default();
        Error::usage(format!("unknown code page `{label}`: did you mean `{nearest}`? `unbake encodings` lists all"))
    })
}

/// Levenshtein distance, for suggestions.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}
