"""Text boxes of Word documents, and alternatives of which one is shown."""

from __future__ import annotations

import pytest

from tests.index.reading.docx.test_visibility import FIRST, LAST, SECRET, entry_of, paragraph, quoted, run

pytestmark = pytest.mark.usefixtures("in_this_process")

MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
MS = "http://schemas.microsoft.com/office"
SHAPES = f"{MS}/word/2010/wordprocessingShape"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
VML = 'xmlns:v="urn:schemas-microsoft-com:vml"'
LARGE = 'cx="2540000" cy="635000"'


def content(text: str, stated: str = "") -> str:
    return f"<w:txbxContent>{paragraph(run(text, stated))}</w:txbxContent>"


def drawn(inside: str, extent: str = LARGE, *, fill: str = "<a:noFill/>", frame: str = "", body: str = "") -> str:
    """A text box of DrawingML."""
    shape = f"<s:wsp><s:spPr>{fill}</s:spPr><s:txbx>{inside}</s:txbx><s:bodyPr>{body}</s:bodyPr></s:wsp>"
    graphic = f"<a:graphic><a:graphicData>{shape}</a:graphicData></a:graphic>"
    return (
        f'<w:drawing xmlns:p="{DRAWING}/wordprocessingDrawing" xmlns:a="{DRAWING}/main" xmlns:s="{SHAPES}">'
        f"<p:anchor><p:extent {extent}/>{frame}{graphic}</p:anchor></w:drawing>"
    )


def vml(inside: str, style: str = "width:200pt;height:50pt", attributes: str = "") -> str:
    """A text box of VML, as older programs write it."""
    shape = f'<v:shape {VML} style="{style}" {attributes}><v:textbox>{inside}</v:textbox></v:shape>'
    return f"<w:pict>{shape}</w:pict>"


def in_a_run(drawing: str) -> str:
    return paragraph(f"<w:r>{drawing}</w:r>")


def alternatives(choice: str, fallback: str, namespace: str = SHAPES) -> str:
    either = f'<m:Choice Requires="q">{choice}</m:Choice><m:Fallback>{fallback}</m:Fallback>'
    return f'<m:AlternateContent xmlns:m="{MC}" xmlns:q="{namespace}">{either}</m:AlternateContent>'


@pytest.mark.parametrize("inside", [drawn(content(LAST)), vml(content(LAST))])
def test_a_text_box_is_quoted(inside: str) -> None:
    assert quoted(entry_of(paragraph(run(FIRST)), in_a_run(inside))) == [FIRST, LAST]


def test_of_two_alternatives_the_one_that_is_shown_is_quoted() -> None:
    shown = in_a_run(alternatives(drawn(content(LAST)), vml(content(SECRET))))
    assert quoted(entry_of(paragraph(run(FIRST)), shown)) == [FIRST, LAST]
    both = in_a_run(alternatives(drawn(content(LAST)), vml(content(LAST))))
    assert quoted(entry_of(paragraph(run(FIRST)), both)) == [FIRST, LAST]
    blocks = alternatives(paragraph(run(LAST)), paragraph(run(SECRET)), f"{MS}/word/2012/wordml")
    assert quoted(entry_of(paragraph(run(FIRST)), blocks)) == [FIRST, LAST]


def test_a_pictograph_is_quoted_as_it_is_shown() -> None:
    namespace = f"{MS}/word/2015/wordml/symex"
    sign = f'<e:symEx xmlns:e="{namespace}" e:font="Emoji" e:char="1F6F6"/>'
    either = alternatives(sign, "<w:t>boat</w:t>", namespace)
    entry = entry_of(paragraph(run("The "), f"<w:r>{either}</w:r>", run(" returns in May.")))
    assert quoted(entry) == ["The 🛶 returns in May."]


def test_of_two_alternatives_none_is_quoted_if_it_is_not_known_which_one_is_shown() -> None:
    for shown in (
        in_a_run(alternatives(drawn(content(LAST)), vml(content(SECRET)), "urn:made-up")),
        alternatives(paragraph(run(LAST)), paragraph(run(SECRET)), f"{MS}/word/2099/wordml"),
        alternatives(paragraph(run(SECRET)), paragraph(run(LAST))).replace(' Requires="q"', ""),
    ):
        assert quoted(entry_of(paragraph(run(FIRST)), shown)) == [FIRST]


SMALL = 'cx="9000" cy="9000"'
AWAY = '<p:positionH relativeFrom="page"><p:posOffset>-9000000</p:posOffset></p:positionH>'
WHITE, BLACK = (f'<a:solidFill><a:srgbClr val="{value}"/></a:solidFill>' for value in ("FFFFFF", "000000"))
IN_WHITE = content(SECRET, '<w:color w:val="FFFFFF"/>')


@pytest.mark.parametrize(
    "inside",
    [
        drawn(content(SECRET), SMALL),
        drawn(content(SECRET), 'cx="200000" cy="200000"'),
        drawn(content(SECRET), 'cx="wide" cy="635000"'),
        drawn(content(SECRET), frame='<p:docPr id="1" name="x" hidden="1"/>'),
        drawn(content(SECRET), frame=AWAY),
        drawn(content(SECRET)).replace("a:graphicData>", "s:wgp>"),
        drawn(content(SECRET), body='<a:normAutofit fontScale="5000"/>'),
        drawn(content(SECRET, "<w:vanish/>")),
        drawn(IN_WHITE),
        drawn(IN_WHITE, fill=WHITE),
        drawn(IN_WHITE, fill="<a:gradFill/>"),
        drawn(content(SECRET, '<w:color w:val="000000"/>'), fill=BLACK),
        vml(content(SECRET), "width:0;height:0"),
        vml(content(SECRET), "width:200pt;height:50pt;visibility:hidden"),
        vml(content(SECRET), "width:200pt;height:50pt;margin-left:-900pt"),
        vml(content(SECRET), ""),
        vml(IN_WHITE),
        vml(IN_WHITE, attributes='fillcolor="#fefefe"'),
        vml(IN_WHITE, attributes='filled="f"'),
    ],
)
def test_what_may_not_be_seen_of_a_text_box_is_not_quoted(inside: str) -> None:
    for shown in (in_a_run(inside), in_a_run(alternatives(inside, ""))):
        assert quoted(entry_of(paragraph(run(FIRST)), shown, paragraph(run(LAST)))) == [FIRST, LAST]


def test_a_text_box_of_a_hidden_run_is_not_quoted() -> None:
    hidden = f"<w:r><w:rPr><w:vanish/></w:rPr>{vml(content(SECRET))}</w:r>"
    assert quoted(entry_of(paragraph(run(FIRST), hidden))) == [FIRST]


@pytest.mark.parametrize(
    "inside",
    [
        drawn(content(LAST, '<w:color w:val="FFFFFF"/>'), fill=BLACK),
        drawn(content(LAST, '<w:color w:val="000000"/>'), fill=WHITE),
        drawn(content(LAST), 'cx="635000" cy="635"', body="<a:spAutoFit/>"),
        drawn(content(LAST, '<w:color w:val="203040"/>'), fill='<a:solidFill><a:prstClr val="white"/></a:solidFill>'),
        vml(content(LAST, '<w:color w:val="FFFFFF"/>'), attributes='fillcolor="#203040"'),
    ],
)
def test_what_is_seen_of_a_text_box_is_quoted(inside: str) -> None:
    assert quoted(entry_of(paragraph(run(FIRST)), in_a_run(inside))) == [FIRST, LAST]
