"""The tables and the plots of a benchmark."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

OURS = "Verbatim, numba"
NONE = "–"


def number(value: float | None) -> str:
    """A figure with three significant digits."""
    if value is None:
        return NONE
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # three digits are before the point


def ratio(value: float | None, ours: float | None) -> str:
    """A figure as a multiple of ours."""
    return NONE if value is None or not ours else f"{number(value / ours)}×"


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(row) + " |" for row in (heading, ["---"] * len(heading), *rows)]
    return "\n".join(lines) + "\n"


def print_size(run: Mapping[str, Any]) -> None:
    """Print the tables of one size."""
    sys.stdout.write(f"\n## {run['sentences']:,} sentences, {run['terms']:,} terms\n\n")
    ours = run["build"].get(OURS) or next(iter(run["build"].values()))
    rows = [
        [
            name,
            number(made["build"]),
            ratio(made["build"], ours["build"]),
            number(made["save"]),
            number(made["load"]),
            number(run["add"].get(name)),
            number(run["memory"].get(name)),
        ]
        for name, made in run["build"].items()
    ]
    heading = ("", "build, ms", "of ours", "save, ms", "load, ms", "one article added, ms", "memory of a process, MiB")
    sys.stdout.write(table(heading, rows) + "\n")
    for kind, found in run["asked"].items():
        best = found["engines"].get(OURS) or next(iter(found["engines"].values()))
        rows = [
            [
                name,
                number(some["p50"]),
                ratio(some["p50"], best["p50"]),
                number(some["p99"]),
                ratio(some["p99"], best["p99"]),
            ]
            for name, some in found["engines"].items()
        ]
        bound = found["memory_bound"]
        sys.stdout.write(f"{kind} (reading all their postings at the speed of memory: {number(bound)} ms)\n\n")
        sys.stdout.write(table(("", "p50, ms", "of ours", "p99, ms", "of ours"), rows) + "\n")


def draw(folder: Path, runs: Sequence[Mapping[str, Any]]) -> None:
    """Plot p50 over the size for each kind of query."""
    from matplotlib import rc_context  # noqa: PLC0415  # only plots need it
    from matplotlib.figure import Figure  # noqa: PLC0415  # as above

    kinds = list(runs[0]["asked"])
    canvas = Figure(figsize=(4 * len(kinds), 4), layout="constrained")
    axes = canvas.subplots(1, len(kinds), sharey=True, squeeze=False)[0]
    for axis, kind in zip(axes, kinds, strict=True):
        for name in runs[-1]["asked"][kind]["engines"] | runs[0]["asked"][kind]["engines"]:
            some = [run for run in runs if name in run["asked"][kind]["engines"]]
            times = [run["asked"][kind]["engines"][name]["p50"] for run in some]
            axis.plot([run["sentences"] for run in some], times, marker="o", label=name)
        axis.set(xscale="log", yscale="log", xlabel="sentences", title=kind)
        axis.title.set_fontsize(10)
    axes[0].set_ylabel("median of a query, ms")
    axes[0].legend(fontsize=8)
    with rc_context({"svg.hashsalt": "verbatim"}):  # makes the file reproducible
        canvas.savefig(folder / "benchmarks.svg", metadata={"Date": None})
