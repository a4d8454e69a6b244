"""What articles are read by, beside themselves: the cleaning rules, and who publishes where."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import NamedTuple

from index.cleaning import Rule, fingerprint
from index.reading.publishers import NONE, Publishers


class Conventions(NamedTuple):
    """The rules in force and the publishers by host."""

    rules: tuple[Rule, ...]
    publishers: Publishers = NONE

    @property
    def fingerprint(self) -> str:
        """Changes whenever a rule or a publisher does."""
        stated = json.dumps([fingerprint(self.rules), sorted(self.publishers.items())])
        return hashlib.sha256(stated.encode()).hexdigest()

    @property
    def line(self) -> str:
        """All of it, for another process."""
        rules = [rule.model_dump(mode="json", exclude={"example"}) for rule in self.rules]
        return json.dumps([rules, dict(self.publishers)])


@cache
def conventions_of(line: str) -> Conventions:
    """The conventions of a line."""
    rules, publishers = json.loads(line)
    return Conventions(tuple(Rule.model_validate(rule) for rule in rules), publishers)
