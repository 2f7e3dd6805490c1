"""The history of a pool: one time line of what the ledger and the journal keep, and nothing that they do not keep."""

from dataclasses import replace
from typing import Any

import pytest

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.limits import RepairMode
from tests.builders import developer, identity, pool
from tests.fakes.deployment import Deployment, cause, hint
from tests.unit.operator.past import LOST, history, shops_without_identity
from tests.unit.operator.repaired import undo
from tests.unit.operator.senders import DOMAIN, SHOP, set_sender, shop
from tests.unit.operator.test_set_sender import NEWS
from tests.unit.operator.test_shadow_report import hurt_pool, shadowed

FIRST = pool("eu-west-3", pool_id="eu-west-3_Shop00000").ref


def kinds(document: dict[str, Any]) -> list[str]:
    return [event["kind"] for event in document["events"]]


def test_a_finding_about_a_shared_identity_is_in_the_history_of_each_pool_that_it_affects() -> None:
    mailwarden = shops_without_identity()

    document = history(mailwarden, FIRST)

    assert document["now"]["can_send"] == "no"
    assert kinds(document) == ["finding opened", "sender found", "call"]
    opened = document["events"][0]
    assert (opened["rule"], opened["subject"], opened["state"]) == ("MW301", LOST.arn, "open")
    assert document["consents"] == [LOST.arn]


def test_an_open_finding_about_a_shared_identity_that_does_not_affect_the_pool_is_not_in_its_history() -> None:
    mailwarden = shops_without_identity()
    key, record = next(iter(mailwarden.ledger.findings.held.items()))
    others = {arn: at for arn, at in record.lifecycle.affected.items() if arn != FIRST.arn}
    mailwarden.ledger.findings.held[key] = replace(record, lifecycle=replace(record.lifecycle, affected=others))

    assert "finding opened" not in kinds(history(mailwarden, FIRST))


def test_the_end_of_a_finding_follows_with_its_time() -> None:
    mailwarden = shops_without_identity()
    mailwarden.clock.pass_by(hours=2)
    mailwarden.hold(identity("shop.example", region="eu-west-3"))
    mailwarden.settle_down(PoolHint(pool=FIRST), PoolHint(pool=replace(FIRST, pool_id="eu-west-3_Shop00001")))

    document = history(mailwarden, FIRST)

    assert kinds(document)[:2] == ["finding over", "finding opened"]
    assert {event["state"] for event in document["events"][:2]} == {FindingState.RESOLVED.value}
    assert document["events"][0]["at"] > document["events"][1]["at"]
    assert document["now"]["can_send"] == "yes"


def test_a_finding_that_returned_shows_its_last_time_and_that_it_is_not_the_first() -> None:
    mailwarden = shops_without_identity(1)
    for held in (True, False):
        mailwarden.clock.pass_by(hours=2)
        if held:
            mailwarden.hold(identity("shop.example", region="eu-west-3"))
        else:
            del mailwarden.identities.held[LOST]
        mailwarden.settle_down(PoolHint(pool=FIRST))

    document = history(mailwarden, FIRST)

    assert [(event["kind"], event["returned"]) for event in document["events"][:1]] == [("finding opened", True)]
    assert kinds(document).count("finding opened") == 1


def test_the_writes_of_a_person_and_their_undo_are_in_the_history() -> None:
    mailwarden = shop()
    mailwarden.settle_down(hint(SHOP))
    set_sender(mailwarden, identity=DOMAIN.ref.arn, settings=NEWS, reason="one domain")
    mailwarden.clock.pass_by(minutes=5)
    undo(mailwarden, next(iter(mailwarden.journal.intentions)))

    document = history(mailwarden, SHOP.ref)

    writes = [event["entry"] for event in document["events"] if event["kind"] == "write"]
    assert [write["outcome"] for write in writes] == ["written", "written"]
    assert writes[1]["undone_by"] == writes[0]["id"]
    assert writes[0]["undoes"] == writes[1]["id"]


def test_a_fix_that_was_held_back_is_in_the_history() -> None:
    ref = hurt_pool(1)

    document = history(shadowed(ref), ref)

    held_back = [event for event in document["events"] if event["kind"] == "fix held back"]
    assert [event["rule"] for event in held_back] == ["MW201"]


def test_a_pool_that_is_gone_keeps_the_rest_of_its_history() -> None:
    mailwarden = shop()
    mailwarden.settle_down(hint(SHOP))
    set_sender(mailwarden, identity=DOMAIN.ref.arn, settings=NEWS)
    mailwarden.clock.pass_by(minutes=5)
    del mailwarden.pools.held[SHOP.ref]
    mailwarden.settle_down(PoolHint(pool=SHOP.ref))

    document = history(mailwarden, SHOP.ref)

    assert (document["answer"], document["now"], document["pool"]["name"]) == ("history", None, "")
    assert kinds(document) == ["write"]
    assert "there is no record of an inspection" in document["not_kept"][0]


def test_a_pool_of_which_nothing_is_kept_is_not_found() -> None:
    document = history(Deployment(), replace(SHOP.ref, pool_id="us-east-1_Nobody"))

    assert document["answer"] == "not found"
    assert document["not_in"][0] == "us-east-1"


@pytest.mark.parametrize(("most", "shown"), [(200, 3), (2, 2)])
def test_what_is_cut_is_named(most: int, shown: int) -> None:
    document = history(shops_without_identity(), FIRST, most=most)

    assert (document["count"], len(document["events"])) == (3, shown)
    assert ("only the latest 2 of 3 events are shown" in document["not_kept"][0]) is (shown == 2)


def test_earlier_events_are_left_out() -> None:
    mailwarden = shops_without_identity()
    mailwarden.clock.pass_by(minutes=30)

    assert kinds(history(mailwarden, FIRST, since="1h")) == ["finding opened"]


def test_an_actor_is_masked_and_each_call_is_there_once() -> None:
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(identity("shop.example", region="eu-west-3"))
    mailwarden.hold(pool("eu-west-3", pool_id=FIRST.pool_id, email=developer(LOST, from_address="a@other.example")))
    call = replace(
        cause(),
        actor="arn:aws:sts::111122223333:assumed-role/ops/jane.doe@corp.example",
        region="eu-west-3",
        at=mailwarden.clock.at,
    )
    for seconds in (0, 60):
        mailwarden.clock.pass_by(seconds=seconds)
        mailwarden.settle_down(PoolHint(pool=FIRST, cause=call))

    document = history(mailwarden, FIRST)

    calls = [event for event in document["events"] if event["kind"] == "call"]
    assert [(event["call"]["call"], event["rules"]) for event in calls] == [("UpdateUserPool", ["MW104"])]
    assert "jane.doe" not in str(document)


def test_calls_of_one_moment_whose_ids_are_unknown_are_each_there() -> None:
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(identity("shop.example", region="eu-west-3"), pool("eu-west-3", pool_id=FIRST.pool_id))
    update, create = (replace(cause(name), event_id="unknown") for name in ("UpdateUserPool", "CreateUserPool"))
    mailwarden.settle_down(PoolHint(pool=FIRST, cause=replace(update, others=(create,))))

    calls = [event["call"]["call"] for event in history(mailwarden, FIRST)["events"] if event["kind"] == "call"]
    assert sorted(calls) == ["CreateUserPool", "UpdateUserPool"]
