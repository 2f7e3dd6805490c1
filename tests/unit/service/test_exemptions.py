"""An exemption ends with an announcement, is listed until then, and hides nothing from the list."""

from datetime import timedelta
from typing import Any

import pytest

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.operator.exemptions import ExemptionState
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.presentation.answers.lists.exemptions import exemptions_document
from mailwarden.service.operator.read_exemptions import ExemptionReader
from tests.builders import NOON, custom_from, identity, identity_ref, pool, unread
from tests.fakes.answers import pool_reader
from tests.fakes.deployment import Deployment

SENDER = identity_ref("hello@example.com", region="us-west-2")
WEEK = timedelta(days=7)


def deployed(tag: str, *, on_identity: bool = False) -> tuple[Deployment, PoolHint]:
    """A Seoul pool without a grant, which is exempt, or whose identity is."""
    mailwarden, tags = Deployment(), {"mailwarden": tag}
    broken = pool("ap-northeast-2", email=custom_from(SENDER), tags={} if on_identity else tags)
    opened = {"mailwarden:cognito": "account", **(tags if on_identity else {})}
    mailwarden.hold(broken, identity("hello@example.com", region="us-west-2", tags=opened))
    return mailwarden, PoolHint(pool=broken.ref)


def reader(mailwarden: Deployment) -> ExemptionReader:
    return ExemptionReader(pools=pool_reader(mailwarden))


def states(mailwarden: Deployment) -> list[ExemptionState]:
    return [each.state(NOON.date()) for each in reader(mailwarden).current().exemptions]


@pytest.mark.parametrize("word", ["off", "report"])
def test_the_end_is_announced_a_week_before_and_on_the_day_and_then_the_pool_is_repaired(word: str) -> None:
    until = (NOON + timedelta(days=8)).date()
    mailwarden, hint = deployed(f"{word} until={until} reason=migration")

    told: list[list[tuple[str, str]]] = []
    for _ in range(10):
        before = len(mailwarden.told())
        mailwarden.settle_down(hint)
        told.append([each for each in mailwarden.told()[before:] if each[0] in {"MW401", "MW912"}])
        mailwarden.clock.pass_by(days=1)

    grants = [("MW401", "open")] if word == "report" else []
    assert told[0] == grants
    assert told[1] == [("MW912", "open")]
    assert told[2:8] == [[]] * 6
    assert told[8] == [("MW912", "open")]
    # A finding that was silenced until now is news at once.
    assert set(told[9]) == {("MW912", "resolved"), ("MW401", "repaired"), *([] if grants else [("MW401", "open")])}
    assert len(mailwarden.written) == 1


def test_the_exemption_of_an_identity_is_announced_once_for_all_its_pools() -> None:
    mailwarden, hint = deployed(f"report until={(NOON + WEEK).date()}", on_identity=True)
    second = pool("ap-northeast-2", pool_id="ap-northeast-2_Second", email=custom_from(SENDER))
    mailwarden.hold(second)

    mailwarden.settle_down(hint, PoolHint(pool=second.ref))

    assert mailwarden.told().count(("MW913", "open")) == 1
    [listed] = reader(mailwarden).current().exemptions
    assert listed.subject == SENDER
    assert len(listed.looks) == 2


def test_an_unreadable_exemption_is_alerted_and_listed_first() -> None:
    mailwarden, hint = deployed("off until=2026-02-30")
    later = pool("us-east-1", pool_id="us-east-1_Later", tags={"mailwarden": "off until=2026-12-31"})
    ending = pool("us-east-1", pool_id="us-east-1_Ending", tags={"mailwarden": "off until=2026-03-05"})
    endless = pool("us-east-1", pool_id="us-east-1_Endless", tags={"mailwarden": "off"})
    ended = pool("us-east-1", pool_id="us-east-1_Ended", tags={"mailwarden": "report until=2026-03-01"})
    today = pool("us-east-1", pool_id="us-east-1_Today", tags={"mailwarden": "off until=2026-03-02"})
    refused = pool("us-east-1", pool_id="us-east-1_Refused", tags=unread("cognito-idp:DescribeUserPool", "us-east-1"))
    mailwarden.hold(later, ending, endless, ended, today, refused)

    mailwarden.settle_down(hint, *(PoolHint(pool=each.ref) for each in (later, ending, endless, ended, today, refused)))

    assert ("MW907", "open") in mailwarden.told()
    assert states(mailwarden) == [
        ExemptionState.UNREADABLE,
        ExemptionState.UNREADABLE,
        ExemptionState.LAST_DAY,
        ExemptionState.ENDS_SOON,
        ExemptionState.ENDS_LATER,
        ExemptionState.WITHOUT_END,
        ExemptionState.ENDED,
    ]


def test_the_list_shows_what_the_tag_keeps_quiet() -> None:
    mailwarden, hint = deployed("off reason=ask ann@corp.example")
    mailwarden.settle_down(hint)

    document: dict[str, Any] = dict(exemptions_document(reader(mailwarden).current()))

    assert mailwarden.told() == []
    assert mailwarden.finding("MW401", hint.pool.arn).lifecycle.state is FindingState.EXEMPT
    row = dict(document["exemptions"][0])
    assert (row["state"], row["word"], row["until"], row["days_left"]) == ("without an end", "off", None, None)
    assert (row["pools"][0]["can_send"], row["pools"][0]["rules"]) == ("no", ["MW401"])
    assert "ann@corp.example" not in str(document)


def test_a_pool_without_the_tag_is_not_listed_any_more() -> None:
    mailwarden, hint = deployed("off")
    mailwarden.settle_down(hint)
    mailwarden.hold(pool("ap-northeast-2", email=custom_from(SENDER)))

    mailwarden.settle_down(hint)

    assert reader(mailwarden).current().exemptions == ()
    assert reader(mailwarden).current().pools == 1


def test_a_pool_that_is_gone_is_not_listed() -> None:
    mailwarden, hint = deployed("off")
    mailwarden.settle_down(hint)
    del mailwarden.pools.held[hint.pool]

    mailwarden.settle_down(hint)

    assert exemptions_document(reader(mailwarden).current())["count"] == 0
