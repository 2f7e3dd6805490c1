"""Proves an accident once more just before a lost sender is restored: by the history of calls that CloudTrail keeps."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.domain.findings.sender_reset import sender_reset_of
from mailwarden.domain.known_good.evidence import (
    KEPT_FOR,
    Unproven,
    culprit_of,
    doubt_after,
    doubt_of,
    looked_up_since,
)
from mailwarden.domain.known_good.steps import SenderReset
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.causes import Cause, folded
from mailwarden.domain.repair.decision import Repair
from mailwarden.message import message
from mailwarden.ports.repair.past_calls import PastCalls

RESTORES = "MW108"
# An event is in the history five minutes after its call on average: between two looks at it, some settle times pass.
_SETTLE_TIMES = 6
_SOONEST = timedelta(seconds=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreProof:
    """Reads CloudTrail, at most once for an order; ``settle`` is the settle time of repairs."""

    past_calls: PastCalls
    settle: timedelta

    @property
    def again_after(self) -> timedelta:
        """The time after which the history is read again."""
        return max(_SOONEST, _SETTLE_TIMES * self.settle)

    def doubt(self, path: MailPath, repair: Repair, *, at: datetime) -> Unproven | None:
        """Why the sender that *path* lost is not restored now; None if it is, or if *repair* restores none."""
        if repair.finding.rule_id != RESTORES:
            return None
        reset, not_safe = sender_reset_of(path), repair.fix.not_safe
        if reset is None:
            return Unproven(reason=message("evidence.no-call"))
        if not_safe is not None:
            # In every mode: what may have been a choice is not reverted, and what would lose mail is no restore.
            return Unproven(reason=not_safe)
        reason = doubt_of(reset, modified=path.pool.last_modified)
        return Unproven(reason=reason) if reason is not None else self._confirmed(path, reset, at)

    def _confirmed(self, path: MailPath, reset: SenderReset, at: datetime) -> Unproven | None:
        since = looked_up_since(reset.known)
        if at - since >= KEPT_FOR:
            return Unproven(reason=message("evidence.too-old", days=KEPT_FOR.days))
        found = self.past_calls.updates_of(path.pool.ref, since=since, until=at)
        if isinstance(found, Unreadable):
            return Unproven(reason=message("evidence.unreadable", refusal=found.message), may_pass=found.transient)
        return doubt_after(reset, found, now=at)


def blamed_for(path: MailPath, repair: Repair, cause: Cause | None) -> Cause | None:
    """*cause* with the call that reset the sender, if *repair* restores it: a deployment's call is not reverted."""
    reset = sender_reset_of(path) if repair.finding.rule_id == RESTORES else None
    return cause if reset is None else folded(cause, culprit_of(reset))
