from pathlib import Path

import pytest

from index.article import Verdict
from index.engine import Engine
from index.support import judge

ANSWERED = [
    ("Who is the White House science and technology chief?", "chief Michael Kratsios said"),
    ("Which three firms did Anthropic accuse?", "accused three Chinese firms"),
    ("what did openai send to us legislators", "OpenAI sent a letter to US legislators"),
    ("How many proxies are used?", "tens of thousands of proxies"),
    ("When is the summit in Beijing?", "planned May 14 summit in Beijing"),
    ("Who has seen the diplomatic cable?", "a diplomatic cable seen by Reuters"),
    ("Which chip technology is V4 adapted for?", "adapted for Huawei chip technology"),
    ("Did DeepSeek respond to the request for comment?", "DeepSeek also did not immediately respond"),
    ("WHO DID THE CHINESE EMBASSY IN WASHINGTON SAY THE ACCUSATIONS ARE", "are baseless"),
]
NOT_FOUND = [
    "What is the capital of France?",
    "Who founded Moonshot AI?",
    "How many people work at MiniMax?",
    "How much did it cost to train the V4?",
    "What did Elon Musk say about DeepSeek?",
    "Which robot beat elite table tennis players?",
    "How much will Alphabet invest in Anthropic?",
    "What does Microsoft's cloud lawsuit demand?",
    "Which channel can I join to get the latest updates?",
]
UNCLEAR = ["", " \n ", "???", "what is it?", "and so on", "🙂", "\u202e\u200b"]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine.open(Path(__file__).parents[2] / "seeds", tmp_path_factory.mktemp("data"))


@pytest.mark.parametrize(("question", "words"), ANSWERED)
def test_a_question_that_the_articles_answer_gets_the_sentence_first(engine: Engine, question: str, words: str) -> None:
    answer = engine.ask(question)
    assert answer.verdict is Verdict.ANSWERED
    assert words in answer.quotes[0].text


@pytest.mark.parametrize("question", NOT_FOUND)
def test_a_question_that_the_articles_do_not_answer_gets_no_quotation(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    assert answer.verdict is Verdict.NOT_FOUND
    assert answer.quotes == ()


@pytest.mark.parametrize("question", UNCLEAR)
def test_a_question_that_names_nothing_is_called_unclear(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    assert (answer.verdict, answer.reasons.rule) == (Verdict.UNCLEAR, "nothing-to-search-for")


def test_the_reasons_are_numbers_that_add_up(engine: Engine) -> None:
    answer = engine.ask("What did Elon Musk say about DeepSeek?")
    weights = {term.word: term for term in answer.reasons.terms}
    assert set(weights) == {"Elon", "Musk", "DeepSeek"}
    assert not weights["Elon"].seen
    assert weights["Elon"].idf >= weights["DeepSeek"].idf
    held = sum(term.idf * term.matched for term in answer.reasons.terms)
    assert answer.reasons.coverage == pytest.approx(held / sum(term.idf for term in answer.reasons.terms), abs=1e-3)
    assert answer.reasons.coverage < answer.reasons.threshold == judge().model.threshold


def test_quotes_and_nearest_passages_are_the_ten_best_in_their_order(engine: Engine) -> None:
    for question in ("What did DeepSeek do?", "Who founded DeepSeek in China?", "What is distillation in AI?"):
        answer = engine.ask(question)
        both = [*answer.quotes, *answer.nearest]
        assert [quote.score for quote in both] == sorted((quote.score for quote in both), reverse=True)
        assert len(answer.quotes) <= 3


def test_a_question_of_four_thousand_characters_of_noise_is_answered_honestly(engine: Engine) -> None:
    assert engine.ask("qzx " * 1000).verdict is Verdict.NOT_FOUND
    assert engine.ask("%$ " * 2000).verdict is Verdict.UNCLEAR
