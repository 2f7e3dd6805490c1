"""MW900: no problem; an operator ordered a sample alert."""

from collections.abc import Iterator
from dataclasses import replace

from mailwarden.domain.findings.finding import Finding, Severity
from mailwarden.domain.operator.sample import SampleOrder
from mailwarden.message import message
from mailwarden.rules.monitoring_rule import MonitoringRule


def check(order: SampleOrder) -> Iterator[Finding]:
    """Send a sample alert, which an operator ordered to test the channels.

    ## What it does
    Sends one alert through the topic and, with Slack, through the queue and its webhook or token: as every other alert
    is sent, and with the rule MW900, which no other alert has. No pool is inspected and no finding is recorded.

    ## Why it matters
    A subscription that was not confirmed, a filter policy that lets nothing pass, or a webhook or token that was
    revoked is noticed only when an alert does not arrive.

    ## Example
    An operator subscribes the pager of the team and runs `make test-alert SEVERITY=critical`.

    ## What to do
    - **Console:** nothing. Tell the operator whom the alert names that it arrived.
    - **CLI:** nothing. A program that handles alerts may leave out the rule MW900.
    - **CloudFormation** and **Terraform:** nothing.

    ## Fix and its safety
    None: nothing is broken.

    ## Known gaps
    The alert stays *open*: no other alert ends it. A subscription may filter by severity or rule, so a sample that
    arrives proves only that an alert of its severity does.

    ## References
    - https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html
    """
    finding = RULE.finding(
        order.monitoring,
        message=message("MW900.ordered", by=order.by),
        why=message("MW900.why"),
        remediation=message("MW900.remediation"),
        evidence={},
    )
    yield replace(finding, severity=order.severity)


RULE = MonitoringRule[SampleOrder](
    rule_id="MW900",
    name="sample-alert",
    severity=Severity.LOW,
    reads=frozenset(),
    check=check,
)
