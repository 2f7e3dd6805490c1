"""The channels that a stack may have: their parameters, and the permissions that come with them only."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from mailwarden.domain.findings.channels import CHANNELS
from mailwarden.presentation.catalogue.languages import ENGLISH
from tests.infrastructure.templates import HOME, ROOT, template, written

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


def parameters_in(condition: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """The parameters that a condition depends on, also through others."""
    match condition:
        case {"Ref": name}:
            yield name
        case {"Condition": name}:
            yield from parameters_in(written(HOME)["Conditions"][name])
        case dict():
            yield from (name for part in condition.values() for name in parameters_in(part))
        case list():
            yield from (name for part in condition for name in parameters_in(part))
        case _:
            # A text that parameters are compared with.
            return


def parameters_of_channels() -> dict[str, tuple[str, ...]]:
    """The parameters that switch each channel on; the topic is always there."""
    variables = written(HOME)["Resources"]["AnnounceFunction"]["Properties"]["Environment"]["Variables"]
    _, (_, *optional) = variables["ALERT_CHANNELS"]["Fn::Join"]
    listed = [each["Fn::If"] for each in optional]
    return {channel: tuple(parameters_in({"Condition": condition})) for condition, channel, _ in listed}


@pytest.mark.parametrize(("channel", "parameters"), parameters_of_channels().items())
def test_a_channel_is_described_with_its_parameter_and_switched_on_in_the_tests_of_the_stack(
    channel: str, parameters: tuple[str, ...]
) -> None:
    page = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8").partition("\n## ")[0]
    deploying = [*(ROOT / "tests" / "e2e").glob("*.py"), ROOT / "sandbox" / "deploy.py"]
    deployed = "".join(path.read_text(encoding="utf-8") for path in deploying)

    assert parameters
    for name in parameters:
        assert f"`{name}`" in page, f"add a row of {channel} with {name} to the first table of docs/channels.md"
    assert any(name in deployed for name in parameters), f"switch {channel} on in _PARAMETERS of tests/e2e/conftest.py"


def test_each_channel_has_a_name_for_the_sample_alert() -> None:
    nameless = [channel for channel in CHANNELS if f"sample.{channel}" not in ENGLISH.templates]

    assert not nameless, f"write sample.… of each into catalogue/english/operator.py and the Korean module: {nameless}"
