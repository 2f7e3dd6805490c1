"""The examples a function is invoked with are understood as a batch of its queue would be."""

import json
from typing import Any

import pytest

from mailwarden.domain.refs.hints import EverywhereHint, IdentityHint, PoolHint, RegionHint
from mailwarden.inbound.cloudtrail.events import ForeignEvent, hints_from_event
from mailwarden.queue_messages.codec import MalformedMessage, hint_from, is_ours, json_object, order_from_body
from tests.unit.inbound.example_events import ACCOUNT, example


def bodies(name: str) -> list[str]:
    records: list[dict[str, Any]] = example(name)["Records"]
    return [record["body"] for record in records]


def kinds(body: str) -> list[type]:
    document = json_object(body)
    if is_ours(document):
        return [type(hint_from(document))]
    return [type(hint) for hint in hints_from_event(document, account=ACCOUNT, partition="aws")]


def test_a_batch_of_events_names_a_pool_an_identity_and_everything() -> None:
    assert [kinds(body) for body in bodies("invoke.inspect.events")] == [[PoolHint], [IdentityHint], [EverywhereHint]]


def test_a_batch_of_our_own_hints_names_a_pool_and_a_region() -> None:
    assert [kinds(body) for body in bodies("invoke.inspect.hints")] == [[PoolHint], [RegionHint]]


def test_in_the_mixed_batch_only_the_bad_ones_are_refused() -> None:
    good, malformed, foreign, null, own = bodies("invoke.inspect.mixed")

    assert kinds(good) == kinds(own) == [PoolHint]
    assert kinds(null) == [RegionHint]
    with pytest.raises(MalformedMessage):
        kinds(malformed)
    with pytest.raises(ForeignEvent):
        kinds(foreign)


def test_the_order_names_a_pool_a_rule_and_the_resource_that_is_its_group() -> None:
    (record,) = example("invoke.repair.orders")["Records"]

    order = order_from_body(record["body"])

    assert order.rule_id == "MW401"
    assert order.resource == record["attributes"]["MessageGroupId"]
    assert json.loads(record["body"])["pool"] == order.pool_arn
