"""`verbatim rules`: list the cleaning rules, run their examples, preview a new rules file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from index.cleaning import active_rules
from index.cli import console as terminal
from index.cli import messages
from index.cli.options import RULES, SEEDS, AsJson, Rules, Seeds
from index.cli.rules.dry_run import ArticleDiff, Totals, compare_rules, rules_before_and_after
from index.cli.rules.examples import ExampleOutcome, example_outcomes
from index.corpus.folder import Refusal
from index.models import collapse_whitespace
from index.serialization import print_json

app = typer.Typer(help="List the cleaning rules, test their examples, or preview a new rules file.")
FAILED = 1
MAX_LENGTH_SHOWN = 300
"""Characters shown of a piece; JSON has all of it."""


@app.command("list")
def list_rules(*, as_json: AsJson = False, rules: Rules = RULES) -> None:
    """List the rules in use, in the order in which they are applied."""
    in_force = active_rules(rules)
    if as_json:
        print_json([rule.model_dump(mode="json", exclude={"linear"}) for rule in in_force])
        return
    for rule in in_force:
        hosts = f" ({', '.join(rule.hosts)})" if rule.hosts else ""
        _print(messages.RULE.format(rule=rule, hosts=hosts))


@app.command("test")
def run_examples(*, as_json: AsJson = False, rules: Rules = RULES) -> None:
    """Test the examples of the rules, each rule alone. Exit code 0: all pass; 1: some fail."""
    in_force = active_rules(rules)
    found = list(example_outcomes(in_force))
    failed = [outcome for outcome in found if not outcome.holds]
    bare = [rule.name for rule in in_force if not rule.example]
    if as_json:
        made = [outcome.model_dump(mode="json") | {"holds": outcome.holds} for outcome in failed]
        print_json({"rules": len(in_force), "examples": len(found), "failed": made, "without_examples": bare})
    else:
        _print_outcomes(failed)
        passed = len(found) - len(failed)
        _print(messages.EXAMPLES.format(passed=passed, total=len(found), rules=len(in_force)))
        if bare:
            _print(messages.WITHOUT_EXAMPLE.format(names=", ".join(bare)))
    raise typer.Exit(FAILED if failed else 0)


def _print_outcomes(failed: list[ExampleOutcome]) -> None:
    for outcome in failed:
        _print(messages.EXAMPLE.format(outcome=outcome))
        for label, text in (("text    ", outcome.text), ("result  ", outcome.left), ("expected", outcome.expected)):
            _print(f"  {label}  {_shorten(text)}")


@app.command("check")
def check_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A rules file that is not in use yet.")],
    *,
    as_json: AsJson = False,
    rules: Rules = RULES,
    seeds: Seeds = SEEDS,
) -> None:
    """Show what a rules file would remove from each article, and what it would restore. Nothing is changed."""
    now, then = rules_before_and_after(file, rules)
    totals, changed, refused = Totals(), [], []
    for one in compare_rules(seeds, now, then):
        if isinstance(one, Refusal):
            refused.append(one)
            continue
        totals = totals.plus(one)
        if one.taken or one.given_back:
            changed.append(one)
            if not as_json:
                _print_diff(one)
    if as_json:
        print_json(
            {
                "articles": [one.model_dump(mode="json") for one in changed],
                "refused": [one.model_dump(mode="json") for one in refused],
                "totals": totals.model_dump(mode="json"),
            }
        )
        return
    for refusal in refused:
        _print(f"{refusal.file}: {refusal.reason}")
    _print(messages.CHECKED.format(totals=totals))


def _print_diff(one: ArticleDiff) -> None:
    _print(one.article)
    for sign, pieces in (("-", one.taken), ("+", one.given_back)):
        for piece in pieces:
            _print(f"  {sign} {piece.rule}: {_shorten(piece.text)}")
    if one.lost[0] != one.lost[1]:
        _print(messages.LOST_CHANGE.format(before=one.lost[0], after=one.lost[1]))


def _shorten(text: str) -> str:
    folded = collapse_whitespace(text)
    return folded if len(folded) <= MAX_LENGTH_SHOWN else f"{folded[:MAX_LENGTH_SHOWN]} […]"


def _print(line: str) -> None:
    console = terminal.plain_console()
    terminal.print_line(console, terminal.printable(line))
