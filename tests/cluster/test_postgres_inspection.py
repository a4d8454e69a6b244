"""What `verbatim doctor` says of a PostgreSQL database, which it does not change."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import LiteralString

import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from pydantic import SecretStr

from bot.doctor.finding import Finding, Level
from bot.doctor.run import findings
from bot.state import AuditEntry, State, utc_now
from bot.state.inspection import Condition
from bot.state.postgresql.inspection import inspect_server
from bot.state.store import FILE
from tests.cluster.postgres import ENCODED, PASSWORD, Postgres, free_port
from tests.stored_answers import given

pytestmark = pytest.mark.cluster


def of_the_database(url: SecretStr, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """What the doctor says of databases."""
    monkeypatch.setenv("VERBATIM_DATABASE", url.get_secret_value())
    monkeypatch.setenv("VERBATIM_DATA", str(folder))
    monkeypatch.setenv("VERBATIM_SEEDS", str(folder / "no seeds"))
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    found = list(findings(folder / "no .env"))
    for one in found:
        for secret in (PASSWORD, ENCODED):
            assert secret not in one.text
    return [one for one in found if "PostgreSQL" in one.text]


async def test_a_database_that_can_be_used_is_told_before_and_after_the_first_start(
    tmp_path: Path, empty_database: SecretStr, monkeypatch: pytest.MonkeyPatch
) -> None:
    [finding] = of_the_database(empty_database, tmp_path, monkeypatch)
    assert (finding.level, finding.text) == (
        Level.OK,
        "The PostgreSQL database can be reached, and is empty; the first start makes its tables.",
    )
    state = await State.open(tmp_path, empty_database)
    await state.update_server_settings(1, allowed=frozenset({2, 3}), unasked=frozenset({4}))
    await state.close()
    [finding] = of_the_database(empty_database, tmp_path, monkeypatch)
    assert (finding.level, finding.text) == (
        Level.OK,
        "The PostgreSQL database can be used, and has the tables of this version.",
    )
    found = inspect_server(empty_database)
    assert (found.condition, found.allowed, found.unasked) == (
        Condition.WHOLE,
        {1: frozenset({2, 3})},
        {1: frozenset({4})},
    )
    (tmp_path / FILE).touch()
    assert [one.level for one in of_the_database(empty_database, tmp_path, monkeypatch)] == [Level.OK, Level.WARNING]


FAULTS: dict[str, tuple[LiteralString, str]] = {
    "newer": ("UPDATE alembic_version SET version_num = '0099'", "has the schema '0099', which this version does not"),
    "a table less": ("DROP TABLE threads", r"is damaged (it has no table threads). Restore your backup"),
    "a right less": ("REVOKE DELETE ON answers FROM verbatim", "lacks a right in the PostgreSQL database"),
    "no sequence": ("REVOKE USAGE ON audit_id_seq FROM verbatim", "(USAGE on the sequence of audit). Grant it"),
    "no reading": ("REVOKE ALL ON alembic_version FROM verbatim", "permission denied"),
    "no key": ("DELETE FROM keys", "(its key is lost)"),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_what_keeps_a_database_from_being_used_is_one_problem(
    tmp_path: Path, postgres: Postgres, database: SecretStr, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    state = await State.open(tmp_path, database)
    await state.store_answer(given(state))
    await state.close()
    fault, told = FAULTS[name]
    postgres.query(database, fault)
    [finding] = of_the_database(database, tmp_path, monkeypatch)
    assert finding.level is Level.PROBLEM
    assert told in finding.text


async def test_an_older_schema_is_upgraded_at_the_next_start_if_the_user_may(
    tmp_path: Path, postgres: Postgres, database: SecretStr, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.query(database, "UPDATE alembic_version SET version_num = '0003'")
    [finding] = of_the_database(database, tmp_path, monkeypatch)
    assert finding.level is Level.OK
    assert "the next start brings it up to this version" in finding.text
    postgres.query(database, "ALTER SCHEMA public OWNER TO postgres")
    [finding] = of_the_database(database, tmp_path, monkeypatch)
    assert finding.level is Level.PROBLEM
    assert "(CREATE on its schema)" in finding.text


async def test_a_user_that_may_not_change_tables_is_enough_once_they_are_made(
    tmp_path: Path, postgres: Postgres, database: SecretStr, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the rights that docs/scaling.md grants, run as it says."""
    page = (Path(__file__).parents[2] / "docs/scaling.md").read_text("utf-8")
    grants = [line.strip().rstrip(";") for line in page.splitlines() if line.strip().startswith("GRANT ")]
    name = database.get_secret_value().rpartition("/")[2]
    with postgres.admin(name) as base:
        base.execute(sql.SQL("CREATE ROLE bot LOGIN PASSWORD {}").format(PASSWORD))
        for grant in grants:
            base.execute(sql.SQL(grant.replace("DATABASE verbatim", f"DATABASE {name}")))
    url = SecretStr(database.get_secret_value().replace("//verbatim:", "//bot:"))
    try:
        state = await State.open(tmp_path, url)
        await state.store_answer(given(state))
        await state.add_audit_entry(AuditEntry(at=utc_now(), user=1, server=None, action="add", details=""))
        await state.update_server_settings(1, threads=True)
        assert await state.delete_user_data(7) == 1
        await state.close()
        assert [one.level for one in of_the_database(url, tmp_path, monkeypatch)] == [Level.OK]
        with postgres.admin(name) as base:
            base.execute("SET ROLE bot")
            with pytest.raises(InsufficientPrivilege):
                base.execute("ALTER TABLE answers ADD COLUMN more text")
    finally:
        postgres.drop_database(database)
        with postgres.admin() as base:
            base.execute("DROP ROLE bot")


async def test_a_server_that_is_not_there_is_one_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    url = SecretStr(f"postgresql+psycopg://verbatim:{ENCODED}@127.0.0.1:{free_port()}/state")
    with caplog.at_level(logging.DEBUG):
        [finding] = of_the_database(url, tmp_path, monkeypatch)
    assert finding.level is Level.PROBLEM
    assert "cannot be reached (" in finding.text
    assert PASSWORD not in caplog.text


async def test_a_database_of_another_encoding_is_one_problem(
    tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.create_database("latin", encoding="LATIN1")
    [finding] = of_the_database(url, tmp_path, monkeypatch)
    postgres.drop_database(url)
    assert finding.level is Level.PROBLEM
    assert "does not have the encoding UTF8" in finding.text
