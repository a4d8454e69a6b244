"""PDF documents with a sentence that nobody sees, and controls with the same constructs that are seen."""

from __future__ import annotations

from typing import NamedTuple

from tests.index.documents import FIRST_ADDED, drawn, drawn_pdf, pdf_stream

OPENED = "The dam was opened on Saturday."
SECRET = "The mayor paid for it."
ENDED = "Nobody was hurt."
TEXT = drawn(72, 600, SECRET)
PAGE = "/MediaBox [0 0 612 792]"
A, B, C = (f"{FIRST_ADDED + number} 0 R" for number in range(3))
BAR = "60 590 300 30 re"


class Page(NamedTuple):
    """A page: its operators, and what the document holds beside it."""

    operators: str
    added: tuple[str, ...] = ()
    resources: str = ""
    page: str = PAGE
    catalog: str = ""
    fonts: str = ""

    def pdf(self) -> bytes:
        """The document; above and below are two sentences that are seen."""
        operators = f"q {drawn(72, 700, OPENED)}Q q {self.operators} Q q {drawn(72, 500, ENDED)}Q"
        return drawn_pdf(
            operators,
            added=self.added,
            resources=self.resources,
            page=self.page,
            catalog=self.catalog,
            fonts=self.fonts,
        )

    def in_form(self, box: str = "0 0 612 792", matrix: str = "1 0 0 1 0 0") -> Page:
        """The same page, drawn by a form."""
        own = f"<< /Font << /F1 3 0 R {self.fonts} >> {self.resources} >>"
        form = f"/Type /XObject /Subtype /Form /BBox [{box}] /Matrix [{matrix}] /Resources {own}"
        number = FIRST_ADDED + len(self.added)
        added = (*self.added, pdf_stream(self.operators, form))
        return Page("/Outer Do", added, f"{self.resources} /XObject << /Outer {number} 0 R >>", self.page, self.catalog)


def function(first: str, last: str) -> str:
    return f"<< /FunctionType 2 /Domain [0 1] /N 1 /C0 [{first}] /C1 [{last}] >>"


SAMPLES = "/FunctionType 0 /Domain [0 1] /Range [0 1 0 1 0 1] /Size [2] /BitsPerSample 8"
STITCHED = (
    f"<< /FunctionType 3 /Domain [0 1] /Bounds [0.5] /Encode [0 1 0 1] "
    f"/Functions [{function('1 1 1', '0 0 0')} {function('0 0 0', '1 1 1')}] >>"
)
PROGRAM = pdf_stream("{ pop 1 1 1 }", "/FunctionType 4 /Domain [0 1] /Range [0 1 0 1 0 1]")
WHITE_POINT = "/WhitePoint [0.9642 1 0.8249]"
SPACES: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    # name: (space, components of white, components of a dark colour or nothing, objects)
    "grey": ("/DeviceGray", "1", "0", ()),
    "rgb": ("/DeviceRGB", "1 1 1", "0 0 0.5", ()),
    "cmyk": ("/DeviceCMYK", "0 0 0 0", "0 0 0 1", ()),
    "almost white": ("/DeviceRGB", "0.97 0.96 0.98", "0.5 0.5 0.5", ()),
    "calibrated grey": (f"[/CalGray << {WHITE_POINT} >>]", "1", "0", ()),
    "calibrated rgb": (f"[/CalRGB << {WHITE_POINT} >>]", "1 1 1", "0.4 0 0", ()),
    "Lab": (f"[/Lab << {WHITE_POINT} /Range [-128 127 -128 127] >>]", "100 0 0", "20 0 0", ()),
    "an ICC profile": (f"[/ICCBased {A}]", "1 1 1", "0 0 0", (pdf_stream("", "/N 3 /Alternate /DeviceRGB"),)),
    "an index": ("[/Indexed /DeviceRGB 1 <FFFFFF000000>]", "0", "1", ()),
    "an index in grey": ("[/Indexed /DeviceGray 1 <FF00>]", "0", "1", ()),
    "an index in a stream": (f"[/Indexed /DeviceRGB 1 {A}]", "0", "1", (pdf_stream("\xff\xff\xff\x01\x01\x01"),)),
    "no ink": (f"[/Separation /Blue /DeviceRGB {function('1 1 1', '0 0 1')}]", "0", "1", ()),
    "white ink": (f"[/Separation /Black /DeviceRGB {function('0 0 0', '1 1 1')}]", "1", "0", ()),
    "sampled ink": (f"[/Separation /Sun /DeviceRGB {A}]", "1", "0", (pdf_stream("\x05\x05\x05\xff\xff\xff", SAMPLES),)),
    "stitched ink": (f"[/Separation /Sea /DeviceRGB {STITCHED}]", "1", "0.5", ()),
    "ink of CMYK": (f"[/Separation /Spot /DeviceCMYK {function('0 0 0 0', '0 0 0 1')}]", "0", "1", ()),
    "programmed ink": (f"[/Separation /Black /DeviceRGB {A}]", "1", "", (PROGRAM,)),
    "the ink called none": (f"[/Separation /None /DeviceGray {function('1', '0')}]", "1", "", ()),
}


def coloured(space: str, parts: str, added: tuple[str, ...]) -> Page:
    return Page(f"/Own cs {parts} scn {TEXT}", added, f"/ColorSpace << /Own {space} >>")


def state(entries: str, operators: str = TEXT, *added: str) -> Page:
    return Page(f"/Own gs {operators}", added, f"/ExtGState << /Own << {entries} >> >>")


LAYER = "<< /Type /OCG /Name (Layer) >>"


def layered(default: str, operators: str, properties: str, *added: str) -> Page:
    catalog = f"/OCProperties << /OCGs [{A}] /D << {default} >> >>"
    return Page(operators, (*(added or (LAYER,)),), f"/Properties << {properties} >>", PAGE, catalog)


def drawn_letters(procedure: str) -> Page:
    """A sentence in a font whose letters are all drawn by the same operators."""
    small = "abcdefghijklmnopqrstuvwxy"
    names = f"[32 /space 46 /period 84 /T 97 /{' /'.join(small)}]"
    drawn_by = " ".join(f"/{name} {B}" for name in (*small, "T", "period"))
    font = (
        f"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 32 "
        f"/LastChar 121 /Widths [{'600 ' * 90}] /Encoding << /Differences {names} >> /CharProcs << {drawn_by} >> >>"
    )
    return Page(TEXT.replace("/F1", "/Own"), (font, pdf_stream(f"600 0 0 0 600 700 d1 {procedure}")), fonts=f"/Own {A}")


def annotated(appearance: str, stated: str = "", subtype: str = "Square") -> Page:
    form = "/Type /XObject /Subtype /Form /BBox [0 0 300 30] /Resources << >>"
    annotation = f"<< /Type /Annot /Subtype /{subtype} /Rect [60 590 360 620] /AP << /N {A} >> {stated} >>"
    return Page(TEXT, (pdf_stream(appearance, form),), "", f"{PAGE} /Annots [{annotation}]")


IMAGE = pdf_stream(
    "\x00", "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
)
GROUP = "/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Group << /S /Transparency /CS /DeviceGray >>"
MASK = f"/SMask << /Type /Mask /S /Luminosity /G {A} >>"
SHADING = "<< /ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 1 0] /Extend [true true] /Function {} >>"
IMAGE_NAMED = f"/XObject << /Bar {A} >>"

HIDDEN = {
    **{f"white in {name}": coloured(space, white, added) for name, (space, white, _, added) in SPACES.items()},
    "a pattern": Page(f"/Pattern cs /None scn {TEXT}"),
    "a bar over it": Page(f"{TEXT} 0 g {BAR} f"),
    "a white bar over it": Page(f"{TEXT} 1 g {BAR} f"),
    "a bar over a word of it": Page(f"{TEXT} 0 g 100 590 30 30 re f"),
    "a bar by the even-odd rule": Page(f"{TEXT} 0 g {BAR} f*"),
    "a bar that is turned": Page(f"{TEXT} q 0 1 -1 0 0 0 cm 590 -360 30 300 re f Q"),
    "a bar of a curve": Page(f"{TEXT} 60 590 m 60 640 360 640 360 590 c h f"),
    "a bar of lines": Page(f"{TEXT} 60 590 m 360 590 l 360 620 l 60 620 l b"),
    "a broad line over it": Page(f"{TEXT} 20 w 60 605 m 360 605 l S"),
    "a bar in a form": Page(
        f"{TEXT} /Bar Do", (pdf_stream(f"{BAR} f", "/Type /XObject /Subtype /Form /BBox [0 0 612 792]"),), IMAGE_NAMED
    ),
    "an image over it": Page(f"{TEXT} q 300 0 0 30 60 590 cm /Bar Do Q", (IMAGE,), IMAGE_NAMED),
    "an image in the page over it": Page(f"{TEXT} q 300 0 0 30 60 590 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x00 EI Q"),
    "a shading over it": Page(
        f"{TEXT} q {BAR} W n /Own sh Q", (), f"/Shading << /Own {SHADING.format(function('0', '0'))} >>"
    ),
    "an annotation over it": annotated("0 0 300 30 re f"),
    "a stamp over it": annotated("0.5 g 0 0 300 30 re f", subtype="Stamp"),
    "black on black": Page(f"0 g {BAR} f {TEXT}"),
    "blue on blue": Page(f"0 0 1 rg {BAR} f {TEXT}"),
    "a colour on almost the same": Page(f"0.2 0.4 0.6 rg {BAR} f 0.23 0.42 0.63 rg {TEXT}"),
    "on an image": Page(f"q 300 0 0 30 60 590 cm /Bar Do Q {TEXT}", (IMAGE,), IMAGE_NAMED),
    "no opacity": state("/ca 0"),
    "hardly any opacity": state("/ca 0.03"),
    "lines without opacity": state("/CA 0", f"1 Tr {TEXT}".replace("0 Tr", "1 Tr")),
    "a soft mask": state(MASK, TEXT, pdf_stream("", GROUP)),
    "a blend mode": state("/BM /Screen"),
    "one of several blend modes": state("/BM [/Lighten /Normal]"),
    "an empty clip": Page(f"0 0 0 0 re W n {TEXT}"),
    "a clip without a path": Page(f"W n {TEXT}"),
    "a clip elsewhere": Page(f"60 300 300 30 re W n {TEXT}"),
    "a clip that cuts it": Page(f"60 590 60 30 re W n {TEXT}"),
    "two clips apart": Page(f"60 590 300 30 re W n 60 300 300 30 re W n {TEXT}"),
    "a clip with a hole": Page(f"0 0 612 792 re {BAR} W* n {TEXT}"),
    "a clip by letters": Page(f"{drawn(72, 300, 'Nobody', mode=7)} {TEXT}"),
    "a form's box elsewhere": Page(TEXT).in_form("0 0 612 500"),
    "an empty form's box": Page(TEXT).in_form("0 0 0 0"),
    "a form moved off the page": Page(TEXT).in_form(matrix="1 0 0 1 900 0"),
    "a form made tiny": Page(drawn(720, 6000, SECRET)).in_form("0 0 6120 7920", "0.05 0 0 0.05 36 300"),
    "a layer that is off": layered(f"/OFF [{A}]", f"/OC /Own BDC {TEXT} EMC", f"/Own {A}"),
    "a layer that is not turned on": layered("/BaseState /OFF", f"/OC /Own BDC {TEXT} EMC", f"/Own {A}"),
    "a layer in a layer that is off": layered(f"/OFF [{A}]", f"/OC /Own BDC /P BMC {TEXT} EMC EMC", f"/Own {A}"),
    "a layer of a membership": layered(
        f"/OFF [{A}]", f"/OC /Own BDC {TEXT} EMC", f"/Own << /Type /OCMD /OCGs [{A}] >>"
    ),
    "a membership of what is off": layered(
        "", f"/OC /Own BDC {TEXT} EMC", f"/Own << /Type /OCMD /OCGs [{A}] /P /AllOff >>"
    ),
    "a membership by an expression": layered(
        "", f"/OC /Own BDC {TEXT} EMC", f"/Own << /Type /OCMD /OCGs [{A}] /VE [/Not {A}] >>"
    ),
    "a layer for print": layered(
        "",
        f"/OC /Own BDC {TEXT} EMC",
        f"/Own {A}",
        "<< /Type /OCG /Name (L) /Usage << /View << /ViewState /OFF >> >> >>",
    ),
    "an unknown layer": layered("", f"/OC /Other BDC {TEXT} EMC", f"/Own {A}"),
    "a form in a layer that is off": Page(
        "/Own Do",
        (
            LAYER,
            pdf_stream(
                TEXT,
                f"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /OC {A} /Resources << /Font << /F1 3 0 R >> >>",
            ),
        ),
        f"/XObject << /Own {B} >>",
        PAGE,
        f"/OCProperties << /OCGs [{A}] /D << /OFF [{A}] >> >>",
    ),
    "letters without a shape": drawn_letters(""),
    "letters of a flat shape": drawn_letters("0 0 1000 0 re f"),
    "letters whose shape is no path": drawn_letters("0 0 1000 1000 re n"),
    "not drawn": Page(drawn(72, 600, SECRET, mode=3)),
    "tiny": Page(drawn(72, 600, SECRET, turned="0.1 0 0 0.1")),
    "narrow": Page(f"1 Tz {TEXT}"),
    "without a size": Page(TEXT.replace("12 Tf", "0 Tf")),
    "above the page": Page(drawn(72, 900, SECRET)),
    "outside the crop box": Page(drawn(330, 600, SECRET), page=f"{PAGE} /CropBox [0 0 300 792]"),
    "with wrong operands": Page(f"/F1 (x) Tf /No gs (a) (b) rg {TEXT}"),
}
NESTED = (
    "white in rgb",
    "white in an index",
    "no opacity",
    "an empty clip",
    "a bar over it",
    "black on black",
    "letters without a shape",
)
HIDDEN |= {f"{name}, in a form": HIDDEN[name].in_form() for name in NESTED}
HIDDEN |= {f"{name}, in a form in a form": HIDDEN[name].in_form().in_form() for name in ("white in grey", "no opacity")}

SEEN = {
    **{f"dark in {name}": coloured(space, dark, added) for name, (space, _, dark, added) in SPACES.items() if dark},
    "plain": Page(TEXT),
    "in a form": Page(TEXT).in_form(),
    "in a form in a form": Page(TEXT).in_form().in_form(),
    "a bar under it": Page(f"1 g {BAR} f 0 g {TEXT}"),
    "white on a dark bar": Page(f"0.1 g {BAR} f 1 g {TEXT}"),
    "a bar elsewhere": Page(f"{TEXT} 60 300 300 30 re f"),
    "a frame around it": Page(f"{TEXT} 60 590 300 30 re S"),
    "a frame with a hole": Page(f"{TEXT} 40 560 400 80 re {BAR} f*"),
    "a line under it": Page(f"{TEXT} 72 597 m 190 597 l S"),
    "a bar that is clipped away": Page(f"{TEXT} q 60 300 300 30 re W n {BAR} f Q"),
    "a bar in a layer that is off": layered(f"/OFF [{A}]", f"{TEXT} /OC /Own BDC {BAR} f EMC", f"/Own {A}"),
    "a faint bar over it": Page(f"{TEXT} /Own gs 1 0 0 rg {BAR} f", (), "/ExtGState << /Own << /ca 0.2 >> >>"),
    "a clip around it": Page(f"{BAR} W n {TEXT}"),
    "half opaque": state("/ca 0.5"),
    "no soft mask": state("/SMask /None /BM /Normal"),
    "a layer that is on": layered("", f"/OC /Own BDC {TEXT} EMC", f"/Own {A}"),
    "a layer that is turned on": layered(f"/BaseState /OFF /ON [{A}]", f"/OC /Own BDC {TEXT} EMC", f"/Own {A}"),
    "a membership of layers that are on": layered(
        "", f"/OC /Own BDC {TEXT} EMC", f"/Own << /Type /OCMD /OCGs [{A}] >>"
    ),
    "a tagged paragraph": Page(f"/P << /MCID 0 >> BDC {TEXT} EMC"),
    "an annotation that is hidden": annotated("0 0 300 30 re f", "/F 2"),
    "a link": annotated("", subtype="Link"),
    "drawn as lines": Page(drawn(72, 600, SECRET, mode=1)),
    "a form's box around it": Page(TEXT).in_form("60 590 360 620"),
    "letters with a shape": drawn_letters("100 0 400 700 re f"),
    "letters with a shape, in a form": drawn_letters("100 0 400 700 re f").in_form(),
    "letters of an image": drawn_letters("400 0 0 700 100 0 cm BI /W 1 /H 1 /IM true /BPC 1 ID \x00 EI"),
}
