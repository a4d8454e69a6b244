"""Plays the dialogues of dialogues.toml with a bot, and says what in each turn came out otherwise than written."""

from __future__ import annotations

import contextlib
import sqlite3
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bot.state.store import FILE
from index.engine import Engine
from index.models import collapse_whitespace
from tests.bot.accounting import Known, account, quotations_in
from tests.bot.reading import read
from tests.bot.scene import SEEDS, Scene
from tests.discord_server import Channel, Guild, ServerMessage, User, buttons

DIALOGUES = Path(__file__).with_name("dialogues.toml")
READ_WITH, MAY_ANSWER = "Read together with: ", "This may answer it:"
PATIENCE, SHORT_PATIENCE = 20.0, 4.0
"""Seconds to wait for an answer; where silence is no surprise, fewer."""
Json = dict[str, Any]


@cache
def dialogues() -> tuple[Json, ...]:
    return tuple(_file()["dialogue"])


@cache
def _file() -> Json:
    return tomllib.loads(DIALOGUES.read_text("utf-8"))


def sentences_in(quotation: str) -> set[str]:
    """The names of the sentences that a quotation shows; the words of those that have none."""
    words = collapse_whitespace(quotation)
    named: dict[str, str] = _file()["sentences"]
    found = (one for one in _sentences() if one in words)
    return {next((name for name, begin in named.items() if one.startswith(begin)), one) for one in found}


@cache
def _sentences() -> tuple[str, ...]:
    return tuple(one for _, ones in _articles() for one in ones)


@cache
def _articles() -> tuple[tuple[dict[str, str], tuple[str, ...]], ...]:
    """The facts of each of the seeds, and its sentences."""
    import tempfile  # noqa: PLC0415  # only here

    with tempfile.TemporaryDirectory() as data:
        entries = Engine.open(SEEDS, Path(data)).entries()
        return tuple(
            (
                {
                    name: fact.value
                    for name in ("title", "publisher", "author", "published", "url")
                    if (fact := getattr(entry.article, name))
                }
                | {"id": entry.article.id},
                tuple(collapse_whitespace(entry.article.text[slice(*one.span)]) for one in entry.body_sentences),
            )
            for entry in entries
        )


@dataclass
class Stage:
    """A server whose answers to mentions are replies, and one where they open threads."""

    scene: Scene
    threaded: Guild

    @classmethod
    async def of(cls, scene: Scene) -> Stage:
        threaded = scene.server.add_guild("Threads")
        room = scene.server.add_channel(threaded, "room")
        used = await scene.server.slash(threaded.owner, room, "channels set", threads=True)
        await used.answered()
        return cls(scene, threaded)


@dataclass
class Said:
    """What was said in a turn, and what the bot answered."""

    by: User
    question: ServerMessage | None
    answers: list[ServerMessage]


@dataclass
class Play:
    """A dialogue that is being played; `by_reply` without the message-content intent."""

    stage: Stage
    dialogue: Json
    by_reply: bool
    said: list[Said] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    people: dict[str, User] = field(default_factory=dict)
    rooms: dict[str, Channel] = field(default_factory=dict)
    minutes: float = 0

    @property
    def _server(self) -> Any:  # noqa: ANN401  # the stand-in
        return self.stage.scene.server

    async def run(self) -> list[str]:
        """The failures; empty if all came out as written."""
        if self.dialogue["place"] == "unasked" and not self.by_reply:
            owner, room = self.stage.scene.guild.owner, self._room("unasked")
            used = await self._server.slash(owner, room, "channels add", channel=room, kind="unasked")
            await used.answered()
        for number, turn in enumerate(self.dialogue["turns"], 1):
            said = await self._take(turn, is_first=number == 1)
            self.said.append(said)
            self.failures += (
                f"{self.dialogue['name']}, {number}: {fault}" for fault in self._faults(turn, said, number)
            )
        return self.failures

    async def settled(self) -> list[str]:
        """The failures, with answers that came where there had to be none."""
        for number, (turn, said) in enumerate(zip(self.dialogue["turns"], self.said, strict=True), 1):
            if turn.get("silent") and said.question and self._server.replies(said.question):
                self.failures.append(f"{self.dialogue['name']}, {number}: not silent")
        return self.failures

    # ---- saying ------------------------------------------------------------------------------------------------------

    async def _take(self, turn: Json, *, is_first: bool) -> Said:
        self.minutes += turn.get("after", 0)
        by, how = self._person(turn.get("by", "alice")), turn.get("how")
        if how == "delete":
            last = self._last(by)
            assert last.question
            await self._server.delete(last.question)
            for answer in last.answers:
                await self._recorded(answer, recorded=False)
            self.said[self.said.index(last)] = Said(by, None, [])
            return Said(by, None, [])
        if how == "edit":
            return await self._edit(self._last(by), turn["says"])
        if is_first and self.dialogue["place"] == "ask-thread":
            return await self._command(by, turn["says"])
        return await self._post(turn, by, is_first=is_first)

    async def _post(self, turn: Json, by: User, *, is_first: bool) -> Said:
        place, how = self.dialogue["place"], turn.get("how")
        if how is None and self.by_reply and not is_first and place != "dm":
            how = "reply"
        if how is None:
            is_mention = place == "channel" or (is_first and (place == "thread" or self.by_reply))
            how = "mention" if is_mention and place != "dm" else "plain"
        text = f"{self._server.mention} {turn['says']}" if how == "mention" else turn["says"]
        to = self._replied(turn, by) if how == "reply" else None
        room = to.channel if to else self._room(str(turn.get("in", place)))
        question = await self._server.post(by, room, text, reply_to=to, minutes_later=self.minutes)
        if turn.get("silent"):
            return Said(by, question, [])
        answers = await self._answers(question, opens=is_first and place == "thread")
        if is_first and answers:
            self.rooms[place] = answers[0].channel
        return Said(by, question, answers)

    async def _answers(self, question: ServerMessage, *, opens: bool) -> list[ServerMessage]:
        """The answer to a question, once the bot has recorded it; none if it stays silent."""
        found = lambda: self._in_thread(question.id) if opens else self._server.replies(question)  # noqa: E731
        try:
            patience = SHORT_PATIENCE if self.dialogue["place"] == "unasked" else PATIENCE
            answers: list[ServerMessage] = await self._server.until(found, patience, "a reply")
        except TimeoutError:
            return []
        await self._recorded(answers[0])
        return answers[:1]

    def _in_thread(self, thread: str) -> list[ServerMessage]:
        return [one for one in self._server.messages.values() if one.channel.id == thread and one.components]

    async def _recorded(self, answer: ServerMessage, *, recorded: bool = True) -> None:
        """Wait until the bot has recorded which message its answer is in; people do not reply within milliseconds."""

        def is_so() -> bool:
            with contextlib.closing(sqlite3.connect(f"file:{self.stage.scene.data / FILE}?mode=ro", uri=True)) as state:
                found = state.execute("SELECT 1 FROM answers WHERE messages LIKE ?", (f"%{answer.id}%",)).fetchone()
            return bool(found) is recorded

        await self._server.until(is_so, PATIENCE, "the answer to be recorded")

    async def _edit(self, last: Said, text: str) -> Said:
        assert last.question
        before = [read(one) for one in last.answers]
        await self._server.edit(last.question, f"{self._server.mention} {text}")
        await self._server.until(
            lambda: [read(one) for one in last.answers] != before, PATIENCE, "the answer to change"
        )
        return Said(last.by, last.question, last.answers)

    async def _command(self, by: User, text: str) -> Said:
        room = self._room("channel")
        used = await self._server.slash(by, room, "ask", question=text, thread=True)
        await used.answered()
        answer = used.messages[0]
        await self._recorded(answer)
        self.rooms["ask-thread"] = await self._server.until(lambda: self._server.channels.get(answer.id))
        if self.by_reply:
            await self._server.until(lambda: self._in_thread(answer.id), PATIENCE, "the bot's message in the thread")
        return Said(by, None, [answer])

    # ---- people and places -------------------------------------------------------------------------------------------

    def _person(self, name: str) -> User:
        if name not in self.people:
            user = self.people[name] = self._server.add_user(f"{name}")
            for guild in (self.stage.scene.guild, self.stage.threaded):
                self._server.join(guild, user)
        return self.people[name]

    def _room(self, place: str) -> Channel:
        if place not in self.rooms:
            guild = self.stage.threaded if place == "thread" else self.stage.scene.guild
            is_direct = place == "dm"
            self.rooms[place] = (
                self._server.dm(self._person("alice")) if is_direct else self._server.add_channel(guild, place)
            )
        return self.rooms[place]

    def _last(self, by: User) -> Said:
        return next(one for one in reversed(self.said) if one.by is by and (one.question or one.answers))

    def _replied(self, turn: Json, by: User) -> ServerMessage:
        """The message that is replied to: the last answer, or the last to this member; in a new thread its first."""
        if "to" in turn:
            return self._turn(turn["to"]).answers[0]
        room = self._room(str(turn.get("in", self.dialogue["place"])))
        given = [one for one in self.said if one.answers and (one.answers[0].channel is room or one.answers[0].used)]
        own = [one for one in given if one.by is by]
        answer = (own if self.by_reply and own else given)[-1].answers[0]
        if answer.used:  # Discord does not show the bot what replies to the answer to a command
            thread = self.rooms["ask-thread"]
            return self._in_thread(thread.id)[0]
        return answer

    def _turn(self, number: int) -> Said:
        return self.said[number - 1]

    # ---- what came out -----------------------------------------------------------------------------------------------

    def _faults(self, turn: Json, said: Said, number: int) -> Iterator[str]:
        if turn.get("how") == "delete" or turn.get("silent"):
            return
        if not said.answers:
            if "quotes" in turn or "shows" in turn:
                yield "silence"
            return
        payloads = [one.components for one in said.answers]
        text = "\n".join(line for one in said.answers for part in read(one) for line in part.split("\n"))
        shown = set().union(*map(sentences_in, quotations_in(payloads)))
        if "quotes" in turn and not shown.intersection(turn["quotes"]):
            yield f"quotes {sorted(shown)}"
        foreign = shown - {*turn.get("quotes", ()), *turn.get("also", ())}
        if number > 1 and foreign:
            yield f"another subject: {sorted(foreign)}"
        yield from (f"does not show {words!r}" for words in turn.get("shows", ()) if words not in text)
        yield from (f"shows {words!r}" for words in turn.get("hides", ()) if words in text)
        if "together" in turn and turn["together"] != (READ_WITH in text):
            yield "is read together" if READ_WITH in text else "is not read together"
        if "with" in turn and self.dialogue["turns"][turn["with"] - 1]["says"].rstrip("!") not in text:
            yield "is read together with another question"
        if turn.get("sure") is False and shown and MAY_ANSWER not in text:
            yield "is shown as an answer"

    def known(self, said: Said) -> Known:
        """What a message may be made of: the articles, and what was asked up to here."""
        facts = [facts for facts, _ in _articles()]
        asked = [turn["says"] for turn in self.dialogue["turns"] if "says" in turn]
        quotations = quotations_in([one.components for one in said.answers])
        assert all(collapse_whitespace(part) in " ".join(_texts()) for one in quotations for part in one.split(" […] "))
        labels = {label for one in said.answers for label, _ in buttons(one)}
        return Known(
            quotations=quotations,
            facts={value for one in facts for name, value in one.items() if name != "url"}
            | {label for label in labels if any(label in text for text in _texts())},
            urls={one["url"] for one in facts if "url" in one},
            words={" ".join(words.split()) for words in asked},
            linked=list(_texts()),
        )

    def account(self) -> None:
        """Fail where a character of an answer is of none of the four kinds."""
        for said in self.said:
            for one in said.answers:
                if not one.deleted:
                    account([one.components], self.known(Said(said.by, said.question, [one])))


@cache
def _texts() -> tuple[str, ...]:
    """The sentences of each article, as they follow each other."""
    return tuple(" ".join(ones) for _, ones in _articles())
