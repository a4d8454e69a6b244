"""The plots of a report, as SVG. They need matplotlib, an optional extra."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import EvaluationInvalid
from index.evaluation.metrics import Outcomes, reliability

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RISK, RELIABILITY = "risk-coverage.svg", "reliability.svg"


def check_plots() -> None:
    """Raise EvaluationInvalid where matplotlib is missing; called before a long run."""
    if importlib.util.find_spec("matplotlib") is None:
        problem = "The plots of a report need matplotlib, which is not installed."
        raise EvaluationInvalid(problem, "Install it: `.venv/bin/pip install -e '.[report]'`.")


def draw_plots(folder: Path, outcomes: Outcomes) -> None:
    """Write both plots into an existing folder; OSError where it cannot be written."""
    _draw(folder / RISK, outcomes, _risk_plot)
    _draw(folder / RELIABILITY, outcomes, _reliability_plot)


def _draw(path: Path, outcomes: Outcomes, plot: Callable[[Axes, Outcomes], None]) -> None:
    # An optional extra, needed for reports only.
    from matplotlib import rc_context  # noqa: PLC0415
    from matplotlib.figure import Figure as Canvas  # noqa: PLC0415

    canvas = Canvas(figsize=(6, 4), layout="constrained")
    plot(canvas.subplots(), outcomes)
    with rc_context({"svg.hashsalt": "verbatim"}):  # makes the file reproducible
        canvas.savefig(path, metadata={"Date": None})


def _risk_plot(axes: Axes, outcomes: Outcomes) -> None:
    coverages, risks = outcomes.risk_coverage
    axes.plot(coverages, risks)
    axes.axvline(float(outcomes.answered.mean()), linestyle=":", color="gray")
    axes.axvline(float(outcomes.shown.mean()), linestyle="--", color="gray")
    axes.set(
        xlabel="share of the questions, the most probable first\n(dotted: answered; dashed: shown anything)",
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
