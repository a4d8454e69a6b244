"""Boilerplate rules as data: they name spans that are not the article. The text itself is never edited."""

from index.cleaning.apply import find_exclusions, lines, sorted_exclusions, subtract_spans, trim_span
from index.cleaning.custom_rules import active_rules, merge_with_built_in, read_rules_file, read_rules_folder
from index.cleaning.patterns import Match, Pattern
from index.cleaning.rule import Example, Rule, RuleScope, RulesFile, built_in_rules, fingerprint, parse_rules

__all__ = [
    "Example",
    "Match",
    "Pattern",
    "Rule",
    "RuleScope",
    "RulesFile",
    "active_rules",
    "built_in_rules",
    "find_exclusions",
    "fingerprint",
    "lines",
    "merge_with_built_in",
    "parse_rules",
    "read_rules_file",
    "read_rules_folder",
    "sorted_exclusions",
    "subtract_spans",
    "trim_span",
]
