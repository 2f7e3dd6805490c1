"""Which resource an SES or Cognito call is authorized on, where the emulator's answer differs from AWS's.

From the Service Authorization Reference: SES v1 calls about identities have no resource of their own (``*``), those
of v2 have the identity; sending has the identity in both; tags have the tagged resource. Calls about the suppression
list have at most a tenant, which is none here, so they are authorized on everything (``*``).
"""

import json
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from typing import Any

from sandbox.mail import emulator
from sandbox.mail.ses.store import Realm, canonical_name, realm

type ResourceOf = Callable[..., str]

_V2 = "/v2/email"
_SENDING = {"SendEmail", "SendRawEmail", "SendTemplatedEmail", "SendBulkTemplatedEmail"}


def refining(below: ResourceOf) -> ResourceOf:
    """Put this half's answers in front of the emulator's ``extract_resource_arn``."""

    def extract_resource_arn(
        service: str,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        query: Mapping[str, Any],
        region: str,
        account: str,
    ) -> str:
        found: str | None = None
        if service == "ses" and path.startswith(_V2):
            found = _of_ses_v2(path.removeprefix(_V2), body, query, realm(account, region))
        elif service == "ses":
            found = _of_ses_v1(query, realm(account, region))
        elif service in {"cognito-idp", "cognito_idp"}:
            found = _member(body, "ResourceArn") or None
        return found or below(service, method, path, headers, body, query, region, account)

    return extract_resource_arn


def _of_ses_v1(query: Mapping[str, Any], place: Realm) -> str:
    if _parameter(query, "Action") not in _SENDING:
        return "*"
    source = _parameter(query, "Source")
    return place.arn_of(_identity_name(place, source)) if source else "*"


def _of_ses_v2(below: str, body: bytes, query: Mapping[str, Any], place: Realm) -> str | None:
    parts = [part for part in below.split("/") if part]
    match parts:
        case ["identities", name, *_]:
            return place.arn_of(canonical_name(name))
        case ["tags"]:
            return _member(body, "ResourceArn") or _parameter(query, "ResourceArn") or "*"
        case ["outbound-emails"]:
            sender = _member(body, "FromEmailAddress")
            return place.arn_of(_identity_name(place, sender)) if sender else "*"
        case _:
            return None


def _identity_name(place: Realm, sender: str) -> str:
    """Name the identity a message is sent with; an address of its own where none is verified."""
    address = parseaddr(sender)[1]
    identity = place.identity_that_sends_for(address)
    return identity.name if identity is not None else address


def _member(body: bytes, name: str) -> str:
    try:
        parsed = json.loads(body or b"{}")
    except ValueError:
        return ""
    return str(parsed.get(name) or "") if isinstance(parsed, dict) else ""


def _parameter(query: Mapping[str, Any], name: str) -> str:
    value = query.get(name, "")
    return str(value[0] if isinstance(value, list) and value else value or "")


def install() -> None:
    """Wrap the emulator's resource lookup."""
    actions = emulator.module("core.iam_actions")
    actions.extract_resource_arn = refining(actions.extract_resource_arn)
