"""The sidecar NAME.meta.toml: metadata of an article set by an admin, in the names of schema.org's NewsArticle."""

from __future__ import annotations

import contextlib
import datetime
import tomllib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated

import tomlkit
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from index.errors import ArticleRejected
from index.models import validate_language, validate_url
from index.reading.fields import UNSEEN

SIDECAR_SUFFIX = ".meta.toml"
FIELDS = {
    "title": "headline",
    "url": "url",
    "publisher": "publisher",
    "author": "author",
    "published": "datePublished",
    "language": "inLanguage",
}
"""Sidecar names of our metadata fields."""
MAX_BYTES = 64 * 1024
MAX_NAMES_LENGTH = 500
"""Maximum characters of all author names together."""


def _seen(line: str) -> str:
    """Return the line; raise ValueError if it holds characters that could break or reorder it."""
    if UNSEEN.search(line):
        message = "it contains line breaks, control characters or direction marks"
        raise ValueError(message)
    return line


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(_seen)]


def _moment(written: object) -> datetime.date:
    """Return a date, with or without time; raise ValueError if it is neither."""
    for kind in (datetime.date, datetime.datetime):
        with contextlib.suppress(ValueError):
            written = kind.fromisoformat(written) if isinstance(written, str) else written
    if not isinstance(written, datetime.date):
        message = "a date must look like 2026-04-25 or 2026-04-25T10:30:00Z"
        raise ValueError(message)  # noqa: TRY004  # pydantic expects a ValueError
    return written


Moment = Annotated[datetime.datetime | datetime.date, BeforeValidator(_moment)]
"""A date without time stays one, and a number is not taken for seconds since the epoch."""


class Named(BaseModel):
    """A schema.org Person or Organization; only the name is used."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line


def _in_a_line(authors: _Authors) -> _Authors:
    if isinstance(authors, list) and len(", ".join(map(_name, authors))) > MAX_NAMES_LENGTH:
        message = f"the names must have at most {MAX_NAMES_LENGTH} characters in total"
        raise ValueError(message)
    return authors


_Authors = Line | Named | list[Line | Named]
Authors = Annotated[_Authors, AfterValidator(_in_a_line)]


class Sidecar(BaseModel):
    """The fields of https://schema.org/NewsArticle shown with an article, and the hash of its file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    headline: Line | None = None
    url: Annotated[str, AfterValidator(validate_url)] | None = None
    publisher: Line | Named | None = None
    author: Authors | None = None
    datePublished: Moment | None = None  # noqa: N815  # schema.org's spelling
    inLanguage: Annotated[str, AfterValidator(validate_language)] | None = None  # noqa: N815  # likewise
    editor: Line | None = None
    """Who changed the sidecar last."""
    dateModified: Moment | None = None  # noqa: N815  # schema.org's spelling
    """When it was changed last."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")] | None = None

    @property
    def publisher_name(self) -> str | None:
        """The publisher's name, in whichever form it is given."""
        return None if self.publisher is None else _name(self.publisher)

    @property
    def author_names(self) -> str | None:
        """The author names in order, separated by commas."""
        if self.author is None:
            return None
        return ", ".join(map(_name, self.author)) if isinstance(self.author, list) else _name(self.author)

    @property
    def published(self) -> str | None:
        """The publication date in ISO 8601."""
        return None if self.datePublished is None else self.datePublished.isoformat()


def sidecar_name(name: str) -> str:
    """The name of the sidecar of an article's file, in the same folder."""
    return without_ending(name) + SIDECAR_SUFFIX


def without_ending(name: str) -> str:
    """The name or path of an article's file, or of its sidecar, without suffix."""
    return name.removesuffix(SIDECAR_SUFFIX if name.endswith(SIDECAR_SUFFIX) else PurePosixPath(name).suffix)


def read_sidecar(data: bytes, file: str, sha256: str) -> Sidecar:
    """Parse a sidecar of the file with this hash.

    Raises:
        ArticleRejected: it is not TOML in UTF-8, has an unknown field or invalid value, or states another hash.
    """
    if len(data) > MAX_BYTES:
        problem = f"{file} has more than {MAX_BYTES:,} bytes."
        raise ArticleRejected(problem, "Keep only metadata in it.")
    try:
        sidecar = Sidecar.model_validate(tomllib.loads(data.decode("utf-8-sig")))
    except ValidationError as error:
        problem = f"{file} cannot be used: {_first(error)}."
        is_unknown = error.errors()[0]["type"] == "extra_forbidden"
        fields = f"Its fields are {', '.join(Sidecar.model_fields)}."
        raise ArticleRejected(problem, fields if is_unknown else "Correct it, or leave it out.") from error
    except (ValueError, RecursionError) as error:  # tomllib raises more than TOMLDecodeError
        problem = f"{file} is not valid TOML in UTF-8: {error}."
        raise ArticleRejected(problem, "Correct it, or remove it to use the article's own metadata.") from error
    if sidecar.sha256 is not None and sidecar.sha256.lower() != sha256:
        problem = f"{file} gives the sha256 {sidecar.sha256.lower()}, but the article's file has {sha256}."
        raise ArticleRejected(problem, "Restore the file that the sidecar belongs to, or correct the hash.")
    return sidecar


def update_sidecar(data: bytes | None, changes: Mapping[str, str | None], editor: str, at: datetime.datetime) -> bytes:
    """Return a sidecar with some fields changed and everything else kept, comments too.

    `data` is None if there is no sidecar yet; a field changed to None is removed. Raises ArticleRejected if the current
    sidecar is not TOML in UTF-8.
    """
    try:
        made = tomlkit.parse(data.decode("utf-8-sig")) if data else tomlkit.document()
    except (ValueError, RecursionError, tomlkit.exceptions.TOMLKitError) as error:
        problem = f"The existing sidecar is not valid TOML in UTF-8: {error}."
        raise ArticleRejected(problem, "Correct or remove it first.") from error
    for name, value in changes.items():
        if value is None:
            made.pop(FIELDS[name], None)
        else:
            made[FIELDS[name]] = value
            if name == "published":
                with contextlib.suppress(ValueError):  # validation refuses it when the sidecar is read
                    made[FIELDS[name]] = _moment(value)
    made["editor"] = editor
    made["dateModified"] = at.replace(microsecond=0)
    return tomlkit.dumps(made).encode()


def _name(thing: str | Named) -> str:
    return thing if isinstance(thing, str) else thing.name


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    reason = first["msg"].removeprefix("Value error, ")
    return f"{field}: there is no such field" if first["type"] == "extra_forbidden" else f"{field}: {reason}"
