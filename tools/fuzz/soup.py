"""Input for fuzzing: pieces of each format in any order, and valid files with some bytes changed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from tests.index.documents import RELATIONS, TYPES, WORD, docx, paragraph, pdf

SENTENCES = (
    "The dam was opened on Saturday. ",
    "Ann Karlsson said so. ",
    "“It is good,” said Mr. Ek of the U.S. Senate. ",
    "It costs $3.5 million",
    "science chief said so.",
    " who ",
    "The White House ",
    "No. 5 is here! ",
    "Why? ",
    "St. ",
    "A DAM FOR THE VALLEY\n",
    "Ann Karlsson Opens the Dam\n",
    "ACGT",
    "D.A.M.",
    "… ",
    "e.g. ",
    "水坝开了。",
    "قال السد.",
    "बाँध खुला।",
    "É finita",
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "\t",
    "\u00a0",
    "\u2028",
    "\x85",
    "READ ALSO: ",
    "SOURCE: https://example.com/a\n",
    "(adsbygoogle = window.adsbygoogle || []).push({});",
    "Advertisement",
    "By Ann Karlsson\n",
    "Published: 25 April 2026\n",
    "Saturday, April 25, 2026\n",
    "\u200b",
    "\u202e",
    "\u0301",
    "😀",
    "'",
    '"',
    "(",
    ")",
    "[1]",
    "- ",
)
TAGS = "p div span b a br h1 h2 table tr td article main ul li blockquote pre figure figcaption section header footer q"
HTML = (
    *(f"<{tag}>" for tag in TAGS.split()),
    *(f"</{tag}>" for tag in TAGS.split()),
    "<p hidden>",
    '<div style="display:none">',
    '<span class=x style="font-size:',
    "1px;display:block;position:absolute;left:-9999px;",
    "<style>",
    ".x,p>b[a='",
    "{display:none;",
    "}@media screen{",
    "/*",
    "</style>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<template>",
    "</template>",
    "<plaintext>",
    "<html>",
    "<head>",
    "</head>",
    "<body>",
    "</body>",
    "<title>",
    "</title>",
    "<!DOCTYPE html>",
    "<noscript>",
    "<textarea>",
    "<svg>",
    "<math>",
    '<meta property="og:title" content="',
    '">',
    '<meta name="date" content="2026-04-25">',
    '<link rel="canonical" href="',
    "https://example.com/a",
    '<script type="application/ld+json">',
    '{"@type":"NewsArticle","headline":"',
    '","author":[{"name":"',
    '"}],"datePublished":"2026-',
    "&amp;",
    "&#0;",
    "&#x110000;",
    "&nbsp;",
    "&shy;",
    "<",
    ">",
    "&",
    "<p",
    "=",
    "<![CDATA[",
    "]]>",
    "<?xml version='1.0'?>",
    "<meta charset=",
    "utf-16",
    "iso-2022-jp",
)
MARKS = (
    "# ",
    "## ",
    "> ",
    "- ",
    "1. ",
    "    ",
    "```\n",
    "~~~",
    "`",
    "*",
    "**",
    "_",
    "[",
    "](",
    ")",
    "![",
    "]: ",
    "<",
    ">",
    "|",
    "\n|-|-|\n",
    "\\",
    "---\n",
    "***\n",
    "<b>",
    "</b>",
    "<br>",
    "<script>",
    "</script>",
    "<div>",
    "</div>",
    "<!-- ",
    " -->",
    "&amp;",
    "https://example.com",
    "\n===\n",
    "\n---\n",
    "  \n",
)
MATTER = (
    "---\n",
    "...\n",
    "+++\n",
    "title: ",
    "url: ",
    "date: ",
    "author: ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ": ",
    "&a ",
    "*a",
    "<<: ",
    "!!python/object:os.system ",
    "!!binary ",
    "!!timestamp ",
    "!!float ",
    "| \n",
    "> \n",
    "'",
    '"',
    "2026-04-25",
    "2026-13-45",
    "0x",
    "1" * 50,
    "~",
    "null",
    "= ",
    "? ",
    "%YAML 1.2\n",
    "#",
    "@",
)
TOML = (
    "headline",
    "url",
    "publisher",
    "author",
    "datePublished",
    "sha256",
    "editor",
    " = ",
    '"',
    "'",
    '"""',
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    ",",
    ".",
    "name",
    "\n",
    "2026-04-25",
    "10:00:00Z",
    "T",
    "inf",
    "nan",
    "1e400",
    "0x",
    "_",
    "true",
    "https://example.com/a",
    "http://[::1",
    "\\u202e",
    "\\n",
    "#",
    "Ann",
    "1" * 30,
)
RULES = (
    "[[rule]]\n",
    "name = 'a'\n",
    "name = 'b'\n",
    "kind = 'boilerplate'\n",
    "kind = 'byline'\n",
    "where = 'line'\n",
    "where = 'inline'\n",
    "where = 'tail'\n",
    "where = 'prefix'\n",
    "where = 'promo'\n",
    "where = 'meta'\nat = 'top'\n",
    "reason = 'A test.'\n",
    "hosts = ['example.com']\n",
    "until = '",
    "pattern = '",
    "'\n",
    ".*",
    "(?i)",
    "dam",
    "(",
    ")",
    "[a-z]",
    "+",
    "*",
    "?",
    "|",
    "\\b",
    "\\p{L}",
    "(?=a)",
    "(a+)+",
    "{1,1000}",
    "^",
    "$",
    "(?P<author>",
    "(?P<url>",
    "without = ['a']\n",
)
XML = (
    "<w:p>",
    "</w:p>",
    "<w:r>",
    "</w:r>",
    "<w:t>",
    "</w:t>",
    "<w:tbl>",
    "</w:tbl>",
    "<w:tr>",
    "</w:tr>",
    "<w:tc>",
    "</w:tc>",
    "<w:br/>",
    "<w:tab/>",
    "<w:del>",
    "</w:del>",
    "<w:hyperlink>",
    "</w:hyperlink>",
    "<w:pPr><w:pStyle w:val='Heading1'/></w:pPr>",
    "<w:numPr/>",
    "<!DOCTYPE a>",
    "&a;",
    "&#0;",
    "&lt;",
    "<![CDATA[",
    "]]>",
    "<w:fldChar/>",
)
GOOD: tuple[Callable[[], bytes], ...] = (
    lambda: docx(paragraph("A dam", "Heading1"), paragraph("The dam was opened on Saturday.")),
    lambda: pdf(["The dam was opened on Saturday.", "Ann said so."], ["It is good.", "2"]),
)
MAX_RUN = 10_000
"""Length of a repeated input: superlinear time shows, without a hang elsewhere."""
SIGNS = st.characters(exclude_categories=["Cs", "Cc"])
"""Without control characters: a text that is full of them is refused at once."""
PIECES = st.one_of(st.sampled_from(SENTENCES), st.text(SIGNS, max_size=12))


def soup(*tables: Sequence[str], most: int = 40) -> st.SearchStrategy[str]:
    """Random pieces of these tables and of prose, joined."""
    piece = st.one_of(PIECES, *(st.sampled_from(table) for table in tables))
    return st.lists(piece, max_size=most).map("".join)


def runs(*tables: Sequence[str]) -> st.SearchStrategy[str]:
    """A few pieces of these tables or of prose, repeated."""
    return soup(*tables, most=4).map(lambda some: some * (MAX_RUN // max(len(some), 1)))


def as_bytes(texts: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    """The texts in some encoding, mostly UTF-8."""
    codecs = st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16", "latin-1"])
    return st.builds(lambda text, codec: text.encode(codec, "replace"), texts, codecs)


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """A valid file with pieces removed, repeated or overwritten."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 6))):
        start, size = draw(st.integers(0, len(data))), draw(st.integers(0, 40))
        target = draw(st.integers(0, len(data)))
        piece = draw(st.one_of(st.binary(max_size=8), st.just(bytes(data[start : start + size]))))
        data[target : target + draw(st.sampled_from([0, len(piece), 3]))] = piece
    return bytes(data)


def document(body: str) -> bytes:
    """A Word document with this XML as its body, valid or not."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("[Content_Types].xml", TYPES)
        packed.writestr("_rels/.rels", RELATIONS)
        part = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
        packed.writestr("word/document.xml", part.encode("utf-8", "replace"))
    return made.getvalue()


def drawn(stream: str) -> bytes:
    """A PDF document of one page with this stream."""
    return pdf([f"A) Tj {stream} (dam was opened."])


CODECS = (
    *("utf-8", "utf-8-sig", "cp1252", "latin-1", "cp1251", "koi8-r", "utf-16", "utf-16-le", "utf-32", "utf-7"),
    *("shift_jis", "euc_jp", "iso2022_jp", "gb18030", "big5", "euc_kr", "cp866", "mac-roman", "cp1258", "hz"),
)
LABELS = (
    *CODECS,
    *("UTF8", "unicode_escape", "idna", "punycode", "rot13", "base64", "zip", "undefined", "mbcs", "x-sjis", "ascii"),
    *("windows-1252", "iso-8859-1", "iso8859_9", "csISOLatin1", "unicode-1-1-utf-8", "utf-16be", "", "-", "a\0b", "é"),
)
DECLARING = (
    '<meta charset="{}">',
    "<meta charset={}",
    '<meta http-equiv="Content-Type" content="text/html; charset={}">',
    '<?xml version="1.0" encoding="{}"?>',
    "{}",
)
HOSTS = (
    *("example.com", "EXAMPLE.com.", "bücher.example", "xn--bcher-kva.example", "xn--", "a..b", "-", "%65xample.com"),
    *(
        "127.0.0.1",
        "0x7f.1",
        "2130706433",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "[",
        "]",
        "[::1%25a]",
        "１２７.0.0.1",
        "1.1.1.1",
    ),
    *("localhost", "ann@example.com", "ann:word@example.com", "@example.com", "example.com@evil.example", "", "a b"),
)
PLACES = (
    *("/", "//", "/a", "/2026/dam.html", "/../..", "/./", "?", "?id=7", "#", "#part", ";a", "\\", "/%", "/%2F", "/%zz"),
    *(
        ":",
        ":80",
        ":443",
        ":0",
        ":99999",
        ":a",
        "/\n",
        "/\t",
        " ",
        "/é",
        "/\u202e",
        "/\ud800",
        "/%ed%a0%80",
        "/" + "a" * 3000,
    ),
)
SCHEMES = (
    "http://",
    "https://",
    "HTTP://",
    "//",
    "/",
    "",
    "ftp://",
    "javascript:",
    "data:",
    "https:",
    "https:/",
    "http:////",
)
ROBOTS = (
    *("User-agent: *\n", "User-agent: Verbatim\n", "user-agent:", "USER-AGENT : a\r\n", "Disallow: /\n", "Disallow:\n"),
    *(
        "Allow: /a*b$\n",
        "Disallow: /*?\n",
        "Disallow: %zz\n",
        "Crawl-delay: 1e999\n",
        "Crawl-delay: x\n",
        "Visit-time: 9\n",
    ),
    *("Request-rate: 1/0s 1-2\n", "Request-rate: 1/10m 1300-1659\n", "Visit-time: 9999-0\n", "Sitemap: http://[\n"),
    *(
        "Host: a\n",
        "Preferred-host: a\n",
        "#",
        "\n",
        ":",
        "*",
        "$",
        "/",
        "\ufeff",
        "\0",
        "<html>",
        "Disallow: /" + "*a" * 50,
    ),
)
FIELDS = ["headline", "url", "publisher", "author", "datePublished", "editor", "sha256", "dateModified"]
VALUES = (
    *(f'"{text}"' for text in ("A dam", "https://example.com/a", "http://[::1", "2026-04-25", "", "a\\nb", "0" * 64)),
    "2026-04-25",
    "2026-04-25T10:00:00Z",
    "10:00:00",
    "7",
    "inf",
    "true",
    '{ name = "Ann" }',
    '["Ann", { name = "Bo" }]',
    "[]",
    "[[[]]]",
    "{}",
)
PATTERNS = (
    "dam",
    "(?i)THE .*",
    r"\bsaid\b",
    ".*",
    "",
    "a*",
    "[^.]*",
    "(?P<author>Ann .*)",
    r"(?P<url>https?://\S+)",
    ".*?",
    r"\p{Lu}+",
    "$",
    "^",
    "x{0,100}",
    "(?s).*",
    r"By (?P<author>.+)",
    "Advertisement|READ ALSO:",
    "[",
    r"(?=a)",
    r"\s",
    "Published: (?P<published>.+)",
)


@st.composite
def encoded(draw: st.DrawFn) -> tuple[str, bytes]:
    """The encoding that a server states, and a page or text in that encoding or another."""
    label = draw(st.one_of(st.sampled_from(LABELS), st.text(max_size=10)))
    declared = draw(st.sampled_from(DECLARING)).format(draw(st.sampled_from(LABELS)))
    text = draw(st.one_of(st.just(""), st.just(declared))) + draw(soup(HTML, most=12))
    data = text.encode(draw(st.sampled_from(CODECS)), "replace")
    cut = draw(st.sampled_from([0, 0, 0, 1, 2]))
    return label, data[cut : len(data) - cut] + draw(st.one_of(st.just(b""), st.binary(max_size=4)))


def urls() -> st.SearchStrategy[str]:
    """Absolute and relative URLs, valid or not."""
    places = st.lists(st.one_of(st.sampled_from(PLACES), st.text(max_size=4)), max_size=4).map("".join)
    written = st.builds("{}{}{}".format, st.sampled_from(SCHEMES), st.sampled_from(HOSTS), places)
    good = st.builds("https://example.com/{}".format, st.sampled_from(["", "a", "2026/dam.html?id=7#part", "é"]))
    return st.one_of(written, written, good, places, st.text(max_size=20))


def sidecars() -> st.SearchStrategy[str]:
    """Sidecars of known fields with valid and invalid values, and random pieces."""
    line = st.builds("{} = {}\n".format, st.sampled_from(FIELDS), st.sampled_from(VALUES))
    lines = st.lists(line, max_size=4, unique_by=lambda one: one.split()[0]).map("".join)
    return st.one_of(lines, st.builds(str.__add__, lines, soup(TOML, most=6)), soup(TOML, TOML))


def front_matters() -> st.SearchStrategy[str]:
    """Front matter of known names with valid and invalid values, and random pieces."""
    names = st.sampled_from(
        ["title", "url", "source", "publisher", "site", "author", "authors", "date", "published", "tags"]
    )
    values = st.sampled_from(
        [*VALUES, "A dam", "[Ann, Bo]", "- Ann", "&a [*a]", "!!timestamp x", "2026-02-30", "|\n  a", "{name: Ann}", "~"]
    )
    yaml = st.lists(st.builds("{}: {}\n".format, names, values), max_size=5).map("".join)
    toml = st.lists(st.builds("{} = {}\n".format, names, values), max_size=5).map("".join)
    rest = st.one_of(st.just(""), soup(MATTER, TOML, most=4))
    either = st.one_of(yaml.map(lambda text: ("---", text)), toml.map(lambda text: ("+++", text)))
    good = st.builds(lambda pair, more: f"{pair[0]}\n{pair[1]}{more}\n{pair[0]}", either, rest)
    any_mark = st.sampled_from(["---", "+++"])
    return st.one_of(good, st.builds("{0}\n{1}\n{0}".format, any_mark, soup(MATTER, MATTER, TOML)))


def rule_files() -> st.SearchStrategy[str]:
    """Files of mostly valid rules, and random pieces."""
    kinds = st.sampled_from(["boilerplate", "ad-code", "link-promo", "byline", "date", "caption", "footer"])
    places = st.sampled_from([*["line", "inline", "tail", "prefix", "promo"], "meta'\nat = 'top", "meta'\nat = 'end"])
    more = st.sampled_from(["", "", "hosts = ['example.com']\n", "until = '[.]'\n", "until = '.*'\n"])
    one = st.builds(
        "[[rule]]\nname = '{}'\nkind = '{}'\nwhere = '{}'\npattern = '{}'\nreason = 'A test.'\n{}".format,
        st.sampled_from("abcdef"),
        kinds,
        places,
        st.sampled_from(PATTERNS),
        more,
    )
    several = st.lists(one, max_size=3, unique_by=lambda rule: rule.split()[3]).map("".join)
    return st.one_of(several, several, soup(RULES, RULES, most=60))


LONG = "The dam was opened on Saturday by the governor, who had waited for it for thirty years. "
TEXT = st.one_of(soup(), soup(), soup(), runs())
FILES = {
    "txt": as_bytes(st.one_of(TEXT, st.text())),
    "html": st.one_of(
        as_bytes(soup(HTML, HTML)),
        as_bytes(soup(HTML, HTML).map(lambda page: f"<html><body><article><p>{LONG * 4}</p>{page}<p>{LONG}{LONG}</p>")),
    ),
    "md": as_bytes(st.one_of(soup(MARKS, MARKS), soup(MARKS, MARKS), runs(MARKS))),
    "pdf": st.one_of(
        st.sampled_from(GOOD[1:]).flatmap(lambda make: damaged(make())),
        soup(
            (
                "BT",
                "ET",
                "Tj",
                "TJ",
                "(",
                ")",
                "[",
                "]",
                "<<",
                ">>",
                "/F1 12 Tf",
                "1 0 0 1 5 5 cm",
                "q",
                "Q",
                "Do",
                "Td",
                "T*",
            )
        ).map(lambda text: drawn(text.encode("latin-1", "replace").decode("latin-1"))),
        st.binary(max_size=300).map(lambda rest: b"%PDF-1.4\n" + rest),
    ),
    "docx": st.one_of(damaged(GOOD[0]()), soup(XML, XML).map(document)),
}
"""File contents by suffix."""
