"""Refuses responses whose body was cut or is not AWS's: the SDK reads a broken JSON body as an empty answer.

It refuses those without a member that AWS always sends, too: the SDK does not miss it.

For a broken XML body it raises an error that is no ``BotoCoreError``, so that a write might count as not made; so would
a look after it that does not find what it asked for.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from botocore.exceptions import BotoCoreError, HTTPClientError

from mailwarden.adapters.aws.required_members import missing_element, missing_member

if TYPE_CHECKING:
    from botocore.client import ClientMeta
    from botocore.model import OperationModel

_JSON = frozenset({"json", "rest-json"})
_XML = frozenset({"query", "rest-xml"})
_REDIRECTED, _SERVER_FAULT = 300, 500


class BrokenResponse(HTTPClientError):
    """The body of a response cannot be read: whether AWS did what was asked is unknown. The text never quotes it."""

    fmt = "the response to {operation} is no document of AWS"


class MissingMember(BotoCoreError):
    """AWS answered without a member that it always sends, or sent it with another type: the fact in it is unknown."""

    fmt = "the response to {operation} has no {member} that can be read"

    def __init__(self, *, operation: str, member: str) -> None:
        super().__init__(operation=operation, member=member)
        self.member = member


def refuse_broken_bodies(meta: "ClientMeta") -> None:
    """Let every call of a client raise BrokenResponse or MissingMember instead of reading a body with less than all."""
    meta.events.register("before-parse", _check)


def json_object(operation: str, body: bytes) -> dict[str, object]:
    """The JSON object of a response; raises BrokenResponse."""
    try:
        document = json.loads(body)
    except ValueError as error:
        raise BrokenResponse(operation=operation) from error
    if not isinstance(document, dict):
        raise BrokenResponse(operation=operation)
    return document


def _check(operation_model: "OperationModel", response_dict: Mapping[str, object], **_: object) -> None:
    status, body = response_dict["status_code"], response_dict["body"]
    protocol, shape = operation_model.service_model.resolved_protocol, operation_model.output_shape
    if not isinstance(status, int) or not isinstance(body, bytes):
        return
    missing: str | None = None
    if protocol in _JSON and (body or (status < _REDIRECTED and shape is not None and shape.members)):
        if status < _REDIRECTED or not _is_text(body):
            missing = missing_member(operation_model.name, json_object(operation_model.name, body))
    elif protocol in _XML and not (status >= _SERVER_FAULT and _is_generic(body)):
        try:
            # The SDK parses the same bytes with the same parser; they come from AWS through TLS.
            document_of_xml = ET.fromstring(body)  # noqa: S314
        except ET.ParseError as error:
            raise BrokenResponse(operation=operation_model.name) from error
        missing = missing_element(operation_model.name, document_of_xml)
    if missing is not None and status < _REDIRECTED:
        raise MissingMember(operation=operation_model.name, member=missing)


def _is_text(body: bytes) -> bool:
    """Whether the SDK makes the message of an error from the body: any text that is no JSON."""
    try:
        json.loads(body.decode())
    except UnicodeDecodeError:
        return False
    except ValueError:
        return True
    return False


def _is_generic(body: bytes) -> bool:
    """Whether the SDK takes the body of a server's error for no document, and decides by the status."""
    text = body.strip()
    return not text or text.startswith(b"<html>")
