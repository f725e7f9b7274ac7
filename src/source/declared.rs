//! What does a source say of its own encoding?
//!
//! In: the beginning of a source whose ASCII is ASCII. Out: the labels that it names, in their places: those of an XML
//! declaration, HTML `meta`, the coding cookies of Python, Ruby and Emacs, the header of a `.po`, CSS `@charset`, and the
//! header of a mail. Must not: believe them; whoever asks compares them with the bytes.

use std::ops::Range;

use super::Charset;

/// No declaration stands further down than this, in bytes.
const HEAD: usize = 4 << 10;
/// No label is longer.
const LONGEST: usize = 40;

/// A declaration of an encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Where its label stands.
    pub span: Range<usize>,
    /// What it means; none where the label is unknown.
    pub charset: Option<Charset>,
}

/// The declarations in the beginning of a source.
pub fn declared(source: &[u8]) -> Vec<Declared> {
    let mark = if source.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let head = &source[mark..source.len().min(mark + HEAD)];
    let mut found = Vec::new();
    let mut add = |at: Option<usize>| {
        let Some(span) = at.and_then(|at| label(head, at)) else { return };
        let text = String::from_utf8_lossy(&head[span.clone()]);
        let span = mark + span.start..mark + span.end;
        if found.iter().all(|known: &Declared| known.span != span) {
            found.push(Declared { charset: Charset::for_label(&text), span });
        }
    };
    if head.starts_with(b"<?xml") {
        let end = find(head, b"?>").unwrap_or(head.len());
        add(after(&head[..end], b"encoding"));
    }
    if head.starts_with(b"@charset") {
        add(Some(b"@charset".len()));
    }
    add(meta(head));
    add(cookie(head));
    add(catalogue(head));
    add(mail(head));
    found
}

/// The label that begins at or shortly after `at`: behind `=`, `:`, blanks and quotes.
fn label(head: &[u8], at: usize) -> Option<Range<usize>> {
    let skip = head[at..].iter().take_while(|byte| b"=: \t\"'\\".contains(byte)).count();
    let start = at + skip;
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:+".contains(byte);
    let len = head[start..].iter().take(LONGEST).take_while(|byte| part(byte)).count();
    (len > 0).then_some(start..start + len)
}

/// `<meta charset=…>` and `<meta http-equiv=… content="text/html; charset=…">`.
fn meta(head: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = find(&head[from..], b"<meta") {
        let start = from + at;
        let end = find(&head[start..], b">").map_or(head.len(), |end| start + end);
        if let Some(at) = after(&head[start..end], b"charset") {
            return Some(start + at);
        }
        from = end;
    }
    None
}

/// `# -*- coding: latin-1 -*-` and the like, in a comment in one of the first two lines.
fn cookie(head: &[u8]) -> Option<usize> {
    let mut start = 0;
    for line in head.split_inclusive(|&byte| byte == b'\n').take(2) {
        let blanks = line.iter().take_while(|byte| b" \t\x0C".contains(byte)).count();
        let comment = [&b"#"[..], b"//", b";", b"/*", b"--", b"%", b"\"", b"<!--"];
        if comment.iter().any(|mark| line[blanks..].starts_with(mark))
            && let Some(at) = after(line, b"coding").filter(|&at| matches!(line.get(at), Some(b':' | b'=')))
        {
            return Some(start + at);
        }
        start += line.len();
    }
    None
}

/// `"Content-Type: text/plain; charset=…\n"` of a translation catalogue.
fn catalogue(head: &[u8]) -> Option<usize> {
    let at = find(head, b"\"content-type:")?;
    let end = find(&head[at..], b"\n").map_or(head.len(), |end| at + end);
    after(&head[at..end], b"charset=").map(|found| at + found)
}

/// `Content-Type: …; charset=…` in the header of a mail, folded lines included.
fn mail(head: &[u8]) -> Option<usize> {
    // A header begins with a field, or with the line that begins a mail in a mailbox.
    let first = head.split(|&byte| byte == b'\n').next()?;
    let colon = first.iter().position(|&byte| byte == b':')?;
    let field = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    if !first.starts_with(b"From ") && (colon == 0 || !first[..colon].iter().all(field)) {
        return None;
    }
    let blank = |pattern: &[u8]| find(head, pattern);
    let end = blank(b"\n\n").into_iter().chain(blank(b"\n\r\n")).min()?;
    let header = &head[..end];
    let at = if header.len() >= 13 && header[..13].eq_ignore_ascii_case(b"content-type:") {
        0
    } else {
        find(header, b"\ncontent-type:")? + 1
    };
    let mut end = at;
    for line in header[at..].split_inclusive(|&byte| byte == b'\n') {
        if end > at && !line.starts_with(b" ") && !line.starts_with(b"\t") {
            break;
        }
        end += line.len();
    }
    after(&header[at..end], b"charset=").map(|found| at + found)
}

/// Where a word, whose letters may be of either case, ends in a text.
fn after(text: &[u8], word: &[u8]) -> Option<usize> {
    find(text, word).map(|at| at + word.len())
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|part| part.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<&str> {
        declared(text.as_bytes()).into_iter().map(|found| &text[found.span]).collect()
    }

    #[test]
    fn each_kind_is_found_in_its_place() {
        assert_eq!(labels("<?xml version='1.0' encoding='KOI8-R'?><a/>"), ["KOI8-R"]);
        assert_eq!(labels("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\" ?>"), ["utf-8"]);
        assert_eq!(labels("<!doctype html>\n<head><meta name=x><META charset=windows-1250>"), ["windows-1250"]);
        assert_eq!(
            labels("<meta http-equiv=\"Content-Type\" content=\"text/html; charset=iso-8859-2\">"),
            ["iso-8859-2"]
        );
        assert_eq!(labels("#!/usr/bin/python\n# -*- coding: latin-1 -*-\n"), ["latin-1"]);
        assert_eq!(labels("# vim: set fileencoding=cp1251 :\n"), ["cp1251"]);
        assert_eq!(labels("msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=EUC-JP\\n\"\n"), ["EUC-JP"]);
        assert_eq!(labels("@charset \"shift_jis\";\na{}"), ["shift_jis"]);
        assert_eq!(
            labels("From: a@example.org\r\nContent-Type: text/plain;\r\n\tcharset=\"koi8-r\"\r\nX: y\r\n\r\nhello"),
            ["koi8-r"]
        );
        assert_eq!(labels("<?xml version=\"1.0\" encoding=\"x-unheard-of\"?>"), ["x-unheard-of"]);
        assert_eq!(declared(b"<?xml encoding='x-unheard-of'?>")[0].charset, None);
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for text in [
            "print('coding: latin-1')\n",
            "a\nb\n# coding: latin-1\n",
            "charset=iso-8859-1",
            "Dear all,\n\nContent-Type: text/plain; charset=koi8-r\n",
            "Note: x\nno: header",
            "<metadata charset",
            "",
        ] {
            assert_eq!(labels(text), [""; 0], "{text}");
        }
    }
}
