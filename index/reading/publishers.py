"""`sources.toml` in the folder of articles: publisher by host, maintained by an admin."""

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
from index.storage.safe_read import read_regular_file

FILE = "sources.toml"
MAX_FILE_BYTES = 2**20


def _host(written: object) -> object:
    """Normalise a host: lower case, no trailing dot, IDNA."""
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
    model_config = ConfigDict(frozen=True, extra="forbid")

    publishers: dict[Host, Line] = {}


def read_publishers(seeds: Path) -> Publishers:
    """Read the publishers by host, empty without such a file; raise RulesInvalid if it cannot be used."""
    try:
        held = read_regular_file(seeds / FILE, MAX_FILE_BYTES + 1)
        if len(held) > MAX_FILE_BYTES:
            problem = f"{FILE} has more than {MAX_FILE_BYTES:,} bytes."
            raise RulesInvalid(problem, "List each publisher once, by its host.")
        return _Sources.model_validate(tomllib.loads(held.decode("utf-8-sig"))).publishers
    except (FileNotFoundError, NotADirectoryError):
        return NONE
    except ArticleRejected as error:
        raise RulesInvalid(error.what, error.remedy) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if part != "[key]")
        problem = f"{FILE} in the folder of articles cannot be used: {place}: {first['msg']}."
        raise RulesInvalid(
            problem, 'It must have one table, [publishers], with lines such as "example.com" = "The Example".'
        ) from error
    except (ValueError, RecursionError) as error:  # tomllib raises more than TOMLDecodeError
        problem = f"{FILE} in the folder of articles is not valid TOML in UTF-8: {error}."
        raise RulesInvalid(problem, "Correct that line.") from error


def publisher_of(url: str, publishers: Publishers) -> str | None:
    """Return the publisher for a URL's host or the nearest parent domain; None if there is none."""
    host = str(_host(urlsplit(url).hostname or ""))
    while host:
        if host in publishers:
            return publishers[host]
        host = host.partition(".")[2]
    return None
