"""Word documents: lists with the numbers that Word shows, rows of tables with their headers, headings by any style."""

from __future__ import annotations

import pytest

from index.models import IndexedArticle
from tests.index.documents import WORD, docx
from tests.index.reading.sections import chunks, entry_of, kinds, shown

pytestmark = pytest.mark.usefixtures("in_this_process")

W = f'xmlns:w="{WORD}"'
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEETS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="a" Type="{RELATED}/styles" Target="styles.xml"/>'
    f'<Relationship Id="b" Type="{RELATED}/numbering" Target="numbering.xml"/></Relationships>'
)
NUMBERING = (
    f"<w:numbering {W}>"
    '<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>'
    "</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    "</w:numbering>"
)
BOLD = "<w:rPr><w:b/></w:rPr>"
PROSE = "The club lends lanterns to everybody."


def level(depth: int, form: str, text: str, extra: str = "") -> str:
    shape = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/>{extra}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{depth}">{shape}</w:lvl>'


LEVELS = level(0, "decimal", "%1.") + level(1, "lowerLetter", "%2)") + level(2, "lowerRoman", "(%3)")


def paragraph(text: str, stated: str = "", run: str = "") -> str:
    return f"<w:p><w:pPr>{stated}</w:pPr><w:r>{run}<w:t>{text}</w:t></w:r></w:p>"


def item(text: str, depth: int = 0, number: int = 1) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def styled(text: str, name: str) -> str:
    return paragraph(text, f'<w:pStyle w:val="{name}"/>')


def style(name: str, stated: str, based: str = "", kind: str = "paragraph") -> str:
    on = f'<w:basedOn w:val="{based}"/>' if based else ""
    return f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{name}"/>{on}{stated}</w:style>'


def table(*rows: str, stated: str = "") -> str:
    return f"<w:tbl><w:tblPr>{stated}</w:tblPr>{''.join(rows)}</w:tbl>"


def row(*cells: str, stated: str = "", run: str = "") -> str:
    held = "".join(f"<w:tc><w:tcPr/>{paragraph(cell, run=run)}</w:tc>" for cell in cells)
    return f"<w:tr><w:trPr>{stated}</w:trPr>{held}</w:tr>"


def read(*blocks: str, styles: str = "", levels: str = LEVELS) -> IndexedArticle:
    parts = {
        "word/styles.xml": f"<w:styles {W}>{styles}</w:styles>",
        "word/numbering.xml": NUMBERING.replace("{levels}", levels),
        "word/_rels/document.xml.rels": SHEETS,
    }
    return entry_of("a.docx", docx(*blocks, **parts))


@pytest.mark.parametrize(
    ("blocks", "items"),
    [
        pytest.param([item("Cut."), item("Dry.")], ["1. Cut.", "2. Dry."], id="steps"),
        pytest.param(
            [item("Cut."), paragraph(PROSE), item("Dry.")], ["1. Cut.", PROSE, "2. Dry."], id="steps around a paragraph"
        ),
        pytest.param(
            [item("Cut."), item("Dry.", 1), item("Oil.", 2), item("Wax.", 1), item("Fold."), item("Pack.", 1)],
            ["1. Cut.", "a) Dry.", "(i) Oil.", "b) Wax.", "2. Fold.", "a) Pack."],
            id="steps within steps",
        ),
        pytest.param([item("Cut.", number=2), item("Dry.", number=2)], ["Cut.", "Dry."], id="bullets"),
        pytest.param([item("Cut."), item("Dry.", number=3), item("Oil.", number=3)], ["1. Cut.", "5. Dry.", "6. Oil."], id="a new beginning"),
        pytest.param([item("Cut."), item("Dry.", number=0)], ["1. Cut.", "Dry."], id="no list after all"),
    ],
)  # fmt: skip
def test_items_have_the_numbers_that_word_shows(blocks: list[str], items: list[str]) -> None:
    assert chunks(read(paragraph(PROSE), *blocks))[1:] == items


def test_numbers_name_the_levels_above_them() -> None:
    levels = level(0, "upperRoman", "§ %1") + level(1, "decimal", "%1.%2", "<w:isLgl/>")
    entry = read(paragraph(PROSE), item("Cut."), item("Dry."), item("Oil.", 1), levels=levels)
    assert chunks(entry)[1:] == ["§ I Cut.", "§ II Dry.", "2.1 Oil."]
    assert kinds(entry)[1:] == ["list item"] * 3
    assert [block.level for block in entry.blocks] == [1, 1, 2]


@pytest.mark.parametrize("based", ["", "Other"])
def test_a_list_that_a_style_states_is_one(based: str) -> None:
    numbered = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = style("Other", numbered) + style("Steps", "" if based else numbered, based)
    entry = read(paragraph(PROSE), styled("Cut.", "Steps"), styled("Dry.", "Steps"), styles=styles)
    assert chunks(entry)[1:] == ["1. Cut.", "2. Dry."]
    assert kinds(entry)[1:] == ["list item"] * 2


def test_what_is_hidden_shows_no_number() -> None:
    gone = item("Dry.").replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>")
    assert chunks(read(paragraph(PROSE), item("Cut."), gone)) == [PROSE, "1. Cut."]


HEADER = "<w:tblHeader/>"
GRID = style("Grid", f'<w:tblStylePr w:type="firstRow">{BOLD}</w:tblStylePr>', kind="table")
USES_GRID = '<w:tblStyle w:val="Grid"/><w:tblLook w:val="{}"/>'


@pytest.mark.parametrize(
    ("first", "stated", "is_header"),
    [
        pytest.param({"stated": HEADER}, "", True, id="a header row"),
        pytest.param({"run": BOLD}, "", True, id="a bold row"),
        pytest.param({}, USES_GRID.format("04A0"), True, id="a first row that the style makes bold"),
        pytest.param({}, USES_GRID.format("0480"), False, id="a style that is not used for it"),
        pytest.param({}, "", False, id="a row like the others"),
    ],
)
def test_a_row_has_the_header_of_its_table(first: dict[str, str], stated: str, is_header: bool) -> None:
    rows = row("Lamp", "Price", **first), row("Small", "2 euros")
    entry = read(paragraph(PROSE), table(*rows, stated=stated), styles=GRID)
    expected = ["Lamp: Small; Price: 2 euros"] if is_header else ["Lamp; Price", "Small; 2 euros"]
    assert chunks(entry)[1:] == expected
    assert set(kinds(entry)[1:]) == {"table row"}


@pytest.mark.parametrize(
    ("heading", "styles"),
    [
        pytest.param(styled("Fees", "berschrift2"), style("berschrift2", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>'), id="in another language"),
        pytest.param(styled("Fees", "Own"), style("Big", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>') + style("Own", "", "Big"), id="based on one"),
        pytest.param(paragraph("Fees", '<w:outlineLvl w:val="1"/>'), "", id="by the paragraph"),
        pytest.param(styled("Fees", "Heading2"), "", id="by name"),
    ],
)  # fmt: skip
def test_a_heading_is_one_by_whatever_style(heading: str, styles: str) -> None:
    entry = read(heading, paragraph(PROSE), styles=styles)
    assert shown(entry) == [("Fees", PROSE)]
    assert [block.level for block in entry.blocks] == [2]


def test_a_title_is_the_headline_and_a_table_of_contents_is_left_out() -> None:
    names = ("Title", "toc 1", "TOC Heading")
    styles = "".join(style(name.replace(" ", ""), "").replace(f'name w:val="{name.replace(" ", "")}"', f'name w:val="{name}"') for name in names)  # fmt: skip
    blocks = styled("Lantern club", "Title"), styled("Contents", "TOCHeading"), styled("Fees\t3", "toc1")
    entry = read(*blocks, styled("Fees", "Heading1"), paragraph(PROSE), styles=styles)
    assert shown(entry) == [("Fees", PROSE)]
    assert entry.article.title is not None
    assert entry.article.title.value == "Lantern club"


def test_a_numbered_question_in_bold_heads_its_answer() -> None:
    asked = (item(text).replace("<w:r>", f"<w:r>{BOLD}") for text in ("Who lends them?", "Who repairs them?"))
    first, second = asked
    entry = read(first, paragraph(PROSE), second, paragraph("The members do."))
    assert shown(entry) == [("1. Who lends them?", PROSE), ("2. Who repairs them?", "The members do.")]
