"""What `verbatim doctor` says of a search cluster that answers."""

from __future__ import annotations

import pytest

from bot.doctor.cluster import condition_findings
from bot.doctor.finding import Level
from index.cluster.inspection import ClusterStatus, IndexStatus


@pytest.mark.parametrize(
    ("health", "documents", "expected"),
    [
        (
            "green",
            30,
            [(Level.OK, "OpenSearch answers; nodes: 3. It serves generation 7 of the store: 2 articles, 29 s")],
        ),
        (
            "yellow",
            29,
            [(Level.OK, "OpenSearch answers; nodes: 3."), (Level.WARNING, "OpenSearch lacks copies of sha")],
        ),
        ("red", 12, [(Level.PROBLEM, "A part of the index in OpenSearch is missing, so no question is answered")]),
        ("green", 28, [(Level.PROBLEM, "OpenSearch has 28 of the 29 sentences that the store lists. Run `verb")]),
    ],
)
def test_what_the_cluster_lacks_is_named(health: str, documents: int, expected: list[tuple[Level, str]]) -> None:
    indices = (
        IndexStatus(name="verbatim-headings", documents=90, bytes=5),
        IndexStatus(name="verbatim-sentences", documents=documents, bytes=5),
    )
    found = ClusterStatus(health=health, nodes=3, generation=7, articles=2, sentences=29, indices=indices)
    for finding, (level, text) in zip(condition_findings(found), expected, strict=True):
        assert finding.level is level
        assert finding.text.startswith(text)
