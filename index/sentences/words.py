"""The word lists of words.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def tables() -> dict[str, Any]:
    """All of words.toml, by the names of its lists."""
    return tomllib.loads(resources.files("index.sentences").joinpath("words.toml").read_text("utf-8"))


@cache
def words(name: str) -> frozenset[str]:
    """The words of a list: `words("titles")`."""
    return frozenset(tables()[name]["words"].split())


@cache
def companions(name: str) -> frozenset[str]:
    """The words with which an abbreviation of this list goes on: U.S. *Senate*."""
    return frozenset(tables()[name].get("companions", "").split())


@cache
def languages() -> dict[str, frozenset[str]]:
    """For each language written in Latin letters, the words that are the commonest in it."""
    return {code: frozenset(table["words"].split()) for code, table in tables()["language"].items()}
