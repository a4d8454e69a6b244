"""Commands of the bot in the terminal, which `index/cli/main.py` finds as entry points: it does not know the bot."""
