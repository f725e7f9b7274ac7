#!/usr/bin/env python3
"""Archives made by real programs: broken, repaired by unbake, and opened again by those programs.

    cargo build --release && python3 tests/programs/archives.py target/release/unbake

What is made: EPUB (Python's zipfile), DOCX, ODT, XLSX and ODS (LibreOffice), zip (Info-ZIP, 7-Zip, zipfile), tar (GNU tar,
tarfile), gzip, bzip2, xz and zstd (their own programs), and what is nested. A program that is not installed is named and
left out. Checked for each: unbake finds the damage; after `fix` the program opens it and reads the right text, the members
that were right are the same bytes, order, times and modes are the same, a second `fix` finds nothing; after `undo` the file
is the same, byte for byte. And archives with names in an old encoding, with `unbake names`.
"""

import gzip
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

RIGHT = "Peter’s café at Évreux: “déjà vu”, naïve, 5 €."


def damage(text):
    """UTF-8 read as windows-1252; the bytes that it leaves undefined as C1 controls."""
    return "".join(bytes([b]).decode("cp1252", "replace").replace("\ufffd", chr(b)) for b in text.encode("utf-8"))


BROKEN = damage(RIGHT)
PROGRAM = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "target/release/unbake").resolve()
PASSED, LEFT_OUT = [], []


def run(*args, cwd=None, **more):
    return subprocess.run([str(a) for a in args], cwd=cwd, check=True, capture_output=True, **more).stdout


def unbake(folder, *args):
    env = dict(os.environ, UNBAKE_STATE_DIR=str(folder / "state"))
    return subprocess.run([PROGRAM, *args, *([] if args[0] == "undo" else ["--no-config"])],
                          cwd=folder, env=env, capture_output=True, text=True)


def check(name, path, look):
    """Repairs `path` and takes it back. `look` opens it and gives its text and whatever else must stay."""
    folder = path.parent
    old, stat = path.read_bytes(), path.stat()
    text, rest = look(path)
    assert BROKEN in text or damage("café") in text, f"{name}: the damage is not in there"
    found = unbake(folder, "check", path.name)
    assert found.returncode == 1 and f"{path.name}!/" in found.stdout, f"{name}: {found.stdout}{found.stderr}"
    fixed = unbake(folder, "fix", path.name)
    assert fixed.returncode == 0, f"{name}: {fixed.stderr}"
    after, same = look(path)
    assert after == text.replace(BROKEN, RIGHT).replace(damage("café"), "café"), f"{name}: {after[:300]!r}"
    assert same == rest, f"{name}: something else changed"
    assert path.stat().st_mode == stat.st_mode
    again = unbake(folder, "fix", path.name)
    assert again.returncode == 0 and "0 edits" in again.stderr, f"{name}: {again.stderr}"
    undone = unbake(folder, "undo")
    assert undone.returncode == 0 and path.read_bytes() == old, f"{name}: {undone.stderr}"
    PASSED.append(name)
    print(f"ok  {name}")


def has(*programs):
    missing = [p for p in programs if not shutil.which(p)]
    if missing:
        LEFT_OUT.append(" ".join(missing))
    return not missing


def zip_look(path):
    """Text of all text members, and what must stay of every member."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        text, rest = "", []
        for info in archive.infolist():
            content = archive.read(info)
            broken = info.filename.endswith((".txt", ".xhtml", ".xml", ".md"))
            if broken:
                text += content.decode("utf-8") + "\n"
            rest.append((info.filename, info.date_time, info.external_attr, info.extra, info.comment,
                         info.compress_type, info.flag_bits, None if broken else content))
        return text, (rest, archive.comment)


def epub(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip", zipfile.ZIP_STORED)
        book.writestr("META-INF/container.xml", '<?xml version="1.0"?><container version="1.0" '
                      'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
                      'full-path="c.opf" media-type="application/oebps-package+xml"/></rootfiles></container>')
        book.writestr("chapter1.xhtml", f"<html><body><p>{BROKEN}</p></body></html>\n" * 20)
        book.writestr("chapter2.xhtml", "<html><body><p>Nothing wrong, “not even” é.</p></body></html>\n" * 200)
        book.writestr("image.bin", os.urandom(50000))
        book.comment = b"a comment"


def wide(path):
    """A zip archive with all fields of 64 bits, as if it were too large for 32."""
    limits = zipfile.ZIP_FILECOUNT_LIMIT, zipfile.ZIP64_LIMIT
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a.txt", "b.txt"):
            with archive.open(name, "w", force_zip64=True) as member:
                member.write((BROKEN + "\n").encode("utf-8") * 5)
        zipfile.ZIP_FILECOUNT_LIMIT, zipfile.ZIP64_LIMIT = 0, 10
    zipfile.ZIP_FILECOUNT_LIMIT, zipfile.ZIP64_LIMIT = limits


def office(folder, kind, source, program):
    """A document of LibreOffice, made from a text or a table."""
    run("soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", kind, "--outdir", folder,
        *(("--infilter=Text (encoded):UTF8",) if program == "writer" else ("--infilter=CSV:44,34,76",)), source)


def office_look(folder):
    def look(path):
        """What LibreOffice itself reads, and the names and contents of the members that are no XML."""
        out = folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        table = path.suffix in (".xlsx", ".ods")
        kind = "csv:Text - txt - csv (StarCalc):44,34,76" if table else "txt:Text (encoded):UTF8"
        run("soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", kind, "--outdir", out,
            path)
        text = next(out.iterdir()).read_text(encoding="utf-8-sig")
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            members = [(i.filename, i.date_time, i.compress_type, i.extra,
                        None if i.filename.endswith(".xml") else archive.read(i)) for i in archive.infolist()]
        return text, members
    return look


def tar_look(path):
    with tarfile.open(path) as archive:
        text, rest = "", []
        for info in archive:
            content = archive.extractfile(info).read() if info.isfile() else b""
            broken = info.name.endswith((".txt", ".md"))
            text += content.decode("utf-8") + "\n" if broken else ""
            rest.append((info.name, info.mode, info.mtime, info.uid, info.uname, info.type, info.linkname,
                         None if broken else content))
    return text, rest


def tree(folder):
    (folder / "in" / "deep").mkdir(parents=True)
    (folder / "in" / "a.txt").write_text(BROKEN + "\n" + "and a right line: “é”\n" * 50, encoding="utf-8")
    (folder / "in" / "deep" / ("long" * 30 + ".txt")).write_text(BROKEN + "\n", encoding="utf-8")
    (folder / "in" / "deep" / "right.md").write_text("“right”\n", encoding="utf-8")
    (folder / "in" / "noise.bin").write_bytes(os.urandom(30000) + b"\0")
    (folder / "in" / "run.sh").write_text("#!/bin/sh\n")
    (folder / "in" / "run.sh").chmod(0o755)
    (folder / "in" / "link").symlink_to("a.txt")


def legacy_names(folder):
    """Archives of files whose names are in IBM866, as old programs stored them, made by today's programs."""
    right = ["Отчёт за прошлый год.txt", "Список покупок.doc", "Фотографии с моря/Вид из окна.jpg"]
    place = folder / "legacy"
    for name in right:
        path = os.path.join(os.fsencode(place), name.encode("ibm866"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(b"content of " + name.encode("utf-8"))
    made = {}
    if has("zip", "unzip"):
        run("zip", "-qr", folder / "legacy.zip", ".", cwd=place)
        made["zip (Info-ZIP)"] = folder / "legacy.zip"
    if has("tar"):
        for form in ("gnu", "pax"):
            run("tar", f"--format={form}", "-cf", folder / f"legacy-{form}.tar", ".", cwd=place)
            made[f"tar, {form} (GNU tar)"] = folder / f"legacy-{form}.tar"
        run("tar", "-czf", folder / "legacy.tar.gz", ".", cwd=place)
        made["tar.gz (GNU tar)"] = folder / "legacy.tar.gz"
    for kind, path in made.items():
        old = path.read_bytes()
        assert unbake(folder, "names", path.name).returncode == 1 and path.read_bytes() == old
        fixed = unbake(folder, "names", "--write", path.name)
        assert fixed.returncode == 0, f"{kind}: {fixed.stderr}"
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                assert archive.testzip() is None
                found = {i.filename: archive.read(i) for i in archive.infolist() if not i.is_dir()}
            out = folder / "unzipped"
            run("unzip", "-qo", path, "-d", out, env=dict(os.environ, LC_ALL="C.UTF-8"))
            assert all((out / name).exists() for name in right), f"{kind}: unzip made other names"
            shutil.rmtree(out)
        else:
            with tarfile.open(path) as archive:
                found = {i.name.removeprefix("./"): archive.extractfile(i).read() for i in archive if i.isfile()}
            run("tar", "-tf", path)
        assert found == {name: b"content of " + name.encode("utf-8") for name in right}, f"{kind}: {sorted(found)}"
        assert unbake(folder, "names", path.name).returncode == 0
        assert unbake(folder, "undo").returncode == 0 and path.read_bytes() == old, kind
        PASSED.append(f"names in {kind}")
        print(f"ok  names in {kind}")


def main():
    with tempfile.TemporaryDirectory() as root:
        folder = pathlib.Path(root)
        tree(folder)
        epub(folder / "book.epub")
        check("EPUB (zipfile)", folder / "book.epub", zip_look)
        with zipfile.ZipFile(folder / "book.epub") as book:
            assert book.infolist()[0].filename == "mimetype" and book.infolist()[0].compress_type == zipfile.ZIP_STORED
        if has("zip", "unzip"):
            run("zip", "-qry", "info.zip", "in", cwd=folder)
            check("zip (Info-ZIP)", folder / "info.zip", zip_look)
            run("zip", "-qry", "-0", "stored.zip", "in", cwd=folder)
            check("zip, stored (Info-ZIP)", folder / "stored.zip", zip_look)
            (folder / "stream.zip").write_bytes(run("sh", "-c", "zip -qr -fd - in/a.txt in/noise.bin", cwd=folder))
            check("zip of a stream (Info-ZIP)", folder / "stream.zip", zip_look)
            wide(folder / "wide.zip")
            check("zip64 (zipfile, read by Info-ZIP)", folder / "wide.zip",
                  lambda path: (run("unzip", "-p", path).decode(), run("unzip", "-tq", path)))
        seven = next((p for p in ("7zz", "7z", "7za") if shutil.which(p)), None)
        if seven or has("7z"):
            run(seven, "a", "-tzip", "seven.zip", "in", "-xr!link", cwd=folder)

            def seven_look(path):
                run(seven, "t", path)
                return zip_look(path)

            check("zip (7-Zip)", folder / "seven.zip", seven_look)
        if has("tar"):
            for form in ("gnu", "pax", "ustar", "v7"):
                what = ["in/a.txt", "in/noise.bin"] if form in ("v7", "ustar") else ["in"]
                run("tar", f"--format={form}", "-cf", f"{form}.tar", *what, cwd=folder)

                def gnu_look(path):
                    run("tar", "-tvf", path)
                    return tar_look(path)

                check(f"tar, {form} (GNU tar)", folder / f"{form}.tar", gnu_look)
            run("tar", "-czf", "all.tar.gz", "in", cwd=folder)
            check("tar.gz (GNU tar)", folder / "all.tar.gz", tar_look)
        with tarfile.open(folder / "python.tar", "w") as archive:
            archive.add(folder / "in", "in")
        check("tar (tarfile)", folder / "python.tar", tar_look)
        for program, ending, back in (("gzip", "gz", "-dc"), ("bzip2", "bz2", "-dc"), ("xz", "xz", "-dc"), ("zstd", "zst", "-dc")):
            if has(program):
                packed = folder / f"a.txt.{ending}"
                packed.write_bytes(run(program, "-c", folder / "in" / "a.txt"))

                def packed_look(path, program=program, back=back):
                    run(program, "-t", path)
                    return run(program, back, path).decode(), None

                check(f"{ending} ({program})", packed, packed_look)
                if program != "gzip" and shutil.which("tar"):
                    whole = folder / f"all.tar.{ending}"
                    whole.write_bytes(run(program, "-c", folder / "gnu.tar"))
                    check(f"tar.{ending} ({program})", whole,
                          lambda path, p=program, b=back: tar_look_bytes(run(p, b, path)))
        legacy_names(folder)
        with zipfile.ZipFile(folder / "nested.zip", "w") as archive:
            archive.write(folder / "all.tar.gz", "x/all.tar.gz")
            archive.write(folder / "book.epub", "book.epub")

        def nested_look(path):
            with zipfile.ZipFile(path) as archive:
                inner = gzip.decompress(archive.read("x/all.tar.gz"))
                return tar_look_bytes(inner)

        check("a tar.gz in a zip", folder / "nested.zip", nested_look)
        if has("soffice"):
            (folder / "text.txt").write_text(BROKEN + "\n", encoding="utf-8")
            (folder / "table.csv").write_text(f'1,"{damage("café")}"\n2,right é\n', encoding="utf-8")
            for kind, source, program in (("docx", "text.txt", "writer"), ("odt", "text.txt", "writer"),
                                          ("xlsx", "table.csv", "calc"), ("ods", "table.csv", "calc")):
                office(folder, kind, folder / source, program)
                made = folder / (pathlib.Path(source).stem + "." + kind)
                if made.exists():
                    check(f"{kind} (LibreOffice)", made, office_look(folder))
                else:
                    LEFT_OUT.append(f"LibreOffice without {program}")
    print(f"{len(PASSED)} kinds of archives went there and back" +
          (f"; left out: {', '.join(LEFT_OUT)}" if LEFT_OUT else ""))


def tar_look_bytes(content):
    with tempfile.NamedTemporaryFile(suffix=".tar") as file:
        file.write(content)
        file.flush()
        return tar_look(file.name)


if __name__ == "__main__":
    main()
