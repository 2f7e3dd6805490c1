"""What is remembered and kept, and who is woken when Mailwarden itself fails."""

import pytest

from mailwarden.adapters.metrics.own_metrics import OwnMetric
from tests.infrastructure.templates import ALARM, FUNCTION, HOME, globals_of_functions, template


def alarms() -> dict[tuple[str, str, str], str]:
    """The alarms, by namespace, metric and the value of the dimension."""
    found = {}
    for logical_id, alarm in template(HOME).of_type(ALARM).items():
        (dimension,) = alarm["Dimensions"]
        found[alarm["Namespace"], alarm["MetricName"], dimension["Value"]] = logical_id
    return found


def own(metric: OwnMetric) -> tuple[str, str, str]:
    """A metric of ours as an alarm names it: with the namespace and the service that Powertools is given."""
    namespace = template(HOME).properties("SweepFunction")["Environment"]["Variables"]["POWERTOOLS_METRICS_NAMESPACE"]
    return namespace, metric, globals_of_functions()["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]


@pytest.mark.parametrize("table", ["LedgerTable", "JournalTable"])
def test_a_table_costs_what_is_used_and_can_be_brought_back(table: str) -> None:
    properties = template(HOME).properties(table)

    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["KeySchema"] == [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]


def test_the_ledger_forgets_what_expires_and_streams_what_changes() -> None:
    properties = template(HOME).properties("LedgerTable")
    keys = {
        index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
        for index in properties["GlobalSecondaryIndexes"]
    }

    assert properties["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert properties["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
    assert keys == {
        "awaiting": ["awaiting", "announce_after"],
        "open": ["open", "opened_at"],
        "fixes": ["fix_resource", "fix_turn"],
    }
    assert template(HOME).resources["LedgerTable"]["DeletionPolicy"] == "Delete"


def test_the_journal_outlives_the_stack_and_never_forgets() -> None:
    resource, properties = template(HOME).resources["JournalTable"], template(HOME).properties("JournalTable")
    index, by_month = sorted(properties["GlobalSecondaryIndexes"], key=lambda each: each["IndexName"], reverse=True)

    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
    assert properties["DeletionProtectionEnabled"] is True
    assert "TimeToLiveSpecification" not in properties
    assert index["IndexName"] == "by_resource"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["resource", "at"]
    assert by_month["IndexName"] == "by_month"
    assert [key["AttributeName"] for key in by_month["KeySchema"]] == ["month", "at"]


def test_nothing_but_the_journal_stays_when_the_stack_goes() -> None:
    kept = {logical_id for logical_id, resource in template(HOME).resources.items() if "Retain" in str(resource)}
    layers = template(HOME).of_type("AWS::Serverless::LayerVersion")

    assert kept == {"JournalTable"}
    assert {layer["RetentionPolicy"] for layer in layers.values()} == {"Delete"}


def test_a_message_that_nobody_could_handle_wakes_somebody() -> None:
    put_aside = [queue for queue in template(HOME).of_type("AWS::SQS::Queue") if not is_worked_off(queue)]

    assert len(put_aside) == 7
    for queue in put_aside:
        assert ("AWS/SQS", "ApproximateNumberOfMessagesVisible", f"${{{queue}.QueueName}}") in alarms()


def is_worked_off(queue: str) -> bool:
    return "RedrivePolicy" in template(HOME).properties(queue)


def test_a_function_that_fails_wakes_somebody() -> None:
    for function in template(HOME).of_type(FUNCTION):
        assert ("AWS/Lambda", "Errors", f"${{{function}}}") in alarms()


def test_a_sweep_that_does_not_end_or_does_not_run_wakes_somebody() -> None:
    alarm = template(HOME).properties(alarms()[own(OwnMetric.SWEEP_AGE)])

    assert alarm["Threshold"] == "${StaleSweepSeconds}"
    assert alarm["InsufficientDataActions"] == alarm["AlarmActions"]


def test_rates_that_were_not_read_for_an_hour_or_never_wake_somebody() -> None:
    alarm = template(HOME).properties(alarms()[own(OwnMetric.REPUTATION_AGE)])

    assert alarm["Threshold"] == 3600
    assert alarm["InsufficientDataActions"] == alarm["AlarmActions"]
    # The figure of a run every fifteen minutes: a shorter period would often be empty.
    assert alarm["Period"] == 15 * 60
    assert alarm["EvaluationPeriods"] > 1


def test_pools_that_the_deployed_sdk_does_not_know_whole_wake_somebody() -> None:
    alarm = template(HOME).properties(alarms()[own(OwnMetric.OUTDATED_SDK)])

    assert (alarm["Statistic"], alarm["Threshold"]) == ("Maximum", 0)
    # The sweep reports each minute; that it does not run is another alarm's.
    assert (alarm["Period"], alarm["TreatMissingData"]) == (300, "notBreaching")


def test_every_alarm_goes_to_operations_and_is_named_as_its_topic_expects() -> None:
    for alarm in template(HOME).of_type(ALARM).values():
        assert alarm["AlarmActions"] == ["${OperationsTopic}"]
        assert alarm["AlarmName"].startswith("${AWS::StackName}-")
        assert alarm["AlarmDescription"]
        assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
