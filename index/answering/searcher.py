"""Questions to what is indexed: answers, passages and articles, each proved; nothing here reads a file of articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.analysis.analyzer import terms
from index.analysis.question import taken_apart
from index.answering.cache import Lately
from index.answering.pipeline import QUESTION_AT_MOST, TOP, answer_from
from index.answering.proof import prove_answer, prove_quote
from index.answering.search import search
from index.collection.collection import Entries, around, quote_in_context
from index.errors import ArticleChanged
from index.models import Answer, Entry, Quote, Source, Span

if TYPE_CHECKING:
    from index.indexing.index_manager import Served

PREPARING = "Who said where and when the first tests of it were done?"


class Serving:
    """Questions to an immutable collection: each reads `self.served` once and needs no lock."""

    served: Served
    require_source_url: bool
    """Whether only articles answer whose source URL is recorded."""
    _lately: Lately

    def ask(self, question: str, article: str | None = None, *, explain: bool = False) -> Answer:
        """The answer to a question, from all articles or from one; every quotation in it is proved.

        Args:
            question: as it was asked.
            article: id of the only article to look in.
            explain: whether the reasons say what each signal gave.

        Raises:
            ArticleUnknown: there is no article of this id.
        """
        lately = self._lately_served()
        collection = lately.collection
        if not explain and (known := lately.find(question, article)):
            return known
        within = collection.chunks_of(article, with_url=self.require_source_url)
        answer = answer_from(collection, question, within, explain=explain)
        prove_answer(answer, collection.by_id)
        if not explain:
            lately.keep(article, answer)
        return answer

    def knows(self, question: str, article: str | None = None) -> bool:
        """Whether the answer was given lately, so that it is there at once."""
        return self._lately_served().holds(question, article)

    def _lately_served(self) -> Lately:
        collection = self.served.collection
        lately = self._lately
        if lately.collection is not collection:
            self._lately = lately = Lately(collection)
        return lately

    def forget_questions(self, *, old_ones_only: bool = False) -> None:
        """Forget the answers given lately, which hold what was asked, and the questions as they were understood.

        Args:
            old_ones_only: whether to keep answers that are younger than an hour, so that not all are made anew at once.
        """
        if old_ones_only:
            self._lately.forget_old()
        else:
            self._lately = Lately(self.served.collection)
        taken_apart.cache_clear()

    def prepare(self) -> None:
        """Answer a question that nobody asked, so that the first one need not wait for what is loaded only then."""
        answer_from(self.served.collection, PREPARING)

    def search(self, query: str, limit: int = TOP, article: str | None = None) -> tuple[Quote, ...]:
        """The at most `limit` best passages for these words, best first, proved; ArticleUnknown as in `ask`."""
        collection = self.served.collection
        within = collection.chunks_of(article, with_url=self.require_source_url)
        found = search(collection, terms(query[:QUESTION_AT_MOST]), limit, within)
        for quoted in found:
            prove_quote(quoted, collection.entry(quoted.article.id), quoted.text, collection.by_id)
        return found

    def context(self, quoted: Quote) -> Quote:
        """The quotation with the sentence before and the one after; ArticleUnknown where the article is gone."""
        collection = self.served.collection
        entry, entries = collection.entry(quoted.article.id), collection.by_id
        still = tuple(source for source in quoted.also if source.article.id in entries)
        around = quote_in_context(quoted.model_copy(update={"also": still}), entries)
        prove_quote(around, entry, around.text, entries)
        return around

    def around(self, quoted: Quote, reach: int = 2) -> tuple[Quote | None, Quote | None]:
        """The at most `reach` sentences before the quotation and after it, proved; ArticleUnknown as in `context`."""
        entry = self.served.collection.entry(quoted.article.id)
        found = around(quoted, entry, reach)
        for each in found:
            if each is not None:
                prove_quote(each, entry, each.text)
        return found

    def quote_again(
        self,
        article: str,
        sha256: str,
        spans: Sequence[Span],
        matched: Sequence[str] = (),
        also: Sequence[tuple[str, str, Sequence[Span]]] = (),
    ) -> Quote:
        """What was quoted before, by its place, proved anew.

        Args:
            article: its id.
            sha256: of its text, when it was quoted.
            spans: of the quotation.
            matched: the words that were asked for.
            also: likewise id, hash and spans of the other articles that said the same; those that are gone or have
                changed by now are left out.

        Raises:
            ArticleUnknown: the article is gone.
            ArticleChanged: its file is another one by now.
            ProofFailed: the place is none that can be quoted.
        """
        collection = self.served.collection
        entry, entries = collection.entry(article), collection.by_id
        if entry.article.text_sha256 != sha256:
            what = f"The article {article!r} has changed since it was quoted."
            raise ArticleChanged(what, "Ask again.")
        others = ((entries[other].article, there, hashed) for other, hashed, there in also if other in entries)
        quoted = Quote(
            article=entry.article,
            spans=tuple(spans),
            score=0,
            matched=tuple(matched),
            also=tuple(Source(article=a, spans=tuple(s)) for a, s, hashed in others if a.text_sha256 == hashed),
        )
        prove_quote(quoted, entry, quoted.text, entries)
        return quoted

    def entries(self) -> Entries:
        """What the index holds of each article, in the order of their ids; each is read when it is asked for."""
        return self.served.collection.entries

    def entry(self, article: str) -> Entry:
        """What the index holds of one article; ArticleUnknown where there is none of this id."""
        return self.served.collection.entry(article)

    def prove(self, quoted: Quote, shown: str) -> None:
        """Prove that the words about to be shown are the article's; raises ProofFailed, or ArticleUnknown."""
        collection = self.served.collection
        prove_quote(quoted, collection.entry(quoted.article.id), shown, collection.by_id)
