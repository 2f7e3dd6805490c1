"""Counts the delivery failures of a batch: one write for each pool, for any number of messages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mailwarden.domain.mail_path.ledger_facts import DeliveryFailures
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.inbound.cloudtrail.delivery_failures import FailedDelivery
from mailwarden.inbound.sqs.batch import Log
from mailwarden.service.reputation.delivery_failure_tally import DeliveryFailureTally


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureTallies:
    """Delivery failures of one account and partition; only those of watched regions are counted."""

    tally: DeliveryFailureTally
    partition: str
    account: str
    watched_regions: tuple[str, ...]

    def count(self, readable: Sequence[tuple[str, FailedDelivery]], *, log: Log) -> set[str]:
        """Count the messages; returns the ids of those to retry."""
        failed: set[str] = set()
        deliveries = [each for each in readable if each[1].region in self.watched_regions]
        by_pool: dict[PoolRef, list[tuple[str, FailedDelivery]]] = {}
        for region in sorted({delivery.region for _, delivery in deliveries}):
            here = [each for each in deliveries if each[1].region == region]
            try:
                clients = self._clients(here, region)
            except Exception:
                log.exception("clients not found", extra={"region": region})
                failed.update(message_id for message_id, _ in here)
                continue
            unnamed = 0
            for message_id, delivery in here:
                pool = self._pool(delivery, clients)
                if pool is None:
                    unnamed += 1
                else:
                    by_pool.setdefault(pool, []).append((message_id, delivery))
            if unnamed:
                log.info("failed deliveries of unknown pools", extra={"region": region, "number": unnamed})
        failed.update(self._count(by_pool, log))
        return failed

    def _count(self, by_pool: Mapping[PoolRef, list[tuple[str, FailedDelivery]]], log: Log) -> Iterator[str]:
        for pool, deliveries in by_pool.items():
            failures = _together([delivery for _, delivery in deliveries])
            try:
                hinted = self.tally.count(pool, failures)
            except Exception:
                log.exception("count failed", extra={"pool": pool.arn})
                yield from (message_id for message_id, _ in deliveries)
                continue
            log.info("counted", extra={"pool": pool.arn, "number": failures.number, "hinted": hinted})

    def _clients(self, here: list[tuple[str, FailedDelivery]], region: str) -> Mapping[str, PoolRef]:
        named = (delivery.client_id for _, delivery in here if delivery.pool_id is None)
        wanted = frozenset(client_id for client_id in named if client_id is not None)
        return self.tally.pools_of(wanted, region) if wanted else {}

    def _pool(self, delivery: FailedDelivery, clients: Mapping[str, PoolRef]) -> PoolRef | None:
        if delivery.pool_id is None:
            return None if delivery.client_id is None else clients.get(delivery.client_id)
        return PoolRef(partition=self.partition, region=delivery.region, account=self.account, pool_id=delivery.pool_id)


def _together(deliveries: list[FailedDelivery]) -> DeliveryFailures:
    last = max(deliveries, key=lambda delivery: delivery.at)
    return DeliveryFailures(
        first=min(delivery.at for delivery in deliveries),
        last=last.at,
        number=len(deliveries),
        last_call=last.call,
        last_code=last.code,
        at_daily_limit=max((each.at for each in deliveries if each.at_daily_limit), default=None),
    )
