"""The HTML page of a report: the metrics, the plots, and the errors, worst first. All text is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence

from index.evaluation.metrics import MEANINGS, Figure
from index.evaluation.plots import RELIABILITY, RISK
from index.evaluation.runner import Result
from index.models import Quote, Verdict

MAX_RESULTS_SHOWN = 250
"""Questions in each section, to keep the page readable; the files hold them all."""
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{padding:.2rem .8rem;text-align:left;border-bottom:1px solid #ccc}"
    "td:nth-child(3){white-space:nowrap}small{overflow-wrap:anywhere}"
    "blockquote{margin:.3rem 0;padding-left:1rem;border-left:3px solid #999}img{max-width:100%}"
)
Tables = Mapping[str, Mapping[str, Figure]]
Variants = Mapping[str, Sequence[Result]]
ANSWERED_WITHOUT = {
    "left_out": "Answered without the article that answers it",
    "removed": "Answered without the sentence that answers it",
}
"""The heading for the errors of a variant."""


def wrong_answers(results: Sequence[Result]) -> list[Result]:
    """Answered questions whose first quotation is wrong, the most probable first."""
    wrong = (result for result in results if _is_answered(result) and not result.is_right_first)
    return sorted(wrong, key=lambda result: -result.answer.explanation.probability)


def missed_answers(results: Sequence[Result]) -> list[Result]:
    """Answerable questions whose right passage is not shown at once: those with the best rank first."""
    kept = (result for result in results if result.asked.answerable and not result.is_shown_right)
    return sorted(kept, key=lambda result: (result.place is None, result.place, -result.answer.explanation.probability))


def answered_without(variant: Sequence[Result]) -> list[Result]:
    """Questions answered although what answers them was removed, the most probable first."""
    wrong = (result for result in variant if _is_answered(result))
    return sorted(wrong, key=lambda result: -result.answer.explanation.probability)


def render_page(title: str, results: Sequence[Result], variants: Variants, tables: Tables) -> Iterator[str]:
    """The lines of the page; `variants` are results by the variant's name, `tables` are metrics by their heading."""
    sections = {
        "Quoted, and not right": wrong_answers(results),
        "Answerable, and the right passage not shown": missed_answers(results),
        **{ANSWERED_WITHOUT[name]: answered_without(some) for name, some in variants.items() if some},
    }
    yield f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{_escape(title)}</title><style>{STYLE}</style>'
    yield f"<h1>{_escape(title)}</h1><p>{len(results)} questions. Not right, worst first:<ul>"
    for number, (heading, wrong) in enumerate(sections.items()):
        yield f'<li><a href="#wrong-{number}">{heading}</a>: {len(wrong)}'
    yield "</ul>"
    for heading, figures in tables.items():
        yield from _table(heading, figures)
    yield f'<p><img src="{RISK}" alt="Risk over coverage"><img src="{RELIABILITY}" alt="Reliability">'
    for number, (heading, wrong) in enumerate(sections.items()):
        yield f'<h2 id="wrong-{number}">{heading}: {len(wrong)}, worst first</h2>'
        if len(wrong) > MAX_RESULTS_SHOWN:
            yield f"<p>The first {MAX_RESULTS_SHOWN} are shown; the files beside this page hold all."
        for result in wrong[:MAX_RESULTS_SHOWN]:
            yield from _wrong(result)


def value_text(value: float | None) -> str:
    """A metric as text; a dash where it is not defined."""
    return "–" if value is None else f"{value:.3f}"


def interval_text(figure: Figure) -> str:
    """The interval of a metric as text; empty where it is not defined."""
    return "" if figure.value is None else f"{value_text(figure.low)} – {value_text(figure.high)}"


def _table(heading: str, figures: Mapping[str, Figure]) -> Iterator[str]:
    yield f"<h2>{_escape(heading)}</h2><table><tr><th>figure<th>value<th>95 % interval<th>meaning"
    for name, figure in figures.items():
        yield f"<tr><td>{name}<td>{value_text(figure.value)}<td>{interval_text(figure)}<td>{_escape(MEANINGS[name])}"
    yield "</table>"


def _is_answered(result: Result) -> bool:
    return result.answer.verdict is Verdict.ANSWERED


def _wrong(result: Result) -> Iterator[str]:
    answer, asked = result.answer, result.asked
    yield f"<h3>{_escape(asked.question)}</h3><p>{_escape(asked.id)}: {answer.verdict.value},"
    yield f"rule {answer.explanation.rule}, probability {answer.explanation.probability:.2f}. {_right_place(result)}"
    if not (answer.shown_quotes or answer.nearest):
        yield "<p>Nothing was found."
    else:
        yield "<p>Shown:" if answer.quotes else "<p>Shown as possible:" if answer.possible else "<p>Nearest, not shown:"
        for quote in answer.shown_quotes or answer.nearest[:1]:
            yield _quotation(quote)
    if not asked.answerable:
        yield "<p>Right: no answer."
        return
    yield "<p>Right:"
    for gold in asked.gold:
        yield f"<blockquote>{_escape(gold.contains)}<br><small>{_escape(gold.article)}</small></blockquote>"


def _quotation(quote: Quote) -> str:
    url = quote.article.url.value if quote.article.url else None
    link = "source URL not recorded" if url is None else f'<a href="{_escape(url)}">{_escape(url)}</a>'
    return f"<blockquote>{_escape(quote.text)}<br><small>{_escape(quote.article.label)} · {link}</small></blockquote>"


def _right_place(result: Result) -> str:
    if not result.asked.answerable:
        return "Not answerable."
    return "No right passage was found." if result.place is None else f"The right passage is number {result.place + 1}."


def _escape(text: str) -> str:
    return html.escape(text)
