"""Boilerplate rules as data: they name spans that are not the article. The text itself is never edited."""

from index.cleaning.apply import excluded, in_order, lines, remaining, trimmed
from index.cleaning.custom_rules import over_built_in, read_file, read_folder, rules_in_force
from index.cleaning.patterns import Found, Pattern
from index.cleaning.rule import Example, Rule, RulesFile, Where, built_in_rules, fingerprint, parse_rules

__all__ = [
    "Example",
    "Found",
    "Pattern",
    "Rule",
    "RulesFile",
    "Where",
    "built_in_rules",
    "excluded",
    "fingerprint",
    "in_order",
    "lines",
    "over_built_in",
    "parse_rules",
    "read_file",
    "read_folder",
    "remaining",
    "rules_in_force",
    "trimmed",
]
