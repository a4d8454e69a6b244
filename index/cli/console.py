"""Output of the command for people: quotations, recorded facts, and sentences."""

from __future__ import annotations

import shlex
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from index.indexing.reindex import Report
from index.indexing.snapshots import Kept
from index.models import Answer, Article, Entry, Fact, Quote
from index.reading.sidecar import ENDING as SIDECAR
from index.serialization import FACTS

NOT_RECORDED = "not recorded"
NO_URL = "source URL not recorded"
PRINTED_HYPHENS = "Hyphens at the ends of printed lines are kept as they stand in the document."
NOT_FOUND = "I found nothing about this in the articles."
MAY_ANSWER = "This may answer it:"
NO_ARTICLES = "There are no articles yet. Add one with `verbatim add FILE`."
NOTHING_FOUND = "I found no passage for these words."
WITHOUT_QUOTES = {
    "no-articles": NO_ARTICLES,
    "nothing-quotable": "There is no sentence here that I may quote.",
    "small-talk": "I quote articles and say nothing else. Ask what they say about a name, a place or a thing.",
    "nothing-to-search-for": (
        "This names nothing to look for. Ask with a name, a place or a thing that an article may mention."
    ),
    "too-broad": (
        "Several sentences mention this. Ask what you want to know about it: who, what, when, where, why or how many."
    ),
    "unreadable": (
        "I do not know enough of these words to look for them. Try other words, in the language of the articles."
    ),
}
"""The text for an answer without a quotation, by the rule that decided; NOT_FOUND for other rules."""
READ_AS = "Read {written} as {read_as}."
ALSO_IN = "The same words also stand in:"
FURTHER_SOURCES = "Further articles in which the same words stand: {count}."
SIMILAR = "{one.article} is much like {one.other}: about {share} % of their runs of five words are shared."
SIMILAR_AT_MOST = 20
MAY_NOT_ANSWER = "Nearest passages; they may not answer the question:"
CONTROL_PICTURES, DELETE_PICTURE = 0x2400, "\u2421"
WORTH_A_LINE = 0.01
"""Contributions to the log-odds below this are not shown."""
FIRST_PRINTABLE, DELETE = 0x20, "\x7f"


def printable(text: str) -> str:
    """The text with control characters as visible symbols, so that no article can control the terminal."""
    return "".join(
        _picture(character) if unicodedata.category(character) in {"Cc", "Cs"} else character for character in text
    )


def _picture(character: str) -> str:
    if character == DELETE:
        return DELETE_PICTURE
    return chr(CONTROL_PICTURES + ord(character)) if ord(character) < FIRST_PRINTABLE else "�"


def quote_lines(quote: Quote) -> Iterator[tuple[str, str]]:
    """The lines of a quotation with their styles: its text, then the recorded facts of each source."""
    yield "bold", printable(quote.text)
    if quote.keeps_hyphens:
        yield "dim", PRINTED_HYPHENS
    yield from source_lines(quote.article)
    for source in quote.also:
        yield "dim", ALSO_IN
        yield from source_lines(source.article)
    if quote.further_sources:
        yield "dim", FURTHER_SOURCES.format(count=quote.further_sources)


def source_lines(article: Article) -> Iterator[tuple[str, str]]:
    """The lines about a source: its title, other recorded facts, its URL."""
    yield "", printable(article.label)
    recorded = [fact.value for fact in (article.publisher, article.author, article.published) if fact]
    if recorded:
        yield "dim", printable(" · ".join(recorded))
    yield "cyan", article.url.value if article.url else NO_URL


def print_quotes(console: Console, quotes: Sequence[Quote]) -> None:
    """Print quotations, separated by blank lines."""
    for number, quote in enumerate(quotes):
        if number:
            console.print()
        for style, line in quote_lines(quote):
            print_line(console, line, style)


def print_line(console: Console, line: str, style: str = "") -> None:
    """Print a line unchanged: no markup, and no wrapping when written to a file."""
    console.print(Text(line, style=style), soft_wrap=not console.is_terminal, emoji=False, highlight=False)


def print_answer(console: Console, answer: Answer) -> None:
    """Print the corrections to the question, then the answer."""
    for reading in answer.readings:
        words = READ_AS.format(written=reading.written, read_as=reading.read_as)
        print_line(console, printable(words), "dim")
    if answer.possible:
        print_line(console, MAY_ANSWER, "dim")
    if answer.shown:
        print_quotes(console, answer.shown)
    else:
        print_line(console, WITHOUT_QUOTES.get(answer.reasons.rule, NOT_FOUND))


def print_reasons(console: Console, answer: Answer) -> None:
    """Print the explanation: the rule, the probability, the matched terms, and the contribution of each signal."""
    reasons = answer.reasons
    console.print()
    thresholds = f"thresholds {reasons.threshold:.2f} and {reasons.may_answer_threshold:.2f}"
    sure = f"probability {reasons.probability:.2f}, {thresholds}"
    print_line(
        console, f"{answer.verdict.value}, by the rule {reasons.rule}: {sure}, coverage {reasons.coverage:.2f}", "bold"
    )
    terms = Table("word", "term", "idf", "matched", "", box=None, pad_edge=False, header_style="dim")
    for term in reasons.terms:
        known = "" if term.seen else "in no article"
        terms.add_row(
            Text(printable(term.word)), Text(printable(term.term)), f"{term.idf:.2f}", f"{term.matched:.2f}", known
        )
    signals = Table("signal", "value", "gave", box=None, pad_edge=False, header_style="dim")
    for signal in reasons.signals:
        if abs(signal.gave) >= WORTH_A_LINE:
            signals.add_row(signal.name, f"{signal.value:.2f}", f"{signal.gave:+.2f}")
    for table in (terms, signals):
        if table.row_count:
            console.print()
            console.print(table)


def print_articles(console: Console, entries: Sequence[Entry]) -> None:
    """Print the list of articles."""
    for entry in entries:
        print_line(console, printable(entry.article.label), "bold")
        recorded = [entry.article.id, f"{len(entry.body)} sentences"]
        print_line(console, printable(" · ".join(recorded)), "dim")
        print_line(console, entry.article.url.value if entry.article.url else NO_URL, "cyan")
    if not entries:
        print_line(console, NO_ARTICLES)


def print_incomplete(console: Console, entries: Sequence[Entry]) -> None:
    """Print the articles without a source URL, each with the line for its sidecar that states one."""
    for entry in entries:
        article = entry.article
        print_line(console, printable(article.label), "bold")
        print_line(console, printable(f"{article.id} · {NO_URL}"), "dim")
        print_line(console, printable(f'{article.id}{SIDECAR}: add the line   url = "https://…"'))
        print_line(console, printable(f"or run: verbatim article {shlex.quote(article.id)} --edit url=https://…"))
    if not entries:
        print_line(console, "Every article has a source URL.")


def print_history(console: Console, kept: Sequence[Kept]) -> None:
    """Print the kept snapshots."""
    for one in kept:
        changed = f"{one.change.added} added, {one.change.changed} changed, {one.change.removed} removed"
        print_line(console, f"{one.id} (current)" if one.current else one.id, "bold")
        print_line(console, f"{one.created:%Y-%m-%d %H:%M:%S} UTC · {changed}", "dim")
        print_line(console, f"{one.articles} articles, {one.sentences} sentences", "dim")
    if not kept:
        print_line(console, "There is no index yet. `verbatim reindex` builds it.")


def print_entry(console: Console, entry: Entry, kept: Path | None = None) -> None:
    """Print an article's facts, sentences and exclusions; `kept` is the path of its extracted text, if it has one."""
    facts = Table(box=None, show_header=False, pad_edge=False)
    for name in FACTS:
        facts.add_row(Text(name, style="dim"), *_fact_cells(entry.article, name))
    facts.add_row(Text("file", style="dim"), Text(entry.article.file), Text(entry.article.sha256[:12], style="dim"))
    if extraction := entry.article.extraction:
        taken = f"{extraction.format}, by {extraction.by}"
        facts.add_row(Text("text", style="dim"), Text(str(kept)), Text(extraction.sha256[:12], style="dim"))
        facts.add_row(Text("taken out of", style="dim"), Text(taken), Text(""))
    console.print(facts)
    _print_section(console, f"{len(entry.body)} sentences", [_slice(entry, *s.span) for s in entry.body])
    left_out = [f"{cut.kind}, {cut.rule}: {_slice(entry, *cut.span)}" for cut in entry.exclusions]
    _print_section(console, f"{len(left_out)} pieces left out", left_out)
    lost = [_slice(entry, *span) for span in entry.lost]
    _print_section(console, f"{len(lost)} pieces of sentences lost to interruptions", lost)


def _print_section(console: Console, heading: str, rows: Sequence[str]) -> None:
    console.print()
    print_line(console, heading, "bold")
    for row in rows:
        if console.is_terminal:
            console.print(Padding(Text(printable(row)), (0, 0, 0, 2)), highlight=False)
        else:  # nothing wraps here, and padding would cut lines off
            print_line(console, f"  {printable(row)}")


def _slice(entry: Entry, start: int, end: int) -> str:
    return " ".join(entry.article.text[start:end].split())


def _fact_cells(article: Article, name: str) -> tuple[Text, Text]:
    fact: Fact | None = getattr(article, name)
    if fact is None:
        return Text(NOT_RECORDED, style="dim"), Text("")
    return Text(printable(fact.value)), Text(f"from the {fact.origin.value}", style="dim")


def print_report(console: Console, report: Report) -> None:
    """Print the report of a reindexing."""
    for heading, names in (
        ("added", report.added),
        ("changed", report.changed),
        ("removed", report.removed),
    ):
        for name in names:
            print_line(console, f"{heading}: {printable(name)}")
    for refusal in report.refused:
        print_line(console, f"refused: {printable(refusal.file)}: {printable(refusal.reason)}", "yellow")
    for one in report.similar[:SIMILAR_AT_MOST]:
        print_line(console, printable(SIMILAR.format(one=one, share=round(100 * one.share))), "yellow")
    if len(report.similar) > SIMILAR_AT_MOST:
        print_line(console, f"and {len(report.similar) - SIMILAR_AT_MOST} more that are much like another article")
    would = "Nothing was written. The index would hold" if report.dry_run else "The index holds"
    print_line(
        console,
        f"{would} {report.articles} articles with {report.sentences} sentences; {len(report.unchanged)} unchanged, "
        f"{report.lost_to_interruptions} pieces of sentences lost to interruptions.",
    )
