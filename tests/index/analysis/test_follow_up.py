"""Which questions follow another one, and what each needs from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.follow_up import FollowUpKind, parse_follow_up

KINDS = {
    FollowUpKind.BARE: [
        "and when?",
        "Why?",
        "who",
        "How many?",
        "to whom?",
        "What did he say?",
        "Und wer?",
        "warum?",
        "Wie viele?",
    ],
    FollowUpKind.ABOUT: [
        "What about OpenAI?",
        "and China?",
        "but Moonshot AI?",
        "Und was ist mit OpenAI?",
        "And of Germany?",
    ],
    FollowUpKind.PRONOUN: [
        "Who was it sent to?",
        "how old is he?",
        "And what about its V3 model?",
        "Did they comment?",
        "Could that raise tensions?",
        "Who is meeting there?",
        "Wann hat er das veröffentlicht?",
    ],
    FollowUpKind.FRAGMENT: ["For which chips?", "and in which city?"],
    FollowUpKind.OPENING: ["And what is distillation?", "But who founded the library?"],
    FollowUpKind.MORE: [
        "more",
        "Tell me more",
        "go on",
        "what else does it say?",
        "mehr",
        "erzähl mir mehr davon",
        "weiter",
    ],
    FollowUpKind.RECORD: [
        "source?",
        "Link?",
        "who wrote this?",
        "When was this published?",
        "Quelle?",
        "wer hat das geschrieben?",
    ],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in KINDS.items() for text in texts])
def test_a_follow_up_is_told_by_what_it_needs(kind: FollowUpKind, text: str) -> None:
    found = parse_follow_up(text)
    assert found is not None
    assert found.kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "Who has banned DeepSeek?",
        "What did the cable say its purpose was?",
        "What did DeepSeek say about its V3 model?",
        "Is there a ban?",
        "What happened this week?",
        "What is the source of the river?",
        "Who wrote the letter to legislators?",
        "When was the library published by the city?",
        "More than ten people live there, do they not have a library in the town of Lomma?" * 3,
        "thanks!",
        "really?",
        "not really",
        "me too",
        "it is",
        "how are you?",
        "who are you?",
        "what do you have?",
        "How many articles are there?",
        "who wrote the article about DeepSeek?",
        "anything new?",
        "ok",
        "",
        "???",
    ],
)
def test_a_question_that_is_whole_is_no_follow_up(text: str) -> None:
    assert parse_follow_up(text) is None


@pytest.mark.parametrize(
    ("text", "fields"),
    [("who wrote it?", ("author",)), ("and the link please", ("url",)), ("who published this?", ("publisher",))],
)
def test_a_question_about_the_article_says_which_facts_it_asks_for(text: str, fields: tuple[str, ...]) -> None:
    found = parse_follow_up(text)
    assert found is not None
    assert found.fields == fields


def test_the_query_leaves_out_what_asks_nothing() -> None:
    assert [found.query for text in ("ok, and when?", "Und wann?") if (found := parse_follow_up(text))] == [
        "when?",
        "when?",
    ]


@given(st.text(max_size=300))
def test_whatever_is_written_pronouns_stand_in_the_query(text: str) -> None:
    found = parse_follow_up(text)
    if found is not None:
        assert all(found.query[slice(*span)].strip() for span in found.pronouns)
