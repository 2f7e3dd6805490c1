"""Slack by a webhook or with a token: one of them, a channel by id, and nothing of the ledger but threads."""

import re
from typing import Any

import pytest

from tests.infrastructure.roles import grants_of, role_of
from tests.infrastructure.templates import HOME, template, written


def test_slack_reaches_the_threads_in_the_ledger_and_nothing_else_of_it() -> None:
    grants = [grant for grant in grants_of(role_of("slack")) if grant.service == "dynamodb"]

    assert grants
    for grant in grants:
        assert grant.condition == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": "CHAT#*"}}


@pytest.mark.parametrize(
    ("channel", "accepted"),
    [("", True), ("C0123456789", True), ("G012345678", True), ("#alerts", False), ("C1", False)],
)
def test_a_channel_is_an_id_and_no_name(channel: str, accepted: bool) -> None:
    pattern = template(HOME).parameters["SlackChannel"]["AllowedPattern"]

    assert (re.fullmatch(pattern, channel) is not None) is accepted


@pytest.mark.parametrize(
    ("webhook", "token", "channel", "refused"),
    [
        ("", "", "", []),
        ("arn", "", "", []),
        ("", "arn", "C0123456789", []),
        ("arn", "arn", "C0123456789", ["Give SlackTokenSecretArn or SlackWebhookSecretArn, not both."]),
        ("", "arn", "", ["SlackTokenSecretArn needs SlackChannel, the id of a channel."]),
    ],
)
def test_cloudformation_refuses_two_ways_to_slack_and_a_token_without_a_channel(
    webhook: str, token: str, channel: str, refused: list[str]
) -> None:
    given = {"SlackWebhookSecretArn": webhook, "SlackTokenSecretArn": token, "SlackChannel": channel}

    def holds(condition: Any) -> bool:  # noqa: ANN401 - JSON
        ((function, operands),) = condition.items()
        match function:
            case "Fn::Or":
                return any(map(holds, operands))
            case "Fn::Not":
                return not holds(operands[0])
            case "Fn::Equals":
                left, right = (given[each["Ref"]] if isinstance(each, dict) else each for each in operands)
                return bool(left == right)
            case _:
                raise AssertionError(function)

    assert refused == [
        assertion["AssertDescription"]
        for rule in written(HOME)["Rules"].values()
        if holds(rule.get("RuleCondition", {"Fn::Equals": ["", ""]}))
        for assertion in rule["Assertions"]
        if not holds(assertion["Assert"])
    ]
