#!/usr/bin/env python3
"""Counts how often the commonest words of each language are met.

usage: python3 data/model/frequent.py CORPUS

Reads CORPUS/text/LANG.txt and CORPUS/words/LANG.txt as fetch.py leaves them, and languages.txt and words.txt beside this script.
Writes frequent.txt there: for each language of languages.txt its code after a `#`, then its words in lower case by how rare they
are: each line begins with what they cost, in half nats (a word that is every n-th costs 2 ln n). The commonest MOST are listed,
the commonest MARKED of those with letters outside ASCII, and the words of words.txt that another one of the same language is like
but for such letters. A `-` stands behind a word that begins with a letter outside ASCII and is written in small letters within a
sentence, a `+` behind one that has a capital there. Interface text and the frequencies of `wordfreq`, where it has the language,
count alike.
"""
import collections, itertools, math, os, re, sys, textwrap, unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
MOST = 220
MARKED = 180
DEAREST = 31           # half nats
LEAST = 100_000_000    # a list of words of which fewer were counted has no frequencies
WORD = re.compile(r"[^\W\d_]+(?:[’'ʼ‘][^\W\d_]+)*")
# How a word begins within a sentence, that is, behind one in small letters: so often it was met, and so many times as often
# as the other way.
MET = 30
SURE = 200
# Romanian was written with a cedilla where it is written with a comma now.
FORMER = str.maketrans("șțȘȚ", "şţŞŢ")


def parts(word):
    """Of `l’été` each part counts by itself; as a whole only what has no other letter outside ASCII."""
    word = re.sub("['ʼ‘]", "’", word.lower())
    yield from [word] if word.replace("’", "").isascii() else word.split("’")


def spoken(path):
    """Words of running text, or of lines of an interface; and what they look like within a sentence."""
    count, within = collections.Counter(), collections.Counter()
    with open(path, encoding="utf-8") as f:
        for line in f:
            for word in WORD.findall(unicodedata.normalize("NFC", line).translate(FORMER)):
                count.update(parts(word))
            for before, word in itertools.pairwise(unicodedata.normalize("NFC", line).translate(FORMER).split(" ")):
                if before.isalpha() and before.islower() and not word[:1].isascii():
                    within[word.rstrip(",.;:!?")] += 1
    return count, within


def case(word, within):
    """How a word begins within a sentence, if that is always the same and not with a letter of ASCII."""
    if word[0].isascii():
        return ""
    small, capital = within[word], within[word[0].upper() + word[1:]]
    return "-" if small >= max(MET, SURE * capital) else "+" if capital >= max(MET, SURE * small) else ""


def listed(path):
    """Words with their counts, where these are frequencies: those of `wordfreq` are in parts of 1,000 million."""
    count = collections.Counter()
    if os.path.exists(path):
        with open(path, encoding="utf-8") as f:
            for line in f:
                word, _, n = line.rstrip("\n").rpartition("\t")
                if WORD.fullmatch(word) and (word == word.lower() or n != "1"):
                    for part in parts(unicodedata.normalize("NFC", word).translate(FORMER)):
                        count[part] += int(n)
    return count if sum(count.values()) > LEAST else collections.Counter()


def own_words():
    words, code = {}, None
    with open(os.path.join(HERE, "words.txt"), encoding="utf-8") as f:
        for line in f:
            if line.startswith("# "):
                code = line[2:].strip()
            else:
                words.setdefault(code, []).extend(line.split())
    return words


def main():
    corpus = sys.argv[1]
    with open(os.path.join(HERE, "languages.txt"), encoding="utf-8") as f:
        heads = [line.rstrip("\n").split("\t") for line in f if re.match(r"[a-z-]+\t\d+\t", line)]
    known = own_words()
    with open(os.path.join(HERE, "frequent.txt"), "w", encoding="utf-8") as out:
        for code, _, letters in heads:
            text, within = spoken(os.path.join(corpus, "text", code + ".txt"))
            counts = [text, listed(os.path.join(corpus, "words", code + ".txt"))]
            counts = [count for count in counts if count]
            share = collections.Counter()
            for count in counts:
                total = sum(count.values())
                for word, n in count.items():
                    share[word] += n / total / len(counts)
            fits = set(letters) | set("abcdefghijklmnopqrstuvwxyz’") if re.search("[a-z]", letters) else set(letters)
            order = [w for w, _ in sorted(share.items(), key=lambda x: (-x[1], x[0])) if set(w) <= fits]
            marked = [w for w in order if not w.isascii()] if re.search("[a-z]", letters) else []
            alike = collections.defaultdict(list)
            for word in known.get(code, []):
                if re.search("[a-z]", word):
                    alike[re.sub("[^a-z]", "?", word)].append(word)
            rivals = [w for words in alike.values() if len(words) > 1 for w in words]
            lines = collections.defaultdict(set)
            for word in order[:MOST] + marked[:MARKED] + rivals:
                lines[min(DEAREST, round(-2 * math.log(share[word])) if share[word] else DEAREST)].add(word + case(word, within))
            print("#", code, file=out)
            for cost in sorted(lines):
                text = " ".join(sorted(lines[cost]))
                print("\n".join(str(cost) + " " + l for l in textwrap.wrap(text, 116, break_long_words=False, break_on_hyphens=False)), file=out)


if __name__ == "__main__":
    main()
