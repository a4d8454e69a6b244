"""Plain text."""

from __future__ import annotations

import gzip

from .making import BODY, MANY, MORE, Case, made, text

TEXTS = {
    "empty": Case("empty.txt", made(b""), "is empty"),
    "a line of capitals": Case("capitals.txt", made(f"{BODY}\n\n{'ACGT' * 500}\n\n{'A.B.' * 500}\n".encode())),
    "a bracket of capitals": Case("bracket.txt", made(f"{BODY} ({'ACGT' * 500}".encode())),
    "white space": Case("white.txt", made(b" \n\t\r\n "), "is empty"),
    "only a byte order mark": Case("mark.txt", made(b"\xef\xbb\xbf"), "is empty"),
    "all 0xFF": Case("ff.txt", made(b"\xff" * 100), "too few plain letters"),
    "NUL": Case("nul.txt", made(b"The dam\0was opened."), "is not text"),
    "UTF-16 LE with a mark": Case("16le.txt", lambda: b"\xff\xfe" + BODY.encode("utf-16-le"), "is not text"),
    "UTF-16 LE without one": Case("16le-bare.txt", text(BODY, "utf-16-le"), "is not text"),
    "UTF-16 BE with a mark": Case("16be.txt", lambda: b"\xfe\xff" + BODY.encode("utf-16-be"), "is not text"),
    "UTF-16 BE without one": Case("16be-bare.txt", text(BODY, "utf-16-be"), "is not text"),
    "UTF-32": Case("32.txt", text(BODY, "utf-32"), "is not text"),
    "Windows-1252": Case(
        "1252.txt", text("“Café Ek” is open — said Ann.", "cp1252"), says=("“Café Ek” is open — said Ann.",)
    ),
    "halves of surrogate pairs": Case("cesu.txt", made(b"The dam \xed\xa0\xbd\xed\xb8\x80 was opened."), "is damaged"),
    "UTF-8 with one wrong byte": Case("wrong.txt", made("“Café” – “naïve” \x91x".encode() + b"\xff"), "is damaged"),
    "UTF-8 cut in a character": Case("cut.txt", made("The dam “was” opened “".encode()[:-1]), "is damaged"),
    "direction marks": Case(
        "bidi.txt",
        text("The dam \u202ewas\u202c opened \u2067here\u2069 today."),
        says=("The dam \u202ewas\u202c opened \u2067here\u2069 today.",),
    ),
    "zero width": Case(
        "zero.txt",
        text("The\u200b dam\u2060 was\ufeff opened to\u200cday."),
        says=("The\u200b dam\u2060 was\ufeff opened to\u200cday.",),
    ),
    "a flood of marks": Case(
        "marks.txt",
        text("The da" + "\u0301" * 100_000 + "m was opened."),
        says=("The da" + "\u0301" * 100_000 + "m was opened.",),
    ),
    "a line of 50 MB": Case("line.txt", lambda: b"a " * (25 * 2**20), "the limit for an article"),
    "a sentence of 1 MB": Case("long.txt", lambda: b"The dam was opened" + b" and opened again" * 60_000 + b"."),
    "a hundred thousand sentences": Case("many.txt", lambda: b"The dam holds water. It is new.\n" * 50_000),
    "ten thousand lines of a word": Case("words.txt", lambda: b"dam\n" * MANY),
    "brackets within each other": Case("brackets.txt", text("(" * MANY + "The dam was opened." + ")" * MANY)),
    "quotations within each other": Case("quotes.txt", text("“‘" * MANY + "The dam was opened." + "’”" * MANY)),
    "nothing but full stops": Case("stops.txt", text("." * 100_000)),
    "nothing but initials": Case("initials.txt", text("A. " * MANY)),
    "nothing but abbreviations": Case("saints.txt", text("St. " * 2 * MANY)),
    "thousands of headings": Case(
        "headings.md",
        lambda: "".join(f"# Dam number {number}\n\n{BODY}\n\n" for number in range(3_000)).encode(),
        says=(BODY,),
    ),
    "controls of a terminal": Case(
        "escape.txt",
        text(
            "The \x1b[31mdam\x1b[0m was opened by the governor, " * 20
            + "and he said so at length, in words of his own."
        ),
        "full of control",
    ),
    "Russian in Windows-1251": Case(
        "1251.txt", text("Плотина открыта в субботу губернатором.", "cp1251"), "too few plain letters"
    ),
    "Japanese in Shift JIS": Case(
        "sjis.txt", text("ダムは土曜日に知事によって開かれました。" * 3, "shift_jis"), "is not text|not text in UTF-8"
    ),
    "old line ends": Case("mac.txt", text(f"A dam for the valley\r\r{BODY}\r{MORE}"), says=(BODY, MORE)),
    "a gzip file": Case("gzip.txt", lambda: gzip.compress(BODY.encode()), "is a gzip archive"),
    "a gzip bomb": Case("bomb.txt", lambda: gzip.compress(b"\0" * (64 * 2**20)), "is a gzip archive"),
    "the mark of a PDF in the middle": Case(
        "pdf-inside.txt", text(f"{BODY} " * 30 + "%PDF-1.4 is how such a file begins."), says=(BODY,)
    ),
    "mentions and markup": Case(
        "markup.txt",
        text("@everyone <@1> said </help:0> and <t:0> in ```code```."),
        says=("@everyone <@1> said </help:0> and <t:0> in ```code```.",),
    ),
    "a source that is a script": Case(
        "script.txt", text(f"A dam for the valley\n{BODY}\nSOURCE: javascript:alert(1)"), facts=(("url", None),)
    ),
}
