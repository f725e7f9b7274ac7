"""Makes texts, runs the tools on them in turns, and prints what each took; `compare.sh` calls it."""

import datetime
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time

MB = 1_000_000
SIZE = int(os.environ.get("COMPARE_MB", "60")) * MB
ROUNDS = int(os.environ.get("COMPARE_ROUNDS", "3"))
# What is slow gets less text, so that a run ends within some minutes.
SMALL = min(SIZE, 2 * MB)

WORDS = {
    "English": "the harbour was quiet when we came back from an island and nobody had expected such a letter to arrive so "
    "soon she said that it would rain again before evening",
    "French": "le marché ouvre tôt et les étals sont déjà pleins elle a oublié son parapluie près de la fenêtre à bientôt "
    "répondit-il à sa sœur où l'été s'achève",
    "Russian": "утром на рынке было тихо и торговцы ещё спали она забыла зонт у окна и вернулась домой до скорой встречи "
    "сказал он с улыбкой",
    "Chinese": "清晨 市场 安静 商贩 还在 睡觉 雨伞 忘在 窗边 回家 他们 笑着 再见 明天 下雨 朋友 学校 老师",
    "Arabic": "كان السوق هادئا في الصباح الباكر نسيت مظلتها قرب النافذة وعادت إلى البيت قال مبتسما إلى اللقاء",
    "Hindi": "सुबह बाज़ार शांत था और दुकानदार सो रहे थे वह अपना छाता खिड़की के पास भूल गई फिर मिलेंगे",
}


def text(language, size, seed=1):
    """Lines of the words of a language, in a random order."""
    words, chance = WORDS[language].split(), random.Random(seed)
    space, lines, length = "" if language == "Chinese" else " ", [], 0
    # A block of distinct lines, repeated: what is made word by word takes longer to make than to read.
    while length < min(size, 4 * MB):
        line = space.join(chance.choices(words, k=chance.randint(5, 40))) + "\n"
        lines.append(line)
        length += len(line.encode())
    block = "".join(lines).encode()
    return block * max(1, size // len(block))


def broken(data):
    """UTF-8 read as windows-1252, with the C1 controls that it leaves undefined."""
    return "".join(
        bytes([b]).decode("latin-1" if b in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else "windows-1252") for b in data
    ).encode()


def run(command, path, feed):
    """Wall time and processor time in seconds."""
    with open(path if feed else os.devnull, "rb") as stdin, open(os.devnull, "wb") as null:
        began = time.perf_counter()
        child = subprocess.Popen(command, stdin=stdin, stdout=null, stderr=null)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
    # 1: unbake has found something, rg nothing.
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"failed: {command}")
    return wall, usage.ru_utime + usage.ru_stime


def compare(title, size, tools):
    """Runs the tools in turns, so that the machine's moods hit all alike, and prints the best of each."""
    best = {}
    for _ in range(ROUNDS):
        for name, (command, path, feed, share) in tools.items():
            wall, cpu = run(command, path, feed)
            old = best.get(name, (wall, cpu))
            best[name] = (min(wall, old[0]), min(cpu, old[1]))
    first = next(iter(tools))
    print(f"\n| {title} | wall s | processor s | MB per processor s | {first}: times as fast | by wall time |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")

    def rate(name, clock):
        return size * tools[name][3] / max(best[name][clock], 0.0001) / MB

    for name, (wall, cpu) in best.items():
        ratios = [rate(first, clock) / rate(name, clock) for clock in (1, 0)]
        print(f"| {name} | {wall:.3f} | {cpu:.3f} | {rate(name, 1):,.1f} | {ratios[0]:,.2f} | {ratios[1]:,.2f} |", flush=True)


def main():
    unbake, venv = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    cpu = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
        cpu = f"{names[0]}, {len(names)} cores" if names else cpu
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{datetime.date.today()}, commit {commit}, {cpu}{load}; best of {ROUNDS}")

    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        plsfix = "import sys, plsfix\nfor line in open(sys.argv[1], encoding='utf-8', newline=''): plsfix.fix_text(line)"

        def others(name, small):
            """The tools that read one file from end to end; with what share of the large text."""
            share = os.path.getsize(small) / os.path.getsize(name)
            tools = {
                "ftfy": ([f"{venv}/ftfy", "-o", os.devnull, small], small, False, share),
                "plsfix": ([f"{venv}/python", "-c", plsfix, small], small, False, share),
                "rg -c": (["rg", "-j1", "-c", "â€", name], name, False, 1),
                "iconv": (["iconv", "-f", "utf-8", "-t", "utf-16le", name], name, False, 1),
                "uconv": (["uconv", "-f", "utf-8", "-t", "utf-16le", name], name, False, 1),
            }
            return {tool: how for tool, how in tools.items() if os.path.isabs(how[0][0]) or shutil.which(how[0][0])}

        for language in WORDS:
            data = text(language, SIZE)
            open("large", "wb").write(data)
            open("small", "wb").write(text(language, SMALL, 2)[:SMALL].decode(errors="ignore").encode())
            mine = {"unbake": ([unbake, "check", "-j1", "large"], "large", False, 1)}
            compare(f"{language}, clean", len(data), mine | others("large", "small"))

        data = broken(text("French", SMALL))
        open("small", "wb").write(data)
        open("large", "wb").write(data * max(1, SIZE // 10 // len(data)))
        mine = {"unbake": ([unbake, "check", "-j1", "large"], "large", False, 1)}
        compare("French, broken throughout", os.path.getsize("large"), mine | others("large", "small"))
        os.remove("large")

        # A tree of many small files and a few large ones, mostly English, as trees are.
        chance, size = random.Random(3), 0
        texts = {language: text(language, 4 * MB).decode() for language in WORDS}
        for n in range(6000):
            language = "English" if n % 3 else chance.choice(list(texts))
            whole = texts[language]
            length = min(int(chance.lognormvariate(8.5, 1.2)), len(whole) // 2)
            start = chance.randrange(len(whole) - length)
            os.makedirs(f"tree/{n % 97}/{n % 7}", exist_ok=True)
            data = whole[start : start + length].encode()
            open(f"tree/{n % 97}/{n % 7}/{n}.txt", "wb").write(data)
            size += len(data)
        threads = os.cpu_count() or 1
        for count in sorted({1, threads}):
            tools = {f"unbake -j{count}": ([unbake, "check", f"-j{count}", "tree"], "tree", False, 1)}
            if shutil.which("rg"):
                tools["rg -c"] = (["rg", f"-j{count}", "-c", "â€", "tree"], "tree", False, 1)
            compare(f"clean tree, 6,000 files, {count} threads", size, tools)

        lines = []
        for n, line in enumerate(texts["English"].splitlines() + texts["French"].splitlines()):
            record = {"id": n, "url": f"https://example.org/{n}", "text": f"{line}\n“{line}”", "score": 0.5}
            lines.append(json.dumps(record, ensure_ascii=False) + "\n")
        block = "".join(lines).encode()
        open("records", "wb").write(block * max(1, 3 * SIZE // len(block)))
        size = os.path.getsize("records")
        tools = {}
        for count in sorted({threads, 1}, reverse=True):
            tools[f"unbake pipe --jsonl -j{count}"] = ([unbake, "pipe", "--jsonl", f"-j{count}"], "records", True, 1)
        compare("clean records", size, tools)

        for n in range(20):
            open(f"few{n}.txt", "w", encoding="utf-8").write("A right line, “quoted”, café\n")
        few = [f"few{n}.txt" for n in range(20)]
        tools = {
            "unbake --version": ([unbake, "--version"], "few0.txt", False, 1),
            "one small file": ([unbake, "check", few[0]], few[0], False, 1),
            "twenty small files": ([unbake, "check", *few], few[0], False, 1),
        }
        compare("start", 1, tools)


if __name__ == "__main__":
    main()
