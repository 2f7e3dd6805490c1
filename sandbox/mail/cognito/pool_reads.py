"""DescribeUserPool, with members that control put into the raw answer, and the tags of pools."""

from typing import Any

from sandbox.mail import emulator
from sandbox.mail.cognito import pool_members
from sandbox.mail.emulator import Handler

EXTRA_MEMBERS = "_sandbox_extra_members"


def describe_user_pool(data: emulator.Json) -> emulator.Answer:
    """Describe a pool; members that control added appear at their depth."""
    pool = emulator.user_pools().get(data.get("UserPoolId"))
    if pool is None:
        return emulator.cognito_error(
            "ResourceNotFoundException", f"User pool {data.get('UserPoolId')} does not exist."
        )
    shown = pool_members.shown(pool)
    _merge(shown, pool.get(EXTRA_MEMBERS) or {})
    return emulator.cognito_answer({"UserPool": shown})


def tagging(below: Handler) -> Handler:
    """Make TagResource: keys of AWS's own are refused."""

    def tag_resource(data: emulator.Json) -> emulator.Answer:
        if any(key.lower().startswith("aws:") for key in data.get("Tags") or {}):
            return emulator.cognito_error(
                "InvalidParameterException", "aws: prefixed tag key names are not allowed for external use."
            )
        return below(data)

    return tag_resource


def _merge(into: emulator.Json | list[Any], extra: emulator.Json) -> None:
    """Put extra members into an answer; a list is addressed by position."""
    for name, value in extra.items():
        there = into[int(name)] if isinstance(into, list) else into.get(name)
        if isinstance(value, dict) and isinstance(there, dict | list):
            _merge(there, value)
        elif isinstance(into, list):
            into[int(name)] = value
        else:
            into[name] = value
