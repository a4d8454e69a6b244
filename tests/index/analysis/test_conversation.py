import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis.analyzer import terms
from index.analysis.conversation import SmallTalk, small_talk, unwrap
from index.analysis.question import is_asking, parse_question
from index.analysis.record_questions import parse_record_question
from tests.properties import examples

THANKS = ["thanks!", "Thank you so much 🙏", "hey, thanks", "good bot", "ok cool", "danke dir", "vielen Dank!", "👍"]
CHAT = ["lol", "hi bot, how are you?", "you there?", "wie geht's", "gute Nacht", "hahaha sehr gut", "tell me a joke"]
CHAT += ["which LLM do you use?", "do you speak German?", "that's wrong", "who made this bot?", "sprichst du Deutsch?"]
STRAY = ["x", "k", " R?", "a b c", "7"]
ASKED = [
    "who said thanks to the mayor?",
    "hello world program",
    "Hey Jude",
    "what is R?",
    "ok google",
    "good morning vietnam",
    "猫",
    "The tests",
]
WORDLESS = ["", "???", "😂😂", "\u202e\u200b"]


@pytest.mark.parametrize(
    ("kind", "said"),
    [(kind, one) for kind, ones in zip(SmallTalk, (THANKS, CHAT, STRAY, WORDLESS), strict=True) for one in ones],
)
def test_a_whole_message_of_small_talk_is_told_by_its_kind(kind: SmallTalk, said: str) -> None:
    assert small_talk(said) is kind


@pytest.mark.parametrize("said", ASKED)
def test_what_names_anything_else_is_no_small_talk(said: str) -> None:
    assert small_talk(said) is None


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("who is the mayor please?", "who is the mayor ?"),
        ("what is a dam in simple terms", "what is a dam"),
        ("What is a dam, in plain English?", "What is a dam, ?"),
        ("explain the dam like I'm five", "explain the dam"),
        ("must the rules be in plain English?", "must the rules be in plain English?"),
        ("What is written in plain English?", "What is written in plain English?"),
        ("Who wrote Linux in a Nutshell?", "Who wrote Linux in a Nutshell?"),
        ("hey bot, who is the mayor?", "who is the mayor?"),
        ("Hi! Do you know who the mayor is? Thanks!", "who the mayor is? !"),
        ("could you please tell me what a dam is", "what a dam is"),
        ("I have a question: when did it burn down?", "when did it burn down?"),
        ("Hallo, weißt du, wer der Bürgermeister ist? Danke dir", "wer der Bürgermeister ist?"),
        ("Who was the mayor trying to please?", "Who was the mayor trying to please?"),
        ("What do people eat when they give thanks?", "What do people eat when they give thanks?"),
        ("hello, Dolly! was written by whom?", "hello, Dolly! was written by whom?"),
        ("can you find gold in the river?", "can you find gold in the river?"),
        ("please", "please"),
    ],
)
def test_what_is_said_around_a_question_is_left_out(said: str, asked: str) -> None:
    assert " ".join(unwrap(said).split()) == asked


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("any info on DeepSeek?", "deepseek"),
        ("I wanna know about Huawei", "huawei"),
        ("tell me more about Huawei", "huawei"),
        ("can you find something about Huawei please", "huawei"),
        ("could you look up Huawei", "huawei"),
        ("help me understand Huawei", "huawei"),
        ("i'm curious about Huawei", "huawei"),
        ("I have a question about Huawei", "huawei"),
        ("find me a quote about Huawei", "huawei"),
        ("do you have any articles about Huawei?", "huawei"),
        ("was sagen die Artikel über Huawei", "huawei"),
        ("hallo, gibt es hier etwas über Huawei? danke", "huawei"),
        ("Erzähl mir bitte was über Huawei", "huawei"),
        ("kannst du mir mehr zu Huawei sagen?", "huawei"),
        ("kommt Huawei irgendwo vor?", "huawei"),
    ],
)
def test_a_question_for_anything_on_a_topic_is_asked_for_the_topic_alone(said: str, topic: str) -> None:
    parsed = parse_question(unwrap(said))
    assert (parsed.is_about_topic, parsed.terms) == (True, (topic,))


@pytest.mark.parametrize("said", ["articles of confederation weaknesses", "news of the world", "more than a feeling"])
def test_words_of_a_topic_are_no_request_for_it(said: str) -> None:
    assert not parse_question(unwrap(said)).is_about_topic


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("Who is the mayor", True),
        ("tell me about the mayor", True),
        ("so the mayor resigned?", True),
        ("hey, does anyone know who the mayor is", True),
        ("Weiß jemand, wo der Damm ist", True),
        ("Beijing!", False),
        ("Good morning, I had a fine breakfast", False),
        ("I want to know who built the dam", True),
        ("what a day for the mayor", False),
        ("the cable of my mouse broke again lol", False),
        ("look at https://example.com/?q=1 now", False),
    ],
)
def test_a_message_asks_by_its_beginning_or_its_question_mark(said: str, asks: bool) -> None:
    assert is_asking(said) is asks


@settings(max_examples=examples(100), deadline=None)
@given(
    st.lists(st.sampled_from([*THANKS, *CHAT, *STRAY, *ASKED, "please", "hey", "?", "über", "any info on"])).map(
        " ".join
    )
)
def test_any_text_is_read_and_keeps_its_places(said: str) -> None:
    left = unwrap(said)
    assert len(left) == len(said)
    assert all(kept in {one, " "} for one, kept in zip(said, left, strict=True))
    assert bool(terms(left)) or not terms(said) or small_talk(said) or left == said
    is_asking(said)
    parse_record_question(said)


@pytest.mark.parametrize("sign", ["'", "(", "\u200b", "😀", "? "])
def test_signs_alone_are_read_in_a_moment(sign: str) -> None:
    text = (sign * 4_000)[:4_000]
    is_asking("what is it")
    started = time.process_time()
    is_asking(text)
    parse_question(text + "!")
    assert time.process_time() - started < 0.1


def test_a_question_about_a_model_of_the_articles_is_no_small_talk() -> None:
    assert small_talk("which model is this?") is None
    assert small_talk("which model do you use?") is not None
