"""What a rules file that is not in force yet would do to the articles of a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from index.cleaning import Rule, over_built_in, read_file, read_folder, remaining
from index.corpus import folder
from index.corpus.folder import Refusal, SeedFile
from index.errors import ArticleRejected
from index.models import Entry, Exclusion, Noun, Span
from index.reading import read_entry


class Piece(Noun):
    """A piece of an article that a rule takes away, or took."""

    rule: str
    span: Span
    text: str


class Checked(Noun):
    """What would change in one article."""

    article: str
    taken: tuple[Piece, ...] = ()
    given_back: tuple[Piece, ...] = ()
    """What rules took that are switched off or replaced."""
    sentences: tuple[int, int]
    """Before and after."""
    lost: tuple[int, int]
    """Pieces of sentences lost to interruptions, before and after."""


class Totals(Noun):
    """What would change in all articles."""

    articles: int = 0
    changed: int = 0
    taken: int = 0
    given_back: int = 0
    sentences: tuple[int, int] = (0, 0)
    lost: tuple[int, int] = (0, 0)

    def with_(self, one: Checked) -> Totals:
        """These and one more article."""
        return Totals(
            articles=self.articles + 1,
            changed=self.changed + bool(one.taken or one.given_back),
            taken=self.taken + len(one.taken),
            given_back=self.given_back + len(one.given_back),
            sentences=(self.sentences[0] + one.sentences[0], self.sentences[1] + one.sentences[1]),
            lost=(self.lost[0] + one.lost[0], self.lost[1] + one.lost[1]),
        )


def rules_with(file: Path, installed: Path) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """The rules in force, and those that would be with a file added, or put in the place of the one of its name.

    Raises:
        RulesInvalid: the file or the folder cannot be used.
    """
    files = read_folder(installed)
    added = dict(sorted({**files, file.name: read_file(file)}.items()))
    return over_built_in(files), over_built_in(added)


def check(seeds: Path, now: Sequence[Rule], then: Sequence[Rule]) -> Iterator[Checked | Refusal]:
    """What would change in each article of a folder, or why it cannot be read. Nothing is written.

    Raises:
        FolderUnusable: the folder cannot be read.
    """
    found = folder.scan(seeds)
    yield from found.refused
    for file in found.files:
        try:
            yield _checked(file, now, then)
        except ArticleRejected as error:
            yield Refusal(file=file.path.name, reason=str(error))


def _checked(file: SeedFile, now: Sequence[Rule], then: Sequence[Rule]) -> Checked:
    data, sidecar = folder.read(file)
    before, after = (read_entry(file.path.name, data, sidecar, rules) for rules in (now, then))
    return Checked(
        article=file.id,
        taken=tuple(_only_in(after, before.exclusions)),
        given_back=tuple(_only_in(before, after.exclusions)),
        sentences=(len(before.body), len(after.body)),
        lost=(len(before.lost), len(after.lost)),
    )


def _only_in(entry: Entry, others: Sequence[Exclusion]) -> Iterator[Piece]:
    """What is excluded from an entry and not by the others, with the rule that does it."""
    text = entry.article.text
    for cut in entry.exclusions:
        for span in remaining(text, [cut.span], (other.span for other in others)):
            yield Piece(rule=cut.rule, span=span, text=text[slice(*span)])
