#!/usr/bin/env python3
"""Does to `unbake fix` and `unbake undo` what the world does: kills them at random moments, fills the disk, takes permissions,
files and folders away in the middle, runs two at once, presses Ctrl-C. Whatever happens, every file is wholly old or wholly new,
`undo` brings every byte back, nothing is left lying about, and what is said tells what happened.

    python3 tests/faults.py target/release/unbake --quick              seconds; `cargo test` does this
    python3 tests/faults.py target/release/unbake [KILLS [FILES]]      500 kills, 2,000 files, 125 kills among archives; some minutes

Needs Python 3.9 and a Unix. The full disk is a small tmpfs: it needs root, or a system that lets users have namespaces; where
there is neither, that part is left out, which is said. TMPDIR names the place to work in: the fewer milliseconds a sync
takes there, the sooner it is done. A file of several names is written over in place: such a write that is cut short
is the one case in which a file may be half written, and the next run says so and `undo` puts it back.
"""
import gzip
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import zipfile
from pathlib import Path

# "Peter’s café" read as windows-1252, by its code points, so that this file is right as it stands.
BROKEN = "Peter\u00e2\u20ac\u2122s caf\u00c3\u00a9".encode()
RIGHT = "Peter\u2019s caf\u00e9".encode()

NOBODY = 65534


def packed(kind, texts):
    """An archive with these texts, and one that is no text and so is copied."""
    out = io.BytesIO()
    noise = random.Random(len(texts)).randbytes(60_000)
    if kind == "zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for n, text in enumerate(texts):
                archive.writestr(zipfile.ZipInfo(f"{n}.txt"), text, zipfile.ZIP_DEFLATED)
            archive.writestr(zipfile.ZipInfo("noise.bin"), b"\0" + noise)
    elif kind == "txt.gz":
        with gzip.GzipFile("", "wb", fileobj=out, mtime=0) as archive:
            archive.write(b"".join(texts))
    else:
        with tarfile.open(fileobj=out, mode="w:gz" if kind == "tar.gz" else "w") as archive:
            for name, text in [(f"{n}.txt", text) for n, text in enumerate(texts)] + [("noise.bin", b"\0" + noise)]:
                member = tarfile.TarInfo(name)
                member.size = len(text)
                archive.addfile(member, io.BytesIO(text))
    return out.getvalue()


def unpacked(kind, archive):
    """The texts in it."""
    source = io.BytesIO(archive)
    if kind == "zip":
        with zipfile.ZipFile(source) as archive:
            assert archive.testzip() is None
            return [archive.read(name) for name in archive.namelist() if name.endswith(".txt")]
    if kind == "txt.gz":
        return [gzip.decompress(archive)]
    with tarfile.open(fileobj=source) as archive:
        return [archive.extractfile(member).read() for member in archive if member.name.endswith(".txt")]


KINDS = ["zip", "tar", "tar.gz", "txt.gz"]


class Place:
    """A folder with broken files, and the program run in it."""

    def __init__(self, tool, root, files, links=True, user=None, archives=0):
        self.tool, self.work, self.state, self.user = tool, Path(root) / "work", Path(root) / "state", user
        self.old = {}
        for n in range(files):
            path = self.work / f"{n % 20}" / f"{n}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            self.old[path] = f"{n} ".encode() + (BROKEN + b"\n") * (1 + n % 7)
            path.write_bytes(self.old[path])
            if links and n % 50 == 0:
                # Two names: written over, which can be cut short.
                os.link(path, self.work / f"{n}.link")
        self.new = {path: text.replace(BROKEN, RIGHT) for path, text in self.old.items()}
        for n in range(archives):
            kind = KINDS[n % len(KINDS)]
            path = self.work / f"{n % 20}" / f"archive{n}.{kind}"
            path.parent.mkdir(parents=True, exist_ok=True)
            self.old[path] = packed(kind, [f"{n} {m} ".encode() + (BROKEN + b"\n") * (1 + 300 * (m % 2)) for m in range(5)])
            path.write_bytes(self.old[path])
        self.env = {**os.environ, "UNBAKE_STATE_DIR": str(self.state), "LC_ALL": "C.UTF-8"}
        if user is not None:
            self.give(root, user)

    @staticmethod
    def give(root, user):
        os.chown(root, user, user)
        for folder, folders, files in os.walk(root):
            for name in folders + files:
                os.chown(os.path.join(folder, name), user, user, follow_symlinks=False)

    def start(self, *args):
        return subprocess.Popen([self.tool, *args], cwd=self.work, env=self.env, user=self.user, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *args, status=(0,)):
        ran = self.start(*args)
        out, err = ran.communicate()
        assert ran.returncode in status, (args, ran.returncode, out[-1000:], err[-2000:])
        return err if not out else out + err

    def learn(self):
        """How archives are packed anew is for the program to say, once; what is in them is not. All is as before then."""
        self.run("fix", "--quiet", "--no-config", ".")
        for path in self.old.keys() - self.new.keys():
            kind = path.name.split(".", 1)[1]
            self.new[path] = path.read_bytes()
            texts = [text.replace(BROKEN, RIGHT) for text in unpacked(kind, self.old[path])]
            assert unpacked(kind, self.new[path]) == texts, path
        self.undo_all()
        self.look("learnt", all_old=True)

    def fix(self):
        return self.start("fix", "--quiet", "--no-config", ".")

    def undo_all(self, status=(0,)):
        """Takes back run after run; what was said."""
        said = ""
        for _ in range(50):
            said += self.run("undo", status=status)
            left = self.run("undo", "--list").splitlines()
            if all(line.endswith("undone") for line in left):
                return said
        raise AssertionError(said[-2000:])

    def look(self, what, all_old=False, cut=False, but=()):
        """How many files are new. Each is old or new; one of two names may be half written after a kill."""
        done = 0
        for path, text in self.old.items():
            if path in but:
                continue
            now = path.read_bytes()
            half = cut and path.stat().st_nlink > 1
            assert now == text or half or not all_old and now == self.new[path], f"{what}: {path}: {now!r}"
            done += now != text
        return done

    def temps(self):
        return list(self.work.rglob(".unbake-*.tmp"))

    def is_clean(self, what):
        left = self.temps() + list(self.state.rglob("running")) + list(self.state.glob("*.going"))
        assert not left, f"{what}: left behind: {left}"


def time_of(place):
    """How long a whole run takes; the files are as before."""
    begin = time.monotonic()
    run = place.fix()
    err = run.communicate()[1]
    assert run.returncode == 0, err
    length = time.monotonic() - begin
    assert place.look("whole") == len(place.old)
    place.is_clean("whole")
    place.undo_all()
    place.look("whole, undone", all_old=True)
    return length


def kills(tool, root, dice, times, files):
    killed(Place(tool, root, files), dice, times, "kills")


def archives(tool, root, dice, times, files):
    """The same while archives are packed anew."""
    place = Place(tool, root, files // 20, archives=files // 20)
    place.learn()
    killed(place, dice, times, "archives: kills")


def killed(place, dice, times, what):
    # Each run but the newest is one too many.
    (place.work / "unbake.toml").write_text("[journal]\ndays = 0\n")
    length = time_of(place)
    temps = middle = half = undos = 0
    for n in range(times):
        run = place.fix()
        time.sleep(dice.uniform(0, length))
        run.send_signal(signal.SIGKILL)
        run.communicate()
        done = place.look(f"kill {n}", cut=True)
        middle += 0 < done < len(place.old)
        left = place.temps()
        assert len(left) <= 1, f"kill {n}: {left}"
        temps += len(left)
        if n % 5 == 4:
            # The way back is cut short as well.
            run = place.start("undo", "--quiet")
            time.sleep(dice.uniform(0, length))
            run.send_signal(signal.SIGKILL)
            run.communicate()
            undos += 1
            place.look(f"kill {n}, undo killed", cut=True)
        said = place.undo_all()
        half += "is half written" in said
        assert not left or n % 5 == 4 or "was cut short: removed " in said, f"kill {n}: {said}"
        place.look(f"kill {n}, undone", all_old=True)
        place.run("undo", "--prune")
        place.is_clean(f"kill {n}, undone")
        if n % 50 == 49:
            print(f"  {n + 1} kills", flush=True)
    print(f"{what}: {times} of fix and {undos} of undo, {middle} in the middle, {temps} left a temporary file, which the next run "
          f"removed, {half} left a file of two names half written; every byte came back")


def two_at_once(tool, root, dice, times, files):
    place = Place(tool, root, files)
    for n in range(times):
        runs = [place.fix(), place.fix()]
        said = [run.communicate()[1] for run in runs]
        assert all(run.returncode in (0, 2) for run in runs), said
        assert place.look("two at once") == files
        place.is_clean("two at once")
        place.undo_all()
        place.look("two at once, undone", all_old=True)
        # One writes, the other takes back: whoever is first has the file.
        place.fix().communicate()
        runs = [place.start("undo", "--quiet"), place.fix()]
        said = [run.communicate()[1] for run in runs]
        assert all(run.returncode in (0, 2) for run in runs), said
        place.look("fix and undo at once")
        place.undo_all(status=(0, 2))
        place.look("fix and undo at once, undone", all_old=True)
    print("two at once: all written once, every byte came back")


def interrupted(tool, root, dice, times, files):
    place = Place(tool, root, files)
    length = time_of(place)
    middle = 0
    for n in range(times):
        run = place.start("fix", "--no-config", ".")
        reader = threading.Thread(target=run.stdout.read)
        reader.start()
        time.sleep(dice.uniform(0.02, length))
        run.send_signal(dice.choice([signal.SIGINT, signal.SIGTERM]))
        reader.join()
        err = run.stderr.read()
        run.wait()
        done = place.look(f"interrupt {n}")
        # Before the first write a signal ends it as it ends any program.
        assert run.returncode in (0, 130) or run.returncode < 0 and done == 0, (run.returncode, err)
        if run.returncode == 130:
            middle += 1
            assert "interrupted: " in err and (done == 0 or "to put it back: unbake undo" in err), err
        place.is_clean(f"interrupt {n}")
        # The way back is ended as well, and gone on with.
        run = place.start("undo")
        reader = threading.Thread(target=run.stdout.read)
        reader.start()
        time.sleep(dice.uniform(0.02, length / 2))
        run.send_signal(signal.SIGINT)
        reader.join()
        err = run.stderr.read()
        run.wait()
        assert run.returncode in (0, 130) or run.returncode < 0 and place.look(f"interrupt {n}, undo") == done, err
        assert run.returncode != 130 or "interrupted: " in err, err
        place.look(f"interrupt {n}, undo ended")
        place.is_clean(f"interrupt {n}, undo ended")
        place.undo_all()
        place.look(f"interrupt {n}, undone", all_old=True)
    print(f"Ctrl-C: {times} times on fix and on undo, {middle} in the middle; said so, every byte came back")


def changed_meanwhile(tool, root, dice, times, files):
    place = Place(tool, root, files)
    length = time_of(place)
    refused = 0
    for n in range(times):
        run = place.fix()
        time.sleep(dice.uniform(0, length * 0.7))
        others = dice.sample(sorted(place.old), files // 10)
        mine = {}
        for path in others:
            mine[path] = f"somebody wrote this meanwhile, number {n}\n".encode()
            path.write_bytes(mine[path])
        err = run.communicate()[1]
        refused += err.count("changed since it was read")
        assert run.returncode in (0, 2), err
        for path, text in mine.items():
            assert path.read_bytes() == text, f"change {n}: {path}: somebody's text is gone"
        place.look(f"change {n}", but=mine)
        place.is_clean(f"change {n}")
        said = place.run("undo", status=(0, 2))
        for path, text in mine.items():
            assert path.read_bytes() == text, f"change {n}, undone: {path}: somebody's text is gone"
        place.look(f"change {n}, undone", all_old=True, but=mine)
        assert "has changed since; left as it is" in said or run.returncode == 2 or "restored" in said, said
        for path in mine:
            path.write_bytes(place.old[path])
        shutil.rmtree(place.state, ignore_errors=True)
    print(f"changed in the middle: what somebody else wrote stays, {refused} times a write was refused for it")


def taken_away(tool, root, dice, times, files):
    """Permission lost, and folders that vanish, while it runs. Root may write everywhere: then somebody else does it."""
    user = NOBODY if os.getuid() == 0 else None
    lost = vanished = 0
    for n in range(times):
        home = Path(root) / str(n)
        home.mkdir()
        place = Place(tool, home, files, user=user)
        if n == 0:
            length = time_of(place)
        run = place.fix()
        time.sleep(dice.uniform(0, length * 0.7))
        closed, gone = place.work / "3", place.work / "7"
        closed.chmod(0o555)
        # At once, as a person would move it away.
        gone.rename(home / "gone")
        err = run.communicate()[1]
        assert run.returncode in (0, 2), err
        but = {path for path in place.old if path.parent == gone}
        place.look(f"taken {n}", but=but)
        lost += "ermission denied" in err
        vanished += "o such file" in err
        closed.chmod(0o755)
        for path in but:
            now = (home / "gone" / path.name).read_bytes()
            assert now in (place.old[path], place.new[path]), f"taken {n}: {path}: {now!r}"
        (home / "gone").rename(gone)
        place.undo_all()
        place.look(f"taken {n}, undone", all_old=True)
        place.is_clean(f"taken {n}")
    print(f"taken away: permission {lost} times, a folder {vanished} times of {times}; every byte came back")


def odd_folders(tool, root, dice, times, files):
    """A folder that may not be written to, one that may not be read, and links that lead in circles."""
    user = NOBODY if os.getuid() == 0 else None
    place = Place(tool, root, files, user=user)
    closed, hidden = place.work / "3", place.work / "5"
    (place.work / "circle").symlink_to(place.work)
    (place.work / "a").symlink_to("b")
    (place.work / "b").symlink_to("a")
    closed.chmod(0o555)
    hidden.chmod(0)
    err = place.run("fix", "--no-config", ".", "a", "circle", status=(2,))
    hidden.chmod(0o755)
    for said in ["3/3.txt: ", "cannot make a temporary file beside it: permission denied", "5: ", "a: "]:
        assert said in err, (said, err[-2000:])
    kept = {path for path in place.old if path.parent in (closed, hidden)}
    assert all(path.read_bytes() == place.old[path] for path in kept)
    assert place.look("odd") == len(place.old) - len(kept)
    assert not closed.chmod(0o755) and (place.work / "circle").is_symlink()
    place.undo_all()
    place.look("odd, undone", all_old=True)
    place.is_clean("odd")
    print("closed folders and circles of links: said, left as they are, the rest done, every byte came back")


def full_disk(tool, root, dice, times, files):
    """The disk is full for the files, and then for the journal. In a tmpfs, which somebody mounts for this."""
    for n in range(times):
        for what in ["files", "journal"]:
            disk = Path(root) / "disk"
            disk.mkdir(exist_ok=True)
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(disk)], check=True)
            try:
                (disk / "place").mkdir()
                place = Place(tool, disk / "place", 40)
                filler = disk / "filler"
                if what == "files":
                    place.state = Path(root) / f"state-{n}"
                    big = place.work / "big.txt"
                    place.old[big] = (BROKEN + b"\n") * 20000
                    place.new[big] = place.old[big].replace(BROKEN, RIGHT)
                    big.write_bytes(place.old[big])
                else:
                    moved = Path(root) / f"work-{n}"
                    shutil.copytree(place.work, moved)
                    place.old = {moved / path.relative_to(place.work): text for path, text in place.old.items()}
                    place.new = {moved / path.relative_to(place.work): text for path, text in place.new.items()}
                    place.work = moved
                place.env["UNBAKE_STATE_DIR"] = str(place.state)
                room = dice.randrange(0, 12) * 4096
                stat = os.statvfs(disk)
                filler.write_bytes(b"\0" * max(0, stat.f_bavail * stat.f_frsize - room))
                err = place.run("fix", "--no-config", ".", status=(2,))
                assert "o space left" in err or "full" in err, err[-2000:]
                done = place.look(f"full {what}")
                if what == "files":
                    assert place.temps() == []
                # Now and then there is no room to take it back, either; when there is, every byte comes back.
                place.run("undo", status=(0, 2))
                place.look(f"full {what}, half undone", cut=True)
                filler.unlink()
                if done:
                    place.undo_all()
                place.look(f"full {what}, undone", all_old=True)
                place.is_clean(f"full {what}")
                # And with room again all is done.
                place.run("fix", "--quiet", "--no-config", ".")
                assert place.look(f"room for {what}") == len(place.old)
                place.undo_all()
                place.look(f"room for {what}, undone", all_old=True)
            finally:
                subprocess.run(["umount", str(disk)], check=True)
    print("full disk: said, nothing half written, and with room again every byte came back")


PARTS = {part.__name__: part for part in
         [kills, archives, two_at_once, interrupted, changed_meanwhile, taken_away, odd_folders, full_disk]}


def main():
    args = [arg for arg in sys.argv[1:] if not arg.startswith("--")]
    flags = {arg for arg in sys.argv[1:] if arg.startswith("--")}
    if not args:
        sys.exit(__doc__)
    tool = str(Path(args[0]).resolve())
    quick = "--quick" in flags
    number = int(args[1]) if len(args) > 1 else 8 if quick else 500
    files = int(args[2]) if len(args) > 2 else 100 if quick else 2000
    only = {flag[2:] for flag in flags} & set(PARTS)
    seed = int(os.environ.get("SEED", time.time()))
    dice = random.Random(seed)
    print("seed", seed, flush=True)
    times = {"kills": number, "archives": max(3, number // 4), "two_at_once": 1 if quick else 5, "full_disk": 1 if quick else 20, "odd_folders": 1}
    for name, part in PARTS.items():
        if only and name not in only:
            continue
        if name == "full_disk" and os.getuid() != 0:
            # A namespace of our own, in which we may mount.
            again = ["unshare", "--user", "--map-root-user", "--mount", sys.executable, __file__, tool, "--full_disk"]
            again += ["--quick"] if quick else []
            may = shutil.which("unshare") and subprocess.run(again[:4] + ["true"], capture_output=True).returncode == 0
            if may:
                subprocess.run(again, check=True)
            else:
                print("full disk: left out: neither root nor a namespace to mount a small one in")
            continue
        with tempfile.TemporaryDirectory() as root:
            os.chmod(root, 0o755)
            part(tool, root, dice, times.get(name, 2 if quick else 20), files)


if __name__ == "__main__":
    main()
