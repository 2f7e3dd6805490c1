"""The clients: created once, in the region that was asked for, retrying reads and never a write to a pool."""

import platform
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import boto3
import botocore
import pytest
from botocore.exceptions import ClientError, InvalidRegionError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.domain.refs.causes import OUR_USER_AGENT
from tests.functional.aws.harness import Bench
from tests.functional.aws.wire.wire import refusal

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient


def test_a_client_is_created_once_for_each_region_also_when_many_ask_at_once(bench: Bench) -> None:
    regions = ["us-east-1", "eu-west-1"] * 20

    with ThreadPoolExecutor(max_workers=8) as threads:
        clients = list(threads.map(bench.clients.cognito, regions))

    assert len({id(client) for client in clients}) == 2
    assert {client.meta.region_name for client in clients} == {"us-east-1", "eu-west-1"}


def test_reads_and_writes_of_pools_go_through_different_clients(bench: Bench) -> None:
    reading, writing = bench.clients.cognito("us-east-1"), bench.clients.cognito_writing("us-east-1")

    assert reading is not writing


def test_a_read_is_repeated_on_the_throttle_that_the_default_mode_does_not_know(bench: Bench) -> None:
    bench.wire.disturb("ListUserPools", 1, 2, 3, instead=refusal("TooManyRequestsException"))

    bench.clients.cognito("us-east-1").list_user_pools(MaxResults=60)

    assert bench.wire.count("ListUserPools") == 4


def test_a_write_to_a_pool_is_never_repeated_by_the_sdk(bench: Bench) -> None:
    bench.wire.disturb("UpdateUserPool", instead=refusal("InternalErrorException", status=500))

    with pytest.raises(ClientError):
        bench.clients.cognito_writing("us-east-1").update_user_pool(UserPoolId="us-east-1_Shop")

    assert bench.wire.count("UpdateUserPool") == 1


@pytest.mark.parametrize("client", [Clients.cognito, Clients.cognito_writing])
def test_every_request_says_who_we_are_and_with_what_first_our_name(
    bench: Bench, client: Callable[[Clients, str], "CognitoIdentityProviderClient"]
) -> None:
    client(bench.clients, "us-east-1").list_user_pools(MaxResults=60)

    said = str(bench.wire.requests[0].headers["User-Agent"]).split()
    assert said[0].startswith(OUR_USER_AGENT)
    # Powertools, once it is loaded, adds itself at the end.
    assert said[1:4] == [
        f"Boto3/{boto3.__version__}",
        f"lang/python#{platform.python_version()}",
        f"Botocore/{botocore.__version__}",
    ]


@pytest.mark.parametrize("region", ["", "*", "us-east-1/x", "us-east-1.example", "US-EAST-1"])
def test_a_text_that_is_no_region_gets_no_client(region: str) -> None:
    with pytest.raises(InvalidRegionError):
        Clients().cognito(region)


def test_every_client_gives_up_on_a_server_that_never_answers(bench: Bench) -> None:
    asked = (
        bench.clients.cognito("us-east-1"),
        bench.clients.cognito_writing("us-east-1"),
        bench.clients.sesv2("us-east-1"),
        bench.clients.iam("us-east-1"),
        bench.clients.cloudformation("us-east-1"),
    )

    # The stubs do not know the members of a configuration.
    limits = [
        (vars(client.meta.config)["connect_timeout"], vars(client.meta.config)["read_timeout"]) for client in asked
    ]

    assert all(connect <= 3 and read <= 20 for connect, read in limits)
