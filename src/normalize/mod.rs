//! What is asked for besides repair: text made uniform, each kind of it by a pass of its own.
//!
//! In: a line of text. Out: what to change in it. The passes are applied one after the other, in the order of
//! [`Pass`], each to what the one before has left. What a pass says depends on its line only. Must not: look at what is
//! damage and what is not, which is for the engine to keep away from them.
//!
//! Three passes are about a file rather than its text: `bom`, `eol` and `final-newline`. They come last.

mod ansi;
mod bom;
mod controls;
mod dashes;
mod ellipsis;
mod entities;
mod eol;
mod final_newline;
mod form;
mod ligatures;
mod quotes;
mod spaces;
mod utf7;
mod width;

use std::ops::Range;

use crate::edit::{Bom, Eol, Pass, Quotes, Rule};
use form::Form;
pub use form::{composed, spread};

/// A change: what stands there, and what is to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Bytes of the line; never none.
    pub range: Range<usize>,
    /// What is to stand there.
    pub after: String,
}

impl Change {
    fn new(range: Range<usize>, after: impl Into<String>) -> Change {
        Change { range, after: after.into() }
    }
}

/// The passes of one run, in order.
#[derive(Clone, Debug, Default)]
pub struct Normalizer {
    passes: Vec<Pass>,
    bom: Option<Bom>,
    eol: Option<Eol>,
    final_newline: bool,
    /// For each byte whether a line with it may have to be changed. Empty: none.
    triggers: Vec<bool>,
}

/// Where a piece of a text stands.
#[derive(Clone, Copy, Debug, Default)]
pub struct Edges {
    /// The text begins with it.
    pub first: bool,
    /// The text ends with it.
    pub last: bool,
    /// The character before it.
    pub before: Option<char>,
    /// The character after it.
    pub after: Option<char>,
    /// The line before it ends with CR LF.
    pub crlf: bool,
}

impl Normalizer {
    /// These passes, in whatever order they were named.
    ///
    /// # Errors
    /// When two of them contradict each other.
    pub fn new(named: &[Pass]) -> Result<Normalizer, String> {
        let mut all = named.to_vec();
        all.sort_unstable();
        all.dedup();
        let forms = |pass: &Pass| matches!(pass, Pass::Nfc | Pass::Nfd | Pass::Nfkc | Pass::Nfkd);
        for (i, pass) in all.iter().enumerate() {
            let other = all[i + 1..].iter().find(|other| other.rule() == pass.rule() || forms(other) && forms(pass));
            if let Some(other) = other {
                return Err(format!("normalize: `{pass}` and `{other}` contradict each other: choose one"));
            }
        }
        let mut normalizer = Normalizer::default();
        for pass in all {
            match pass {
                Pass::Bom(bom) => normalizer.bom = Some(bom),
                Pass::Eol(eol) => normalizer.eol = Some(eol),
                Pass::FinalNewline => normalizer.final_newline = true,
                text => normalizer.passes.push(text),
            }
        }
        if !normalizer.passes.is_empty() || normalizer.eol.is_some() {
            normalizer.triggers = (0..=u8::MAX).map(|byte| named.iter().any(|pass| is_trigger(*pass, byte))).collect();
        }
        Ok(normalizer)
    }

    /// Whether there is nothing to do, whatever the text.
    pub fn is_idle(&self) -> bool {
        self.passes.is_empty() && self.bom.is_none() && self.eol.is_none() && !self.final_newline
    }

    /// Whether the text itself may change, and not only what is around it.
    pub fn changes_text(&self) -> bool {
        !self.passes.is_empty()
    }

    /// Whether line ends change.
    pub fn changes_line_ends(&self) -> bool {
        self.eol.is_some()
    }

    /// Whether anything in these bytes may have to be changed. They may be several lines.
    pub fn may_change(&self, bytes: &[u8], first: bool) -> bool {
        if first && self.bom.is_some() || self.final_newline && !bytes.ends_with(b"\n") {
            return true;
        }
        !self.triggers.is_empty() && bytes.iter().any(|byte| self.triggers[usize::from(*byte)])
    }

    /// The passes over a text, in order: the rule, and what it changes in a line without its line end.
    pub fn passes(&self) -> impl Iterator<Item = (Rule, impl Fn(&str) -> Vec<Change> + use<'_>)> {
        self.passes.iter().map(move |pass| (pass.rule(), move |line: &str| self.changes(*pass, line)))
    }

    fn changes(&self, pass: Pass, line: &str) -> Vec<Change> {
        match pass {
            Pass::Utf7 => utf7::changes(line),
            Pass::Ansi => ansi::changes(line),
            Pass::Controls => controls::changes(line),
            Pass::Entities(choice) => entities::changes(line, choice),
            Pass::Ligatures => ligatures::changes(line),
            Pass::Width => width::changes(line),
            Pass::Spaces => spaces::changes(line),
            Pass::Quotes(quotes) => quotes::changes(line, quotes),
            Pass::Dashes => dashes::changes(line),
            Pass::Ellipsis => ellipsis::changes(line),
            Pass::Nfc => form::changes(line, Form::C),
            Pass::Nfd => form::changes(line, Form::D),
            Pass::Nfkc => form::changes(line, Form::Kc),
            Pass::Nfkd => form::changes(line, Form::Kd),
            // About the file, see `file_passes`.
            Pass::Bom(_) | Pass::Eol(_) | Pass::FinalNewline => Vec::new(),
        }
    }

    /// The passes over a file, in order: the rule, and what it changes in the line ends of a piece and at the ends of the
    /// text. Only a piece that may change as a `whole` changes elsewhere than at its ends.
    pub fn file_passes(
        &self,
        edges: Edges,
        whole: bool,
    ) -> impl Iterator<Item = (Rule, impl Fn(&str) -> Vec<Change> + use<'_>)> {
        let crlf = self.eol.map_or(edges.crlf, |eol| eol == Eol::Crlf);
        let bom = self.bom.filter(|_| edges.first).map(Pass::Bom);
        let eol = self.eol.map(Pass::Eol);
        let last = (edges.last && self.final_newline).then_some(Pass::FinalNewline);
        [bom, eol, last].into_iter().flatten().map(move |pass| {
            let changes = move |piece: &str| match pass {
                Pass::Bom(bom) => bom::change(piece, bom).into_iter().collect(),
                Pass::Eol(eol) => {
                    let start = if whole { 0 } else { last_line_end(piece) };
                    eol::changes(piece, start, eol, edges)
                }
                _ => final_newline::change(piece, crlf).into_iter().collect(),
            };
            (pass.rule(), changes)
        })
    }

    /// Where to cut a text that is to be cut at byte `end`, so that no pass has to look across: not before a character that
    /// belongs to the one before it.
    pub fn cut(&self, text: &[u8], end: usize) -> usize {
        if self.is_idle() || end >= text.len() {
            return end;
        }
        let mut cut = end;
        for _ in 0..CLOSEST {
            let next = text.get(cut..(cut + 4).min(text.len())).unwrap_or_default();
            let next = next.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
            if next.is_none_or(|c| form::is_border(c) && c != '\n') {
                return cut;
            }
            // Back by one character.
            match (1..=4).find(|back| cut > *back && (text[cut - back] as i8) >= -0x40) {
                Some(back) => cut -= back,
                None => return end,
            }
        }
        end
    }
}

/// Where the line end begins that a piece ends with. Several carriage returns before a line feed are none: with one of them
/// gone, the next would be a part of it.
fn last_line_end(piece: &str) -> usize {
    let Some(body) = piece.strip_suffix('\n') else { return piece.len() };
    match body.strip_suffix('\r') {
        Some(body) if body.ends_with('\r') => piece.len(),
        Some(body) => body.len(),
        None => body.len(),
    }
}

/// All characters of a kind go; those that stand together in one change.
fn removed(line: &str, is_of_kind: impl Fn(char) -> bool) -> Vec<Change> {
    replaced(line, |c| is_of_kind(c).then_some(""))
}

/// Each character that is in a table becomes what the table says; those that stand together in one change.
fn replaced(line: &str, table: impl Fn(char) -> Option<&'static str>) -> Vec<Change> {
    let mut all: Vec<Change> = Vec::new();
    for (at, c) in line.char_indices() {
        if let Some(after) = table(c) {
            add(&mut all, at..at + c.len_utf8(), after);
        }
    }
    all
}

/// Adds a change behind all others; it becomes a part of the last one if nothing stands between them.
fn add(all: &mut Vec<Change>, range: Range<usize>, after: &str) {
    match all.last_mut().filter(|last| last.range.end == range.start) {
        Some(last) => {
            last.range.end = range.end;
            last.after.push_str(after);
        }
        None => all.push(Change::new(range, after)),
    }
}

/// How many characters back a better place to cut a text at is looked for.
const CLOSEST: usize = 8;

/// Whether a pass may change a line that has this byte.
fn is_trigger(pass: Pass, byte: u8) -> bool {
    match pass {
        Pass::Utf7 => byte == b'+',
        Pass::Ansi => byte == ansi::ESCAPE,
        Pass::Controls => controls::is_trigger(byte),
        Pass::Entities(_) => byte == b'&',
        Pass::Ligatures => matches!(byte, 0xC4 | 0xC5 | 0xC7 | 0xEF),
        Pass::Width => matches!(byte, 0xE3 | 0xEF),
        Pass::Spaces => matches!(byte, 0xC2 | 0xE2 | 0xEF),
        Pass::Quotes(Quotes::Straight) | Pass::Dashes | Pass::Ellipsis => byte == 0xE2,
        Pass::Quotes(_) => matches!(byte, b'\'' | b'"'),
        Pass::Nfc => byte >= 0xCC,
        Pass::Nfd => byte >= 0xC3,
        Pass::Nfkc | Pass::Nfkd => byte >= 0xC2,
        Pass::Eol(Eol::Lf) => byte == b'\r',
        Pass::Eol(Eol::Crlf) => matches!(byte, b'\r' | b'\n'),
        Pass::Bom(_) | Pass::FinalNewline => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All passes of a list, one after the other; the ends of the file, too.
    fn normalized(passes: &[Pass], text: &str) -> String {
        let normalizer = Normalizer::new(passes).unwrap();
        let edges = Edges { first: true, last: true, ..Edges::default() };
        let apply = |text: &str, changes: Vec<Change>| {
            let mut out = text.to_owned();
            changes.into_iter().rev().for_each(|change| out.replace_range(change.range, &change.after));
            out
        };
        let text = normalizer.passes().fold(text.to_owned(), |text, (_, changes)| apply(&text, changes(&text)));
        normalizer.file_passes(edges, true).fold(text, |text, (_, changes)| apply(&text, changes(&text)))
    }

    #[test]
    fn each_pass_does_what_it_says() {
        for (passes, text, wanted) in [
            ("nfc", "cafe\u{301} \u{212b}", "café Å"),
            ("nfd", "café", "cafe\u{301}"),
            ("nfkc", "ﬁ ①", "fi 1"),
            ("nfkd", "ﬁé", "fie\u{301}"),
            ("utf-7", "caf+AOk-, +- +AKM-1", "café, + £1"),
            ("ansi", "\x1b[1;31mred\x1b[0m \x1b]0;title\x07x\x1b(B", "red x"),
            ("controls", "a\u{8}\u{7f}b\tc\u{c}\u{206b}", "ab\tc\u{c}"),
            (
                "entities=letters",
                "caf&eacute; &#8217;&lt;&amp;eacute; &nosuch; &copy",
                "café ’&lt;&amp;eacute; &nosuch; &copy",
            ),
            (
                "entities=all",
                "AT&amp;T &lt;b&gt; &amp; x &amp;eacute; &#0; &quot;",
                "AT&amp;T <b> & x &amp;eacute; &#0; \"",
            ),
            ("ligatures", "ﬁrst ﬂoor, Ǆ", "first floor, DŽ"),
            ("width", "ＡＢ１！　ｶﾞｷﾞﾊﾟ가￣", "AB1! ガギパ가¯"),
            ("spaces", "\u{feff}a\u{a0}b\u{2009}c\u{200b}d\u{ad}e\u{200d}f\u{feff}", "\u{feff}a b cde\u{200d}f"),
            ("quotes=straight", "“a” ‘b’ l’eau „c“ 5′ «d»", "\"a\" 'b' l'eau \"c\" 5′ «d»"),
            ("quotes=en", "\"Don't,\" he said, it's 5\" by 6' or '90s.", "“Don’t,” he said, it’s 5\" by 6' or '90s."),
            ("quotes=en", "he said 'no' to the dogs' owner", "he said ‘no’ to the dogs’ owner"),
            ("quotes=de", "(\"so 'was'\")", "(„so ‚was‘“)"),
            ("quotes=fr", "l'eau, \"la mer\" et 'x'", "l’eau, «\u{a0}la mer\u{a0}» et 'x'"),
            ("quotes=sv", "a \"b\" c", "a ”b” c"),
            ("quotes=en", "an \"open one", "an \"open one"),
            ("dashes", "a–b — c‐d −5", "a-b -- c-d -5"),
            ("ellipsis", "wait…", "wait..."),
            ("eol=lf", "a\r\nb\rc\n", "a\nb\nc\n"),
            ("eol=crlf", "a\r\nb\rc\nd", "a\r\nb\r\nc\r\nd"),
            ("bom=strip", "\u{feff}a\u{feff}", "a\u{feff}"),
            ("bom=add", "a", "\u{feff}a"),
            ("bom=add", "\u{feff}a", "\u{feff}a"),
            ("final-newline", "a\nb", "a\nb\n"),
            ("final-newline", "", ""),
            ("final-newline,eol=crlf", "a\nb", "a\r\nb\r\n"),
            ("final-newline,bom=add", "a", "\u{feff}a\n"),
        ] {
            let named: Vec<Pass> = passes.split(',').map(|pass| pass.parse().unwrap()).collect();
            let once = normalized(&named, text);
            assert_eq!(once, wanted, "{passes}");
            assert_eq!(normalized(&named, &once), wanted, "{passes} twice");
        }
    }

    #[test]
    fn passes_that_contradict_each_other_are_refused() {
        let why = |named: &[Pass]| Normalizer::new(named).unwrap_err();
        assert_eq!(why(&[Pass::Nfd, Pass::Nfc]), "normalize: `nfc` and `nfd` contradict each other: choose one");
        why(&[Pass::Eol(Eol::Lf), Pass::Eol(Eol::Crlf)]);
        assert!(Normalizer::new(&[Pass::Nfc, Pass::Nfc]).is_ok());
    }
}
