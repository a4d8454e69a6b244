"""`verbatim chat`: a conversation in the terminal, answered as in Discord."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from rich.console import Console

from index.analysis.follow_up import parse_follow_up
from index.cli import console as terminal
from index.cli import messages
from index.cli.records import print_record
from index.engine import Engine
from index.errors import VerbatimError
from index.models import Answer, Preceding, Verdict

PAGE_SIZE = 3


def chat(engine: Engine, console: Console, source: TextIO) -> None:
    """Answer each line of `source` until it ends or is :quit."""
    conversation = Conversation(engine, console)
    interactive = source.isatty() and console.is_terminal
    if interactive:
        terminal.print_line(console, messages.WELCOME, "dim")
    answered = False
    for line in _typed_lines(console) if interactive else source:
        asked = line.encode("utf-8", "replace").decode("utf-8").strip()
        if asked == ":quit":
            return
        if asked:
            if answered:
                console.print()
            conversation.answer(asked)
            answered = True


def _typed_lines(console: Console) -> Iterator[str]:
    while True:
        try:
            yield console.input(messages.PROMPT)
        except (EOFError, KeyboardInterrupt):
            console.print()
            return


class Conversation:
    """The last answer, and how much of it was shown."""

    def __init__(self, engine: Engine, console: Console) -> None:
        """Start without an answer."""
        self.engine = engine
        self.console = console
        self.last: Answer | None = None
        self.shown = 0
        self.preceding: Preceding | None = None
        """What the next question may follow."""

    def answer(self, asked: str) -> None:
        """Answer a question or run a command; an error is printed, and the conversation continues."""
        commands = {":context": self._context, ":more": self._more, ":articles": self._articles}
        try:
            if asked in commands:
                commands[asked]()
            elif asked.startswith(":"):
                terminal.print_line(self.console, messages.COMMANDS)
            elif not self._is_follow_up(asked) and (found := self.engine.answer_from_record(asked)):
                print_record(self.console, found, self.engine)
            else:
                self._ask(asked)
        except VerbatimError as error:
            terminal.print_line(self.console, terminal.printable(str(error)))

    def _is_follow_up(self, asked: str) -> bool:
        return self.preceding is not None and bool(self.preceding.quotes) and parse_follow_up(asked) is not None

    def _ask(self, asked: str) -> None:
        """Answer a question, as a follow-up if it is one."""
        self.last, self.shown = self.engine.ask(asked, follows=self.preceding), 0
        if self.last.verdict is not Verdict.UNCLEAR:
            before = self.preceding.questions if self.preceding and self.last.read_with else ()
            quotes, nearest = self.last.shown_quotes, self.last.nearest
            self.preceding = Preceding(questions=(asked, *before), quotes=quotes, nearest=nearest)
        terminal.print_answer(self.console, self.last)

    def _context(self) -> None:
        if self.last is None or not self.last.shown_quotes:
            terminal.print_line(self.console, messages.NOTHING_QUOTED)
        else:
            terminal.print_quotes(self.console, [self.engine.context(quote) for quote in self.last.shown_quotes])

    def _more(self) -> None:
        following = self.last.nearest[self.shown : self.shown + PAGE_SIZE] if self.last else ()
        self.shown += len(following)
        if following:
            terminal.print_line(self.console, messages.MAY_NOT_ANSWER, "dim")
            terminal.print_quotes(self.console, following)
        else:
            terminal.print_line(self.console, messages.NO_MORE)

    def _articles(self) -> None:
        terminal.print_articles(self.console, self.engine.entries())
