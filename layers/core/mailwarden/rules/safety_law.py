"""The safety law: why a fix that its rule claims to be safe is not, if it is not.

Safe means that lost mail flows again and nothing widens. A risk that existed and stays does not forbid it; a finding
that was not there, or that gets worse, does. Notes are advice without an alert, and none of them forbids a fix.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mailwarden.domain.findings.changes import Change, GrantSending
from mailwarden.domain.findings.finding import Effect, Finding
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.message import Message, message
from mailwarden.policy import (
    cognito_service,
    edited_own_policies,
    narrower_words,
    own_grants,
)
from mailwarden.regions import RegionRow

# Bounces, failed calls and the watch itself: no fix changes them, and no mail is lost by them. Anybody on the internet
# can make codes bounce, and must not be able to turn repairs off by it (docs/adr/0013).
_OBSERVED = frozenset({Link.FEEDBACK, Link.RUNTIME, Link.MONITORING})
# About another sender than the one that fixes are for: no fix changes it, and no mail of the pool's own depends on it.
_ANOTHER_SENDER = frozenset({"MW112"})
# About what Mailwarden hears, and not about the mail: a move to such a region is no worse.
_OF_THE_WATCH = frozenset({"MW911"})
_WORSE = (Effect.NONE, Effect.AT_RISK, Effect.UNKNOWN, Effect.LOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The findings of a path: as it is, or with a fix applied."""

    path: MailPath
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """Why a fix is not safe; ``blocker`` is a finding whose remediation only the fix leads to, or None."""

    reason: Message
    blocker: Finding | None = None


def breach_of_the_law(finding: Finding, change: Change, *, before: Outcome, after: Outcome) -> Breach | None:
    """The first reason why *change*, the fix of *finding*, is not safe; None if it is."""
    reason = widening_of(change, before.path) if isinstance(change, GrantSending) else None
    if reason is not None:
        return Breach(reason=reason)
    known = {found.key: found for found in before.findings}
    returns = after.path is before.path.as_restored
    for found in after.findings:
        reason = None if returns and _stands(found) else _forbidden(found, known)
        if reason is not None:
            earlier = known.get(found.key)
            is_told = earlier is not None and earlier.remediation == found.remediation
            return Breach(reason=reason, blocker=None if is_told else found)
    if finding.key in {found.key for found in after.findings}:
        return Breach(reason=message("law.no-effect"))
    return None


def _stands(found: Finding) -> bool:
    """Whether a finding of a restored path is about what the pool used before it was lost: no restore brings it."""
    return found.effect in {Effect.NONE, Effect.AT_RISK}


def _forbidden(found: Finding, known: Mapping[FindingKey, Finding]) -> Message | None:
    """Why a finding of the path with the fix applied forbids it."""
    earlier = known.get(found.key)
    observed = (found.link in _OBSERVED or found.rule_id in _ANOTHER_SENDER) and earlier is not None
    if found.effect is Effect.LOST and not observed:
        return message("law.lost", rule=found.rule_id, finding=found.message)
    if found.effect is Effect.UNKNOWN and not observed:
        return message("law.unknown", rule=found.rule_id, finding=found.message)
    if found.is_note or found.rule_id in _OF_THE_WATCH:
        return None
    if earlier is None:
        return message("law.new-finding", rule=found.rule_id, finding=found.message)
    if _badness(found) > _badness(earlier):
        return message("law.worse", rule=found.rule_id, finding=found.message)
    return None


def _badness(finding: Finding) -> tuple[int, int]:
    return _WORSE.index(finding.effect), finding.severity


def widening_of(change: GrantSending, path: MailPath) -> Message | None:
    """Why a grant would do more than put this pool beside words of its owner that are no narrower."""
    identity, pool = change.identity, path.pool.ref
    live = next((each.live_identity for each in path.ses_states if each.identity_ref == identity), None)
    if live is None or not isinstance(path.row, RegionRow):
        return message("law.owner-not-known")
    needed = cognito_service(principal=path.row.principal, pool_arn=pool.arn, identity_arn=identity.arn)
    words = narrower_words(live.policies, needed)
    if words:
        return message("law.overrides", words=tuple(each.message for each in words))
    edited = edited_own_policies(live.policies, identity_arn=identity.arn, account=pool.account)
    if edited:
        return message("law.edited", policies=tuple(message("statement.document", policy=name) for name in edited))
    return message("law.gives-more") if _gives_more(change, path) else None


def _gives_more(change: GrantSending, path: MailPath) -> bool:
    """Whether a grant does anything but put this pool into policies of ours that were in our own form."""
    identity, pool = change.identity, path.pool.ref
    for name, text in change.after.items():
        old = change.before.get(name)
        held = own_grants({name: old}, identity_arn=identity.arn, account=pool.account)
        # A name that is not ours and a text that is not in our form hold no grants of ours.
        grants = own_grants({name: text}, identity_arn=identity.arn, account=pool.account)
        if (old and not held) or held - grants or {grant.pool_arn for grant in grants - held} != {pool.arn}:
            return True
    return change.pools != (pool,)
