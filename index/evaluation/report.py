"""The report of an evaluation: a folder with an HTML page, its plots, and every result as JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from index.errors import EvaluationInvalid
from index.evaluation.html_report import Tables, Variants, render_page
from index.evaluation.plots import check_plots, draw_plots
from index.evaluation.runner import Result, outcomes_of
from index.serialization import answer_to_json

PAGE, RESULTS = "report.html", "results.jsonl"


def prepare_report(folder: Path) -> None:
    """Create the folder and check for matplotlib, before a long run; EvaluationInvalid where one of them fails."""
    check_plots()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error


def write_report(folder: Path, title: str, results: Sequence[Result], variants: Variants, tables: Tables) -> Path:
    """Write the report into an existing folder; returns the path of the page.

    `variants` are results without what answers the questions, by the variant's name; `tables` are metrics by their
    heading. EvaluationInvalid where the folder cannot be written.
    """
    try:
        _write_lines(folder / RESULTS, results)
        for name, some in variants.items():
            if some:
                _write_lines(folder / f"{name}.jsonl", some)
        draw_plots(folder, outcomes_of(results))
        (folder / PAGE).write_text("\n".join(render_page(title, results, variants, tables)) + "\n", "utf-8")
    except OSError as error:
        raise _unwritable(folder, error) from error
    return folder / PAGE


def _unwritable(folder: Path, error: OSError) -> EvaluationInvalid:
    problem = f"The report cannot be written to {folder} ({error.strerror})."
    return EvaluationInvalid(problem, "Choose a folder that is writable.")


def _write_lines(path: Path, results: Sequence[Result]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(_record(result), ensure_ascii=False) + "\n" for result in results)


def _record(result: Result) -> dict[str, object]:
    """The question's line with the answer; `right_place` is the rank of the first right passage, from 0."""
    answer = {key: value for key, value in answer_to_json(result.answer).items() if key != "question"}
    return {**result.asked.model_dump(mode="json"), "right_place": result.place, **answer}
