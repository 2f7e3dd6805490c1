"""One call of the SES v2 REST API, taken apart."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.mail import emulator


class InvalidNextToken(Exception):
    """A call asks for a page by a token that was never given out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The variable parts of the path, the JSON body and the query."""

    path: Mapping[str, str]
    data: emulator.Json
    query: Mapping[str, Any]

    def query_values(self, name: str) -> list[str]:
        """Read a query parameter that may be repeated."""
        value = self.query.get(name, [])
        return list(value) if isinstance(value, list) else [value]

    def query_text(self, name: str) -> str | None:
        """Read a query parameter that comes once."""
        return next(iter(self.query_values(name)), None)

    def page[Item](self, items: Sequence[Item], *, largest: int) -> tuple[Sequence[Item], str | None]:
        """Cut out the page that the call asks for; gives it with the token of the next one.

        Raises:
            InvalidNextToken: The call's own token is none that was given out.
        """
        size = self.data.get("PageSize") or self.query_text("PageSize") or largest
        token = self.data.get("NextToken") or self.query_text("NextToken")
        start = _position(token)
        end = start + min(int(size), largest)
        following = base64.urlsafe_b64encode(str(end).encode()).decode() if end < len(items) else None
        return items[start:end], following


def _position(token: str | None) -> int:
    if not token:
        return 0
    try:
        position = int(base64.b64decode(token, altchars=b"-_", validate=True))
    except ValueError as error:
        raise InvalidNextToken(token) from error
    if position < 1:
        raise InvalidNextToken(token)
    return position


def not_found(message: str) -> emulator.Answer:
    """Answer that the thing named does not exist."""
    return emulator.ses_v2_error("NotFoundException", message, 404)


def bad_request(message: str) -> emulator.Answer:
    """Answer that the call itself is wrong."""
    return emulator.ses_v2_error("BadRequestException", message)


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Write tags in the form of the API."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tag_map(tags: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Read tags from the form of the API."""
    return {tag["Key"]: tag.get("Value", "") for tag in tags}
