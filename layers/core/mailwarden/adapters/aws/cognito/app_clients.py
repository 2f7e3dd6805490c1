"""Finds the pools of app clients. Cognito has no call for this, so the pools are searched one by one."""

from collections.abc import Callable, Iterator, Mapping

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.errors import unread
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.ports.mail_path.pools import Pools

LIST = "cognito-idp:ListUserPoolClients"
# With a pause of 0.2 s this uses a small share of the quota and ends well before the function's timeout.
_MOST_POOLS = 100
_PAUSE_SECONDS = 0.2
_GIVEN_UP_SECONDS = 600.0


class CognitoAppClients:
    """Implements the port ``AppClients``. Each call continues where the last one stopped, and starts over at the end.

    A client that a whole round did not find is skipped for ten minutes: its pool no longer exists.
    """

    def __init__(
        self, *, clients: Clients, pools: Pools, sleep: Callable[[float], None], monotonic: Callable[[], float]
    ) -> None:
        self._clients = clients
        self._pools = pools
        self._sleep = sleep
        self._monotonic = monotonic
        self._rounds: dict[str, Iterator[PoolRef]] = {}
        self._missed: dict[tuple[str, str], int] = {}
        self._given_up: dict[tuple[str, str], float] = {}

    def find(self, wanted: frozenset[str], region: str) -> Mapping[str, PoolRef]:
        """The pools of these clients that were found within a hundred reads."""
        now = self._monotonic()
        left = {each for each in wanted if self._given_up.get((region, each), now) <= now}
        found: dict[str, PoolRef] = {}
        for _ in range(_MOST_POOLS):
            if not left:
                break
            pool = self._next(region, left)
            if pool is None:
                break
            for client_id in self._clients_of(pool) & left:
                found[client_id] = pool
                left.discard(client_id)
            self._sleep(_PAUSE_SECONDS)
        return found

    def _next(self, region: str, left: set[str]) -> PoolRef | None:
        pool = next(self._rounds.setdefault(region, self._every_pool(region)), None)
        if pool is None:
            # A client that was missed in a partial round and in a whole one does not exist.
            del self._rounds[region]
            for client_id in list(left):
                missed = self._missed[region, client_id] = self._missed.get((region, client_id), 0) + 1
                if missed > 1:
                    del self._missed[region, client_id]
                    self._given_up[region, client_id] = self._monotonic() + _GIVEN_UP_SECONDS
                    left.discard(client_id)
            if left:
                self._rounds[region] = self._every_pool(region)
                pool = next(self._rounds[region], None)
        return pool

    def _every_pool(self, region: str) -> Iterator[PoolRef]:
        after: str | None = None
        while True:
            page = self._pools.page(region, after)
            if isinstance(page, Unreadable):
                return
            yield from page.pools
            after = page.after
            if after is None:
                return

    def _clients_of(self, pool: PoolRef) -> set[str]:
        client = self._clients.cognito(pool.region)
        try:
            pages = client.get_paginator("list_user_pool_clients").paginate(UserPoolId=pool.pool_id)
            return {each["ClientId"] for page in pages for each in page["UserPoolClients"]}
        except client.exceptions.ResourceNotFoundException:
            return set()
        except (ClientError, BotoCoreError) as error:
            unread(error, action=LIST, region=pool.region)
            return set()
