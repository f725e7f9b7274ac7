#!/usr/bin/env python3
"""Runs the published test cases of ftfy through unbake and prints where the two differ.

usage: tests/peers/ftfy_cases.py [PROGRAM]        PROGRAM is target/release/unbake unless told

The cases are ftfy's, so they are not copied into this repository: pip fetches ftfy's source distribution into a
temporary folder. What a case wants is its `fixed-encoding`, and where there is none its `fixed`: unbake repairs
encodings and normalises nothing unless asked. Exit status: 0, or 2 when the cases could not be fetched or run.
"""

import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def cases():
    with tempfile.TemporaryDirectory() as folder:
        fetch = [sys.executable, "-m", "pip", "download", "-q", "--no-binary", ":all:", "--no-deps", "-d", folder, "ftfy"]
        subprocess.run(fetch, check=True, stdout=subprocess.DEVNULL)
        archive = next(pathlib.Path(folder).glob("ftfy-*.tar.gz"))
        with tarfile.open(archive) as tar:
            name = next(n for n in tar.getnames() if n.endswith("tests/test_cases.json"))
            return archive.name, json.load(tar.extractfile(name))


def visible(text):
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "target/release/unbake")
    archive, all_cases = cases()
    records = "".join(json.dumps({"text": case["original"]}) + "\n" for case in all_cases)
    ran = subprocess.run([program, "pipe", "--jsonl"], input=records.encode(), stdout=subprocess.PIPE, check=True)
    got = [json.loads(line)["text"] for line in ran.stdout.decode().splitlines()]
    assert len(got) == len(all_cases), f"{len(all_cases)} records went in, {len(got)} came out"

    sums = {"pass": [0, 0], "fail": [0, 0]}
    for case, text in zip(all_cases, got):
        want = case.get("fixed-encoding", case["fixed"])
        passes = text == want
        sums[case["expect"]][0] += 1
        sums[case["expect"]][1] += passes
        if passes == (case["expect"] == "pass"):
            continue
        print("ftfy passes, unbake does not:" if case["expect"] == "pass" else "ftfy fails, unbake passes:", case["label"])
        print("   text ", visible(case["original"]))
        print("   want ", visible(want))
        print("   got  ", visible(text))
    (passing, passed), (failing, gained) = sums["pass"], sums["fail"]
    print(f"{archive}: {passed} of the {passing} that ftfy passes, {gained} of its {failing} known failures")


if __name__ == "__main__":
    try:
        main()
    except (OSError, subprocess.CalledProcessError, StopIteration) as e:
        print(f"ftfy_cases: {e}", file=sys.stderr)
        sys.exit(2)
