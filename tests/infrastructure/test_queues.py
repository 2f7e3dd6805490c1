"""Who may put a message where, how it is taken, and where it ends if nobody can handle it."""

import re
from datetime import timedelta
from typing import Any

import pytest

from mailwarden.domain.findings.lifecycle import OUTCOME_PATIENCE
from mailwarden.inbound.ses.signals import DELIVERY_FAILURES_QUEUE
from mailwarden.service.repair.write_protocol import LONGEST_WRITE
from tests.infrastructure.templates import FUNCTION, HOME, QUEUE, RULE, as_list, globals_of_functions, template

POLICY = "AWS::SQS::QueuePolicy"

DEAD_LETTERS = {
    "HintsQueue": "HintsDeadLetters",
    "RepairsQueue": "RepairsDeadLetters",
    "ChatQueue": "ChatDeadLetters",
    "DeliveryFailuresQueue": "DeliveryFailuresDeadLetters",
    "FeedbackQueue": "FeedbackDeadLetters",
}
SENDERS = {
    "HintsQueue": [
        "${InspectRole.Arn}",
        "${RepairRole.Arn}",
        "${SweepRole.Arn}",
        "${TallyRole.Arn}",
        "${ReputationRole.Arn}",
        "${OperatorRoleArn}",
    ],
    "RepairsQueue": ["${InspectRole.Arn}", "${RepairRole.Arn}", "${OperatorRoleArn}"],
    "ChatQueue": ["${AnnounceRole.Arn}", "${OperatorRoleArn}"],
    "DeliveryFailuresQueue": ["${OperatorRoleArn}"],
    "FeedbackQueue": ["${OperatorRoleArn}"],
}
# What anybody may cause comes in floods, in queues of its own, and is written once for each batch.
FLOODED = frozenset({"${DeliveryFailuresQueue.Arn}", "${FeedbackQueue.Arn}"})
FIFO = frozenset({"RepairsQueue", "ChatQueue", "RepairsDeadLetters", "ChatDeadLetters"})
FOURTEEN_DAYS = 1_209_600


def statements(queue: str) -> dict[str, dict[str, Any]]:
    policy = template(HOME).properties(f"{queue}Policy")
    assert policy["Queues"] == [f"${{{queue}}}"]
    return {statement["Sid"]: statement for statement in policy["PolicyDocument"]["Statement"]}


@pytest.mark.parametrize("queue", DEAD_LETTERS)
def test_a_queue_we_read_from_refuses_everybody_but_our_own_senders(queue: str) -> None:
    """In one account an identity policy alone would let any principal send: only an explicit Deny keeps forgers out."""
    deny = statements(queue)["DenyOtherSenders"]

    assert deny["Effect"] == "Deny"
    assert deny["Principal"] == "*"
    assert deny["Action"] == "sqs:SendMessage"
    assert deny["Resource"] == f"${{{queue}.Arn}}"
    assert deny["Condition"]["ArnNotEquals"] == {"aws:PrincipalArn": SENDERS[queue]}


@pytest.mark.parametrize("queue", ["HintsQueue", "DeliveryFailuresQueue", "FeedbackQueue"])
def test_only_those_rules_of_ours_that_have_a_queue_as_their_target_send_to_it_besides(queue: str) -> None:
    rules = [
        f"${{{logical_id}.Arn}}"
        for logical_id, rule in template(HOME).of_type(RULE).items()
        if rule["Targets"][0]["Arn"] == f"${{{queue}.Arn}}"
    ]
    allow = statements(queue)["AllowOurRules"]
    deny = statements(queue)["DenyOtherSenders"]

    assert rules
    assert allow["Principal"] == {"Service": "events.amazonaws.com"}
    assert allow["Condition"] == {"ArnEquals": {"aws:SourceArn": rules}}
    # A service has no aws:PrincipalArn and would be denied by its absence; an anonymous caller has neither key.
    assert deny["Condition"]["BoolIfExists"] == {"aws:PrincipalIsAWSService": "false"}


def test_besides_our_rules_only_listed_topics_send_feedback() -> None:
    allowed = {sid: each for sid, each in statements("FeedbackQueue").items() if each["Effect"] == "Allow"}
    pattern = template(HOME).parameters["FeedbackTopicArns"]["AllowedPattern"]

    assert set(allowed) == {"AllowOurRules", "AllowListedTopics", "AllowListedTopicsOfOptInRegions"}
    assert allowed["AllowListedTopics"] == {
        "Sid": "AllowListedTopics",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "${FeedbackQueue.Arn}",
        "Condition": {"ArnEquals": {"aws:SourceArn": "${FeedbackTopicArns} by ,"}},
    }
    assert allowed["AllowListedTopicsOfOptInRegions"] == {
        "Sid": "AllowListedTopicsOfOptInRegions",
        "Effect": "Allow",
        # Nobody but SNS, as the two keys of the caller say, and only for the listed topics.
        "Principal": "*",
        "Action": "sqs:SendMessage",
        "Resource": "${FeedbackQueue.Arn}",
        "Condition": {
            "ArnEquals": {"aws:SourceArn": "${FeedbackTopicArns} by ,"},
            "Bool": {"aws:PrincipalIsAWSService": "true"},
            "StringLike": {"aws:PrincipalServiceName": "sns.*.amazonaws.com"},
        },
    }
    assert template(HOME).parameters["FeedbackTopicArns"]["Default"] == ""
    assert re.fullmatch(pattern, "arn:aws:sns:eu-west-1:123456789012:bounces,arn:aws:sns:us-east-1:123456789012:all")
    assert not re.fullmatch(pattern, "arn:aws:sns:eu-west-1:123456789012:*")
    assert not re.fullmatch(pattern, "*")


def test_no_rule_sends_to_the_queues_of_repairs_and_of_chat() -> None:
    for queue in ("RepairsQueue", "ChatQueue"):
        assert [statement["Effect"] for statement in statements(queue).values()] == ["Deny", "Deny"]
        assert set(statements(queue)["DenyOtherSenders"]["Condition"]) == {"ArnNotEquals"}


def test_what_eventbridge_cannot_deliver_may_be_put_aside_by_each_of_our_rules_and_schedules() -> None:
    schedules = [
        f"${{{function}{name}.Arn}}" for function, name, kind, _ in template(HOME).sources() if kind == "Schedule"
    ]
    rules = [f"${{{logical_id}.Arn}}" for logical_id in template(HOME).of_type(RULE)]

    allow = statements("EventBridgeDeadLetters")["AllowOurRules"]

    assert allow["Principal"] == {"Service": "events.amazonaws.com"}
    assert sorted(allow["Condition"]["ArnEquals"]["aws:SourceArn"]) == sorted(rules + schedules)


@pytest.mark.parametrize("policy", template(HOME).of_type(POLICY))
def test_a_queue_with_a_policy_is_spoken_to_over_tls_only(policy: str) -> None:
    deny = statements(policy.removesuffix("Policy"))["DenyWithoutTls"]

    assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", "*", "sqs:*")
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("queue", "tries"),
    [("HintsQueue", 8), ("RepairsQueue", 8), ("DeliveryFailuresQueue", 8), ("FeedbackQueue", 8), ("ChatQueue", 40)],
)
def test_a_queue_gives_up_after_some_tries_and_outwaits_the_function(queue: str, tries: int) -> None:
    properties = template(HOME).properties(queue)

    assert properties["RedrivePolicy"] == {
        "deadLetterTargetArn": f"${{{DEAD_LETTERS[queue]}.Arn}}",
        "maxReceiveCount": tries,
    }
    assert properties["VisibilityTimeout"] >= 6 * globals_of_functions()["Timeout"]


def test_a_lease_outlives_the_function_and_is_over_when_the_order_comes_again() -> None:
    timeouts = (globals_of_functions()["Timeout"], template(HOME).properties("RepairsQueue")["VisibilityTimeout"])
    function, comes_again = (timedelta(seconds=seconds) for seconds in timeouts)

    assert "Timeout" not in template(HOME).properties("RepairFunction")
    assert function < LONGEST_WRITE < comes_again < OUTCOME_PATIENCE


@pytest.mark.parametrize("queue", template(HOME).of_type(QUEUE))
def test_a_fifo_queue_is_one_in_name_and_nature_and_so_are_its_dead_letters(queue: str) -> None:
    properties = template(HOME).properties(queue)

    assert properties.get("FifoQueue", False) == (queue in FIFO)
    assert properties["QueueName"].endswith(".fifo") == (queue in FIFO)


def test_the_queue_of_failed_calls_alone_has_the_name_by_which_they_are_believed() -> None:
    named = {queue for queue in template(HOME).of_type(QUEUE) if name_of(queue).endswith(DELIVERY_FAILURES_QUEUE)}

    assert named == {"DeliveryFailuresQueue"}
    assert not any("sns.amazonaws.com" in str(statement) for statement in statements("DeliveryFailuresQueue").values())


def name_of(queue: str) -> str:
    found: str = template(HOME).properties(queue)["QueueName"]
    return found


@pytest.mark.parametrize(
    "queue", [*DEAD_LETTERS.values(), "EventBridgeDeadLetters", "FunctionFailures", "RepairsQueue"]
)
def test_what_waits_for_people_waits_as_long_as_sqs_can_keep_it(queue: str) -> None:
    assert template(HOME).properties(queue)["MessageRetentionPeriod"] == FOURTEEN_DAYS


def test_a_repair_settles_before_it_is_looked_at() -> None:
    assert template(HOME).properties("RepairsQueue")["DelaySeconds"] == "${SettleSeconds}"


def test_each_queue_is_taken_by_one_function_in_batches_that_report_what_failed() -> None:
    taken = {
        properties["Queue"]: (function, properties)
        for function, _, kind, properties in template(HOME).sources()
        if kind == "SQS"
    }

    assert {queue: function for queue, (function, _) in taken.items()} == {
        "${HintsQueue.Arn}": "InspectFunction",
        "${RepairsQueue.Arn}": "RepairFunction",
        "${ChatQueue.Arn}": "SlackFunction",
        "${DeliveryFailuresQueue.Arn}": "TallyFunction",
        "${FeedbackQueue.Arn}": "TallyFunction",
    }
    for queue, (_, properties) in taken.items():
        assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert properties["ScalingConfig"]["MaximumConcurrency"] >= 2
        # Nothing else may wait to be gathered.
        assert ("MaximumBatchingWindowInSeconds" in properties) == (queue in FLOODED)
        assert (properties["BatchSize"] > 10) == (queue in FLOODED)


def test_only_announce_publishes_alerts_and_only_alarms_of_ours_reach_operations() -> None:
    topics = {
        logical_id: {statement["Sid"]: statement for statement in policy["PolicyDocument"]["Statement"]}
        for logical_id, policy in template(HOME).of_type("AWS::SNS::TopicPolicy").items()
    }
    alerts = topics["AlertsTopicPolicy"]["DenyOtherPublishers"]
    alarms = topics["OperationsTopicPolicy"]["AllowOurAlarms"]

    assert alerts["Effect"] == "Deny"
    assert alerts["Principal"] == "*"
    assert as_list(alerts["Action"]) == ["sns:Publish"]
    assert alerts["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": "${AnnounceRole.Arn}"}}
    assert alarms["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert alarms["Condition"]["StringEquals"] == {"aws:SourceAccount": "${AWS::AccountId}"}
    for statements_of_topic in topics.values():
        assert statements_of_topic["DenyWithoutTls"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_lambda_stops_no_chain_of_our_messages_and_only_those() -> None:
    """By default Lambda drops the message after 16 invocations of a function in a chain of messages (docs/adr/0059)."""
    functions = {
        logical_id.removesuffix("Function"): properties
        for logical_id, properties in template(HOME).of_type(FUNCTION).items()
    }
    reads = {
        name: {event["Properties"]["Queue"] for event in each.get("Events", {}).values() if event["Type"] == "SQS"}
        for name, each in functions.items()
    }
    leads_to = {
        name: {
            reader
            for queue, senders in SENDERS.items()
            for reader, queues in reads.items()
            if f"${{{name}Role.Arn}}" in senders and f"${{{queue}.Arn}}" in queues
        }
        for name in functions
    }

    def reached_from(name: str) -> set[str]:
        reached, left = set[str](), set(leads_to[name])
        while left:
            reached.add(following := left.pop())
            left |= leads_to[following] - reached
        return reached

    loops = {name for name in functions if name in reached_from(name)}
    assert loops == {"Inspect", "Repair"}
    assert {name for name, each in functions.items() if each.get("RecursiveLoop") == "Allow"} == loops
