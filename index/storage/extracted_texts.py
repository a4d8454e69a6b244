"""Texts extracted from PDF, HTML and other files: in the data folder, each named by its hash.

The index holds these texts too; here a person can read what quotations are taken from.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from pathlib import Path

from index.errors import FolderUnusable
from index.models import Article
from index.storage.atomic_write import delete_stale_temporary_files, write_atomically

FOLDER = "extracted"


def path_of(data: Path, article: Article) -> Path:
    """The path of an article's extracted text."""
    return data / FOLDER / f"{article.text_sha256}.txt"


def write(data: Path, articles: Iterable[Article]) -> None:
    """Write the texts that are missing or altered, each atomically; FolderUnusable if that fails."""
    for article in articles:
        path = path_of(data, article)
        if article.extraction is None or is_intact(data, article):
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, article.text.encode(article.encoding))
        except OSError as error:
            problem = f"The data folder {str(data)!r} cannot be written ({error.strerror})."
            raise FolderUnusable(
                problem, "Make it writable for this user, and check that its disk has space."
            ) from error


def is_intact(data: Path, article: Article) -> bool:
    """Whether an article's extracted text is stored unaltered."""
    held = read(data, article)
    return held is not None and hashlib.sha256(held).hexdigest() == article.text_sha256


def delete(data: Path, articles: Iterable[Article]) -> None:
    """Delete the texts of articles that are gone or whose text has changed."""
    for article in articles:
        if article.extraction is not None:
            with contextlib.suppress(OSError):  # a file that stays only takes space
                path_of(data, article).unlink(missing_ok=True)


def delete_temporary_files(data: Path) -> None:
    """Remove the temporary files of killed writers."""
    delete_stale_temporary_files(data / FOLDER)


def read(data: Path, article: Article) -> bytes | None:
    """The stored text of an article; None where it is missing or cannot be read."""
    try:
        return path_of(data, article).read_bytes()
    except OSError:
        return None
