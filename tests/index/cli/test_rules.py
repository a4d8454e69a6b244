"""What authors of rules work with: examples, and what a file would do to the articles that there are."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from index.cleaning import Rule, built_in_rules, parse_rules
from index.cli.rules.examples import example_outcomes, is_near_miss
from index.models import collapse_whitespace
from tests.index import command

MINE = """
without = ["more-stories"]

[[rule]]
name = "mine"
kind = "boilerplate"
where = "inline"
pattern = 'Kratsios'
reason = "A test."

[[rule.example]]
text = "It was Kratsios who came."
left = "It was who came."
"""


def run(*arguments: str, seeds: Path, rules: Path) -> command.Ended:
    return command.run("rules", *arguments, variables={"VERBATIM_SEEDS": str(seeds), "VERBATIM_RULES": str(rules)})


@pytest.mark.parametrize("rule", built_in_rules(), ids=lambda rule: rule.name)
def test_every_built_in_rule_carries_an_example_and_a_near_miss_and_they_hold(rule: Rule) -> None:
    assert any(is_near_miss(example) for example in rule.example)
    assert any(not is_near_miss(example) for example in rule.example)
    for outcome in example_outcomes([rule]):
        assert outcome.left == outcome.expected


def test_an_example_is_of_the_rules_own_host_unless_it_says_another() -> None:
    toml = (
        MINE.replace("reason", 'hosts = ["example.org"]\nreason')
        + '\n[[rule.example]]\ntext = "Kratsios"\nhost = "a.org"'
    )
    assert [outcome.holds for outcome in example_outcomes(parse_rules(toml, "mine.toml").rule)] == [True, True]


def test_the_example_in_the_documentation_holds() -> None:
    page = (Path(__file__).parents[3] / "docs" / "rules.md").read_text()
    toml = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)[0]
    read = parse_rules(toml, "docs/rules.md", linear=True)
    assert set(read.without) <= {rule.name for rule in built_in_rules()}
    assert [outcome.holds for outcome in example_outcomes(read.rule)] == [True, True]
    assert tomllib.loads(toml)["rule"][0].keys() - {"example"} <= set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))


def test_examples_that_do_not_hold_are_shown_and_fail(seeds: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.d"
    assert run("test", seeds=seeds, rules=rules).returncode == 0
    rules.mkdir()
    (rules / "mine.toml").write_text(MINE.replace("was who came", "was he who came"))
    done = run("test", seeds=seeds, rules=rules)
    assert done.returncode == 1
    assert "mine, example 1:" in done.stdout
    assert "It was who came." in done.stdout
    told = json.loads(run("test", "--json", seeds=seeds, rules=rules).stdout)
    assert [(one["rule"], one["left"], one["expected"]) for one in told["failed"]] == [
        ("mine", "It was who came.", "It was he who came.")
    ]
    assert told["without_examples"] == []


def test_a_new_file_is_shown_on_each_article_before_it_is_in_force(seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE)
    before = sorted(tmp_path.rglob("*"))
    done = run("check", str(tmp_path / "mine.toml"), seeds=seeds, rules=tmp_path / "rules.d")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "000_88608c0d96434d55"
    assert lines.count("  - mine: Kratsios") == 2
    assert "  + more-stories: Related Articles" in lines
    assert lines[-1].startswith("2 of 2 articles would change: 2 pieces removed (-), ")
    told = json.loads(
        run("check", "--json", str(tmp_path / "mine.toml"), seeds=seeds, rules=tmp_path / "rules.d").stdout
    )
    for one in told["articles"]:
        text = (seeds / f"{one['article']}.txt").read_text()
        for piece in (*one["taken"], *one["given_back"]):
            assert collapse_whitespace(text[slice(*piece["span"])]) == collapse_whitespace(piece["text"])
    assert told["totals"]["lost"][0] < told["totals"]["lost"][1]
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_is_checked_in_the_place_of_the_one_of_its_name(seeds: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.d"
    rules.mkdir()
    (rules / "mine.toml").write_text(MINE)
    (tmp_path / "mine.toml").write_text("# no rule any more")
    done = run("check", str(tmp_path / "mine.toml"), seeds=seeds, rules=rules)
    assert done.stdout.count("  + mine: Kratsios") == 2
    assert (rules / "mine.toml").read_text() == MINE


def test_a_file_that_cannot_be_used_is_a_sentence_and_exit_code_2(seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE.replace("Kratsios'", "Kratsios(?=s)'", 1))
    for path in (tmp_path / "mine.toml", tmp_path / "nowhere.toml"):
        done = run("check", str(path), seeds=seeds, rules=tmp_path / "rules.d")
        assert done.returncode == 2
        assert done.stderr.startswith(path.name)
        assert done.stderr.count("\n") == 1


def test_the_rules_in_force_are_listed(seeds: Path, tmp_path: Path) -> None:
    done = run("list", seeds=seeds, rules=tmp_path)
    assert done.stdout.startswith("mine: inline") is False
    (tmp_path / "mine.toml").write_text(MINE)
    listed = json.loads(run("list", "--json", seeds=seeds, rules=tmp_path).stdout)
    assert listed[0]["name"] == "mine"
    assert "more-stories" not in {rule["name"] for rule in listed}
