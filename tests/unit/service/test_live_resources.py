"""Which live resource is compared with a change, read past every cache, and what the comparison says."""

from dataclasses import replace

import pytest

from mailwarden.domain.findings.changes import (
    CreateServiceLinkedRole,
    GrantSending,
    RemoveSuppression,
    ReplaceEmailConfiguration,
    ReplaceRiskConfiguration,
    WrittenChange,
)
from mailwarden.domain.readings import OwnReason, ServiceLinkedRole, Unreadable
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.repair.recovery import LiveState
from mailwarden.service.repair.live_resources import LiveResources
from tests.builders import (
    ACCOUNT,
    NOON,
    HeldIdentities,
    HeldPools,
    HeldRole,
    custom_from,
    developer,
    identity,
    identity_ref,
    pool,
    unread,
)

OLD, NEW = developer(identity_ref()), custom_from(identity_ref())
MOVE = ReplaceEmailConfiguration(pool=pool().ref, before=OLD, after=NEW)
GRANT = GrantSending(identity=identity_ref(), pools=(pool().ref,), before={"ours": None}, after={"ours": "{}"})
ROLE = CreateServiceLinkedRole(partition="aws", account=ACCOUNT)
RISKS = ReplaceRiskConfiguration(pool=pool().ref, before="{}", after='{"Actions":{}}')
SUPPRESSION = RemoveSuppression(
    account=SesAccountRef(partition="aws", region="eu-west-1", account=ACCOUNT),
    address_digest="0" * 64,
    reason="BOUNCE",
    since=NOON,
)
DENIED = unread("ses:GetEmailIdentity")


def resources(*, written: bool) -> LiveResources:
    """Everything as before the changes, or as after them."""
    live_pool = replace(pool(email=NEW if written else OLD), risk=RISKS.after if written else RISKS.before)
    live_identity = identity(policies={"ours": "{}"} if written else {})
    return LiveResources(
        pools=HeldPools(held={live_pool.ref: live_pool}),
        identities=HeldIdentities(held={live_identity.ref: live_identity}),
        role=HeldRole(held=ServiceLinkedRole.PRESENT if written else ServiceLinkedRole.ABSENT),
    )


@pytest.mark.parametrize("change", [MOVE, GRANT, ROLE, RISKS])
def test_each_change_is_compared_with_its_resource(change: WrittenChange) -> None:
    before, after = resources(written=False), resources(written=True)

    assert [each.state_of(change) for each in (before, after)] == [LiveState.BEFORE, LiveState.AFTER]
    for each in (before, after):
        assert isinstance(each.pools, HeldPools)
        assert isinstance(each.identities, HeldIdentities)
        assert isinstance(each.role, HeldRole)
        reads = (len(each.pools.asked), each.identities.fresh_reads, each.role.fresh_reads)
        assert reads == (int(change in (MOVE, RISKS)), int(change is GRANT), int(change is ROLE))


def test_what_cannot_be_read_is_unknown() -> None:
    denied = replace(resources(written=True), identities=HeldIdentities(held={identity_ref(): DENIED}))

    assert denied.state_of(GRANT) == DENIED
    not_read = Unreadable(action="ses:GetSuppressedDestination", region="eu-west-1", reason=OwnReason.NOT_READ)
    assert denied.state_of(SUPPRESSION) == not_read
