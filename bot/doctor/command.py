"""The `verbatim doctor` command, which `index/cli/main.py` finds as an entry point: it does not know the bot."""

from __future__ import annotations

import logging

import typer


def doctor() -> None:
    """Check the bot's set-up, and change nothing: token, intents, permissions, folders, index, database, port.

    Reads the settings as the bot does, from the environment and `.env`. Exit code 0: no problem; 1: some, each with
    what to do.
    """
    from bot.doctor.run import print_findings  # noqa: PLC0415  # imports discord.py, which no other command needs

    for name in ("discord", "index"):  # what they would warn of is a finding
        logging.getLogger(name).setLevel(logging.CRITICAL)
    raise typer.Exit(print_findings())
