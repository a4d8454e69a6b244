"""Discord's errors, by number."""

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from .models import Json

RECORDED = {10062, 40060, 50001, 50006, 50013, 50027, 50035}
"""Errors that a well-behaved bot never gets; each is recorded as a violation."""


class Problem(NamedTuple):
    """A form error, and where it is: `components[0].label`."""

    where: str
    what: str


class ApiError(Exception):
    """An error response."""

    def __init__(self, status: int, code: int, message: str, problems: Iterable[Problem] = ()) -> None:
        self.status, self.code, self.problems = status, code, list(problems)
        super().__init__(message)

    def __str__(self) -> str:
        return "; ".join([str(self.args[0]), *(f"{where}: {problem}" for where, problem in self.problems)])

    @property
    def body(self) -> Json:
        errors = {where: {"_errors": [{"code": "INVALID", "message": problem}]} for where, problem in self.problems}
        return {"code": self.code, "message": str(self.args[0]), **({"errors": errors} if errors else {})}


class Unknown(IntEnum):
    """The codes for missing objects."""

    CHANNEL = 10003
    GUILD = 10004
    MEMBER = 10007
    MESSAGE = 10008
    USER = 10013
    WEBHOOK = 10015
    INTERACTION = 10062


def unknown(what: Unknown) -> ApiError:
    """404 for a missing object."""
    return ApiError(404, what, f"Unknown {what.name.capitalize()}")


def invalid(*problems: Problem) -> ApiError:
    """400 for a form that breaks a limit."""
    return ApiError(400, 50035, "Invalid Form Body", problems)


def unauthorized() -> ApiError:
    return ApiError(401, 0, "401: Unauthorized")


def missing_access() -> ApiError:
    """403 for a channel or guild that the bot does not see."""
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    return ApiError(403, 50013, "Missing Permissions")
