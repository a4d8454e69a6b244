"""Pictures of what the bot sends, drawn by a browser."""
