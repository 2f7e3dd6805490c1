"""MW910: regions that are not watched have user pools."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Finding, Severity
from mailwarden.domain.monitoring.monitoring import OtherRegions
from mailwarden.message import message
from mailwarden.rules.monitoring_rule import MonitoringRule


def check(reading: OtherRegions) -> Iterator[Finding]:
    """Find regions with user pools that Mailwarden does not watch.

    ## What it does
    Lists the user pools of every region that is not in `WatchedRegions` once a day, one call for each region. One
    finding names the regions that have some.

    ## Why it matters
    Mailwarden does not look at pools of a region that is not watched: their mail can stop without an alert.

    ## Example
    `WatchedRegions` is `eu-west-1`, and a team creates a pool in sa-east-1.

    ## What to do
    - **Console:** open Amazon Cognito in the named region, and see whose pools these are.
    - **CLI:** `make deploy ARGS="--set WatchedRegions=eu-west-1,sa-east-1"`, with all regions that are to be watched.
    - **CloudFormation:** set the parameter `WatchedRegions`, and deploy `regions.yaml` in the region.
    - **Terraform:** nothing has to change in a template of yours.

    If the pools need no watch, turn the rule off in the settings (`"MW910": "off"`).

    ## Fix and its safety
    None: the regions are a parameter of the deployment.

    ## Known gaps
    A region that cannot be listed, because a service control policy denies it or because it does not answer, is
    unknown: it opens no finding and ends none. `make doctor` names such regions. A region that the account has not
    turned on counts as one without pools.

    ## References
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPools.html
    - https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
    """
    if not reading.pools:
        return
    yield RULE.finding(
        reading.monitoring,
        message=message("MW910.pools", regions=tuple(sorted(reading.pools))),
        why=message("MW910.why"),
        remediation=message("MW910.remediation"),
        evidence={
            "pools_seen": sum(reading.pools.values()),
            **({"unknown_regions": reading.unknown} if reading.unknown else {}),
        },
    )


RULE = MonitoringRule[OtherRegions](
    rule_id="MW910",
    name="pools-in-other-regions",
    severity=Severity.LOW,
    reads=frozenset({"cognito-idp:ListUserPools"}),
    check=check,
)
