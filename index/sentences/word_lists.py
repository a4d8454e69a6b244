"""The word lists of words.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def tables() -> dict[str, Any]:
    """words.toml by the names of its lists, parsed once."""
    return tomllib.loads(resources.files("index.sentences").joinpath("words.toml").read_text("utf-8"))


@cache
def words(name: str) -> frozenset[str]:
    """The words of a list: `words("titles")`."""
    return frozenset(tables()[name]["words"].split())


@cache
def companions(name: str) -> frozenset[str]:
    """The words that can follow an abbreviation of this list in the same sentence: U.S. *Senate*."""
    return frozenset(tables()[name].get("companions", "").split())


@cache
def languages() -> dict[str, frozenset[str]]:
    """The commonest words of each language written in Latin letters."""
    return {code: frozenset(table["words"].split()) for code, table in tables()["language"].items()}
