"""How an element is shown: visible, hidden, doubtful, or without its own text; inline or as a block."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import NamedTuple

import regex
from lxml import etree

from index.reading.html.css.cascade import NO_CONDITION, Declaration, StyleSheets
from index.reading.html.css.context import FAINT, TEXT, Context, Style
from index.reading.html.css.nodes import Element, Node, name_folding, open_all
from index.reading.html.css.properties import SIDES, SIZES, is_harmless, length, pixels, tokens

# Rendered as a block, a list item or part of a table (https://html.spec.whatwg.org/multipage/rendering.html).
BLOCK_ELEMENTS = """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p plaintext
    pre search section summary table tbody td tfoot th thead tr ul xmp button
"""
BLOCKS = frozenset(BLOCK_ELEMENTS.split())
FAR, BEYOND = -500.0, 5000.0
"""Pixels to the left or top, and to the right or bottom, at which text is off every screen."""
SLIT = 1.0
"""Size in pixels of a box that shows no text."""
AS_BLOCK = regex.compile(
    r"block|list-item|flow-root|flex|grid|table(?!-column).*|block .*|-(?:webkit|ms|moz)-(?:flex)?box"
)
IN_LINE = regex.compile(r"|inline|contents|inherit|initial|unset|revert|revert-layer|ruby.*|run-in|inline flow")
APART = frozenset({"absolute", "fixed"})


class ElementVisibility(NamedTuple):
    """How an element is shown."""

    is_hidden: bool = False
    """Neither it nor its content is visible."""
    has_invisible_text: bool = False
    """Its own text is invisible; some of its content may be visible."""
    is_doubtful: bool = False
    """It is unknown whether it is visible."""
    is_block: bool = False
    """It is shown as a block, though its element is not one."""
    is_struck: bool = False


VISIBLE = ElementVisibility()


class _Inherited(NamedTuple):
    """What children have from an element, by condition."""

    contexts: Mapping[str, Context]
    is_plain: bool
    """Whether an element without a style has nothing else to give, and is visible."""

    @classmethod
    def of(cls, contexts: Mapping[str, Context]) -> _Inherited:
        usual = contexts[NO_CONDITION]
        differing = {condition: each for condition, each in contexts.items() if each != usual}
        is_plain = not (differing or usual.style or usual.lays_out or usual.is_blank or usual.is_doubtful)
        return cls({NO_CONDITION: usual, **differing}, is_plain)

    def under(self, condition: str) -> Context:
        """Return what children have under a condition."""
        return self.contexts.get(condition, self.contexts[NO_CONDITION])


class _Contexts:
    """The contexts within elements, made once for elements that are declared the same in the same context."""

    def __init__(self, hiding_animations: frozenset[str]) -> None:
        self._hiding_animations = hiding_animations
        self._known: dict[tuple[bool, int, tuple[Declaration, ...]], tuple[Context, Context, bool]] = {}

    def within(self, node: Node, declared: Mapping[str, Declaration], around: Context) -> tuple[Context, Context, bool]:
        """Return the contexts around and within an element, and whether its style may hide it."""
        key = (node.parent is None, id(around), tuple(declared.values()))
        if key not in self._known:
            inner = around.within(node, declared) if declared else around.without_style()
            self._known[key] = around, inner, bool(inner.style) and _may_hide(inner, self._hiding_animations)
        return self._known[key]


def element_visibilities(tree: Element) -> dict[Element, ElementVisibility]:
    """Return how the elements of a page are shown; those that no style affects are missing."""
    fold = name_folding(tree)
    nodes = open_all(tree, fold)
    sheets = StyleSheets(tree, nodes, fold)
    contexts = _Contexts(sheets.hiding_animations)
    visibilities: dict[Element, ElementVisibility] = {}
    inherited: dict[Node | None, _Inherited] = {None: _Inherited.of({NO_CONDITION: Context()})}
    for node in nodes:
        if (around := inherited.get(node.parent)) is None:
            continue
        if sheets.is_exhausted:
            visibilities[node.element] = ElementVisibility(is_doubtful=True)
            continue
        declared = sheets.declarations(node)
        if not declared and around.is_plain:
            inherited[node] = around
            continue
        looks: dict[str, tuple[Context, ElementVisibility]] = {}
        for condition in dict.fromkeys((*around.contexts, *declared)):
            known = declared.get(condition, declared.get(NO_CONDITION, {}))
            looks[condition] = _look(node, contexts.within(node, known, around.under(condition)))
        visibility = _in_any_case([look for _, look in looks.values()])
        if sheets.is_exhausted:
            visibility = ElementVisibility(is_doubtful=True)
        if visibility != VISIBLE:
            visibilities[node.element] = visibility
        if not visibility.is_hidden:
            inherited[node] = _Inherited.of({condition: inner for condition, (inner, _) in looks.items()})
    return visibilities


def without_style(tree: Element) -> Element:
    """Return a copy of the page without its own style."""
    bare = copy.deepcopy(tree)
    etree.strip_elements(bare, "style", with_tail=False)
    etree.strip_attributes(bare, "style", "hidden", "bgcolor", "color", "text")
    return bare


def _in_any_case(looks: list[ElementVisibility]) -> ElementVisibility:
    """Return how an element is shown if it may be shown in each of these ways."""
    if len(looks) == 1:
        return looks[0]
    is_hidden = all(look.is_hidden for look in looks)
    has_invisible_text = all(look.is_hidden or look.has_invisible_text for look in looks)
    is_certain = is_hidden or not any(look.is_hidden or look.is_doubtful for look in looks)
    is_same = has_invisible_text or not any(look.has_invisible_text for look in looks)
    return ElementVisibility(
        is_hidden=is_hidden,
        has_invisible_text=has_invisible_text,
        is_doubtful=not (is_certain and is_same),
        is_block=any(look.is_block for look in looks),
        is_struck=any(look.is_struck for look in looks),
    )


def _look(node: Node, within: tuple[Context, Context, bool]) -> tuple[Context, ElementVisibility]:
    """Return what the children of an element have from it, and how it is shown."""
    around, inner, may_hide = within
    style = inner.style
    display, position = style.get("display", ""), style.get("position", "static")
    is_apart = position in APART
    is_floating = style.get("float", "none") in {"left", "right"}
    is_made_block = is_apart or around.lays_out or (AS_BLOCK.fullmatch(display) is not None and not is_floating)
    is_box = node.tag in BLOCKS or is_made_block or is_floating or not IN_LINE.fullmatch(display)
    has_text = node.has_text() or not node.children
    is_gone = bool(style) and (
        display == "none"
        or (style.get("content-visibility") == "hidden" and is_box)
        or inner.opacity <= FAINT
        or (position != "static" and _is_far(inner))
        or (is_apart and _is_clipped(inner))
        or (is_box and not around.lays_out and _is_slit(inner))
    )
    return inner, ElementVisibility(
        is_hidden=is_gone,
        has_invisible_text=has_text and inner.is_blank,
        is_doubtful=not is_gone and (may_hide or (has_text and inner.is_doubtful)),
        is_block=is_made_block and node.tag not in BLOCKS,
        is_struck="line-through" in style.get("text-decoration-line", ""),
    )


def _may_hide(at: Context, hiding_animations: frozenset[str]) -> bool:
    """Whether an element's style may hide it."""
    cuts = _cuts(at.style)
    return any(
        (cuts or name not in SIZES) and name not in TEXT and not is_harmless(name, value, at.font, at.root)
        for name, value in at.style.items()
    ) or not hiding_animations.isdisjoint(
        " ".join(at.style.get(name, "") for name in ("animation", "animation-name")).replace(",", " ").split()
    )


def _is_far(at: Context) -> bool:
    """Whether an element is off the screen, if it is positioned."""
    moved = (length(at.style.get(side, ""), at.font, at.root) for side in SIDES)
    return any(by is not None and not FAR < by < BEYOND for by in moved)


def _is_clipped(at: Context) -> bool:
    """Whether `clip` leaves nothing of an element."""
    rect = tokens(at.style.get("clip", ""))
    parts = rect[0].arguments if rect and rect[0].type == "function" else []
    sides = [pixels(part, at.font, at.root) for part in parts if part.type not in {"whitespace", "literal"}]
    return len(sides) == len(SIDES) and None not in sides and max(map(abs, sides)) <= SLIT  # type: ignore[arg-type]


def _is_slit(at: Context) -> bool:
    """Whether an element cuts off its text and has no room for any."""
    sizes = (length(at.style.get(name, ""), at.font, at.root) for name in SIZES)
    return _cuts(at.style) and any(size is not None and size <= SLIT for size in sizes)


def _cuts(style: Style) -> bool:
    """Whether an element cuts off what is outside it."""
    return any(style.get(name, "visible") != "visible" for name in ("overflow-x", "overflow-y")) or any(
        word in {"paint", "content", "strict"} for word in style.get("contain", "").split()
    )
