"""What the styles and defaults of a Word document state about its runs, paragraphs and cells (ECMA-376, 17.7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from lxml import etree

from index.reading.docx.package import STYLES, Element, Parts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Level = Mapping[str, Element]
"""Properties that are stated in one place, by tag."""
MAX_LEVEL = 6
"""Of headings that HTML has."""
CONFLICT = f"{W}conflict"
"""Stated where two styles share an id: which of them counts depends on the program."""


def first_child(element: Element, name: str) -> Element:
    """Return the child of this name, which is put first if there is none."""
    found = element.find(f"{W}{name}")
    if found is None:
        found = etree.Element(f"{W}{name}")
        element.insert(0, found)
    return found


class StatedProperties(NamedTuple):
    """The properties of runs, paragraphs and table cells that a style states, those of its base style included."""

    run: Level
    paragraph: Level
    cell: Level


NOTHING = StatedProperties({}, {}, {})


class Styles:
    """The styles of a document, and its defaults."""

    def __init__(self, parts: Parts) -> None:
        sheet = parts.get(STYLES)
        self._by_id: dict[str, Element] = {}
        self._shared: set[str] = set()
        self._defaults: dict[str, str] = {}
        self._found: dict[str, StatedProperties] = {}
        self.defaults = NOTHING
        if sheet is not None:
            self._read(sheet)

    def _read(self, sheet: Element) -> None:
        for style in sheet.iter(f"{W}style"):
            name = style.get(f"{W}styleId", "")
            if name in self._by_id:
                self._shared.add(name)
            self._by_id.setdefault(name, style)
            if is_on(style.get(f"{W}default", "0")):
                self._defaults.setdefault(style.get(f"{W}type", ""), name)
        stated = sheet.find(f"{W}docDefaults")
        if stated is not None:
            runs = properties(stated.findall(f"{W}rPrDefault/{W}rPr"))
            self.defaults = StatedProperties(runs, properties(stated.findall(f"{W}pPrDefault/{W}pPr")), {})

    def stated_by(self, kind: str, named: Element | None) -> StatedProperties:
        """Return what a style states; `named` refers to it, None for the default style of this kind."""
        name = "" if named is None else named.get(f"{W}val", "")
        return self.of_style(name if name in self._by_id else self._defaults.get(kind, ""))

    def stated_by_table(self, named: Element | None) -> list[StatedProperties]:
        """Return what a table style may state: for the whole table, and for its first row, last column and so on."""
        whole = self.stated_by("table", named)
        return [whole, *(_merged(whole, _own(part)) for part in self._parts_of_table(named))]

    def first_row_of(self, named: Element | None) -> StatedProperties:
        """Return what a table style states for the first row alone."""
        parts = (part for part in self._parts_of_table(named) if part.get(f"{W}type") == "firstRow")
        return next(map(_own, parts), NOTHING)

    def _parts_of_table(self, named: Element | None) -> Iterator[Element]:
        name = "" if named is None else named.get(f"{W}val", "")
        return chain.from_iterable(style.iterfind(f"{W}tblStylePr") for style in self._chain(name))

    def heading_level(self, paragraph: Element) -> int:
        """Return the level of a heading from 1, by its outline level (17.3.1.20); 0 for other text."""
        stated = paragraph.find(f"{W}pPr/{W}outlineLvl")
        if stated is None:
            by_style = self.stated_by("paragraph", paragraph.find(f"{W}pPr/{W}pStyle"))
            stated = by_style.paragraph.get(f"{W}outlineLvl")
        level = "" if stated is None else stated.get(f"{W}val", "")
        return int(level) + 1 if level.isdecimal() and int(level) < MAX_LEVEL else 0

    def of_style(self, name: str) -> StatedProperties:
        """Return what the style with this id states."""
        if name not in self._found:
            stated = NOTHING
            for style in reversed(list(self._chain(name))):
                stated = _merged(stated, _own(style))
                if style.get(f"{W}styleId") in self._shared:
                    stated = stated._replace(run={**stated.run, CONFLICT: style})
            self._found[name] = stated
        return self._found[name]

    def _chain(self, name: str) -> Iterator[Element]:
        """Yield a style, the style that it is based on, and so on."""
        seen: set[str] = set()
        while name in self._by_id and name not in seen:
            seen.add(name)
            yield self._by_id[name]
            based = self._by_id[name].find(f"{W}basedOn")
            name = "" if based is None else based.get(f"{W}val", "")


def properties(stated: Iterable[Element]) -> Level:
    """Return the properties in these elements, such as `w:rPr`, by tag."""
    return {child.tag: child for element in stated for child in element}


def is_on(value: str) -> bool:
    """Whether the value of a property that is on or off says on."""
    return value.lower() not in {"0", "false", "off"}


def setting(level: Level, tag: str) -> bool | None:
    """Return whether a property is on, None if it is not stated there."""
    return is_on(level[tag].get(f"{W}val", "1")) if tag in level else None


def _own(style: Element) -> StatedProperties:
    return StatedProperties(*(properties(style.findall(W + name)) for name in ("rPr", "pPr", "tcPr")))


def _merged(below: StatedProperties, above: StatedProperties) -> StatedProperties:
    return StatedProperties(*({**one, **other} for one, other in zip(below, above, strict=True)))
