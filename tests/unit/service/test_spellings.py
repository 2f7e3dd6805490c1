"""An event leads to the pools of what it names, in whatever case the event and the pool spell it."""

from collections.abc import Iterator
from itertools import product

import pytest

from mailwarden.domain.mail_path.from_addresses import sender_address
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.refs.hints import ConfigurationSetHint, IdentityHint, PoolHint
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef
from tests.builders import (
    configuration_set,
    configuration_set_ref,
    custom_from,
    developer,
    identity,
    identity_ref,
    pool,
)
from tests.fakes.deployment import Deployment, cause

DOMAINS = ("example.com", "Example.com", "EXAMPLE.COM")
ADDRESSES = ("support@example.com", "support@Example.com", "Support@example.com")
SPELLINGS = [*product(DOMAINS, DOMAINS), *product(ADDRESSES, ADDRESSES)]


def looked_at(email: EmailConfiguration, held: str, *, through: ConfigurationSetRef | None = None) -> Deployment:
    """A pool with this configuration that was looked at once, in an account that was swept."""
    mailwarden = Deployment()
    mailwarden.hold(pool(email=email), identity(held))
    if through is not None:
        mailwarden.hold(configuration_set(through.name))
    for region in mailwarden.watched_regions:
        mailwarden.ledger.known_pools.mark_swept(region, at=mailwarden.clock.now())
    mailwarden.inspect(PoolHint(pool=pool().ref))
    return mailwarden


def emails(spelled: str) -> Iterator[EmailConfiguration]:
    yield developer(identity_ref(spelled))
    if "@" in spelled:
        yield custom_from(identity_ref(spelled))


@pytest.mark.parametrize(("of_pool", "of_event"), SPELLINGS)
def test_an_event_about_an_identity_finds_its_pools_in_any_case(of_pool: str, of_event: str) -> None:
    for email in emails(of_pool):
        mailwarden = looked_at(email, of_pool)

        looks = mailwarden.inspect(IdentityHint(identity=identity_ref(of_event), cause=cause("DeleteEmailIdentity")))

        assert [look.pool for look in looks] == [pool().ref]


@pytest.mark.parametrize(("of_pool", "of_event"), SPELLINGS)
def test_a_mail_finds_the_pool_that_sent_it_in_any_case(of_pool: str, of_event: str) -> None:
    mailwarden = looked_at(developer(identity_ref(of_pool), from_address="No-Reply@Example.com"), of_pool)
    found = mailwarden.ledger.resources_in_use

    sender = sender_address(identity_ref(of_event), "no-reply@EXAMPLE.com")

    assert sender is not None
    assert found.pools_sending(sender) == (pool().ref,)
    assert found.is_used(identity_ref(of_event))


def test_a_configuration_set_of_another_case_is_another_set() -> None:
    used, other = configuration_set_ref("mail"), configuration_set_ref("Mail")
    mailwarden = looked_at(developer(identity_ref(), configuration_set="mail"), identity_ref().name, through=used)

    assert mailwarden.inspect(ConfigurationSetHint(configuration_set=used, cause=cause())) != []
    assert mailwarden.inspect(ConfigurationSetHint(configuration_set=other, cause=cause())) == []


def test_an_identity_of_another_name_region_or_account_is_another_identity() -> None:
    mailwarden = looked_at(developer(identity_ref()), identity_ref().name)
    others: list[IdentityRef] = [
        identity_ref("other@example.com"),
        identity_ref("example.com"),
        identity_ref(region="eu-west-3"),
        identity_ref(account="444455556666"),
    ]

    for other in others:
        assert mailwarden.inspect(IdentityHint(identity=other, cause=cause())) == []
