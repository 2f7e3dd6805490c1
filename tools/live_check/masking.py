"""Bodies of AWS for a public issue: the form of everything, and only those values that AWS itself enumerates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import botocore.session

_HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
# The members of a CloudTrail record with a value of AWS's own, and its form (CloudTrail user guide, "CloudTrail record
# contents"). A member of the same name deeper in the record is a parameter of the call.
_OF_AWS: Mapping[str, re.Pattern[str]] = {
    "eventName": re.compile(r"[A-Z][A-Za-z0-9]{1,60}"),
    "eventSource": re.compile(r"[a-z-]{1,30}\.amazonaws\.com"),
    "eventType": re.compile(r"Aws[A-Za-z]{1,30}"),
    "eventVersion": re.compile(r"\d\.\d{1,3}"),
    "eventCategory": re.compile(r"(Management|Data|Insight|NetworkActivity)"),
    "awsRegion": re.compile(r"[a-z]{2,4}(-[a-z]{2,10}){1,2}-\d"),
    "errorCode": re.compile(r"([A-Z][A-Za-z]{1,20})+(Exception|Denied|Entity|Failure|Value)"),
}
# Who made the call, and from where.
_ACTOR = frozenset(
    {"userIdentity", "sourceIPAddress", "userAgent", "tlsDetails", "vpcEndpointId", "sessionCredentialFromConsole"}
)
_LARGEST = 999_999
_TOO_DEEP = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """Hides values; ``known`` maps what the run itself made to the placeholder that is shown instead."""

    known: dict[str, str] = field(default_factory=dict)

    def body(self, value: object, name: str = "", *, depth: int = 0) -> object:
        """The same form, with ``<text>`` for each text that AWS does not enumerate; large numbers are hidden."""
        match value:
            case _ if name in _ACTOR or depth > _TOO_DEEP:
                return "<not shown>"
            case Mapping():
                return {self._key(key): self.body(each, str(key), depth=depth + 1) for key, each in value.items()}
            case list():
                return [self.body(each, name, depth=depth + 1) for each in value]
            case bool() | None:
                return value
            case int() | float():
                return value if abs(value) <= _LARGEST else "<number>"
            case str():
                return self._text(value, name if depth == 1 else "")
            case _:
                return f"<{type(value).__name__}>"

    def _key(self, key: object) -> str:
        """A member's name; the key of a tag is hidden if it has another form."""
        return str(key) if re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,60}", str(key)) and not str(key).isupper() else "<key>"

    def _text(self, value: str, name: str) -> str:
        if value == _HIDDEN or value in enumerated():
            return value
        if name in _OF_AWS and _OF_AWS[name].fullmatch(value):
            return value
        return self.known.get(value, "<text>")


@cache
def enumerated() -> frozenset[str]:
    """Every value that the models of the services enumerate: no name of a customer is among them."""
    session = botocore.session.get_session()
    found: set[str] = set()
    for service in ("cognito-idp", "sesv2", "ses"):
        model = session.get_service_model(service)
        for shape in map(model.shape_for, model.shape_names):
            found.update(getattr(shape, "enum", ()) or ())
    return frozenset(found)
