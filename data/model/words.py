#!/usr/bin/env python3
"""Lists the common words of each language written in Latin or Cyrillic letters.

usage: python3 data/model/words.py CORPUS

Reads CORPUS/text/LANG.txt as fetch.py leaves it and writes words.txt beside this script: for each language its code after a
`#`, then its words in lower case, in order. A word is listed if it has a letter outside ASCII, or ’ inside; the commonest
are taken, as many as MOST and ONCE say. Words with letters that are rare in their language are left out: they are foreign,
or broken.
"""
import collections, os, re, sys, textwrap, unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
LEAST = 200_000        # bytes of text; a language with less is left out
RARE = 5e-5            # a letter that is rarer is not one of the language
MOST = 16_000          # words of a language
ONCE = 16_000          # words that were met in one line only are taken up to this many
LONGEST = 24
# No page of these has all its letters precomposed, so what words they share with one are not in it.
WITHOUT = {"vi"}
# The pages that a text can have been in (`src/codec/confusions.rs`): what none of them can write is never looked for.
PAGES = "cp1252 mac_roman cp437 cp850 cp1250 iso8859_2 cp1254 cp1257 iso8859_13 cp852 mac_latin2 mac_turkish \
         cp1251 koi8_r koi8_u cp866 iso8859_5 mac_cyrillic".split()
# Romanian was written with a cedilla where it is written with a comma now.
FORMER = str.maketrans("șțȘȚ", "şţŞŢ")
WORD = re.compile(r"[^\W\d_]+(?:[’'ʼ‘][^\W\d_]+)*")


def script(c):
    name = unicodedata.name(c, "")
    return "latin" if name.startswith("LATIN") else "cyrillic" if name.startswith("CYRILLIC") else "other"


def repertoires():
    return [{c.lower() for c in bytes(range(256)).decode(page, "ignore")} | {"’"} for page in PAGES]


def count(path):
    words, letters = collections.Counter(), collections.Counter()
    with open(path, encoding="utf-8") as f:
        for line in f:
            found = [re.sub("['ʼ‘]", "’", w.lower()) for w in WORD.findall(unicodedata.normalize("NFC", line).translate(FORMER))]
            words.update(set(found))
            for word in found:
                letters.update(word)
    return words, letters


def main():
    corpus, pages = sys.argv[1], repertoires()
    with open(os.path.join(HERE, "words.txt"), "w", encoding="utf-8") as out:
        for name in sorted(os.listdir(os.path.join(corpus, "text"))):
            path, code = os.path.join(corpus, "text", name), name[:-4]
            if os.path.getsize(path) < LEAST or code.split("-")[0] in WITHOUT:
                continue
            words, letters = count(path)
            total, home = sum(letters.values()), collections.Counter()
            for c, k in letters.items():
                home[script(c)] += k
            home = home.most_common(1)[0][0]
            if home == "other":
                continue
            own = {c for c, k in letters.items() if script(c) == home and k >= RARE * total} | {"’"}
            fits = lambda w: not w.isascii() and 1 < len(w) <= LONGEST and set(w) <= own | set("abcdefghijklmnopqrstuvwxyz")
            # Of `l’été` each part counts by itself; as a whole only what has no other letter outside ASCII.
            parts = collections.Counter()
            for word, k in words.items():
                for part in [word] if word.replace("’", "").isascii() else word.split("’"):
                    if fits(part):
                        parts[part] += k
            order = sorted(parts.items(), key=lambda x: (-x[1], x[0]))
            order = [(w, k) for w, k in order if any(page.issuperset(w) for page in pages)]
            best = [w for at, (w, k) in enumerate(order) if at < (MOST if k > 1 else ONCE)]
            if best:
                print("#", code, file=out)
                print("\n".join(textwrap.wrap(" ".join(sorted(best)), 120, break_long_words=False, break_on_hyphens=False)), file=out)


main()
