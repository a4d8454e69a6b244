"""`verbatim eval`: how good the answers to a file of questions are."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from index.collection import Collection
from index.engine import Engine
from index.evaluation.articles import entries_of
from index.evaluation.figures import Figure, Outcomes, measured
from index.evaluation.questions import read_questions
from index.evaluation.report import check_plots, shown, write_report
from index.evaluation.running import Progress as Reporting
from index.evaluation.running import Result, against_left_out, ask_all, ask_left_out, outcomes_of
from index.records import evaluation_record, print_json

LEFT_OUT = ("auroc", "answered_though_unanswerable")


def evaluate(  # noqa: PLR0913  # the options of a command
    questions: Annotated[Path, typer.Argument(help="Questions with their answers, a JSON object a line.")],
    *,
    articles: Annotated[
        Path | None, typer.Option(help="Ask these articles, a JSON object a line; needs no index.")
    ] = None,
    left_out: Annotated[
        bool, typer.Option("--left-out", help="Ask each answerable question without its articles, too.")
    ] = False,
    by: Annotated[
        str | None, typer.Option(help="Give the figures apart for each value of this key of the questions.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write a report with plots into this folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    seeds: Annotated[Path, typer.Option(envvar="VERBATIM_SEEDS", help="The folder of articles.")] = Path("seeds"),
    data: Annotated[Path, typer.Option(envvar="VERBATIM_DATA", help="The folder of the index.")] = Path("data"),
) -> None:
    """Ask a file of questions and say how many answers are right, each figure with its 95 % interval."""
    if report is not None:
        check_plots()
    asked = read_questions(questions)
    collection = Engine.open(seeds, data).served.collection if articles is None else Collection(entries_of(articles))
    started = time.perf_counter()
    with _Bar() as bar:
        results = ask_all(collection, asked, bar.report("Asking"))
        without = ask_left_out(collection, asked, bar.report("Asking without the article")) if left_out else None
    seconds = time.perf_counter() - started
    outcomes = outcomes_of(results)
    figures = measured(outcomes)
    apart = {} if without is None else measured(against_left_out(outcomes, outcomes_of(without)), LEFT_OUT)
    groups = {} if by is None else {kind: measured(some) for kind, some in _groups(results, by).items()}
    if report is not None:
        write_report(report, f"{questions.name}, asked of {(articles or seeds).name}", results, figures)
    if as_json:
        print_json(evaluation_record(len(asked), int(outcomes.answerable.sum()), figures, apart, groups))
    else:
        _print(len(results), seconds, {"all": figures, "left out": apart, **groups})


def _groups(results: list[Result], key: str) -> dict[str, Outcomes]:
    kinds = sorted({result.asked.kind(key) for result in results})
    return {kind: outcomes_of([result for result in results if result.asked.kind(key) == kind]) for kind in kinds}


def _print(questions: int, seconds: float, groups: Mapping[str, Mapping[str, Figure]]) -> None:
    console = Console(highlight=False, markup=False, emoji=False)
    for name, figures in groups.items():
        if not figures:
            continue
        table = Table("figure", "value", "95 % interval", box=None, pad_edge=False, title=name, title_justify="left")
        for figure, value in figures.items():
            table.add_row(figure, shown(value.value), f"{shown(value.low)} – {shown(value.high)}")
        console.print(table)
        console.print()
    console.print(f"{questions} questions in {seconds:.1f} s, {1000 * seconds / questions:.1f} ms each.")


class _Bar(Progress):
    """A bar on standard error, where that is a terminal."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        super().__init__(*columns, console=console, disable=not console.is_terminal, transient=True)

    def report(self, what: str) -> Reporting:
        """A function that shows how many are done."""
        task = self.add_task(what, total=None)
        return lambda done, total: self.update(task, completed=done, total=total)
