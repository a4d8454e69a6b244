"""Endpoints to respond to interactions: the first response, and followups through the webhook."""

from collections.abc import Callable

from .channels import REPLY, SUPPRESS_EMBEDS, drafted, edit, note_promises
from .command_limits import choice_problems
from .errors import ApiError, Problem, Unknown, invalid, unknown
from .interaction import DEADLINE, LIFETIME, Choice, Interaction, Kind, Response
from .limits import check_message, modal_problems
from .models import COMPONENTS_V2, EPHEMERAL, LOADING, Json, ServerMessage
from .rest import Answer, Call, Route
from .state import World

CHAT_INPUT = 20
FITTING = {
    Kind.COMMAND: {Response.REPLY, Response.DEFER, Response.OPEN_MODAL},
    Kind.COMPONENT: {Response.REPLY, Response.DEFER, Response.DEFER_UPDATE, Response.UPDATE, Response.OPEN_MODAL},
    Kind.AUTOCOMPLETE: {Response.CHOICES},
    Kind.MODAL: {Response.REPLY, Response.DEFER, Response.DEFER_UPDATE, Response.UPDATE},
}


def respond(world: World, call: Call) -> Answer:
    """The first response: within 3 seconds, once, and of a type that fits the interaction."""
    used = world.interactions.get(call.params["interaction"])
    if used is None or used.token != call.params["token"]:
        raise unknown(Unknown.INTERACTION)
    if used.callback:
        raise ApiError(400, 40060, "Interaction has already been acknowledged.")
    if world.clock.now() - used.started > DEADLINE:
        raise unknown(Unknown.INTERACTION)
    kind = call.body["type"]
    if kind not in FITTING[used.kind] or (kind in (Response.DEFER_UPDATE, Response.UPDATE) and used.source is None):
        raise invalid(Problem("type", f"a response of type {kind} does not fit an interaction of type {used.kind}"))
    RESPONSES[kind](world, call, used)
    used.callback = kind
    return _callback_json(world, used) if call.query.get("with_response", "").lower() in ("1", "true") else None


def _reply(world: World, call: Call, used: Interaction) -> None:
    body = call.body.get("data") or {}
    check_message(body)
    note_promises(world, call, body, creates=True)
    used.original = world.publish(_answer(world, call, used, body))


def _defer(world: World, call: Call, used: Interaction) -> None:
    flags = (call.body.get("data") or {}).get("flags") or 0
    used.original = world.publish(_answer(world, call, used, {"flags": flags & EPHEMERAL | LOADING}))


def _defer_update(_: World, __: Call, used: Interaction) -> None:
    used.original = used.source


def _update(world: World, call: Call, used: Interaction) -> None:
    if used.source is None:
        raise unknown(Unknown.MESSAGE)
    check_message(call.body["data"], used.source.flags, partial=True)
    note_promises(world, call, call.body["data"], creates=False)
    edit(world, used.source, call)
    used.original = used.source


def _choices(_: World, call: Call, used: Interaction) -> None:
    choices = (call.body.get("data") or {}).get("choices") or []
    if problems := list(choice_problems("data.choices", choices, used.focused)):
        raise invalid(*problems)
    used.choices = [Choice(choice["name"], choice["value"]) for choice in choices]


def _open_modal(_: World, call: Call, used: Interaction) -> None:
    if problems := list(modal_problems(call.body["data"])):
        raise invalid(*problems)
    used.modal = call.body["data"]


RESPONSES: dict[int, Callable[[World, Call, Interaction], None]] = {
    Response.REPLY: _reply,
    Response.DEFER: _defer,
    Response.DEFER_UPDATE: _defer_update,
    Response.UPDATE: _update,
    Response.CHOICES: _choices,
    Response.OPEN_MODAL: _open_modal,
}


def _callback_json(world: World, used: Interaction) -> Json:
    shown: Json = {"id": used.id, "type": used.kind}
    if used.original is None:
        return {"interaction": shown}
    message = used.original
    shown |= {"response_message_id": message.id, "response_message_loading": message.loading}
    shown |= {"response_message_ephemeral": message.ephemeral, "channel_id": message.channel.id}
    kind = Response.UPDATE if used.callback == Response.UPDATE else Response.REPLY
    return {"interaction": shown, "resource": {"type": kind, "message": world.show(message)}}


def _answer(world: World, call: Call, used: Interaction, body: Json) -> ServerMessage:
    """A message that responds to an interaction; the first one to a command is no reply."""
    channel = world.channels[used.payload["channel_id"]]
    message = drafted(world, channel, call, body)
    message.flags &= COMPONENTS_V2 | EPHEMERAL | LOADING | SUPPRESS_EMBEDS
    message.kind = CHAT_INPUT if used.kind == Kind.COMMAND and used.original is None else REPLY
    message.reference = used.original or used.source
    message.used = {
        "id": used.id,
        "type": used.kind,
        "user": used.payload["user"] if channel.guild is None else used.payload["member"]["user"],
        "authorizing_integration_owners": used.payload["authorizing_integration_owners"],
    }
    return message


def follow_up(world: World, call: Call) -> Answer:
    """A followup; the first one after a deferral replaces the "thinking" message instead."""
    used = _by_token(world, call)
    first = used.original
    check_message(call.body)
    note_promises(world, call, call.body, creates=True)
    if first is not None and first.loading and not first.deleted:
        edit(world, first, call, fills=True)
        return world.show(first)
    used.followups.append(world.publish(_answer(world, call, used, call.body)))
    return world.show(used.followups[-1])


def get_answer(world: World, call: Call) -> Answer:
    return world.show(_message(world, call))


def edit_answer(world: World, call: Call) -> Answer:
    """Edit a message of an interaction; for one that shows "thinking", this is its creation."""
    message = _message(world, call)
    check_message(call.body, message.flags, partial=not message.loading)
    note_promises(world, call, call.body, creates=message.loading)
    edit(world, message, call, fills=message.loading)
    return world.show(message)


def delete_answer(world: World, call: Call) -> Answer:
    world.remove(_message(world, call))
    return None


def _by_token(world: World, call: Call) -> Interaction:
    used = next((each for each in world.interactions.values() if each.token == call.params["token"]), None)
    if used is None or call.params["application"] != world.bot.id:
        raise unknown(Unknown.WEBHOOK)
    if world.clock.now() - used.started > LIFETIME:
        raise ApiError(401, 50027, "Invalid Webhook Token")
    if not used.callback:
        raise unknown(Unknown.WEBHOOK)
    return used


def _message(world: World, call: Call) -> ServerMessage:
    used, wanted = _by_token(world, call), call.params["message"]
    message = used.original if wanted == "@original" else world.messages.get(wanted)
    if message is None or message not in used.messages:
        raise unknown(Unknown.MESSAGE)
    return message


ROUTES = [
    Route("POST", "/interactions/{interaction}/{token}/callback", respond, authenticated=False),
    Route("POST", "/webhooks/{application}/{token}", follow_up, authenticated=False),
    Route("GET", "/webhooks/{application}/{token}/messages/{message}", get_answer, authenticated=False),
    Route("PATCH", "/webhooks/{application}/{token}/messages/{message}", edit_answer, authenticated=False),
    Route("DELETE", "/webhooks/{application}/{token}/messages/{message}", delete_answer, authenticated=False),
]
