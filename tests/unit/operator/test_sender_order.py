"""Orders about a sender are read strictly, answered in any case, and their answers mask whom they do not concern."""

import json
from pathlib import Path

import pytest

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.operator.asked_pool import AskedPool
from mailwarden.domain.operator.sender_order import SenderOrder, SenderRefused, SenderSetting
from mailwarden.domain.readings import Missing
from mailwarden.inbound.invoke.sender_order import SET_SENDER, SenderOrders, sender_order_from
from tests.builders import ACCOUNT
from tests.fakes.deployment import Deployment
from tests.fakes.logs import KeptLog
from tests.fakes.orders import members_of, only
from tests.fakes.undoing import sender_writes
from tests.texts import sentence
from tests.unit.operator.senders import ADDRESS, DOMAIN, SHOP, set_sender, shop
from tests.unit.operator.test_set_sender import NEWS

EXAMPLE = Path(__file__).parents[3] / "events" / "invoke.operate.set-sender.json"
POOL = "eu-west-1_Shop00001"
JANE = "jane.doe@corp.example"


def read(**members: object) -> SenderOrder:
    order = {"pool": POOL, "by": "alice", **members}
    return sender_order_from(members_of({"set_sender": order}, SET_SENDER), partition="aws", account=ACCOUNT)


def carried_out(mailwarden: Deployment, **members: object) -> tuple[dict[str, object], str]:
    log = KeptLog()
    order = {"set_sender": {"pool": SHOP.ref.arn, "by": JANE, **members}}
    document = only(SET_SENDER, SenderOrders(writes=sender_writes(mailwarden))).carry_out(
        order, request_id="r-1", log=log
    )
    return json.loads(json.dumps(document)), repr(log)


def test_the_example_is_understood() -> None:
    example = json.loads(EXAMPLE.read_text(encoding="utf-8"))

    assert sender_order_from(members_of(example, SET_SENDER), partition="aws", account=ACCOUNT) == SenderOrder(
        pool=AskedPool(pool_id=POOL),
        by="operator:alice",
        reason="the shop sends through its own domain now",
        identity="shop.example",
        settings={SenderSetting.FROM: "Shop <no-reply@shop.example>", SenderSetting.REPLY_TO: None},
    )


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({}, "names nothing to set"),
        ({"apply": True, "reason": "x"}, "names nothing to set"),
        ({"default": "yes"}, ".default"),
        ({"default": True, "apply": "yes"}, ".apply"),
        ({"default": True, "by": " "}, ".by"),
        ({"default": True, "set": "mail"}, "unknown members: 'set'"),
        ({"default": True, "pool": "shop"}, "'shop', neither the id nor the ARN"),
        ({"default": True, "pool": SHOP.ref.arn.replace(ACCOUNT, "444455556666")}, ".pool names a pool of account"),
        ({"default": True, "region": "europe"}, ".region"),
        ({"identity": "shop"}, ".identity is 'shop', not"),
        ({"identity": "arn:aws:sns:us-east-1:123456789012:topic"}, ".identity: "),
        ({"identity": DOMAIN.ref.arn.replace(ACCOUNT, "444455556666")}, ".identity names an identity of account"),
        ({"identity": 7}, ".identity"),
        ({"from": "no address"}, ".from is 'no address', not one address"),
        ({"from": "a@shop.example, b@shop.example"}, ".from"),
        ({"from": "a@shop.example\nBcc: b@shop.example"}, ".from"),
        ({"reply_to": "Shop"}, ".reply_to"),
        ({"configuration_set": "my mail"}, ".configuration_set"),
        ({"configuration_set": "m" * 65}, ".configuration_set"),
    ],
)
def test_a_bad_order_is_refused_and_the_place_is_named(members: dict[str, object], place: str) -> None:
    with pytest.raises(MalformedDocument) as refused:
        read(**members)

    assert place in sentence(refused.value)


def test_a_malformed_order_gets_an_answer_without_addresses() -> None:
    document, log = carried_out(shop(), **{"from": f"{JANE}, {JANE}"})

    assert document["answer"] == "not understood"
    assert "jane.doe" not in json.dumps(document) + log


def test_the_answers_show_the_senders_and_mask_the_caller() -> None:
    named = {"identity": DOMAIN.ref.name, "from": "News <news@shop.example>"}

    dry, _ = carried_out(shop(), **named)
    mailwarden = shop()
    done, log = carried_out(mailwarden, **named, apply=True)

    assert (dry["answer"], dry["entry_id"], done["answer"]) == ("dry run", None, "written")
    assert dry["diff"] == done["diff"]
    assert dry["diff"] == [
        {
            "place": ["EmailConfiguration", "SourceArn"],
            "before": ADDRESS.ref.arn,
            "after": DOMAIN.ref.arn,
        },
        {"place": ["EmailConfiguration", "From"], "before": None, "after": "News <news@shop.example>"},
    ]
    assert "jane.doe" not in json.dumps([dry, done]) + log
    assert str(done["entry_id"]) in mailwarden.journal.intentions


def test_a_refusal_shows_the_finding_and_its_remedy() -> None:
    mailwarden = shop()
    mailwarden.identities.held[DOMAIN.ref] = Missing(arn=DOMAIN.ref.arn)

    document, _ = carried_out(mailwarden, identity=DOMAIN.ref.arn, **{"from": "news@shop.example"}, apply=True)

    assert (document["answer"], document["code"]) == ("refused", "set-sender.loses-mail")
    pool = document["pool"]
    assert isinstance(pool, dict)
    assert (pool["now"], pool["then"]) == ("yes", "no")
    assert [finding["rule"] for finding in pool["findings"]] == ["MW301"]
    assert all(finding["remediation"] for finding in pool["findings"])


@pytest.mark.parametrize("apply", [False, True])
def test_a_pool_that_was_found_by_a_name_it_no_longer_has_is_not_written(apply: bool) -> None:
    mailwarden = shop(name="shop")

    refused = set_sender(mailwarden, identity=DOMAIN.ref.arn, settings=NEWS, name="news", apply=apply)

    assert isinstance(refused, SenderRefused)
    assert refused.reason.id == "set-sender.other-name"
    assert mailwarden.written == []
    assert not isinstance(
        set_sender(mailwarden, identity=DOMAIN.ref.arn, settings=NEWS, name="shop", apply=apply), SenderRefused
    )
