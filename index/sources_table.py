"""`sources.toml`: who publishes what is on a host, stated once for all articles of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlsplit

import regex
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from index.errors import FolderUnusable

NAME = "sources.toml"
HOST = regex.compile(r"(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}")
REMEDY = 'It holds tables such as ["example.org"] with publisher = "Example News".'
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")
]


class Source(BaseModel):
    """What is stated of a host."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    publisher: Line


def read_sources(data: bytes, file: str = NAME) -> Mapping[str, str]:
    """The table of a file: the publisher by host.

    Args:
        data: the file's bytes; `["example.org"]` tables with `publisher`, or one `[publishers]` of hosts and names.
        file: what it is called.

    Raises:
        FolderUnusable: it is not TOML in UTF-8, or a host or a publisher in it is none.
    """
    try:
        stated = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        what = f"{file} is not TOML in UTF-8: {error}."
        raise FolderUnusable(what, REMEDY) from error
    flat = stated.pop("publishers", {})
    if not isinstance(flat, dict):
        what = f"{file} cannot be used: publishers is no table."
        raise FolderUnusable(what, REMEDY)
    table: dict[str, str] = {}
    for host, value in (*((host, {"publisher": name}) for host, name in flat.items()), *stated.items()):
        name = _host(host)
        if not HOST.fullmatch(name):
            what = f"{file} cannot be used: {host!r} is no host, such as example.org."
            raise FolderUnusable(what, REMEDY)
        if name in table:
            what = f"{file} cannot be used: it names the host {name} twice."
            raise FolderUnusable(what, "Keep one of the two; www. makes no difference.")
        table[name] = _publisher(host, value, file)
    return table


def _publisher(host: str, value: object, file: str) -> str:
    try:
        return Source.model_validate(value).publisher
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        what = f"{file} cannot be used: {host}: {f'{field}: ' if field else ''}{first['msg']}."
        raise FolderUnusable(what, REMEDY) from error


def publisher_of(url: str, table: Mapping[str, str]) -> str | None:
    """Who publishes what is at a URL: by its host, or by the longest of those that it is a subdomain of.

    Args:
        url: an article's source URL.
        table: as `read_sources` gives it.

    Returns:
        None where the table does not say.
    """
    try:
        labels = _host(urlsplit(url).hostname or "").split(".")
    except ValueError:  # no URL
        return None
    candidates = (".".join(labels[start:]) for start in range(len(labels)))
    return next((table[host] for host in candidates if host in table), None)


def _host(written: str) -> str:
    """A host as it is compared: in small letters, without www. and a dot at its end, in the letters of DNS."""
    host = written.strip().lower().rstrip(".").removeprefix("www.")
    try:
        return host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return host
