"""Settings from environment variables or `.env`, validated at startup."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, NamedTuple
from urllib.parse import unquote

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, TypeAdapter, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, NoDecode, SettingsConfigDict, SettingsError

from index.cluster.address import PREFIX as INDEX_PREFIX
from index.cluster.address import ClusterSettings, parse_address
from index.errors import ClusterUnusable

ENV_FILE = Path(".env")
PREFIX = "VERBATIM_"
SIMILAR = 0.5
"""How similar a known name must be to an unknown one to be suggested."""
MAX_SHARDS = 10_000
TOKEN = re.compile(r"[!-~]{20,200}")
DATABASE_DRIVERS = {"postgresql", "postgresql+psycopg"}
SHARD_RANGE = re.compile(r"(?P<first>[0-9]{1,4})(-(?P<last>[0-9]{1,4}))?")
EXPECTED = {
    "DISCORD_TOKEN": "the bot's token as shown in the developer portal, without spaces",
    "DISCORD_TOKEN_FILE": "the path of a readable file with the bot's token",
    "VERBATIM_SEEDS": "the path of the folder of articles",
    "VERBATIM_DATA": "the path of the data folder",
    "VERBATIM_DATABASE": (
        "postgresql+psycopg://user:password@host/database, where the password has %40 for @, %2F for / and %25 for %"
    ),
    "VERBATIM_OPENSEARCH": "https://user:password@host:9200, several separated by commas",
    "VERBATIM_OPENSEARCH_CA": "the path of a certificate",
    "VERBATIM_OPENSEARCH_INDEX": "small letters, digits and hyphens, beginning with a letter",
    "VERBATIM_STORE": "the path of a folder, or postgresql+psycopg://user:password@host/database",
    "VERBATIM_RULES": "the path of the folder of cleaning rules",
    "VERBATIM_ENCODER": "the path of a folder with an encoder",
    "VERBATIM_ADMIN_GUILDS": "server ids: numbers separated by commas",
    "VERBATIM_ADMIN_ROLES": "role ids: numbers separated by commas",
    "VERBATIM_ADMIN_USERS": "user ids: numbers separated by commas",
    "VERBATIM_REQUIRE_SOURCE_URL": "true or false",
    "VERBATIM_KEEP_QUESTIONS": "true or false",
    "VERBATIM_USER_SECONDS": "seconds, from 0 to 3600",
    "VERBATIM_CHANNEL_SECONDS": "seconds, from 0 to 3600",
    "VERBATIM_HTTP_PORT": "a port, from 1 to 65535",
    "VERBATIM_HTTP_HOST": "an address of this machine",
    "VERBATIM_LOG_FORMAT": "console or json",
    "VERBATIM_WATCH": "true or false",
    "VERBATIM_ADMIN_CHANNEL": "a channel id: a number",
    "VERBATIM_CONTACT": "a URL or an email address, without spaces",
    "VERBATIM_POLL": "seconds, from 0.1 to 3600",
    "VERBATIM_SHARD_IDS": "shard ids such as 0,1 or 0-3, each below VERBATIM_SHARD_COUNT",
    "VERBATIM_SHARD_COUNT": "a number of shards, from 1 to 10000, set together with VERBATIM_SHARD_IDS",
    "VERBATIM_LOG_LEVEL": "DEBUG, INFO, WARNING or ERROR",
}
"""What each setting expects, for error messages."""
MIN_PASSWORD = 6
NO_URL = "not a URL of a PostgreSQL database"
INVALID = "The setting {name} must be {expected}."
NO_TOKEN = (
    f"The setting DISCORD_TOKEN is missing. It must be {EXPECTED['DISCORD_TOKEN']}; "
    "set it in the environment or in .env."
)
UNREADABLE = "The file {file} cannot be read. Make it a readable text file, or remove it."


class SettingsInvalid(Exception):
    """A setting is invalid; the message names it and the reason, never its value."""


def _ids(written: object) -> object:
    """Parse comma-separated Discord ids (unsigned 64-bit integers)."""
    if not isinstance(written, str):
        return written
    parts = [part.strip() for part in written.split(",")]
    return frozenset(int(part) for part in parts if part) if all(_is_id(part) for part in parts) else written


def _is_id(part: str) -> bool:
    return re.fullmatch(r"[0-9]{0,20}", part) is not None


def _shards(written: object) -> object:
    """Parse shard ids: numbers and ranges of them, separated by commas."""
    if not isinstance(written, str):
        return written
    ranges = [SHARD_RANGE.fullmatch(part.strip()) for part in written.split(",")]
    found = [range(int(one["first"]), int(one["last"] or one["first"]) + 1) for one in ranges if one]
    is_valid = all(ranges) and all(found)
    return frozenset(shard for one in found for shard in one) if is_valid else written


def _token(secret: SecretStr) -> SecretStr:
    token = secret.get_secret_value().strip()
    if not TOKEN.fullmatch(token):
        message = "not a token"
        raise ValueError(message)
    return SecretStr(token)


def _database_url(secret: SecretStr) -> SecretStr:
    """Check the form of a URL; an @ in a host or a name is one of a password, which is to be shown to nobody."""
    from sqlalchemy import make_url  # noqa: PLC0415  # the health check reads settings too, and needs none of it
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415  # likewise

    written = secret.get_secret_value().strip()
    try:
        url = make_url(written)
    except (ArgumentError, ValueError):
        raise ValueError(NO_URL) from None
    if url.drivername not in DATABASE_DRIVERS or not url.database or "@" in f"{url.host}{url.database}":
        raise ValueError(NO_URL)
    return SecretStr(written)


def _opensearch_urls(secret: SecretStr) -> SecretStr:
    written = secret.get_secret_value().strip()
    try:
        parse_address(written)
    except ClusterUnusable:
        message = "not a list of URLs"
        raise ValueError(message) from None
    return SecretStr(written)


def _passwords(*urls: SecretStr | None) -> Iterator[SecretStr]:
    """The passwords in URLs, as they are and as a URL has them; one of a few letters would be found everywhere."""
    for url in urls:
        for part in url.get_secret_value().split(",") if url is not None else ():
            found = re.match(r"\s*[^:]+://[^:/]*:([^@]*)@", part)
            if found and len(found[1]) >= MIN_PASSWORD:
                yield from (SecretStr(found[1]), SecretStr(unquote(found[1])))


def _upper(written: object) -> object:
    return written.upper() if isinstance(written, str) else written


Token = Annotated[SecretStr, AfterValidator(_token)]
OpenSearchUrls = Annotated[SecretStr, AfterValidator(_opensearch_urls)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
Ids = Annotated[frozenset[int], NoDecode, BeforeValidator(_ids)]
ShardIds = Annotated[frozenset[int], NoDecode, BeforeValidator(_shards)]


class PathSettings(BaseSettings):
    """Folders, shards and the HTTP address: the settings that the health check needs."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True, extra="ignore", populate_by_name=True, env_file_encoding="utf-8", frozen=True
    )

    seeds: Path = Field(default=Path("seeds"), validation_alias="VERBATIM_SEEDS")
    """The folder of articles."""
    data: Path = Field(default=Path("data"), validation_alias="VERBATIM_DATA")
    """The data folder for index and state; created if missing."""
    http_port: Annotated[int, Field(ge=1, le=65535)] | None = Field(default=None, validation_alias="VERBATIM_HTTP_PORT")
    """The port of `/healthz`, `/readyz` and `/metrics`; None for no server."""
    http_host: str = Field(default="127.0.0.1", validation_alias="VERBATIM_HTTP_HOST")
    shard_ids: ShardIds = Field(default=frozenset(), validation_alias="VERBATIM_SHARD_IDS")
    """The shards of this process, where other processes have the others; empty if this process has all."""
    shard_count: Annotated[int, Field(ge=1, le=MAX_SHARDS)] | None = Field(
        default=None, validation_alias="VERBATIM_SHARD_COUNT"
    )
    """The number of shards of all processes; None if Discord says it."""


class OptionalSettings(PathSettings):
    """All settings but the token; each has a default."""

    rules: Path = Field(default=Path("rules.d"), validation_alias="VERBATIM_RULES")
    """The folder of custom cleaning rules, applied on top of the built-in ones; may be missing."""
    database: DatabaseUrl | None = Field(default=None, validation_alias="VERBATIM_DATABASE")
    """The PostgreSQL database of the state, with its password; None for a file in the data folder."""
    opensearch: OpenSearchUrls | None = Field(default=None, validation_alias="VERBATIM_OPENSEARCH")
    """The nodes of the cluster that holds the index, with its password; None for the data folder."""
    opensearch_certificate: Path | None = Field(default=None, validation_alias="VERBATIM_OPENSEARCH_CA")
    """The file of the authority that signed the nodes' certificates; None for those that the system knows."""
    opensearch_index: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,99}$")] = Field(
        default=INDEX_PREFIX, validation_alias="VERBATIM_OPENSEARCH_INDEX"
    )
    """What the names of the cluster's indices begin with."""
    store: SecretStr | None = Field(default=None, validation_alias="VERBATIM_STORE")
    """Where the cluster's articles are: a folder, or a PostgreSQL database; None for the one of the state."""
    encoder: Path | None = Field(default=None, validation_alias="VERBATIM_ENCODER")
    """The folder of the encoder of the extra `semantic`; None for none."""
    admin_guilds: Ids = Field(default=frozenset(), validation_alias="VERBATIM_ADMIN_GUILDS")
    """Servers in which the admin commands exist."""
    admin_roles: Ids = Field(default=frozenset(), validation_alias="VERBATIM_ADMIN_ROLES")
    """Roles in those servers whose members are admins."""
    admin_users: Ids = Field(default=frozenset(), validation_alias="VERBATIM_ADMIN_USERS")
    """Users who are admins, besides the application's owner or team."""
    require_source_url: bool = Field(default=False, validation_alias="VERBATIM_REQUIRE_SOURCE_URL")
    """Whether articles without a source URL are left out of answers."""
    poll: Annotated[float, Field(ge=0.1, le=3600)] = Field(default=2.0, validation_alias="VERBATIM_POLL")
    """Seconds between checks for a snapshot written by another process."""
    watch: bool = Field(default=False, validation_alias="VERBATIM_WATCH")
    """Whether changes in the folder of articles are indexed automatically."""
    admin_channel: Annotated[int, Field(ge=1, lt=2**64)] | None = Field(
        default=None, validation_alias="VERBATIM_ADMIN_CHANNEL"
    )
    """The channel for reports on automatic indexing; None for none."""
    contact: Annotated[str, Field(pattern=r"^[\x21-\x27\x2a-\x7e]{1,200}$")] | None = Field(
        default=None, validation_alias="VERBATIM_CONTACT"
    )
    """Contact of the operator, sent to sites that pages are fetched from."""
    keep_questions: bool = Field(default=True, validation_alias="VERBATIM_KEEP_QUESTIONS")
    """Whether questions are stored (for 30 days), so that admins see what is missing."""
    user_seconds: Annotated[int, Field(ge=0, le=3600)] = Field(default=3, validation_alias="VERBATIM_USER_SECONDS")
    """Seconds between a member's questions, averaged over a burst of three; servers can override it."""
    channel_seconds: Annotated[int, Field(ge=0, le=3600)] = Field(
        default=1, validation_alias="VERBATIM_CHANNEL_SECONDS"
    )
    """Seconds between questions in a channel; likewise."""
    log_format: Literal["console", "json"] = Field(default="console", validation_alias="VERBATIM_LOG_FORMAT")
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = Field(
        default="INFO", validation_alias="VERBATIM_LOG_LEVEL"
    )

    @property
    def cluster(self) -> ClusterSettings | None:
        """The search cluster; None where the index is in the data folder."""
        store = self.store or self.database
        if self.opensearch is None:
            return None
        return ClusterSettings(
            self.opensearch.get_secret_value(),
            self.opensearch_certificate,
            self.opensearch_index,
            store.get_secret_value() if store else "",
        )


class Settings(OptionalSettings):
    """All settings, with their environment variables."""

    discord_token: Token = Field(validation_alias="DISCORD_TOKEN")

    @property
    def secrets(self) -> list[SecretStr]:
        """What no log may show."""
        return [self.discord_token, *_passwords(self.database, self.opensearch, self.store)]


class SettingsReport(NamedTuple):
    """The settings as far as they can be used, and what is wrong with the others."""

    settings: OptionalSettings
    """Those that are invalid have their defaults."""
    token: SecretStr | None
    problems: list[str]


class UnknownVariable(NamedTuple):
    """A variable that looks like a setting, and the setting that may be meant."""

    name: str
    meant: str | None


class _TokenFile(BaseSettings):
    """The path of the token file, used if the environment holds no token."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", env_file_encoding="utf-8")

    path: Path | None = Field(default=None, validation_alias="DISCORD_TOKEN_FILE")
    token: SecretStr | None = Field(default=None, validation_alias="DISCORD_TOKEN")


def read_settings(env_file: Path | None = ENV_FILE) -> Settings:
    """Read the settings: environment variables first, then the file, then the defaults; may raise `SettingsInvalid`."""
    report = inspect_settings(env_file)
    if report.problems:
        raise SettingsInvalid(report.problems[0])
    return Settings(_env_file=env_file, DISCORD_TOKEN=report.token)


def read_path_settings(env_file: Path | None = ENV_FILE) -> PathSettings:
    """Read the settings that need no token; may raise `SettingsInvalid`."""
    try:
        return PathSettings(_env_file=env_file)
    except ValidationError as error:
        raise SettingsInvalid(next(iter(_sentences(error).values()))) from None


def inspect_settings(env_file: Path | None = ENV_FILE) -> SettingsReport:
    """Read the settings; return what can be used, and a sentence for each that cannot, never with its value."""
    try:
        settings, problems = _usable_settings(env_file)
        token, problem = _usable_token(_TokenFile(_env_file=env_file))
    except (SettingsError, OSError, UnicodeDecodeError):
        without_file = inspect_settings(None)
        return without_file._replace(problems=[UNREADABLE.format(file=env_file), *without_file.problems])
    return SettingsReport(settings, token, [*([problem] if problem else []), *problems])


def unknown_variables(env_file: Path | None = ENV_FILE) -> Iterator[UnknownVariable]:
    """Variables of the environment and the file, if it can be read, that begin as settings do, but are none."""
    try:
        written = DotEnvSettingsSource(PathSettings, env_file=env_file, case_sensitive=True).env_vars
    except (OSError, UnicodeDecodeError):
        written = {}
    by_ending = {name.partition("_")[2]: name for name in EXPECTED}
    for name in sorted({*os.environ, *written}):
        if name.upper().startswith(PREFIX) and name.upper() not in EXPECTED:
            nearest = difflib.get_close_matches(name[len(PREFIX) :].upper(), by_ending, 1, SIMILAR)
            yield UnknownVariable(name, by_ending[nearest[0]] if nearest else None)


def _usable_settings(env_file: Path | None) -> tuple[OptionalSettings, list[str]]:
    """The settings, the invalid ones with their defaults, and a sentence for each of these."""
    try:
        settings = OptionalSettings(_env_file=env_file)
    except ValidationError as error:
        invalid = _sentences(error)
        fields = {str(field.validation_alias): field.default for field in OptionalSettings.model_fields.values()}
        defaults = {name: fields[name] for name in invalid}
        return OptionalSettings(_env_file=env_file, **defaults), [*invalid.values()]
    problem = _shard_problem(settings)
    if problem is None:
        return settings, []
    return settings.model_copy(update={"shard_ids": frozenset(), "shard_count": None}), [problem]


def _shard_problem(settings: OptionalSettings) -> str | None:
    """What is wrong with the shards: an id that is no shard's, or one of the two settings without the other."""
    ids, count = settings.shard_ids, settings.shard_count
    name = "VERBATIM_SHARD_COUNT" if count is None else "VERBATIM_SHARD_IDS"
    is_valid = (not ids and count is None) or (bool(ids) and count is not None and max(ids) < count)
    return None if is_valid else INVALID.format(name=name, expected=EXPECTED[name])


def _usable_token(named: _TokenFile) -> tuple[SecretStr | None, str | None]:
    """The token, or a sentence that says what is wrong with it."""
    try:
        token = named.token
        if token is None and named.path is not None:
            token = _read_token_file(named.path)
        if token is None:
            return None, NO_TOKEN
        return TypeAdapter(Token).validate_python(token), None
    except ValidationError:
        return None, INVALID.format(name="DISCORD_TOKEN", expected=EXPECTED["DISCORD_TOKEN"])
    except SettingsInvalid as error:
        return None, str(error)


def _read_token_file(path: Path) -> SecretStr:
    try:
        return SecretStr(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        name = "DISCORD_TOKEN_FILE"
        raise SettingsInvalid(INVALID.format(name=name, expected=EXPECTED[name])) from None


def _sentences(error: ValidationError) -> dict[str, str]:
    """A sentence for each setting that is invalid, by its name."""
    names = [str(one["loc"][0]) for one in error.errors(include_input=False, include_url=False)]
    return {name: INVALID.format(name=name, expected=EXPECTED[name]) for name in names}
