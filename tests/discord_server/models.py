"""The models of the fake Discord. Ids are decimal strings, as in the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

TEXT, DM, GROUP, PUBLIC_THREAD, FORUM = 0, 1, 3, 11, 15
EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 15


@dataclass(eq=False)
class User:
    """A person or a bot."""

    id: str
    name: str
    bot: bool = False
    locale: str = "en-US"

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"


@dataclass(eq=False)
class Role:
    """A role of one guild; `permissions` is a bit field."""

    id: str
    name: str
    permissions: int = 0
    bot: User | None = None
    """The bot that Discord made the role for."""

    @property
    def mention(self) -> str:
        return f"<@&{self.id}>"


@dataclass(eq=False)
class Tag:
    """A tag of a forum."""

    id: str
    name: str
    moderated: bool = False


@dataclass(eq=False)
class Member:
    user: User
    roles: list[Role]
    joined_at: str


@dataclass(eq=False)
class Guild:
    """A guild; its role `@everyone` has the guild's own id."""

    id: str
    name: str
    owner: User
    everyone: Role
    locale: str = "en-US"
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)


@dataclass
class Overwrite:
    """The permissions that a channel allows or denies to one role or user."""

    allow: int = 0
    deny: int = 0


@dataclass(eq=False)
class Channel:
    """A guild channel, a thread (has a parent), or the direct messages of a user and the bot (has a recipient).

    One of neither, of kind GROUP, is a group of people without the bot.
    """

    id: str
    name: str
    kind: int = TEXT
    guild: Guild | None = None
    recipient: User | None = None
    opener: User | None = None
    """Who opened a thread; None means the guild's owner."""
    parent: Channel | None = None
    overwrites: dict[str, Overwrite] = field(default_factory=dict)
    tags: list[Tag] = field(default_factory=list)
    """The tags that a forum offers, or those of a post."""

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"


@dataclass(eq=False)
class Attachment:
    """A file of a message or an option; `origin` is the address of the fake Discord."""

    id: str
    name: str
    data: bytes
    content_type: str
    origin: str

    @property
    def url(self) -> str:
        return f"{self.origin}/attachments/{self.id}/{self.name}"


@dataclass(eq=False)
class ServerMessage:
    """The present state of a message; edits change it in place. Components are stored as sent, with ids."""

    id: str
    channel: Channel
    author: User
    created_at: str
    content: str = ""
    kind: int = 0
    flags: int = 0
    components: list[Json] = field(default_factory=list)
    embeds: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    mentions: list[User] = field(default_factory=list)
    role_mentions: list[Role] = field(default_factory=list)
    reactions: list[tuple[User, str]] = field(default_factory=list)
    reference: ServerMessage | None = None
    used: Json | None = None
    """The `interaction_metadata` of a message that responds to an interaction."""
    edited_at: str | None = None
    deleted: bool = False

    @property
    def ephemeral(self) -> bool:
        """Whether only the user of the interaction sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it still shows "thinking"."""
        return bool(self.flags & LOADING)
