"""`make doctor` judges the way of an event: stacks, rules, the bus, the functions and what invokes them."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mailwarden.domain.readings import Unreadable
from mailwarden.domain.repair.limits import Stop
from tests.infrastructure.templates import RULE, template
from tests.sandbox.programs.doctor_readings import BUS, DENIED, DUBLIN, HOME, NOON, ROLE, STATE, statuses
from tools.doctor.bus import BusReading, judge_bus
from tools.doctor.deliveries import DeliveryReading, judge_deliveries
from tools.doctor.events import RULES_WITH_READS, WITH_READS, RuleReading, Target, judge_rules
from tools.doctor.functions import (
    FunctionReading,
    MappingReading,
    SdkReading,
    judge_functions,
    judge_mappings,
    judge_sdk,
    judge_stop,
)
from tools.doctor.stacks import StackReading, judge_stacks


def stack(status: str | Unreadable | None, region: str = HOME) -> StackReading:
    return StackReading(region=region, name="mailwarden", status=status)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("CREATE_COMPLETE", "ok"),
        ("UPDATE_COMPLETE", "ok"),
        ("UPDATE_ROLLBACK_COMPLETE", "to do"),
        ("ROLLBACK_COMPLETE", "to do"),
        ("UPDATE_IN_PROGRESS", "to do"),
        ("DELETE_FAILED", "to do"),
        (None, "to do"),
        (DENIED, "unknown"),
    ],
)
def test_a_stack(status: str | Unreadable | None, expected: str) -> None:
    assert statuses(judge_stacks((stack(status),))) == [expected]
    assert statuses(judge_stacks((stack("CREATE_COMPLETE"), stack(status, DUBLIN)))) == [expected]


def rule(region: str, **members: object) -> RuleReading:
    is_home = region == HOME
    target = Target(arn="arn:aws:sqs:ap-northeast-2:111122223333:mailwarden-hints", role="")
    reading = RuleReading(
        region=region,
        logical_id="SesCalls",
        name="mailwarden-SesCalls-1",
        state="ENABLED",
        pattern='{"source": ["aws.ses"]}',
        targets=(target if is_home else Target(arn=BUS, role=ROLE),),
    )
    return replace(reading, **members)  # type: ignore[arg-type] # tables of cases name any member


SOUND_RULES = (rule(HOME), rule(DUBLIN), rule("us-east-1"))


READS = "FailedCodeRequests"


@pytest.mark.parametrize(
    ("logical_id", "state", "expected"),
    [
        (READS, WITH_READS, None),
        (READS, "ENABLED", "gets no read-only calls"),
        (READS, "DISABLED", "is disabled"),
        ("SesCalls", WITH_READS, None),
        ("SesCalls", "ENABLED", None),
        ("SesCalls", "DISABLED", "is disabled"),
        ("SesCalls", "A_STATE_OF_TOMORROW", "is disabled"),
    ],
)
def test_no_advice_takes_the_read_only_calls_from_a_rule(logical_id: str, state: str, expected: str | None) -> None:
    rules = tuple(rule(region, logical_id=logical_id, state=state) for region in (HOME, DUBLIN))

    lines = [line for line in judge_rules(rules, home=HOME, bus=BUS, role=ROLE, stack="mailwarden") if line.to_do]

    assert len(lines) == (0 if expected is None else 2)
    assert all(expected is not None and line.what.endswith(expected) for line in lines)
    assert not any("enable-rule" in line.to_do for line in lines if logical_id == READS)


def test_the_rules_with_read_only_calls_are_those_of_the_templates() -> None:
    declared = {
        (logical_id, rule_of.get("State", "ENABLED"))
        for path in ("template.yaml", "regions.yaml")
        for logical_id, rule_of in template(path).of_type(RULE).items()
    }

    assert {logical_id for logical_id, state in declared if state == WITH_READS} == RULES_WITH_READS


@pytest.mark.parametrize(
    ("odd", "expected"),
    [
        (rule(DUBLIN), "ok"),
        (rule(DUBLIN, state=None), "to do"),
        (rule(DUBLIN, state="DISABLED"), "to do"),
        (rule(DUBLIN, state=DENIED), "unknown"),
        (rule(DUBLIN, targets=()), "to do"),
        (rule(DUBLIN, targets=DENIED), "unknown"),
        (rule(DUBLIN, targets=(Target(arn=BUS, role=""),)), "to do"),
        (rule(DUBLIN, targets=(Target(arn=f"{BUS}-2", role=ROLE),)), "to do"),
        (rule(DUBLIN, pattern='{"source": ["aws.iam"]}'), "to do"),
        (rule(HOME, targets=(Target(arn=BUS, role=ROLE),)), "to do"),
        (rule(HOME, targets=(Target(arn="arn:aws:sqs:ap-northeast-2:111122223333:other", role=""),)), "to do"),
    ],
)
def test_a_rule(odd: RuleReading, expected: str) -> None:
    found = judge_rules((*SOUND_RULES, odd), home=HOME, bus=BUS, role=ROLE, stack="mailwarden")

    assert statuses(found) == [expected]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, ["ok"]),
        ({"admitted": None}, ["to do"]),
        ({"admitted": ()}, ["to do"]),
        ({"admitted": ("111122223333",)}, ["ok"]),
        ({"admitted": ("999999999999",)}, ["to do"]),
        ({"admitted": DENIED}, ["unknown"]),
        ({"trusted": None, "allowed": None}, ["to do", "to do"]),
        ({"trusted": ("lambda.amazonaws.com",)}, ["to do"]),
        ({"allowed": ()}, ["to do"]),
        ({"allowed": DENIED}, ["unknown"]),
    ],
)
def test_the_bus(members: dict[str, object], expected: list[str]) -> None:
    reading = BusReading(
        arn=BUS,
        admitted=("arn:aws:iam::111122223333:root",),
        role=ROLE,
        trusted=("events.amazonaws.com",),
        allowed=(BUS,),
    )

    assert statuses(judge_bus(replace(reading, **members))) == expected  # type: ignore[arg-type] # as above


def mapping(logical_id: str, state: str | Unreadable | None, last: str = "OK") -> MappingReading:
    return MappingReading(logical_id=logical_id, uuid="u-1", state=state, last_result=last)


@pytest.mark.parametrize(
    ("logical_id", "state", "has_slack", "expected"),
    [
        ("InspectFunctionHints", "Enabled", True, ["ok"]),
        ("InspectFunctionHints", "Disabled", True, ["to do"]),
        ("InspectFunctionHints", None, True, ["to do"]),
        ("InspectFunctionHints", DENIED, True, ["unknown"]),
        ("SlackFunctionAlerts", "Disabled", True, ["to do"]),
        ("SlackFunctionAlerts", "Disabled", False, ["ok"]),
        ("RepairFunctionOrders", "Disabled", True, []),
    ],
)
def test_an_event_source_mapping(
    logical_id: str, state: str | Unreadable | None, expected: list[str], *, has_slack: bool
) -> None:
    assert statuses(judge_mappings((mapping(logical_id, state),), has_slack=has_slack)) == expected


def test_a_mapping_that_lambda_cannot_poll_with_is_told() -> None:
    failing = mapping("AnnounceFunctionChanges", "Enabled", "PROBLEM: the function's role cannot read the stream")

    assert statuses(judge_mappings((failing,), has_slack=True)) == ["to do"]


@pytest.mark.parametrize(
    ("state", "stop", "expected"),
    [
        ("Enabled", None, "ok"),
        ("Disabled", None, "to do"),
        ("Disabled", Stop(by="alice", since=NOON), "to do"),
        ("Enabled", Stop(by="alice", since=NOON), "to do"),
        (None, None, "to do"),
        (DENIED, None, "unknown"),
        ("Enabled", "the function ask failed", "unknown"),
    ],
)
def test_the_emergency_stop(state: str | Unreadable | None, stop: Stop | str | None, expected: str) -> None:
    found = judge_stop((mapping("RepairFunctionOrders", state),), replace(STATE, stop=stop))

    assert statuses(found) == [expected]


def test_functions_that_are_not_of_one_deployment() -> None:
    sound_one = FunctionReading(logical_id="AskFunction", state="Active", layers=("layer:1",))
    other = replace(sound_one, logical_id="RepairFunction")

    assert statuses(judge_functions((sound_one, other))) == ["ok"]
    assert statuses(judge_functions((sound_one, replace(other, layers=("layer:2",))))) == ["to do"]
    assert statuses(judge_functions((sound_one, replace(other, state=None)))) == ["to do"]
    assert statuses(judge_functions((sound_one, replace(other, state="Failed")))) == ["to do"]
    assert statuses(judge_functions((sound_one, replace(other, state=DENIED)))) == ["unknown"]


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (NOON - timedelta(days=180), "ok"),
        (NOON - timedelta(days=181), "to do"),
        (None, "to do"),
        (DENIED, "unknown"),
    ],
)
def test_the_age_of_the_sdk(published: datetime | Unreadable | None, expected: str) -> None:
    assert statuses(judge_sdk(SdkReading(published=published, version="1.43"), now=NOON)) == [expected]


@pytest.mark.parametrize(
    ("lost", "expected"),
    [
        ((("SesCalls", 0), ("UserPoolCalls", 0)), ["ok"]),
        ((("SesCalls", 2), ("UserPoolCalls", 0)), ["to do"]),
        ((("SesCalls", 2), ("UserPoolCalls", 1)), ["to do", "to do"]),
        ((), ["ok"]),
        (DENIED, ["unknown"]),
    ],
)
def test_the_events_of_another_region(lost: tuple[tuple[str, int], ...] | Unreadable, expected: list[str]) -> None:
    assert statuses(judge_deliveries([DeliveryReading(region=DUBLIN, lost=lost)])) == expected
    # A sound region does not hide another one.
    with_paris = [DeliveryReading(region=DUBLIN, lost=lost), DeliveryReading(region="eu-west-3", lost=())]
    assert statuses(judge_deliveries(with_paris)) == expected


def test_without_other_regions_nothing_is_said_of_their_events() -> None:
    assert statuses(judge_deliveries([])) == []
