"""The optional configuration set: the same in every region, with the events that MW604 requires."""

import pytest

from tests.infrastructure.templates import HOME, REGIONS, template, written
from tools.watch_regions import Watch

SET, EVENTS = "ConfigurationSet", "ConfigurationSetEvents"


@pytest.mark.parametrize("name", [HOME, REGIONS])
def test_there_is_one_only_if_the_parameter_asks_for_it(name: str) -> None:
    parameter = template(name).parameters["CreateConfigurationSet"]

    assert (parameter["Default"], parameter["AllowedValues"]) == ("no", ["no", "yes"])
    assert written(name)["Conditions"]["HasConfigurationSet"] == {
        "Fn::Equals": [{"Ref": "CreateConfigurationSet"}, "yes"]
    }
    for resource in (SET, EVENTS):
        assert written(name)["Resources"][resource]["Condition"] == "HasConfigurationSet"


def test_it_is_the_same_everywhere_and_has_the_home_stack_s_name() -> None:
    home, elsewhere = template(HOME).properties(SET), template(REGIONS).properties(SET)

    assert home.pop("Name") == template(HOME).outputs["ConfigurationSetName"]["Value"]
    assert elsewhere.pop("Name") == "${ConfigurationSetName}"
    assert home == elsewhere == {"ReputationOptions": {"ReputationMetricsEnabled": True}}
    assert template(HOME).properties(EVENTS) == template(REGIONS).properties(EVENTS)


def test_it_sends_every_failure_of_a_mail_to_eventbridge() -> None:
    destination = template(HOME).properties(EVENTS)["EventDestination"]

    assert destination["Enabled"] is True
    assert set(destination["MatchingEventTypes"]) == {
        "bounce",
        "complaint",
        "reject",
        "renderingFailure",
        "deliveryDelay",
    }
    # SES guide, "Set up an Amazon EventBridge destination": only the default bus.
    assert destination["EventBridgeDestination"]["EventBusArn"].endswith(":event-bus/default")


@pytest.mark.parametrize(
    ("region", "wanted", "given"),
    [
        ("eu-west-1", "yes", "yes"),
        ("eu-west-1", "no", "no"),
        # No SES; and SES, but not yet its types in CloudFormation: a template with an unknown type is refused.
        ("ap-east-1", "yes", "no"),
        ("ap-southeast-4", "yes", "no"),
        ("eu-south-2", "yes", "no"),
    ],
)
def test_a_region_whose_cloudformation_has_no_such_type_gets_none_whatever_is_asked_for(
    region: str, wanted: str, given: str
) -> None:
    watch = Watch(
        stack="mailwarden",
        home="us-east-1",
        watched=region,
        outputs={"CreateConfigurationSet": wanted, "EventBusArn": "arn"},
        template="",
        connect=lambda region: region,
        poll_seconds=0,
    )

    assert watch.parameters(region) == {"CreateConfigurationSet": given, "EventBusArn": "arn"}
