"""What a reader sees of a change that is not written: the changed resource, and everything else as it is."""

from dataclasses import replace

from mailwarden.domain.findings.changes import (
    CreateServiceLinkedRole,
    GrantSending,
    ReplaceEmailConfiguration,
    ReplaceRiskConfiguration,
    WrittenChange,
)
from mailwarden.domain.known_good.risk_configuration import notices_in, risk_text
from mailwarden.domain.readings import Missing
from mailwarden.ports.mail_path.pools import PoolPage
from mailwarden.service.inspection.mail_path_reader import MailPathReader
from mailwarden.service.operator.as_if import as_if
from tests.builders import ACCOUNT, HeldPools, custom_from, developer, identity, identity_ref, pool, pool_ref, unread
from tests.fakes.deployment import Deployment
from tests.unit.known_good.risks import TAKEOVER, takeover

OLD, NEW = developer(identity_ref()), custom_from(identity_ref())
SHOP, OTHER = pool(email=OLD), pool("eu-west-1", email=OLD)
HERE, THERE = identity(policies={"a": "{}", "b": "{}"}), identity(region="eu-west-1", policies={"a": "{}"})
MOVE = ReplaceEmailConfiguration(pool=SHOP.ref, before=OLD, after=NEW)
GRANT = GrantSending(
    identity=HERE.ref,
    pools=(SHOP.ref,),
    before={"a": "{}", "b": "{}", "c": None},
    after={"a": None, "b": "[]", "c": "{}"},
)


def seen(change: WrittenChange, *held: Deployment) -> tuple[MailPathReader, Deployment]:
    (mailwarden,) = held or (Deployment(),)
    mailwarden.hold(SHOP, OTHER, HERE, THERE)
    return as_if(change, mailwarden.path_reader()), mailwarden


def test_a_configuration_is_seen_at_its_pool_only() -> None:
    reader, mailwarden = seen(MOVE)

    assert reader.pools.read(SHOP.ref) == replace(SHOP, email=NEW)
    assert reader.pools.read(OTHER.ref) == OTHER
    assert reader.identities is mailwarden.identities
    mailwarden.pools.held[SHOP.ref] = unread("cognito-idp:DescribeUserPool")
    assert reader.pools.read(SHOP.ref) == unread("cognito-idp:DescribeUserPool")


def test_a_risk_configuration_is_seen_with_the_sender_in_it() -> None:
    risk = risk_text({TAKEOVER: takeover("High")})
    reader, _ = seen(ReplaceRiskConfiguration(pool=SHOP.ref, before=risk_text({}), after=risk))

    assert reader.pools.read(SHOP.ref) == replace(SHOP, risk=risk, threat_notices=notices_in(risk))
    assert reader.pools.read(OTHER.ref) == OTHER


def test_the_pages_of_pools_are_read_as_they_are() -> None:
    mailwarden = Deployment()

    class Pages(HeldPools):
        def page(self, region: str, after: str | None) -> PoolPage:
            return PoolPage(pools=(pool_ref(region),), after=f"{after} and on")

    mailwarden.pools = Pages()

    reader, _ = seen(MOVE, mailwarden)

    assert reader.pools.page("eu-west-1", "token") == PoolPage(pools=(OTHER.ref,), after="token and on")


def test_a_grant_is_seen_at_its_identity_only_and_read_as_fresh_as_asked() -> None:
    reader, mailwarden = seen(GRANT)

    assert reader.identities.read(HERE.ref, fresh=True) == replace(HERE, policies={"b": "[]", "c": "{}"})
    assert mailwarden.identities.fresh_reads == 1
    assert reader.identities.read(THERE.ref, fresh=False) == THERE
    assert mailwarden.identities.fresh_reads == 1
    assert reader.pools is mailwarden.pools
    del mailwarden.identities.held[HERE.ref]
    assert reader.identities.read(HERE.ref, fresh=True) == Missing(arn=HERE.ref.arn)


def test_a_role_that_is_to_be_created_is_read_as_it_is() -> None:
    role = CreateServiceLinkedRole(partition="aws", account=ACCOUNT)
    mailwarden = Deployment()
    reader = mailwarden.path_reader()

    assert as_if(role, reader) is reader
