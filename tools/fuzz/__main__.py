"""`python -m tools.fuzz TARGET --minutes 10`: try new examples until time is up; prints minimal failing ones."""

from __future__ import annotations

import argparse
import sys

from .running import run
from .targets import TARGETS


def main() -> int:
    """Fuzz one target; exit code 1 where something failed."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--minutes", type=float, default=10.0)
    asked = parser.parse_args()
    done = run(asked.target, asked.minutes * 60)
    for failure in done.failures:
        sys.stdout.write(f"{failure}\n")
    rate = done.examples / done.seconds
    told = f"{asked.target}: {done.examples:,} examples in {done.seconds:.0f} s, {rate:.0f} a second"
    sys.stdout.write(f"{told}, {len(done.failures)} failures.\n")
    return 1 if done.failures else 0


if __name__ == "__main__":
    sys.exit(main())
