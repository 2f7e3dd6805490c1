"""Reads what the ledger knows of a pool's mail, and of what that mail passes through."""

from dataclasses import dataclass, replace
from datetime import datetime

from mailwarden.domain.known_good.notices import notices_now
from mailwarden.domain.known_good.steps import known_good_now
from mailwarden.domain.known_good.verification import verification_now
from mailwarden.domain.mail_path.ledger_facts import LedgerFacts
from mailwarden.domain.mail_path.overlap import overlaps_of
from mailwarden.domain.mail_path.path import SesRegionState
from mailwarden.domain.monitoring.fights import WriteHistory
from mailwarden.domain.readings import ConfigurationSet, ConfigurationSetReading, Pool, SenderMode
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef, SesAccountRef
from mailwarden.domain.repair.unannounced_change import unannounced_since
from mailwarden.domain.reputation.feedback import MailCounts, RateStatus, SesFeedback, comparable, counted_since
from mailwarden.domain.reputation.mail_events import PoolRoute
from mailwarden.ports.mail_path.email_records import EmailRecords
from mailwarden.ports.mail_path.pool_records import PoolRecords
from mailwarden.ports.repair.write_histories import HistoryOfRole
from mailwarden.ports.repair.write_windows import WindowsOfResources
from mailwarden.ports.reputation.feedback import FeedbackReadings
from mailwarden.ports.reputation.mail_counters import MailCounters


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFactsReader:
    """Reads the ledger for looks; nothing here reads AWS."""

    pools: PoolRecords
    feedback: FeedbackReadings
    counters: MailCounters
    windows: WindowsOfResources
    written: HistoryOfRole
    email_records: EmailRecords | None = None

    def facts_of(
        self, pool: Pool, *, identities: tuple[IdentityRef, ...] = (), cause: Cause | None, at: datetime
    ) -> LedgerFacts:
        """The facts in the ledger about a pool read at *at*, which sends as *identities*.

        ``cause`` is the call that led to the look.
        """
        known = self.pools.read(pool.ref)
        last = known.last_look
        histories = (known.windows, *(self.windows.of(identity.arn) for identity in identities))
        return LedgerFacts(
            failures=known.failures,
            unannounced_since=unannounced_since(last, pool, cause=cause, at=at),
            last_look=last,
            mail=self.counters.since(pool.ref, counted_since(at)),
            writes=(*known.writes, *self._written_for_all(pool)),
            overlaps=tuple(overlap for history in histories for overlap in overlaps_of(history, at=at)),
            known_good=known_good_now(last.known_good if last else None, cause, pool=pool.ref),
            verification=verification_now(last.verification if last else None, cause, pool=pool.ref),
            notices=notices_now(last.notices if last else None, cause, pool_id=pool.ref.pool_id),
        )

    def shows_email(self, region: str) -> bool:
        """Whether CloudTrail's records of a region are known to show EmailConfiguration."""
        return self.email_records is not None and self.email_records.are_shown(region)

    def _written_for_all(self, pool: Pool) -> tuple[WriteHistory, ...]:
        """Our writes to the role with which a DEVELOPER pool sends: they are in an item of the account."""
        of_role = self.written.of_role(pool.ref) if pool.email.mode is SenderMode.DEVELOPER else None
        return () if of_role is None else (of_role,)

    def feedback_of(self, account: SesAccountRef, *, fresh: bool) -> SesFeedback:
        """The feedback of an account of ours; ``fresh`` forbids an answer from a cache."""
        return self.feedback.of(account, fresh=fresh)

    def rates_of(self, configuration_set: ConfigurationSetReading | None, *, fresh: bool) -> RateStatus | None:
        """The rates of a configuration set that is there; ``fresh`` forbids an answer from a cache."""
        if not isinstance(configuration_set, ConfigurationSet):
            return None
        return self.feedback.rates(configuration_set.ref, fresh=fresh)

    def with_mail(self, ses_state: SesRegionState, pool: PoolRef) -> SesRegionState:
        """*ses_state* with the bounces and complaints of the pool's mail through its account and its set."""
        used = ses_state.configuration_set
        return replace(
            ses_state,
            mail_of_account=self._mail_via(ses_state.account_ref, pool, ses_state.feedback.rates),
            mail_of_set=self._mail_via(used.ref, pool, ses_state.set_rates)
            if isinstance(used, ConfigurationSet)
            else None,
        )

    def _mail_via(
        self, via: SesAccountRef | ConfigurationSetRef, pool: PoolRef, rate_status: RateStatus | None
    ) -> MailCounts | None:
        hours = None if rate_status is None else comparable(rate_status)
        if hours is None:
            return None
        return self.counters.via(PoolRoute(pool=pool, via=via), since=hours[0], until=hours[1])
