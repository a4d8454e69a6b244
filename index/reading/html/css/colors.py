"""How light colours are (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance), to tell text from its background."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

from tinycss2 import color5

from index.reading.html.css.properties import tokens

DARK = 0.04045
"""Value of a channel up to which sRGB is linear."""
LEAST_CONTRAST = 1.3
"""Ratio below which text is hard to see; WCAG asks for 4.5."""
LIGHT = (0.2126, 0.7152, 0.0722)
"""Shares of red, green and blue."""
MEASURED = {"lab": "xyz-d50", "lch": "xyz-d50", "oklab": "xyz-d65", "oklch": "xyz-d65"}
"""Colour spaces that are converted, and to which."""
CHANNELS = frozenset({"srgb", "display-p3", "a98-rgb", "prophoto-rgb", "rec2020"})
"""Colour spaces of red, green and blue."""


class Shade(NamedTuple):
    """How light and how opaque a colour is, each from 0 to 1."""

    light: float
    alpha: float = 1.0

    def over(self, under: float) -> float:
        """How light it is on top of another colour."""
        return self.alpha * self.light + (1 - self.alpha) * under


BLACK, WHITE = Shade(0.0), Shade(1.0)


def is_seen(text: Shade, background: float) -> bool:
    """Whether text differs from its background."""
    lighter, darker = sorted((text.over(background), background), reverse=True)
    return (lighter + 0.05) / (darker + 0.05) >= LEAST_CONTRAST


@functools.lru_cache(maxsize=4096)
def shade(value: str) -> Shade | None:
    """Return the shade of a colour; None if it is unknown."""
    parts = tokens(value)
    return _shade(parts[0]) if len(parts) == 1 else None


@functools.lru_cache(maxsize=4096)
def shades_within(value: str) -> tuple[Shade, ...]:
    """Return the shades of the colours in a value, such as a gradient."""
    waiting, found = list(tokens(value)), []
    for token in waiting:
        if (known := _shade(token)) is not None:
            found.append(known)
        elif token.type == "function":
            waiting += token.arguments
    return tuple(found)


def _shade(token: Any) -> Shade | None:  # noqa: ANN401  # tinycss2 has no types
    try:
        color = color5.parse_color(token)
    except (TypeError, ValueError, ArithmeticError):  # such as missing components
        return None
    if color is None or color == "currentcolor":
        return None
    space = color.space
    if space in MEASURED or space.startswith("xyz"):
        return Shade(min(1.0, max(0.0, color.to(MEASURED.get(space, space)).coordinates[1] or 0.0)), color.alpha)
    if space in {"hsl", "hwb"}:
        color = color.to("srgb")
    elif space not in CHANNELS:
        return None
    channels = [min(1.0, max(0.0, each or 0.0)) for each in color.coordinates]
    return Shade(sum(share * _linear(each) for share, each in zip(LIGHT, channels, strict=True)), color.alpha)


def _linear(channel: float) -> float:
    """Undo the gamma of sRGB, which is nearly that of the other spaces."""
    return channel / 12.92 if channel <= DARK else ((channel + 0.055) / 1.055) ** 2.4
