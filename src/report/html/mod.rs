//! Findings as one page to look at, filter and decide on in a browser.
//!
//! In: paths, digests, plans, other readings. Out: an HTML page that needs nothing else, written as it comes. The data is
//! JSON in a script element that no browser runs; whatever a file holds, it can neither end that element nor run: `<`, `>`
//! and `&` are escaped in it, the page puts text in as text only, and its policy allows no script but its own. Must not:
//! have a style or script that is not in this folder.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

use serde::{Serialize, Serializer};

use crate::edit::{Chain, Confidence, Edit, Plan, Step};
use crate::engine::Reading;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("app.js");

/// Where the data goes.
const DATA: &str = "{{data}}";

/// What is known of a file besides its plan.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Its path.
    pub path: &'a Path,
    /// Its length in bytes.
    pub len: u64,
    /// The hash of its content, in hexadecimal digits.
    pub hash: &'a str,
}

/// Writes a page.
#[derive(Debug)]
pub struct Html {
    tail: String,
    files: u64,
    chains: HashMap<Chain, usize>,
    order: Vec<Chain>,
    /// Version of the decisions that the page saves.
    version: u32,
}

/// Bytes as text where they are text, else in hexadecimal digits: as a file of decisions has them.
struct Bytes<'a>(&'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Hex {
            hex: String,
        }
        match std::str::from_utf8(self.0) {
            Ok(text) => to.serialize_str(text),
            Err(_) => Hex { hex: self.0.iter().map(|byte| format!("{byte:02x}")).collect() }.serialize(to),
        }
    }
}

type Other = (String, Vec<(String, String)>, f32);

#[derive(Serialize)]
struct Change<'a>(
    u64,
    u64,
    u64,
    u64,
    Bytes<'a>,
    Bytes<'a>,
    &'a str,
    &'a str,
    usize,
    usize,
    bool,
    Vec<Other>,
    /// What a person reads in place of the bytes, where they are not simply UTF-8.
    Option<(&'a str, &'a str)>,
);

impl Html {
    /// Begins a page. `time` is for the reader, `nonce` is what only this page's own script may know, `version` that of
    /// the decisions.
    ///
    /// # Errors
    /// When writing fails.
    pub fn begin(out: &mut dyn Write, time: &str, nonce: &str, version: u32) -> io::Result<Html> {
        let page = PAGE.replace("{{nonce}}", nonce).replace("{{style}}", STYLE).replace("{{script}}", SCRIPT);
        let (head, tail) = page.split_once(DATA).unwrap_or((&page, ""));
        out.write_all(head.as_bytes())?;
        write!(out, "{{\"id\":\"{nonce}\",\"time\":")?;
        serde_json::to_writer(Escaped(&mut *out), time)?;
        write!(out, ",\"version\":{version},\"files\":[")?;
        Ok(Html { tail: tail.to_owned(), files: 0, chains: HashMap::new(), order: Vec::new(), version })
    }

    /// Writes the findings of a file, each with its `others`; nothing when it has none.
    ///
    /// # Errors
    /// When writing fails.
    pub fn file(
        &mut self,
        out: &mut dyn Write,
        about: About<'_>,
        plan: &Plan,
        others: impl Fn(&Edit) -> Vec<Reading>,
    ) -> io::Result<()> {
        if plan.is_empty() {
            return Ok(());
        }
        write!(out, "{}\n{{\"path\":", if self.files > 0 { "," } else { "" })?;
        serde_json::to_writer(Escaped(&mut *out), &Bytes(about.path.as_os_str().as_encoded_bytes()))?;
        write!(out, ",\"len\":{},\"hash\":\"{}\",\"edits\":[", about.len, about.hash)?;
        for (n, edit) in plan.edits().iter().enumerate() {
            let known = self.order.len();
            let chain = *self.chains.entry(edit.chain.clone()).or_insert(known);
            if chain == known {
                self.order.push(edit.chain.clone());
            }
            let level = Confidence::ALL.iter().position(|level| *level == edit.confidence).unwrap_or(0);
            // Another reading is text in UTF-8, which is not what stands here.
            let others = if edit.place.shown.is_some() { Vec::new() } else { others(edit) };
            let others = others.into_iter().map(|other| (other.after, pairs(&other.chain), other.odds)).collect();
            let (span, place) = (edit.span, &edit.place);
            let change = Change(
                span.start,
                span.end,
                place.line,
                place.column,
                Bytes(&edit.before),
                Bytes(&edit.after),
                &place.left,
                &place.right,
                chain,
                level,
                edit.lossy,
                others,
                place.shown.as_ref().map(|shown| (&*shown.before, &*shown.after)),
            );
            out.write_all(if n > 0 { b",\n" } else { b"\n" })?;
            serde_json::to_writer(Escaped(&mut *out), &change)?;
        }
        self.files += 1;
        write!(out, "]}}")
    }

    /// Ends the page.
    ///
    /// # Errors
    /// When writing fails.
    pub fn end(self, out: &mut dyn Write) -> io::Result<()> {
        debug_assert!(self.version > 0);
        write!(out, "],\"chains\":")?;
        let chains: Vec<_> = self.order.iter().map(pairs).collect();
        serde_json::to_writer(Escaped(&mut *out), &chains)?;
        write!(out, "}}{}", self.tail)
    }
}

fn pairs(chain: &Chain) -> Vec<(String, String)> {
    chain.steps().iter().map(|Step { encoded, read_as }| (encoded.to_string(), read_as.to_string())).collect()
}

/// A writer of JSON in which what could end a script element, or begin another one, is escaped. Such characters are in
/// strings only, where an escape means the same.
struct Escaped<'o>(&'o mut dyn Write);

impl Write for Escaped<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let plain = buf.iter().position(|byte| b"<>&".contains(byte)).unwrap_or(buf.len());
        self.0.write_all(&buf[..plain])?;
        match buf.get(plain) {
            Some(byte) => {
                write!(self.0, "\\u{byte:04x}")?;
                Ok(plain + 1)
            }
            None => Ok(plain),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;

    #[test]
    fn a_hostile_file_stays_text() {
        let text = "</script><script>alert(1)</script><!-- caf\u{c3}\u{a9} {{script}} -->";
        let plan = Engine::default().plan(text.as_bytes());
        assert_eq!(plan.edits().len(), 1);
        let mut out = Vec::new();
        let mut page = Html::begin(&mut out, "now", "abc", 1).unwrap();
        let about = About { path: Path::new("</script><img src=x>"), len: 1, hash: "00" };
        page.file(&mut out, about, &plan, |_| Vec::new()).unwrap();
        page.end(&mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out.matches("<script").count(), 2, "the data and the page's own");
        assert_eq!(out.matches("</script>").count(), 2);
        assert!(!out.contains("<img") && !out.contains("alert(1)<"));
        let data = out.split_once("id=\"data\">").unwrap().1.split_once("</script>").unwrap().0;
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(data["files"][0]["path"], "</script><img src=x>");
        assert_eq!(data["files"][0]["edits"][0][5], "\u{e9}");
        assert_eq!(data["chains"][0][0][1], "windows-1252");
    }
}
