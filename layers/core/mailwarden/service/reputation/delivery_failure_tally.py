"""Counts the delivery failures that Cognito reports, and sends a hint for a pool from time to time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from mailwarden.domain.mail_path.ledger_facts import DeliveryFailures
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.ports.clock import Clock
from mailwarden.ports.hint_queue import DelayedHint, HintQueue
from mailwarden.ports.reputation.app_clients import AppClientPools, AppClients
from mailwarden.ports.reputation.delivery_failures import DeliveryFailureCounts
from mailwarden.ports.turns import Turns

# Even a million failed calls cause only six looks an hour.
_TURN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailureTally:
    """Writes one count for each pool of a batch; after ``quiet`` without a failure the count starts over."""

    failures: DeliveryFailureCounts
    client_pools: AppClientPools
    turns: Turns
    hints: HintQueue
    clients: AppClients
    clock: Clock
    quiet: timedelta

    def pools_of(self, client_ids: frozenset[str], region: str) -> Mapping[str, PoolRef]:
        """The pools of app clients, by client id, that are known or found now."""
        known = {client_id: self.client_pools.pool_of(client_id, region) for client_id in client_ids}
        pools = {client_id: pool for client_id, pool in known.items() if pool is not None}
        unknown = client_ids - pools.keys()
        if not unknown:
            return pools
        found = self.clients.find(unknown, region)
        for client_id, pool in found.items():
            self.client_pools.remember(client_id, pool, now=self.clock.now())
        return {**pools, **found}

    def count(self, pool: PoolRef, failures: DeliveryFailures) -> bool:
        """Count a pool's failures of one batch; returns whether to look at the pool."""
        self.failures.add(pool, failures, quiet=self.quiet)
        if not self.turns.try_acquire(pool, now=self.clock.now(), every=_TURN):
            return False
        self.hints.send([DelayedHint(hint=PoolHint(pool=pool, asks_anew=True))])
        return True
