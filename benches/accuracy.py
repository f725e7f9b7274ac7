#!/usr/bin/env python3
"""How often unbake is right, and how often it takes right text for broken: the tables of the README.

usage: python3 benches/accuracy.py FOLDER [UNBAKE]

Fetches one Debian package that the letter model has never seen (mediawiki: interface messages in some 400 languages) into
FOLDER, takes up to 200 messages a language that are not all ASCII, and lets UNBAKE (default: target/release/unbake) judge
them, as they are and written otherwise, then after they were damaged in the ways listed below, at each level of
confidence; and last with U+FFFD in place of each letter outside ASCII. Needs Python 3.9, apt-get with current package
lists, and dpkg; installs nothing. The same package and the same build give the same figures.
"""
import collections, glob, json, os, random, re, subprocess, sys, unicodedata

PER_LANGUAGE, PER_CHAIN = 200, 2000
LEVELS = ["certain", "likely", "possible"]
U = "utf-8"
KINDS = {
    "UTF-8 as windows-1252 or ISO-8859-1": [[(U, "cp1252")], [(U, "latin-1")]],
    "UTF-8 as another single-byte page": [[(U, p)] for p in ("cp1250", "cp1251", "cp437", "cp850", "mac_roman", "koi8-r", "cp866", "iso-8859-2")],
    "UTF-8, two layers": [[(U, "cp1252")] * 2, [(U, "latin-1")] * 2, [(U, "cp1251"), (U, "cp1252")]],
    "UTF-8 as a multi-byte page": [[(U, p)] for p in ("gb18030", "cp932", "cp949", "big5", "euc_jp")],
    "UTF-8 as a multi-byte page, bytes lost": [[(U, p + "!")] for p in ("gbk", "cp932", "cp949")],
    "Cyrillic, Greek, Hebrew, Arabic, Thai as windows-1252": [[(p, "cp1252")] for p in ("cp1251", "koi8-r", "cp1253", "cp1255", "cp1256", "cp874")],
    "Chinese, Japanese, Korean as windows-1252": [[(p, "cp1252")] for p in ("gbk", "cp932", "euc_jp", "cp949", "big5")],
    "one Cyrillic page as another": [[("koi8-r", "cp1251")], [("cp1251", "koi8-r")], [("cp866", "cp1251")], [("cp1251", "cp866")]],
    "one Latin page as another": [[("cp1250", "cp1252")], [("mac_roman", "cp1252")], [("cp850", "cp1252")], [("cp1252", "cp437")]],
}


def fetch(folder):
    root = os.path.join(folder, "mediawiki")
    if not os.path.isdir(root):
        os.makedirs(folder, exist_ok=True)
        subprocess.run(["apt-get", "download", "mediawiki"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        package = glob.glob(os.path.join(glob.escape(folder), "mediawiki_*.deb"))[0]
        subprocess.run(["dpkg", "-x", package, root], check=True)
        os.remove(package)
    lines, rnd = {}, random.Random(1)
    for path in sorted(glob.glob(os.path.join(glob.escape(root), "usr/share/mediawiki/languages/i18n/*.json"))):
        with open(path, encoding="utf-8") as f:
            texts = {unicodedata.normalize("NFC", t).replace("\n", " ") for k, t in json.load(f).items() if k[0] != "@"}
        texts = sorted(t for t in texts if not t.isascii() and 8 <= len(t) <= 300)
        if len(texts) >= 20:
            lines[os.path.basename(path)[:-5]] = rnd.sample(texts, min(PER_LANGUAGE, len(texts)))
    return lines


def repaired(unbake, texts, level):
    data = "".join(json.dumps({"text": t}, ensure_ascii=False) + "\n" for t in texts).encode()
    command = [unbake, "pipe", "--jsonl", "--no-config", "--min-confidence", level]
    done = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True)
    return [json.loads(line)["text"] for line in done.stdout.splitlines()]


def damaged(text, chain):
    try:
        for encoding, read in chain:
            raw = text.encode(encoding)
            text = raw.decode(read[:-1], "replace") if read[-1] == "!" else raw.decode(read)
    except (UnicodeError, LookupError):
        return None
    return text


def table(head, rows):
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


# What stands around a word in typographic text.
MARKS = [("“", "”"), ("‘", "’"), ("«", "»"), ("»", "«"), ("„", "“"), ("‹", "›"), ("", "—"), ("—", ""), ("", "…"), ("", "’s")]


def marked(text, rnd):
    """With such marks around one of its words, if it can be one that ends with a letter outside ASCII."""
    words = [m for m in re.finditer(r"[^\W\d_]+", text) if not m.group().isascii()]
    words = [m for m in words if not m.group()[-1].isascii()] or words
    if not words:
        return text
    word, (before, after) = rnd.choice(words), rnd.choice(MARKS)
    return text[:word.start()] + before + word.group() + after + text[word.end():]


def hyphenated(text, rnd):
    """With a soft hyphen between every third pair of letters, roughly."""
    return re.sub(r"(?<=[^\W\d_])(?=[^\W\d_])", lambda _: "\u00ad" if rnd.random() < 0.3 else "", text)


# Right text that is written otherwise.
WAYS = {
    "a word in quotation marks, or beside a dash or an ellipsis": marked,
    "soft hyphens in words": hyphenated,
    "a no-break space after each word of one or two letters": lambda text, _: re.sub(r"\b(\w{1,2}) ", "\\1\u00a0", text),
    "small letters": lambda text, _: text.lower(),
    "capitals": lambda text, _: text.upper(),
    "form D of Unicode": lambda text, _: unicodedata.normalize("NFD", text),
}


def otherwise(unbake, texts):
    """How many right lines are changed that are written otherwise."""
    rows = []
    for way, write in WAYS.items():
        rnd = random.Random(3)
        written = [write(text, rnd) for text in texts]
        cells = [sum(out != t for t, out in zip(written, repaired(unbake, written, level))) for level in LEVELS]
        rows.append([way, *map(str, cells)])
    table(["right lines with", *(f"changed at `{level}`" for level in LEVELS)], rows)


# Of which lost letters are counted one by one; the others together.
LOST = {"German": "de", "French": "fr", "Spanish": "es", "Portuguese": "pt", "Italian": "it", "Polish": "pl", "Turkish": "tr"}


def lost(unbake, lines):
    """What comes back of letters that became U+FFFD, in Latin script, at `likely` and at `possible`."""
    def is_latin(c):
        return not c.isalpha() or ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x1F00
    names = {code: name for name, code in LOST.items()}
    counts = collections.defaultdict(collections.Counter)
    right = [(names.get(language, "all others"), t) for language in lines for t in lines[language] if all(map(is_latin, t))]
    broken = ["".join("\ufffd" if c.isalpha() and not c.isascii() else c for c in t) for _, t in right]
    for level in ("likely", "possible"):
        for (name, t), b, out in zip(right, broken, repaired(unbake, broken, level)):
            counts[name]["lost"] += b.count("\ufffd") if level == "likely" else 0
            for was, mark, now in zip(t, b, out if len(out) == len(t) else b):
                if mark == "\ufffd" != now:
                    counts[name][level, was == now] += 1
    rows = []
    for name in [*LOST, "all others"]:
        n = counts[name]
        share = [f"{100 * n[level, True] / max(1, n['lost']):.1f} %" for level in ("likely", "possible")]
        rows.append([name, f"{n['lost']:,}", share[0], str(n["likely", False]), share[1], str(n["possible", False])])
    table(["language", "letters lost", "right at `likely`", "wrong", "right at `possible`", "wrong"], rows)


def main():
    folder, unbake = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "target/release/unbake"
    lines = fetch(folder)
    everything = [(language, text) for language in lines for text in lines[language]]
    texts = [text for _, text in everything]
    wrong = {level: collections.Counter() for level in LEVELS}
    for level in LEVELS:
        for (language, text), out in zip(everything, repaired(unbake, texts, level)):
            if out != text:
                wrong[level][language] += 1
                print(f"changed at {level}: {language}: {text!r} -> {out!r}", file=sys.stderr)
    print(f"{len(texts)} right lines in {len(lines)} languages\n")
    table(["level", "lines changed", "languages"],
          [[level, str(sum(wrong[level].values())), ", ".join(f"{l} {n}" for l, n in wrong[level].most_common(8)) or "none"] for level in LEVELS])

    otherwise(unbake, texts)

    rows = []
    for kind, chains in KINDS.items():
        pairs, rnd = [], random.Random(2)
        for chain in chains:
            mine = [(t, d) for t in texts for d in [damaged(t, chain)] if d is not None and d != t and "\x00" not in d]
            pairs += rnd.sample(mine, min(PER_CHAIN, len(mine)))
        cells, before = [kind, str(len(pairs))], 0
        for level in LEVELS:
            outs = repaired(unbake, [d for _, d in pairs], level)
            changed = sum(o != d for (_, d), o in zip(pairs, outs))
            exact = sum(unicodedata.normalize("NFC", o) == t for (t, _), o in zip(pairs, outs))
            cells += [f"{100 * exact / len(pairs):.1f} %", f"{100 * exact / changed:.2f} %" if changed else "–"]
        rows.append(cells)
    table(["what happened", "lines"] + [c for level in LEVELS for c in (f"put right at `{level}`", "of those changed")], rows)
    lost(unbake, lines)


if __name__ == "__main__":
    main()
