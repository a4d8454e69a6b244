"""Preview what a rules file would change in the articles of a folder."""

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
    """A piece of an article that a rule removes, and the rule."""

    rule: str
    span: Span
    text: str


class Checked(Noun):
    """The changes in one article."""

    article: str
    taken: tuple[Piece, ...] = ()
    given_back: tuple[Piece, ...] = ()
    """Removed by rules that are now switched off or replaced."""
    sentences: tuple[int, int]
    """Number of sentences before and after."""
    lost: tuple[int, int]
    """Pieces of sentences lost to interruptions, before and after."""


class Totals(Noun):
    """The changes in all articles."""

    articles: int = 0
    changed: int = 0
    taken: int = 0
    given_back: int = 0
    sentences: tuple[int, int] = (0, 0)
    lost: tuple[int, int] = (0, 0)

    def with_(self, one: Checked) -> Totals:
        """The totals with one more article."""
        return Totals(
            articles=self.articles + 1,
            changed=self.changed + bool(one.taken or one.given_back),
            taken=self.taken + len(one.taken),
            given_back=self.given_back + len(one.given_back),
            sentences=(self.sentences[0] + one.sentences[0], self.sentences[1] + one.sentences[1]),
            lost=(self.lost[0] + one.lost[0], self.lost[1] + one.lost[1]),
        )


def rules_with(file: Path, installed: Path) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """The rules in force, and those with a file added or replacing its namesake; RulesInvalid where one is invalid."""
    files = read_folder(installed)
    added = dict(sorted({**files, file.name: read_file(file)}.items()))
    return over_built_in(files), over_built_in(added)


def check(seeds: Path, now: Sequence[Rule], then: Sequence[Rule]) -> Iterator[Checked | Refusal]:
    """The changes in each article of a folder, or its refusal; writes nothing. FolderUnusable if it is unreadable."""
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
    """The pieces that `entry` excludes and `others` do not, with their rules."""
    text = entry.article.text
    for cut in entry.exclusions:
        for span in remaining(text, [cut.span], (other.span for other in others)):
            yield Piece(rule=cut.rule, span=span, text=text[slice(*span)])
