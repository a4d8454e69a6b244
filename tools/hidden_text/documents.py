"""Pages in which a style hides one paragraph: ways to hide, times the places of the rule, times its selector."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import NamedTuple

CONTROLS = (
    "The harbour of Wick was dredged in spring, and larger boats have called at its quay since the first of June.",
    "A new crane lifts the containers from the ferries, which used to take two days and now takes a single morning.",
    "The council pays for the lights on the northern pier, while the fishermen keep the smaller lamps in repair.",
    "Visitors may climb the old lighthouse on Sundays, when the keeper tells them of the storms of the past century.",
)
HIDDEN = "Nobody who reads this page in a browser can see that the treasurer sold the southern quay to his cousin."
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Wick</title>
<style>body {{ font: 16px monospace; width: 900px }}</style>{sheet}</head><body><article><h1>The harbour of Wick</h1>
<p class="c a">{0}</p><p class="c">{1}</p><p class="x" id="t" data-k="Value"{attributes}><b></b>{hidden}</p>
<p class="c">{2}</p><p class="c d">{3}</p></article></body></html>"""
WAYS = """
display: none
visibility: hidden
visibility: collapse
opacity: 0
opacity: calc(0)
opacity: calc(1 - 1)
opacity: 0.02
opacity: min(0, 1)
color: transparent
color: white
color: #fefefe
color: #fffe
color: rgb(255 255 255)
color: hsl(0 0% 100%)
color: oklch(1 0 0)
color: color-mix(in srgb, white, white)
color: rgb(0 0 0 / 0)
background: black
background: #000; color: #010101
background: linear-gradient(black, black)
background-color: rgb(0 0 0)
-webkit-text-fill-color: white
-webkit-text-fill-color: transparent
font-size: 0
font-size: calc(1px * 0)
font: 0/0 serif
font-size: 0.05em
font-size-adjust: 0
zoom: 0.01
scale: 0
scale: 0 1
rotate: x 90deg
rotate: y 90deg
rotate: 1 0 0 90deg
translate: -3000px
translate: 0 -3000px
transform: scale(0)
transform: scaleX(0)
transform: rotateX(90deg)
transform: rotate3d(0, 1, 0, 90deg)
transform: matrix(0, 0, 0, 0, 0, 0)
transform: translateX(-3000px)
transform: translate(-300%)
clip-path: inset(50%)
clip-path: circle(0)
clip-path: polygon(0 0, 0 0, 0 0)
clip-path: path("M0 0")
clip-path: ellipse(0 0)
clip-path: xywh(0 0 0 0)
position: absolute; clip: rect(0, 0, 0, 0)
position: absolute; clip: rect(1px 1px 1px 1px)
mask: linear-gradient(transparent, transparent)
-webkit-mask: linear-gradient(transparent, transparent)
mask-image: linear-gradient(#0000, #0000)
-webkit-mask-image: linear-gradient(transparent, transparent)
filter: opacity(0)
filter: opacity(0%)
filter: brightness(100) opacity(0.01)
filter: blur(400px)
mix-blend-mode: screen
position: absolute; left: -9999px
position: absolute; top: -9999px
position: fixed; inset: 0 auto auto -3000px
position: absolute; inset-inline-start: -3000px
position: absolute; inset-block-start: -3000px
position: relative; left: -3000px
position: absolute; right: 3000px
position: absolute; left: calc(-1 * 3000px)
margin-left: -3000px
margin-inline-start: -3000px
text-indent: -3000px
text-indent: -300em; overflow: hidden
height: 0; overflow: hidden
max-height: 0; overflow: hidden
width: 0; height: 0; overflow: hidden
block-size: 0; overflow: hidden
block-size: 0; overflow: clip
max-block-size: 0; overflow: hidden
height: calc(0px); overflow: hidden
height: 0; overflow: auto
height: 0; contain: paint
inline-size: 0; block-size: 1px; overflow: hidden
line-height: 0; overflow: hidden
padding-top: 40px; height: 0; overflow: hidden
content-visibility: hidden
position: relative; z-index: -1; background: white; color: white
letter-spacing: -40px; overflow: hidden; text-indent: -40px
-webkit-text-security: none; opacity: 0
offset-path: path("M -3000 -3000 L -3001 -3001"); position: absolute
display: none !important
animation: gone 1ms forwards
all: unset; display: none
content: url("data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==")
"""
"""Declarations, one way a line."""
SELECTORS = """
.x
#t
p:nth-of-type(3)
article > p:nth-child(4)
.c + .x
.a ~ .x
.a + p + p
:is(.x, .nothing)
:where(#t)
p:not(.c)
p:not(.c, .d)
article:has(h1) .x
p:has(b)
p:has(> b)
[data-k="value" i]
[data-k^="Val"]
p:nth-last-of-type(3)
:is(article .x)
:not(.a) + .x
p:nth-child(1 of .x)
.x:not(:hover)
.x:first-of-type, #t
h1 ~ p:nth-of-type(2n+3):not(.d)
article :not(h1, .c, b)
"""
KEYFRAMES = "@keyframes gone { to { visibility: hidden; opacity: 0 } }"
PLACES = (
    "{selector} {{ {way} }}",
    "@media screen {{ {selector} {{ {way} }} }}",
    "@media (min-width: 1px) {{ {selector} {{ {way} }} }}",
    "@media not print {{ {selector} {{ {way} }} }}",
    "@supports (display: block) {{ {selector} {{ {way} }} }}",
    "@layer base {{ {selector} {{ {way} }} }}",
    "@layer a, b; @layer b {{ {selector} {{ {way} }} }} @layer a {{ {selector} {{ {other} }} }}",
    "article {{ & {selector} {{ {way} }} }}",
    "body {{ {selector} {{ {way} }} }}",
    "{selector} {{ color: #111; &:is(p) {{ {way} }} }}",
    "@scope (article) {{ {selector} {{ {way} }} }}",
    "body {{ container-type: inline-size }} @container (min-width: 1px) {{ {selector} {{ {way} }} }}",
    "{selector} {{ {important} }} #t#t {{ {other} }}",
    "@media screen {{ @supports (color: red) {{ {selector} {{ {way} }} }} }}",
    ":root {{ {variables} }} {selector} {{ {with_variables} }}",
    "{selector} {{ {variables}; {with_variables} }}",
)
"""Where the rule stands."""


class Document(NamedTuple):
    """A page that hides a paragraph."""

    sheet: str
    attributes: str = ""

    def page(self, hidden: str = HIDDEN, controls: tuple[str, ...] = CONTROLS) -> str:
        """Return its HTML."""
        sheet = f"<style>{self.sheet}</style>" if self.sheet else ""
        attributes = f" {self.attributes}" if self.attributes else ""
        return PAGE.format(*controls, sheet=sheet, attributes=attributes, hidden=hidden)


def documents() -> Iterator[Document]:
    """Make each way in a `style` attribute, and in four sheets with other places and selectors each."""
    ways, selectors = WAYS.strip().splitlines(), SELECTORS.strip().splitlines()
    for number, way in enumerate(ways):
        keyframes = KEYFRAMES if "gone" in way else ""
        yield Document(keyframes, f'style="{html.escape(way)}"')
        for turn in range(4):
            place = PLACES[(number * 5 + turn * 3) % len(PLACES)]
            selector = selectors[(number * 7 + turn * 5) % len(selectors)]
            yield Document(keyframes + _placed(place, selector, way))
    for attributes in ("hidden", 'hidden="until-found"', "popover", 'popover="manual"'):
        yield Document("", attributes)


def _placed(place: str, selector: str, way: str) -> str:
    parts = [part.strip().removesuffix("!important").strip() for part in way.split("; ")]
    named = [part.split(": ", 1) for part in parts]
    return place.format(
        selector=selector,
        way=way,
        important="; ".join(f"{part} !important" for part in parts),
        other="; ".join(f"{name}: initial" for name, _ in named),
        variables="; ".join(f"--v{number}: {value}" for number, (_, value) in enumerate(named)),
        with_variables="; ".join(f"{name}: var(--v{number})" for number, (name, _) in enumerate(named)),
    )
