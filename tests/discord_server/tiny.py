"""A small bot that uses every feature of the fake Discord, to test it; also runs as a program."""

import os
from typing import Any

import discord
from discord import app_commands

ITEMS = ("apple", "apricot", "banana")


class Tiny(discord.AutoShardedClient):
    """Echoes messages that mention it, and has a few commands."""

    def __init__(self, *, message_content: bool = False) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.dm_messages = True
        intents.message_content = message_content
        super().__init__(intents=intents, allowed_mentions=discord.AllowedMentions.none())
        self.seen: list[str] = []
        self.resumed = 0
        self.tree = app_commands.CommandTree(self)
        commands: list[app_commands.Command[Any, ..., None]] = [echo, now, choose, secret, press]
        for command in commands:
            self.tree.add_command(command)
        self.tree.add_command(quote)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        """Reply to whoever mentions the bot."""
        if message.author == self.user:
            return
        self.seen.append(message.content)
        if self.user in message.mentions:
            async with message.channel.typing():
                await message.reply(view=view_of(f"You said: {message.clean_content}"))

    async def on_shard_resumed(self, _: int) -> None:
        """Count the resumes."""
        self.resumed += 1


def view_of(*texts: str) -> discord.ui.LayoutView:
    """A Components V2 message of some texts and a link."""
    view = discord.ui.LayoutView()
    accessory: discord.ui.Button[discord.ui.LayoutView] = discord.ui.Button(label="Source", url="https://example.org/a")
    view.add_item(discord.ui.Container(discord.ui.Section(*texts, accessory=accessory)))
    return view


@app_commands.command(description="Think, then say it in private")
async def echo(interaction: discord.Interaction, text: str) -> None:
    """Defer, then follow up twice."""
    await interaction.response.defer(thinking=True, ephemeral=True)
    await interaction.followup.send(view=view_of(text))
    await interaction.followup.send("And that was it.", ephemeral=True)


@app_commands.command(description="Who asks, and where")
async def now(interaction: discord.Interaction, channel: discord.TextChannel | None = None) -> None:
    """Respond at once, then edit the response."""
    await interaction.response.send_message(f"{interaction.user.name} in {channel or interaction.channel}")
    await interaction.edit_original_response(content=f"{(await interaction.original_response()).content}!")


@app_commands.command(description="Choose an item")
async def choose(interaction: discord.Interaction, item: str, number: int = 1) -> None:
    await interaction.response.send_message(f"{number} {item}")


@choose.autocomplete("item")
async def items(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    """The items that begin with what was typed."""
    return [app_commands.Choice(name=item.title(), value=item) for item in ITEMS if item.startswith(current)]


@app_commands.command(description="For administrators")
@app_commands.default_permissions(administrator=True)
async def secret(interaction: discord.Interaction) -> None:
    """Refuse users whom the client should have stopped."""
    await interaction.response.send_message("yes" if interaction.permissions.administrator else "no", ephemeral=True)


@app_commands.context_menu(name="Quote it")
async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(message.content)


class Form(discord.ui.Modal, title="A form"):
    name: discord.ui.Label[discord.ui.Modal] = discord.ui.Label(text="Name", component=discord.ui.TextInput())

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.name.component, discord.ui.TextInput)
        await interaction.response.send_message(f"Hello {self.name.component.value}")


class Buttons(discord.ui.View):
    """A button that changes its message, and one that opens a modal."""

    @discord.ui.button(label="Change", custom_id="change")
    async def change(self, interaction: discord.Interaction, _: discord.ui.Button[discord.ui.View]) -> None:
        await interaction.response.edit_message(content="changed", view=self)

    @discord.ui.button(label="Form", custom_id="form")
    async def form(self, interaction: discord.Interaction, _: discord.ui.Button[discord.ui.View]) -> None:
        await interaction.response.send_modal(Form())


@app_commands.command(description="Show the buttons")
async def press(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("press one", view=Buttons(), ephemeral=True)


if __name__ == "__main__":
    Tiny().run(os.environ["DISCORD_TOKEN"])
