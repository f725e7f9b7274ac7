//! Mails and mailboxes: parts and headers are judged as what they stand for, and encoded as they were.

use crate::boxes::{Item, zip};
use crate::support::{BROKEN, Place, RIGHT};

/// Quoted-printable with every byte outside ASCII spelled out.
fn quoted(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii() && b != b'=' { char::from(b).to_string() } else { format!("={b:02X}") })
        .collect()
}

/// Base64 in lines of 20.
fn base64(bytes: &[u8], end: &str) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for (n, three) in bytes.chunks(3).enumerate() {
        let word = three.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        if n > 0 && n % 5 == 0 {
            out.push_str(end);
        }
        for place in 0..4 {
            let digit = DIGITS[(word >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= three.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

/// A message with all that a message can have; lines end with `end`.
fn message(text: &str, end: &str) -> String {
    let subject: String = quoted(text).replace(' ', "_");
    let lines = [
        "From: A <a@example.org>",
        &format!("Subject: =?utf-8?Q?{subject}?="),
        "Content-Type: multipart/mixed;",
        "\tboundary=\"outer b\"",
        "",
        "--nothing yet",
        "--outer b",
        "Content-Type: multipart/alternative; boundary=inner",
        "",
        "--inner",
        "Content-Type: text/plain; charset=\"utf-8\"",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "a soft =",
        "break =C3=A9 here",
        &quoted(text),
        "the =3D last",
        "--inner",
        "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: BASE64",
        "",
        &base64(format!("<p>{text}</p>\n").as_bytes(), end),
        "--inner--",
        "",
        "--outer b",
        "Content-Type: text/plain",
        "Content-Transfer-Encoding: 8bit",
        "",
        text,
        "--outer b",
        "Content-Type: application/zip; name=\"in.zip\"",
        "Content-Transfer-Encoding: base64",
        "",
        &base64(&zip(&[Item { deflate: false, ..Item::new("a.txt", text) }]), end),
        "--outer b--",
        "epilogue",
        "",
    ];
    lines.join(end)
}

#[test]
fn parts_and_headers() {
    for end in ["\n", "\r\n"] {
        let place = Place::new();
        place.write("a.eml", message(BROKEN, end));
        let ran = place.run(&["check"]);
        let members: Vec<_> =
            ran.text().lines().map(|line| line.split(": ").next().unwrap_or_default().to_owned()).collect();
        let right =
            ["header:1:6", "1.txt:2:6", "2.html:1:9", "3.txt:1:6", "4.zip!/a.txt:1:6"].map(|m| format!("a.eml!/{m}"));
        assert_eq!(members, right, "{}", ran.err);
        assert_eq!(place.run(&["fix"]).status, 0);
        assert_eq!(String::from_utf8(place.read("a.eml")).expect("text"), message(RIGHT, end));
        assert_eq!(place.run(&["undo"]).status, 0);
        assert_eq!(place.read("a.eml"), message(BROKEN, end).into_bytes());
    }
}

#[test]
fn a_mailbox_is_many() {
    let place = Place::new();
    let of = |text: &str| {
        let one = message(text, "\n");
        format!("From a b c\n{one}\nFrom d e f\nSubject: plain\n\n>From me\nFrom here it is text\n\nFrom g h i\n{one}")
    };
    place.write("inbox.mbox", of(BROKEN));
    let ran = place.run(&["check"]);
    assert_eq!(ran.text().lines().count(), 10, "{}", ran.text());
    assert!(ran.text().contains("inbox.mbox!/1/header:1:6") && ran.text().contains("inbox.mbox!/3/4.zip!/a.txt:1:6"));
    assert_eq!(place.run(&["fix"]).status, 0);
    assert_eq!(String::from_utf8(place.read("inbox.mbox")).expect("text"), of(RIGHT));
    // Mailboxes often have no ending; then they are known when they are named.
    place.write("Inbox", of(BROKEN));
    assert!(place.run(&["check", "Inbox"]).text().contains("Inbox!/1/1.txt:"));
}

#[test]
fn each_part_is_in_its_own_encoding() {
    let place = Place::new();
    // What is in UTF-8 and says that it is windows-1252 is read so by every program.
    let of = |label: &str, bytes: &[u8]| {
        [b"Subject: x\nContent-Type: text/plain; charset=", label.as_bytes(), b"\n\n", bytes].concat()
    };
    let text = "Peter’s café – “déjà vu”\n";
    place.write("a.eml", of("windows-1252", text.as_bytes()));
    assert_eq!(place.run(&["fix"]).status, 0);
    assert_eq!(place.read("a.eml"), of("windows-1252", b"Peter\x92s caf\xE9 \x96 \x93d\xE9j\xE0 vu\x94\n"));
    assert_eq!(place.run(&["check"]).status, 0);
    // What is right is left, and what nobody knows is named.
    place.write("a.eml", of("koi8-r", b"\xF0\xD2\xC9\xD7\xC5\xD4\n"));
    assert_eq!(place.run(&["check"]).status, 0);
    place.write("a.eml", of("x-nobody-knows", BROKEN.as_bytes()));
    let ran = place.run(&["check"]);
    assert!(ran.err.contains("a.eml!/1.txt: is in an encoding that is not known"), "{}", ran.err);
}

/// Base64 that could not be made again byte for byte stays, and the rest goes on.
#[test]
fn what_cannot_be_made_again_is_left() {
    let place = Place::new();
    let odd = message(BROKEN, "\n").replacen("PHA+", "PH A+", 1);
    place.write("a.eml", &odd);
    let ran = place.run(&["fix"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(
        ran.err.contains("a.eml!/2.html: is broken, but encoded in a way that could not be made again"),
        "{}",
        ran.err
    );
    let new = String::from_utf8(place.read("a.eml")).expect("text");
    assert!(new.contains("PH A+") && new.contains(RIGHT) && !new.contains(BROKEN));
}

#[test]
fn a_header_may_have_bare_text_beside_encoded_words() {
    let place = Place::new();
    let of = |text: &str| {
        let said = quoted(text).replace(' ', "_");
        format!(
            "From: {text} <a@example.org>\r\nSubject: =?utf-8?Q?{said}?= {text}\r\n\t{text}\r\nX: y\r\n\r\nhello\r\n"
        )
    };
    place.write("a.eml", of(BROKEN));
    assert_eq!(place.run(&["check"]).text().lines().count(), 4, "{}", place.run(&["check"]).text());
    assert_eq!(place.run(&["fix"]).status, 0);
    assert_eq!(String::from_utf8(place.read("a.eml")).expect("text"), of(RIGHT));
}

/// Japanese mail, header and body in ISO-2022-JP; the body also where nothing says so.
#[test]
fn mail_in_iso_2022_jp_is_read_and_kept_in_it() {
    let place = Place::new();
    let text = |bytes: &[u8]| [b"\x1B$BEtBf\x1B(B It", bytes, b" hat\n"].concat();
    // unbake: ignore-next-line
    let (broken, right) = (text(b"\x1B$Bc`QT\x1B(B"), text(b"\x1B$B!G\x1B(Bs\x1B(B"));
    for stated in ["; charset=iso-2022-jp", ""] {
        let of = |body: &[u8]| {
            // The words of a header are written anew as a whole.
            let whole = String::from_utf8_lossy(body).replace("s\u{1B}(B", "s");
            let subject = base64(whole.trim_ascii_end().as_bytes(), "");
            let head = format!("Subject: =?ISO-2022-JP?B?{subject}?=\nContent-Type: text/plain{stated}\n\n");
            [head.as_bytes(), body].concat()
        };
        place.write("a.eml", of(&broken));
        let ran = place.run(&["check", "-q"]);
        let places: Vec<_> = ran.text().lines().filter_map(|line| Some(line.split_once(": ")?.0.to_owned())).collect();
        let notes = if stated.is_empty() { &["a.eml!/1.txt"][..] } else { &[] };
        let expected = [&["a.eml!/header:1:6"], notes, &["a.eml!/1.txt:1:6"]].concat();
        assert_eq!(places, expected, "{}", ran.text());
        assert_eq!(place.run(&["fix", "-q", "--to", "utf-8"]).status, 0);
        assert_eq!(place.read("a.eml"), of(&right), "{stated}");
    }
}
