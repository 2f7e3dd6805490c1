"""MW902: a pool's mail settings changed, and no event told of it."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find changes of mail settings that only the sweep noticed.

    ## What it does
    Compares the pool's `EmailConfiguration` and custom sender with the ones of the last look that an event had told of.
    If they differ although no call was heard since the pool's `LastModifiedDate`, and thirty minutes went by
    (`unannouncedGraceMinutes` in the settings), it says so, for a day or until an event about the pool arrives.

    ## Why it matters
    CloudTrail's events are delivered with best effort. One that is lost now and then is what the sweep is there for;
    many of them mean that the watch is deaf, and an app's user waits for mail until the next sweep.

    ## Example
    The trail was stopped at nine, the pool changed at ten; the sweep of eleven finds the change.

    ## What to do
    - **Console:** CloudTrail, Event history: look for `UpdateUserPool` at the time given; see MW901 for the trails.
    - **CLI:**

      ```
      aws cloudtrail lookup-events \
        --lookup-attributes AttributeKey=EventName,AttributeValue=UpdateUserPool
      ```

    - **CloudFormation** and **Terraform:** nothing has to change in a template; see that the rules of `regions.yaml`
      are deployed in the pool's region.

    ## Fix and its safety
    None: the change itself is judged by the other rules, like any other.

    ## Known gaps
    Only the pool's own settings are compared, not those of identities or sets. The first look at a pool has nothing to
    compare with. A replica follows its primary pool without a call in its own region.

    ## References
    - https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolType.html
    """
    since = path.ledger_facts.unannounced_since
    if since is None or path.taken_at - since < path.thresholds.unannounced_grace:
        return
    yield RULE.finding(
        path,
        effect=Effect.NONE,
        message=message("MW902.unannounced", pool=pool_message(path.pool)),
        why=message("MW902.why"),
        remediation=message("MW902.remediation"),
        evidence={"last_modified": since.isoformat(timespec="seconds")},
    )


RULE = Rule(
    rule_id="MW902",
    name="change-that-no-event-announced",
    link=Link.MONITORING,
    severity=Severity.LOW,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
