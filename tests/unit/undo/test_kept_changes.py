"""What the journal cannot keep with its way back is not written, whatever change it is, and the finding says why."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import pytest

from mailwarden.domain.findings.changes import (
    Applicability,
    Change,
    CreateServiceLinkedRole,
    Fix,
    GrantSending,
    OperatorChange,
    RemoveSuppression,
    ReplaceEmailConfiguration,
    ReplaceRiskConfiguration,
)
from mailwarden.domain.known_good.risk_configuration import risk_text
from mailwarden.domain.operator.asked_pool import AskedPool
from mailwarden.domain.operator.sender_order import SenderOrder, SenderRefused
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.repair.change_documents import LONGEST_CHANGE, journal_text, why_not_kept
from mailwarden.domain.repair.decision import Repair, Report, plan
from mailwarden.domain.repair.limits import Limits, RepairMode
from mailwarden.message import verbatim
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from tests.builders import ACCOUNT, NOON, developer, identity, identity_ref, mail_path, pool
from tests.fakes.deployment import Deployment, hint, order
from tests.fakes.undoing import sender_writes
from tests.unit.decisions.test_decision import finding
from tests.unit.decisions.test_repair_guard import CASE, guard_of

# The most that the service model lets a From have.
LONGEST_FROM = 131_072
HALF_A_PAIR = "\ud83d"
POOL = pool(email=developer(identity_ref("hello@example.com")))
MEMBERS = ("source_arn", "from_address", "reply_to", "configuration_set")


def changes_with(text: str) -> Iterator[Change | OperatorChange]:
    """Every kind of change with the text in each place of its way back and of what is written."""
    ref = identity_ref()
    yield GrantSending(identity=ref, pools=(POOL.ref,), before={"ours": text}, after={"ours": "{}"})
    yield GrantSending(identity=ref, pools=(POOL.ref,), before={"ours": None}, after={"ours": text})
    yield GrantSending(identity=ref, pools=(), before={text: None}, after={text: "{}"})
    for member in MEMBERS:
        given: dict[str, Any] = {member: text}
        long = EmailConfiguration(**given)
        for before, after in ((long, EmailConfiguration()), (EmailConfiguration(), long)):
            yield ReplaceEmailConfiguration(pool=POOL.ref, before=before, after=after)
    yield CreateServiceLinkedRole(partition=text, account=ACCOUNT)
    yield RemoveSuppression(
        account=SesAccountRef(partition="aws", region="us-east-1", account=ACCOUNT),
        address_digest="0f" * 32,
        reason=text,
        since=NOON,
    )
    risk = risk_text({"Other": {"Text": text}})
    yield ReplaceRiskConfiguration(pool=POOL.ref, before=risk, after="{}")
    yield ReplaceRiskConfiguration(pool=POOL.ref, before="{}", after=risk)


def test_every_kind_of_change_is_tried() -> None:
    kinds = {type(each) for each in changes_with("x")}

    assert kinds == {*get_args(Change.__value__), *get_args(OperatorChange.__value__)}


@pytest.mark.parametrize("sign", ["x", "é", "😀", '"', "\n", "\0"])
def test_a_change_is_kept_up_to_a_size_of_its_item_and_not_beyond(sign: str) -> None:
    for fits, exceeds in zip(
        changes_with(sign * (LONGEST_CHANGE // 20)), changes_with(sign * LONGEST_CHANGE), strict=True
    ):
        assert why_not_kept(fits) is None
        reason = why_not_kept(exceeds)
        assert reason is not None
        assert reason.id == "change.too-large"
        assert dict(reason.args)["size"] == len(journal_text(exceeds).encode()) > LONGEST_CHANGE


def test_half_of_a_pair_is_never_kept() -> None:
    for change in changes_with(HALF_A_PAIR):
        reason = why_not_kept(change)
        assert reason is not None
        assert reason.id == "change.not-a-text"


REPAIRS = [each for each in changes_with("x" * LONGEST_CHANGE) if isinstance(each, get_args(Change.__value__))]


def fix_of(change: Change) -> Fix:
    return Fix(title=verbatim("Mend it"), applicability=Applicability.SAFE, change=change)


@pytest.mark.parametrize("change", REPAIRS, ids=lambda each: type(each).__name__)
def test_no_repair_is_planned_that_cannot_be_kept_and_none_waits_for_it(change: Change) -> None:
    kept = ReplaceEmailConfiguration(pool=POOL.ref, before=POOL.email, after=EmailConfiguration())
    path = mail_path(POOL, identity("hello@example.com"), identity())
    found = [finding(fix_of(change), rule_id="MW108"), finding(fix_of(kept), rule_id="MW998")]

    refused, other = plan(found, path, Limits(repair_mode=RepairMode.UNSAFE), today=NOON.date())

    assert isinstance(refused, Report)
    assert isinstance(other, Repair)
    if not isinstance(change, GrantSending):
        assert refused.reason.id == "change.too-large"


@pytest.mark.parametrize("change", REPAIRS, ids=lambda each: type(each).__name__)
def test_what_grew_since_it_was_planned_is_held_back_just_before_the_write(change: Change) -> None:
    reason = guard_of(CASE).forbids(POOL.ref, change, finding().key, cause=None, at=NOON)

    assert reason is not None
    assert reason.id == "change.too-large"


def long_from(sign: str) -> str:
    name = sign * (LONGEST_FROM - 30)
    return f"{name} <hello@example.com>"


@pytest.mark.parametrize(
    ("sign", "reason"), [("é", "change.too-large"), ("😀", "change.too-large"), (HALF_A_PAIR, "change.not-a-text")]
)
def test_a_sender_that_the_journal_cannot_keep_is_reported_and_never_ordered(sign: str, reason: str) -> None:
    broken = replace(POOL, email=replace(developer(identity_ref("hello@example.com")), from_address=long_from(sign)))
    mailwarden = Deployment(mode=RepairMode.UNSAFE)
    mailwarden.hold(broken, identity("example.com"))
    (planned,) = (
        each for each in judge(mail_path(broken, identity("example.com")), ALL).findings if each.rule_id == "MW106"
    )
    assert planned.fix is not None
    assert planned.fix.applicability is Applicability.SAFE

    mailwarden.settle_down(hint(broken))
    mailwarden.repairer().repair(order(broken, "MW106"))
    mailwarden.clock.pass_by(minutes=10)
    mailwarden.announce()

    write = mailwarden.finding("MW106", broken.ref.arn).write
    assert write.reason is not None
    assert (write.handling.value, write.reason.id) == ("withheld", reason)
    assert ("MW106", "open") in mailwarden.told()
    assert (mailwarden.written, dict(mailwarden.journal.intentions)) == ([], {})


@pytest.mark.parametrize("apply", [False, True])
def test_an_order_of_a_person_says_that_its_change_cannot_be_kept(apply: bool) -> None:
    broken = replace(POOL, email=replace(POOL.email, from_address=long_from("é")))
    mailwarden = Deployment()
    mailwarden.hold(broken, identity("example.com"))
    wish = SenderOrder(
        pool=AskedPool(pool_id=broken.ref.pool_id),
        by="alice",
        apply=apply,
        identity="example.com",
    )

    answer = sender_writes(mailwarden).set_sender(wish, request_id="r-1")

    assert isinstance(answer, SenderRefused)
    assert (answer.reason.id, answer.change) == ("change.too-large", None)
    assert (mailwarden.written, dict(mailwarden.journal.intentions)) == ([], {})
