"""Imported by Python before the bot, where this folder is on PYTHONPATH: sends discord.py to the stand-in.

Does nothing unless `DiscordServer.environment` has set FAKE_DISCORD_API and FAKE_DISCORD_GATEWAY.
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
