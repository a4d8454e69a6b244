"""Decide whether the articles answer a question, and explain the decision in numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from importlib import resources
from typing import NamedTuple

import numpy as np

from index.analysis.analyzer import WORD, normalise, stem
from index.analysis.answer_kinds import asks_for, gives, has_kind, kind_demanded
from index.analysis.exact_forms import form_of, is_exact
from index.analysis.question import AnswerType, Question, asks_for_explanation, asks_for_mention, english_function_words
from index.analysis.sentence_features import SentenceFeatures, sentence_features
from index.analysis.thesaurus import related
from index.answering.answerability_features import COSINE_WEIGHT, answerability_features, order_by_meaning
from index.answering.encoder import Encoder
from index.answering.neighbours import completing_neighbour
from index.answering.quoting import extents, quoted_sentences
from index.answering.section_model import section_features, section_model
from index.bm25.candidate_source import ChunkFilter
from index.collection.collection import Collection
from index.models import MAX_POSSIBLE_QUOTES, Explanation, Signal, TermWeight, Verdict
from index.ranking import Ranked
from index.ranking.decision_trees import TreeEnsemble
from index.ranking.features import Column
from index.ranking.names import is_name, names_beginning_like
from index.ranking.query_expansion import index_terms_of

MAX_QUOTES = 3
JUDGED = 3
"""Best candidates by the ranking of which the probability is computed."""
ANSWER_MARGIN = 0.5
"""A further passage is an answer too if its score is at most this much below the first one's."""
POSSIBLE_MARGIN = 2.5
"""A further passage is a possible answer if its score is at most this much below the first one's."""
MIN_SENTENCES = 25
"""For the threshold of a possible answer, the number of sentences is taken to be at least this."""
MAX_MAY_ANSWER_THRESHOLD, MAY_ANSWER_SCALE = 0.33, 70.0
"""For a possible answer: the highest threshold, and the divisor of the fourth root of sentences × articles."""
MAX_MAY_ANSWER_THRESHOLD_SEMANTIC = 0.2
"""The highest threshold where there is an encoder."""
UNKNOWN_NAME_SHARE = 1 / 3
"""The share of the highest threshold that a possible answer needs where a name in the question is in no article."""
SENTENCE_ENDS, BEFORE_WORD = (".", "?", "!", ":"), " \n\"'“‘("
"""What ends a sentence, and what may stand between that and the next word."""
MIN_SENTENCES_TOO_BROAD = 3
"""A one-word question that asks nothing of its word is too broad if more sentences than this have the word."""
MIN_UNKNOWN_WORDS, UNKNOWN_SHARE = 3, 0.6
"""A question is unreadable with at least this many unknown words, if they are at least this share of all."""
AROUND = 0.5
"""`TermWeight.matched` of a term that only the passage's surroundings have."""
VETO_PROBABILITY = 0.4
"""Highest probability of a passage that is vetoed: the share of correct ones among those that the model rates higher
(docs/quality.md). Such a passage is never an answer, but may be a possible one."""
VETO_PROBABILITIES = {"no-figure": 0.08, "name-replaced": 0.0}
"""The same by name of the veto, where it differs. Nothing is a possible answer where the articles lack a name of the
question and have one that is easily taken for it."""
WHOLE_QUESTION, MIN_WHOLE_QUESTION_TERMS = 0.65, 3
"""The probability, and the number of terms, from which a passage that alone has the whole question is an answer."""
WHOLE_QUESTION_SEMANTIC = 0.55
"""The same probability where there is an encoder."""
VETOES = {AnswerType.NUMBER: "no-figure", AnswerType.SAYING: "no-saying"}
"""Types of answer that a passage must contain."""
DEMANDED = {
    AnswerType.TIME: "no-time",
    AnswerType.NUMBER: "no-figure",
    AnswerType.PERSON: "no-person",
    AnswerType.PLACE: "no-place",
}
"""The veto where a quotation has nothing of the kind that alone can answer the question."""
EXPLAINED = {"difference": "no-contrast", "reason": "no-reason"}
"""The same where an explanation is asked for. A section, whose heading may ask, gives one over sentences."""
NEVER_ANSWERS = ("role-conflict", "only-planned", "asks-itself")
"""Features of a passage that is never an answer, under headings either: it has the names of the question in other
roles, it only plans what the question says was done, or it is a question itself."""


class Judged(NamedTuple):
    """Candidates in the order of the ranking, or of ranking and meaning; those that answer before the others."""

    ranked: Ranked
    probabilities: tuple[float, ...]
    """Of the first few that each is an answer."""
    any_probability: float
    """That any of these is. A veto of the first one limits it, too."""
    rules: tuple[str, ...]
    """What decided the probability of each."""
    signals: Mapping[str, Column]
    """The features of each."""
    encoder: Encoder | None
    """What gave the cosines among these."""

    @property
    def model(self) -> TreeEnsemble:
        """What gave the probabilities."""
        return model_with(self.encoder)


class Decision(NamedTuple):
    """The verdict, its explanation, and the chunks to show, best first: those that answer, or those that may."""

    verdict: Verdict
    explanation: Explanation
    chosen: tuple[int, ...] = ()


@cache
def answerability_model() -> TreeEnsemble:
    """The answerability model: answerability.json, which `make train` writes."""
    return TreeEnsemble.from_json(resources.files("index.answering").joinpath("answerability.json").read_text("utf-8"))


@cache
def semantic_model() -> TreeEnsemble:
    """The answerability model that also has the cosines of an encoder: answerability_semantic.json."""
    written = resources.files("index.answering").joinpath("answerability_semantic.json").read_text("utf-8")
    return TreeEnsemble.from_json(written)


def model_with(encoder: Encoder | None) -> TreeEnsemble:
    """The answerability model that judges with this encoder, or without one."""
    return answerability_model() if encoder is None else semantic_model()


def may_answer_threshold(sentences: int, articles: float, encoder: Encoder | None = None) -> float:
    """The probability from which the best of so many sentences of so many articles is shown as a possible answer.

    The more there are, the closer the best of them comes to an unrelated question; many sentences of one article, which
    are about one thing, less so than as many of different articles. At this threshold about a fifth of such questions
    get a possible answer; with an encoder, which has a lower one, fewer (docs/quality.md).
    """
    fourth_root = math.sqrt(math.sqrt(max(sentences, MIN_SENTENCES) * articles))
    return min(max_may_answer_threshold(encoder), fourth_root / MAY_ANSWER_SCALE)


def max_may_answer_threshold(encoder: Encoder | None) -> float:
    """The threshold of a large collection. The cosines of an encoder tell unrelated sentences better."""
    return MAX_MAY_ANSWER_THRESHOLD if encoder is None else MAX_MAY_ANSWER_THRESHOLD_SEMANTIC


def probability_of_any(probabilities: Iterable[float]) -> float:
    """The probability that any of these passages answers, as if each did or not whatever the others do."""
    return 1 - math.prod(1 - one for one in probabilities)


def decision_without_candidates(verdict: Verdict, rule: str, encoder: Encoder | None = None) -> Decision:
    """A decision made without candidates, by the rule of this name."""
    return Decision(verdict, Explanation(rule=rule, threshold=model_with(encoder).model.threshold))


def judge(ranked: Ranked, encoder: Encoder | None = None) -> Judged:
    """The probability that each of the best candidates answers the question; those that do come first.

    A model over features gives a calibrated probability. Vetoes limit it: a name or number of the question, or any word
    of a yes-or-no question, is not in what is shown; the quotation lacks the time, figure, person, place, saying,
    contrast or reason that is asked for; it has the opposite of a word, or the question's names in other roles; it only
    plans; it asks. A first candidate that has the whole question, or mentions what is asked to be mentioned, is given
    the threshold as its probability. Under headings the order stays that of the ranking.
    """
    semantic: dict[str, Column] = {}
    if encoder is not None:
        weight = 0.0 if is_under_heading(ranked) else COSINE_WEIGHT
        ranked, semantic = order_by_meaning(ranked, JUDGED, encoder, weight)
    signals, model = answerability_features(ranked, JUDGED) | semantic, model_with(encoder)
    made = [model.probability(float(score)) for score in model.scores(model.feature_matrix(signals))]
    threshold = model.model.threshold
    vetoes = [
        (_veto(ranked, place) or ("opposite" if signals["opposite"][place] > 0 else None))
        if place == 0 or made[place] >= threshold
        else None
        for place in range(len(made))
    ]
    caps = [1.0 if veto is None else VETO_PROBABILITIES.get(veto, VETO_PROBABILITY) for veto in vetoes]
    rules = [veto or "probability" for veto in vetoes]
    whole = WHOLE_QUESTION if encoder is None else WHOLE_QUESTION_SEMANTIC
    if vetoes[0] is None and whole <= made[0] < threshold and _has_whole_question(ranked, signals):
        made[0], rules[0] = threshold, "whole-question"
    if vetoes[0] is None and made[0] < threshold and _mentions_topic(ranked):
        made[0], rules[0] = threshold, "mentioned"
    probabilities = np.minimum(made, caps)
    order = np.arange(len(ranked.chunks))
    if not is_under_heading(ranked):
        answers = probabilities >= threshold
        order[: len(made)] = np.lexsort((order[: len(made)], -np.where(answers, probabilities, 0.0)))
    first = order[: len(made)]
    return Judged(
        ranked.take(order),
        tuple(probabilities[first].tolist()),
        min(caps[first[0]], probability_of_any(probabilities.tolist())),
        tuple(rules[place] for place in first),
        {name: column[first] for name, column in signals.items()},
        encoder,
    )


def decide(
    judged: Judged, within: ChunkFilter | None = None, *, readable: bool = True, explain: bool = False
) -> Decision:
    """Decide whether the best candidate answers the question, may answer it, or neither.

    It answers where its probability reaches the one threshold; it may answer where the probability that any of the best
    candidates does reaches the other, since more than one may be shown. Under headings, the section model gives one
    probability for both.

    Args:
        judged: the question's candidates, best first.
        within: the chunks that were searched; None for all.
        readable: whether all words of the question were searched for. If not, the verdict is never `answered`.
        explain: whether to include each feature's contribution, which takes a while longer.
    """
    ranked, probability, rule = judged.ranked, judged.probabilities[0], judged.rules[0]
    of_any = judged.any_probability
    threshold, lower = judged.model.model.threshold, _lower_threshold(judged, within)
    question = ranked.inputs.question
    if is_under_heading(ranked):
        model = section_model()
        probability = model.probability(section_features(ranked, probability))
        # Half, because the probability here is that of one passage.
        threshold, lower = model.threshold, min(lower / 2, model.may_answer_threshold)
        never = "heading-denies" if ranked.features["heading-denies"][0] else _never_answers(ranked, 0)
        if (veto := never or _missing_kind(ranked, _Quotation(ranked, 0))) is not None:
            probability, rule = min(probability, VETO_PROBABILITY), veto
        of_any = probability
    if readable and _is_too_broad(question, ranked, within):
        verdict, rule = Verdict.UNCLEAR, "too-broad"
    elif question.is_about_topic and not _holds_a_term(ranked):
        verdict, rule = Verdict.NOT_FOUND, "not-mentioned"
    elif readable and probability >= threshold:
        verdict = Verdict.ANSWERED
    elif of_any >= lower:
        verdict = Verdict.MAY_ANSWER
    else:
        verdict, rule = (Verdict.NOT_FOUND, rule) if readable else (Verdict.UNCLEAR, "unreadable")
    terms = term_weights(ranked)
    explanation = Explanation(
        rule=rule,
        probability=round(probability, 4),
        any_probability=round(of_any, 4),
        coverage=round(sum(t.idf * t.matched for t in terms) / sum(t.idf for t in terms), 4),
        threshold=threshold,
        may_answer_threshold=round(lower, 4),
        terms=terms,
        signals=_signal_contributions(judged) if explain else (),
        encoder=None if judged.encoder is None else judged.encoder.name,
    )
    return Decision(verdict, explanation, _chosen_chunks(verdict, judged))


def _lower_threshold(judged: Judged, within: ChunkFilter | None) -> float:
    """The threshold of a possible answer to this question, by the trees' probability."""
    ranked, highest = judged.ranked, max_may_answer_threshold(judged.encoder)
    if not ranked.inputs.in_collection.any():
        return highest  # only like words of the question are in the articles
    lower, of_unknown = _threshold_where_searched(judged, within), UNKNOWN_NAME_SHARE * highest
    if lower < of_unknown and not is_under_heading(ranked) and _has_unknown_name(ranked):
        return of_unknown
    return lower


def _threshold_where_searched(judged: Judged, within: ChunkFilter | None) -> float:
    """The lower threshold for what was searched."""
    collection = judged.ranked.inputs.collection
    if within is None:
        return may_answer_threshold(collection.sentences, collection.articles, judged.encoder)
    sentences = within.count()
    if len({collection.article_of(chunk).id for chunk in judged.ranked.chunks}) == 1:
        articles = 1.0
    else:  # an estimate: a filter does not know how many articles it lets through
        articles = collection.articles * min(1.0, sentences / max(1, collection.sentences))
    return may_answer_threshold(sentences, articles, judged.encoder)


def _has_unknown_name(ranked: Ranked) -> bool:
    """Whether a name in the question is in no sentence and no title, and the best passage has nothing related to it.

    Such articles are rarely about what is asked. A word in capitals may be no name: keywords without a word in lower
    case tell none, nor does what begins a sentence, or a word of the dictionary that is shouted.
    """
    question, evidence, collection = ranked.inputs.question, ranked.inputs.evidence, ranked.inputs.collection
    if not any(word[0].islower() for word in WORD.findall(question.text)):
        return False
    near = evidence.title[:, 0] | (evidence.heading[:, 0] > 0) | (evidence.related[:, 0] > 0)
    held = dict(zip(question.terms, ranked.inputs.in_collection | near, strict=True))
    return any(
        token.term in question.names
        and not held.get(token.term, True)
        and not question.text[: token.start].rstrip(BEFORE_WORD).endswith(SENTENCE_ENDS)
        and not (question.text[token.start : token.end].isupper() and related(stem(token.form)))
        and next(collection.ids_with_title_terms(frozenset({token.term})), None) is None
        for token in question.tokens
    )


def is_under_heading(ranked: Ranked) -> bool:
    """Whether headings are above the best passage."""
    return ranked.inputs.collection.section_range(ranked.chunks[0]) is not None


class _Quotation:
    """What would be quoted for a candidate, read on first use."""

    def __init__(self, ranked: Ranked, place: int) -> None:
        self.ranked, self.place = ranked, place

    @cached_property
    def sentences(self) -> tuple[SentenceFeatures, ...]:
        """The features of the sentences of the quotation."""
        ranked, chunk = self.ranked, self.ranked.chunks[self.place]
        collection = ranked.inputs.collection
        passage = collection.passage(chunk, float(ranked.scores[self.place]), frozenset())
        neighbour = completing_neighbour(ranked, self.place)
        quoted = quoted_sentences(passage, collection, extents(ranked)[chunk], neighbour)
        return tuple(sentence_features(passage.article.text[slice(*sentence.span)]) for sentence in quoted)

    def has_term(self, term: str) -> bool:
        """Whether a sentence of it has this term."""
        return any(term in sentence.positions for sentence in self.sentences)


def _missing_kind(ranked: Ranked, quotation: _Quotation) -> str | None:
    """The veto where a quotation lacks what alone can answer the question: a time for *when*, a reason for *why*."""
    question = ranked.inputs.question
    if not is_under_heading(ranked):
        for name, veto in EXPLAINED.items():
            if asks_for(name, question) and not any(gives(name, one) for one in quotation.sentences):
                return veto
    kind = kind_demanded(question)
    if kind is None or ranked.features["of-the-kind-strict"][quotation.place] > 0:
        return None
    return None if any(has_kind(kind, question, one) for one in quotation.sentences) else DEMANDED[kind]


def _chosen_chunks(verdict: Verdict, judged: Judged) -> tuple[int, ...]:
    ranked = judged.ranked
    if verdict is Verdict.ANSWERED:
        return tuple(_independent_answers(judged)[:MAX_QUOTES])
    if verdict is Verdict.MAY_ANSWER:
        best = ranked.scores[0]
        first = zip(ranked.chunks[:MAX_POSSIBLE_QUOTES], ranked.scores, strict=False)
        return tuple(chunk for chunk, score in first if best - score <= POSSIBLE_MARGIN)
    return ()


def is_unreadable(question: Question, collection: Collection) -> bool:
    """Whether it is in another language, or noise: most words except names are in no article and not in the thesaurus.

    Two such words are enough where the question has no word that only English sentences have.
    """
    words = [term for term in question.terms if term not in question.names]
    unknown = [term for term in words if not collection.bm25.has_term(term) and not related(term)]
    foreign = len(question.words) > MIN_UNKNOWN_WORDS and not english_function_words().intersection(question.words)
    if foreign and len(unknown) > 1:
        return True
    return len(unknown) >= MIN_UNKNOWN_WORDS and len(unknown) >= UNKNOWN_SHARE * len(words)


def keep_known_terms(question: Question, collection: Collection) -> Question:
    """An unreadable question reduced to names that the articles have, and words that only the articles have."""
    return question.restricted_to(
        term
        for term in question.terms
        if collection.bm25.has_term(term) and (term in question.names or not related(term))
    )


def _holds_a_term(ranked: Ranked) -> bool:
    """Whether the best candidate, its headings or its title have a term of the question, or one of its word family."""
    evidence = ranked.inputs.evidence
    return bool((evidence.in_sentence_or_heading() | evidence.title)[:, 0].any())


def _is_too_broad(question: Question, ranked: Ranked, within: ChunkFilter | None) -> bool:
    """Whether it is a single word that several sentences have, and nothing is asked of it."""
    if len(question.terms) > 1 or question.is_about_topic or question.answer_type is not AnswerType.UNSTATED:
        return False
    if asks_for_explanation(question.text):
        return False
    found = ranked.inputs.collection.count_with(index_terms_of(question.terms[0]), within)
    return found > MIN_SENTENCES_TOO_BROAD


def _veto(ranked: Ranked, place: int) -> str | None:
    """The rule by which a candidate cannot be an answer, however much of the question it has."""
    evidence, question, bm25 = ranked.inputs.evidence, ranked.inputs.question, ranked.inputs.collection.bm25
    exact = np.array([is_exact(term) for term in question.terms])
    alike = evidence.in_sentence()[:, place] | (evidence.related[:, place] > 0)
    here = np.where(exact, evidence.own[:, place] > 0, alike)
    shown = here | evidence.title[:, place] | (evidence.heading[:, place] > 0)
    unknown = exact & ~ranked.inputs.in_collection & ~evidence.title[:, place]
    if any(names_beginning_like(form_of(question.terms[term]), bm25) for term in np.flatnonzero(unknown)):
        return "name-replaced"
    quotation = _Quotation(ranked, place)
    lacking = {term for term, held in zip(question.terms, shown, strict=True) if not held}
    near = {term for term, sentences in zip(question.terms, evidence.article[:, place], strict=True) if sentences}

    def is_missing(term: str) -> bool:
        return term not in near or not quotation.has_term(term)

    if any(map(is_missing, lacking & question.names)):
        return "name-missing"
    if any(map(is_missing, lacking & question.numbers)):
        return "number-missing"
    if question.answer_type is AnswerType.YES_NO and any(map(is_missing, lacking)):
        return "word-missing"
    if question.answer_type in VETOES and ranked.features["of-the-kind"][place] == 0:
        return VETOES[question.answer_type]
    return _never_answers(ranked, place) or _missing_kind(ranked, quotation)


def _has_whole_question(ranked: Ranked, signals: Mapping[str, Column]) -> bool:
    """Whether the first candidate alone has every term of the question, and what it demands or its very words.

    Of a place that would say too little: sentences have many (docs/quality.md).
    """
    question = ranked.inputs.question
    if question.is_negated or signals["rivals"][0] > 0 or signals["coverage-family"][0] < 1 - 1e-9:
        return False
    demanded = signals["of-the-kind-strict"][0] == 1 and len(question.terms) >= MIN_WHOLE_QUESTION_TERMS
    return bool((demanded and question.answer_type is not AnswerType.PLACE) or signals["longest-run"][0] == 1)


def _mentions_topic(ranked: Ranked) -> bool:
    """Whether all that is asked is whether something is mentioned, and the first candidate has its very words.

    Names have a capital there, too: Apple is not mentioned where somebody eats an apple.
    """
    inputs, features = ranked.inputs, ranked.features
    question = inputs.question
    if is_under_heading(ranked) or not (question.is_about_topic and asks_for_mention(question.text)):
        return False
    capitalised = {form for form, _ in inputs.collection.sentence_features(ranked.chunks[0]).capitalised}
    named = (term for term in question.terms if is_name(term, question))
    names = {normalise(question.surface_form(term)) for term in named}
    return bool(
        features["longest-run"][0] == 1
        and not question.is_negated
        and not features["denial-differs"][0]
        and names <= capitalised
    )


def _never_answers(ranked: Ranked, place: int) -> str | None:
    """The feature by which the candidate at this place is never an answer."""
    return next((feature for feature in NEVER_ANSWERS if ranked.features[feature][place]), None)


def _independent_answers(judged: Judged) -> list[int]:
    """The first passage, and those rated nearly as high that have every term and the type of answer that it has."""
    ranked, threshold = judged.ranked, judged.model.model.threshold
    held = ranked.inputs.evidence.own > 0
    kinds = [ranked.features[name] for name in ("of-the-kind", "of-the-kind-strict")]
    headed = is_under_heading(ranked)
    return [
        chunk
        for place, chunk in enumerate(ranked.chunks[: len(judged.probabilities)])
        if place == 0
        or (
            ranked.scores[0] - ranked.scores[place] <= ANSWER_MARGIN
            and bool((held[:, place] >= held[:, 0]).all())
            and all(kind[place] >= kind[0] for kind in kinds)
            and (judged.probabilities[place] >= threshold or (headed and _never_answers(ranked, place) is None))
        )
    ]


def term_weights(ranked: Ranked) -> tuple[TermWeight, ...]:
    """The weight of each term of the question, and how far the best candidate has it."""
    evidence, question = ranked.inputs.evidence, ranked.inputs.question
    near, here = evidence.anywhere_near()[:, 0], evidence.in_sentence()[:, 0]
    matched = np.where(here, 1.0, np.maximum(evidence.related[:, 0], AROUND * near))
    return tuple(
        TermWeight(
            word=question.surface_form(term),
            term=term,
            idf=round(float(idf), 4),
            seen=bool(seen),
            matched=round(float(held), 4),
        )
        for term, idf, seen, held in zip(
            question.terms, evidence.idf, ranked.inputs.in_collection, matched, strict=False
        )
    )


def _signal_contributions(judged: Judged) -> tuple[Signal, ...]:
    """Each feature's contribution to the log-odds of the best passage's probability, largest first."""
    signals, model = judged.signals, judged.model
    row = model.feature_matrix(signals)[0]
    moved = model.contributions(row)
    given = [
        Signal(name=name, value=round(float(signals[name][0]), 4), contribution=round(model.model.slope * part, 4))
        for name, part in moved.items()
    ]
    return tuple(sorted(given, key=lambda signal: -abs(signal.contribution)))
