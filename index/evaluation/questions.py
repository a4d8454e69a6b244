"""Question files: a JSON object a line, with what is asked, whether the articles answer it, and where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.article import Quote, fold
from index.errors import EvaluationInvalid

FORM = 'Each line is {"id", "question", "answerable", "gold": [{"article", "contains"}]}; any one gold is right.'


class Gold(BaseModel):
    """A sentence that answers a question: its article, and words that it contains."""

    model_config = ConfigDict(frozen=True)

    article: str
    contains: Annotated[str, Field(min_length=1)]

    def is_in(self, quote: Quote) -> bool:
        """Whether the quotation holds it, runs of white space as one space."""
        return quote.article.id == self.article and fold(self.contains) in quote.text


class GivenQuestion(BaseModel):
    """A question with its answers; further keys are kept, for figures apart."""

    model_config = ConfigDict(frozen=True, extra="allow")

    id: str
    question: str
    answerable: bool
    gold: tuple[Gold, ...] = ()

    def is_right(self, quote: Quote) -> bool:
        """Whether the quotation answers the question."""
        return any(gold.is_in(quote) for gold in self.gold)

    def kind(self, key: str) -> str:
        """The value of a further key, as text; `-` where the line has none."""
        return str((self.model_extra or {}).get(key, "-"))


def lines_of(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """The objects of a JSON Lines file with their line numbers; EvaluationInvalid where a line is none."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = f"{path} cannot be read ({getattr(error, 'strerror', None) or error})."
        raise EvaluationInvalid(what, "Name a file of JSON lines in UTF-8.") from error
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            made = json.loads(line)
        except ValueError as error:
            what = f"{path}, line {number}: this is not JSON ({error})."
            raise EvaluationInvalid(what, "Mend the line, or leave it out.") from error
        if not isinstance(made, dict):
            what = f"{path}, line {number}: this is no JSON object."
            raise EvaluationInvalid(what, "Mend the line, or leave it out.")
        found.append((number, made))
    return found


def read_questions(path: Path) -> tuple[GivenQuestion, ...]:
    """The questions of a file.

    Raises:
        EvaluationInvalid: the file cannot be read, a line is no question, or there is none.
    """
    questions = []
    for number, made in lines_of(path):
        try:
            questions.append(GivenQuestion.model_validate(made))
        except ValidationError as error:
            problem = error.errors()[0]
            where = ".".join(str(part) for part in problem["loc"]) or "the line"
            what = f"{path}, line {number}: {where}: {problem['msg']}."
            raise EvaluationInvalid(what, FORM) from error
    if not questions:
        what = f"{path} holds no question."
        raise EvaluationInvalid(what, FORM)
    return tuple(questions)
