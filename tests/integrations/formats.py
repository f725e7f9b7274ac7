#!/usr/bin/env python3
"""Holds what `unbake` writes for programs to the schemas of these programs, and its JSON to schema/findings.schema.json.

usage: formats.py [UNBAKE]      needs the Python package jsonschema, cargo and the crates registry (or SARIF_SCHEMA)
"""

import copy
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import jsonschema

REPO = Path(__file__).resolve().parents[2]
UNBAKE = Path(sys.argv[1] if len(sys.argv) > 1 else REPO / "target/release/unbake").resolve()
BAD = []


def expect(what, is_so, detail=""):
    print(("ok    " if is_so else "WRONG ") + what)
    if not is_so:
        BAD.append(what)
        print("      " + str(detail)[:600])


def output(args, cwd, status):
    ran = subprocess.run([UNBAKE, *args], cwd=cwd, capture_output=True)
    expect(f"`{' '.join(args)}` ends with {status}", ran.returncode == status, ran.stderr.decode())
    return ran.stdout.decode()


def valid(what, schema, value):
    # By the draft that the schema names.
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    error = next(iter(kind(schema).iter_errors(value)), None)
    expect(what, error is None, error and f"{list(error.absolute_path)}: {error.message}")


def sarif_schema(folder):
    if "SARIF_SCHEMA" in os.environ:
        return json.loads(Path(os.environ["SARIF_SCHEMA"]).read_text())
    project = folder / "schema"
    (project / "src").mkdir(parents=True)
    (project / "src/lib.rs").touch()
    (project / "Cargo.toml").write_text(
        '[package]\nname = "schema"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\nserde-sarif = "=0.8.0"\n[workspace]\n'
    )
    told = subprocess.run(["cargo", "metadata", "--format-version", "1"], cwd=project, capture_output=True, check=True)
    package = next(one for one in json.loads(told.stdout)["packages"] if one["name"] == "serde-sarif")
    return json.loads((Path(package["manifest_path"]).parent / "src/schema.json").read_text())


def strict(schema):
    """The same schema, to which a key that it does not describe is an error: so that none is forgotten in it."""

    def inside(node):
        if isinstance(node, list):
            return [inside(one) for one in node]
        if not isinstance(node, dict):
            return node
        node = {key: inside(one) for key, one in node.items()}
        for key in ("items", "anyOf", "oneOf"):
            for one in node.get(key, []) if isinstance(node.get(key), list) else [node.get(key)]:
                if isinstance(one, dict) and ("$ref" in one or "properties" in one):
                    one["unevaluatedProperties"] = False
        for one in node.get("properties", {}).values():
            if isinstance(one, dict) and "$ref" in one:
                one["unevaluatedProperties"] = False
        return node

    schema = inside(copy.deepcopy(schema))
    # A document and a line are told apart by their own keys.
    for one in schema["oneOf"]:
        one.pop("unevaluatedProperties")
    schema["$defs"]["document"]["unevaluatedProperties"] = False
    return schema


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        work = folder / "work"
        subprocess.run(["cp", "-r", REPO / "seeds", work], check=True)
        (work / "a b, 100%#ü.txt").write_bytes("\U0001d11e caf\u00c3\u00a9 \u00e2\u20ac\u2122\n".encode())
        (work / "lost.txt").write_bytes("The caf\ufffd is na\ufffdve\n".encode())
        (work / "bytes.txt").write_bytes(b"\xff\xfe\xfa caf\xe9\n")
        (work / "wide.txt").write_bytes("caf\u00c3\u00a9 d\u00c3\u00a9j\u00c3\u00a0 vu\n".encode("utf-16"))
        subprocess.run(["tar", "-czf", "old.tar.gz", "guests.json", "about.html"], cwd=work, check=True)
        own = strict(json.loads((REPO / "schema/findings.schema.json").read_text()))
        schemas = {
            "sarif": sarif_schema(folder),
            "rdjson": json.loads((REPO / "tests/schemas/rdjson.json").read_text()),
            "gitlab": {"type": "array", "items": json.loads((REPO / "tests/schemas/gitlab.json").read_text())},
            "json": own,
        }
        runs = [
            ("findings", ["."], 1),
            ("all levels, normalised", ["--min-confidence", "possible", "--normalize", "bom=strip,eol=crlf,nfd", "."], 1),
            ("an error", [".", "missing.txt"], 2),
            ("nothing", ["clean/empty.txt"], 0),
        ]
        for what, args, status in runs:
            for form, schema in schemas.items():
                valid(f"{form}: {what}", schema, json.loads(output(["check", "--format", form, *args], work, status)))
            for line in output(["check", "--format", "github", *args], work, status).strip("\n").split("\n"):
                if line and not line.startswith(("::error file=", "::warning file=", "::notice file=")):
                    expect("an annotation is a command", False, line)
        more = [["--alternatives", "."], ["--statistics", "."], ["--statistics", "--normalize", "eol=crlf", "."]]
        for args in [*more, [".", "missing.txt"]]:
            status = 2 if "missing.txt" in args else 1
            valid(f"json: {args}", own, json.loads(output(["check", "--format", "json", *args], work, status)))
            lines = output(["check", "--format", "jsonl", *args], work, status).strip("\n").split("\n")
            kinds = {json.loads(line)["type"] for line in lines}
            valid(f"jsonl: {args}: {sorted(kinds)}", own, json.loads(lines[0]))
            # One of each kind and a sample of the rest: there are hundreds.
            for line in {*{json.loads(line)["type"]: line for line in lines}.values(), *lines[1::20]}:
                if not jsonschema.Draft202012Validator(own).is_valid(json.loads(line)):
                    expect(f"a line of jsonl: {line}", False)
        os.environ["UNBAKE_STATE_DIR"] = str(folder / "state")
        one = work / "wide.txt"
        for form in ("json", "jsonl"):
            before = one.read_bytes()
            text = output(["fix", "--format", form, "wide.txt"], work, 0)
            for line in [text] if form == "json" else text.strip("\n").split("\n"):
                valid(f"fix: {form}", own, json.loads(line))
            one.write_bytes(before)
        damaged = json.loads(output(["check", "--format", "json", "guests.json"], work, 1))
        del damaged["files"][0]["findings"][0]["chain"]
        expect("the schema notices what is missing", not jsonschema.Draft202012Validator(own).is_valid(damaged))
    print(f"{len(BAD)} wrong" if BAD else "all fine")
    return 1 if BAD else 0


sys.exit(main())
