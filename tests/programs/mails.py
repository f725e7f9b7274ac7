#!/usr/bin/env python3
"""A mailbox of 1,000 made-up mails in ten encodings: broken, repaired by unbake, and read again by Python's `mailbox`.

    cargo build --release && python3 tests/programs/mails.py target/release/unbake

Every mail has a subject in encoded words and a text, most an HTML part too; a third each in quoted-printable, base64 and
8bit; nine of ten are broken in text or subject (UTF-8 read as windows-1252, then written in the encoding of the mail, as far
as that has the characters; in the others the text is right). Checked: every mail that was broken reads as it was meant,
every other byte of the mailbox is the same, a second `fix` finds nothing, `undo` gives back the very bytes.
"""

import email.header
import mailbox
import os
import pathlib
import subprocess
import sys
import tempfile

PROGRAM = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "target/release/unbake").resolve()

# An encoding, and a text of its own that it can hold.
RIGHT = {
    "utf-8": "Grüße aus Évreux – die “Möwen” sind zurück, größer als nötig.",
    "iso-8859-1": "La mer s'est retirée déjà, et c'est très étrange à voir.",
    "windows-1252": "Peter’s café – “déjà vu” – costs 5 € at the naïve baker’s.",
    "iso-8859-15": "Les œufs coûtent 5 € à Évreux, c'est très cher déjà.",
    "windows-1250": "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "iso-8859-2": "Zażółć gęślą jaźń i pójdź na łąkę.",
    "windows-1251": "Съешь же ещё этих мягких французских булок.",
    "koi8-r": "Широкая электрификация южных губерний даст мощный толчок.",
    "shift_jis": "新しい写真の一覧を送ります。よろしくお願いします。",
    "gb18030": "请把新的照片发给我，谢谢你们的帮助。",
}
# The damage of these can be written in the encoding itself; in the others it is written in UTF-8.
HOLDS = {"utf-8", "windows-1252", "gb18030"}


def damage(text):
    return "".join(bytes([b]).decode("cp1252", "replace").replace("\ufffd", chr(b)) for b in text.encode("utf-8"))


def quoted(data):
    import quopri
    return quopri.encodestring(data)


def based(data):
    import base64
    return base64.encodebytes(data)


def word(text, charset, kind):
    import base64
    data = text.encode(charset)
    if kind == "b":
        return f"=?{charset}?B?{base64.b64encode(data).decode()}?="
    return f"=?{charset}?Q?" + "".join(f"={b:02X}" for b in data) + "?="


def make(number):
    """A mail, and what its subject and its text were meant to be."""
    charset = list(RIGHT)[number % len(RIGHT)]
    text = f"{RIGHT[charset]} ({number})"
    subject = RIGHT[charset].split(",")[0][:24].strip()
    broken_text, broken_subject = text, subject
    if number % 10 != 9 or charset in HOLDS:
        if charset in HOLDS or number % 3:
            charset = charset if charset in HOLDS else "utf-8"
            broken_text, broken_subject = damage(text), damage(subject)
    coding, encode = [("quoted-printable", quoted), ("base64", based), ("8bit", lambda data: data)][number // 10 % 3]
    try:
        broken_text.encode(charset), broken_subject.encode(charset)
    except UnicodeEncodeError:
        charset = "utf-8"
    body = (broken_text + "\nA right line, “as it was”.\n" if charset == "utf-8" else broken_text + "\nA plain line.\n")
    heads = [f"From sender@example.org Thu Jan  1 00:00:{number % 60:02} 2026",
             "From: Sender <sender@example.org>", f"Message-ID: <{number}@example.org>",
             f"Subject: {word(broken_subject, charset, 'bq'[number % 2])}", "MIME-Version: 1.0"]
    part = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {coding}\n\n".encode()
    if number % 4 == 0:
        out = "\n".join(heads).encode() + b"\n" + part + encode(body.encode(charset))
    else:
        html = f"<html><body><p>{broken_text}</p></body></html>\n".encode(charset)
        out = ("\n".join(heads) + f'\nContent-Type: multipart/alternative; boundary="b{number}"\n\npreamble\n').encode()
        out += f"--b{number}\n".encode() + part + encode(body.encode(charset)) + f"\n--b{number}\n".encode()
        out += part.replace(b"plain", b"html") + encode(html) + f"\n--b{number}--\nepilogue\n".encode()
    return out.rstrip(b"\n") + b"\n\n", subject, text, body


def read(path):
    """Subject, text and HTML of each mail, as Python reads them."""
    mails = []
    for mail in mailbox.mbox(path):
        subject = str(email.header.make_header(email.header.decode_header(mail["Subject"])))
        texts = []
        for part in mail.walk():
            if part.get_content_maintype() == "text":
                texts.append(part.get_payload(decode=True).decode(part.get_content_charset()))
        mails.append((subject, texts))
    return mails


def main():
    with tempfile.TemporaryDirectory() as root:
        folder = pathlib.Path(root)
        path = folder / "inbox.mbox"
        made = [make(number) for number in range(1000)]
        path.write_bytes(b"".join(mail for mail, *_ in made))
        old = path.read_bytes()

        def unbake(*args):
            env = dict(os.environ, UNBAKE_STATE_DIR=str(folder / "state"))
            return subprocess.run([PROGRAM, *args], cwd=folder, env=env, capture_output=True, text=True)

        before = read(path)
        assert len(before) == 1000
        fixed = unbake("fix", "--no-config", "-q", path.name)
        assert fixed.returncode == 0, fixed.stderr[:2000]
        after = read(path)
        counts = {"subjects": [0, 0], "texts": [0, 0], "harmed": [0, 0]}
        for (subject, texts), (old_subject, old_texts), (_, right_subject, right, _) in zip(after, before, made):
            if old_subject != right_subject:
                counts["subjects"][0] += subject == right_subject
                counts["subjects"][1] += 1
            for text, old_text in zip(texts, old_texts):
                if right not in old_text:
                    counts["texts"][0] += right in text
                    counts["texts"][1] += 1
                else:
                    counts["harmed"][0] += text != old_text
                    counts["harmed"][1] += 1
            assert len(texts) == len(old_texts)
        new = path.read_bytes()
        # What is not encoded is as it was: all lines that name addresses, boundaries and encodings.
        fields = lambda data: [line for line in data.split(b"\n") if line.startswith((b"From", b"Content-", b"--b", b"Message"))]
        assert fields(old) == fields(new)
        again = unbake("fix", "--no-config", path.name)
        assert "0 edits" in again.stderr, again.stderr[:500]
        undone = unbake("undo")
        assert undone.returncode == 0 and path.read_bytes() == old, undone.stderr
        # One by one, as files of their own.
        (folder / "one.eml").write_bytes(made[1][0].split(b"\n", 1)[1])
        assert unbake("check", "--no-config", "one.eml").returncode == 1
        for name, (good, all_) in counts.items():
            print(f"{name}: {good} of {all_}")
        assert counts["harmed"][0] == 0
        print("1,000 mails went there and back")


if __name__ == "__main__":
    main()
