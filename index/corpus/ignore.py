"""`.verbatimignore` in the folder of articles: which of its files and folders are left out, in gitignore's patterns."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import re2
from pathspec import GitIgnoreSpec

from index.errors import ArticleRejected, RulesInvalid
from index.storage.safe_read import read_regular_file

FILE = ".verbatimignore"
MAX_FILE_BYTES = 2**16


def nothing_ignored(_: str) -> bool:
    """Ignore nothing."""
    return False


def read_ignore_file(seeds: Path) -> Callable[[str], bool]:
    """Whether a path is left out, relative to the folder, with a slash at its end if it is of a folder.

    Raises RulesInvalid if the file cannot be used.
    """
    try:
        held = read_regular_file(seeds / FILE, MAX_FILE_BYTES + 1)
        if len(held) > MAX_FILE_BYTES:
            problem = f"{FILE} has more than {MAX_FILE_BYTES:,} bytes."
            raise RulesInvalid(problem, "Leave out whole folders, each with one line.")
        patterns = GitIgnoreSpec.from_lines(held.decode("utf-8-sig").splitlines())
    except (FileNotFoundError, NotADirectoryError):
        return nothing_ignored
    except ArticleRejected as error:
        raise RulesInvalid(error.what, error.remedy) from error
    except (ValueError, re.error, re2.error) as error:
        problem = f"{FILE} in the folder of articles cannot be used: {error}."
        raise RulesInvalid(problem, "Write patterns as in a .gitignore file, in UTF-8, one a line.") from error
    reincludes = any(pattern.include is False for pattern in patterns.patterns)

    def is_ignored(path: str) -> bool:
        if reincludes and path.endswith("/"):
            return False  # a file in it may be included again
        return patterns.match_file(path.encode("utf-8", "replace").decode())  # a name that is not UTF-8 has surrogates

    return is_ignored
