"""The report of an evaluation: a folder with the figures, two plots, every result, and what went wrong, worst first."""

from __future__ import annotations

import html
import importlib.util
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.article import Verdict
from index.errors import EvaluationInvalid
from index.evaluation.figures import Figure, Outcomes, reliability, risk_coverage
from index.evaluation.running import Result, outcomes_of
from index.records import answer_record

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    Plot = Callable[[Axes, Outcomes], None]

PAGE, RESULTS, RISK, RELIABILITY = "report.html", "results.jsonl", "risk-coverage.svg", "reliability.svg"
WRONG_AT_MOST = 500
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{padding:.2rem .8rem;text-align:left;border-bottom:1px solid #ccc}"
    "blockquote{margin:.3rem 0;padding-left:1rem;border-left:3px solid #999}img{max-width:100%}"
)


def check_plots() -> None:
    """Raise EvaluationInvalid where the plots cannot be drawn, which is better known before a long run than after."""
    if importlib.util.find_spec("matplotlib") is None:
        what = "The plots of a report need matplotlib, which is not installed."
        raise EvaluationInvalid(what, "Install it: `.venv/bin/pip install '.[report]'`.")


def write_report(folder: Path, title: str, results: Sequence[Result], figures: Mapping[str, Figure]) -> Path:
    """Write the report into a folder, which is made where it is missing; returns the page to open.

    Raises:
        EvaluationInvalid: the folder cannot be written.
    """
    outcomes = outcomes_of(results)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lines = (json.dumps(_record(result), ensure_ascii=False) for result in results)
        (folder / RESULTS).write_text("\n".join(lines) + "\n", "utf-8")
        _draw(folder / RISK, outcomes, _risk_plot)
        _draw(folder / RELIABILITY, outcomes, _reliability_plot)
        (folder / PAGE).write_text("\n".join(_page(title, results, figures)) + "\n", "utf-8")
    except OSError as error:
        what = f"The report cannot be written to {folder} ({error.strerror})."
        raise EvaluationInvalid(what, "Name a folder that can be written.") from error
    return folder / PAGE


def wrong_ones(results: Sequence[Result]) -> list[Result]:
    """What went wrong, worst first: wrong quotations by how sure they were, then what was kept back or not found."""
    quoted = [result for result in results if _is_answered(result) and not result.is_right_first]
    unquoted = [result for result in results if not _is_answered(result) and result.asked.answerable]
    return [
        *sorted(quoted, key=lambda result: -result.answer.reasons.probability),
        *sorted(unquoted, key=lambda result: (result.place is None, result.place, result.answer.reasons.probability)),
    ]


def _is_answered(result: Result) -> bool:
    return result.answer.verdict is Verdict.ANSWERED


def _record(result: Result) -> dict[str, object]:
    return {
        **result.asked.model_dump(mode="json"),
        "right_place": result.place,
        **{key: value for key, value in answer_record(result.answer).items() if key != "question"},
    }


def _draw(path: Path, outcomes: Outcomes, plot: Plot) -> None:
    from matplotlib.figure import Figure as Canvas  # noqa: PLC0415  # an extra: only a report needs it

    canvas = Canvas(figsize=(6, 4), layout="constrained")
    plot(canvas.subplots(), outcomes)
    canvas.savefig(path, metadata={"Date": None})


def _risk_plot(axes: Axes, outcomes: Outcomes) -> None:
    coverages, risks = risk_coverage(outcomes)
    axes.plot(coverages, risks)
    axes.axvline(float(outcomes.answered.mean()), linestyle=":", color="gray")
    axes.set(
        xlabel="share of the questions, the most probable first (dotted: those answered)",
        ylabel="share whose first passage is wrong",
        xlim=(0, 1),
        ylim=(0, 1),
        title="Risk and coverage",
    )


def _reliability_plot(axes: Axes, outcomes: Outcomes) -> None:
    bins = reliability(outcomes)
    axes.plot([0, 1], [0, 1], linestyle=":", color="gray")
    axes.plot([said for said, _, _ in bins], [held for _, held, _ in bins], marker="o")
    for said, held, count in bins:
        axes.annotate(str(count), (said, held), textcoords="offset points", xytext=(6, -10), fontsize=8)
    axes.set(
        xlabel="probability stated",
        ylabel="share whose first passage is right",
        xlim=(0, 1),
        ylim=(0, 1),
        title="Reliability (with the number of questions)",
    )


def _page(title: str, results: Sequence[Result], figures: Mapping[str, Figure]) -> Iterator[str]:
    yield f"<!doctype html><html lang=en><meta charset=utf-8><title>{_safe(title)}</title><style>{STYLE}</style>"
    yield f"<h1>{_safe(title)}</h1><p>{len(results)} questions.</p><table><tr><th>figure<th>value<th>95 % interval"
    for name, figure in figures.items():
        yield f"<tr><td>{name}<td>{shown(figure.value)}<td>{shown(figure.low)} – {shown(figure.high)}"
    yield "</table>"
    yield f'<p><img src="{RISK}" alt="Risk over coverage"><img src="{RELIABILITY}" alt="Reliability">'
    wrong = wrong_ones(results)
    yield f"<h2>Wrong: {len(wrong)}, worst first</h2>"
    if len(wrong) > WRONG_AT_MOST:
        yield f"<p>The first {WRONG_AT_MOST}; all are in {RESULTS}."
    for result in wrong[:WRONG_AT_MOST]:
        yield from _wrong(result)


def _wrong(result: Result) -> Iterator[str]:
    reasons, quotes = result.answer.reasons, result.answer.quotes or result.answer.nearest[:1]
    yield f"<h3>{_safe(result.asked.question)}</h3><p>{_safe(result.asked.id)}: {result.answer.verdict.value},"
    yield f"rule {reasons.rule}, probability {reasons.probability:.2f}. {_right_place(result)}"
    yield "<p>Shown:" if result.answer.quotes else "<p>Nearest, not shown:"
    for quote in quotes:
        url = quote.article.url.value if quote.article.url else "source URL not recorded"
        source = f"{_safe(quote.article.label)} · {_safe(url)}"
        yield f"<blockquote>{_safe(quote.text)}<br><small>{source}</small></blockquote>"
    yield "<p>Right:"
    for gold in result.asked.gold:
        yield f"<blockquote>{_safe(gold.contains)}<br><small>{_safe(gold.article)}</small></blockquote>"
    if not result.asked.gold:
        yield "nothing: the articles do not say."


def _right_place(result: Result) -> str:
    if not result.asked.answerable:
        return "Not answerable."
    return "No right passage was found." if result.place is None else f"The right passage came at {result.place + 1}."


def shown(value: float | None) -> str:
    """A figure as it is printed; a dash where it is not defined."""
    return "–" if value is None else f"{value:.3f}"


def _safe(text: str) -> str:
    return html.escape(text)
