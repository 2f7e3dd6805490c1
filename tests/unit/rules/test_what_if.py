"""The path as it would be: what was looked at is taken over, and nothing else is taken for granted."""

from dataclasses import replace

from mailwarden.domain.findings.changes import CreateServiceLinkedRole, GrantSending, ReplaceEmailConfiguration
from mailwarden.domain.mail_path.path import MailPath, NoIdentity, UsesIdentity
from mailwarden.domain.readings import EmailConfiguration, ServiceLinkedRole, Unreadable
from mailwarden.domain.repair.what_if import apply_change
from tests.builders import (
    ACCOUNT,
    OTHER_ACCOUNT,
    custom_from,
    developer,
    identity,
    identity_ref,
    mail_path,
    pool,
    pool_ref,
    unread,
)

HERE = identity_ref()
PARIS = mail_path(pool("eu-west-3", email=developer(HERE)), identity(), identity(region="eu-west-3"))


def _moved(path: MailPath, after: EmailConfiguration) -> MailPath:
    return apply_change(ReplaceEmailConfiguration(pool=path.pool.ref, before=path.pool.email, after=after), path)


def test_a_grant_puts_policies_in_place_and_takes_others_away() -> None:
    path = mail_path(pool(email=developer(HERE)), identity(policies={"kept": "{}", "replaced": "1", "gone": "2"}))
    change = GrantSending(
        identity=HERE,
        pools=(path.pool.ref,),
        before={"replaced": "1", "gone": "2", "new": None},
        after={"replaced": "3", "gone": None, "new": "4"},
    )

    mended = apply_change(change, path).ses_states[0].live_identity

    assert mended is not None
    assert mended.policies == {"kept": "{}", "replaced": "3", "new": "4"}


def test_a_change_about_something_else_leaves_the_path_as_it_is() -> None:
    elsewhere = identity_ref(region="eu-west-1")
    grant = GrantSending(identity=elsewhere, pools=(PARIS.pool.ref,), before={"a": None}, after={"a": "{}"})
    email = ReplaceEmailConfiguration(
        pool=pool_ref("us-east-1"), before=EmailConfiguration(), after=developer(elsewhere)
    )
    role = CreateServiceLinkedRole(partition="aws", account=OTHER_ACCOUNT)

    assert apply_change(grant, PARIS) == PARIS
    assert apply_change(email, PARIS) == PARIS
    assert apply_change(role, PARIS) == PARIS


def test_a_move_takes_the_candidate_that_was_looked_at() -> None:
    moved = _moved(PARIS, developer(identity_ref(region="eu-west-3")))

    assert isinstance(moved.sender, UsesIdentity)
    assert moved.ses_states == (PARIS.candidates["eu-west-3"],)
    assert moved.service_linked_role is ServiceLinkedRole.PRESENT
    assert moved.candidates == {}


def test_a_move_to_what_nobody_looked_at_is_unread() -> None:
    moved = _moved(PARIS, developer(identity_ref("other@example.com", region="eu-west-3")))

    (ses_state,) = moved.ses_states
    assert isinstance(ses_state.identity, Unreadable)
    assert str(ses_state.identity) == "NotRead: ses:GetEmailIdentity in eu-west-3"
    assert ses_state.account == PARIS.candidates["eu-west-3"].account


def test_a_move_to_another_region_does_not_know_its_account() -> None:
    moved = _moved(PARIS, developer(identity_ref(region="sa-east-1")))

    assert isinstance(moved.ses_states[0].account, Unreadable)


def test_two_regions_at_once_are_two_sides() -> None:
    path = mail_path(pool("me-central-1", email=EmailConfiguration()))

    moved = _moved(path, custom_from(identity_ref(region="*")))

    assert [ses_state.identity_ref.region for ses_state in moved.ses_states] == ["eu-central-1", "eu-west-2"]
    assert all(isinstance(ses_state.identity, Unreadable) for ses_state in moved.ses_states)


def test_a_pool_put_on_developer_depends_on_a_role_that_nobody_looked_for() -> None:
    path = mail_path(pool(email=custom_from(HERE)), identity())

    moved = _moved(path, developer(HERE))

    assert path.service_linked_role is None
    assert isinstance(moved.service_linked_role, Unreadable)


def test_a_pool_taken_off_developer_depends_on_no_role() -> None:
    moved = _moved(PARIS, EmailConfiguration())

    assert isinstance(moved.sender, NoIdentity)
    assert moved.service_linked_role is None
    assert moved.ses_states == ()


def test_creating_the_role_settles_it_where_something_depends_on_it() -> None:
    change = CreateServiceLinkedRole(partition="aws", account=ACCOUNT)
    absent = replace(PARIS, service_linked_role=ServiceLinkedRole.ABSENT)
    not_asked = replace(PARIS, service_linked_role=None)
    refused = replace(PARIS, service_linked_role=unread("iam:GetRole"))

    assert apply_change(change, absent).service_linked_role is ServiceLinkedRole.PRESENT
    assert apply_change(change, refused).service_linked_role is ServiceLinkedRole.PRESENT
    assert apply_change(change, not_asked).service_linked_role is None
