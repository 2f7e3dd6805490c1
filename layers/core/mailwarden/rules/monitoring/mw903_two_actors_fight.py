"""MW903: somebody undoes what Mailwarden writes, again and again."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.monitoring.fights import Pause, WriteHistory
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.domain.repair.fight_reason import goes_on, undone_by
from mailwarden.message import message
from mailwarden.rules.naming import pool_message
from mailwarden.rules.root_causes import fight_over
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools for which Mailwarden pauses a repair because another actor undid it several times.

    ## What it does
    Compares each repair with the earlier ones of the same direction for the same pool: its grant on an identity, its
    `EmailConfiguration`, the account's service-linked role. The first undo is repaired at once. Then Mailwarden waits
    an hour, six hours and a day before it writes again; after three writes in a week, or five in thirty days, it
    waits until a person releases it. Grants for new pools of the same identity do not count. One alert has all pools
    of a fight over the policies of one identity, or over the role.

    ## Why it matters
    Two actors that undo each other leave mail broken half of the time, and an app's user gets the code at random. The
    other one is usually a deployment or a script that does not know of the change.

    ## Example
    A scheduled script puts the sending policies of `example.com` back to its own list every hour. Mailwarden adds the
    pool's grant three times and then stops.

    ## What to do
    - **Console:** CloudTrail, Event history: open the call that the finding names, and see who made it.
    - **CLI:** add the change to the other actor's source, then `make release-fight POOL=ARN`.
    - **CloudFormation** and **Terraform:** write the grant or the configuration into the template that owns it, or list
      its role in `deploymentRoles` of the settings.

    ## Fix and its safety
    None: only the other actor, or its owner, can end it.

    ## Known gaps
    The call that undid a repair is unknown if no event announced it. Thirty days after the last write, a pause that
    ends by itself is forgotten; one that waits for a person stays until it is released, even if the other actor is
    gone.

    ## References
    - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html
    - https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policy-management.html
    """
    paused = [
        (pause, history)
        for stored in path.ledger_facts.writes
        if (history := stored.since(path.taken_at)) is not None and (pause := history.pause(path.taken_at)) is not None
    ]
    if not paused:
        return
    pause, history = max(paused, key=_longest)
    yield RULE.finding(
        path,
        effect=Effect.NONE,
        message=message(
            "MW903.fight",
            pool=pool_message(path.pool),
            resource=history.resource,
            count=pause.count,
            by=undone_by(history),
            goes_on=goes_on(pause),
        ),
        why=message("MW903.why"),
        remediation=message("MW903.remediation", pool=path.pool.ref.arn),
        root_cause=fight_over(path, history),
        evidence={"resource": history.resource, "writes": tuple(at.isoformat() for at in history.writes)},
    )


def _longest(each: tuple[Pause, WriteHistory]) -> tuple[bool, str, str]:
    pause, history = each
    return pause.until is None, "" if pause.until is None else pause.until.isoformat(), history.resource


RULE = Rule(
    rule_id="MW903",
    name="two-actors-fight",
    link=Link.MONITORING,
    severity=Severity.HIGH,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
