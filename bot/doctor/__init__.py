"""Whether the bot is set up well: what the log says at the start, and what `verbatim doctor` says without a start."""
