"""The model of a rule, and the parser of rules files."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator

from index.cleaning.patterns import Pattern, PatternRefused, compile_pattern
from index.errors import RulesInvalid
from index.models import FrozenModel

MAX_EXAMPLE_LENGTH = 20_000
"""Maximum characters of an example."""
DOCUMENTATION_FIELDS = {"reason", "example"}
"""Fields that only document a rule, without effect on articles."""
Text = Annotated[str, Field(max_length=MAX_EXAMPLE_LENGTH)]


class RuleScope(StrEnum):
    """Part of a text that a rule applies to; rules.toml explains each."""

    META = "meta"
    LINE = "line"
    INLINE = "inline"
    TAIL = "tail"
    PREFIX = "prefix"
    PROMO = "promo"


class Example(FrozenModel):
    """A text and what the rule alone leaves of it, white space collapsed; without `left` all of it, a near miss."""

    text: Text
    left: Text | None = None
    host: str | None = None
    """The text's host; by default the first of the rule's hosts."""


class Rule(FrozenModel):
    """One rule of a rules file."""

    linear: bool = False
    """Whether RE2 runs its patterns: set by the code that reads the file, never in the file."""
    name: str = Field(pattern=r"^[a-z0-9-]+$", max_length=60)
    kind: Literal["boilerplate", "ad-code", "link-promo", "byline", "date", "caption", "footer"]
    where: RuleScope
    pattern: str
    reason: str = Field(min_length=1)
    hosts: tuple[str, ...] = ()
    at: Literal["top", "end"] | None = None
    until: str | None = None
    example: tuple[Example, ...] = ()

    @field_validator("pattern", "until", mode="after")
    @classmethod
    def _check_pattern(cls, pattern: str | None, info: ValidationInfo) -> str | None:
        if pattern is None:
            return None
        linear = info.data.get("linear", True)
        if compile_pattern(pattern, info.data.get("name", ""), linear=linear).fullmatch("", 0, 0):
            message = "it matches an empty text"
            raise PatternRefused(message)
        return pattern

    @model_validator(mode="after")
    def _check_fields(self) -> Self:
        if (self.at is not None) != (self.where is RuleScope.META):
            message = 'at = "top" or "end" is required with where = "meta" and not allowed otherwise'
            raise ValueError(message)
        if self.until is not None and self.where is not RuleScope.PROMO:
            message = 'until is only allowed with where = "promo"'
            raise ValueError(message)
        return self

    @property
    def compiled_pattern(self) -> Pattern:
        """The compiled pattern."""
        return compile_pattern(self.pattern, self.name, linear=self.linear)

    @property
    def compiled_until(self) -> Pattern | None:
        """The compiled pattern that ends a promo's headline, if the rule has one."""
        return None if self.until is None else compile_pattern(self.until, self.name, linear=self.linear)

    def applies_to_host(self, host: str) -> bool:
        """Whether the rule applies to articles from this host."""
        return not self.hosts or any(host == name or host.endswith("." + name) for name in self.hosts)


class RulesFile(FrozenModel):
    """Content of a rules file."""

    rule: tuple[Rule, ...] = ()
    without: tuple[str, ...] = ()
    """Names of built-in rules to disable."""


@cache
def built_in_rules() -> tuple[Rule, ...]:
    """Return the rules of rules.toml; raise RulesInvalid if one is invalid."""
    return parse_rules(resources.files("index.cleaning").joinpath("rules.toml").read_text("utf-8"), "rules.toml").rule


def parse_rules(toml: str, file: str, *, linear: bool = False) -> RulesFile:
    """Parse a rules file, with patterns for RE2 if `linear`; RulesInvalid names the file, the rule and the field."""
    try:
        stated = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        problem = f"{file} is not valid TOML: {error}."
        raise RulesInvalid(problem, "Correct that line.") from error
    try:
        read = RulesFile.model_validate(_with_engine(stated, linear=linear))
    except ValidationError as error:
        raise RulesInvalid(
            _first_error(error, stated, file), "Correct the rule; docs/rules.md explains the fields."
        ) from error
    _check_unique_names(read.rule, file)
    return read


def _with_engine(stated: dict[str, Any], *, linear: bool) -> dict[str, Any]:
    """Set the engine in each rule; a `linear` in the file itself is renamed, so that it is refused as unknown."""
    rules = stated.get("rule")
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        return stated
    made = [{"linear": linear, **{"linear " if key == "linear" else key: rule[key] for key in rule}} for rule in rules]
    return stated | {"rule": made}


def _check_unique_names(rules: Sequence[Rule], file: str) -> None:
    names = [rule.name for rule in rules]
    for name in names:
        if names.count(name) > 1:
            problem = f"{file} contains two rules named {name!r}."
            raise RulesInvalid(problem, "Give each rule a different name.")


def _first_error(error: ValidationError, stated: dict[str, Any], file: str) -> str:
    """Describe the first error, with its rule and field."""
    first = error.errors(include_url=False)[0]
    loc = list(first["loc"])
    reason = first["msg"].removeprefix("Value error, ")
    if len(loc) < 2 or loc[0] != "rule":  # noqa: PLR2004  # a list, and an index in it
        field = ".".join(str(part) for part in loc)
        return f"{file} cannot be used: {field}: {_missing_field_message(first['type']) or reason}."
    place = loc[1] if isinstance(loc[1], int) else 0
    table = stated["rule"][place] if isinstance(stated["rule"], list) else {}
    name = table.get("name") if isinstance(table, dict) else None
    rule = f"the rule {name!r}" if isinstance(name, str) else f"rule number {place + 1}"
    field = ".".join(str(part) for part in loc[2:])
    told = _missing_field_message(first["type"]) or reason
    return f"{file} contains an invalid rule: {rule}: {f'{field}: {told}' if field else told}."


def _missing_field_message(kind: str) -> str | None:
    return "there is no such field" if kind == "extra_forbidden" else None


def fingerprint(rules: Sequence[Rule]) -> str:
    """Hash that changes if a rule's effect does: articles cleaned by other rules are read again."""
    stated = "\n".join(rule.model_dump_json(exclude=DOCUMENTATION_FIELDS) for rule in rules)
    return hashlib.sha256(stated.encode()).hexdigest()[:16]
