//! Resolved settings of the core. Knows no files and no environment.

use crate::edit::{Chain, Confidence, Pass, Rule};

/// What an [`Engine`](crate::Engine) considers and acts on.
///
/// ```
/// use unbake::{Confidence, Config, Engine};
/// let careful = Config { min_confidence: Confidence::Certain, ..Config::default() };
/// assert_eq!(Engine::new(careful).repair("dÃ©jÃ\u{a0} vu, trÃ¨s naÃ¯f"), "déjà vu, très naïf");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Edits below this level are not made.
    pub min_confidence: Confidence,
    /// Labels of the wrong code pages to consider ("read as"); empty: all.
    pub read_as: Vec<String>,
    /// Whole chains to consider; empty: all. A single-step chain allows that step at every layer.
    pub chains: Vec<Chain>,
    /// Chains that the text is known to have gone through elsewhere, each with the number of different pieces of damage
    /// that showed it: a weak edit with one of these chains is made more easily. An edit made so is never `certain`.
    pub established: Vec<(Chain, u64)>,
    /// The languages that the text is in, as codes such as `pt` or `sr-Latn`; empty: any. Readings with letters of these
    /// languages are believed more easily, others less so.
    pub languages: Vec<String>,
    /// The scripts that the text is in, as codes such as `Cyrl`; empty: any. They add to the letters of `languages`.
    pub scripts: Vec<String>,
    /// Whether an edit that stands on its own feet lowers the bar for weak ones with the same chain near it.
    pub use_evidence: bool,
    /// Whether places are looked for where text is gone for good: see [`Plan::lost`](crate::Plan::lost).
    pub find_lost: bool,
    /// Whether letters are put in place of U+FFFD where the words tell which they were. These edits are lossy, and no more than
    /// `likely`.
    pub restore_lost: bool,
    /// How many layers are undone at most, 1 to 6.
    pub max_layers: u8,
    /// What the user knows: exact strings that stand for others in this text, because something was lost, such as `â??` for
    /// `’`. They are applied only near an edit on the same line, and the edits are lossy and `likely`.
    pub rules: Vec<(String, String)>,
    /// What is normalised once it is repaired, in any order; empty: nothing. A run that still looks broken is left as it
    /// is.
    pub normalize: Vec<Pass>,
    /// What is reported and not changed: rules of which [`Rule::reports`] is true. See [`Plan::remarks`](crate::Plan::remarks).
    pub report: Vec<Rule>,
    /// Exact strings that are right as they stand, wherever they occur.
    pub allow: Vec<String>,
    /// Regular expressions of text that is right as it stands: what one of them matches, within a line, is not changed.
    pub allow_regex: Vec<String>,
    /// The label of the encoding that sources are in; none: see [`Engine::plan_file`](crate::Engine::plan_file).
    pub encoding: Option<String>,
    /// Whether sources that are in another encoding are written in UTF-8: all of each, as one plan.
    pub to_utf_8: bool,
    /// The kind of file that sources are, such as `json` or `html`, which says how characters may be escaped in them; none: by
    /// path and content. `plain`: no escapes; `text`: any.
    pub file_type: Option<String>,
    /// Whether comments such as `unbake: ignore` are obeyed.
    pub obey_ignores: bool,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            min_confidence: Confidence::Likely,
            read_as: Vec::new(),
            chains: Vec::new(),
            established: Vec::new(),
            find_lost: false,
            restore_lost: true,
            languages: Vec::new(),
            scripts: Vec::new(),
            use_evidence: true,
            max_layers: 6,
            rules: Vec::new(),
            normalize: Vec::new(),
            report: Vec::new(),
            allow: Vec::new(),
            allow_regex: Vec::new(),
            encoding: None,
            to_utf_8: false,
            file_type: None,
            obey_ignores: true,
        }
    }
}
