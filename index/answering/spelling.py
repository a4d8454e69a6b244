"""Spelling correction of words that no article has: typos, words run together, and words split in two.

A correction is always a slice of an article, and the answer states it. Whole words are compared, not stems. A word that
the thesaurus has is not a typo: a question about a bank does not mean a band. A name that no article has may be read as
another form of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from rapidfuzz.distance import OSA

from index.analysis.analyzer import Term, stem, terms
from index.analysis.exact_forms import exact, form_of, is_exact
from index.analysis.languages import ENGLISH
from index.analysis.question import Question, parse_question
from index.analysis.thesaurus import related
from index.collection.collection import Collection
from index.models import Span, SpellingCorrection
from index.ranking import Ranked
from index.ranking.names import is_derived, names_beginning_like, names_like, resolve_names, usage
from index.ranking.query_expansion import index_terms_of, rows_of_term

MIN_LENGTH = 5
"""Letters of the shortest word that is taken for a typo: Iran is not Iraq."""
MAX_LENGTH = 40
"""Letters of the longest: what is longer is no word, and takes long to compare."""
LONG_WORD_LENGTH = 9
"""Letters from which on two edits are allowed instead of one."""
MIN_PART_LENGTH = 2
"""Fewest letters of each half of a word that is split in two."""
MAX_CORRECTIONS = 5
"""Most words of a question that are corrected; with more, it asks about something else."""
MAX_CANDIDATES = 50
"""Sentences that are searched for two words side by side."""


def correct_spelling(question: Question, collection: Collection) -> tuple[Question, tuple[SpellingCorrection, ...]]:
    """The question with its spelling corrected, and the corrections; the same question, where there are none."""
    corrections = tuple(_corrections(question, collection))
    text = question.text
    for correction in reversed(corrections):
        start, end = correction.question_span
        text = text[:start] + correction.corrected + text[end:]
    return (parse_question(text) if corrections else question), corrections


def _corrections(question: Question, collection: Collection) -> Iterator[SpellingCorrection]:
    """Corrections in the order of their places, without overlaps."""
    tokens = resolve_names(question, collection.bm25).tokens
    others = [code for code in collection.languages if code != ENGLISH]
    unread = {
        token.form
        for token in tokens
        if not rows_of_term(token.term, collection.bm25)
        and not collection.headings.rows_of(token.term)
        and not any(collection.bm25.rows_of(exact(token.form, code)) for code in others)
    }
    skipped = False
    given = 0
    for place, token in enumerate(tokens):
        if skipped:
            skipped = False
            continue
        if given == MAX_CORRECTIONS:
            return
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        joined = following and _merged_words(question.text, token, following, unread, collection)
        if joined:
            skipped = True
            given += 1
            yield joined
        elif token.form in unread:
            found = _derived_name(question.text, token, collection) or _respelled(question.text, token, collection)
            if found:
                given += 1
                yield found


def _merged_words(
    text: str, one: Term, other: Term, unread: set[str], collection: Collection
) -> SpellingCorrection | None:
    """Two words that the articles write as one: "deep seek" for DeepSeek."""
    if text[one.end : other.start] not in {" ", "-"} or not {one.form, other.form} & unread:
        return None
    return _correction(text, Span(one.start, other.end), one.form + other.form, collection)


def _derived_name(text: str, token: Term, collection: Collection) -> SpellingCorrection | None:
    """Another form of a name: "Christians" for Christian, "German" for Germany.

    A word that is its own stem and that the thesaurus has is a name of its own: Robert is not read as Roberts.
    """
    if not is_exact(token.term):
        return None
    is_own = stem(token.form) == token.form and bool(related(token.form))
    forms = {
        form: used
        for form, used in names_beginning_like(token.form, collection.bm25).items()
        if (is_derived(token.form, form) or stem(form) == stem(token.form))
        and not (is_own and used.capital and stem(form) == token.form)
    }
    nearest = min(forms, key=lambda form: (stem(form) != stem(token.form), -sum(forms[form]), form), default=None)
    return None if nearest is None else _correction(text, Span(token.start, token.end), nearest, collection)


def _respelled(text: str, token: Term, collection: Collection) -> SpellingCorrection | None:
    """The word that this one is a typo of, or the two words that it is."""
    is_word = 2 * MIN_PART_LENGTH <= len(token.form) <= MAX_LENGTH and token.form.isalpha()
    if not is_word or related(stem(token.form)):
        return None
    return _split_word(text, token, collection) or _nearest_word(text, token, collection)


def _nearest_word(text: str, token: Term, collection: Collection) -> SpellingCorrection | None:
    """The nearest, then commonest word with the same first letter, one edit away or two if long; None at a tie."""
    if len(token.form) < MIN_LENGTH:
        return None
    slips = 2 if len(token.form) >= LONG_WORD_LENGTH else 1
    shortest, longest = max(MIN_LENGTH - 1, len(token.form) - slips), len(token.form) + slips
    alike = {
        form: distance
        for _, term in collection.bm25.rows_with_prefix(exact(token.form[0]))
        if shortest <= len(form := form_of(term)) <= longest
        and (distance := OSA.distance(token.form, form, score_cutoff=slips)) <= slips
    }
    near = sorted((distance, -sum(usage(form, collection.bm25)), form) for form, distance in alike.items())
    if not near or (len(near) > 1 and near[0][:2] == near[1][:2]):
        return None
    return _correction(text, Span(token.start, token.end), near[0][2], collection)


def _correction(text: str, place: Span, wanted: str, collection: Collection) -> SpellingCorrection | None:
    """Correct this place to a form, as spelled where it first stands in the articles; None where no article has it."""
    for chunk in collection.chunks_with([index_terms_of(exact(wanted))], MAX_CANDIDATES).tolist():
        if spans := collection.sentence_features(chunk).spans.get(exact(wanted)):  # not in the header of a row
            return _correction_at(text, place, chunk, spans[0], collection)
    return None


def _split_word(text: str, token: Term, collection: Collection) -> SpellingCorrection | None:
    """One word that the articles write as two: "whitehouse" for White House."""
    for cut in range(MIN_PART_LENGTH, len(token.form) - MIN_PART_LENGTH + 1):
        halves = [index_terms_of(exact(half)) for half in (token.form[:cut], token.form[cut:])]
        for chunk in collection.chunks_with(halves, MAX_CANDIDATES).tolist():
            sentence = collection.text(chunk)
            for left, right in pairwise(terms(sentence)):
                if left.form + right.form == token.form and sentence[left.end : right.start] in {" ", "-"}:
                    inside = Span(left.start, right.end)
                    return _correction_at(text, Span(token.start, token.end), chunk, inside, collection)
    return None


def derived_forms(ranked: Ranked, chunks: Iterable[int]) -> Iterator[SpellingCorrection]:
    """For each name that one of these candidates has only in another form, that form: "Huguenot" for Huguenots."""
    inputs, places = ranked.inputs, {chunk: place for place, chunk in enumerate(ranked.chunks)}
    tokens = {token.term: token for token in reversed(inputs.question.tokens)}
    for row, term in enumerate(inputs.question.terms):
        own = tokens[term].form
        if not is_exact(term) and (inputs.evidence.own[row].any() or own[0].isdigit()):
            continue
        for chunk in chunks:
            if not inputs.evidence.own[row, places[chunk]]:
                alike = names_like(own, inputs.collection.sentence_features(chunk))
                found = next((span for form, span in alike if is_derived(own, form)), None)
                if found:
                    place = Span(tokens[term].start, tokens[term].end)
                    yield _correction_at(inputs.question.text, place, chunk, found, inputs.collection)
                    break


def _correction_at(text: str, place: Span, chunk: int, inside: Span, collection: Collection) -> SpellingCorrection:
    start = collection.sentence(chunk).span.start
    return SpellingCorrection(
        written=text[slice(*place)],
        question_span=place,
        article=collection.article_of(chunk),
        article_span=Span(start + inside.start, start + inside.end),
    )
