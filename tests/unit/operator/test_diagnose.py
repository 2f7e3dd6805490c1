"""A person asks why: the answer rests on a fresh look, says what would be done, and is written down nowhere."""

import pytest

from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.operator.question import Explained, PoolNotSeen, Question
from mailwarden.domain.operator.suppressed_address import AddressInRegion, Fate, ListOfCognito, LookedUp, NoListOfOurs
from mailwarden.domain.readings import PoolReading
from mailwarden.domain.repair.decision import Repair, Report
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import message
from tests.builders import (
    LAMBDA,
    OTHER_ACCOUNT,
    configuration_set,
    custom_from,
    developer,
    identity,
    identity_ref,
    pool,
    pool_ref,
    sending_policy,
    ses_account,
    unread,
)
from tests.fakes.answers import asker
from tests.fakes.deployment import Deployment
from tests.fakes.examples import a_look
from tests.fakes.operator import HeldSuppressionLists, an_entry
from tests.texts import english

JANE = "jane.doe@corp.example"
POOL = pool(email=developer(identity_ref()))


def sound() -> Deployment:
    deployment = Deployment()
    deployment.hold(POOL, identity())
    return deployment


def explained(
    deployment: Deployment, lists: HeldSuppressionLists | None = None, *, address: str | None = None
) -> Explained:
    question = Question(pool_id=POOL.ref.pool_id, region="us-east-1", address=address)
    answered = asker(deployment, lists).answer(question)
    assert isinstance(answered, Explained)
    return answered


def test_explains_a_pool_that_can_send_and_writes_nothing() -> None:
    deployment = sound()

    answered = explained(deployment)

    assert answered.verdict.answer is Answer.YES
    assert answered.path.pool == POOL
    assert answered.address is None
    assert not deployment.ledger.looks.held
    assert not deployment.ledger.findings.held
    assert not deployment.hints.waiting
    assert not deployment.repairs.waiting


def test_says_what_would_be_repaired_and_orders_nothing() -> None:
    deployment = Deployment()
    domain = identity_ref("codes@shop.example", region="eu-west-3")
    there = identity("codes@shop.example", region="eu-west-3", tags={"mailwarden:cognito": "account"})
    deployment.hold(pool("eu-west-3", email=custom_from(domain)), there)

    answered = asker(deployment).answer(Question(pool_id="eu-west-3_EXAMPLE"))

    assert isinstance(answered, Explained)
    assert answered.verdict.deciding is Link.AUTHORIZATION
    (said,) = [said for said in answered.said_about(Link.AUTHORIZATION) if said.finding.rule_id == "MW401"]
    assert isinstance(said.decision, Repair)
    assert not deployment.repairs.waiting
    assert not deployment.written


def test_says_why_nothing_would_be_repaired() -> None:
    deployment = Deployment(mode=RepairMode.OFF)
    domain = identity_ref("codes@shop.example", region="eu-west-3")
    deployment.hold(pool("eu-west-3", email=custom_from(domain)), identity("codes@shop.example", region="eu-west-3"))

    answered = asker(deployment).answer(Question(pool_id="eu-west-3_EXAMPLE"))

    assert isinstance(answered, Explained)
    (said,) = [said for said in answered.said_about(Link.AUTHORIZATION) if said.finding.rule_id == "MW401"]
    assert isinstance(said.decision, Report)
    assert said.decision.reason == message("decision.repair-mode-off")


def test_names_the_last_look_on_record() -> None:
    deployment = sound()
    look = a_look(POOL.ref)
    deployment.ledger.looks.put(look)

    answered = explained(deployment)

    assert answered.last_look == look


def test_looks_first_where_the_id_says_and_then_in_every_watched_region() -> None:
    deployment = Deployment()
    replica = pool("eu-west-3", pool_id="sa-east-1_Replicated")
    deployment.hold(replica)

    answered = asker(deployment).answer(Question(pool_id="sa-east-1_Replicated"))

    assert isinstance(answered, Explained)
    assert answered.path.pool.ref.region == "eu-west-3"


def test_a_region_that_is_named_is_the_only_one_looked_at() -> None:
    deployment = sound()

    answered = asker(deployment).answer(Question(pool_id=POOL.ref.pool_id, region="eu-west-3"))

    assert isinstance(answered, PoolNotSeen)
    assert answered.missing_in == ("eu-west-3",)
    assert not answered.refused


def test_a_pool_in_no_region_names_those_that_have_it_not_and_those_that_refused() -> None:
    deployment = Deployment()
    refused = unread("cognito-idp:DescribeUserPool", "eu-west-3")
    deployment.pools.held[pool_ref("eu-west-3", pool_id="us-east-1_Nowhere")] = refused

    answered = asker(deployment).answer(Question(pool_id="us-east-1_Nowhere"))

    assert isinstance(answered, PoolNotSeen)
    assert answered.missing_in == tuple(region for region in deployment.watched_regions if region != "eu-west-3")
    assert answered.refused == (refused,)
    assert answered.unwatched == ()


def test_an_address_that_is_not_on_the_list_is_sent() -> None:
    answered = explained(sound(), address=JANE)

    (ses_state,) = ses_states(answered)
    assert ses_state.fate is Fate.SENT
    assert english(ses_state.message) == "the address is not on the suppression list of the SES account in us-east-1"


def test_an_address_on_the_list_is_taken_and_not_sent() -> None:
    lists = HeldSuppressionLists(held={("us-east-1", JANE): an_entry()})

    answered = explained(sound(), lists, address=JANE)

    (ses_state,) = ses_states(answered)
    assert ses_state.fate is Fate.NOT_SENT
    assert english(ses_state.message) == (
        "SES in us-east-1 accepts mail to this address and does not send it, since 2026-03-02 12:00 UTC, "
        "because a mail to it bounced"
    )


@pytest.mark.parametrize(
    ("reasons", "off"), [((), "suppression"), (("COMPLAINT",), "suppression for BOUNCE")], ids=["none", "the other"]
)
def test_a_set_that_switches_suppression_off_sends_all_the_same(reasons: tuple[str, ...], off: str) -> None:
    deployment = Deployment()
    deployment.hold(
        pool(email=developer(identity_ref(), configuration_set="mail")),
        identity(),
        configuration_set("mail", suppressed_reasons=reasons),
    )
    lists = HeldSuppressionLists(held={("us-east-1", JANE): an_entry()})

    (ses_state,) = ses_states(explained(deployment, lists, address=JANE))

    assert ses_state.fate is Fate.SENT
    assert english(ses_state.message).endswith(
        f"but the configuration set mail switches {off} off, so SES sends the mail"
    )


def test_a_set_of_its_own_reasons_comes_before_the_account() -> None:
    deployment = Deployment()
    deployment.hold(
        pool(email=developer(identity_ref(), configuration_set="mail")),
        identity(),
        configuration_set("mail", suppressed_reasons=("BOUNCE",)),
    )
    deployment.accounts.held["us-east-1"] = ses_account(suppressed_reasons=())
    lists = HeldSuppressionLists(held={("us-east-1", JANE): an_entry()})

    (ses_state,) = ses_states(explained(deployment, lists, address=JANE))

    assert ses_state.fate is Fate.NOT_SENT


def test_an_account_that_suppresses_nothing_sends_all_the_same() -> None:
    deployment = sound()
    deployment.accounts.held["us-east-1"] = ses_account(suppressed_reasons=())
    lists = HeldSuppressionLists(held={("us-east-1", JANE): an_entry("COMPLAINT")})

    (ses_state,) = ses_states(explained(deployment, lists, address=JANE))

    assert ses_state.fate is Fate.SENT
    assert english(ses_state.message).endswith(
        "because its owner marked a mail as spam, but the SES account in us-east-1 switches suppression off, "
        "so SES sends the mail"
    )


def test_a_list_that_may_not_be_read_leaves_it_unknown_and_says_why() -> None:
    lists = HeldSuppressionLists(refused=unread("ses:GetSuppressedDestination"))

    (ses_state,) = ses_states(explained(sound(), lists, address=JANE))

    assert ses_state.fate is Fate.UNKNOWN
    assert "is unknown (AccessDenied: ses:GetSuppressedDestination in us-east-1)" in english(ses_state.message)


@pytest.mark.parametrize("what", ["account", "set"])
def test_suppression_that_may_not_be_read_leaves_it_unknown_and_says_why(what: str) -> None:
    deployment = Deployment()
    deployment.hold(pool(email=developer(identity_ref(), configuration_set="mail")), identity())
    refusal = unread("ses:GetAccount" if what == "account" else "ses:GetConfigurationSet")
    deployment.hold(configuration_set("mail"))
    if what == "account":
        deployment.accounts.held["us-east-1"] = refusal
    else:
        deployment.configuration_sets.held[configuration_set("mail").ref] = refusal
    lists = HeldSuppressionLists(held={("us-east-1", JANE): an_entry()})

    (ses_state,) = ses_states(explained(deployment, lists, address=JANE))

    assert ses_state.fate is Fate.UNKNOWN
    assert english(ses_state.message).endswith(f"whether this affects this pool's mail is unknown ({refusal})")


def test_the_default_sender_has_a_list_that_nobody_else_can_see() -> None:
    deployment = Deployment()
    deployment.hold(pool())
    lists = HeldSuppressionLists()

    answered = explained(deployment, lists, address=JANE)

    assert isinstance(answered.address, ListOfCognito)
    assert not lists.asked


def test_a_from_of_ours_on_the_default_sender_changes_nothing_about_its_list() -> None:
    deployment = Deployment()
    ref = identity_ref()
    deployment.hold(pool(email=custom_from(ref)), identity(policies={"cognito": sending_policy(ref, pool_ref())}))
    lists = HeldSuppressionLists()

    answered = explained(deployment, lists, address=JANE)

    assert isinstance(answered.address, ListOfCognito)
    assert not lists.asked


@pytest.mark.parametrize(
    ("of", "because"),
    [
        (pool(custom_sender_lambda=LAMBDA), "this path is not used"),
        (pool(email=developer(None)), "the pool names no identity to send as"),
        (pool(email=developer(identity_ref(account=OTHER_ACCOUNT))), f"an identity of account {OTHER_ACCOUNT}"),
    ],
    ids=["custom sender", "no identity", "another account"],
)
def test_where_no_list_of_ours_decides_it_says_so(of: PoolReading, because: str) -> None:
    deployment = Deployment()
    deployment.pools.held[POOL.ref] = of
    lists = HeldSuppressionLists()

    answered = explained(deployment, lists, address=JANE)

    assert isinstance(answered.address, NoListOfOurs)
    assert because in english(answered.address.reason)
    assert not lists.asked


def test_a_question_does_not_show_the_address_it_is_about() -> None:
    question = Question(pool_id="us-east-1_A", address=JANE)

    assert "jane" not in repr(question)
    assert question.address == JANE


def ses_states(answered: Explained) -> tuple[AddressInRegion, ...]:
    assert isinstance(answered.address, LookedUp)
    return answered.address.ses_states
