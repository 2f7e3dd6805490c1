"""Counts the mail events of a batch: each once, for its identity, configuration set and pool."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mailwarden.domain.reputation.mail_events import MailEvent
from mailwarden.inbound.sqs.batch import Log
from mailwarden.service.inspection.attribution import Owners
from mailwarden.service.reputation.mail_event_tally import MailEventTally


@dataclass(frozen=True, slots=True, kw_only=True)
class MailEventTallies:
    """Mail events of one account."""

    tally: MailEventTally

    def count(self, readable: Sequence[tuple[str, MailEvent]], *, log: Log) -> set[str]:
        """Count the messages; returns the ids of those to retry."""
        if not readable:
            return set()
        messages: dict[str, set[str]] = {}
        for message_id, event in readable:
            messages.setdefault(event.key, set()).add(message_id)
        failed: set[str] = set()
        owned = self._owned({event.key: event for _, event in readable}.values(), messages, failed, log=log)
        counted = self._counted(owned, messages, failed, log=log)
        owners = [each for _, each in owned]
        log.info(
            "mail events",
            extra={
                "messages": len(readable),
                "events": len(messages),
                "counted": counted,
                "of_no_pool_here": sum(not each.subjects for each in owners),
                "of_one_pool": sum(each.pool is not None for each in owners),
                "of_several_pools": sum(each.is_shared for each in owners),
            },
        )
        return failed

    def _owned(
        self, events: Iterable[MailEvent], messages: dict[str, set[str]], failed: set[str], *, log: Log
    ) -> list[tuple[MailEvent, Owners]]:
        attribution = self.tally.attribution()
        owned: list[tuple[MailEvent, Owners]] = []
        for event in events:
            try:
                owned.append((event, attribution.owners_of(event)))
            except Exception:
                log.exception("owners not found", extra={"region": event.account.region})
                failed.update(messages[event.key])
        return owned

    def _counted(
        self, owned: list[tuple[MailEvent, Owners]], messages: dict[str, set[str]], failed: set[str], *, log: Log
    ) -> int:
        counted = 0
        for group in self.tally.groups_of(owned):
            try:
                counted += self.tally.count(group)
            except Exception:
                log.exception("count failed", extra={"events": len(group)})
                failed.update(*(messages[event.key] for event in group))
        return counted
