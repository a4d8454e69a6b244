"""Rendering of unanswered and badly rated questions."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from discord import ui

from bot.i18n.messages import Message
from bot.layout.pages import Block, RenderedMessages, truncate_blocks
from bot.layout.parts import FixedSentence, Line, Number, Timestamp, UserText
from bot.state import FeedbackReason
from index.models import Verdict

MAX_GAPS = 20
MAX_QUESTION_LENGTH = 100
VERDICTS = {
    Verdict.ANSWERED: Message.GAP_ANSWERED,
    Verdict.MAY_ANSWER: Message.GAP_MAY_ANSWER,
    Verdict.NOT_FOUND: Message.GAP_NOT_FOUND,
    Verdict.UNCLEAR: Message.GAP_UNCLEAR,
}
REASONS = {
    FeedbackReason.WRONG_PASSAGE: Message.WHY_WRONG_PASSAGE,
    FeedbackReason.NO_ANSWER: Message.WHY_NO_ANSWER,
    FeedbackReason.OUTDATED: Message.WHY_OUTDATED,
    FeedbackReason.OTHER: Message.WHY_OTHER,
}
"""What readers choose from in the form, and what is counted here."""


class Gap(NamedTuple):
    """Questions with the same terms that were not answered for sure, or answered badly."""

    question: str
    """The most recent wording."""
    times: int
    last: datetime.datetime
    verdict: Verdict
    """Of the most recent answer."""
    complaints: Counter[FeedbackReason | None]
    """How often each reason was given for a bad rating; None for no reason."""


def render_gaps(gaps: Sequence[Gap], total: int, file: str) -> RenderedMessages:
    """Render the most frequent gaps, as many as fit on one message, with the file of all of them.

    Args:
        gaps: the most frequent first.
        total: how many there are in all.
        file: the name of the attached file.
    """
    if not gaps:
        return RenderedMessages.of([Block((FixedSentence.of(Message.NO_GAPS),), framed=False)])
    head = [Block((FixedSentence.of(Message.GAPS, count=Number(total)),), framed=False)]
    blocks = [Block(tuple(_lines(gap)), framed=False) for gap in gaps[:MAX_GAPS]]
    shown = truncate_blocks(head, blocks, 1, Message.MORE_GAPS, of=total)
    rendered = RenderedMessages.of(shown)
    rendered.views[-1].add_item(ui.File(f"attachment://{file}"))
    return rendered


def _lines(gap: Gap) -> list[Line]:
    words = UserText.of(gap.question)
    is_long = len(words.words) > MAX_QUESTION_LENGTH
    question = UserText(words.words[:MAX_QUESTION_LENGTH]) if is_long else words
    sentence = Message.GAP_AT_LENGTH if is_long else Message.GAP
    last = Timestamp(int(gap.last.timestamp()), relative=True)
    verdict = FixedSentence.of(VERDICTS[gap.verdict])
    return [
        FixedSentence.of(sentence, count=Number(gap.times), question=question),
        FixedSentence.of(Message.GAP_LAST, when=last, verdict=verdict),
        *(
            FixedSentence.of(Message.GAP_COMPLAINT, count=Number(count), reason=FixedSentence.of(_reason(reason)))
            for reason, count in gap.complaints.most_common()
        ),
    ]


def _reason(reason: FeedbackReason | None) -> Message:
    return REASONS[reason] if reason else Message.GAP_NO_REASON
