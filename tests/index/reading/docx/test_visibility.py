"""Word documents: what no reader sees is not quoted, wherever it is stated, and all that is seen is."""

from __future__ import annotations

import pytest

from index.cleaning import built_in_rules
from index.errors import ArticleRejected
from index.models import IndexedArticle
from index.reading import read_article
from tests.index.documents import WORD, docx, docx_body
from tests.properties import one_in

pytestmark = pytest.mark.usefixtures("in_this_process")

RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEETS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="a" Type="{RELATED}/styles" Target="styles.xml"/>'
    f'<Relationship Id="b" Type="{RELATED}/theme" Target="theme/theme1.xml"/></Relationships>'
)
THEME = (
    '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:themeElements><a:clrScheme name="x">'
    '<a:dk1><a:sysClr val="windowText" lastClr="000000"/></a:dk1>'
    '<a:lt1><a:sysClr val="window" lastClr="FFFFFF"/></a:lt1>'
    '<a:accent1><a:srgbClr val="1F4E79"/></a:accent1><a:accent2><a:srgbClr val="FFFFFF"/></a:accent2>'
    "</a:clrScheme></a:themeElements></a:theme>"
)
NAMESPACES = f'xmlns:w="{WORD}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
FIRST, LAST = "The lock opens in May.", "The tower has five bells."
SECRET = "The mayor resigned in June."
ALONE = "The ferry is free on Mondays."


def run(text: str, stated: str = "") -> str:
    return f'<w:r {NAMESPACES}><w:rPr>{stated}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, stated: str = "") -> str:
    return f"<w:p><w:pPr>{stated}</w:pPr>{''.join(runs)}</w:p>"


def style(kind: str, name: str, stated: str, based: str = "", *, is_default: bool = False) -> str:
    on = f'<w:basedOn w:val="{based}"/>' if based else ""
    default = ' w:default="1"' if is_default else ""
    return f'<w:style w:type="{kind}" w:styleId="{name}"{default}><w:name w:val="{name}"/>{on}{stated}</w:style>'


def entry_of(*blocks: str, styles: str = "", **parts: str) -> IndexedArticle:
    held = {
        "word/styles.xml": f"<w:styles {NAMESPACES}>{styles}</w:styles>",
        "word/theme/theme1.xml": THEME,
        "word/_rels/document.xml.rels": SHEETS,
        **parts,
    }
    return read_article("a.docx", docx(*blocks, **held), None, built_in_rules())


def quoted(entry: IndexedArticle) -> list[str]:
    return [" ".join(entry.article.text[slice(*sentence.span)].split()) for sentence in entry.body_sentences]


def filled(colour: str) -> str:
    return f"<w14:textFill><w14:solidFill>{colour}</w14:solidFill></w14:textFill>"


BLACK = filled('<w14:srgbClr w14:val="000000"/>')
HIDING = {
    "vanish": ("<w:vanish/>", '<w:vanish w:val="0"/>'),
    "hidden on the web": ("<w:webHidden/>", '<w:webHidden w:val="false"/>'),
    "white": ('<w:color w:val="FFFFFF"/>', '<w:color w:val="auto"/>'),
    "nearly white": ('<w:color w:val="F8F8F8"/>', '<w:color w:val="222222"/>'),
    "white of the theme": ('<w:color w:val="FFFFFF" w:themeColor="background1"/>', '<w:color w:val="auto"/>'),
    "white of the theme, said to be black": (
        '<w:color w:val="000000" w:themeColor="accent2"/>',
        '<w:color w:val="FFFFFF" w:themeColor="accent1"/>',
    ),
    "black of the theme, made light": (
        '<w:color w:val="000000" w:themeColor="text1" w:themeTint="08"/>',
        '<w:color w:val="000000" w:themeColor="text1" w:themeTint="BF"/>',
    ),
    "a colour that the theme lacks": ('<w:color w:val="000000" w:themeColor="accent9"/>', '<w:color w:val="auto"/>'),
    "a colour that is none": ('<w:color w:val="blackish"/>', '<w:color w:val="auto"/>'),
    "black on black": (
        '<w:color w:val="000000"/><w:shd w:val="clear" w:color="auto" w:fill="000000"/>',
        '<w:color w:val="808080"/>',
    ),
    "black on a black pattern": (
        '<w:color w:val="000000"/><w:shd w:val="pct95" w:color="000000" w:fill="FFFFFF"/>',
        '<w:color w:val="auto"/>',
    ),
    "marked in its own colour": (
        '<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>',
        '<w:color w:val="0000FF"/>',
    ),
    "no filling": ("<w14:textFill><w14:noFill/></w14:textFill>", BLACK),
    "filled with white": (filled('<w14:schemeClr w14:val="bg1"/>'), BLACK),
    "tiny": ('<w:sz w:val="3"/><w:szCs w:val="3"/>', '<w:sz w:val="24"/><w:szCs w:val="24"/>'),
    "a size that is none": ('<w:sz w:val="one"/>', '<w:sz w:val="24"/>'),
    "narrowed to nothing": ('<w:w w:val="1"/>', '<w:w w:val="100"/>'),
    "letters on top of each other": ('<w:spacing w:val="-240"/>', '<w:spacing w:val="0"/>'),
    "far above the line": ('<w:position w:val="3000"/>', '<w:position w:val="0"/>'),
    "a font of symbols": ('<w:rFonts w:ascii="Wingdings"/>', '<w:rFonts w:ascii="Arial"/>'),
}  # fmt: skip
"""Ways to hide text, and what undoes each."""


def in_its_run(hiding: str, _: str) -> IndexedArticle:
    return entry_of(
        paragraph(run(FIRST), run(f" {SECRET} ", hiding), run(LAST)),
        paragraph(run(SECRET, hiding)),
        paragraph(run(ALONE)),
    )


def in_a_character_style(hiding: str, undoing: str) -> IndexedArticle:
    styles = style("character", "Base", f"<w:rPr>{hiding}</w:rPr>")
    return _with_character_style("Base", styles, undoing)


def in_the_base_of_a_character_style(hiding: str, undoing: str) -> IndexedArticle:
    styles = style("character", "Base", f"<w:rPr>{hiding}</w:rPr>") + style(
        "character", "Own", "<w:rPr><w:i/></w:rPr>", "Base"
    )
    return _with_character_style("Own", styles, undoing)


def _with_character_style(name: str, styles: str, undoing: str) -> IndexedArticle:
    named = f'<w:rStyle w:val="{name}"/>'
    runs = run(f"{FIRST} "), run(f"{SECRET} ", named), run(LAST, named + undoing)
    return entry_of(paragraph(*runs), paragraph(run(ALONE)), styles=styles)


def in_a_paragraph_style(hiding: str, undoing: str) -> IndexedArticle:
    styles = style("paragraph", "Base", f"<w:rPr>{hiding}</w:rPr>")
    return _with_paragraph_style("Base", styles, undoing)


def in_the_base_of_a_paragraph_style(hiding: str, undoing: str) -> IndexedArticle:
    styles = style("paragraph", "Base", f"<w:rPr>{hiding}</w:rPr>") + style("paragraph", "Own", "", "Base")
    return _with_paragraph_style("Own", styles, undoing)


def _with_paragraph_style(name: str, styles: str, undoing: str) -> IndexedArticle:
    runs = run(f"{FIRST} ", undoing), run(f"{SECRET} "), run(LAST, undoing)
    return entry_of(paragraph(*runs, stated=f'<w:pStyle w:val="{name}"/>'), paragraph(run(ALONE)), styles=styles)


def in_the_default_style(hiding: str, undoing: str) -> IndexedArticle:
    styles = style("paragraph", "Normal", f"<w:rPr>{hiding}</w:rPr>", is_default=True)
    return _everywhere(styles, undoing)


def in_the_defaults(hiding: str, undoing: str) -> IndexedArticle:
    styles = f"<w:docDefaults><w:rPrDefault><w:rPr>{hiding}</w:rPr></w:rPrDefault></w:docDefaults>"
    return _everywhere(styles, undoing)


def _everywhere(styles: str, undoing: str) -> IndexedArticle:
    runs = run(f"{FIRST} ", undoing), run(f"{SECRET} "), run(LAST, undoing)
    return entry_of(paragraph(*runs), paragraph(run(SECRET)), paragraph(run(ALONE, undoing)), styles=styles)


PLACES = (
    in_its_run,
    in_a_character_style,
    in_the_base_of_a_character_style,
    in_a_paragraph_style,
    in_the_base_of_a_paragraph_style,
    in_the_default_style,
    in_the_defaults,
)


@pytest.mark.parametrize("hidden", one_in(3, HIDING))
@pytest.mark.parametrize("place", PLACES)
def test_what_no_reader_of_a_word_document_sees_is_not_quoted(place: object, hidden: str) -> None:
    assert callable(place)
    assert quoted(place(*HIDING[hidden])) == [FIRST, LAST, ALONE]


def test_hundreds_of_hidden_texts_are_tried() -> None:
    assert len(HIDING) * len(PLACES) >= 120


def table(*cells: str, stated: str = "", row: str = "") -> str:
    rows = "".join(f"<w:tc><w:tcPr/>{cell}</w:tc>" for cell in cells)
    return f"<w:tbl><w:tblPr>{stated}</w:tblPr><w:tr><w:trPr>{row}</w:trPr>{rows}</w:tr></w:tbl>"


@pytest.mark.parametrize("hidden", one_in(3, HIDING))
@pytest.mark.parametrize("part", ["{}", '<w:tblStylePr w:type="firstRow">{}</w:tblStylePr>'])
def test_what_a_table_style_may_hide_is_left_out_as_such(part: str, hidden: str) -> None:
    hiding, undoing = HIDING[hidden]
    styles = style("table", "Grid", part.format(f"<w:rPr>{hiding}</w:rPr>"))
    cells = paragraph(run(SECRET)), paragraph(run(LAST, undoing))
    entry = entry_of(paragraph(run(FIRST)), table(*cells, stated='<w:tblStyle w:val="Grid"/>'), styles=styles)
    assert quoted(entry) == [FIRST, LAST]
    shown = {cut.rule: entry.article.text[slice(*cut.span)] for cut in entry.exclusions}
    assert shown.pop("page-maybe-hidden", SECRET) == SECRET
    assert not shown


SHOWN = {
    "white on black": '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:color="auto" w:fill="000000"/>',
    "white on a dark colour of the theme": '<w:color w:val="FFFFFF" w:themeColor="background1"/>'
    '<w:shd w:val="clear" w:color="auto" w:fill="FFFFFF" w:themeFill="accent1"/>',
    "white marked in blue": '<w:color w:val="FFFFFF"/><w:highlight w:val="blue"/>',
    "an automatic colour on black": '<w:color w:val="auto"/><w:shd w:val="clear" w:color="auto" w:fill="000000"/>',
    "black, marked in yellow": '<w:color w:val="000000"/><w:highlight w:val="yellow"/>',
    "black on a light pattern": '<w:color w:val="000000"/><w:shd w:val="pct15" w:color="auto" w:fill="FFFFFF"/>',
    "grey": '<w:color w:val="808080"/>',
    "a colour of the theme": '<w:color w:val="1F4E79" w:themeColor="accent1"/>',
    "a lighter colour of the theme": '<w:color w:val="595959" w:themeColor="text1" w:themeTint="A6"/>',
    "a darker white of the theme": '<w:color w:val="7F7F7F" w:themeColor="background1" w:themeShade="7F"/>',
    "yellow": '<w:color w:val="FFC000"/>',
    "small": '<w:sz w:val="8"/>',
    "condensed": '<w:spacing w:val="-10"/><w:w w:val="90"/>',
    "raised": '<w:position w:val="6"/>',
    "not hidden": '<w:vanish w:val="0"/><w:webHidden w:val="0"/><w:specVanish w:val="false"/>',
    "of many kinds": '<w:rFonts w:ascii="Arial"/><w:b/><w:i/><w:caps/><w:u w:val="single"/><w:shadow/>'
    '<w:kern w:val="2"/><w:lang w:val="en-GB"/><w14:ligatures w14:val="standard"/><w14:shadow/>',
}


@pytest.mark.parametrize("shown", SHOWN)
def test_what_a_reader_of_a_word_document_sees_is_quoted(shown: str) -> None:
    styles = style("character", "Own", f"<w:rPr>{SHOWN[shown]}</w:rPr>")
    named = run(LAST, '<w:rStyle w:val="Own"/>')
    assert quoted(entry_of(paragraph(run(FIRST, SHOWN[shown])), paragraph(named), styles=styles)) == [FIRST, LAST]


@pytest.mark.parametrize(
    ("stated", "is_seen"),
    [
        ('<w:spacing w:line="1" w:lineRule="exact"/>', False),
        ('<w:spacing w:line="240" w:lineRule="exact"/>', True),
        ('<w:spacing w:line="1" w:lineRule="auto"/>', True),
        ('<w:ind w:left="40000"/>', False),
        ('<w:ind w:left="720" w:hanging="360"/>', True),
        ('<w:framePr w:x="90000" w:y="1"/>', False),
        ('<w:shd w:val="clear" w:fill="333333"/>', True),
        ('<w:shd w:val="clear" w:fill="FDFDFD"/>', False),
        ('<w:shd w:val="diagStripe" w:color="000000" w:fill="333333"/>', False),
    ],
)
def test_a_paragraph_hides_its_text_by_its_lines_its_place_or_its_shading(stated: str, *, is_seen: bool) -> None:
    white = '<w:color w:val="FFFFFF"/>' if "shd" in stated else ""
    for styles, own in (
        ("", stated),
        (style("paragraph", "Own", f"<w:pPr>{stated}</w:pPr>"), '<w:pStyle w:val="Own"/>'),
    ):
        entry = entry_of(paragraph(run(FIRST)), paragraph(run(LAST, white), stated=own), styles=styles)
        assert quoted(entry) == ([FIRST, LAST] if is_seen else [FIRST])


def test_black_text_is_not_quoted_if_the_page_is_black() -> None:
    page = docx_body(paragraph(run(FIRST)), paragraph(run(SECRET, '<w:color w:val="000000"/>')))
    entry = entry_of(**{"word/document.xml": page.replace("<w:body>", '<w:background w:color="000000"/><w:body>')})
    assert quoted(entry) == [FIRST]


def test_what_two_styles_turn_off_for_each_other_is_not_quoted() -> None:
    styles = style("character", "C", "<w:rPr><w:vanish/></w:rPr>") + style(
        "paragraph", "P", "<w:rPr><w:vanish/></w:rPr>"
    )
    both = paragraph(run(SECRET, '<w:rStyle w:val="C"/>'), stated='<w:pStyle w:val="P"/>')
    assert quoted(entry_of(paragraph(run(FIRST)), both, styles=styles)) == [FIRST]


def test_what_depends_on_which_of_two_styles_of_one_id_counts_is_not_quoted() -> None:
    styles = style("paragraph", "P", "") + style("paragraph", "P", "<w:rPr><w:vanish/></w:rPr>")
    named = paragraph(run(SECRET), stated='<w:pStyle w:val="P"/>')
    assert quoted(entry_of(paragraph(run(FIRST)), named, styles=styles)) == [FIRST]


@pytest.mark.parametrize("mark", ["<w:vanish/>", "<w:vanish/><w:specVanish/>"])
def test_a_paragraph_whose_end_is_hidden_goes_on_in_the_next(mark: str) -> None:
    first = paragraph(run("The lock does "), stated=f"<w:rPr>{mark}</w:rPr>")
    assert quoted(entry_of(first, paragraph(run("not open in May.")))) == ["The lock does not open in May."]


def test_a_document_of_nothing_but_hidden_text_is_refused() -> None:
    with pytest.raises(ArticleRejected, match="only text that a reader may not see"):
        entry_of(paragraph(run(SECRET, '<w:color w:val="FFFFFF"/>')))


def test_a_property_that_is_not_known_makes_text_doubtful() -> None:
    unknown = '<x:invisible xmlns:x="urn:made-up"/>'
    assert quoted(entry_of(paragraph(run(FIRST), run(f" {SECRET}", unknown)), paragraph(run(LAST)))) == [FIRST, LAST]
    assert quoted(entry_of(paragraph(run("The lock is "), run("not ", unknown), run("open. "), run(LAST)))) == [LAST]
