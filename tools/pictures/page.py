"""An HTML page that shows the bot's payloads as a member sees them, with web components."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any
from urllib.parse import quote

CONTAINER, TEXT, ROW, BUTTON, FILE = 17, 10, 1, 2, 13
STYLES = {1: "primary", 2: "secondary", 3: "success", 4: "destructive", 5: "secondary"}
PHONE = 390
WHEN = "25/04/2026, 10:30"
QUOTED, SMALL_PRINT = "> ", "-# "
FENCE = re.compile(r"^```[^\n`]*\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"\\(?P<sign>[^\w\s])|(?P<bold>\*\*)|(?P<url>https?://[^\s<>]+)|<t:(?P<time>\d+):(?P<style>\w)>")
PACKAGES = {
    "lit": "lit/index.js",
    "lit/": "lit/",
    "lit-html": "lit-html/lit-html.js",
    "lit-html/": "lit-html/",
    "lit-element/": "lit-element/",
    "lit-element": "lit-element/lit-element.js",
    "@lit/reactive-element": "@lit/reactive-element/reactive-element.js",
    "@lit/reactive-element/": "@lit/reactive-element/",
    "@lit/context": "@lit/context/index.js",
}
"""The import map of the components."""
STYLE = """
body { margin: 0; background: #36393e; color: #dcddde; }
discord-messages { border: none; min-height: 0; padding: 8px 0; }
.part { background: #2b2d31; border: 1px solid #44464c; border-radius: 8px; padding: 12px 16px; margin: 4px 0; }
.part .text + .text { margin-top: 8px; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
.small { color: #a3a6aa; font-size: 0.8125em; line-height: 1.4; }
pre { background: #1e1f22; border: 1px solid #3a3c42; border-radius: 4px; margin: 6px 0; padding: 8px;
      font: 0.875em/1.3 Consolas, "DejaVu Sans Mono", monospace; white-space: pre-wrap; }
.file { background: #2b2d31; border: 1px solid #44464c; border-radius: 8px; padding: 12px 16px; margin: 8px 0;
        display: inline-block; color: #00a8fc; }
.bare { margin: 4px 0; }
"""


@dataclass(frozen=True)
class Said:
    """What a member wrote."""

    by: str
    text: str


@dataclass(frozen=True)
class Answered:
    """What the bot sent: its components, and what it replies to."""

    components: Sequence[dict[str, Any]]
    to: Said | None = None
    command: str | None = None
    """The command that it answers, used by `by`."""
    by: str = "alice"
    private: bool = False


def page_of(shown: Sequence[Said | Answered], bot: str, width: int) -> str:
    """A page with these messages at a width in pixels; its root has its height as an attribute once it is drawn."""
    margin = "" if width > PHONE else "discord-message { padding-right: 16px !important; }"  # as on a phone
    imports = ", ".join(f'"{name}": "/packages/{path}"' for name, path in PACKAGES.items())
    messages = "".join(_said(one, bot) if isinstance(one, Said) else _answered(one, bot) for one in shown)
    return f"""<!doctype html><meta charset="utf-8"><style>{STYLE} body {{ width: {width}px; }} {margin}</style>
<script type="importmap">{{"imports": {{{imports}}}}}</script>
<discord-messages>{messages}</discord-messages>
<script type="module">
import "/packages/@skyra/discord-components-core/dist/index.js";
await document.fonts.ready;
await Promise.all([...document.querySelectorAll("*")].map((one) => one.updateComplete));
// In Discord the least width of a button includes its padding.
document.querySelectorAll("discord-button").forEach((one) => {{
  one.style.boxSizing = "border-box";
  one.shadowRoot?.querySelectorAll("*").forEach((part) => {{ part.style.boxSizing = "border-box"; }});
}});
document.documentElement.dataset.height = Math.ceil(document.body.getBoundingClientRect().height);
</script>"""


def _said(said: Said, bot: str) -> str:
    text = escape(said.text).replace(f"@{bot}", f"<discord-mention>{bot}</discord-mention>")
    return f'<discord-message {_author(said.by)} timestamp="{WHEN}">{text}</discord-message>'


def _answered(answered: Answered, bot: str) -> str:
    above = ""
    if answered.to is not None:
        author = f'{_author(answered.to.by)} mentions="false"'
        above = f'<discord-reply slot="reply" {author}>{escape(answered.to.text)}</discord-reply>'
    if answered.command is not None:
        author = _author(answered.by, "profile-author")
        above = f'<discord-command slot="reply" {author} command="{escape(answered.command)}"></discord-command>'
    private = "ephemeral" if answered.private else ""
    body = "".join(_component(component) for component in answered.components)
    return f'<discord-message {_author(bot)} bot {private} timestamp="{WHEN}">{above}{body}</discord-message>'


def _author(name: str, attribute: str = "author") -> str:
    """The attributes of an author: the name, and a picture with its first letter."""
    colour = {"a": "#5b7a9d", "k": "#8a6d9d"}.get(name[0].lower(), "#3f6f5e")
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80">'
        f'<rect width="80" height="80" fill="{colour}"/>'
        '<text x="40" y="54" font-size="40" font-family="sans-serif" fill="white" text-anchor="middle">'
        f"{name[0].upper()}</text></svg>"
    )
    name_attribute = "author" if attribute == "profile-author" else attribute
    return f'{name_attribute}="{escape(name)}" avatar="data:image/svg+xml,{quote(picture)}"'


def _component(component: dict[str, Any]) -> str:
    kind = component["type"]
    if kind == CONTAINER:
        return f'<div class="part">{"".join(map(_component, component["components"]))}</div>'
    if kind == TEXT:
        return f'<div class="text">{_markdown(component["content"])}</div>'
    if kind == ROW:
        return f"<discord-action-row>{''.join(map(_component, component['components']))}</discord-action-row>"
    if kind == BUTTON:
        link = f'url="{escape(component["url"])}"' if "url" in component else ""
        disabled = "disabled" if component.get("disabled") else ""
        label = escape(component.get("label") or component["emoji"]["name"])
        return f'<discord-button type="{STYLES[component["style"]]}" {link} {disabled}>{label}</discord-button>'
    if kind == FILE:
        name = component["file"]["url"].removeprefix("attachment://")
        return f'<div class="file">📄 {escape(name)}</div>'
    message = f"a component of type {kind} has no picture"
    raise ValueError(message)


def _markdown(content: str) -> str:
    """The part of Discord's markdown that the bot uses, as Discord shows it."""
    pieces = FENCE.split(content)
    return "".join(
        f"<pre>{escape(piece)}</pre>" if place % 2 else _lines(piece.strip("\n").split("\n"))
        for place, piece in enumerate(pieces)
        if piece
    )


def _lines(lines: Sequence[str]) -> str:
    blocks: list[str] = []
    for is_quoted, together in groupby(lines, key=lambda line: line.startswith(QUOTED)):
        if is_quoted:
            quoted = "\n".join("".join(_inline(line.removeprefix(QUOTED))) for line in together)
            blocks.append(f"<discord-quote>{quoted}</discord-quote>")
        else:
            blocks += map(_line, together)
    return "".join(blocks)


def _line(line: str) -> str:
    if line.startswith(SMALL_PRINT):
        return f'<div class="small">{"".join(_inline(line.removeprefix(SMALL_PRINT)))}</div>'
    return f"<div>{''.join(_inline(line)) or '&nbsp;'}</div>"


def _inline(line: str) -> Iterator[str]:
    place, is_bold = 0, False
    for found in INLINE.finditer(line):
        yield escape(line[place : found.start()])
        place = found.end()
        if found["sign"]:
            yield escape(found["sign"])
        elif found["bold"]:
            yield "</strong>" if is_bold else "<strong>"
            is_bold = not is_bold
        elif found["url"]:
            yield f'<discord-link href="{escape(found["url"])}">{escape(found["url"])}</discord-link>'
        else:
            yield f"<discord-time>{'a minute ago' if found['style'] == 'R' else WHEN}</discord-time>"
    yield escape(line[place:])
