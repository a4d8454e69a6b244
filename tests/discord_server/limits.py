"""Discord's limits on messages and modals, and the bot's own rules for what it sends.

The limits are those of Discord's documentation, except the byte limit, which is undocumented: if the UTF-8 bytes of all
text displays plus 12 for each exceed 10,170, the response is HTTP 500.
"""

from collections.abc import Iterator, Sequence

from .components import Component, walk
from .errors import ApiError, Problem, invalid
from .models import COMPONENTS_V2, Json
from .parts import BLOCKS, misplaced, part_problems, size_problem

CONTENT = 2_000
COMPONENTS = 40
CHARACTERS = 4_000
BYTES, BYTES_PER_TEXT = 10_170, 12
BUDGET = 9_500
"""The bot's own limit in bytes, below Discord's."""


def check_message(body: Json, flags: int = 0, *, partial: bool = False) -> None:
    """Refuse a message's form as Discord does; `flags` are those that the message already has.

    A partial form is an edit: omitted fields stay unchanged.
    """
    problems = list(message_problems(body, flags | (body.get("flags") or 0)))
    if problems:
        raise invalid(*problems)
    empty = not any(
        body.get(part) for part in ("content", "embeds", "components", "attachments", "sticker_ids", "poll")
    )
    if empty and not partial:
        raise ApiError(400, 50006, "Cannot send an empty message")
    if text_bytes(body.get("components") or ()) > BYTES:
        raise ApiError(500, 0, "Internal Server Error")


def message_problems(body: Json, flags: int) -> Iterator[Problem]:
    """Breaches of limits in the form of a message."""
    components = body.get("components") or []
    yield from size_problem("content", body.get("content") or "", 0, CONTENT)
    yield from size_problem("embeds", body.get("embeds") or [], 0, 10)
    if flags & COMPONENTS_V2:
        for field in ("content", "embeds", "poll", "sticker_ids"):
            if body.get(field):
                yield Problem(field, "must not be used with the flag IS_COMPONENTS_V2")
        yield from v2_problems(components)
    else:
        yield from size_problem("components", components, 0, 5)
        yield from misplaced("components", components, {Component.ROW})
    yield from component_problems(components)


def v2_problems(components: Sequence[Json]) -> Iterator[Problem]:
    """Breaches of limits of a Components V2 message as a whole."""
    yield from misplaced("components", components, {*BLOCKS, Component.CONTAINER})
    parts = [part for _, part in walk(components)]
    yield from size_problem("components", parts, 0, COMPONENTS)
    said = "".join(part.get("content", "") for part in parts if part["type"] == Component.TEXT)
    yield from size_problem("components", said, 0, CHARACTERS)


def component_problems(components: Sequence[Json]) -> Iterator[Problem]:
    """Breaches of limits in single components, and duplicate custom_ids."""
    seen = set()
    for where, part in walk(components):
        yield from part_problems(where, part)
        name = part.get("custom_id")
        if name in seen:
            yield Problem(f"{where}.custom_id", "stands twice in the message")
        seen |= {name} if name else set()


def modal_problems(data: Json) -> Iterator[Problem]:
    """Breaches of limits in the form of a modal."""
    yield from size_problem("data.title", data.get("title") or "", 1, 45)
    yield from size_problem("data.custom_id", data.get("custom_id") or "", 1, 100)
    yield from size_problem("data.components", data.get("components") or [], 1, 5)
    yield from misplaced(
        "data.components", data.get("components") or [], {Component.ROW, Component.LABEL, Component.TEXT}
    )
    yield from component_problems(data.get("components") or [])


def text_bytes(components: Sequence[Json]) -> int:
    """The size of a message's text displays, as Discord counts it."""
    said = [part["content"] for _, part in walk(components) if part["type"] == Component.TEXT]
    return sum(len(each.encode()) + BYTES_PER_TEXT for each in said)


def broken_promises(body: Json, *, creates: bool) -> Iterator[str]:
    """Breaches of the bot's own rules, which Discord would accept."""
    if (size := text_bytes(body.get("components") or ())) > BUDGET:
        yield f"text displays of {size} bytes, over the budget of {BUDGET}"
    allowed = body.get("allowed_mentions")
    silent = allowed is not None and not any(allowed.get(key) for key in ("parse", "users", "roles", "replied_user"))
    if creates and not (silent and "parse" in (allowed or {})):
        yield f"allowed_mentions does not rule out every ping: {allowed}"
