"""Discord's limits on single components: buttons, rows, sections, texts, selects and inputs."""

from collections.abc import Callable, Iterator, Sequence, Sized
from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

from .components import LINK, SELECTS, Component
from .errors import Problem
from .models import Json

LABEL_LENGTH, URL_LENGTH, CUSTOM_ID, ROW_BUTTONS, SECTION_TEXTS, OPTIONS = 80, 512, 100, 5, 3, 25
RADIO_OPTIONS, FILES = 10, 10
KNOWN = {*range(1, 15), 17, 18, 19, 21, 22, 23}
INPUTS = {Component.TEXT_INPUT, *SELECTS, 19, 21, 22, 23}
"""The types allowed in a label: text, selects, a file upload, radio group, checkbox group and checkbox."""
BLOCKS = {Component.ROW, Component.SECTION, Component.TEXT, Component.GALLERY, Component.FILE, Component.SEPARATOR}
"""The types allowed in a container and, besides containers, in a message."""


def size_problem(where: str, value: Sized, low: int, high: int) -> Iterator[Problem]:
    """A problem if the length is not in `low` to `high`."""
    if not low <= len(value) <= high:
        yield Problem(where, f"must be {low} to {high} in length, is {len(value)}")


def misplaced(where: str, children: Sequence[Json], fitting: AbstractSet[int]) -> Iterator[Problem]:
    """A problem for each child of a type that is not allowed here."""
    for index, child in enumerate(children):
        if child["type"] not in fitting:
            yield Problem(f"{where}[{index}].type", f"must be one of {sorted(fitting)}, is {child['type']}")


def part_problems(where: str, part: Json) -> Iterator[Problem]:
    """Breaches of limits in one component, without its children."""
    if part.get("type") not in KNOWN:
        yield Problem(f"{where}.type", f"no component has the type {part.get('type')}")
    if "custom_id" in part:
        yield from size_problem(f"{where}.custom_id", part["custom_id"], 1, CUSTOM_ID)
    for problem in CHECKS.get(part["type"], _nothing)(part):
        yield Problem(f"{where}.{problem.where}", problem.what)


def _nothing(_: Json) -> Iterator[Problem]:
    yield from ()


def _button(part: Json) -> Iterator[Problem]:
    yield from size_problem("label", part.get("label") or "", 0, LABEL_LENGTH)
    if not part.get("label") and not part.get("emoji"):
        yield Problem("label", "a button needs a label or an emoji")
    if (part.get("style") == LINK) != ("url" in part) or ("url" in part) == ("custom_id" in part):
        yield Problem("url", "a link button has a URL, any other a custom_id")
    if "url" in part:
        yield from size_problem("url", part["url"], 1, URL_LENGTH)
        if urlsplit(part["url"]).scheme not in ("http", "https", "discord"):
            yield Problem("url", "scheme must be one of http, https, discord")


def _row(part: Json) -> Iterator[Problem]:
    children = part.get("components") or []
    yield from size_problem("components", children, 1, ROW_BUTTONS)
    kinds = {child["type"] for child in children}
    if not kinds <= {Component.BUTTON, Component.TEXT_INPUT, *SELECTS} or (
        kinds - {Component.BUTTON} and len(children) > 1
    ):
        yield Problem("components", "a row holds buttons, or one select, or one text input")


def _section(part: Json) -> Iterator[Problem]:
    children = part.get("components") or []
    yield from size_problem("components", children, 1, SECTION_TEXTS)
    yield from misplaced("components", children, {Component.TEXT})
    if (part.get("accessory") or {}).get("type") not in (Component.BUTTON, Component.THUMBNAIL):
        yield Problem("accessory", "a section needs a button or a thumbnail")


def _text(part: Json) -> Iterator[Problem]:
    yield from size_problem("content", (part.get("content") or "").strip(), 1, 4_000)


def _container(part: Json) -> Iterator[Problem]:
    yield from size_problem("components", part.get("components") or [], 1, 40)
    yield from misplaced("components", part.get("components") or [], BLOCKS)


def _radio_group(part: Json) -> Iterator[Problem]:
    yield from size_problem("options", part.get("options") or [], 2, RADIO_OPTIONS)
    yield from _options(part)


def _select(part: Json) -> Iterator[Problem]:
    yield from size_problem("options", part.get("options") or [], 1, OPTIONS)
    yield from size_problem("placeholder", part.get("placeholder") or "", 0, 150)
    yield from _options(part)


def _options(part: Json) -> Iterator[Problem]:
    for index, option in enumerate(part.get("options") or []):
        for field in ("label", "value"):
            yield from size_problem(f"options[{index}].{field}", option[field], 1, 100)
        yield from size_problem(f"options[{index}].description", option.get("description") or "", 0, 100)


def _label(part: Json) -> Iterator[Problem]:
    yield from size_problem("label", part.get("label") or "", 1, 45)
    yield from size_problem("description", part.get("description") or "", 0, 100)
    yield from misplaced("component", [part.get("component") or {"type": None}], INPUTS)


def _text_input(part: Json) -> Iterator[Problem]:
    yield from size_problem("label", part.get("label") or "", 0, 45)
    yield from size_problem("placeholder", part.get("placeholder") or "", 0, 100)
    yield from size_problem("value", part.get("value") or "", 0, part.get("max_length") or 4_000)
    if not 1 <= (part.get("max_length") or 4_000) <= 4_000:
        yield Problem("max_length", "must be 1 to 4000")


def _file_upload(part: Json) -> Iterator[Problem]:
    low, high = part.get("min_values"), part.get("max_values")
    if low is not None and not 0 <= low <= FILES:
        yield Problem("min_values", f"must be 0 to {FILES}")
    if high is not None and not max(1, low or 0) <= high <= FILES:
        yield Problem("max_values", f"must be 1 to {FILES}, and not below min_values")
    if low == 0 and part.get("required", True):
        yield Problem("min_values", "must be above 0 where the files are required")


CHECKS: dict[int, Callable[[Json], Iterator[Problem]]] = {
    Component.BUTTON: _button,
    Component.ROW: _row,
    Component.SECTION: _section,
    Component.TEXT: _text,
    Component.CONTAINER: _container,
    Component.SELECT: _select,
    Component.LABEL: _label,
    Component.TEXT_INPUT: _text_input,
    Component.RADIO_GROUP: _radio_group,
    Component.FILE_UPLOAD: _file_upload,
}
