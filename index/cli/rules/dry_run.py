"""Preview what a rules file would change in the articles of a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from index.cleaning import Rule, merge_with_built_in, read_rules_file, read_rules_folder, subtract_spans
from index.corpus import folder
from index.corpus.folder import Refusal, SeedFile
from index.errors import ArticleRejected
from index.models import Exclusion, FrozenModel, IndexedArticle, Span
from index.reading import read_article
from index.storage.safe_read import printable_name


class TextPiece(FrozenModel):
    """A piece of an article that a rule removes, and the rule."""

    rule: str
    span: Span
    text: str


class ArticleDiff(FrozenModel):
    """The changes in one article."""

    article: str
    taken: tuple[TextPiece, ...] = ()
    given_back: tuple[TextPiece, ...] = ()
    """Removed by rules that are now switched off or replaced."""
    sentences: tuple[int, int]
    """Number of sentences before and after."""
    lost: tuple[int, int]
    """Pieces of sentences lost to interruptions, before and after."""


class Totals(FrozenModel):
    """The changes in all articles."""

    articles: int = 0
    changed: int = 0
    taken: int = 0
    given_back: int = 0
    sentences: tuple[int, int] = (0, 0)
    lost: tuple[int, int] = (0, 0)

    def plus(self, one: ArticleDiff) -> Totals:
        """The totals with one more article."""
        return Totals(
            articles=self.articles + 1,
            changed=self.changed + bool(one.taken or one.given_back),
            taken=self.taken + len(one.taken),
            given_back=self.given_back + len(one.given_back),
            sentences=(self.sentences[0] + one.sentences[0], self.sentences[1] + one.sentences[1]),
            lost=(self.lost[0] + one.lost[0], self.lost[1] + one.lost[1]),
        )


def rules_before_and_after(file: Path, installed: Path) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """The rules in force, and those with a file added or replacing its namesake; RulesInvalid where one is invalid."""
    files = read_rules_folder(installed)
    added = dict(sorted({**files, file.name: read_rules_file(file)}.items()))
    return merge_with_built_in(files), merge_with_built_in(added)


def compare_rules(seeds: Path, now: Sequence[Rule], then: Sequence[Rule]) -> Iterator[ArticleDiff | Refusal]:
    """The changes in each article of a folder, or its refusal; writes nothing. FolderUnusable if it is unreadable."""
    found = folder.scan(seeds)
    yield from found.refused
    for file in found.files:
        try:
            yield _compare_article(file, now, then)
        except ArticleRejected as error:
            yield Refusal(file=printable_name(file.name), reason=str(error))


def _compare_article(file: SeedFile, now: Sequence[Rule], then: Sequence[Rule]) -> ArticleDiff:
    data, sidecar = folder.read_file(file)
    before, after = (read_article(file.name, data, sidecar, rules, article_id=file.id) for rules in (now, then))
    return ArticleDiff(
        article=file.id,
        taken=tuple(_only_in(after, before.exclusions)),
        given_back=tuple(_only_in(before, after.exclusions)),
        sentences=(len(before.body_sentences), len(after.body_sentences)),
        lost=(len(before.fragments), len(after.fragments)),
    )


def _only_in(entry: IndexedArticle, others: Sequence[Exclusion]) -> Iterator[TextPiece]:
    """The pieces that `entry` excludes and `others` do not, with their rules."""
    text = entry.article.text
    for cut in entry.exclusions:
        for span in subtract_spans(text, [cut.span], (other.span for other in others)):
            yield TextPiece(rule=cut.rule, span=span, text=text[slice(*span)])
