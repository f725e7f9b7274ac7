//! A source in whatever encoding it is: which view of it is judged, and what becomes of its bytes.
//!
//! In: all bytes of a source. Out: its plan. UTF-8 is judged as it stands; anything else as a view, and the edits are made in
//! the encoding that the source is in.

use std::cell::Cell;
use std::path::Path;

use super::carry::carry;
use super::{Engine, convert, escaped};
use crate::edit::{Confidence, Form, How, Legacy, Note, Plan, Rule};
use crate::source::{self, Charset, Guess, Kind, Known, Shifts, View};

impl Engine {
    /// What would change in a source that may be in another encoding than UTF-8: its byte order mark, its pattern of bytes,
    /// [`Config::encoding`](crate::Config::encoding) or its own declaration says in which; or, if it is no valid UTF-8, what
    /// makes most sense of it. Edits are made in that encoding.
    /// The end of the path says what kind of file it is, and so how characters may be escaped in it; edits are escaped alike.
    ///
    /// ```
    /// let source: Vec<u8> = "the crew of the cafÃ©".encode_utf16().flat_map(u16::to_le_bytes).collect();
    /// let plan = unbake::Engine::default().plan_file(&source, "".as_ref());
    /// assert_eq!(plan.form().unwrap().label, "utf-16le");
    /// assert_eq!(plan.apply(&source)?, "the crew of the café".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    /// # Ok::<(), unbake::Error>(())
    /// ```
    pub fn plan_file(&self, source: &[u8], path: &Path) -> Plan {
        let kind = self.kind(path, source);
        match self.rules.charset {
            Some(Charset::UTF_8) => return self.utf_8(source, kind),
            Some(charset) => return self.in_kind(source, charset, How::Given, kind),
            None => {}
        }
        if let Known::In(charset, how) = source::identify(source) {
            return self.in_kind(source, charset, how, kind);
        }
        if let Some(view) = source::shifted(source) {
            return self.shifted(source, &view, kind);
        }
        let plan = self.utf_8(source, kind);
        if plan.invalid().is_empty() {
            return plan;
        }
        let declared = source::declared(source).into_iter().filter_map(|found| found.charset);
        for charset in declared.filter(|charset| charset.has_ascii() && *charset != Charset::UTF_8) {
            let view = charset.view(source);
            if view.invalid.is_empty() {
                return self.viewed(source, charset, &view, How::Declared, (kind, Confidence::Certain));
            }
        }
        self.guessed(source, plan, kind)
    }

    /// The plan for a source that is no valid UTF-8 and does not say what it is: where its encoding is certain, or it is to be
    /// converted and sure enough, it is read in it; otherwise the plan stays that for UTF-8, and says what the source seems to
    /// be in.
    fn guessed(&self, source: &[u8], plan: Plan, kind: Kind) -> Plan {
        let converts = self.config.to_utf_8;
        let Some(guess) = source::guess(source) else {
            let why = "is not in UTF-8, and in what it is cannot be told: say it with --encoding";
            return if converts { noted(plan, why.to_owned()) } else { plan };
        };
        let Guess { charsets, mixed, confidence, language } = guess;
        let labels: Vec<&str> = charsets.iter().map(|charset| charset.label()).collect();
        let label = labels.join(" and ");
        let legacy = Legacy { labels, mixed, confidence, language };
        if converts && confidence < self.config.min_confidence {
            let why = format!(
                "is not in UTF-8, and {label} is only {confidence}: say the encoding with --encoding, or allow that with \
                 --min-confidence {confidence}"
            );
            return noted(plan, why).with_legacy(legacy);
        }
        if !converts && (mixed || confidence < Confidence::Certain) {
            return plan.with_legacy(legacy);
        }
        let charset = charsets.first().copied().unwrap_or(Charset::WINDOWS_1252);
        let view = if mixed { source::mixed_view(&charsets, source) } else { charset.view(source) };
        self.viewed(source, charset, &view, How::Guessed, (kind, confidence)).with_legacy(legacy)
    }

    /// The plan for a source that its escape sequences tell to be in ISO-2022-JP, though it is plain ASCII to look at.
    fn shifted(&self, source: &[u8], view: &View, kind: Kind) -> Plan {
        let charset = Charset::ISO_2022_JP;
        let is_declared = source::declared(source).iter().any(|found| found.charset == Some(charset));
        let how = if is_declared { How::Declared } else { How::Shape };
        let plan = self.viewed(source, charset, view, how, (kind, Confidence::Certain));
        if is_declared {
            return plan;
        }
        let labels = vec![charset.label()];
        plan.with_legacy(Legacy { labels, mixed: false, confidence: Confidence::Certain, language: Some("ja") })
    }

    /// Whether a source that begins so can be read in windows: it is not known to be anything but UTF-8.
    #[cfg(feature = "cli")]
    pub(crate) fn streams(&self, head: &[u8]) -> bool {
        match self.rules.charset {
            Some(charset) => charset == Charset::UTF_8,
            None => !matches!(source::identify(head), Known::In(..)),
        }
    }

    /// Whether the user said in which encoding sources are.
    #[cfg(feature = "cli")]
    pub(crate) fn is_told(&self) -> bool {
        self.rules.charset.is_some()
    }

    /// The kind of a file with this path that begins so.
    pub(crate) fn kind(&self, path: &Path, source: &[u8]) -> Kind {
        self.rules.kind.unwrap_or_else(|| Kind::of(path, source))
    }

    /// The plan for a source that is UTF-8, most of it at least.
    fn utf_8(&self, source: &[u8], kind: Kind) -> Plan {
        if kind != Kind::Plain
            && let Ok(text) = simdutf8::basic::from_utf8(source)
        {
            return escaped::plan(self, text, kind);
        }
        self.plan(source)
    }

    fn in_kind(&self, source: &[u8], charset: Charset, how: How, kind: Kind) -> Plan {
        // Who says it is in an old encoding may have converted it meanwhile.
        let says_nothing = charset.has_ascii() || charset == Charset::ISO_2022_JP && !source::has_kanji_shift(source);
        if self.config.to_utf_8 && says_nothing && simdutf8::basic::from_utf8(source).is_ok() {
            let plan = self.utf_8(source, kind);
            let why = format!("is valid UTF-8, so it is not converted from {}", charset.label());
            return if source.is_ascii() { plan } else { noted(plan, why) };
        }
        let view = charset.view(source);
        // What is no text would stay, and be ASCII once nothing says that it is not.
        if let Some(run) = view.invalid.first().filter(|_| self.config.to_utf_8 && charset == Charset::ISO_2022_JP) {
            let why = format!("is no valid {} at byte {}, so it is not converted", charset.label(), run.start);
            return noted(self.utf_8(source, kind), why);
        }
        self.viewed(source, charset, &view, how, (kind, Confidence::Certain))
    }

    /// The plan for a source in an encoding, which is this sure, by its view.
    fn viewed(
        &self,
        source: &[u8],
        charset: Charset,
        view: &View,
        how: How,
        (kind, confidence): (Kind, Confidence),
    ) -> Plan {
        // A byte order mark of another encoding says which it is; there is nothing to choose.
        let mut plan = escaped::plan(self, &view.text, kind).retain(|edit| !edit.rules.has(Rule::Bom));
        if how == How::Guessed && !self.config.to_utf_8 {
            // That one old encoding was read as another in it speaks against the guess rather than for damage. Once it is
            // UTF-8 there is nothing left to guess.
            plan = plan.retain(|edit| edit.chain.steps().iter().all(|step| step.encoded == "utf-8"));
        }
        let (label, converts) = (charset.label(), self.config.to_utf_8);
        let plan = if converts {
            convert::plan(source, view, &plan, kind, confidence)
        } else {
            let (shifts, written) = (Shifts::of(charset, source), Cell::new(None));
            carry(plan, view, source, None, |site| {
                // Both would switch to what they need, one right behind the other, which is no text to a browser.
                if charset == Charset::ISO_2022_JP && written.get() == Some(site.source.start) {
                    return Err("it touches another repair: once that is made, another run makes this one".to_owned());
                }
                written.set(Some(site.source.end));
                let bytes = shifts.write(site.source.clone(), site.after);
                bytes.map_err(|c| format!("{label}, the encoding of the file, has no `{c}`"))
            })
        };
        plan.with_form(Form { label, how, converts })
    }
}

/// The plan with something to say of the whole source.
fn noted(plan: Plan, what: String) -> Plan {
    let mut notes = plan.notes().to_vec();
    notes.insert(0, Note { line: 1, column: 1, what });
    plan.with_notes(notes)
}
