"""A joint grant that has no room for all: whom it serves is what it names, and the others keep their turn."""

from dataclasses import replace

from mailwarden.domain.findings.changes import GrantSending
from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.readings import Identity
from mailwarden.policy import GLOBAL_PRINCIPAL, Grant, GrantPlan, grant_pools, regional_principal
from tests.builders import custom_from, developer, identity, pool, pool_ref, sending_policy
from tests.fakes.deployment import Deployment, hint
from tests.unit.decisions.repairs import seoul

HERE, ELSEWHERE = "eu-central-1", "me-central-1"
FRANKFURT = identity(region=HERE, tags={"mailwarden:cognito": "account"})
OF_FRANKFURT = {"identity_arn": FRANKFURT.ref.arn, "account": FRANKFURT.ref.account}
PRINCIPALS = {HERE: GLOBAL_PRINCIPAL, ELSEWHERE: regional_principal(ELSEWHERE)}


def grant(region: str, name: str) -> Grant:
    return Grant(principal=PRINCIPALS[region], pool_arn=pool_ref(region, pool_id=f"{region}_{name}").arn)


def policies_of(grants: list[Grant]) -> dict[str, str]:
    planned = grant_pools({}, grants=grants, **OF_FRANKFURT)
    assert isinstance(planned, GrantPlan)
    return {write.name: write.after for write in planned.writes if write.after is not None}


def with_room_for_either_principal() -> Identity:
    """An identity whose policies have room for pools of its own region or one of another principal, not for both."""
    theirs = {f"theirs-{number}": sending_policy(FRANKFURT.ref, seoul("Z").ref) for number in range(17)}
    here, elsewhere, second = grant(HERE, "A"), grant(ELSEWHERE, "A"), grant(HERE, "B")
    held = [grant(HERE, f"{number:02}") for number in range(100)]
    for number in range(1, len(held)):
        policies = policies_of(held[:number]) | theirs
        fits = [
            isinstance(grant_pools(policies, grants=grants, **OF_FRANKFURT), GrantPlan)
            for grants in ([here, elsewhere], [here], [elsewhere], [here, second])
        ]
        if fits == [False, True, True, True]:
            return replace(FRANKFURT, policies=policies)
    raise AssertionError("there is always room for both or for none")


def test_pools_that_the_joint_grant_has_no_room_for_are_not_called_repaired() -> None:
    here = pool(HERE, pool_id=f"{HERE}_A", email=custom_from(FRANKFURT.ref))
    elsewhere = pool(ELSEWHERE, pool_id=f"{ELSEWHERE}_A", email=developer(FRANKFURT.ref))
    mailwarden = Deployment(watched_regions=(HERE, ELSEWHERE))
    mailwarden.hold(here, elsewhere, FRANKFURT)
    mailwarden.inspect(hint(here), hint(elsewhere))
    mailwarden.hold(with_room_for_either_principal())

    mailwarden.repair()

    (intention,) = mailwarden.journal.intentions.values()
    assert isinstance(intention.change, GrantSending)
    assert intention.change.pools == intention.pools == (here.ref,)
    assert [key.subject_arn for key in intention.findings] == [here.ref.arn]
    assert mailwarden.finding("MW401", here.ref.arn).lifecycle.state is FindingState.REPAIRED
    other = mailwarden.finding("MW401", elsewhere.ref.arn)
    assert (other.lifecycle.state, other.write.handling) == (FindingState.OPEN, Handling.WITHHELD)
