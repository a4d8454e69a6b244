"""Connections to PostgreSQL: what each of them needs. The driver, psycopg, is of the extra `cluster`."""

from __future__ import annotations

from sqlalchemy import URL, Engine, create_engine, make_url

DRIVER = "postgresql+psycopg"
CONNECT_SECONDS = 2
"""The least that libpq takes."""
OPTIONS = {
    "application_name": "verbatim",
    "client_encoding": "utf8",
    "connect_timeout": str(CONNECT_SECONDS),
    # A server that vanishes without a word is noticed within four seconds.
    "keepalives_idle": "1",
    "keepalives_interval": "1",
    "keepalives_count": "3",
    "tcp_user_timeout": "4000",
}
"""Of libpq; the query of the URL may set others."""


def database_url(written: str) -> URL:
    """The URL as written in a setting, with what connections need; ArgumentError or ValueError where it is none."""
    url = make_url(written).set(drivername=DRIVER)
    return url.update_query_dict({name: value for name, value in OPTIONS.items() if name not in url.query})


def make_engine(url: URL, connections: int, pool_seconds: float = 30.0) -> Engine:
    """An engine with so many connections, tested before they are used; a free one is waited for so many seconds.

    ImportError where psycopg is not installed.
    """
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=pool_seconds,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"prepare_threshold": None},  # a pooler such as PgBouncer may give each transaction another server
    )
