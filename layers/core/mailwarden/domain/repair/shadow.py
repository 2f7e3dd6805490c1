"""What RepairMode `safe` would have written while it was off, and how each case ended without it; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mailwarden.documents.reader import digest_of
from mailwarden.domain.findings.changes import GrantSending, ReplaceEmailConfiguration
from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.mail_path.look_record import LookRecord, ShadowCase
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.refs.causes import Cause, folded
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.message import Message

# A look holds some; more fixes are never due for one pool at a time.
_MOST = 10
# In characters: a longer value is a fault of its own (MW107), and not one that a fix writes.
_LONGEST = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowDecision:
    """What RepairMode `safe` would have decided about a fix: to write it, or not, for the reason ``withheld``."""

    withheld: Message | None


class ShadowEnding(StrEnum):
    """How a problem ended for which Mailwarden had a fix and wrote nothing."""

    AS_PROPOSED = "as proposed"
    """Another actor made the change that the fix would have made."""
    OTHERWISE = "otherwise"
    """Another actor made another change."""
    BY_ITSELF = "by itself"
    """What the fix would have written is as it was."""
    POOL_GONE = "pool deleted"
    MODE_CHANGED = "mode changed"
    """RepairMode is on since: Mailwarden repairs it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedCase:
    """A case that is over: the verdict of the look that found it so, and the call that led to that look."""

    pool: PoolRef
    pool_name: str
    case: ShadowCase
    ended_at: datetime
    ending: ShadowEnding
    verdict: Answer | None
    cause: Cause | None

    @property
    def lasted(self) -> timedelta:
        """How long the problem lasted."""
        return self.ended_at - self.case.opened_at


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFix:
    """A finding of a look: its shadow decision, if it has one, and whether its repair was ordered."""

    finding: Finding
    shadow: ShadowDecision | None
    is_ordered: bool

    @property
    def key(self) -> FindingKey:
        """Which finding it is about."""
        return self.finding.key


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowAfter:
    """The cases that go on after a look, and those that it ends."""

    going_on: tuple[ShadowCase, ...]
    ended: tuple[EndedCase, ...]


def shadow_after(
    last: LookRecord | None,
    found: Iterable[FoundFix],
    path: MailPath,
    verdict: Answer,
    *,
    undecided: Iterable[FindingKey],
    cause: Cause | None,
    at: datetime,
) -> ShadowAfter:
    """The cases after a look that found these; of a finding that could not be judged the case goes on."""
    by_key = {each.key: each for each in found}
    known = {} if last is None else {_key(case): case for case in last.shadow}
    unknown = frozenset(undecided)
    going_on: list[ShadowCase] = []
    ended: list[EndedCase] = []
    for key, case in known.items():
        now = by_key.get(key)
        if now is None and key not in unknown:
            ending = _ending(case, path)
        elif now is not None and now.is_ordered:
            ending = ShadowEnding.MODE_CHANGED
        else:
            going_on.append(case)
            continue
        ended.append(
            EndedCase(
                pool=path.pool.ref,
                pool_name=path.pool.name,
                case=case,
                ended_at=at,
                ending=ending,
                verdict=verdict,
                cause=_latest(cause, since=case.opened_at),
            )
        )
    new = [_case(each, path, cause=cause, at=at) for key, each in by_key.items() if key not in known]
    return ShadowAfter(going_on=(*going_on, *filter(None, new))[:_MOST], ended=tuple(ended))


def ended_with_pool(last: LookRecord, *, cause: Cause | None, at: datetime) -> tuple[EndedCase, ...]:
    """The cases of a pool that is gone."""
    return tuple(
        EndedCase(
            pool=last.pool,
            pool_name=last.pool_name,
            case=case,
            ended_at=at,
            ending=ShadowEnding.POOL_GONE,
            verdict=None,
            cause=_latest(cause, since=case.opened_at),
        )
        for case in last.shadow
    )


def _key(case: ShadowCase) -> FindingKey:
    return FindingKey(subject_arn=case.subject_arn, rule_id=case.rule_id)


def _case(found: FoundFix, path: MailPath, *, cause: Cause | None, at: datetime) -> ShadowCase | None:
    fix, shadow = found.finding.fix, found.shadow
    if fix is None or shadow is None:
        return None
    wanted = fix.change.after if isinstance(fix.change, ReplaceEmailConfiguration) else None
    if _is_too_long(path.pool.email) or (wanted is not None and _is_too_long(wanted)):
        return None
    return ShadowCase(
        rule_id=found.finding.rule_id,
        subject_arn=found.finding.subject.arn,
        resource=fix.change.resource,
        title=fix.title,
        opened_at=at,
        withheld=shadow.withheld,
        wanted=wanted,
        email=path.pool.email,
        policies=_policies(path, fix.change.resource) if isinstance(fix.change, GrantSending) else None,
        cause=_latest(cause, since=None),
    )


def _ending(case: ShadowCase, path: MailPath) -> ShadowEnding:
    live = path.pool.email.in_full
    if case.wanted is not None:
        if live == case.wanted.in_full:
            return ShadowEnding.AS_PROPOSED
        return ShadowEnding.BY_ITSELF if live == case.email.in_full else ShadowEnding.OTHERWISE
    if live != case.email.in_full:
        return ShadowEnding.OTHERWISE
    if case.policies is not None:
        # The finding is over, the pool is as it was, and the policies changed: a policy lets it send.
        same = _policies(path, case.resource) == case.policies
        return ShadowEnding.BY_ITSELF if same else ShadowEnding.AS_PROPOSED
    # What else is written is the role of Cognito, which is there now.
    return ShadowEnding.AS_PROPOSED


def _policies(path: MailPath, identity_arn: str) -> str:
    """A digest of the sending policies of an identity; of one that is not on the path or not there, of none."""
    policies = {
        name: text
        for ses_state in path.ses_states
        if ses_state.identity_ref.arn == identity_arn and ses_state.live_identity is not None
        for name, text in ses_state.live_identity.policies.items()
    }
    return digest_of(policies)[:16]


def _latest(cause: Cause | None, *, since: datetime | None) -> Cause | None:
    """The latest call, by itself, unless it came before the case began."""
    if cause is None:
        return None
    call = folded(*(each for each in cause.calls if since is None or each.at > since))
    return None if call is None else call.calls[0]


def _is_too_long(email: EmailConfiguration) -> bool:
    members = (email.source_arn, email.from_address, email.reply_to, email.configuration_set)
    return any(len(member) > _LONGEST for member in members if member is not None)
