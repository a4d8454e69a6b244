"""How an element is shown: visible, hidden, or without its own text; inline or as a block."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import NamedTuple

import regex
from lxml import etree

from index.reading.html.css.cascade import StyleSheets
from index.reading.html.css.hidden import (
    is_clipped_by_path,
    is_clipped_by_rect,
    is_nearly_transparent,
    is_off_screen,
    is_overflow_hidden,
)
from index.reading.html.css.properties import font_size, is_transparent
from index.reading.html.css.selectors import Element

# Rendered as a block, a list item or part of a table (https://html.spec.whatwg.org/multipage/rendering.html).
BLOCK_ELEMENTS = """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p plaintext
    pre search section summary table tbody td tfoot th thead tr ul xmp button
"""
BLOCKS = frozenset(BLOCK_ELEMENTS.split())
FONT = 16.0
"""Default font size in pixels."""
TINY = 2.0
"""Font size in pixels below which text is unreadable."""
LAYING_OUT = regex.compile(r"(?:inline-|block |inline )?(?:flex|grid)|-(?:webkit|ms|moz)-(?:inline-)?(?:flex)?box")
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
    """It is unknown whether it is visible: its style seems meant to hide it, but does not."""
    is_block: bool = False
    """It is shown as a block, though its element is not one."""
    is_struck: bool = False


VISIBLE = ElementVisibility()


class _Inherited(NamedTuple):
    """What an element inherits from its parent."""

    font: float = FONT
    root: float = FONT
    is_invisible: bool = False
    is_clear: bool = False
    lays_out: bool = False
    """Whether the parent is a flex or grid container, which lays out each child as a block."""

    @property
    def is_blank(self) -> bool:
        """Whether text in this context is invisible."""
        return self.is_invisible or self.is_clear or self.font < TINY


def element_visibilities(tree: Element) -> dict[Element, ElementVisibility]:
    """Return how the elements of a page are shown; those that no style affects are missing."""
    sheets = StyleSheets(tree)
    visibilities: dict[Element, ElementVisibility] = {}
    waiting = [(tree, _Inherited())]
    while waiting:
        element, around = waiting.pop()
        if style := sheets.style(element):
            inner = _inner(element, style, around)
            visibility = _visibility(element, style, inner, around)
        else:
            inner = around._replace(lays_out=False) if around.lays_out else around
            visibility = ElementVisibility(
                has_invisible_text=around.is_blank, is_block=around.lays_out and element.tag not in BLOCKS
            )
        if visibility != VISIBLE:
            visibilities[element] = visibility
        if not visibility.is_hidden:
            waiting += [(child, inner) for child in element.iterchildren("*")]
    return visibilities


def without_style(tree: Element) -> Element:
    """Return a copy of the page without its own style."""
    bare = copy.deepcopy(tree)
    etree.strip_elements(bare, "style", with_tail=False)
    etree.strip_attributes(bare, "style", "hidden")
    return bare


def _inner(element: Element, style: Mapping[str, str], around: _Inherited) -> _Inherited:
    """Return what the children of an element inherit."""
    font = font_size(style.get("font-size"), around.font, around.root)
    inherited = {"inherit", "unset"}
    visibility, color = style.get("visibility", "inherit"), style.get("color", "inherit")
    on_letters = "text" in style.get("background-clip", "")
    return _Inherited(
        font=font,
        root=font if element.getparent() is None else around.root,
        is_invisible=visibility in {"hidden", "collapse"} or (visibility in inherited and around.is_invisible),
        is_clear=not on_letters and (is_transparent(color) or (color in inherited and around.is_clear)),
        lays_out=LAYING_OUT.fullmatch(style.get("display", "")) is not None,
    )


def _visibility(element: Element, style: Mapping[str, str], inner: _Inherited, around: _Inherited) -> ElementVisibility:
    display, position = style.get("display", ""), style.get("position", "static")
    is_apart = position in APART
    is_floating = style.get("float", "none") in {"left", "right"}
    is_made_block = is_apart or around.lays_out or (AS_BLOCK.fullmatch(display) is not None and not is_floating)
    is_box = element.tag in BLOCKS or is_made_block or is_floating or not IN_LINE.fullmatch(display)
    moved, clipped = is_off_screen(style, inner.font, inner.root), is_clipped_by_rect(style)
    shut = is_overflow_hidden(style, inner.font, inner.root, is_laid_out=around.lays_out)
    is_gone = (
        display == "none"
        or style.get("content-visibility") == "hidden"
        or is_nearly_transparent(style)
        or is_clipped_by_path(style)
        or (moved and position != "static")
        or (clipped and is_apart)
        or (shut and is_box)
    )
    return ElementVisibility(
        is_hidden=is_gone,
        has_invisible_text=inner.is_blank,
        is_doubtful=not is_gone and (moved or clipped or shut),
        is_block=is_made_block and element.tag not in BLOCKS,
        is_struck="line-through" in style.get("text-decoration-line", ""),
    )
