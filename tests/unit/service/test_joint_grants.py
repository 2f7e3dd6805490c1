"""A joint grant that has no room for all: whom it serves is what it names, and the others keep their turn."""

from dataclasses import replace

import pytest

from mailwarden.domain.findings.changes import GrantSending
from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.readings import Identity
from mailwarden.policy import GLOBAL_PRINCIPAL, Grant, GrantPlan, grant_pools, regional_principal
from mailwarden.regions import built_in_table
from mailwarden.service.repair.joint_grant import joint_fix, room_in_one_policy
from mailwarden.service.repair.pool_review import DueRepair, PoolReview
from tests.builders import NOON, custom_from, developer, identity, identity_ref, pool, pool_ref, sending_policy
from tests.fakes.deployment import Deployment, hint
from tests.unit.decisions.repairs import OPENED, OREGON, deployed, seoul

HERE, ELSEWHERE = "eu-central-1", "me-central-1"
FRANKFURT = identity(region=HERE, tags={"mailwarden:cognito": "account"})
OF_FRANKFURT = {"identity_arn": FRANKFURT.ref.arn, "account": FRANKFURT.ref.account}
B, C = seoul("B").ref, seoul("C").ref
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


def grants_to(number: int) -> dict[str, str]:
    """Our policies on Oregon if so many pools of Seoul hold a grant."""
    pools = [replace(B, pool_id=f"ap-northeast-2_{each:03}") for each in range(number)]
    grants = [Grant(principal=GLOBAL_PRINCIPAL, pool_arn=each.arn) for each in pools]
    planned = grant_pools({}, identity_arn=OREGON.arn, account=OREGON.account, grants=grants)
    assert isinstance(planned, GrantPlan)
    return {name: text for name, text in planned.after.items() if text is not None}


MOST_IN_ONE = next(number for number in range(1, 100) if len(grants_to(number + 1)) > 1)


def due(name: str, policies: dict[str, str]) -> DueRepair:
    """The grant that a pool of Seoul lacks beside these policies."""
    mailwarden = deployed(seoul(name), replace(OPENED, policies=policies))
    review = mailwarden.reviewer().review(seoul(name).ref, at=NOON, fresh=True)
    assert isinstance(review, PoolReview)
    found = review.due_by("MW401")
    assert found is not None
    return found


def test_a_joint_grant_starts_from_what_was_read_of_its_identity_for_the_first_pool() -> None:
    live = grants_to(MOST_IN_ONE - 1)
    first, other = due("A", live), due("B", {})
    (state,) = first.path.ses_states
    elsewhere = replace(state, identity_ref=identity_ref(), identity=identity())
    path = replace(first.path, ses_states=(elsewhere, state))

    change = joint_fix(first.repair.fix, (path, other.path)).change

    assert isinstance(change, GrantSending)
    assert change.pools == (seoul("A").ref, B)
    # One has room in the policy that is there, and one needs another.
    assert change.before == dict.fromkeys(change.after) | live
    assert len(change.after) == 2


@pytest.mark.parametrize(
    ("held", "theirs", "room"),
    [(0, 0, 2), (MOST_IN_ONE - 3, 0, 2), (MOST_IN_ONE - 2, 0, 1), (MOST_IN_ONE - 1, 0, 0), (MOST_IN_ONE - 1, 17, 0)],
)
def test_as_many_pools_join_as_the_policy_that_is_written_has_room_for(held: int, theirs: int, room: int) -> None:
    others = {f"theirs-{number}": sending_policy(OREGON, seoul("Z").ref) for number in range(theirs)}
    first = due("A", grants_to(held) | others)

    assert room_in_one_policy(first.repair.fix, first.path, (B, C)) == room


@pytest.mark.parametrize("unknown", ["identity", "region"])
def test_no_pool_joins_a_grant_on_what_was_not_read(unknown: str) -> None:
    first, other = due("A", {}), due("B", {})
    path = (
        replace(first.path, ses_states=())
        if unknown == "identity"
        else replace(first.path, row=built_in_table().row("nowhere"))
    )

    assert room_in_one_policy(first.repair.fix, path, (B, C)) == 0
    if unknown == "identity":
        assert joint_fix(first.repair.fix, (path, other.path)) == first.repair.fix
