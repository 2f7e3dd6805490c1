"""The contents of control requests: a JSON object, and its region."""

from http import HTTPStatus
from typing import Any, cast

from sandbox.control import ControlError, Json
from sandbox.mail import emulator


class _Members(dict[str, Any]):
    def __missing__(self, name: str) -> Any:  # noqa: ANN401 - as the members that are there
        raise ControlError(HTTPStatus.BAD_REQUEST, f"the member {name!r} is missing")


def members(body: Json) -> dict[str, Any]:
    """Read the body as an object; an absent body is an empty one, and a member that is missing is a ControlError."""
    if body is None:
        return _Members()
    if not isinstance(body, dict):
        raise ControlError(HTTPStatus.BAD_REQUEST, "the body must be an object")
    return _Members(body)


def refuse_unknown(given: dict[str, Any], known: set[str]) -> None:
    """Refuse a request with members that mean nothing, so that a typo does not pass for a setting."""
    unknown = sorted(set(given) - known)
    if unknown:
        raise ControlError(HTTPStatus.BAD_REQUEST, f"unknown members: {', '.join(unknown)}")


def pool_record(pool_id: str, region: str | None) -> emulator.Json:
    """Find a pool of the emulator's store, in one region or in all.

    Raises:
        ControlError: when there is no such pool.
    """
    for (_, pool_region, key), pool in emulator.user_pools().all_items():
        if key == pool_id and region in (None, pool_region):
            return cast("emulator.Json", pool)
    raise ControlError(HTTPStatus.NOT_FOUND, f"no user pool {pool_id}")
