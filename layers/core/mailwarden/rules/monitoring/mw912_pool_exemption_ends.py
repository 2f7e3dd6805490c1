"""MW912: the exemption of a pool ends within a week."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.exemption import ends_soon, tagged
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find pools whose exemption ends within a week.

    ## What it does
    Reads the pool's tag `mailwarden` and compares the day in `until=` with today (UTC). The finding is low a week
    before and medium on the last day, so it is announced twice. An exemption does not silence it.

    ## Why it matters
    On the day after the last one Mailwarden alerts, and repairs what it may, as if there had never been a tag.
    An exemption that nobody remembers ends as a surprise; one that was meant to end should not be extended by default.

    ## Example
    `mailwarden` = `off until=2027-01-31 reason=migration`, seen on 2027-01-24.

    ## What to do
    - Look at what the pool's mail needs now: `make why POOL=…`; `make exemptions` lists every exemption.
    - **Console:** Amazon Cognito → User pools → the pool → Settings → Tags: set a later day, or remove the tag.
    - **CLI:**

      ```
      aws cognito-idp tag-resource --resource-arn … \
        --tags mailwarden="off until=2027-02-28 reason=migration"
      ```

    - **CloudFormation:** change `UserPoolTags` of the `AWS::Cognito::UserPool`.
    - **Terraform:** change `tags` of the `aws_cognito_user_pool`.

    ## Fix and its safety
    None: how long an exemption lasts is its owner's decision.

    ## Known gaps
    The days are counted when the pool is inspected: at least once with each sweep. With a severity of `low` in the
    settings the last day is not announced apart.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/tagging.html
    """
    today = path.taken_at.date()
    wish = ends_soon(path.pool.tags, today=today)
    if wish is None or wish.until is None:
        return
    is_last = wish.until == today
    yield RULE.finding(
        path,
        effect=Effect.NONE,
        severity=Severity.MEDIUM if is_last else Severity.LOW,
        message=message(
            "MW912.ends-today" if is_last else "MW912.ends", pool=pool_message(path.pool), until=wish.until.isoformat()
        ),
        why=message("MW912.why"),
        remediation=message("MW912.remediation", pool_id=path.pool.ref.pool_id),
        evidence={"tag": tagged(wish)},
    )


RULE = Rule(
    rule_id="MW912",
    name="pool-exemption-ends",
    link=Link.MONITORING,
    severity=Severity.MEDIUM,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
