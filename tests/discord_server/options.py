"""The commands that a person sees, and a command's options as the person fills them in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .command_limits import GROUP, SUBCOMMAND
from .models import Attachment, Channel, Json, Role, User
from .permissions import ALL, Permission, permissions_of
from .state import World
from .wire import attachment_json, channel_json, member_json, role_json, user_json

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = 3, 4, 5, 6, 7, 8, 9, 10, 11
Value = str | int | float | bool | User | Role | Channel | Attachment
TYPES: dict[int, type | tuple[type, ...]] = {
    STRING: str,
    INTEGER: int,
    BOOLEAN: bool,
    USER: User,
    CHANNEL: Channel,
    ROLE: Role,
    MENTIONABLE: (User, Role),
    NUMBER: (int, float),
    ATTACHMENT: Attachment,
}


class Impossible(Exception):
    """A person could not do this in the client."""

    def __init__(self, who: User, why: str) -> None:
        super().__init__(f"{who.name}: {why}")


@dataclass
class Picked:
    """A command chosen by its name and subcommands, and its options."""

    command: Json
    path: list[Json]
    options: list[Json]

    def data(self, options: list[Json], resolved: Json) -> Json:
        for part in reversed(self.path):
            options = [{"type": part["type"], "name": part["name"], "options": options}]
        shown: Json = {key: self.command[key] for key in ("id", "name", "type", "guild_id") if key in self.command}
        return {**shown, "options": options, **({"resolved": resolved} if resolved else {})}


def visible(world: World, user: User, channel: Channel, kind: int) -> Iterator[Json]:
    """The commands of a type that a person sees in a channel."""
    guild = channel.guild
    is_there = guild.id in world.guilds if guild else channel.recipient is not None
    commands = [*(world.commands.get(guild.id, []) if guild else []), *world.commands[None]]
    for command in commands:
        contexts = command.get("contexts")
        here = contexts is None or (0 if guild else 1 if channel.recipient else 2) in contexts
        here = here and (is_there or (user.id in world.installed and 1 in command.get("integration_types", [0])))
        if guild is None:
            here = here and command["dm_permission"]
        if command["type"] == kind and here and (guild is None or _permitted(command, permissions_of(user, channel))):
            yield command


def _permitted(command: Json, granted: int) -> bool:
    needed = command["default_member_permissions"]
    if granted == ALL or not granted & Permission.USE_APPLICATION_COMMANDS:
        return granted == ALL
    return needed is None or (int(needed) != 0 and granted & int(needed) == int(needed))


def pick(world: World, user: User, commands: Sequence[Json], name: str) -> Picked:
    """The command of a full name, such as "admin reindex"."""
    first, *rest = [name] if any(command["name"] == name for command in commands) else name.split()
    command = next((command for command in commands if command["name"] == first), None)
    if command is None:
        known = any(command["name"] == first for scope in world.commands.values() for command in scope)
        raise Impossible(user, f"{name!r} is {'hidden from them here' if known else 'not registered'}")
    path: list[Json] = []
    options: list[Json] = command.get("options") or []
    for word in rest:
        part = next((each for each in options if each["name"] == word and each["type"] in (SUBCOMMAND, GROUP)), None)
        if part is None:
            raise Impossible(user, f"{name!r} has no subcommand {word!r}")
        path.append(part)
        options = part.get("options") or []
    if any(each["type"] in (SUBCOMMAND, GROUP) for each in options):
        raise Impossible(user, f"{name!r} needs a subcommand")
    return Picked(command, path, options)


@dataclass
class Filled:
    """Options with their values, and the objects that the values refer to."""

    options: list[Json] = field(default_factory=list)
    resolved: Json = field(default_factory=dict)

    def resolve(self, value: User | Role | Channel | Attachment, channel: Channel) -> str:
        """Add an object to the resolved data of the interaction; its id is the option's value."""
        kinds = {User: "users", Role: "roles", Channel: "channels", Attachment: "attachments"}
        self.resolved.setdefault(kinds[type(value)], {})[value.id] = _object(value)
        if isinstance(value, User) and channel.guild and value.id in channel.guild.members:
            member = member_json(channel.guild.members[value.id], with_user=False)
            permissions = str(permissions_of(value, channel))
            self.resolved.setdefault("members", {})[value.id] = {**member, "permissions": permissions}
        return value.id


def _object(value: User | Role | Channel | Attachment) -> Json:
    if isinstance(value, User):
        return user_json(value)
    if isinstance(value, Role):
        return role_json(value)
    if isinstance(value, Channel):
        return {**channel_json(value), "permissions": str(ALL)}
    return {**attachment_json(value), "ephemeral": True}


def fill(
    user: User, channel: Channel, options: Sequence[Json], values: Mapping[str, Value], focused: str | None = None
) -> Filled:
    """The options as a person fills them in; invalid values are refused, as by the client.

    A `_` at the end of a name is dropped; it avoids names that Python or a parameter uses.
    """
    filled, known = Filled(), {option["name"]: option for option in options}
    given = {name.removesuffix("_"): value for name, value in values.items()}
    if missing := [name for name, o in known.items() if o.get("required") and name not in given and focused is None]:
        raise Impossible(user, f"required options are missing: {missing}")
    for name, value in given.items():
        if name not in known:
            raise Impossible(user, f"there is no option {name!r}")
        option = known[name]
        shown: Json = {"name": name, "type": option["type"]}
        if name == focused:
            shown |= {"focused": True}
        else:
            _check(user, option, value)
        shown["value"] = value if isinstance(value, str | int | float) else filled.resolve(value, channel)
        filled.options.append(shown)
    return filled


def _check(user: User, option: Json, value: Value) -> None:
    """Refuse what the client would not let a person enter."""
    kind, name = option["type"], option["name"]
    if not isinstance(value, TYPES[kind]) or (kind != BOOLEAN and isinstance(value, bool)):
        raise Impossible(user, f"{name}: {value!r} does not fit type {kind}")
    if option.get("choices") and value not in [choice["value"] for choice in option["choices"]]:
        raise Impossible(user, f"{name}: {value!r} is not a choice")
    if isinstance(value, str):
        size: float = len(value)
        low, high = option.get("min_length") or 0, option.get("max_length") or 6_000
    elif isinstance(value, int | float):
        size = value
        low, high = option.get("min_value", value), option.get("max_value", value)
    else:
        return
    if not low <= size <= high:
        raise Impossible(user, f"{name}: {value!r} is out of range")
