#!/usr/bin/env python3
"""Rebuilds letters.txt: which letters outside ASCII each language is written with.

usage: python3 data/letters/rebuild.py [FOLDER]

Gets the npm package cldr-misc-full (Unicode CLDR, licence Unicode-3.0) with `npm pack`, into FOLDER or a temporary one, and
takes the exemplar characters of each locale. Where a language has no letters of its own outside ASCII the auxiliary ones
count, which stand in its loan words. Capitals are added. A language that is written with thousands of characters gets
the names of its scripts instead.
"""
import glob, json, os, re, subprocess, sys, tarfile, tempfile

VERSION = "48.2.0"
LARGE = {"zh": "Hani Bopo", "yue": "Hani Bopo", "ja": "Hani Hira Kana", "ko": "Hang", "nan": "Hani Bopo", "lzh": "Hani",
         "cmn": "Hani Bopo", "gan": "Hani", "hak": "Hani", "wuu": "Hani", "ii": None}


def expand(exemplars):
    """The single characters of a CLDR set such as [aáà {ch} č-ž \\u0301]."""
    body = exemplars.strip()[1:-1]
    body = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda m: chr(int(m[1], 16)), body)
    body = re.sub(r"\{([^}]*)\}", lambda m: m[1], body).replace("\\", "")
    out, chars = set(), [c for c in body if c != " "]
    for i, c in enumerate(chars):
        if c == "-" and 0 < i < len(chars) - 1:
            out.update(map(chr, range(ord(chars[i - 1]), ord(chars[i + 1]) + 1)))
        else:
            out.add(c)
    return out


def letters(chars):
    both = set()
    for c in chars:
        both.update(x for x in (c, c.upper(), c.lower(), c.title()) if len(x) == 1)
    return sorted(ord(c) for c in both if ord(c) > 0x7F and (c.isalpha() or not c.isalnum() and c.isprintable()))


def ranges(points):
    out = []
    for p in points:
        if out and out[-1][1] == p - 1:
            out[-1][1] = p
        else:
            out.append([p, p])
    return " ".join(f"{a:04X}" if a == b else f"{a:04X}-{b:04X}" for a, b in out)


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp()
    os.makedirs(folder, exist_ok=True)
    archive = f"{folder}/cldr-misc-full-{VERSION}.tgz"
    if not os.path.exists(archive):
        subprocess.run(["npm", "pack", f"cldr-misc-full@{VERSION}"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    found = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            match = re.fullmatch(r"package/main/([A-Za-z]+(?:-[A-Z][a-z]{3})?)/characters\.json", member.name)
            if not match:
                continue
            (locale,) = json.load(tar.extractfile(member))["main"].values()
            code, sets = match[1], locale["characters"]
            base = code.split("-")[0]
            if base in LARGE:
                if LARGE[base] and code == base:
                    found[code] = LARGE[base]
                continue
            own = letters(expand(sets["exemplarCharacters"]))
            if not any(chr(p).isalpha() for p in own):
                own = letters(expand(sets["exemplarCharacters"]) | expand(sets.get("auxiliary", "[]")))
            found[code] = ranges(own)
    found.pop("und", None)
    found.setdefault("tl", found["fil"])
    here = os.path.dirname(os.path.abspath(__file__))
    with open(f"{here}/letters.txt", "w") as out:
        out.write("# Language, then its letters outside ASCII: code points, ranges of them, or a whole script. Made by rebuild.py.\n")
        out.write(f"# Source: Unicode CLDR, npm cldr-misc-full {VERSION}, exemplar characters. Licence: Unicode-3.0.\n")
        for code in sorted(found):
            out.write(f"{code}: {found[code]}".rstrip() + "\n")


main()
