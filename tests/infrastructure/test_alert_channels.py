"""The channels that a stack may have: their parameters, and the permissions that come with them only."""

import json
import re

import pytest

from tests.infrastructure.templates import HOME, template, written

DEFAULT_BUS = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/default"


@pytest.mark.parametrize(
    ("bus", "accepted"),
    [
        ("", True),
        ("default", True),
        ("arn:aws:events:eu-west-1:123456789012:event-bus/default", True),
        ("arn:aws-cn:events:cn-north-1:123456789012:event-bus/incidents", True),
        # A partner bus has slashes in its name.
        ("arn:aws:events:eu-west-1:123456789012:event-bus/aws.partner/example.com/1", True),
        ("incidents", False),
        ("arn:aws:events:eu-west-1:123456789012:rule/incidents", False),
        ("arn:aws:events:eu-west-1:123456789012:event-bus/*", False),
        ("arn:aws:sns:eu-west-1:123456789012:incidents", False),
    ],
)
def test_the_bus_for_copies_of_alerts_is_the_default_one_or_named_by_its_whole_arn(bus: str, accepted: bool) -> None:
    pattern = template(HOME).parameters["IncidentEventBus"]["AllowedPattern"]

    assert (re.fullmatch(pattern, bus) is not None) is accepted


def test_a_copy_of_an_alert_is_put_on_the_chosen_bus_only_and_a_bus_of_the_account_is_looked_up_before() -> None:
    (policy,) = written(HOME)["Resources"]["AnnounceRole"]["Properties"]["Policies"]
    ((condition, statement, otherwise),) = (
        each["Fn::If"] for each in policy["PolicyDocument"]["Statement"] if "CopyAlerts" in str(each)
    )

    assert (condition, otherwise) == ("HasIncidentBus", {"Ref": "AWS::NoValue"})
    assert statement["Resource"]["Fn::If"] == ["IsDefaultBus", {"Fn::Sub": DEFAULT_BUS}, {"Ref": "IncidentEventBus"}]
    assert statement["Action"]["Fn::If"] == [
        "IsDefaultBus",
        "events:PutEvents",
        ["events:DescribeEventBus", "events:PutEvents"],
    ]


def test_the_topic_of_amazon_q_exists_only_where_it_is_asked_for_and_only_the_announcer_publishes_to_it() -> None:
    resources = written(HOME)["Resources"]
    of_notifications = {name for name in resources if name.startswith("Notifications")}
    policy = template(HOME).properties("NotificationsTopicPolicy")["PolicyDocument"]
    expected = json.dumps(template(HOME).properties("AlertsTopicPolicy")["PolicyDocument"])

    assert of_notifications == {"NotificationsTopic", "NotificationsTopicPolicy"}
    assert {resources[name]["Condition"] for name in of_notifications} == {"HasAmazonQ"}
    assert template(HOME).outputs["NotificationsTopicArn"]["Condition"] == "HasAmazonQ"
    assert json.dumps(policy) == expected.replace("AlertsTopic", "NotificationsTopic")
