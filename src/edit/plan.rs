//! Edits and the plan that holds them: apply, invert.

use std::borrow::Cow;
use std::fmt;

use super::{Chain, Confidence, Context, Form, Legacy, Lost, Note, Remark, Rule, RuleSet, Span};
use crate::error::Error;

/// Where in its source an edit stands, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Line, 1-based; lines end at LF.
    pub line: u64,
    /// Column in characters, 1-based, of the first changed character.
    pub column: u64,
    /// A few characters of the same line before the edit, at most [`Place::CONTEXT`] characters.
    pub left: Context,
    /// A few characters of the same line after the edit, at most [`Place::CONTEXT`] characters.
    pub right: Context,
    /// What stands there and what is to stand there, as a person reads it: where the bytes are not simply UTF-8, or those
    /// between the edit before, on the same line, and this one.
    pub shown: Option<Box<Shown>>,
}

/// What a person reads where an edit stands, before it and after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The text that stands there.
    pub before: String,
    /// The text that is to stand there.
    pub after: String,
}

impl Place {
    /// How many characters of context are kept on either side.
    pub const CONTEXT: usize = 40;
}

/// One change: these bytes become those, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The bytes of the source that change.
    pub span: Span,
    /// What stands there now. Always `span.len()` bytes.
    pub before: Vec<u8>,
    /// What is to stand there.
    pub after: Vec<u8>,
    /// The mixups that are undone; none when it only normalises.
    pub chain: Chain,
    /// The rules that changed the text once it was repaired. See [`Config::normalize`](crate::Config::normalize).
    pub rules: RuleSet,
    /// How sure it is.
    pub confidence: Confidence,
    /// Whether some of the original bytes were gone, so that `after` was inferred.
    pub lossy: bool,
    /// How many nats (natural logarithm of the odds) the repaired text is likelier than the text as it stands.
    pub odds: f32,
    /// Where it is, for people.
    pub place: Place,
}

impl Edit {
    /// Why it is made, in words: its chain, its rules, or both.
    ///
    /// ```
    /// use unbake::{Config, Engine, Pass};
    /// let engine = Engine::new(Config { normalize: vec![Pass::Nfd], ..Config::default() });
    /// let plan = engine.plan("trÃ¨s dÃ©jÃ\u{a0} vu, é".as_bytes());
    /// let causes: Vec<String> = plan.edits().iter().map(|edit| edit.cause().to_string()).collect();
    /// assert_eq!(causes.first().unwrap(), "utf-8 read as windows-1252 + nfd");
    /// assert_eq!(causes.last().unwrap(), "nfd");
    /// ```
    pub fn cause(&self) -> impl fmt::Display + '_ {
        Cause(self)
    }

    /// Whether it repairs nothing, but only follows rules.
    pub fn only_normalizes(&self) -> bool {
        self.chain.steps().is_empty() && !self.rules.is_empty()
    }

    /// Whether it only writes in UTF-8 what stands there.
    pub fn only_converts(&self) -> bool {
        self.chain.steps().is_empty() && self.rules == RuleSet::NONE.with(Rule::Utf8)
    }

    /// What stands there, as a person reads it.
    pub fn before_text(&self) -> Cow<'_, str> {
        match &self.place.shown {
            Some(shown) => Cow::Borrowed(&shown.before),
            None => String::from_utf8_lossy(&self.before),
        }
    }

    /// What is to stand there, as a person reads it.
    pub fn after_text(&self) -> Cow<'_, str> {
        match &self.place.shown {
            Some(shown) => Cow::Borrowed(&shown.after),
            None => String::from_utf8_lossy(&self.after),
        }
    }
}

/// Why an edit is made.
struct Cause<'e>(&'e Edit);

impl fmt::Display for Cause<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Edit { chain, rules, .. } = self.0;
        let both = !chain.steps().is_empty() && !rules.is_empty();
        write!(f, "{chain}{}{rules}", if both { " + " } else { "" })
    }
}

/// All changes to one source: sorted by place, never overlapping.
///
/// ```
/// let plan = unbake::Engine::default().plan("Peterâ€™s café".as_bytes());
/// let repaired = plan.apply("Peterâ€™s café".as_bytes())?;
/// assert_eq!(repaired, "Peter’s café".as_bytes());
/// assert_eq!(plan.invert().apply(&repaired)?, "Peterâ€™s café".as_bytes());
/// # Ok::<(), unbake::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    edits: Vec<Edit>,
    source_len: u64,
    invalid: Vec<Span>,
    lost: Vec<Lost>,
    remarks: Vec<Remark>,
    form: Option<Form>,
    legacy: Option<Legacy>,
    notes: Vec<Note>,
}

impl Plan {
    /// A plan over a source of `source_len` bytes. `invalid` are the byte runs that are no valid text.
    ///
    /// # Errors
    /// When the edits are not in order, overlap, reach past the end, or one's `before` is not as long as its span.
    pub fn new(edits: Vec<Edit>, source_len: u64, invalid: Vec<Span>) -> Result<Plan, Error> {
        let mut reached = 0;
        for edit in &edits {
            let at = edit.span.start;
            if at < reached {
                return Err(Error::plan(at, "two edits overlap or are out of order"));
            }
            if edit.before.len() as u64 != edit.span.len() {
                return Err(Error::plan(at, "an edit's old bytes do not fill its span"));
            }
            reached = edit.span.end;
        }
        if reached > source_len {
            return Err(Error::plan(reached, "an edit reaches past the end of the source"));
        }
        Ok(Plan { edits, source_len, invalid, ..Plan::default() })
    }

    /// The edits, by place.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// Takes the edits out of it.
    pub(crate) fn take_edits(&mut self) -> Vec<Edit> {
        std::mem::take(&mut self.edits)
    }

    /// Byte runs of the source that are not valid in its encoding. They stay as they are.
    pub fn invalid(&self) -> &[Span] {
        &self.invalid
    }

    /// The same plan with these places of lost text.
    #[must_use]
    pub fn with_lost(mut self, lost: Vec<Lost>) -> Plan {
        self.lost = lost;
        self
    }

    /// Places where text is gone for good, in order, if they were looked for. They stay as they are.
    pub fn lost(&self) -> &[Lost] {
        &self.lost
    }

    /// The same plan with these remarks.
    #[must_use]
    pub fn with_remarks(mut self, mut remarks: Vec<Remark>) -> Plan {
        remarks.sort_by_cached_key(|remark| remark.span.start);
        self.remarks = remarks;
        self
    }

    /// Places that are reported and stay as they are, in order: see [`Config::report`](crate::Config::report).
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }

    /// The same plan for a source in this encoding.
    #[must_use]
    pub fn with_form(mut self, form: Form) -> Plan {
        self.form = Some(form);
        self
    }

    /// The same plan for a source that seems to be in this encoding.
    #[must_use]
    pub fn with_legacy(mut self, legacy: Legacy) -> Plan {
        self.legacy = Some(legacy);
        self
    }

    /// What the source seems to be in, where it is not UTF-8 and does not say what it is.
    pub fn legacy(&self) -> Option<&Legacy> {
        self.legacy.as_ref()
    }

    /// The same plan with these notes.
    #[must_use]
    pub fn with_notes(mut self, notes: Vec<Note>) -> Plan {
        self.notes = notes;
        self
    }

    /// The same plan without its edits, and with a note that says why.
    #[must_use]
    pub fn refused(mut self, what: String) -> Plan {
        let (line, column) = self.edits.first().map_or((1, 1), |edit| (edit.place.line, edit.place.column));
        self.notes.push(Note { line, column, what });
        self.edits.clear();
        self
    }

    /// The encoding that the source is in; none where it is UTF-8.
    pub fn form(&self) -> Option<&Form> {
        self.form.as_ref()
    }

    /// What its reader should know besides, in order: edits that were refused, and why.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Length of the source in bytes.
    pub fn source_len(&self) -> u64 {
        self.source_len
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// Whether there is nothing to tell of the source: nothing changes, is lost, is reported, is no text, or is in another
    /// encoding than UTF-8.
    pub fn is_silent(&self) -> bool {
        let stays = !self.invalid.is_empty() || !self.lost.is_empty() || !self.remarks.is_empty();
        self.is_empty() && !stays && self.legacy.is_none()
    }

    /// How many findings it has: a conversion counts once, however many edits it takes.
    pub fn findings(&self) -> u64 {
        let conversions = self.edits.iter().filter(|edit| edit.only_converts()).count() as u64;
        self.edits.len() as u64 - conversions + conversions.min(1)
    }

    /// The plan without the edits that `keep` refuses.
    #[must_use]
    pub fn retain(mut self, keep: impl FnMut(&Edit) -> bool) -> Plan {
        self.edits.retain(keep);
        self
    }

    /// The plan with more edits; places of lost text that they fill are lost no more.
    ///
    /// # Errors
    /// When they overlap with the edits that there are.
    pub fn join(mut self, more: Vec<Edit>) -> Result<Plan, Error> {
        self.lost.retain(|lost| !more.iter().any(|edit| edit.span == lost.span));
        self.edits.extend(more);
        self.edits.sort_by_cached_key(|edit| edit.span.start);
        let Plan { edits, source_len, invalid, lost, remarks, form, legacy, notes } = self;
        Ok(Plan { lost, remarks, form, legacy, notes, ..Plan::new(edits, source_len, invalid)? })
    }

    /// The source with the edits made.
    ///
    /// # Errors
    /// When `source` is not the source that the plan was made for: another length, or other bytes under an edit.
    pub fn apply(&self, source: &[u8]) -> Result<Vec<u8>, Error> {
        if source.len() as u64 != self.source_len {
            return Err(Error::plan(0, "the source has another length than the one planned for"));
        }
        let mut out = Vec::with_capacity(source.len());
        let mut done = 0;
        for edit in &self.edits {
            let range = edit.span.range();
            if source[range.clone()] != edit.before[..] {
                return Err(Error::plan(edit.span.start, "the source changed under an edit"));
            }
            out.extend_from_slice(&source[done..range.start]);
            out.extend_from_slice(&edit.after);
            done = range.end;
        }
        out.extend_from_slice(&source[done..]);
        Ok(out)
    }

    /// The way back: applied to the result of [`Plan::apply`] it gives the source again.
    #[must_use]
    pub fn invert(&self) -> Plan {
        let mut shift = 0i128;
        let moved = |span: Span, shift: i128, len: usize| {
            let start = (i128::from(span.start) + shift) as u64;
            Span::new(start, start + len as u64)
        };
        let mut edits = Vec::with_capacity(self.edits.len());
        let mut invalid = Vec::with_capacity(self.invalid.len());
        let mut lost = Vec::with_capacity(self.lost.len());
        let mut bad = self.invalid.iter().peekable();
        let mut gone = self.lost.iter().peekable();
        let mut stay = |before: u64, shift: i128| {
            while let Some(span) = bad.next_if(|span| span.start < before) {
                invalid.push(moved(*span, shift, span.len() as usize));
            }
            while let Some(one) = gone.next_if(|one| one.span.start < before) {
                lost.push(Lost { span: moved(one.span, shift, one.text.len()), ..one.clone() });
            }
        };
        for edit in &self.edits {
            stay(edit.span.start, shift);
            let mut place = edit.place.clone();
            if let Some(shown) = &mut place.shown {
                let Shown { before, after } = &mut **shown;
                std::mem::swap(before, after);
            }
            edits.push(Edit {
                span: moved(edit.span, shift, edit.after.len()),
                before: edit.after.clone(),
                after: edit.before.clone(),
                place,
                ..edit.clone()
            });
            shift += edit.after.len() as i128 - edit.before.len() as i128;
        }
        stay(u64::MAX, shift);
        let source_len = (i128::from(self.source_len) + shift) as u64;
        Plan { edits, source_len, invalid, lost, form: self.form.clone(), ..Plan::default() }
    }
}
