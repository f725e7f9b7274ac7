#!/usr/bin/env python3
"""Tries the page of `unbake check --format html` in a real Chromium, without a window.

    python3 tests/browser/report.py target/release/unbake [FOLDER-FOR-SCREENSHOTS]

Needs `chromium` and Python 3, nothing else: it speaks to the browser through a page that it makes, in which a second script
presses the keys and writes what it saw into the title. Checked: hostile text runs no script, keys decide, the decisions are
obeyed by `unbake fix --decisions`, and 100,000 changes are shown at once.
"""
import html
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# "Peter’s café" read as windows-1252, by its code points, so that this file is right as it stands.
BROKEN = "Peter\u00e2\u20ac\u2122s caf\u00c3\u00a9"
RIGHT = "Peter\u2019s caf\u00e9"
HOSTILE = f"</script><script>document.title='RAN'</script><img src=x onerror=\"document.title='RAN'\"> {BROKEN} <!--\n"


def unbake(tool, folder, *args):
    env = {**os.environ, "UNBAKE_STATE_DIR": str(folder / ".state")}
    return subprocess.run([tool, *args], cwd=folder, env=env, capture_output=True, text=True)


def chromium(page, *options):
    with tempfile.TemporaryDirectory() as profile:
        command = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                   f"--user-data-dir={profile}", "--window-size=1400,900", "--virtual-time-budget=20000", *options,
                   page.resolve().as_uri()]
        return subprocess.run(command, capture_output=True, text=True, timeout=300).stdout


def driven(page, steps):
    """What `steps`, a script in the page, leaves in its title."""
    text = page.read_text(encoding="utf-8")
    nonce = re.search(r'<script nonce="([0-9a-f]+)">', text)[1]
    script = (f'<script nonce="{nonce}">const press = (key) => document.dispatchEvent(new KeyboardEvent("keydown", '
              f'{{ key, bubbles: true }}));\nwindow.confirm = () => true;\n{steps}\n</script></body>')
    # Keys go to what has the focus; the page listens at the document.
    script = script.replace("document.dispatchEvent", "document.getElementById('list').dispatchEvent")
    to = page.with_suffix(".driven.html")
    to.write_text(text[:text.rindex("</body>")] + script + text[text.rindex("</body>") + 7:], encoding="utf-8")
    title = re.search(r"<title>(.*?)</title>", chromium(to, "--dump-dom"), re.S)
    return html.unescape(title[1])


def main():
    tool = str(Path(sys.argv[1]).resolve())
    shots = Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "a.txt").write_text(HOSTILE + f"{BROKEN}\n" * 2, encoding="utf-8")
        (folder / "b <i>.txt").write_text(f"{BROKEN}\n", encoding="utf-8")
        ran = unbake(tool, folder, "check", "--format", "html", "--alternatives", "-o", "report.html", "a.txt", "b <i>.txt")
        assert ran.returncode == 1, ran
        page = folder / "report.html"

        # Accept the first, refuse the second, accept all of the same text as the third, take it back, accept the last.
        steps = """
            const saved = [];
            const blob = window.Blob;
            URL.createObjectURL = (made) => { made.text().then((text) => {
                document.title = JSON.stringify({ text, count: document.getElementById("done").textContent,
                    rows: document.querySelectorAll("#tall .row").length, images: document.images.length,
                    shown: document.getElementById("count").textContent });
            }); return "about:blank#"; };
            HTMLAnchorElement.prototype.click = () => {};
            press("y"); press("n"); press("t"); press("u"); press("End"); press("y"); press("s");
        """
        seen = json.loads(driven(page, steps))
        assert seen["images"] == 0, seen
        assert seen["count"] == "2 accepted, 1 refused, 5 open", seen
        (folder / "decisions.jsonl").write_text(seen["text"], encoding="utf-8")
        ran = unbake(tool, folder, "fix", "--decisions", "decisions.jsonl")
        assert ran.returncode == 0 and "2 edits in 2 files" in ran.stderr, ran
        first = (folder / "a.txt").read_text(encoding="utf-8")
        assert first == HOSTILE.replace("\u00e2\u20ac\u2122", "\u2019") + f"{BROKEN}\n" * 2, first
        last = (folder / "b <i>.txt").read_text(encoding="utf-8")
        assert last == BROKEN.replace("\u00c3\u00a9", "\u00e9") + "\n", last

        # Search and sort.
        steps = """
            const search = document.getElementById("search");
            search.value = "b <i>"; search.dispatchEvent(new Event("input", { bubbles: true }));
            setTimeout(() => { document.title = document.getElementById("count").textContent + ", "
                + document.querySelector("#tall .row .place").textContent; }, 1000);
        """
        assert driven(page, steps) == "2 shown, b <i>.txt:1:6", driven(page, steps)

        # Many.
        many = folder / "many"
        many.mkdir()
        for n in range(50):
            (many / f"{n}.txt").write_text(f"{BROKEN} number {n}\n" * 1000, encoding="utf-8")
        unbake(tool, folder, "check", "--format", "html", "-o", "many.html", "many")
        steps = """
            press("End");
            setTimeout(() => { document.title = document.getElementById("count").textContent + ", "
                + (document.querySelectorAll("#tall .row").length < 100) + ", "
                + document.querySelector('#tall .row[aria-selected="true"] .place').textContent; }, 1000);
        """
        title = driven(folder / "many.html", steps)
        assert title == "100,000 shown, true, many/9.txt:1000:14", title
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            seeds = Path(__file__).resolve().parents[2] / "seeds"
            page = folder / "report.html"
            ran = subprocess.run([tool, "check", "--no-config", "--format", "html", "--alternatives", "-o", str(page), "seeds"],
                                 cwd=seeds.parent, capture_output=True, text=True)
            assert ran.returncode == 1, ran
            for theme, options in [("light", []), ("dark", ["--blink-settings=preferredColorScheme=0"])]:
                chromium(page, f"--screenshot={shots / f'report-{theme}.png'}", *options)
    print("all well")


if __name__ == "__main__":
    main()
