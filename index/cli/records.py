"""Output of answers from the record: the articles there are, how many, one article's metadata, the latest."""

from __future__ import annotations

from rich.console import Console

from index.analysis.record_questions import RecordKind
from index.answering.records import RecordAnswer
from index.cli import messages
from index.cli.console import print_articles, print_correction, print_line, printable
from index.engine import Engine
from index.models import Article, MetadataField


def print_record(console: Console, found: RecordAnswer, engine: Engine) -> None:
    """Print what the record says to a question."""
    for correction in found.corrections:
        print_correction(console, correction)
    if found.kind is RecordKind.LIST:
        print_articles(console, engine.entries())
    elif found.kind is RecordKind.COUNT:
        print_line(console, messages.ARTICLES.format(count=found.count))
    elif found.kind is RecordKind.HELP:
        print_line(console, messages.HELP)
    elif found.kind is RecordKind.LATEST:
        _print_latest(console, found)
    else:
        _print_metadata(console, found)


def _print_latest(console: Console, found: RecordAnswer) -> None:
    if not found.articles:
        print_line(console, messages.NO_DATES if found.count else messages.NO_ARTICLES)
        return
    print_line(console, messages.LATEST, "dim")
    for article in found.articles:
        _print_article(console, article, "published")
    if found.undated:
        print_line(console, messages.UNDATED.format(count=found.undated), "dim")


def _print_metadata(console: Console, found: RecordAnswer) -> None:
    if not found.articles:
        print_line(console, messages.WHICH_ARTICLE)
        return
    if len(found.articles) > 1:
        print_line(console, messages.FITTING, "dim")
    for article in found.articles:
        _print_article(console, article, found.kind.value)
    if found.count > len(found.articles):
        print_line(console, messages.MORE_FITTING.format(count=found.count - len(found.articles)), "dim")


def _print_article(console: Console, article: Article, name: str) -> None:
    """Print the title, the field with its origin, and the source URL."""
    fact: MetadataField | None = getattr(article, name)
    print_line(console, printable(article.label), "bold")
    if name != "url":
        value = messages.NOT_RECORDED if fact is None else f"{fact.value}, {messages.ORIGIN.format(origin=fact.origin)}"
        print_line(console, printable(messages.FIELD.format(name=name, value=value)))
    print_line(console, article.url.value if article.url else messages.NO_URL, "cyan")
