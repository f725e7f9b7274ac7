#!/usr/bin/env python3
"""Counts the letter pairs of each language written in Latin or Cyrillic letters.

usage: python3 data/model/languages.py CORPUS

Reads CORPUS/text/LANG.txt as fetch.py leaves it and writes languages.txt beside this script. Each language is a line with
its code, how many words were counted, and its letters; then one line for a word's edge, one for a letter that the language
does not use, and one for each of its letters: what the edge and each letter costs after it, in eighths of a nat, written as
the character 48 places up from NUL. Pairs are smoothed with single letters (Witten-Bell), and those with all letters.
"""
import collections, math, os, re, sys, unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
LEAST = 250_000        # bytes of text; a language with less is left out
RARE = 2e-5            # a letter that is rarer is not one of the language
MOST = 72              # the dearest, in eighths of a nat
ALL = 400              # letters in all
WORD = re.compile(r"[^\W\d_]+(?:[’'ʼ‘][^\W\d_]+)*")


def script(c):
    name = unicodedata.name(c, "")
    return "latin" if name.startswith("LATIN") else "cyrillic" if name.startswith("CYRILLIC") else "other"


def words(path):
    with open(path, encoding="utf-8") as f:
        for line in f:
            for word in WORD.findall(unicodedata.normalize("NFC", line)):
                yield re.sub("['ʼ‘]", "’", word.lower())


def count(path):
    pairs, singles, n = collections.Counter(), collections.Counter(), 0
    for word in words(path):
        n += 1
        for a, b in zip("_" + word, word + "_"):
            pairs[a, b] += 1
            singles[b] += 1
    return pairs, singles, n


def main():
    corpus = sys.argv[1]
    with open(os.path.join(HERE, "languages.txt"), "w", encoding="utf-8") as out:
        for name in sorted(os.listdir(os.path.join(corpus, "text"))):
            path = os.path.join(corpus, "text", name)
            if os.path.getsize(path) < LEAST:
                continue
            pairs, singles, n = count(path)
            total = sum(singles.values())
            scripts = collections.Counter()
            for c, k in singles.items():
                scripts[script(c)] += 0 if c in "_’" else k
            home = scripts.most_common(1)[0][0] if scripts else "other"
            if home == "other":
                continue
            letters = [c for c, k in singles.items() if c == "’" or c != "_" and len(c) == 1 and script(c) == home and k >= RARE * total]
            if home == "latin":
                letters += [c for c in "abcdefghijklmnopqrstuvwxyz" if c not in letters]
            letters = sorted(set(letters))
            kinds = len(singles)
            single = lambda b: (singles[b] + kinds / ALL) / (total + kinds)
            cost = lambda p: chr(48 + min(MOST, max(0, round(-8 * math.log(p)))))
            after, follow = collections.Counter(), collections.Counter()
            for (a, b), k in pairs.items():
                after[a] += k
                follow[a] += 1
            row = lambda a: "".join(cost((pairs[a, b] + follow[a] * single(b)) / (after[a] + follow[a]) if after[a] else single(b))
                                    for b in ["_"] + letters)
            print(name[:-4], n, "".join(letters), sep="\t", file=out)
            for a in ["_", "?"] + letters:
                print(row(a), file=out)


main()
