"""The shadow report: every case once, with what others did, and the figures of all."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mailwarden.domain.operator.shadow_report import Judged, ShadowReport
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.domain.repair.source import owner_stack
from mailwarden.message import message
from mailwarden.ports.repair.stacks import Owned
from mailwarden.presentation.answers.lists.shadow_report import shadow_document
from mailwarden.service.operator.read_pools import PoolReader
from mailwarden.service.operator.shadow_report import ShadowReporter
from mailwarden.service.repair.source_owners import SourceOwners
from tests.builders import ACCOUNT, NOON, developer, identity, identity_ref, pool
from tests.fakes.deployment import Deployment, cause

AWAY, HOME = identity_ref("shop.example", region="us-east-1"), identity_ref("shop.example", region="eu-west-3")
STACK = owner_stack("identity-prod", logical_id="Users", types=())


def hurt_pool(number: int) -> PoolRef:
    return pool("eu-west-3", pool_id=f"eu-west-3_Shop{number:05}").ref


def shadowed(*pools: PoolRef) -> Deployment:
    """Pools on an identity in a region that they may not use, seen while RepairMode is off."""
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(*(identity("shop.example", region=region) for region in ("us-east-1", "eu-west-3")))
    for ref in pools:
        mailwarden.hold(pool("eu-west-3", pool_id=ref.pool_id, email=developer(AWAY)))
    mailwarden.settle_down(*(PoolHint(pool=ref) for ref in pools))
    return mailwarden


def mend(mailwarden: Deployment, ref: PoolRef, *, with_reply_to: str | None = None) -> None:
    """Somebody moves the pool to the identity of its region."""
    mailwarden.hold(pool("eu-west-3", pool_id=ref.pool_id, email=developer(HOME, reply_to=with_reply_to)))
    call = replace(cause("UpdateUserPool", event_id=ref.pool_id), at=mailwarden.clock.at)
    mailwarden.settle_down(PoolHint(pool=ref, cause=call))


def reporter(mailwarden: Deployment) -> ShadowReporter:
    return ShadowReporter(
        pools=PoolReader(
            resources=mailwarden.ledger.resources_in_use,
            looks=mailwarden.ledger.looks,
            clock=mailwarden.clock,
            partition="aws",
            account=ACCOUNT,
            watched_regions=mailwarden.watched_regions,
        ),
        shadow_cases=mailwarden.ledger.shadow_cases,
        owners=SourceOwners(stacks=mailwarden.stacks, deployment_roles=mailwarden.deployment_roles),
        repair_mode=mailwarden.mode,
    )


def report(mailwarden: Deployment, *, days: int = 30) -> ShadowReport:
    return reporter(mailwarden).report((mailwarden.clock.at - timedelta(days=days)).date())


def document(mailwarden: Deployment) -> dict[str, Any]:
    return dict(shadow_document(report(mailwarden)))


def test_each_case_is_judged_by_what_others_did() -> None:
    same, other, waiting, gone, owned = pools = tuple(map(hurt_pool, range(5)))
    mailwarden = shadowed(*pools)
    mailwarden.stacks.owners[owned] = Owned(by=STACK)
    mailwarden.clock.pass_by(hours=4)
    mend(mailwarden, same)
    mailwarden.clock.pass_by(hours=4)
    mend(mailwarden, other, with_reply_to="help@shop.example")
    del mailwarden.pools.held[gone]
    mailwarden.settle_down(PoolHint(pool=gone))

    told = document(mailwarden)

    judged = {case["pool"]["id"]: case["judged"] for case in told["cases"]}
    assert judged == {
        same.pool_id: "right",
        other.pool_id: "different",
        waiting.pool_id: "waiting",
        gone.pool_id: "unknown",
        owned.pool_id: "withheld",
    }
    assert (told["count"], told["would_write"]) == (5, 4)
    assert told["judged"]["right"]["count"] == 1
    assert 4 * 3600 <= told["judged"]["right"]["median_seconds"] < 4 * 3600 + 300
    assert 8 * 3600 <= told["judged"]["different"]["median_seconds"] < 8 * 3600 + 600
    by_pool = {case["pool"]["id"]: case for case in told["cases"]}
    assert by_pool[other.pool_id]["by"]["call"] == "UpdateUserPool"
    assert by_pool[other.pool_id]["before"]["SourceArn"] == AWAY.arn
    assert by_pool[other.pool_id]["after"]["SourceArn"] == HOME.arn
    assert by_pool[owned.pool_id]["because"].endswith("identity-prod")
    assert by_pool[waiting.pool_id]["ended_at"] is None
    assert mailwarden.written == []


def test_a_pool_that_a_deployment_broke_is_withheld() -> None:
    ref = hurt_pool(1)
    mailwarden = shadowed()
    mailwarden.hold(pool("eu-west-3", pool_id=ref.pool_id, email=developer(AWAY)))
    terraform = replace(cause("UpdateUserPool"), user_agent="HashiCorp Terraform/1.9")
    mailwarden.settle_down(PoolHint(pool=ref, cause=terraform))

    [case] = report(mailwarden).cases

    assert case.judged is Judged.WITHHELD
    assert case.withheld == message("guard.deployed", deployment=message("deployment.tool", tool="terraform"))


def test_cases_that_ended_before_the_days_of_the_report_are_left_out_and_open_ones_are_not() -> None:
    first, second = hurt_pool(1), hurt_pool(2)
    mailwarden = shadowed(first, second)
    mend(mailwarden, first)
    mailwarden.clock.pass_by(days=31)

    assert [case.pool for case in report(mailwarden).cases] == [second]
    assert len(report(mailwarden, days=32).cases) == 2


def test_a_problem_that_comes_back_is_a_case_of_its_own() -> None:
    ref = hurt_pool(1)
    mailwarden = shadowed(ref)
    for _ in range(3):
        mailwarden.clock.pass_by(days=1)
        mend(mailwarden, ref)
        mailwarden.clock.pass_by(hours=1)
        mailwarden.hold(pool("eu-west-3", pool_id=ref.pool_id, email=developer(AWAY)))
        mailwarden.settle_down(PoolHint(pool=ref))

    told = report(mailwarden)

    assert [len(told.of(judged)) for judged in (Judged.RIGHT, Judged.WAITING)] == [3, 1]


def test_nothing_due_is_a_report_too() -> None:
    mailwarden = Deployment(mode=RepairMode.OFF)

    told = document(mailwarden)

    assert (told["count"], told["would_write"], told["cases"]) == (0, 0, [])
    assert told["judged"]["right"] == {"count": 0, "median_seconds": None}


@pytest.mark.parametrize("address", ["jane.doe@corp.example"])
def test_no_address_is_shown_but_those_of_the_sender(address: str) -> None:
    ref = hurt_pool(1)
    mailwarden = shadowed(ref)
    look = mailwarden.ledger.looks.held[ref]
    [case] = look.shadow
    by = replace(cause("UpdateUserPool"), actor=f"arn:aws:sts::{ACCOUNT}:assumed-role/ops/{address}")
    mailwarden.ledger.looks.held[ref] = replace(look, pool_name=f"pool of {address}", shadow=(replace(case, cause=by),))

    told = str(document(mailwarden))

    assert address not in told
    assert "no-reply@shop.example" in told
    assert NOON.date().isoformat() in told
