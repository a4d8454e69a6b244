"""Rewrite what mammoth would skip, or show though it is hidden, so that it reads the whole document.

Names of WordprocessingML (ECMA-376, part 1, section 17): `w:fldSimple` field, `w:dir` and `w:bdo` writing direction,
`w:ruby` base text with its pronunciation above, `w:vanish` hidden text, `w:strike` and `w:dstrike` text struck out once
and twice, `m:oMath` formula.
"""

from __future__ import annotations

import re

from lxml import etree

from index.reading.docx.numbering import write_numbers
from index.reading.docx.package import DOCUMENT, TEXTS, Element, Parts
from index.reading.docx.structure import mark_structure
from index.reading.docx.styles import CONFLICT, Styles, W, first_child
from index.reading.docx.visibility import STRUCK, Visibility, VisibilityReader

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
DOUBTFUL = "VerbatimDoubtful"
STYLE_MAP = rf"""
r.{FORMULA} => math
r.{DOUBTFUL} => maybe-hidden
p[style-name='Title'] => h1:fresh
p[style-name='HTML Preformatted'] => pre:separator('\n')
p[style-name='Source Code'] => pre:separator('\n')
p[style-name='Code'] => pre:separator('\n')
p[style-name='TOC Heading'] => !
p[style-name^='toc '] => !
"""
"""Tells mammoth how to convert formulas, text that may be hidden, titles and code; it drops tables of contents."""
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
PICTOGRAPH = "{http://schemas.microsoft.com/office/word/2015/wordml/symex}symEx"
"""A character, such as an emoji, by its number."""
UNDERSTOOD = re.compile(r"http://schemas\.microsoft\.com/office/(?:word|drawing)/20(?:1\d|2[0-4])/\S+")
"""Namespaces that word processors understand: the choice that requires them is shown."""
KEPT_IN_HIDDEN = frozenset({f"{W}rPr", f"{W}fldChar", f"{W}instrText"})
"""Kept in a hidden run: without the marks that begin and end a field, the rest of the document would belong to it."""


def normalise_document(parts: Parts) -> None:
    """Rewrite the parts that hold text."""
    trees = [parts[name] for name in (DOCUMENT, *TEXTS.values()) if name in parts]
    for tree in trees:
        _choose_alternatives(tree)
        _write_out_pictographs(tree)
    visibility = VisibilityReader(parts)
    for tree in trees:
        _rewrite(tree, visibility)
    styles = Styles(parts)
    write_numbers(parts, styles)
    mark_structure(parts, styles)


def _choose_alternatives(tree: Element) -> None:
    """Replace alternatives by the one that is shown (ECMA-376, part 3); where that is not known, it is doubtful."""
    for alternatives in list(tree.iter(f"{MC}AlternateContent")):
        chosen, is_understood = _shown(alternatives)
        if not is_understood:
            inside = [] if chosen is None else list(chosen.iter(f"{W}r"))
            for run in [*inside, *list(alternatives.iterancestors(f"{W}r"))[:1]]:
                etree.SubElement(first_child(run, "rPr"), CONFLICT)
        above, place = alternatives.getparent(), alternatives.getparent().index(alternatives)
        above[place : place + 1] = [] if chosen is None else list(chosen)


def _write_out_pictographs(tree: Element) -> None:
    for sign in tree.iter(PICTOGRAPH):
        number = next((value for name, value in sign.attrib.items() if name.endswith("}char")), "")
        sign.text = chr(int(number, 16))
        sign.tag = f"{W}t"


def _shown(alternatives: Element) -> tuple[Element | None, bool]:
    """Return the alternative that is shown, None if there is none; and whether that is certain."""
    choices = alternatives.findall(f"{MC}Choice")
    for choice in choices:
        required = [choice.nsmap.get(prefix, "") for prefix in choice.get("Requires", "").split()]
        if required and all(map(UNDERSTOOD.fullmatch, required)):
            return choice, True
    return alternatives.find(f"{MC}Fallback"), not choices


def _rewrite(tree: Element, visibility: VisibilityReader) -> None:
    _remove_unseen(tree, visibility)
    _unwrap_text_boxes(tree)
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


def _remove_unseen(tree: Element, visibility: VisibilityReader) -> None:
    """Remove hidden text, and mark what is doubtful or struck out."""
    for text in [
        each for each in tree.iter(f"{W}t") if next(each.iterancestors(f"{W}r", f"{W}p"), tree).tag != f"{W}r"
    ]:
        text.getparent().remove(text)  # word processors show text in runs only
    runs = list(tree.iter(f"{W}r"))
    found = [(run, visibility.of_run(run), visibility.is_struck(run)) for run in runs]
    for run, seen, is_struck in found:
        if is_struck:
            _strike(run)
        if seen is Visibility.HIDDEN:
            for child in [child for child in run if child.tag not in KEPT_IN_HIDDEN]:
                run.remove(child)
        elif seen is Visibility.DOUBTFUL:
            for each in run.iter(f"{W}r"):
                _set_style(each, DOUBTFUL)
    for paragraph in tree.iter(f"{W}p"):
        following = paragraph.getnext()
        if following is not None and following.tag == f"{W}p" and visibility.hides_its_end(paragraph):
            etree.SubElement(paragraph.find(f"{W}pPr/{W}rPr"), f"{W}del")  # mammoth joins the two then


def _unwrap_text_boxes(tree: Element) -> None:
    """Turn drawings with text boxes into what mammoth reads."""
    for drawing in list(tree.iter(f"{W}drawing")):
        contents = list(drawing.iter(f"{W}txbxContent"))
        if contents:
            pict = etree.Element(f"{W}pict")
            drawing.getparent().replace(drawing, pict)
            pict.extend(each for each in contents if next(each.iterancestors(f"{W}txbxContent"), None) not in contents)


def _strike(run: Element) -> None:
    """Mark a run as struck out the way mammoth reads it: once, and on the run itself."""
    stated = first_child(run, "rPr")
    for each in [child for child in stated if child.tag in STRUCK]:
        stated.remove(each)
    etree.SubElement(stated, f"{W}strike")


def _set_style(run: Element, name: str) -> None:
    stated = first_child(run, "rPr")
    for each in stated.findall(f"{W}rStyle"):
        stated.remove(each)
    etree.SubElement(stated, f"{W}rStyle").set(f"{W}val", name)
