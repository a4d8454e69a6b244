"""`verbatim eval`: measure the answers to a file of questions."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from index.answering.encoder import Encoder
from index.cli import console as terminal
from index.cli import messages
from index.cli.options import DATA, RULES, SEEDS, Data, EncoderFolder, Rules, Seeds
from index.collection.collection import Collection
from index.engine import Engine
from index.errors import EvaluationInvalid
from index.evaluation.articles import read_article_file
from index.evaluation.html_report import Tables, interval_text, value_text
from index.evaluation.metrics import Figure, Outcomes, measure
from index.evaluation.questions import EvaluationQuestion, gold_not_in_texts, read_questions
from index.evaluation.report import prepare_report, write_report
from index.evaluation.runner import VARIANTS, Result, ask_all, outcomes_of, with_unanswerable
from index.evaluation.runner import Progress as Reporting
from index.serialization import JsonObject, print_json

Figures = Mapping[str, Figure]

VARIANT_FIGURES = ("auroc", "answered_though_unanswerable", "shown")
"""The metrics of the variants without what answers the questions."""
MAX_IDS_NAMED = 5


def evaluate(  # noqa: PLR0913  # the options of a command
    questions: Annotated[Path, typer.Argument(help="Questions with their answers, one JSON object per line.")],
    *,
    articles: Annotated[
        Path | None, typer.Option(help="Search these articles, one JSON object per line, instead of the index.")
    ] = None,
    left_out: Annotated[
        bool, typer.Option("--left-out", help="Also ask each answerable question without its articles.")
    ] = False,
    removed: Annotated[
        bool,
        typer.Option("--removed", help="Also ask each answerable question without the sentences that answer it."),
    ] = False,
    by: Annotated[
        str | None, typer.Option(help="Also report the figures for each value of this key of the questions.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write a report with plots to this folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    seeds: Seeds = SEEDS,
    data: Data = DATA,
    rules: Rules = RULES,
    encoder: EncoderFolder = None,
) -> None:
    """Ask a file of questions and report how many answers are right, each figure with its 95 % interval."""
    if report is not None:
        prepare_report(report)
    asked = read_questions(questions)
    opened = None if encoder is None else Encoder.open(encoder)
    _check_key(asked, by, questions)
    with _ProgressBar() as bar:
        collection = _indexed(seeds, data, rules, bar) if articles is None else Collection(read_article_file(articles))
        _warn_of_gold(asked, collection)
        started = time.perf_counter()
        results = ask_all(collection, asked, bar.report("Asking"), opened)
        seconds = time.perf_counter() - started
        wanted = {"left_out": left_out, "removed": removed}
        variants = {
            name: variant.ask(collection, asked, bar.report(variant.title), opened) if wanted[name] else []
            for name, variant in VARIANTS.items()
        }
    outcomes = outcomes_of(results)
    figures = measure(outcomes)
    without = {
        name: measure(with_unanswerable(outcomes, outcomes_of(some)), VARIANT_FIGURES) if some else {}
        for name, some in variants.items()
    }
    groups = {} if by is None else {kind: measure(some) for kind, some in _groups(results, by).items()}
    tables: Tables = {
        "All questions": figures,
        **{VARIANTS[name].title: some for name, some in without.items() if some},
        **{f"{by}: {kind}": some for kind, some in groups.items()},
    }
    if report is not None:
        write_report(report, f"{questions.name}, asked of {(articles or seeds).name}", results, variants, tables)
    if as_json:
        print_json(evaluation_to_json(len(asked), int(outcomes.answerable.sum()), figures, without, groups))
        return
    _print(tables)
    count = len(results)
    times = messages.TIMES.format(count=count, seconds=seconds, milliseconds=1000 * seconds / count)
    sys.stdout.write(f"{times}\n")


def _indexed(seeds: Path, data: Path, rules: Path, bar: _ProgressBar) -> Collection:
    engine = Engine.open(seeds, data, rules=rules, progress=bar.report("Reading articles"))
    if engine.is_stale():
        sys.stderr.write(f"{messages.STALE}\n")
    return engine.collection


def _check_key(questions: Sequence[EvaluationQuestion], key: str | None, path: Path) -> None:
    """EvaluationInvalid where no question has the key to group by."""
    known = sorted({name for question in questions for name in question.model_extra or {}})
    if key is not None and key not in known:
        problem = messages.NO_KEY.format(path=path, key=key)
        raise EvaluationInvalid(problem, messages.KEYS.format(names=", ".join(known)) if known else messages.NO_KEYS)


def _warn_of_gold(questions: Sequence[EvaluationQuestion], collection: Collection) -> None:
    texts = {entry.article.id: entry.article.text for entry in collection.entries}
    if lost := gold_not_in_texts(questions, texts):
        named = ", ".join(lost[:MAX_IDS_NAMED]) + (
            messages.AND_MORE.format(count=more) if (more := len(lost) - MAX_IDS_NAMED) > 0 else ""
        )
        told = messages.GOLD_IN_NO_ARTICLE.format(names=named)
        sys.stderr.write(terminal.printable(told) + "\n")


def _groups(results: Sequence[Result], key: str) -> dict[str, Outcomes]:
    kinds = sorted({result.asked.kind(key) for result in results})
    return {kind: outcomes_of([result for result in results if result.asked.kind(key) == kind]) for kind in kinds}


def _print(tables: Tables) -> None:
    console = terminal.plain_console()
    for name, figures in tables.items():
        title = terminal.printable(name)
        table = Table("figure", "value", "95 % interval", box=None, pad_edge=False, title=title, title_justify="left")
        for figure, value in figures.items():
            table.add_row(figure, value_text(value.value), interval_text(value))
        console.print(table)
        console.print()


class _ProgressBar(Progress):
    """A progress bar on standard error, if that is a terminal."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        super().__init__(*columns, console=console, disable=not console.is_terminal, transient=True)

    def report(self, label: str) -> Reporting:
        """A callback for the number done and the total."""
        task = self.add_task(label, total=None)
        return lambda done, total: self.update(task, completed=done, total=total)


def evaluation_to_json(
    questions: int,
    answerable: int,
    figures: Figures,
    variants: Mapping[str, Figures],
    groups: Mapping[str, Figures],
) -> JsonObject:
    """The metrics as JSON, each with the bounds of its 95 % interval; null where it is not defined.

    `variants` holds metrics without what answers the questions, by name, empty if not measured; `groups` by the values
    of the grouping key.
    """
    return {
        "questions": questions,
        "answerable": answerable,
        "unanswerable": questions - answerable,
        "figures": _figures_to_json(figures),
        **{name: _figures_to_json(some) or None for name, some in variants.items()},
        "by": {kind: _figures_to_json(some) for kind, some in groups.items()},
    }


def _figures_to_json(figures: Figures) -> JsonObject:
    return {name: figure._asdict() for name, figure in figures.items()}
