"""The deployment that is looked at: its home stack, clients of any region, and the state that its functions know."""

import argparse
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any, override

from boto3.session import Session
from botocore.exceptions import BotoCoreError, ClientError, NoRegionError

from mailwarden.adapters.aws.clients import READING, Clients
from mailwarden.adapters.aws.errors import code_of, unread
from mailwarden.domain.monitoring.monitoring import regions_to_hear
from mailwarden.domain.readings import Unreadable
from tools.stack.home_stack import NO_REGION, HomeStack, StackNotFound, find_home_stack


class _Endpoint(Session):
    """A session whose clients call one endpoint."""

    def __init__(self, url: str | None) -> None:
        super().__init__()
        self._url = url

    @override
    def client(self, *args: Any, **options: Any) -> Any:
        return super().client(*args, **{"endpoint_url": self._url, **options})


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One deployment; ``now`` is the time of the report, in UTC."""

    home: HomeStack
    session: Session
    now: datetime
    clients: dict[tuple[str, str], Any] = field(default_factory=dict)
    lock: Any = field(default_factory=Lock)

    def client(self, service: str, region: str = "") -> Any:  # noqa: ANN401 - boto3 clients have no static type
        """A client for reads, of the home region by default."""
        key = (service, region or self.home.region)
        with self.lock:
            if key not in self.clients:
                self.clients[key] = self.session.client(service, region_name=key[1], config=READING)  # type: ignore[call-overload] # one of a few names
            return self.clients[key]

    @property
    def reading(self) -> Clients:
        """The clients of the adapters of Mailwarden."""
        return Clients(self.session)

    @property
    def partition(self) -> str:
        """The partition of the deployment."""
        return self.home.outputs["EventBusArn"].split(":")[1]

    @property
    def account(self) -> str:
        """The number of the account."""
        return self.home.outputs["EventBusArn"].split(":")[4]

    @property
    def watched(self) -> tuple[str, ...]:
        """The regions whose pools are inspected."""
        return tuple(region.strip() for region in self.home.outputs["WatchedRegions"].split(",") if region.strip())

    @property
    def listening(self) -> tuple[str, ...]:
        """The regions whose events are needed."""
        return regions_to_hear(self.watched, partition=self.partition)


def find_site(chosen: argparse.Namespace) -> Site:
    """The deployment that the arguments name; raises StackNotFound, BotoCoreError or ClientError."""
    session = _Endpoint(chosen.endpoint_url)
    try:
        cloudformation = session.client("cloudformation", region_name=chosen.region, config=READING)
    except NoRegionError as error:
        raise StackNotFound(NO_REGION) from error
    return Site(home=find_home_stack(cloudformation, chosen.stack), session=session, now=datetime.now(UTC))


def looked[T](
    look: Callable[[], T], *, action: str, region: str, missing: Collection[str] = ()
) -> T | Unreadable | None:
    """The response of a call; None for a code that means *missing*, the refusal for any other error.

    Raises ClientError if the operator's credentials have expired.
    """
    try:
        return look()
    except (ClientError, BotoCoreError) as error:
        if code_of(error) in missing:
            return None
        return unread(error, action=action, region=region)
