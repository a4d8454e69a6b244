"""A progress bar for reading articles."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text


class Rate(ProgressColumn):
    """Articles read per second."""

    def render(self, task: Task) -> Text:
        """The rate; empty until it is known."""
        return Text(f"{task.speed:,.0f} articles/s" if task.speed else "")


class ReadingBar(Progress):
    """A progress bar on standard error, if that is a terminal."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("Reading articles"), BarColumn(), MofNCompleteColumn(), Rate())
        super().__init__(*columns, console=console, disable=not console.is_terminal, transient=True)

    def report(self, done: int, total: int) -> None:
        """Show that `done` files of `total` are read."""
        if not self.task_ids:
            self.add_task("", total=total)
        self.update(self.task_ids[0], completed=done, total=total)
