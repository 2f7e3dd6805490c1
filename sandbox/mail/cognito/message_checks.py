"""Cognito's checks of the texts of mails, by the patterns of its service model.

A verification message needs its placeholder: the code, or the link. An invitation does not: it is stored without one,
and users then receive no temporary password.
"""

import re
from collections.abc import Mapping

from sandbox.mail import emulator

_ANY = r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*"
_CODE = (re.compile(r".*\{####\}.*", re.DOTALL), rf"{_ANY}\{{####\}}{_ANY}")
_LINK = (re.compile(r".*\{##.*##\}.*", re.DOTALL), rf"{_ANY}\{{##{_ANY}##\}}{_ANY}")
_PATTERNS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "emailVerificationMessage": _CODE,
    "verificationMessageTemplate.emailMessage": _CODE,
    "verificationMessageTemplate.emailMessageByLink": _LINK,
}


def objection(data: emulator.Json) -> str | None:
    """Object to a verification message without its placeholder."""
    for member, (pattern, shown) in _PATTERNS.items():
        text = _text(data, member)
        if text is not None and pattern.fullmatch(text) is None:
            return (
                f"1 validation error detected: Value at '{member}' failed to satisfy constraint: Member must satisfy "
                f"regular expression pattern: {shown}"
            )
    return None


def _text(data: emulator.Json, member: str) -> str | None:
    outer, _, inner = member.rpartition(".")
    holder = data if not outer else data.get(f"{outer[0].upper()}{outer[1:]}") or {}
    text = holder.get(f"{inner[0].upper()}{inner[1:]}")
    return str(text) if text else None
