"""Actions of people: write, reply, use commands, press buttons, submit modals."""

from collections.abc import Mapping, Sequence

from .channels import mentioned, mentioned_roles
from .command_limits import MESSAGE_MENU, SLASH
from .components import SELECTS, find
from .interaction import Choice, Interaction, Kind
from .models import Attachment, Channel, ServerMessage, User
from .options import Impossible, Picked, Value, fill, pick, visible
from .permissions import Permission, may
from .state import World, now
from .using import Act, Entered, submitted, use
from .wire import message_json


class People(World):
    """The state, and the actions of people. What the client would not allow raises Impossible."""

    async def post(  # noqa: PLR0913  # the parts of a message
        self,
        author: User,
        channel: Channel,
        content: str = "",
        *,
        reply_to: ServerMessage | None = None,
        ping: bool = True,
        files: Sequence[Attachment] = (),
        minutes_later: float = 0,
    ) -> ServerMessage:
        """Write a message; a reply pings its target with `ping`, but never for the response to an interaction."""
        self._require(author, channel, Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES)
        mentions = mentioned(self, content)
        if reply_to is not None and ping and reply_to.used is None and reply_to.author not in mentions:
            mentions.append(reply_to.author)
        message = ServerMessage(
            self.snowflake(minutes_later), channel, author, now(), content, 19 if reply_to else 0, reference=reply_to
        )
        message.mentions, message.attachments = mentions, list(files)
        message.role_mentions = mentioned_roles(author, channel, content)
        return self.publish(message)

    async def begin_post(self, author: User, forum: Channel, name: str, content: str) -> ServerMessage:
        """Create a forum post: a thread, and its first message with the same id."""
        self._require(author, forum, Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES)
        thread = self.add_thread(forum, name, opener=author)
        message = ServerMessage(thread.id, thread, author, now(), content, mentions=mentioned(self, content))
        message.role_mentions = mentioned_roles(author, thread, content)
        return self.publish(message)

    async def edit(self, message: ServerMessage, content: str) -> None:
        """Edit a message as its author."""
        message.content, message.mentions, message.edited_at = content, mentioned(self, content), now()
        self.tell("MESSAGE_UPDATE", message)

    async def delete(self, message: ServerMessage) -> None:
        self.remove(message)

    async def slash(
        self, user: User, channel: Channel, name: str, /, *, force: bool = False, **options: Value
    ) -> Interaction:
        """Use a slash command; `name` may include subcommands: "admin reindex".

        With `force` it reaches the bot even where it is hidden, as from a forged client: the bot must refuse by itself.
        Append `_` to an option's name that is taken (`force`).
        """
        picked = self._pick(user, channel, name, SLASH, force=force)
        filled = fill(user, channel, picked.options, options)
        return self._use(user, channel, Act(Kind.COMMAND, picked.data(filled.options, filled.resolved)))

    async def autocomplete(  # noqa: PLR0913  # the parts of an autocomplete
        self,
        user: User,
        channel: Channel,
        name: str,
        option: str,
        typed: str,
        /,
        *,
        force: bool = False,
        **options: Value,
    ) -> list[Choice]:
        """The choices that the bot offers while a person types into an option."""
        picked = self._pick(user, channel, name, SLASH, force=force)
        wanted = next((each for each in picked.options if each["name"] == option and each.get("autocomplete")), None)
        if wanted is None:
            raise Impossible(user, f"{option!r} of {name!r} has no autocompletion")
        filled = fill(user, channel, picked.options, {**options, option: typed}, focused=option)
        used = self._use(user, channel, Act(Kind.AUTOCOMPLETE, picked.data(filled.options, filled.resolved)))
        used.focused = wanted["type"]
        await used.acknowledged()
        return used.choices

    async def menu(self, user: User, message: ServerMessage, name: str, *, force: bool = False) -> Interaction:
        """Use a message's context menu; the bot gets the message's content whatever its intents."""
        picked = self._pick(user, message.channel, name, MESSAGE_MENU, force=force)
        resolved = {"messages": {message.id: message_json(message, reader=self.bot, sees_all=True)}}
        data = {**picked.data([], resolved), "target_id": message.id}
        return self._use(user, message.channel, Act(Kind.COMMAND, data))

    async def click(self, user: User, message: ServerMessage, wanted: str, *values: str) -> Interaction:
        """Press the button with this custom_id or label, or choose values in a select."""
        part = find(message.components, wanted)
        if part is None or part.get("disabled") or message.deleted:
            raise Impossible(user, f"{wanted!r} is not there to be pressed")
        if message.ephemeral and message.used and message.used["user"]["id"] != user.id:
            raise Impossible(user, "only one other person sees this message")
        data = {"custom_id": part["custom_id"], "component_type": part["type"], "id": part["id"]}
        if part["type"] in SELECTS:
            data["values"] = list(values)
        return self._use(user, message.channel, Act(Kind.COMPONENT, data, message))

    async def submit(self, user: User, opened: Interaction, values: Mapping[str, Entered]) -> Interaction:
        """Submit the modal that an interaction opened; fields by custom_id or by label."""
        form = opened.modal
        if form is None:
            raise Impossible(user, "that interaction opened no form")
        channel = self.channels[opened.payload["channel_id"]]
        return self._use(user, channel, Act(Kind.MODAL, submitted(user, form, values), opened.source))

    def _pick(self, user: User, channel: Channel, name: str, kind: int, *, force: bool) -> Picked:
        self._require(user, channel, Permission.VIEW_CHANNEL)
        commands = list(visible(self, user, channel, kind))
        if force:
            commands += [each for scope in self.commands.values() for each in scope if each["type"] == kind]
        return pick(self, user, commands, name)

    def _use(self, user: User, channel: Channel, act: Act) -> Interaction:
        self._require(user, channel, Permission.VIEW_CHANNEL)
        return use(self, user, channel, act)

    @staticmethod
    def _require(user: User, channel: Channel, *needed: Permission) -> None:
        if channel.recipient not in (None, user):
            raise Impossible(
                user, f"these are direct messages of {channel.recipient.name if channel.recipient else ''}"
            )
        if channel.guild is not None and user.id not in channel.guild.members:
            raise Impossible(user, f"is not a member of {channel.guild.name}")
        if not may(user, channel, *needed):
            raise Impossible(user, f"may not do this in {channel.name}")
