"""What can go wrong in the index, each told as what happened, where, and what to do about it."""

WHAT_AT_MOST = 300
"""Characters of what is said of a file: a name, a field or a library's own words may be of any length."""


class VerbatimError(Exception):
    """The family: every error that a person may be shown.

    Args:
        what: what happened, to which file or article.
        remedy: what the reader can do about it.
    """

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy


class ArticleRejected(VerbatimError):
    """A file that is not taken in as an article; nothing else changes by it.

    Whatever the file holds or is called, this is one line that can be printed.
    """

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(printed(what, WHAT_AT_MOST), printed(remedy, WHAT_AT_MOST))


def printed(text: str, at_most: int) -> str:
    """A text as one line that can be printed: what cannot be seen is escaped; what is too long loses its middle."""
    if len(text) > 8 * at_most:
        text = f"{text[: 4 * at_most]} {text[-4 * at_most :]}"
    line = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in " ".join(text.split()))
    half = at_most // 2
    return line if len(line) <= at_most else f"{line[:half]}…{line[-half:]}"


class ArticleUnknown(VerbatimError):
    """No article of this id is in the index."""


class ArticleChanged(VerbatimError):
    """An article is not what it was when something was quoted from it."""


class FetchRefused(VerbatimError):
    """A page that is not fetched from its URL; nothing of it is kept.

    Args:
        what: which URL, and why.
        remedy: what the reader can do about it.
        reason: the kind of refusal, a value of `index.fetching.Reason`.
    """

    def __init__(self, what: str, remedy: str, reason: str) -> None:
        super().__init__(what, remedy)
        self.reason = reason


class RulesInvalid(VerbatimError):
    """A cleaning rule that cannot be read or compiled."""


class RuleTooSlow(VerbatimError):
    """A cleaning rule that takes too long over a piece of a text; the article is refused for it."""


class FolderUnusable(VerbatimError):
    """The seeds or the data folder cannot be read or written."""


class IndexBusy(VerbatimError):
    """Another process writes the index; what it writes is served when it has finished."""


class IndexedLater(VerbatimError):
    """The folder of articles was changed, and the index could not follow; the next reindexing takes the change in.

    Args:
        reason: why the index could not.
    """

    def __init__(self, reason: VerbatimError) -> None:
        what = "The folder of articles was changed, but the index was not fully updated."
        super().__init__(what, f"Run `verbatim reindex` later to update it. The reason: {reason}")
        self.reason = reason


class SnapshotUnknown(VerbatimError):
    """No snapshot of this name is kept, or none that can be gone back to."""


class SnapshotDamaged(VerbatimError):
    """A snapshot whose files are missing, altered, or of another format; it is never served."""


class EvaluationInvalid(VerbatimError):
    """A file of questions or of articles for an evaluation that cannot be read, or a report that cannot be written."""


class ProofFailed(VerbatimError):
    """Something that was about to be shown is not exactly what the article says; it is not shown."""
