import pytest

from index.analysis.question_parts import question_parts


@pytest.mark.parametrize(
    ("question", "parts", "queries"),
    [
        (
            "Who founded the library and when?",
            ["Who founded the library", "when"],
            ["Who founded the library", "founded the library when"],
        ),
        (
            "When and where was Ilse Brandt born?",
            ["When", "where was Ilse Brandt born"],
            ["When was Ilse Brandt born", "where was Ilse Brandt born"],
        ),
        (
            "what is the Orla, and who named it",
            ["what is the Orla", "who named it"],
            ["what is the Orla", "who named it is the Orla"],
        ),
        (
            "How many people live in Lomma and what does the mayor earn?",
            ["How many people live in Lomma", "what does the mayor earn"],
            ["How many people live in Lomma", "what does the mayor earn"],
        ),
        (
            "Where was the treaty signed and in what year?",
            ["Where was the treaty signed", "in what year"],
            ["Where was the treaty signed", "in what year"],
        ),
    ],
)
def test_a_question_of_two_parts_is_split_into_the_askers_own_words(
    question: str, parts: list[str], queries: list[str]
) -> None:
    found = question_parts(question)
    assert [question[slice(*part.span)] for part in found] == parts
    assert [part.query for part in found] == queries


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote Romeo and Juliet?",
        "What are the differences between bread and cake?",
        "Who was the king that fought in the war and who died in Lomma?",
        "The bakery sells bread and what else?",
        "In which city and what year was she born?",
        "Who founded it and when and where?",
        "Tell me about the mill and how it works",
        "When did Brandt and her sister leave?",
        "and when?",
        "",
        "who and " * 2000,
    ],
)
def test_other_questions_are_not_split(question: str) -> None:
    assert question_parts(question) == ()
