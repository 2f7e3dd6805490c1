"""What `make set-sender` prints: the difference, both judgments, warnings, and the command that goes on."""

import json
import shlex
from typing import Any

import pytest

from mailwarden.inbound.invoke.sender_order import SET_SENDER, SenderOrders
from tests.fakes.deployment import Deployment
from tests.fakes.logs import KeptLog
from tests.fakes.orders import only
from tests.fakes.undoing import sender_writes
from tests.sandbox.programs.whole_words import assert_whole_words
from tests.unit.operator.senders import ADDRESS, DOMAIN, SHOP, shop
from tools.orders.set_sender import arguments, order_of, sender_text
from tools.stack.named_pool import NamedPool

NEWS = ["--identity", DOMAIN.ref.name, "--from", "News <news@shop.example>"]


def document_of(mailwarden: Deployment, *words: str) -> tuple[dict[str, Any], dict[str, object]]:
    chosen = arguments().parse_args([SHOP.ref.pool_id, "--by", "alice", *words])
    order = order_of(chosen, NamedPool(pool=chosen.pool, region=None))
    answer = only(SET_SENDER, SenderOrders(writes=sender_writes(mailwarden))).carry_out(
        {"set_sender": order}, request_id="r-1", log=KeptLog()
    )
    document: dict[str, Any] = json.loads(json.dumps(answer))
    return document, order


def printed(mailwarden: Deployment, *words: str, width: int = 100) -> str:
    document, order = document_of(mailwarden, *words)
    return "\n".join(line.plain for line in sender_text(document, order=order, width=width))


def test_a_dry_run_shows_the_exact_difference_and_the_command_that_writes_it() -> None:
    text = printed(shop(), *NEWS, "--reply-to", "none")

    for line in (f"- {ADDRESS.ref.arn}", f"+ {DOMAIN.ref.arn}", "+ News <news@shop.example>", "- help@shop.example"):
        assert line in text, text
    flat = " ".join(text.split())
    assert "can send mail: now yes, with this sender yes" in flat
    assert (
        f"To write it: make set-sender POOL={SHOP.ref.pool_id} IDENTITY=shop.example "
        "FROM='News <news@shop.example>' REPLY_TO=none APPLY=yes"
    ) in flat


def test_what_was_written_names_its_undo_and_no_command_to_write_it() -> None:
    mailwarden = shop()

    text = printed(mailwarden, *NEWS, "--apply")

    (entry_id,) = mailwarden.journal.intentions
    assert f"make undo ID={entry_id}" in text
    assert "APPLY" not in text


def test_a_refusal_shows_why_and_what_to_do_and_no_command_that_would_write_it() -> None:
    text = " ".join(printed(shop(), "--identity", DOMAIN.ref.arn).split())

    assert text.startswith("Nothing was written: with it, the pool could not be sure to send mail: now yes")
    assert "MW105" in text
    assert "To write it" not in text


def test_the_default_sender_is_refused_for_mail_factors_with_the_reason() -> None:
    text = " ".join(printed(shop(second_factor=True), "--default", "--apply").split())

    assert "its sign-in needs email as a second factor" in text


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("words", [[*NEWS], [*NEWS, "--apply"], ["--identity", DOMAIN.ref.arn], ["--default"]])
def test_no_word_is_broken(words: list[str], width: int) -> None:
    document, order = document_of(shop(), *words)

    text = "\n".join(line.plain for line in sender_text(document, order=order, width=width))

    values = [value for row in document["diff"] for value in (row["before"], row["after"]) if value is not None]
    warnings = [f"{warning}." for warning in document["warnings"]]
    assert_whole_words(text, [f"{document['resource']}:", *values, *warnings], width=width)


def test_an_order_has_only_what_the_command_line_names() -> None:
    chosen = arguments().parse_args(shlex.split("us-east-1_A --by alice --configuration-set none"))

    assert order_of(chosen, NamedPool(pool=chosen.pool, region=None)) == {
        "pool": "us-east-1_A",
        "by": "alice",
        "configuration_set": None,
        "default": False,
        "although_worse": False,
        "apply": False,
    }
