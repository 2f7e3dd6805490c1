"""The configuration set that a mail passes through: the one of the pool, the default one of the identity, or none."""

from dataclasses import replace

import pytest

from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import (
    EmailConfiguration,
    Missing,
    Unreadable,
)
from mailwarden.domain.repair.what_if import apply_change
from mailwarden.service.findings.used_resources import used_by
from tests.builders import (
    configuration_set,
    configuration_set_ref,
    custom_from,
    developer,
    identity,
    identity_ref,
    mail_path,
    pool,
    pool_ref,
    unread,
)

SENDER = identity_ref("example.com")


def test_the_set_that_the_pool_names_comes_before_the_default_one_of_the_identity() -> None:
    its_own, default = configuration_set("its-own"), configuration_set("default")
    sender = identity("example.com", configuration_set="default")

    path = mail_path(
        pool(email=developer(SENDER, configuration_set="its-own")), sender, configuration_sets=(its_own, default)
    )

    assert path.ses_states[0].configuration_set == its_own
    assert its_own.ref.arn in used_by(path)
    assert default.ref.arn not in used_by(path)


def test_without_one_of_its_own_the_mail_passes_the_default_set_of_the_identity() -> None:
    default = configuration_set("default")
    sender = identity("example.com", configuration_set="default")

    path = mail_path(pool(email=developer(SENDER)), sender, configuration_sets=(default,))

    assert path.ses_states[0].configuration_set == default
    assert default.ref.arn in used_by(path)


def test_a_set_is_looked_for_in_the_region_of_the_identity_and_missed_there() -> None:
    sender = identity_ref("example.com", region="eu-west-1")
    here = configuration_set("mail", region="us-east-1")

    path = mail_path(
        pool(email=developer(sender, configuration_set="mail")),
        identity("example.com", region="eu-west-1"),
        configuration_sets=(here,),
    )

    there = configuration_set_ref("mail", region="eu-west-1")
    assert path.ses_states[0].configuration_set == Missing(arn=there.arn)
    assert there.arn in used_by(path)


@pytest.mark.parametrize(
    "email",
    [
        developer(SENDER),
        custom_from(SENDER),
        replace(custom_from(SENDER), configuration_set="mail"),
    ],
    ids=["none anywhere", "default sender", "default sender that names one"],
)
def test_there_is_no_set_where_none_is_named_and_where_the_mail_is_cognitos_own(email: EmailConfiguration) -> None:
    default = None if email == developer(SENDER) else "mail"
    path = mail_path(
        pool(email=email),
        identity("example.com", configuration_set=default),
        configuration_sets=(configuration_set("mail"),),
    )

    assert path.ses_states[0].configuration_set is None
    assert configuration_set_ref("mail").arn not in used_by(path)


def test_the_default_set_of_an_identity_that_could_not_be_read_is_unread_and_not_none() -> None:
    refused = unread("ses:GetEmailIdentity")

    path = mail_path(pool(email=developer(SENDER)), unreadable={SENDER: refused})

    assert path.ses_states[0].configuration_set == refused


def test_a_set_that_the_pool_names_is_read_although_the_identity_could_not_be() -> None:
    mail = configuration_set("mail")

    path = mail_path(
        pool(email=developer(SENDER, configuration_set="mail")),
        configuration_sets=(mail,),
        unreadable={SENDER: unread("ses:GetEmailIdentity")},
    )

    assert path.ses_states[0].configuration_set == mail


def test_a_move_to_another_identity_is_judged_with_the_set_that_was_looked_at_there() -> None:
    address, domain = identity_ref("shop@example.com"), identity("example.com", configuration_set="default")
    default = configuration_set("default")
    path = mail_path(pool(email=developer(address)), domain, configuration_sets=(default,))
    after = replace(path.pool.email, source_arn=domain.ref.arn)

    moved = apply_change(change(path, after), path)

    assert moved.ses_states[0].identity == domain
    assert moved.ses_states[0].configuration_set == default


def test_a_set_that_no_look_has_seen_is_unread_on_the_path_with_a_change() -> None:
    path = mail_path(pool(email=developer(SENDER)), identity("example.com"))

    named = apply_change(change(path, replace(path.pool.email, configuration_set="new")), path)
    elsewhere = developer(identity_ref("example.com", region="eu-west-1"), configuration_set="new")
    moved = apply_change(change(path, elsewhere), path)
    defaulted = apply_change(change(path, custom_from(SENDER)), path)

    assert isinstance(named.ses_states[0].configuration_set, Unreadable)
    assert isinstance(moved.ses_states[0].configuration_set, Unreadable)
    assert defaulted.ses_states[0].configuration_set is None


def change(path: MailPath, after: EmailConfiguration) -> ReplaceEmailConfiguration:
    return ReplaceEmailConfiguration(pool=pool_ref(), before=path.pool.email, after=after)
