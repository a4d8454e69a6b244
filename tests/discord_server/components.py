"""Traverse, number and read a message's components."""

from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import count

from .models import Json, ServerMessage


class Component(IntEnum):
    """The component types that are checked."""

    ROW = 1
    BUTTON = 2
    SELECT = 3
    TEXT_INPUT = 4
    SECTION = 9
    TEXT = 10
    THUMBNAIL = 11
    GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    FILE_UPLOAD = 19
    RADIO_GROUP = 21
    CHECKBOX = 23


SELECTS = {3, 5, 6, 7, 8}
"""Selects of strings, users, roles, both, channels."""
LINK = 5
"""The style of a button that opens a URL."""


def walk(components: Sequence[Json], where: str = "components") -> Iterator[tuple[str, Json]]:
    """Every component with its path, parents before children, in reading order."""
    for index, component in enumerate(components):
        here = f"{where}[{index}]"
        yield here, component
        yield from walk(component.get("components") or (), f"{here}.components")
        for key in ("accessory", "component"):
            if component.get(key):
                yield from walk([component[key]], f"{here}.{key}")


def numbered(components: Sequence[Json]) -> list[Json]:
    """The components with ids, numbered in the order of `walk`, as Discord stores them."""
    free = count(1)
    for _, component in walk(components):
        component["id"] = component.get("id") or next(free)
    return list(components)


def texts(message: ServerMessage) -> list[str]:
    """The texts of a message, in reading order: its content, if any, then every text display."""
    shown = [part["content"] for _, part in walk(message.components) if part["type"] == Component.TEXT]
    return [message.content, *shown] if message.content else shown


def buttons(message: ServerMessage) -> list[tuple[str, str]]:
    """Every button as its label (or emoji) and its URL or custom_id."""
    return [
        (part.get("label") or part["emoji"]["name"], part.get("url") or part["custom_id"])
        for _, part in walk(message.components)
        if part["type"] == Component.BUTTON
    ]


def find(components: Sequence[Json], wanted: str) -> Json | None:
    """The component with this custom_id, or else with this label, or else with this emoji and no label."""
    parts = [part for _, part in walk(components) if "custom_id" in part]
    ids = (part for part in parts if part["custom_id"] == wanted)
    return next(ids, None) or next((part for part in parts if _label(part) == wanted), None)


def _label(part: Json) -> str | None:
    return part.get("label") or (part.get("emoji") or {}).get("name")
