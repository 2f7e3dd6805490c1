"""SES v2 (REST) over the one store: finds the handler of a path; other paths go to the emulator."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.mail import emulator
from sandbox.mail.ses.v2 import account, identities, policies, sets
from sandbox.mail.ses.v2.rest_call import Call, InvalidNextToken, not_found

_PREFIX = "/v2/email"

_TABLE: list[tuple[str, str, Callable[[Call], emulator.Answer | None]]] = [
    *policies.ROUTES,
    *identities.ROUTES,
    *account.ROUTES,
    *sets.ROUTES,
]
_ROUTES = [(method, re.compile(pattern), handler) for method, pattern, handler in _TABLE]


def answer(method: str, path: str, body: bytes, query: Mapping[str, Any]) -> emulator.Answer | None:
    """Answer a call, or give nothing when the emulator underneath should."""
    below = path.rstrip("/").removeprefix(_PREFIX)
    for wanted, pattern, handler in _ROUTES:
        found = pattern.fullmatch(below) if wanted == method else None
        if found is not None:
            try:
                data = json.loads(body) if body else {}
            except ValueError:
                return emulator.ses_v2_error("BadRequestException", "The request body is not valid JSON.")
            try:
                return handler(Call(path=found.groupdict(), data=data, query=query))
            except InvalidNextToken:
                message = "The specified request includes an invalid or expired token."
                return emulator.ses_v2_error("InvalidNextTokenException", message)
    if below.startswith("/identities/"):
        return not_found(f"Unknown operation or identity: {method} {path}")  # an ARN is no name here
    return None
