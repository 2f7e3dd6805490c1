"""Attributes mail events to identities, sets and pools, and never guesses."""

from dataclasses import dataclass, field

from mailwarden.domain.mail_path.from_addresses import SenderAddress, sender_address
from mailwarden.domain.refs.resources import ConfigurationSetRef, PoolRef, Subject
from mailwarden.domain.reputation.mail_events import MailEvent
from mailwarden.ports.mail_path.resources_in_use import ResourcesInUse


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """Everything that an event counts for; empty if no pool uses the identity.

    ``pool`` sent the mail. ``is_shared``: several pools send from that address, and any of them may have sent it.
    """

    subjects: tuple[Subject, ...] = ()
    pool: PoolRef | None = None
    is_shared: bool = False


@dataclass(slots=True, kw_only=True)
class Attribution:
    """Queries the ledger's reverse index, once for each identity and address of a batch."""

    resources_in_use: ResourcesInUse
    _used: dict[Subject, bool] = field(default_factory=dict)
    _sending: dict[SenderAddress, tuple[PoolRef, ...]] = field(default_factory=dict)

    def owners_of(self, event: MailEvent) -> Owners:
        """The identity that sent, the set it was sent through and, if only one can have sent it, the pool.

        An identity that no pool uses is not counted, and neither is a set without an identity.
        """
        known = event.identity or event.configuration_set
        if known is None or not self._is_used(known):
            return Owners()
        subjects = tuple(each for each in (event.identity, event.configuration_set) if each is not None)
        pools = self._senders_of(event)
        if len(pools) != 1:
            return Owners(subjects=subjects, is_shared=len(pools) > 1)
        return Owners(subjects=(*pools, *subjects), pool=pools[0])

    def _senders_of(self, event: MailEvent) -> tuple[PoolRef, ...]:
        """The pools that may have sent the mail; if several share an address, those that use the event's set."""
        pools = self._pools_sending(event, through=None)
        if len(pools) > 1 and event.configuration_set is not None:
            return self._pools_sending(event, through=event.configuration_set) or pools
        return pools

    def _pools_sending(self, event: MailEvent, *, through: ConfigurationSetRef | None) -> tuple[PoolRef, ...]:
        if event.identity is None or event.sender is None:
            return ()
        sender = sender_address(event.identity, event.sender, through=through)
        if sender is None:
            return ()
        if sender not in self._sending:
            self._sending[sender] = self.resources_in_use.pools_sending(sender)
        return self._sending[sender]

    def _is_used(self, subject: Subject) -> bool:
        if subject not in self._used:
            self._used[subject] = self.resources_in_use.is_used(subject)
        return self._used[subject]
