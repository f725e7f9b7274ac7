//! A mail, or a mailbox of many: messages with headers, and parts in them, each with its own encoding.
//!
//! In: a source. Out: as members the parts, as the bytes that they stand for, and of each header that holds encoded words,
//! or bare UTF-8, what these say, a line for each run of them. A changed part is encoded as it was before: quoted-printable line by line,
//! so that lines that stay are the same bytes; what is in base64 as a whole. Must not: touch a boundary, a header field that
//! is not encoded, or a part whose own form it could not make again.

mod coding;

use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom, Write};

use super::limits::Budget;
use super::{Format, Is, Member, Renew, Rewriter, Source, read_at};
use crate::edit::Span;
use crate::error::Error;
use crate::source::Charset;
use coding::{Words, base64_like, from_base64, from_quoted, to_quoted, words};

/// No header is longer, and no more of one is read.
const HEADER: u64 = 1 << 20;
/// A part that is encoded is decoded in memory up to this size.
const PART: u64 = 64 << 20;
/// Parts may be nested so deep within one message.
const DEEP: usize = 32;
/// More of a line is not needed: boundaries are short.
const LINE: u64 = 1 << 10;

pub(super) struct Mail {
    members: Vec<Member>,
    places: Vec<Place>,
    /// How lines end.
    end: &'static [u8],
}

struct Place {
    span: Span,
    coding: Coding,
    charset: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Header,
    Plain,
    Quoted,
    Base64,
}

/// Whether something begins as a mailbox, or as a mail: with a field of a header.
pub(super) fn is_mail(head: &[u8]) -> bool {
    let first = &head[..memchr::memchr(b'\n', head).unwrap_or(head.len())];
    is_mailbox(head) || is_field(first)
}

/// Whether something begins as a mailbox does.
pub(super) fn is_mailbox(head: &[u8]) -> bool {
    head.starts_with(b"From ")
        && memchr::memchr(b'\n', head).is_some_and(|feed| {
            let second = &head[feed + 1..];
            is_field(&second[..memchr::memchr(b'\n', second).unwrap_or(second.len())])
        })
}

fn is_field(line: &[u8]) -> bool {
    memchr::memchr(b':', line).is_some_and(|colon| {
        colon > 0 && line[..colon].iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte))
    })
}

/// What the header of a message or part says of its body.
#[derive(Default)]
struct Head {
    kind: String,
    charset: Option<String>,
    boundary: Option<Vec<u8>>,
    coding: String,
    extension: Option<String>,
    has_words: bool,
}

/// The value of a field of an unfolded header, without its parameters, and the parameters.
fn parameters(value: &str) -> (String, Vec<(String, String)>) {
    let mut pieces = Vec::new();
    let (mut quoted, mut piece) = (false, String::new());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' if quoted => piece.extend(chars.next()),
            ';' if !quoted => pieces.push(std::mem::take(&mut piece)),
            c => piece.push(c),
        }
    }
    pieces.push(piece);
    let mut pieces = pieces.into_iter();
    let first = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
    let pair = |piece: String| {
        piece.split_once('=').map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
    };
    (first, pieces.filter_map(pair).collect())
}

impl Head {
    fn read(header: &[u8]) -> Head {
        let text = String::from_utf8_lossy(header).replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
        let mut head = Head { kind: "text/plain".to_owned(), has_words: !words(header).is_empty(), ..Head::default() };
        for (name, value) in text.lines().filter_map(|line| line.split_once(':')) {
            let is = |wanted: &str| name.trim().eq_ignore_ascii_case(wanted);
            if is("content-type") {
                let (kind, more) = parameters(value);
                let find = |wanted: &str| more.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
                if kind.contains('/') {
                    head.kind = kind;
                }
                head.charset = find("charset");
                head.boundary = find("boundary").map(String::into_bytes).filter(|boundary| !boundary.is_empty());
                head.extension = find("name").or(head.extension);
            } else if is("content-disposition") {
                let (_, more) = parameters(value);
                head.extension =
                    more.into_iter().find(|(name, _)| name == "filename").map(|(_, v)| v).or(head.extension);
            } else if is("content-transfer-encoding") {
                head.coding = value.trim().to_ascii_lowercase();
            }
        }
        head
    }

    /// What a part's name ends with, so that it is looked into as a file of that kind would be.
    fn ending(&self) -> &str {
        let extension = self.extension.as_deref().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending);
        match &*self.kind {
            "text/html" => "html",
            "text/plain" => "txt",
            "text/csv" => "csv",
            "message/rfc822" => "eml",
            _ => extension.filter(|e| e.len() <= 5 && e.bytes().all(|b| b.is_ascii_alphanumeric())).unwrap_or("bin"),
        }
    }
}

/// Reads a source line by line and knows where it is.
struct Lines<'s> {
    reader: BufReader<&'s mut dyn Source>,
    at: u64,
    line: Vec<u8>,
}

impl Lines<'_> {
    /// Reads the next line, of a long one the beginning; `false` at the end. Gives also where it began.
    fn next(&mut self) -> Result<Option<u64>, Error> {
        let start = self.at;
        self.line.clear();
        self.at += (&mut self.reader).take(LINE).read_until(b'\n', &mut self.line)? as u64;
        if self.line.is_empty() {
            return Ok(None);
        }
        // The rest of a long line is of no interest.
        while self.line.last() != Some(&b'\n') {
            let held = self.reader.fill_buf()?;
            if held.is_empty() {
                break;
            }
            let feed = memchr::memchr(b'\n', held);
            let used = feed.map_or(held.len(), |at| at + 1);
            self.reader.consume(used);
            self.at += used as u64;
            if feed.is_some() {
                break;
            }
        }
        Ok(Some(start))
    }

    fn text(&self) -> &[u8] {
        self.line.strip_suffix(b"\n").map_or(&self.line[..], |line| line.strip_suffix(b"\r").unwrap_or(line))
    }
}

impl Mail {
    /// Finds all messages and parts.
    pub fn read(source: &mut dyn Source, budget: &Budget) -> Result<Mail, Error> {
        source.rewind()?;
        let mut lines = Lines { reader: BufReader::with_capacity(64 << 10, source), at: 0, line: Vec::new() };
        let mut mail = Mail { members: Vec::new(), places: Vec::new(), end: b"\n" };
        let (mut message, mut is_box) = (0u64, false);
        let mut reader = Reader { mail: &mut mail, prefix: String::new(), part: 0, stack: Vec::new(), open: None };
        // After an empty line a message may begin; at the beginning, too.
        let (mut is_empty, mut header_at) = (true, Some(0));
        let mut last_end = 0;
        while let Some(start) = lines.next()? {
            if start == 0 && lines.line.ends_with(b"\r\n") {
                reader.mail.end = b"\r\n";
            }
            if is_empty && lines.line.starts_with(b"From ") && (start == 0 || is_box) {
                reader.close(start, 0);
                message += 1;
                is_box = true;
                reader.begin(format!("{message}/"));
                header_at = Some(lines.at);
                last_end = 0;
                is_empty = false;
                continue;
            }
            is_empty = lines.text().is_empty();
            match header_at {
                Some(from) if is_empty => {
                    if start - from <= HEADER {
                        reader.header(&mut lines, Span::new(from, start))?;
                        budget.may_hold(reader.mail.members.len() as u64)?;
                    }
                    header_at = None;
                }
                Some(_) => {}
                None => {
                    if reader.boundary(lines.text(), start, last_end) {
                        header_at = Some(lines.at);
                    }
                }
            }
            last_end = (lines.line.len() - lines.text().len()) as u64;
        }
        let end = lines.at;
        reader.close(end, 0);
        Ok(mail)
    }
}

/// What is being read.
struct Reader<'m> {
    mail: &'m mut Mail,
    /// The message, as names of members begin.
    prefix: String,
    /// The number of the part.
    part: u64,
    stack: Vec<Vec<u8>>,
    /// A part whose end is not yet found.
    open: Option<(u64, Head)>,
}

impl Reader<'_> {
    fn begin(&mut self, prefix: String) {
        (self.prefix, self.part) = (prefix, 0);
        self.stack.clear();
    }

    /// A header ended at the end of its span, and an empty line follows.
    fn header(&mut self, lines: &mut Lines<'_>, span: Span) -> Result<(), Error> {
        let body = lines.at;
        let mut header = vec![0; span.len() as usize];
        lines.reader.seek(SeekFrom::Start(span.start))?;
        lines.reader.read_exact(&mut header)?;
        lines.reader.seek(SeekFrom::Start(body))?;
        let mut head = Head::read(&header);
        if head.has_words {
            let name = if self.part == 0 && self.stack.is_empty() {
                "header".into()
            } else {
                format!("{}.header", self.part + 1)
            };
            self.mail.members.push(Member { name: format!("{}{name}", self.prefix).into_bytes(), is: Is::File });
            self.mail.places.push(Place { span, coding: Coding::Header, charset: None });
        }
        match head.boundary.take().filter(|_| head.kind.starts_with("multipart/") && self.stack.len() < DEEP) {
            Some(boundary) => self.stack.push(boundary),
            None => self.open = Some((body, head)),
        }
        Ok(())
    }

    /// Whether a line is a boundary behind which a part begins. A part that it ends is taken note of.
    fn boundary(&mut self, line: &[u8], start: u64, last_end: u64) -> bool {
        let Some(rest) = line.strip_prefix(b"--") else { return false };
        let rest = rest.trim_ascii_end();
        let is = |boundary: &Vec<u8>| rest == &boundary[..] || rest.strip_suffix(b"--") == Some(&boundary[..]);
        let Some(level) = self.stack.iter().rposition(is) else { return false };
        let begins = rest == &self.stack[level][..];
        self.close(start, last_end);
        self.stack.truncate(level + usize::from(begins));
        begins
    }

    /// Ends the part that is open at `end`, less the line's end before a boundary, which belongs to that.
    fn close(&mut self, end: u64, last_end: u64) {
        let Some((start, head)) = self.open.take() else { return };
        self.part += 1;
        if ["image/", "audio/", "video/"].iter().any(|kind| head.kind.starts_with(kind)) {
            return;
        }
        let span = Span::new(start, (end.saturating_sub(last_end)).max(start));
        let coding = match &*head.coding {
            "base64" => Some(Coding::Base64),
            "quoted-printable" => Some(Coding::Quoted),
            "" | "7bit" | "8bit" | "binary" => Some(Coding::Plain),
            _ => None,
        };
        let charset = head.charset.as_deref().filter(|label| !label.is_empty()).map(Charset::for_label);
        let ascii = head
            .charset
            .as_deref()
            .is_none_or(|l| l.eq_ignore_ascii_case("us-ascii") || l.eq_ignore_ascii_case("ascii"));
        let is = match (coding, charset) {
            (None, _) => Is::Left("is encoded in a way that is not known"),
            (_, Some(None)) if head.kind.starts_with("text/") => Is::Left("is in an encoding that is not known"),
            _ if coding != Some(Coding::Plain) && span.len() > PART => Is::Left("is too large a part of a mail"),
            _ => Is::File,
        };
        let charset = charset.flatten().filter(|charset| *charset != Charset::UTF_8 && !ascii).map(Charset::label);
        let name = format!("{}{}.{}", self.prefix, self.part, head.ending());
        self.mail.members.push(Member { name: name.into_bytes(), is });
        self.mail.places.push(Place { span, coding: coding.unwrap_or(Coding::Plain), charset });
    }
}

impl Mail {
    /// A member as it stands in the mail.
    fn raw(&self, source: &mut dyn Source, place: &Place) -> Result<Vec<u8>, Error> {
        let mut raw = vec![0; place.span.len() as usize];
        read_at(source, place.span.start, &mut raw, "a part of the mail is gone")?;
        Ok(raw)
    }
}

/// What encoded words say, a line for each run.
fn said(words: &[Words]) -> Vec<u8> {
    words.iter().flat_map(|words| [words.text.as_bytes(), b"\n"].concat()).collect()
}

/// Lines of quoted-printable, with the soft breaks that are in them.
fn quoted_lines(raw: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut start = 0;
    for feed in memchr::memchr_iter(b'\n', raw) {
        let line = &raw[start..feed];
        if !line.strip_suffix(b"\r").unwrap_or(line).ends_with(b"=") {
            lines.push(&raw[start..=feed]);
            start = feed + 1;
        }
    }
    lines.push(&raw[start..]);
    lines
}

impl Format for Mail {
    fn members(&self) -> &[Member] {
        &self.members
    }

    fn fixed(&self, source: &mut dyn Source, index: usize) -> Result<Option<&'static str>, Error> {
        let place = self.places.get(index).ok_or_else(Error::changed)?;
        if place.coding != Coding::Base64 {
            return Ok(None);
        }
        let raw = self.raw(source, place)?;
        let core = raw.trim_ascii_end();
        let content = from_base64(core);
        Ok(match base64_like(core, &content, &content) {
            Some(_) => None,
            None => Some("is broken, but encoded in a way that could not be made again"),
        })
    }

    fn charset(&self, index: usize) -> Option<&'static str> {
        self.places.get(index).and_then(|place| place.charset)
    }

    fn open<'s>(&self, source: &'s mut dyn Source, index: usize) -> Result<Box<dyn Read + 's>, Error> {
        let place = self.places.get(index).ok_or_else(Error::changed)?;
        if place.coding == Coding::Plain {
            source.seek(SeekFrom::Start(place.span.start))?;
            return Ok(Box::new(source.take(place.span.len())));
        }
        let raw = self.raw(source, place)?;
        Ok(Box::new(Cursor::new(match place.coding {
            Coding::Header => said(&words(&raw)),
            Coding::Quoted => quoted_lines(&raw).into_iter().flat_map(from_quoted).collect(),
            Coding::Base64 => from_base64(&raw),
            Coding::Plain => raw,
        })))
    }

    fn rewrite(
        &self,
        source: &mut dyn Source,
        changed: &[usize],
        renew: &mut Renew<'_>,
        out: &mut Rewriter,
    ) -> Result<(), Error> {
        let unusual = || Error::usage("has a part that could not be encoded again as it is; left as it is");
        let mut order: Vec<(u64, usize)> = Vec::new();
        for &index in changed {
            order.push((self.places.get(index).ok_or_else(Error::changed)?.span.start, index));
        }
        order.sort_unstable();
        for (_, index) in order {
            let place = &self.places[index];
            let mut fresh = renew(source, index)?;
            if place.coding == Coding::Plain {
                out.piece(place.span);
                io::copy(fresh.reader()?, out)?;
                continue;
            }
            let mut new = Vec::new();
            fresh.reader()?.read_to_end(&mut new)?;
            let raw = self.raw(source, place)?;
            match place.coding {
                Coding::Header => {
                    let old = words(&raw);
                    let new = String::from_utf8(new).map_err(|_| unusual())?;
                    let lines: Vec<&str> = new.split_terminator('\n').collect();
                    if lines.len() != old.len() {
                        return Err(unusual());
                    }
                    for (words, line) in old.iter().zip(lines).filter(|(words, line)| words.text != *line) {
                        let at = |offset: usize| place.span.start + offset as u64;
                        out.piece(Span::new(at(words.start), at(words.end))).write_all(&words.say(line, self.end))?;
                    }
                }
                Coding::Quoted => {
                    let old = quoted_lines(&raw);
                    let last = old.len() - 1;
                    let (mut at, mut rest) = (place.span.start, &new[..]);
                    for (number, old) in old.into_iter().enumerate() {
                        let span = Span::new(at, at + old.len() as u64);
                        at = span.end;
                        let said = from_quoted(old);
                        // A repair changes no line feed; a line may hold some that are encoded.
                        let feeds = memchr::memchr_iter(b'\n', &said).count();
                        let end = match feeds {
                            _ if number == last => Some(rest.len()),
                            0 => None,
                            feeds => memchr::memchr_iter(b'\n', rest).nth(feeds - 1).map(|feed| feed + 1),
                        };
                        let (line, more) = rest.split_at(end.ok_or_else(unusual)?);
                        rest = more;
                        if said != line {
                            out.piece(span).write_all(&to_quoted(line, self.end))?;
                        }
                    }
                }
                _ => {
                    let core = raw.trim_ascii_end();
                    let coded = base64_like(core, &from_base64(core), &new).ok_or_else(unusual)?;
                    out.piece(Span::new(place.span.start, place.span.start + core.len() as u64)).write_all(&coded)?;
                }
            }
        }
        Ok(())
    }
}
