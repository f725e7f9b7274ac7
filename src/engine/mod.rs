//! One buffer in, one plan out: finds the suspects, has them judged, and makes edits of what is likelier repaired.
//!
//! In: bytes, whole or in windows. Out: a [`Plan`], or the repaired text. Must not: touch files, print, keep a clock.

mod allowed;
mod carry;
mod consensus;
mod convert;
mod escaped;
mod evidence;
mod harmless;
mod ignores;
mod judge;
mod limits;
mod lost;
mod mention;
mod normal;
mod overlay;
mod position;
mod readings;
#[cfg(feature = "cli")]
mod recover;
mod remarks;
mod restore;
mod rules;
mod twice;
mod whole;
mod window;

use std::borrow::Cow;
use std::io::Read;

use crate::config::Config;
use crate::edit::{Edit, Lost, Plan, Remark, Span};
use crate::error::Error;
use crate::normalize::Normalizer;
use crate::source::Kind;
use allowed::Allowed;
use limits::Rules;
use window::{Reader, Taken};

pub use consensus::Consensus;
pub use readings::Reading;
#[cfg(feature = "cli")]
pub(crate) use recover::recover;

/// Finds and repairs damage. Make one and use it for many texts, from as many threads as you like.
///
/// ```
/// use unbake::Engine;
/// let engine = Engine::default();
/// assert_eq!(engine.repair("Peterâ€™s cafÃ©"), "Peter’s café");
/// assert_eq!(engine.repair("already right: café"), "already right: café");
/// ```
#[derive(Clone, Debug)]
pub struct Engine {
    config: Config,
    rules: Rules,
    normalizer: Normalizer,
    allowed: Allowed,
}

impl Default for Engine {
    fn default() -> Engine {
        let (normalizer, allowed) = (Normalizer::default(), Allowed::default());
        Engine { rules: Rules::all(), normalizer, allowed, config: Config::default() }
    }
}

/// A piece of a source, as [`Engine::stream`] hands it out.
#[derive(Debug)]
pub struct Window<'a> {
    /// Offset of the first byte of `bytes` in the source.
    pub offset: u64,
    /// The bytes. The windows of a source, put together, are the source.
    pub bytes: &'a [u8],
    /// The edits that lie in this window; spans count from the start of the source.
    pub edits: Vec<Edit>,
    /// Byte runs in this window that are no valid UTF-8.
    pub invalid: Vec<Span>,
    /// Places that are reported and stay as they are, as far as they are known by now: some lie before this window.
    pub remarks: Vec<Remark>,
    /// Places in this window where text is gone for good, if they are looked for.
    pub lost: Vec<Lost>,
}

impl Engine {
    /// An engine with these settings.
    ///
    /// # Errors
    /// When a label of `config` is unknown (the message names the nearest known one), passes contradict each other, or a
    /// regular expression is none.
    ///
    /// ```
    /// use unbake::{Config, Engine};
    /// let config = Config { read_as: vec!["windows-1525".into()], ..Config::default() };
    /// let error = Engine::try_new(config).unwrap_err();
    /// assert!(error.to_string().contains("windows-1255") || error.to_string().contains("windows-1252"));
    /// ```
    pub fn try_new(config: Config) -> Result<Engine, Error> {
        if let Some(rule) = config.report.iter().find(|rule| !rule.reports()) {
            return Err(Error::usage(format!("report: `{rule}` changes text: name it in `normalize`")));
        }
        let normalizer = Normalizer::new(&config.normalize).map_err(Error::usage)?;
        Ok(Engine { rules: Rules::new(&config)?, normalizer, allowed: Allowed::new(&config)?, config })
    }

    /// An engine with these settings.
    ///
    /// # Panics
    /// When a label of `config` is unknown, or passes contradict each other. Use [`Engine::try_new`] for labels that a user typed.
    pub fn new(config: Config) -> Engine {
        match Engine::try_new(config) {
            Ok(engine) => engine,
            Err(error) => panic!("{error}"),
        }
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The repaired text; borrowed when nothing changes.
    pub fn repair<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let plan = self.plan_text(text);
        if plan.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for edit in plan.edits() {
            let range = edit.span.range();
            out.push_str(&text[done..range.start]);
            out.push_str(&String::from_utf8_lossy(&edit.after));
            done = range.end;
        }
        out.push_str(&text[done..]);
        Cow::Owned(out)
    }

    /// Whether a text that holds no comment `unbake:` is seen at a glance to need no change. Otherwise [`Engine::plan`] says.
    #[cfg(feature = "cli")]
    pub(crate) fn passes(&self, text: &str) -> bool {
        // So much is scanned in one go; where more is cut does not matter, but it is not the same question.
        text.len() <= crate::detect::LONG_LINE
            && crate::detect::next_suspect(text, 0).is_none()
            && !restore::is_suspect(text.as_bytes())
            && !crate::source::escapes::are_suspect(text.as_bytes(), self.text_kind())
            && !self.normalizer.may_change(text.as_bytes(), true)
    }

    /// What would change in a text that may have been cut out of anything: escapes such as `\u00e9`, `\xc3\xa9`, `&eacute;` and
    /// `%C3%A9` are read as what they stand for, and what replaces them is escaped alike.
    ///
    /// ```
    /// assert_eq!(unbake::repair("sc&Atilde;&uml;ne"), "sc&egrave;ne");
    /// assert_eq!(unbake::repair("sc&egrave;ne"), "sc&egrave;ne");
    /// ```
    pub fn plan_text(&self, text: &str) -> Plan {
        escaped::plan(self, text, self.text_kind())
    }

    /// The kind of a text that comes without a name.
    fn text_kind(&self) -> Kind {
        self.rules.kind.unwrap_or_default()
    }

    /// What would change in `source`, which need not be valid UTF-8 throughout. Escapes are left as they are.
    pub fn plan(&self, source: &[u8]) -> Plan {
        let mut reader = Reader::new(self);
        let Taken { edits, invalid, lost, remarks, .. } = reader.take(source, true);
        Plan::new(edits, source.len() as u64, invalid)
            .expect("edits are made in order")
            .with_lost(lost)
            .with_remarks(remarks)
    }

    /// The same for a source of any size, read in windows: memory stays bounded, however large the source, as long as
    /// the edits themselves fit.
    ///
    /// # Errors
    /// When reading fails.
    ///
    /// ```
    /// let source = "cafÃ©\n".as_bytes();
    /// let engine = unbake::Engine::default();
    /// assert_eq!(engine.plan_reader(source)?, engine.plan(source));
    /// # Ok::<(), unbake::Error>(())
    /// ```
    pub fn plan_reader(&self, reader: impl Read) -> Result<Plan, Error> {
        let mut edits = Vec::new();
        let (mut invalid, mut lost, mut remarks) = (Vec::new(), Vec::new(), Vec::new());
        let mut len = 0;
        self.stream(reader, |window| {
            edits.extend(window.edits);
            lost.extend(window.lost);
            remarks.extend(window.remarks);
            window.invalid.into_iter().for_each(|run| window::join(&mut invalid, run));
            len = window.offset + window.bytes.len() as u64;
            Ok(())
        })?;
        Ok(Plan::new(edits, len, invalid)?.with_lost(lost).with_remarks(remarks))
    }

    /// Reads a source in windows and hands each to `consume` together with its edits, in order.
    ///
    /// # Errors
    /// When reading fails, or `consume` does.
    pub fn stream(&self, source: impl Read, consume: impl FnMut(Window<'_>) -> Result<(), Error>) -> Result<(), Error> {
        window::stream(self, source, consume)
    }
}
