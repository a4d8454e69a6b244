"""What the reader needs besides the files: cleaning rules, and `sources.toml`."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import NamedTuple

from index.cleaning import Rule, fingerprint
from index.reading.sources import NO_SOURCES, Sources


class ReadingConfig(NamedTuple):
    """The rules in force, and what `sources.toml` states."""

    rules: tuple[Rule, ...]
    sources: Sources = NO_SOURCES

    @property
    def fingerprint(self) -> str:
        """Hash that changes with every rule, publisher and site."""
        stated = json.dumps([fingerprint(self.rules), self.sources.model_dump(mode="json")], sort_keys=True)
        return hashlib.sha256(stated.encode()).hexdigest()

    @property
    def to_json(self) -> str:
        """JSON form, for the sandbox process."""
        rules = [rule.model_dump(mode="json", exclude={"example"}) for rule in self.rules]
        return json.dumps([rules, self.sources.model_dump(mode="json")])


@cache
def config_from_json(line: str) -> ReadingConfig:
    """Parse `ReadingConfig.to_json`."""
    rules, sources = json.loads(line)
    return ReadingConfig(tuple(Rule.model_validate(rule) for rule in rules), Sources.model_validate(sources))
