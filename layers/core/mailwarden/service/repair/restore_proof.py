"""Proves an accident once more just before a lost sender is restored: by the history of calls that CloudTrail keeps."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.domain.findings.sender_reset import sender_reset_of
from mailwarden.domain.known_good.evidence import (
    KEPT_FOR,
    RESTORE_HOURS,
    RESTORED_WITHIN,
    Unproven,
    accident_in,
    culprit_of,
    doubt_after,
    looked_up_since,
    waits,
)
from mailwarden.domain.known_good.record import KnownGood
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.causes import Cause, folded
from mailwarden.domain.repair.decision import Repair
from mailwarden.message import Message, message
from mailwarden.ports.repair.past_calls import PastCalls

RESTORES = "MW108"
# After a look-up that failed, or did not show the call yet, some settle times pass until the next one.
_SETTLE_TIMES = 6
_SOONEST = timedelta(seconds=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreProof:
    """Reads CloudTrail, at most once for an order.

    ``wait`` is the time after a call until the history of CloudTrail counts as whole: a choice before the accident, or
    in the same second, may be shown as late as that. ``settle`` is the settle time of repairs.
    """

    past_calls: PastCalls
    settle: timedelta
    wait: timedelta

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
        accident = accident_in(reset, modified=path.pool.last_modified)
        if isinstance(accident, Message):
            return Unproven(reason=accident)
        if at - accident.at > RESTORED_WITHIN:
            return Unproven(reason=message("evidence.too-late", hours=RESTORE_HOURS))
        early = accident.at + self.wait - at
        return waits(early, now=at) if early > timedelta(0) else self._confirmed(path, reset.known, accident, at)

    def _confirmed(self, path: MailPath, known: KnownGood, accident: Cause, at: datetime) -> Unproven | None:
        since = looked_up_since(known)
        if at - since >= KEPT_FOR:
            return Unproven(reason=message("evidence.too-old", days=KEPT_FOR.days))
        found = self.past_calls.updates_of(path.pool.ref, since=since, until=at)
        again_after = max(_SOONEST, _SETTLE_TIMES * self.settle)
        if not isinstance(found, Unreadable):
            return doubt_after(known, accident, found, now=at, again_after=again_after)
        if found.transient:
            return waits(again_after, now=at)
        return Unproven(reason=message("evidence.unreadable", refusal=found.message))


def blamed_for(path: MailPath, repair: Repair, cause: Cause | None) -> Cause | None:
    """*cause* with the call that reset the sender, if *repair* restores it: a deployment's call is not reverted."""
    reset = sender_reset_of(path) if repair.finding.rule_id == RESTORES else None
    return cause if reset is None else folded(cause, culprit_of(reset))
