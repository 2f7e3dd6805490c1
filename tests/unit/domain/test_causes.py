"""Whom a call is ascribed to."""

import pytest

from mailwarden.domain.refs.causes import acts_as, stored_actor

SESSION = "arn:aws:sts::111122223333:assumed-role/deploy/run-7"


@pytest.mark.parametrize(
    ("principal", "is_it"),
    [
        (SESSION, True),
        ("arn:aws:iam::111122223333:role/deploy", True),
        ("arn:aws:iam::111122223333:role/ci/github/deploy", True),
        ("arn:aws:iam::111122223333:role/deploy/other", False),
        ("arn:aws:iam::444455556666:role/deploy", False),
        ("arn:aws-cn:iam::111122223333:role/deploy", False),
        ("arn:aws:iam::111122223333:role/deployer", False),
        ("arn:aws:iam::111122223333:user/deploy", False),
        ("", False),
    ],
)
def test_a_session_acts_as_its_role_whatever_the_roles_path(principal: str, is_it: bool) -> None:
    assert acts_as(SESSION, principal) is is_it


def test_a_user_acts_as_itself_only() -> None:
    user = "arn:aws:iam::111122223333:user/ci"

    assert acts_as(user, user)
    assert not acts_as(user, "arn:aws:iam::111122223333:role/ci")


@pytest.mark.parametrize(
    ("actor", "stored"),
    [
        (SESSION, SESSION),
        (
            "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_1/jane.doe@corp.example",
            "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_1/j***@corp.example",
        ),
        (
            "arn:aws:sts::111122223333:assumed-role/deploy@ci/jane@corp.example",
            "arn:aws:sts::111122223333:assumed-role/deploy@ci/j***@corp.example",
        ),
        ("arn:aws:iam::111122223333:role/ci/deploy@ci.example", "arn:aws:iam::111122223333:role/ci/deploy@ci.example"),
        ("arn:aws:iam::111122223333:user/jane@corp.example", "arn:aws:iam::111122223333:user/j***@corp.example"),
        ("AROAEXAMPLE:jane%40corp.example", "AROAEXAMPLE:j***%40corp.example"),
        ("jane@corp.example", "j***@corp.example"),
        ("cloudformation.amazonaws.com", "cloudformation.amazonaws.com"),
    ],
)
def test_an_actor_is_stored_without_addresses_and_with_its_role(actor: str, stored: str) -> None:
    assert stored_actor(actor) == stored
    assert stored_actor(stored) == stored
    assert acts_as(stored, actor)


def test_a_role_is_known_by_the_stored_name_of_its_session() -> None:
    session = stored_actor("arn:aws:sts::111122223333:assumed-role/deploy@ci/jane@corp.example")

    assert acts_as(session, "arn:aws:iam::111122223333:role/ci/deploy@ci")
    assert not acts_as(session, "arn:aws:iam::111122223333:role/ci/deploy")
