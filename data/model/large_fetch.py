#!/usr/bin/env python3
"""Gathers more text in Chinese, Japanese and Korean, of the kind that programmers write: comments, messages, manuals.

usage: python3 data/model/large_fetch.py OUTDIR [--no-download]

Reads the packages to take from large-sources.txt beside this script, downloads each by name with the ordinary clients
(apt-get download, npm pack) into OUTDIR/large/pkg, installs nothing, and writes OUTDIR/large/LANG.txt: distinct lines. Which
language a line is in is told by its script; of Chinese, the path says whether it is traditional. `large.py` counts them.
"""
import glob, html, io, json, os, re, subprocess, sys, tarfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE_CAP = 4_000_000  # bytes of text per language and package
BLOCK = re.compile(r"</?(?:p|div|li|td|th|tr|h\d|pre|br|dt|dd|ul|ol|table|section|title)\b[^>]*>", re.I)
STRING = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\\n]|\\.)*)`")
LEADER = re.compile(r"^[\s/*#;!<>=|+-]+|[\s*/=<>|-]+$")
CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
# White space where a line of Chinese or Japanese was broken.
BROKEN = re.compile(rf"(?<=[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef])\s+(?=[\u3000-\u30ff\u3400-\u9fff])")


def language(line, path):
    if re.search("[\uac00-\ud7a3]", line):
        return "ko"
    if re.search("[\u3041-\u30ff]", line):
        return "ja"
    if re.search("[\u4e00-\u9fff]", line):
        return "zh-tw" if re.search("zh[-_](tw|hant|hk)", path, re.I) else "zh-cn"
    return None


def unescape(text):
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
    return re.sub(r"\\[nrt]", "\n", text).replace("\\", "")


def lines(path, text):
    """The lines of a page, the strings of a table, or those and the comments of a program."""
    if re.search(r"\.html?$", path):
        text = re.sub(r"(?s)<(script|style)\b.*?</\1>", "", text).replace("\n", " ")
        yield from html.unescape(re.sub(r"<[^>]+>", "", BLOCK.sub("\n", text))).split("\n")
        return
    is_code = re.search(r"\.(json|jsx?|[cm]?ts|vue)$", path)
    for line in text.split("\n"):
        strings = [a or b or c for a, b, c in STRING.findall(line)] if is_code else []
        strings = [s for s in strings if re.search(rf"[{CJK}]", unescape(s))]
        if strings:
            for string in strings:
                yield from unescape(string).split("\n")
        else:
            yield LEADER.sub("", re.sub(r"^.*?(//|/\*)(?=[^/])", "", line) if is_code else line)


def files(archive):
    """Path and text of each file of a package."""
    if archive.endswith(".deb"):
        data = subprocess.run(["dpkg-deb", "--fsys-tarfile", archive], stdout=subprocess.PIPE, check=True).stdout
    else:
        with open(archive, "rb") as f:
            data = f.read()
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for member in tar:
            if member.isfile() and re.search(r"\.(html?|txt|md|json|jsx?|[cm]?ts|vue)$", member.name):
                try:
                    yield member.name, tar.extractfile(member).read().decode("utf-8")
                except UnicodeDecodeError:
                    pass


def download(rows, folder):
    for registry, name, version in rows:
        where = os.path.join(folder, name.strip("@").replace("/", "-"))
        if os.path.isdir(where):
            continue
        os.makedirs(where)
        command = ["npm", "pack", "-s", f"{name}@{version}"] if registry == "npm" else ["apt-get", "download", name]
        subprocess.run(command, cwd=where, stdout=subprocess.DEVNULL, check=True)


def main():
    out = os.path.join(os.path.abspath(sys.argv[1]), "large")
    with open(os.path.join(HERE, "large-sources.txt"), encoding="utf-8") as f:
        rows = [line.split(" | ")[:3] for line in f if line.strip() and line[0] != "#"]
    if "--no-download" not in sys.argv:
        download(rows, os.path.join(out, "pkg"))
    found = {}
    for _, name, _ in rows:
        size = {}
        for archive in sorted(glob.glob(os.path.join(out, "pkg", name.strip("@").replace("/", "-"), "*"))):
            for path, text in files(archive):
                for line in lines(path, text):
                    line = BROKEN.sub("", " ".join(line.split()))
                    lang = language(line, name + path) if 2 <= len(line) <= 600 and "\ufffd" not in line else None
                    if lang and line not in found.setdefault(lang, {}) and size.get(lang, 0) < SOURCE_CAP:
                        found[lang][line] = None
                        size[lang] = size.get(lang, 0) + len(line.encode())
        print(name, ", ".join(f"{lang} {n // 1000} kB" for lang, n in sorted(size.items())), flush=True)
    for lang, of in found.items():
        with open(os.path.join(out, lang + ".txt"), "w", encoding="utf-8") as f:
            f.writelines(line + "\n" for line in of)


main()
