"""`python -m tools.benchmarks.memory NAME FOLDER`: the MiB of an engine loaded from a folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tools.benchmarks.peers import peer


def resident() -> float:
    """Resident memory of this process in MiB, mapped files included."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    message = "this system does not tell how much memory a process takes"
    raise RuntimeError(message)


if __name__ == "__main__":
    engine, folder = peer(sys.argv[1]), Path(sys.argv[2])
    queries = json.loads((folder / "queries.json").read_text())
    engine.load(folder)
    for query in queries:
        engine.ask(query)
    sys.stdout.write(f"{resident():.1f}\n")
