//! What many texts, taken together, went through.
//!
//! In: texts, in any order. Out: the chains that stand on their own feet in any of them, each with the number of different
//! pieces of damage. Only as many pieces as make a difference are kept, so that memory does not grow with the texts; and
//! the numbers do not depend on the order. Must not: count what is made only because of its surroundings.

use std::collections::{BTreeMap, BTreeSet};

use super::Engine;
use super::evidence::{self, MOST};
use crate::config::Config;
use crate::edit::{Chain, Confidence, Plan, Rule};
use crate::normalize::Normalizer;

/// The chains that were found, and what showed them.
///
/// ```
/// use unbake::{Consensus, Engine};
/// let engine = Engine::default();
/// let mut consensus = Consensus::default();
/// for text in ["Peterâ€™s hat", "cafÃ© trÃ¨s fort"] {
///     consensus.add(&engine.alone().plan(text.as_bytes()));
/// }
/// let knowing = engine.knowing(consensus.established());
/// assert_eq!(knowing.config().established.len(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Consensus(BTreeMap<Chain, BTreeSet<u64>>);

impl Consensus {
    /// Adds what was found in one text, by an engine that judges each place alone.
    pub fn add(&mut self, plan: &Plan) {
        for edit in plan.edits().iter().filter(|edit| evidence::counts(edit.confidence) && !edit.only_normalizes()) {
            let pieces = match self.0.get_mut(&edit.chain) {
                Some(pieces) => pieces,
                None => self.0.entry(edit.chain.clone()).or_default(),
            };
            if (pieces.len() as u64) < MOST {
                pieces.insert(evidence::digest(&edit.before));
            }
        }
    }

    /// Adds what was found elsewhere.
    pub fn join(&mut self, other: Consensus) {
        for (chain, found) in other.0 {
            let pieces = self.0.entry(chain).or_default();
            pieces.extend(found);
            while pieces.len() as u64 > MOST {
                pieces.pop_last();
            }
        }
    }

    /// What is established.
    pub fn established(&self) -> Vec<(Chain, u64)> {
        self.0.iter().map(|(chain, pieces)| (chain.clone(), pieces.len() as u64)).collect()
    }
}

impl Engine {
    /// The same engine, judging each place by itself, whatever stands around it, and normalising nothing.
    #[must_use]
    pub fn alone(&self) -> Engine {
        let config = Config {
            use_evidence: false,
            established: Vec::new(),
            rules: Vec::new(),
            normalize: Vec::new(),
            to_utf_8: false,
            report: Vec::new(),
            ..self.config.clone()
        };
        Engine { config, normalizer: Normalizer::default(), rules: self.rules.clone(), allowed: self.allowed.clone() }
    }

    /// The same engine, knowing that these chains are established: see [`Config::established`].
    #[must_use]
    pub fn knowing(&self, established: Vec<(Chain, u64)>) -> Engine {
        Engine { config: Config { established, ..self.config.clone() }, ..self.clone() }
    }

    /// The same engine, writing sources in UTF-8 or leaving them in the encodings that they are in: see
    /// [`Config::to_utf_8`].
    #[must_use]
    pub fn converting(&self, to_utf_8: bool) -> Engine {
        Engine { config: Config { to_utf_8, ..self.config.clone() }, ..self.clone() }
    }

    /// The same engine, looking for text that is gone for good: see [`Plan::lost`].
    #[must_use]
    pub fn finding_lost(&self) -> Engine {
        Engine { config: Config { find_lost: true, ..self.config.clone() }, ..self.clone() }
    }

    /// The same engine, putting no letters where text is lost: for those who know better what stood there.
    #[must_use]
    pub fn leaving_lost(&self) -> Engine {
        Engine { config: Config { restore_lost: false, ..self.config.clone() }, ..self.clone() }
    }

    /// The same engine, reporting by these rules: see [`Plan::remarks`]. Rules that change something do not count.
    #[must_use]
    pub fn reporting(&self, report: Vec<Rule>) -> Engine {
        Engine { config: Config { report, ..self.config.clone() }, ..self.clone() }
    }

    /// The same engine, acting on what is at least so sure.
    #[must_use]
    pub fn down_to(&self, level: Confidence) -> Engine {
        Engine { config: Config { min_confidence: level, ..self.config.clone() }, ..self.clone() }
    }
}
