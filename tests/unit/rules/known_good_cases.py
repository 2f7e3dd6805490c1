"""What a case says of the EmailConfiguration that a pool is expected to have, and of the calls since.

``known_good`` has the members ``email``, ``standing`` (``held`` if it is left out), ``settings`` and ``calls``, each
with its ``actor``, ``tool``, what its record says of ``email`` and ``verification``, and ``minutes_ago``.
``verification`` and ``notices`` have ``calls``, too. A pool may have ``settings`` and ``modified_minutes_ago``.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from mailwarden.domain.findings.sender_reset import sender_reset_of
from mailwarden.domain.known_good.notices import KnownNotices
from mailwarden.domain.known_good.record import KnownGood, Standing
from mailwarden.domain.known_good.verification import KnownVerification
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import Pool, ThreatNotices
from mailwarden.domain.refs.call_words import EmailWord, NoticesWord, VerificationWord
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.mail_templates import MailTemplate
from mailwarden.domain.repair.change_documents import email_document, email_from_document
from tests.builders import NOON

_HOUR = timedelta(hours=1)


def known_good(told: Mapping[str, Any]) -> KnownGood:
    """The expected configuration of a case; it was found an hour ago."""
    return KnownGood(
        email=email_from_document(told["email"]),
        standing=Standing(told.get("standing", "held")),
        since=NOON - 2 * _HOUR,
        modified=NOON - _HOUR,
        settings=told.get("settings", {}),
        calls=tuple(_call(number, call) for number, call in enumerate(told.get("calls", ()), start=1)),
    )


def known_verification(told: Mapping[str, Any]) -> KnownVerification:
    """That the pool of a case verified addresses an hour ago, with the calls since."""
    calls = (_call(number, call) for number, call in enumerate(told.get("calls", ()), start=1))
    return KnownVerification(modified=NOON - _HOUR, calls=tuple(calls))


def known_notices(told: Mapping[str, Any]) -> KnownNotices:
    """That notices of the case had a sender an hour ago, with the calls since."""
    calls = (_call(number, call) for number, call in enumerate(told.get("calls", ()), start=1))
    missing = told.get("missing_minutes_ago")
    return KnownNotices(
        sender=ThreatNotices(source_arn=told["SourceArn"], from_address=told.get("From"), reply_to=told.get("ReplyTo")),
        found_at=NOON - _HOUR,
        calls=tuple(calls),
        missing_since=None if missing is None else NOON - timedelta(minutes=missing),
    )


def modified(pool: Pool, told: Mapping[str, Any]) -> Pool:
    """*pool* with the settings of the case, last modified when the case says."""
    ago = timedelta(minutes=told.get("modified_minutes_ago", 0))
    return replace(
        pool,
        settings=told.get("settings", {}),
        last_modified=pool.last_modified - ago,
        unknown_sender=told.get("unknown_sender"),
        templates_without_code=tuple(map(MailTemplate, told.get("without_code", ()))),
        has_custom_message=told.get("custom_message", False),
        is_passwordless=told.get("passwordless", False),
        acts_on_threats=told.get("acts_on_threats", False),
    )


def as_restored(
    path: MailPath, written: Mapping[str, Any], path_of: Callable[[Mapping[str, Any]], MailPath]
) -> MailPath | None:
    """The path with the sender that was lost, among the identities, accounts and sets of the case."""
    reset = sender_reset_of(path)
    if reset is None:
        return None
    given = {name: written[name] for name in ("identities", "accounts", "sets", "role") if name in written}
    of = {**written["pool"], "email": email_document(reset.known.email)}
    return replace(path_of({"pool": of, **given}), ledger_facts=path.ledger_facts)


def _call(number: int, told: Mapping[str, Any]) -> Cause:
    return Cause(
        event_name="SetRiskConfiguration" if "notices" in told else "UpdateUserPool",
        event_id=f"event-{number}",
        actor=told["actor"],
        user_agent=told.get("tool", ""),
        region="us-east-1",
        at=NOON - timedelta(minutes=told.get("minutes_ago", 1)),
        email=EmailWord(told["email"]) if "email" in told else None,
        verification=VerificationWord(told["verification"]) if "verification" in told else None,
        notices=NoticesWord(told["notices"]) if "notices" in told else None,
    )
