"""Rewrite what mammoth would skip, or show though it is hidden, so that it reads the whole document.

Names of WordprocessingML (ECMA-376, part 1, section 17): `w:fldSimple` field, `w:dir` and `w:bdo` writing direction,
`w:ruby` base text with its pronunciation above, `w:vanish` hidden text, `w:strike` and `w:dstrike` text struck out once
and twice, `m:oMath` formula.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from index.reading.docx.package import DOCUMENT, STYLES, TEXTS, Element, Parts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
READ_THROUGH = f"{W}smartTag"
"""An element that mammoth replaces by its content."""
RENAMED = {
    f"{W}fldSimple": READ_THROUGH,
    f"{W}dir": READ_THROUGH,
    f"{W}bdo": READ_THROUGH,
    f"{W}ruby": READ_THROUGH,
    f"{W}rubyBase": READ_THROUGH,
    f"{W}cr": f"{W}br",
    f"{W}ptab": f"{W}tab",
}
FORMULAS = frozenset({f"{M}oMath", f"{M}oMathPara"})
FORMULA = "VerbatimFormula"
STYLE_MAP = f"r.{FORMULA} => math"
"""Tells mammoth how to convert formulas."""
KEPT_IN_HIDDEN = frozenset({f"{W}rPr", f"{W}fldChar", f"{W}instrText"})
"""Kept in a hidden run: without the marks that begin and end a field, the rest of the document would belong to it."""
HIDDEN = frozenset({f"{W}vanish"})
STRUCK = frozenset({f"{W}strike", f"{W}dstrike"})
OFF = frozenset({"0", "false", "off"})


class Styles(NamedTuple):
    """Ids of styles that hide or strike out text, by themselves or by the style they are based on."""

    hidden: frozenset[str]
    struck: frozenset[str]


def normalise_document(parts: Parts) -> None:
    """Rewrite the parts that hold text."""
    styles = _styles(parts)
    for name in (DOCUMENT, *TEXTS.values()):
        if name in parts:
            _rewrite(parts[name], styles)


def _rewrite(tree: Element, styles: Styles) -> None:
    for run in list(tree.iter(f"{W}r")):
        if _is_set(run, HIDDEN, styles.hidden):
            for child in [child for child in run if child.tag not in KEPT_IN_HIDDEN]:
                run.remove(child)
        if _is_set(run, STRUCK, styles.struck):
            _strike(run)
    for reading in list(tree.iter(f"{W}rt")):
        reading.getparent().remove(reading)
    for formula in [each for each in tree.iter(*FORMULAS) if each.getparent().tag not in FORMULAS]:
        formula.getparent().replace(formula, _as_run(formula))
    for element in tree.iter(*RENAMED):
        element.tag = RENAMED[element.tag]
        element.attrib.clear()


def _as_run(formula: Element) -> Element:
    """Return a run with the characters of a formula, in a style that `STYLE_MAP` maps."""
    run = etree.Element(f"{W}r")
    etree.SubElement(etree.SubElement(run, f"{W}rPr"), f"{W}rStyle").set(f"{W}val", FORMULA)
    etree.SubElement(run, f"{W}t").text = "".join(sign.text or "" for sign in formula.iter(f"{M}t")) or "…"
    return run


def _strike(run: Element) -> None:
    """Mark a run as struck out the way mammoth reads it: once, and on the run itself."""
    properties = run.find(f"{W}rPr")
    if properties is None:
        properties = etree.Element(f"{W}rPr")
        run.insert(0, properties)
    for stated in [child for child in properties if child.tag in STRUCK]:
        properties.remove(stated)
    etree.SubElement(properties, f"{W}strike")


def _is_set(run: Element, marks: frozenset[str], styles: frozenset[str]) -> bool:
    """Whether a run has one of these properties itself, by its own style, or by its paragraph's."""
    own = _stated(run.find(f"{W}rPr"), marks)
    if own is not None:
        return own
    above = next(run.iterancestors(f"{W}p"), None)
    named = [run.find(f"{W}rPr/{W}rStyle"), None if above is None else above.find(f"{W}pPr/{W}pStyle")]
    return any(style is not None and style.get(f"{W}val") in styles for style in named)


def _stated(properties: Element | None, marks: frozenset[str]) -> bool | None:
    """Whether one of these properties is set, None if none is stated."""
    said = [] if properties is None else [child for child in properties if child.tag in marks]
    return any(child.get(f"{W}val", "1").lower() not in OFF for child in said) if said else None


def _styles(parts: Parts) -> Styles:
    if STYLES not in parts:
        return Styles(frozenset(), frozenset())
    styles = {style.get(f"{W}styleId", ""): style for style in parts[STYLES].iter(f"{W}style")}
    hidden, struck = (
        frozenset(name for name in styles if any(_setting(name, marks, styles))) for marks in (HIDDEN, STRUCK)
    )
    return Styles(hidden, struck)


def _setting(name: str, marks: frozenset[str], styles: Mapping[str, Element]) -> Iterator[bool]:
    """Yield the setting of the nearest style in a chain that has one."""
    seen: set[str] = set()
    while name in styles and name not in seen:
        seen.add(name)
        stated = _stated(styles[name].find(f"{W}rPr"), marks)
        if stated is not None:
            yield stated
            return
        based = styles[name].find(f"{W}basedOn")
        name = "" if based is None else based.get(f"{W}val", "")
