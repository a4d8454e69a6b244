"""`sources.toml` in the folder of articles, maintained by an admin: publishers by host, and sites by folder."""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Annotated
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from index.errors import ArticleRejected, RulesInvalid
from index.models import validate_language, validate_url
from index.reading.sidecar import Line, without_ending
from index.storage.safe_read import read_regular_file

FILE = "sources.toml"
MAX_FILE_BYTES = 2**20
PATH = "{path}"
PLACEHOLDER = re.compile(r"\{[^{}]*\}")
BEFORE_QUERY = re.compile(r"[^?#]*")
INDEX_PAGES = frozenset({"index", "_index", "readme"})
"""Names of the page that site generators publish as its folder."""


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


def _template(url: str) -> str:
    """Return the template of a site's URLs; raise ValueError with the reason where it is invalid."""
    for placeholder in PLACEHOLDER.findall(url):
        if placeholder != PATH:
            message = f"{placeholder} is no placeholder; the only one is {PATH}"
            raise ValueError(message)
    validate_url(url.replace(PATH, "path"))
    before, *rest = url.split(PATH)
    if len(rest) != 1 or not urlsplit(before).path:
        message = f"it must contain {PATH} once, behind the host"
        raise ValueError(message)
    return url


class Anchors(StrEnum):
    """Who makes the ids of a site's headings."""

    GITHUB = "github"
    DOCUSAURUS = "docusaurus"
    MKDOCS = "mkdocs"
    NONE = "none"


class Site(BaseModel):
    """Where the files of a folder are published."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[str, AfterValidator(_template)]
    anchors: Anchors = Anchors.NONE
    language: Annotated[str, AfterValidator(validate_language)] | None = None

    def url_of(self, file: str) -> str | None:
        """The URL of a file, given its path below the folder; None where it is too long to be cited."""
        path = without_ending(file)
        before, _, after = self.url.partition(PATH)
        folder, _, page = path.rpartition("/")
        if page.lower() in INDEX_PAGES and not after.startswith(PurePosixPath(file).suffix):
            path, after = f"{folder}/" if folder else "", BEFORE_QUERY.sub("", after, count=1)
        try:
            return validate_url(before + percent_encoded(path) + after)
        except ValueError:
            return None


def _folder(written: str) -> str:
    """Normalise a folder's path; the folder of articles itself is empty."""
    parts = [part for part in written.split("/") if part not in {"", "."}]
    if ".." in parts:
        message = "a folder's path must not contain .."
        raise ValueError(message)
    return "/".join(parts)


def _by_folder(written: object) -> object:
    if not isinstance(written, dict):
        return written
    sites = {_folder(str(name)): site for name, site in written.items()}
    if len(sites) < len(written):
        message = "the same folder is given twice"
        raise ValueError(message)
    return sites


class Sources(BaseModel):
    """The content of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    publishers: dict[Host, Line] = {}
    site: Annotated[dict[str, Site], BeforeValidator(_by_folder)] = {}
    """By folder, without slashes at either end."""

    def publisher_of(self, url: str) -> str | None:
        """Return the publisher for a URL's host or the nearest parent domain; None if there is none."""
        host = str(_host(urlsplit(url).hostname or ""))
        while host:
            if host in self.publishers:
                return self.publishers[host]
            host = host.partition(".")[2]
        return None

    def url_of(self, file: str) -> str | None:
        """Return where a file of the folder of articles is published; None where that is not stated."""
        folder = self._folder_of(file)
        return None if folder is None else self.site[folder].url_of(file.removeprefix(folder).removeprefix("/"))

    def anchors_of(self, file: str) -> Anchors:
        """Return who makes the ids of the headings of a file of the folder of articles."""
        folder = self._folder_of(file)
        return Anchors.NONE if folder is None else self.site[folder].anchors

    def language_of(self, file: str) -> str | None:
        """Return the language of a file of the folder of articles; None where that is not stated."""
        folder = self._folder_of(file)
        return None if folder is None else self.site[folder].language

    def _folder_of(self, file: str) -> str | None:
        """Return the innermost folder around a file that is listed."""
        folder = file
        while folder:
            folder = folder.rpartition("/")[0]
            if folder in self.site:
                return folder
        return None


NO_SOURCES = Sources()


def read_sources(seeds: Path) -> Sources:
    """Read the file, empty where there is none; raise RulesInvalid if it cannot be used."""
    try:
        held = read_regular_file(seeds / FILE, MAX_FILE_BYTES + 1)
        if len(held) > MAX_FILE_BYTES:
            problem = f"{FILE} has more than {MAX_FILE_BYTES:,} bytes."
            raise RulesInvalid(problem, "List each publisher once, by its host.")
        return Sources.model_validate(tomllib.loads(held.decode("utf-8-sig")))
    except (FileNotFoundError, NotADirectoryError):
        return NO_SOURCES
    except ArticleRejected as error:
        raise RulesInvalid(error.what, error.remedy) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if part != "[key]")
        reason = first["msg"].removeprefix("Value error, ")
        problem = f"{FILE} in the folder of articles cannot be used: {place}: {reason}."
        raise RulesInvalid(
            problem,
            'It may have a table [publishers], with lines such as "example.com" = "The Example", and tables such as '
            '[site."docs/"], with url = "https://docs.example.com/{path}/".',
        ) from error
    except (ValueError, RecursionError) as error:  # tomllib raises more than TOMLDecodeError
        problem = f"{FILE} in the folder of articles is not valid TOML in UTF-8: {error}."
        raise RulesInvalid(problem, "Correct that line.") from error
