#!/usr/bin/env python3
"""Lists the common words of each language written in Latin or Cyrillic letters.

usage: python3 data/model/words.py CORPUS

Reads CORPUS/text/LANG.txt and CORPUS/words/LANG.txt as fetch.py leaves them and writes words.txt beside this script: for each
language its code after a `#`, then its words in lower case, in order. A word is listed if it has a letter outside ASCII, or ’
inside. Interface text and the frequencies of `wordfreq`, where it has the language, count alike; the commonest are taken, as
many as MOST and SHARE say. Words with letters that are rare in their language are left out: they are foreign, or broken.
What stood in words.txt before and is not met any more counts as met once: no corpus has all the packages that were counted.
"""
import collections, os, sys, textwrap, unicodedata

from frequent import FORMER, WORD, listed, own_words, parts

HERE = os.path.dirname(os.path.abspath(__file__))
LEAST = 200_000        # bytes of text; a language with less is left out
RARE = 5e-5            # a letter that is rarer is not one of the language
MOST = 16_000          # words of a language
SHARE = 1.75e-6        # a word that is rarer is left out
LINES = 200_000        # what is met once is not taken to be commoner than one word in so many
LONGEST = 24
# No page of these has all its letters precomposed, so what words they share with one are not in it.
WITHOUT = {"vi"}
# The pages that a text can have been in (`src/codec/confusions.rs`): what none of them can write is never looked for.
PAGES = "cp1252 mac_roman cp437 cp850 cp1250 iso8859_2 cp1254 cp1257 iso8859_13 cp852 mac_latin2 mac_turkish \
         cp1251 koi8_r koi8_u cp866 iso8859_5 mac_cyrillic".split()


def script(c):
    name = unicodedata.name(c, "")
    return "latin" if name.startswith("LATIN") else "cyrillic" if name.startswith("CYRILLIC") else "other"


def repertoires():
    return [{c.lower() for c in bytes(range(256)).decode(page, "ignore")} | {"’"} for page in PAGES]


def count(path):
    """In how many lines each word is met, and how often each letter."""
    words, letters = collections.Counter(), collections.Counter()
    with open(path, encoding="utf-8") as f:
        for line in f:
            found = WORD.findall(unicodedata.normalize("NFC", line).translate(FORMER))
            words.update({part for word in found for part in parts(word)})
            for word in found:
                letters.update(word.lower())
    return words, letters


def own_letters(letters):
    """Those of a language's own script that are not rare in it; none if that is neither Latin nor Cyrillic."""
    home = collections.Counter()
    for c, k in letters.items():
        home[script(c)] += k
    home = home.most_common(1)[0][0]
    return {c for c, k in letters.items() if script(c) == home != "other" and k >= RARE * sum(letters.values())}


def common(path, frequencies, former):
    """The commonest words of a language, of those that are listed."""
    words, letters = count(path)
    own = own_letters(letters)
    if not own:
        return []
    own |= set("abcdefghijklmnopqrstuvwxyz’")
    shares = collections.Counter()
    counts = [of for of in (words, frequencies) if of]
    for of in counts:
        total = sum(of.values()) * len(counts)
        for word, k in of.items():
            shares[word] += k / total
    for word in former:
        shares.setdefault(word, 1 / max(sum(words.values()), LINES) / len(counts))
    pages = repertoires()
    fits = lambda w: not w.isascii() and 1 < len(w) <= LONGEST and set(w) <= own and any(page.issuperset(w) for page in pages)
    best = sorted((-share, word) for word, share in shares.items() if share >= SHARE and fits(word))
    return [word for _, word in best[:MOST]]


def main():
    corpus, listed_before = sys.argv[1], own_words()
    with open(os.path.join(HERE, "words.txt"), "w", encoding="utf-8") as out:
        names = {name[:-4] for name in os.listdir(os.path.join(corpus, "text"))}
        for code in sorted(names | listed_before.keys()):
            path, former = os.path.join(corpus, "text", code + ".txt"), listed_before.get(code, [])
            if code.split("-")[0] in WITHOUT:
                continue
            if os.path.exists(path) and os.path.getsize(path) >= LEAST:
                best = common(path, listed(os.path.join(corpus, "words", code + ".txt")), former)
            else:
                best = former
            if best:
                print("#", code, file=out)
                print("\n".join(textwrap.wrap(" ".join(sorted(best)), 120, break_long_words=False, break_on_hyphens=False)), file=out)


main()
