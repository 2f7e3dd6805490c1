"""Control routes that put a user pool into a state that no API call leads to."""

from collections.abc import Mapping
from http import HTTPStatus

from sandbox.control import ControlError, Json, Route
from sandbox.mail.cognito import pool_writes, risk
from sandbox.mail.cognito.pool_members import shown
from sandbox.mail.cognito.pool_reads import EXTRA_MEMBERS
from sandbox.mail.control.body import members, pool_record, refuse_unknown

_SWITCHES = {"refuse_both_messages": "_sandbox_refuses_both_messages"}
_KNOWN = {"region", "email_configuration", "members", "extra_members", "last_modified", *_SWITCHES}


def _set_pool(path: Mapping[str, str], body: Json, query: Mapping[str, str]) -> object:
    """Set parts of a pool past all checks; gives the pool as DescribeUserPool would without the extra members.

    ``email_configuration`` and ``members`` replace what the pool holds, a null member is removed;
    ``extra_members`` appear in the raw DescribeUserPool answer only; ``last_modified`` is in seconds since 1970.
    """
    given = members(body)
    refuse_unknown(given, _KNOWN)
    pool = pool_record(path["id"], given.get("region") or query.get("region"))
    if "email_configuration" in given:
        pool["EmailConfiguration"] = members(given["email_configuration"])
    for name, value in members(given.get("members")).items():
        if value is None:
            pool.pop(name, None)
        else:
            pool[name] = value
    if "extra_members" in given:
        pool[EXTRA_MEMBERS] = members(given["extra_members"])
    if "last_modified" in given:
        pool["LastModifiedDate"] = float(given["last_modified"])
    for name, key in _SWITCHES.items():
        if name in given:
            pool[key] = bool(given[name])
    return shown(pool)


def _assess(path: Mapping[str, str], body: Json, query: Mapping[str, str]) -> object:
    """Let threat protection find a sign-in risky; gives the verdict on the notice, or null where it mails none."""
    given = members(body)
    refuse_unknown(given, {"region", "to", "level"})
    pool = pool_record(path["id"], given.get("region") or query.get("region"))
    verdict = risk.assess(pool, str(given["to"]), str(given.get("level", "High")))
    return None if verdict is None else verdict.shown()


def _set_updates(_path: Mapping[str, str], body: Json, _query: Mapping[str, str]) -> object:
    """Let every UpdateUserPool reset some members although they are sent; gives their names."""
    given = members(body)
    refuse_unknown(given, {"also_reset"})
    names = given["also_reset"]
    if not isinstance(names, list):
        raise ControlError(HTTPStatus.BAD_REQUEST, "also_reset is not a list of members")
    pool_writes.ALSO_RESETS.clear()
    pool_writes.ALSO_RESETS.update(map(str, names))
    return sorted(pool_writes.ALSO_RESETS)


ROUTES = (
    Route(
        "POST",
        "/_sandbox/cognito/updates",
        _set_updates,
        "Let every UpdateUserPool also reset members that are sent, against the documentation; [] for none.",
        body={"also_reset": ["UserPoolTags"]},
    ),
    Route(
        "POST",
        "/_sandbox/cognito/pools/{id}/risk",
        _assess,
        "Let threat protection find a sign-in risky: it mails a notice if the pool's risk configuration asks for one.",
        query=("region",),
        body={"to": "jane@example.com", "level": "High"},
    ),
    Route(
        "POST",
        "/_sandbox/cognito/pools/{id}",
        _set_pool,
        "Put a user pool into a state that no API call leads to, past all checks.",
        query=("region",),
        body={"email_configuration": {"EmailSendingAccount": "COGNITO_DEFAULT"}},
        members="`members` (null removes one), `extra_members` (only in DescribeUserPool), `last_modified`, "
        "`refuse_both_messages`",
    ),
)
