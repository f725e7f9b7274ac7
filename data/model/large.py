#!/usr/bin/env python3
"""Counts what follows two characters in Chinese, Japanese and Korean.

usage: python3 data/model/large.py CORPUS

Reads CORPUS/text/LANG.txt as fetch.py leaves it and writes large.txt beside this script: two characters, how often anything
followed them and how many kinds, then each follower with its count. Pairs say little where there are thousands of
characters; three say which word it is. Listed is what was met LEAST times or more and says more than the pair of the last two
does by itself: MOST of these, those first by which a text gains most.
"""
import collections, math, os, sys

HERE = os.path.dirname(os.path.abspath(__file__))
LANGUAGES = ("ja", "ko", "zh-cn", "zh-tw")
LEAST = 4
MOST = 120_000


def symbol(c):
    return "0" if c in "0123456789" else " " if c in "\t\n\r\f" else c


def before_large(c):
    """What stands before: of ASCII it only matters whether it is a letter, a digit, or the edge of a word."""
    return c if not c.isascii() or c == "0" else "a" if c.isalpha() else " "


def is_large(c):
    return "\u3041" <= c < "\u3100" or c in "々〆〇" or "\u4e00" <= c < "\ua000" or "\uac00" <= c < "\ud7a4"


def cell(c, n):
    return f"+{ord(c):04X}:{n}" if c in " 0123456789+" or not c.isprintable() else f"{c}{n}"


def main():
    triples, pairs, firsts = collections.Counter(), collections.Counter(), collections.Counter()
    for name in LANGUAGES:
        with open(os.path.join(sys.argv[1], "text", name + ".txt"), encoding="utf-8") as f:
            for line in f:
                before = last = " "
                for c in map(symbol, line.strip() + " "):
                    if not last == c == " ":
                        pairs[before_large(last), c] += 1
                        firsts[before_large(last)] += 1
                        # Of what goes on in ASCII the pairs know enough.
                        if is_large(c) or is_large(last) or is_large(before) and not (last.isascii() and c.isascii()):
                            triples[before_large(before), before_large(last), c] += 1
                    before, last = last, c
    total, kinds = collections.Counter(), collections.Counter()
    for (a, b, _), n in triples.items():
        total[a, b] += n
        kinds[a, b] += 1
    gain = {}
    for (a, b, c), n in triples.items():
        if n >= LEAST and ord(max(a, b, c)) < 0x10000:
            gain[a, b, c] = abs(n * math.log(n / total[a, b] * firsts[b] / pairs[b, c]))
    chosen = sorted(gain, key=lambda key: (-gain[key], key))[:MOST]
    rows = collections.defaultdict(list)
    for a, b, c in chosen:
        rows[a, b].append((c, triples[a, b, c]))
    with open(os.path.join(HERE, "large.txt"), "w", encoding="utf-8") as out:
        print("# Two characters (code points), how often they were followed, the kinds of followers, then each with its count.", file=out)
        for (a, b), followers in sorted(rows.items()):
            cells = " ".join(cell(c, n) for c, n in sorted(followers))
            print(f"{ord(a):04X} {ord(b):04X} {total[a, b]} {kinds[a, b]} {cells}", file=out)


main()
