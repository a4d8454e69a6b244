"""Checks of the machine: folders, index, rules, database, port, disk. Nothing is written."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

from bot.doctor import messages
from bot.doctor.finding import Finding, Level, ok, problem, warning
from bot.monitoring import healthcheck
from bot.settings import OptionalSettings
from bot.state.inspection import Condition, Inspection
from index.answering.encoder import Encoder
from index.engine import Engine
from index.errors import VerbatimError

MEGABYTE = 2**20
LITTLE_SPACE = 200 * MEGABYTE
DETAIL_LENGTH = 80
CONDITIONS = {
    Condition.MISSING: (Level.OK, messages.NO_STATE),
    Condition.WHOLE: (Level.OK, messages.STATE_WHOLE),
    Condition.OLDER: (Level.OK, messages.STATE_OLDER),
    Condition.NEWER: (Level.PROBLEM, messages.STATE_NEWER),
    Condition.LOCKED: (Level.PROBLEM, messages.STATE_LOCKED),
    Condition.UNREADABLE: (Level.PROBLEM, messages.STATE_UNREADABLE),
    Condition.DAMAGED: (Level.PROBLEM, messages.STATE_DAMAGED),
}
SERVER_CONDITIONS = {
    Condition.MISSING: (Level.OK, messages.SERVER_EMPTY),
    Condition.WHOLE: (Level.OK, messages.SERVER_WHOLE),
    Condition.OLDER: (Level.OK, messages.SERVER_OLDER),
}


def folder_findings(settings: OptionalSettings) -> Iterator[Finding]:
    """Whether the folder of articles and the data folder can be written, and the disk has room."""
    seeds, data = settings.seeds, settings.data
    if seeds.is_dir() and not os.access(seeds, os.W_OK | os.X_OK):
        yield warning(messages.SEEDS_READ_ONLY.format(path=str(seeds), user=_user()))
    if data.exists() and not data.is_dir():
        yield problem(messages.DATA_NO_FOLDER.format(path=str(data)))
        return
    place = next(folder for folder in (data.absolute(), *data.absolute().parents) if folder.is_dir())
    if not os.access(place, os.W_OK | os.X_OK):
        yield problem(messages.DATA_READ_ONLY.format(path=str(data), user=_user()))
    else:
        yield ok((messages.DATA_WRITABLE if data.is_dir() else messages.DATA_TO_COME).format(path=str(data)))
    free = shutil.disk_usage(place).free
    if free < LITTLE_SPACE:
        yield warning(messages.LITTLE_SPACE.format(path=str(data), free=free // MEGABYTE))


def index_findings(settings: OptionalSettings) -> Iterator[Finding]:
    """Whether the index, the rules and the encoder can be used, and the index is what the articles say."""
    try:
        if settings.encoder is not None:
            Encoder.open(settings.encoder)
        engine = Engine.open(settings.seeds, settings.data, rules=settings.rules, cluster=settings.cluster, build=False)
    except VerbatimError as error:
        yield problem(str(error))
        return
    try:
        _ = engine.manager.reading_config
        yield ok(messages.RULES_VALID)
        is_stale = engine.is_stale()
    except VerbatimError as error:
        yield problem(str(error))
        return
    if engine.manager.damage is not None:
        yield problem(messages.DAMAGED.format(what=engine.manager.damage.what))
    elif engine.manifest is None:
        yield ok(messages.NO_INDEX)
    elif is_stale:
        yield warning(messages.STALE.format(path=str(settings.seeds)))
    elif not engine.articles:
        yield warning(messages.NO_ARTICLES.format(path=str(settings.seeds)))
    elif engine.is_remote:  # to read all articles would take long
        yield ok(messages.INDEX_CURRENT.format(articles=engine.articles, sentences=engine.sentences))
    elif failures := engine.verify():
        yield problem(messages.NOT_AS_FILED.format(count=len(failures), first=failures[0]))
    else:
        yield ok(messages.INDEX_WHOLE.format(articles=engine.articles, sentences=engine.sentences))


def database_finding(path: Path, found: Inspection) -> Finding:
    """Whether the database can be used."""
    if path.is_file() and not os.access(path, os.W_OK):
        return problem(messages.STATE_READ_ONLY.format(path=str(path), user=_user()))
    level, text = CONDITIONS[found.condition]
    return Finding(level=level, text=text.format(path=str(path), detail=found.detail[:DETAIL_LENGTH]))


def server_finding(found: Inspection) -> Finding:
    """Whether the database on a server can be used; if not, the inspection says why."""
    level, text = SERVER_CONDITIONS.get(found.condition, (Level.PROBLEM, found.detail))
    return Finding(level=level, text=text)


def port_findings(settings: OptionalSettings) -> Iterator[Finding]:
    """Whether the port can be opened, or is that of a bot that already runs."""
    host, port = settings.http_host, settings.http_port
    if port is None:
        return
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen()
    except OSError as error:
        if healthcheck.is_ready(host, port):
            yield ok(messages.PORT_SERVED.format(host=host, port=port))
        else:
            yield problem(messages.PORT_TAKEN.format(host=host, port=port, reason=error.strerror))
    else:
        yield ok(messages.PORT_FREE.format(host=host, port=port))


def _user() -> str:
    """The user whose permissions count: the id, as `chown` takes it, or the name on Windows."""
    return str(os.geteuid()) if hasattr(os, "geteuid") else getpass.getuser()
