"""The commands, one cog a concern; each module or package with a `setup` is an extension of discord.py."""
