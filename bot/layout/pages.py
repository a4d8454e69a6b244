"""Pagination: puts blocks of lines on as few messages as possible; a split block says that it continues."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import discord
from discord import ui

from bot.i18n import translate
from bot.i18n.messages import Message
from bot.layout.admin_buttons import AdminButton
from bot.layout.buttons import Button
from bot.layout.limits import COMPONENTS, PAGE, TEXT_DISPLAY, Size
from bot.layout.links import Link
from bot.layout.parts import FixedSentence, Line, Number, QuotedCode, QuotedText
from index.models import Quote

NEWLINE = Size(1, 1)
GOES_ON = {True: FixedSentence.of(Message.QUOTE_GOES_ON), False: FixedSentence.of(Message.GOES_ON)}
"""The line under a split part: for a quotation, and for anything else."""
MIN_SPLIT_LENGTH = 400
"""Characters of free space below which a line is moved to the next page rather than split."""


@dataclass(frozen=True)
class Block:
    """Lines that belong together, and their link button; a framed block is a container.

    Blocks in `below` share its frame, each with its own button.
    """

    lines: tuple[Line, ...]
    link: Link | None = None
    framed: bool = True
    below: tuple[Block, ...] = ()

    @cached_property
    def text(self) -> str:
        """Its own lines; a block is made, measured and shown in one language."""
        return "\n".join(line.line for line in self.lines)

    @cached_property
    def size(self) -> Size:
        """The size of its text."""
        own = TEXT_DISPLAY + Size.of(self.text) + NEWLINE
        return sum((block.size for block in self.below), start=own)

    @property
    def components(self) -> int:
        """The number of components: container, text displays, rows and buttons."""
        parts = (self, *self.below)
        return self.framed + len(parts) + 2 * sum(part.link is not None for part in parts)

    def unframed(self) -> list[Block]:
        """Return the blocks in its frame, each in a frame of its own."""
        return [replace(self, below=()), *self.below]

    def items(self) -> list[ui.Item[ui.LayoutView]]:
        """Return its components."""
        inside = [item for part in (self, *self.below) for item in _text_and_button(part)]
        return [ui.Container(*inside)] if self.framed else inside


@dataclass(frozen=True)
class QuotationGroup:
    """Quotations of one article in one frame, over what is recorded of it."""

    quotations: tuple[Block, ...]
    """Each with its link button, and with the blocks below it."""
    foot: tuple[Block, ...]
    """The article's metadata, and other articles that hold all of these quotations."""
    alone: tuple[Block, ...]
    """Each quotation over the same metadata, for a message that holds no other one of the article."""
    framed: bool = field(default=True, init=False)

    def first(self, count: int) -> Block | QuotationGroup:
        """Return the first quotations, over the same metadata."""
        return self.alone[0] if count == 1 else QuotationGroup(self.quotations[:count], self.foot, self.alone[:count])

    def after(self, count: int) -> QuotationGroup:
        """Return the other quotations, over the same metadata."""
        return QuotationGroup(self.quotations[count:], self.foot, self.alone[count:])

    @cached_property
    def parts(self) -> tuple[Block, ...]:
        """What stands in its frame."""
        return (*self.quotations, *self.foot)

    @cached_property
    def size(self) -> Size:
        """The size of its text."""
        return sum((part.size for part in self.parts), Size(0, 0))

    @property
    def components(self) -> int:
        """The number of components: container, text displays, rows and buttons."""
        return 1 + sum(part.components - part.framed for part in self.parts)

    def items(self) -> list[ui.Item[ui.LayoutView]]:
        """Return its components."""
        inside = [item for part in self.parts for each in part.unframed() for item in _text_and_button(each)]
        return [ui.Container(*inside)]


def _text_and_button(block: Block) -> list[ui.Item[ui.LayoutView]]:
    inside: list[ui.Item[ui.LayoutView]] = [ui.TextDisplay(block.text)]
    if block.link:
        button: ui.Button[ui.LayoutView] = ui.Button(
            style=discord.ButtonStyle.link, label=translate(block.link.label), url=block.link.url
        )
        inside.append(ui.ActionRow(button))
    return inside


@dataclass
class Page:
    """A message that is being filled."""

    blocks: list[Block | QuotationGroup] = field(default_factory=list)
    components: int = COMPONENTS
    """The number of components that it may hold."""

    def remaining(self) -> Size:
        """Return the remaining room for text."""
        return PAGE - sum((block.size for block in self.blocks), Size(0, 0))

    def fits(self, block: Block | QuotationGroup) -> bool:
        """Whether a block fits."""
        components = sum(each.components for each in self.blocks) + block.components
        return components <= self.components and block.size.fits(self.remaining())

    def view(self) -> ui.LayoutView:
        """Return the message as a discord.py view."""
        view = ui.LayoutView(timeout=None)
        for block in self.blocks:
            for item in block.items():
                view.add_item(item)
        return view


@dataclass(frozen=True)
class RenderedMessages:
    """Messages ready to be sent, and their quotations in order, to be proved first."""

    views: tuple[ui.LayoutView, ...]
    quotes: tuple[Quote, ...] = ()

    @classmethod
    def of(
        cls,
        blocks: Iterable[Block | QuotationGroup],
        quotes: Sequence[Quote] = (),
        row: Sequence[Button | AdminButton] = (),
    ) -> RenderedMessages:
        """Lay out blocks on messages, with a row of at most five buttons on the last."""
        views = tuple(page.view() for page in paginate(blocks, COMPONENTS - (1 + len(row) if row else 0)))
        if row:
            views[-1].add_item(ui.ActionRow(*row))
        return cls(views, tuple(quotes))

    @property
    def has_buttons(self) -> bool:
        """Whether any button refers to a stored answer."""
        return any(isinstance(item, Button) for view in self.views for item in view.walk_children())

    def without_buttons(self) -> RenderedMessages:
        """Remove the buttons that refer to a stored answer."""
        for view in self.views:
            for item in view.children:
                if isinstance(item, ui.ActionRow) and isinstance(item.children[0], Button):
                    view.remove_item(item)
        return self


def paginate(blocks: Iterable[Block | QuotationGroup], components: int = COMPONENTS) -> list[Page]:
    """Return the blocks in order, each on one message if it fits there, else split."""
    filled = [Page(components=components)]
    for block in blocks:
        if isinstance(block, QuotationGroup):
            _append_group(block, filled)
        else:
            _append_block(block, filled)
    return [page for page in filled if page.blocks]


def _append_group(group: QuotationGroup, filled: list[Page]) -> None:
    """Add a group to the last page, or the next; if too long for one page, to several, each over the metadata."""
    following = Page(components=filled[-1].components)
    if not filled[-1].fits(group) and following.fits(group) and any(block.framed for block in filled[-1].blocks):
        filled.append(following)
    rest = group
    while rest.alone:
        fitting = (count for count in range(len(rest.alone), 0, -1) if filled[-1].fits(rest.first(count)))
        count = next(fitting, 0)
        if count:
            filled[-1].blocks.append(rest.first(count))
        else:
            count = 1
            _append_block(rest.alone[0], filled)
        rest = rest.after(count)
        if rest.alone:
            filled.append(Page(components=filled[-1].components))


def _append_block(block: Block, filled: list[Page]) -> None:
    """Add a block to the last page or the next; if too long for one page, its parts in frames of their own."""
    following = Page(components=filled[-1].components)
    if filled[-1].fits(block):
        filled[-1].blocks.append(block)
    elif following.fits(block):
        following.blocks.append(block)
        filled.append(following)
    elif block.below:
        for part in block.unframed():
            _append_block(part, filled)
    else:
        _split_block(block, filled)


def _split_block(block: Block, filled: list[Page]) -> None:
    """Split a block over as many messages as it needs; its button comes last."""
    rest = list(block.lines)
    begun: tuple[Line, ...] = ()
    while rest:
        last = Block((*begun, *rest), block.link, block.framed)
        if filled[-1].fits(last):
            filled[-1].blocks.append(last)
            return
        now, rest = _fill_page(begun, rest, block, filled[-1])
        if not (now or filled[-1].blocks):
            message = "a line that cannot be split is longer than a message"
            raise ValueError(message)
        if now:
            filled[-1].blocks.append(Block(now, None, block.framed))
            begun = (FixedSentence.of(Message.CONTINUED),)
        filled.append(Page(components=filled[-1].components))


def _fill_page(
    begun: tuple[Line, ...], lines: list[Line], block: Block, page: Page
) -> tuple[tuple[Line, ...], list[Line]]:
    """Return the lines that fit on a page above the line that says it continues, and the rest; none if none fits."""
    room = page.remaining() - Size.of(GOES_ON[True].line) - NEWLINE
    taken: list[Line] = list(begun)
    if not page.fits(Block((*begun, GOES_ON[True]), None, block.framed)):
        return (), lines
    for place, line in enumerate(lines):
        if Block((*taken, line)).size.fits(room):
            taken.append(line)
            continue
        left = room - Block(tuple(taken)).size - NEWLINE
        split = line.split(left) if left.characters >= MIN_SPLIT_LENGTH else None
        if split:
            return (*taken, split[0], GOES_ON[isinstance(line, QuotedText | QuotedCode)]), [
                split[1],
                *lines[place + 1 :],
            ]
        if len(taken) == len(begun):
            return (), lines
        return (*taken, GOES_ON[False]), lines[place:]
    return (), lines


def truncate(
    blocks: Callable[[int], Sequence[Block | QuotationGroup]],
    messages: int,
    more: Message,
    total: int,
    at_most: int | None = None,
) -> tuple[list[Block | QuotationGroup], int]:
    """Return the blocks of as many things (at least one) as fit on so many messages, and their number.

    Args:
        blocks: makes the blocks of the first so many.
        messages: the messages that they may take.
        more: the sentence that says how many are left out.
        total: how many things there are.
        at_most: how many of them can be shown; None for all.
    """

    def first(shown: int) -> list[Block | QuotationGroup]:
        left_out = total - shown
        rest = [Block((FixedSentence.of(more, count=Number(left_out)),), framed=False)] if left_out else []
        return [*blocks(shown), *rest]

    more_than_one = range(2, (total if at_most is None else at_most) + 1)
    shown = 1 + bisect_left(more_than_one, 1, key=lambda shown: int(len(paginate(first(shown))) > messages))
    return first(shown), shown


def truncate_blocks(
    head: Sequence[Block], blocks: Sequence[Block], messages: int, more: Message, of: int | None = None
) -> list[Block | QuotationGroup]:
    """Return the head with as many blocks (at least one) as fit on so many messages.

    If some of the `of` blocks (by default all given) are left out, the sentence `more` says how many.
    """
    total = len(blocks) if of is None else of
    return truncate(lambda shown: [*head, *blocks[:shown]], messages, more, total, len(blocks))[0]
