#!/usr/bin/env python3
"""Counts what follows two characters in Chinese, Japanese and Korean.

usage: python3 data/model/large.py CORPUS

Reads CORPUS/text/LANG.txt as fetch.py leaves it and CORPUS/large/LANG.txt as large_fetch.py does, and writes large.txt beside this script: two characters, how often anything
followed them and how many kinds, then each follower with its count. Pairs say little where there are thousands of
characters; three say which word it is. Listed is what was met LEAST times or more and says more than the pair of the last two
does by itself: of these, as many as SIZE has room for, those first by which a text gains most.
"""
import collections, math, os, sys

HERE = os.path.dirname(os.path.abspath(__file__))
LANGUAGES = ("ja", "ko", "zh-cn", "zh-tw")
# As fetch.py and large_fetch.py leave them.
FOLDERS = ("text", "large")
LEAST = 4
# What a follower takes, and what two characters do, and how much all may take: bytes.
FOLLOWER, CONTEXT = 3, 4
SIZE = 470_000


def symbol(c):
    return "0" if c in "0123456789" else " " if c in "\t\n\r\f" else c


def before_large(c):
    """What stands before: of ASCII it only matters whether it is a letter, a digit, or the edge of a word."""
    return c if not c.isascii() or c == "0" else "a" if c.isalpha() else " "


def is_large(c):
    return "\u3041" <= c < "\u3100" or c in "々〆〇" or "\u4e00" <= c < "\ua000" or "\uac00" <= c < "\ud7a4"


def cell(c, n):
    return f"+{ord(c):04X}:{n}" if c in " 0123456789+" or not c.isprintable() else f"{c}{n}"


def chosen(gain):
    """The followers to list of each two characters: what gains most for the bytes that it takes."""
    least, most = 0.0, 1e6
    for _ in range(40):
        worth = (least + most) / 2
        rows, size = {}, 0
        for before, followers in gain.items():
            best = sorted(followers, reverse=True)[:255]
            best = [(g, c) for g, c in best if g > FOLLOWER * worth]
            if sum(g - FOLLOWER * worth for g, _ in best) > CONTEXT * worth:
                rows[before] = [c for _, c in best]
                size += CONTEXT + FOLLOWER * len(best)
        least, most = (worth, most) if size > SIZE else (least, worth)
    return rows


def main():
    triples, pairs, firsts = collections.Counter(), collections.Counter(), collections.Counter()
    seen = set()
    for name in LANGUAGES:
        for folder in FOLDERS:
            with open(os.path.join(sys.argv[1], folder, name + ".txt"), encoding="utf-8") as f:
                lines = set(f) - seen
            seen |= lines
            for line in lines:
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
    gain = collections.defaultdict(list)
    for (a, b, c), n in triples.items():
        if n >= LEAST and ord(max(a, b, c)) < 0x10000:
            gain[a, b].append((abs(n * math.log(n / total[a, b] * firsts[b] / pairs[b, c])), c))
    rows = chosen(gain)
    with open(os.path.join(HERE, "large.txt"), "w", encoding="utf-8") as out:
        print("# Two characters (code points), how often they were followed, the kinds of followers, then each with its count.", file=out)
        for (a, b), followers in sorted(rows.items()):
            cells = " ".join(cell(c, triples[a, b, c]) for c in sorted(followers))
            print(f"{ord(a):04X} {ord(b):04X} {total[a, b]} {kinds[a, b]} {cells}", file=out)


main()
