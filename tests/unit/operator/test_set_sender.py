"""A person sets the sender of a pool: what is not named stays, and no order makes the mail worse unawares."""

from dataclasses import replace

import pytest

from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.operator.sender_order import (
    SenderCarriedOut,
    SenderPlanned,
    SenderRefused,
    SenderSetting,
    SenderUnchanged,
)
from mailwarden.domain.operator.undo import UndoCarriedOut
from mailwarden.domain.readings import EmailConfiguration, Missing, SenderMode
from mailwarden.domain.repair.journal import OPERATOR, Drifted, Written
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import verbatim
from mailwarden.ports.repair.stacks import Owned
from tests.builders import configuration_set, developer, identity, pool, unread
from tests.fakes.deployment import Deployment
from tests.unit.operator.repaired import undo
from tests.unit.operator.senders import ADDRESS, DOMAIN, SHOP, live, set_sender, shop

NEWS = {SenderSetting.FROM: "News <news@shop.example>"}
DEFAULT = EmailConfiguration(sending_account=SenderMode.COGNITO_DEFAULT, reply_to="help@shop.example")


def test_a_dry_run_writes_nothing_and_has_the_write_and_the_judgment() -> None:
    mailwarden = shop()

    answer = set_sender(mailwarden, identity=DOMAIN.ref.arn, settings=NEWS, apply=False)

    assert isinstance(answer, SenderPlanned)
    after = replace(SHOP.email, source_arn=DOMAIN.ref.arn, from_address="News <news@shop.example>")
    assert (answer.change.before, answer.change.after) == (SHOP.email, after)
    assert (answer.foreseen.now.answer, answer.foreseen.after.answer) == (Answer.YES, Answer.YES)
    assert answer.warnings == ()
    assert live(mailwarden).email == SHOP.email
    assert (mailwarden.written, dict(mailwarden.journal.intentions)) == ([], {})


def test_an_applied_order_is_journaled_charged_to_no_budget_and_undone() -> None:
    mailwarden = shop()
    charged = set(mailwarden.ledger.budgets.charged)

    answer = set_sender(mailwarden, identity=DOMAIN.ref.arn, settings=NEWS, reason="one domain")

    assert isinstance(answer, SenderCarriedOut)
    assert answer.outcome == Written(entry_id=answer.entry_id)
    assert live(mailwarden).email == answer.change.after
    entry = mailwarden.journal.entry(answer.entry_id)
    assert entry is not None
    assert [(key.subject_arn, key.rule_id) for key in entry.intention.findings] == [(SHOP.ref.arn, OPERATOR)]
    cause = entry.intention.cause
    assert cause is not None
    assert (cause.event_name, cause.event_id, cause.actor) == ("set-sender", "r-1", "alice")
    assert dict(entry.intention.title.args) == {"reason": "one domain"}
    assert mailwarden.ledger.budgets.charged == charged
    assert (mailwarden.ledger.resource_leases.held, mailwarden.ledger.resource_leases.open_entries) == ({}, {})
    assert mailwarden.ledger.looks.last(SHOP.ref) is not None

    undone = undo(mailwarden, answer.entry_id)

    assert isinstance(undone, UndoCarriedOut)
    assert live(mailwarden).email == SHOP.email


@pytest.mark.parametrize(
    ("settings", "after"),
    [
        ({SenderSetting.FROM: "Shop <hello@shop.example>"}, {"from_address": "Shop <hello@shop.example>"}),
        ({SenderSetting.REPLY_TO: "desk@shop.example"}, {"reply_to": "desk@shop.example"}),
        ({SenderSetting.REPLY_TO: None}, {"reply_to": None}),
        ({SenderSetting.CONFIGURATION_SET: None}, {"configuration_set": None}),
    ],
)
def test_nothing_changes_but_what_is_named(
    settings: dict[SenderSetting, str | None], after: dict[str, str | None]
) -> None:
    full = developer(
        ADDRESS.ref, from_address="hello@shop.example", reply_to="help@shop.example", configuration_set="mail"
    )
    mailwarden = shop(email=full)
    mailwarden.hold(configuration_set("mail"))

    answer = set_sender(mailwarden, settings=settings, apply=False, although_worse=True)

    assert isinstance(answer, SenderPlanned)
    assert answer.change.after == replace(full, **after)  # type: ignore[arg-type] # members that hold texts


def test_what_is_so_already_is_not_written() -> None:
    mailwarden = shop()

    assert isinstance(set_sender(mailwarden, identity=ADDRESS.ref.arn), SenderUnchanged)
    assert isinstance(set_sender(mailwarden, settings={SenderSetting.REPLY_TO: "help@shop.example"}), SenderUnchanged)
    assert mailwarden.written == []


@pytest.mark.parametrize("although_worse", [False, True])
def test_a_sender_that_would_not_send_is_refused_whatever_the_order_accepts(although_worse: bool) -> None:
    mailwarden = shop()
    unverified, gone = identity("new.example", verified=False), identity("gone.example")
    mailwarden.hold(unverified)
    orders = [
        (unverified.ref.arn, {SenderSetting.FROM: "no-reply@new.example"}),
        (gone.ref.arn, {SenderSetting.FROM: "no-reply@gone.example"}),
        (DOMAIN.ref.arn, {SenderSetting.FROM: "no-reply@elsewhere.example"}),
        (DOMAIN.ref.arn, {}),
    ]

    answers = [
        set_sender(mailwarden, identity=arn, settings=settings, although_worse=although_worse)
        for arn, settings in orders
    ]

    for answer in answers:
        assert isinstance(answer, SenderRefused)
        assert answer.reason.id == "set-sender.loses-mail"
        assert answer.foreseen is not None
    assert mailwarden.written == []


def test_a_sender_that_cannot_be_judged_is_refused() -> None:
    mailwarden = shop()
    mailwarden.identities.held[DOMAIN.ref] = unread("ses:GetEmailIdentity")

    answer = set_sender(mailwarden, identity=DOMAIN.ref.arn, settings=NEWS)

    assert isinstance(answer, SenderRefused)
    assert answer.reason.id == "set-sender.loses-mail"


def test_where_mail_is_lost_now_anything_may_be_tried_and_the_rest_is_named() -> None:
    mailwarden = shop()
    mailwarden.identities.held[ADDRESS.ref] = Missing(arn=ADDRESS.ref.arn)
    mailwarden.hold(identity("new.example", verified=False))

    answer = set_sender(
        mailwarden, identity="new.example", settings={SenderSetting.FROM: "no-reply@new.example"}, apply=False
    )

    assert isinstance(answer, SenderPlanned)
    assert [warning.id for warning in answer.warnings] == ["set-sender.still-broken"]


def test_a_worse_sender_that_sends_takes_a_word_of_consent() -> None:
    mailwarden = shop()
    failing = identity("half.example", dkim=replace(DOMAIN.dkim, status="FAILED"))  # type: ignore[type-var]
    mailwarden.hold(failing)
    settings = {SenderSetting.FROM: "no-reply@half.example"}

    refused = set_sender(mailwarden, identity="half.example", settings=settings)
    accepted = set_sender(mailwarden, identity="half.example", settings=settings, although_worse=True)

    assert isinstance(refused, SenderRefused)
    assert refused.reason.id == "set-sender.needs-consent"
    assert isinstance(accepted, SenderCarriedOut)
    assert next(warning.id for warning in accepted.warnings) in {"set-sender.worse", "set-sender.worse-finding"}


def test_the_default_sender_takes_what_it_can_and_its_limit_is_named() -> None:
    mailwarden = shop(email=developer(DOMAIN.ref, reply_to="help@shop.example", configuration_set="mail"))
    mailwarden.hold(configuration_set("mail"))

    answer = set_sender(mailwarden, default=True)

    assert isinstance(answer, SenderCarriedOut)
    assert answer.change.after == DEFAULT
    assert "set-sender.default-limit" in {warning.id for warning in answer.warnings}


@pytest.mark.parametrize(
    ("factors", "code"),
    [
        ({"first_factor": True}, "set-sender.mail-factor"),
        ({"second_factor": True}, "set-sender.mail-factor"),
        ({"second_factor": unread("cognito-idp:GetUserPoolMfaConfig")}, "set-sender.mail-factor-unknown"),
    ],
)
def test_the_default_sender_is_illegal_where_sign_in_needs_mail(factors: dict[str, object], code: str) -> None:
    mailwarden = shop(**factors)

    answers = [set_sender(mailwarden, default=True, although_worse=True, apply=apply) for apply in (False, True)]

    assert [each.reason.id for each in answers if isinstance(each, SenderRefused)] == [code, code]
    assert live(mailwarden).email == SHOP.email


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        (SenderSetting.FROM, "set-sender.from-with-default"),
        (SenderSetting.CONFIGURATION_SET, "set-sender.set-with-default"),
    ],
)
@pytest.mark.parametrize("default", [False, True])
def test_what_the_default_sender_does_not_take_is_refused(setting: SenderSetting, code: str, default: bool) -> None:
    mailwarden = shop(email=EmailConfiguration())

    answer = set_sender(mailwarden, default=default, settings={setting: "hello@shop.example"})

    assert isinstance(answer, SenderRefused)
    assert answer.reason.id == code


def test_a_name_is_looked_for_where_the_pool_may_send_from_its_own_region_first() -> None:
    mailwarden = shop()
    mailwarden.hold(identity("news.example", region="us-west-2"), identity("news.example"))
    paris = pool("eu-west-3", email=developer(identity("hello@paris.example", region="eu-west-1").ref))
    mailwarden.hold(paris, identity("news.example", region="eu-west-1"))
    settings = {SenderSetting.FROM: "a@news.example"}

    own = set_sender(mailwarden, identity="news.example", settings=settings, apply=False)
    missing = set_sender(mailwarden, identity="nowhere.example", settings=settings, apply=False)
    mailwarden.identities.held[identity("news.example").ref] = unread("ses:GetEmailIdentity")
    unreadable = set_sender(mailwarden, identity="news.example", settings=settings, apply=False)

    assert isinstance(own, SenderPlanned)
    assert isinstance(own.change, ReplaceEmailConfiguration)
    assert own.change.after.source_arn == identity("news.example").ref.arn
    assert [each.reason.id for each in (missing, unreadable) if isinstance(each, SenderRefused)] == [
        "set-sender.no-identity",
        "set-sender.identity-unreadable",
    ]


def test_a_name_needs_a_region_that_is_known() -> None:
    mailwarden = Deployment(watched_regions=("ap-east-2",))
    unknown = pool("ap-east-2", email=developer(identity(region="ap-east-2").ref))
    mailwarden.hold(unknown, identity(region="ap-east-2"))

    answer = set_sender(mailwarden, identity="shop.example", pool_id=unknown.ref.pool_id)

    assert isinstance(answer, SenderRefused)
    assert answer.reason.id == "set-sender.no-row"


def test_a_pool_that_is_not_there_or_cannot_be_read_is_named() -> None:
    mailwarden = shop()

    missing = set_sender(mailwarden, default=True, pool_id="us-east-1_Nowhere01")
    mailwarden.pools.held[SHOP.ref] = unread("cognito-idp:DescribeUserPool")
    unreadable = set_sender(mailwarden, default=True)

    assert [each.reason.id for each in (missing, unreadable) if isinstance(each, SenderRefused)] == [
        "set-sender.no-pool",
        "set-sender.unreadable",
    ]


def test_a_pool_with_members_that_the_sdk_does_not_know_is_not_even_planned() -> None:
    mailwarden = shop(unknown_members=("NewMember",))

    answer = set_sender(mailwarden, identity=DOMAIN.ref.arn, settings=NEWS, apply=False)

    assert isinstance(answer, SenderRefused)
    assert answer.reason.id == "write.unknown-members"


def test_the_stack_that_owns_the_pool_is_named() -> None:
    mailwarden = shop()
    mailwarden.stacks.owners[SHOP.ref] = Owned(by=verbatim("shop-stack"))

    answer = set_sender(mailwarden, identity=DOMAIN.ref.arn, settings=NEWS, apply=False)

    assert isinstance(answer, SenderPlanned)
    assert [warning.id for warning in answer.warnings] == ["set-sender.owned"]


@pytest.mark.parametrize("mode", [RepairMode.OFF, RepairMode.UNSAFE])
def test_no_repair_mode_and_no_exemption_keeps_a_person_from_it(mode: RepairMode) -> None:
    mailwarden = shop(tags={"mailwarden": "off"})
    mailwarden.mode = mode

    assert isinstance(set_sender(mailwarden, identity=DOMAIN.ref.arn, settings=NEWS), SenderCarriedOut)


def test_another_process_that_writes_the_pool_is_waited_for_and_a_drift_writes_nothing() -> None:
    mailwarden = shop()
    with mailwarden.protocol().lease(SHOP.ref.arn):
        busy = set_sender(mailwarden, identity=DOMAIN.ref.arn, settings=NEWS)
    mailwarden.answer = Drifted(reason=verbatim("changed meanwhile"))
    drifted = set_sender(mailwarden, identity=DOMAIN.ref.arn, settings=NEWS)

    assert isinstance(busy, SenderRefused)
    assert busy.reason.id == "undo.busy"
    assert isinstance(drifted, SenderCarriedOut)
    assert isinstance(drifted.outcome, Drifted)
    assert live(mailwarden).email == SHOP.email
