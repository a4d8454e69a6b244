"""`sources.toml` among the articles: who publishes on which host, as an admin states it once for all."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from index.errors import ArticleRejected, RulesInvalid
from index.reading.sidecar import Line
from index.storage.safe_read import ordinary_bytes

FILE = "sources.toml"
FILE_AT_MOST = 2**20


def _host(written: object) -> object:
    """A host as hosts are compared: in small letters, without a dot at its end, in the letters of DNS (IDNA)."""
    if not isinstance(written, str):
        return written
    host = written.strip().lower().rstrip(".")
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


Host = Annotated[str, BeforeValidator(_host), Field(pattern=r"^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+$")]
Publishers = Mapping[str, str]
NONE: Publishers = MappingProxyType({})


class _Sources(BaseModel):
    """What the file holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    publishers: dict[Host, Line] = {}


def read_publishers(seeds: Path) -> Publishers:
    """The publishers by host; none where the folder has no such file.

    Raises:
        RulesInvalid: the file cannot be read, or holds something else.
    """
    try:
        held = ordinary_bytes(seeds / FILE, FILE_AT_MOST + 1)
        if len(held) > FILE_AT_MOST:
            what = f"{FILE} has more than {FILE_AT_MOST:,} bytes."
            raise RulesInvalid(what, "List each publisher once, by its host.")
        return _Sources.model_validate(tomllib.loads(held.decode("utf-8-sig"))).publishers
    except (FileNotFoundError, NotADirectoryError):
        return NONE
    except ArticleRejected as error:
        raise RulesInvalid(error.what, error.remedy) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if part != "[key]")
        what = f"{FILE} in the folder of articles cannot be used: {place}: {first['msg']}."
        raise RulesInvalid(
            what, 'It must have one table, [publishers], with lines such as "example.com" = "The Example".'
        ) from error
    except (ValueError, RecursionError) as error:  # what TOML's reader raises, by more ways than its own error
        what = f"{FILE} in the folder of articles is not valid TOML in UTF-8: {error}."
        raise RulesInvalid(what, "Correct that line.") from error


def publisher_of(url: str, publishers: Publishers) -> str | None:
    """Who publishes on the host of a URL, or on the nearest of the hosts that it belongs to; None where nobody says."""
    host = str(_host(urlsplit(url).hostname or ""))
    while host:
        if host in publishers:
            return publishers[host]
        host = host.partition(".")[2]
    return None
