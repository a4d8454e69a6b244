"""Discord bot that answers questions with verified quotations."""
