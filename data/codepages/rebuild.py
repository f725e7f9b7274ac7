#!/usr/bin/env python3
"""Rebuilds the tables of this folder out of Python's own codecs, and two out of iconv's, which has pages that Python lacks.

usage: python3 data/codepages/rebuild.py [--check]

A table is the upper half of a code page: 8 rows of 16 code points, `....` for a byte that the page leaves undefined.
Only pages that pages.txt lists as `table` have one; those of the WHATWG standard come from the crate encoding_rs when
unbake is built. --check writes nothing and tells which tables differ. Made with Python 3.11 and the iconv of glibc 2.36.
"""
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent

# Labels whose codec Python knows by another name; ibmNNN is cpNNN.
CODECS = {
    "iso-8859-1": "latin-1",
    "iso-8859-9": "iso8859-9",
    "iso-8859-11": "iso8859-11",
    "koi8-u-rfc2319": "koi8-u",
    "x-mac-ce": "mac-latin2",
    "x-mac-greek": "mac-greek",
    "x-mac-turkish": "mac-turkish",
    "x-mac-icelandic": "mac-iceland",
}

# Labels that only iconv knows.
ICONV = {"tcvn5712-1", "viscii"}


def decoded(byte, label):
    if label not in ICONV:
        codec = CODECS.get(label) or label.replace("ibm", "cp")
        return bytes([byte]).decode(codec, "replace")
    # A letter after it, for iconv joins letters with the marks that follow.
    command = ["iconv", "-f", label, "-t", "utf-8"]
    done = subprocess.run(command, input=bytes([byte]) + b"x", stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()[:-1]


def table(label):
    cells = []
    for byte in range(0x80, 0x100):
        c = decoded(byte, label)
        cells.append("...." if c == "\ufffd" else f"{ord(c):04X}")
    return "".join(f"{0x80 + i:02X}  {' '.join(cells[i:i + 16])}\n" for i in range(0, 128, 16))


# EBCDIC, all 256 bytes. IBM1047, which Python does not have, is IBM037 with six characters in other places, as glibc
# and IBM's registry have it.
EBCDIC_1047 = {0x5F: "^", 0xB0: "\u00ac", 0xAD: "[", 0xBD: "]", 0xBA: "\u00dd", 0xBB: "\u00a8"}


def ebcdic(label):
    codec = {"ibm500": "cp500"}.get(label, "cp037")
    cells = [f"{ord(bytes([byte]).decode(codec)):04X}" for byte in range(256)]
    if label == "ibm1047":
        for byte, c in EBCDIC_1047.items():
            cells[byte] = f"{ord(c):04X}"
    return "".join(f"{i:02X}  {' '.join(cells[i:i + 16])}\n" for i in range(0, 256, 16))


def windows_950():
    """Where Python's cp950 has kana, Cyrillic letters and numbers, and the WHATWG standard's Big5 others: C6A1 to C7FC."""
    rows = []
    for lead in (0xC6, 0xC7):
        # C640 to C67E are the same in both.
        for first in (() if lead == 0xC6 else (0x40, 0x50, 0x60, 0x70)) + (0xA1, 0xB0, 0xC0, 0xD0, 0xE0, 0xF0):
            codes = [bytes([lead, trail]) for trail in range(first, min((first | 0xF) + 1, 0xFF)) if trail != 0x7F]
            cells = ["...." if c == "\ufffd" else f"{ord(c):04X}" for c in (code.decode("cp950", "replace")[0] for code in codes)]
            rows.append(f"{lead:02X}{first:02X}  {' '.join(cells)}\n")
    return "".join(rows)


def main():
    differ = []
    path = HERE / "multi" / "windows-950.txt"
    if not path.exists() or path.read_text(encoding="utf-8") != windows_950():
        differ.append(path.name)
        if "--check" not in sys.argv:
            path.write_text(windows_950(), encoding="utf-8")
    for label in ("ibm037", "ibm500", "ibm1047"):
        path, text = HERE / "ebcdic" / f"{label}.txt", ebcdic(label)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            differ.append(path.name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    for line in (HERE / "pages.txt").read_text(encoding="utf-8").splitlines():
        words = line.split()
        if line.startswith("#") or len(words) < 2 or words[1] != "table":
            continue
        path, text = HERE / f"{words[0]}.txt", table(words[0])
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            differ.append(path.name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    print(" ".join(differ) or "nothing differs")
    return 1 if differ and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
