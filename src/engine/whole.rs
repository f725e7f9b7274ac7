//! A source in whatever encoding it is: which view of it is judged, and what becomes of its bytes.
//!
//! In: all bytes of a source. Out: its plan. UTF-8 is judged as it stands; anything else as a view, and the edits are made in
//! the encoding that the source is in.

use super::Engine;
use super::carry::carry;
use crate::edit::{Form, How, Plan};
use crate::source::{self, Charset, Known, View};

impl Engine {
    /// What would change in a source that may be in another encoding than UTF-8: its byte order mark, its pattern of bytes,
    /// [`Config::encoding`](crate::Config::encoding) or its own declaration says in which. Edits are made in that encoding.
    ///
    /// ```
    /// let source: Vec<u8> = "cafÃ©".encode_utf16().flat_map(u16::to_le_bytes).collect();
    /// let plan = unbake::Engine::default().plan_file(&source);
    /// assert_eq!(plan.form().unwrap().label, "utf-16le");
    /// assert_eq!(plan.apply(&source)?, "café".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    /// # Ok::<(), unbake::Error>(())
    /// ```
    pub fn plan_file(&self, source: &[u8]) -> Plan {
        match self.rules.charset {
            Some(Charset::UTF_8) => return self.plan(source),
            Some(charset) => return self.in_kind(source, charset, How::Given),
            None => {}
        }
        if let Known::In(charset, how) = source::identify(source) {
            return self.in_kind(source, charset, how);
        }
        let plan = self.plan(source);
        if plan.invalid().is_empty() {
            return plan;
        }
        let declared = source::declared(source).into_iter().filter_map(|found| found.charset);
        for charset in declared.filter(|charset| charset.has_ascii() && *charset != Charset::UTF_8) {
            let view = charset.view(source);
            if view.invalid.is_empty() {
                return self.viewed(source, charset, &view, How::Declared);
            }
        }
        plan
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

    fn in_kind(&self, source: &[u8], charset: Charset, how: How) -> Plan {
        self.viewed(source, charset, &charset.view(source), how)
    }

    /// The plan for a source in an encoding, by its view.
    fn viewed(&self, source: &[u8], charset: Charset, view: &View, how: How) -> Plan {
        let plan = self.plan(view.text.as_bytes());
        let label = charset.label();
        let plan = carry(&plan, view, source, |site| {
            charset.encode(site.after).map_err(|c| format!("{label}, the encoding of the file, has no `{c}`"))
        });
        plan.with_form(Form { label, how })
    }
}
