"""Whatever happens to the database, the bot says that it cannot use it or mends it, and what must go goes."""

from __future__ import annotations

import asyncio
import datetime
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.state import (
    AuditEntry,
    BotThread,
    Feedback,
    QuoteReference,
    ServerSettings,
    State,
    StateUnavailable,
    StoredAnswer,
    utc_now,
)
from bot.state.members import SharedMembers
from bot.state.processes import ProcessStatus, ProcessTable
from bot.state.store import AUDIT_RETENTION, COUNT_RETENTION, FILE, RETENTION
from bot.state.tables import Base
from index.models import Span, Verdict
from tests.properties import one_in

QUESTION, WORD = "Where does the zebra sleep?", b"zebra"
MINE, OTHERS = 7, 8
OLD = utc_now() - RETENTION - datetime.timedelta(hours=1)
Damage = Callable[[Path], None]


# ---- a database with everything in it --------------------------------------------------------------------------------


def answer(state: State, name: str, user: int, at: datetime.datetime) -> StoredAnswer:
    place = QuoteReference(article="zoo", sha256="0" * 64, spans=(Span(1, 5),), matched=("zebra",))
    return StoredAnswer(
        id=name,
        at=at,
        asker=state.pseudonym(user),
        server=1,
        channel=2,
        question_message=3,
        messages=(4,),
        question=QUESTION,
        verdict=Verdict.ANSWERED,
        quotes=(place,),
        nearest=(place, place),
    )


def process(name: str, **changed: object) -> ProcessStatus:
    status = ProcessStatus(
        id=name,
        host="here",
        pid=5,
        shards=(0,),
        shard_count=2,
        version="1",
        servers=1,
        snapshot=None,
        damaged=False,
        ready=True,
        started=utc_now(),
    )
    return status.model_copy(update=changed)


async def fill(folder: Path) -> None:
    state = await State.open(folder)
    await state.update_server_settings(1, threads=True, user_seconds=5, unasked=frozenset({5}), allowed=frozenset({6}))
    await state.update_server_settings(2, private=True, allowed=frozenset({9}))
    for name, user, at in (("mine", MINE, utc_now()), ("other", OTHERS, utc_now()), ("old", OTHERS, OLD)):
        await state.store_answer(answer(state, name, user, at))
        await state.store_feedback(Feedback(answer_id=name, rater=state.pseudonym(user), good=False, at=at))
        await state.store_thread(BotThread(thread=10 + user, article="zoo", asker=state.pseudonym(user), at=at))
    for action, at in (("add", utc_now()), ("remove", utc_now() - AUDIT_RETENTION - datetime.timedelta(hours=1))):
        await state.add_audit_entry(AuditEntry(at=at, user=1, server=1, action=action, details="zoo"))
    await state.set_command_fingerprint(1, "f" * 64)
    shared = SharedMembers(state.database)
    await shared.count_question(state.pseudonym(MINE), 3, 9)
    await shared.set_language(state.pseudonym(MINE), "de")
    await ProcessTable(state.database).beat(process("one"), 10)
    await state.close()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that takes any value anywhere."""
    folder = tmp_path_factory.mktemp("filled")
    asyncio.run(fill(folder))
    with closing(sqlite3.connect(folder / FILE)) as base, base:
        base.execute("PRAGMA writable_schema=ON")
        base.execute("UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '') WHERE type = 'table'")
    return folder


@pytest.fixture
def path(filled: Path, tmp_path: Path) -> Path:
    shutil.copytree(filled, tmp_path / "data")
    return tmp_path / "data" / FILE


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy disk is waited for: nobody holds a lock here."""
    monkeypatch.setattr("bot.state.database.PATIENCE", 60.0)


# ---- damage ----------------------------------------------------------------------------------------------------------

VALUES: dict[str, object] = {
    "nothing": None,
    "text": "rubbish about a zebra",
    "a huge number": 9e300,
    "a negative number": -5,
    "bytes": b"\0\xff zebra",
    "a megabyte": "zebra " * 170_000,
    "a wrong date": "2026-99-99 99:99:99",
    "a date to come": "9999-12-31 23:59:59.000000",
    "cut JSON": '{"quotes": [{"matched": ["zebra"',
    "JSON of another shape": '{"quotes": {"matched": "zebra"}, "nearest": [["zebra"], 5], "possible": "zebra"}',
    "deep JSON": '["zebra",' * 5_000,
}
ROWS = {
    "servers": "id = 1",
    "channels": "id = 6",
    "answers": "id = 'mine'",
    "feedback": "given = 'mine'",
    "threads": "id = 17",
    "audit": "action = 'add'",
    "keys": "name = 'asker'",
    "synced_commands": "scope = 1",
    "processes": "id = 'one'",
    "leases": "name = 'work'",
    "generations": "name = 'answers'",
    "question_counts": "seconds = 3",
    "languages": "language = 'de'",
}
SHARED = {"processes", "leases", "generations", "question_counts", "languages"}
"""What several processes share."""
COLUMNS = [
    (table.name, column.name)
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if (table.name, column.name) != ("audit", "id")  # SQLite's own row number, which takes no other value
]
INDEXES = sorted(str(index.name) for table in Base.metadata.sorted_tables for index in table.indexes)


def run(statement: str, *values: object) -> Damage:
    def damage(path: Path) -> None:
        with closing(sqlite3.connect(path)) as base, base:
            base.execute(statement, values)

    return damage


def value(table: str, column: str, kind: str) -> Damage:
    return run(f'UPDATE {table} SET "{column}" = ? WHERE {ROWS[table]}', VALUES[kind])  # noqa: S608  # names of this file


def cut(length: float) -> Damage:
    """Cut the file to so many bytes, or to a fraction of its length."""

    def damage(path: Path) -> None:
        whole = path.read_bytes()
        path.write_bytes(whole[: int(length * len(whole) if 0 < length < 1 else length)])

    return damage


def overwrite(place: int, content: bytes) -> Damage:
    def damage(path: Path) -> None:
        whole = path.read_bytes()
        path.write_bytes(whole[:place] + content + whole[place + len(content) :])

    return damage


def page(number: int, content: bytes) -> Damage:
    return overwrite(4096 * number, content)


def written(content: bytes, ending: str = "") -> Damage:
    """Write the file, or one beside it, anew."""

    def damage(path: Path) -> None:
        path.with_name(path.name + ending).write_bytes(content)

    return damage


def another_database(path: Path) -> None:
    path.unlink()
    run("CREATE TABLE answers (recipe)")(path)


def lacking_index_row(path: Path) -> None:
    """The index of askers holds none of them."""
    with closing(sqlite3.connect(path)) as base:
        [(root,)] = base.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'ix_answers_asker'")
    whole = path.read_bytes()
    leaf = b"\x0a\0\0\0\0\x10\0\0".ljust(4096, b"\0")  # an index page without cells
    path.write_bytes(whole[: 4096 * (root - 1)] + leaf + whole[4096 * root :])


FILES: dict[str, Damage] = {
    "empty": cut(0),
    "cut in the header": cut(50),
    "cut after the header": cut(100),
    "cut in half": cut(0.5),
    "cut at the end": cut(0.99),
    "an empty page": page(7, bytes(4096)),
    "a page of rubbish": page(5, b"\xa5" * 4096),
    **{f"no table {table}": run(f"DROP TABLE {table}") for table in (*ROWS, "alembic_version")},
    **{f"no index {index}": run(f"DROP INDEX {index}") for index in INDEXES},
    "an index that lacks a row": lacking_index_row,
    "an older schema": run("UPDATE alembic_version SET version_num = '0001'"),
    "a schema without a name": run("UPDATE alembic_version SET version_num = NULL"),
    "no schema": run("DELETE FROM alembic_version"),
    "two schemas": run("INSERT INTO alembic_version VALUES ('0001')"),
    "no key": run("DELETE FROM keys"),
    "rubbish in the write-ahead log": written(b"rubbish " * 5000, "-wal"),
    "rubbish in the shared memory": written(b"rubbish " * 5000, "-shm"),
    "not a database": written(b"rubbish " * 1000),
    "zeros": written(bytes(8192)),
    "a web page": written(b"<html>zebra</html>"),
    "another program's database": another_database,
    "not writable": lambda path: path.chmod(0o400),
}
MORE_FILES: dict[str, Damage] = {
    **{f"cut to {length}": cut(length) for length in (1, 99, 1000, 4096, 5000, 0.3, 0.9)},
    **{
        f"byte {place} of the header is {content!r}": overwrite(place, content)
        for place in (0, 16, 18, 19, 20, 21, 24, 28, 31, 32, 36, 40, 44, 47, 52, 56, 59, 60, 62, 68, 92, 96)
        for content in (b"\0", b"\xff")
    },
    **{f"page {number} is empty": page(number, bytes(4096)) for number in range(1, 24)},
    **{f"page {number} is rubbish": page(number, b"\xa5" * 4096) for number in range(0, 24, 3)},
    **{
        f"no column {table}.{column}": run(f'ALTER TABLE {table} RENAME COLUMN "{column}" TO lost')
        for table, column in COLUMNS
    },
}


# ---- what holds all the same -----------------------------------------------------------------------------------------


async def tried(work: Awaitable[Any]) -> Any:  # noqa: ANN401  # any result
    """The result, or None if the state says in one line that it is not available."""
    try:
        return await work
    except StateUnavailable as error:
        assert str(error).strip()
        assert len(str(error).splitlines()) == 1
        assert "zebra" not in str(error)
        return None


async def use(state: State) -> None:
    """Everything that reads and writes works, or says that it does not."""
    settings = state.server_settings(1)
    assert ServerSettings.model_validate(settings.model_dump()) == settings
    for found in (await tried(state.find_answer("mine")), *(await tried(state.answers_to(3)) or ())):
        assert found is None or isinstance(found, StoredAnswer)
    for one in ("mine", "new"):
        await tried(state.feedback_on(one))
    await tried(state.unanswered())
    await tried(state.find_thread(17))
    await tried(state.audit_log(10))
    await tried(state.store_answer(answer(state, "new", OTHERS, utc_now())))
    await tried(state.set_messages("new", [5], 2))
    await tried(state.store_feedback(Feedback(answer_id="new", rater="r", good=False, at=utc_now())))
    await tried(state.store_thread(BotThread(thread=19, article=None, asker="r", at=utc_now())))
    await tried(state.update_server_settings(3, threads=True))
    await tried(state.add_audit_entry(AuditEntry(at=utc_now(), user=1, server=None, action="edit", details="")))
    await tried(state.set_command_fingerprint(3, "f" * 64))
    assert all(isinstance(scope, int) for scope in await tried(state.command_fingerprints()) or ())
    await tried(state.reload_server_settings())
    table, shared = ProcessTable(state.database), SharedMembers(state.database)
    for work in (table.beat(process("two"), 10), table.running(), table.generations(), table.leave("two")):
        await tried(work)
    await tried(shared.count_question(state.pseudonym(MINE), 3, 9))
    await tried(shared.set_language(state.pseudonym(OTHERS), "de"))
    assert isinstance(await tried(shared.language(state.pseudonym(MINE))), str | None)


def rows(path: Path, statement: str, *values: object) -> list[Any]:
    with closing(sqlite3.connect(path)) as base:
        return base.execute(statement, values).fetchall()


async def delete_all(state: State, path: Path) -> None:
    """Delete what is expired, a user's data and all questions; look at the rows and the bytes each time."""
    await state.delete_expired()
    for table, kept in (
        ("answers", RETENTION),
        ("feedback", RETENTION),
        ("threads", RETENTION),
        ("audit", AUDIT_RETENTION),
        ("languages", RETENTION),
        ("question_counts", COUNT_RETENTION),
    ):
        first, last = (f"{utc_now() + change:%Y-%m-%d %H:%M:%S}" for change in (-kept, datetime.timedelta(days=1)))
        wrong = "at IS NULL OR typeof(at) <> 'text' OR at < ? OR at > ?"
        assert rows(path, f"SELECT * FROM {table} WHERE {wrong}", first, last) == []  # noqa: S608  # names of this file
    name = state.pseudonym(MINE)
    deleted = len(rows(path, "SELECT * FROM answers WHERE asker = ?", name))
    assert await state.delete_user_data(MINE) == deleted
    for table, column in (("answers", "asker"), ("threads", "asker"), ("feedback", "rater")):
        assert rows(path, f"SELECT * FROM {table} WHERE {column} = ?", name) == []  # noqa: S608  # names of this file
    assert [part.name for part in path.parent.iterdir() if ".damaged-" in part.name] == []
    await state.delete_questions()
    assert rows(path, "SELECT * FROM answers WHERE question IS NOT NULL") == []
    assert [row for row in rows(path, "SELECT content FROM answers") if "zebra" in str(row)] == []


async def check(path: Path) -> None:
    state = await State.open(path.parent)
    try:
        await use(state)
        await delete_all(state, path)
        await state.store_answer(answer(state, "last", MINE, utc_now()))
        assert await state.find_answer("last")
        assert len(await state.unanswered()) == 0
    finally:
        await state.close()


@pytest.mark.parametrize("name", one_in(3, FILES))
async def test_a_damaged_file_is_mended_or_replaced_and_what_must_go_goes(path: Path, name: str) -> None:
    FILES[name](path)
    await check(path)


def one_value_each() -> Iterator[tuple[str, str, str]]:
    kinds = list(VALUES)
    for number, (table, column) in enumerate(COLUMNS):
        yield table, column, kinds[number % len(kinds)]


@pytest.mark.parametrize(("table", "column", "kind"), one_in(3, one_value_each()))
async def test_a_damaged_row_does_not_keep_others_and_goes_itself(
    path: Path, table: str, column: str, kind: str
) -> None:
    value(table, column, kind)(path)
    await check(path)


@pytest.mark.slow
@pytest.mark.parametrize("name", MORE_FILES)
async def test_no_damage_to_the_file_keeps_what_must_go(path: Path, name: str) -> None:
    MORE_FILES[name](path)
    await check(path)


@pytest.mark.slow
@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize(("table", "column"), COLUMNS)
async def test_no_value_in_any_column_keeps_what_must_go(path: Path, table: str, column: str, kind: str) -> None:
    value(table, column, kind)(path)
    await check(path)


# ---- damage while the bot runs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", one_in(3, [table for table in ROWS if table != "generations"]))
async def test_a_table_that_is_lost_while_the_bot_runs_keeps_nothing_that_must_go(path: Path, table: str) -> None:
    state = await State.open(path.parent)
    settings = state.server_settings(1)
    run(f"DROP TABLE {table}")(path)
    await use(state)
    await delete_all(state, path)
    assert state.server_settings(1) == settings
    await state.close()
    again = await State.open(path.parent)
    if table not in {"servers", "channels", "keys", "synced_commands", *SHARED}:  # found at the next start
        assert again.server_settings(1) == settings
    await again.close()


async def test_without_the_generations_a_deletion_replaces_the_whole_database(path: Path) -> None:
    state = await State.open(path.parent)
    run("DROP TABLE generations")(path)
    assert await state.delete_user_data(MINE) == 0
    assert rows(path, "SELECT * FROM answers") == []
    assert state.server_settings(1).threads
    assert await state.delete_user_data(MINE) == 0
    await state.close()
    assert list(path.parent.glob("*.damaged-*")) == []


@pytest.mark.parametrize("kind", ["text", "bytes", "cut JSON", "deep JSON"])
@pytest.mark.parametrize("column", ["at", "content", "messages", "verdict"])
async def test_a_row_that_is_damaged_while_the_bot_runs_goes_like_the_others(
    path: Path, column: str, kind: str
) -> None:
    state = await State.open(path.parent)
    value("answers", column, kind)(path)
    with pytest.raises(StateUnavailable):
        await state.answers_to(3)
    await state.delete_answers_to(3)
    assert rows(path, "SELECT * FROM answers WHERE question_message = 3") == []
    assert rows(path, "SELECT * FROM feedback") == []
    await state.close()


# ---- what is no damage -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("schema", ["0099", "9999", "rubbish \0 of any kind" * 20])
async def test_a_schema_of_a_newer_version_is_refused_in_one_sentence_and_the_database_stays(
    path: Path, schema: str
) -> None:
    run("UPDATE alembic_version SET version_num = ?", schema)(path)
    with pytest.raises(StateUnavailable, match=r"which this version does not know\. Start the newer") as refused:
        await State.open(path.parent)
    assert repr(schema[:4])[:-1] in str(refused.value)
    assert str(refused.value).isprintable()
    assert len(rows(path, "SELECT * FROM answers")) == 3


async def test_a_folder_in_the_place_of_the_database_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / FILE / "inside").mkdir(parents=True)
    with pytest.raises(StateUnavailable, match="is a folder"):
        await State.open(tmp_path)
    assert (tmp_path / FILE / "inside").exists()


async def test_a_database_that_another_program_has_locked_is_not_set_aside(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StateUnavailable, match=r"\(database is locked\). Stop what else uses it\."):
            await State.open(path.parent)
    assert [part.name for part in path.parent.iterdir()] == [FILE]
    await check(path)


# ---- who can read it -------------------------------------------------------------------------------------------------


def modes(folder: Path) -> dict[str, str]:
    return {part.name: oct(part.stat().st_mode & 0o777) for part in folder.iterdir()}


async def test_only_the_owner_can_read_the_files_of_the_database(tmp_path: Path) -> None:
    state = await State.open(tmp_path)
    await state.store_answer(answer(state, "mine", MINE, utc_now()))
    assert modes(tmp_path) == {f"{FILE}{ending}": "0o600" for ending in ("", "-wal", "-shm")}
    await state.close()


async def test_files_of_an_older_version_are_made_private_too(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("UPDATE answers SET question = 'zebra'")
    other.commit()
    aside = path.with_name(f"{FILE}.damaged-{utc_now():%Y%m%dT%H%M%S}")
    aside.write_text("a question")
    for part in path.parent.iterdir():
        part.chmod(0o644)
    state = await State.open(path.parent)
    assert modes(path.parent) == {f"{FILE}{ending}": "0o600" for ending in ("", "-wal", "-shm")} | {aside.name: "0o600"}
    await state.close()
    other.close()
