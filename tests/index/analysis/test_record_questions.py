import pytest

from index.analysis.record_questions import RecordKind, parse_record_question


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        ("list", "which articles do you have?"),
        ("list", "Hey bot, please list all your articles"),
        ("list", "what sources do you use?"),
        ("list", "show me your documents"),
        ("list", "which articles are there?"),
        ("list", "Welche Artikel gibt es hier?"),
        ("list", "Welche Artikel kennst du denn alles?"),
        ("list", "Zeig mir bitte alle Artikel"),
        ("count", "how many articles do you have in total?"),
        ("count", "how many documents do you know?"),
        ("count", "how many articles are there in your collection?"),
        ("count", "Wie viele Artikel hast du?"),
        ("help", "help"),
        ("help", "how do I use you?"),
        ("help", "what can you do?"),
        ("help", "can you help me?"),
        ("help", "what should I ask you?"),
        ("list", "where do you get your answers from?"),
        ("latest", "how up to date are your articles?"),
        ("help", "wie benutze ich dich?"),
        ("help", "Was kannst du?"),
        ("latest", "what is new?"),
        ("latest", "what's the latest article?"),
        ("latest", "any new articles?"),
        ("latest", "Was gibt es Neues?"),
        ("latest", "Welcher ist der neueste Artikel?"),
        ("author", "who wrote this article?"),
        ("published", "when was the article published?"),
        ("url", "where can I read the full article?"),
    ],
)
def test_a_question_about_the_collection_is_told_by_its_kind(kind: str, question: str) -> None:
    asked = parse_record_question(question)
    assert asked is not None
    assert (asked.kind, asked.about) == (RecordKind(kind), None)


@pytest.mark.parametrize(
    ("kind", "about", "question"),
    [
        ("author", "the dam", "who wrote the article about the dam?"),
        ("author", "A dam for the valley", "Who is the author of the article called “A dam for the valley”?"),
        ("author", "den Damm", "Wer hat den Artikel über den Damm geschrieben?"),
        ("author", "den Damm", "Von wem ist der Artikel über den Damm?"),
        ("published", "the dam", "do you know when the article about the dam was published"),
        ("published", "the dam", "when was the article on the dam published?"),
        ("published", "den Damm", "Wann ist der Artikel über den Damm erschienen?"),
        ("publisher", "the dam", "who published the article about the dam?"),
        ("url", "the dam", "what is the link to the article about the dam?"),
        ("url", "den Damm", "Wo kann ich den Artikel über den Damm lesen?"),
    ],
)
def test_the_article_that_is_meant_is_told_by_the_words_about_it(kind: str, about: str, question: str) -> None:
    asked = parse_record_question(question)
    assert asked is not None
    assert (asked.kind, asked.about) == (RecordKind(kind), about)


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the Declaration of Independence?",
        "how many articles does the constitution have?",
        "How many articles are there in the constitution?",
        "list the articles of the constitution",
        "when was the order published?",
        "what is new in version 3?",
        "who wrote the article that ended the war?",
        "which articles should I read for my exam?",
        "who can help me with my router?",
        "help wanted",
        "list all files",
        "how many pages are there?",
        "what sources are there?",
        "Wie viele Seiten gibt es?",
        "commands",
        "what is the latest version?",
        "was ist neu in Version 3?",
        "",
        "?" * 400,
    ],
)
def test_a_question_about_what_the_articles_say_is_none_about_the_collection(question: str) -> None:
    assert parse_record_question(question) is None


def test_what_may_be_a_heading_is_asked_of_the_articles_first() -> None:
    for question, may_be in (("what is new?", True), ("help", True), ("which articles do you have?", False)):
        asked = parse_record_question(question)
        assert asked is not None
        assert asked.may_be_in_articles is may_be


@pytest.mark.parametrize(
    "question", ["what topics are covered?", "which subjects are available?", "who wrote the page?"]
)
def test_what_the_articles_may_answer_is_asked_of_them_first(question: str) -> None:
    asked = parse_record_question(question)
    assert asked is not None
    assert asked.may_be_in_articles
