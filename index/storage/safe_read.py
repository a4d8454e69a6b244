"""Safe reads of files that others may have placed: regular files of trusted owners only, up to a size."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from index.errors import ArticleRejected, printable_line

ROOT = 0
NO_FOLLOWING = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
MAX_NAME_LENGTH = 120


def printable_name(name: str) -> str:
    """A file's name in printable characters, shortened where it is long."""
    return printable_line(name, MAX_NAME_LENGTH) if not name.isprintable() or len(name) > MAX_NAME_LENGTH else name


def read_regular_file(path: Path, max_bytes: int) -> bytes:
    """The first `max_bytes` bytes of a file; follows no link and blocks on no FIFO.

    FileNotFoundError where there is none; ArticleRejected where it is unreadable, not regular, or another user's.
    """
    name = printable_name(path.name)
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | NO_FOLLOWING), "rb") as opened:
            found = os.fstat(opened.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise _not_ordinary(name)
            if found.st_uid not in trusted_owners(path.parent):
                problem = f"{name} belongs to a user (id {found.st_uid}) other than the bot's and the folder's."
                raise ArticleRejected(
                    problem, "Change its owner to the folder's: other users could change it unnoticed."
                )
            return opened.read(max_bytes)
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno == errno.ELOOP:  # the error for a link under O_NOFOLLOW
            raise _not_ordinary(name) from error
        problem = f"{name} cannot be read ({error.strerror})."
        raise ArticleRejected(problem, "Make it readable for the bot's user.") from error


def _not_ordinary(name: str) -> ArticleRejected:
    problem = f"{name} is not a regular file."
    return ArticleRejected(problem, "Replace it with the file itself; links, folders and devices are not read.")


def trusted_owners(folder: Path) -> set[int]:
    """User ids whose files are read: the bot's, the folder owner's, and root's, who can do everything anyway."""
    return {os.geteuid(), folder.stat().st_uid, ROOT} if hasattr(os, "geteuid") else {ROOT}
