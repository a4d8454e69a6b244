"""Files as strangers make them: hostile, damaged and odd, each made here and none of them kept."""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import NamedTuple

from .documents import RELATIONS, TYPES, WORD, docx, paragraph, pdf

BODY = "The dam was opened on Saturday by the governor, who had waited for it for thirty years."
MORE = "It holds forty million cubic metres of water, more than any other dam of the country."
LAST = "Nobody was hurt when it was built, said Ann Karlsson, who led the works for eleven years."
XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
MANY = 10_000


class Case(NamedTuple):
    """A file, and what must become of it."""

    file: str
    make: Callable[[], bytes]
    refused: str | None = None
    """What its refusal says; None where it is an article."""
    says: tuple[str, ...] = ()
    """Sentences that can be quoted from it."""
    never: tuple[str, ...] = ()
    """What stands in no sentence and in no fact of record."""
    facts: tuple[tuple[str, str | None], ...] = ()
    sidecar: Callable[[], bytes] | None = None


def page(inside: str = "", head: str = "", before: str = "", attributes: str = "") -> bytes:
    """A page with an article of three paragraphs, something among them, in its head and in front of it."""
    return (
        f"<!DOCTYPE html><html{attributes}><head>{head}</head><body>{before}<article><h1>A dam for the valley</h1>"
        f"<p>{BODY}</p>{inside}<p>{MORE}</p><p>{LAST}</p></article></body></html>"
    ).encode()


def ld(held: object) -> str:
    """A script that describes the page."""
    return f'<script type="application/ld+json">{held if isinstance(held, str) else json.dumps(held)}</script>'


def meta(name: str, content: str) -> str:
    """A meta element."""
    return f'<meta property="{name}" content="{content}">'


def archive(
    *parts: tuple[str, bytes | str], whole: bool = True, method: int = zipfile.ZIP_DEFLATED, document: str | None = None
) -> bytes:
    """A zip archive of these parts; with what makes a Word document of it, where `whole`."""
    made = io.BytesIO()
    body = f'{XML_HEAD}<w:document xmlns:w="{WORD}"><w:body>{paragraph(BODY)}</w:body></w:document>'
    first = [("[Content_Types].xml", TYPES), ("_rels/.rels", RELATIONS), ("word/document.xml", document or body)]
    with zipfile.ZipFile(made, "w", method) as packed:
        for name, data in [*(first if whole else []), *parts]:
            packed.writestr(name, data)
    return made.getvalue()


def protected() -> bytes:
    """A zip archive whose parts say that they are encrypted."""
    made = bytearray(docx(paragraph(BODY)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = made.find(mark)
        while place >= 0:
            made[place + offset] |= 1
            place = made.find(mark, place + 4)
    return bytes(made)


def lying(size: int) -> bytes:
    """A zip archive that states another size for its document than it has."""
    made = bytearray(docx(paragraph(BODY)))
    central = made.find(b"PK\x01\x02")
    while central >= 0:
        length = struct.unpack_from("<H", made, central + 28)[0]
        if made[central + 46 : central + 46 + length] == b"word/document.xml":
            struct.pack_into("<I", made, central + 24, size)
        central = made.find(b"PK\x01\x02", central + 4)
    return bytes(made)


def overlapping() -> bytes:
    """A zip archive of many names for one piece of data, as bombs that need no nesting are made."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = b"\0" * (2**20 - 1)
    packed = kernel.compress(zeros) + kernel.flush()
    name = b"word/document.xml"
    fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x21, zlib.crc32(zeros), len(packed), len(zeros), len(name), 0)
    local = b"PK\x03\x04" + fields + name + packed
    central = b""
    names = [b"[Content_Types].xml", b"_rels/.rels", name, *(b"word/%d.xml" % number for number in range(1000))]
    for each in names:
        head = struct.pack("<HHHHHHIII", 20, 20, 0, 8, 0, 0x21, zlib.crc32(zeros), len(packed), len(zeros))
        central += b"PK\x01\x02" + head + struct.pack("<HHHHHII", len(each), 0, 0, 0, 0, 0, 0) + each
    end = struct.pack("<HHHHIIH", 0, 0, len(names), len(names), len(central), len(local), 0)
    return local + central + b"PK\x05\x06" + end


def entities(levels: int = 12) -> str:
    """A declaration of entities that stand for ten of each other."""
    each = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE w [<!ENTITY l0 "lol">{each}]>'


def word(head: str, inside: str, encoding: str = "utf-8") -> bytes:
    """A Word document whose document has something in front of its root, and inside."""
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    text = f'{declared}{head}<w:document xmlns:w="{WORD}"><w:body>{inside}</w:body></w:document>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("[Content_Types].xml", TYPES)
        packed.writestr("_rels/.rels", RELATIONS)
        packed.writestr("word/document.xml", text.encode(encoding))
    return made.getvalue()


def raw_pdf(*objects: bytes, trailer: bytes = b"", size: int | None = None) -> bytes:
    """A PDF document of these objects; the first is its catalog."""
    made, places = b"%PDF-1.7\n", []
    for number, held in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, held)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    last = b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF"
    return made + head + last % (size or len(objects) + 1, trailer, len(made))


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
FONT = b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
LEAF = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources " + FONT + b" >>"


def stream(data: bytes, more: bytes = b"", length: int | None = None) -> bytes:
    """A stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data) if length is None else length, more, data)


def shown(text: str = BODY, at: bytes = b"72 720 Td") -> bytes:
    """What draws a line of text."""
    return b"BT /F1 12 Tf " + at + b" (" + text.encode("latin-1") + b") Tj ET"


def encrypted(user: str) -> bytes:
    """A PDF document protected with RC4 by this password."""
    import pypdf  # noqa: PLC0415  # the only one that needs it

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf([MORE])))
    writer.encrypt(user, "owner", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def with_aes() -> bytes:
    """A PDF document that says that it is protected with AES."""
    more = b"/Filter /Standard /V 5 /R 6 /Length 256 /CF << /StdCF << /CFM /AESV3 /Length 32 >> >> /StmF /StdCF /StrF /StdCF"
    keys = b"/O (%s) /U (%s) /OE (%s) /UE (%s) /Perms (%s) /P -4" % (
        b"o" * 48,
        b"u" * 48,
        b"e" * 32,
        b"f" * 32,
        b"p" * 16,
    )
    return raw_pdf(
        CATALOG, PAGES, LEAF, stream(shown()), b"<< %s %s >>" % (more, keys), trailer=b"/Encrypt 5 0 R /ID [(a) (a)]"
    )


def deflated(times: int, data: bytes) -> bytes:
    """Data deflated so many times."""
    for _ in range(times):
        data = zlib.compress(data, 9)
    return data


def text(content: str, encoding: str = "utf-8") -> Callable[[], bytes]:
    """Bytes of a text."""
    return lambda: content.encode(encoding)


def made(content: bytes) -> Callable[[], bytes]:
    """These bytes."""
    return lambda: content


TEXTS = {
    "empty": Case("empty.txt", made(b""), "is empty"),
    "white space": Case("white.txt", made(b" \n\t\r\n "), "is empty"),
    "only a byte order mark": Case("mark.txt", made(b"\xef\xbb\xbf"), "is empty"),
    "all 0xFF": Case("ff.txt", made(b"\xff" * 100), "too little of it is plain letters"),
    "NUL": Case("nul.txt", made(b"The dam\0was opened."), "is not text"),
    "UTF-16 LE with a mark": Case("16le.txt", lambda: b"\xff\xfe" + BODY.encode("utf-16-le"), "is not text"),
    "UTF-16 LE without one": Case("16le-bare.txt", text(BODY, "utf-16-le"), "is not text"),
    "UTF-16 BE with a mark": Case("16be.txt", lambda: b"\xfe\xff" + BODY.encode("utf-16-be"), "is not text"),
    "UTF-16 BE without one": Case("16be-bare.txt", text(BODY, "utf-16-be"), "is not text"),
    "UTF-32": Case("32.txt", text(BODY, "utf-32"), "is not text"),
    "Windows-1252": Case("1252.txt", text("“Café Ek” is open — said Ann.", "cp1252"), says=("“Café Ek” is open — said Ann.",)),
    "halves of surrogate pairs": Case("cesu.txt", made(b"The dam \xed\xa0\xbd\xed\xb8\x80 was opened."), "damaged places"),
    "UTF-8 with one wrong byte": Case("wrong.txt", made("“Café” – “naïve” \x91x".encode() + b"\xff"), "damaged places"),
    "UTF-8 cut in a character": Case("cut.txt", made("The dam “was” opened “".encode()[:-1]), "damaged places"),
    "marks of direction": Case("bidi.txt", text("The dam \u202ewas\u202c opened \u2067here\u2069 today."), says=("The dam \u202ewas\u202c opened \u2067here\u2069 today.",)),
    "zero width": Case("zero.txt", text("The\u200b dam\u2060 was\ufeff opened to\u200cday."), says=("The\u200b dam\u2060 was\ufeff opened to\u200cday.",)),
    "a flood of marks": Case("marks.txt", text("The da" + "\u0301" * 100_000 + "m was opened."), says=("The da" + "\u0301" * 100_000 + "m was opened.",)),
    "a line of 50 MB": Case("line.txt", lambda: b"a " * (25 * 2**20), "at most"),
    "a sentence of 1 MB": Case("long.txt", lambda: b"The dam was opened" + b" and opened again" * 60_000 + b"."),
    "a hundred thousand sentences": Case("many.txt", lambda: b"The dam holds water. It is new.\n" * 50_000),
    "ten thousand lines of a word": Case("words.txt", lambda: b"dam\n" * MANY),
    "brackets within each other": Case("brackets.txt", text("(" * MANY + "The dam was opened." + ")" * MANY)),
    "quotations within each other": Case("quotes.txt", text("“‘" * MANY + "The dam was opened." + "’”" * MANY)),
    "nothing but full stops": Case("stops.txt", text("." * 100_000)),
    "nothing but initials": Case("initials.txt", text("A. " * MANY)),
    "controls of a terminal": Case("escape.txt", text("The \x1b[31mdam\x1b[0m was opened by the governor, " * 20 + "and he said so at length, in words of his own."), "full of control"),
    "Russian in Windows-1251": Case("1251.txt", text("Плотина открыта в субботу губернатором.", "cp1251"), "too little of it is plain letters"),
    "Japanese in Shift JIS": Case("sjis.txt", text("ダムは土曜日に知事によって開かれました。" * 3, "shift_jis"), "is not text|not text in UTF-8"),
    "old line ends": Case("mac.txt", text(f"A dam for the valley\r\r{BODY}\r{MORE}"), says=(BODY, MORE)),
    "a gzip file": Case("gzip.txt", lambda: gzip.compress(BODY.encode()), "is a gzip archive"),
    "a gzip bomb": Case("bomb.txt", lambda: gzip.compress(b"\0" * (64 * 2**20)), "is a gzip archive"),
    "the mark of a PDF in the middle": Case("pdf-inside.txt", text(f"{BODY} " * 30 + "%PDF-1.4 is how such a file begins."), says=(BODY,)),
    "mentions and markup": Case("markup.txt", text("@everyone <@1> said </help:0> and <t:0> in ```code```."), says=("@everyone <@1> said </help:0> and <t:0> in ```code```.",)),
    "a source that is a script": Case("script.txt", text(f"A dam for the valley\n{BODY}\nSOURCE: javascript:alert(1)"), facts=(("url", None),)),
}  # fmt: skip

PAGE = {
    "a page gzipped": Case("gzip.html", lambda: gzip.compress(page()), "is a gzip archive"),
    "a page in UTF-16": Case("16.html", lambda: page().decode().encode("utf-16"), "holds no HTML"),
    "Latin-1, declared": Case("latin.html", lambda: page("<p>The café was opened on Sunday by a cook from the town.</p>", '<meta charset="iso-8859-1">').decode().encode("latin-1"), says=("The café was opened on Sunday by a cook from the town.",)),
    "Latin-1, undeclared": Case("latin-bare.html", lambda: page("<p>The café was opened on Sunday by a cook from the town.</p>").decode().encode("latin-1"), says=("The café was opened on Sunday by a cook from the town.",)),
    "UTF-8 declared as something else": Case("declared.html", lambda: page("<p>The café was opened on Sunday by a cook from the town.</p>", '<meta charset="iso-8859-1">'), says=("The café was opened on Sunday by a cook from the town.",)),
    "UTF-16 declared, ASCII held": Case("declared16.html", lambda: page(head='<meta charset="utf-16">'), says=(BODY,)),
    "UTF-7 declared": Case("utf7.html", lambda: page("<p>The dam +ADw-script+AD4- was opened once more on Sunday by its cook.</p>", '<meta charset="utf-7">'), says=("The dam +ADw-script+AD4- was opened once more on Sunday by its cook.",), never=("<script>",)),
    "a codec that is none of the web": Case("codec.html", lambda: page(head='<meta charset="unicode_escape">'), says=(BODY,)),
    "no body": Case("nobody.html", text("<!DOCTYPE html><html><head><title>A dam</title></head></html>"), "no article is found"),
    "nothing but a doctype": Case("doctype.html", text("<!DOCTYPE html>"), "page"),
    "no article": Case("noarticle.html", text("<html><body><nav><a href='/'>Home</a> <a href='/a'>News</a></nav></body></html>"), "no article is found"),
    "frames": Case("frames.html", text("<html><frameset cols='1,2'><frame src='a.html'><frame src='b.html'></frameset></html>"), "no article is found"),
    "text in scripts alone": Case("scripts.html", text(f"<html><body><script>document.write({BODY!r})</script></body></html>"), "no article is found"),
    "a hundred thousand elements within each other": Case("deep.html", lambda: page("<div>" * 100_000 + f"<p>{BODY}</p>"), "deep"),
    "260 elements within each other": Case("deep-enough.html", lambda: page("<span>" * 260 + "deep" + "</span>" * 260), "deep"),
    "240 elements within each other": Case("nearly.html", lambda: page("<div>" * 240 + f"<p>{LAST} It is so.</p>" + "</div>" * 240), says=(BODY, MORE)),
    "a huge attribute": Case("attribute.html", lambda: page(f'<p data-a="{"x" * 4_000_000}">{LAST}</p>'), says=(BODY,)),
    "ten thousand attributes": Case("attributes.html", lambda: page("<p " + " ".join(f"a{n}=b" for n in range(MANY)) + f">{LAST}</p>"), says=(BODY,)),
    "a comment that does not end": Case("comment.html", lambda: page("<!-- "), never=(MORE,)),
    "a script that does not end": Case("unclosed.html", lambda: page("<script>var a = 1;"), never=(MORE, "var a")),
    "plaintext": Case("plaintext.html", lambda: page("<plaintext>"), never=()),
    "entities of its own": Case("entities.html", lambda: entities().encode() + page("<p>It was &l11; opened.</p>"), refused="", never=("lollol",)),
    "a DTD of this machine": Case("dtd.html", lambda: b'<!DOCTYPE html SYSTEM "file:///etc/passwd" [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + page("<p>It was &x; opened on Sunday in the valley by a cook.</p>")[15:], never=("root:",)),
    "references to no character": Case("references.html", lambda: page("<p>It was &#x110000;&#0;&#xD800; opened on Sunday in the valley by a cook.</p>"), says=(BODY,), never=("\0", "\ud800")),
    "a refresh and a base": Case("refresh.html", lambda: page(head='<meta http-equiv="refresh" content="0;url=https://evil.example/"><base href="https://evil.example/"><link rel="canonical" href="/dam">'), facts=(("url", None),)),
    "a canonical link that is a script": Case("js.html", lambda: page(head='<link rel="canonical" href="javascript:alert(1)">'), facts=(("url", None),)),
    "a canonical link over two lines": Case("newline.html", lambda: page(head='<link rel="canonical" href="https://example.com/a&#10;b">'), facts=(("url", None),)),
    "a canonical link with a user": Case("user.html", lambda: page(head='<link rel="canonical" href="https://example.com@evil.example/">'), facts=(("url", None),)),
    "a canonical link of another scheme": Case("ftp.html", lambda: page(head='<link rel="canonical" href="ftp://example.com/a">'), facts=(("url", None),)),
    "a canonical link with a mark of direction": Case("rlo.html", lambda: page(head='<link rel="canonical" href="https://example.com/\u202egpj.exe">'), facts=(("url", None),)),
    "broken JSON-LD": Case("ld-broken.html", lambda: page(head=ld('{"@type": "NewsArticle", "headline": ')), facts=(("title", "A dam for the valley"),)),
    "deep JSON-LD": Case("ld-deep.html", lambda: page(head=ld("[" * 100_000)), says=(BODY,)),
    "large JSON-LD": Case("ld-large.html", lambda: page(head=ld({"@type": "NewsArticle", "headline": "x" * 7_000_000})), facts=(("title", "A dam for the valley"),)),
    "JSON-LD of several articles": Case("ld-several.html", lambda: page(head=ld([{"@type": "NewsArticle", "author": "Ann", "url": "https://example.com/1"}, {"@type": "NewsArticle", "author": "Bo"}])), facts=(("author", None), ("url", None))),
    "JSON-LD with numbers for names": Case("ld-numbers.html", lambda: page(head=ld({"@type": "NewsArticle", "headline": 7, "author": [1, {"name": 2}, None, {"name": ["Ann", 3]}], "publisher": True, "datePublished": 20260425})), facts=(("author", "Ann"), ("publisher", None), ("published", None))),
    "a hundred authors": Case("ld-authors.html", lambda: page(head=ld({"@type": "NewsArticle", "author": [{"name": f"Ann Number {n} of the Valley of Lomma"} for n in range(100)]}))),
    "a date with a line break": Case("ld-date.html", lambda: page(head=ld({"@type": "NewsArticle", "datePublished": "2026-04-25\n10:00"})), facts=(("published", None),)),
    "a title of 10 kB": Case("title.html", lambda: page(head=f"<title>{'dam ' * 2500}</title>{meta('og:title', 'dam ' * 2500)}"), facts=(("title", "A dam for the valley"),)),
    "a headline of 10 kB": Case("headline.html", lambda: page().replace(b"A dam for the valley", b"dam " * 2500), facts=(("title", None),)),
    "a title with marks of direction": Case("title-bidi.html", lambda: page(head=meta("og:title", "A \u202edam")), facts=(("title", "A dam for the valley"),)),
    "a title over lines": Case("title-lines.html", lambda: page(head=meta("og:title", "A dam\n\n for&#9;all")), facts=(("title", "A dam for all"),)),
    "a title with controls": Case("title-bell.html", lambda: page(head=meta("og:title", "A dam&#7;")), facts=(("title", "A dam for the valley"),)),
    "facts with markup and mentions": Case("title-markup.html", lambda: page(head=meta("og:site_name", "@everyone &lt;b&gt; ](https://evil.example)")), facts=(("publisher", "@everyone <b> ](https://evil.example)"),)),
    "hidden text": Case("hidden.html", lambda: page(
        '<p>The dam <span style="display:none">never </span>was <b hidden>not</b> closed <i style="position:absolute;left:-9999px">or</i> by the governor on Sunday.</p>'
        '<template><p>It was a template that said so.</p></template><noscript><p>It was no script that said so.</p></noscript>'
        '<div style="visibility: hidden"><p>It was nobody who could be seen.</p></div><p style="font-size:0">It was very small and said a lot of things.</p>'),
        says=(BODY, MORE), never=("never", "template", "no script", "nobody who", "very small", " or by", "not closed")),
    "quotations within quotations": Case("nested.html", lambda: page("<blockquote>" * 50 + "<p>“‘“It is good,” said Ek,’ said Ann,” said Bo, who was there on the day.</p>" + "</blockquote>" * 50), says=(BODY,)),
    "half a sentence on each side of an advertisement": Case("ad.html", lambda: page("<div>The White House<div class=ad>Buy it now!</div>science chief said so on Monday.</div>"), says=(BODY, MORE), never=("White House", "science chief", "Buy it")),
    "a table for a page": Case("table.html", text(f"<html><body><table><tr><td><p>{BODY}</p><p>{MORE}</p><p>{LAST}</p></td></tr></table></body></html>"), "no article is found"),
    "a page that is Markdown": Case("markdown.html", text(f"# A dam\n\n{BODY}\n"), "holds no HTML"),
}  # fmt: skip

WORDS = {
    "an empty file": Case("empty.docx", made(b""), "by its content"),
    "a gzip file for a document": Case("gzip.docx", lambda: gzip.compress(b"\0" * 2**20), "is a gzip archive"),
    "a flat bomb": Case("bomb.docx", lambda: archive(("word/media/a.bin", b"\0" * (100 * 2**20))), "no Word document has"),
    "a bomb of many parts": Case("parts.docx", lambda: archive(*((f"word/{n}.bin", b"\0" * 900_000) for n in range(100))), "unpacks to more"),
    "five thousand parts": Case("names.docx", lambda: archive(*((f"word/{n}", b"") for n in range(5000))), "unpacks to more"),
    "a bomb of overlapping parts": Case("overlap.docx", overlapping, "unpacks to more|damaged zip|no Word document"),
    "a size that is too small": Case("small.docx", lambda: lying(10), "damaged zip|no Word document"),
    "a size that is too large": Case("large.docx", lambda: lying(2**31), "unpacks to more|no Word document has"),
    "an archive in an archive": Case("nested.docx", lambda: archive(("word/a.zip", archive(("b.zip", archive()), whole=False))), says=(BODY,)),
    "names that climb": Case("climb.docx", lambda: archive(("../../evil.txt", "evil")), "no Word document has"),
    "names from the root": Case("root.docx", lambda: archive(("/etc/evil", "evil")), "no Word document has"),
    "names of another system": Case("windows.docx", lambda: archive(("..\\..\\evil.txt", "evil")), "no Word document has"),
    "a password": Case("password.docx", protected, "protected by a password"),
    "two documents of one name": Case("twice.docx", lambda: _quietly(lambda: archive(("word/document.xml", "<a/>"))), "no Word document|no text"),
    "no document": Case("none.docx", lambda: archive(("word/a.xml", "<a/>"), ("[Content_Types].xml", TYPES), whole=False), "is a zip archive and no Word document"),
    "any archive": Case("zip.docx", lambda: archive(("a.txt", BODY), whole=False), "is a zip archive by its content"),
    "half an archive": Case("half.docx", lambda: docx(paragraph(BODY))[:300], "by its content|damaged zip"),
    "billion laughs": Case("laughs.docx", lambda: word(entities(), paragraph("&l11;")), "declares entities"),
    "billion laughs in UTF-16": Case("laughs16.docx", lambda: word(entities(), paragraph("&l11;"), "utf-16"), "declares entities"),
    "an entity of this machine": Case("xxe.docx", lambda: word('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', paragraph("&x;")), "declares entities"),
    "entities in a part of another name": Case("other.docx", lambda: archive(("word/evil.bin", entities())), "declares entities"),
    "a picture from elsewhere": Case("picture.docx", lambda: archive(("word/_rels/document.xml.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'), document=_with_picture()), says=(LAST,), never=("root:",)),
    "no XML": Case("noxml.docx", lambda: archive(document="BODY"), "no Word document"),
    "elements within each other": Case("deep.docx", lambda: word("", "<w:p>" * 5000 + "</w:p>" * 5000), "no Word document|deep|no text"),
    "tables within each other": Case("tables.docx", lambda: word("", "<w:tbl><w:tr><w:tc>" * 90 + paragraph(BODY) + "</w:tc></w:tr></w:tbl>" * 90), "deep|no text|no Word document"),
    "nothing but tables": Case("table.docx", lambda: word("", f"<w:tbl><w:tr><w:tc>{paragraph(BODY)}</w:tc></w:tr></w:tbl>"), "no text but headings, code and tables"),
    "a headline of 10 kB in a document": Case("headline.docx", lambda: docx(paragraph("dam " * 2500, "Heading1"), paragraph(MORE)), says=(MORE,), facts=(("title", None),)),
    "five thousand paragraphs": Case("paragraphs.docx", lambda: docx(*(paragraph(f"The dam number {n} was opened.") for n in range(5000))), says=("The dam number 4999 was opened.",)),
    "text that was struck out": Case("deleted.docx", lambda: word("", "<w:p><w:r><w:t>The dam was </w:t></w:r><w:del><w:r><w:delText>never </w:delText></w:r></w:del><w:r><w:t>opened.</w:t></w:r></w:p>"), says=("The dam was opened.",), never=("never",)),
}  # fmt: skip

PDFS = {
    "an empty file for a PDF": Case("empty.pdf", made(b""), "by its content"),
    "nothing but the mark": Case("mark.pdf", made(b"%PDF-1.7\n"), "damaged"),
    "half a PDF": Case("half.pdf", lambda: pdf([BODY])[:300], "damaged|no text"),
    "a table that names itself": Case("xref.pdf", lambda: raw_pdf(CATALOG, PAGES, LEAF, stream(shown()), trailer=b"/Prev 9"), ""),
    "tables in a circle": Case("circle.pdf", lambda: _circle(), ""),  # noqa: PLW0108  # defined below
    "a tree of pages in a circle": Case("tree.pdf", lambda: raw_pdf(CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"), "damaged|no text"),
    "pages that are their own parents": Case("parents.pdf", lambda: raw_pdf(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 2 0 R >>", b"<< /Type /Page /Parent 3 0 R /Contents 3 0 R >>"), "damaged|no text"),
    "a stream that holds itself": Case("objstm.pdf", lambda: raw_pdf(CATALOG, PAGES, LEAF, stream(b"4 0 << >>", b"/Type /ObjStm /N 1 /First 4 /Extends 4 0 R")), "damaged|no text"),
    "a form that draws itself": Case("form.pdf", lambda: raw_pdf(CATALOG, PAGES, b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>", stream(b"/X Do"), stream(b"/X Do", b"/Type /XObject /Subtype /Form /Resources << /XObject << /X 5 0 R >> >>")), "damaged|no text"),
    "a hundred filters": Case("filters.pdf", lambda: raw_pdf(CATALOG, PAGES, LEAF, stream(deflated(100, shown()), b"/Filter [" + b"/FlateDecode " * 100 + b"]")), ""),
    "a billion pages": Case("billion.pdf", lambda: raw_pdf(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1000000000 >>", LEAF, stream(shown())), says=(BODY,)),
    "a wrong length": Case("length.pdf", lambda: raw_pdf(CATALOG, PAGES, LEAF, stream(shown(), length=5)), ""),
    "a length beyond all measure": Case("longer.pdf", lambda: raw_pdf(CATALOG, PAGES, LEAF, stream(shown(), length=10**12)), ""),
    "a password of the reader": Case("locked.pdf", lambda: encrypted("secret"), "protected by a password"),
    "an empty password": Case("open.pdf", lambda: encrypted(""), says=(MORE,)),
    "AES": Case("aes.pdf", with_aes, "protected"),
    "a script": Case("script.pdf", lambda: raw_pdf(b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>", PAGES, LEAF, stream(shown())), says=(BODY,), never=("alert",)),
    "a file within": Case("within.pdf", lambda: raw_pdf(b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(evil.exe) 5 0 R] >> >> >>", PAGES, LEAF, stream(shown()), b"<< /Type /Filespec /F (evil.exe) /EF << /F 6 0 R >> >>", stream(b"MZ evil")), says=(BODY,), never=("evil",)),
    "a scan": Case("scan.pdf", lambda: raw_pdf(CATALOG, PAGES, b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>", stream(b"/I Do"), stream(b"\x00" * 100, b"/Type /XObject /Subtype /Image /Width 10 /Height 10 /BitsPerComponent 8 /ColorSpace /DeviceGray")), "may be a scan"),
    "zeros deflated": Case("zeros.pdf", lambda: raw_pdf(CATALOG, PAGES, LEAF, stream(zlib.compress(b"\0" * (10 * 2**20), 9), b"/Filter /FlateDecode")), "damaged|no text|takes more"),
    "a bomb": Case("bomb.pdf", lambda: raw_pdf(CATALOG, PAGES, LEAF, stream(deflated(2, b"\0" * (200 * 2**20)), b"/Filter [/FlateDecode /FlateDecode]")), "damaged|no text|takes more"),
    "rubbish in front": Case("offset.pdf", lambda: b"rubbish\n" * 20 + pdf([BODY]), says=(BODY,)),
    "turned text": Case("turned.pdf", lambda: raw_pdf(CATALOG, PAGES, LEAF, stream(shown(at=b"0 1 -1 0 72 72 Tm"))), ""),
    "ligatures and soft hyphens": Case("ligature.pdf", lambda: raw_pdf(CATALOG, PAGES, LEAF, stream(shown("The dam was of\xadficially opened today."))), ""),
    "rubbish": Case("rubbish.pdf", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 200, "damaged"),
    "a line in two columns of objects": Case("array.pdf", lambda: raw_pdf(CATALOG, PAGES, LEAF, stream(b"BT /F1 12 Tf 72 720 Td [" + b"(" + BODY.encode() + b") " + b"[" * 5000 + b"] TJ ET")), ""),
}  # fmt: skip

MARKDOWN = {
    "front matter that does not end": Case("unclosed.md", text(f"---\ntitle: A dam\n\n{BODY}\n"), "does not end"),
    "front matter without end in TOML": Case("unclosed-toml.md", text(f'+++\ntitle = "A dam"\n\n{BODY}\n'), "does not end"),
    "a YAML bomb": Case("yaml.md", text("---\na: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)) + f"---\n{BODY}"), says=(BODY,)),
    "a YAML bomb of merges": Case("merge.md", text("---\na0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [{','.join([f'*a{n - 1}'] * 12)}]}}\n" for n in range(1, 12)) + f"---\n{BODY}"), says=(BODY,)),
    "a YAML circle": Case("circle.md", text(f"---\ntitle: &a\n  name: *a\nauthor: &b [*b]\n---\n{BODY}"), says=(BODY,), facts=(("author", None),)),
    "an object of Python": Case("python.md", text(f"---\na: !!python/object/apply:os.system ['true']\n---\n{BODY}"), "front matter"),
    "a time that is none": Case("time.md", text(f"---\na: !!timestamp\n---\n{BODY}"), "front matter"),
    "a float that is none": Case("float.md", text(f"---\na: !!float\n---\n{BODY}"), "front matter"),
    "a day that is none": Case("day.md", text(f"---\ndate: 2026-02-30\n---\n{BODY}"), "front matter"),
    "a date in words": Case("words.md", text(f"---\ndate: last Monday\n---\n{BODY}"), facts=(("published", None),)),
    "a date with other signs": Case("signs.md", text(f"---\ndate: '2026-04-25<10:30'\n---\n{BODY}"), facts=(("published", None),)),
    "a number of ten thousand digits": Case("digits.md", text(f"---\na: {'1' * MANY}\n---\n{BODY}"), "front matter"),
    "a list for front matter": Case("list.md", text(f"---\n- a\n- b\n---\n{BODY}"), "no list of names"),
    "front matter within itself": Case("deep.md", text(f"---\na: {'[' * MANY}\n---\n{BODY}"), "front matter"),
    "front matter over 64 kB": Case("large.md", text(f"---\na: {'x' * 100_000}\n---\n{BODY}"), "does not end, or has more"),
    "front matter in TOML": Case("toml.md", text(f'+++\ntitle = "A dam"\ndate = 2026-04-25\n+++\n{BODY}'), says=(BODY,), facts=(("title", "A dam"), ("published", "2026-04-25"))),
    "a digit too many in TOML": Case("toml-digits.md", text(f"+++\na = {'1' * MANY}\n+++\n{BODY}"), "front matter"),
    "TOML within itself": Case("toml-deep.md", text(f"+++\na = {'[' * MANY}\n+++\n{BODY}"), "front matter"),
    "a URL that is a script": Case("url.md", text(f"---\nurl: javascript:alert(1)\n---\n{BODY}"), facts=(("url", None),)),
    "quotations ten thousand deep": Case("quotes.md", text(f"{'>' * MANY} {BODY}\n\n{MORE}"), "deep in each other"),
    "lists a thousand deep": Case("lists.md", text("".join(f"{'  ' * n}- a\n" for n in range(1000)) + f"\n{BODY}"), "deep in each other"),
    "lists forty deep": Case("forty.md", text("".join(f"{'  ' * n}- a\n" for n in range(40)) + f"\n{BODY}"), says=(BODY,)),
    "ten thousand brackets": Case("brackets.md", text("[" * MANY + BODY)),
    "ten thousand halves of links": Case("links.md", text("[a](" * MANY + BODY)),
    "ten thousand marks of emphasis": Case("emphasis.md", text("*a_ " * MANY + BODY)),
    "runs of backticks": Case("backticks.md", text(" ".join("`" * n for n in range(1, 400)) + BODY)),
    "HTML with a script": Case("script.md", text(f"{BODY}\n\n<script>alert('It was said by a script.')</script>\n\nIt was <script>document.write('said')</script> opened again.\n\nIt is <span style='display:none'>not</span> new.\n\n{MORE}"), says=(BODY, MORE), never=("script", "document.write", "It is", "It was")),
    "a break within a line": Case("break.md", text("The dam was opened.<br>The ferry returns.<br/>It is <b>good</b>.\n"), says=("The dam was opened.", "The ferry returns.", "It is good.")),
    "references in a circle": Case("references.md", text(f"[a]: <b>\n[b]: <a>\n\n{BODY} [a][b] [b][a]\n"), ""),
    "a page for Markdown": Case("page.md", page, "is an HTML page by its content"),
    "nothing but code": Case("code.md", text(f"```\n{BODY}\n```\n"), "no text but headings"),
    "a headline of 10 kB in Markdown": Case("headline.md", text(f"# {'dam ' * 2500}\n\n{BODY}\n"), says=(BODY,), facts=(("title", None),)),
}  # fmt: skip


def side(name: str, sidecar: Callable[[], bytes], refused: str) -> Case:
    """A good article whose sidecar is not."""
    return Case(f"{name}.txt", text(BODY), refused, sidecar=sidecar)


SIDECARS = {
    "no TOML": side("s-no-toml", made(b"headline = "), "is not TOML"),
    "not UTF-8": side("s-latin", made(b'headline = "caf\xe9"'), "is not TOML in UTF-8"),
    "10 MB": side("s-large", lambda: b"# " + b"x" * (10 * 2**20), "bytes"),
    "a wrong type": side("s-type", made(b"headline = 7"), "headline"),
    "a field of another name": side("s-field", made(b'titel = "A dam"'), "there is no such field"),
    "a field whose name has line breaks": side("s-name", made(b'"a\\nb\\u202e" = 1'), "there is no such field"),
    "a field whose name is of 10 kB": side("s-names", lambda: b'"' + b"a" * 10_000 + b'" = 1', "there is no such field"),
    "the hash of another file": side("s-hash", lambda: b'sha256 = "' + b"0" * 64 + b'"', "sha256"),
    "arrays within each other": side("s-deep", lambda: b"author = " + b"[" * 5000, "is not TOML"),
    "a number of many digits": side("s-digits", lambda: b"headline = " + b"1" * 10_000, "is not TOML"),
    "a day that is no day": side("s-day", made(b"datePublished = 2026-02-30"), "is not TOML"),
    "a URL with a line break": side("s-url", made(b'url = "https://example.com/a\\nb"'), "url"),
    "a URL of no host": side("s-host", made(b'url = "http://[::1"'), "url"),
    "a headline with a mark of direction": side("s-bidi", made(b'headline = "A \\u202edam"'), "headline"),
    "a thousand authors": side("s-authors", lambda: b'author = ["' + b'", "'.join(b"Ann Number %d" % n for n in range(1000)) + b'"]', "author"),
}  # fmt: skip


def _quietly(make: Callable[[], bytes]) -> bytes:
    """What is made with a warning that is meant."""
    import warnings  # noqa: PLC0415  # only here

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make()


def _with_picture() -> str:
    blip = '<a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:link="rId9"/>'
    drawing = f'<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">{blip}</wp:inline></w:drawing></w:r>'
    inside = paragraph(LAST) + f"<w:p>{drawing}</w:p>"
    return f'{XML_HEAD}<w:document xmlns:w="{WORD}"><w:body>{inside}</w:body></w:document>'


def _circle() -> bytes:
    """A PDF document whose two tables each say that the other one is older."""
    first = raw_pdf(CATALOG, PAGES, LEAF, stream(shown()))
    place = first.rfind(b"xref\n0")
    place = first.rfind(b"xref\n0", 0, place) if first[place - 5 : place] == b"start" else place
    second = len(first) + 1
    head = first[:place] + first[place:].replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % (second + 20))
    return head + b"\nxref\n0 0\ntrailer << /Size 5 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF" % (
        place,
        len(head) + 1,
    )


def _distinct(case: Case, number: int) -> Case:
    """The case with a name and words that no other one has: what says what another one says is refused for that."""
    file = f"{number:03}-{case.file}"
    if file.endswith(".docx"):  # packed; these have words of their own
        return case._replace(file=file)
    word = "thi" + "".join("bcdfghklmn"[int(digit)] for digit in f"{number:03}")
    return case._replace(
        file=file,
        make=lambda: case.make().replace(b"thirty", word.encode()),
        says=tuple(said.replace("thirty", word) for said in case.says),
    )


CASES = {
    name: _distinct(case, number)
    for number, (name, case) in enumerate({**TEXTS, **PAGE, **WORDS, **PDFS, **MARKDOWN, **SIDECARS}.items())
}
"""By what each is."""
