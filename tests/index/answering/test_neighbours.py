"""A passage is quoted with the sentence beside it that has what it lacks, and with no other one."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.analysis.question import parse_question
from index.answering.neighbours import MAX_COMPLETED, completing_neighbour
from index.answering.proof import prove_quote
from index.answering.quoting import quote_passage
from index.collection.collection import Collection
from index.collection.context import quote_in_context
from index.engine import Engine
from index.models import Quote
from index.ranking import Ranked, rank
from tests.index.reading.test_documents import entry_of

POTTER = "Ilse Varga made pots in Pécs."
QUESTION = "When did Ilse Varga the potter die?"


def ranked_for(question: str, *texts: str, suffix: str = "txt") -> Ranked:
    entries = [entry_of(f"{name}.{suffix}", text) for name, text in zip("abcdef", texts, strict=False)]
    ranked = rank(Collection(entries), parse_question(question))
    assert ranked is not None
    return ranked


def quoted(ranked: Ranked, beginning: str) -> Quote:
    """The quotation of the candidate that begins so, with its neighbour."""
    collection = ranked.inputs.collection
    place = next(place for place, chunk in enumerate(ranked.chunks) if collection.text(chunk).startswith(beginning))
    passage = collection.passage(ranked.chunks[place], 0.0, frozenset())
    quote = quote_passage(passage, collection, None, neighbour=completing_neighbour(ranked, place))
    prove_quote(quote, collection.entry(passage.article.id), quote.text, collection.by_id)
    return quote


@pytest.mark.parametrize(
    "after",
    [
        "She died of a fever.",
        "She was buried in 1977.",
        "In 1977 she fell ill.",
        "Her death in May was a surprise.",
    ],
)
def test_a_sentence_that_refers_back_is_quoted_where_it_has_what_is_asked(after: str) -> None:
    ranked = ranked_for(QUESTION, f"A potter\n\nPots are old. {POTTER} {after} Few pots are left.\n")
    assert quoted(ranked, POTTER).text == f"{POTTER} {after}"


@pytest.mark.parametrize(
    "after",
    [
        "She liked the clay of the hills.",
        "They are kept in a museum.",
        "The museum burned down.",
        "Did she die in 1977?",
    ],
)
def test_a_sentence_that_has_nothing_of_what_is_asked_is_not_quoted(after: str) -> None:
    ranked = ranked_for(QUESTION, f"A potter\n\nPots are old. {POTTER} {after} Few pots are left.\n")
    assert quoted(ranked, POTTER).text == POTTER


def test_nothing_is_added_to_a_sentence_that_lacks_nothing() -> None:
    whole = "The potter Ilse Varga died in 1977."
    ranked = ranked_for(QUESTION, f"A potter\n\n{whole} She was born in 1902 and died at home.\n")
    assert quoted(ranked, whole).text == whole


def test_a_neighbour_that_is_ranked_nearly_as_high_is_quoted_with_the_best() -> None:
    before, best = "The ferry to Brams sank in a storm.", "The harbour master of Brams closed the harbour."
    ranked = ranked_for(
        "Why was the harbour closed after the ferry sank in the storm?", f"Brams\n\n{before} {best} Gulls came.\n"
    )
    assert quoted(ranked, best).text == f"{before} {best}"


@pytest.mark.parametrize(
    ("between", "suffix"),
    [
        pytest.param("\n\n## Death\n\n", "md", id="a heading"),
        pytest.param(f" {'Clay is heavy and ' * 40}wet. ", "md", id="another sentence"),
        pytest.param("\n\n- ", "md", id="a list"),
        pytest.param("\n\nADVERTISEMENT\n\n", "txt", id="an advertisement"),
    ],
)
def test_only_what_stands_directly_beside_it_in_its_section_is_quoted(between: str, suffix: str) -> None:
    filler = "Nobody knows how many pots were sold at the fair in the old days of the town. " * 10
    after = "She died in 1977 of a fever."
    ranked = ranked_for(QUESTION, f"# A potter\n\n{filler}{POTTER}{between}{after}\n", suffix=suffix)
    assert after not in quoted(ranked, POTTER).text


def test_a_sentence_that_leads_up_to_a_list_is_not_quoted_without_it() -> None:
    ranked = ranked_for(QUESTION, f"{POTTER} She died, as is told:\n\n- in 1977\n- of a fever\n", suffix="md")
    assert quoted(ranked, POTTER).text == POTTER


def test_a_quotation_grows_no_longer_than_one_can_read() -> None:
    after = f"She died in 1977 of {'a long and ' * 70}strange fever."
    assert len(after) > MAX_COMPLETED
    assert quoted(ranked_for(QUESTION, f"A potter\n\n{POTTER} {after}\n"), POTTER).text == POTTER


def test_the_other_sources_have_both_sentences() -> None:
    both = f"{POTTER} She died in 1977."
    ranked = ranked_for(QUESTION, f"One\n\n{both}\n", f"Two\n\nPots are old. {both}\n", f"Three\n\n{POTTER} The end.\n")
    quote = quoted(ranked, POTTER)
    assert quote.text == both
    assert {source.article.id for source in quote.all_sources} == {"a", "b"}


def test_the_context_of_both_is_what_stands_around_them() -> None:
    ranked = ranked_for(QUESTION, f"A potter\n\nPots are old. {POTTER} She died in 1977. Few pots are left.\n")
    wider = quote_in_context(quoted(ranked, POTTER), ranked.inputs.collection.by_id)
    assert wider.text == f"Pots are old. {POTTER} She died in 1977. Few pots are left."


def test_an_answer_shows_the_best_sentence_with_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text(
        "A mill\n\nThe mill at Lundby was built by Karl Moen for the widow of a baker. He spent 900 crowns on it.\n\n"
        "The mill is closed on Mondays. Nobody grinds there now.\n"
    )
    shown = Engine.open(tmp_path / "seeds", tmp_path / "data").ask(
        "How much did Karl Moen spend on the mill at Lundby?"
    )
    assert shown.shown_quotes[0].text == (
        "The mill at Lundby was built by Karl Moen for the widow of a baker. He spent 900 crowns on it."
    )
