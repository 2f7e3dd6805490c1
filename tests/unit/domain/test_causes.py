"""Whom a call is ascribed to."""

import pytest

from mailwarden.domain.refs.causes import acts_as

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
