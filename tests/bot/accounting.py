"""Check that every character of a payload is from a quotation, a recorded fact, the user's words or a fixed sentence.

Independent of `bot/layout`: reads finished payloads as Discord does, and knows only the messages and the input.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from bot.i18n.messages import LanguageName, Message
from tests.bot.browser import parse
from tests.discord_server.limits import broken_promises, check_message

V2 = 1 << 15
CONTAINER, TEXT, ROW, BUTTON = 17, 10, 1, 2
ACTIVE = set("*_~`|<>[]#@:\\")
LIST = re.compile(r"\s*(?:[-+]|[0-9]+[.)](?:\s|$))")
EMPHASIS = re.compile(r"(?<!\\)((?:\\\\)*)\*\*")
"""Two unescaped stars: bold, for the words of the question."""
LINK = re.compile(r"<(https?://[^\s>]+)>|(https?://[^\s<]*[^\s<.,:;\"')\]])")
"""What Discord makes a link of: all between angle brackets, else no mark that ends a sentence or closes a bracket."""
FENCE = "```"
OPENING_FENCE = re.compile(r"```([a-z0-9_+.#-]*)")
"""A line that opens a block of code in Discord, with a language or none."""
CONTINUED = "Continued from the previous message."
QUOTE_GOES_ON = "The quotation continues in the next message."
GOES_ON = "This continues in the next message."
END = ""
"""After the lines of a text."""
TEMPLATES = [
    (
        line.partition("{")[0],
        re.compile(
            "".join(
                f"(?P<{part[1:-1]}>.+?)" if part.startswith("{") else re.escape(part)
                for part in re.split(r"(\{\w+\})", line)
            )
        ),
    )
    for sentence in Message
    for line in sentence.split("\n")
]
"""Each line of each message: its beginning, and a pattern for it."""


@dataclass
class Known:
    """The input: quotations in order, recorded facts, source URLs, and the user's words."""

    quotations: list[str] = field(default_factory=list)
    facts: set[str] = field(default_factory=set)
    urls: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=lambda: {""})
    headings: set[str] = field(default_factory=set)
    """The headings above a quotation, as they are shown."""
    linked: list[str] = field(default_factory=list)
    """Further texts that a link may open at."""


Payloads = Sequence[list[dict[str, Any]]]


def account(payloads: Payloads, known: Known) -> None:
    """Fail where a character is none of the four, or a message breaks a limit."""
    for components in payloads:
        check_message({"components": components, "flags": V2})
        assert not list(broken_promises({"components": components}, creates=False))
        for top in components:
            _account_for_buttons(top, known)
    lines = _all_lines(payloads)
    assert list(_quotations(lines)) == known.quotations
    assert {line.removeprefix(FENCE) for line in lines if line.startswith(FENCE)} <= known.languages
    _account_for_lines([line for line, is_quoted in _with_code(lines) if not is_quoted], known)


def _account_for_buttons(top: dict[str, Any], known: Known) -> None:
    """Check the buttons of a container, or of a part without one."""
    inside = list(walked([top]))
    recorded = {url for part in inside for line in _lines(part) for url in _urls(line, known)}
    above: list[str] = []
    for part in inside:
        assert part["type"] in {CONTAINER, TEXT, ROW, BUTTON}
        if part["type"] == TEXT:
            above = _lines(part)
        if part["type"] == BUTTON:
            _account_for_button(part, known)
            _assert_opens_what_it_stands_under(part, above, recorded, known)


def quotations_in(payloads: Payloads) -> list[str]:
    """The quotations of these messages as plain text."""
    return list(_quotations(_all_lines(payloads)))


def walked(components: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from walked(component.get("components", ()))


def read(markdown: str, *, begins_line: bool = True) -> str:
    """The plain text of markdown; fails where a special character is not escaped."""
    assert not begins_line or not LIST.match(markdown), f"a list begins in {markdown!r}"
    seen, place = "", 0
    while place < len(markdown):
        if markdown[place] == "\\":
            place += 1
            assert not markdown[place].isalnum() and not markdown[place].isspace(), f"a bare backslash in {markdown!r}"
        else:
            assert markdown[place] not in ACTIVE, f"{markdown[place]!r} acts in {markdown!r}"
        seen += markdown[place]
        place += 1
    return seen


def linked(line: str) -> str:
    """The URL that Discord links in a line that begins with one; empty if there is none."""
    found = LINK.match(line)
    return (found[1] or found[2]) if found else ""


def _all_lines(payloads: Payloads) -> list[str]:
    """All lines, and an empty one after each text."""
    parts = [part for components in payloads for part in walked(components) if part["type"] == TEXT]
    return [line for part in parts for line in [*_lines(part), END]]


def _lines(part: dict[str, Any]) -> list[str]:
    return str(part["content"]).split("\n") if part["type"] == TEXT else []


def _quotations(lines: list[str]) -> Iterator[str]:
    whole, joint, said = "", None, ""
    for line, is_quoted in _with_code(lines):
        if is_quoted:
            if joint is None and whole:
                yield whole
                whole = ""
            whole += (joint or "") + line
            joint = "\n"
        elif line == QUOTE_GOES_ON and joint is not None:
            joint = ""
        elif line not in {CONTINUED, GOES_ON} and not (line == END and said in {QUOTE_GOES_ON, GOES_ON}):
            assert joint != "", f"{line!r} stands inside a quotation"
            joint = None
        said = "" if is_quoted else line
    if whole:
        yield whole


def _with_code(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it is one of a quotation; a block of code is one line."""
    code: list[str] | None = None
    for line in lines:
        if code is None and OPENING_FENCE.fullmatch(line):
            code = []
        elif line == FENCE and code is not None:
            yield "\n".join(code), True
            code = None
        elif code is not None:
            assert FENCE not in line, f"{line!r} closes the fence"
            code.append(line)
        elif line.startswith("> "):
            yield read(EMPHASIS.sub(r"\1", line[2:])), True
        else:
            yield line, False


def _account_for_lines(lines: list[str], known: Known) -> None:
    unfinished = ""
    for line in lines:
        if line in {QUOTE_GOES_ON, GOES_ON, CONTINUED, END}:
            continue
        if not unfinished and (linked(line) in known.urls or _is_said(line, known) or line in set(LanguageName)):
            continue
        if not unfinished and line.startswith("-# "):
            assert read(line.removeprefix("-# "), begins_line=False) in known.headings
            continue
        unfinished += _fact(line)
        if unfinished in known.facts:
            unfinished = ""
        else:
            assert any(fact.startswith(unfinished) for fact in known.facts), f"{unfinished!r} is nothing that went in"
    assert not unfinished


def _fact(line: str) -> str:
    bold = re.fullmatch(r"\*\*((?:\\.|[^\\])+)\*\*", line)
    return read(bold[1], begins_line=False) if bold else read(line)


def _is_said(line: str, known: Known) -> bool:
    """Whether this is a fixed sentence, filled in only with numbers, times, facts and the user's words."""
    for beginning, template in TEMPLATES:
        match = template.fullmatch(line) if line.startswith(beginning) else None
        if match and all(_fits(value, known) for value in match.groups()):
            return True
    return False


def _fits(value: str, known: Known) -> bool:
    if re.fullmatch(r"[0-9]+|<t:[0-9]+:[fR]>|<[@#][0-9]+>", value) or value in {*Message, *LanguageName}:
        return True
    if not (value.startswith("\u2068") and value.endswith("\u2069")):
        return False
    for peeled in range(1, len(value) // 2 + 1):
        if value[:peeled] != "\u2068" * peeled:
            break
        for behind in range(1, len(value) - peeled + 1):
            if value[-behind:] != "\u2069" * behind:
                break
            inside = value[peeled:-behind]
            try:
                seen = read(inside, begins_line=False)
            except (AssertionError, IndexError):
                continue
            if seen in known.facts or seen in known.words:
                _assert_isolates(value)
                return True
    return False


def _assert_isolates(value: str) -> None:
    """Check that the first isolate is closed by the last character and by no other (UAX #9, BD9)."""
    depth = 0
    for place, character in enumerate(value):
        if character in "\u2066\u2067\u2068":
            depth += 1
        elif character == "\u2069":
            depth -= 1
        assert depth > 0 or place == len(value) - 1, f"{value!r} leaks its direction"
    assert depth == 0


def _assert_opens_what_it_stands_under(
    button: dict[str, Any], above: list[str], recorded: set[str], known: Known
) -> None:
    """Check that a link opens the source recorded right above it, else one of its frame, at the words right above."""
    if "url" not in button or (CONTINUED in above and not recorded):  # the URL is in the message before
        return
    address = unquote(button["url"])
    urls = {url for line in above for url in _urls(line, known)} or recorded
    assert any(address == url or address.startswith((f"{url}#:~:", f"{url}:~:")) for url in urls), "another article's"
    quoted = [line for line, is_quoted in _with_code([*above, END]) if is_quoted]
    if address not in urls and quoted and CONTINUED not in above:
        sought = parse(button["url"].rpartition(":~:text=")[2])
        said = "\n".join(quoted)
        assert sought.start in said and sought.end in said, "another quotation's link"


def _urls(line: str, known: Known) -> set[str]:
    """The source URLs that a line may show: as a link, or as text where Discord would not link all of it."""
    shown = {linked(line), re.sub(r"\\(.)", r"\1", line)}
    return {unquote(url) for url in shown & known.urls}


def _account_for_button(button: dict[str, Any], known: Known) -> None:
    if "custom_id" in button:
        assert re.fullmatch(r"v1:[a-z]+:[\w-]+:[0-9]+|v1:admin-[a-z]+:[\w-]+", button["custom_id"])
        said, label = set(Message), button.get("label") or button["emoji"]["name"]
        assert label in said or any(fact.startswith(label.removesuffix("…")) for fact in known.facts)
        return
    assert button["label"] in {"Open at the quotation", "Open the article"}
    urls = {unquote(url) for url in known.urls}
    if unquote(button["url"]) in urls:
        return
    address, _, fragment = button["url"].partition(":~:text=")
    assert {unquote(address), unquote(address.removesuffix("#"))} & urls
    assert re.fullmatch(r"(?:[A-Za-z0-9._~,-]|%[0-9A-F]{2})*", fragment)
    sought = parse(fragment)
    is_quoted = any(said.startswith(sought.start) and sought.end in said for said in known.quotations)
    assert is_quoted or any(sought.start in said and sought.end in said for said in known.linked)
