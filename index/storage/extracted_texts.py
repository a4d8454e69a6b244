"""The snapshots of texts that were taken out of files: in the data folder, each called by its own hash.

The index holds these texts too; here a person can read what quotations are made of, beside the file it was taken from.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from pathlib import Path

from index.errors import FolderUnusable
from index.models import Article
from index.storage.atomic_write import clear_left_aside, write_whole

FOLDER = "extracted"


def path_of(data: Path, article: Article) -> Path:
    """Where the snapshot of an article's text is kept."""
    return data / FOLDER / f"{article.text_sha256}.txt"


def keep(data: Path, articles: Iterable[Article]) -> None:
    """Write the snapshots that are missing or altered, each whole or not at all; FolderUnusable if that cannot be."""
    for article in articles:
        path = path_of(data, article)
        if article.extraction is None or is_kept(data, article):
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, article.text.encode(article.encoding))
        except OSError as error:
            what = f"The data folder {str(data)!r} cannot be written ({error.strerror})."
            raise FolderUnusable(what, "Make it writable for this user, and check that its disk has space.") from error


def is_kept(data: Path, article: Article) -> bool:
    """Whether the snapshot of an article's text is there as it was written."""
    held = kept(data, article)
    return held is not None and hashlib.sha256(held).hexdigest() == article.text_sha256


def forget(data: Path, articles: Iterable[Article]) -> None:
    """Remove the snapshots of articles that are gone or have another text now."""
    for article in articles:
        if article.extraction is not None:
            with contextlib.suppress(OSError):  # it only takes room
                path_of(data, article).unlink(missing_ok=True)


def tidy(data: Path) -> None:
    """Remove what writers of snapshots left that were killed."""
    clear_left_aside(data / FOLDER)


def kept(data: Path, article: Article) -> bytes | None:
    """The snapshot of an article's text; None where it is missing or cannot be read."""
    try:
        return path_of(data, article).read_bytes()
    except OSError:
        return None
