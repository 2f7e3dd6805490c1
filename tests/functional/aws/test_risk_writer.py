"""The writer of risk configurations: it sends every part back, and refuses or reports what it is not certain of."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from botocore.exceptions import ReadTimeoutError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cognito.writer.risk_writer import RiskWriter
from mailwarden.domain.findings.changes import ReplaceRiskConfiguration
from mailwarden.domain.known_good.risk_configuration import risk_text
from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect, Unconfirmed, WriteResult, Written
from tests.builders import ACCOUNT
from tests.functional.aws.harness import Bench, pool_ref, shop
from tests.functional.aws.wire.wire import Answer, refusal

REF = pool_ref(shop())
CREDENTIALS = {"EventFilter": ["SIGN_UP", "SIGN_IN"], "Actions": {"EventAction": "BLOCK"}}
RANGES = {"BlockedIPRangeList": ["198.51.100.0/24", "192.0.2.0/24"]}
LOST: dict[str, object] = {
    "CompromisedCredentialsRiskConfiguration": CREDENTIALS,
    "RiskExceptionConfiguration": RANGES,
}
TAKEOVER: dict[str, dict[str, object]] = {
    "NotifyConfiguration": {
        "SourceArn": f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/shop.example",
        "From": "security@shop.example",
        "ReplyTo": "help@shop.example",
        "BlockEmail": {"Subject": "Blocked", "HtmlBody": "<p>Blocked &amp; told</p>", "TextBody": "Blocked"},
    },
    "Actions": {"HighAction": {"Notify": True, "EventAction": "BLOCK"}},
}
WANTED: dict[str, object] = {**LOST, "AccountTakeoverRiskConfiguration": TAKEOVER}
RESTORE = ReplaceRiskConfiguration(pool=REF, before=risk_text(LOST), after=risk_text(WANTED))
SILENCE = ReadTimeoutError(endpoint_url="https://cognito-idp.us-east-1.amazonaws.com/")


def write(bench: Bench, change: ReplaceRiskConfiguration = RESTORE) -> WriteResult:
    bench.cognito.put(shop())
    bench.cognito.risk.setdefault(REF.pool_id, dict(LOST))
    writer = RiskWriter(clients=Clients(bench.wire.session()), account=ACCOUNT, time=bench.time.of_writes())
    return writer.write(change, entry_id="entry")


def test_every_part_is_sent_and_no_other_pool_member(bench: Bench) -> None:
    assert write(bench) == Written(entry_id="entry")

    assert risk_text(bench.cognito.risk[REF.pool_id]) == risk_text(WANTED)
    assert bench.wire.operations() == (
        "DescribeRiskConfiguration",
        "SetRiskConfiguration",
        "DescribeRiskConfiguration",
    )


def test_the_order_of_a_list_and_absent_members_are_no_drift(bench: Bench) -> None:
    filters = {"EventFilter": ["SIGN_IN", "SIGN_UP"], "Actions": {"EventAction": "BLOCK"}}
    bench.cognito.risk[REF.pool_id] = {
        "CompromisedCredentialsRiskConfiguration": filters,
        "RiskExceptionConfiguration": {**RANGES, "SkippedIPRangeList": []},
        "AccountTakeoverRiskConfiguration": None,
    }

    assert isinstance(write(bench), Written)


@pytest.mark.parametrize(
    ("live", "member"),
    [
        ({}, "CompromisedCredentialsRiskConfiguration"),
        (WANTED, "AccountTakeoverRiskConfiguration"),
        ({**LOST, "RiskExceptionConfiguration": {}}, "RiskExceptionConfiguration"),
    ],
)
def test_what_another_actor_set_meanwhile_is_not_overwritten(
    bench: Bench, live: dict[str, object], member: str
) -> None:
    bench.cognito.risk[REF.pool_id] = live

    outcome = write(bench)

    assert isinstance(outcome, Drifted)
    assert outcome.reason.id == "write.risk-moved"
    assert member in str(outcome.reason.args)
    assert bench.wire.count("SetRiskConfiguration") == 0


def _drops_a_part(parts: dict[str, object]) -> None:
    parts.pop("RiskExceptionConfiguration")


def _adds_a_template(parts: dict[str, object]) -> None:
    parts["AccountTakeoverRiskConfiguration"] = {
        **TAKEOVER,
        "NotifyConfiguration": {**TAKEOVER["NotifyConfiguration"], "MfaEmail": {"Subject": "Default"}},
    }


@pytest.mark.parametrize("disturbed", [_drops_a_part, _adds_a_template])
def test_another_part_that_changed_with_the_write_is_an_incident(
    bench: Bench, disturbed: Callable[[dict[str, object]], object]
) -> None:
    bench.cognito.risk_disturbed_by = disturbed

    outcome = write(bench)

    assert isinstance(outcome, SideEffect)
    assert outcome.reason.id == "write.also-changed"


@pytest.mark.parametrize(
    ("operation", "answer", "reason"),
    [
        ("DescribeRiskConfiguration", refusal("AccessDeniedException"), "write.read-refused"),
        ("DescribeRiskConfiguration", refusal("UserPoolAddOnNotEnabledException"), "write.read-refused"),
        ("SetRiskConfiguration", refusal("InvalidEmailRoleAccessPolicyException"), "write.refused"),
        ("SetRiskConfiguration", refusal("AccessDeniedException"), "write.refused"),
    ],
)
def test_a_refusal_is_final_and_named(bench: Bench, operation: str, answer: Answer, reason: str) -> None:
    bench.wire.disturb(operation, 1, instead=answer)

    outcome = write(bench)

    assert isinstance(outcome, Refused)
    assert outcome.reason.id == reason
    assert risk_text(bench.cognito.risk[REF.pool_id]) == risk_text(LOST)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (replace(RESTORE, pool=replace(REF, account="999999999999")), "write.pool-of-another-account"),
        (replace(RESTORE, after=RESTORE.before), "write.no-change"),
        (replace(RESTORE, after=risk_text({**LOST, "Tomorrow": {"A": 1}})), "write.risk-not-valid"),
    ],
)
def test_a_change_that_cannot_be_is_never_sent(bench: Bench, change: ReplaceRiskConfiguration, reason: str) -> None:
    outcome = write(bench, change)

    assert isinstance(outcome, Refused)
    assert outcome.reason.id == reason
    assert bench.wire.count("SetRiskConfiguration") == 0


def test_a_part_that_the_sdk_does_not_know_forbids_the_write(bench: Bench) -> None:
    bench.cognito.risk[REF.pool_id] = {**LOST, "PartOfTomorrow": {}}

    outcome = write(bench)

    assert isinstance(outcome, Refused)
    assert outcome.reason.id == "write.unknown-members"
    assert bench.wire.count("SetRiskConfiguration") == 0


def test_a_pool_that_is_gone_has_moved(bench: Bench) -> None:
    bench.wire.disturb("DescribeRiskConfiguration", 1, instead=refusal("ResourceNotFoundException"))

    outcome = write(bench)

    assert isinstance(outcome, Drifted)
    assert outcome.reason.id == "write.pool-gone"
    assert bench.wire.count("SetRiskConfiguration") == 0


def test_a_write_that_no_second_read_confirms_stays_open(bench: Bench) -> None:
    bench.wire.disturb("DescribeRiskConfiguration", 2, 3, 4, 5, instead=SILENCE)

    assert isinstance(write(bench), Unconfirmed)


def test_a_write_that_stays_invisible_stays_open(bench: Bench) -> None:
    def unseen(parts: dict[str, object]) -> None:
        parts.clear()
        parts.update(LOST)

    bench.cognito.risk_disturbed_by = unseen

    outcome = write(bench)

    assert isinstance(outcome, Unconfirmed)
    assert outcome.reason.id == "write.not-visible"
