"""Files from Discord: downloaded, added as articles, and each one's outcome reported."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import aiohttp
import discord
from discord import ui

from bot.access import is_admin
from bot.cogs.admin.base import log_action
from bot.cogs.admin.changes import addition, named, run_change
from bot.i18n import translate
from bot.i18n.messages import Message
from bot.layout import RenderedMessages, render_message
from bot.layout.article_changes import UnusableFile, render_added, render_indexed_later
from bot.layout.parts import FixedSentence, Number
from bot.sending.deliver import defer_if_slow, deliver
from bot.sending.destinations import ReportDestination
from bot.sending.error_messages import reason_of, render_refusal
from index.errors import IndexUpdateFailed, VerbatimError
from index.indexing.reindex import Report
from index.reading import ENDINGS
from index.reading.sidecar import SIDECAR_SUFFIX

if TYPE_CHECKING:
    from bot.client import VerbatimBot

log = logging.getLogger(__name__)
MEGABYTE = 2**20
MAX_FILE_BYTES = 8 * MEGABYTE
MAX_FILES = 10
FORM_ID, FIELD_ID = "v1:admin-files", "files"
TOO_LARGE = FixedSentence.of(Message.TOO_LARGE, megabytes=Number(MAX_FILE_BYTES // MEGABYTE))


class UploadedFile(NamedTuple):
    """A file that Discord holds."""

    name: str
    size: int
    url: str


class AddFilesForm(ui.Modal):
    """Modal for several files; what is submitted is handled by its custom id, so that it survives a restart."""

    def __init__(self) -> None:
        super().__init__(title=translate(Message.ADD_TITLE), custom_id=FORM_ID, timeout=900)
        field: ui.FileUpload[ui.Modal] = ui.FileUpload(custom_id=FIELD_ID, min_values=1, max_values=MAX_FILES)
        self.add_item(
            ui.Label(text=translate(Message.ADD_LABEL), description=translate(Message.ADD_HINT), component=field)
        )


def is_article_file(file: discord.Attachment) -> bool:
    """Whether a file's ending is that of an article or a sidecar."""
    return file.filename.lower().endswith((*ENDINGS, SIDECAR_SUFFIX))


async def has_files_to_add(bot: VerbatimBot, message: discord.Message) -> bool:
    """Whether an admin has posted files that may be articles."""
    if message.guild is None or not any(map(is_article_file, message.attachments)):
        return False
    return await is_admin(bot, message.author, message.guild.id, bot.settings)


def submitted_files(data: Any) -> list[UploadedFile]:  # noqa: ANN401  # raw interaction data
    """Return the files of a submitted modal, in the order in which they were chosen."""
    held = (data.get("resolved") or {}).get("attachments") or {}
    chosen = [
        held[value]
        for row in data.get("components", ())
        for value in (row.get("component") or {}).get("values", ())
        if value in held
    ]
    return [UploadedFile(one["filename"], one["size"], one["url"]) for one in chosen]


async def add_file(bot: VerbatimBot, to: ReportDestination, file: UploadedFile) -> None:
    """Add one file as an article, and show its metadata."""
    async with defer_if_slow(to):
        contents, unusable = await _download(bot, [file])
    if unusable:
        reason = unusable[0].reason
        await deliver(bot.engine, lambda: render_message(reason.sentence, **reason.values), to)
        return
    await run_change(bot, to, addition(bot, file.name, lambda: bot.engine.add_contents(contents)))


async def add_files(bot: VerbatimBot, to: ReportDestination, files: Sequence[UploadedFile]) -> None:
    """Add several files as articles; one that is refused keeps no other out, and the report says why."""
    async with defer_if_slow(to):
        contents, unusable = await _download(bot, files)
        show, changes = await asyncio.to_thread(_add_each, bot, contents, unusable)
        if changes:
            await log_action(bot, to.interaction, "add", changes)
    if changes:
        await to.publish()
    await deliver(bot.engine, show, to)


class _Added(NamedTuple):
    show: partial[RenderedMessages]
    details: str
    """For the audit log; empty if nothing has changed."""


def _add_each(bot: VerbatimBot, contents: dict[str, bytes], unusable: list[UnusableFile]) -> _Added:
    try:
        report: Report = bot.engine.add_each(contents)
    except IndexUpdateFailed as error:
        shown = partial(render_indexed_later, reason_of(error.reason), error.refused, unusable)
        refused = {file for file, _ in error.refused}
        return _Added(shown, ", ".join(name for name in contents if name not in refused))
    except VerbatimError as error:
        return _Added(partial(render_refusal, Message.ARTICLE_NOT_ADDED, error), "")
    added = (*report.added, *report.changed, *report.unchanged)
    details = ", ".join(named(report.titles.get(article), article) for article in added)
    entries = [bot.engine.entry(article) for article in added if bot.engine.contains(article)]
    return _Added(partial(render_added, report, entries, unusable), details)


async def _download(bot: VerbatimBot, files: Sequence[UploadedFile]) -> tuple[dict[str, bytes], list[UnusableFile]]:
    """Return the contents of files by name, and the files that cannot be used."""
    contents: dict[str, bytes] = {}
    unusable: list[UnusableFile] = []
    found = await asyncio.gather(*(_read(bot, file) for file in files))
    for file, data in zip(files, found, strict=True):
        if isinstance(data, FixedSentence):
            unusable.append(UnusableFile(file.name, data))
        elif file.name in contents:
            unusable.append(UnusableFile(file.name, FixedSentence.of(Message.SAME_NAME)))
        else:
            contents[file.name] = data
    return contents, unusable


async def _read(bot: VerbatimBot, file: UploadedFile) -> bytes | FixedSentence:
    """Return a file's bytes, or why it cannot be used."""
    if file.size > MAX_FILE_BYTES:
        return TOO_LARGE
    try:
        return await bot.http.get_from_cdn(file.url)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        log.info("An attachment could not be downloaded: %s", error)
        return FixedSentence.of(Message.UNLOADED)
