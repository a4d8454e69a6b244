"""What the reader needs besides the files: cleaning rules, and publishers by host."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import NamedTuple

from index.cleaning import Rule, fingerprint
from index.reading.publishers import NONE, Publishers


class ReadingConfig(NamedTuple):
    """The rules in force, and publishers by host."""

    rules: tuple[Rule, ...]
    publishers: Publishers = NONE

    @property
    def fingerprint(self) -> str:
        """Hash that changes with every rule and publisher."""
        stated = json.dumps([fingerprint(self.rules), sorted(self.publishers.items())])
        return hashlib.sha256(stated.encode()).hexdigest()

    @property
    def to_json(self) -> str:
        """JSON form, for the sandbox process."""
        rules = [rule.model_dump(mode="json", exclude={"example"}) for rule in self.rules]
        return json.dumps([rules, dict(self.publishers)])


@cache
def config_from_json(line: str) -> ReadingConfig:
    """Parse `ReadingConfig.to_json`."""
    rules, publishers = json.loads(line)
    return ReadingConfig(tuple(Rule.model_validate(rule) for rule in rules), publishers)
