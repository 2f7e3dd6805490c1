"""The domain of the links in a pool's mail: known with the pool; only a custom one costs a read."""

import pytest
from botocore.exceptions import ReadTimeoutError

from mailwarden.adapters.aws.cognito.pools import CognitoPools
from mailwarden.domain.readings import LinkDomain, Pool
from tests.builders import ACCOUNT, LAMBDA
from tests.functional.aws.harness import Bench, pool_ref, shop
from tests.functional.aws.wire.wire import Answer, refusal

REF = pool_ref(shop())
BY_LINK: dict[str, object] = {"VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"}}
CUSTOM: dict[str, object] = {**BY_LINK, "CustomDomain": "auth.example.com"}
SILENCE = ReadTimeoutError(endpoint_url="https://cognito-idp.us-east-1.amazonaws.com/")


def read(bench: Bench) -> Pool:
    reading = CognitoPools(clients=bench.clients, partition="aws", account=ACCOUNT).read(REF)
    assert isinstance(reading, Pool)
    return reading


@pytest.mark.parametrize(
    "members",
    [
        {"Domain": "shop"},
        {**CUSTOM, "AutoVerifiedAttributes": ["phone_number"]},
        {**CUSTOM, "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}},
        {**CUSTOM, "LambdaConfig": {"CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": LAMBDA}}},
    ],
    ids=["a code", "email not verified", "nobody signs up", "custom sender"],
)
def test_a_pool_without_links_in_its_mail_needs_no_domain(bench: Bench, members: dict[str, object]) -> None:
    bench.cognito.put(shop(**members))

    reading = read(bench)

    assert reading.link_domain is None
    assert bench.wire.operations() == ("DescribeUserPool",)


@pytest.mark.parametrize(
    ("members", "domain"),
    [
        ({}, LinkDomain(name=None)),
        ({"Domain": ""}, LinkDomain(name=None)),
        ({"Domain": "shop"}, LinkDomain(name="shop")),
    ],
)
def test_a_prefix_domain_is_known_with_the_pool(bench: Bench, members: dict[str, object], domain: LinkDomain) -> None:
    bench.cognito.put(shop(**BY_LINK, **members))

    reading = read(bench)

    assert reading.link_domain == domain
    assert bench.wire.operations() == ("DescribeUserPool",)


@pytest.mark.parametrize(
    ("description", "status"), [({"Domain": "auth.example.com", "Status": "ACTIVE"}, "ACTIVE"), ({}, "")]
)
def test_the_status_of_a_custom_domain_is_asked_for(bench: Bench, description: dict[str, object], status: str) -> None:
    bench.cognito.put(shop(**CUSTOM, Domain="shop"))
    bench.cognito.domains["auth.example.com"] = description

    reading = read(bench)

    assert reading.link_domain == LinkDomain(name="auth.example.com", custom_status=status)
    assert bench.wire.operations() == ("DescribeUserPool", "DescribeUserPoolDomain")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (refusal("AccessDeniedException"), "AccessDenied"),
        (refusal("TooManyRequestsException"), "TooManyRequestsException"),
        (SILENCE, "ReadTimeout"),
    ],
    ids=lambda value: value.code if isinstance(value, Answer) else None,
)
def test_a_domain_that_could_not_be_read_leaves_the_pool_read(
    bench: Bench, answer: Answer | Exception, reason: str
) -> None:
    bench.cognito.put(shop(**CUSTOM))
    bench.wire.disturb("DescribeUserPoolDomain", 1, 2, 3, 4, instead=answer)

    reading = read(bench)

    assert reading.name == "shop"
    assert isinstance(reading.link_domain, LinkDomain)
    assert str(reading.link_domain.custom_status) == f"{reason}: cognito-idp:DescribeUserPoolDomain in us-east-1"
