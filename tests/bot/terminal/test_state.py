"""`verbatim state copy` says what it lacks; that it copies is tested against a real PostgreSQL."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.state import State, postgresql
from index.cli import main

DATABASE = "postgresql+psycopg://verbatim:secret@host/state"


def copy(folder: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> tuple[int, str]:
    """The exit code and the errors of the command, as the terminal finds it."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("VERBATIM_DATA", str(folder))
    monkeypatch.setenv("VERBATIM_DATABASE", database)
    main._add_commands()
    done = CliRunner().invoke(main.app, ["state", "copy"])
    assert done.stdout == ""
    assert "secret" not in done.stderr
    return done.exit_code, done.stderr


@pytest.mark.parametrize(
    ("database", "told"),
    [
        ("", "VERBATIM_DATABASE is not set. Set it to the PostgreSQL database.\n"),
        (
            "mysql://verbatim:secret@host/state",
            "The setting VERBATIM_DATABASE must be postgresql+psycopg://user:password",
        ),
        (DATABASE, "There is no database"),
    ],
)
def test_what_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str, told: str) -> None:
    code, errors = copy(tmp_path, monkeypatch, database)
    assert code == 2
    assert errors.startswith(told)


async def test_without_the_driver_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await (await State.open(tmp_path)).close()
    for module in ("connections", "database"):
        monkeypatch.delitem(sys.modules, f"{postgresql.__name__}.{module}", raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    code, errors = copy(tmp_path, monkeypatch, DATABASE)
    assert code == 2
    assert errors.endswith("its driver is not installed. Run `make cluster`.\n")
