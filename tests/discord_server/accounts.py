"""Endpoints about the bot's account, its application, its guilds and its commands."""

from .command_limits import command_problems, kind_of
from .errors import Unknown, invalid, missing_access, unknown
from .models import Guild, Json
from .permissions import permissions_in
from .rest import Answer, Call, Route
from .state import World
from .wire import channel_json, guild_json, member_json, role_json, user_json


def get_gateway(_: World, call: Call) -> Answer:
    return {"url": f"ws://{call.host}/gateway"}


def get_bot_gateway(world: World, call: Call) -> Answer:
    """The gateway's URL and the number of shards to open."""
    concurrency = world.shards if world.max_concurrency is None else world.max_concurrency
    limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": concurrency}
    return {
        "url": f"ws://{call.host}/gateway",
        "shards": world.shards,
        "session_start_limit": limit,
        "guilds": len(world.guilds),
    }


def get_me(world: World, _: Call) -> Answer:
    return {**user_json(world.bot), "verified": True, "mfa_enabled": True, "locale": "en-US"}


def get_user(world: World, call: Call) -> Answer:
    user = world.users.get(call.params["user"])
    if user is None:
        raise unknown(Unknown.USER)
    return user_json(user)


def get_application(world: World, _: Call) -> Answer:
    """The application with its owner, and its team where the test has set one."""
    return {
        "id": world.bot.id,
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 1 << 19 if world.message_content else 0,
        "owner": user_json(world.owner),
        "team": _team(world) if world.team else None,
    }


def _team(world: World) -> Json:
    members = [
        {"user": user_json(user), "membership_state": 2, "team_id": world.bot.id, "role": "developer"}
        for user in world.team
    ]
    return {"id": world.bot.id, "name": "team", "icon": None, "owner_user_id": world.team[0].id, "members": members}


def get_my_guilds(world: World, call: Call) -> Answer:
    """A page of the bot's guilds, with its permissions in each."""
    after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 200))
    mine = sorted((guild for guild in world.guilds.values() if int(guild.id) > after), key=lambda guild: int(guild.id))
    return [
        {"id": guild.id, "name": guild.name, "permissions": str(permissions_in(world.bot, guild)), "features": []}
        for guild in mine[:limit]
    ]


def get_guild(world: World, call: Call) -> Answer:
    return guild_json(_guild(world, call))


def get_guild_channels(world: World, call: Call) -> Answer:
    """The channels of a guild, without its threads."""
    guild = _guild(world, call)
    return [channel_json(each) for each in world.channels.values() if each.guild is guild and each.parent is None]


def get_guild_roles(world: World, call: Call) -> Answer:
    return [role_json(role) for role in _guild(world, call).roles.values()]


def get_member(world: World, call: Call) -> Answer:
    member = _guild(world, call).members.get(call.params["user"])
    if member is None:
        raise unknown(Unknown.MEMBER)
    return member_json(member)


def get_commands(world: World, call: Call) -> Answer:
    """The commands registered globally, or for one guild."""
    return world.commands.get(_scope(world, call), [])


def put_commands(world: World, call: Call) -> Answer:
    """A bulk overwrite of commands; those that exist already keep their ids."""
    scope = _scope(world, call)
    if problems := list(command_problems(call.body)):
        raise invalid(*problems)
    known = {(kind_of(old), old["name"]): old["id"] for old in world.commands.get(scope, [])}
    world.commands[scope] = [
        _registered(world, body, scope, known.get((kind_of(body), body["name"])) or world.snowflake())
        for body in call.body
    ]
    return world.commands[scope]


def _registered(world: World, body: Json, scope: str | None, command_id: str) -> Json:
    permissions = body.get("default_member_permissions")
    command = {
        **body,
        "id": command_id,
        "application_id": world.bot.id,
        "version": world.snowflake(),
        "type": kind_of(body),
        "description": body.get("description") or "",
        "default_member_permissions": None if permissions is None else str(permissions),
        "dm_permission": body.get("dm_permission") is not False,
        "nsfw": bool(body.get("nsfw")),
    }
    return {**command, "guild_id": scope} if scope else command


def _scope(world: World, call: Call) -> str | None:
    if call.params["application"] != world.bot.id:
        raise missing_access()
    return _guild(world, call).id if "guild" in call.params else None


def _guild(world: World, call: Call) -> Guild:
    guild = world.guilds.get(call.params["guild"])
    if guild is None:
        raise missing_access() if "application" in call.params else unknown(Unknown.GUILD)
    return guild


ROUTES = [
    Route("GET", "/gateway", get_gateway, authenticated=False),
    Route("GET", "/gateway/bot", get_bot_gateway),
    Route("GET", "/users/@me", get_me),
    Route("GET", "/users/@me/guilds", get_my_guilds),
    Route("GET", "/users/{user}", get_user),
    Route("GET", "/oauth2/applications/@me", get_application),
    Route("GET", "/applications/@me", get_application),
    Route("GET", "/guilds/{guild}", get_guild),
    Route("GET", "/guilds/{guild}/channels", get_guild_channels),
    Route("GET", "/guilds/{guild}/roles", get_guild_roles),
    Route("GET", "/guilds/{guild}/members/{user}", get_member),
    Route("GET", "/applications/{application}/commands", get_commands),
    Route("PUT", "/applications/{application}/commands", put_commands),
    Route("GET", "/applications/{application}/guilds/{guild}/commands", get_commands),
    Route("PUT", "/applications/{application}/guilds/{guild}/commands", put_commands),
]
