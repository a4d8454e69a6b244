"""What an element has from those around it: its text, and what is behind that."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

import regex

from index.reading.html.css.cascade import Declaration
from index.reading.html.css.colors import BLACK, WHITE, Shade, is_seen, shade, shades_within
from index.reading.html.css.nodes import Node
from index.reading.html.css.properties import FONT, HARMLESS, INHERITED, font_size, is_harmless, length, longhands
from index.reading.html.css.variables import substituted

TINY = 2.0
"""Font size in pixels below which text is unreadable."""
FAINT = 0.01
"""Opacity at which nothing is visible."""
UNKNOWN = "?"
"""A value that cannot be calculated; it is no known value of any property."""
COLORS = frozenset({"color", "text-fill-color", "background-color", "background-image"})
LAYING_OUT = regex.compile(r"(?:inline-|block |inline )?(?:flex|grid)|-(?:webkit|ms|moz)-(?:inline-)?(?:flex)?box")
MAX_BACKGROUNDS = 16
"""Colours of one gradient."""
TEXT = INHERITED | {"font-size"}
INVISIBLE = frozenset({"hidden", "collapse"})
EFFECTS = ("text-shadow", "text-stroke", "background-clip")
"""Properties by which transparent letters may be seen."""
BEHIND = frozenset({"background-color", "background-image", "box-shadow"})
TEXT_AND_COLORS = TEXT | COLORS | BEHIND | {"opacity", *EFFECTS}
Style = Mapping[str, str]
NO_STYLE: Style = MappingProxyType({})


class Context(NamedTuple):
    """What an element has from those around it."""

    style: Style = NO_STYLE
    variables: Style = NO_STYLE
    font: float = FONT
    root: float = FONT
    color: Shade | None = BLACK
    """None if it is unknown."""
    fill: Shade | Literal["color"] | None = "color"
    """The colour of the letters, if it is not that of the text."""
    opacity: float = 1.0
    backgrounds: tuple[float | None, ...] = (WHITE.light,)
    """How light the places behind the text are; None if that is unknown."""
    doubts: frozenset[str] = frozenset()
    """Inherited properties that may hide text."""
    is_invisible: bool = False
    has_effects: bool = False
    """Whether transparent letters may be seen by their shadow, outline or background."""
    lays_out: bool = False
    """Whether the parent is a flex or grid container, which lays out each child as a block."""
    is_blank: bool = False
    """Whether text in this context is invisible."""
    is_doubtful: bool = False
    """Whether it is unknown if text in this context is visible."""

    def without_style(self) -> Context:
        """Return the context within an element without a style."""
        return self._replace(style=NO_STYLE, lays_out=False)

    def within(self, node: Node, declared: Mapping[str, Declaration]) -> Context:
        """Return the context within an element with these declarations."""
        variables = self._variables(declared)
        style = {
            name: value
            for name, each in declared.items()
            if not name.startswith("--") and (value := self._value(each, variables))
        }
        font = font_size(style.get("font-size", "100%"), self.font, self.root)
        doubts = self.doubts
        for name in TEXT & style.keys():
            value = style[name] if name != "font-size" or font is None else f"{font}px"
            is_known = is_harmless(name, value, font or self.font, self.root) or value in INVISIBLE
            doubts = doubts - {name} if is_known else doubts | {name}
        opacity = length(style.get("opacity", "1"), FONT, FONT, HARMLESS["opacity"])
        color = self._shade(style.get("color"), self.color)
        inner = self._replace(
            style=style,
            variables=variables,
            font=self.font if font is None else font,
            root=font or FONT if node.parent is None else self.root,
            color=color,
            fill=self._shade(style["text-fill-color"], color) if "text-fill-color" in style else self.fill,
            opacity=self.opacity * (1.0 if opacity is None else min(1.0, max(0.0, opacity))),
            doubts=doubts,
            is_invisible=style["visibility"] in INVISIBLE if "visibility" in style else self.is_invisible,
            has_effects=self.has_effects or any(style.get(name, "none") != "none" for name in EFFECTS),
            lays_out=LAYING_OUT.fullmatch(style.get("display", "")) is not None,
        )
        return inner.looked_at() if TEXT_AND_COLORS & style.keys() else inner

    def looked_at(self) -> Context:
        """Return the context with what is behind the text, and whether that is seen on it."""
        backgrounds = self._backgrounds() if BEHIND & self.style.keys() else self.backgrounds
        letters = self.color if self.fill == "color" else self.fill
        letters = letters and letters._replace(alpha=letters.alpha * self.opacity)
        is_clear = letters is not None and letters.alpha <= FAINT and not self.has_effects
        is_unlike = letters is not None and all(light is not None and is_seen(letters, light) for light in backgrounds)
        return self._replace(
            backgrounds=backgrounds,
            is_blank=self.is_invisible or self.font < TINY or is_clear,
            is_doubtful=bool(self.doubts) or not is_unlike,
        )

    def _variables(self, declared: Mapping[str, Declaration]) -> Style:
        """Return the custom properties of an element with these declarations."""
        own = {name: each.value for name, each in declared.items() if name.startswith("--")}
        if not own:
            return self.variables
        known = {**self.variables, **own}
        read = {name: substituted(value, known) for name, value in own.items()}
        return {**self.variables, **{name: value for name, value in read.items() if value is not None}}

    def _value(self, declaration: Declaration, variables: Style) -> str:
        """Return the value of a declaration; empty if the property has the value that it would have without."""
        name, value = declaration.name, declaration.value
        if "var(" in value.lower():
            read = substituted(value, variables)
            value = UNKNOWN if read is None else longhands(declaration.written, read).get(name, "")
            if value == UNKNOWN and name in COLORS:
                return ""  # of a style sheet that is not loaded
        is_inherited = name in TEXT or name in COLORS - BEHIND
        if value == "inherit" or (value == "unset" and is_inherited):
            return "" if is_inherited else self.style.get(name, "")
        if name == "all":
            return UNKNOWN
        return "" if value == "unset" or (value == "initial" and not is_inherited) else value

    def _shade(self, value: str | None, current: Shade | None) -> Shade | None:
        if value is None or value == "currentcolor":
            return current
        return BLACK if value == "initial" else shade(value)

    def _backgrounds(self) -> tuple[float | None, ...]:
        """Return how light the places behind the text of an element may be."""
        found = set(self.backgrounds)
        if value := self.style.get("background-color"):
            over = self.color if value == "currentcolor" else shade(value)
            found = {
                None if over is None or (under is None and over.alpha < 1) else over.over(under or 0) for under in found
            }
        drawn = [self.style.get("background-image", "")]
        if "inset" in (shadow := self.style.get("box-shadow", "")):
            drawn.append(shadow)
        images = [each for value in drawn for each in shades_within(value)]
        found |= {
            None if under is None else each.over(under)
            for each in images[:MAX_BACKGROUNDS]
            for under in tuple(found)[:1]
        }
        return tuple(found)
