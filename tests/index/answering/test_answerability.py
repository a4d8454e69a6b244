import math
from pathlib import Path

import pytest

from index.answering.answerability import (
    UNKNOWN_NAME_SHARE,
    VETO_PROBABILITY,
    answerability_model,
    max_may_answer_threshold,
    may_answer_threshold,
)
from index.answering.pipeline import answer_question
from index.cleaning import built_in_rules
from index.collection.collection import Collection
from index.engine import Engine
from index.models import Verdict
from index.reading import read_article
from tests.index.reading.test_documents import entry_of

ANSWERED = [
    ("Who is the White House science and technology chief?", "chief Michael Kratsios said"),
    ("Who has seen the diplomatic cable?", "a diplomatic cable seen by Reuters"),
    ("Which chip technology is V4 adapted for?", "adapted for Huawei chip technology"),
    ("Did DeepSeek respond to the request for comment?", "DeepSeek also did not immediately respond"),
    ("WHAT DID THE CHINESE EMBASSY IN WASHINGTON SAY THE ACCUSATIONS ARE", "are baseless"),
]
SHOWN_FIRST = [
    ("Which three firms did Anthropic accuse?", "accused three Chinese firms"),
    ("what did openai send to us legislators", "OpenAI sent a letter to US legislators"),
    ("How many proxies are used?", "tens of thousands of proxies"),
    ("When is the summit in Beijing?", "planned May 14 summit in Beijing"),
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
    return Engine.open(Path(__file__).parents[3] / "seeds", tmp_path_factory.mktemp("data"))


@pytest.mark.parametrize(("question", "words"), ANSWERED)
def test_a_question_that_the_articles_answer_gets_the_sentence_first(engine: Engine, question: str, words: str) -> None:
    answer = engine.ask(question)
    assert answer.verdict is Verdict.ANSWERED
    assert words in answer.quotes[0].text


@pytest.mark.parametrize(("question", "words"), SHOWN_FIRST)
def test_a_question_whose_answer_is_less_sure_is_shown_the_sentence_first(
    engine: Engine, question: str, words: str
) -> None:
    assert words in engine.ask(question).shown_quotes[0].text


@pytest.mark.parametrize("question", NOT_FOUND)
def test_a_question_that_the_articles_do_not_answer_is_never_answered(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    assert answer.verdict in {Verdict.MAY_ANSWER, Verdict.NOT_FOUND}
    assert answer.quotes == ()


@pytest.mark.parametrize("question", UNCLEAR)
def test_a_question_that_names_nothing_is_called_unclear(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    rule = "nothing-to-search-for" if any(map(str.isalpha, question)) else "wordless"
    assert (answer.verdict, answer.explanation.rule) == (Verdict.UNCLEAR, rule)


def test_the_reasons_are_numbers_that_add_up(engine: Engine) -> None:
    answer = engine.ask("What did Elon Musk say about DeepSeek?")
    weights = {term.word: term for term in answer.explanation.terms}
    assert set(weights) == {"Elon", "Musk", "DeepSeek"}
    assert not weights["Elon"].seen
    assert weights["Elon"].idf >= weights["DeepSeek"].idf
    held = sum(term.idf * term.matched for term in answer.explanation.terms)
    assert answer.explanation.coverage == pytest.approx(
        held / sum(term.idf for term in answer.explanation.terms), abs=1e-3
    )
    assert answer.explanation.coverage < answer.explanation.threshold == answerability_model().model.threshold


def test_quotes_and_nearest_passages_are_the_ten_best_in_their_order(engine: Engine) -> None:
    for question in ("What did DeepSeek do?", "Who founded DeepSeek in China?", "What is distillation in AI?"):
        answer = engine.ask(question)
        both = [*answer.shown_quotes, *answer.nearest]
        assert len(both) <= 10
        assert [quote.score for quote in both] == sorted((quote.score for quote in both), reverse=True)
        assert len(answer.quotes) <= 3


def test_a_question_of_four_thousand_characters_of_noise_is_answered_honestly(engine: Engine) -> None:
    assert engine.ask("qzx " * 1000).verdict is Verdict.NOT_FOUND
    assert engine.ask("%$ " * 2000).verdict is Verdict.UNCLEAR


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("What did Elon Musk say about distillation?", "name-missing"),
        ("What did DeepSeek launch in 1987?", "number-missing"),
        ("How much does DeepSeek's V4 model cost?", "no-figure"),
        ("What did Xi Jinping say about the White House accusations?", "no-saying"),
    ],
)
def test_what_no_passage_near_holds_settles_it(engine: Engine, question: str, rule: str) -> None:
    answer = engine.ask(question)
    assert (answer.quotes, answer.explanation.rule) == ((), rule)
    assert answer.explanation.probability < answer.explanation.threshold


def test_a_sentence_that_holds_the_whole_question_and_what_it_asks_for_answers_it(engine: Engine) -> None:
    answer = engine.ask("Who is the White House technology chief?")
    assert (answer.verdict, answer.explanation.rule) == (Verdict.ANSWERED, "whole-question")
    assert answer.explanation.probability == answer.explanation.threshold


@pytest.mark.parametrize("question", ["Was Huawei mentioned?", "did the articles mention huawei anywhere"])
def test_the_very_words_of_a_topic_answer_whether_it_is_mentioned(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    assert (answer.verdict, answer.explanation.rule) == (Verdict.ANSWERED, "mentioned")
    assert "Huawei" in answer.quotes[0].text


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("The mayor met Ek on the quay.", "Was Ek not mentioned?"),
        ("The mayor met Ek on the quay.", "Was anyone other than Ek mentioned?"),
        ("Greta Holm bought an apple on the quay.", "Was Apple mentioned?"),
        ("Stalls stood at the market on Monday.", "Is marketing mentioned?"),
        ("No ship of the Varga line was lost.", "Are lost ships mentioned?"),
        ("The council had not kept its word.", "Do the articles mention that the council kept its word?"),
    ],
)
def test_what_denies_or_only_resembles_a_topic_is_no_answer_to_whether_it_is_mentioned(
    text: str, question: str
) -> None:
    article = read_article("quay.txt", f"On the quay\n\n{text}\n".encode(), None, built_in_rules())
    answer = answer_question(Collection([article]), question)
    assert answer.explanation.rule != "mentioned"


def test_what_is_said_under_a_heading_of_the_topic_is_shown() -> None:
    guide = "# Guide\n\n## Webhooks\n\nOpen the settings of the channel.\n\n## Logging\n\nOne webhook is a line.\n"
    answer = answer_question(Collection([entry_of("guide.md", guide)]), "tell me about webhooks")
    assert any("Open the settings" in quote.text for quote in answer.shown_quotes)


def test_what_may_answer_is_shown_for_the_probability_of_all_of_it(engine: Engine) -> None:
    explanation = engine.ask("where will trump meet xi").explanation
    assert explanation.probability < explanation.any_probability < 1
    assert explanation.may_answer_threshold <= explanation.any_probability
    replaced = engine.ask("What did Elon Musk say about distillation?").explanation
    assert replaced.any_probability <= VETO_PROBABILITY


def test_the_threshold_of_a_possible_answer_grows_with_what_is_searched() -> None:
    sizes = [may_answer_threshold(sentences, sentences / 10) for sentences in (20, 29, 300, 2_000, 3_000, 10**7)]
    assert sizes == sorted(sizes)
    assert 0 < sizes[0] < sizes[1] < sizes[2]
    assert sizes[-1] == sizes[-2] < answerability_model().model.threshold
    assert may_answer_threshold(1_000, 1) < may_answer_threshold(1_000, 10) < may_answer_threshold(1_000, 100)


def test_the_threshold_of_a_possible_answer_is_that_of_what_is_searched(engine: Engine) -> None:
    question = "Who is the White House science and technology chief?"
    [first, *_] = engine.collection.ids
    found = {article: engine.ask(question, article=article).explanation for article in (None, first)}
    assert found[None].may_answer_threshold == round(may_answer_threshold(engine.sentences, 2), 4)
    assert found[first].may_answer_threshold == round(may_answer_threshold(len(engine.entry(first).sentences), 1), 4)


@pytest.mark.parametrize(
    "question",
    ["What language is spoken in Austria?", "Which team won the 2018 World Cup?", "How long is the Nile?"],
)
def test_what_asks_about_a_name_in_no_article_needs_more_to_be_shown_something(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    assert answer.explanation.may_answer_threshold == round(UNKNOWN_NAME_SHARE * max_may_answer_threshold(None), 4)
    assert answer.verdict is Verdict.NOT_FOUND


@pytest.mark.parametrize(
    "question",
    [
        "Who runs DeepSeek?",
        "is deepseek banned anywhere?",
        "Who is the chief of the USA for science?",  # related to US
        "Launch Limit",
        "How Do I Launch Zebras?",
        "I can't find the launch. Zebras launch it?",
        "I need HELP with the launch",
    ],
)
def test_what_is_no_name_and_a_name_that_is_known_need_no_more(engine: Engine, question: str) -> None:
    usual = may_answer_threshold(engine.sentences, engine.articles)
    assert engine.ask(question).explanation.may_answer_threshold == round(usual, 4)


def test_nor_does_a_name_in_a_title_or_in_two_words_of_an_article(seeds: Path, data: Path) -> None:
    (seeds / "loud.txt").write_text("Spotify playlists\n\nThe lists are loud.\n")
    (seeds / "rooms.txt").write_text("Rooms\n\nEach room has a Wi-Fi router.\n")
    engine = Engine.open(seeds, data)
    usual = may_answer_threshold(engine.sentences, engine.articles)
    named = engine.ask("How loud may the launch of Spotify be?")
    assert named.explanation.may_answer_threshold == round(usual, 4)
    written_together = engine.ask("Do the rooms have WiFi?")
    assert [correction.corrected for correction in written_together.corrections] == ["Wi-Fi"]
    assert written_together.shown_quotes[0].text == "Each room has a Wi-Fi router."


def test_a_sentence_that_leans_on_another_is_quoted_with_it(engine: Engine) -> None:
    answer = engine.ask("Which Chinese AI firms did the cable also mention?")
    assert answer.verdict is Verdict.ANSWERED
    quote = answer.quotes[0]
    assert quote.text.startswith("The State Department cable said its purpose was")
    assert " […] It also mentioned Chinese AI firms Moonshot AI and MiniMax" in quote.text
    assert len(quote.spans) == 2
    assert not any(other.spans[0] in quote.spans for other in answer.nearest)


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("Hi!", "small-talk"),
        ("who are you?", "small-talk"),
        ("how are you doing", "small-talk"),
        ("wie geht's dir?", "small-talk"),
        ("thanks a lot", "thanks"),
        ("good bot", "thanks"),
        ("danke schön", "thanks"),
        ("x", "too-short"),
    ],
)
def test_small_talk_is_no_question_about_articles(engine: Engine, question: str, rule: str) -> None:
    answer = engine.ask(question)
    assert (answer.verdict, answer.explanation.rule) == (Verdict.UNCLEAR, rule)
    assert (answer.nearest, answer.suggestions) == ((), ())


@pytest.mark.parametrize("question", ["whats distillation", "pls explain distillation", "define distillation"])
def test_a_word_that_is_to_be_explained_is_not_too_broad(engine: Engine, question: str) -> None:
    assert engine.ask("distillation").explanation.rule == "too-broad"
    assert engine.ask(question).shown_quotes[0].text.startswith("Distillation is")


def test_a_letter_that_is_asked_about_is_looked_for(engine: Engine) -> None:
    asked = engine.ask("what was posted on X?")
    assert asked.shown_quotes
    assert " X." in asked.shown_quotes[0].text


@pytest.mark.parametrize(
    ("wrapped", "question"),
    [
        ("hi! do you know who the White House science and technology chief is? thanks", ANSWERED[0][0]),
        ("who is the White House science and technology chief please?", ANSWERED[0][0]),
        ("Hey bot, which chip technology is V4 adapted for?", ANSWERED[2][0]),
    ],
)
def test_a_wrapped_question_is_answered_as_the_question_alone(engine: Engine, wrapped: str, question: str) -> None:
    answer = engine.ask(wrapped)
    assert answer.question == wrapped
    assert answer.verdict is Verdict.ANSWERED
    assert [quote.text for quote in answer.quotes] == [quote.text for quote in engine.ask(question).quotes]


@pytest.mark.parametrize(
    "question",
    [
        "Wer ist der Wissenschaftschef des Weißen Hauses?",
        "¿Cuándo es la cumbre en Pekín?",
        "asdf qwer zxcv uiop",
        "какие компании обвинили в краже",
        "Was sagt die chinesische Botschaft?",
        "白宫说了什么",
    ],
)
def test_another_language_and_noise_are_told_from_a_question_without_an_answer(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    assert (answer.verdict, answer.explanation.rule) == (Verdict.UNCLEAR, "unreadable")


def test_a_question_in_another_language_is_looked_for_by_its_names(engine: Engine) -> None:
    answer = engine.ask("¿Cuándo es la cumbre entre Trump y Xi en Pekín?")
    assert answer.verdict is Verdict.MAY_ANSWER
    assert all("Trump" in quote.text and "Xi" in quote.text for quote in answer.possible[:1])


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Was Huawei mentioned?", "Huawei"),
        ("Did the articles mention Huawei anywhere?", "Huawei"),
        ("Is there anything about jailbreaking?", "jailbreaking"),
        ("What do the articles say about MiniMax?", "MiniMax"),
        ("what is said about Moonshot in the articles", "Moonshot"),
        ("was DeepSeek ever mentioned", "DeepSeek"),
    ],
)
def test_a_question_whether_something_is_mentioned_is_looked_for_by_its_topic_alone(
    engine: Engine, question: str, words: str
) -> None:
    answer = engine.ask(question)
    assert answer.verdict in {Verdict.ANSWERED, Verdict.MAY_ANSWER}
    assert words in answer.shown_quotes[0].text
    assert {term.word for term in answer.explanation.terms} == {words}


def test_a_name_of_the_topic_that_is_nowhere_near_keeps_it_from_being_answered(engine: Engine) -> None:
    answer = engine.ask("Was Russia's massive effort to steal US technology mentioned?")
    assert (answer.verdict, answer.explanation.rule) == (Verdict.MAY_ANSWER, "name-missing")


def test_whether_somebody_is_named_is_no_question_whether_they_are_mentioned(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text("The dam\n\nThe dam of the valley stands in Zambia.\n")
    engine = Engine.open(tmp_path / "seeds", tmp_path / "data")
    assert {term.word for term in engine.ask("Was the dam named?").explanation.terms} == {"dam", "named"}
    assert {term.word for term in engine.ask("Was the dam named in the articles?").explanation.terms} == {"dam"}
    assert engine.ask("Was Kenya mentioned?").verdict is Verdict.NOT_FOUND


def test_one_word_is_too_broad_only_where_several_of_the_sentences_searched_have_it(engine: Engine) -> None:
    assert engine.ask("Kratsios", "003_10f24738130fbaea").explanation.rule == "no-passage"
    assert engine.ask("summit", "000_88608c0d96434d55").explanation.rule != "too-broad"
    assert engine.ask("cable").explanation.rule == "too-broad"
    assert engine.ask("cable", "003_10f24738130fbaea").explanation.rule == "too-broad"


def test_what_is_suggested_stands_in_what_was_searched(engine: Engine) -> None:
    article = "000_88608c0d96434d55"
    suggested = engine.ask("what is it?", article).suggestions + engine.ask("China", article).suggestions
    assert {suggestion.article.id for suggestion in suggested} == {article}


def test_something_that_is_mentioned_nowhere_is_not_found(engine: Engine) -> None:
    answer = engine.ask("Was Samsung mentioned?")
    assert (answer.verdict, answer.nearest) == (Verdict.NOT_FOUND, ())


def test_one_bare_word_that_many_sentences_hold_is_too_broad_and_shows_them_as_nearest(engine: Engine) -> None:
    answer = engine.ask("DeepSeek")
    assert (answer.verdict, answer.explanation.rule) == (Verdict.UNCLEAR, "too-broad")
    assert answer.nearest


def test_an_explanation_adds_up_and_is_made_only_when_asked_for(engine: Engine) -> None:
    question = "What new model did DeepSeek launch a preview of?"
    assert engine.ask(question).explanation.signals == ()
    signals = engine.ask(question, explain=True).explanation.signals
    assert {signal.name for signal in signals} == set(answerability_model().model.features)
    usual = sum(tree.means[0] for tree in answerability_model().model.trees)
    odds = (
        answerability_model().model.slope * usual
        + answerability_model().model.offset
        + sum(signal.contribution for signal in signals)
    )
    assert 1 / (1 + math.exp(-odds)) == pytest.approx(engine.ask(question).explanation.probability, abs=0.01)
