"""The model determines the members that are sent back: none is typed by hand, and no nested member is lost."""

import pytest
from botocore.model import DenormalizedStructureBuilder, StructureShape

from mailwarden.adapters.aws.cognito.writer.request import CannotBeSentBack, update_request
from tests.texts import says

POOL = {"Id": "us-east-1_Shop", "Name": "shop", "Status": "Enabled", "Lock": {"Mode": "ON", "Since": "noon"}}
EMAIL = {"EmailSendingAccount": "COGNITO_DEFAULT"}


def test_a_member_that_the_model_of_tomorrow_accepts_is_sent_back() -> None:
    accepts = model(Lock={"Mode": "string", "Since": "string"})

    request = update_request(POOL, accepts, email=EMAIL)

    assert request == {
        "UserPoolId": "us-east-1_Shop",
        "PoolName": "shop",
        "Lock": {"Mode": "ON", "Since": "noon"},
        "EmailConfiguration": EMAIL,
    }


def test_a_nested_member_that_is_described_but_not_accepted_would_be_lost_and_stops_the_write() -> None:
    accepts = model(Lock={"Mode": "string"})

    with pytest.raises(CannotBeSentBack, check=says(r"Lock\.Since")):
        update_request(POOL, accepts, email=EMAIL)


def test_a_model_that_has_no_pool_name_gets_none() -> None:
    accepts = model(with_name=False, Lock={"Mode": "string", "Since": "string"})

    request = update_request(POOL, accepts, email=EMAIL)

    assert "PoolName" not in request


def model(*, with_name: bool = True, **structures: dict[str, str]) -> StructureShape:
    """An input shape of UpdateUserPool with the given structures of scalars."""
    names = ("UserPoolId", *(("PoolName",) if with_name else ()))
    members: dict[str, object] = {name: {"type": "string"} for name in names}
    for name, scalars in structures.items():
        inner = {member: {"type": kind} for member, kind in scalars.items()}
        members[name] = {"type": "structure", "members": inner}
    shape = DenormalizedStructureBuilder().with_members(members).build_model()
    assert isinstance(shape, StructureShape)
    return shape
