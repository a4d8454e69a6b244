"""A PostgreSQL server of the tests, in a temporary folder and on a free port."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy import create_engine

from bot.state.migrate import migrate

ADMIN, USER, PASSWORD = "postgres", "verbatim", "p@ss/w%rd: 7 ü"
ENCODED = "p%40ss%2Fw%25rd%3A%207%20%C3%BC"
DEBIAN = Path("/usr/lib/postgresql")
UNPRIVILEGED = ("postgres", "nobody")
"""Users that the server runs as where the tests run as root, which it refuses."""
MISSING = "PostgreSQL is not installed. Install it: apt-get install postgresql"
DEADLINE = 60.0
TEMPLATE = "migrated"


def binaries() -> Path:
    """The folder of `initdb` and `postgres`, of the newest version."""
    folders = sorted(DEBIAN.glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    if (config := shutil.which("pg_config")) is not None:
        said = subprocess.check_output([config, "--bindir"], text=True).strip()  # noqa: S603  # PostgreSQL's own
        folders.append(Path(said))
    for folder in folders:
        if all((folder / name).exists() for name in ("initdb", "postgres")):
            return folder
    raise FileNotFoundError(MISSING)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


class Postgres:
    """The server's processes, and databases in it."""

    def __init__(self) -> None:
        self._binaries = binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="verbatim-postgres-"))
        self.port = free_port()
        self._user: str | None = None
        if os.geteuid() == 0:
            self._user = next(name for name in UNPRIVILEGED if _exists(name))
            shutil.chown(self.folder, self._user)
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0

    def initialise(self) -> None:
        """Make the cluster, a user without rights of its own, and a database with the tables, to be copied."""
        password = self.folder / "password"
        password.write_text(PASSWORD)
        if self._user:
            shutil.chown(password, self._user)
        arguments = [f"--pgdata={self.folder / 'data'}", f"--username={ADMIN}", f"--pwfile={password}"]
        arguments += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]
        made = self._run("initdb", *arguments)
        assert made.wait(DEADLINE) == 0, self.log
        self.start()
        with self.admin() as base:
            base.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(USER), PASSWORD))
        self.create_database(TEMPLATE)
        engine = create_engine(self.url(TEMPLATE).get_secret_value())
        with engine.begin() as connection:
            migrate(connection)
        engine.dispose()

    def _run(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603  # likewise
                [self._binaries / program, *arguments],
                user=self._user,
                group=None if self._user is None else pwd.getpwnam(self._user).pw_gid,
                extra_groups=None if self._user is None else [],
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")

    # ---- its life ----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the server, and wait until it answers. A crash of the machine is not tested: nothing is synced."""
        options = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": "", "fsync": "off"}
        settings = [f"--{name}={value}" for name, value in options.items()]
        self._process = self._run("postgres", "-D", str(self.folder / "data"), *settings)
        deadline = time.monotonic() + DEADLINE
        while True:
            try:
                with self.admin() as base:
                    base.execute("SELECT 1")
            except psycopg.OperationalError:
                assert self._process.poll() is None, self.log
                assert time.monotonic() < deadline, self.log
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop the server, and end all connections, as `systemctl restart` does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(DEADLINE)
            self._process = None

    def kill(self) -> None:
        """Kill all its processes at once."""
        assert self._process
        os.kill(self._process.pid, signal.SIGSTOP)  # it starts no others meanwhile
        children = self._children()
        for process in (self._process.pid, *children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._process.wait(DEADLINE)
        self._process = None
        # While one of them still ends, it holds the shared memory, and no server starts on the same folder.
        deadline = time.monotonic() + DEADLINE
        while any(map(_runs, children)):
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def _children(self) -> list[int]:
        """Its processes, each of which leads a session of its own."""
        assert self._process
        found = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text("ascii")
        return [int(process) for process in found.split()]

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """All its processes are halted: connections stay open, and nobody answers."""
        assert self._process
        os.kill(self._process.pid, signal.SIGSTOP)  # it starts no others meanwhile
        stopped = [self._process.pid, *self._children()]
        for process in stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in stopped:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGCONT)

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def close(self) -> None:
        """Stop the server, and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---- its databases -----------------------------------------------------------------------------------------------

    def admin(self, database: str = ADMIN) -> psycopg.Connection[Any]:
        """A connection of the server's administrator."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=ADMIN, password=PASSWORD, dbname=database, autocommit=True
        )

    def query(self, url: SecretStr, statement: LiteralString, *values: object) -> list[Any]:
        """The rows of a statement, as the administrator runs it in a database."""
        with self.admin(url.get_secret_value().rpartition("/")[2]) as base:
            found = base.execute(statement, values)
            return found.fetchall() if found.description else []

    def create_database(
        self, name: str | None = None, template: str = "template0", encoding: str = "UTF8"
    ) -> SecretStr:
        """Make a database that belongs to the user; returns its URL."""
        self._made += 1
        name = name or f"test_{self._made}"
        made = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} ENCODING {} LOCALE 'C'")
        with self.admin() as base:
            base.execute(made.format(*map(sql.Identifier, (name, USER, template)), encoding))
        return self.url(name)

    def url(self, name: str) -> SecretStr:
        return SecretStr(f"postgresql+psycopg://{USER}:{ENCODED}@127.0.0.1:{self.port}/{name}")

    def drop_database(self, url: SecretStr) -> None:
        name = url.get_secret_value().rpartition("/")[2]
        with self.admin() as base:
            base.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _runs(process: int) -> bool:
    """Whether a process has not ended; one that has may still wait for its parent to ask."""
    try:
        return Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    try:
        server = Postgres()
    except FileNotFoundError as error:
        pytest.fail(str(error))
    try:
        server.initialise()
        yield server
    finally:
        server.close()


@pytest.fixture
def postgres(postgres_server: Postgres) -> Iterator[Postgres]:
    """The server, which a test may stop; it runs again for the next one."""
    yield postgres_server
    if not postgres_server.is_running:
        postgres_server.start()


@pytest.fixture
def database(postgres: Postgres) -> Iterator[SecretStr]:
    """The URL of a database with tables and no rows."""
    url = postgres.create_database(template=TEMPLATE)
    yield url
    if not postgres.is_running:
        postgres.start()
    postgres.drop_database(url)


@pytest.fixture
def empty_database(postgres: Postgres) -> Iterator[SecretStr]:
    """The URL of a database without tables."""
    url = postgres.create_database()
    yield url
    if not postgres.is_running:
        postgres.start()
    postgres.drop_database(url)
