"""Questions on Discord: which messages are for the bot, how each is handled, threads."""
