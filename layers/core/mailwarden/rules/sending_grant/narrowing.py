"""The same statement with the conditions that keep other customers' pools out, as its owner would write it."""

import json
from collections.abc import Mapping

from mailwarden.policy import StatementRef

# AWS's example uses these two (Cognito guide, "Email settings"); the values keep every pool of the account in.
_ACCOUNT_KEY = "aws:SourceAccount"
_ARN_KEY = "aws:SourceArn"
_SOURCE_KEYS = frozenset({_ACCOUNT_KEY.lower(), _ARN_KEY.lower()})


def narrowed(policies: Mapping[str, str], ref: StatementRef, *, partition: str, account: str) -> str | None:
    """The statement *ref* of *policies* with both conditions added, as JSON; None if it cannot be picked out.

    Whatever it said about those two keys before is replaced, for it kept nobody out.
    """
    statement = statement_of(policies.get(ref.policy, ""), ref.index)
    if statement is None:
        return None
    conditions = statement.get("Condition", {})
    if not isinstance(conditions, dict):
        return None
    kept: dict[str, object] = {}
    for operator, keys in conditions.items():
        if not isinstance(keys, dict):
            return None
        others = {key: value for key, value in keys.items() if key.lower() not in _SOURCE_KEYS}
        if others:
            kept[operator] = others
    wanted = {
        "StringEquals": {_ACCOUNT_KEY: account},
        "ArnLike": {_ARN_KEY: f"arn:{partition}:cognito-idp:*:{account}:userpool/*"},
    }
    for operator, keys in wanted.items():
        there = kept.get(operator, {})
        kept[operator] = {**(there if isinstance(there, dict) else {}), **keys}
    return json.dumps({**statement, "Condition": kept}, separators=(",", ":"), ensure_ascii=False)


def statement_of(document: str, index: int) -> dict[str, object] | None:
    """The statement at *index* of *document*, as it is written there; None if it cannot be picked out."""
    try:
        policy = json.loads(document)
    except ValueError:
        return None
    if not isinstance(policy, dict):
        return None
    statements = policy.get("Statement")
    listed = statements if isinstance(statements, list) else [statements]
    found = listed[index] if 0 <= index < len(listed) else None
    return found if isinstance(found, dict) else None
