"""Which channel a new incident goes to: the first route that fits, whatever it compares; the default without one."""

import pytest

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.incidents.chat_route import AlertFacts, ChatRoute, channel_of

SEOUL, DUBLIN = "ap-northeast-2", "eu-west-1"
FACTS = AlertFacts(
    severity=Severity.CRITICAL,
    rule_id="MW401",
    regions=frozenset({SEOUL, DUBLIN}),
    tags=frozenset({("team", "checkout"), ("env", "prod")}),
)
TEAM = ChatRoute(channel="team", tags={"team": frozenset({"returns", "checkout"}), "env": frozenset({"prod"})})
OTHER_TEAM = ChatRoute(channel="other team", tags={"team": frozenset({"checkout"}), "env": frozenset({"test"})})
NO_SUCH_TAG = ChatRoute(channel="no such tag", tags={"service": frozenset({"checkout"})})
EVERYTHING = ChatRoute(channel="everything")
CRITICAL = ChatRoute(channel="critical", severities=frozenset({Severity.CRITICAL, Severity.HIGH}))
LOW = ChatRoute(channel="low", severities=frozenset({Severity.LOW}))
THE_RULE = ChatRoute(channel="rule", rules=frozenset({"MW401", "MW402"}))
OTHER_RULE = ChatRoute(channel="other rule", rules=frozenset({"MW501"}))
REGION = ChatRoute(channel="region", regions=frozenset({DUBLIN}))
OTHER_REGION = ChatRoute(channel="other region", regions=frozenset({"us-east-1"}))
ALL_THREE = ChatRoute(
    channel="all", severities=CRITICAL.severities, rules=THE_RULE.rules, regions=frozenset({SEOUL, "us-east-1"})
)
TWO_OF_THREE = ChatRoute(
    channel="two", severities=CRITICAL.severities, rules=THE_RULE.rules, regions=OTHER_REGION.regions
)


@pytest.mark.parametrize(
    ("routes", "channel"),
    [
        ([], "default"),
        ([EVERYTHING], "everything"),
        ([CRITICAL], "critical"),
        ([LOW], "default"),
        ([THE_RULE], "rule"),
        ([OTHER_RULE], "default"),
        ([REGION], "region"),
        ([OTHER_REGION], "default"),
        ([TEAM], "team"),
        ([OTHER_TEAM, NO_SUCH_TAG], "default"),
        ([OTHER_TEAM, TEAM, EVERYTHING], "team"),
        ([ALL_THREE], "all"),
        ([TWO_OF_THREE], "default"),
        ([LOW, OTHER_RULE, REGION, CRITICAL], "region"),
        ([CRITICAL, REGION], "critical"),
        ([TWO_OF_THREE, EVERYTHING, CRITICAL], "everything"),
    ],
)
def test_the_first_route_that_fits_has_the_alert(routes: list[ChatRoute], channel: str) -> None:
    assert channel_of(FACTS, routes, default="default") == channel
