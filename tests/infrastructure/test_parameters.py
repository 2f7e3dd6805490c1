"""What an operator decides: how the console asks for it, and what nobody decides for them."""

import re

import pytest

from tests.infrastructure.templates import HOME, template

INTERFACE = template(HOME).metadata["AWS::CloudFormation::Interface"]
PARAMETERS = template(HOME).parameters


def test_the_console_shows_every_parameter_once_in_a_group_with_a_label() -> None:
    grouped = [name for group in INTERFACE["ParameterGroups"] for name in group["Parameters"]]
    titles = [group["Label"]["default"] for group in INTERFACE["ParameterGroups"]]

    assert sorted(grouped) == sorted(PARAMETERS), "list each parameter in one of ParameterGroups of template.yaml"
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_has_a_label_of_its_own_and_says_what_it_does(name: str) -> None:
    labels = {parameter: label["default"] for parameter, label in INTERFACE["ParameterLabels"].items()}

    assert set(labels) == set(PARAMETERS), "give each parameter a label in ParameterLabels of template.yaml"
    assert [label for label in labels.values() if label == labels[name]] == [labels[name]]
    assert PARAMETERS[name]["Description"].endswith("."), f"the Description of {name} is sentences"


def test_whoever_deploys_decides_what_may_be_written() -> None:
    mode = template(HOME).parameters["RepairMode"]

    assert mode["AllowedValues"] == ["off", "safe", "unsafe"]
    assert "Default" not in mode
    assert "Default" not in template(HOME).parameters["WatchedRegions"]


def test_no_parameter_or_output_holds_a_secret() -> None:
    for name, parameter in template(HOME).parameters.items():
        assert not parameter.get("NoEcho"), name
    for name in ("SlackWebhookSecretArn", "SlackTokenSecretArn"):
        assert template(HOME).parameters[name]["AllowedPattern"].startswith("(arn:")


@pytest.mark.parametrize(
    ("arn", "accepted"),
    [
        ("", True),
        ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:slack/webhook-AbC123", True),
        ("arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:a_b+c=d.e@f-g-x1Y2z3", True),
        # IAM compares the whole ARN: without the six characters, reading the secret is denied.
        ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:slack/webhook", False),
        ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:slack-?????", False),
        ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:slack-*", False),
        ("slack/webhook-AbC123", False),
    ],
)
def test_a_secret_of_slack_is_named_by_its_whole_arn(arn: str, accepted: bool) -> None:
    for name in ("SlackWebhookSecretArn", "SlackTokenSecretArn"):
        pattern = template(HOME).parameters[name]["AllowedPattern"]
        assert (re.fullmatch(pattern, arn) is not None) is accepted
