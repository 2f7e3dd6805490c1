"""The wire form of the SES v1 query protocol: parameters in, XML out."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from sandbox.mail import emulator

NAMESPACE = "http://ses.amazonaws.com/doc/2010-12-01/"


class Entries(dict[str, Any]):
    """A mapping that the query protocol writes as ``entry``/``key``/``value``, not as members of a structure."""


class Parameters:
    """The parameters of one query call, from the URL and the form."""

    def __init__(self, query: Mapping[str, Any], body: bytes) -> None:
        """Join both sources; the form wins."""
        self._values: dict[str, str] = {name: _first(value) for name, value in query.items()}
        form = parse_qs(body.decode("utf-8", errors="replace"), keep_blank_values=True)
        self._values.update({name: values[0] for name, values in form.items()})

    def text(self, name: str, default: str = "") -> str:
        """Read one parameter."""
        return self._values.get(name, default)

    def optional(self, name: str) -> str | None:
        """Read one parameter that may be absent."""
        return self._values.get(name)

    def flag(self, name: str) -> bool:
        """Read a Boolean parameter."""
        return self.text(name).lower() == "true"

    def members(self, name: str) -> list[str]:
        """Read a list: ``name.member.1``, ``name.member.2`` and so on."""
        found: list[str] = []
        while (value := self._values.get(f"{name}.member.{len(found) + 1}")) is not None:
            found.append(value)
        return found

    def without_prefix(self, prefix: str) -> dict[str, str]:
        """Give the parameters below a prefix, under their shorter names."""
        return {name[len(prefix) :]: value for name, value in self._values.items() if name.startswith(prefix)}


def answer(action: str, result: Mapping[str, Any] | None = None) -> emulator.Answer:
    """Answer a query call with success."""
    body = (
        f'<{action}Response xmlns="{NAMESPACE}"><{action}Result>{_inner(result or {})}</{action}Result>'
        f"<ResponseMetadata><RequestId>{emulator.new_id()}</RequestId></ResponseMetadata></{action}Response>"
    )
    return 200, {"Content-Type": "text/xml"}, body.encode()


def error(code: str, message: str) -> emulator.Answer:
    """Answer a query call with a client error."""
    body = (
        f'<ErrorResponse xmlns="{NAMESPACE}"><Error><Type>Sender</Type><Code>{escape(code)}</Code>'
        f"<Message>{escape(message)}</Message></Error><RequestId>{emulator.new_id()}</RequestId></ErrorResponse>"
    )
    return 400, {"Content-Type": "text/xml"}, body.encode()


def _inner(value: object) -> str:
    match value:
        case Entries():
            return "".join(
                f"<entry><key>{escape(key)}</key><value>{_inner(item)}</value></entry>" for key, item in value.items()
            )
        case dict():
            return "".join(f"<{key}>{_inner(item)}</{key}>" for key, item in value.items() if item is not None)
        case list():
            return "".join(f"<member>{_inner(item)}</member>" for item in value)
        case bool():
            return "true" if value else "false"
        case _:
            return escape(str(value))


def _first(value: object) -> str:
    return str(value[0] if isinstance(value, list) else value)
