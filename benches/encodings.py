#!/usr/bin/env python3
"""How often unbake tells the encoding of a file that does not say it, beside chardetng and charset-normalizer.

usage: python3 benches/encodings.py FOLDER [UNBAKE]

Takes the messages that benches/accuracy.py fetches into FOLDER, of 52 languages, encodes them in the old encodings that the
language was written in, and asks for the encoding: of each message as a file of its own, and of files of 40 messages. An answer
is right if it gives back the text, whatever it is called. Needs chardetng-py and charset-normalizer from PyPI (a column is left out
where one is missing). The same packages and the same build give the same figures.
"""
import collections, json, os, random, subprocess, sys, tempfile, time

import accuracy

LINES, FILES, PER_FILE = 40, 3, 40
LATIN1 = ["cp1252", "cp850", "mac_roman"]
LATIN2 = ["cp1250", "iso8859-2", "cp852"]
CYRILLIC = ["cp1251", "koi8-r", "cp866", "iso8859-5", "mac_cyrillic"]
BALTIC = ["cp1257", "iso8859-13"]
LANGUAGES = {
    "de": LATIN1 + ["cp437"], "fr": LATIN1 + ["cp437"], "es": LATIN1, "pt": LATIN1, "it": LATIN1, "nl": LATIN1, "sv": LATIN1,
    "da": LATIN1, "nb": LATIN1, "fi": LATIN1, "is": LATIN1[:2], "ca": LATIN1, "gl": LATIN1, "eu": LATIN1, "af": LATIN1[:1],
    "ga": LATIN1[:1], "id": LATIN1[:1], "sq": LATIN1[:1], "fo": LATIN1[:1], "br": LATIN1[:1], "oc": LATIN1[:1],
    "pl": LATIN2, "cs": LATIN2, "sk": LATIN2, "hu": LATIN2, "sl": LATIN2, "hr": LATIN2, "ro": LATIN2, "bs": LATIN2[:2],
    "tr": ["cp1254"], "az": ["cp1254"], "lt": BALTIC, "lv": BALTIC, "et": BALTIC + ["cp1252"], "mt": ["iso8859-3"],
    "ru": CYRILLIC, "bg": ["cp1251", "cp866", "iso8859-5"], "mk": ["cp1251", "iso8859-5"], "sr-ec": ["cp1251", "iso8859-5"],
    "uk": ["cp1251", "koi8-u", "mac_cyrillic"], "be": ["cp1251"],
    "el": ["cp1253", "iso8859-7"], "he": ["cp1255", "iso8859-8"], "ar": ["cp1256", "iso8859-6"], "fa": ["cp1256"], "ur": ["cp1256"],
    "th": ["cp874"], "vi": ["cp1258"], "ja": ["cp932", "euc_jp"], "ko": ["cp949"], "zh-hans": ["gb18030"], "zh-hant": ["big5"],
}
CODECS = {
    "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "x-mac-ce": "mac_latin2", "x-mac-greek": "mac_greek",
    "x-mac-turkish": "mac_turkish", "windows-874": "cp874", "shift_jis": "cp932", "shift-jis": "cp932", "euc-kr": "cp949",
    "gbk": "gb18030", "iso-8859-8-i": "iso8859-8",
}


def decoded(data, label):
    label = (label or "").lower()
    label = CODECS.get(label, label).replace("ibm", "cp")
    try:
        return data.decode(label)
    except (UnicodeError, LookupError):
        return None


def samples(lines):
    """Groups (kind, encoding) of (text, bytes)."""
    groups, rnd = collections.defaultdict(list), random.Random(7)
    for language, encodings in LANGUAGES.items():
        texts = lines.get(language, [])
        for encoding in encodings:
            whole = []
            for text in texts:
                # Vietnamese letters have their tones apart in that page.
                plain = text if encoding != "cp1258" else accuracy.unicodedata.normalize("NFD", text)
                if encoding == "cp1258":
                    plain = "".join(accuracy.unicodedata.normalize("NFC", c + m) if m in "\u0302\u0306\u031b" else c + m
                                    for c, m in pairs(plain))
                try:
                    data = plain.encode(encoding)
                except UnicodeError:
                    continue
                if not is_utf_8(data):
                    whole.append((plain, data))
            rnd.shuffle(whole)
            groups["line", encoding] += whole[:LINES]
            for i in range(FILES):
                part = whole[i * PER_FILE : (i + 1) * PER_FILE]
                if len(part) >= PER_FILE // 2:
                    groups["file", encoding].append(("\n".join(t for t, _ in part), b"\n".join(d for _, d in part)))
    return groups


def pairs(text):
    i = 0
    while i < len(text):
        mark = text[i + 1] if i + 1 < len(text) and accuracy.unicodedata.combining(text[i + 1]) else ""
        yield text[i], mark
        i += 1 + len(mark)


def is_utf_8(data):
    try:
        data.decode()
        return True
    except UnicodeError:
        return False


def by_unbake(unbake, all_data):
    with tempfile.TemporaryDirectory() as folder:
        for i, data in enumerate(all_data):
            with open(os.path.join(folder, f"{i:06}.txt"), "wb") as f:
                f.write(data)
        command = [unbake, "check", "--no-config", "--format", "jsonl", "-q", folder]
        out = subprocess.run(command, stdout=subprocess.PIPE).stdout
    answers = [None] * len(all_data)
    for line in out.splitlines():
        found = json.loads(line)
        if found["type"] == "encoding":
            label = None if found.get("mixed") else found["label"]
            answers[int(os.path.basename(found["path"])[:-4])] = (label, found.get("confidence"))
    return answers


def detectors(unbake):
    yield "unbake", lambda all_data: by_unbake(unbake, all_data)
    try:
        import chardetng_py
        yield "chardetng", lambda all_data: [(chardetng_py.detect(data), None) for data in all_data]
    except ImportError:
        pass
    try:
        from charset_normalizer import from_bytes
        best = lambda data: getattr(from_bytes(data).best(), "encoding", None)
        yield "charset-normalizer", lambda all_data: [(best(data), None) for data in all_data]
    except ImportError:
        pass


def main():
    folder, unbake = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "target/release/unbake"
    groups = samples(accuracy.fetch(folder))
    keys = sorted(groups)
    flat = [(key, text, data) for key in keys for text, data in groups[key]]
    right, answered, names = {}, {}, []
    levels, wrong = collections.Counter(), []
    for name, detect in detectors(unbake):
        start = time.process_time()
        answers = detect([data for _, _, data in flat])
        spent = time.process_time() - start
        names.append(name)
        right[name], answered[name] = collections.Counter(), collections.Counter()
        for (key, text, data), answer in zip(flat, answers):
            if not answer or not answer[0]:
                if name == "unbake":
                    wrong.append([key, None, None, text])
                continue
            good = decoded(data, answer[0]) == text
            right[name][key] += good
            answered[name][key] += 1
            if name == "unbake":
                levels[key[0], answer[1], good] += 1
                if not good:
                    wrong.append([key, answer[0], answer[1], text])
        print(f"{name}: {spent:.1f} s of this process", file=sys.stderr)
    count = {key: len(groups[key]) for key in keys}

    def cell(name, those):
        n = sum(count[key] for key in those)
        good, said = sum(right[name][key] for key in those), sum(answered[name][key] for key in those)
        return f"{100 * good / n:.1f} ({100 * (said - good) / n:.1f})"

    print("Right, and in brackets wrong, in percent; the rest is no answer.\n")
    for kind in ("line", "file"):
        rows = []
        for key in [key for key in keys if key[0] == kind]:
            rows.append([key[1], str(count[key])] + [cell(name, [key]) for name in names])
        these = [key for key in keys if key[0] == kind]
        rows.append(["all", str(sum(count[key] for key in these))] + [cell(name, these) for name in names])
        accuracy.table([kind + "s in", "number"] + names, rows)
    rows = []
    for kind in ("line", "file"):
        for level in accuracy.LEVELS:
            good, bad = levels[kind, level, True], levels[kind, level, False]
            rows.append([kind + "s", level, str(good + bad), f"{100 * good / max(1, good + bad):.2f} %"])
    accuracy.table(["unbake", "level", "answers", "right"], rows)
    if os.environ.get("WRONG"):
        with open(os.environ["WRONG"], "w") as f:
            for entry in wrong:
                f.write(json.dumps(entry, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
