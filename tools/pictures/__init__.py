"""Screenshots of the bot's messages, drawn by a browser."""
