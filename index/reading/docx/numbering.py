"""The numbers that Word shows before paragraphs, written into their text (ECMA-376, part 1, section 17.9).

mammoth numbers a list anew wherever something interrupts it, and does not know the numbering of paragraph styles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import NamedTuple

import regex
from lxml import etree

from index.reading.docx.package import DOCUMENT, NUMBERING, Element, Parts
from index.reading.docx.styles import Styles, W, first_child, is_on
from index.reading.list_numbers import FORMATS as BY_TYPE

FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02}",
    "lowerLetter": BY_TYPE["a"],
    "upperLetter": BY_TYPE["A"],
    "lowerRoman": BY_TYPE["i"],
    "upperRoman": BY_TYPE["I"],
    "none": lambda _: "",
}
"""How a number is written; in digits in any other format."""
PLACEHOLDER = regex.compile(r"%([1-9])")
MAX_NUMBER = 10**6


class _Level(NamedTuple):
    """A level of a list: how the number of its paragraphs is written."""

    start: int
    form: str
    text: str
    """The number as it is shown, with the place of each level's own, such as `%1.%2`."""
    restarts: bool
    in_digits: bool
    style: str


class _List(NamedTuple):
    key: str
    """Lists with the same key share their counters."""
    levels: dict[int, _Level]
    starts: dict[int, int]
    """Numbers that levels begin with where this list begins."""


def write_numbers(parts: Parts, styles: Styles) -> None:
    """Write the numbers into the paragraphs of the document, and make all its lists lists of bullets."""
    sheet = parts.get(NUMBERING)
    if sheet is None:
        return
    lists = _Lists(sheet, styles)
    counters: dict[str, dict[int, int]] = defaultdict(dict)
    begun: set[tuple[str, int]] = set()
    for paragraph in parts[DOCUMENT].iter(f"{W}p"):
        name, depth = lists.place_of(paragraph)
        found = lists.named(name)
        if found is None or depth not in found.levels or _is_deleted(paragraph):
            continue
        _number(paragraph, name, depth)
        level, counter = found.levels[depth], counters[found.key]
        if depth in found.starts and (name, depth) not in begun:
            counter[depth] = found.starts[depth] - 1
        begun.add((name, depth))
        counter[depth] = counter.get(depth, level.start - 1) + 1
        for deeper in [each for each in counter if each > depth and found.levels[each].restarts]:
            del counter[deeper]
        if level.form != "bullet" and not styles.heading_level(paragraph):
            _prepend(paragraph, _shown(found, depth, counter))
    for form in sheet.iter(f"{W}numFmt"):
        form.set(f"{W}val", "bullet")


class _Lists:
    """The lists of a document."""

    def __init__(self, sheet: Element, styles: Styles) -> None:
        self._styles = styles
        self._abstract = {each.get(f"{W}abstractNumId", ""): each for each in sheet.iterfind(f"{W}abstractNum")}
        self._numbered = {each.get(f"{W}numId", ""): each for each in sheet.iterfind(f"{W}num")}
        self._found: dict[str, _List | None] = {}

    def place_of(self, paragraph: Element) -> tuple[str, int]:
        """Return the list of a paragraph, by id, and the depth in it; an empty id outside lists."""
        named = paragraph.find(f"{W}pPr/{W}pStyle")
        by_style = self._styles.stated_by("paragraph", named).paragraph.get(f"{W}numPr")
        own = paragraph.find(f"{W}pPr/{W}numPr")
        name = _value(own, "numId") or _value(by_style, "numId")
        depth = _value(own, "ilvl") or self._depth_by_style(name, named) or _value(by_style, "ilvl")
        return name, _whole(depth, 0)

    def _depth_by_style(self, name: str, style: Element | None) -> str:
        found = self.named(name)
        wanted = style.get(f"{W}val") if style is not None else None
        linked = (depth for depth, level in found.levels.items() if wanted and level.style == wanted) if found else ()
        return next(map(str, linked), "")

    def named(self, name: str) -> _List | None:
        """Return the list with this id, None if there is none."""
        if name not in self._found:
            self._found[name] = None  # for a list that refers to itself
            self._found[name] = self._read(name) if name in self._numbered else None
        return self._found[name]

    def _read(self, name: str) -> _List | None:
        stated = self._numbered[name]
        key = _value(stated, "abstractNumId")
        abstract = self._abstract.get(key)
        if abstract is None:
            return None
        if link := _value(abstract, "numStyleLink"):
            return self.named(_value(self._styles.of_style(link).paragraph.get(f"{W}numPr"), "numId"))
        own = {_whole(each.get(f"{W}ilvl"), 0): each for each in stated.iterfind(f"{W}lvlOverride")}
        replaced = [each.find(f"{W}lvl") for each in own.values()]
        levels = [*abstract.iterfind(f"{W}lvl"), *(each for each in replaced if each is not None)]
        starts = {depth: _value(each, "startOverride") for depth, each in own.items()}
        return _List(
            key,
            {_whole(each.get(f"{W}ilvl"), 0): _level(each) for each in levels},
            {depth: _whole(start, 1) for depth, start in starts.items() if start},
        )


def _level(stated: Element) -> _Level:
    return _Level(
        start=_whole(_value(stated, "start"), 0),
        form=_value(stated, "numFmt") or "decimal",
        text=_value(stated, "lvlText"),
        restarts=_value(stated, "lvlRestart") != "0",
        in_digits=(legal := stated.find(f"{W}isLgl")) is not None and is_on(legal.get(f"{W}val", "1")),
        style=_value(stated, "pStyle"),
    )


def _shown(found: _List, depth: int, counter: dict[int, int]) -> str:
    """Return the number of a paragraph as it is shown."""

    def written(place: regex.Match[str]) -> str:
        above = int(place[1]) - 1
        if above not in found.levels:
            return ""
        form = "decimal" if found.levels[depth].in_digits else found.levels[above].form
        number = counter.get(above, found.levels[above].start)
        return FORMATS.get(form, str)(number)

    return PLACEHOLDER.sub(written, found.levels[depth].text)


def _number(paragraph: Element, name: str, depth: int) -> None:
    """State on the paragraph itself which list it is in, where mammoth looks for it."""
    stated = first_child(paragraph, "pPr")
    for each in stated.findall(f"{W}numPr"):
        stated.remove(each)
    place = etree.SubElement(stated, f"{W}numPr")
    etree.SubElement(place, f"{W}ilvl").set(f"{W}val", str(depth))
    etree.SubElement(place, f"{W}numId").set(f"{W}val", name)


def _prepend(paragraph: Element, number: str) -> None:
    """Write a number before the first words of a paragraph, so that it is shown if they are."""
    first = next((text for text in paragraph.iter(f"{W}t") if (text.text or "").strip()), None)
    if first is not None and number.strip():
        first.text = f"{number} {first.text}"


def _is_deleted(paragraph: Element) -> bool:
    """Whether all text of a paragraph is a tracked deletion."""
    return paragraph.find(f".//{W}t") is None and paragraph.find(f".//{W}delText") is not None


def _value(stated: Element | None, name: str) -> str:
    found = None if stated is None else stated.find(f"{W}{name}")
    return "" if found is None else str(found.get(f"{W}val", ""))


def _whole(written: str | None, default: int) -> int:
    plain = written or ""
    return min(int(plain), MAX_NUMBER) if plain.isdecimal() and len(plain) < len(str(MAX_NUMBER)) else default
