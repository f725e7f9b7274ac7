#!/usr/bin/env python3
"""Kills `unbake fix` at random moments and runs it against itself: whatever happens, a file is wholly old or wholly new, and
`undo` brings every byte back.

    python3 tests/faults.py target/release/unbake [KILLS [FILES]]      500 kills, 2,000 files

Needs Python 3 and a Unix. Each round breaks off a `fix` by SIGKILL at a random moment, looks at every file, takes all runs
back, and looks again. What a kill may leave lying about is the one temporary file that was being written; it is counted.
"""
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# "Peter’s café" read as windows-1252, by its code points, so that this file is right as it stands.
BROKEN = "Peter\u00e2\u20ac\u2122s caf\u00c3\u00a9"
RIGHT = "Peter\u2019s caf\u00e9"


def main():
    tool = str(Path(sys.argv[1]).resolve())
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    files = int(sys.argv[3]) if len(sys.argv) > 3 else 2000
    seed = int(time.time())
    print("seed", seed)
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as root:
        work, state = Path(root) / "work", Path(root) / "state"
        work.mkdir()
        env = {**os.environ, "UNBAKE_STATE_DIR": str(state)}
        old = {}
        for n in range(files):
            path = work / f"{n % 20}" / f"{n}.txt"
            path.parent.mkdir(exist_ok=True)
            old[path] = f"{n} {BROKEN}\n".encode() * (1 + n % 7)
            path.write_bytes(old[path])
            if n % 50 == 0:
                # Two names: written over, which can be cut short.
                os.link(path, work / f"{n}.link")
        new = {path: text.replace(BROKEN.encode(), RIGHT.encode()) for path, text in old.items()}

        def start():
            return subprocess.Popen([tool, "fix", "--quiet", "--no-config", "."], cwd=work, env=env,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

        def undo():
            while True:
                ran = subprocess.run([tool, "undo", "--quiet"], cwd=work, env=env, capture_output=True, text=True)
                assert ran.returncode == 0, ran
                left = subprocess.run([tool, "undo", "--list"], cwd=work, env=env, capture_output=True, text=True)
                assert left.returncode == 0, left
                if all(line.endswith("undone") for line in left.stdout.splitlines()):
                    break

        def look(what, all_old):
            done = 0
            for path, text in old.items():
                now = path.read_bytes()
                cut = path.stat().st_nlink > 1 and not all_old
                assert now == text or not all_old and (cut or now == new[path]), f"{what}: {path}: {now!r}"
                done += now != text
            return done

        def clean():
            temps = list(work.rglob(".unbake-*.tmp"))
            for temp in temps:
                temp.unlink()
            return len(temps)

        begin = time.monotonic()
        whole = start()
        err = whole.communicate()[1].decode()
        assert whole.returncode == 0, err
        length = time.monotonic() - begin
        assert look("whole", False) == files and clean() == 0
        undo()
        look("whole, undone", True)

        temps = middle = 0
        for n in range(kills):
            run = start()
            time.sleep(dice.uniform(0, length))
            run.send_signal(signal.SIGKILL)
            run.communicate()
            done = look(f"kill {n}", False)
            middle += 0 < done < files
            left = clean()
            assert left <= 1, f"kill {n}: {left} temporary files"
            temps += left
            undo()
            look(f"kill {n}, undone", True)
        print(f"{kills} kills, {middle} in the middle, {temps} left a temporary file; every byte came back")

        # Two at once: each file is written by one of them; the other says that it changed, or finds nothing to do.
        for n in range(3):
            runs = [start(), start()]
            said = [run.communicate()[1].decode() for run in runs]
            assert all(run.returncode in (0, 2) for run in runs), said
            assert look("two at once", False) == files and clean() == 0
            undo()
            look("two at once, undone", True)
        print("two runs at once: all written once, every byte came back")


if __name__ == "__main__":
    main()
