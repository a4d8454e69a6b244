"""The commands, one cog per topic; each module or package with a `setup` is a discord.py extension."""
