"""Word documents."""

from __future__ import annotations

import gzip

from tests.index.documents import RELATIONS, TYPES, docx, paragraph

from .making import (
    BODY,
    LAST,
    MORE,
    Case,
    archive,
    entities,
    lying,
    made,
    overlapping,
    protected,
    quietly,
    with_picture,
    word,
)

OFFICE = "http://schemas.openxmlformats.org"
PICTURE = (
    f'<Relationships xmlns="{OFFICE}/package/2006/relationships"><Relationship Id="rId9" TargetMode="External" '
    f'Type="{OFFICE}/officeDocument/2006/relationships/image" Target="file:///etc/passwd"/></Relationships>'
)
WORDS = {
    "an empty file": Case("empty.docx", made(b""), "but its content is something else"),
    "a gzip file for a document": Case("gzip.docx", lambda: gzip.compress(b"\0" * 2**20), "is a gzip archive"),
    "a flat bomb": Case(
        "bomb.docx", lambda: archive(("word/media/a.bin", b"\0" * (100 * 2**20))), "Word documents never have"
    ),
    "a bomb of many parts": Case(
        "parts.docx", lambda: archive(*((f"word/{n}.bin", b"\0" * 900_000) for n in range(100))), "unpacks to more"
    ),
    "five thousand parts": Case(
        "names.docx", lambda: archive(*((f"word/{n}", b"") for n in range(5000))), "unpacks to more"
    ),
    "a bomb of overlapping parts": Case("overlap.docx", overlapping, "unpacks to more|damaged zip|as a Word document"),
    "a size that is too small": Case("small.docx", lambda: lying(10), "damaged zip|as a Word document"),
    "a size that is too large": Case("large.docx", lambda: lying(2**31), "unpacks to more|Word documents never have"),
    "an archive in an archive": Case(
        "nested.docx", lambda: archive(("word/a.zip", archive(("b.zip", archive()), whole=False))), says=(BODY,)
    ),
    "names that climb": Case("climb.docx", lambda: archive(("../../evil.txt", "evil")), "Word documents never have"),
    "names from the root": Case("root.docx", lambda: archive(("/etc/evil", "evil")), "Word documents never have"),
    "names of another system": Case(
        "windows.docx", lambda: archive(("..\\..\\evil.txt", "evil")), "Word documents never have"
    ),
    "a password": Case("password.docx", protected, "protected by a password"),
    "two documents of one name": Case(
        "twice.docx", lambda: quietly(lambda: archive(("word/document.xml", "<a/>"))), "as a Word document|no text"
    ),
    "no document": Case(
        "none.docx",
        lambda: archive(("word/a.xml", "<a/>"), ("[Content_Types].xml", TYPES), whole=False),
        "is a zip archive, but not a Word document",
    ),
    "any archive": Case("zip.docx", lambda: archive(("a.txt", BODY), whole=False), "is a zip archive"),
    "half an archive": Case("half.docx", lambda: docx(paragraph(BODY))[:300], "is a zip archive|damaged zip"),
    "billion laughs": Case("laughs.docx", lambda: word(entities(), paragraph("&l11;")), "declares XML entities"),
    "billion laughs in UTF-16": Case(
        "laughs16.docx", lambda: word(entities(), paragraph("&l11;"), "utf-16"), "declares XML entities"
    ),
    "an entity of this machine": Case(
        "xxe.docx",
        lambda: word('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', paragraph("&x;")),
        "declares XML entities",
    ),
    "entities in a document of another name": Case(
        "named.docx",
        lambda: archive(
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", RELATIONS.replace("document.xml", "evil.bin")),
            ("word/evil.bin", f"{entities()}<w>&l11;</w>"),
            whole=False,
        ),
        "declares XML entities",
    ),
    "entities in the properties": Case(
        "core.docx",
        lambda: archive(("docProps/core.xml", f"{entities()}<w>&l11;</w>")),
        "declares XML entities",
    ),
    "entities in an encoding of mainframes": Case(
        "ebcdic.docx", lambda: word(entities(), paragraph("&l11;"), "cp037"), "declares XML entities|as a Word document"
    ),
    "a picture from elsewhere": Case(
        "picture.docx",
        lambda: archive(
            (
                "word/_rels/document.xml.rels",
                PICTURE,
            ),
            document=with_picture(),
        ),
        says=(LAST,),
        never=("root:",),
    ),
    "no XML": Case("noxml.docx", lambda: archive(document="BODY"), "as a Word document"),
    "elements within each other": Case(
        "deep.docx", lambda: word("", "<w:p>" * 5000 + "</w:p>" * 5000), "as a Word document|deep|no text"
    ),
    "tables within each other": Case(
        "tables.docx",
        lambda: word("", "<w:tbl><w:tr><w:tc>" * 90 + paragraph(BODY) + "</w:tc></w:tr></w:tbl>" * 90),
        "deep|no text|as a Word document",
    ),
    "nothing but tables": Case(
        "table.docx",
        lambda: word("", f"<w:tbl><w:tr><w:tc>{paragraph(BODY + ' ' + LAST)}</w:tc></w:tr></w:tbl>"),
        says=(BODY, LAST),
    ),
    "a headline of 10 kB in a document": Case(
        "headline.docx",
        lambda: docx(paragraph("dam " * 2500, "Heading1"), paragraph(MORE)),
        says=(MORE,),
        facts=(("title", None),),
    ),
    "five thousand paragraphs": Case(
        "paragraphs.docx",
        lambda: docx(*(paragraph(f"The dam number {n} was opened.") for n in range(5000))),
        says=("The dam number 4999 was opened.",),
    ),
    "text that was struck out": Case(
        "deleted.docx",
        lambda: word(
            "",
            "<w:p><w:r><w:t>The dam was </w:t></w:r><w:del><w:r><w:delText>never </w:delText></w:r></w:del>"
            "<w:r><w:t>opened.</w:t></w:r></w:p>",
        ),
        says=("The dam was opened.",),
        never=("never",),
    ),
}
