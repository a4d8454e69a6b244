"""Imported by Python at start where this folder is on PYTHONPATH: points discord.py to the fake Discord.

Does nothing unless FAKE_DISCORD_API and FAKE_DISCORD_GATEWAY are set (`DiscordServer.environment`), FAKE_WEB_PORT,
FAKE_SLOW_READING or FAKE_SLOW_ANSWERS.
"""

import os
import warnings

if "FAKE_DISCORD_API" in os.environ:
    import yarl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # discord.py imports audioop
        import discord.gateway
        import discord.http

    discord.http.Route.BASE = os.environ["FAKE_DISCORD_API"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["FAKE_DISCORD_GATEWAY"])

if "FAKE_WEB_PORT" in os.environ:
    # A page of the test on this machine; the guard itself has no switch for it.
    from index.fetching import Guard, fetch

    port = int(os.environ["FAKE_WEB_PORT"])
    near = Guard(lambda address: address.is_loopback, frozenset({port}), allow_own_host=True)
    fetch.__kwdefaults__ = {**(fetch.__kwdefaults__ or {}), "guard": near}

if "FAKE_SLOW_READING" in os.environ:
    # While this file exists, reading an article takes the seconds stated in it.
    import time
    from pathlib import Path
    from typing import Any

    import index.indexing.parallel_reader
    from index.models import IndexedArticle
    from index.reading import read_article

    slow = Path(os.environ["FAKE_SLOW_READING"])

    def read_slowly(*arguments: Any) -> IndexedArticle:  # noqa: ANN401  # passed on
        if slow.exists():
            time.sleep(float(slow.read_text()))
        return read_article(*arguments)

    vars(index.indexing.parallel_reader)["read_article"] = read_slowly

if "FAKE_SLOW_ANSWERS" in os.environ:
    # While this file exists, only questions whose answers are cached are answered.
    import time
    from pathlib import Path

    from index.engine import Engine
    from index.models import Answer, Preceding

    held_up, ask = Path(os.environ["FAKE_SLOW_ANSWERS"]), Engine.ask

    def ask_slowly(
        engine: Engine, question: str, article: str | None = None, *, follows: Preceding | None = None
    ) -> Answer:
        while held_up.exists() and not engine.is_cached(question, article):
            time.sleep(0.01)
        return ask(engine, question, article, follows=follows)

    setattr(Engine, "ask", ask_slowly)  # noqa: B010  # mypy refuses the assignment to a method
