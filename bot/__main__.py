"""`python -m bot`: read the settings, open the engine and run the bot until a signal stops it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import sys
import threading
from collections.abc import Iterator

import aiohttp
import discord
from filelock import FileLock

from bot.client import VerbatimBot
from bot.doctor import messages
from bot.doctor.deployment import application_findings, has_message_content, log_findings, variable_findings
from bot.http_server import PortInUse, serve
from bot.monitoring.logs import set_up_logging
from bot.monitoring.metrics import Metrics
from bot.settings import ENV_FILE, Settings, SettingsInvalid, read_settings
from bot.state import State, StateUnavailable
from index.engine import Engine
from index.errors import ClusterUnavailable, VerbatimError

log = logging.getLogger(__name__)

STOPPED, UNREACHABLE, UNUSABLE = 0, 1, 2
"""Exit codes: stopped on request; Discord or the cluster unreachable, worth retrying; a setting needs fixing first."""
NO_INTENT = "The Message Content Intent was turned off in the developer portal. Restart the bot to continue without it."
TOKEN_CLOSED, SHARDING_CLOSED, INTENT_CLOSED = 4004, 4011, 4013
START_LOCK = "start.lock"
"""In the data folder, where several processes share one."""
TOO_BIG = "The bot is in too many servers for one connection."


class BotExit(Exception):
    """The bot cannot go on; holds the message for the user and the exit code."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


class StopRequested(Exception):
    """A signal arrived while the index was being built."""


def main() -> int:
    """Run the bot; returns the exit code."""
    try:
        settings = read_settings()
        set_up_logging(settings.log_level, *settings.secrets, form=settings.log_format, shards=settings.shard_ids)
        asyncio.run(run(settings))
    except ClusterUnavailable as error:
        print(error, file=sys.stderr)  # noqa: T201  # error output
        return UNREACHABLE
    except (SettingsInvalid, VerbatimError, StateUnavailable, PortInUse) as error:
        print(error, file=sys.stderr)  # noqa: T201  # error output
        return UNUSABLE
    except BotExit as error:
        print(error, file=sys.stderr)  # noqa: T201  # error output
        return error.code
    except (StopRequested, KeyboardInterrupt):
        return STOPPED
    return STOPPED


async def run(settings: Settings) -> None:
    """Open the engine, answer on Discord, and shut down cleanly on SIGTERM or SIGINT.

    Raises:
        Ended: Discord rejects the bot or cannot be reached.
        VerbatimError: a folder or a rules file cannot be used.
        StopRequested: a signal arrived while the index was being built.
    """
    stop = asyncio.Event()
    asked_to_stop = threading.Event()

    def on_signal() -> None:
        asked_to_stop.set()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows does not support signal handlers
            asyncio.get_running_loop().add_signal_handler(number, on_signal)
    engine = await asyncio.to_thread(open_engine, settings, asked_to_stop)
    async with contextlib.AsyncExitStack() as open_things:
        state = await open_state(settings)
        open_things.push_async_callback(state.close)
        with explain_connection_errors():
            application = await fetch_application(settings)
        log_findings([*variable_findings(ENV_FILE), *application_findings(settings, application)])
        message_content = has_message_content(application)
        bot = VerbatimBot(engine, settings, state, Metrics(), message_content=message_content)
        await open_things.enter_async_context(serve(bot, settings))
        await open_things.enter_async_context(bot)
        # Modules and index live as long as the process: no collection needs to look through them again.
        gc.collect()
        gc.freeze()
        answering = asyncio.create_task(bot.start(settings.discord_token.get_secret_value()))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({answering, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not answering.done():
            log.info("Stopping: finishing running tasks first.")
            await bot.stop()
            answering.cancel()
            await asyncio.wait({answering})
        else:
            with explain_connection_errors():
                await answering


async def open_state(settings: Settings) -> State:
    """Open the state; several processes that start at once make or upgrade a SQLite file one after the other."""
    if not settings.shard_ids or settings.database is not None:
        return await State.open(settings.data, settings.database)
    lock = FileLock(settings.data / START_LOCK, thread_local=False)
    await asyncio.to_thread(lock.acquire)
    try:
        return await State.open(settings.data)
    finally:
        lock.release()


async def fetch_application(settings: Settings) -> discord.AppInfo:
    """Return the bot's application, with its owner and its intents."""
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        await client.login(settings.discord_token.get_secret_value())
        return await client.application_info() if client.application is None else client.application


def open_engine(settings: Settings, asked_to_stop: threading.Event) -> Engine:
    """Open the engine, building a missing index; raises `StopRequested` if a signal arrives meanwhile."""

    def progress(done: int, total: int) -> None:
        if asked_to_stop.is_set():
            raise StopRequested
        log.debug("Read %d of %d files", done, total)

    engine = Engine.open(
        settings.seeds,
        settings.data,
        require_source_url=settings.require_source_url,
        rules=settings.rules,
        encoder=settings.encoder,
        cluster=settings.cluster,
        progress=progress,
    )
    engine.warm_up()
    if engine.is_stale():
        log.warning("The articles have changed since they were indexed. Run /admin reindex to update the index.")
    if engine.encoder is not None:
        log.info("Judging with the encoder %s.", engine.encoder.name)
    if engine.articles:
        log.info("Serving %d articles.", engine.articles)
    else:
        log.warning("%s", messages.NO_ARTICLES.format(path=str(settings.seeds)))
    return engine


@contextlib.contextmanager
def explain_connection_errors() -> Iterator[None]:
    """Translate connection errors into `BotExit` with a message for the user."""
    try:
        yield
    except discord.LoginFailure:
        raise BotExit(messages.REJECTED, UNUSABLE) from None
    except discord.PrivilegedIntentsRequired:
        raise BotExit(NO_INTENT, UNREACHABLE) from None
    except discord.ConnectionClosed as error:
        raise _closed(error) from None
    except (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError, TimeoutError) as error:
        log.warning("Discord: %s", error)
        raise BotExit(messages.NO_DISCORD, UNREACHABLE) from None


def _closed(error: discord.ConnectionClosed) -> BotExit:
    sentences = {TOKEN_CLOSED: messages.REJECTED, SHARDING_CLOSED: TOO_BIG, INTENT_CLOSED: NO_INTENT}
    sentence = sentences.get(error.code)
    return BotExit(sentence, UNUSABLE) if sentence else BotExit(messages.NO_DISCORD, UNREACHABLE)


if __name__ == "__main__":
    sys.exit(main())
