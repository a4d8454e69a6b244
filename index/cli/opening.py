"""The engine that a command works with: over the data folder, or over the cluster that the environment names."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from index.cli import messages
from index.cli.progress import ReadingBar
from index.cluster.address import ClusterSettings
from index.engine import Engine


def open_engine(seeds: Path, data: Path, rules: Path | None = None) -> Engine:
    """The engine as it is, without building an index."""
    cluster = ClusterSettings.from_environment(os.environ)
    return Engine.open(seeds, data, rules=rules, cluster=cluster, build=False)


def open_current_engine(
    seeds: Path, data: Path, rules: Path, encoder: Path | None = None, *, require_source_url: bool = False
) -> Engine:
    """The engine with an index, which is built if it is missing; says if the folder of articles has changed since."""
    with ReadingBar() as progress:
        engine = Engine.open(
            seeds,
            data,
            require_source_url=require_source_url,
            rules=rules,
            encoder=encoder,
            cluster=ClusterSettings.from_environment(os.environ),
            progress=progress.report,
        )
    if engine.is_stale():
        sys.stderr.write(f"{messages.STALE}\n")
    return engine
