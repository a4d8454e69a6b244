"""A name is matched in its exact form; what is read in its place is announced, and never silently."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.answering.pipeline import answer_question
from index.answering.proof import prove_answer
from index.cleaning import built_in_rules
from index.collection.collection import Collection
from index.models import Answer, Verdict
from index.ranking.names import is_derived
from index.reading import read_article
from tests.properties import one_in

PAIRS = [
    ("Niger", "Nigeria"),
    ("Andrea", "Andreas"),
    ("Christian", "Christina"),
    ("Louis", "Louise"),
    ("Simon", "Simone"),
    ("Mika", "Mikael"),
    ("Robert", "Roberts"),
    ("Austria", "Australia"),
    ("Daniel", "Daniela"),
    ("Iran", "Iraq"),
    ("Hans", "Hansen"),
    ("Slovakia", "Slovenia"),
    ("Edward", "Edwards"),
    ("Johan", "Johannes"),
    ("Victor", "Victoria"),
    ("Denis", "Denise"),
    ("Paul", "Paula"),
    ("Dominic", "Dominica"),
]
BAKERY = """The bakery of {0}

{0} founded the bakery on the harbour in 1987. The bakery of {0} sells rye bread and cakes. In 2004 {0} moved the shop
to a larger house. Customers praise the bread.
"""
PRIZE = """A prize in the village

The council gave a prize to {0} in March. {0} was born in Lomma and lives near the old mill. The mayor thanked {0} for
the bread.
"""
QUESTIONS = [
    "Who is {}?",
    "When did {} found the bakery?",
    "Where was {} born?",
    "What does {}'s bakery sell?",
    "Who gave a prize to {}?",
    "{} bakery",
    "Was {} mentioned?",
]


def collection_of(*texts: str) -> Collection:
    entries = [
        read_article(f"article-{number}.txt", text.encode(), None, built_in_rules())
        for number, text in enumerate(texts)
    ]
    return Collection(entries)


def written(question: str) -> Iterator[str]:
    """The question as it is, in lower case without its mark, and in capitals."""
    yield question
    yield question.lower().rstrip("?")
    yield question.upper()


def readings(answer: Answer) -> dict[str, str]:
    return {reading.written: reading.corrected for reading in answer.corrections}


@pytest.mark.parametrize(("asked", "held"), one_in(6, [*PAIRS, *((other, one) for one, other in PAIRS)]))
def test_no_name_is_replaced_by_another_without_notice(asked: str, held: str) -> None:
    collection = collection_of(BAKERY.format(held), PRIZE.format(held))
    for question in (form for text in QUESTIONS for form in written(text.format(asked))):
        answer = answer_question(collection, question)
        assert not answer.shown_quotes or answer.corrections, question
        assert all(reading.corrected == held for reading in answer.corrections), question
        prove_answer(answer, collection.by_id)


@pytest.mark.parametrize("held", one_in(6, sorted({name for pair in PAIRS for name in pair})))
def test_a_question_about_the_name_that_the_articles_have_is_shown_its_sentence(held: str) -> None:
    collection = collection_of(BAKERY.format(held), PRIZE.format(held))
    for question in (form for text in QUESTIONS for form in written(text.format(held))):
        answer = answer_question(collection, question)
        assert answer.corrections == (), question
        assert held in answer.shown_quotes[0].text, question


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_of_two_names_in_the_articles_each_is_shown_its_own_sentences(one: str, other: str) -> None:
    born = "{0} was born in {1}. The school of {0} was small, and {0} liked it."
    collection = collection_of("A life\n\n" + born.format(one, "Lomma"), "A life\n\n" + born.format(other, "Varberg"))
    for name, place in ((one, "Lomma"), (other, "Varberg")):
        for question in written(f"Where was {name} born?"):
            answer = answer_question(collection, question)
            assert place in answer.shown_quotes[0].text, question
            of_others = [
                quote.text for quote in answer.shown_quotes if "born" in quote.text and place not in quote.text
            ]
            assert not (of_others and answer.quotes), question
            assert not of_others or is_derived(one.lower(), other.lower()), question


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_names_in_one_article_are_not_taken_for_each_other(one: str, other: str) -> None:
    dam = f"The dam was opened with {one} in 1999. {other} was born in Varberg. Rain fell on {one} all day."
    collection = collection_of("Two at the dam\n\n" + dam)
    for question in written(f"Where was {one} born?"):
        answer = answer_question(collection, question)
        assert all(other not in quote.text.split() or answer.corrections for quote in answer.shown_quotes), question


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("The Métis settled at the Red River in 1812.", "When did the Metis settle at the Red River?"),
        ("Zoë Łoś opened the museum in Malmö.", "Who opened the museum in Malmo?"),
        ("The committee praised Zoë Łoś in Malmö.", "Who praised Zoe Los?"),
        ("The committee praised Anna’s garden at noon.", "Who praised the garden of Anna?"),
        ("The committee praised James's garden at noon.", "Who praised James?"),
        ("The committee praised O'Brien at noon.", "Who praised O’Brien?"),
        ("The committee praised the U.N. at noon.", "Who praised the UN?"),
    ],
)
def test_case_accents_and_possessives_do_not_make_another_name(text: str, question: str) -> None:
    for form in written(question):
        answer = answer_question(collection_of("News\n\n" + text + " Rain fell in the afternoon."), form)
        assert (answer.shown_quotes[0].text, answer.corrections) == (text, ()), form


@pytest.mark.parametrize(
    ("asked", "held"), [("Germans", "German"), ("German", "Germany"), ("Huguenots", "Huguenot"), ("Smiths", "Smith")]
)
def test_another_form_of_a_name_is_read_and_announced(asked: str, held: str) -> None:
    collection = collection_of(
        f"The harbour\n\nThe harbour was built by {held} workers in 1804. The {held} firm left in May."
    )
    answer = answer_question(collection, f"When was the harbour built by {asked} workers?")
    assert answer.shown_quotes
    assert readings(answer) == {asked: held}


def test_a_form_of_a_name_beside_the_name_itself_is_announced_where_it_is_shown() -> None:
    text = "A people\n\nThe Huguenots left France. Huguenot weavers settled in Lomma in 1685. They made silk."
    answer = answer_question(collection_of(text), "When did the weavers of the Huguenots settle in Lomma?")
    assert any("1685" in quote.text for quote in answer.shown_quotes)
    assert readings(answer) == {"Huguenots": "Huguenot"}


@pytest.mark.parametrize("question", ["What is a Firewall?", "what is a firewall", "WHAT IS A FIREWALL?"])
def test_a_word_that_the_articles_write_small_is_no_name(question: str) -> None:
    text = (
        "Networks\n\nWhat most offices use are firewalls, which block traffic. A router and the firewalls share a rack."
    )
    answer = answer_question(collection_of(text), question)
    assert "firewalls" in answer.shown_quotes[0].text
    assert answer.corrections == ()


WAR = "World War II (WWII) changed the harbour town."
BUREAU = "It asked the FBI (Federal Bureau of Investigation) for help."
FBI, LONG = "The mill was searched by the FBI.", "The mill was searched by the Federal Bureau of Investigation."


@pytest.mark.parametrize(
    ("defined", "said", "question"),
    [
        (WAR, "The mill was burned during WWII.", "What was burned during World War II?"),
        (WAR, "The mill was burned during World War II.", "What was burned during WWII?"),
        (WAR, "The mill was burned during World War II.", "what was burned during wwii"),
        (BUREAU, FBI, "What did the Federal Bureau of Investigation search?"),
        (BUREAU, LONG, "What did the FBI search?"),
    ],
)
def test_a_long_form_and_its_abbreviation_find_each_other(defined: str, said: str, question: str) -> None:
    texts = [f"One\n\n{defined} Nothing else is known.", f"Two\n\nThe mill is old. {said} It was rebuilt."]
    answer = answer_question(collection_of(*texts), question)
    assert any(said in quote.text for quote in answer.shown_quotes)
    assert answer.corrections == ()
    without = answer_question(collection_of(texts[1]), question)
    assert without.explanation.coverage < answer.explanation.coverage


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("The club has three halls by the river.", "Which club has 3 halls?"),
        ("The club has 3 halls by the river.", "Which club has three halls?"),
        ("The club has 21 boats by the river.", "Who has twenty-one boats?"),
        ("The club has three hundred members by the river.", "Who has 300 members?"),
        ("The club was the 1st to swim in the river.", "Who was the first to swim in the river?"),
        ("The club was the second to swim in the river.", "Who was the 2nd to swim in the river?"),
    ],
)
def test_digits_and_number_words_are_equal(text: str, question: str) -> None:
    answer = answer_question(collection_of("News\n\n" + text + " Gulls cried."), question)
    assert answer.shown_quotes[0].text == text
    assert answer.explanation.coverage == 1


def test_one_as_a_pronoun_is_no_number() -> None:
    collection = collection_of("News\n\nThe red one won the prize. It rained.")
    assert answer_question(collection, "Which club won 1 prize?").verdict is not Verdict.ANSWERED


@pytest.mark.parametrize(
    ("text", "question", "reading"),
    [
        (
            "Several pumps failed. The oil is separated from the water by a filter.",
            "How is the oil seperated from the water?",
            {"seperated": "separated"},
        ),
        ("She leans on the fence. The race of Le Mans began in 1923.", "When did lemans begin?", {"lemans": "Le Mans"}),
        ("The committee met at noon. The mayor praised it.", "When did the comittee meet?", {"comittee": "committee"}),
    ],
)
def test_typos_are_compared_on_whole_words(text: str, question: str, reading: dict[str, str]) -> None:
    answer = answer_question(collection_of("News\n\n" + text), question)
    assert readings(answer) == reading
    assert next(iter(reading.values())) in answer.shown_quotes[0].text
