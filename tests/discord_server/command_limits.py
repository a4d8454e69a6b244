"""Discord's limits on application commands and on autocomplete choices."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from .errors import Problem
from .models import Json
from .parts import size_problem

SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3
SUBCOMMAND, GROUP, STRING = 1, 2, 3
MOST = {SLASH: 100, USER_MENU: 15, MESSAGE_MENU: 15}
NAME = re.compile(r"[-_'\w]{1,32}")
OPTIONS = CHOICES = 25
TEXT = 100
CHARACTERS = 8_000
CHANNELS = frozenset({0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15})
"""The channel types in Discord's OpenAPI description."""


def command_problems(commands: Sequence[Json]) -> Iterator[Problem]:
    """Breaches of limits in a bulk overwrite."""
    keys = Counter((kind_of(command), command["name"]) for command in commands)
    yield from (Problem("name", f"{name} stands twice") for (_, name), times in keys.items() if times > 1)
    for kind, times in Counter(kind for kind, _ in keys).items():
        if times > MOST[kind]:
            yield Problem("commands", f"{times} of type {kind}, at most {MOST[kind]}")
    for index, command in enumerate(commands):
        where = f"[{index}]"
        if kind_of(command) == SLASH:
            yield from named_problems(where, command)
            yield from option_problems(where, command.get("options") or [])
            yield from size_problem(where, "".join(said(command)), 1, CHARACTERS)
        else:
            yield from size_problem(f"{where}.name", command["name"], 1, 32)
            yield from size_problem(f"{where}.description", command.get("description") or "", 0, 0)


def kind_of(command: Json) -> int:
    """A command's type; the default is a slash command."""
    return int(command.get("type") or SLASH)


def named_problems(where: str, part: Json) -> Iterator[Problem]:
    """Breaches of limits in the name and description of a slash command or option."""
    name = part.get("name") or ""
    if not NAME.fullmatch(name) or name != name.lower():
        yield Problem(f"{where}.name", f"not a command's name: {name!r}")
    yield from size_problem(f"{where}.description", part.get("description") or "", 1, TEXT)


def option_problems(where: str, options: Sequence[Json]) -> Iterator[Problem]:
    """Breaches of limits in the options of a command or subcommand."""
    yield from size_problem(f"{where}.options", options, 0, OPTIONS)
    if len({option["name"] for option in options}) < len(options):
        yield Problem(f"{where}.options", "a name stands twice")
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        yield Problem(f"{where}.options", "required options must come first")
    for index, option in enumerate(options):
        here = f"{where}.options[{index}]"
        yield from named_problems(here, option)
        yield from option_problems(here, option.get("options") or [])
        yield from choice_problems(f"{here}.choices", option.get("choices") or [])
        if not CHANNELS.issuperset(option.get("channel_types") or []):
            yield Problem(f"{here}.channel_types", f"no such type: {option['channel_types']}")
        if option.get("choices") and option.get("autocomplete"):
            yield Problem(here, "choices and autocomplete exclude each other")


def choice_problems(where: str, choices: Sequence[Json], kind: int | None = None) -> Iterator[Problem]:
    """Breaches of limits in choices; `kind` is the type of their option, where it is known."""
    yield from size_problem(where, choices, 0, CHOICES)
    for index, choice in enumerate(choices):
        here, value = f"{where}[{index}]", choice["value"]
        yield from size_problem(f"{here}.name", choice["name"], 1, TEXT)
        if isinstance(value, str):
            yield from size_problem(f"{here}.value", value, 1, TEXT)
        if kind is not None and isinstance(value, str) != (kind == STRING):
            yield Problem(f"{here}.value", f"does not fit an option of type {kind}")


def said(part: Json) -> Iterator[str]:
    """The texts that count towards a command's 8,000 characters."""
    yield from (part.get("name") or "", part.get("description") or "", str(part.get("value") or ""))
    for child in [*(part.get("options") or []), *(part.get("choices") or [])]:
        yield from said(child)
