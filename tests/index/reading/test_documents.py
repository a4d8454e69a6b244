"""Markdown, PDF and Word files: their text without what is none, and the facts that they state."""

from __future__ import annotations

import pytest

from index.cleaning import built_in_rules
from index.errors import ArticleRejected
from index.models import IndexedArticle, MetadataField, Origin, Quote
from index.reading import read_article
from index.reading.sources import Sources
from tests.index.documents import (
    RELATIONS,
    STRICT,
    STYLED,
    WORD,
    docx,
    docx_body,
    drawn,
    drawn_pdf,
    paragraph,
    pdf,
)

pytestmark = pytest.mark.usefixtures("in_this_process")

OPENED = "The dam was opened on Saturday."


def entry_of(file: str, data: bytes | str) -> IndexedArticle:
    return read_article(file, data.encode() if isinstance(data, str) else data, None, built_in_rules())


def body(entry: IndexedArticle) -> list[str]:
    return [" ".join(entry.article.text[slice(*sentence.span)].split()) for sentence in entry.body_sentences]


def test_markdown_is_read_without_its_marks() -> None:
    entry = entry_of(
        "a.md",
        "# A dam\n\nThe *dam* was **opened** on\n[Saturday](https://x.y). It `holds`.\n\n- First, the roads.\n\n"
        "```\nprint('It said nothing.')\n```\n\n> “It is good,” said Ek.\n\n## Next\n\n"
        "The <b>ferry</b> returns.  \nYes.\n",
    )
    assert body(entry) == [
        "The dam was opened on Saturday.",
        "It holds.",
        "First, the roads.",
        "print('It said nothing.')",
        "“It is good,” said Ek.",
        "The ferry returns.",
        "Yes.",
    ]
    assert entry.article.title is not None
    assert (entry.article.title.value, entry.article.title.origin) == ("A dam", Origin.TEXT)


def test_what_is_raised_struck_out_or_a_picture_in_markdown_changes_no_words() -> None:
    entry = entry_of(
        "a.md",
        f"{OPENED} In 2017<sup>2</sup> it held 10<sup>6</sup> metres.[^1] It is <q>full</q>, 2\\*3 &amp; more.\n\n"
        "[^1]: https://example.com/dam\n\nIt is ~~five~~ four metres long. We knew.\n\nI ![love](h.png) it. So do we.",
    )
    assert body(entry) == [
        OPENED,
        "In 2017² it held 10⁶ metres.",
        "It is “full”, 2*3 & more.",
        "https://example.com/dam",
        "We knew.",
        "So do we.",
    ]
    assert "five" in [entry.article.text[slice(*cut.span)] for cut in entry.exclusions if cut.rule == "struck-out"]


@pytest.mark.parametrize("before", ["Type this into the terminal", "A list of flags", "It looks like this:", OPENED])
def test_a_paragraph_after_code_is_quoted_however_the_one_before_it_ends(before: str) -> None:
    entry = entry_of("a.md", f"# A dam\n\n{OPENED}\n\n{before}\n\n```\ndam --open\n```\n\nThe ferry returns.\n")
    assert body(entry)[-1] == "The ferry returns."


def test_a_sentence_that_code_cuts_in_two_is_not_quoted_in_halves() -> None:
    cut = "She said that the governor of\n\n```\ndam --open\n```\n\nHarald had opened the dam."
    assert body(entry_of("a.md", f"# A dam\n\n{OPENED}\n\n{cut}\n\nThe ferry returns.\n")) == [
        OPENED,
        "dam --open",
        "The ferry returns.",
    ]


def test_a_word_document_gives_its_paragraphs_and_its_headline() -> None:
    entry = entry_of(
        "a.docx",
        docx(
            paragraph("A dam for the valley", "Heading1"),
            paragraph(f"{OPENED} It is a good dam."),
            paragraph("What comes next", "Heading2"),
            paragraph("The ferry returns in May."),
        ),
    )
    assert body(entry) == [OPENED, "It is a good dam.", "The ferry returns in May."]
    assert entry.article.title
    assert entry.article.title.value == "A dam for the valley"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
HIDING = f"""<w:styles xmlns:w="{WORD}"><w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr>
<w:vanish/></w:rPr></w:style><w:style w:type="character" w:styleId="Note"><w:basedOn w:val="Secret"/></w:style>
<w:style w:type="character" w:styleId="NoteGone"><w:rPr><w:dstrike/></w:rPr></w:style>
</w:styles>"""


@pytest.mark.parametrize(
    ("within", "quoted"),
    [
        (f'<w:fldSimple w:instr="REF x">{run("five ")}</w:fldSimple>', "It has five towers."),
        (f'<w:dir w:val="rtl">{run("five ")}</w:dir>', "It has five towers."),
        (
            f"<w:r><w:ruby><w:rt>{run('go')}</w:rt><w:rubyBase>{run('五 ')}</w:rubyBase></w:ruby></w:r>",
            "It has 五 towers.",
        ),
        ("<w:r><w:cr/></w:r>", "It has towers."),
        (run("no ", "<w:vanish/>"), "It has towers."),
        (run("no ", '<w:rStyle w:val="Note"/>'), "It has towers."),
        (run("no ", '<w:vanish w:val="0"/>'), "It has no towers."),
        (f"<w:del>{run('no ').replace('w:t', 'w:delText')}</w:del>", "It has towers."),
        (f"<w:moveFrom>{run('no ')}</w:moveFrom><w:moveTo>{run('five ')}</w:moveTo>", "It has five towers."),
        (run("2", '<w:vertAlign w:val="superscript"/>'), "It has ²towers."),
        (run("no ", "<w:strike/>"), None),
        (run("no ", "<w:dstrike/>"), None),
        (run("no ", '<w:strike w:val="0"/><w:dstrike/>'), None),
        (run("no ", '<w:rStyle w:val="NoteGone"/>'), None),
        (run("no ", '<w:dstrike w:val="false"/>'), "It has no towers."),
        (run("no ", '<w:rStyle w:val="NoteGone"/><w:dstrike w:val="0"/>'), "It has no towers."),
        (f'<m:oMath xmlns:m="{MATH}"><m:r><m:t>x=2</m:t></m:r></m:oMath>', None),
    ],
)
def test_a_quotation_of_a_word_document_reads_as_the_document_is_shown(within: str, quoted: str | None) -> None:
    written = f"<w:p>{run('It has ')}{within}{run('towers. ')}{run('We knew.')}</w:p>"
    made = docx(paragraph(OPENED), written, **{"word/styles.xml": HIDING, "word/_rels/document.xml.rels": STYLED})
    strict = made if quoted is None else docx(paragraph(OPENED), written, namespace=STRICT)
    for data in (made, strict) if "Note" not in within else (made,):
        assert body(entry_of("a.docx", data)) == [OPENED, *([quoted] if quoted else []), "We knew."]


@pytest.mark.parametrize(
    "name", ["word/printer/tray.bin", "customXml/item1.xml", "word/media/icon.svg", "word/comments.xml"]
)
def test_a_word_document_may_hold_any_part_that_is_not_read(name: str) -> None:
    plist = '<?xml version="1.0"?><!DOCTYPE plist PUBLIC "-//Maker//DTD Tray 1.0//EN" "tray.dtd"><plist/>'
    assert body(entry_of("a.docx", docx(paragraph(OPENED), **{name: plist}))) == [OPENED]


def test_a_word_document_is_found_by_its_relationships() -> None:
    hidden = run("It was not.", '<w:rStyle w:val="Note"/>')
    moved = {
        "_rels/.rels": RELATIONS.replace("document.xml", "document2.xml"),
        "word/_rels/document2.xml.rels": STYLED.replace("styles.xml", "/word/styles2.xml"),
        "word/styles2.xml": HIDING,
        "word/document2.xml": docx_body(paragraph(OPENED), f"<w:p>{hidden}</w:p>"),
    }
    assert body(entry_of("a.docx", docx(paragraph("Another one."), **moved))) == [OPENED]


def core(title: str, author: str) -> str:
    inside = f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>"
    return f'<c:coreProperties xmlns:c="urn:c" xmlns:dc="http://purl.org/dc/elements/1.1/">{inside}</c:coreProperties>'


def test_the_properties_of_a_word_document_state_its_title_and_authors() -> None:
    made = docx(paragraph(OPENED), **{"docProps/core.xml": core("The dam of Lomma", "Ann Karlsson;Bo Ek")})
    article = entry_of("a.docx", made).article
    assert article.title == MetadataField(value="The dam of Lomma", origin=Origin.DOCUMENT_PROPERTIES)
    assert article.author == MetadataField(value="Ann Karlsson, Bo Ek", origin=Origin.DOCUMENT_PROPERTIES)
    stated = read_article("a.docx", made, b'headline = "Lomma"\n', built_in_rules()).article
    assert (stated.title, stated.author) == (MetadataField(value="Lomma", origin=Origin.SIDECAR), article.author)


def test_what_a_word_processor_filled_in_is_no_title_and_no_author() -> None:
    program = (
        '<Properties xmlns="urn:p"><Template>Minutes.dotx</Template><Application>Writer 7</Application></Properties>'
    )
    parts = {"docProps/core.xml": core("Minutes", "Writer"), "docProps/app.xml": program}
    article = entry_of("a.docx", docx(paragraph("A dam", "Heading1"), paragraph(OPENED), **parts)).article
    assert article.title == MetadataField(value="A dam", origin=Origin.TEXT)
    assert article.author is None


def test_hyphens_at_line_ends_of_a_pdf_are_kept_as_printed_and_said_so() -> None:
    entry = entry_of("a.pdf", pdf(["The dam was opened on Saturday by the governor of the pro-", "vince of Lomma."]))
    assert body(entry) == ["The dam was opened on Saturday by the governor of the pro- vince of Lomma."]
    quote = Quote(article=entry.article, spans=(entry.body_sentences[0].span,), score=0)
    assert quote.has_printed_hyphens
    whole = entry_of("b.pdf", pdf(["A well-known dam was opened on Saturday in Lomma."]))
    assert not Quote(article=whole.article, spans=(whole.body_sentences[0].span,), score=0).has_printed_hyphens


def test_running_heads_and_page_numbers_of_a_pdf_are_no_text_and_no_sentence_bridges_them() -> None:
    pages = [
        ["The Example, 25 April", "The dam was opened on Saturday. It holds forty million", "1"],
        ["The Example, 25 April", "cubic metres of water. The ferry returns in May.", "2"],
        ["The Example, 25 April", "Nobody was hurt when it was built.", "3"],
    ]
    assert body(entry_of("a.pdf", pdf(*pages))) == [
        OPENED,
        "The ferry returns in May.",
        "Nobody was hurt when it was built.",
    ]


LEFT = ("It was opened by a", "man of means, said he.", "Nobody knew.")
RIGHT = ("Prices rose by a", "tenth, said she.", "Grain did not.")


def test_columns_of_a_pdf_are_read_one_after_the_other_however_they_are_drawn() -> None:
    rows = [(drawn(72, y, a), drawn(320, y, b)) for y, a, b in zip((650, 636, 622), LEFT, RIGHT, strict=True)]
    opened, ended = drawn(72, 700, f"{OPENED} Nobody was hurt."), drawn(72, 500, "The ferry returns in May.")
    for columns in ("".join(a + b for a, b in rows), "".join(a for a, _ in rows) + "".join(b for _, b in rows)):
        assert body(entry_of("a.pdf", drawn_pdf(opened + columns + ended))) == [
            OPENED,
            "Nobody was hurt.",
            "It was opened by a man of means, said he.",
            "Nobody knew.",
            "Prices rose by a tenth, said she.",
            "Grain did not.",
            "The ferry returns in May.",
        ]


BEFORE, AFTER = f"{OPENED} The minister said", "that the ferry returns in May."
UNDER = "nothing of the kind and"


def of_size(points: int, operations: str) -> str:
    return operations.replace("/F1 12 Tf", f"/F1 {points} Tf")


@pytest.mark.parametrize(
    "unseen",
    [
        drawn(72, 686, UNDER, mode=3),
        f"q {drawn(72, 686, UNDER, mode=7)}Q ",
        drawn(200, 300, "DRAFT", turned="0.7 0.7 -0.7 0.7"),
        of_size(1, drawn(72, 686, UNDER)),
        drawn(72, 686, UNDER, turned=".1 0 0 .1"),
        f"q .1 0 0 .1 0 0 cm {drawn(720, 6860, UNDER)}Q ",
        drawn(700, 686, UNDER),
        drawn(-900, 686, UNDER),
        drawn(72, 900, UNDER),
        drawn(72, -90, UNDER),
        f"q 1 0 0 1 900 0 cm {drawn(72, 686, UNDER)}Q ",
    ],
)
def test_what_nobody_sees_on_a_page_of_a_pdf_is_not_quoted(unseen: str) -> None:
    opened, ended = drawn(72, 700, BEFORE), drawn(72, 672, AFTER)
    for page in (opened + unseen + ended, opened + ended + unseen, unseen + opened + ended):
        assert body(entry_of("a.pdf", drawn_pdf(page))) == [OPENED, f"The minister said {AFTER}"]


@pytest.mark.parametrize("colour", ["1 g", "1 1 1 rg", "0 0 0 0 k", "/Cs1 cs 1 1 1 sc", ".98 g"])
def test_no_sentence_of_a_pdf_is_quoted_with_white_text_or_without_it(colour: str) -> None:
    white = f"q {colour} {drawn(72, 686, UNDER)}Q "
    opened, ended = drawn(72, 700, BEFORE), drawn(72, 672, f"{AFTER} Nobody was hurt.")
    entry = entry_of("a.pdf", drawn_pdf(opened + white + ended))
    assert body(entry) == [OPENED, "Nobody was hurt."]
    assert [cut.rule for cut in entry.exclusions if UNDER in entry.article.text[slice(*cut.span)]] == [
        "may-be-invisible"
    ]
    within = f"BT /F1 12 Tf 72 686 Td (It did ) Tj {colour} (not ) Tj 0 g (hold.) Tj ET "
    entry = entry_of("a.pdf", drawn_pdf(drawn(72, 700, OPENED) + within + drawn(72, 672, "Nobody was hurt.")))
    assert body(entry) == [OPENED, "Nobody was hurt."]


@pytest.mark.parametrize(
    "shown",
    [
        of_size(6, drawn(72, 686, "It is good.")),
        of_size(1, drawn(72, 686, "It is good.", turned="12 0 0 12")),
        f"q 10 0 0 10 0 0 cm {of_size(1, drawn(7, 68, 'It is good.'))}Q ",
        drawn(-3, 686, "It is good."),
        drawn(560, 686, "It is good."),
        f"1 g 0 g {drawn(72, 686, 'It is good.')}",
        f"q 1 1 1 rg 0 0 600 700 re f Q {drawn(72, 686, 'It is good.')}",
        f"1 1 1 RG {drawn(72, 686, 'It is good.')}",
        f"0 0 0 1 k {drawn(72, 686, 'It is good.')}",
        f"1 0 0 rg {drawn(72, 686, 'It is good.')}",
        f"1 g {drawn(72, 686, 'It is good.', mode=1)}",
        "BT /F1 12 Tf 72 793 Td 107 TL (It is good.) ' ET ",
    ],
)
def test_what_is_seen_on_a_page_of_a_pdf_stays(shown: str) -> None:
    assert body(entry_of("a.pdf", drawn_pdf(drawn(72, 700, OPENED) + shown))) == [OPENED, "It is good."]


def test_signs_in_no_font_leave_nothing_empty_behind() -> None:
    without_font = "BT Tj 12 Tf 72 720 Td 14 TL (It is gone.) Tj T* (Ann said so.) Tj T* ET "
    entry = entry_of("a.pdf", drawn_pdf(without_font, drawn(72, 600, OPENED)))
    assert body(entry) == [OPENED]
    assert all(start < end for start, end in (exclusion.span for exclusion in entry.exclusions))


def test_a_pdf_of_white_text_alone_is_refused() -> None:
    with pytest.raises(ArticleRejected, match="only text that may be invisible"):
        entry_of("a.pdf", drawn_pdf(f"1 g {drawn(72, 700, OPENED)}"))


def test_what_was_recognised_in_a_scan_is_its_text() -> None:
    assert body(entry_of("a.pdf", drawn_pdf(drawn(72, 700, f"{OPENED} It is good.", mode=3)))) == [
        OPENED,
        "It is good.",
    ]


def test_a_note_at_the_foot_of_a_page_is_not_quoted_as_part_of_the_sentence_above_it() -> None:
    pages = ([f"{OPENED} It is a dam that", "1 See the report of 2020."], ["nobody wanted. The ferry returns in May."])
    assert body(entry_of("a.pdf", pdf(*pages))) == [OPENED, "The ferry returns in May."]


def test_a_pdf_without_text_is_refused_as_a_scan() -> None:
    with pytest.raises(ArticleRejected, match="it may be a scan"):
        entry_of("a.pdf", pdf([]))


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", pdf(["A dam."]), "but its content is a PDF document. Change its extension to .pdf."),
        ("a.pdf", b"A dam was opened.", "but its content is something else"),
        ("a.docx", b"<!DOCTYPE html><html><p>A dam.</p></html>", "but its content is an HTML page"),
        ("a.html", b"A dam was opened.", "contains no HTML"),
        ("a.html", docx(paragraph("A dam.")), "but its content is a Word document"),
        ("a.md", b"\x1f\x8b\x08rubbish", "The content of a.md is a gzip archive"),
        ("a.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "The content of a.txt is an old Office document"),
        ("a.txt", b"  <!doctype HTML><p>A dam.", "but its content is an HTML page"),
        ("a.rtf", b"{\\rtf1 A dam.}", "has an unsupported file type"),
    ],
)
def test_a_file_that_is_not_what_its_ending_says_is_refused_by_name(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(ArticleRejected) as refused:
        entry_of(name, data)
    assert name in str(refused.value)
    assert reason in str(refused.value)


def test_of_several_sources_the_surest_states_a_fact_and_each_says_where_it_was_read() -> None:
    text = f"{OPENED} It holds water, the council of the valley said.\n\nSOURCE: https://trailer.example/dam\n"
    matter = "---\ntitle: Front\nauthor: Bo Ek\nurl: https://front.example/dam\n---\n"
    sidecar = b'headline = "Sidecar"\n'
    sources = Sources(publishers={"front.example": "The Front", "trailer.example": "The Trailer"})
    cases = [
        (text, None, (None, "https://trailer.example/dam", "The Trailer", None)),
        (matter + text, None, ("Front", "https://front.example/dam", "The Front", "Bo Ek")),
        (matter + text, sidecar, ("Sidecar", "https://front.example/dam", "The Front", "Bo Ek")),
        (matter + text, sidecar + b'publisher = "P"\n', ("Sidecar", "https://front.example/dam", "P", "Bo Ek")),
    ]
    for held, stated, expected in cases:
        article = read_article("a.md", held.encode(), stated, built_in_rules(), sources).article
        facts = (article.title, article.url, article.publisher, article.author)
        assert tuple(fact and fact.value for fact in facts) == expected
