"""Safe reads of files that others may have placed: regular files of trusted owners only, up to a size."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from index.errors import ArticleRejected, printed

ROOT = 0
NO_FOLLOWING = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
NAME_AT_MOST = 120


def shown_name(name: str) -> str:
    """A file's name in printable characters, shortened where it is long."""
    return printed(name, NAME_AT_MOST) if not name.isprintable() or len(name) > NAME_AT_MOST else name


def ordinary_bytes(path: Path, at_most: int) -> bytes:
    """The first `at_most` bytes of a file; follows no link and blocks on no FIFO.

    FileNotFoundError where there is none; ArticleRejected where it is unreadable, not regular, or another user's.
    """
    name = shown_name(path.name)
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | NO_FOLLOWING), "rb") as opened:
            found = os.fstat(opened.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise _not_ordinary(name)
            if found.st_uid not in _trusted(path.parent):
                what = f"{name} belongs to a user (id {found.st_uid}) other than the bot's and the folder's."
                raise ArticleRejected(what, "Change its owner to the folder's: other users could change it unnoticed.")
            return opened.read(at_most)
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno == errno.ELOOP:  # the error for a link under O_NOFOLLOW
            raise _not_ordinary(name) from error
        what = f"{name} cannot be read ({error.strerror})."
        raise ArticleRejected(what, "Make it readable for the bot's user.") from error


def _not_ordinary(name: str) -> ArticleRejected:
    what = f"{name} is not a regular file."
    return ArticleRejected(what, "Replace it with the file itself; links, folders and devices are not read.")


def _trusted(folder: Path) -> set[int]:
    """User ids whose files are read: the bot's, the folder owner's, and root's, who can do everything anyway."""
    return {os.geteuid(), folder.stat().st_uid, ROOT} if hasattr(os, "geteuid") else {ROOT}
