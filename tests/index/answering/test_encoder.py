from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pytest

from index.analysis.question import parse_question
from index.answering.answerability import may_answer_threshold
from index.answering.answerability_features import REORDERED, order_by_meaning
from index.answering.encoder import Encoder
from index.answering.pipeline import answer_question
from index.collection.collection import Collection
from index.engine import Engine
from index.errors import EncoderUnusable
from index.models import Verdict
from index.ranking import rank
from index.serialization import answer_to_json
from tests.index import command
from tests.index.encoder import encoder_folder

QUESTION = "Who is the White House science and technology chief?"
PUBLISHED = {
    "model.onnx": "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""SHA-256 of the quantised model as its package publishes it, of the tokenizer as sentence-transformers does."""


class CountingModel:
    """A session and a tokenizer in one: the vector of a text counts its letters."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def get_inputs(self) -> Sequence[Any]:
        return [SimpleNamespace(name="input_ids"), SimpleNamespace(name="attention_mask")]

    def encode(self, text: str) -> SimpleNamespace:
        self.read.append(text)
        return SimpleNamespace(ids=[ord(sign) % 64 for sign in text.lower()])

    def run(self, names: None, fed: Mapping[str, Any]) -> list[Any]:
        assert names is None
        assert fed.keys() == {"input_ids", "attention_mask"}
        return [np.eye(64, dtype=np.float32)[fed["input_ids"]]]


@pytest.fixture
def model() -> CountingModel:
    return CountingModel()


@pytest.fixture
def encoder(model: CountingModel) -> Encoder:
    return Encoder("letters", model, model)


def test_a_sentence_is_encoded_once_and_a_question_is_not_kept(encoder: Encoder, model: CountingModel) -> None:
    first, second = (encoder.cosines("Where is the mill?", ["The mill is old.", "It turns."]) for _ in range(2))
    assert first.tolist() == second.tolist()
    assert sorted(model.read) == ["It turns.", "The mill is old.", "Where is the mill?", "Where is the mill?"]


def test_a_text_has_a_cosine_of_one_with_itself_and_less_with_others(encoder: Encoder) -> None:
    same, other = encoder.cosines("The mill is old.", ["The mill is old.", "Rain."])
    assert same == pytest.approx(1)
    assert other < same


def test_a_lone_surrogate_in_a_question_does_no_harm(encoder: Encoder) -> None:
    assert np.isfinite(encoder.cosines("Where \ud800 is it?", ["It turns."])).all()


def test_with_an_encoder_another_judge_decides_and_says_so(
    engine: Engine, encoder: Encoder, model: CountingModel
) -> None:
    with_encoder = Engine(engine.manager, encoder=encoder).ask(QUESTION, explain=True)
    signals = {signal.name for signal in with_encoder.explanation.signals}
    assert {"semantic", "semantic-behind"} <= signals
    assert answer_to_json(with_encoder)["reasons"]["encoder"] == "letters"
    assert len(model.read) <= 1 + REORDERED  # the question, and the candidates that are ordered by meaning


def test_meaning_counts_for_the_order_of_the_first_candidates_and_for_no_other(engine: Engine) -> None:
    ranked = rank(engine.collection, parse_question(QUESTION))
    assert ranked
    assert len(ranked.chunks) > REORDERED
    wanted = ranked.chunks[REORDERED - 1]

    class Wanting:
        """An encoder to which only one sentence means what the question does."""

        def cosines(self, question: str, sentences: Sequence[str]) -> npt.NDArray[np.float64]:
            assert question == QUESTION
            return np.array([float(one == engine.collection.text(wanted)) for one in sentences])

    # As far apart as the scores are, only a weight as large brings the fifth to the front.
    weight = float(ranked.scores[0] - ranked.scores[REORDERED - 1]) + 1
    ordered, features = order_by_meaning(ranked, 3, cast("Encoder", Wanting()), weight)
    assert ordered.chunks == (wanted, *ranked.chunks[: REORDERED - 1], *ranked.chunks[REORDERED:])
    assert (np.diff(ordered.scores) <= 0).all()
    assert features["semantic"].tolist() == [1, 0, 0]
    assert features["semantic-behind"].tolist() == [0, 1, 1]


def test_with_an_encoder_no_more_probability_is_needed_to_be_shown(encoder: Encoder) -> None:
    for sentences in (2, 29, 1000, 10**7):
        assert may_answer_threshold(sentences, 2, encoder) <= may_answer_threshold(sentences, 2)


def test_without_an_encoder_nothing_speaks_of_one(engine: Engine) -> None:
    answer = engine.ask(QUESTION, explain=True)
    assert not {signal.name for signal in answer.explanation.signals if signal.name.startswith("semantic")}
    assert "encoder" not in answer_to_json(answer)["reasons"]


@pytest.mark.parametrize("question", ["", "hello", "Where is the mill?"])
def test_an_encoder_does_not_mind_a_question_without_candidates(encoder: Encoder, question: str) -> None:
    assert not answer_question(Collection(), question, encoder=encoder).shown_quotes


def test_a_folder_without_an_encoder_is_refused_by_name(seeds: Path, data: Path) -> None:
    with pytest.raises(EncoderUnusable, match=r"seeds holds no encoder: .*model\.onnx.*VERBATIM_ENCODER"):
        Engine.open(seeds, data, encoder=seeds)


def test_where_the_extra_is_missing_the_error_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(EncoderUnusable, match=r"not installed\. Run `make semantic`"):
        Encoder.open(tmp_path)


def test_the_extra_is_not_even_imported_without_the_setting() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, index.engine; print(*sys.modules)"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert not {"onnxruntime", "tokenizers"} & set(told.stdout.split())


@pytest.mark.slow
def test_the_encoder_of_the_tests_is_the_published_one() -> None:
    folder = encoder_folder()
    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in PUBLISHED} == PUBLISHED


@pytest.mark.slow
def test_a_sentence_of_like_meaning_is_nearer_than_one_with_like_words() -> None:
    encoder = Encoder.open(encoder_folder())
    like, other = encoder.cosines(
        "Who is the author of the novel?", ["Ilse Varga wrote the book.", "The novel is on the shelf of the harbour."]
    )
    assert like > other
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"


@pytest.mark.slow
def test_a_vector_does_not_depend_on_what_was_encoded_before() -> None:
    sentences = [
        "The mill was built in 1802.",
        "It rained.",
        "A much longer sentence tells of the river and its mills.",
    ]
    once, again = Encoder.open(encoder_folder()), Encoder.open(encoder_folder())
    forward, backward = (
        once.cosines("When was it built?", sentences),
        again.cosines("When was it built?", sentences[::-1]),
    )
    assert forward.tolist() == backward[::-1].tolist()


@pytest.mark.slow
def test_a_model_in_the_folder_onnx_is_found_and_a_long_question_is_cut(tmp_path: Path) -> None:
    (tmp_path / "onnx").mkdir()
    shutil.copy(encoder_folder() / "model.onnx", tmp_path / "onnx")
    shutil.copy(encoder_folder() / "tokenizer.json", tmp_path)
    assert np.isfinite(Encoder.open(tmp_path).cosines("mill " * 2000, ["The mill is old."])).all()


@pytest.mark.slow
@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json"])
def test_a_damaged_encoder_is_refused_at_the_start(tmp_path: Path, file: str) -> None:
    for name in PUBLISHED:
        shutil.copy(encoder_folder() / name, tmp_path)
    (tmp_path / file).write_bytes((tmp_path / file).read_bytes()[:1000])
    with pytest.raises(EncoderUnusable, match=r"The encoder in .* cannot be used"):
        Encoder.open(tmp_path)


@pytest.mark.slow
def test_the_command_names_the_encoder_where_it_explains(seeds: Path, data: Path) -> None:
    variables = {"VERBATIM_SEEDS": str(seeds), "VERBATIM_DATA": str(data), "VERBATIM_ENCODER": str(encoder_folder())}
    told = command.run("ask", QUESTION, "--explain", variables=variables)
    assert "Michael Kratsios" in told.stdout
    assert "with cosines of the encoder encoder" in told.stdout


@pytest.mark.slow
def test_a_real_encoder_answers_what_the_articles_say(seeds: Path, data: Path) -> None:
    engine = Engine.open(seeds, data, encoder=encoder_folder())
    answer = engine.ask(QUESTION)
    assert answer.verdict in {Verdict.ANSWERED, Verdict.MAY_ANSWER}
    assert "Michael Kratsios" in answer.shown_quotes[0].text
