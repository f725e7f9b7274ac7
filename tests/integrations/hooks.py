#!/usr/bin/env python3
"""Tries unbake as a commit hook, with the real hook managers on real git repositories.

    maturin build --release --out dist            # or: pip wheel . -w dist
    pip install pre-commit prek                   # what is not installed is left out, and said
    npm install lefthook
    python tests/integrations/hooks.py dist/unbake-*.whl [FOLDER-OF-lefthook]

pre-commit and prek install the wheel themselves, with no Rust in the PATH. Ends with status 1 if anything is not as it
should be. Writes to a temporary folder only.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BROKEN = "Peter\u00e2\u20ac\u2122s hat\n"
RIGHT = "Peter\u2019s hat\n"
BAD = []


def run(*args, cwd, ok=None, env=None):
    ran = subprocess.run(args, cwd=cwd, capture_output=True, text=True, encoding="utf-8", env=env or ENV)
    if ok is not None and (ran.returncode == 0) != ok:
        BAD.append((cwd, args, ran.returncode, ran.stdout, ran.stderr))
    return ran


def expect(what, is_so, ran=None):
    print(("ok    " if is_so else "WRONG ") + what)
    if not is_so:
        BAD.append((what, ran and (ran.returncode, ran.stdout, ran.stderr)))


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def read(path):
    return path.read_bytes().decode()


def repository(name):
    folder = ROOT / name
    folder.mkdir()
    run("git", "init", "-q", cwd=folder, ok=True)
    return folder


def commit(folder):
    run("git", "add", "-A", cwd=folder, ok=True)
    return run("git", "-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "-q", "-m", "x", cwd=folder)


def manager(program, wheel):
    """All that is asked of pre-commit, and of what can stand in for it."""

    def hook(folder, entry, more=""):
        write(
            folder / ".pre-commit-config.yaml",
            "repos:\n- repo: local\n  hooks:\n  - id: unbake\n    name: unbake\n    language: python\n"
            f"    entry: unbake {entry}\n    types: [text]\n    additional_dependencies: ['{wheel}']\n{more}",
        )
        run("git", "add", "-A", cwd=folder, ok=True)
        run(program, "install", cwd=folder, ok=True)

    # Without `--` a file that begins with a dash would be taken for an option.
    check, fix = "check --force-exclude --", "fix --force-exclude --"

    folder = repository(f"{program}-clean")
    write(folder / "a.txt", RIGHT)
    hook(folder, check)
    expect(f"{program}: clean text is committed", commit(folder).returncode == 0)

    folder = repository(f"{program}-broken")
    names = ["a.txt", "a b/größe mit Lücke.txt", "日本語.md", "quote'\"s.txt", "-dash.txt"]
    for name in names:
        write(folder / name, BROKEN)
    hook(folder, check)
    ran = commit(folder)
    said = ran.stdout + ran.stderr
    expect(f"{program}: broken text is stopped", ran.returncode != 0, ran)
    expect(f"{program}: every file is named", all(name.strip("-") in said for name in names), ran)
    expect(f"{program}: check changes nothing", all(read(folder / name) == BROKEN for name in names))
    hook(folder, fix, "    require_serial: true\n")
    ran = commit(folder)
    expect(f"{program}: the fix hook repairs, and stops once", ran.returncode != 0, ran)
    expect(f"{program}: all is repaired", all(read(folder / name) == RIGHT for name in names))
    expect(f"{program}: then it is committed", commit(folder).returncode == 0)

    folder = repository(f"{program}-ignored")
    write(folder / "a.txt", BROKEN.strip() + " # unbake: ignore\n")
    write(folder / "vendor" / "b.txt", BROKEN)
    write(folder / "seeds" / "c.txt", BROKEN)
    write(folder / "unbake.toml", "exclude = ['/vendor/']\n")
    write(folder / ".unbakeignore", "/seeds/\n")
    hook(folder, check)
    ran = commit(folder)
    expect(f"{program}: ignored and excluded text is committed", ran.returncode == 0, ran)

    folder = repository(f"{program}-partly")
    write(folder / "a.txt", "one\ntwo\nthree\n")
    hook(folder, check)
    commit(folder)
    write(folder / "a.txt", "one\ntwo\nthree, staged\n")
    run("git", "add", "a.txt", cwd=folder, ok=True)
    write(folder / "a.txt", "one\n" + BROKEN + "three, staged\n")
    ran = run("git", "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "x", cwd=folder)
    expect(f"{program}: what is not staged does not count", ran.returncode == 0, ran)
    expect(f"{program}: what is not staged is still there", BROKEN in read(folder / "a.txt"))

    folder = repository(f"{program}-old")
    write(folder / "a.txt", BROKEN + "end\n")
    commit(folder)
    hook(folder, "check --staged", "    pass_filenames: false\n    always_run: true\n")
    write(folder / "a.txt", BROKEN + "end\nnew and right\n")
    ran = commit(folder)
    expect(f"{program}: with --staged old damage is no matter", ran.returncode == 0, ran)
    write(folder / "a.txt", BROKEN + "end\nnew and right\n" + BROKEN)
    expect(f"{program}: with --staged new damage is", commit(folder).returncode != 0)

    folder = repository(f"{program}-many")
    for n in range(5000):
        write(folder / f"d{n % 50}" / f"a file {n}.txt", BROKEN if n % 1000 == 7 else RIGHT)
    hook(folder, check)
    ran = commit(folder)
    said = ran.stdout + ran.stderr
    found = sum(f"a file {n}.txt" in said for n in range(7, 5000, 1000))
    expect(f"{program}: 5,000 files at once", ran.returncode != 0 and found == 5, ran)


def plain(unbake):
    folder = repository("plain")
    write(folder / "old.txt", BROKEN)
    commit(folder)
    hook = folder / ".git" / "hooks" / "pre-commit"
    write(hook, "#!/bin/sh\nexec unbake check --staged\n")
    hook.chmod(0o755)
    write(folder / "a b.txt", RIGHT)
    expect("plain hook: old damage is no matter", commit(folder).returncode == 0)
    write(folder / "größe.txt", BROKEN)
    ran = commit(folder)
    expect("plain hook: new damage is stopped", ran.returncode != 0 and "größe.txt:1" in ran.stdout + ran.stderr, ran)


def lefthook(program):
    folder = repository("lefthook")
    write(
        folder / "lefthook.yml",
        "pre-commit:\n  jobs:\n    - name: unbake\n      run: unbake check --force-exclude -- {staged_files}\n",
    )
    run(program, "install", cwd=folder, ok=True)
    write(folder / "a b.txt", RIGHT)
    ran = commit(folder)
    expect("lefthook: clean text is committed", ran.returncode == 0, ran)
    write(folder / "größe mit Lücke.txt", BROKEN)
    ran = commit(folder)
    expect("lefthook: broken text is stopped", ran.returncode != 0 and "Peter" in ran.stdout + ran.stderr, ran)


wheel = Path(sys.argv[1]).resolve()
ROOT = Path(tempfile.mkdtemp(prefix="unbake-hooks-"))
try:
    # The wheel, installed as anybody would, for what has no installer of its own.
    subprocess.run([sys.executable, "-m", "venv", ROOT / "venv"], check=True)
    pip = [ROOT / "venv" / "bin" / "pip", "install", "-q", "--no-index", str(wheel)]
    subprocess.run(pip, check=True)
    ENV = dict(
        os.environ,
        HOME=str(ROOT),
        PRE_COMMIT_HOME=str(ROOT / "pre-commit"),
        PREK_HOME=str(ROOT / "prek"),
        UNBAKE_STATE_DIR=str(ROOT / "state"),
        GIT_CONFIG_GLOBAL=os.devnull,
        GIT_CONFIG_SYSTEM=os.devnull,
        LANG="C.UTF-8",
    )
    # No Rust, and the installed program first.
    folders = [f for f in ENV["PATH"].split(os.pathsep) if not (Path(f) / "cargo").exists()]
    tools = [str(Path(arg).resolve()) for arg in sys.argv[2:]] + [str(Path(sys.executable).parent)]
    ENV["PATH"] = os.pathsep.join([str(ROOT / "venv" / "bin"), *tools, *folders])
    expect("the program of the wheel runs", run("unbake", "--version", cwd=ROOT).returncode == 0)
    for name, tries in [("pre-commit", manager), ("prek", manager), ("lefthook", lefthook)]:
        found = shutil.which(name, path=ENV["PATH"])
        if not found:
            print(f"--    {name} is not installed: left out")
        elif tries is manager:
            manager(name, wheel)
        else:
            lefthook(name)
    plain("unbake")
finally:
    shutil.rmtree(ROOT, ignore_errors=True)
for bad in BAD:
    print(*bad, sep="\n", file=sys.stderr)
sys.exit(1 if BAD else 0)
