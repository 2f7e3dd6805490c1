"""App clients of user pools."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from mailwarden.domain.refs.resources import PoolRef


class AppClients(Protocol):
    """Finds the pools of app clients in Cognito."""

    def find(self, wanted: frozenset[str], region: str) -> Mapping[str, PoolRef]:
        """The pools of these app clients, by client id, as far as a few reads found them; the next call goes on."""
        ...


class AppClientPools(Protocol):
    """Remembers which pool an app client belongs to."""

    def pool_of(self, client_id: str, region: str) -> PoolRef | None:
        """The pool of an app client, if it was found before."""
        ...

    def remember(self, client_id: str, pool: PoolRef, *, now: datetime) -> None:
        """Remember the pool of an app client."""
        ...
