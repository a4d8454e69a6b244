"""Question files: one JSON object a line, with the question, whether the articles answer it, and where."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from index.errors import EvaluationInvalid
from index.models import Quote, collapse_whitespace

FORMAT_HELP = (
    'Each line is {"id", "question", "answerable", "gold": [{"article", "contains"}]}; any one gold entry is enough.'
)
REMEDY = "Correct the line, or remove it."


class Gold(BaseModel):
    """A sentence that answers a question: its article, and words that it contains."""

    model_config = ConfigDict(frozen=True)

    article: str
    contains: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

    def matches(self, quote: Quote) -> bool:
        """Whether the quotation contains it and names its article as a source; white space is folded."""
        named = any(source.article.id == self.article for source in (quote, *quote.other_sources))
        return named and collapse_whitespace(self.contains) in quote.text


class EvaluationQuestion(BaseModel):
    """A question with its answers; further keys are kept, to group metrics by."""

    model_config = ConfigDict(frozen=True, extra="allow")

    id: str
    question: str
    answerable: bool
    gold: tuple[Gold, ...] = ()

    @model_validator(mode="after")
    def _check_gold(self) -> Self:
        if self.answerable and not self.gold:
            message = "an answerable question needs gold"
            raise ValueError(message)
        return self

    def is_right(self, quote: Quote) -> bool:
        """Whether the quotation answers the question; always False for an unanswerable one."""
        return self.answerable and any(gold.matches(quote) for gold in self.gold)

    def kind(self, key: str) -> str:
        """The value of a further key, as text; `-` where the line has none."""
        return str((self.model_extra or {}).get(key, "-"))


def read_json_lines(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """The objects of a JSON Lines file with their line numbers; EvaluationInvalid where a line is not one."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problem = f"{path} cannot be read ({getattr(error, 'strerror', None) or error})."
        raise EvaluationInvalid(problem, "Choose a file of JSON lines in UTF-8.") from error
    # Not splitlines: a JSON string may contain U+2028 and the like unescaped.
    lines = ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())
    return [(number, _object(line, f"{path}, line {number}")) for number, line in lines]


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        made = json.loads(line)
        json.dumps(made, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        problem = f"{where}: this contains half of a surrogate pair."
        raise EvaluationInvalid(problem, REMEDY) from error
    except ValueError as error:
        problem = f"{where}: this is not valid JSON ({error})."
        raise EvaluationInvalid(problem, REMEDY) from error
    if not isinstance(made, dict):
        problem = f"{where}: this is not a JSON object."
        raise EvaluationInvalid(problem, REMEDY)
    return made


def read_questions(path: Path) -> tuple[EvaluationQuestion, ...]:
    """The questions of a file; EvaluationInvalid if it is unreadable, empty, or has bad lines or repeated ids."""
    questions: dict[str, EvaluationQuestion] = {}
    for number, made in read_json_lines(path):
        try:
            question = EvaluationQuestion.model_validate(made)
        except ValidationError as error:
            problem = error.errors()[0]
            where = ".".join(str(part) for part in problem["loc"]) or "the question"
            what = f"{path}, line {number}: {where}: {problem['msg'].removeprefix('Value error, ')}."
            raise EvaluationInvalid(what, FORMAT_HELP) from error
        if question.id in questions:
            what = f"{path}, line {number}: the id {question.id!r} is already used."
            raise EvaluationInvalid(what, "Give each question a different id.")
        questions[question.id] = question
    if not questions:
        what = f"{path} contains no questions."
        raise EvaluationInvalid(what, FORMAT_HELP)
    return tuple(questions.values())


def gold_not_in_texts(questions: Sequence[EvaluationQuestion], texts: Mapping[str, str]) -> list[str]:
    """Ids of the answerable questions whose gold words are in no article; `texts` are by article id."""
    folded = {article: collapse_whitespace(text) for article, text in texts.items()}
    return [
        question.id
        for question in questions
        if question.answerable
        and not any(collapse_whitespace(gold.contains) in folded.get(gold.article, "") for gold in question.gold)
    ]
