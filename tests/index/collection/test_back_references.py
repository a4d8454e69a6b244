"""Which sentences are shown with the one before, as they are not understood alone."""

import pytest

from index.analysis.sentence_features import sentence_features
from index.collection.back_references import refers_back


@pytest.mark.parametrize(
    "sentence",
    [
        "It also runs a ferry.",
        "In 1850 she founded a school.",
        "The school, which she founded in 1850, is closed.",
        "The company, which he led for ten years, makes lamps.",
        "At Lomma his brother built a mill.",
        "Later they moved to the hills.",
        "However, it was closed in May.",
        "These lamps are sold in Sweden.",
        "This led to a strike.",
        "Nobody came.”",
        'Nobody came."',
        "“We lost.”",
        '"We lost."',
    ],
)
def test_a_sentence_without_whom_or_what_its_pronoun_means_refers_back(sentence: str) -> None:
    assert refers_back(sentence_features(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "The bank said its profit rose.",
        "Ann Lee said she founded a school.",
        "The school that Ann Lee founded was her first.",
        "The teacher said he was tired.",
        "In his youth, Darwin collected beetles.",
        "After he left office, Obama wrote a book.",
        "When it rains, the ferry stays in port.",
        "In 1990 it became clear that the dam leaks.",
        "This year the ferry runs daily.",
        "Those who pay late lose their place.",
        "The mayors met before they left.",
        "“We lost,” said Ann Lee.",
        "The dam is safe.",
    ],
)
def test_a_sentence_that_is_understood_alone_does_not_refer_back(sentence: str) -> None:
    assert not refers_back(sentence_features(sentence))
