"""The pools of other regions: one call for each, and a region that does not answer is unknown."""

from collections.abc import Iterator

import pytest
from botocore.stub import Stubber

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cognito.pool_counts import CognitoPoolCounts
from mailwarden.domain.readings import Unreadable
from tests.functional.aws.reads import SESSION

POOLS = {"UserPools": [{"Id": "eu-west-1_EXAMPLE", "Name": "shop"}]}
ERRORS = {
    "eu-west-2": "AccessDeniedException",
    "eu-west-3": "UnrecognizedClientException",
    "sa-east-1": "TooManyRequestsException",
    "ap-south-2": "OptInRequired",
}


@pytest.fixture
def clients() -> Iterator[Clients]:
    """Clients of every region: two have a pool, some refuse, and the others have none."""
    clients, stubs = Clients(SESSION), []
    for region in SESSION.get_available_regions("cognito-idp"):
        stub = Stubber(clients.cognito_once(region))
        if region in ERRORS:
            stub.add_client_error("list_user_pools", ERRORS[region], expected_params={"MaxResults": 60})
        else:
            answer = POOLS if region in {"eu-west-1", "us-east-1"} else {"UserPools": []}
            stub.add_response("list_user_pools", answer, {"MaxResults": 60})
        stub.activate()
        stubs.append(stub)
    yield clients
    for stub in stubs:
        stub.deactivate()


def test_each_other_region_is_asked_once_and_a_refusal_is_unknown(clients: Clients) -> None:
    counts = CognitoPoolCounts(clients=clients, partition="aws").outside(("eu-west-1",))

    assert set(counts) == set(SESSION.get_available_regions("cognito-idp")) - {"eu-west-1"}
    assert {region for region, count in counts.items() if isinstance(count, Unreadable)} == {"eu-west-2", "sa-east-1"}
    assert {region: count for region, count in counts.items() if isinstance(count, int) and count} == {"us-east-1": 1}


@pytest.mark.parametrize("partition", ["aws", "aws-us-gov", "aws-eusc"])
def test_only_regions_of_the_partition_are_asked(partition: str) -> None:
    regions = SESSION.get_available_regions("cognito-idp", partition)

    # All of them are watched: no call is made, which would fail without a stub.
    assert CognitoPoolCounts(clients=Clients(SESSION), partition=partition).outside(tuple(regions)) == {}
