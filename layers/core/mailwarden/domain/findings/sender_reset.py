"""Whether a pool lost the EmailConfiguration that it is expected to have, and what is expected after a look."""

from collections.abc import Iterable
from datetime import timedelta

from mailwarden.domain.findings.finding import Effect, Finding
from mailwarden.domain.known_good.notices import KnownNotices, notices_after, notices_now
from mailwarden.domain.known_good.record import KnownGood
from mailwarden.domain.known_good.steps import FoundEmail, SenderReset, known_good_after, known_good_now, reset_of
from mailwarden.domain.known_good.verification import KnownVerification, verification_after, verification_now
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity, sender_of
from mailwarden.domain.mail_path.verdict import Answer, Verdict
from mailwarden.domain.readings import EmailConfiguration, ThreatNotices
from mailwarden.domain.refs.causes import Cause
from mailwarden.message import storable
from mailwarden.regions import RegionAnswer, RegionRow

# In characters: an ARN has at most 2,048.
_LONGEST_MEMBER = 2048


def sender_reset_of(path: MailPath) -> SenderReset | None:
    """The reset that the look found, if there is one."""
    return _reset(path, path.ledger_facts.known_good)


def may_be_reset(path: MailPath) -> bool:
    """Whether the identity is in another region than the expected one, by no choice, and no row says if it may be."""
    known, now = path.ledger_facts.known_good, path.pool.email
    if known is None or path.pool.custom_sender_lambda is not None or isinstance(path.row, RegionRow):
        return False
    before, after = (sender_of(email, custom_sender_lambda=None) for email in (known.email, now))
    if not isinstance(before, UsesIdentity) or not isinstance(after, UsesIdentity):
        return False
    return before.ref.region != after.ref.region and reset_of(known, now, region_lost=True) is not None


def known_good_after_look(
    last: LookRecord | None,
    path: MailPath,
    findings: Iterable[Finding],
    verdict: Verdict,
    *,
    cause: Cause | None,
    settle: timedelta,
) -> KnownGood | None:
    """What is expected of the pool after this look, which replaces *last*; None if that cannot be kept whole."""
    known = known_good_now(None if last is None else last.known_good, cause, pool=path.pool.ref)
    pool = path.pool
    found = FoundEmail(email=pool.email, modified=pool.last_modified, at=path.taken_at, settings=pool.settings)
    expected = known_good_after(
        known,
        found,
        reset=_reset(path, known),
        # A function that receives the mail says nothing about the sender that is not used.
        judged_good=pool.custom_sender_lambda is None and _is_good(verdict, findings, last),
        settle=settle,
    )
    return expected if _is_kept_whole(expected.email) else None


def verification_after_look(
    last: LookRecord | None, path: MailPath, *, cause: Cause | None
) -> KnownVerification | None:
    """Whether the pool is expected to verify addresses by mail after this look, which replaces *last*."""
    known = verification_now(None if last is None else last.verification, cause, pool=path.pool.ref)
    return verification_after(known, path.pool.settings, modified=path.pool.last_modified)


def notices_after_look(last: LookRecord | None, path: MailPath, *, cause: Cause | None) -> KnownNotices | None:
    """The sender of notices that is expected of the pool after this look, which replaces *last*."""
    known = notices_now(None if last is None else last.notices, cause, pool_id=path.pool.ref.pool_id)
    expected = notices_after(known, path.pool, at=path.taken_at)
    return expected if expected is None or _are_kept_whole(_members_of(expected.sender)) else None


def _members_of(sender: ThreatNotices) -> tuple[str | None, ...]:
    return (sender.source_arn, sender.from_address, sender.reply_to)


def _is_kept_whole(email: EmailConfiguration) -> bool:
    """Whether the ledger can keep every member as it is: what is cut must never be restored."""
    return _are_kept_whole((email.source_arn, email.from_address, email.reply_to, email.configuration_set))


def _are_kept_whole(members: Iterable[str | None]) -> bool:
    """Cognito allows a FROM of 131,072 characters, and half a surrogate pair is no UTF-8."""
    return all(storable(member, _LONGEST_MEMBER) == member for member in members if member is not None)


def _reset(path: MailPath, known: KnownGood | None) -> SenderReset | None:
    if known is None or path.pool.custom_sender_lambda is not None:
        # A function receives the mail: EmailConfiguration is not used.
        return None
    now = path.pool.email
    before, after = _answer(path, known.email), _answer(path, now)
    region_lost = before is RegionAnswer.ALLOWED and after is RegionAnswer.NOT_ALLOWED
    return reset_of(known, now, region_lost=region_lost)


def _answer(path: MailPath, email: EmailConfiguration) -> RegionAnswer:
    sender = sender_of(email, custom_sender_lambda=None)
    if not isinstance(sender, UsesIdentity) or not isinstance(path.row, RegionRow):
        return RegionAnswer.UNKNOWN
    return path.row.answer(sender.use, sender.ref.region)


def _is_good(verdict: Verdict, findings: Iterable[Finding], last: LookRecord | None) -> bool:
    """Whether the pool can send, or is at risk only for what the last look had found already."""
    if verdict.answer is Answer.YES:
        return True
    if verdict.answer is not Answer.AT_RISK:
        return False
    known = frozenset(() if last is None else last.findings)
    return last is None or all(finding.key in known for finding in findings if finding.effect is Effect.AT_RISK)
