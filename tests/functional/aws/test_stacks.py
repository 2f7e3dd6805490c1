"""The owner of a pool: only CloudFormation's "does not exist" means that there is none."""

from dataclasses import replace

import pytest
from botocore.exceptions import ReadTimeoutError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cloudformation.stacks import CloudFormationStacks
from mailwarden.domain.refs.resources import ConfigurationSetRef
from mailwarden.domain.repair.source import Source, SourceForm, owned_by, source_in
from mailwarden.message import message
from mailwarden.ports.repair.stacks import NotOwned, Owned
from tests.builders import pool_ref
from tests.functional.aws.wire.cloudformation import CloudFormation, described
from tests.functional.aws.wire.wire import Answer, Wire, xml_refusal

POOL = pool_ref("eu-west-1")
SILENCE = ReadTimeoutError(endpoint_url="https://cloudformation.eu-west-1.amazonaws.com/")


def test_a_pool_of_a_stack_is_owned_by_it() -> None:
    stacks, _ = cloudformation({("eu-west-1", POOL.pool_id): "shop"})

    owner = stacks.owner_of(POOL)

    assert owner == Owned(by=message("owner.stack", name="shop", logical_id="UserPool", form="cloudformation"))


@pytest.mark.parametrize(
    ("name", "logical_id", "others", "source"),
    [
        ("shop", "ShopPool", ("AWS::IAM::Role",), Source(form=SourceForm.CLOUDFORMATION, logical_id="ShopPool")),
        ("shop", "ShopPool", ("AWS::CDK::Metadata",), Source(form=SourceForm.CDK, logical_id="ShopPool")),
        ("shop", "ShopPool6BA7E5F2", (), Source(form=SourceForm.CDK, logical_id="ShopPool6BA7E5F2")),
        (
            "amplify-d1a2b3c4-main-branch-5e6f-auth179371D7-1AB",
            "amplifyAuthUserPool4BA7F805",
            (),
            Source(form=SourceForm.AMPLIFY, logical_id="amplifyAuthUserPool4BA7F805"),
        ),
    ],
)
def test_the_stack_tells_in_which_language_the_pool_is_written(
    name: str, logical_id: str, others: tuple[str, ...], source: Source
) -> None:
    answers = CloudFormation(stacks={("eu-west-1", POOL.pool_id): name}, others={name: others}, logical_id=logical_id)
    wire = Wire(services={"cloudformation": answers})

    owner = CloudFormationStacks(clients=Clients(wire.session())).owner_of(POOL)

    assert isinstance(owner, Owned)
    assert source_in(owned_by(owner.by)) == source


def test_a_pool_of_no_stack_is_not_owned() -> None:
    stacks, _ = cloudformation({})

    owner = stacks.owner_of(POOL)

    assert owner == NotOwned()


def test_the_question_is_asked_in_the_region_of_the_pool() -> None:
    stacks, wire = cloudformation({("us-east-1", POOL.pool_id): "elsewhere"})

    owner = stacks.owner_of(POOL)

    assert owner == NotOwned()
    assert wire.requests[0].region == "eu-west-1"


def test_a_response_without_a_stack_counts_as_owned() -> None:
    stacks, wire = cloudformation({})
    wire.disturb("DescribeStackResources", 1, instead=described(""))

    assert stacks.owner_of(POOL) == Owned(by=message("owner.no-stack-in-response"))


@pytest.mark.parametrize(
    ("answer", "said", "code"),
    [
        (xml_refusal("AccessDenied", status=403), "owner.unknown", "AccessDenied"),
        (xml_refusal("AccessDenied", "The assumed role does not exist", status=403), "owner.unknown", "AccessDenied"),
        (xml_refusal("ValidationError", "1 validation error detected"), "owner.unknown", "ValidationError"),
        (xml_refusal("Throttling", "Rate exceeded"), "owner.not-now", "Throttling"),
        (xml_refusal("InternalFailure", status=500), "owner.not-now", "InternalFailure"),
        (SILENCE, "owner.not-now", "ReadTimeout"),
    ],
)
def test_anything_else_counts_as_owned_with_a_reason(answer: Answer | Exception, said: str, code: str) -> None:
    stacks, wire = cloudformation({})
    wire.disturb("DescribeStackResources", 1, 2, 3, 4, instead=answer)

    owner = stacks.owner_of(POOL)

    assert owner == Owned(by=message(said, code=code))


def test_the_stack_of_a_configuration_set_is_found_by_its_name() -> None:
    ref = ConfigurationSetRef(partition="aws", region="us-west-2", account=POOL.account, name="mail")
    stacks, _ = cloudformation({("us-west-2", "mail"): "mail-prod"})

    assert isinstance(stacks.owner_of_set(ref), Owned)
    assert stacks.owner_of_set(replace(ref, region="us-east-1")) == NotOwned()


def test_a_region_that_is_none_counts_as_owned() -> None:
    stacks, _ = cloudformation({})

    owner = stacks.owner_of(pool_ref("", pool_id="us-east-1_EXAMPLE"))

    assert isinstance(owner, Owned)


def cloudformation(stacks: dict[tuple[str, str], str]) -> tuple[CloudFormationStacks, Wire]:
    wire = Wire(services={"cloudformation": CloudFormation(stacks=stacks)})
    return CloudFormationStacks(clients=Clients(wire.session())), wire
