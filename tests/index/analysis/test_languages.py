"""Terms of languages other than English."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import analyzer, language_detection
from index.analysis.language_detection import detect_language
from index.analysis.languages import codes, fingerprint, question_terms, terms_in
from index.analysis.other_languages import has_answer_of_type, parse_question_in
from index.analysis.question import AnswerType


def words(text: str, code: str) -> list[str]:
    return [term.term.partition(":")[2] for term in terms_in(text, code)]


@pytest.mark.parametrize(
    ("code", "one", "other"),
    [
        ("de", "die Straßenbahnen", "eine Strassenbahn"),
        ("de", "MÜLLERS Bücher", "Müllers Buch"),
        ("fr", "l’école d'État", "les écoles d’État"),
        ("fr", "Qu'il l'annonça", "annonça"),
        ("es", "las naciones", "la nación"),
        ("it", "dell'università", "università"),
        ("ru", "в библиотеке ещё", "библиотека ещё"),
        ("ar", "الكِتاب", "الكتاب"),
        ("ar", "إدارة", "اداره"),
        ("he", "סֵפֶר", "ספר"),
        ("tr", "IŞIK İZMİR", "ışık izmir"),
        ("el", "ΑΘΗΝΑ", "Αθήνα"),
        ("ar", "١٢ كتابا", "12 كتابا"),
        ("de", "12.000", "12000"),
    ],
)
def test_forms_of_a_word_have_one_term(code: str, one: str, other: str) -> None:
    assert words(one, code) == words(other, code) != []


def test_chinese_and_japanese_give_pairs_of_letters_of_one_script() -> None:
    assert words("图书馆", "zh") == ["图书", "书馆"]
    assert words("図書館のコーヒー", "ja") == ["図書", "書館", "の", "コー", "ーヒ", "ヒー"]
    assert words("2026年4月 DeepSeek社", "ja") == ["2026", "年", "4", "月", "deepseek", "社"]


def test_languages_share_no_term_and_english_has_the_terms_that_it_always_had() -> None:
    assert {term.term for term in terms_in("Hand in hand", "de")} == {"de:hand"}
    assert terms_in("Hand in hand", "en") == terms_in("Hand in hand", "xx") == analyzer.terms("Hand in hand")


@pytest.mark.parametrize(
    ("code", "question", "found"),
    [
        ("de", "Wie viele Bücher hat die Bibliothek?", ["buch", "bibliothek"]),
        ("fr", "Combien de livres y a-t-il ?", ["livr"]),
        ("es", "¿Cuántos libros hay?", ["libr"]),
        ("ru", "Сколько книг в библиотеке?", ["книг", "библиотек"]),
        ("zh", "图书馆有多少书？", ["图书", "书馆", "馆有", "书"]),
        ("ja", "図書館には何冊の本がありますか", ["図書", "書館", "本"]),
    ],
)
def test_words_that_only_ask_are_no_terms_of_a_question(code: str, question: str, found: list[str]) -> None:
    assert [term.term.partition(":")[2] for term in question_terms(question, code)] == found


@pytest.mark.parametrize("code", sorted(codes() - {"en"}))
@given(text=st.text(max_size=60))
def test_each_term_stands_where_it_says(code: str, text: str) -> None:
    before = -1
    for term in terms_in(text, code):
        assert before < term.start < term.end <= len(text)
        assert term.form
        before = term.start


@pytest.mark.parametrize(
    ("code", "question", "asks", "holds", "lacks"),
    [
        ("de", "Wann öffnet das Haus?", AnswerType.TIME, "Es öffnet um 10 Uhr.", "Es öffnet bald einmal."),
        ("de", "Wie viele kamen?", AnswerType.NUMBER, "Es kamen zwölf.", "Es kamen alle."),
        ("fr", "Quand ouvre-t-il ?", AnswerType.TIME, "Il ouvre en mai.", "Il ouvre bientôt."),
        ("fr", "Pourquoi a-t-il fermé ?", AnswerType.REASON, "Il a fermé parce que le toit fuyait.", "Il a fermé."),
        ("es", "¿Cuántos vinieron?", AnswerType.NUMBER, "Vinieron doce.", "Vinieron todos."),
        ("es", "¿Por qué cerró?", AnswerType.REASON, "Cerró porque llovía.", "Cerró ayer."),
    ],
)
def test_what_a_question_asks_for_is_told(code: str, question: str, asks: AnswerType, holds: str, lacks: str) -> None:
    assert parse_question_in(question, code).answer_type is asks
    assert has_answer_of_type(holds, asks, code) is True
    assert has_answer_of_type(lacks, asks, code) is False


def test_no_rule_of_english_speaks_about_another_language() -> None:
    assert parse_question_in("Кто директор?", "ru").answer_type is AnswerType.UNSTATED
    assert has_answer_of_type("В 1990 году.", AnswerType.TIME, "ru") is None


def test_each_analyzer_has_a_fingerprint_of_its_own() -> None:
    found = {fingerprint(code) for code in codes()}
    assert len(found) == len(codes())
    assert fingerprint("xx") == fingerprint("en") == analyzer.fingerprint()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Die Stadtbibliothek besitzt zwölftausend Bücher und ist von Montag bis Freitag geöffnet.", "de"),
        ("La bibliothèque municipale possède douze mille livres et ouvre du lundi au vendredi.", "fr"),
        ("La biblioteca municipal tiene doce mil libros y abre de lunes a viernes por la tarde.", "es"),
        ("В городской библиотеке двенадцать тысяч книг, она открыта с понедельника по пятницу.", "ru"),
        ("تضم المكتبة العامة اثني عشر ألف كتاب وتفتح أبوابها من الأحد إلى الخميس.", "ar"),
        ("图书馆现有一万二千册图书，周一至周五开放。", "zh"),
        ("図書館には一万二千冊の本があり、月曜から金曜まで開いています。", "ja"),
        ("The city library holds twelve thousand books and is open from Monday to Friday.", "en"),
        (
            "Hermann Müller und Söhne GmbH, the firm, said on Monday that it was closing its plant in Baden-Baden.",
            "en",
        ),
    ],
)
def test_the_language_of_a_text_is_told(text: str, code: str) -> None:
    assert detect_language(text) == code


def test_of_a_few_words_the_language_is_not_told() -> None:
    assert detect_language("Hallo Welt") is None
    assert detect_language("12.03.2026, 10:30") is None
    assert detect_language("") is None


def test_the_arrays_of_the_model_are_read_in_one_pass() -> None:
    places, codes_ = np.arange(6, dtype=np.uint16).reshape(2, 3), np.array(["de", "fr"])
    np.savez(stored := io.BytesIO(), places=places, codes=codes_)
    stored.seek(0)
    stored.seek = None  # type: ignore[assignment,method-assign]  # going back would unpack the model again
    read = dict(language_detection.stored_arrays(stored))
    assert list(read) == ["places", "codes"]
    assert read["places"].dtype == np.uint16
    assert np.array_equal(read["places"], places)
    assert np.array_equal(read["codes"], codes_)


def test_an_array_that_is_compressed_is_refused() -> None:
    np.savez_compressed(packed := io.BytesIO(), places=np.arange(6))
    packed.seek(0)
    with pytest.raises(ValueError, match="The array places is not stored as it is"):
        dict(language_detection.stored_arrays(packed))
