"""The pool of an app client is found by asking pools in turn, at a guest's pace and never without end."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from boto3.session import Session
from moto import mock_aws

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cognito.app_clients import CognitoAppClients
from mailwarden.adapters.aws.cognito.pools import CognitoPools
from mailwarden.domain.readings import Missing, PoolReading, Unreadable
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.ports.mail_path.pools import PoolPage, Pools

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient

REGION, ACCOUNT = "eu-west-1", "123456789012"


@dataclass(slots=True)
class Time:
    """A clock that only sleeping moves."""

    seconds: float = 0.0
    naps: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.seconds += seconds

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def cognito(monkeypatch: pytest.MonkeyPatch) -> Iterator["CognitoIdentityProviderClient"]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield Session(region_name=REGION).client("cognito-idp")


def make_pool(cognito: "CognitoIdentityProviderClient", clients: int = 1) -> tuple[PoolRef, list[str]]:
    pool_id = cognito.create_user_pool(PoolName="shop")["UserPool"]["Id"]
    ids = [
        cognito.create_user_pool_client(UserPoolId=pool_id, ClientName=f"app-{number}")["UserPoolClient"]["ClientId"]
        for number in range(clients)
    ]
    return PoolRef(partition="aws", region=REGION, account=ACCOUNT, pool_id=pool_id), ids


def finder(time: Time, pools: Pools | None = None) -> CognitoAppClients:
    clients = Clients(Session(region_name=REGION))
    return CognitoAppClients(
        clients=clients,
        pools=pools or CognitoPools(clients=clients, partition="aws", account=ACCOUNT),
        sleep=time.sleep,
        monotonic=time.monotonic,
    )


def test_clients_are_found_in_their_pools_also_beyond_the_first_page(cognito: "CognitoIdentityProviderClient") -> None:
    shop, shop_clients = make_pool(cognito, clients=70)
    club, club_clients = make_pool(cognito)

    found = finder(Time()).find(frozenset({shop_clients[-1], *club_clients}), REGION)

    assert found == {shop_clients[-1]: shop, club_clients[0]: club}


def test_asking_keeps_a_pace_of_five_reads_a_second(cognito: "CognitoIdentityProviderClient") -> None:
    time = Time()
    pools = [make_pool(cognito) for _ in range(10)]

    finder(time).find(frozenset({pools[-1][1][0]}), REGION)

    assert len(time.naps) <= 10
    assert set(time.naps) <= {0.2}


def test_a_client_that_no_pool_has_is_looked_for_again_after_ten_minutes(
    cognito: "CognitoIdentityProviderClient",
) -> None:
    time = Time()
    for _ in range(3):
        make_pool(cognito)
    clients = finder(time)

    first = clients.find(frozenset({"nobody"}), REGION)
    asked = len(time.naps)
    second = clients.find(frozenset({"nobody"}), REGION)
    asked_again = len(time.naps)
    time.seconds += 700
    clients.find(frozenset({"nobody"}), REGION)

    assert first == second == {}
    assert asked_again == asked
    assert len(time.naps) > asked_again


@dataclass(slots=True, kw_only=True)
class HeldPages:
    """Pools in pages of sixty; or none, because they may not be listed."""

    refs: list[PoolRef]
    refused: bool = False

    def read(self, pool: PoolRef) -> PoolReading:
        return Missing(arn=pool.arn)

    def page(self, region: str, after: str | None) -> PoolPage | Unreadable:
        if self.refused:
            return Unreadable(action="cognito-idp:ListUserPools", region=region, reason="AccessDenied")
        start = int(after or 0)
        rest = start + 60 < len(self.refs)
        return PoolPage(pools=tuple(self.refs[start : start + 60]), after=str(start + 60) if rest else None)


def test_a_search_goes_on_where_the_last_batch_stopped(cognito: "CognitoIdentityProviderClient") -> None:
    last, (client_id,) = make_pool(cognito)
    gone = [replace(last, pool_id=f"{REGION}_Gone{number:05d}") for number in range(299)]
    clients = finder(Time(), HeldPages(refs=[*gone, last]))

    found = [clients.find(frozenset({client_id}), REGION) for _ in range(3)]

    assert found == [{}, {}, {client_id: last}]


def test_pools_that_may_not_be_listed_are_no_reason_to_fail(cognito: "CognitoIdentityProviderClient") -> None:
    _, (client_id,) = make_pool(cognito)

    assert finder(Time(), HeldPages(refs=[], refused=True)).find(frozenset({client_id}), REGION) == {}
