"""The state of the fake Discord: users, guilds, channels, messages, commands; and the methods to set it up."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import NamedTuple

from .components import numbered
from .interaction import Interaction
from .models import (
    DM,
    GROUP,
    PUBLIC_THREAD,
    TEXT,
    Attachment,
    Channel,
    Guild,
    Json,
    Member,
    Overwrite,
    Role,
    ServerMessage,
    Tag,
    User,
)
from .permissions import EVERYONE, Permission, may
from .waiting import Changes
from .wire import channel_json, guild_json, member_json, message_json, role_json

EPOCH = 1_420_070_400_000
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 0, 1 << 9, 1 << 12, 1 << 15


class Clock:
    """The clock for interactions, in seconds; a test can advance it."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        return time.monotonic() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds


class Violation(NamedTuple):
    """A breach of Discord's rules (its error code), or of the bot's own (code 0)."""

    code: int
    request: str
    what: str


class Event(NamedTuple):
    """An event for all sessions with the intent (0: for all); `bare` for those without message content."""

    name: str
    data: Json
    intent: int = 0
    bare: Json | None = None


class World:
    """The state. Every change is sent as an event of the gateway."""

    def __init__(self, name: str = "Verbatim", *, message_content: bool = False, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.changes = Changes()
        self.violations: list[Violation] = []
        self.listeners: list[Callable[[Event], None]] = []
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, ServerMessage] = {}
        self.sent: dict[tuple[str, str], ServerMessage] = {}
        """The bot's messages by channel and nonce."""
        self.attachments: dict[str, Attachment] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: dict[str | None, list[Json]] = {None: []}
        self.installed: set[str] = set()
        """Users who have installed the bot for themselves."""
        self.typing: list[Channel] = []
        self.team: list[User] = []
        self.message_content = message_content
        self.shards = 1
        """The number of shards that the bot is told to open."""
        self.max_concurrency: int | None = None
        """How many sessions may be opened in five seconds, one for each shard modulo this number; None for any."""
        self.origin = ""
        self._serial = count(1)
        self.owner = self.add_user("owner")
        self.bot = self.add_user(name, bot=True)
        self.mention = self.bot.mention

    def snowflake(self, minutes_later: float = 0) -> str:
        """A new id, greater than all before; one of some minutes later than now, for a message that is posted then."""
        return str((int((time.time() + 60 * minutes_later) * 1000) - EPOCH << 22) + next(self._serial))

    def announce(self, event: Event) -> None:
        """Send an event to the bot."""
        for listener in self.listeners:
            listener(event)
        self.changes.changed()

    def add_user(self, name: str, *, bot: bool = False, locale: str = "en-US") -> User:
        """Add a person, or another bot."""
        user = User(self.snowflake(), name, bot, locale)
        self.users[user.id] = user
        return user

    def add_guild(
        self, name: str, *, everyone: int = EVERYONE, owner: User | None = None, locale: str = "en-US", bot: bool = True
    ) -> Guild:
        """Add a guild; by default its owner is the application's, and the bot is a member."""
        gid = self.snowflake()
        role = Role(gid, "@everyone", everyone)
        guild = Guild(gid, name, owner or self.owner, role, locale, {gid: role})
        self.join(guild, guild.owner)
        if bot:
            self.guilds[gid] = guild
            self.join(guild, self.bot)
            self.announce(Event("GUILD_CREATE", self.guild_create(guild), GUILDS))
        return guild

    def invite(self, guild: Guild) -> None:
        """Make the bot a member of a guild that was added without it; its gateway event has no `unavailable` then."""
        self.guilds[guild.id] = guild
        self.join(guild, self.bot)
        joined = {name: value for name, value in self.guild_create(guild).items() if name != "unavailable"}
        self.announce(Event("GUILD_CREATE", joined, GUILDS))

    def install(self, user: User) -> None:
        """Install the bot for a user."""
        self.installed.add(user.id)

    def guild_create(self, guild: Guild) -> Json:
        """A guild with its channels, threads and the bot's own member, as the gateway sends it."""
        inside = [channel for channel in self.channels.values() if channel.guild is guild]
        return {
            **guild_json(guild),
            "joined_at": guild.members[self.bot.id].joined_at,
            "large": False,
            "unavailable": False,
            "member_count": len(guild.members),
            "members": [member_json(guild.members[self.bot.id])],
            "channels": [channel_json(channel) for channel in inside if channel.parent is None],
            "threads": [channel_json(channel) for channel in inside if channel.parent is not None],
            "presences": [],
            "voice_states": [],
        }

    def add_role(self, guild: Guild, name: str, permissions: int = 0) -> Role:
        """Add a role that `join` can give."""
        role = Role(self.snowflake(), name, permissions)
        guild.roles[role.id] = role
        self.announce(Event("GUILD_ROLE_CREATE", {"guild_id": guild.id, "role": role_json(role)}, GUILDS))
        return role

    def add_bot_role(self, guild: Guild) -> Role:
        """Add the role that Discord makes for the bot, with its name, and give it to the bot."""
        role = self.add_role(guild, self.bot.name)
        role.bot = self.bot
        self.announce(Event("GUILD_ROLE_UPDATE", {"guild_id": guild.id, "role": role_json(role)}, GUILDS))
        self.join(guild, self.bot, roles=[role])
        return role

    def add_tag(self, forum: Channel, name: str, *, moderated: bool = False) -> Tag:
        """Add a tag that posts of a forum can have."""
        tag = Tag(self.snowflake(), name, moderated)
        forum.tags.append(tag)
        self.announce(Event("CHANNEL_UPDATE", channel_json(forum), GUILDS))
        return tag

    def join(self, guild: Guild, user: User, roles: Sequence[Role] = ()) -> Member:
        """Make a user a member with exactly these roles."""
        member = guild.members[user.id] = Member(user, list(roles), now())
        return member

    def add_channel(self, guild: Guild, name: str, kind: int = TEXT) -> Channel:
        channel = self._add_channel(Channel(self.snowflake(), name, kind, guild=guild))
        if self.bot.id in guild.members:
            self.announce(Event("CHANNEL_CREATE", channel_json(channel), GUILDS))
        return channel

    def remove_channel(self, channel: Channel) -> None:
        del self.channels[channel.id]
        self.announce(Event("CHANNEL_DELETE", channel_json(channel), GUILDS))

    def add_group(self) -> Channel:
        """A group of people without the bot."""
        return self._add_channel(Channel(self.snowflake(), "", GROUP))

    def add_thread(
        self, parent: Channel, name: str, start: ServerMessage | None = None, opener: User | None = None
    ) -> Channel:
        """Add a public thread, opened by the guild's owner by default; one from a message has the message's id."""
        tid = start.id if start else self.snowflake()
        thread = self._add_channel(Channel(tid, name, PUBLIC_THREAD, parent.guild, parent=parent, opener=opener))
        self.announce(Event("THREAD_CREATE", {**channel_json(thread), "newly_created": True}, GUILDS))
        return thread

    def overwrite(self, channel: Channel, who: Role | User, *, allow: int = 0, deny: int = 0) -> None:
        """Allow or deny permissions to a role or user in one channel."""
        channel.overwrites[who.id] = Overwrite(allow, deny)
        self.announce(Event("CHANNEL_UPDATE", channel_json(channel), GUILDS))

    def dm(self, user: User) -> Channel:
        """The direct messages of a user and the bot."""
        known = (channel for channel in self.channels.values() if channel.recipient is user)
        return next(known, None) or self._add_channel(Channel(self.snowflake(), "", DM, recipient=user))

    def _add_channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        return channel

    def attach(self, name: str, data: bytes, content_type: str = "application/octet-stream") -> Attachment:
        """A file to post or to use as a command's option."""
        attachment = Attachment(self.snowflake(), name, data, content_type, self.origin)
        self.attachments[attachment.id] = attachment
        return attachment

    def publish(self, message: ServerMessage) -> ServerMessage:
        """Add a message to its channel."""
        message.components = numbered(message.components)
        self.messages[message.id] = message
        self.tell("MESSAGE_CREATE", message)
        return message

    def remove(self, message: ServerMessage) -> None:
        message.deleted = True
        del self.messages[message.id]
        self.tell("MESSAGE_DELETE", message)

    def show(self, message: ServerMessage) -> Json:
        """A message as REST returns it."""
        return message_json(message, reader=self.bot, sees_all=self.message_content)

    def tell(self, name: str, message: ServerMessage) -> None:
        """Send an event about a message, unless it is ephemeral, or the bot cannot see the channel."""
        guild = message.channel.guild
        place: Json = {}
        if guild is not None:
            place = {"guild_id": guild.id}
            if message.author.id in guild.members:
                place["member"] = member_json(guild.members[message.author.id], with_user=False)
        full, bare = (
            {**message_json(message, reader=self.bot, sees_all=sees_all), **place} for sees_all in (True, False)
        )
        is_seen = message.channel.kind != GROUP and (
            guild is None or may(self.bot, message.channel, Permission.VIEW_CHANNEL)
        )
        if is_seen and not message.ephemeral:
            self.announce(Event(name, full, GUILD_MESSAGES if guild else DIRECT_MESSAGES, bare))
        self.changes.changed()


def now() -> str:
    """The time in Discord's format."""
    return datetime.now(UTC).isoformat()
