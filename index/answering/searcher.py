"""Answers, passages and articles from the index, each proved; no article file is read here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple

from index.analysis.analyzer import Term
from index.analysis.follow_up import parse_follow_up
from index.analysis.languages import ENGLISH, terms_in
from index.analysis.question import parse_question
from index.analysis.record_questions import parse_record_question
from index.answering.cache import AnswerCache
from index.answering.encoder import Encoder
from index.answering.follow_up import answer_follow_up
from index.answering.other_languages import languages_to_ask
from index.answering.pipeline import MAX_PASSAGES, MAX_QUESTION_LENGTH, answer_question
from index.answering.proof import prove_answer, prove_quote
from index.answering.records import RecordAnswer, answer_from_record
from index.answering.search import search
from index.answering.spelling import correct_spelling
from index.bm25.candidate_source import ChunkFilter
from index.collection.collection import Collection
from index.collection.context import quote_in_context, surrounding_quotes
from index.errors import ArticleChanged
from index.models import Answer, Preceding, Quote, SearchScope, Source, Span, SpellingCorrection, Verdict

WARM_UP_FOLLOW_UPS = ("What of the tests?", "And why?", "When was it done?")
WARM_UP_QUESTION = "Who said where and when the first tests of it were done?"


class CorrectedQuery(NamedTuple):
    """Words to search for, with their spelling corrected."""

    text: str
    corrections: tuple[SpellingCorrection, ...]


def _terms_in_all(query: str, languages: Iterable[str]) -> list[Term]:
    """The terms of a query in each of these languages: a sentence is found by those of its own."""
    return [term for code in languages for term in terms_in(query, code)]


class Searcher:
    """Answers questions about one immutable collection, and caches the answers; it needs no lock."""

    def __init__(
        self, collection: Collection, *, require_source_url: bool = False, encoder: Encoder | None = None
    ) -> None:
        """Search this collection; with `require_source_url`, only articles with a recorded source URL.

        With an `encoder`, its cosines count for the decision.
        """
        self.collection = collection
        self.require_source_url = require_source_url
        self.encoder = encoder
        self._cache = AnswerCache()

    def ask(
        self, question: str, article: str | None = None, *, follows: Preceding | None = None, explain: bool = False
    ) -> Answer:
        """Answer a question from all articles, or from the one with the id `article`; every quotation is proved.

        A question that `follows` another one may be answered together with it. `explain` includes each feature's
        contribution. ArticleUnknown where no article has this id.
        """
        if follows is not None and parse_follow_up(question) is not None:
            return self._ask_following(question, follows, article, explain=explain)
        if not explain and (known := self._cache.get(question, article)):
            return known
        within = self.collection.filter_of(article, with_url=self.require_source_url)
        answer = self._answer(question, within, article, explain=explain)
        prove_answer(answer, self.collection.by_id)
        if not explain:
            self._cache.put(article, answer)
        return answer

    def _answer(self, question: str, within: ChunkFilter | None, article: str | None, *, explain: bool) -> Answer:
        """The answer from the chunks that may be found, not proved yet."""
        scope = self._scope(article)
        return answer_question(self.collection, question, within, scope, explain=explain, encoder=self.encoder)

    def _ask_following(self, question: str, follows: Preceding, article: str | None, *, explain: bool) -> Answer:
        """Answer a follow-up. It is not cached, since the answer depends on what it follows."""
        answer = answer_follow_up(
            question,
            follows,
            partial(self._answer, article=article, explain=explain),
            self.collection,
            within=self.collection.filter_of(article, with_url=self.require_source_url),
            scope=self._scope(article),
        )
        prove_answer(answer, self.collection.by_id)
        return answer

    def _scope(self, article: str | None) -> SearchScope:
        if article is not None:
            return SearchScope.ARTICLE
        return SearchScope.WITH_URL if self.require_source_url else SearchScope.ALL

    def answer_from_record(self, question: str, article: str | None = None) -> RecordAnswer | None:
        """What the record says to a question about the collection, or about one article's metadata.

        None where it asks something else, or where the articles answer it. `article` is the id of the article that is
        talked about, if any; ArticleUnknown where no article has it.
        """
        asked = parse_record_question(question)
        if asked is None or (asked.may_be_in_articles and self.ask(question).verdict is Verdict.ANSWERED):
            return None
        return answer_from_record(self.collection, asked, article)

    def is_cached(self, question: str, article: str | None = None) -> bool:
        """Whether the answer is cached."""
        return self._cache.contains(question, article)

    def clear_cache(self, *, expired_only: bool = False) -> None:
        """Clear the caches of answers and of parsed questions, which contain what users asked.

        With `expired_only`, answers younger than an hour stay, so that not all are computed again at once.
        """
        if expired_only:
            self._cache.evict_expired()
        else:
            self._cache = AnswerCache()
        self.collection.forget_searches()
        parse_question.cache_clear()
        parse_follow_up.cache_clear()

    def warm_up(self) -> None:
        """Answer a fixed question, so that the first user does not wait for what is loaded lazily."""
        self.answer_from_record(WARM_UP_QUESTION)
        for follow_up in WARM_UP_FOLLOW_UPS:
            parse_follow_up(follow_up)
        answer_question(self.collection, WARM_UP_QUESTION, encoder=self.encoder)

    def search(self, query: str, limit: int = MAX_PASSAGES, article: str | None = None) -> tuple[Quote, ...]:
        """The at most `limit` best passages for these words, best first, proved; ArticleUnknown as in `ask`."""
        collection = self.collection
        within = collection.filter_of(article, with_url=self.require_source_url)
        found = search(collection, _terms_in_all(query[:MAX_QUESTION_LENGTH], collection.languages), limit, within)
        for quoted in found:
            prove_quote(quoted, collection.entry(quoted.article.id), quoted.text, collection.by_id)
        return found

    def correct_spelling(self, query: str) -> CorrectedQuery:
        """The words to search for as questions read them: those that no article has are corrected, if English."""
        there = list(self.collection.languages)
        if ENGLISH not in languages_to_ask(query[:MAX_QUESTION_LENGTH], there).own:
            return CorrectedQuery(query, ())
        question, corrections = correct_spelling(parse_question(query[:MAX_QUESTION_LENGTH]), self.collection)
        return CorrectedQuery(question.text if corrections else query, corrections)

    def context(self, quoted: Quote) -> Quote:
        """The quotation with the sentence before and the one after, or under headings with its section.

        ArticleUnknown where the article is deleted.
        """
        collection = self.collection
        entry, entries = collection.entry(quoted.article.id), collection.by_id
        still = tuple(source for source in quoted.other_sources if source.article.id in entries)
        around = quote_in_context(quoted.model_copy(update={"other_sources": still}), entries)
        prove_quote(around, entry, around.text, entries)
        return around

    def around(self, quoted: Quote, reach: int = 2) -> tuple[Quote | None, Quote | None]:
        """Up to `reach` sentences before the quotation and after it, or the rest of its section, proved.

        ArticleUnknown as in `context`.
        """
        entry = self.collection.entry(quoted.article.id)
        found = surrounding_quotes(quoted, entry, reach)
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
        other_sources: Sequence[tuple[str, str, Sequence[Span]]] = (),
    ) -> Quote:
        """Restore an earlier quotation from its spans, and prove it again.

        `sha256` is of the article's text when it was quoted. `other_sources` has the id, the hash and the spans of
        each other source; those that are deleted or changed are left out. ArticleUnknown where the article is deleted,
        ArticleChanged where its text has changed, ProofFailed where the spans cannot be quoted.
        """
        collection = self.collection
        entry, entries = collection.entry(article), collection.by_id
        if entry.article.text_sha256 != sha256:
            problem = f"The article {article!r} has changed since it was quoted."
            raise ArticleChanged(problem, "Ask again.")
        others = ((entries[other], there, hashed) for other, hashed, there in other_sources if other in entries)
        still = tuple(
            Source.of_entry(other, there) for other, there, hashed in others if other.article.text_sha256 == hashed
        )
        source = Source.of_entry(entry, spans)
        quoted = Quote(**{**vars(Quote.of(source, 0, tuple(matched))), "other_sources": still})
        prove_quote(quoted, entry, quoted.text, entries)
        return quoted

    def prove(self, quoted: Quote, shown: str) -> None:
        """Prove that the words about to be shown are the article's; raises ProofFailed, or ArticleUnknown."""
        collection = self.collection
        prove_quote(quoted, collection.entry(quoted.article.id), shown, collection.by_id)
