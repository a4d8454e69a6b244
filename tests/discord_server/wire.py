"""The models as Discord's JSON."""

from .models import (
    DM,
    FORUM,
    GROUP,
    PUBLIC_THREAD,
    Attachment,
    Channel,
    Guild,
    Json,
    Member,
    Role,
    ServerMessage,
    Tag,
    User,
)


def user_json(user: User) -> Json:
    return {
        "id": user.id,
        "username": user.name,
        "discriminator": "0001" if user.bot else "0",
        "global_name": None if user.bot else user.name.title(),
        "avatar": None,
        "bot": user.bot,
        "public_flags": 0,
    }


def role_json(role: Role) -> Json:
    return {
        "id": role.id,
        "name": role.name,
        "permissions": str(int(role.permissions)),
        "position": 0,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": role.bot is not None,
        "mentionable": False,
        "flags": 0,
        **({"tags": {"bot_id": role.bot.id}} if role.bot else {}),
    }


def tag_json(tag: Tag) -> Json:
    return {"id": tag.id, "name": tag.name, "moderated": tag.moderated, "emoji_id": None, "emoji_name": None}


def member_json(member: Member, *, with_user: bool = True) -> Json:
    """A member object; without its user in messages."""
    shown = {
        "roles": [role.id for role in member.roles],
        "joined_at": member.joined_at,
        "nick": None,
        "avatar": None,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
    }
    return {**shown, "user": user_json(member.user)} if with_user else shown


def guild_json(guild: Guild) -> Json:
    """A guild object, without its channels and members."""
    return {
        "id": guild.id,
        "name": guild.name,
        "owner_id": guild.owner.id,
        "roles": [role_json(role) for role in guild.roles.values()],
        "emojis": [],
        "stickers": [],
        "features": [],
        "preferred_locale": guild.locale,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "system_channel_flags": 0,
        "afk_timeout": 300,
    }


def channel_json(channel: Channel) -> Json:
    """A channel object: text, thread or direct messages."""
    shown: Json = {"id": channel.id, "type": channel.kind, "flags": 0, "last_message_id": None}
    if channel.kind in {DM, GROUP}:
        return {**shown, "recipients": [user_json(channel.recipient)] if channel.recipient else []}
    shown |= {"name": channel.name, "guild_id": channel.guild.id if channel.guild else None, "rate_limit_per_user": 0}
    if channel.kind == PUBLIC_THREAD and channel.parent and channel.guild:
        archive = {"archived": False, "locked": False, "auto_archive_duration": 1440}
        return {
            **shown,
            "parent_id": channel.parent.id,
            "owner_id": (channel.opener or channel.guild.owner).id,
            "message_count": 0,
            "member_count": 1,
            "thread_metadata": {**archive, "archive_timestamp": "2026-01-01T00:00:00+00:00"},
            "applied_tags": [tag.id for tag in channel.tags],
        }
    roles = channel.guild.roles if channel.guild else {}
    overwrites = [
        {"id": who, "type": 0 if who in roles else 1, "allow": str(int(each.allow)), "deny": str(int(each.deny))}
        for who, each in channel.overwrites.items()
    ]
    return {
        **shown,
        "position": 0,
        "topic": None,
        "nsfw": False,
        "parent_id": None,
        "permission_overwrites": overwrites,
        **({"available_tags": list(map(tag_json, channel.tags))} if channel.kind == FORUM else {}),
    }


def attachment_json(attachment: Attachment) -> Json:
    return {
        "id": attachment.id,
        "filename": attachment.name,
        "size": len(attachment.data),
        "content_type": attachment.content_type,
        "url": attachment.url,
        "proxy_url": attachment.url,
    }


def message_json(message: ServerMessage, *, reader: User, sees_all: bool) -> Json:
    """A message object as the bot `reader` gets it: without content, unless it may see that."""
    shown: Json = {
        "id": message.id,
        "type": message.kind,
        "channel_id": message.channel.id,
        "author": user_json(message.author),
        "timestamp": message.created_at,
        "edited_timestamp": message.edited_at,
        "tts": False,
        "pinned": False,
        "flags": message.flags,
        "mention_everyone": False,
        "mention_roles": [role.id for role in message.role_mentions],
        "mentions": [user_json(user) for user in message.mentions],
        "content": message.content,
        "embeds": message.embeds,
        "components": message.components,
        "attachments": [attachment_json(each) for each in message.attachments],
    }
    if not (sees_all or readable(message, reader)):
        shown |= {"content": "", "embeds": [], "components": [], "attachments": []}
    if message.used:
        shown |= {"interaction_metadata": message.used, "webhook_id": reader.id, "application_id": reader.id}
    if message.reference is not None:
        target = message.reference
        shown["message_reference"] = {"type": 0, "channel_id": target.channel.id, "message_id": target.id}
        quoted = None if target.deleted else message_json(target, reader=reader, sees_all=sees_all)
        shown["referenced_message"] = quoted and {k: v for k, v in quoted.items() if k != "referenced_message"}
    return shown


def readable(message: ServerMessage, reader: User) -> bool:
    """Whether a bot without the message content intent sees the content: direct, its own, or mentioning it."""
    return message.channel.guild is None or message.author is reader or reader in message.mentions
