#!/usr/bin/env python3
"""Makes the pictures of the README: each is what a command shows on a real terminal, as SVG.

usage: docs/pictures/make.py [UNBAKE]      needs tmux, and the Python package rich
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

REPO = Path(__file__).resolve().parents[2]
UNBAKE = Path(sys.argv[1] if len(sys.argv) > 1 else REPO / "target/release/unbake").resolve()
COLUMNS = 110

# A name, what is typed, how many rows the terminal has, and what it shows when it is done.
PICTURES = [
    ("check", ["check", "--no-pager", "seeds/schedule.csv", "seeds/notes"], 40, "findings in"),
    ("diff", ["diff", "--no-pager", "seeds/episodes/016-notes.md", "seeds/notes/two-hands.md"], 32, "findings in"),
    ("explain", ["explain", "--no-pager", "\u00c3\u00a2\u00e2\u201a\u00ac\u00e2\u201e\u00a2"], 24, "$"),
    ("review", ["review", "seeds/episodes"], 24, "change 1 of"),
]


def tmux(socket, *args):
    return subprocess.run(["tmux", "-L", socket, "-f", "/dev/null", *args], check=True, capture_output=True, encoding="utf-8").stdout


def shown(args, rows, until, state):
    """What the terminal shows, with its colours."""
    socket = f"unbake-pictures-{os.getpid()}"
    environment = {"UNBAKE_STATE_DIR": state, "LC_ALL": "C.UTF-8", "PATH": f"{UNBAKE.parent}:{os.environ['PATH']}"}
    sets = [f"{name}={value}" for name, value in environment.items()]
    # Typed at a prompt of no shell's own, and left standing for the picture.
    command = shlex.join(["env", *sets, "unbake", *args]) + "; echo '$'; sleep 60"
    tmux(socket, "new-session", "-d", "-x", str(COLUMNS), "-y", str(rows), "-c", str(REPO), command)
    try:
        for _ in range(300):
            time.sleep(0.1)
            screen = tmux(socket, "capture-pane", "-p")
            if until in screen and ("$" in screen.splitlines() or args[0] == "review"):
                break
        else:
            sys.exit(f"`unbake {shlex.join(args)}` does not show {until!r}:\n{screen}")
        return tmux(socket, "capture-pane", "-p", "-e").rstrip("\n")
    finally:
        tmux(socket, "kill-server")


def main():
    for name, args, rows, until in PICTURES:
        with tempfile.TemporaryDirectory() as state:
            screen = shown(args, rows, until, state)
        lines = [line for line in screen.split("\n") if re.sub(r"\x1b\[[0-9;]*m", "", line) != "$"]
        while lines and not lines[-1].strip():
            lines.pop()
        typed = [arg for arg in args if arg != "--no-pager"]
        prompt = [] if name == "review" else [f"\x1b[2m$\x1b[0m unbake {shlex.join(typed)}", ""]
        console = Console(record=True, width=COLUMNS, file=open(os.devnull, "w"), force_terminal=True, color_system="truecolor")
        console.print(Text.from_ansi("\n".join([*prompt, *lines])), soft_wrap=False, no_wrap=True, crop=True)
        svg = console.export_svg(title=f"unbake {typed[0]}", theme=MONOKAI, unique_id=name)
        # Nothing is fetched from anywhere to show it.
        svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.S)
        (REPO / "docs/pictures" / f"{name}.svg").write_text(svg, encoding="utf-8")
        print(f"docs/pictures/{name}.svg")


main()
