"""Run the `verbatim` command: in the test's process, which is fast, or in its own, as a user does."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import NamedTuple

import pytest

from index.cli import main


class Ended(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str, variables: Mapping[str, str], typed: bytes = b"") -> Ended:
    """Run the command in this process, with these variables and its own standard streams."""
    written = io.BytesIO(), io.BytesIO()
    stdin, stdout, stderr = (io.TextIOWrapper(held, write_through=True) for held in (io.BytesIO(typed), *written))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["verbatim", *arguments])
        for name, stream in (("stdin", stdin), ("stdout", stdout), ("stderr", stderr)):
            patch.setattr(sys, name, stream)
        for name, value in variables.items():
            patch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            main.main()
    assert isinstance(ended.value.code, int)
    return Ended(ended.value.code, *(held.getvalue().decode() for held in written))


def run_process(*arguments: str, variables: Mapping[str, str], typed: bytes = b"") -> Ended:
    """Run the command in its own process."""
    done = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", "index", *arguments],
        input=typed,
        env=os.environ | dict(variables),
        capture_output=True,
        check=False,
        timeout=60,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())
