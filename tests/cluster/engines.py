"""Engines over a cluster beside engines over a data folder: what both are asked, and what they are asked about."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Self

from index.cluster.address import ClusterSettings
from index.cluster.connection import Cluster
from index.engine import Engine
from index.indexing.cluster_snapshots import ClusterSnapshots
from index.models import Answer, Preceding

from .opensearch import OpenSearchCluster

THINGS = ("mill", "bridge", "harbour", "library", "bakery", "lighthouse", "museum", "station", "market", "chapel")
PLACES = ("Orla", "Lomma", "Ystad", "Varberg", "Skanör", "Höganäs", "Arild", "Kivik", "Torekov", "Simris")
PEOPLE = ("Anders Holm", "Ilse Brandt", "Greta Lind", "Jonas Ek", "Maja Strand", "Nils Bergman", "Karin Dahl")
GOODS = ("rye", "wheat", "timber", "salt", "herring", "copper", "wool", "paper", "honey", "glass")
CAUSES = ("a fire", "a flood", "a storm", "the war", "a strike", "the frost")
EVERYWHERE = "The county council publishes the figures of all buildings every spring."
"""A sentence that all articles have."""
SEVERAL = "The ferry between Lomma and Ystad carries copper and herring in summer."
"""A sentence that some articles have."""


OPENED: list[Cluster] = []


class Asked(NamedTuple):
    """What an engine is asked."""

    questions: Sequence[str]
    chains: Sequence[tuple[str, ...]] = ()
    """Questions that follow each other."""
    every: int = 4
    """Of so many questions one is also a search, is read for its spelling, and is asked of one article."""


class Pair(NamedTuple):
    """Two engines over the same articles."""

    local: Engine
    remote: Engine

    @classmethod
    def open(cls, seeds: Path, data: Path, settings: ClusterSettings, *, require_source_url: bool = False) -> Self:
        """Build both indexes; `data` is for the data folders."""
        local = Engine.open(seeds, data / "local", require_source_url=require_source_url)
        return cls(local, open_remote(seeds, data, settings, require_source_url=require_source_url))

    def reindex(self) -> None:
        """Bring both up to date; they must report the same."""
        assert self.local.reindex() == self.remote.reindex()

    def differences(self, asked: Asked) -> list[str]:
        """What the two say differently."""
        one, other = everything_said(self.local, asked), everything_said(self.remote, asked)
        assert one.keys() == other.keys()
        return [name for name in one if one[name] != other[name]]


def open_remote(
    seeds: Path, data: Path, settings: ClusterSettings, *, require_source_url: bool = False, build: bool = True
) -> Engine:
    """An engine over a cluster."""
    engine = Engine.open(seeds, data / "remote", cluster=settings, require_source_url=require_source_url, build=build)
    assert isinstance(engine.manager.snapshots, ClusterSnapshots)
    OPENED.append(engine.manager.snapshots.cluster)
    return engine


def close_all() -> None:
    """Close the connections of all engines over a cluster."""
    while OPENED:
        OPENED.pop().close()


def settings_of(cluster: OpenSearchCluster, prefix: str, store: Path | str) -> ClusterSettings:
    """How an engine finds a cluster."""
    return ClusterSettings(",".join(cluster.urls), prefix=prefix.rstrip("-"), store=str(store))


def variables_of(settings: ClusterSettings) -> dict[str, str]:
    """The same as variables of a process."""
    return {
        "VERBATIM_OPENSEARCH": settings.urls,
        "VERBATIM_OPENSEARCH_INDEX": settings.prefix,
        "VERBATIM_STORE": settings.store,
    }


def everything_said(engine: Engine, asked: Asked) -> dict[str, object]:
    """All that an engine says to these questions, by what it was asked."""
    said: dict[str, object] = {
        "ids": sorted(engine.collection.ids),
        "labels": sorted(engine.labels()),
        "counts": (engine.articles, engine.sentences, dict(engine.collection.languages)),
    }
    articles = sorted(engine.collection.ids)
    for number, question in enumerate(asked.questions):
        said[f"ask {question!r}"] = engine.ask(question)
        said[f"record {question!r}"] = engine.answer_from_record(question)
        if number % asked.every == 0 and articles:
            article = articles[number % len(articles)]
            said[f"explain {question!r}"] = engine.ask(question, explain=True)
            said[f"ask {question!r} of {article}"] = engine.ask(question, article)
            said[f"search {question!r}"] = engine.search(question, 10)
            said[f"search {question!r} in {article}"] = engine.search(question, 5, article)
            said[f"spelling of {question!r}"] = engine.correct_spelling(question)
    for chain in asked.chains:
        for place, answer in enumerate(follow(engine, chain)):
            said[f"{' > '.join(chain[: place + 1])!r}"] = answer
    return said


def follow(engine: Engine, chain: Iterable[str]) -> list[Answer]:
    """The answers to questions that follow each other."""
    answers: list[Answer] = []
    before: tuple[str, ...] = ()
    for question in chain:
        last = answers[-1] if answers else None
        follows = last and Preceding(questions=before, quotes=last.shown_quotes, nearest=last.nearest)
        answers.append(engine.ask(question, follows=follows or None))
        before = (question, *before) if answers[-1].read_with else (question,)
    return answers


# ---- made articles ---------------------------------------------------------------------------------------------------


def write_articles(seeds: Path, numbers: Iterable[int], edition: int = 0) -> None:
    """Articles about buildings, of some sixty sentences each; another edition says other things."""
    seeds.mkdir(exist_ok=True)
    for number in numbers:
        (seeds / f"building-{number:03}.md").write_text(_article(number, edition), "utf-8")


def _article(number: int, edition: int) -> str:
    drawn = random.Random(f"{number} {edition}")  # noqa: S311  # not for secrets
    thing, place = THINGS[number % 10], PLACES[number // 10 % 10]
    facts = [f"title: The {thing} of {place}, part {number}"]
    if number % 3:
        facts.append(f"url: https://buildings.example.org/{number}")
    if number % 4:
        facts.append(f"date: 19{number % 80 + 10}-0{number % 9 + 1}-1{number % 9}")
    parts = ["---", *facts, "---", f"# The {thing} of {place}", "", EVERYWHERE, ""]
    for heading in ("History", "Trade", "Visitors"):
        sentences = [_sentence(drawn, thing, place) for _ in range(18)]
        parts += [f"## {heading}", "", " ".join(sentences[:9]), "", " ".join(sentences[9:]), ""]
    parts += ["## Goods", "", "| Good | Price |", "|---|---|"]
    parts += [f"| {good} | {drawn.randrange(2, 90)} crowns |" for good in drawn.sample(GOODS, 4)]
    if number % 5 == 0:
        parts += ["", "## Ferries", "", SEVERAL]
    return "\n".join(parts) + "\n"


def _sentence(drawn: random.Random, thing: str, place: str) -> str:
    person, good, cause = drawn.choice(PEOPLE), drawn.choice(GOODS), drawn.choice(CAUSES)
    year, number = drawn.randrange(1780, 1990), drawn.randrange(2, 900)
    other = f"the {drawn.choice(THINGS)} of {drawn.choice(PLACES)}"
    return drawn.choice(
        (
            f"{person} built the {thing} of {place} in {year}.",
            f"The {thing} was closed in {year}, because {cause} destroyed its roof.",
            f"It sold {number} sacks of {good} to {other}.",
            f"In {year} {person} bought {other} for {number} crowns.",
            f"{cause.capitalize()} reached {place} in {year}, and {other} was never repaired.",
            f"The {thing} of {place} has {number} windows and stores {good}.",
            f"{person} said that {good} is cheaper in {place} than at {other}.",
            f"Visitors of the {thing} see {number} tools for {good}.",
        )
    )


def questions(number: int, seed: int = 7) -> list[str]:
    """Questions about made articles; some have a wrong spelling, some have no answer."""
    drawn = random.Random(seed)  # noqa: S311  # not for secrets
    asked = []
    for _ in range(number):
        thing, place, person, good = map(drawn.choice, (THINGS, PLACES, PEOPLE, GOODS))
        asked.append(
            drawn.choice(
                (
                    f"Who built the {thing} of {place}?",
                    f"When was the {thing} of {place} closed?",
                    f"Why was the {thing} of {place} closed?",
                    f"How many windows does the {thing} of {place} have?",
                    f"What did {person} say about {good}?",
                    f"What does {good} cost?",
                    f"Who bought the {thing} of {place} in {drawn.randrange(1780, 1990)}?",
                    f"{thing} {place} {good}",
                    f"Who biult the {thing} of {place}?",
                    f"Who painted the ceiling of the {thing} of {place}?",
                    f"Tell me about the {thing}.",
                )
            )
        )
    return asked


GENERAL = (
    "Who publishes the figures of all buildings?",
    "What does the ferry between Lomma and Ystad carry?",
    "How many articles are there?",
    "Which article is the latest?",
    "When was the article about the mill of Orla published?",
    "Is there an article about bees?",
    "What is the capital of Peru?",
    "what?",
    "hello",
)
CHAINS = (
    ("Who built the mill of Orla?", "and when?", "why was it closed?", "more"),
    ("What does the ferry between Lomma and Ystad carry?", "and the library?", "who wrote this?"),
)
MADE = Asked((*questions(12), *GENERAL[:4]), CHAINS[:1], every=8)
"""What is asked about made articles after each of many changes."""
