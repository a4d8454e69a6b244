"""Settings come from the environment or `.env`; what cannot be used is said in a sentence that holds no value."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import EXPECTED, SettingsInvalid, read_path_settings, read_settings

TOKEN = "a-token-that-is-long-enough"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in EXPECTED:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)


def test_a_token_is_enough() -> None:
    settings = read_settings(None)
    assert settings.discord_token.get_secret_value() == TOKEN
    assert (settings.seeds, settings.data) == (Path("seeds"), Path("data"))
    assert settings.admin_guilds == settings.admin_roles == settings.admin_users == frozenset()
    assert not settings.require_source_url
    assert settings.log_level == "INFO"


def test_ids_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBATIM_ADMIN_USERS", " 1574446101753233411, 2,")
    monkeypatch.setenv("VERBATIM_ADMIN_ROLES", "")
    assert read_settings(None).admin_users == {1574446101753233411, 2}
    assert read_settings(None).admin_roles == frozenset()


@pytest.mark.parametrize(
    ("written", "ids"), [("0", {0}), ("0,1", {0, 1}), ("0-3", {0, 1, 2, 3}), (" 1 , 3-3 ,5-6", {1, 3, 5, 6})]
)
def test_shards_are_ids_and_ranges(monkeypatch: pytest.MonkeyPatch, written: str, ids: set[int]) -> None:
    monkeypatch.setenv("VERBATIM_SHARD_IDS", written)
    monkeypatch.setenv("VERBATIM_SHARD_COUNT", "8")
    settings = read_settings(None)
    assert settings.shard_ids == ids
    assert settings.shard_count == 8


@pytest.mark.parametrize(
    ("ids", "count", "named"),
    [
        ("0", "", "VERBATIM_SHARD_COUNT"),
        ("", "2", "VERBATIM_SHARD_IDS"),
        ("0-2", "2", "VERBATIM_SHARD_IDS"),
        ("2-1", "4", "VERBATIM_SHARD_IDS"),
        ("0,,1", "4", "VERBATIM_SHARD_IDS"),
        ("all", "4", "VERBATIM_SHARD_IDS"),
        ("0", "0", "VERBATIM_SHARD_COUNT"),
    ],
)
def test_shards_that_do_not_fit_are_a_sentence(
    monkeypatch: pytest.MonkeyPatch, ids: str, count: str, named: str
) -> None:
    monkeypatch.setenv("VERBATIM_SHARD_IDS", ids)
    monkeypatch.setenv("VERBATIM_SHARD_COUNT", count)
    with pytest.raises(SettingsInvalid) as refused:
        read_settings(None)
    assert str(refused.value) == f"The setting {named} must be {EXPECTED[named]}."


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# ours\nVERBATIM_DATA=/there\nVERBATIM_LOG_LEVEL=debug\nANOTHER=1\n")
    monkeypatch.setenv("VERBATIM_DATA", "/here")
    settings = read_settings(tmp_path / ".env")
    assert settings.data == Path("/here")
    assert settings.log_level == "DEBUG"
    assert read_path_settings(tmp_path / ".env").data == Path("/here")


def test_the_token_may_come_from_a_file_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}-2\n")
    monkeypatch.delenv("DISCORD_TOKEN")
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(tmp_path / "token"))
    assert read_settings(None).discord_token.get_secret_value() == f"{TOKEN}-2"
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(SettingsInvalid, match="DISCORD_TOKEN_FILE"):
        read_settings(None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISCORD_TOKEN", "Bot secret-secret-secret-secret"),
        ("DISCORD_TOKEN", "sécret-secret-secret-secret"),
        ("VERBATIM_ADMIN_GUILDS", "secret"),
        ("VERBATIM_ADMIN_ROLES", "1;2"),
        ("VERBATIM_ADMIN_USERS", "-1"),
        ("VERBATIM_REQUIRE_SOURCE_URL", "secret"),
        ("VERBATIM_LOG_LEVEL", "secret"),
        ("VERBATIM_POLL", "secret"),
        ("VERBATIM_DATABASE", "secret"),
        ("VERBATIM_DATABASE", "mysql://verbatim:secret@host/state"),
        ("VERBATIM_DATABASE", "postgresql+psycopg2://verbatim:secret@host/state"),
        ("VERBATIM_DATABASE", "postgresql+psycopg://verbatim:secret@host"),
        ("VERBATIM_DATABASE", "postgresql+psycopg://verbatim:sec@ret@host/state"),
        ("VERBATIM_DATABASE", "postgresql+psycopg://verbatim:s@cre/t@host/state"),
        ("VERBATIM_DATABASE", "postgresql+psycopg://verbatim:secret@host:secret/state"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_but_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsInvalid) as refused:
        read_settings(None)
    assert str(refused.value) == f"The setting {name} must be {EXPECTED[name]}."
    assert value not in str(refused.value)


def test_the_token_is_in_no_representation_of_the_settings() -> None:
    assert TOKEN not in repr(read_settings(None)) + str(read_settings(None))


def test_the_password_of_a_database_is_in_no_representation_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql+psycopg://verbatim:ver%2Fy%20secret@host/state"
    monkeypatch.setenv("VERBATIM_DATABASE", f" {url} ")
    settings = read_settings(None)
    assert settings.database
    assert settings.database.get_secret_value() == url
    assert "secret@" not in repr(settings) + str(settings)
    assert {one.get_secret_value() for one in settings.secrets} == {TOKEN, "ver%2Fy%20secret", "ver/y secret"}


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://verbatim@host/state",
        "postgresql+psycopg://verbatim:p%40ss@host:5433/state?sslmode=verify-full&sslrootcert=/etc/ca.pem",
        "postgresql+psycopg:///state?host=/run/postgresql",
        "postgresql+psycopg://verbatim:secret@/state?host=a,b&port=5432,5432&target_session_attrs=read-write",
        "postgresql+psycopg://verbatim:se/c:r?t#@[::1]/state",
    ],
)
def test_a_database_is_named_by_a_url(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("VERBATIM_DATABASE", url)
    settings = read_settings(None)
    assert settings.database
    assert settings.database.get_secret_value() == url


def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00DISCORD")
    with pytest.raises(SettingsInvalid, match="cannot be read"):
        read_settings(tmp_path / ".env")


def test_the_example_explains_every_setting() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text()
    assert set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE)) == set(EXPECTED)
