"""MW909: repairs wait, because the hour's budget for the account is spent."""

from collections.abc import Iterator
from datetime import timedelta

from mailwarden.domain.findings.finding import Finding, Severity
from mailwarden.domain.monitoring.monitoring import BudgetReading
from mailwarden.message import message
from mailwarden.rules.monitoring_rule import MonitoringRule

# A storm breaks hundreds of pools within a minute or two: an alert of the first one would not name the others.
_COUNTED_FOR = timedelta(minutes=2)


def check(reading: BudgetReading) -> Iterator[Finding]:
    """Find repairs that wait for the next hour.

    ## What it does
    Counts the pools whose repair was due and found the hour's budget of the account (`RepairsPerHour`) spent. They are
    repaired by themselves when the next hour begins, up to its budget. One alert speaks for all of them: the findings
    of the single pools are announced when they are repaired, or when something else keeps them broken. Everything that
    one call broke is one unit of the budget.

    ## Why it matters
    Many pools broke one by one, and the app's users of those that wait get no mail until their turn comes. The budget
    bounds what Mailwarden changes before a person has seen it.

    ## Example
    A script changes 300 pools, one call each; the budget is 20 an hour, and 280 repairs wait.

    ## What to do
    - **Console:** read the findings of the pools; if the repairs are right, release the hour.
    - **CLI:** after `make release-budget` the account's budget does not limit repairs this hour; each pool's still
      does. Every pool is looked at again.
    - **CloudFormation:** deploy with a higher `RepairsPerHour`.
    - **Terraform:** nothing has to change in a template of yours.

    ## Fix and its safety
    None: only a person can decide that more may be written.

    ## Known gaps
    The number in the alert is that of the time when it was sent; the ledger has the current one. Looks come again every
    15 minutes, so the repairs of the next hour begin within that time.

    ## References
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_UpdateEmailIdentityPolicy.html
    """
    queue = reading.queue
    if queue is None or reading.taken_at - queue.since < _COUNTED_FOR:
        return
    yield RULE.finding(
        reading.monitoring,
        message=message(
            "MW909.waiting",
            count=queue.number,
            limit=queue.limit,
            at=queue.goes_on_at.isoformat(timespec="minutes"),
        ),
        why=message("MW909.why"),
        remediation=message("MW909.remediation"),
        evidence={"waiting": queue.number, "limit": queue.limit, "since": queue.since.isoformat(timespec="seconds")},
    )


RULE = MonitoringRule[BudgetReading](
    rule_id="MW909",
    name="repairs-wait-for-budget",
    severity=Severity.HIGH,
    reads=frozenset(),
    check=check,
)
