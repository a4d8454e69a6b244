"""Discord's errors, by number."""

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from .nouns import Json

RECORDED = {10062, 40060, 50001, 50006, 50013, 50027, 50035}
"""The errors that a well-behaved bot never gets: each is noted as a violation."""


class Problem(NamedTuple):
    """What is wrong with a form, and where: `components[0].label`."""

    where: str
    what: str


class ApiError(Exception):
    """An answer that refuses a request."""

    def __init__(self, status: int, code: int, message: str, problems: Iterable[Problem] = ()) -> None:
        self.status, self.code, self.problems = status, code, list(problems)
        super().__init__(message)

    def __str__(self) -> str:
        return "; ".join([str(self.args[0]), *(f"{where}: {what}" for where, what in self.problems)])

    @property
    def body(self) -> Json:
        """The answer's JSON."""
        errors = {where: {"_errors": [{"code": "INVALID", "message": what}]} for where, what in self.problems}
        return {"code": self.code, "message": str(self.args[0]), **({"errors": errors} if errors else {})}


class Unknown(IntEnum):
    """The errors about things that are not there."""

    CHANNEL = 10003
    GUILD = 10004
    MEMBER = 10007
    MESSAGE = 10008
    USER = 10013
    WEBHOOK = 10015
    INTERACTION = 10062


def unknown(what: Unknown) -> ApiError:
    """404 for a thing that is not there."""
    return ApiError(404, what, f"Unknown {what.name.capitalize()}")


def invalid(*problems: Problem) -> ApiError:
    """400 for a form that breaks a limit."""
    return ApiError(400, 50035, "Invalid Form Body", problems)


def unauthorized() -> ApiError:
    """401 for a wrong token."""
    return ApiError(401, 0, "401: Unauthorized")


def missing_access() -> ApiError:
    """403 for a place that the bot does not see."""
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    """403 for something that the bot may not do."""
    return ApiError(403, 50013, "Missing Permissions")
