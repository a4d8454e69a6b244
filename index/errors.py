"""Errors that a person may see: what happened, to which file or article, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

MAX_PROBLEM_LENGTH = 300
"""Characters of each part of an `ArticleRejected`: file names, fields and library messages have any length."""


class VerbatimError(Exception):
    """Base class of every error that a person may see: `what` happened, to which file or article, and a `remedy`."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.what = problem
        self.remedy = remedy


class ArticleRejected(VerbatimError):
    """A file that is rejected as an article; nothing else changes. The message is always one printable line."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(printable_line(problem, MAX_PROBLEM_LENGTH), printable_line(remedy, MAX_PROBLEM_LENGTH))


def printable_line(text: str, max_length: int) -> str:
    """Make a text one printable line: escape invisible characters, and cut the middle where it is too long."""
    if len(text) > 8 * max_length:
        text = f"{text[: 4 * max_length]} {text[-4 * max_length :]}"
    line = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in " ".join(text.split()))
    half = max_length // 2
    return line if len(line) <= max_length else f"{line[:half]}…{line[-half:]}"


class ArticleUnknown(VerbatimError):
    """No article with this id is in the index."""


class RemovalUnknown(VerbatimError):
    """The bin holds no removed article of this name or id, or no longer."""


class ArticleChanged(VerbatimError):
    """An article has changed since it was quoted."""


class FetchRefused(VerbatimError):
    """A page that is not fetched from its URL, and not stored.

    `reason` is a value of `index.fetching.RefusalReason`.
    """

    def __init__(self, problem: str, remedy: str, reason: str) -> None:
        super().__init__(problem, remedy)
        self.reason = reason


class RulesInvalid(VerbatimError):
    """A cleaning rule that cannot be parsed or compiled."""


class RuleTooSlow(VerbatimError):
    """A cleaning rule that takes too long on a piece of text; the article is rejected."""


class FolderUnusable(VerbatimError):
    """The seeds folder or the data folder cannot be read or written."""


class EncoderUnusable(VerbatimError):
    """The encoder of the extra `semantic` cannot be loaded, or the extra is not installed."""


class IndexBusy(VerbatimError):
    """Another process is writing the index; its result is served once it has finished."""


class IndexUpdateFailed(VerbatimError):
    """The folder of articles was changed, but indexing failed for this `reason`; the next reindexing picks it up."""

    def __init__(self, reason: VerbatimError, refused: Sequence[tuple[str, str]] = ()) -> None:
        """Take the reason; of several files that were to be added, also those that were refused, each with why."""
        problem = "The folder of articles was changed, but the index was not fully updated."
        super().__init__(problem, f"Run `verbatim reindex` later to update it. The reason: {reason}")
        self.reason = reason
        self.refused = tuple(refused)


class SnapshotUnknown(VerbatimError):
    """No snapshot with this name is stored, or none to roll back to."""


class SnapshotDamaged(VerbatimError):
    """A snapshot whose files are missing, altered, or of another format; it is never served."""


class EvaluationInvalid(VerbatimError):
    """An evaluation's file of questions or articles cannot be read, or its report cannot be written."""


class ProofFailed(VerbatimError):
    """Something about to be shown is not exactly what the article says; it is not shown."""


class ClusterUnavailable(VerbatimError):
    """The search cluster, or the store of its articles, does not answer in time, or refuses."""


class ClusterUnusable(VerbatimError):
    """The settings of the search cluster are invalid, or the extra `cluster` is not installed."""
