"""Every call that can change something is received or left out for a reason, and a new SDK shows new calls."""

import pytest

from tests.infrastructure.templates import HOME, REGIONS, ROOT, template
from tools import call_docs

# EventBridge's own idea of a read (user guide, "Receiving read-only management events from AWS services").
READS = ("Describe", "Get", "List")
OPERATIONS = call_docs.operations_of_the_sdk()
LEFT_OUT = call_docs.left_out()


@pytest.mark.parametrize("service", call_docs.SERVICES)
def test_every_operation_of_the_sdk_that_is_no_read_is_heard_or_left_out_for_a_reason(service: str) -> None:
    changing = {name for name in OPERATIONS[service] if not name.startswith(READS)}

    unknown = changing - call_docs.received(service).keys() - LEFT_OUT[service].keys()
    assert not unknown, (
        "the SDK has new operations: receive them (inbound/cloudtrail/calls.py, both templates), or write the reason "
        f"why not into tools/calls_left_out.toml: {sorted(unknown)}"
    )


@pytest.mark.parametrize("service", call_docs.SERVICES)
def test_no_call_is_left_out_that_is_heard_or_that_does_not_exist(service: str) -> None:
    assert not LEFT_OUT[service].keys() & call_docs.received(service).keys()
    assert LEFT_OUT[service].keys() <= OPERATIONS[service]


def test_every_call_that_is_heard_exists() -> None:
    of_ses = OPERATIONS["ses"] | OPERATIONS["sesv2"]

    assert call_docs.received("ses").keys() <= of_ses
    for service in ("cognito-idp", "iam"):
        assert call_docs.received(service).keys() <= OPERATIONS[service]


@pytest.mark.parametrize("name", [HOME, REGIONS])
@pytest.mark.parametrize("service", call_docs.SERVICES)
def test_the_rule_that_the_page_names_asks_for_the_call_and_for_no_other(service: str, name: str) -> None:
    received = call_docs.received(service)

    for rule in {call.rule for call in received.values()}:
        asked = template(name).properties(rule)["EventPattern"]["detail"]["eventName"]
        assert sorted(asked) == sorted(call for call, of in received.items() if of.rule == rule)


def test_a_reason_is_a_sentence() -> None:
    for reasons in LEFT_OUT.values():
        for reason in reasons.values():
            assert reason[0].isupper()
            assert reason.endswith(".")


def test_the_page_is_written_by_its_tool() -> None:
    assert (ROOT / "docs" / "calls.md").read_text(encoding="utf-8") == call_docs.page(), "run `make docs`"
