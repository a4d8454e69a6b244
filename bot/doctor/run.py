"""All checks of `verbatim doctor`, in the order in which they are shown."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from bot.doctor import messages
from bot.doctor.cluster import cluster_findings
from bot.doctor.deployment import variable_findings
from bot.doctor.finding import Finding, Level, ok, problem, warning
from bot.doctor.host import database_finding, folder_findings, index_findings, port_findings, server_finding
from bot.doctor.processes import process_findings
from bot.doctor.servers import discord_findings
from bot.settings import ENV_FILE, inspect_settings
from bot.state.postgresql.inspection import inspect_server
from bot.state.postgresql.messages import FILE_UNUSED
from bot.state.sqlite.inspection import inspect_database
from bot.state.store import FILE
from index.cli.console import plain_console, print_line, printable

STYLES = {Level.OK: "green", Level.WARNING: "yellow", Level.PROBLEM: "red"}
WIDTH = max(len(level) for level in Level)
SOME_PROBLEM = 1
"""The exit code where there is a problem."""


def print_findings() -> int:
    """Print what all checks find, a line each; return the exit code."""
    console = plain_console()
    found: list[Finding] = []
    for finding in findings():
        found.append(finding)
        print_line(console, printable(f"{finding.level:{WIDTH}}  {finding.text}"), STYLES[finding.level])
    problems, warnings = (sum(one.level is level for one in found) for level in (Level.PROBLEM, Level.WARNING))
    summary = messages.PROBLEMS if problems else messages.NO_PROBLEM
    print_line(console, summary.format(problems=problems, warnings=warnings))
    return SOME_PROBLEM if problems else 0


def findings(env_file: Path = ENV_FILE) -> Iterator[Finding]:
    """Check everything; settings that are invalid have their defaults meanwhile."""
    report = inspect_settings(env_file)
    yield from (problem(one) for one in report.problems)
    if not report.problems:
        yield ok(messages.SETTINGS_VALID)
    yield from variable_findings(env_file)
    database, url = report.settings.data / FILE, report.settings.database
    state = inspect_database(database) if url is None else inspect_server(url)
    if report.token is not None:
        yield from asyncio.run(discord_findings(report.settings, report.token, state))
    yield from folder_findings(report.settings)
    # What keeps the cluster's store from being read is a finding of both.
    yield from dict.fromkeys([*cluster_findings(report.settings), *index_findings(report.settings)])
    yield database_finding(database, state) if url is None else server_finding(state)
    if url is not None and database.exists():
        yield warning(FILE_UNUSED.format(path=str(database)))
    yield from process_findings(report.settings, state.processes)
    yield from port_findings(report.settings)
