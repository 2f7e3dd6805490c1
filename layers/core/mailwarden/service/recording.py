"""Brings what a look found into the ledger: findings first, the look last, so that a crash in between loses nothing."""

from dataclasses import dataclass
from datetime import datetime

from mailwarden.domain.causes import Cause
from mailwarden.domain.findings import Finding
from mailwarden.domain.history import Handled, Sighting, not_seen, seen
from mailwarden.domain.mail_path import MailPath, configuration_set_of
from mailwarden.domain.records import FindingKey, FindingRecord, LookRecord
from mailwarden.domain.subjects import ConfigurationSetRef, PoolRef
from mailwarden.domain.verdicts import Verdict
from mailwarden.ports import Ledger
from mailwarden.rules.judging import Judgement

_ATTEMPTS = 8


class LedgerContention(RuntimeError):
    """Others changed the same record each time we tried; the message comes again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """A finding and what was decided or done about it."""

    finding: Finding
    handled: Handled


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorder:
    """Writes looks and findings; an older look never wins."""

    ledger: Ledger

    def record(
        self, judgement: Judgement, handlings: tuple[Handling, ...], *, cause: Cause | None, at: datetime
    ) -> bool:
        """Keep a judged look; False if a newer one is known already, and then nothing is kept.

        Raises LedgerContention.
        """
        pool = judgement.path.pool
        last = self.ledger.last_look(pool.ref)
        if last is not None and last.looked_at > at:
            return False
        found: set[FindingKey] = set()
        for handling in handlings:
            sighting = Sighting(
                finding=handling.finding,
                pool=pool.ref,
                pool_name=pool.name,
                verdict=judgement.verdict,
                handled=handling.handled,
                cause=cause,
                at=at,
            )
            found.add(self._see(sighting))
        for key in () if last is None else last.findings:
            if key not in found:
                self._no_longer_see(key, pool.ref, judgement.verdict, cause=cause, at=at)
        look = LookRecord(
            pool=pool.ref,
            pool_name=pool.name,
            looked_at=at,
            answer=judgement.verdict.answer,
            deciding=judgement.verdict.deciding,
            findings=tuple(sorted(found, key=lambda key: (key.rule_id, key.subject_arn))),
            uses=used_by(judgement.path),
        )
        if self.ledger.put_look(look):
            return True
        self._give_way(look, cause=cause)
        return False

    def _give_way(self, look: LookRecord, *, cause: Cause | None) -> None:
        """A newer look came in between: what it did not find is over, also where this one wrote after it."""
        newer = self.ledger.last_look(look.pool)
        known, at = ((), look.looked_at) if newer is None else (newer.findings, newer.looked_at)
        for key in look.findings:
            if key not in known:
                self._no_longer_see(key, look.pool, None, cause=cause, at=at)

    def forget(self, pool: PoolRef, *, cause: Cause | None, at: datetime) -> None:
        """The pool is gone: what was found about it is over. Raises LedgerContention."""
        last = self.ledger.last_look(pool)
        if last is None or last.looked_at > at:
            return
        for key in last.findings:
            self._no_longer_see(key, pool, None, cause=cause, at=at)
        self.ledger.forget_pool(pool, at=at)

    def _see(self, sighting: Sighting) -> FindingKey:
        key = FindingKey(subject_arn=sighting.finding.subject.arn, rule_id=sighting.finding.rule_id)
        for _ in range(_ATTEMPTS):
            current = self.ledger.finding(key)
            if self._put(current, seen(current, sighting)):
                return key
        raise LedgerContention(f"{key.rule_id} of {key.subject_arn}")

    def _no_longer_see(
        self, key: FindingKey, pool: PoolRef, verdict: Verdict | None, *, cause: Cause | None, at: datetime
    ) -> None:
        for _ in range(_ATTEMPTS):
            current = self.ledger.finding(key)
            if current is None or self._put(current, not_seen(current, pool, verdict, cause=cause, at=at)):
                return
        raise LedgerContention(f"{key.rule_id} of {key.subject_arn}")

    def _put(self, current: FindingRecord | None, updated: FindingRecord | None) -> bool:
        if updated is None:
            return True
        return self.ledger.put_finding(updated, replaces=None if current is None else current.revision)


def used_by(path: MailPath) -> tuple[str, ...]:
    """The ARNs of everything the path depends on: what leads from a change of one of them back to this pool.

    The regions a pool *may* use are listed too while it is outside them, because a change there can make a repair
    possible.
    """
    sides = (*path.sides, *path.candidates.values())
    arns = {side.identity_ref.arn for side in sides} | {side.account_ref.arn for side in sides}
    for side in sides:
        name = configuration_set_of(path.pool.email, side.identity_ref, side.identity)
        if isinstance(name, ConfigurationSetRef):
            arns.add(name.arn)
    return tuple(sorted(arns))
