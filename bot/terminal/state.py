"""The `verbatim state` command."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The bot's state: settings of servers, answers, feedback, audit log.", no_args_is_help=True)
FAILED = 2


@app.callback()
def state() -> None:
    """Keep `copy` a subcommand, although it is the only one."""


@app.command()
def copy(
    *,
    to_sqlite: Annotated[
        bool, typer.Option("--to-sqlite", help="Copy the other way: from the PostgreSQL database to the data folder.")
    ] = False,
) -> None:
    """Copy the bot's state from the data folder to the PostgreSQL database of VERBATIM_DATABASE.

    Reads the settings as the bot does, from the environment and `.env`. Copies all rows and the key, or nothing: the
    database to copy to must be empty, and all bots must be stopped. Exit code 0: copied and compared; 2: not copied.
    """
    from bot.state import StateUnavailable  # noqa: PLC0415  # no other command needs it
    from index.cli.console import plain_console, print_line, printable  # noqa: PLC0415  # likewise

    try:
        for line in _copied(to_sqlite=to_sqlite):
            print_line(plain_console(), printable(line))
    except StateUnavailable as error:
        sys.stderr.write(f"{printable(str(error))}\n")
        raise typer.Exit(FAILED) from None


def _copied(*, to_sqlite: bool) -> Iterator[str]:
    """Copy, and say what was copied and what to do now."""
    from bot.monitoring.healthcheck import is_healthy  # noqa: PLC0415  # likewise
    from bot.settings import EXPECTED, INVALID, inspect_settings  # noqa: PLC0415  # likewise
    from bot.state import StateUnavailable  # noqa: PLC0415  # likewise
    from bot.state.copying import copy_to_postgresql, copy_to_sqlite  # noqa: PLC0415  # likewise
    from bot.state.store import FILE  # noqa: PLC0415  # likewise
    from bot.terminal import messages  # noqa: PLC0415  # likewise

    report = inspect_settings()
    invalid = INVALID.format(name="VERBATIM_DATABASE", expected=EXPECTED["VERBATIM_DATABASE"])
    if report.settings.database is None:
        raise StateUnavailable(invalid if invalid in report.problems else messages.NO_DATABASE)
    data, url = report.settings.data, report.settings.database
    if is_healthy(data, time.time()):
        raise StateUnavailable(messages.RUNNING.format(path=str(data)))
    path: Path = data / FILE
    counts = copy_to_sqlite(url, path) if to_sqlite else copy_to_postgresql(path, url)
    yield messages.COPIED
    yield from (messages.ROWS.format(table=table, count=count) for table, count in counts.items())
    yield (messages.OLD_DATABASE if to_sqlite else messages.OLD_FILE).format(path=str(path))
