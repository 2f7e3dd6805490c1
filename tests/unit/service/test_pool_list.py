"""Every pool is listed with its last verdict, the worst first, and with what the last look found."""

from dataclasses import replace
from typing import Any

from mailwarden.domain.operator.pool_list import PoolList
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.presentation.answers.lists.pools import pools_document
from tests.builders import NOON, developer, identity, identity_ref, pool, pool_ref
from tests.fakes.answers import pool_reader
from tests.fakes.deployment import Deployment
from tests.fakes.examples import a_look

SENDER = identity_ref("shop.example")


def deployed() -> Deployment:
    """A sound pool, a pool on the default sender, and one that sends from a foreign address."""
    mailwarden = Deployment()
    shops = (
        pool("us-east-1", pool_id="us-east-1_Sound", name="sound", email=developer(SENDER)),
        pool("us-east-1", pool_id="us-east-1_Broken", name="jane.doe@corp.example", email=foreign()),
        pool("us-east-1", pool_id="us-east-1_Default", name="internal"),
    )
    for shop in shops:
        mailwarden.hold(shop, identity("shop.example"))
        mailwarden.settle_down(PoolHint(pool=shop.ref))
    return mailwarden


def foreign() -> EmailConfiguration:
    return developer(SENDER, from_address="hello@other.example")


def listed(mailwarden: Deployment) -> dict[str, Any]:
    return pools_document(pool_reader(mailwarden).current())


def test_the_worst_pool_comes_first_with_its_findings() -> None:
    document = listed(deployed())

    assert (document["count"], document["unread"]) == (3, 0)
    broken = document["pools"][0]
    assert broken["id"] == "us-east-1_Broken"
    assert (broken["can_send"], broken["deciding_link"]) == ("no", "sender")
    assert {"rule": "MW104", "subject": "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_Broken"} in (
        broken["findings"]
    )


def test_a_name_that_is_an_address_is_masked() -> None:
    assert "jane.doe" not in str(listed(deployed()))


def test_a_pool_that_is_gone_is_not_listed() -> None:
    mailwarden = deployed()
    gone = pool("us-east-1", pool_id="us-east-1_Broken")
    del mailwarden.pools.held[gone.ref]
    mailwarden.settle_down(PoolHint(pool=gone.ref))

    assert [pool["id"] for pool in listed(mailwarden)["pools"]] == ["us-east-1_Default", "us-east-1_Sound"]


def test_the_tags_of_a_pool_are_shown_and_masked() -> None:
    look = replace(a_look(pool_ref()), application={"application": "shop", "owner": "jane.doe@corp.example"})

    document: dict[str, Any] = pools_document(PoolList(at=NOON, looks=(look,), pools=1, unread=0))

    (row,) = document["pools"]
    assert row["tags"]["application"] == "shop"
    assert "jane.doe" not in str(row)
